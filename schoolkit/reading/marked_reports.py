"""Filled-in reports -> what teachers decided on each pair."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from ..errors import InputError, Problem
from ..tables import Source, Table, load_sources, read_tables
from .decisions import LATER, agreed, joined
from .neis import notice
from .pages import squeezed
from .pair_identity import PLACE, Identity, identities_of
from .pair_table import NAMELESS, place_from_words, whose_from_words
from .report import DECIDED_SHEET, DECISIONS, HAND_OUT_TITLE, LIST_SHEET

_MARKS = {squeezed(word): word for word in DECISIONS}
_DTYPES = {
    "decision": "string",
    "note": "string",
    "name": "string",
    "student": "string",
    "current_grade": "Int64",
    "class_no": "Int64",
    "seat_no": "Int64",
    **{
        f"{column}_{side}": "string" if column in ("book", "subject_area") else "Int64"
        for side in "ab"
        for column in ("book", *PLACE)
    },
    "file": "string",
    "row": "Int64",
}
_HEADERS = {
    "연번": "no",
    "성명": "name",
    "학생": "student",
    "반": "class_no",
    "번호": "seat_no",
    "처리": "decision",
    "비고": "note",
}
_RECORD_HEADERS = {
    "도서": "book",
    "학년도": "school_year",
    "학년": "grade",
    "학기": "semester",
    "과목또는영역": "subject_area",
    "적힌곳": "place",
    "파일": "file",
    "행": "row",
}
# the apostrophe that sheets.csv_bytes puts before what Excel would take for a formula
_GUARD = re.compile(r"'(?=[\t\n]|\s*[=+\-@＝＋－＠])")
_HEADER_WITHIN = 50  # rows


def read_decisions(source: Source | Iterable[Source]) -> pd.DataFrame:
    """The pairs that teachers marked in reports of :func:`schoolkit.write_duplicate_report`.

    Marks count wherever they stand: in the list, among what was settled before, on the sheets
    that were handed out (also as files of their own) and in the CSV. Rows may be sorted,
    filtered or deleted and columns added. A mark that was put off (보류) gives way to one that
    settles the pair elsewhere.

    Args:
        source: a path, ``(file name, bytes)``, or a list of either.

    Returns:
        A DataFrame with one row per marked pair: ``decision`` (정정, 다른 책 or 보류),
        ``note``, ``name``, ``student`` (where the report has that instead of names),
        ``current_grade``, ``class_no``, ``seat_no``, and with ``_a`` and ``_b`` for the two
        records ``book``, ``school_year``, ``grade``, ``semester``, ``subject_area``; ``file``
        and ``row`` say where the mark stands. ``<NA>`` is what the report does not say.
        ``attrs["notices"]`` lists what was passed over (``file``, ``row``, ``what``, ``why``).

    Raises:
        InputError: a file cannot be read or has no marks to read, a mark is unknown, or two
            marks contradict each other; all problems of all files are listed.
    """
    files, problems = load_sources(source)
    lines: list[_Line] = []
    for name, data in files:
        try:
            lines += _lines_of_file(name, read_tables(name, data), problems)
        except InputError as error:
            problems += error.problems
    pairs = _by_pair(lines)
    for of_pair in pairs:
        problems += _contradictions(of_pair)
    if problems:
        raise InputError(problems)
    decisions = _frame([of_pair for of_pair in pairs if any(line.decision for line in of_pair)])
    decisions.attrs["notices"] = _notices(pairs)
    return decisions


@dataclass
class _Line:
    """A pair on a sheet.

    Attributes:
        file, row: where it stands.
        sheet: the sheet in words that show no pupil's name; empty for a CSV file.
        is_hand_out: whether the sheet was made to be handed out.
        pair: the columns of the result that it shows, and ``no``, ``file_a``, ``row_a``, …
    """

    file: str
    row: int
    sheet: str
    is_hand_out: bool
    decision: str | None
    note: str | None
    pair: dict[str, str | None]


def _lines_of_file(name: str, tables: list[Table], problems: list[Problem]) -> list[_Line]:
    lines: list[_Line] = []
    is_report = False
    for position, table in enumerate(tables):
        top, columns = _header(table)
        sheet = _sheet_in_words(table, position)
        title = _hand_out_title(table)
        if top is not None:
            is_report = True
            lines += _lines_of_sheet(table, top, columns, sheet, title, problems)
        elif title is not None or table.sheet in (LIST_SHEET, DECIDED_SHEET):
            is_report = True
            if sum(map(any, table.rows)) > 1:  # one line says that there is no pair
                problems.append(
                    Problem(
                        f"{sheet or '표'}에 '처리' 칸이나 두 '도서' 칸이 없습니다.",
                        "지운 칸을 되살리거나, 점검표를 고치지 않은 채로 처리만 적어 올려 주세요.",
                        name,
                        kind="unknown_columns",
                    )
                )
    if not is_report:
        problems.append(
            Problem(
                "'처리' 칸이 있는 점검표가 아닙니다.",
                "이 도구에서 내려받아 처리를 적은 점검표(.xlsx)나 목록(.csv)을 올려 주세요.",
                name,
                kind="no_report",
            )
        )
    return lines


def _header(table: Table) -> tuple[int | None, dict[str, int]]:
    for i, row in enumerate(table.rows[:_HEADER_WITHIN]):
        columns = _columns(row)
        if {"decision", "book_a", "book_b"} <= columns.keys():
            return i, columns
    return None, {}


def _columns(row: list[str]) -> dict[str, int]:
    """Which column shows what; the headers of a record follow its 도서."""
    columns: dict[str, int] = {}
    side = ""
    for j, cell in enumerate(row):
        header = re.sub("^(첫|두)번째기록", "", squeezed(cell))
        if header == "도서":
            side = "b" if side else "a"
        if header == "학년" and not side:
            columns.setdefault("current_grade", j)
        elif header in _RECORD_HEADERS:
            columns.setdefault(f"{_RECORD_HEADERS[header]}_{side}", j)
        elif header in _HEADERS:
            columns.setdefault(_HEADERS[header], j)
    return columns


def _sheet_in_words(table: Table, position: int) -> str:
    if table.sheet is None:
        return ""
    if table.sheet in (LIST_SHEET, DECIDED_SHEET):
        return f"'{table.sheet}' 시트"
    return f"{position + 1}번째 시트"  # its name may be a pupil's


def _hand_out_title(table: Table) -> str | None:
    """Whose hand-out the sheet is; None if it is none."""
    mark = HAND_OUT_TITLE.strip()
    cells = (cell for row in table.rows[:_HEADER_WITHIN] for cell in row)
    return next((cell.removeprefix(mark).strip() for cell in cells if cell.startswith(mark)), None)


def _lines_of_sheet(
    table: Table, top: int, columns: dict[str, int], sheet: str, title: str | None, problems: list[Problem]
) -> Iterator[_Line]:
    of = f"{sheet}의 " if sheet else ""
    shared = _shared_by_sheet(columns, title)
    for i in range(top + 1, len(table.rows)):
        cells = {name: _unguarded(table.merged_value(i, j)) or None for name, j in columns.items()}
        mark = cells.pop("decision")
        if not (cells["book_a"] and cells["book_b"]):
            if mark:
                what = f"{of}처리는 있으나 도서가 비어 있어 어느 쌍의 것인지 알 수 없습니다."
                what_to_do = "도서 칸을 되살리거나 처리 칸을 비워 주세요."
                problems.append(Problem(what, what_to_do, table.file, i + 1, "처리", "no_book"))
            continue
        decision = _MARKS.get(squeezed(mark or ""))
        if mark and not decision:
            what = f"{of}처리를 알아볼 수 없습니다."
            what_to_do = f"{', '.join(DECISIONS)} 가운데 하나로 고치거나 비워 주세요."
            problems.append(Problem(what, what_to_do, table.file, i + 1, "처리", "unknown_decision"))
        note = cells.pop("note", None)
        yield _Line(table.file, i + 1, sheet, title is not None, decision, note, shared | _with_places(cells))


def _shared_by_sheet(columns: dict[str, int], title: str | None) -> dict[str, str | None]:
    """What the title of a hand-out says of every pair on it."""
    if title is None:
        return {}
    shared = dict(zip(("current_grade", "class_no", "seat_no", "name"), whose_from_words(title), strict=True))
    if columns.keys() & {"name", "student"}:
        del shared["name"]
    return shared


def _with_places(cells: dict[str, str | None]) -> dict[str, str | None]:
    """The cells with the place of a record, which a hand-out shows in words, as its columns."""
    pair = dict(cells)
    for side in "ab":
        if words := pair.pop(f"place_{side}", None):
            names = (f"{column}_{side}" for column in PLACE)
            pair |= dict(zip(names, place_from_words(words), strict=True))
    if pair.get("name") == NAMELESS:
        pair["name"] = None
    return pair


def _unguarded(text: str) -> str:
    return text[1:].strip() if _GUARD.match(text) else text


def _by_pair(lines: list[_Line]) -> list[list[_Line]]:
    """The lines that are about one pair together, those of the lists first."""
    wanted = [column for column in _DTYPES if column not in ("file", "row", "decision", "note")]
    frame = pd.DataFrame([line.pair for line in lines], columns=wanted, dtype=object)
    identities = identities_of(frame)
    listed = {
        (line.file, line.pair["no"]): k for k, line in enumerate(lines) if not line.is_hand_out and line.pair.get("no")
    }
    alike: dict[Identity, list[_Line]] = defaultdict(list)
    for k in sorted(range(len(lines)), key=lambda k: lines[k].is_hand_out):
        line, identity = lines[k], identities[k]
        twin = listed.get((line.file, line.pair.get("no"))) if line.is_hand_out else None
        if twin is not None and _is_about_one_pair(identity, identities[twin]):
            line.pair, identity = lines[twin].pair, identities[twin]
        alike[identity].append(line)
    return [of_pair for group in alike.values() for of_pair in _told_apart(group)]


def _is_about_one_pair(one: Identity, other: Identity) -> bool:
    return one.books == other.books and one.who in ("", other.who)


def _told_apart(lines: list[_Line]) -> Iterable[list[_Line]]:
    """The lines of one identity, which are one pair unless a list has several such pairs or a grade two such pupils."""
    in_lists = Counter(line.file for line in lines if not line.is_hand_out)
    seats = {(line.pair.get("current_grade"), line.pair.get("class_no"), line.pair.get("seat_no")) for line in lines}
    grades = {grade for grade, *_ in seats}
    if max(in_lists.values(), default=1) == 1 and len(seats) == len(grades):
        return [lines]
    apart: dict[tuple, list[_Line]] = defaultdict(list)
    for line in lines:
        columns = ("current_grade", "class_no", "seat_no", "file_a", "row_a", "file_b", "row_b")
        apart[tuple(line.pair.get(column) for column in columns)].append(line)
    return apart.values()


def _contradictions(of_pair: list[_Line]) -> Iterator[Problem]:
    settling = [line for line in of_pair if line.decision not in (None, LATER)]
    for line in settling[1:]:
        first = settling[0]
        if line.decision == first.decision:
            continue
        where = " ".join(filter(None, [first.file if first.file != line.file else "", first.sheet, f"{first.row}행"]))
        here = f"{line.sheet}에는" if line.sheet else "여기에는"
        yield Problem(
            f"같은 쌍의 처리가 서로 다릅니다: {here} '{line.decision}', {where}에는 '{first.decision}'.",
            "한쪽을 고치거나 비워 주세요. 여러 번 만든 점검표라면 가장 나중에 만든 것만 올려 주세요.",
            line.file,
            line.row,
            "처리",
            "contradiction",
        )


def _frame(marked: list[list[_Line]]) -> pd.DataFrame:
    records = []
    for of_pair in marked:
        decision = agreed(line.decision for line in of_pair)
        line = next(line for line in of_pair if line.decision == decision)
        note = joined(line.note for line in of_pair)
        records.append(line.pair | {"decision": decision, "note": note, "file": line.file, "row": str(line.row)})
    return pd.DataFrame(
        {
            column: pd.array([_value(record.get(column), dtype) for record in records], dtype=dtype)
            for column, dtype in _DTYPES.items()
        }
    )


def _value(text: str | None, dtype: str) -> str | int | None:
    if dtype == "string" or text is None:
        return text
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


def _notices(pairs: list[list[_Line]]) -> list[dict]:
    """What was passed over, told once a file."""
    only_notes: dict[str, list[_Line]] = defaultdict(list)
    put_off: dict[str, list[_Line]] = defaultdict(list)
    for of_pair in pairs:
        decision = agreed(line.decision for line in of_pair)
        settled_in = {line.file for line in of_pair if line.decision == decision}
        for line in of_pair:
            if decision is None and line.note:
                only_notes[line.file].append(line)
            elif line.decision == LATER != decision and line.file not in settled_in:
                put_off[line.file].append(line)
    return [
        notice(
            file,
            lines[0].row,
            f"비고만 있고 처리가 빈 줄 {len(lines)}개는 건너뛰었습니다.",
            "비고를 이어 가려면 처리에서 보류를 골라 주세요.",
        )
        for file, lines in only_notes.items()
    ] + [
        notice(
            file,
            lines[0].row,
            f"보류로 적힌 줄 {len(lines)}개는 다른 파일에서 정한 것을 따랐습니다.",
            "보류로 되돌리려면 다른 파일의 처리도 보류로 고치거나, 가장 나중에 만든 점검표만 올려 주세요.",
        )
        for file, lines in put_off.items()
    ]
