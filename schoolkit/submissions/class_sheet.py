"""A class on a sheet: pupils × assignments, each cell a word and a colour that also tells apart in black and white."""

from __future__ import annotations

import math

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from ..sheets import Looks, lines_needed, print_on_a4, row_height, safe_text, write_text
from .status import OUTSTANDING
from .wording import MEANINGS, SHORT_STATES, excel_time, one_line, pupil_cells

MANY = 3  # so many assignments not handed in: a pupil who needs care
STATE_LOOKS = {
    "submitted": {"font_color": "#595959"},
    "late": {"bg_color": "#FFF2CC"},
    "draft": {"bg_color": "#F8CBAD", "bold": True},
    "returned": {"bg_color": "#F8CBAD", "bold": True, "italic": True},
    "missing": {"bg_color": "#9C1C1C", "font_color": "#FFFFFF", "bold": True},
    "excused": {"font_color": "#7F7F7F", "italic": True},
    "not_yet_due": {"font_color": "#7F7F7F", "italic": True},
    "unknown": {"bg_color": "#D9D9D9", "italic": True},
}
_ASIDE = {"bg_color": "#EDEDED", "font_color": "#808080", "bold": False, "italic": True}
LOOKS = {
    **STATE_LOOKS,
    "aside": _ASIDE,
    "not counted": {"font_color": "#7F7F7F", "italic": True, "bold": False, "bg_color": "#FFFFFF"},
    "small": {"font_size": 9},
    "one line": {"text_wrap": False, "shrink": True},
    "turned": {"rotation": 90, "valign": "vcenter"},
    "right": {"align": "right"},
    "day": {"num_format": 'm"/"d'},
    "pupils": {"num_format": '0"명";;"–"'},
    "assignments": {"num_format": '0;;""'},
    "many": {"bold": True, "bg_color": "#F8CBAD"},
    "note": {"text_wrap": True, "valign": "vcenter", "font_color": "#404040"},
}
# widths in Excel's units, heights in points
_NUMBER, _NAME, _COUNT = 10, 12, 6
_WIDEST_NAME = 26
_NARROW, _WIDE, _ACROSS = 5.6, 20, 118
_READ_ACROSS = 11
_LINES_TURNED, _LOWEST, _HIGHEST = 2, 60, 170
_POINTS_A_UNIT = 5.25
_A_PAGE = 32  # assignments side by side that can still be read on A4
_PAGE_HEIGHT, _SMALLEST = 525, 0.6
_ROW = 16
_TITLE, _NOTE, _TASKS, _DUE, _RATE, _HEAD = range(6)
_FIXED = 3
_RULED = 5  # a stronger line after so many pupils leads the eye


def write_class(sheet: Worksheet, looks: Looks, title: str, rows: pd.DataFrame, tasks: pd.DataFrame) -> None:
    """One class as a grid, in the order of the table.

    Args:
        looks: has :data:`LOOKS`.
        title: what stands above it.
        rows: of this class, as :func:`standing` gives them.
        tasks: this class's assignments by their number in ``rows``, as :func:`assignment_summary` describes them.
    """
    last = _FIXED + len(tasks) - 1
    width = min(max(_ACROSS / len(tasks), _NARROW), _WIDE)
    for column, units in enumerate((_NUMBER, _name_width(rows), _COUNT)):
        sheet.set_column(column, column, units)
    sheet.set_column(_FIXED, last, width)
    write_text(sheet, looks, _TITLE, 0, safe_text(title), "title")
    sheet.set_row(_TITLE, 26)
    height = 26 + _write_note(sheet, looks, rows, tasks, width)
    height += _write_head(sheet, looks, tasks, width)
    pupils = rows.groupby("pupil", sort=False)
    hidden = tasks["hidden"].to_dict()
    for at, (_, part) in enumerate(pupils):
        _write_pupil(sheet, looks, _HEAD + 1 + at, part, hidden)
    height += _ROW * len(pupils)
    _set_up_page(sheet, len(tasks), height)


def _name_width(rows: pd.DataFrame) -> int:
    """A width that holds every name, of those that leave room for the rest; longer names are shrunk."""
    names = [one_line(name) for name in rows["name"].unique()]
    fitting = (width for width in range(_NAME, _WIDEST_NAME) if all(lines_needed(one, width) == 1 for one in names))
    return next(fitting, _WIDEST_NAME)


def _write_note(sheet: Worksheet, looks: Looks, rows: pd.DataFrame, tasks: pd.DataFrame, width: float) -> float:
    """What the words of this sheet mean; the height of the row comes back."""
    there = set(rows["shown"])
    words = [f"{SHORT_STATES[one]}: {meaning}" for one, meaning in MEANINGS.items() if one in there]
    note = " · ".join([*words, "안 냄: 기한이 지난 미제출, 임시, 다시의 수"])
    if tasks["hidden"].any():
        note += " · (숨김) 회색 과제: 학생에게 보이지 않아 세지 않음"
    pages = _pages_across(len(tasks))
    # over several pages: where it is neither repeated in part nor cut at the edge
    first, last = (0, _FIXED + len(tasks) - 1) if pages == 1 else (_FIXED, _FIXED + len(tasks) // pages - 2)
    sheet.merge_range(_NOTE, first, _NOTE, last, note, looks("note", "small"))
    across = width * (last - _FIXED + 1) + (0 if first else _NUMBER + _NAME + _COUNT)
    height = row_height(lines_needed(note, across))
    sheet.set_row(_NOTE, height)
    return height


def _pages_across(tasks: int) -> int:
    return math.ceil(tasks / _A_PAGE)


def _write_head(sheet: Worksheet, looks: Looks, tasks: pd.DataFrame, width: float) -> float:
    """Titles, due dates, rates and counts; the height of these rows comes back."""
    for row, label in ((_TASKS, "과제"), (_DUE, "기한"), (_RATE, "제출률")):
        sheet.merge_range(row, 0, row, _FIXED - 1, label, looks("header", "middle", "right"))
    for column, label in enumerate(("학번", "이름", "안 냄")):
        write_text(sheet, looks, _HEAD, column, label, "header", "middle")
    turned = width < _READ_ACROSS
    titles = [f"(숨김) {one_line(title)}" if hidden else one_line(title) for title, hidden in _pairs(tasks)]
    height, titles = _fitting_turned(titles) if turned else _fitting_across(titles, width)
    for at, (text, task) in enumerate(zip(titles, tasks.itertuples(), strict=True)):
        column, aside = _FIXED + at, ("aside",) if task.hidden else ()
        write_text(sheet, looks, _TASKS, column, text, "header", "middle", "small", *(["turned"] * turned), *aside)
        due = excel_time(task.due)
        _write(sheet, looks, _DUE, column, "–" if due is None else due, "header", "small", "day", *aside)
        rate = "–" if math.isnan(task.rate) else task.rate
        _write(sheet, looks, _RATE, column, rate, "header", "small", "percent", *aside)
        _write(sheet, looks, _HEAD, column, task.to_urge, "header", "small", "pupils", *aside)
    sheet.set_row(_TASKS, height)
    for row in (_DUE, _RATE, _HEAD):
        sheet.set_row(row, _ROW)
    return height + 3 * _ROW


def _pairs(tasks: pd.DataFrame) -> list[tuple[str, bool]]:
    return list(zip(tasks["assignment"], tasks["hidden"], strict=True))


def _fitting_turned(titles: list[str]) -> tuple[float, list[str]]:
    """The height that holds every title turned, the longest ones shortened."""
    for height in range(_LOWEST, _HIGHEST + 1, 10):
        units = height / _POINTS_A_UNIT - 1
        if all(lines_needed(title, units) <= _LINES_TURNED for title in titles):
            return height, [safe_text(title) for title in titles]
    return _HIGHEST, [_shortened(title, _HIGHEST / _POINTS_A_UNIT - 1, _LINES_TURNED) for title in titles]


def _fitting_across(titles: list[str], width: float) -> tuple[float, list[str]]:
    most = 6
    titles = [_shortened(title, width, most) for title in titles]
    return row_height(max(lines_needed(title, width) for title in titles)), titles


def _shortened(title: str, width: float, lines: int) -> str:
    title = safe_text(title)
    if lines_needed(title, width) <= lines:
        return title
    fitting = (end for end in range(len(title), 0, -1) if lines_needed(title[:end] + "…", width) <= lines)
    return title[: next(fitting, 1)].rstrip() + "…"


def _write_pupil(sheet: Worksheet, looks: Looks, row: int, part: pd.DataFrame, hidden: dict[int, bool]) -> None:
    rule = ("rule above",) if (row - _HEAD - 1) % _RULED == 0 else ()
    first = part.iloc[0]
    number, name = pupil_cells(first["student_no"], first["name"])
    _write(sheet, looks, row, 0, number, "cell", "centre", "one line", *rule)
    _write(sheet, looks, row, 1, name, "cell", "one line", *rule)
    count = int(part["to_urge"].sum())
    _write(sheet, looks, row, 2, count, "cell", "centre", "assignments", *(["many"] * (count >= MANY)), *rule)
    cells = dict(zip(part["task"], zip(part["shown"], part["to_urge"], strict=True), strict=True))
    for at, (task, is_hidden) in enumerate(hidden.items()):
        state, to_urge = cells.get(task, (None, False))
        names = ["cell", "centre", "small", "one line", *([state] if state else [])]
        if is_hidden:
            names.append("aside")
        elif state in OUTSTANDING and not to_urge:
            names.append("not counted")
        _write(sheet, looks, row, _FIXED + at, SHORT_STATES.get(state), *names, *rule)
    sheet.set_row(row, _ROW)


def _write(sheet: Worksheet, looks: Looks, row: int, column: int, value: object, *names: str) -> None:
    if value is None:
        sheet.write_blank(row, column, None, looks(*names))
    elif isinstance(value, str):
        write_text(sheet, looks, row, column, value, *names)
    else:
        sheet.write_number(row, column, value, looks(*names))


def _set_up_page(sheet: Worksheet, tasks: int, height: float) -> None:
    print_on_a4(sheet, landscape=True, repeated=(_TITLE, _HEAD))
    pages = _pages_across(tasks)
    sheet.fit_to_pages(pages, 1 if _PAGE_HEIGHT / height >= _SMALLEST else 0)
    if pages > 1:
        sheet.repeat_columns(0, _FIXED - 1)
    sheet.freeze_panes(_HEAD + 1, _FIXED)
