"""What the columns of a class list are called, and what a cell of it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from numbers import Integral, Real

NAME = ("성명", "이름", "학생명", "학생이름", "학생성명", "학생", "name", "studentname", "student")
NUMBER = ("번호", "출석번호", "학번", "번", "no", "number", "studentno", "studentnumber")
# the class that a pupil comes from tells same names apart too, but is not the one of this list
FORMER_CLASS = ("출신반", "현재반", "현반", "이전반", "지난반", "작년반", "원적반", "전학년반")
CLASS = ("반", "학급", "학년반", "class", "classname", "homeroom")


def find_column(columns: Iterable[object], wanted: Sequence[str]) -> object | None:
    """The first of the wanted headers that occurs, whatever its blanks and case; None if none does."""
    by_key = {header_key(column): column for column in reversed(list(columns))}
    return next((by_key[word] for word in wanted if word in by_key), None)


def header_key(column: object) -> str:
    """A header without blanks, brackets and case."""
    return re.sub(r"[\s_()\[\]]", "", str(column)).casefold()


def category_text(value: object) -> str:
    """A category as a teacher writes it: blanks trimmed, 3.0 as 3."""
    if isinstance(value, Real) and not isinstance(value, Integral) and float(value).is_integer():
        return str(int(value))
    return " ".join(str(value).split())
