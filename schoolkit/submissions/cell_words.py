"""The words and signs that teachers write into a table of hand-ins, and what they say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

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


def word_key(text: str) -> str:
    """What two spellings of a cell's word share: no white space, one width, one case."""
    plain = unicodedata.normalize("NFKC", text).replace("\ufe0f", "")  # the mark that colours a sign
    return re.sub(r"\s", "", plain).casefold()


_SAID_BY = {word_key(word): said for said, words in _COMMON.items() for word in words.split()}


def common_meaning(key: str, beside: Collection[str] = ()) -> str | None:
    """What a word commonly says, a key of :data:`SAID`; None for other words.

    Args:
        key: as :func:`word_key` gives it.
        beside: the keys of all words of the column: a 0 says nothing was handed in only where there are
            1s, since elsewhere it may be meant as a circle or a score.

    >>> common_meaning(word_key("Ｏ")), common_meaning("0", {"0", "1"}), common_meaning("0"), common_meaning("△")
    ('handed_in', 'nothing', None, None)
    """
    if key == "0":
        return "nothing" if "1" in beside else None
    return _SAID_BY.get(key)
