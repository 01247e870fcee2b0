"""Rows of a table as text -> entries, in whole columns; only distinct texts are looked at one by one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..reading.terms import Term, fill_down, read_term
from ..tables import cell_text
from .cells import Books, CellsOfBooks, books_as_they_stand, books_with_authors
from .entries import ENTRIES, Rows, Told
from .headers import Columns
from .pupil_keys import FIELDS, Pupil, find_pupil, plain_number

HEAD_ROWS = 5_000
"""From so many rows of a table is told what its columns hold."""

_TERMS = ("school_year", "grade", "semester")
_NO_PUPIL = "어느 학생의 기록인지 알 수 없습니다.", "학생 칸(학생ID, 학번, 성명 등)을 채워 주세요."
_NO_BOOK = "책이 적혀 있지 않습니다.", "책 칸을 채우거나 줄을 지워 주세요."
_ODD = {
    "seat_no": "번호 칸 {}개를 읽지 못해 비워 두었습니다(숫자가 아닙니다).",
    "class_no": "반 칸 {}개를 읽지 못해 비워 두었습니다(숫자가 아닙니다).",
    "current_grade": "지금 학년 칸 {}개를 읽지 못해 비워 두었습니다(1~6이 아닙니다).",
    "school_year": "학년도 칸 {}개를 읽지 못해 비워 두었습니다(2025처럼 적혀 있지 않습니다).",
    "grade": "학년 칸 {}개를 읽지 못해 비워 두었습니다(1~6이 아닙니다).",
    "semester": "학기 칸 {}개를 읽지 못해 비워 두었습니다(1이나 2가 아닙니다).",
}


class Conversion:
    """Turns the rows of one table into entries.

    Args:
        columns: which column is which.
        file: the path below what the user named.
        folder: what stands for the school where the table does not name one; may be empty.
        told: takes what is left out or guessed.
        head: the first rows, perhaps the header among them.
    """

    def __init__(self, columns: Columns, file: str, folder: str, told: Told, head: Iterable[Rows] = ()):
        self._file, self._folder, self._told = file, folder, told
        self._at = dict(columns.at)
        self._columns = columns
        self._book = "book" if "book" in self._at else "title"
        header = {name: columns.header[j] for name, j in self._at.items()}
        first = [row for row in _texts(head, self._at) if {name: _tidy(text) for name, text in row.items()} != header]
        if not columns.as_it_stands and first:
            self._look_at(first)
        self._cells = None
        if not columns.as_it_stands and self._book == "book":
            learnt = [_tidy(row["book"]) for row in first]
            self._cells = CellsOfBooks(learnt, says_title=columns.says_title)
        if unused := [name for j, name in enumerate(columns.header) if name and j not in columns.at.values()]:
            names = ", ".join(f"'{' '.join(name.split())[:20]}'" for name in unused[:10])
            told.notice_once(f"{file}: 쓰지 않은 칸이 있습니다: {names}.", key=names)
        self._above: tuple[str | None, Term, str] = None, Term(), ""
        self._told_names = False

    def _look_at(self, first: list[dict[str, str]]) -> None:
        """Tells from the first rows what 번호 and 학년 mean where their names do not."""
        rows = [{name: cell_text(text) for name, text in row.items()} for row in first]
        if "key" not in self._at and {"seat_no", "name"} <= self._at.keys() and "student_no" not in self._at:
            filled = [row for row in rows if row[self._book]]
            names = {row["name"] for row in filled}
            counted = [str(n) for n in range(1, len(filled) + 1)]
            if len(names) * 2 <= len(filled) > 2 and [plain_number(row["seat_no"]) for row in filled] == counted:
                del self._at["seat_no"]
                self._told.notice(f"{self._file}: '번호' 칸은 줄마다 1씩 늘어나, 학생의 번호로 보지 않았습니다.")
        if {"school_year", "grade", "class_no", "name"} <= self._at.keys():
            seen: dict[tuple, set] = {}
            for row in rows:
                who = tuple(row.get(name, "") for name in ("class_no", "seat_no", "name"))
                seen.setdefault(who, set()).add((row["school_year"], row["grade"]))
            counts = [tuple(len(set(said)) for said in zip(*terms, strict=True)) for terms in seen.values()]
            stays = sum(years > grades == 1 for years, grades in counts)
            if stays > sum(years > 1 and grades > 1 for years, grades in counts):
                self._at.setdefault("current_grade", self._at.pop("grade"))
                self._told.notice(f"{self._file}: '학년' 칸은 학년도가 달라도 그대로라서, 지금 학년으로 보았습니다.")

    def entries(self, rows: Rows) -> pa.Table:
        """The entries of some rows, in their order, ``seq`` without meaning."""
        coded = {name: _Coded(rows.columns[j]) for name, j in self._at.items()}
        used = ~self._headers(coded, len(rows.numbers))
        pupil_of, pupils = self._pupils(coded, len(rows.numbers))
        books = self._books(coded)
        term_of, terms, odd_terms = _terms(coded, len(rows.numbers))

        somebody = np.array([one.student is not None for one in pupils], dtype=bool)[pupil_of]
        total = np.array([one.total for one in pupils], dtype=bool)[pupil_of]
        written = ~books.empty[books.of]
        self._told.count(self._file, "합계 줄 {}개를 건너뛰었습니다.", np.count_nonzero(total & used))
        used &= ~total
        for lacking, reason in ((used & ~somebody, _NO_PUPIL), (used & somebody & ~written, _NO_BOOK)):
            numbers = [rows.numbers[i] for i in np.flatnonzero(lacking) if not _is_blank(rows, i)]
            self._told.rows(self._file, numbers, *reason)
        used &= somebody

        subject_of, subjects = _subjects(coded, len(rows.numbers))
        if not self._columns.as_it_stands:
            term_of, terms, subject_of, subjects = self._filled(
                coded, used, pupil_of, pupils, term_of, terms, subject_of, subjects
            )
        self._count_odd(used & written, pupil_of, pupils, term_of, odd_terms)

        kept = np.flatnonzero(used & written)
        cells = books.of[kept]
        counts = books.counts[cells]
        guessed = np.count_nonzero(books.guessed[cells])
        self._told.count(self._file, "책 칸 {}개는 괄호나 쉼표가 보통과 달라 짐작하여 나누었습니다.", guessed)
        without = np.count_nonzero(counts == 0)
        self._told.count(self._file, "'없음'처럼 책이 없다고 적힌 줄 {}개를 건너뛰었습니다.", without)
        row_of = np.repeat(kept, counts)
        within = np.arange(len(row_of)) - np.repeat(np.cumsum(counts) - counts, counts)
        book_of = np.repeat(books.first[cells], counts) + within

        year, grade, semester = (_numbers([term[k] for term in terms])[term_of[row_of]] for k in range(3))
        if books.terms:
            for at in np.flatnonzero(np.isin(book_of, list(books.terms))):
                said = books.terms[int(book_of[at])]
                year[at] = said.school_year or year[at]
                grade[at] = said.grade or grade[at]
                semester[at] = said.semester
        who = pupil_of[row_of]
        columns = [
            _taken([one.student for one in pupils], who),
            _taken([one.school for one in pupils], who),
            _taken([one.name for one in pupils], who),
            _nullable(_numbers([one.current_grade for one in pupils])[who], pa.int8()),
            _nullable(_numbers([one.class_no for one in pupils])[who], pa.int16()),
            _nullable(_numbers([one.seat_no for one in pupils])[who], pa.int16()),
            _nullable(year, pa.int16()),
            _nullable(grade, pa.int8()),
            _nullable(semester, pa.int8()),
            _taken([text or None for text in subjects], subject_of[row_of]),
            books.written.take(pa.array(book_of)),
            pa.repeat(pa.scalar(self._file, pa.string()), len(row_of)),
            pa.array(rows.numbers[row_of], pa.int32()),
            pa.array(np.zeros(len(row_of), dtype=np.int64)),
        ]
        return pa.table(columns, schema=ENTRIES)

    def _headers(self, coded: dict[str, _Coded], count: int) -> np.ndarray:
        """Which rows repeat the header, the first one among them."""
        found = np.ones(count, dtype=bool)
        for name, column in coded.items():
            header = self._columns.header[self._at[name]]
            if not header or not found.any():
                return np.zeros(count, dtype=bool)
            alike = pc.match_substring(column.distinct, header).to_numpy(zero_copy_only=False)
            for code in np.flatnonzero(alike):
                alike[code] = cell_text(column.distinct[int(code)].as_py()) == header
            found &= alike[column.codes]
        return found

    def _pupils(self, coded: dict[str, _Coded], count: int) -> tuple[np.ndarray, list[Pupil]]:
        names = [name for name in FIELDS if name in coded]
        raw_key = self._columns.as_it_stands
        distinct, who = _combined([coded[name] for name in names], count)
        pupils = []
        for codes in distinct:
            texts = {name: coded[name].texts[code] for name, code in zip(names, codes, strict=True)}
            key = texts.get("key", "")
            texts = {name: _tidy(text) for name, text in texts.items()}
            if raw_key and key.strip():
                texts["key"] = key
            pupils.append(find_pupil(texts, self._folder))
        if not self._told_names and any(one.by_name and one.student for one in pupils):
            self._told_names = True
            self._told.notice(
                f"{self._file}: 번호나 학번이 없어 이름만으로 학생을 구별했습니다. 동명이인은 한 학생으로 읽힙니다."
            )
        return who, pupils

    def _books(self, coded: dict[str, _Coded]) -> Books:
        column = coded[self._book]
        if self._columns.as_it_stands:
            return books_as_they_stand(column.codes, column.distinct)
        if self._cells:
            return self._cells.books(column.codes, column.distinct)
        author = coded["author"]
        distinct, of = _combined([column, author], len(column.codes))
        titles = [_shown(column.texts[code]) for code, _ in distinct]
        return books_with_authors(of, titles, [_shown(author.texts[code]) for _, code in distinct])

    def _filled(self, coded, used, pupil_of, pupils, term_of, terms, subject_of, subjects):
        """Terms and subjects where an empty cell says what the row above said, of the same pupil."""
        at = np.flatnonzero(used)
        if not len(at):
            return term_of, terms, subject_of, subjects
        present = [terms[code] for code in np.unique(term_of[at])]
        gaps = any(
            any(term[k] is None for term in present)
            and (any(term[k] is not None for term in present) or self._above[1][k] is not None)
            for k in range(3)
        )
        spoken = [subjects[code] for code in np.unique(subject_of[at])]
        gaps = gaps or ("" in spoken and (len(spoken) > 1 or bool(self._above[2])))
        if not gaps:
            last = at[-1]
            self._above = pupils[pupil_of[last]].student, terms[term_of[last]], subjects[subject_of[last]]
            return term_of, terms, subject_of, subjects
        term_ids: dict[Term, int] = {}
        subject_ids: dict[str, int] = {}
        new_terms, new_subjects = np.zeros_like(term_of), np.zeros_like(subject_of)
        empty = {name: [not text.strip() for text in coded[name].texts] for name in _TERMS if name in coded}
        above, above_term, above_subject = self._above
        for i in at.tolist():
            student, term, subject = pupils[pupil_of[i]].student, terms[term_of[i]], subjects[subject_of[i]]
            if student == above:
                texts = {name: "" if gone[coded[name].codes[i]] else "-" for name, gone in empty.items()}
                term = fill_down(term, texts, above_term)
                subject = subject or above_subject
            new_terms[i] = term_ids.setdefault(term, len(term_ids))
            new_subjects[i] = subject_ids.setdefault(subject, len(subject_ids))
            above, above_term, above_subject = student, term, subject
        self._above = above, above_term, above_subject
        return new_terms, list(term_ids), new_subjects, list(subject_ids)

    def _count_odd(self, used, pupil_of, pupils, term_of, odd_terms) -> None:
        for name, what in _ODD.items():
            if name in _TERMS:
                odd = np.array([name in one for one in odd_terms], dtype=bool)
                odd = odd[term_of] if len(odd) else np.zeros(len(used), dtype=bool)
            else:
                odd = np.array([name in one.odd for one in pupils], dtype=bool)[pupil_of]
            self._told.count(self._file, what, np.count_nonzero(odd & used))


class _Coded:
    """A column as codes into its distinct texts; an empty cell is ``""``."""

    def __init__(self, column: pa.Array):
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        codes, distinct = column.indices, column.dictionary.cast(pa.string())
        if distinct.null_count:
            distinct = distinct.fill_null("")
        if codes.null_count:
            codes = codes.fill_null(len(distinct))
            distinct = pa.concat_arrays([distinct, pa.array([""])])
        self.codes: np.ndarray = codes.to_numpy(zero_copy_only=False).astype(np.int64)
        self.distinct: pa.Array = distinct
        self.size = max(len(distinct), 1)

    @cached_property
    def texts(self) -> list[str]:
        return self.distinct.to_pylist()


def _tidy(text: str) -> str:
    """The text of a cell as Excel shows it."""
    if text.isalnum() and unicodedata.is_normalized("NFC", text):
        return text
    return cell_text(_shown(text))


def _shown(text: str) -> str:
    """The text that Excel shows of a cell such as ``="30101"``, which keeps a number as text."""
    return text[2:-1] if text[:2] == '="' and text[-1:] == '"' and len(text) > 2 else text


def _texts(head: Iterable[Rows], at: dict[str, int]) -> list[dict[str, str]]:
    """The first rows as texts by field."""
    found: list[dict[str, str]] = []
    for rows in head:
        columns = {name: rows.columns[j].slice(0, HEAD_ROWS - len(found)) for name, j in at.items()}
        texts = [["" if cell is None else str(cell) for cell in column.to_pylist()] for column in columns.values()]
        found += [dict(zip(columns, cells, strict=True)) for cells in zip(*texts, strict=True)]
        if len(found) >= HEAD_ROWS:
            break
    return found


def _combined(columns: list[_Coded], count: int) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """The distinct combinations of several columns' codes, and which each row has."""
    combined = np.zeros(count, dtype=np.int64)
    size = 1
    for column in columns:
        if size * column.size > 1 << 62:
            combined, _ = pd.factorize(combined)
            size = int(combined.max(initial=0)) + 1
        size *= column.size
        combined = combined * column.size + column.codes
    # rows of a pupil mostly follow each other
    begins = np.flatnonzero(np.diff(combined, prepend=combined[:1] - 1))
    of_run, _ = pd.factorize(combined[begins])
    which = np.repeat(of_run, np.diff(begins, append=count))
    first = np.empty(int(of_run.max(initial=-1)) + 1, dtype=np.int64)
    first[of_run[::-1]] = begins[::-1]
    return list(zip(*(column.codes[first].tolist() for column in columns), strict=True)), which


def _terms(coded: dict[str, _Coded], count: int) -> tuple[np.ndarray, list[Term], list[list[str]]]:
    names = [name for name in _TERMS if name in coded]
    if not names:
        return np.zeros(count, dtype=np.int64), [Term()], [[]]
    distinct, of = _combined([coded[name] for name in names], count)
    read = []
    for codes in distinct:
        texts = {name: coded[name].texts[code] for name, code in zip(names, codes, strict=True)}
        read.append(read_term({name: plain_number(_tidy(text)) for name, text in texts.items()}))
    return of, [term for term, _ in read], [odd for _, odd in read]


def _subjects(coded: dict[str, _Coded], count: int) -> tuple[np.ndarray, list[str]]:
    if "subject_area" not in coded:
        return np.zeros(count, dtype=np.int64), [""]
    column = coded["subject_area"]
    return column.codes, [" ".join(_tidy(text).split()) for text in column.texts]


def _numbers(values: list[int | None]) -> np.ndarray:
    return np.array([-1 if value is None else value for value in values], dtype=np.int64)


def _nullable(numbers: np.ndarray, kind: pa.DataType) -> pa.Array:
    return pa.array(numbers, kind, mask=numbers < 0)


def _taken(texts: list[str | None], of: np.ndarray) -> pa.Array:
    return pa.array(texts, pa.string()).take(pa.array(of))


def _is_blank(rows: Rows, i: int) -> bool:
    return not any(str(column[i].as_py() or "").strip() for column in rows.columns)


def head_of(blocks: Callable[[], Iterable[Rows]]) -> list[Rows]:
    """The first rows of a table, at least ``HEAD_ROWS`` if it has so many."""
    head: list[Rows] = []
    for rows in blocks():
        head.append(rows)
        if sum(len(one.numbers) for one in head) > HEAD_ROWS:
            break
    return head
