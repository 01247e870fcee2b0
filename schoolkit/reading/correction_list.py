"""Groups of spellings -> every place to be corrected, and a workbook to work from.

The wording says what books look like, never that a pupil did something wrong.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import BinaryIO

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from ..sheets import (
    Column,
    Looks,
    deliver,
    lines_needed,
    new_workbook,
    print_on_a4,
    row_height,
    write_table,
    write_text,
)
from .marks import Fragments, differing_fragments
from .pair_table import current_places, in_class_order, texts, whole_numbers

GROUPS_SHEET, PLACES_SHEET = "도서명 통일", "고칠 곳"

_PUPIL_PLACE = ("current_grade", "class_no", "seat_no")
_PLACE_COLUMNS = (
    *_PUPIL_PLACE, "name", "student", "school_year", "grade", "semester", "subject_area", "file", "row"
)  # fmt: skip
_NUMBERS = (*_PUPIL_PLACE, "school_year", "grade", "semester", "row")
_TEXTS = ("name", "student", "subject_area", "file")
_ABOUT_GROUPS = (
    "한 묶음의 표기들은 같은 책으로 보입니다. ‘맞는 표기로 보임’은 학생 수와 저자 표시, 사전에 있는 말인지를 보고 고른 "
    "것이니, 원래 책과 견주어 확인해 주세요. 굵고 붉은 밑줄 글자는 맞는 표기로 보이는 것과 다른 글자입니다."
)
_ABOUT_PLACES = (
    "고치기 전에 원래 기록을 꼭 확인해 주세요. 지난 학년도의 기록은 학교생활기록부 정정 절차(정정대장)를 거쳐야만 고칠 "
    "수 있고, 올해의 기록은 바로 고칠 수 있습니다. 굵고 붉은 밑줄 글자는 두 표기에서 서로 다른 글자입니다. "
    "학생의 개인정보가 들어 있으니, 다 쓴 뒤에는 파일을 지우고 인쇄물은 파기해 주세요."
)
_SOME_UNCHOSEN = " ○가 없는 묶음은 그대로 두거나 ‘고칠 곳’ 시트의 표기로 고칩니다."
_NO_GROUPS = "여러 가지로 적힌 책이 없습니다."
_NO_PLACES = "고칠 곳이 없습니다."

_CENTRE = ("centre",)
_LIKELY = "○"
_GROUP_COLUMNS = (
    Column("group", "묶음", 6, _CENTRE),
    Column("book", "도서", 44),
    Column("pupils", "학생 수", 7, ("centre", "명")),
    Column("entries", "기록 수", 7, ("centre", "건")),
    Column("likely", "맞는 표기로 보임", 10, _CENTRE),
    Column("reasons", "이유", 44),
)
_PUPIL, _PLACE, _SPELLING = "학생", "적힌 곳", "표기"
_CORRECTION_COLUMNS = (
    Column("no", "연번", 5, _CENTRE, "구분"),
    Column("current_grade", "학년", 5, _CENTRE, _PUPIL),
    Column("class_no", "반", 5, _CENTRE, _PUPIL),
    Column("seat_no", "번호", 5, _CENTRE, _PUPIL),
    Column("name", "성명", 9, _CENTRE, _PUPIL),
    Column("student", "학생", 14, _CENTRE, _PUPIL),
    Column("school_year", "학년도", 7, _CENTRE, _PLACE),
    Column("grade", "학년", 5, _CENTRE, _PLACE),
    Column("semester", "학기", 5, _CENTRE, _PLACE),
    Column("subject_area", "과목 또는 영역", 9, _CENTRE, _PLACE),
    Column("file", "파일", 16, (), _PLACE),
    Column("row", "행", 6, _CENTRE, _PLACE),
    Column("book", "도서", 31, (), _SPELLING),
    Column("correct_to", "고칠 표기", 31, (), _SPELLING),
    Column("done", "고침", 6, _CENTRE, "확인"),
)
_LOOKS = {
    **{unit: {"num_format": f'#,##0"{unit}"'} for unit in ("명", "건")},
    "explanation": {"text_wrap": True, "valign": "top"},
}


def correction_list(
    entries: pd.DataFrame, groups: pd.DataFrame, right: Mapping[int, str | None] | None = None
) -> pd.DataFrame:
    """Every entry of a group that is not written in the group's right way.

    Args:
        entries: what the groups were made of. Needed: student, book. Used if there: the
            pupil's current_grade, class_no, seat_no, name, and school_year, grade, semester,
            subject_area, file, row of the record. Not changed.
        groups: as :func:`schoolkit.reading.by_book.group_spellings` gives them.
        right: group number -> the text that the teacher chose, which need be none of the group's;
            by default the likely spelling. ``None`` leaves the group out, as does a group
            without a likely one.

    Returns:
        A DataFrame with one row per entry to correct: those of the columns above that the
        entries have, then ``book`` (as written) and ``correct_to``. A pupil stands in the
        class of the highest grade that any record shows. Sorted by grade, class and number,
        then by file and row.

    Raises:
        KeyError: a column is missing.
        ValueError: ``right`` has a number that is no group's, or a text without anything in it.
    """
    to_write = _right_spellings(groups, right or {})
    usable = entries.dropna(subset=["student", "book"])
    books = usable["book"].astype(str)
    correct_to = books.map(to_write).astype("string")
    wrong = (correct_to.notna() & (correct_to != books)).to_numpy(dtype=bool)
    current = current_places(usable)
    found = usable.loc[wrong, [column for column in _PLACE_COLUMNS if column in entries]].copy()
    found.attrs = {}
    places = [current[pupil] for pupil in usable.loc[wrong, "student"]]
    for index, column in enumerate(_PUPIL_PLACE):
        if column in found:
            values = pd.Series([place[index] for place in places], dtype=object)
            found[column] = values.astype(found[column].dtype).array
    found["book"] = books[wrong].astype("string")
    found["correct_to"] = correct_to[wrong]
    files, rows = (
        read(found[column]) if column in found else [None] * len(found)
        for column, read in (("file", texts), ("row", whole_numbers))
    )
    keys = [in_class_order((*place, file, row)) for place, file, row in zip(places, files, rows, strict=True)]
    return found.iloc[sorted(range(len(found)), key=keys.__getitem__)].reset_index(drop=True)


def _right_spellings(groups: pd.DataFrame, right: Mapping[int, str | None]) -> dict[str, str]:
    """What each spelling of the groups is to be corrected to."""
    chosen: dict[int, str | None] = dict.fromkeys(groups["group"])
    chosen |= groups.loc[groups["likely"], ["group", "book"]].itertuples(index=False, name=None)
    if unknown := sorted(right.keys() - chosen.keys()):
        raise ValueError(f"no such groups: {unknown}")
    if empty := sorted(group for group, text in right.items() if text is not None and not text.strip()):
        raise ValueError(f"nothing to correct these groups to: {empty}")
    chosen |= right
    return {
        book: chosen[group]
        for group, book in zip(groups["group"], groups["book"], strict=True)
        if chosen[group] is not None
    }


def write_correction_list(
    corrections: pd.DataFrame, groups: pd.DataFrame, target: str | os.PathLike[str] | BinaryIO | None = None
) -> bytes:
    """The groups and the places to correct as an xlsx workbook; its bytes come back in any case.

    The letters in which two spellings differ are bold, red and underlined. Columns that are
    missing or wholly empty are left out.

    Args:
        corrections: as :func:`correction_list` gives them.
        groups: as :func:`schoolkit.reading.by_book.group_spellings` gives them, ``likely`` perhaps
            at another spelling that the teacher chose, or at none of a group.
        target: where the workbook goes besides: a path, which gets all of it or is left as it
            was, or a binary file object.

    Raises:
        OSError: the path cannot be written.
    """
    workbook, content = new_workbook()
    workbook.set_properties({"title": GROUPS_SHEET})
    looks = Looks(workbook, _LOOKS)
    _write_groups(workbook.add_worksheet(GROUPS_SHEET), looks, groups)
    _write_places(workbook.add_worksheet(PLACES_SHEET), looks, corrections)
    workbook.close()
    if target is not None:
        deliver(content.getvalue(), target)
    return content.getvalue()


def _write_groups(sheet: Worksheet, looks: Looks, groups: pd.DataFrame) -> None:
    print_on_a4(sheet, landscape=False, repeated=(2, 2))
    books = texts(groups["book"])
    likely_books = {
        group: book for group, book, likely in zip(groups["group"], books, groups["likely"], strict=True) if likely
    }
    rows = [
        (
            int(group),
            _marked(book, likely_books.get(group, book))[0],
            int(pupils),
            int(entries),
            _LIKELY if likely else None,
            None if likely else why,
        )
        for group, book, pupils, entries, likely, why in zip(
            groups["group"],
            books,
            groups["pupils"],
            groups["entries"],
            groups["likely"],
            texts(groups["reasons"]),
            strict=True,
        )
    ]
    numbers = groups["group"].tolist()
    ruled = {index for index, number in enumerate(numbers) if index == 0 or number != numbers[index - 1]}
    about = _ABOUT_GROUPS + ("" if len(likely_books) == len(ruled) else _SOME_UNCHOSEN)
    _write_sheet(sheet, looks, GROUPS_SHEET, about if rows else _NO_GROUPS, _GROUP_COLUMNS, rows, ruled)


def _write_places(sheet: Worksheet, looks: Looks, corrections: pd.DataFrame) -> None:
    print_on_a4(sheet, landscape=True, repeated=(2, 3))
    known = {column: whole_numbers(corrections[column]) for column in _NUMBERS if column in corrections}
    known |= {
        column: texts(corrections[column]) for column in ("name", "subject_area", "file") if column in corrections
    }
    if not any(known.get("name", [])) and "student" in corrections:
        known["student"] = texts(corrections["student"])
    known = {column: values for column, values in known.items() if any(value is not None for value in values)}
    marked = [
        _marked(book, right)
        for book, right in zip(texts(corrections["book"]), texts(corrections["correct_to"]), strict=True)
    ]
    known |= {
        "no": list(range(1, len(corrections) + 1)),
        "book": [book for book, _ in marked],
        "correct_to": [right for _, right in marked],
        "done": [None] * len(corrections),
    }
    columns = [column for column in _CORRECTION_COLUMNS if column.source in known]
    rows = list(zip(*(known[column.source] for column in columns), strict=True))
    pupils = corrections["student"].tolist() if "student" in corrections else []
    ruled = {index for index, pupil in enumerate(pupils) if index == 0 or pupil != pupils[index - 1]}
    _write_sheet(sheet, looks, PLACES_SHEET, _ABOUT_PLACES if rows else _NO_PLACES, columns, rows, ruled)


def _marked(book: str | None, right: str | None) -> tuple[Fragments | None, Fragments | None]:
    in_book, in_right = differing_fragments(book or "", right or "")
    return in_book or None, in_right or None


def _write_sheet(
    sheet: Worksheet,
    looks: Looks,
    title: str,
    explanation: str,
    columns: tuple[Column, ...] | list[Column],
    rows: list[tuple],
    ruled: set[int],
) -> None:
    write_text(sheet, looks, 0, 0, title, "title")
    sheet.set_row(0, 28)
    if not rows:
        write_text(sheet, looks, 1, 0, explanation)
        return
    sheet.merge_range(1, 0, 1, len(columns) - 1, explanation, looks("explanation"))
    sheet.set_row(1, row_height(lines_needed(explanation, sum(column.width for column in columns))))
    first = write_table(sheet, looks, columns, rows, 2, filterable=True, ruled=ruled)
    sheet.freeze_panes(first, 0)
