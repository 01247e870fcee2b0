"""Reports filled in as a teacher does, and decisions on small pairs, for the tests that read and use them."""

import io

import pandas as pd
from report_frames import entry, frame, opened, pair

from schoolkit.reading.report import write_duplicate_report

LIST, SETTLED = "중복 의심", "이미 정한 것"


def workbook(pairs, **options):
    return opened(write_duplicate_report(pairs, frame(entry()), **options), rich_text=True)


def saved(book, name="점검표.xlsx"):
    target = io.BytesIO()
    book.save(target)
    return name, target.getvalue()


def headings(sheet):
    """The row of the headings, and heading -> column; of equal ones the first counts."""
    top = next(row for row in sheet.iter_rows() if any(cell.value == "처리" for cell in row))
    return top[0].row, {cell.value: cell.column for cell in reversed(top)}


def mark(book, sheet_name, marks):
    """Fill in 처리, or 처리 and 비고, as a teacher does: ``{연번: 처리}`` or ``{연번: (처리, 비고)}``."""
    sheet = book[sheet_name]
    top, columns = headings(sheet)
    for row in range(top + 1, sheet.max_row + 1):
        given = marks.get(sheet.cell(row, columns["연번"]).value)
        if given is not None:
            decision, note = given if isinstance(given, tuple) else (given, None)
            sheet.cell(row, columns["처리"]).value = decision
            sheet.cell(row, columns["비고"]).value = note
    return book


def filled(pairs, marks, name="점검표.xlsx", sheet=LIST, **options):
    return saved(mark(workbook(pairs, **options), sheet, marks), name)


def alone(book, sheet_name, name):
    """The file that is left when every other sheet is deleted."""
    for other in book.sheetnames:
        if other != sheet_name:
            del book[other]
    return saved(book, name)


def shown(decisions, *columns):
    """The rows of some columns, with None for what is missing."""
    return [tuple(None if pd.isna(value) else value for value in row) for row in decisions[list(columns)].values]


def marks_of(frame):
    return shown(frame, "decision", "note")


def books_of(frame):
    return shown(frame, "book_a", "book_b")


def decision(mark="정정", note=None, **of_pair):
    """A decision as ``read_decisions`` gives it, about what ``pair`` makes of the arguments."""
    given = frame(pair(**of_pair)).rename(columns=lambda column: column.removesuffix("_a"))
    columns = ["name", "current_grade", "class_no", "seat_no"]
    sides = [f"{column}_{side}" for side in "ab" for column in ("book", "school_year", "grade", "semester")]
    subjects = ["subject_area_a", "subject_area_b"]
    whole = frame(pair(**of_pair))[sides + subjects].iloc[0].to_dict()
    return given[columns].iloc[0].to_dict() | whole | {"decision": mark, "note": note}


def decisions_of(*rows):
    return pd.DataFrame(list(rows)).convert_dtypes()


FIRST, SECOND = pair(), pair("가람", "나람", name="박지우", student="s2", seat_no=12)
THIRD = pair("데미안", "데미안 1", name="정민재", student="s3", class_no="2")
