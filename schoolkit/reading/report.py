"""Suspicious pairs -> a workbook to decide in and to hand out, or a CSV file.

The wording says what books look like, never that a pupil did something wrong.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import BinaryIO, Literal

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from ..sheets import (
    Column,
    Looks,
    SheetNames,
    csv_bytes,
    deliver,
    lines_needed,
    new_workbook,
    print_on_a4,
    row_height,
    write_table,
    write_text,
)
from .marks import differing_fragments
from .pair_table import UNKNOWN_CLASS, VERDICTS, class_name, current_places, in_class_order, pair_table

DECISIONS = {
    "정정": "같은 책이 두 번 적힌 것이 맞아, 한쪽 기록을 고쳐야 합니다.",
    "다른 책": "확인해 보니 서로 다른 책이어서, 그대로 둡니다.",
    "보류": "학생이나 담당 선생님께 더 알아본 뒤에 정합니다.",
}
NOTHING_FOUND = "중복으로 의심되는 책이 없습니다."

_TITLE = "독서활동 중복 점검 결과"
_MARKS_EXPLAINED = "굵고 붉은 밑줄 글자는 두 기록에서 서로 다른 글자입니다."
_DELETE_AFTER_USE = "학생의 개인정보가 들어 있습니다. 다 쓴 뒤에는 파일을 지우고 인쇄물은 파기해 주세요."
_HOW_TO = {
    "확인하기": "‘중복 의심’이나 그 뒤의 시트에서 두 기록을 견주어 보고, ‘처리’ 칸에서 하나를 골라 주세요.",
    **DECISIONS,
    "글자 표시": f"{_MARKS_EXPLAINED} 표시가 없으면 두 기록의 글자가 똑같습니다.",
    "주의": "글자가 비슷한 기록을 찾아 준 것일 뿐입니다. 고치기 전에 원래 기록을 꼭 확인해 주세요.",
}
_LOOKS = {
    **{unit: {"num_format": f'#,##0"{unit}"'} for unit in ("개", "명", "권", "쌍")},
    "explanation": {"text_wrap": True, "valign": "top"},
    VERDICTS["same"]: {"bg_color": "#FBE0C8", "bold": True},
    VERDICTS["check"]: {"bg_color": "#FFF6CC"},
}
# Servers often run on UTC, where a Korean morning is still yesterday.
_KOREAN_TIME = timezone(timedelta(hours=9))

_FIRST, _SECOND = "첫 번째 기록", "두 번째 기록"
_CENTRE = ("centre",)


def _record_columns(side: str, group: str) -> tuple[Column, ...]:
    return (
        Column(f"book_{side}", "도서", 24, (), group),
        Column(f"school_year_{side}", "학년도", 7, _CENTRE, group),
        Column(f"grade_{side}", "학년", 5, _CENTRE, group),
        Column(f"semester_{side}", "학기", 5, _CENTRE, group),
        Column(f"subject_area_{side}", "과목 또는 영역", 9, _CENTRE, group),
        Column(f"file_{side}", "파일", 14, (), group),
        Column(f"row_{side}", "행", 5, _CENTRE, group),
    )


_LIST_COLUMNS = (
    Column("no", "연번", 5, _CENTRE, "구분"),
    Column("verdict", "판정", 12, _CENTRE, "구분", look_by_value=True),
    Column("current_grade", "학년", 5, _CENTRE, "학생"),
    Column("class_no", "반", 5, _CENTRE, "학생"),
    Column("seat_no", "번호", 5, _CENTRE, "학생"),
    Column("name", "성명", 9, _CENTRE, "학생"),
    Column("student", "학생", 14, _CENTRE, "학생"),
    *_record_columns("a", _FIRST),
    *_record_columns("b", _SECOND),
    Column("score", "유사도", 7, ("percent",), "비교"),
    Column("reasons", "이유", 21, (), "비교"),
)
_HAND_OUT_COLUMNS = (
    Column("seat_no", "번호", 5, _CENTRE, "학생"),
    Column("name", "성명", 9, _CENTRE, "학생"),
    Column("student", "학생", 14, _CENTRE, "학생"),
    Column("book_a", "도서", 28, (), _FIRST),
    Column("place_a", "적힌 곳", 21, (), _FIRST),
    Column("book_b", "도서", 28, (), _SECOND),
    Column("place_b", "적힌 곳", 21, (), _SECOND),
    Column("verdict", "판정", 12, _CENTRE, "비교", look_by_value=True),
    Column("reasons", "이유", 24, (), "비교"),
)
_DECISION = Column("decision", "처리", 8, _CENTRE, "확인 결과")
_NOTE = Column("note", "비고", 10, (), "확인 결과")
_SUMMARY_WIDTH = 15
_CLASS_COLUMNS = (
    Column("class_name", "반", _SUMMARY_WIDTH, _CENTRE),
    Column("pupils", "학생", _SUMMARY_WIDTH, ("centre", "명")),
    Column("books", "도서", _SUMMARY_WIDTH, ("centre", "권")),
    Column("pairs", "의심되는 쌍", _SUMMARY_WIDTH, ("centre", "쌍")),
)


def write_duplicate_report(
    pairs: pd.DataFrame,
    entries: pd.DataFrame,
    target: str | os.PathLike[str] | BinaryIO | None = None,
    *,
    sheets: Literal["class", "pupil"] = "class",
) -> bytes:
    """The report on suspicious pairs as an xlsx workbook; its bytes come back in any case.

    The workbook has a summary, a list with every pair and drop-downs to decide in, and a
    sheet to hand out per class or per pupil with pairs. The letters in which two books
    differ are bold, red and underlined. Columns that are missing or wholly empty are left
    out. A pupil stands in the class of the highest grade that any record shows.

    Args:
        pairs: one row per pair, the most suspicious first, as
            :func:`schoolkit.find_duplicates` gives them. Needed: student, book_a, book_b,
            verdict ("same" or "check"), score (0 to 1), reasons. Used if there: name and, with _a
            and _b, current_grade, class_no, seat_no, school_year, grade, semester,
            subject_area, file, row.
        entries: what was checked, one row per pupil and book; rows without either are not
            counted. Needed: student, book. Used if there: current_grade, class_no, seat_no, file.
        target: where the report goes besides: a path, which gets the whole report or is left
            as it was, or a binary file object. A path that ends in .csv gets what
            :func:`duplicate_report_csv` gives, and so does the caller.
        sheets: "class" for a hand-out per class, "pupil" for one per pupil.

    Raises:
        OSError: the path cannot be written.
        ValueError: ``sheets`` is neither of the two.
    """
    if sheets not in ("class", "pupil"):
        raise ValueError(f'sheets must be "class" or "pupil", not {sheets!r}')
    checked = entries.dropna(subset=["student", "book"])
    current = current_places(checked, pairs)
    table = pair_table(pairs, current)
    if isinstance(target, (str, os.PathLike)) and os.fspath(target).lower().endswith(".csv"):
        content = _csv(table)
    else:
        content = _workbook(table, checked, current, sheets)
    if target is not None:
        deliver(content, target)
    return content


def duplicate_report_csv(pairs: pd.DataFrame) -> bytes:
    """The list of pairs as CSV: UTF-8 with BOM and CRLF, Korean headers, for Excel.

    A text that Excel would take for a formula has an apostrophe in front. ``pairs`` is as
    :func:`write_duplicate_report` describes it.
    """
    return _csv(pair_table(pairs, current_places(pairs)))


def _known(columns: Sequence[Column], table: pd.DataFrame) -> list[Column]:
    return [
        column for column in columns if column.source in table and (table.empty or table[column.source].notna().any())
    ]


def _rows(table: pd.DataFrame, columns: Sequence[Column]) -> list[tuple]:
    return list(zip(*(table[column.source] for column in columns), strict=True))


def _csv(table: pd.DataFrame) -> bytes:
    columns = _known(_LIST_COLUMNS, table)
    header = [
        f"{column.group} {column.header}" if column.group in (_FIRST, _SECOND) else column.header for column in columns
    ]
    percents = [f"{score:.0%}" for score in table["score"]]
    return csv_bytes(header, _rows(table.assign(score=percents), columns))


# The sheets


def _workbook(table: pd.DataFrame, checked: pd.DataFrame, current: dict, sheets: str) -> bytes:
    workbook, content = new_workbook()
    workbook.set_properties({"title": _TITLE})
    looks, names = Looks(workbook, _LOOKS), SheetNames()
    _write_summary(workbook.add_worksheet(names.take("요약")), looks, table, checked, current)
    to_decide = _ready_to_decide(table)
    _write_list(workbook.add_worksheet(names.take("중복 의심")), looks, to_decide)
    for name, part in _hand_outs(to_decide, current, sheets):
        _write_hand_out(workbook.add_worksheet(names.take(name)), looks, name, part, sheets)
    workbook.close()
    return content.getvalue()


def _ready_to_decide(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its books as fragments, and the columns that the teacher fills in."""
    books = [
        differing_fragments(book_a or "", book_b or "")
        for book_a, book_b in zip(table["book_a"], table["book_b"], strict=True)
    ]
    return table.assign(
        book_a=pd.Series([a or None for a, _ in books], dtype=object),
        book_b=pd.Series([b or None for _, b in books], dtype=object),
        decision=None,
        note=None,
    )


def _write_summary(sheet: Worksheet, looks: Looks, table: pd.DataFrame, checked: pd.DataFrame, current: dict) -> None:
    print_on_a4(sheet, landscape=False)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 5, _SUMMARY_WIDTH)
    today = datetime.now(_KOREAN_TIME)
    write_text(sheet, looks, 0, 0, _TITLE, "title")
    sheet.set_row(0, 28)
    write_text(sheet, looks, 1, 0, f"만든 날: {today.year}년 {today.month}월 {today.day}일")
    write_text(sheet, looks, 2, 0, _DELETE_AFTER_USE, "caution")
    row = 4
    if table.empty:
        write_text(sheet, looks, row, 0, NOTHING_FOUND, "heading")
        row += 2
    for label, count, unit in _counts(table, checked):
        sheet.merge_range(row, 0, row, 1, label, looks("cell"))
        sheet.write_number(row, 2, count, looks("cell", "centre", unit))
        sheet.set_row(row, row_height(1))
        row += 1
    by_class = _counts_by_class(table, checked, current)
    if by_class:
        row = write_table(sheet, looks, _CLASS_COLUMNS, by_class, row + 1) + len(by_class)
    row += 1
    write_text(sheet, looks, row, 0, "이 표를 쓰는 방법", "heading")
    sheet.set_row(row, 24)
    for term, meaning in _HOW_TO.items():
        row += 1
        write_text(sheet, looks, row, 0, term, "cell", "centre")
        sheet.merge_range(row, 1, row, 5, meaning, looks("cell"))
        sheet.set_row(row, row_height(lines_needed(meaning, 5 * _SUMMARY_WIDTH)))


def _counts(table: pd.DataFrame, checked: pd.DataFrame) -> Iterable[tuple[str, int, str]]:
    """What was counted, with the unit that counts it."""
    if "file" in checked and checked["file"].notna().any():
        yield "점검한 파일", checked["file"].nunique(), "개"
    yield "점검한 학생", checked["student"].nunique(), "명"
    yield "점검한 도서", len(checked), "권"
    for verdict in VERDICTS.values():
        yield verdict, int((table["verdict"] == verdict).sum()), "쌍"
    yield "의심되는 쌍이 있는 학생", table["pupil"].nunique(), "명"


def _counts_by_class(table: pd.DataFrame, checked: pd.DataFrame, current: dict) -> list[tuple]:
    """Class, pupils, books and pairs of each class; nothing where no class is known."""
    classes = {pupil: class_name(*place[:2]) for pupil, place in current.items()}
    pupils = Counter(classes[pupil] for pupil in checked["student"].unique())
    books = Counter(classes[pupil] for pupil in checked["student"])
    pairs = Counter(table["class_name"])
    in_order = dict.fromkeys(
        class_name(*place) for place in sorted({p[:2] for p in current.values()}, key=in_class_order)
    )
    if list(in_order) in ([], [UNKNOWN_CLASS]):
        return []
    return [(name, pupils[name], books[name], pairs[name]) for name in in_order]


def _write_list(sheet: Worksheet, looks: Looks, table: pd.DataFrame) -> None:
    print_on_a4(sheet, landscape=True, repeated=(0, 1))
    if table.empty:
        write_text(sheet, looks, 0, 0, NOTHING_FOUND)
        return
    columns = [*_known(_LIST_COLUMNS, table), _DECISION, _NOTE]
    first = write_table(sheet, looks, columns, _rows(table, columns), 0, filterable=True)
    frozen = sum(column.group in ("구분", "학생") for column in columns)
    sheet.freeze_panes(first, frozen)
    _offer_decisions(sheet, first, len(table), columns.index(_DECISION))


def _hand_outs(table: pd.DataFrame, current: dict, sheets: str) -> Iterable[tuple[str, pd.DataFrame]]:
    """Whose hand-out it is and the pairs on it: class by class, pupil by pupil."""
    names = dict(zip(table["pupil"], table["name" if "name" in table else "student"], strict=True))
    in_order = sorted(names, key=lambda pupil: (*in_class_order(current[pupil]), names[pupil]))
    position = {pupil: index for index, pupil in enumerate(in_order)}
    by_pupil = table.sort_values("pupil", key=lambda pupils: pupils.map(position), kind="stable")
    if sheets == "class":
        yield from by_pupil.groupby("class_name", sort=False)
        return
    for pupil, part in by_pupil.groupby("pupil", sort=False):
        *_, class_no, seat_no = current[pupil]
        words = [
            class_name(*current[pupil][:2]) if class_no is not None else "",
            f"{seat_no}번" if seat_no is not None else "",
            names[pupil],
        ]
        yield " ".join(filter(None, words)), part


def _write_hand_out(sheet: Worksheet, looks: Looks, whose: str, table: pd.DataFrame, sheets: str) -> None:
    columns = [column for column in _known(_HAND_OUT_COLUMNS, table) if sheets == "class" or column.group != "학생"]
    columns.append(_DECISION)
    print_on_a4(sheet, landscape=True, repeated=(0, 3))
    write_text(sheet, looks, 0, 0, f"독서활동 중복 확인: {whose}", "title")
    sheet.set_row(0, 28)
    pupils = f"학생 {table['pupil'].nunique()}명의 " if sheets == "class" else ""
    explanation = (
        f"{pupils}기록 {len(table)}쌍을 견주어 보고, ‘처리’ 칸에 {', '.join(DECISIONS)} 가운데 "
        f"하나를 골라 주세요. {_MARKS_EXPLAINED}"
    )
    sheet.merge_range(1, 0, 1, len(columns) - 1, explanation, looks("explanation"))
    width = sum(column.width for column in columns)
    sheet.set_row(1, row_height(lines_needed(explanation, width)))
    is_next = (table["pupil"] != table["pupil"].shift()).tolist()
    ruled = {index for index, starts in enumerate(is_next) if starts}
    first = write_table(sheet, looks, columns, _rows(table, columns), 2, ruled=ruled)
    sheet.freeze_panes(first, 0)
    _offer_decisions(sheet, first, len(table), columns.index(_DECISION))


def _offer_decisions(sheet: Worksheet, first: int, rows: int, column: int) -> None:
    sheet.data_validation(
        first,
        column,
        first + rows - 1,
        column,
        {
            "validate": "list",
            "source": list(DECISIONS),
            "input_title": "처리",
            "input_message": "\n".join(f"{word}: {meaning}" for word, meaning in DECISIONS.items()),
            "error_title": "목록에 없는 말입니다",
            "error_message": f"{', '.join(DECISIONS)} 가운데 하나를 골라 주세요.",
        },
    )
