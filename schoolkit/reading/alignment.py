"""How far apart two titles are as slips of the pen: syllables aligned, their letters compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate

_FIRST_SYLLABLE, _LAST_SYLLABLE = ord("가"), ord("힣")
# Particles that are confused or dropped while copying a title.
CONFUSED = {frozenset(pair) for pair in ("의에", "은는", "이가", "을를", "와과")}
_PARTICLES = frozenset("의에은는이가을를와과도")
# Letters that sound alike, or are drawn to a following 이 as in 난장이/난쟁이; numbers as in the Unicode Standard,
# section 3.12, Conjoining Jamo Behavior.
_LIKE_LEADS = [frozenset(group) for group in ((0, 1, 15), (3, 4, 16), (7, 8, 17), (9, 10), (12, 13, 14))]
_LIKE_VOWELS = [frozenset(group) for group in ((0, 1), (1, 5), (4, 5), (3, 7), (10, 11, 15), (4, 8), (16, 20, 19))]
# Keys beside or above one another on the Korean two-set keyboard, Shift not counted.
_KEYS = ("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ")
LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
ALIKE, _NEAR, ONE_LETTER, TWO_LETTERS, WHOLE = 0.25, 0.3, 0.35, 1.1, 1.4
_GAP, _SMALL_GAP, SWAP, PARTICLE = 0.6, 0.3, 0.45, 0.25
LEAST_STEP = 0.19
"""The least that a whole unit of cost takes from the likeness, however long the titles are."""


def _neighbours() -> frozenset[frozenset[str]]:
    pairs = set()
    for row, keys in enumerate(_KEYS):
        for at, key in enumerate(keys):
            beside = keys[at + 1 : at + 2]
            below = _KEYS[row + 1][max(0, at - 1) : at + 1] if row + 1 < len(_KEYS) else ""
            pairs |= {frozenset((key, other)) for other in (*beside, *below)}
    return frozenset(pairs)


_NEIGHBOURS = _neighbours()


def letters(text: str) -> str:
    """The jamo of a text in order, so that one wrong letter is one difference.

    >>> len(letters("역사"))
    5
    """
    return unicodedata.normalize("NFD", text)


@lru_cache(maxsize=1 << 16)
def exchange(a: str, b: str) -> float:
    """The cost of writing syllable b for a: 0 if equal, little if one letter differs, much if more do."""
    if a == b:
        return 0.0
    if frozenset((a, b)) in CONFUSED:
        return PARTICLE
    if not all(_FIRST_SYLLABLE <= ord(sign) <= _LAST_SYLLABLE for sign in (a, b)):
        return WHOLE
    x, y = ord(a) - _FIRST_SYLLABLE, ord(b) - _FIRST_SYLLABLE
    leads, vowels, codas = (x // 588, y // 588), (x % 588 // 28, y % 588 // 28), (x % 28, y % 28)
    differing = [pair for pair in (leads, vowels, codas) if pair[0] != pair[1]]
    if len(differing) > 1:
        return TWO_LETTERS if len(differing) == 2 else WHOLE
    for pair, groups, names in ((leads, _LIKE_LEADS, LEADS), (vowels, _LIKE_VOWELS, _VOWELS)):
        if pair[0] != pair[1]:
            if any(group.issuperset(pair) for group in groups):
                return ALIKE
            return _NEAR if frozenset(names[at] for at in pair) in _NEIGHBOURS else ONE_LETTER
    return ONE_LETTER


@lru_cache(maxsize=1 << 14)
def gaps(text: str) -> tuple[float, ...]:
    """The cost of leaving out each syllable: little for a doubled one or a particle."""
    return tuple(
        _SMALL_GAP if (at and sign == text[at - 1]) or sign in _PARTICLES else _GAP for at, sign in enumerate(text)
    )


def slips(a: str, b: str) -> float:
    """The least cost of turning one text into the other by slips; 0 for equal texts.

    Optimal string alignment over syllables: exchanged, left out or swapped with their
    neighbour, where an exchange costs by how many of the three letters differ.

    >>> slips("수학의역사", "수학의역샤"), slips("말의품격", "글의품격"), slips("오디세이", "오세디이")
    (0.3, 1.1, 0.45)
    """
    return _aligned(a, b, exchange)


def only_slips(a: str, b: str) -> bool:
    """Whether the cheapest alignment exchanges no syllable for one with two other letters.

    >>> only_slips("아낌없이", "아없낌이"), only_slips("눈먼", "눈뜬")
    (True, False)
    """
    return _aligned(a, b, _small_exchange) <= slips(a, b) + 1e-9


def _small_exchange(a: str, b: str) -> float:
    cost = exchange(a, b)
    return cost if cost < TWO_LETTERS else float("inf")


def _aligned(a: str, b: str, exchange: Callable[[str, str], float]) -> float:
    gaps_a, gaps_b = gaps(a), gaps(b)
    above: list[float] = []
    last = [0.0, *accumulate(gaps_b)]
    for i, sign in enumerate(a):
        gap = gaps_a[i]
        row = [last[0] + gap]
        for j, other in enumerate(b):
            best = last[j] + exchange(sign, other)
            if (left_out := last[j + 1] + gap) < best:
                best = left_out
            if (put_in := row[j] + gaps_b[j]) < best:
                best = put_in
            if i and j and sign == b[j - 1] and other == a[i - 1] and sign != other:
                best = min(best, above[j - 1] + SWAP)
            row.append(best)
        above, last = last, row
    return last[-1]


def likeness(a: str, b: str, dearer: float = 1.0) -> float:
    """1 for equal texts, less by the cost of the slips, at least 0.

    A unit of cost takes a share of one syllable of the longer text, but never less than
    ``LEAST_STEP``: another word is another word in a long title too.

    Args:
        dearer: what the cost is multiplied by, for slips that are less or more likely than usual.
    """
    longer = max(len(a), len(b))
    return max(0.0, 1 - dearer * slips(a, b) * max(1 / longer, LEAST_STEP)) if longer else 1.0
