"""Any table with a mapping -> what it says of each pupil."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ..errors import InputError, Problem
from ..students import name_key, parse_class
from ..tables import Table
from .cell_words import word_key
from .dates import is_day_first, parse_time
from .export import Export, Line, Task, Written
from .mapping import TableMapping, column_key, column_names
from .pupil_rows import rows_in_words, title_text
from .respondent import written

MAPPED = "칸을 연결한 표"

_SUMMARIES = {"합계", "계", "총계", "소계", "평균", "인원", "총인원", "제출인원", "total", "sum", "average"}
_MOST_WORDS = 5
_LONGEST_WORD = 10
_FEWEST_DIGITS = 5


def read_mapped(table: Table, mapping: TableMapping) -> Export | None:
    """What a table says, read as the mapping tells; None if the table has none of its columns.

    A date in the place of a word is a hand-in at that time. A word that is not known is
    ``unknown``, with a notice.

    Raises:
        InputError: columns that the mapping names are missing.
    """
    top = mapping.header_row(table)
    if top is None:
        return _missing(table, mapping)
    names = {column_key(name): j for j, name in enumerate(column_names(table, top))}
    reading = _Reading(table, mapping, {column: names[column_key(column)] for column in mapping.columns}, top)
    lines, tasks = reading.wide() if mapping.assignments else reading.long()
    return Export(
        file=table.file,
        format=MAPPED,
        tasks=tasks,
        lines=lines,
        lists_everyone=mapping.lists_everyone,
        caveat=reading.caveat,
        notices=reading.notices(),
    )


def _missing(table: Table, mapping: TableMapping) -> None:
    """Raises what is missing in the row that has most of the columns; returns if no row has any."""
    wanted = {column_key(column): column for column in mapping.columns}
    found = max(
        (
            {column_key(name) for name in column_names(table, i)} & wanted.keys()
            for i in range(min(len(table.rows), 50))
        ),
        key=len,
        default=set(),
    )
    if found:
        raise InputError(
            Problem(
                "칸 연결에 있는 칸이 이 표에 없습니다.",
                "표의 머리글을 그 이름으로 고치거나, 이 표에 맞게 칸 연결을 새로 만들어 주세요.",
                table.file,
                column=column,
                kind="missing_column",
            )
            for key, column in wanted.items()
            if key not in found
        )


class _Reading:
    """A table that is being read: its rows that name pupils, and what was odd in it."""

    def __init__(self, table: Table, mapping: TableMapping, columns: Mapping[str, int], top: int):
        self.table, self.mapping, self.columns = table, mapping, columns
        self._nobody: list[int] = []
        self._untitled: list[int] = []
        self._strange: dict[str, dict[str, list[int]]] = {}
        self._blank = False
        self.pupils: list[tuple[int, Written]] = []
        self._class = _class_of(table.sheet or "")
        header = [cell for cell in table.rows[top] if cell]
        for i, row in enumerate(table.rows):
            filled = [cell for cell in row if cell]
            if len(set(filled)) == 1 and parse_class(filled[0]):
                self._class = filled[0]  # a line such as 1학년 2반 above the pupils of that class
            elif i > top and filled and filled != header:
                self._take(i)
        times = [self._column(one) for one in (mapping.submitted_at, mapping.due) if one]
        times += [self._column(one) for one in mapping.assignments or filter(None, [mapping.state])]
        self._day_first = is_day_first(self._text(i, j) for i, _ in self.pupils for j in times)

    def _take(self, i: int) -> None:
        """Puts down whom a row names."""
        who = self._who(i)
        if who is not None:
            self.pupils.append((i, who))
        elif not any(name_key(cell) in _SUMMARIES for cell in self.table.rows[i]):
            self._nobody.append(i)

    def _column(self, column: str | None) -> int | None:
        return self.columns[column] if column else None

    def _text(self, i: int, j: int | None) -> str:
        return self.table.merged_value(i, j)

    def _who(self, i: int) -> Written | None:
        mapping = self.mapping
        name, number, email, class_name, grade = (
            " ".join(self._text(i, self._column(one)).split())
            for one in (mapping.name, mapping.number, mapping.email, mapping.class_name, mapping.grade)
        )
        if name_key(name) in _SUMMARIES or name_key(number) in _SUMMARIES:
            return None
        in_class = len(number.removesuffix("번")) <= 2
        return written(
            names=[name],
            student_no="" if in_class else number,
            seat_no=number if in_class else "",
            grade=grade,
            class_no=class_name or self._class,
            email=email if "@" in email else "",
        )

    def wide(self) -> tuple[tuple[Line, ...], tuple[Task, ...]]:
        """A line for each pupil and each column that is an assignment."""
        places = [self._column(column) for column in self.mapping.assignments]
        beside = [self._words(j) for j in places]
        lines = [
            Line(i + 1, who, number, *self._cell(i, j, beside[number], self.mapping.assignments[number]))
            for i, who in self.pupils
            for number, j in enumerate(places)
        ]
        return tuple(lines), tuple(Task(title_text(column)) for column in self.mapping.assignments)

    def long(self) -> tuple[tuple[Line, ...], tuple[Task, ...]]:
        """A line for each row, about the assignment that it names or the only one."""
        titles: dict[str, int] = {} if self.mapping.assignment else {title_text(self.mapping.title): 0}
        state, due = self._column(self.mapping.state), self._column(self.mapping.due)
        beside = self._words(state)
        lines: list[Line] = []
        for i, who in self.pupils:
            title = title_text(self._text(i, self._column(self.mapping.assignment)) if self.mapping.assignment else "")
            if self.mapping.assignment and not title:
                self._untitled.append(i)
                continue
            said, time = self._row_said(i, state, beside)
            ends = parse_time(self._text(i, due), day_first=self._day_first, end_of_day=True)
            number = titles.setdefault(title, len(titles)) if title else 0
            lines.append(Line(i + 1, who, number, said, time, ends))
        tasks = tuple(Task(title, _usual_due(lines, number)) for title, number in titles.items())
        return tuple(replace(one, due=None) if one.due == tasks[one.task].due else one for one in lines), tasks

    def _row_said(self, i: int, state: int | None, beside: frozenset[str]) -> tuple[str, datetime | None]:
        given = self._text(i, self._column(self.mapping.submitted_at))
        time = parse_time(given, day_first=self._day_first)
        if state is not None:
            said, stated = self._cell(i, state, beside, self.mapping.state)
            return said, (time or stated) if said in ("handed_in", "late") else None
        if time or not self.mapping.submitted_at:
            return "handed_in", time
        return self._cell(i, self._column(self.mapping.submitted_at), frozenset(), self.mapping.submitted_at)

    def _cell(self, i: int, j: int, beside: frozenset[str], column: str) -> tuple[str, datetime | None]:
        """What a cell says, and the time if it holds one."""
        text = self._text(i, j)
        self._blank |= not text
        said = self.mapping.said(text, beside)
        if said is not None:
            return said, None
        time = None if text.isdecimal() else parse_time(text, day_first=self._day_first)
        if time is None:
            self._strange.setdefault(column, {}).setdefault(" ".join(text.split()), []).append(i)
        return "handed_in" if time else "unknown", time

    def _words(self, j: int | None) -> frozenset[str]:
        return frozenset(word_key(self._text(i, j)) for i, _ in self.pupils)

    @property
    def caveat(self) -> str:
        said = []
        if self._blank:
            words = {"nothing": "빈칸은 미제출로 봅니다.", "unknown": "빈칸은 냈는지 알 수 없는 것으로 둡니다."}
            said.append(words[self.mapping.blank])
        if not self.mapping.lists_everyone:
            said.append("낸 학생만 적힌 표로 보아, 표에 없는 학생을 미제출로 봅니다.")
        return " ".join(said)

    def notices(self) -> tuple[str, ...]:
        """What was passed over or not understood."""
        said = [
            f"'{column}' 칸에 있는 {what} 뜻을 몰라 '알 수 없음'으로 두었습니다({rows_in_words(rows)})."
            " 칸 연결에서 뜻을 정할 수 있습니다."
            for column, words in self._strange.items()
            for what, rows in self._in_words(words)
        ]
        for what, rows in (
            ("누구인지 적혀 있지 않은 행은 뺐습니다", self._nobody),
            ("과제 이름이 없는 행은 뺐습니다", self._untitled),
        ):
            said += [f"{what}({rows_in_words(rows)})."] if rows else []
        return tuple(said)

    def _in_words(self, words: Mapping[str, list[int]]) -> list[tuple[str, list[int]]]:
        """The words that are not known, each with its rows; a mere count if they are many or may be a pupil's data."""
        if len(words) <= _MOST_WORDS and all(map(self._is_quotable, words)):
            return [(f"'{word}'의", rows) for word, rows in words.items()]
        return [(f"말 {len(words)}가지의", sorted(row for rows in words.values() for row in rows))]

    def _is_quotable(self, word: str) -> bool:
        """Whether a word may be shown: short, no address, no number of a pupil or telephone, and no pupil's name."""
        names = {name_key(name) for _, who in self.pupils for name in who.names}
        short = len(word) <= _LONGEST_WORD and sum(map(str.isdigit, word)) < _FEWEST_DIGITS
        return short and "@" not in word and name_key(word) not in names


def _class_of(sheet: str) -> str:
    """The class that a sheet is named after; empty if it is named otherwise."""
    return sheet if parse_class(sheet) or re.fullmatch(r"\s*\d{1,2}\s*반\s*|[1-6]-\d{1,2}", sheet) else ""


def _usual_due(lines: Sequence[Line], number: int) -> datetime | None:
    """The time that most lines of an assignment give as its due one."""
    dues = Counter(line.due for line in lines if line.task == number and line.due)
    return dues.most_common(1)[0][0] if dues else None
