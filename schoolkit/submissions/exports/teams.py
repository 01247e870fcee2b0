"""Exports of Microsoft Teams' assignments and grades -> what they say of each pupil."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...rosters.headers import header_key
from ...tables import Table
from ..dates import is_day_first, parse_time
from .export import Export, Line, Task, Written
from .grade_cells import said_by_grade
from .pupil_rows import (
    EMAIL,
    FAMILY_NAME,
    GIVEN_NAME,
    header_at,
    pupil_columns,
    pupils_below,
    rows_in_words,
    title_of_file,
    title_text,
)

TEAMS = "Microsoft Teams 과제"

# the columns that may follow the one headed by an assignment's title
_DETAILS = {
    "points": ("points", "점수", "포인트", "배점", "maxpoints", "pointspossible"),
    "feedback": ("feedback", "피드백", "의견"),
    "status": ("status", "상태", "제출상태", "submissionstatus"),
    "time": ("turnedintime", "turnedindate", "submissiondate", "제출시간", "제출일", "제출날짜"),
    "due": ("duedate", "기한", "마감일", "마감날짜"),
}
# the words of the list of hand-ins in Teams; a mere "late" is none, since it may mean overdue
_WORDS = {
    "handed_in": "turnedin submitted graded 제출됨 제출함 제출 제출완료 채점됨 채점완료",
    "sent_back": "returned 반환됨 반환 돌려줌",
    "late": "turnedinlate submittedlate 늦게제출됨 늦게제출 지연제출됨 지연제출 지각제출",
    "returned": "returnedforrevision reassigned revisionrequested"
    " 수정을위해반환됨 수정을위해반환 수정요청됨 다시할당됨",
    "excused": "excused 면제됨 면제",
    "nothing": "notturnedin notsubmitted viewed notviewed notyetviewed working workingonit assigned missing"
    " missed pastdue 제출되지않음 제출안됨 제출안함 제출하지않음 미제출 확인함 확인됨 조회함 조회됨 보지않음"
    " 확인안함 작업중 할당됨 누락됨 기한지남",
}
_SAID = {word: said for said, words in _WORDS.items() for word in words.split()}

_CAVEAT = "점수만 있는 과제는 점수가 비었거나 0이면 냈는지 알 수 없어 '알 수 없음'으로 둡니다."


@dataclass
class _Assignment:
    """Where an assignment stands: its title, the column of the points earned, and its details' columns."""

    title: str
    column: int | None
    details: dict[str, int] = field(default_factory=dict)


def read_teams(table: Table) -> Export | None:
    """What Teams exports of a class's assignments; None if the table is something else.

    A row is a pupil: first name, last name, address, and for each assignment a column headed by its
    title with the points earned, then ``Points`` (those possible) and ``Feedback``, as
    TeamsAtlasBridge describes the files; a status is read where there is one. Points above 0 are a
    hand-in. A blank and a 0 are unknown: Teams gives both to those who have handed in and to those who have not.
    Where details alone stand behind the address, a status among them, the file is about one assignment and is
    called like it.

    Raises:
        InputError: it names no pupil.
    """
    top = header_at(table, _is_teams)
    if top is None:
        return None
    headers = table.rows[top]
    assignments = _one_assignment(table.file, headers) or _assignments(headers)
    pupils, notices = pupils_below(table, top, pupil_columns(headers[:3]))
    if assignments[0].column is None and not _has_known_states(table, pupils, assignments[0]):
        return None
    times = [one.details[kind] for one in assignments for kind in ("time", "due") if kind in one.details]
    day_first = is_day_first(table.value(i, j) for i, _ in pupils for j in times)
    lines: list[Line] = []
    strange: dict[int, list[int]] = {}
    for i, who in pupils:
        for number, one in enumerate(assignments):
            said = _said(table, i, one)
            if said is None:
                strange.setdefault(number, []).append(i)
            time = parse_time(table.value(i, one.details.get("time")), day_first=day_first)
            lines.append(Line(i + 1, who, number, said or "unknown", time if said in ("handed_in", "late") else None))
    return Export(
        file=table.file,
        format=TEAMS,
        tasks=tuple(Task(one.title, _due(table, [i for i, _ in pupils], one, day_first)) for one in assignments),
        lines=tuple(lines),
        lists_everyone=True,
        caveat="" if all(_status(table, i, one) for i, _ in pupils for one in assignments) else _CAVEAT,
        notices=notices
        + tuple(
            f"과제 '{assignments[number].title}'에 모르는 말이 있어 '알 수 없음'으로 두었습니다({rows_in_words(rows)})."
            for number, rows in strange.items()
        ),
    )


def _is_teams(header: Sequence[str]) -> bool:
    keys = [header_key(cell) for cell in header]
    named = [next((words for words in (GIVEN_NAME, FAMILY_NAME, EMAIL) if key in words), None) for key in keys[:3]]
    ours = named in ([GIVEN_NAME, FAMILY_NAME, EMAIL], [FAMILY_NAME, GIVEN_NAME, EMAIL])
    return ours and bool(_one_assignment("", header) or _assignments(header))


def _detail(header: str) -> str | None:
    return next((kind for kind, words in _DETAILS.items() if header_key(header) in words), None)


def _assignments(headers: Sequence[str]) -> list[_Assignment]:
    """The assignments, each a title with the points possible or the status beside it; none if one has neither."""
    found: list[_Assignment] = []
    for j, header in enumerate(headers[3:], start=3):
        kind = _detail(header)
        if kind and found and kind not in found[-1].details:
            found[-1].details[kind] = j
        elif header:
            found.append(_Assignment(title_text(header), j))
    return found if all({"points", "status"} & one.details.keys() for one in found) else []


def _one_assignment(file: str, headers: Sequence[str]) -> list[_Assignment]:
    """The assignment of a file that has its details alone, called like the file; none if it is another one."""
    kinds = {j: _detail(header) for j, header in enumerate(headers) if j >= 3 and header}
    details = {kind: j for j, kind in reversed(kinds.items())}
    twice = len(details) < len(kinds) - [*kinds.values()].count("points") + ("points" in details)
    if "status" not in details or None in details or twice:
        return []
    return [_Assignment(title_text(title_of_file(file)), None, details)]


def _has_known_states(table: Table, pupils: Sequence[tuple[int, Written]], one: _Assignment) -> bool:
    """Whether most of the words of a status are those of hand-ins."""
    words = [word for i, _ in pupils if (word := _status(table, i, one))]
    return sum(word in _SAID for word in words) * 2 > len(words)


def _status(table: Table, i: int, one: _Assignment) -> str:
    """The word that says a pupil's state, as :data:`_SAID` has it: of the status, or in the place of points."""
    status = re.sub(r"[\s.:!✓✔-]", "", table.value(i, one.details.get("status"))).casefold()
    earned = re.sub(r"\s", "", table.value(i, one.column)).casefold()
    return status or (earned if said_by_grade(earned) is None else "")


def _said(table: Table, i: int, one: _Assignment) -> str | None:
    """What a row says of an assignment; None for a word that is not known."""
    earned = table.value(i, one.column)
    status = _status(table, i, one)
    said = _SAID.get(status) if status else said_by_grade(earned)
    if said == "sent_back":  # this can be done with 0 points though nothing was turned in
        earned = earned or table.value(i, one.details.get("points"))
        return "unknown" if earned and said_by_grade(earned) == "unknown" else "handed_in"
    return said


def _due(table: Table, rows: Sequence[int], one: _Assignment, day_first: bool):
    dues = (parse_time(table.value(i, one.details.get("due")), day_first=day_first, end_of_day=True) for i in rows)
    return next((due for due in dues if due), None)
