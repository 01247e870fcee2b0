"""The words and signs that teachers write into a table of hand-ins, what they say, and what turns that round."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

# what a cell can say, and what it is called in Korean
SAID = {
    "handed_in": "제출",
    "late": "지각 제출",
    "draft": "임시 저장",
    "returned": "다시 내야 함",
    "nothing": "미제출",
    "excused": "면제",
    "unknown": "알 수 없음",
}

_COMMON = {
    "handed_in": "o ○ ◯ ⭕ ● ◎ ㅇ v √ ✓ ✔ ☑ ✅ ■ 1 y yes true 예 네 p pass"
    " 제출 제출함 제출완료 제출됨 완료 완료함 냄 냈음 submitted turnedin done complete completed",
    "late": "지각 지각제출 늦음 늦게제출 늦게냄 지연 지연제출 기한후제출 마감후제출 late submittedlate turnedinlate",
    "draft": "임시저장 임시 작성중 초안 draft",
    "returned": "재제출 재제출필요 재제출요망 재제출요청 반려 반려됨 보완 보완요청 보완필요 수정요청 returned",
    "nothing": "x × ✕ ✖ ✗ ✘ ╳ ❌ ☐ □ n no false 아니오 미제출 미제출함 안냄 제출안함 미완료 미완"
    " notsubmitted notturnedin missing",
    "excused": "면제 면제됨 인정 출석인정 제외 해당없음 ex excused exempt",
    "unknown": "? 미확인 확인중 확인필요",
}

# what says something of work, but not enough to count; the latter only beside one of the former, as they may be names
_OF_WORK = (
    r"미?제출|제출물|미?완료|미?완성|미확인|확인|미?참여|미?응시|미이수|미?수행|불참|결석|조퇴|지각|병결|출석|공결|체험학습|면제|보류|대기"
    r"|재?검사|재?채점|재?검토|보완|보충|추가|진행|작성|반려|연장|불가능?|부분|일부|절반|전학|전출|자퇴|휴학|불?합격|미흡|부족"
    r"|없음|있음|모름|분실|파일|오류|열람|종이|온라인|오프라인|늦게|늦음|안함|안냄|안됨|못함|못냄|나중에|아직|내일"
    r"|half|done|not|yet|late|graded|marked|submitted|submission|draft|missing|excused|turned|released?|progress"
    r"|completed?|incomplete|partial(?:ly)?|returned|pending|checked|none"
)
_BESIDE = r"예정|수정|기한|마감|인정|가능|필요|요망|요청|요함|이전|이후|전|후|안|못|덜|다시|중|됨|함|냄|음|in|of"
_STATUS_WORDS = re.compile(f"(?:{_BESIDE})*(?:{_OF_WORK})(?:{_OF_WORK}|{_BESIDE})*")
_MARK = re.compile(r"[a-zㄱ-ㅎㅏ-ㅣᄀ-ᇿ상중하][\W\d_]*|[\W\d_]*")

# headers of columns whose marks stand at those who have not handed in
_NOT_DONE = (
    r"(?:(?:미|비)\s*(?:제출|완료|이수|수행|참여|응시|실시|작성|납)"
    r"|(?<![가-힣])(?:안|못|덜)\s*(?:낸|냄|냈|내는|내지|한(?![가-힣])|함|했|해|된|됨|끝낸|제출)"
    r"|(?:제출|완료|수행)\s*(?:안|못)\s*(?:함|한|됨|된|했음)|(?:제출|완료|수행|이수)?(?:을|를)?\s*(?:하|되|내)지\s*(?:않|못)\s*[가-힣]*"
    r"|밀린\s*과제|빠진\s*과제"
    r"|\b(?:not|un)[ -]?(?:yet )?(?:submitted|handed[ -]in|turned[ -]in|done|completed?)\b)"
)
_ABSENT = re.compile(
    r"(?:결석|지각(?:\s*제출)?|조퇴|불참|누락|미완|미완성|무응답|미응답|absent|absences?|late|missing|overdue|incomplete)"
    r"\s*(?:\(?(?:여부|횟수|일수|학생|생|자|표시|체크|과제|work|assignments?|tasks?|v|o|○)\)?)?"
)
_DONE = re.compile(r"제출|완료|이수|낸|냄|submitted|done|completed?|turned in|handed in")
_MARKED = r"\s*(?:자|생|학생|과제|시|는|은|이면|하면|한 사람)*\s*[:=-]?\s*\(?(?:[ov○√✓✔1]|체크|표시)"

_LONGEST_HEADER = 300


@lru_cache(maxsize=1024)
def is_inverse(header: str) -> bool:
    """Whether a header says that the marks below it stand at those who have not handed in.

    >>> [is_inverse(header) for header in ("미제출 여부", "안 낸 과제", "제출(O)/미제출(X)", "편안한 집 감상문")]
    [True, True, False, False]
    """
    text = " ".join(unicodedata.normalize("NFKC", header[:_LONGEST_HEADER]).split()).casefold()
    if _ABSENT.fullmatch(text) or re.search(_NOT_DONE + _MARKED, text):
        return True
    return bool(re.search(_NOT_DONE, text)) and not _DONE.search(re.sub(_NOT_DONE, " ", text))


def is_status_like(word: str) -> bool:
    """Whether a word is a mark, or made of words about hand-ins alone, so that it is no name.

    >>> [is_status_like(word) for word in ("△", "결석", "제출 예정", "A", "강지우", "Kim")]
    [True, True, True, True, False, False]
    """
    key = word_key(word)
    return bool(_MARK.fullmatch(key) or _STATUS_WORDS.fullmatch(re.sub(r"[\W\d_]", "", key)))


def may_be_name(word: str) -> bool:
    """Whether a word of a few Hangul syllables may be a pupil's name."""
    return bool(re.fullmatch("[가-힣]{2,5}", re.sub(r"\s", "", word))) and not is_status_like(word)


def word_key(text: str) -> str:
    """What two spellings of a cell's word share: no white space, one width, one case."""
    plain = unicodedata.normalize("NFKC", text).replace("\ufe0f", "")  # the mark that colours a sign
    return re.sub(r"\s", "", plain).casefold()


_NAMES_HAND_IN = re.compile("제출|냄|냈|면제|반려|submitted|turnedin|excused")
_SAID_BY = {word_key(word): said for said, words in _COMMON.items() for word in words.split()}


def common_meaning(key: str, beside: Collection[str] = (), *, inverse: bool = False) -> str | None:
    """What a word commonly says, a key of :data:`SAID`; None for other words.

    Args:
        key: as :func:`word_key` gives it.
        beside: the keys of all words of the column: a 0 says nothing was handed in only where there are
            1s, since elsewhere it may be meant as a circle or a score.
        inverse: whether the column is one of :func:`is_inverse`: there, no mark says anything by itself,
            and of the words only those that name the hand-in.

    >>> common_meaning(word_key("Ｏ")), common_meaning("0", {"0", "1"}), common_meaning("0"), common_meaning("△")
    ('handed_in', 'nothing', None, None)
    """
    if inverse and not _NAMES_HAND_IN.search(key):
        return None
    if key == "0":
        return "nothing" if "1" in beside else None
    return _SAID_BY.get(key)
