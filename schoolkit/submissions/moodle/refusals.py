"""What Moodle says instead of an answer -> why, and what a teacher can do about it."""

from __future__ import annotations

import json
import re

from ..connection import Answer
from ..secret import Secret
from ..source import SourceError

# the course, or one thing of it, was refused; the rest of the site may still answer
REFUSALS = frozenset({"refused", "no_permission", "no_access", "unknown_course", "not_in_service", "unknown_function"})
# a token is not to be had, but the log-in form may work
NO_TOKENS = frozenset({"web_services_off", "no_service", "no_token_allowed", "not_in_service", "not_found"})
# it is the function that was refused, whatever it was asked about
OF_FUNCTION = frozenset({"not_in_service", "unknown_function"})

_NEW_TOKEN = "Moodle의 '환경설정 → 보안 키'에서 토큰을 다시 확인해 넣어 주세요."
_LOG_IN_ONCE = "브라우저로 Moodle에 한 번 들어가 안내에 따른 뒤 다시 해 주세요. 그래도 같으면 토큰으로 연결해 주세요."
_OTHERWISE = "토큰으로 연결하거나, Moodle에서 활동 완료 보고서를 내려받아 파일로 올려 주세요."
_ASK_ADMIN = "Moodle 관리자에게 문의해 주세요."
_CHECK_COURSE = "강좌 번호와, 그 강좌에 교사로 등록되어 있는지 확인해 주세요."

_WORDS = {
    "bad_token": ("토큰이 맞지 않거나 기한이 지났습니다.", _NEW_TOKEN),
    "bad_password": (
        "아이디나 비밀번호가 맞지 않거나, 쓸 수 없게 된 계정입니다.",
        "브라우저로 Moodle에 들어갈 때 쓰는 아이디와 비밀번호인지 확인해 주세요.",
    ),
    "web_services_off": (
        "이 Moodle은 웹 서비스를 꺼 두었습니다.",
        "토큰 대신 아이디와 비밀번호로 연결하거나, Moodle 관리자에게 웹 서비스(REST)를 켜 달라고 해 주세요.",
    ),
    "no_service": ("이 Moodle은 모바일 앱용 웹 서비스를 꺼 두었습니다.", _ASK_ADMIN),
    "no_token_allowed": ("이 계정으로는 토큰을 받을 수 없습니다.", _ASK_ADMIN),
    "not_in_service": (
        "이 토큰으로는 쓸 수 없는 기능입니다.",
        "Moodle 관리자에게 토큰의 서비스에 필요한 기능을 넣어 달라고 하거나, 아이디와 비밀번호로 연결해 주세요.",
    ),
    "unknown_function": ("이 Moodle에는 필요한 웹 서비스 기능이 없습니다.", _ASK_ADMIN),
    "unknown_course": ("Moodle에 이 번호의 강좌가 없습니다.", "강좌 번호를 확인해 주세요."),
    "no_access": ("이 강좌에 들어갈 수 없습니다.", _CHECK_COURSE),
    "no_permission": ("이 강좌의 학생과 제출물을 볼 권한이 없습니다.", _CHECK_COURSE),
    "session_ended": ("Moodle의 로그인이 풀렸습니다.", "다시 읽으면 새로 로그인합니다."),
    "no_report": (
        "이 강좌의 활동 완료 보고서를 받을 수 없습니다.",
        "강좌가 활동 완료를 쓰는지, 보고서를 볼 권한이 있는지 확인해 주세요.",
    ),
    "other_login": (
        "이 Moodle은 자기 로그인 화면이 아닌 곳(통합 로그인)에서 로그인합니다.",
        _OTHERWISE,
    ),
    "no_courses": (
        "이 계정으로 읽을 강좌가 없습니다.",
        "그 강좌에 교사로 등록된 계정인지 확인하거나, 읽을 강좌의 번호를 적어 주세요.",
    ),
    "blocked": (
        "Moodle 앞의 보안 장치가 요청을 막았습니다.",
        "학교나 교육청의 전산 담당자에게 이 컴퓨터의 Moodle 접속이 막혔는지 물어 주세요.",
    ),
    "bad_answer": (
        "서버가 읽을 수 없는 답을 보냈습니다.",
        "잠시 뒤 다시 해 보고, 그래도 같으면 " + _ASK_ADMIN,
    ),
    "maintenance": ("Moodle이 점검 중입니다.", "점검이 끝난 뒤 다시 해 주세요."),
    "account": ("Moodle이 이 계정을 그대로는 들여보내지 않습니다.", _LOG_IN_ONCE),
    "suspended": ("이 계정은 쓸 수 없게 되어 있습니다.", _ASK_ADMIN),
    "bad_request": ("Moodle이 질문을 알아듣지 못했습니다.", "Moodle의 판이 너무 오래되었을 수 있습니다. " + _ASK_ADMIN),
    "not_moodle": ("이 주소에서 Moodle이 답하지 않습니다.", "주소가 학교의 Moodle 주소인지 확인해 주세요."),
    "not_found": ("이 주소에서 Moodle을 찾을 수 없습니다.", "주소가 학교의 Moodle 주소인지 확인해 주세요."),
    "redirected": (
        "Moodle이 답 대신 다른 화면으로 넘겼습니다.",
        "브라우저로 Moodle에 들어가지는지 보고 다시 해 주세요.",
    ),
    "empty_answer": ("Moodle이 빈 답을 보냈습니다.", "잠시 뒤 다시 해 주세요."),
    "unexpected_answer": ("Moodle의 답이 예상한 모양이 아닙니다.", "잠시 뒤 다시 해 보고, 그래도 같으면 " + _ASK_ADMIN),
    "too_many": ("Moodle이 요청이 너무 많다고 답했습니다.", "잠시 뒤 다시 해 주세요."),
    "server_error": ("Moodle 서버에 문제가 생겼습니다.", "잠시 뒤 다시 해 주세요."),
}

_KINDS = {
    "invalidtoken": "bad_token",
    "invalidtimedtoken": "bad_token",
    "tokenexpired": "bad_token",
    "invalidlogin": "bad_password",
    "enablewsdescription": "web_services_off",
    "servicenotavailable": "no_service",
    "cannotcreatetoken": "no_token_allowed",
    "accessexception": "not_in_service",
    "errorcoursecontextnotvalid": "no_access",
    "requireloginerror": "no_access",
    "nopermission": "no_permission",
    "nopermissions": "no_permission",
    "required_capability_exception": "no_permission",
    "sitemaintenance": "maintenance",
    "upgraderunning": "maintenance",
    "invalidparameter": "bad_request",
    "missingparam": "bad_request",
    "forcepasswordchangenotice": "account",
    "passwordisexpired": "account",
    "sitepolicynotagreed": "account",
    "usernotfullysetup": "account",
    "usernotconfirmed": "account",
    "restoredaccountresetpassword": "account",
    # where a page leads to another one before anything else
    "redirecterrordetected": "account",
    "wsaccessuserexpired": "account",
    "wsaccessuserunconfirmed": "account",
    "wsaccessusersuspended": "suspended",
    "wsaccessuserdeleted": "suspended",
    "wsaccessusernologin": "suspended",
    "servicerequireslogin": "session_ended",
}


def refusal(kind: str, host: str) -> SourceError:
    """The error for a kind that this module names."""
    return SourceError(*_WORDS[kind], source=host, kind=kind)


def second_factor(host: str) -> SourceError:
    """The error for an account that needs more than a password each time."""
    return SourceError(
        "Moodle이 비밀번호 말고도 본인 확인(2단계 인증)을 요구합니다.", _OTHERWISE, source=host, kind="account"
    )


def lacking(kind: str, function: str, host: str) -> SourceError:
    """The error for a function that the token is not good for, or that the site doesn't have."""
    what, what_to_do = _WORDS[kind]
    return SourceError(f"{function}: {what}", what_to_do, source=host, kind=kind)


def json_answer(answer: Answer, host: str, *secrets: Secret) -> object:
    """The value that a web-service answer holds.

    Moodle refuses with HTTP 200 and an ``exception`` (``error`` where tokens are given out), and
    with 403 and nothing at all where web services are switched off; a 403 with a page is not its own.

    Args:
        secrets: what was sent; an error's name that holds one is not shown.

    Raises:
        SourceError: the answer is a refusal, or none of a web service.
    """
    if answer.status in (301, 302, 303, 307, 308):
        raise refusal("redirected", host)
    if answer.is_page or answer.status in (404, 410):
        raise refusal(_kind_of_page(answer), host)
    value, is_json = _decoded(answer.body)
    if is_json:
        if isinstance(value, dict) and ("exception" in value or "errorcode" in value):
            raise said_no(value, host, *secrets)
        if answer.status < 400:
            return value
    if answer.status == 403:
        raise refusal("blocked" if answer.body.strip() else "web_services_off", host)
    if answer.status == 429:
        raise refusal("too_many", host)
    if answer.status >= 500:
        raise refusal("server_error", host)
    if code := re.search(rb"<ERRORCODE>(\w{1,60})</ERRORCODE>", answer.body):
        raise said_no({"errorcode": code[1].decode()}, host, *secrets)
    if answer.status == 401 or _BROKEN.match(answer.body):
        raise refusal("bad_answer", host)
    if not answer.body.strip():
        raise refusal("empty_answer", host)
    raise refusal("not_moodle", host)


# JSON that was cut short, or PHP's own messages in front of it
_BROKEN = re.compile(rb"\s*([\[{]|(<br ?/?>\s*)?(<b>)?(PHP )?(Notice|Warning|Deprecated|(Fatal|Parse) error)\b)")


def _kind_of_page(answer: Answer) -> str:
    if answer.status == 429:
        return "too_many"
    if answer.status >= 500:
        return "server_error"
    if answer.status == 401:
        return "bad_answer"
    if answer.status == 403:
        return "blocked"
    return "not_found" if answer.status in (404, 410) else "not_moodle"


def _decoded(body: bytes) -> tuple[object, bool]:
    try:
        return json.loads(body), True
    except (ValueError, RecursionError):
        return None, False


def said_no(value: dict, host: str, *secrets: Secret) -> SourceError:
    """The error for an answer's ``errorcode`` and ``exception``; an unknown code is shown if it is a word."""
    code = str(value.get("errorcode") or "")
    kind = _KINDS.get(code) or _KINDS.get(str(value.get("exception") or ""))
    # the text is in the site's language, but a table's name stays as it is
    if code == "invalidrecord":
        kind = "unknown_function" if "external_functions" in str(value.get("message")) else "unknown_course"
    if kind in _WORDS:
        return refusal(kind, host)
    is_word = re.fullmatch(r"(?=.{3,40}$)[a-z]+(_[a-z]+)*", code) and not any(one.is_in(code) for one in secrets)
    named = f"(오류 이름: {code})" if is_word else ""
    return SourceError(f"Moodle이 거절했습니다{named}.", _ASK_ADMIN, source=host, kind="refused")
