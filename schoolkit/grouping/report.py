"""A grouping -> a workbook: the list, what to post and to cut out, how fair it is, and all to make it again."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping, Sequence
from typing import BinaryIO

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ..rosters.headers import CLASS, find_column
from ..sheets import (
    Column,
    Looks,
    csv_bytes,
    deliver,
    lines_needed,
    new_workbook,
    print_on_a4,
    row_height,
    safe_text,
    write_table,
    write_text,
)
from .balance_sheet import is_wide, write_balance
from .handouts import handout, write_cards, write_group_tables
from .history import HISTORY_SHEET, join_histories
from .result import Grouping, Plan
from .settings_sheet import PRIVACY, write_settings
from .wording import Wording

LIST_SHEET, CARD_SHEET, BALANCE_SHEET, SETTINGS_SHEET = "명단", "카드", "균형", "설정"
ABSENT = "결석"
TEACHERS_COLOUR = "#C00000"

# Servers often run on UTC, where a Korean morning is still yesterday.
_KOREAN_TIME = datetime.timezone(datetime.timedelta(hours=9))
_LOOKS = {"text": {"text_wrap": True, "valign": "vcenter"}, "decimal": {"num_format": "0.0"}}
_NARROWEST, _WIDEST, _PORTRAIT_WIDTH = 6, 30, 130
_HISTORY_COLUMNS = (
    Column("round", "회차", 7, ("centre",)),
    Column("date", "날짜", 12, ("centre",)),
    Column("class_name", "반", 10, ("centre",)),
    Column("student_no", "번호", 10, ("centre",)),
    Column("name", "이름", 16, ("centre",)),
    Column("group", "모둠", 8, ("centre",)),
)

Target = str | os.PathLike[str] | BinaryIO


def write_group_report(
    grouping: Grouping,
    target: Target | None = None,
    *,
    title: str = "",
    date: datetime.date | None = None,
    unit: str = "모둠",
    names: Sequence[str] = (),
) -> bytes:
    """A grouping as an xlsx workbook; its bytes come back in any case.

    Sheets: 명단 (the list with the group in front), 모둠 표 (to post) and 카드 (to cut out) with
    nothing but names and leaders, 균형 (how fair it is, with charts), 설정 (all to make it
    again) and 이력, which :func:`schoolkit.grouping.history.read_history` reads next time.

    Args:
        target: where the workbook goes besides: a path, which gets all of it or is left as it
            was, or a binary file object.
        title: what stands above it, such as the class.
        date: the day of the grouping; today in Korea if not given.
        unit: what a group is called: with ``반`` the workbook speaks of classes and has no 이력.
        names: the groups' own names, in place of their numbers.

    Raises:
        OSError: the path cannot be written.
        ValueError: there are fewer names than groups.
    """
    wording = Wording(unit, tuple(names))
    if names and len(names) < grouping.n_groups:
        raise ValueError("fewer names than groups")
    return _deliver(_workbook({"": grouping}, _list_of([("", grouping)], wording), title, date, wording), target)


def write_class_reports(
    groupings: Mapping[str, Grouping],
    target: Target | None = None,
    *,
    title: str = "",
    date: datetime.date | None = None,
) -> bytes:
    """The groupings of several classes in one workbook, as :func:`write_group_report` writes one.

    The classes stand below one another in the list, and each begins a page on the other sheets.

    Args:
        groupings: class -> its grouping, in the order in which they are shown.
    """
    wording = Wording()
    content = _workbook(groupings, _list_of(list(groupings.items()), wording), title, date, wording)
    return _deliver(content, target)


def write_plan_report(
    plan: Plan, target: Target | None = None, *, title: str = "", date: datetime.date | None = None
) -> bytes:
    """Several rounds in one workbook: a list with a column a round, and each round as a part of the other sheets.

    There is no 이력: what is planned has not been.
    """
    rounds = {f"{number}회차": one for number, one in enumerate(plan.rounds, start=1)}
    return _deliver(_workbook(rounds, _table_of_rounds(plan), title, date, Wording(), planned=True), target)


def group_csv(
    grouping: Grouping | Plan | Mapping[str, Grouping],
    target: Target | None = None,
    *,
    unit: str = "모둠",
    names: Sequence[str] = (),
) -> bytes:
    """The list as CSV for Excel, the group in front; classes below one another, of a plan a column for each round.

    The other arguments are those of :func:`write_group_report`.
    """
    if isinstance(grouping, Plan):
        table = _table_of_rounds(grouping)
    else:
        parts = list(grouping.items()) if isinstance(grouping, Mapping) else [("", grouping)]
        table = _list_of(parts, Wording(unit, tuple(names)))
    return _deliver(csv_bytes(list(map(str, table.columns)), _rows(table)), target)


def _table_of_rounds(plan: Plan) -> pd.DataFrame:
    return plan.table.rename(columns={f"round_{at}": f"{at}회차" for at in range(1, len(plan.rounds) + 1)})


def _deliver(content: bytes, target: Target | None) -> bytes:
    if target is not None:
        deliver(content, target)
    return content


def _workbook(
    parts: Mapping[str, Grouping],
    table: pd.DataFrame,
    title: str,
    date: datetime.date | None,
    wording: Wording,
    *,
    planned: bool = False,
) -> bytes:
    now = datetime.datetime.now(_KOREAN_TIME)
    day = date or now.date()
    done = "모둠 편성" if wording.unit == "모둠" else f"{wording.unit}편성"
    headings = {label: " ".join(filter(None, [title.removesuffix(done).strip(), label, done])) for label in parts}
    heading = " ".join(filter(None, [title.removesuffix(done).strip(), done]))
    workbook, content = new_workbook()
    workbook.set_properties({"title": safe_text(heading)})
    looks = Looks(workbook, _LOOKS)
    _write_list(workbook.add_worksheet(LIST_SHEET), looks, heading, table)
    pages = [handout(one, headings[label], wording) for label, one in parts.items()]
    write_group_tables(workbook, workbook.add_worksheet(f"{wording.unit} 표"), pages, day)
    write_cards(workbook, workbook.add_worksheet(CARD_SHEET), pages)
    _write_parts(workbook, looks, headings, parts, now, wording)
    if wording.unit == "모둠" and not planned:
        _write_history(workbook.add_worksheet(HISTORY_SHEET), looks, _history(parts, day))
    workbook.close()
    return content.getvalue()


def _list_of(parts: Sequence[tuple[str, Grouping]], wording: Wording) -> pd.DataFrame:
    """The pupils with their groups in front."""
    header = "모둠" if wording.unit == "모둠" else f"새 {wording.unit}"
    tables = []
    for label, grouping in parts:
        table = grouping.students.copy()
        if header in table:
            table = table.rename(columns={header: f"지난 {header}"})
        if label and find_column(table.columns, CLASS) is None:
            table.insert(0, "반", label)
        numbers = grouping.table["group"].array
        if wording.names:
            numbers = [None if pd.isna(number) else wording.group(number) for number in numbers]
        table.insert(0, header, numbers, allow_duplicates=True)
        tables.append(table)
    return tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)


def _rows(table: pd.DataFrame) -> list[list[object]]:
    return [[_cell(value) for value in row] for row in table.astype(object).itertuples(index=False, name=None)]


def _cell(value: object) -> object:
    """A value as a sheet takes it: a number, a text or None."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, (datetime.datetime, datetime.date)):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        number = getattr(value, "item", lambda: value)()
        return number if isinstance(number, (int, float)) and not isinstance(number, bool) else safe_text(value)
    return value


def _write_list(sheet: Worksheet, looks: Looks, heading: str, table: pd.DataFrame) -> None:
    rows = [[ABSENT if row[0] is None else row[0], *row[1:]] for row in _rows(table)]
    columns = []
    for at, header in enumerate(map(str, table.columns)):
        values = {row[at] for row in rows}
        # room for the filter's button
        texts = {f"{header}00", *map(str, values)}
        fitting = (width for width in range(_NARROWEST, _WIDEST) if all(lines_needed(one, width) == 1 for one in texts))
        columns.append(
            Column(header, safe_text(header), next(fitting, _WIDEST), () if _is_long(values) else ("centre",))
        )
    sheet.set_tab_color(TEACHERS_COLOUR)
    print_on_a4(sheet, landscape=sum(column.width for column in columns) > _PORTRAIT_WIDTH, repeated=(1, 1))
    write_text(sheet, looks, 0, 0, safe_text(heading), "title")
    sheet.set_row(0, 28)
    first = write_table(sheet, looks, columns, rows, 1, filterable=True)
    sheet.freeze_panes(first, 0)


def _is_long(values: set) -> bool:
    return any(isinstance(value, str) and lines_needed(value, 20) > 1 for value in values)


def _write_parts(
    workbook: Workbook,
    looks: Looks,
    headings: Mapping[str, str],
    parts: Mapping[str, Grouping],
    now: datetime.datetime,
    wording: Wording,
) -> None:
    """균형 and 설정, each part of them below the one before."""
    balance, settings = workbook.add_worksheet(BALANCE_SHEET), workbook.add_worksheet(SETTINGS_SHEET)
    for sheet in (balance, settings):
        sheet.set_tab_color(TEACHERS_COLOUR)
        sheet.hide_gridlines(2)
        print_on_a4(sheet, landscape=sheet is balance and is_wide(parts.values()))
    privacy = wording.said(PRIVACY)
    settings.merge_range(0, 0, 0, 1, privacy, looks("text", "caution"))
    settings.set_row(0, row_height(lines_needed(privacy, 80)))
    free, below, breaks = 0, 2, []
    for label, grouping in parts.items():
        heading = safe_text(headings[label])
        breaks.append(free)
        charts, free = write_balance(workbook, balance, looks, free, heading, grouping, wording)
        if is_wide([grouping]):
            breaks.append(charts)
        below = write_settings(settings, looks, below, heading, grouping, now, wording)
    balance.set_h_pagebreaks(breaks[1:])


def _history(parts: Mapping[str, Grouping], day: datetime.date) -> pd.DataFrame:
    """The earlier rounds of all parts, and that of today of each."""
    histories = []
    for label, grouping in parts.items():
        rounds = grouping.with_history(day)
        nameless = (rounds["round"] == rounds["round"].max()) & rounds["class_name"].isna()
        histories.append(rounds.assign(class_name=rounds["class_name"].mask(nameless, label or pd.NA)))
    return join_histories(histories)


def _write_history(sheet: Worksheet, looks: Looks, history: pd.DataFrame) -> None:
    sheet.set_tab_color(TEACHERS_COLOUR)
    print_on_a4(sheet, landscape=False, repeated=(0, 0))
    columns = [
        column
        for column in _HISTORY_COLUMNS
        if column.source not in ("class_name", "student_no") or history[column.source].notna().any()
    ]
    table = history[[column.source for column in columns]]
    first = write_table(sheet, looks, columns, _rows(table), 0, filterable=True)
    sheet.freeze_panes(first, 0)
