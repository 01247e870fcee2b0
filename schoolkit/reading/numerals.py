"""Numbers and Latin letters that one title writes as they are read, the other as signs."""

from __future__ import annotations

import re
from functools import lru_cache

_SINO_ONES = ["", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"]
_NATIVE_ONES = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"]
_NATIVE_TENS = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"]
# How letters are called, and series that every school library has.
_LETTERS = {
    "a": "에이", "b": "비", "c": "씨", "d": "디", "e": "이", "f": "에프", "g": "지", "h": "에이치", "i": "아이",
    "j": "제이", "k": "케이", "l": "엘", "m": "엠", "n": "엔", "o": "오", "p": "피", "q": "큐", "r": "알", "s": "에스",
    "t": "티", "u": "유", "v": "브이", "w": "더블유", "x": "엑스", "y": "와이", "z": "제트",
    "why": "와이", "who": "후", "what": "왓", "live": "라이브",
}  # fmt: skip
_SIGNS = re.compile(r"[0-9]+|why|who|what|live|[a-z]")


def read_as(bare: str, other: str) -> str:
    """A bare title with readings of letters and numbers as the signs that ``other`` has in their place.

    >>> read_as("아큐정전", "아q정전"), read_as("와이화학", "why화학"), read_as("십대를위한", "10대를위한")
    ('아q정전', 'why화학', '10대를위한')
    """
    for found in _SIGNS.finditer(other):
        sign, at = found.group(), found.start()
        for reading in _readings(sign):
            if bare[:at] == other[:at] and bare.startswith(reading, at):
                bare = bare[:at] + sign + bare[at + len(reading) :]
                break
    return bare


@lru_cache(maxsize=1 << 10)
def _readings(sign: str) -> tuple[str, ...]:
    """How a number or letter is read in Korean."""
    if not sign.isdecimal():
        return (_LETTERS[sign],)
    number = int(sign)
    return tuple(filter(None, (_sino(number), _native(number))))


def _sino(number: int) -> str:
    if not 0 < number < 10_000:
        return ""
    words = ""
    for unit, name in ((1000, "천"), (100, "백"), (10, "십")):
        digit, number = divmod(number, unit)
        if digit:
            words += (_SINO_ONES[digit] if digit > 1 else "") + name
    return words + _SINO_ONES[number]


def _native(number: int) -> str:
    if not 0 < number < 100:
        return ""
    tens, ones = divmod(number, 10)
    return ("스무" if number == 20 else _NATIVE_TENS[tens]) + _NATIVE_ONES[ones]
