"""The roster (명렬표) that decides whose work is looked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from ..errors import InputError, Problem
from ..rosters.headers import CLASS, category_text, find_column, header_key
from ..rosters.pupil_list import class_labels, read_students
from ..students import Place, parse_class, parse_name, parse_student_number
from ..tables import Source, load_sources, read_tables
from .participants import participants

STUDENT_NO = (
    *("학번", "학생번호", "학적번호", "학년반번호", "반번호", "id번호", "식별번호"),
    *("studentno", "studentnumber", "studentid", "idnumber"),
)
SEAT = ("번호", "출석번호", "번", "no", "no.", "number")
COLUMNS = ["class_name", "student_no", "name", "email", "key"]

_GRADE = ("학년", "grade")
_REMARKS = ("비고", "상태", "학적", "학적상태", "학적변동", "변동", "변동사항", "재적", "특이사항")
_LEFT = re.compile(r"전출|전학(?!년)|자퇴|휴학|퇴학|제적|유예|면제|졸업|수료|정원외|학업중단")
# such a word beside it says that the pupil is here all the same
_STILL_HERE = re.compile(r"예정|숙려|재전입|복학|없음|아님|취소|철회|반려|희망|상담")
_NOT_SO = re.compile(r"|-|x|n|no|0|아니오|아니요|해당없음|없음|false", re.IGNORECASE)
_NO_ONE = re.compile(r"[(\[]?(결번|공란|빈자리|빈번호|해당없음|없음|[-–—xX×.]+)[)\]]?")
_TEACHER = re.compile(r"(부?담임|지도|교과|담당)?(교사|선생님|샘)|부?담임")
_SPACED = re.compile(r"[가-힣](?: [가-힣]){1,4}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def read_roster(source: Source | Iterable[Source]) -> pd.DataFrame:
    """The pupils of one or several class lists, a row each.

    A list of participants with the parts of the name in two columns, as Moodle gives it, is read too.
    Pupils marked as gone (전출, 자퇴, 휴학, …), numbers without a pupil (결번) and teachers are left out,
    and a notice says how many.

    Columns, all ``string``: ``class_name`` such as ``1학년 2반``, empty where nothing tells it;
    ``student_no``, the 학번, or one made of grade, class and number such as 10203, or the number in class
    alone; ``name``; ``email``; ``key``, a text that no two pupils share: the student number where that is so.
    ``attrs["notices"]`` are Korean sentences without names.

    Raises:
        InputError: as :func:`schoolkit.rosters.pupil_list.read_students`, or two pupils have one student number.
    """
    loaded, problems = load_sources(source)
    pupils: list[dict] = []
    notices: list[str] = []
    lists: list[tuple[str, bytes]] = []
    for file, data in loaded:
        try:
            found = [_participant(one) for table in read_tables(file, data) for one in participants(table, STUDENT_NO)]
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
            # what it says of those who have left speaks of groups
            notices += [one for one in students.attrs["notices"] if "결석" not in one]
            pupils += _pupils(students)
    here = [pupil for pupil in pupils if not pupil["left"] and not pupil["no_one"]]
    problems += _twice(here)
    if problems:
        raise InputError(problems)
    roster = pd.DataFrame(here, columns=["class_name", "student_no", "name", "email"])
    roster["key"] = _keys(here)
    roster = roster[COLUMNS].astype("string")
    roster.attrs = {"notices": [*notices, *_notices(pupils, roster)]}
    return roster


def _notices(pupils: Sequence[dict], roster: pd.DataFrame) -> list[str]:
    notices = []
    if gone := sum(pupil["left"] for pupil in pupils):
        notices.append(f"전출, 자퇴처럼 학교에 없다고 적힌 학생 {gone}명은 뺐습니다.")
    if no_one := sum(pupil["no_one"] for pupil in pupils):
        notices.append(f"결번이거나 선생님으로 적힌 {no_one}줄은 뺐습니다.")
    without = int(roster["student_no"].isna().sum())
    if 0 < without < len(roster):
        notices.append(f"학번이나 번호가 없는 {without}명도 학생으로 보았습니다. 선생님이면 명렬표에서 지워 주세요.")
    return notices


def _pupils(students: pd.DataFrame) -> list[dict]:
    columns = students.columns
    number, seat, grade = (_column(columns, words) for words in (STUDENT_NO, SEAT, _GRADE))
    told = class_labels(students)
    cells = {
        "name": [str(name) for name in students[students.attrs["name"]]],
        "number": _texts(students, number),
        "seat": _texts(students, seat),
        "email": _addresses(students),
        "grade": _texts(students, grade),
        "class": [label if any(told) else named for label, named in zip(told, students.attrs["classes"], strict=True)],
        "raw_class": _texts(students, find_column(columns, CLASS)),
        "where": students.attrs["rows"],
        "left": _left(students),
    }
    return [_pupil(dict(zip(cells, row, strict=True))) for row in zip(*cells.values(), strict=True)]


def _column(columns: Iterable[object], wanted: Sequence[str]) -> object | None:
    """The first of the wanted headers, whatever signs stand in it: ``학년-반-번호``, ``No.``."""
    by_key = {re.sub(r"[-/·.,]", "", header_key(column)): column for column in reversed(list(columns))}
    return next((by_key[key] for word in wanted if (key := word.rstrip(".")) in by_key), None)


def _texts(students: pd.DataFrame, column: object | None) -> list[str]:
    if column is None:
        return [""] * len(students)
    return ["" if pd.isna(value) else category_text(value) for value in students[column]]


def _addresses(students: pd.DataFrame) -> list[str]:
    """The cells of the column that holds addresses, whatever it is called; of several the fullest."""
    found: list[str] = [""] * len(students)
    for column in students.columns:
        cells = _texts(students, column)
        if sum(map(bool, map(_ADDRESS.fullmatch, cells))) > sum(map(bool, found)):
            found = [cell if _ADDRESS.fullmatch(cell) else "" for cell in cells]
    return found


def _left(students: pd.DataFrame) -> list[bool]:
    """For each pupil whether a remark, or a column about leaving, says that he or she is gone."""
    left = [False] * len(students)
    for column in students.columns:
        is_remark = header_key(column) in _REMARKS
        is_about_leaving = bool(_LEFT.search(header_key(column))) and not _STILL_HERE.search(header_key(column))
        if not is_remark and not is_about_leaving:
            continue
        for at, cell in enumerate(_texts(students, column)):
            bare = re.sub(r"\s", "", cell)
            if is_remark:
                left[at] |= _says_left(cell)
            else:
                left[at] |= not _NOT_SO.fullmatch(bare) and not _STILL_HERE.search(bare)
    return left


def _says_left(text: str) -> bool:
    return bool(_LEFT.search(text)) and not _STILL_HERE.search(text)


def _pupil(cells: dict) -> dict:
    name, status = parse_name(cells["name"])
    left = cells["left"] or (status is not None and _says_left(cells["name"])) or _says_left(cells["seat"])
    bare = re.sub(r"\s", "", cells["name"])
    number, seat = cells["number"], cells["seat"]
    if not number and parse_student_number(seat):
        number, seat = seat, ""  # a column 번호 that holds whole student numbers
    place = _place(cells, number, seat)
    if number and not number.isdigit() and (whole := _composed(place)):
        number = whole
    name = re.sub(r"\s", "", name) if name and _SPACED.fullmatch(name) else name
    return {
        # the number may tell the grade where the class is given without it
        "class_name": cells["class"]
        if cells["class"] not in ("", "반 없음", f"{place.class_no}반")
        else _class_of(place),
        "student_no": number or _composed(place) or (seat if re.fullmatch(r"\d+번?", seat) else "") or None,
        "name": name or cells["name"],
        "email": cells["email"] or None,
        "left": left,
        "no_one": bool(_NO_ONE.fullmatch(bare)) or (not number and not seat and bool(_TEACHER.fullmatch(bare))),
        "where": cells["where"],
    }


def _place(cells: dict, number: str, seat: str) -> Place:
    """Grade, class and number, of whatever says them."""
    if place := parse_student_number(number):
        return place
    stated = parse_class(cells["class"].replace(" ", "")) if cells["class"] else None
    grade = stated.grade if stated else _whole(cells["grade"])
    class_no = stated.class_no if stated else re.sub(r"반$", "", cells["raw_class"] or cells["class"]) or None
    if with_class := re.fullmatch(r"(\d{1,2})[-/.](\d{1,3})", number):
        return Place(grade, str(int(with_class[1])), int(with_class[2]))
    digits = re.fullmatch(r"(\d+)번?", seat)
    return Place(grade, class_no, int(digits[1]) if digits else None)


def _whole(text: str) -> int | None:
    digits = re.fullmatch(r"([1-6])(?:학년)?", text)
    return int(digits[1]) if digits else None


def _class_of(place: Place) -> str:
    if place.class_no is None or place.class_no == "반 없음":
        return ""
    return f"{place.grade}학년 {place.class_no}반" if place.grade else f"{place.class_no}반"


def _composed(place: Place) -> str | None:
    """A student number as schools write it: grade, two digits of class, two of number."""
    if None in place or not str(place.class_no).isdigit():
        return None
    return f"{place.grade}{int(place.class_no):02d}{place.seat_no:02d}"


def _participant(found: dict) -> dict:
    place = parse_student_number(found["student_no"] or "")
    return {**found, "class_name": _class_of(place) if place else "", "left": False, "no_one": False}


def _twice(pupils: Sequence[dict]) -> list[Problem]:
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
                    "한쪽을 고치거나, 반이 다르면 반을 적어 주세요.",
                    *pupil["where"],
                    kind="same_number",
                )
            )
    return problems


def _keys(pupils: Sequence[dict]) -> list[str]:
    numbers = Counter(pupil["student_no"] for pupil in pupils)
    taken: Counter = Counter()
    keys: list[str] = []
    for pupil in pupils:
        if pupil["student_no"] and numbers[pupil["student_no"]] == 1:
            key = pupil["student_no"]
        else:
            key = " ".join(filter(None, (pupil["class_name"], pupil["student_no"], pupil["name"])))
        taken[key] += 1
        keys.append(f"{key} ({taken[key]})" if taken[key] > 1 else key)
    return keys
