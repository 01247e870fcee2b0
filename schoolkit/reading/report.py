"""Suspicious pairs -> a workbook to decide in and to hand out, or a CSV file.

The wording says what books look like, never that a pupil did something wrong.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
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
from .pair_table import (
    UNKNOWN_CLASS,
    VERDICTS,
    class_name,
    current_places,
    in_class_order,
    pair_table,
    pupil_in_words,
)
from .unchecked import WHAT_TO_CHECK

DECISIONS = {
    "정정": "같은 책이 두 번 적힌 것이 맞아, 한쪽 기록을 고쳐야 합니다.",
    "다른 책": "확인해 보니 서로 다른 책이어서, 그대로 둡니다.",
    "보류": "학생이나 담당 선생님께 더 알아본 뒤에 정합니다.",
}
NOTHING_FOUND = "중복으로 의심되는 책이 없습니다."
NOTHING_LEFT = "새로 정할 쌍이 없습니다."
LIST_SHEET, DECIDED_SHEET = "중복 의심", "이미 정한 것"
HAND_OUT_TITLE = "독서활동 중복 확인: "

_TITLE = "독서활동 중복 점검 결과"
_MARKS_EXPLAINED = "굵고 붉은 밑줄 글자는 두 기록에서 서로 다른 글자입니다."
_DELETE_AFTER_USE = "학생의 개인정보가 들어 있습니다. 다 쓴 뒤에는 파일을 지우고 인쇄물은 파기해 주세요."
_CORRECTIONS_LEFT, _UNCHECKED = "정정이 남은 쌍", "점검하지 않은 학생"
_HOW_TO = {
    "확인하기": "‘중복 의심’이나 그 뒤의 시트에서 두 기록을 견주어 보고, ‘처리’ 칸에서 하나를 골라 주세요.",
    **DECISIONS,
    "시기": "‘지난 학년도’는 두 기록이 모두 지난 학년도의 것이고, ‘올해’는 하나라도 올해의 것입니다.",
    "고칠 때": "지난 학년도의 기록은 학교생활기록부 정정 절차(정정대장)를 거쳐야만 고칠 수 있고, 올해의 기록은 바로 "
    "고칠 수 있습니다. 다시 읽은 책을 적어도 되는지와 같은 규정은 해마다 다르니, 올해의 기재요령을 따라 주세요.",
    "글자 표시": f"{_MARKS_EXPLAINED} 표시가 없으면 두 기록의 글자가 똑같습니다.",
    "주의": "글자가 비슷한 기록을 찾아 준 것일 뿐입니다. 고치기 전에 원래 기록을 꼭 확인해 주세요.",
    "다음 점검": "처리를 적은 이 파일을 다음에 점검할 파일과 함께 올리면, 이미 정한 쌍은 따로 모으고 새로 정할 쌍만 "
    "보여 드립니다. 나누어 준 시트에 적은 처리도 읽습니다.",
    DECIDED_SHEET: "앞서 정정이나 다른 책으로 정한 쌍입니다. 그 시트에서 처리를 고치면 다음 점검에 반영됩니다.",
    _UNCHECKED: WHAT_TO_CHECK,
    _CORRECTIONS_LEFT: "정정하기로 했지만 두 기록이 그대로 남아 있는 쌍입니다. 한쪽을 고치고 나면 나오지 않습니다.",
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


_PERIOD = Column("period", "시기", 7, _CENTRE, "구분")
_LIST_COLUMNS = (
    Column("no", "연번", 5, _CENTRE, "구분"),
    Column("verdict", "판정", 12, _CENTRE, "구분", look_by_value=True),
    _PERIOD,
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
    Column("no", "연번", 5, _CENTRE, "구분"),
    Column("seat_no", "번호", 5, _CENTRE, "학생"),
    Column("name", "성명", 9, _CENTRE, "학생"),
    Column("student", "학생", 14, _CENTRE, "학생"),
    Column("book_a", "도서", 28, (), _FIRST),
    Column("place_a", "적힌 곳", 21, (), _FIRST),
    Column("book_b", "도서", 28, (), _SECOND),
    Column("place_b", "적힌 곳", 21, (), _SECOND),
    Column("verdict", "판정", 12, _CENTRE, "비교", look_by_value=True),
    replace(_PERIOD, group="비교"),
    Column("reasons", "이유", 24, (), "비교"),
)
_DECISION = Column("decision", "처리", 8, _CENTRE, "확인 결과")
_NOTE = Column("note", "비고", 10, (), "확인 결과")
_RESULT = (_DECISION, _NOTE)
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
    decided: pd.DataFrame | None = None,
) -> bytes:
    """The report on suspicious pairs as an xlsx workbook; its bytes come back in any case.

    The workbook has a summary, a list with every pair and drop-downs to decide in, a list of
    what an earlier report settled, and a sheet to hand out per class or per pupil with pairs
    (without those that are known to be other books). The letters in which two books
    differ are bold, red and underlined. Columns that are missing or wholly empty are left
    out. A pupil stands in the class of the highest grade that any record shows.

    Args:
        pairs: one row per pair, the most suspicious first, as
            :func:`schoolkit.find_duplicates` gives them, with its ``attrs``. Needed: student, book_a, book_b,
            verdict ("same" or "check"), score (0 to 1), reasons. Used if there: name, period
            ("past" or "present"), decision (a key of ``DECISIONS``), note and, with _a and _b,
            current_grade, class_no, seat_no, school_year, grade, semester, subject_area, file, row.
        entries: what was checked, one row per pupil and book; rows without either are not
            counted. Needed: student, book. Used if there: current_grade, class_no, seat_no, file.
        target: where the report goes besides: a path, which gets the whole report or is left
            as it was, or a binary file object. A path that ends in .csv gets what
            :func:`duplicate_report_csv` gives, and so does the caller.
        sheets: "class" for a hand-out per class, "pupil" for one per pupil.
        decided: pairs with the columns of ``pairs`` whose decision an earlier report holds;
            they go into a list of their own, so that the newest report has every decision.

    Raises:
        OSError: the path cannot be written.
        ValueError: ``sheets`` is neither of the two.
    """
    if sheets not in ("class", "pupil"):
        raise ValueError(f'sheets must be "class" or "pupil", not {sheets!r}')
    checked = entries.dropna(subset=["student", "book"])
    every = _together(pairs, decided)
    current = current_places(checked, every)
    table = pair_table(every, current)
    if isinstance(target, (str, os.PathLike)) and os.fspath(target).lower().endswith(".csv"):
        content = _csv(table)
    else:
        left_out = [one["student"] for one in pairs.attrs.get("unchecked", ())]
        checked = checked[~checked["student"].isin(left_out)]
        content = _workbook(table[: len(pairs)], table[len(pairs) :], checked, current, sheets, len(left_out))
    if target is not None:
        deliver(content, target)
    return content


def duplicate_report_csv(pairs: pd.DataFrame, *, decided: pd.DataFrame | None = None) -> bytes:
    """The list of pairs as CSV: UTF-8 with BOM and CRLF, Korean headers, for Excel.

    A text that Excel would take for a formula has an apostrophe in front. ``pairs`` and
    ``decided`` are as :func:`write_duplicate_report` describes them; the latter come last.
    """
    every = _together(pairs, decided)
    return _csv(pair_table(every, current_places(every)))


def _together(pairs: pd.DataFrame, decided: pd.DataFrame | None) -> pd.DataFrame:
    """All pairs in one frame, so that one count numbers them."""
    if decided is None:
        return pairs
    # As objects: a column that only one of them has would change the type of the other.
    return pd.concat([pairs.astype(object), decided.astype(object)], ignore_index=True)


def _known(columns: Sequence[Column], table: pd.DataFrame) -> list[Column]:
    return [
        column for column in columns if column.source in table and (table.empty or table[column.source].notna().any())
    ]


def _rows(table: pd.DataFrame, columns: Sequence[Column]) -> list[tuple]:
    return list(zip(*(table[column.source] for column in columns), strict=True))


def _csv(table: pd.DataFrame) -> bytes:
    columns = [*_known(_LIST_COLUMNS, table), *_RESULT]
    header = [
        f"{column.group} {column.header}" if column.group in (_FIRST, _SECOND) else column.header for column in columns
    ]
    percents = [f"{score:.0%}" for score in table["score"]]
    return csv_bytes(header, _rows(table.assign(score=percents), columns))


# The sheets


def _workbook(
    to_decide: pd.DataFrame, decided: pd.DataFrame, checked: pd.DataFrame, current: dict, sheets: str, unchecked: int
) -> bytes:
    workbook, content = new_workbook()
    workbook.set_properties({"title": _TITLE})
    looks, names = Looks(workbook, _LOOKS), SheetNames()
    _write_summary(workbook.add_worksheet(names.take("요약")), looks, to_decide, decided, checked, current, unchecked)
    to_decide, decided = _with_marked_letters(to_decide), _with_marked_letters(decided)
    _write_list(workbook.add_worksheet(names.take(LIST_SHEET)), looks, to_decide, _nothing(decided))
    if not decided.empty:
        _write_list(workbook.add_worksheet(names.take(DECIDED_SHEET)), looks, decided, "")
    handed_out = to_decide[to_decide["decision"] != "다른 책"]
    for name, part in _hand_outs(handed_out, current, sheets):
        _write_hand_out(workbook.add_worksheet(names.take(name)), looks, name, part, sheets)
    workbook.close()
    return content.getvalue()


def _nothing(decided: pd.DataFrame) -> str:
    return NOTHING_FOUND if decided.empty else NOTHING_LEFT


def _with_marked_letters(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its books as fragments."""
    books = [
        differing_fragments(book_a or "", book_b or "")
        for book_a, book_b in zip(table["book_a"], table["book_b"], strict=True)
    ]
    return table.assign(
        book_a=pd.Series([a or None for a, _ in books], index=table.index, dtype=object),
        book_b=pd.Series([b or None for _, b in books], index=table.index, dtype=object),
    )


def _write_summary(
    sheet: Worksheet,
    looks: Looks,
    table: pd.DataFrame,
    decided: pd.DataFrame,
    checked: pd.DataFrame,
    current: dict,
    unchecked: int,
) -> None:
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
        write_text(sheet, looks, row, 0, _nothing(decided), "heading")
        row += 2
    for label, count, unit in _counts(table, decided, checked, unchecked):
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
    for term, meaning in _how_to(table, decided, unchecked):
        row += 1
        write_text(sheet, looks, row, 0, term, "cell", "centre")
        sheet.merge_range(row, 1, row, 5, meaning, looks("cell"))
        sheet.set_row(row, row_height(lines_needed(meaning, 5 * _SUMMARY_WIDTH)))


def _counts(table: pd.DataFrame, decided: pd.DataFrame, checked: pd.DataFrame, unchecked: int) -> Iterable[tuple]:
    """What was counted: the label, the number and the unit that counts it."""
    if "file" in checked and checked["file"].notna().any():
        yield "점검한 파일", checked["file"].nunique(), "개"
    yield "점검한 학생", checked["student"].nunique(), "명"
    if unchecked:
        yield _UNCHECKED, unchecked, "명"
    yield "점검한 도서", len(checked), "권"
    for verdict in VERDICTS.values():
        yield verdict, int((table["verdict"] == verdict).sum()), "쌍"
    yield "의심되는 쌍이 있는 학생", table["pupil"].nunique(), "명"
    if not decided.empty:
        yield "다른 책으로 정한 쌍", int((decided["decision"] == "다른 책").sum()), "쌍"
        yield _CORRECTIONS_LEFT, int((decided["decision"] == "정정").sum()), "쌍"


def _how_to(table: pd.DataFrame, decided: pd.DataFrame, unchecked: int) -> Iterable[tuple[str, str]]:
    """What there is to say about this workbook: terms and their meaning."""
    idle = {
        _PERIOD.header: not _known([_PERIOD], table),
        DECIDED_SHEET: decided.empty,
        _UNCHECKED: not unchecked,
        _CORRECTIONS_LEFT: not (decided["decision"] == "정정").any(),
    }
    return [(term, meaning) for term, meaning in _HOW_TO.items() if not idle.get(term)]


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


def _write_list(sheet: Worksheet, looks: Looks, table: pd.DataFrame, nothing: str) -> None:
    print_on_a4(sheet, landscape=True, repeated=(0, 1))
    if table.empty:
        write_text(sheet, looks, 0, 0, nothing)
        return
    columns = [*_known(_LIST_COLUMNS, table), *_RESULT]
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
        yield pupil_in_words(current[pupil], names[pupil]), part


def _write_hand_out(sheet: Worksheet, looks: Looks, whose: str, table: pd.DataFrame, sheets: str) -> None:
    columns = [column for column in _known(_HAND_OUT_COLUMNS, table) if sheets == "class" or column.group != "학생"]
    columns += _RESULT
    print_on_a4(sheet, landscape=True, repeated=(0, 3))
    write_text(sheet, looks, 0, 0, f"{HAND_OUT_TITLE}{whose}", "title")
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
