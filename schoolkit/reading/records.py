"""Files of reading records -> one row per pupil and book, every pupil known over all files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from ..errors import InputError, Problem
from ..students import Identities, identify
from ..tables import Source, Table, load_sources, read_tables
from . import columns as headers
from .books import Book, Evidence, bare_text, one_book, split_cell
from .neis import Part, RawCell, notice, read_part
from .terms import Term

_DTYPES = {
    "student": "string",
    "current_grade": "Int64",
    "class_no": "Int64",
    "seat_no": "Int64",
    "name": "string",
    "school_year": "Int64",
    "grade": "Int64",
    "semester": "Int64",
    "subject_area": "string",
    "book": "string",
    "title": "string",
    "author": "string",
    "file": "string",
    "row": "Int64",
}


def read_reading_records(
    source: Source | Iterable[Source],
    *,
    columns: Mapping[str, object] | None = None,
    links: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Every book of every pupil in the files, with the place where it stands.

    Args:
        source: a path, ``(file name, bytes)``, or a list of either. xlsx, xls, HTML and CSV
            (UTF-8, CP949, UTF-16) in the print layout of NEIS, as its ``XLS data`` or as a
            tidied table.
        columns: which column is which, for files whose headers are not recognised: field ->
            header as written, or Excel's column letters. Fields are ``name``, ``student_no``,
            ``class_no``, ``seat_no``, ``school_year``, ``grade``, ``semester``,
            ``subject_area``, ``book`` (may hold several books), ``title`` (one book),
            ``author`` and the others of ``schoolkit.reading.columns.FIELDS``; ``header_row``
            says in which row (from 1) the headers stand. ``{file name: {...}}`` says it file
            by file.
        links: pupils of several years who are one, key -> key, as ``doubtful_links`` names
            them.

    Returns:
        A DataFrame with one row per pupil and book, in the order of the files, columns
        ``student`` (an opaque key, equal for one pupil over all files), ``current_grade``,
        ``class_no``, ``seat_no`` (present when the file was made), ``name``, ``school_year``, ``grade``,
        ``semester`` (1 or 2), ``subject_area`` (those of the entry), ``book`` (as written),
        ``title``, ``author``, ``file`` and ``row`` (as Excel shows it, from 1); ``<NA>``
        where the files do not say. ``attrs["notices"]`` lists what was skipped or guessed
        (``file``, ``row``, ``what``, ``why``); ``attrs["doubtful_links"]`` pupils of one name
        whom only a teacher can join (``student_a``, ``student_b``, ``name``, ``about_a``,
        ``about_b``, ``only_candidate``).

    Raises:
        InputError: at least one file cannot be read; all problems of all files are listed.
    """
    files, problems = load_sources(source)
    notices: list[dict] = []
    parts: list[Part] = []
    seen: dict[bytes, str] = {}
    for name, data in files:
        if data in seen:
            notices.append(
                notice(name, None, "이 파일은 건너뛰었습니다.", f"'{seen[data]}'와(과) 내용이 완전히 같습니다.")
            )
            continue
        seen[data] = name
        try:
            parts += _read_file(name, read_tables(name, data), columns, len(parts), notices)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    if not parts:
        raise InputError(
            [Problem("점검할 파일이 없습니다.", "독서활동 상황 파일을 하나 이상 골라 주세요.", kind="no_file")]
        )

    for part in parts:
        notices += part.notices
    sightings = [sighting for part in parts for sighting in part.sightings]
    identities = identify(sightings, links)
    for a, b in identities.merged:
        notices.append(
            notice(
                sightings[b].source,
                sightings[b].first_row,
                f"'{sightings[a].source}' {sightings[a].first_row}행의 학생과 한 학생으로 보았습니다.",
                "이름이 같고, 학년·반·번호 가운데 적힌 것이 서로 어긋나지 않습니다.",
            )
        )
    entries = _entries(parts, identities, notices)
    entries.attrs["notices"] = _gathered(notices)
    entries.attrs["doubtful_links"] = identities.doubtful
    return entries


def _gathered(notices: list[dict], most: int = 10) -> list[dict]:
    """The notices, where one that a file repeats more than ``most`` times is told once, with its rows."""
    alike: dict[tuple, list[int]] = {}
    for one in notices:
        alike.setdefault((one["file"], one["what"], one["why"]), []).append(one["row"])
    gathered = []
    for (file, what, why), rows in alike.items():
        if len(rows) <= most or None in rows:
            gathered += [notice(file, row, what, why) for row in rows]
        else:
            shown = ", ".join(f"{row}행" for row in rows[:most])
            gathered.append(notice(file, rows[0], f"{what} (모두 {len(rows)}곳: {shown} 등)", why))
    files = list(dict.fromkeys(one["file"] for one in notices))
    return sorted(gathered, key=lambda one: (files.index(one["file"]), one["row"] or 0))


def _read_file(name: str, tables: list[Table], columns, first_part: int, notices: list[dict]) -> list[Part]:
    given = columns
    if columns and all(isinstance(value, Mapping) for value in columns.values()):
        given = columns.get(name)
    parts, wrong_columns = [], None
    for table in tables:
        try:
            part = read_part(table, first_part + len(parts), given)
        except InputError as error:
            wrong_columns = wrong_columns or error
            continue
        if part is not None:
            parts.append(part)
    if wrong_columns and not parts:
        raise wrong_columns
    filled = [table for table in tables if any(map(any, table.rows))]
    if not filled:
        raise InputError([Problem("빈 파일입니다.", "나이스에서 다시 내려받아 올려 주세요.", name, kind="no_rows")])
    if not parts:
        raise InputError([_unknown_columns(name, filled)])
    if not any(part.cells for part in parts):
        raise InputError(
            [
                Problem(
                    "머리글은 있으나 독서 기록이 한 줄도 없습니다.",
                    "나이스에서 학년·반을 골라 조회한 뒤 다시 내려받아 주세요.",
                    name,
                    kind="no_rows",
                )
            ]
        )
    skipped = len(filled) - len(parts)
    if skipped:
        notices.append(
            notice(
                name,
                None,
                f"시트 {skipped}개를 건너뛰었습니다.",
                "독서 기록의 머리글(성명, 독서활동 상황 등)이 없습니다.",
            )
        )
    return parts


def _unknown_columns(name: str, tables: list[Table]) -> Problem:
    """Says which columns are missing from the row that looks most like a header."""
    likeliest = max(
        ((len(headers.recognise(row)), -i, row) for table in tables for i, row in enumerate(table.rows[:50])),
        key=lambda found: found[:2],
    )
    known, above, row = likeliest
    what = "어느 줄이 머리글인지 알 수 없습니다."
    if known:
        what = f"머리글에 {' 및 '.join(headers.missing_columns(headers.recognise(row)))}이 없습니다."
    return Problem(
        what,
        "칸 이름을 '성명', '독서활동 상황'처럼 고치거나, 어느 칸이 무엇인지 직접 골라 주세요.",
        name,
        1 - above if known else None,
        kind="unknown_columns",
    )


def preview(source: Source, rows: int = 12) -> pd.DataFrame:
    """The first rows of a file's fullest sheet as text, for a teacher who says which column is which.

    Returns:
        A DataFrame whose index is the row and whose columns are the letters that Excel shows.

    Raises:
        InputError: the file cannot be read.
    """
    files, problems = load_sources(source)
    if problems:
        raise InputError(problems)
    ((name, data),) = files
    table = max(read_tables(name, data), key=lambda one: sum(map(any, one.rows)))
    first = table.rows[:rows]
    width = max(map(len, first), default=0)
    cells = [row + [""] * (width - len(row)) for row in first]
    return pd.DataFrame(
        cells, index=range(1, len(cells) + 1), columns=[headers.column_letters(j) for j in range(width)]
    )


def _entries(parts: list[Part], identities: Identities, notices: list[dict]) -> pd.DataFrame:
    evidence = Evidence.from_cells(cell.text for part in parts for cell in part.cells if not cell.one_book)
    records: list[tuple] = []
    copies: Counter = Counter()  # entry -> how often the parts read so far hold it at most
    first = 0
    odd_classes: dict[tuple[str, str], int] = {}  # file and class -> row
    for part in parts:
        known = replace(evidence, without_authors=False) if part.says_title else evidence
        here: Counter = Counter()
        repeated = []
        for cell in part.cells:
            sighting = part.sightings[cell.pupil]
            key = identities.keys[first + cell.pupil]
            class_no = sighting.class_no
            if class_no is not None and not re.fullmatch(r"[0-9]{1,3}", class_no):
                odd_classes.setdefault((part.file, class_no), cell.row)
                class_no = None
            who = (key, sighting.grade, class_no and int(class_no), sighting.seat_no, sighting.name)
            for book in _books(cell, known, part, notices):
                term = _term(cell, book)
                if term.order:  # without a year it may be another entry
                    same_entry = (key, term.order, cell.subject_area, bare_text(book.written))
                    here[same_entry] += 1
                    if here[same_entry] <= copies[same_entry]:
                        repeated.append(cell.row)
                        continue
                records.append(
                    (*who, *term, cell.subject_area, book.written, book.title, book.author, part.file, cell.row)
                )
        copies |= here
        first += len(part.sightings)
        if repeated:
            notices.append(
                notice(
                    part.file,
                    repeated[0],
                    f"다른 파일(시트)에서 이미 읽은 기록 {len(repeated)}건은 한 번만 셌습니다.",
                    "학생, 학년도(학년), 학기, 과목과 책이 모두 같은 기록이 두 파일에 들어 있습니다.",
                )
            )
    for (file, label), row in odd_classes.items():
        what = f"반 이름 '{label}'은(는) 학생을 구별하는 데만 쓰고 반 칸은 비워 두었습니다."
        notices.append(notice(file, row, what, "반 번호가 숫자가 아닙니다."))
    columns = list(_DTYPES)
    values = zip(*records, strict=True) if records else [[] for _ in columns]
    return pd.DataFrame(
        {column: pd.array(list(cells), dtype=_DTYPES[column]) for column, cells in zip(columns, values, strict=True)}
    )


def _term(cell: RawCell, book: Book) -> Term:
    if book.term is None:
        return cell.term
    return Term(book.term.school_year or cell.term.school_year, book.term.grade or cell.term.grade, book.term.semester)


def _books(cell: RawCell, evidence: Evidence, part: Part, notices: list[dict]) -> list[Book]:
    if cell.one_book:
        return one_book(cell.text, cell.author or "")
    found = split_cell(cell.text, evidence)
    for guess in dict.fromkeys(found.guesses):
        notices.append(notice(part.file, cell.row, guess, "책을 나누는 데 쓰인 괄호나 쉼표가 보통과 다릅니다."))
    if not found.books:
        notices.append(notice(part.file, cell.row, "책 칸의 글을 건너뛰었습니다.", "책 제목으로 볼 글자가 없습니다."))
    return found.books
