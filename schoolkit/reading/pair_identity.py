"""Whose pair it is and which records it is about, as it is known from report to report and from year to year.

A pair is known by its pupil, its two books and the places of both records, never by its row:
the next export has other rows, and next year's has other classes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from ..students import name_key
from .books import bare_text
from .pair_table import texts, whole_numbers

PLACE = ("school_year", "grade", "semester", "subject_area")
"""The columns that say where a record stands, with _a and _b."""


class Identity(NamedTuple):
    """Whose pair it is, and its records as (bare book, place), in an order of their own."""

    who: str
    records: tuple[tuple[str, tuple], tuple[str, tuple]]

    @property
    def books(self) -> tuple[str, str]:
        return self.records[0][0], self.records[1][0]


def identities_of(frame: pd.DataFrame) -> list[Identity]:
    """The identity of each pair or decision; a place is as much of ``PLACE`` as the frame knows."""
    sides = []
    for side in "ab":
        books = [bare_text(book or "") for book in texts(frame[f"book_{side}"])]
        numbers = [whole_numbers(column_or_none(frame, f"{column}_{side}")) for column in PLACE[:-1]]
        subjects = [subject and bare_text(subject) for subject in texts(column_or_none(frame, f"subject_area_{side}"))]
        sides.append(zip(books, zip(*numbers, subjects, strict=True), strict=True))
    names, students = texts(column_or_none(frame, "name")), texts(column_or_none(frame, "student"))
    return [
        Identity(name_key(name or student or ""), tuple(sorted(records, key=_in_order)))
        for name, student, *records in zip(names, students, *sides, strict=True)
    ]


def _in_order(record: tuple[str, tuple]) -> tuple:
    book, place = record
    return book, *map(str, place)


def seats_of(frame: pd.DataFrame, suffix: str = "") -> list[tuple]:
    """Grade, class and number of each row's pupil."""
    names = ("current_grade", "class_no", "seat_no")
    columns = [whole_numbers(column_or_none(frame, f"{name}{suffix}")) for name in names]
    return list(zip(*columns, strict=True))


def column_or_none(frame: pd.DataFrame, name: str) -> Sequence[object]:
    """The column, or None for every row where the frame has no such column."""
    return frame[name] if name in frame else [None] * len(frame)


class PairIndex:
    """The pairs by pupil and books.

    Attributes:
        identities: one per pair.
        pupils: their keys.
    """

    def __init__(self, pairs: pd.DataFrame):
        named = "name" in pairs and pairs["name"].notna().any()
        self.identities = identities_of(pairs.drop(columns="student") if named else pairs)
        self.pupils = list(pairs["student"])
        self._by_books: dict[tuple, list[int]] = defaultdict(list)
        self._namesakes: dict[str, set] = defaultdict(set)
        self._seats: dict[object, set[tuple]] = defaultdict(set)
        for i, (identity, pupil, *seats) in enumerate(
            zip(self.identities, self.pupils, seats_of(pairs, "_a"), seats_of(pairs, "_b"), strict=True)
        ):
            self._by_books[identity.who, identity.books].append(i)
            self._namesakes[identity.who].add(pupil)
            self._seats[pupil].update(seats)

    def settled_by(self, decision: Identity, seat: tuple, is_only: bool) -> list[int]:
        """The pairs that a decision is about.

        Args:
            decision: whose pair and which records.
            seat: grade, class and number of the pupil, as the decision's report had them.
            is_only: whether no other decision is about these books of a pupil of this name.
        """
        candidates = self._by_books.get((decision.who, decision.books), [])
        fitting = [i for i in candidates if _fit(decision.records, self.identities[i].records, _fits)]
        likely = fitting or candidates
        pupil = self._pupil(decision.who, seat, {self.pupils[i] for i in likely})
        mine = [i for i in likely if self.pupils[i] == pupil]
        if not fitting and not (is_only and len(mine) == 1 and self._in_another_layout(decision, mine[0])):
            return []
        return mine

    def _pupil(self, who: str, seat: tuple, holders: set) -> object:
        """The one pupil of this name who is meant, perhaps one without such a pair; None if unclear."""
        agreeing = {pupil for pupil in self._namesakes.get(who, ()) if self._sits_at(pupil, seat)}
        if len(agreeing) > 1:
            agreeing &= holders
        elif not agreeing and who:
            agreeing = {pupil for pupil in holders if not self._sits_in_another_class(pupil, seat)}
        return agreeing.pop() if len(agreeing) == 1 else None

    def _sits_at(self, pupil: object, seat: tuple) -> bool:
        return seat != (None, None, None) and any(
            all(wanted in (None, known) for wanted, known in zip(seat, place, strict=True))
            for place in self._seats[pupil]
        )

    def _sits_in_another_class(self, pupil: object, seat: tuple) -> bool:
        """Whether the pupil is in the same grade but another class; another grade is another year."""
        grade, class_no, _ = seat
        return None not in (grade, class_no) and any(
            grade == place[0] and place[1] not in (None, class_no) for place in self._seats[pupil]
        )

    def _in_another_layout(self, decision: Identity, i: int) -> bool:
        """Whether the places may be the same, differently written.

        Years and terms must agree. If one record stands at its place, the layout is the same
        and the other record is another one.
        """
        mine = self.identities[i].records
        if any(book == other and _fits(place, there) for book, place in decision.records for other, there in mine):
            return False
        return _fit(decision.records, mine, _fits_in_time)


def _fit(one: tuple, other: tuple, fits) -> bool:
    """Whether both places of a pair fit those of another, whose books are the same, one way or the other."""
    (book_a, place_a), (book_b, place_b) = one
    (_, first), (_, second) = other
    if fits(place_a, first) and fits(place_b, second):
        return True
    return book_a == book_b and fits(place_a, second) and fits(place_b, first)


def _fits(one: tuple, other: tuple) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


def _fits_in_time(one: tuple, other: tuple) -> bool:
    return _fits((one[0], one[2]), (other[0], other[2]))
