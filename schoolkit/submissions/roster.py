"""The roster (명렬표) that decides whose work is looked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from ..errors import InputError, Problem
from ..rosters.headers import CLASS, category_text, find_column, header_key
from ..rosters.pupil_list import class_labels, read_students
from ..students import Place, parse_class, parse_name, parse_student_number
from ..tables import Source, Table, load_sources, read_tables
from .names import joined_name

STUDENT_NO = ("학번", "학생번호", "학적번호", "studentno", "studentnumber", "studentid", "idnumber", "식별번호")
SEAT = ("번호", "출석번호", "번", "no", "number")
EMAIL = (
    "이메일",
    "이메일주소",
    "전자메일",
    "전자메일주소",
    "전자우편",
    "전자우편주소",
    "메일",
    "메일주소",
    "학교계정",
    "구글계정",
    "email",
    "e-mail",
    "emailaddress",
)
FIRST_NAME, LAST_NAME = ("firstname", "givenname", "이름"), ("lastname", "familyname", "surname", "성")

_GRADE = ("학년", "grade")
_REMARKS = ("비고", "상태", "학적", "학적상태", "학적변동", "변동", "변동사항", "재적", "특이사항")
_LEFT = re.compile(r"전출|전학(?!년)|자퇴|휴학|퇴학|제적|유예|면제|졸업|수료|정원외")
_COMING = re.compile(r"예정")

COLUMNS = ["class_name", "student_no", "name", "email", "key"]


def read_roster(source: Source | Iterable[Source]) -> pd.DataFrame:
    """The pupils of one or several class lists, a row each.

    A list of participants with the parts of the name in two columns, as Moodle gives it, is read too.
    Pupils marked as gone (전출, 자퇴, 휴학, …) are left out, and a notice says how many.

    Columns, all ``string``: ``class_name`` such as ``1학년 2반``; ``student_no``, the 학번, or one made of
    grade, class and number such as 10203, or the number in class alone; ``name``; ``email``; ``key``,
    a text that no two pupils share: the student number where that is so. ``attrs["notices"]`` are Korean sentences
    without names.

    Raises:
        InputError: as :func:`schoolkit.rosters.pupil_list.read_students`, or two pupils have one student number.
    """
    loaded, problems = load_sources(source)
    pupils: list[dict] = []
    notices: list[str] = []
    lists: list[tuple[str, bytes]] = []
    for file, data in loaded:
        try:
            found = _participants(read_tables(file, data))
        except InputError as error:
            problems += error.problems
            continue
        if found:
            pupils += found
        else:
            lists.append((file, data))
    if lists or not (pupils or problems):
        try:
            students = read_students(lists)
        except InputError as error:
            problems += error.problems
        else:
            notices += students.attrs["notices"]
            pupils += _pupils(students)
    here = [pupil for pupil in pupils if not pupil.pop("left")]
    problems += _twice(here)
    if problems:
        raise InputError(problems)
    if gone := len(pupils) - len(here):
        notices = [one for one in notices if "전출, 자퇴" not in one]
        notices.append(f"전출, 자퇴처럼 학교에 없다고 적힌 학생 {gone}명은 뺐습니다.")
    roster = pd.DataFrame(here, columns=["class_name", "student_no", "name", "email", "place"])
    roster["key"] = _keys(roster)
    roster = roster[COLUMNS].astype("string")
    roster.attrs = {"notices": notices}
    return roster


def _pupils(students: pd.DataFrame) -> list[dict]:
    number, seat, email = (find_column(students.columns, words) for words in (STUDENT_NO, SEAT, EMAIL))
    grade, remarks = (
        find_column(students.columns, _GRADE),
        [column for column in students.columns if header_key(column) in _REMARKS],
    )
    columns = {
        "name": students[students.attrs["name"]],
        "number": _texts(students, number),
        "seat": _texts(students, seat),
        "email": _texts(students, email),
        "grade": _texts(students, grade),
        "class": class_labels(students),
        "raw_class": _texts(students, find_column(students.columns, CLASS)),
        "where": students.attrs["rows"],
    }
    told = [" ".join(filter(None, cells)) for cells in zip(*(_texts(students, one) for one in remarks), strict=True)]
    told = told or [""] * len(students)
    return [
        _pupil(dict(zip(columns, cells, strict=True)), remark)
        for cells, remark in zip(zip(*columns.values(), strict=True), told, strict=True)
    ]


def _texts(students: pd.DataFrame, column: object | None) -> list[str]:
    if column is None:
        return [""] * len(students)
    return ["" if pd.isna(value) else category_text(value) for value in students[column]]


def _pupil(cells: dict, remark: str) -> dict:
    written = str(cells["name"])
    name, status = parse_name(written)
    left = bool(_LEFT.search(status or "") and not _COMING.search(written)) or bool(
        _LEFT.search(remark) and not _COMING.search(remark)
    )
    place = parse_student_number(cells["number"]) if cells["number"] else None
    stated = parse_class(cells["class"].replace(" ", "")) if cells["class"] else None
    seat = re.fullmatch(r"(\d+)번?", cells["seat"])
    grade = stated.grade if stated else _whole(cells["grade"])
    class_no = stated.class_no if stated else re.sub(r"반$", "", cells["raw_class"]) or None
    if seat and not cells["number"] and (whole := parse_student_number(cells["seat"])):
        place, seat = whole, None  # a column 번호 that holds whole student numbers
        cells["number"] = cells["seat"]
    if place is None and (seat or class_no):
        place = Place(grade, class_no, int(seat[1]) if seat else None)
    return {
        "class_name": cells["class"] if cells["class"] not in ("", "반 없음") else _class_of(place),
        "student_no": cells["number"] or _composed(place) or cells["seat"] or None,
        "name": name or written,
        "email": cells["email"] or None,
        "left": left,
        "where": cells["where"],
    }


def _whole(text: str) -> int | None:
    digits = re.fullmatch(r"(\d)(?:학년)?", text)
    return int(digits[1]) if digits else None


def _class_of(place: Place | None) -> str:
    if place is None or place.class_no is None:
        return ""
    return f"{place.grade}학년 {place.class_no}반" if place.grade else f"{place.class_no}반"


def _composed(place: Place | None) -> str | None:
    """A student number as schools write it: grade, two digits of class, two of number."""
    if place is None or None in place or not str(place.class_no).isdigit():
        return None
    return f"{place.grade}{int(place.class_no):02d}{place.seat_no:02d}"


def _participants(tables: list[Table]) -> list[dict]:
    """The pupils of a list of participants, whose names stand in two columns; none if it is no such list."""
    pupils = []
    for table in tables:
        for top, row in enumerate(table.rows[:20]):
            columns = {header_key(cell): j for j, cell in enumerate(row) if cell}
            first, last = (find_column(columns, words) for words in (FIRST_NAME, LAST_NAME))
            if first is None or last is None or _are_genders(table, top, columns[last]):
                continue
            number, email = (find_column(columns, words) for words in (STUDENT_NO, EMAIL))
            for i in range(top + 1, len(table.rows)):
                cells = [table.value(i, columns.get(one, len(row))) for one in (first, last, number, email)]
                if not any(cells):
                    continue
                place = parse_student_number(cells[2]) if cells[2] else None
                pupils.append(
                    {
                        "class_name": _class_of(place),
                        "student_no": cells[2] or None,
                        "name": joined_name(cells[1], cells[0]),
                        "email": cells[3] or None,
                        "left": False,
                        "where": (table.file, i + 1),
                    }
                )
            break
    return pupils


def _are_genders(table: Table, top: int, column: int) -> bool:
    """Whether a column headed 성 says 남 and 여, and no family names."""
    cells = {table.value(i, column) for i in range(top + 1, len(table.rows))} - {""}
    return cells <= {"남", "여", "남자", "여자"}


def _twice(pupils: list[dict]) -> list[Problem]:
    """A problem for each student number that an earlier pupil of the same class has too."""
    first: dict[tuple, dict] = {}
    problems = []
    for pupil in pupils:
        if pupil["student_no"] is None:
            continue
        earlier = first.setdefault((pupil["class_name"], pupil["student_no"]), pupil)
        if earlier is not pupil:
            file, row = earlier["where"]
            where = f"{row}행" if file == pupil["where"][0] else f"{file} {row}행"
            problems.append(
                Problem(
                    f"{where}의 학생과 학번(번호)이 같습니다.",
                    "명렬표에서 한쪽을 고쳐 주세요.",
                    *pupil["where"],
                    kind="same_number",
                )
            )
    return problems


def _keys(roster: pd.DataFrame) -> list[str]:
    numbers = Counter(roster["student_no"].dropna())
    keys: list[str] = []
    for pupil in roster.itertuples():
        if pupil.student_no and numbers[pupil.student_no] == 1:
            key = pupil.student_no
        else:
            key = " ".join(filter(None, (pupil.class_name, pupil.student_no, pupil.name)))
        one, count = key, 1
        while one in keys:
            count += 1
            one = f"{key} ({count})"
        keys.append(one)
    return keys
