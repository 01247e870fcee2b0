"""What the columns of any table mean: said once by the teacher, saved and loaded."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from ...errors import InputError, Problem
from ...rosters.headers import CLASS, NAME, find_column, header_key
from ...rosters.list_layout import told_apart
from ...tables import Table
from ..dates import parse_time
from ..roster import SEAT, STUDENT_NO
from .cell_words import SAID, common_meaning, is_inverse, word_key
from .pupil_rows import EMAIL, FULL_NAME, title_of_file

BLANKS = ("nothing", "unknown")
_BLANKS = (*BLANKS, "handed_in")

_KIND = "schoolkit-table-mapping"
_VERSION = 1
_LONGEST_JSON = 200_000
_LONGEST_NAME = 500
_MOST_ASSIGNMENTS = 300
SEARCHED_ROWS = 50

_GRADE = ("학년", "grade")
_TASK = ("과제", "과제명", "과제이름", "과제제목", "수행평가", "수행평가명", "활동", "활동명", "assignment", "task")
_STATE = (
    *("제출여부", "제출상태", "제출현황", "제출확인", "제출", "상태", "완료여부", "완료", "확인"),
    *("status", "state", "submitted"),
)
_TIME = (
    *("제출일시", "제출시각", "제출시간", "제출일", "제출날짜", "낸날"),
    *("submittedat", "submissiondate", "submissiontime"),
)
_DUE = ("마감일시", "마감일", "마감시각", "마감", "제출기한", "기한", "due", "duedate", "deadline")
_NO_STATE = ("학기", "모둠", "조", "성별", "순번", "연번", "순", "비고", "차시")


@dataclass(frozen=True)
class TableMapping:
    """What the columns of a table mean; a column is given by its header, as :func:`column_names` has it.

    Pupils are found by ``name``, ``number`` (학번, or 번호 beside ``class_name`` and ``grade``) and ``email``. The
    assignments stand in one of three forms: each of several columns is an assignment
    (``assignments``); each row is a pupil and an assignment, named in the column ``assignment``; or the table is
    about a single one, called ``title``. In the latter two, ``state`` is the column of words such as 제출,
    ``submitted_at`` and ``due`` are those of times.

    Where a header such as 미제출 turns the marks below it round, they mean only what ``words`` says.

    Attributes:
        words: what words in cells mean beside the common ones, word -> a key of :data:`SAID`.
        blank: what an empty cell means: ``"nothing"`` (not handed in), ``"unknown"``, or ``"handed_in"`` as in a
            table that marks who has not.
        lists_everyone: whether each pupil of the class has a line. If not, who has none has not
            handed in.

    Raises:
        InputError: it does not say enough, or contradicts itself.
    """

    name: str | None = None
    number: str | None = None
    email: str | None = None
    class_name: str | None = None
    grade: str | None = None
    assignments: tuple[str, ...] = ()
    assignment: str | None = None
    title: str | None = None
    state: str | None = None
    submitted_at: str | None = None
    due: str | None = None
    words: tuple[tuple[str, str], ...] | Mapping[str, str] = ()
    blank: str = "nothing"
    lists_everyone: bool = True

    def __post_init__(self):
        words = self.words.items() if isinstance(self.words, Mapping) else _several(self.words, tuple)
        object.__setattr__(self, "words", tuple(sorted((str(word), said) for word, said in words)))
        object.__setattr__(self, "assignments", _several(self.assignments, str))
        if problems := [*_doubts(self)]:
            raise InputError(problems)

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers of all columns that it names."""
        named = (self.name, self.number, self.email, self.class_name, self.grade)
        return tuple(
            filter(None, (*named, *self.assignments, self.assignment, self.state, self.submitted_at, self.due))
        )

    def said(self, cell: str, beside: Collection[str] = (), *, inverse: bool = False) -> str | None:
        """What a cell says, a key of :data:`SAID`; None for a word that is not known.

        Args:
            cell: the cell's text; what stands in brackets behind a word does not count.
            beside, inverse: what else the column says, and whether its header turns the marks round, see
                :func:`schoolkit.submissions.exports.cell_words.common_meaning`. There, an empty cell is not
                ``"nothing"``, which would say the same as a mark.
        """
        own = {word_key(word): said for word, said in self.words}
        for text in (cell, re.sub(r"\([^()]*\)\s*$", "", cell)):
            if said := own.get(word_key(text)) or common_meaning(word_key(text), beside, inverse=inverse):
                return said
        if cell.strip():
            return None
        return "unknown" if inverse and self.blank == "nothing" else self.blank

    def header_row(self, table: Table) -> int | None:
        """The row whose headers are all that it names, counted from 0; None if there is none."""
        wanted = {column_key(column) for column in self.columns}
        for i in range(min(len(table.rows), SEARCHED_ROWS)):
            if wanted <= {column_key(name) for name in column_names(table, i)}:
                return i
        return None

    def fits(self, table: Table) -> bool:
        """Whether the table has all the columns that it names."""
        return self.header_row(table) is not None

    def to_json(self) -> str:
        """It as text that :meth:`from_json` reads; what is not set is left out."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        said = {key: value for key, value in said.items() if value not in (None, ())}
        if self.words:
            said["words"] = dict(self.words)
        return json.dumps({"kind": _KIND, "version": _VERSION} | said, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> TableMapping:
        """The mapping that a text written by :meth:`to_json` holds.

        Raises:
            InputError: it is no such text; every problem is listed.
        """
        said = _parsed(text)
        if problems := [*_wrong_types(said)]:
            raise InputError(problems)
        return cls(**{key: value for key, value in said.items() if key not in ("kind", "version")})


def _several(given: Any, one: type) -> tuple:
    """What is given as several; one alone, a text or a pair of texts, is the only one of them."""
    alone = isinstance(given, one) and (one is str or bool(given) and all(isinstance(part, str) for part in given))
    return (given,) if alone else tuple(given)


def column_names(table: Table, i: int) -> list[str]:
    """The headers of a row, one line each; equal ones are numbered, and one without text is called ``칸 C``."""
    headers = (" ".join(table.merged_value(i, j).split()) for j in range(len(table.rows[i])))
    return told_apart([header or f"칸 {xl_col_to_name(j)}" for j, header in enumerate(headers)])


def column_key(name: str) -> str:
    """What two spellings of a header share: no white space, one width, one case."""
    return word_key(name)


def _problem(what: str, what_to_do: str = "") -> Problem:
    return Problem(what, what_to_do, kind="mapping")


def _doubts(mapping: TableMapping) -> Iterable[Problem]:
    """What is missing in a mapping, or contradicts itself."""
    if not (mapping.name or mapping.number or mapping.email):
        yield _problem("누구인지 알 수 있는 칸이 없습니다.", "이름, 학번, 이메일 가운데 하나 이상을 골라 주세요.")
    forms = [bool(mapping.assignments), bool(mapping.assignment), bool(mapping.title and mapping.title.strip())]
    if sum(forms) == 0:
        yield _problem("과제가 어디에 있는지 정하지 않았습니다.", "과제 칸을 고르거나 과제 이름을 적어 주세요.")
    elif sum(forms) > 1:
        yield _problem(
            "과제를 두 가지 방법으로 정했습니다.",
            "과제마다 칸이 있는지, 과제 이름이 적힌 칸이 있는지, 과제가 하나뿐인지 가운데 하나만 골라 주세요.",
        )
    elif mapping.assignments and (mapping.state or mapping.submitted_at or mapping.due):
        yield _problem(
            "과제마다 칸이 있는 표에는 상태, 제출 시각, 마감 칸을 따로 쓸 수 없습니다.", "이 칸들을 빼 주세요."
        )
    elif not mapping.assignments and not mapping.state and not mapping.submitted_at and mapping.lists_everyone:
        yield _problem(
            "냈는지 알 수 있는 칸이 없습니다.",
            "상태나 제출 시각 칸을 고르거나, 낸 학생만 적힌 표라면 그렇게 표시해 주세요.",
        )
    keys = [column_key(column) for column in mapping.columns]
    if len(set(keys)) < len(keys):
        yield _problem("한 칸을 두 가지로 정했습니다.", "칸마다 뜻을 하나만 골라 주세요.")
    if len(mapping.assignments) > _MOST_ASSIGNMENTS:
        yield _problem(f"과제 칸이 {_MOST_ASSIGNMENTS}개보다 많습니다.", "과제 칸만 골라 주세요.")
    texts = (*mapping.columns, mapping.title or "", *(word for word, _ in mapping.words))
    if any(len(text) > _LONGEST_NAME for text in texts):
        yield _problem(f"이름이나 말이 {_LONGEST_NAME}자보다 깁니다.", "짧게 고쳐 주세요.")
    if any(said not in SAID for _, said in mapping.words):
        yield _problem("말의 뜻(words)에 모르는 값이 있습니다.", f"{', '.join(SAID)} 가운데 하나로 고쳐 주세요.")
    if any(not word_key(word) for word, _ in mapping.words):
        yield _problem("말의 뜻(words)에 빈 말이 있습니다.", "빈칸의 뜻은 blank에 적어 주세요.")
    if mapping.blank not in _BLANKS:
        yield _problem("빈칸의 뜻(blank)이 잘못되었습니다.", f"{', '.join(_BLANKS)} 가운데 하나로 고쳐 주세요.")


def _parsed(text: str) -> dict[str, Any]:
    """The object that the text holds; InputError if it holds none of this kind and version."""
    again = "이 화면에서 저장한 칸 연결 파일을 고르거나, 칸 연결을 새로 만들어 주세요."
    said: Any = None
    if len(text) <= _LONGEST_JSON:
        try:
            said = json.loads(text.removeprefix("\ufeff"))
        except (ValueError, RecursionError):
            said = None
    if not isinstance(said, dict) or said.get("kind") != _KIND:
        raise InputError([_problem("칸 연결 파일이 아니거나 깨져 있습니다.", again)])
    version = said.get("version")
    if type(version) is not int or version != _VERSION:
        newer = type(version) is int and version > _VERSION
        what = "이 프로그램보다 새로운 판에서" if newer else "다른 판에서"
        raise InputError([_problem(f"{what} 만든 칸 연결 파일입니다.", "칸 연결을 새로 만들어 주세요.")])
    return said


def _wrong_types(said: dict[str, Any]) -> Iterable[Problem]:
    known = {field.name for field in fields(TableMapping)}
    if not said.keys() <= known | {"kind", "version"}:
        yield _problem("칸 연결 파일에 모르는 항목이 있습니다.", "그 항목을 지우거나 칸 연결을 새로 만들어 주세요.")
    for key in sorted(said.keys() & known):
        value = said[key]
        if key == "assignments":
            right = isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)
        elif key == "words":
            right = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
        elif key == "lists_everyone":
            right = isinstance(value, bool)
        else:
            right = isinstance(value, str) and bool(value.strip())
        if not right:
            yield _problem(f"칸 연결 파일의 '{key}' 항목이 잘못되었습니다.", "칸 연결을 새로 만들어 주세요.")


def likely_header(table: Table) -> int | None:
    """The row that looks most like headers: with a column that names pupils, and most columns; None if none does."""
    rows = {i: column_names(table, i) for i in range(min(len(table.rows), SEARCHED_ROWS))}
    return max(filter(lambda i: _people(rows[i]), rows), key=lambda i: (_filled(table, i), -i), default=None)


def _filled(table: Table, i: int) -> int:
    return sum(table.merged_value(i, j) != "" for j in range(len(table.rows[i])))


def suggest(table: Table) -> TableMapping | None:
    """A guess of what the columns mean, to be shown and corrected; None if nothing looks like hand-ins."""
    top = likely_header(table)
    if top is None:
        return None
    names = column_names(table, top)
    people = _people(names)
    rows = [i for i in range(top + 1, len(table.rows)) if table.merged_value(i, names.index(people["who"]))]
    cells = {name: [table.merged_value(i, j) for i in rows] for j, name in enumerate(names)}
    people = {role: column for role, column in people.items() if role != "who"}
    others = {name: texts for name, texts in cells.items() if name not in people.values()}
    states = [
        name
        for name, texts in others.items()
        if header_key(name) not in _NO_STATE and not is_inverse(name) and _are_states(texts)
    ]
    time, due = (
        next((one for one in others if header_key(one) in words and any(map(parse_time, others[one]))), None)
        for words in (_TIME, _DUE)
    )
    task = find_column([name for name, texts in others.items() if name not in states and any(texts)], _TASK)
    state = find_column(states, _STATE)
    if state is None and len(states) == 1 and task:
        state = states[0]
    if task and (state or time):
        return TableMapping(**people, assignment=task, state=state, submitted_at=time, due=due)
    if (state and len(states) == 1) or (time and not states):
        title = title_of_file(table.file)
        everyone = bool(state) or not all(others[time])
        return TableMapping(**people, title=title, state=state, submitted_at=time, due=due, lists_everyone=everyone)
    return TableMapping(**people, assignments=tuple(states)) if states else None


def _people(names: list[str]) -> dict[str, str]:
    """The columns that say who, role -> header, and ``who``, the one that finds a pupil best; none if none does."""
    found = {
        "name": find_column(names, (*NAME, *FULL_NAME)),
        "number": find_column(names, (*STUDENT_NO, *SEAT)),
        "email": find_column(names, EMAIL),
        "class_name": find_column(names, CLASS),
        "grade": find_column(names, _GRADE),
    }
    people = {role: column for role, column in found.items() if column}
    who = next((people[role] for role in ("name", "email", "number") if role in people), None)
    return people | {"who": who} if who else {}


def _are_states(texts: list[str]) -> bool:
    """Whether a column's cells are mostly words of hand-ins, or times; one of ones alone may count anything."""
    filled = [text for text in texts if text]
    keys = {word_key(text) for text in filled}
    known = [
        text
        for text in filled
        if common_meaning(word_key(text), keys) or (not text.isdecimal() and parse_time(text) is not None)
    ]
    words = any(common_meaning(key, keys) for key in keys)
    return words and len(known) >= 0.6 * len(filled) and (keys != {"1"} or len(filled) < len(texts))
