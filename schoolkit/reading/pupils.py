"""The pupils of one sheet, told apart row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from ..students import Place, Sighting, name_key
from .places import name_and_number, read_place
from .terms import Term

Say = Callable[[int | None, str, str], None]
"""Takes a notice: row, what, why."""


class Pupils:
    """Finds the pupil of each row of one sheet.

    Attributes:
        sightings: the pupils in the order in which they first appear.
        class_place: grade and class that stand in a line above the rows.
    """

    def __init__(self, file: str, part: int, say: Say, *, is_print: bool, names_stand_once: bool):
        """``names_stand_once``: a pupil's name stands in the first row only, the others are blank."""
        self.sightings: list[Sighting] = []
        self.class_place = Place(None, None, None)
        self._file, self._part, self._say = file, part, say
        self._is_print, self._names_stand_once = is_print, names_stand_once
        self._current: int | None = None
        self._last_term = Term()
        self._places: set[tuple] = set()  # of the current pupil's rows
        self._told_that_names_decide = False
        self._known: dict[tuple, list[int]] = {}

    def of_row(self, row: int, texts: Mapping[str, str], term: Term, new_page: bool) -> int | None:
        """The row's pupil as an index into ``sightings``; blank cells mean the pupil above."""
        name, status, number_before_name = name_and_number(texts["name"])
        student_no, seat_text = texts["student_no"], texts["seat_no"]
        if number_before_name and not student_no and not seat_text:
            student_no, seat_text = (
                (number_before_name, "") if len(number_before_name) > 3 else ("", number_before_name)
            )
        if not (name or status or student_no or seat_text):
            return self._current
        if status:
            self._say(row, f"성명 칸의 '{status}' 표시를 이름에서 떼어 읽었습니다.", "학적 표시로 보았습니다.")
        place = self._place(row, texts, student_no, seat_text)
        place, student_no = self._as_above(name, place, student_no)
        if student_no or place.seat_no is not None:
            pupil = self._numbered(row, name, student_no, place, term.entrance)
        else:
            pupil = self._by_name_alone(row, texts, name, place, term, new_page)
        if pupil is None:
            pupil = self._add(row, name, student_no, place, term.entrance)
        if pupil != self._current:
            self._current, self._last_term, self._places = pupil, Term(), set()
        return pupil

    def after(self, term: Term, subject_area: str | None) -> None:
        """Tells of which term and subject the current pupil's row was."""
        if term.order:
            self._last_term = term
        self._places.add((term, subject_area))

    def new_class(self, place: Place) -> None:
        """A class line: another class begins, unless the line only repeats the present one."""
        if place != self.class_place:
            self._current, self.class_place = None, place

    def nobody(self, row: int) -> int:
        """A pupil of whom nothing is known, for records that stand before any pupil."""
        self._say(
            row,
            "누구의 기록인지 알 수 없어 이름 없는 학생 한 명의 것으로 두었습니다.",
            "학생 칸이 없거나 비어 있고, 위에도 학생이 없습니다.",
        )
        self._current = self._new_sighting(row, None, "", self.class_place, None)
        return self._current

    def _now(self) -> Sighting | None:
        return None if self._current is None else self.sightings[self._current]

    def _as_above(self, name: str | None, place: Place, student_no: str) -> tuple[Place, str]:
        """Fills what the row leaves blank from the pupil above, if that is who it names."""
        now = self._now()
        if now is None or (name and now.name and name_key(name) != name_key(now.name)):
            return place, student_no
        above = now.place
        conflict = any(a is not None and b is not None and a != b for a, b in zip(place, above, strict=True))
        if conflict or (student_no and student_no != now.student_no):
            return place, student_no
        if name is None and not student_no and place.seat_no is None:
            return place, student_no  # nothing but a status: someone without a name
        filled = (b if a is None else a for a, b in zip(place, above, strict=True))
        return Place(*filled), student_no or now.student_no or ""

    def _numbered(self, row: int, name: str | None, student_no: str, place: Place, entrance: int | None) -> int | None:
        known = self._known.get(_number_key(student_no, place), ())
        for pupil in reversed(known):
            seen = self.sightings[pupil]
            if name and seen.name and name_key(name) != name_key(seen.name):
                continue
            if not student_no and None not in (entrance, seen.entrance) and entrance != seen.entrance:
                self._say(
                    row,
                    "이름과 번호가 같은 두 학생으로 보았습니다.",
                    "학년도와 학년이 서로 맞지 않습니다(입학한 해가 다릅니다).",
                )
                continue
            seen.name = seen.name or name
            return pupil
        if known and student_no:
            self._say(
                row, "학번이 같으나 이름이 달라 다른 학생으로 보았습니다.", "한 학생이면 이름을 똑같이 고쳐 주세요."
            )
        return None

    def _by_name_alone(
        self, row: int, texts: Mapping[str, str], name: str | None, place: Place, term: Term, new_page: bool
    ) -> int | None:
        """The pupil of this name and class, if it may be one and the same; says what was guessed."""
        known = self._known.get(_name_key(name, place))
        if not known or name is None:
            return None
        latest = known[-1]
        if latest != self._current:
            if self._names_stand_once:
                return self._namesake(row)
            self._say(
                row,
                "떨어진 곳에 다시 나온 이름을 한 학생으로 보았습니다.",
                "번호가 없어 이름만으로 구별했습니다. 동명이인이면 번호 칸을 넣어 주세요.",
            )
            return latest
        backwards = bool(term.order and self._last_term.order and term.order < self._last_term.order)
        if self._is_print and not new_page and (term, texts["subject_area"] or None) in self._places:
            return self._namesake(row)  # a print has one row a term and subject
        if not self._names_stand_once:
            if backwards:
                self._say(
                    row,
                    "이름이 같은 줄을 한 학생으로 보았습니다.",
                    "번호가 없고, 앞줄보다 이른 학기의 기록입니다. 동명이인이면 번호 칸을 넣어 주세요.",
                )
            elif not self._told_that_names_decide:
                self._told_that_names_decide = True
                self._say(
                    row,
                    "이 줄부터, 이어진 줄의 이름이 같으면 한 학생으로 보았습니다.",
                    "번호나 학번이 없어 이름만으로 구별했습니다. 동명이인이 있으면 번호 칸을 넣어 주세요.",
                )
            return latest
        if backwards or (self._is_print and not new_page):
            return self._namesake(row)
        self._say(
            row,
            "이름이 다시 나온 줄을 앞줄과 한 학생으로 보았습니다.",
            "번호가 없고, 쪽이 바뀌었거나 학기 순서가 이어집니다.",
        )
        return latest

    def _namesake(self, row: int) -> None:
        self._say(
            row,
            "이름이 같은 두 학생(동명이인)으로 보았습니다.",
            "번호가 없고, 앞 학생의 줄이 이어진 것으로 보이지 않습니다.",
        )

    def _add(self, row: int, name: str | None, student_no: str, place: Place, entrance: int | None) -> int:
        if name is None:
            self._say(row, "이름이 없는 학생이 있습니다.", "성명 칸이 없거나 비어 있어 번호로만 구별했습니다.")
        pupil = self._new_sighting(row, name, student_no, place, entrance)
        numbered = student_no or place.seat_no is not None
        key = _number_key(student_no, place) if numbered else _name_key(name, place)
        self._known.setdefault(key, []).append(pupil)
        return pupil

    def _new_sighting(self, row: int, name: str | None, student_no: str, place: Place, entrance: int | None) -> int:
        self.sightings.append(
            Sighting(self._part, name, self._file, row, student_no or None, None, *place, entrance=entrance)
        )
        return len(self.sightings) - 1

    def _place(self, row: int, texts: Mapping[str, str], student_no: str, seat_text: str) -> Place:
        place, odd = read_place(
            student_no, texts["class_line"], texts["class_no"], texts["current_grade"], seat_text, self.class_place
        )
        if "class_line" in odd:
            self._say(row, "학년·반을 읽지 못해 비워 두었습니다.", "예: '2학년 1반', '2-1'처럼 적혀 있지 않습니다.")
        if "seat_no" in odd:
            self._say(row, "번호를 읽지 못해 비워 두었습니다.", "번호 칸이 숫자가 아닙니다.")
        return place


def _number_key(student_no: str, place: Place) -> tuple:
    return ("number", student_no) if student_no else ("seat", *place)


def _name_key(name: str | None, place: Place) -> tuple:
    return ("name", name and name_key(name), place.grade, place.class_no)


def infer_years(sightings: list[Sighting], terms: list[tuple[int, Term]], printed_in: int | None) -> None:
    """Sets in which year a pupil's place holds: from the entries, else from the day of printing.

    An entry of grade 1 in 2024 means that grade 3 is 2026, for whoever repeats no year.

    Args:
        sightings: the pupils of a sheet; their ``year`` and ``entrance`` are set.
        terms: of every cell, the pupil and the term.
        printed_in: the school year in which the sheet was printed.
    """
    own = [Counter() for _ in sightings]
    of_grade: dict[int | None, Counter] = {}
    for pupil, term in terms:
        if term.entrance is not None:
            own[pupil][term.entrance] += 1
            of_grade.setdefault(sightings[pupil].grade, Counter())[term.entrance] += 1
    latest = max((term.school_year for _, term in terms if term.school_year), default=None)
    for sighting, counted in zip(sightings, own, strict=True):
        usual = counted or (of_grade.get(sighting.grade) if sighting.grade is not None else None)
        if usual:
            sighting.entrance = usual.most_common(1)[0][0]
        elif sighting.grade is not None and printed_in is not None:
            sighting.entrance = printed_in - sighting.grade
        if sighting.entrance is not None and sighting.grade is not None:
            sighting.year = sighting.entrance + sighting.grade
        else:
            sighting.year = printed_in or max(sighting.place_years, default=latest)
