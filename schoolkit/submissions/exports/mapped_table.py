"""Any table with a mapping -> what it says of each pupil."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ...errors import InputError, Problem
from ...students import name_key, parse_class, parse_student_number
from ...tables import Table
from ..dates import is_day_first, parse_time
from .cell_words import is_inverse, is_status_like, word_key
from .export import Export, Line, Task, Written
from .group_answers import lists_several, people_in
from .mapping import TableMapping, column_key, column_names
from .pupil_rows import is_summary, rows_in_words, title_text
from .respondent import written

MAPPED = "칸을 연결한 표"

_MOST_WORDS = 5
_LONGEST_WORD = 10
_FEWEST_DIGITS = 4


def read_mapped(table: Table, mapping: TableMapping) -> Export | None:
    """What a table says, read as the mapping tells; None if the table has none of its columns.

    A date in the place of a word is a hand-in at that time. A word that is not known is
    ``unknown``, with a notice.

    A row that lists several pupils with their numbers has lines for each of them.

    Raises:
        InputError: columns that the mapping names are missing, or one whose header says that its
            marks stand at those who have not handed in has a mark of which the mapping does not tell the meaning.
    """
    top = mapping.header_row(table)
    if top is None:
        return _missing(table, mapping)
    names = {column_key(name): j for j, name in enumerate(column_names(table, top))}
    reading = _Reading(table, mapping, {column: names[column_key(column)] for column in mapping.columns}, top)
    lines, tasks = reading.wide() if mapping.assignments else reading.long()
    reading.check_inverse()
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
        self._unpaired: list[int] = []
        self._inverse: dict[str, list[int]] = {}
        self._inverse_blanks: dict[str, list[int]] = {}
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
        people = self._people(i)
        self.pupils += [(i, who) for who in people]
        if not people and not any(map(is_summary, self.table.rows[i])):
            self._nobody.append(i)

    def _column(self, column: str | None) -> int | None:
        return self.columns[column] if column else None

    def _text(self, i: int, j: int | None) -> str:
        return self.table.merged_value(i, j)

    def _people(self, i: int) -> list[Written]:
        """Whom a row names: no one, a pupil, or each one of a group."""
        mapping = self.mapping
        name, number = (self._text(i, self._column(one)) for one in (mapping.name, mapping.number))
        if is_summary(name) or is_summary(number):
            return []
        group = people_in(name, number)
        if len(group) == 1 and lists_several(name):
            self._unpaired.append(i)
        people = (self._who(i, " ".join(one.split()), " ".join(other.split()), len(group) > 1) for one, other in group)
        return [who for who in people if who]

    def _who(self, i: int, name: str, number: str, in_group: bool) -> Written | None:
        mapping = self.mapping
        email, class_name, grade = (
            " ".join(self._text(i, self._column(one)).split())
            for one in (mapping.email, mapping.class_name, mapping.grade)
        )
        in_class = len(number.removesuffix("번")) <= 2
        return written(
            names=[name],
            student_no="" if in_class else number,
            seat_no=number if in_class else "",
            grade=grade,
            class_no=class_name or self._class,
            email=email if "@" in email and not in_group else "",
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
        inverse = is_inverse(column)
        said = self.mapping.said(text, beside, inverse=inverse)
        if not text and inverse and said != self.mapping.blank:
            self._inverse_blanks.setdefault(column, []).append(i)
        else:
            self._blank |= not text
        if said is not None:
            return said, None
        time = None if text.isdecimal() else parse_time(text, day_first=self._day_first)
        if inverse and (time or self.mapping.said(text, beside | {"1"})):
            self._inverse.setdefault(column, []).append(i)
            return "unknown", None
        if time is None:
            self._strange.setdefault(column, {}).setdefault(" ".join(text.split()), []).append(i)
        return "handed_in" if time else "unknown", time

    def _words(self, j: int | None) -> frozenset[str]:
        return frozenset(word_key(self._text(i, j)) for i, _ in self.pupils)

    @property
    def caveat(self) -> str:
        said = []
        if self._blank:
            words = {
                "nothing": "빈칸은 미제출로 봅니다.",
                "unknown": "빈칸은 냈는지 알 수 없는 것으로 둡니다.",
                "handed_in": "빈칸은 제출로 봅니다.",
            }
            said.append(words[self.mapping.blank])
        if not self.mapping.lists_everyone:
            said.append("낸 학생만 적힌 표로 보아, 표에 없는 학생을 미제출로 봅니다.")
        return " ".join(said)

    def check_inverse(self) -> None:
        """Raises each column of those who have not handed in whose marks the mapping gives no meaning."""
        if self._inverse:
            raise InputError(
                Problem(
                    f"안 낸 학생을 표시하는 듯한 칸이라 표시의 뜻을 알 수 없습니다({rows_in_words(rows)}).",
                    "칸 연결의 words에서 이 표시의 뜻을 정해 주세요(예: 표시가 있으면 nothing)."
                    " 과제의 칸이 아니면 칸 연결에서 빼 주세요.",
                    self.table.file,
                    column=column,
                    kind="inverse_column",
                )
                for column, rows in self._inverse.items()
            )

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
            ("여러 사람을 적은 듯하지만 학번과 이름이 짝이 맞지 않아 한 사람으로 읽었습니다", self._unpaired),
        ):
            said += [f"{what}({rows_in_words(rows)})."] if rows else []
        said += [
            f"'{column}' 칸은 안 낸 학생을 표시하는 듯해 빈칸을 '알 수 없음'으로 두었습니다({rows_in_words(rows)})."
            " 낸 것이라면 칸 연결의 blank를 handed_in으로 정해 주세요."
            for column, rows in self._inverse_blanks.items()
        ]
        return tuple(said)

    def _in_words(self, words: Mapping[str, list[int]]) -> list[tuple[str, list[int]]]:
        """The words that are not known, each with its rows; a mere count if they are many or may be a pupil's data."""
        shown = [word for word in words if self._is_quotable(word)] if len(words) <= _MOST_WORDS else []
        others = [rows for word, rows in words.items() if word not in shown]
        said = [(f"'{word}'의", words[word]) for word in shown]
        return said + ([(f"말 {len(others)}가지의", sorted(row for rows in others for row in rows))] if others else [])

    def _is_quotable(self, word: str) -> bool:
        """Whether a word may be shown: a mark, or words about hand-ins; neither a number of a pupil nor a name."""
        names = {name_key(name) for _, who in self.pupils for name in who.names}
        short = len(word) <= _LONGEST_WORD and sum(map(str.isdigit, word)) < _FEWEST_DIGITS
        named = name_key(word) in names or parse_student_number(word) is not None
        return short and is_status_like(word) and not named


def _class_of(sheet: str) -> str:
    """The class that a sheet is named after; empty if it is named otherwise."""
    return sheet if parse_class(sheet) or re.fullmatch(r"\s*\d{1,2}\s*반\s*|[1-6]-\d{1,2}", sheet) else ""


def _usual_due(lines: Sequence[Line], number: int) -> datetime | None:
    """The time that most lines of an assignment give as its due one."""
    dues = Counter(line.due for line in lines if line.task == number and line.due)
    return dues.most_common(1)[0][0] if dues else None
