"""Small pairs and entries for the tests of the report, and how a test looks into it."""

import io

import openpyxl
import pandas as pd
from openpyxl.cell.rich_text import CellRichText, TextBlock

from schoolkit.reading.report import write_duplicate_report

SAME, CHECK = "같은 책으로 보입니다", "확인이 필요합니다"
BARE = ["student", "book_a", "book_b", "verdict", "score", "reasons"]


def entry(student="s1", book="아몬드(손원평)", current_grade=2, class_no="1", seat_no=3, name="김하늘", **other):
    return {
        "student": student,
        "current_grade": current_grade,
        "class_no": class_no,
        "seat_no": seat_no,
        "name": name,
        "school_year": 2024,
        "grade": 1,
        "semester": 1,
        "subject_area": "국어",
        "book": book,
        "title": book,
        "author": pd.NA,
        "file": "1학년.xlsx",
        "row": 9,
    } | other


def pair(
    book_a="수학의 역사", book_b="수학의 역샤", verdict="same", score=0.934, reasons="한 글자가 다릅니다", **other
):
    """A pair of ``find_duplicates``; ``other`` are columns of the pair or of both its entries."""
    of_pair = {column: other.pop(column) for column in ("period", "decision", "note") if column in other}
    own = {column: other.pop(column) for column in list(other) if column.endswith(("_a", "_b"))}
    first = entry(book=book_a, **other)
    second = first | {
        "book": book_b, "school_year": 2025, "grade": 2, "semester": 2,
        "subject_area": "수학", "file": "2학년.xlsx", "row": 37,
    }  # fmt: skip
    student, name = first.pop("student"), first.pop("name")
    del second["student"], second["name"]
    return {
        "student": student,
        "name": name,
        "verdict": verdict,
        "score": score,
        "reasons": reasons,
        **{f"{column}_a": value for column, value in first.items()},
        **{f"{column}_b": value for column, value in second.items()},
        **own,
        **of_pair,
    }


def frame(*rows):
    return pd.DataFrame(list(rows)).convert_dtypes()


def bare(*rows):
    return frame(*rows)[BARE]


def no_pairs():
    return frame(pair()).iloc[:0]


def opened(content, **options):
    return openpyxl.load_workbook(io.BytesIO(content), **options)


def report(pairs, entries=None, **options):
    entries = frame(entry()) if entries is None else entries
    return opened(write_duplicate_report(pairs, entries, **options), rich_text=True)


def values(sheet):
    return [[cell if cell is None or isinstance(cell, (int, float)) else str(cell) for cell in row]
            for row in sheet.iter_rows(values_only=True)]  # fmt: skip


def marked(cell):
    """The cell's text with its marked letters in brackets."""
    if not isinstance(cell.value, CellRichText):
        return f"[{cell.value}]" if cell.font.b else cell.value
    parts = []
    for run in cell.value:
        stands_out = isinstance(run, TextBlock) and run.font.b
        if stands_out:
            assert (run.font.u, run.font.color.rgb) == ("single", "FFC00000")
        parts.append(f"[{run}]" if stands_out else str(run))
    return "".join(parts)


def books(sheet):
    """The marked books of the list's first pair."""
    headers = [cell.value for cell in sheet[2]]
    places = [index for index, header in enumerate(headers) if header == "도서"]
    return [marked(sheet[3][index]) for index in places]
