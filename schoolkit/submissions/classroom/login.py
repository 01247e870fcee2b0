"""The teacher's own Google log-in, with their own OAuth client, for reading Classroom and nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from urllib.parse import parse_qs, urlencode

from ..connection import Connection
from ..secret import Secret
from ..source import SourceError
from .lists import require_google

# what a client of the kind "Desktop app" may always use; nothing has to listen there
REDIRECT = "http://localhost"
CONSENT_ADDRESS = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN_ADDRESS = "https://oauth2.googleapis.com/token"

_SCOPE = "https://www.googleapis.com/auth/classroom."
_NEEDED = tuple(_SCOPE + part for part in ("courses.readonly", "rosters.readonly", "coursework.students.readonly"))
# gives the part of an address that is a student number; without it the rest can still be read
SCOPES = (*_NEEDED, _SCOPE + "profile.emails")

_NAME = "구글 로그인"
_FAILURES = {
    "unreachable": (
        "구글 로그인 서버에 연결하지 못했습니다.",
        "인터넷 연결을 확인하고, 로그인을 처음부터 다시 해 주세요.",
    ),
    "timed_out": (
        "구글 로그인 서버가 제때 답하지 않았습니다.",
        "로그인을 처음부터 다시 해 주세요.",
    ),
    "cut_off": (
        "로그인하는 도중에 연결이 끊겼습니다.",
        "로그인을 처음부터 다시 해 주세요.",
    ),
    "certificate": (
        "구글 서버의 보안 인증서를 확인할 수 없어 연결하지 않았습니다.",
        "학교 망의 보안 장비 때문일 수 있으니, 전산 담당자에게 문의하거나 다른 망에서 해 주세요.",
    ),
    "bad_answer": (
        "구글 로그인 서버의 답을 알아볼 수 없습니다.",
        "인터넷에 로그인해야 하는 망이라면 먼저 로그인하고, 처음부터 다시 해 주세요.",
    ),
}


@dataclass(frozen=True, eq=False)
class Login:
    """A log-in that has begun: the teacher opens ``address``, consents, and brings back where the browser ended.

    The browser ends at an address of this computer where nothing answers, so the page cannot be shown;
    what counts is the address itself. It holds for one log-in only.
    """

    address: str = field(repr=False)
    _client_id: str
    _client_secret: Secret
    _state: Secret
    _verifier: Secret

    def finish(self, pasted: str, *, token_address: str = TOKEN_ADDRESS) -> object:
        """The ``google.oauth2.credentials.Credentials`` of the teacher, in memory only.

        Args:
            pasted: the whole address at which the browser ended.
            token_address: where codes are exchanged.

        Raises:
            SourceError: the address is not of this log-in or holds a refusal, Google refused the
                code, a needed permission was not given, or Google could not be reached.
        """
        require_google()
        from google.oauth2.credentials import Credentials

        answer = _exchanged(
            token_address,
            {
                "grant_type": "authorization_code",
                "code": Secret(self._code(pasted)),
                "client_id": self._client_id,
                "client_secret": self._client_secret,
                "redirect_uri": REDIRECT,
                "code_verifier": self._verifier,
            },
        )
        granted = str(answer.get("scope") or " ".join(SCOPES)).split()
        if not set(_NEEDED) <= set(granted):
            raise _error(
                "scope",
                "구글 클래스룸을 읽는 데 필요한 권한 가운데 허용하지 않은 것이 있습니다.",
                "로그인을 처음부터 다시 하면서 권한 확인란을 모두 선택해 주세요.",
            )
        token, lasts, refresh = answer.get("access_token"), answer.get("expires_in"), answer.get("refresh_token")
        if not isinstance(token, str) or not isinstance(lasts, int) or not isinstance(refresh, str | None):
            raise _error("bad_answer", *_FAILURES["bad_answer"])
        return Credentials(
            token,
            refresh_token=refresh,
            token_uri=token_address,
            client_id=self._client_id,
            client_secret=self._client_secret.reveal(),
            scopes=granted,
            # Google's library compares with times in UTC that do not say so
            expiry=datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=lasts),
        )

    def _code(self, pasted: str) -> str:
        """The code in the address; only one with this log-in's state is believed."""
        said = parse_qs("".join(pasted.split()).rpartition("?")[2].partition("#")[0])
        state, code, refusal = (said.get(key, [""])[0] for key in ("state", "code", "error"))
        if not state or not (code or refusal):
            raise _error(
                "no_code",
                "붙여 넣은 주소에 로그인 결과가 없습니다.",
                "구글에서 허용을 누른 뒤 열린 http://localhost/?로 시작하는 주소를 주소창에서 통째로 복사해 주세요.",
            )
        if not secrets.compare_digest(state.encode(), self._state.reveal().encode()):
            raise _error(
                "wrong_state",
                "다른 로그인에서 나온 주소입니다.",
                "이 화면의 로그인 링크를 새로 열어 끝까지 진행한 뒤, 그때 나온 주소를 붙여 넣어 주세요.",
            )
        if refusal:
            raise _refused_consent(refusal)
        return code


def begin(client_id: str, client_secret: str | Secret) -> Login:
    """A new log-in with the teacher's own OAuth client.

    Consent and exchange follow RFC 7636 (PKCE, S256) and
    https://developers.google.com/identity/protocols/oauth2/native-app.

    Args:
        client_id: that of a client of the kind "Desktop app".
        client_secret: the same client's.

    Raises:
        SourceError: one of them cannot be what it should be, or Google's client is not installed.
    """
    require_google()
    client_id = client_id.strip()
    secret = client_secret.reveal() if isinstance(client_secret, Secret) else client_secret.strip()
    if not client_id.endswith(".apps.googleusercontent.com"):
        raise _error(
            "wrong_client",
            "클라이언트 ID가 아닙니다.",
            "구글 클라우드 콘솔에서 .apps.googleusercontent.com으로 끝나는 클라이언트 ID를 복사해 주세요.",
        )
    if not secret:
        raise _error("wrong_client", "클라이언트 보안 비밀번호가 비어 있습니다.", "클라이언트 ID와 함께 넣어 주세요.")
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": client_id,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": " ".join(SCOPES),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        # lets a teacher with several accounts choose that of the school
        "prompt": "select_account",
    }
    return Login(f"{CONSENT_ADDRESS}?{urlencode(asked)}", client_id, Secret(secret), Secret(state), Secret(verifier))


def begin_with_file(text: str | bytes) -> Login:
    """A new log-in with the client that a downloaded ``client_secret_….json`` describes.

    Raises:
        SourceError: the file is of another kind, or as for :func:`begin`.
    """
    try:
        clients = json.loads(text)
    except ValueError:
        clients = None
    client = clients.get("installed") if isinstance(clients, dict) else None
    if isinstance(clients, dict) and "web" in clients and client is None:
        raise _error(
            "wrong_client",
            "'웹 애플리케이션' 유형의 OAuth 클라이언트입니다.",
            "구글 클라우드 콘솔에서 '데스크톱 앱' 유형으로 클라이언트를 새로 만들어 주세요.",
        )
    found = (client.get("client_id"), client.get("client_secret")) if isinstance(client, dict) else ()
    if not found or not all(isinstance(part, str) for part in found):
        raise _error(
            "wrong_client",
            "OAuth 클라이언트 파일이 아닙니다.",
            "구글 클라우드 콘솔에서 내려받은 client_secret_….json 파일을 골라 주세요.",
        )
    return begin(*found)


def _refused_consent(refusal: str) -> SourceError:
    if refusal == "access_denied":
        return _error(
            "access_denied",
            "구글 화면에서 허용하지 않았거나, 이 계정이 OAuth 앱의 테스트 사용자가 아닙니다.",
            "테스트 사용자로 등록되어 있는지 확인하고, 로그인을 다시 하면서 '계속'을 눌러 주세요.",
        )
    if refusal == "admin_policy_enforced":
        return _error(
            "admin_policy",
            "학교의 구글 관리자가 이 OAuth 앱을 허용하지 않았습니다.",
            "관리자에게 클라이언트 ID를 알려 주고 허용을 요청해 주세요.",
        )
    return _error("login_refused", "구글이 로그인을 받아들이지 않았습니다.", "로그인을 처음부터 다시 해 주세요.")


def _exchanged(token_address: str, form: dict[str, str | Secret]) -> dict:
    """Google's answer to the code."""
    server, _, path = token_address.rpartition("/")
    connection = Connection(server, read_seconds=20)
    try:
        # a code holds once, and Google may have had it, so it is not sent again
        response, kind = connection.post(f"/{path}", Event(), form=form, follow=False, tries=1), ""
    except SourceError as error:
        response, kind = None, error.problems[0].kind
    finally:
        connection.close()
    if response is None:
        raise _error(kind, *_FAILURES.get(kind, _FAILURES["bad_answer"]))
    if response.status >= 500:
        raise _error("server", "구글 로그인 서버에 일시적인 문제가 있습니다.", "잠시 뒤에 로그인을 다시 해 주세요.")
    try:
        answer = json.loads(response.body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise _error("bad_answer", *_FAILURES["bad_answer"])
    if response.status != 200:
        raise _refused_code(answer.get("error"))
    return answer


def _refused_code(error: object) -> SourceError:
    if error == "invalid_grant":
        return _error(
            "invalid_grant",
            "이미 쓴 주소이거나, 허용한 지 오래되어 쓸 수 없는 주소입니다.",
            "로그인을 처음부터 다시 해 주세요.",
        )
    if error in ("invalid_client", "unauthorized_client"):
        return _error(
            "wrong_client",
            "구글이 이 OAuth 클라이언트를 알아보지 못합니다.",
            "클라이언트 ID와 보안 비밀번호가 같은 클라이언트의 것인지, 지운 클라이언트는 아닌지 확인해 주세요.",
        )
    return _error("login_refused", "구글이 로그인을 받아들이지 않았습니다.", "로그인을 처음부터 다시 해 주세요.")


def _error(kind: str, what: str, what_to_do: str) -> SourceError:
    return SourceError(what, what_to_do, source=_NAME, kind=kind)
