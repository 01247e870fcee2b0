"""Moodle's files for teachers: the grading worksheet, the activity completion report and the gradebook."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from ...rosters.headers import header_key
from ...tables import Table
from ..dates import is_no_time, parse_time
from .cell_words import may_be_name
from .export import Export, Line, Task
from .grade_cells import said_by_grade, unread_grades
from .moodle_words import (
    DUE,
    IDENTIFIER,
    ONLY_IN_WORKSHEETS,
    STATUS,
    SUBMITTED_AT,
    Status,
    completion_word,
    parse_completion,
    parse_grade_column,
    parse_status,
)
from .pupil_rows import (
    header_at,
    no_assignments,
    no_pupils,
    pupil_columns,
    pupils_below,
    rows_in_words,
    title_of_file,
    title_text,
)

WORKSHEET = "Moodle 채점 워크시트"
COMPLETION = "Moodle 활동 완료 보고서"
GRADEBOOK = "Moodle 성적부"

_COMPLETION_CAVEAT = (
    "활동 완료는 완료 조건이 ‘제출’일 때만 제출과 같습니다. 학생에게 숨긴 활동과 과제가 아닌 활동도 들어 있고, "
    "임시 저장과 지각, 제출한 때는 알 수 없습니다."
)
_GRADEBOOK_CAVEAT = (
    "성적부에는 점수만 있어 아직 채점하지 않은 것과 내지 않은 것을 가릴 수 없습니다. 0점보다 높은 점수가 있으면 "
    "제출로, 점수가 없거나 0점이면 ‘알 수 없음’으로 봅니다. 다시 내라고 돌려준 과제도 앞서 받은 점수가 남아 있으면 "
    "제출로 보입니다."
)
# what newer versions write behind an activity's title, above the times of completion
_COMPLETED_AT = re.compile(
    r"\s*[-–—:]?\s*\(?(?:completion date|date completed|(?:완료|이수)\s*(?:한\s*)?(?:일시|일자|날짜|시각|시간|일))\)?",
    re.IGNORECASE,
)


def read_worksheet(table: Table) -> Export | None:
    """A grading worksheet (offline grading) of one assignment; None if the sheet is something else.

    The title is that of the file's name, see :func:`worksheet_title`. A worksheet of blind marking
    names no one: it has no lines, and a notice with its counts.

    Raises:
        InputError: it has no pupils.
    """

    def fits(row: list[str]) -> bool:
        keys = [header_key(cell) for cell in row]
        return all(any(key in words for key in keys) for words in (IDENTIFIER, STATUS, ONLY_IN_WORKSHEETS))

    header = header_at(table, fits)
    if header is None:
        return None
    keys = [header_key(cell) for cell in table.rows[header]]
    status_at, submitted_column, due_column = (_first(keys, words) for words in (STATUS, SUBMITTED_AT, DUE))
    title = worksheet_title(table.file)
    columns = pupil_columns(table.rows[header])
    if not columns.any:
        return _anonymous(table, header, status_at, title)

    pupils, notices = pupils_below(table, header, columns)
    times = _Times(table)
    statuses = {i: parse_status(table.value(i, status_at)) for i, _ in pupils}
    dues = {i: times.read(i, due_column) for i, _ in pupils}
    due = _usual(list(dues.values()))
    lines = []
    for i, who in pupils:
        status = statuses[i]
        handed_in = status.said in ("handed_in", "late")
        own_due = max(filter(None, (dues[i], status.extension)), default=None)
        lines.append(
            Line(
                row=i + 1,
                who=who,
                task=0,
                said=status.said or "unknown",
                submitted_at=times.read(i, submitted_column) if handed_in else None,
                due=own_due if own_due != due else None,
            )
        )
    return Export(
        file=table.file,
        format=WORKSHEET,
        tasks=(Task(title, due),),
        lines=tuple(lines),
        lists_everyone=True,
        notices=(*notices, *_status_notices(statuses), *times.notices()),
    )


def _first(keys: list[str], words: tuple[str, ...]) -> int | None:
    return next((keys.index(word) for word in words if word in keys), None)


def _usual(dues: list[datetime | None]) -> datetime | None:
    """The due date of most; None if someone has none, as a line can't say that it has no due date."""
    return Counter(dues).most_common(1)[0][0] if all(dues) else None


class _Times:
    """Reads the times of a sheet and remembers where one was not understood."""

    def __init__(self, table: Table):
        self._table = table
        self._unread: set[int] = set()

    def read(self, i: int, j: int | None) -> datetime | None:
        text = self._table.value(i, j)
        time = parse_time(text)
        if time is None and not is_no_time(text):
            self._unread.add(i)
        return time

    def notices(self) -> tuple[str, ...]:
        return (f"날짜를 읽지 못해 비워 두었습니다({rows_in_words(self._unread)}).",) if self._unread else ()


def _status_notices(statuses: dict[int, Status]) -> list[str]:
    """What was not understood of the statuses, each word with its rows."""
    notices = _unknown_words((i, one.word) for i, one in statuses.items() if one.said is None and not one.offline)
    offline = [i for i, one in statuses.items() if one.offline]
    if offline:
        notices.append(
            f"제출 상태가 적혀 있지 않아 ‘알 수 없음’으로 두었습니다({rows_in_words(offline)}). "
            "온라인 제출을 받지 않는 과제라면 제출 여부가 Moodle에 없습니다."
        )
    unread = [i for i, one in statuses.items() if one.extension_unread]
    if unread:
        notices.append(f"연장된 기한을 읽지 못했습니다({rows_in_words(unread)}).")
    return notices


def _unknown_words(words: Iterable[tuple[int, str]]) -> list[str]:
    """A notice for each word that is not known, with its rows; what may be an address or a number is not quoted."""
    rows: dict[str, list[int]] = defaultdict(list)
    for i, word in words:
        quotable = len(word) <= 40 and not re.search(r"@|\d{3}", word) and not may_be_name(word)
        rows[f"‘{word}’ 상태는 뜻을 몰라" if quotable else "뜻을 모르는 상태가 있어"].append(i)
    return [f"{what} ‘알 수 없음’으로 두었습니다({rows_in_words(at)})." for what, at in rows.items()]


def _anonymous(table: Table, header: int, status_at: int, title: str) -> Export:
    """A worksheet that names no one, as one without lines."""
    said: Counter = Counter()
    for i in range(header + 1, len(table.rows)):
        if cell := table.value(i, status_at):
            said[parse_status(cell).said] += 1
    if not said:
        raise no_pupils(table.file)
    counts = [
        f"{words} {count}명"
        for words, count in (
            ("제출", said["handed_in"] + said["late"]),
            ("임시 저장", said["draft"]),
            ("다시 내야 함", said["returned"]),
            ("미제출", said["nothing"]),
            ("알 수 없음", said[None]),
        )
        if count or words in ("제출", "미제출")
    ]
    notice = (
        f"{', '.join(counts)}입니다. 익명 채점이라 누구인지 알 수 없습니다. "
        "채점을 마치고 Moodle에서 학생 이름을 공개한 다음 내려받으면 학생별로 볼 수 있습니다."
    )
    return Export(table.file, WORKSHEET, (Task(title),), (), lists_everyone=True, notices=(notice,))


def worksheet_title(file: str) -> str:
    """The assignment's title, as far as the file's name gives it.

    Moodle names the file ``Grades-<short name of the course>-<assignment>-<number>.csv``. Where
    more hyphens than these do not tell where the course ends, both are kept.

    >>> worksheet_title("Grades-국어1-독서 감상문-12.csv"), worksheet_title("성적-국어-1-독서 감상문-12 (1).csv")
    ('독서 감상문', '국어-1-독서 감상문')
    >>> worksheet_title("1차 수행평가.xlsx")
    '1차 수행평가'
    """
    stem = title_of_file(file)
    named = re.fullmatch(r"(?i)(?:grades|성적)-(.+)-\d+(?: ?\(\d+\))?", stem)
    if not named:
        return title_text(stem)
    parts = named[1].split("-")
    return title_text(parts[1] if len(parts) == 2 and parts[1].strip() else named[1])


def read_completion(table: Table) -> Export | None:
    """An activity completion report of a course, a task per activity; None if the sheet is something else.

    Its header begins with an empty cell for the name, and each title is followed by a cell that is
    empty, repeats the title (``<title> - Completion date``) or has the day by which completion is
    expected; that day is taken as the due date.
    """
    header = next((i for i in range(min(len(table.rows), 30)) if _has_completions(table, i)), None)
    if header is None:
        return None
    cells = table.rows[header]
    start = _first_activity(cells)
    # the one column without a header holds the names
    columns = pupil_columns(["성명" if not cells[0] else cells[0], *cells[1:start]])
    pupils, notices = pupils_below(table, header, columns)
    titled = [j for j in range(start, len(cells), 2) if cells[j]]
    activities = [j for j in titled if any(parse_completion(table.value(i, j)) for i, _ in pupils)]
    if not activities:
        raise no_assignments(table.file)
    others = ", ".join(f"‘{title_text(cells[j])}’" for j in titled if j not in activities)
    expected = [parse_time(table.value(header, j + 1), end_of_day=True) for j in activities]
    tasks = tuple(Task(title_text(cells[j]), due) for j, due in zip(activities, expected, strict=True))
    lines, unknown, empty = [], [], []
    for i, who in pupils:
        for task, j in enumerate(activities):
            said = parse_completion(table.value(i, j))
            if said is None and table.value(i, j):
                unknown.append((i, completion_word(table.value(i, j))))
            elif said is None:
                empty.append(i)
            lines.append(Line(i + 1, who, task, said or "unknown"))
    blank = [f"완료 상태가 비어 있어 ‘알 수 없음’으로 두었습니다({rows_in_words(empty)})."] if empty else []
    return Export(
        file=table.file,
        format=COMPLETION,
        tasks=tasks,
        lines=tuple(lines),
        lists_everyone=True,
        caveat=_COMPLETION_CAVEAT,
        notices=(
            *notices,
            *([f"활동 완료가 적혀 있지 않은 칸은 읽지 않았습니다: {others}."] if others else []),
            *_unknown_words(unknown),
            *blank,
        ),
    )


def _first_activity(row: list[str]) -> int | None:
    """Where pairs of a title and an empty cell or a time begin that go on to the row's end; None if there are none."""
    filled = [j for j, cell in enumerate(row) if cell]
    if not filled or (row[0] and pupil_columns(row[:1]).full_name is None):
        return None
    at = filled[-1]
    if at > 1 and _is_beside(row[at - 1], row[at]):
        at -= 1
    while at >= 3 and row[at - 2] and _is_beside(row[at - 2], row[at - 1]):
        at -= 2
    return at if at >= 1 and all(row[1 : at + 1]) else None


def _is_beside(title: str, cell: str) -> bool:
    """Whether a cell of the header is the second of an activity: empty, a time, or ``<title> - Completion date``."""
    if not cell or parse_time(cell) is not None:
        return True
    return cell.startswith(title) and bool(_COMPLETED_AT.fullmatch(cell.removeprefix(title)))


def _has_completions(table: Table, header: int) -> bool:
    """Whether a row is the header of such a report: below its titles are completions, and beside them times."""
    cells = table.rows[header]
    start = _first_activity(cells)
    if start is None:
        return False
    below = range(header + 1, len(table.rows))
    width = len(cells) + 1
    said = [cell for i in below for j in range(start, width, 2) if (cell := table.value(i, j))]
    beside = [cell for i in below for j in range(start + 1, width, 2) if (cell := table.value(i, j))]
    known = sum(count for cell, count in Counter(said).items() if parse_completion(cell))
    named = any(cells[j + 1] and _is_beside(*cells[j : j + 2]) for j in range(start, len(cells) - 1, 2))
    return known * 2 > len(said) and all(map(parse_time, set(beside))) and bool(beside or named or not cells[0])


def read_gradebook(table: Table) -> Export | None:
    """A gradebook's export, a task per graded activity; None if the sheet is something else.

    Columns that show one grade in several ways are one task; totals are none.

    Raises:
        InputError: it has no pupils, or nothing but totals.
    """

    def fits(row: list[str]) -> bool:
        return pupil_columns(row).any and any(
            column.kind in ("activity", "total") for cell in row if (column := parse_grade_column(cell))
        )

    header = header_at(table, fits)
    if header is None:
        return None
    items = _grade_items(table.rows[header])
    shown = [columns for _, kind, columns in items if kind in ("activity", "plugin")]
    if not shown:
        raise no_assignments(table.file)
    pupils, notices = pupils_below(table, header, pupil_columns(table.rows[header]))
    lines, unread = [], []
    for i, who in pupils:
        for task, columns in enumerate(shown):
            said = {said_by_grade(table.value(i, j)) for j in columns}
            unread += [i] * (said == {None})
            lines.append(Line(i + 1, who, task, "handed_in" if "handed_in" in said else "unknown"))
    by_hand = [f"‘{title}’" for title, kind, _ in items if kind == "item"]
    return Export(
        file=table.file,
        format=GRADEBOOK,
        tasks=tuple(Task(title) for title, kind, _ in items if kind in ("activity", "plugin")),
        lines=tuple(lines),
        lists_everyone=True,
        caveat=_GRADEBOOK_CAVEAT,
        notices=(
            *notices,
            *([f"활동이 아닌 성적 항목은 과제로 보지 않았습니다: {', '.join(by_hand)}."] if by_hand else []),
            *unread_grades(unread),
        ),
    )


def _grade_items(header: list[str]) -> list[tuple[str, str, list[int]]]:
    """Title, kind and columns of each item; the columns of one item stand side by side, each with its own display."""
    items: list[tuple[str, str, list[int]]] = []
    displays: set[str] = set()
    for j, cell in enumerate(header):
        column = parse_grade_column(cell)
        if column is None:
            continue
        title = title_text(column.title)
        if not items or items[-1][:2] != (title, column.kind) or column.display in displays:
            items.append((title, column.kind, []))
            displays = set()
        items[-1][2].append(j)
        displays.add(column.display)
    return items
