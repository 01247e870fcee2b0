"""Who has been with whom: earlier rounds read, and kept for next time.

A history is a DataFrame with one row per pupil and round: ``round`` (int, 1 = oldest),
``date`` (datetime64, NaT where unknown), and as text ``name``, ``student_no``, ``class_name``
(both <NA> where unknown) and ``group``. Two pupils met in a round if their groups are equal there.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

from ..errors import InputError, Problem
from ..sheets import csv_bytes
from ..students import class_label, name_key, parse_class, parse_name
from ..tables import Source, Table, cell_text, load_sources, read_tables

HISTORY_SHEET = "이력"
_FIELDS = ("round", "date", "name", "student_no", "class_name", "group")
_COLUMNS = {"round": "회차", "date": "날짜", "class_name": "반", "student_no": "번호", "name": "이름", "group": "모둠"}
_HEADERS = {
    "round": ("회차", "round"),
    "date": ("날짜", "일자", "date"),
    "class_name": ("반", "학급", "class", "classname", "class_name"),
    "student_no": ("번호", "학번", "studentno", "student_no"),
    "name": ("이름", "성명", "학생", "학생이름", "학생명", "name", "student"),
    "group": ("모둠", "조", "모둠번호", "모둠이름", "모둠명", "조번호", "조이름", "팀", "group", "team"),
}
_FIELD = {header: field for field, headers in _HEADERS.items() for header in headers}
_HEADER_WITHIN = 50  # rows
# the apostrophe that csv_bytes puts before what Excel would take for a formula
_GUARD = re.compile(r"'(?=\s*[=+\-@＝＋－＠])")

_DATES = (
    re.compile(r"(?<!\d)(?P<y>20\d\d)\s*[-._/년]\s*(?P<m>\d{1,2})\s*[-._/월]\s*(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<m>\d{1,2})\s*월\s*(?P<d>\d{1,2})\s*일"),
)


class _Row(NamedTuple):
    number: int  # as Excel shows it
    round: int
    date: pd.Timestamp
    class_name: str
    student_no: str
    name: str
    group: str

    @property
    def pupil(self) -> tuple[str, str, str]:
        return plain_name(self.name), plain_class(self.class_name), plain_number(self.student_no)


def read_history(
    source: Source | pd.DataFrame | Iterable[Source | pd.DataFrame], *, today: datetime.date | None = None
) -> pd.DataFrame:
    """Earlier rounds of one or several files or tables, as a history (see the module's text).

    A table with a column 회차 holds several rounds in their order; any other with a name
    column (이름, 성명, 학생, name) and a group column (모둠, 조, 팀, group) is one round, dated
    by its column 날짜 or else by its sheet's or file's name. In a workbook with a sheet
    이력 only that is read, and other sheets without both columns are passed over. If every
    table has a date the rounds are put in the order of their dates, else in the order given;
    rounds of one table keep their order. A round that an earlier table holds too, with the same
    date (or, undated, the same 회차) and the same groups, counts once.

    Args:
        source: a path, ``(file name, bytes)``, a DataFrame with Korean or English column
            names, or a list of any of these, oldest first.
        today: in dates without a year, the year that puts them last before this day is meant.

    Raises:
        InputError: a file can't be read, columns or cells are missing, a date or 회차 can't be
            read, or a pupil stands twice in one round; every problem is listed.
    """
    tables, problems = _tables_of(source)
    today = today or datetime.date.today()
    parts: list[list[list[_Row]]] = []
    for table, name_from in tables:
        rounds, more = _rounds_of(table, name_from, today)
        problems += more
        parts.append(rounds)
    if not problems and not any(parts):
        problems.append(Problem("지난 모둠이 하나도 없습니다.", "지난 모둠 결과 파일을 올려 주세요.", kind="no_rounds"))
    if problems:
        raise InputError(problems)
    rows = [row._replace(round=at) for at, rows in enumerate(_in_order(parts), 1) for row in rows]
    history = pd.DataFrame(rows, columns=_Row._fields).drop(columns="number")[list(_FIELDS)]
    texts = {field: "string" for field in _FIELDS[2:]}
    return history.astype({"round": "int64", "date": "datetime64[ns]", **texts}).replace({"": pd.NA})


def history_bytes(history: pd.DataFrame) -> bytes:
    """A history as CSV that Excel and :func:`read_history` read: 회차, 날짜, 반, 번호, 이름, 모둠.

    반 and 번호 are left out where no pupil has one.
    """
    columns = [field for field in _COLUMNS if field not in ("class_name", "student_no") or history[field].notna().any()]
    shown = history[columns].assign(date=history["date"].dt.strftime("%Y-%m-%d")).astype(object)
    rows = shown.where(shown.notna(), None).itertuples(index=False, name=None)
    return csv_bytes([_COLUMNS[field] for field in columns], rows)


def append_round(
    history: pd.DataFrame | None,
    names: Sequence[str],
    groups: Sequence[object],
    *,
    date: datetime.date | str | None,
    class_name: str | Sequence[str] | None = None,
    numbers: Sequence[object] | None = None,
) -> pd.DataFrame:
    """A history and one more, latest round; the given one is not changed.

    Args:
        history: as :func:`read_history` gives it, or None for the first round.
        names, groups: each pupil's name and group.
        date: the day of the round, if known.
        class_name: the class of all pupils, or one for each.
        numbers: each pupil's number in class or student number.

    Raises:
        InputError: a name or group is blank, the date can't be read, or two pupils can't be told apart.
    """
    table = pd.DataFrame({"name": list(names), "group": list(groups)}, dtype=object)
    if date is not None:
        table["date"] = date
    if class_name is not None:
        table["class_name"] = class_name
    if numbers is not None:
        table["student_no"] = list(numbers)
    latest = read_history(table)
    if history is None or history.empty:
        return latest
    return pd.concat([history, latest.assign(round=int(history["round"].max()) + 1)], ignore_index=True)


def join_histories(histories: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The histories of several classes as one; the newest round of each stays a round of its own.

    Groups of two classes have the same numbers, so that one round of both would let pupils
    meet who did not. Earlier rounds that several of them hold count once.
    """
    histories = list(histories)
    earlier: list[pd.DataFrame] = []
    for history in histories:
        rounds = history[history["round"] < history["round"].max()].reset_index(drop=True)
        if len(rounds) and not any(rounds.equals(other) for other in earlier):
            earlier.append(rounds)
    newest = [history[history["round"] == history["round"].max()].assign(round=1) for history in histories]
    found, count = [], 0
    for rounds in [*earlier, *newest]:
        found.append(rounds.assign(round=rounds["round"] + count))
        count = int(found[-1]["round"].max())
    return pd.concat(found, ignore_index=True)


def _tables_of(source: object) -> tuple[list[tuple[Table, str]], list[Problem]]:
    """The tables that hold rounds, each with the text in which its date may stand."""
    several = not isinstance(source, (str, pd.DataFrame, tuple)) and isinstance(source, Iterable)
    given = list(source) if several else [source]
    files = [one for one in given if not isinstance(one, pd.DataFrame)]
    frames = [one for one in given if isinstance(one, pd.DataFrame)]
    found: list[tuple[Table, str]] = []
    loaded, problems = load_sources(files) if files else ([], [])
    for name, data in loaded:
        try:
            tables = [table for table in read_tables(name, data) if any(map(any, table.rows))]
        except InputError as error:
            problems += error.problems
            continue
        own = [table for table in tables if table.sheet == HISTORY_SHEET]
        usable = [table for table in tables if _header(table)]
        # without any usable sheet, the first says what is missing
        for table in own or usable or tables[:1]:
            found.append((table, f"{table.sheet or ''} {name}"))
    for number, frame in enumerate(frames, 1):
        rows = [["" if pd.isna(cell) else cell_text(cell) for cell in row] for row in frame.itertuples(index=False)]
        label = "표" if len(frames) == 1 else f"{number}번째 표"
        found.append((Table(label, None, [[cell_text(header) for header in frame.columns], *rows]), ""))
    return found, problems


def _header(table: Table) -> tuple[int, dict[str, int]] | None:
    """The header row, from 0, and the column of each field; None where no row names pupils and groups."""
    for i, row in enumerate(table.rows[:_HEADER_WITHIN]):
        columns = _known_columns(row)
        if {"name", "group"} <= columns.keys():
            return i, columns
    return None


def _known_columns(row: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for j, cell in enumerate(row):
        if field := _FIELD.get(re.sub(r"\s", "", cell).casefold()):
            columns.setdefault(field, j)
    return columns


def _rounds_of(table: Table, name_from: str, today: datetime.date) -> tuple[list[list[_Row]], list[Problem]]:
    """The rounds of one table, oldest first; those of tables without 회차 are numbered 0."""
    header = _header(table)
    if header is None:
        return [], [_missing_column(table)]
    top, columns = header
    problems: list[Problem] = []

    def report(i: int, field: str, kind: str, what: str, what_to_do: str) -> None:
        place = table.rows[top][columns[field]] if field in columns else None
        file = table.file if table.sheet is None else f"{table.file} '{table.sheet}' 시트"
        problems.append(Problem(what, what_to_do, file, i + 1, place, kind=kind))

    rounds: dict[int, list[_Row]] = defaultdict(list)
    for i in range(top + 1, len(table.rows)):
        cells = {field: _cell(table, i, columns.get(field), merged=field != "name") for field in _FIELDS}
        if not cells["name"] and not table.value(i, columns["group"]):
            continue
        if not cells["name"]:
            report(i, "name", "blank_name", "이름이 비어 있습니다.", "이름을 적거나 이 줄을 지워 주세요.")
        if not cells["group"]:
            report(i, "group", "blank_group", "모둠이 비어 있습니다.", "모둠을 적거나 이 줄을 지워 주세요.")
        number, date = 0, _date(cells["date"], today) if cells["date"] else pd.NaT
        if date is None:
            report(i, "date", "bad_date", "날짜를 읽을 수 없습니다.", "'2026-03-02'처럼 적어 주세요.")
        if "round" in columns:
            matched = re.fullmatch(r"제?\s*(\d{1,6})\s*(?:회차?|번째)?", cells["round"])
            if matched is None:
                report(i, "round", "bad_round", "회차를 읽을 수 없습니다.", "1, 2, 3처럼 숫자로 적어 주세요.")
                continue
            number = int(matched[1])
        rounds[number].append(_Row(i, number, date, *(cells[field] for field in _Row._fields[3:])))

    ordered = [rounds[number] for number in sorted(rounds)]
    if "date" not in columns and "round" not in columns and (day := _date(name_from, today)) is not None:
        ordered = [[row._replace(date=day) for row in rows] for rows in ordered]
    for rows in ordered:
        _check_round(rows, report)
    days = [next((row.date for row in rows if not pd.isna(row.date)), pd.NaT) for rows in ordered]
    problems.sort(key=lambda problem: problem.row)
    return [[row._replace(date=day) for row in rows] for rows, day in zip(ordered, days, strict=True)], problems


def _check_round(rows: list[_Row], report) -> None:
    seen = set()
    first_day = next((row.date for row in rows if not pd.isna(row.date)), None)
    for row in rows:
        if not pd.isna(row.date) and row.date != first_day:
            report(row.number, "date", "two_dates", "한 회차에 날짜가 둘 이상입니다.", "날짜나 회차를 고쳐 주세요.")
        if row.name and row.pupil in seen:
            what_to_do = "한 줄만 남겨 주세요. 이름이 같은 다른 학생이면 '번호'나 '반' 칸으로 구별해 주세요."
            report(row.number, "name", "pupil_twice", "한 회차에 같은 학생이 두 번 나옵니다.", what_to_do)
        seen.add(row.pupil)


def _missing_column(table: Table) -> Problem:
    known = {field for row in table.rows[:_HEADER_WITHIN] for field in _known_columns(row)}
    lacking = [f"'{_COLUMNS[field]}'" for field in ("name", "group") if field not in known]
    what = f"{', '.join(lacking)} 칸을 찾지 못했습니다." if lacking else "이름과 모둠 칸이 한 줄에 있지 않습니다."
    what_to_do = "첫 줄에 '이름'과 '모둠'이라는 제목이 있는 표를 올려 주세요."
    return Problem(what, what_to_do, table.file, kind="missing_column")


def _cell(table: Table, i: int, j: int | None, *, merged: bool) -> str:
    text = " ".join((table.merged_value(i, j) if merged else table.value(i, j)).split())
    return _GUARD.sub("", text, count=1) if table.sheet is None and text.startswith("'") else text


def _date(text: str, today: datetime.date) -> pd.Timestamp | None:
    """The first date that a text names; one without a year is the last such day up to today."""
    for pattern in _DATES:
        for matched in pattern.finditer(text):
            month, day = int(matched["m"]), int(matched["d"])
            year = int(matched.groupdict().get("y") or today.year - ((month, day) > (today.month, today.day)))
            try:
                return pd.Timestamp(year, month, day)
            except ValueError:
                continue
    return None


def _in_order(parts: list[list[list[_Row]]]) -> list[list[_Row]]:
    """The rounds of all tables, oldest first, each once."""
    kept: list[tuple[pd.Timestamp | None, list[_Row]]] = []
    found_in: dict[object, int] = {}
    for at, rounds in enumerate(parts):
        days = [rows[0].date for rows in rounds if not pd.isna(rows[0].date)]
        latest = min(days, default=None)
        for rows in rounds:
            number, day = rows[0].round, rows[0].date
            if not pd.isna(day):
                latest = max(latest, day)  # a later round of one table never moves before an earlier one
            when = number or None if pd.isna(day) else day
            key = (when, frozenset((row.pupil, row.group) for row in rows))
            if when is None or found_in.setdefault(key, at) == at:
                kept.append((latest, rows))
    if all(day is not None for day, _ in kept):
        kept.sort(key=lambda one: one[0])
    return [rows for _, rows in kept]


def plain_name(text: str) -> str:
    """A name as it is compared: without blanks, case and marks such as 전출."""
    return name_key(parse_name(text)[0] or text)


def plain_class(text: str) -> str:
    """A class as ``2-1``, or ``1`` where the grade is not said."""
    text = re.sub(r"^\s*([1-6])\s*-\s*(?=\S)", r"\1학년 ", text)
    place = parse_class(text if text.endswith("반") else f"{text}반")
    return f"{place.grade}-{place.class_no}" if place else class_label(text) or ""


def plain_number(text: str) -> str:
    """A number without leading zeros and 번."""
    digits = re.fullmatch(r"(\d+)번?", re.sub(r"\s", "", text))
    return str(int(digits[1])) if digits else text
