"""What a grade says of a hand-in: one above zero was given for something, any other cell leaves it open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from .pupil_rows import rows_in_words

_NOTHING = frozenset(("", "-", "–", "—", "n/a"))
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d*)(?:[.,](\d+))?(?:%|점|(?:/|중)\d+(?:[.,]\d+)?점?)?", re.ASCII)
_LETTER = re.compile(r"[A-E](?:[+-]|0)?")


def said_by_grade(text: str) -> str | None:
    """``"handed_in"`` for a grade above zero, ``"unknown"`` for zero or none; None if it is no grade.

    A blank may be ungraded or not handed in, and zero is what teachers give for nothing.

    >>> [said_by_grade(text) for text in ("95.00", "87,5 %", "B+", "-", "0.00", "F", "결석")]
    ['handed_in', 'handed_in', 'handed_in', 'unknown', 'unknown', 'unknown', None]
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if plain.casefold() in _NOTHING or plain == "F":
        return "unknown"
    if _LETTER.fullmatch(plain):
        return "handed_in"
    matched = _NUMBER.fullmatch(plain)
    if not matched or not (matched[2] or matched[3]):
        return None
    positive = matched[1] != "-" and re.search("[1-9]", matched[2] + (matched[3] or ""))
    return "handed_in" if positive else "unknown"


def unread_grades(places: Sequence[int]) -> list[str]:
    """A notice of the rows, counted from 0, that hold a grade which is none; it does not quote them."""
    return [f"점수로 읽을 수 없는 값을 ‘알 수 없음’으로 두었습니다({rows_in_words(places)})."] if places else []
