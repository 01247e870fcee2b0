"""Google Classroom's files of grades."""

from __future__ import annotations

import re
import unicodedata

from ...rosters.headers import header_key
from ...students import name_key
from ...tables import Table
from ..dates import is_day_first, is_no_time, parse_time
from .export import Export, Line, Task
from .grade_cells import said_by_grade, unread_grades
from .pupil_rows import (
    PupilColumns,
    header_at,
    no_assignments,
    pupil_columns,
    pupils_below,
    title_of_file,
    title_text,
)

CLASSROOM = "Google 클래스룸 성적"

_CAVEAT = (
    "클래스룸 성적 파일에는 점수만 있어 아직 채점하지 않은 것과 내지 않은 것을 가릴 수 없습니다. 0점보다 높은 점수가 "
    "있으면 제출로, 빈칸이나 0점이면 ‘알 수 없음’으로 봅니다. ‘날짜’ 줄의 날짜는 마감일로 봅니다."
)
# what stands in the name's column of the lines between header and pupils, as name_key gives it
_DATE = re.compile("(?:due)?date|날짜|마감일|기한|제출기한")
_POINTS = re.compile("(?:max(?:imum)?|total)?points?(?:possible)?|(?:최대|총)?(?:점수|포인트)|총점|만점|배점")
_AVERAGE = re.compile(
    "(?:class|overall)?average(?:grade|score)?|(?:학급|수업|클래스|반|전체)?평균(?:점수|성적|포인트)?"
)
_WITHIN = 5
_TOTAL = re.compile(
    "overallgrade|totalgrade|finalgrade|(?:class)?average|(?:전체|총|종합|최종)(?:성적|점수)|(?:학급|전체)?평균"
)
_GRADE = ("grade", "성적", "점수")
_STATE = ("assignmentstate", "과제상태", "제출상태")
_WORDS = {
    "late": re.compile("(?:turnedin|done|submitted)?late|(?:지각|늦게)(?:제출(?:함|됨|완료)?|완료)?|기한지난제출|늦음"),
    "handed_in": re.compile(
        "turnedin|submitted|done|graded|returned|제출(?:함|됨|완료)?|완료|채점(?:됨|완료)|반환됨|돌려줌"
    ),
    "missing": re.compile("missing|누락(?:됨)?|미제출"),
    "nothing": re.compile("assigned|notturnedin|notsubmitted|할당(?:됨|완료)?|제출안함|제출되지않음"),
    "excused": re.compile("excused?|ex|면제(?:됨)?"),
}


def read_classroom(table: Table) -> Export | None:
    """The grades of a class, a task per column, or those of one assignment; None if the sheet is something else.

    Below the header of names, address and titles stand a line with the dates on which the assignments
    are due, one with their points, and perhaps the class's average. The file of one assignment has a
    column for its grade and one for its state instead; its title is the file's name.

    Raises:
        InputError: it has no pupils or no assignments.
    """
    header = header_at(table, _names_pupils)
    if header is None:
        return None
    columns = pupil_columns(table.rows[header])
    keys = [header_key(cell) for cell in table.rows[header]]
    state = next((keys.index(word) for word in _STATE if word in keys), None)
    if state is not None and any(word in keys for word in _GRADE):
        grade = next(keys.index(word) for word in _GRADE if word in keys)
        return _export(table, header, columns, [((state, grade), Task(title_text(title_of_file(table.file))))])
    labels = {i: _label(table, i, columns) for i in range(header + 1, min(header + 1 + _WITHIN, len(table.rows)))}
    dates = next((i for i, label in labels.items() if _DATE.fullmatch(label)), -1)
    if dates < 0 and not any(_POINTS.fullmatch(label) for label in labels.values()):
        return None
    assignments = _assignments(table, header, columns, dates)
    undated = [
        f"‘{task.title}’" for (j,), task in assignments if task.due is None and not is_no_time(table.value(dates, j))
    ]
    notices = [f"마감일을 읽지 못했습니다({dates + 1}행): {', '.join(undated)}."] if undated else []
    return _export(table, header, columns, assignments, notices)


def _names_pupils(row: list[str]) -> bool:
    columns = pupil_columns(row)
    return None not in (columns.family, columns.given, columns.email)


def _label(table: Table, i: int, columns: PupilColumns) -> str:
    """The one word that stands where pupils have their names; empty if there are more."""
    words = [cell for j in (columns.family, columns.given, columns.email) if (cell := table.value(i, j))]
    return name_key(words[0]) if len(words) == 1 else ""


def _assignments(table: Table, header: int, columns: PupilColumns, dates: int) -> list[tuple[tuple, Task]]:
    """The columns of assignments, each with its title and the end of the day that stands in row ``dates``."""
    who = {columns.family, columns.given, columns.email, columns.full_name, columns.class_name, *columns.numbers}
    titled = [(j, cell) for j, cell in enumerate(table.rows[header]) if cell and j not in who]
    titled = [(j, cell) for j, cell in titled if not _TOTAL.fullmatch(header_key(cell))]
    written = {j: table.value(dates, j) for j, _ in titled}
    day_first = is_day_first(written.values())
    return [
        ((j,), Task(title_text(cell), parse_time(written[j], day_first=day_first, end_of_day=True)))
        for j, cell in titled
    ]


def _export(table: Table, header: int, columns: PupilColumns, assignments: list[tuple[tuple, Task]], unread_dates=()):
    """The export of the pupils below a header; each assignment has the columns that speak of it."""
    if not assignments:
        raise no_assignments(table.file)
    above = (_DATE, _POINTS, _AVERAGE)

    def passed_over(i: int) -> bool:
        label = _label(table, i, columns)
        return any(pattern.fullmatch(label) for pattern in above)

    pupils, notices = pupils_below(table, header, columns, passed_over)
    lines, unread = [], []
    for i, who in pupils:
        for task, (cells, _) in enumerate(assignments):
            said = [one for j in cells for one in _said(table.value(i, j))]
            unread += [i] * (None in said)
            lines.append(Line(i + 1, who, task, _told(said)))
    with_states = any(len(cells) > 1 for cells, _ in assignments)
    return Export(
        file=table.file,
        format=CLASSROOM,
        tasks=tuple(task for _, task in assignments),
        lines=tuple(lines),
        lists_everyone=True,
        caveat="" if with_states else _CAVEAT,
        notices=(*notices, *unread_dates, *unread_grades(unread)),
    )


def _said(cell: str) -> tuple[str | None, ...]:
    """What a cell says: a grade, a word that stands in its place, or both; None for what is neither."""
    text = unicodedata.normalize("NFKC", cell)
    word = re.sub(r"[\W\d_]", "", text).casefold()
    meant = next((said for said, pattern in _WORDS.items() if pattern.fullmatch(word)), None)
    if meant is None:
        return (said_by_grade(text),)
    return meant, said_by_grade(re.sub(r"[^\d.,/%]", "", text)) or "unknown"


def _told(said: list[str | None]) -> str:
    """What counts: a word before a grade, but a grade above zero was given for something."""
    word = next((one for one in said if one not in (None, "unknown")), "unknown")
    return "handed_in" if word in ("missing", "nothing") and "handed_in" in said else word
