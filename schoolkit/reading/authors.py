"""Two authors as written -> whether they may be the same people, and how their names differ."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from .alignment import LEADS, likeness
from .books import bare_text, says_nothing

_WRITES = "지음|지은이|글그림|글·그림|글|저자|저|원작|공저|편저|엮음|엮은이|편|씀|원저|작"
_HELPS = "옮김|옮긴이|역자|역|그림|그린이|번역|감수|해설|삽화|사진|각색|추천"
_ROLE = re.compile(rf"\s*\(\s*(?P<in>{_WRITES}|{_HELPS})\s*\)|\s+(?P<behind>{_WRITES}|{_HELPS})(?=\s|$)")
_AND_OTHERS = re.compile(r"\s+외(?:\s*\d+\s*(?:명|인))?\s*$|\s+등\s*$|\s*외\s*\d+\s*(?:명|인)\s*$")
_UNKNOWN = re.compile(
    r"(?:저자|작자|지은이|작가|글쓴이)?\s*(?:미상|불명|모름|없음|알\s*수\s*없음|미확인|unknown|anonymous|\?+)",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[,;/·&|+]|(?<=[가-힣a-z])\s*\((?=[^()]*\))|\)|\s(?:와|과|및|and)\s")

# Authors who are known under two names, the second read from the characters of the first.
_ALSO_CALLED = {
    frozenset(names.split("/"))
    for names in (
        "루쉰/노신", "위화/여화", "모옌/막언", "바진/파금", "라오서/노사", "린위탕/임어당", "쓰마첸/사마천",
        "쿵쯔/공자", "멍쯔/맹자", "라오쯔/노자", "좡쯔/장자", "쑨쯔/손자", "류츠신/유자흔", "마오쩌둥/모택동",
        "진융/김용", "뤄관중/나관중", "스나이안/시내암", "우청언/오승은", "호메로스/호머", "베르길리우스/버질",
        "카이사르/시저", "아자르/가리", "이상/김해경", "김소월/김정식", "백석/백기행", "이육사/이원록",
    )
}  # fmt: skip
_SOUNDS = {
    **dict.fromkeys("ㄱㄲㅋ", "k"), **dict.fromkeys("ㄷㄸㅌ", "t"), **dict.fromkeys("ㅂㅃㅍ", "p"),
    **dict.fromkeys("ㅅㅆ", "s"), **dict.fromkeys("ㅈㅉㅊ", "c"), "ㄴ": "n", "ㄹ": "r", "ㅁ": "m", "ㅎ": "h",
}  # fmt: skip
_CODAS = ["", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"]
_LATIN_SOUNDS = {
    **dict.fromkeys("gkqcx", "k"), **dict.fromkeys("dt", "t"), **dict.fromkeys("bpfv", "p"),
    **dict.fromkeys("sz", "s"), "j": "c", "n": "n", "l": "r", "r": "r", "m": "m",
}  # fmt: skip
# Korean names of three syllables: 이영희/이희영 has 0.85, 김동인/김동리 0.63, 한강/위화 nothing.
_SLIP, _SAME_FOREIGNER, _DOUBTFUL = 0.8, 0.6, 0.6
_SOUND_ALIKE = 0.7


class Agreement(IntEnum):
    """How well two authors agree, the best last."""

    OTHER = 0
    DOUBTFUL = 1
    SCRIPT = 2
    MISSING = 3
    SLIP = 4
    FORM = 5
    EQUAL = 6


@lru_cache(maxsize=1 << 14)
def people(author: str) -> tuple[frozenset[str], ...]:
    """The authors, each as the set of the words of the name; translators and the like only if no one else is named.

    >>> [sorted(words) for words in people("칼 세이건 저, 홍승수 역")]
    [['세이건', '칼']]
    """
    if says_nothing(author) or _UNKNOWN.fullmatch(author.strip()):
        return ()
    writers, helpers = [], []
    for part in _SEPARATORS.split(_AND_OTHERS.sub("", author.casefold())):
        roles = [found["in"] or found["behind"] for found in _ROLE.finditer(f" {part}")]
        name = _AND_OTHERS.sub("", _ROLE.sub(" ", f" {part}")).replace(".", " ")
        words = frozenset(filter(None, map(bare_text, name.split())))
        if not words:
            if roles and writers and not re.fullmatch(_WRITES, roles[0]):
                helpers.append(writers.pop())
            continue
        helps = roles and not any(re.fullmatch(_WRITES, role) for role in roles)
        (helpers if helps else writers).append(words)
    return tuple(writers or helpers)


@lru_cache(maxsize=1 << 16)
def agreement(a: str, b: str) -> Agreement:
    """How far two authors as written may be the same.

    ``FORM``: the same people in another form (initials, a surname alone, another
    transliteration, a translator besides); ``SLIP``: a slip of the pen apart; ``SCRIPT``: one
    in Latin letters that do not sound alike; ``DOUBTFUL``: one syllable of a name differs;
    ``OTHER``: clearly other people.

    >>> agreement("도스토옙스키", "표도르 도스또예프스끼"), agreement("현진건", "루쉰")
    (<Agreement.FORM: 5>, <Agreement.OTHER: 0>)
    """
    of_a, of_b = people(a), people(b)
    if set(of_a) == set(of_b) or {"".join(sorted(p)) for p in of_a} == {"".join(sorted(p)) for p in of_b}:
        return Agreement.EQUAL
    if not of_a or not of_b:
        return Agreement.MISSING
    if bare_text(a) == bare_text(b):
        return Agreement.EQUAL
    return max(_person(one, other) for one in of_a for other in of_b)


@lru_cache(maxsize=1 << 14)
def _person(a: frozenset[str], b: frozenset[str]) -> Agreement:
    if a == b:
        return Agreement.FORM
    long_a, long_b = ({word for word in words if len(word) > 1} or words for words in (a, b))
    whole_a, whole_b = "".join(sorted(a)), "".join(sorted(b))
    if long_a & long_b or whole_a in whole_b or whole_b in whole_a or _joined(a, b):
        return Agreement.FORM
    if any(frozenset((one, other)) in _ALSO_CALLED for one in a for other in b):
        return Agreement.FORM
    hangul = [any("가" <= sign <= "힣" for sign in whole) for whole in (whole_a, whole_b)]
    if hangul[0] != hangul[1]:
        return Agreement.FORM if _sound_alike(long_a, long_b) else Agreement.SCRIPT
    best = max(likeness(one, other) for one in long_a for other in long_b)
    foreign = len(whole_a) > 3 and len(whole_b) > 3
    if foreign and _sound_alike(long_a, long_b):
        return Agreement.FORM
    if best >= _SLIP or (foreign and best >= _SAME_FOREIGNER) or sorted(whole_a) == sorted(whole_b):
        return Agreement.SLIP
    return Agreement.DOUBTFUL if best >= _DOUBTFUL else Agreement.OTHER


def _joined(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether one name is the other's words written together, or a part of them."""
    for one, other in ((a, b), (b, a)):
        if len(one) == 1:
            (whole,) = one
            if len(whole) > 1 and (all(word in whole for word in other) or any(whole in word for word in other)):
                return True
    return False


def _sound_alike(a: frozenset[str] | set[str], b: frozenset[str] | set[str]) -> bool:
    """Whether the longest words of two names have the same consonants, or nearly."""
    for one in sorted(a, key=len)[-2:]:
        for other in sorted(b, key=len)[-2:]:
            sounds = sounds_of(one), sounds_of(other)
            if min(map(len, sounds)) >= 3 and likeness(*sounds) >= _SOUND_ALIKE:
                return True
    return False


@lru_cache(maxsize=1 << 14)
def sounds_of(word: str) -> str:
    """The consonants of a name as classes of sound, runs of one class as one; vowels and ㅇ are left out."""
    sounds = []
    for sign in word:
        if "가" <= sign <= "힣":
            at = ord(sign) - ord("가")
            sounds += [_SOUNDS.get(LEADS[at // 588], ""), _SOUNDS.get((_CODAS[at % 28] or " ")[0], "")]
        else:
            sounds.append(_LATIN_SOUNDS.get(sign, ""))
    return re.sub(r"(.)\1+", r"\1", "".join(sounds))
