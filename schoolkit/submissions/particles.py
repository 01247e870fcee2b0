"""Korean particles that fit the word in front of them."""

from __future__ import annotations

import re

# how each may be written where the word is not yet known -> after a final consonant, after a vowel
_PARTICLES = {
    written: pair
    for pair, spellings in {
        ("은", "는"): ("은(는)", "는(은)", "은/는"),
        ("이", "가"): ("이(가)", "가(이)", "이/가"),
        ("을", "를"): ("을(를)", "를(을)", "을/를"),
        ("과", "와"): ("과(와)", "와(과)", "과/와", "와/과"),
        ("아", "야"): ("아(야)", "야(아)", "아/야"),
        ("으로", "로"): ("(으)로", "으로(로)", "으로/로"),
        ("이", ""): ("(이)",),
    }.items()
    for written in spellings
}
PARTICLE = "|".join(map(re.escape, sorted(_PARTICLES, key=len, reverse=True)))

_CLOSING = re.compile(r"[\s)\]}>’”'\"」』》〉）]+$")
_SPEAK_WITH_FINAL = "013678"  # 영, 일, 삼, 육, 칠, 팔
_RIEUL = 8


def fitting(word: str, written: str) -> str:
    """The particle that follows the word, of those that ``written`` offers.

    Digits count as they are spoken; after a word whose sound is not known the particle stays as it is written.

    >>> fitting("김서연", "이(가)"), fitting("이도", "이(가)"), fitting("서울", "(으)로"), fitting("John", "을(를)")
    ('이', '가', '로', '을(를)')
    """
    final = _final(_CLOSING.sub("", word)[-1:])
    if final is None:
        return written
    after_consonant, after_vowel = _PARTICLES[written]
    if after_vowel == "로" and final == _RIEUL:
        return after_vowel
    return after_consonant if final else after_vowel


def _final(letter: str) -> int | None:
    """Which final consonant the letter's sound has, 0 for none; None if the sound is not known."""
    if "가" <= letter <= "힣":
        return (ord(letter) - ord("가")) % 28
    if letter.isascii() and letter.isdigit():
        if letter in "178":
            return _RIEUL
        return 1 if letter in _SPEAK_WITH_FINAL else 0
    return None
