"""What teachers decided on pairs: read from filled-in reports, and found again among new pairs.

A pair is known by its pupil, its two books and the places of both records, never by its row:
the next export has other rows, and next year's has other classes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from ..errors import InputError, Problem
from ..students import name_key
from ..tables import Source, Table, load_sources, read_tables
from .books import bare_text, split_title_author
from .neis import notice
from .pages import squeezed
from .pair_table import NAMELESS, place_from_words, texts, whole_numbers, whose_from_words
from .report import DECIDED_SHEET, DECISIONS, HAND_OUT_TITLE, LIST_SHEET

FROM_ANOTHER_PUPIL = "다른 학생의 같은 쌍에서 정한 것"
FROM_ANOTHER_RECORD = "다른 기록의 같은 쌍에서 정한 것"

_CORRECT, _OTHER_BOOK, _LATER = DECISIONS
_MARKS = {squeezed(word): word for word in DECISIONS}
_PLACE = ("school_year", "grade", "semester", "subject_area")
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
        for column in ("book", *_PLACE)
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


def split_decided(pairs: pd.DataFrame, decisions: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The pairs that are still open, and those that a decision settles.

    A decision is about the pairs of the same pupil, books and places, as far as both sides
    know the places. Among pupils of one name the class decides; where it cannot, because
    it is another year's, the only one with such a pair is meant. Where another layout writes
    the subjects or grades of both records otherwise, the pupil's only pair of these books is
    meant. Whatever stays unclear is open. That two books with authors are other books holds
    for every pupil.

    Args:
        pairs: as :func:`schoolkit.find_duplicates` gives them. Not changed.
        decisions: as :func:`read_decisions` gives them. Not changed.

    Returns:
        Two frames with the rows of ``pairs`` in their order, numbered anew, and the columns
        ``decision`` and ``note`` at the end. Open ones are unmarked (``<NA>``) or 보류, the
        others 정정 or 다른 책.
    """
    made = decisions[decisions["decision"].notna()]
    marks, notes = texts(made["decision"]), texts(_column(made, "note"))
    index = _Index(pairs)
    found: list[list[int]] = [[] for _ in range(len(pairs))]
    identities = _identities(made)
    seats = _seats(made)
    rivals = Counter((identity.who, identity.books) for identity in identities)
    for k, identity in enumerate(identities):
        for i in index.settled_by(identity, seats[k], rivals[identity.who, identity.books] == 1):
            found[i].append(k)

    other_books = _known_other_books(made, identities, marks)
    settled_with = {(index.identities[i].books, index.pupils[i]) for i, by in enumerate(found) if by}
    results: list[tuple[str | None, str | None]] = []
    for i, by in enumerate(found):
        books = index.identities[i].books
        if by:
            mark = _agreed(marks[k] for k in by)
            results.append((mark, _joined(notes[k] for k in by) if mark else None))
        elif books in other_books:
            own = (books, index.pupils[i]) in settled_with
            results.append((_OTHER_BOOK, FROM_ANOTHER_RECORD if own else FROM_ANOTHER_PUPIL))
        else:
            results.append((None, None))
    marked = pairs.assign(
        decision=pd.array([mark for mark, _ in results], dtype="string"),
        note=pd.array([note for _, note in results], dtype="string"),
    )
    is_decided = marked["decision"].isin([_CORRECT, _OTHER_BOOK]).to_numpy(dtype=bool)
    return marked[~is_decided].reset_index(drop=True), marked[is_decided].reset_index(drop=True)


# What makes a pair the same pair


class _Identity(NamedTuple):
    """Whose pair it is, and its records as (bare book, place), in an order of their own."""

    who: str
    records: tuple[tuple[str, tuple], tuple[str, tuple]]

    @property
    def books(self) -> tuple[str, str]:
        return self.records[0][0], self.records[1][0]


def _identities(frame: pd.DataFrame) -> list[_Identity]:
    sides = []
    for side in "ab":
        books = [bare_text(book or "") for book in texts(frame[f"book_{side}"])]
        numbers = [whole_numbers(_column(frame, f"{column}_{side}")) for column in _PLACE[:-1]]
        subjects = [subject and bare_text(subject) for subject in texts(_column(frame, f"subject_area_{side}"))]
        sides.append(zip(books, zip(*numbers, subjects, strict=True), strict=True))
    names, students = texts(_column(frame, "name")), texts(_column(frame, "student"))
    return [
        _Identity(name_key(name or student or ""), tuple(sorted(records, key=_in_order)))
        for name, student, *records in zip(names, students, *sides, strict=True)
    ]


def _in_order(record: tuple[str, tuple]) -> tuple:
    book, place = record
    return book, *map(str, place)


def _seats(frame: pd.DataFrame, suffix: str = "") -> list[tuple]:
    columns = [whole_numbers(_column(frame, f"{name}{suffix}")) for name in ("current_grade", "class_no", "seat_no")]
    return list(zip(*columns, strict=True))


def _column(frame: pd.DataFrame, name: str) -> Sequence[object]:
    return frame[name] if name in frame else [None] * len(frame)


def _agreed(marks: Iterable[str | None]) -> str | None:
    """The one mark, where a settling one outdoes 보류; None if there is none or they contradict each other."""
    given = set(marks) - {None}
    settling = given - {_LATER}
    if len(settling) > 1:
        return None
    return next(iter(settling or given), None)


def _joined(notes: Iterable[str | None]) -> str | None:
    """All notes in one, each once however often reports have carried it."""
    parts = (part for note in notes if note for part in note.split(" / "))
    return " / ".join(dict.fromkeys(parts)) or None


# Reading reports


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
            names = (f"{column}_{side}" for column in _PLACE)
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
    identities = _identities(frame)
    listed = {
        (line.file, line.pair["no"]): k for k, line in enumerate(lines) if not line.is_hand_out and line.pair.get("no")
    }
    alike: dict[_Identity, list[_Line]] = defaultdict(list)
    for k in sorted(range(len(lines)), key=lambda k: lines[k].is_hand_out):
        line, identity = lines[k], identities[k]
        twin = listed.get((line.file, line.pair.get("no"))) if line.is_hand_out else None
        if twin is not None and _is_about_one_pair(identity, identities[twin]):
            line.pair, identity = lines[twin].pair, identities[twin]
        alike[identity].append(line)
    return [of_pair for group in alike.values() for of_pair in _told_apart(group)]


def _is_about_one_pair(one: _Identity, other: _Identity) -> bool:
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
    settling = [line for line in of_pair if line.decision not in (None, _LATER)]
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
        decision = _agreed(line.decision for line in of_pair)
        line = next(line for line in of_pair if line.decision == decision)
        note = _joined(line.note for line in of_pair)
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
        decision = _agreed(line.decision for line in of_pair)
        settled_in = {line.file for line in of_pair if line.decision == decision}
        for line in of_pair:
            if decision is None and line.note:
                only_notes[line.file].append(line)
            elif line.decision == _LATER != decision and line.file not in settled_in:
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


# Finding decisions again


class _Index:
    """The pairs by pupil and books.

    Attributes:
        identities: one per pair.
        pupils: their keys.
    """

    def __init__(self, pairs: pd.DataFrame):
        named = "name" in pairs and pairs["name"].notna().any()
        self.identities = _identities(pairs.drop(columns="student") if named else pairs)
        self.pupils = list(pairs["student"])
        self._by_books: dict[tuple, list[int]] = defaultdict(list)
        self._namesakes: dict[str, set] = defaultdict(set)
        self._seats: dict[object, set[tuple]] = defaultdict(set)
        for i, (identity, pupil, *seats) in enumerate(
            zip(self.identities, self.pupils, _seats(pairs, "_a"), _seats(pairs, "_b"), strict=True)
        ):
            self._by_books[identity.who, identity.books].append(i)
            self._namesakes[identity.who].add(pupil)
            self._seats[pupil].update(seats)

    def settled_by(self, decision: _Identity, seat: tuple, is_only: bool) -> list[int]:
        """The pairs that a decision is about.

        Args:
            decision: whose pair and which records.
            seat: grade, class and number of the pupil, as the decision's report had them.
            is_only: whether no other decision is about these books of a pupil of this name.
        """
        candidates = self._by_books.get((decision.who, decision.books), [])
        fitting = [i for i in candidates if _fit(decision.records, self.identities[i].records, _fits)]
        likely = fitting or candidates
        pupil = self._pupil(decision.who, seat, {self.pupils[i] for i in likely})
        mine = [i for i in likely if self.pupils[i] == pupil]
        if not fitting and not (is_only and len(mine) == 1 and self._in_another_layout(decision, mine[0])):
            return []
        return mine

    def _pupil(self, who: str, seat: tuple, holders: set) -> object:
        """The one pupil of this name who is meant, perhaps one without such a pair; None if unclear."""
        agreeing = {pupil for pupil in self._namesakes.get(who, ()) if self._sits_at(pupil, seat)}
        if len(agreeing) > 1:
            agreeing &= holders
        elif not agreeing and who:
            agreeing = {pupil for pupil in holders if not self._sits_in_another_class(pupil, seat)}
        return agreeing.pop() if len(agreeing) == 1 else None

    def _sits_at(self, pupil: object, seat: tuple) -> bool:
        return seat != (None, None, None) and any(
            all(wanted in (None, known) for wanted, known in zip(seat, place, strict=True))
            for place in self._seats[pupil]
        )

    def _sits_in_another_class(self, pupil: object, seat: tuple) -> bool:
        """Whether the pupil is in the same grade but another class; another grade is another year."""
        grade, class_no, _ = seat
        return None not in (grade, class_no) and any(
            grade == place[0] and place[1] not in (None, class_no) for place in self._seats[pupil]
        )

    def _in_another_layout(self, decision: _Identity, i: int) -> bool:
        """Whether the places may be the same, differently written.

        Years and terms must agree. If one record stands at its place, the layout is the same
        and the other record is another one.
        """
        mine = self.identities[i].records
        if any(book == other and _fits(place, there) for book, place in decision.records for other, there in mine):
            return False
        return _fit(decision.records, mine, _fits_in_time)


def _fit(one: tuple, other: tuple, fits) -> bool:
    """Whether both places of a pair fit those of another, whose books are the same, one way or the other."""
    (book_a, place_a), (book_b, place_b) = one
    (_, first), (_, second) = other
    if fits(place_a, first) and fits(place_b, second):
        return True
    return book_a == book_b and fits(place_a, second) and fits(place_b, first)


def _fits(one: tuple, other: tuple) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


def _fits_in_time(one: tuple, other: tuple) -> bool:
    return _fits((one[0], one[2]), (other[0], other[2]))


def _known_other_books(made: pd.DataFrame, identities: list[_Identity], marks: list[str | None]) -> set[tuple]:
    """The books that are other ones for every pupil: both with an author, and nowhere marked 정정."""
    known, doubted = set(), set()
    for identity, mark, *books in zip(identities, marks, texts(made["book_a"]), texts(made["book_b"]), strict=True):
        first, second = identity.books
        if mark == _CORRECT:
            doubted.add(identity.books)
        elif mark == _OTHER_BOOK and first != second and all(split_title_author(book or "")[1] for book in books):
            known.add(identity.books)
    return known - doubted
