"""A list of a course's participants, whose names stand in two columns."""

from __future__ import annotations

from collections.abc import Sequence

from ..rosters.headers import find_column, header_key
from ..tables import Table
from .names import joined_name

_FIRST, _LAST = ("firstname", "givenname", "이름"), ("lastname", "familyname", "surname", "성")
_EMAIL = ("emailaddress", "email", "이메일주소", "이메일", "전자메일주소", "전자메일")
_HEADER_WITHIN = 20  # rows
_GENDERS = {"남", "여", "남자", "여자"}


def participants(table: Table, numbers: Sequence[str]) -> list[dict]:
    """Whom a sheet lists: dicts of ``student_no``, ``name``, ``email`` and ``where``; none if it is no such list.

    Moodle's Korean calls the given name 성 and the family name 이름 in some versions, so that the
    shorter one of Hangul names is taken for the family's.

    Args:
        numbers: headers of the column of student numbers.
    """
    for top, row in enumerate(table.rows[:_HEADER_WITHIN]):
        columns = {header_key(cell): j for j, cell in enumerate(row) if cell}
        first, last = (find_column(columns, words) for words in (_FIRST, _LAST))
        if first is None or last is None:
            continue
        below = range(top + 1, len(table.rows))
        given, family = columns[first], columns[last]
        if {table.value(i, family) for i in below} <= {*_GENDERS, ""}:
            return []  # 성 is the gender, and 이름 the whole name
        if _length(table, below, given) < _length(table, below, family):
            given, family = family, given
        number, email = (columns.get(find_column(columns, words)) for words in (numbers, _EMAIL))
        found = []
        for i in below:
            cells = [table.value(i, j) for j in (family, given, number, email)]
            if any(cells[:2]):
                found.append(
                    {
                        "student_no": cells[2] or None,
                        "name": joined_name(cells[0], cells[1]),
                        "email": cells[3] or None,
                        "where": (table.file, i + 1),
                    }
                )
        return found
    return []


def _length(table: Table, rows: range, column: int) -> float:
    """How long the Hangul cells of a column are; names of other scripts tell nothing."""
    cells = [table.value(i, column) for i in rows]
    lengths = [len(cell) for cell in cells if cell and all("가" <= letter <= "힣" for letter in cell)]
    return sum(lengths) / len(lengths) if lengths else 0.0
