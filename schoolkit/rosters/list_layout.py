"""Where the lists of pupils stand on a sheet: their headers, columns and rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..students import parse_class
from ..tables import Table
from .headers import CLASS, NAME, NUMBER, header_key

# headers that are also common as values, or as the heading above a group of columns
_WEAK = {"학생", "student"}
_STRONG = set(NAME) - _WEAK
_USUAL = {*NAME, *NUMBER, *CLASS, "학년", "성별", "점수", "비고"}
_HEADER_WITHIN = 50  # rows
_REMARK = re.compile(r"[(\[（].*?[)\]）]", re.DOTALL)
_CLASS_NAMED = (
    re.compile(r"(?:(?P<grade>[1-6])\s*(?:학년|-)\s*)?(?<![\d·,~])(?P<class_no>\d{1,2})\s*반(?!편성)"),
    re.compile(r"(?<![\d-])(?P<grade>[1-6])-(?P<class_no>\d{1,2})(?![\d-])"),
)
_KOREAN_NAME = re.compile(r"[가-힣]{2,5}")


@dataclass(frozen=True)
class Section:
    """One list of pupils on a sheet; rows and columns count from 0.

    Attributes:
        table: the sheet.
        header: the row of the headers.
        rows: the rows below the headers, up to the next list.
        columns: column -> header in one line; empty where it is blank.
        name: the column of names.
        class_line: the text of a line such as ``2학년 1반`` above the headers; empty if there is none.
    """

    table: Table
    header: int
    rows: range
    columns: dict[int, str]
    name: int
    class_line: str


def sections(table: Table, said: str | None = None) -> list[Section]:
    """The lists of a sheet, from top to bottom and from left to right; none without a column of names.

    Lists stand below one another, each with headers of its own as on printed pages, or side
    by side under equal headers.

    Args:
        said: the header of the column of names, where it is not one of the usual ones.
    """
    tops = _header_rows(table, said)
    found: list[Section] = []
    for top, after in pairwise([*tops, len(table.rows)]):
        columns, first = _headers(table, top, after, said)
        names = _name_columns(list(columns.values()), said)
        if not names:
            continue
        before = found[-1].rows.start if found else 0
        for start, end, name in _side_by_side(columns, names):
            own = {j: header for j, header in columns.items() if start <= j < end}
            class_line = _class_line(table, range(before, top), range(start, end))
            found.append(Section(table, top, range(first, after), own, name, class_line))
    return found


def without_headers(table: Table) -> Section | None:
    """A pasted list that has no headers, with those that its cells tell; None if no column looks like names.

    Names may stand one a line, perhaps with a number before each, several in a line, or in
    the first column whose cells look like names and differ.
    """
    rows = table.rows
    cells = [cell for row in rows for cell in row if cell]
    if max(map(len, rows)) > 1 and len(set(cells)) == len(cells) and all(map(_KOREAN_NAME.fullmatch, cells)):
        rows = [[cell] for cell in cells]
    if all(sum(map(bool, row)) <= 1 for row in rows):
        rows = [list(_number_and_name("".join(row))) for row in rows]
        return _headed(table, rows, {0: "번호", 1: "이름"} if any(row[0] for row in rows) else {0: "", 1: "이름"}, 1)
    columns = [[row[j] if j < len(row) else "" for row in rows] for j in range(max(map(len, rows)))]
    likely = [
        j
        for j, column in enumerate(columns)
        if _share(column, _KOREAN_NAME) > 0.7 and len(set(column)) > 0.7 * len(column)
    ]
    if not likely:
        return None
    headers = {j: "성별" if set(column) <= {"남", "여", ""} else "" for j, column in enumerate(columns)}
    headers[likely[0]] = "이름"
    if likely[0] > 0 and _share(columns[0], re.compile(r"\d{1,2}번?")) > 0.9:
        headers[0] = "번호"
    return _headed(table, rows, headers, likely[0])


def _headed(table: Table, rows: list[list[str]], headers: dict[int, str], name: int) -> Section:
    return Section(Table(table.file, None, rows), -1, range(len(rows)), headers, name, "")


def _number_and_name(line: str) -> tuple[str, str]:
    number, name = re.fullmatch(r"(?:(\d{1,2})\s*[.)번:]?\s*)?(.*)", line, re.DOTALL).groups()
    return number or "", name


def _share(cells: Sequence[str], pattern: re.Pattern) -> float:
    return sum(bool(pattern.fullmatch(cell)) for cell in cells) / len(cells)


def headers_seen(table: Table) -> list[str]:
    """The row that looks most like headers, if any word in it is a usual one."""
    best: list[str] = []
    most = 0
    for row in table.rows[:_HEADER_WITHIN]:
        usual = sum(header_key(cell) in _USUAL for cell in row)
        if usual > most:
            best, most = [one_line(cell) for cell in row if cell], usual
    return best


def told_apart(headers: Sequence[str]) -> list[str]:
    """The headers, equal ones numbered.

    >>> told_apart(["이름", "점수", "점수"])
    ['이름', '점수', '점수 (2)']
    """
    told: list[str] = []
    for header in headers:
        one, count = header, 1
        while one in told:
            count += 1
            one = f"{header} ({count})"
        told.append(one)
    return told


def one_line(text: str) -> str:
    return " ".join(text.split())


def _name_columns(headers: Sequence[str], said: str | None) -> list[int]:
    """The columns of names; those whose header says it plainest."""
    keys = list(map(header_key, headers))
    if said is not None:
        return [j for j, key in enumerate(keys) if key == header_key(said)]
    plain = [j for j, key in enumerate(keys) if key in _STRONG]
    remarked = [j for j, header in enumerate(headers) if header_key(_REMARK.sub("", header)) in _STRONG]
    return plain or remarked or [j for j, key in enumerate(keys) if key in _WEAK]


def _header_rows(table: Table, said: str | None) -> list[int]:
    named = {i: [row[j] for j in _name_columns(row, said)] for i, row in enumerate(table.rows)}
    named = {i: cells for i, cells in named.items() if cells}
    tops = [i for i, cells in named.items() if said is not None or header_key(_REMARK.sub("", cells[0])) in _STRONG]
    if not tops:
        # below the first one, such a word may be a value
        tops = [i for i in named if table.rows[i] == table.rows[min(named)]]
    return tops if tops and tops[0] < _HEADER_WITHIN else []


def _headers(table: Table, top: int, after: int, said: str | None) -> tuple[dict[int, str], int]:
    """The headers by column, those of two rows joined, and the first row below them."""
    width = max((len(row) for row in table.rows[top:after]), default=0)
    upper = [one_line(table.value(top, j)) for j in range(width)]
    if top + 1 >= after or not _is_second_row(table, top, upper, said):
        return dict(enumerate(upper)), top + 1
    columns, above = {}, ""
    for j in range(width):
        lower = one_line(table.value(top + 1, j))
        above = upper[j] or (above if lower else "")
        columns[j] = upper[j] if not lower or lower == above else f"{above} {lower}".strip()
    return columns, top + 2


def _is_second_row(table: Table, top: int, upper: list[str], said: str | None) -> bool:
    """Whether the row below holds headers too: texts under a heading that spans several columns."""
    cells = {j: text for j in range(len(upper)) if (text := table.value(top + 1, j))}
    names = _name_columns(upper, said)
    if not cells or any(j in cells for j in names) or any(re.fullmatch(r"[\d.,]+", text) for text in cells.values()):
        return False
    return any(not upper[j] and any(upper[:j]) for j in cells)


def _side_by_side(columns: dict[int, str], names: list[int]) -> list[tuple[int, int, int]]:
    """First column, the column behind the last, and the column of names of each list in these columns."""
    filled = [j for j, header in columns.items() if header]
    end = max(columns) + 1
    if len(names) > 1:
        step = names[1] - names[0]
        starts = [filled[0] + step * at for at in range(len(names))]
        first = [columns.get(j, "") for j in range(starts[0], starts[0] + step)]
        blocks = [[columns.get(j, "") for j in range(start, start + step)] for start in starts]
        if names == [names[0] + step * at for at in range(len(names))] and all(block == first for block in blocks):
            ends = [*starts[1:], end]
            return list(zip(starts, ends, names, strict=True))
    return [(0, end, names[0])]


def _class_line(table: Table, rows: range, columns: range) -> str:
    """The last text in these rows that names a class; of several in a row, the one above these columns."""
    found = ""
    for i in rows:
        cells = {j: cell for j, cell in enumerate(table.rows[i]) if cell}
        named = {j: words for j, cell in cells.items() if (words := class_named(cell))}
        # more of them, and none that is all but a class, are a pupil's
        if not named or (len(cells) > 2 and len(named) < len(cells)):
            continue
        above = [words for j, words in named.items() if j in columns]
        found = above[-1] if above else found if len(named) > 1 else next(iter(named.values()))
    return found


def class_named(text: str) -> str:
    """The class that a title names, such as ``1학년 1반`` of ``[1학년 1반 명렬표]``; empty if it names none.

    >>> class_named("2026학년도 1학년 3반 명단"), class_named("1-2 명렬표"), class_named("1·2반 명단")
    ('1학년 3반', '1학년 2반', '')
    """
    if place := parse_class(text):
        return f"{place.grade}학년 {place.class_no}반"
    for pattern in _CLASS_NAMED:
        if matched := pattern.search(text):
            grade, class_no = matched["grade"], int(matched["class_no"])
            return f"{grade}학년 {class_no}반" if grade else f"{class_no}반"
    return ""
