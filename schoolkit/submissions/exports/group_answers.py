"""Several people in one answer, as a group writes itself down -> a name and a number for each."""

from __future__ import annotations

import re

from ...students import name_key
from ..names import split_number

# between people; a number with a name behind it begins the next one too
_BETWEEN = re.compile(r"\s*[,/;\n·ㆍ・、&]\s*|\s+(?=\d{4,}\s*[가-힣])")
# a middle dot and a slash stand within names of other countries too
_BETWEEN_NAMES = re.compile(r"\s*[,;\n、]\s*")
_SEAT = re.compile(r"\d{1,2}\s*번?")
_WHOLE_NUMBER = re.compile(r"\d{4,12}")
_NAME = re.compile(r"[가-힣]{2,4}")
_MOST, _LONGEST = 20, 500


def people_in(name: str, number: str) -> list[tuple[str, str]]:
    """Name and number of each one whom the two cells list; one pair, as it stands, if they do not tell who has which.

    They tell it if both list equally many, if a number stands beside each name, or if there are
    nothing but whole names or whole student numbers.

    >>> people_in("박민수, 이하은", "10104, 10105")
    [('박민수', '10104'), ('이하은', '10105')]
    >>> people_in("10104 박민수, 10105 이하은", ""), people_in("강, 지우", "10107")
    ([('10104 박민수', ''), ('10105 이하은', '')], [('강, 지우', '10107')])
    """
    if len(name) + len(number) > _LONGEST:
        return [(name, number)]
    for pairs in (_listed(name, number), _alone(name, number)):
        if 1 < len(pairs) <= _MOST and len({(name_key(one), name_key(other)) for one, other in pairs}) == len(pairs):
            return pairs
    return [(name, number)]


def lists_several(name: str) -> bool:
    """Whether a cell seems to hold several names in Hangul."""
    parts = _parts(_BETWEEN, name) if len(name) <= _LONGEST else []
    return len(parts) > 1 and all(_NAME.fullmatch(split_number(part)[1]) for part in parts)


def _parts(between: re.Pattern, cell: str) -> list[str]:
    return [part for part in between.split(cell.strip()) if part.strip()]


def _listed(name: str, number: str) -> list[tuple[str, str]]:
    """The pairs of two lists of one length; none if they are no such lists."""
    names, numbers = _parts(_BETWEEN, name), _parts(_BETWEEN, number)
    fit = len(names) == len(numbers) and all(map(_is_number, numbers)) and all(map(_has_letters, names))
    return list(zip(names, numbers, strict=True)) if fit else []


def _alone(name: str, number: str) -> list[tuple[str, str]]:
    """The pairs that a list makes in one of the cells, the other being empty."""
    if bool(name) == bool(number):
        return []
    parts = _parts(_BETWEEN, name or number)
    beside = all(all(split_number(part)) for part in parts)
    if not beside and name:
        parts = _parts(_BETWEEN_NAMES, name)
        beside = all(map(_NAME.fullmatch, parts)) and any(len(part) == 3 for part in parts)
    elif not beside:
        beside = all(map(_WHOLE_NUMBER.fullmatch, parts))
    return [(part, "") if name else ("", part) for part in parts] if beside else []


def _is_number(text: str) -> bool:
    return bool(_SEAT.fullmatch(text)) or split_number(text)[1] == ""


def _has_letters(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2}", text))
