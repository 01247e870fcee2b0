"""Lists of Google's Classroom API, read to their last page, and what goes wrong in words for a teacher."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Sequence
from threading import Event

from ..connection import USER_AGENT
from ..source import SourceError, Stopped

NAME = "Google Classroom"

# seconds before asking again after a network error
PAUSES = (1.0, 3.0)


def require_google() -> None:
    """Raises a :class:`SourceError` that says what to install where Google's client is missing."""
    try:
        import google_auth_httplib2  # noqa: F401
        import googleapiclient  # noqa: F401
    except ImportError:
        missing = True
    else:
        missing = False
    if missing:
        raise SourceError(
            "구글 클래스룸을 읽는 데 필요한 구성 요소가 설치되어 있지 않습니다.",
            '명령 창에서 pip install "schoolkit[classroom]"을 실행한 뒤 다시 해 주세요.',
            source=NAME,
            kind="not_installed",
        )


class _Refused(Exception):
    """An answer other than success: its status, and the words for programs that came with it."""

    def __init__(self, status: int, words: frozenset[str]):
        super().__init__(status)
        self.status = status
        self.words = words


class _Plain:
    """An http object that keeps refusals from Google's client, which would log what they hold."""

    def __init__(self, inner: object):
        self._inner = inner

    def request(self, uri, method="GET", body=None, headers=None, **options):
        named = {**(headers or {}), "user-agent": f"{USER_AGENT} (gzip)"}
        response, content = self._inner.request(uri, method, body=body, headers=named, **options)
        if response.status >= 300:
            raise _Refused(response.status, _words(content))
        return response, content

    def close(self) -> None:
        self._inner.close()


def _words(content: bytes) -> frozenset[str]:
    """The words that name an error; its message can hold addresses, so only a mark such as @ClassroomDisabled counts.

    Form of errors: https://developers.google.com/workspace/classroom/troubleshooting/error-structure
    """
    try:
        error = json.loads(content)["error"]
        parts = [error, *error.get("details", ()), *error.get("errors", ())]
        words = [part.get(key) for part in parts for key in ("status", "reason")]
        words += [word for word in str(error.get("message")).split()[:1] if word.startswith("@")]
        return frozenset(word for word in words if isinstance(word, str))
    except (ValueError, TypeError, KeyError, AttributeError):
        return frozenset()


class ClassroomLists:
    """The lists of the API, for one thread.

    Args:
        http: an ``httplib2.Http`` that authorises its requests.
        stop: once it is set, :class:`Stopped` is raised in place of the next request.
        pauses: seconds to wait before each further try after a network error.
    """

    def __init__(self, http: object, stop: Event, pauses: Sequence[float] = PAUSES):
        require_google()
        from googleapiclient.discovery import build

        self._service = build("classroom", "v1", http=_Plain(http), static_discovery=True, cache_discovery=False)
        self._stop = stop
        self._pauses = pauses

    def close(self) -> None:
        self._service.close()

    def read(self, path: str, key: str, **asked: object) -> list[dict]:
        """All items of a list such as ``courses.students``.

        Raises:
            SourceError: the list was refused, could not be reached or not be understood.
            Stopped: the collection was stopped.
        """
        resource = self._service
        for part in path.split("."):
            resource = getattr(resource, part)()
        items: list[dict] = []
        tokens: list[str | None] = [None]
        while True:
            answer = self._answer(resource.list(**asked, pageToken=tokens[-1]))
            part = answer.get(key, []) if isinstance(answer, dict) else None
            if not isinstance(part, list) or not all(isinstance(item, dict) for item in part):
                raise problem("bad_answer")
            items += part
            token = answer.get("nextPageToken")
            if not token:
                return items
            if token in tokens:  # would go on for ever
                raise problem("bad_answer")
            tokens.append(token)

    def _answer(self, request: object) -> object:
        for pause in (*self._pauses, None):
            if self._stop.is_set():
                raise Stopped
            answer, wrong, passing = _tried(request)
            if wrong is None:
                return answer
            if not passing or pause is None:
                raise wrong
            self._stop.wait(pause)


def _tried(request: object) -> tuple[object, SourceError | None, bool]:
    """The answer, or what went wrong and whether it may pass; the original error holds addresses and is dropped."""
    import google.auth.exceptions
    import httplib2

    try:
        return request.execute(num_retries=0), None, False
    except _Refused as refused:
        return None, _refusal(refused), False
    except google.auth.exceptions.RefreshError as error:
        return None, problem("server" if error.retryable else "login_expired"), False
    except google.auth.exceptions.TransportError:
        return None, problem("unreachable"), True
    except google.auth.exceptions.GoogleAuthError:
        return None, problem("login_expired"), False
    except ssl.SSLCertVerificationError:
        return None, problem("certificate"), False
    except TimeoutError:
        return None, problem("timed_out"), True
    except (ConnectionResetError, BrokenPipeError, http.client.HTTPException):
        return None, problem("cut_off"), True
    except (OSError, httplib2.HttpLib2Error):
        return None, problem("unreachable"), True
    except ValueError:  # no JSON, or not in UTF-8
        return None, problem("bad_answer"), False


_WHAT = {
    "login_expired": (
        "구글 로그인이 만료되었거나 취소되었습니다.",
        "구글 계정으로 다시 로그인해 주세요.",
    ),
    "scope": (
        "로그인할 때 필요한 권한 가운데 허용하지 않은 것이 있습니다.",
        "다시 로그인하면서 권한 확인란을 모두 선택해 주세요.",
    ),
    "api_disabled": (
        "구글 클라우드 프로젝트에서 Google Classroom API가 꺼져 있습니다.",
        "구글 클라우드 콘솔의 'API 및 서비스'에서 Google Classroom API를 켜고, 몇 분 뒤에 다시 해 주세요.",
    ),
    "classroom_disabled": (
        "이 구글 계정으로는 클래스룸을 쓸 수 없거나, 학교 관리자가 클래스룸 데이터 접근을 막아 두었습니다.",
        "학교 계정으로 로그인했는지 확인하고, 맞다면 학교의 구글 관리자에게 클래스룸 API 사용을 요청해 주세요.",
    ),
    "forbidden": (
        "구글 클래스룸에서 볼 권한이 없다고 답했습니다.",
        "강좌의 교사로 등록된 계정으로 로그인했는지 확인해 주세요.",
    ),
    "no_courses": (
        "이 구글 계정으로 가르치는, 진행 중인 강좌가 없습니다.",
        "학교 계정으로 로그인했는지 확인해 주세요. 보관 처리한 강좌는 읽지 않습니다.",
    ),
    "unknown_course": (
        "이 번호의 강좌가 없거나, 이 계정으로 가르치는 강좌가 아닙니다.",
        "강좌 번호와 로그인한 계정을 확인해 주세요.",
    ),
    "not_found": (
        "구글 클래스룸에 이 강좌가 없습니다.",
        "강좌가 삭제되었는지, 다른 계정의 강좌는 아닌지 확인해 주세요.",
    ),
    "too_many_requests": (
        "구글이 정한 요청 횟수를 넘었습니다.",
        "몇 분 뒤에 다시 해 주세요.",
    ),
    "server": (
        "구글 서버에 일시적인 문제가 있습니다.",
        "잠시 뒤에 다시 해 주세요.",
    ),
    "unreachable": (
        "구글 클래스룸에 연결하지 못했습니다.",
        "인터넷 연결을 확인하고 다시 해 주세요.",
    ),
    "cut_off": (
        "답을 받는 도중에 연결이 끊겼습니다.",
        "인터넷 연결을 확인하고 다시 해 주세요.",
    ),
    "timed_out": (
        "구글 클래스룸이 제때 답하지 않았습니다.",
        "잠시 뒤에 다시 해 주세요.",
    ),
    "certificate": (
        "구글 서버의 보안 인증서를 확인할 수 없어 연결하지 않았습니다.",
        "학교 망의 보안 장비 때문일 수 있으니, 전산 담당자에게 문의하거나 다른 망에서 해 주세요.",
    ),
    "bad_answer": (
        "구글 클래스룸의 답을 알아볼 수 없습니다.",
        "잠시 뒤에 다시 해 주세요. 인터넷에 로그인해야 하는 망이라면 먼저 로그인해 주세요.",
    ),
}
_WORDS = {
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": "scope",
    "insufficientPermissions": "scope",
    "SERVICE_DISABLED": "api_disabled",
    "accessNotConfigured": "api_disabled",
    "@ClassroomDisabled": "classroom_disabled",
    "@ClassroomApiDisabled": "classroom_disabled",
    "RESOURCE_EXHAUSTED": "too_many_requests",
    "RATE_LIMIT_EXCEEDED": "too_many_requests",
    "rateLimitExceeded": "too_many_requests",
    "userRateLimitExceeded": "too_many_requests",
    "quotaExceeded": "too_many_requests",
}
_STATUSES = {401: "login_expired", 403: "forbidden", 404: "not_found", 429: "too_many_requests"}


def _refusal(refused: _Refused) -> SourceError:
    kind = next((kind for word, kind in _WORDS.items() if word in refused.words), None)
    kind = kind or _STATUSES.get(refused.status) or ("server" if refused.status >= 500 else None)
    if kind:
        return problem(kind)
    what = f"구글 클래스룸이 요청을 받아들이지 않았습니다({refused.status})."
    return SourceError(what, "잠시 뒤에 다시 해 주세요.", source=NAME, kind="refused")


def problem(kind: str) -> SourceError:
    """An error of a known kind."""
    return SourceError(*_WHAT[kind], source=NAME, kind=kind)
