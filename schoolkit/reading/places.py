"""The cells that say who and where a pupil is -> name, number and place."""

from __future__ import annotations

import re

from ..students import Place, class_label, parse_class, parse_name, parse_student_number

NOWHERE = Place(None, None, None)


def name_and_number(text: str) -> tuple[str | None, str | None, str]:
    """Name, status and the number that some sheets write before the name.

    >>> name_and_number("5 김하나"), name_and_number("김하나(전출)")
    (('김하나', None, '5'), ('김하나', '전출', ''))
    """
    matched = re.fullmatch(r"(\d{1,8})\s*번?[\s.)\-]*(?=\D)(.*)", text, re.DOTALL)
    name, status = parse_name(matched.group(2) if matched else text)
    return name, status, matched.group(1) if matched else ""


def read_place(
    student_no: str, class_line: str, class_cell: str, grade_cell: str, seat_cell: str, above: Place = NOWHERE
) -> tuple[Place, tuple[str, ...]]:
    """Where a pupil sits, and which of the cells were not understood: ``class_line``, ``current_grade``, ``seat_no``.

    Args:
        above: grade and class that stand in a line above the row, for what its cells do not say.

    >>> read_place("", "2-1", "", "", "7번")
    (Place(grade=2, class_no='1', seat_no=7), ())
    """
    odd: list[str] = []
    grade, class_no, seat_no = parse_student_number(student_no) or above
    if class_line:
        both = parse_class(class_line) or _class_of_number(class_line) or parse_student_number(f"{class_line}01")
        if re.fullmatch(r"\d{1,2}반?", class_line):
            class_no = class_label(class_line)
        elif both:
            grade, class_no = both.grade, both.class_no
        else:
            odd.append("class_line")
    if class_cell:
        both = parse_class(class_cell) or _class_of_number(class_cell)
        grade, class_no = (both.grade, both.class_no) if both else (grade, class_label(class_cell))
    if digit := re.search(r"[1-6]", grade_cell):
        grade = int(digit.group())
    elif grade_cell:
        odd.append("current_grade")
    seat = re.sub(r"\s", "", seat_cell)
    if number := re.fullmatch(r"(\d{1,3})번?", seat):
        # beside a student number that says the seat, 번호 may as well count the lines
        seat_no = int(number.group(1)) if seat_no is None else seat_no
    elif parsed := parse_student_number(seat):
        grade, class_no, seat_no = parsed
    elif seat:
        odd.append("seat_no")
    return Place(grade, class_no, seat_no), tuple(odd)


def _class_of_number(text: str) -> Place | None:
    return parse_student_number(f"{text}-1")
