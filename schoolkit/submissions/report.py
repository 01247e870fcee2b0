"""The one table -> a workbook to read, to print and to send from, or a CSV file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import BinaryIO

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from ..sheets import (
    TALLEST_ROW,
    Column,
    Looks,
    SheetNames,
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
from . import class_sheet, summary_sheet
from .messages import RECEIVERS, TEMPLATES, read_templates, urging_messages
from .standing import standing
from .status import KOREA, STATES, moment
from .summaries import assignment_summary
from .summary_sheet import DOUBT_SHEET, NOTHING_MISSING, NOTHING_READ, WHAT_COUNTS
from .wording import UNKNOWN_CLASS, class_in_words, excel_time, one_line, pupil_cells

SUMMARY_SHEET, TASK_SHEET, MISSING_SHEET, MESSAGE_SHEET = "요약", "과제별", "미제출 목록", "안내 문구"

_LOOKS = {
    **class_sheet.LOOKS,
    **summary_sheet.LOOKS,
    "time": {"num_format": "yyyy-mm-dd hh:mm"},
    "days": {"num_format": '0"일"'},
}
_TASK_COLUMNS = (
    Column("class_name", "반", 18, ("centre",)),
    Column("assignment", "과제", 38),
    Column("due", "기한", 17, ("centre", "time")),
    Column("pupils", "학생", 8, ("centre", "people")),
    Column("rate", "제출률", 8, ("centre", "percent")),
    Column("to_urge", "안 낸 학생", 8, ("centre", "people")),
    *(Column(state, word, 8, ("centre", "people")) for state, word in STATES.items()),
)
_RATE_EXPLAINED = "제출률은 면제와 알 수 없음을 뺀 학생 가운데 제출했거나 지각 제출한 학생의 비율입니다."
_MISSING_COLUMNS = (
    Column("class_name", "반", 18, ("centre",)),
    Column("student_no", "학번", 12, ("centre",)),
    Column("name", "이름", 14, ("centre",)),
    Column("assignment", "과제", 40),
    Column("due", "기한", 17, ("centre", "time")),
    Column("shown", "상태", 14, ("centre",)),
    Column("days", "며칠 지남", 10, ("centre", "days")),
)
_MESSAGE_WIDTH = 84
_MESSAGE_COLUMNS = (
    Column("to", "받는 사람", 12, ("centre",)),
    Column("class_name", "반", 16, ("centre",)),
    Column("student_no", "학번", 12, ("centre",)),
    Column("name", "이름", 14, ("centre",)),
    Column("count", "안 낸 과제", 8, ("centre",)),
    Column("message", "안내 문구", _MESSAGE_WIDTH),
)
_HOW_TO_COPY = (
    "칸을 두 번 누르고 글을 모두 골라(Ctrl+A) 복사하면, 따옴표 없이 붙여 넣을 수 있습니다. "
    "한 칸에 다 보이지 않는 긴 문구는 (1/2), (2/2)처럼 나누었으니 차례로 보내 주세요."
)
_DOUBT_COLUMNS = (
    Column("file", "파일", 30),
    Column("row", "행", 7, ("centre",)),
    Column("written", "적힌 이름", 26),
    Column("assignments", "과제", 34),
    Column("why", "까닭", 40),
    Column("candidates", "혹시 이 학생?", 30),
)
# the order in which they stand on the sheet
_RECEIVERS = ("class", "pupil", "guardian")
_MOST_LINES = int((TALLEST_ROW - 4.5) / 14.25)
_CSV_HEADER = (
    "반",
    "학번",
    "이름",
    "과제",
    "기한",
    "상태",
    "미제출 여부",
    "제출한 때",
    "숨긴 과제",
    "출처",
    "강좌 번호",
    "과제 번호",
)

Target = str | os.PathLike[str] | BinaryIO


def write_submission_report(
    table: pd.DataFrame,
    target: Target | None = None,
    *,
    at: datetime | str | None = None,
    templates: Mapping[str, str] | None = None,
) -> bytes:
    """Who has not handed in what, as an xlsx workbook; its bytes come back in any case.

    Sheets: 요약 (what was read and what could not be, how the classes stand, who needs care),
    과제별 (rate and counts per class and assignment), 미제출 목록 (a row per thing that is missing, to
    be filtered), 안내 문구 (messages to copy), 확인할 이름 (only where names fit no one pupil of the
    roster) and a grid per class. Times are Korean time.

    Args:
        table: as :func:`read_submissions` and :func:`collect_moodle` give it, or a part of it.
        target: where the workbook goes besides: a path, which gets all of it or is left as it
            was, or a binary file object.
        at: the time for which it holds; now if None.
        templates: texts in place of those of :data:`schoolkit.submissions.messages.TEMPLATES`.

    Raises:
        InputError: a template has something that can't be filled.
        OSError: the path cannot be written.
        ValueError: ``templates`` names a receiver that there is not.
    """
    read_templates(templates or {})
    now = moment(at)
    content = _workbook(table.assign(class_name=table["class_name"].fillna("")), now, TEMPLATES | dict(templates or {}))
    if target is not None:
        deliver(content, target)
    return content


def submission_csv(table: pd.DataFrame, target: Target | None = None, *, at: datetime | str | None = None) -> bytes:
    """Every row of the table as CSV for Excel, with Korean headers and words: UTF-8 with BOM and CRLF.

    ``미제출 여부`` says ``미제출`` where something has to be urged and is empty elsewhere; times are Korean
    time. The arguments are those of :func:`write_submission_report`.
    """
    rows = standing(table, at)
    values = zip(
        (class_in_words(one, "") for one in rows["class_name"]),
        map(one_line, rows["student_no"]),
        map(one_line, rows["name"]),
        map(one_line, rows["assignment"]),
        _times(rows["due"]),
        map(STATES.__getitem__, rows["shown"]),
        ("미제출" if one else "" for one in rows["to_urge"]),
        _times(rows["submitted_at"]),
        ("숨김" if one else "" for one in rows["hidden"]),
        *(map(one_line, rows[column]) for column in ("source", "course_id", "assignment_id")),
        strict=True,
    )
    content = csv_bytes(_CSV_HEADER, ([safe_text(value) for value in row] for row in values))
    if target is not None:
        deliver(content, target)
    return content


def _times(times: pd.Series) -> list[str]:
    return times.dt.tz_convert(KOREA).dt.strftime("%Y-%m-%d %H:%M").fillna("").tolist()


def _workbook(table: pd.DataFrame, now: pd.Timestamp, templates: Mapping[str, str]) -> bytes:
    rows = standing(table, now)
    tasks = assignment_summary(rows, now)
    workbook, content = new_workbook()
    workbook.set_properties({"title": summary_sheet.TITLE})
    looks, names = Looks(workbook, _LOOKS), SheetNames()
    summary, by_task, missing, messages = (
        workbook.add_worksheet(names.take(one)) for one in (SUMMARY_SHEET, TASK_SHEET, MISSING_SHEET, MESSAGE_SHEET)
    )
    nothing = NOTHING_MISSING if len(rows) else NOTHING_READ
    _write_tasks(by_task, looks, tasks)
    _write_missing(missing, looks, rows[rows["to_urge"]], now, nothing)
    _write_messages(messages, looks, table, now, templates, nothing)
    if unmatched := table.attrs.get("unmatched"):
        _write_doubts(workbook.add_worksheet(names.take(DOUBT_SHEET)), looks, unmatched)
    sheets = {}
    for name, part in rows.groupby("class_name", sort=False) if len(rows) else ():
        called = class_in_words(name)
        sheets[name] = names.take(called)
        of_class = tasks.loc[part["task"].drop_duplicates().sort_values()]
        title = f"{'' if called == UNKNOWN_CLASS else called} {summary_sheet.TITLE}".strip()
        class_sheet.write_class(workbook.add_worksheet(sheets[name]), looks, title, part, of_class)
    summary_sheet.write_summary(summary, looks, rows, now, sheets, table.attrs)
    workbook.close()
    return content.getvalue()


def _write_tasks(sheet: Worksheet, looks: Looks, tasks: pd.DataFrame) -> None:
    print_on_a4(sheet, landscape=True, repeated=(1, 1))
    if tasks.empty:
        write_text(sheet, looks, 0, 0, NOTHING_READ, "heading")
        return
    columns = [column for column in _TASK_COLUMNS if column.source not in STATES or tasks[column.source].any()]
    _write_note(sheet, looks, f"{WHAT_COUNTS} {_RATE_EXPLAINED}", columns)
    values = []
    for task in tasks.to_dict("records"):
        title = one_line(task["assignment"])
        shown = task | {
            "class_name": safe_text(class_in_words(task["class_name"])),
            "assignment": safe_text(f"(숨김) {title}" if task["hidden"] else title),
            "due": excel_time(task["due"]),
            "rate": None if pd.isna(task["rate"]) else task["rate"],
        }
        values.append([shown[column.source] for column in columns])
    first = write_table(sheet, looks, columns, values, 1, filterable=True)
    sheet.freeze_panes(first, 2)


def _write_missing(sheet: Worksheet, looks: Looks, rows: pd.DataFrame, now: pd.Timestamp, nothing: str) -> None:
    print_on_a4(sheet, landscape=False, repeated=(0, 0))
    if rows.empty:
        write_text(sheet, looks, 0, 0, nothing, "heading")
        return
    values = [
        (
            safe_text(class_in_words(row.class_name)),
            *pupil_cells(row.student_no, row.name),
            safe_text(one_line(row.assignment)),
            excel_time(row.due),
            STATES[row.shown],
            None if pd.isna(row.due) else (now.date() - row.due.date()).days,
        )
        for row in rows.itertuples(index=False)
    ]
    first = write_table(sheet, looks, _MISSING_COLUMNS, values, 0, filterable=True)
    sheet.freeze_panes(first, 0)


def _write_messages(
    sheet: Worksheet,
    looks: Looks,
    table: pd.DataFrame,
    now: pd.Timestamp,
    templates: Mapping[str, str],
    nothing: str,
) -> None:
    rows = [row for to in _RECEIVERS for row in _messages(table, to, templates[to], now)]
    print_on_a4(sheet, landscape=False, repeated=(1, 1))
    if not rows:
        write_text(sheet, looks, 0, 0, nothing, "heading")
        return
    _write_note(sheet, looks, _HOW_TO_COPY, _MESSAGE_COLUMNS)
    first = write_table(sheet, looks, _MESSAGE_COLUMNS, rows, 1, filterable=True)
    sheet.freeze_panes(first, 0)


def _write_note(sheet: Worksheet, looks: Looks, note: str, columns: Sequence[Column]) -> None:
    """A sentence above the table, as wide as it."""
    sheet.merge_range(0, 0, 0, len(columns) - 1, note, looks("note"))
    sheet.set_row(0, row_height(lines_needed(note, sum(column.width for column in columns))))


def _messages(table: pd.DataFrame, to: str, template: str, now: pd.Timestamp) -> Iterable[tuple]:
    for row in urging_messages(table, to, template, now).to_dict("records"):
        who = (None, None) if to == "class" else pupil_cells(row["student_no"], row["name"])
        parts = _in_parts(row["message"])
        for number, part in enumerate(parts, start=1):
            receiver = RECEIVERS[to] + (f" ({number}/{len(parts)})" if len(parts) > 1 else "")
            yield receiver, safe_text(class_in_words(row["class_name"])), *who, row["count"], safe_text(part)


def _in_parts(message: str) -> list[str]:
    """The message in texts that each fit the tallest row of a sheet, cut between lines."""
    parts: list[str] = []
    for line in message.split("\n"):
        longer = f"{parts[-1]}\n{line}" if parts else line
        if parts and lines_needed(longer, _MESSAGE_WIDTH) <= _MOST_LINES:
            parts[-1] = longer
        else:
            parts.append(line)
    return parts


def _write_doubts(sheet: Worksheet, looks: Looks, unmatched: Iterable[Mapping]) -> None:
    """What is written for pupils who were not found in the roster."""
    print_on_a4(sheet, landscape=True, repeated=(0, 0))
    values = [
        (
            safe_text(one["file"]),
            one["row"],
            safe_text(one_line(one["written"])),
            safe_text(", ".join(map(one_line, one["assignments"]))),
            safe_text(one["why"]),
            safe_text("\n".join(_candidate(pupil) for pupil in one["candidates"])),
        )
        for one in unmatched
    ]
    first = write_table(sheet, looks, _DOUBT_COLUMNS, values, 0, filterable=True)
    sheet.freeze_panes(first, 0)


def _candidate(pupil: Mapping) -> str:
    words = (class_in_words(pupil["class_name"], ""), one_line(pupil["student_no"]), one_line(pupil["name"]))
    return " ".join(filter(None, words))
