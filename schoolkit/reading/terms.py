"""School year, grade and term of an entry, read from cells and filled down within one pupil."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class Term(NamedTuple):
    """When a book was entered; None where it is not known."""

    school_year: int | None = None
    grade: int | None = None
    semester: int | None = None

    @property
    def entrance(self) -> int | None:
        """School year minus grade: the same for a pupil in all years, unless one is repeated."""
        return None if self.school_year is None or self.grade is None else self.school_year - self.grade

    @property
    def order(self) -> tuple[int, int] | None:
        """What sorts terms by time; None where the year is not known."""
        year = self.school_year or self.grade
        return None if year is None else (year, self.semester or 0)


_SCHOOL_YEAR = r"(?P<school_year>20\d\d)(?:학년도|년도?|[.\-/])?"
_GRADE = r"(?:제|초|중|고|초등|중학|고등)?(?P<grade>[1-6])(?:학년)?"
_SEMESTER = r"제?(?P<semester>[12])(?:학기)?"
_SHORT_YEAR = r"(?P<school_year>\d\d)(?:학년도|년도)"

# What each of the three cells may hold; the first pattern that fits counts.
_PATTERNS = {
    "school_year": [_SCHOOL_YEAR, _SHORT_YEAR, rf"{_SCHOOL_YEAR},?{_SEMESTER}"],
    "grade": [_GRADE, rf"(?:{_SCHOOL_YEAR})?{_GRADE}", rf"{_GRADE}[-./]?{_SEMESTER}"],
    "semester": [
        _SEMESTER,
        rf"{_SCHOOL_YEAR}[-./,]?(?:(?P<grade>[1-6])학년)?[-./,]?{_SEMESTER}",
        rf"{_GRADE}[-./,]?{_SEMESTER}",
    ],
}


def read_term(texts: Mapping[str, str]) -> tuple[Term, list[str]]:
    """The term that a row's cells name, and the fields whose text could not be read.

    >>> read_term({"school_year": "2025학년도", "grade": "고2", "semester": "여름"})
    (Term(school_year=2025, grade=2, semester=None), ['semester'])
    >>> read_term({"semester": "2024-1"})[0], read_term({"semester": "2학년 1학기"})[0]
    (Term(school_year=2024, grade=None, semester=1), Term(school_year=None, grade=2, semester=1))
    """
    found: dict[str, int] = {}
    unread = []
    for field in Term._fields:
        text = re.sub(r"\s", "", texts.get(field, ""))
        if not text:
            continue
        matches = (re.fullmatch(pattern, text) for pattern in _PATTERNS[field])
        matched = next(filter(None, matches), None)
        if not matched:
            unread.append(field)
            continue
        for key, digits in matched.groupdict().items():
            if digits and (key == field or key not in found):
                found[key] = int(digits)
    if "school_year" in found and found["school_year"] < 100:
        found["school_year"] += 2000
    return Term(**found), unread


def fill_down(term: Term, texts: Mapping[str, str], above: Term) -> Term:
    """The row's term, where an empty cell says what the row above said, of the same pupil.

    A new year makes the grade above it meaningless, and a new year or grade the semester.
    """
    new_year = term.school_year not in (None, above.school_year)
    new_grade = term.grade not in (None, above.grade)
    year, grade, semester = term
    if year is None and not texts.get("school_year") and not new_grade:
        year = above.school_year
    if grade is None and not texts.get("grade") and not new_year:
        grade = above.grade
    if semester is None and not texts.get("semester") and not (new_year or new_grade):
        semester = above.semester
    return Term(year, grade, semester)
