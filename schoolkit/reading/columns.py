"""Which column of a reading-record table is which, told by its headers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from ..errors import InputError, Problem
from ..tables import Table

FIELDS = {
    "student_no": "학번",
    "class_line": "학년 반",
    "current_grade": "지금 학년",
    "class_no": "반",
    "seat_no": "번호",
    "name": "성명",
    "school_year": "학년도",
    "grade": "학년(기록한 때)",
    "semester": "학기",
    "subject_area": "과목 또는 영역",
    "book": "독서활동 상황(여러 권일 수 있음)",
    "title": "책 제목(한 줄에 한 권)",
    "author": "저자",
}
"""The columns that a table may have, with the words that a teacher knows them by."""

_HEADERS = {
    "student_no": r"학번|학생번호|학생학번|학년반번호|학년-?반-?번호?|반번호",
    "class_line": r"학년반|학급명?|소속학급|학년-반",
    "class_no": r"반|반명|반이름|현재반|현반",
    "current_grade": r"현재학년|현학년|지금학년|재학학년",
    "seat_no": r"번호|번|출석번호|출석번|no",
    "name": r"성명|이름|학생명|학생성명|학생이름|학생|(학번|번호)(성명|이름)|성|name",
    "given_name": r"명",
    "school_year": r"학년도|연도|년도|이수학년도|기록연도|기록학년도",
    "grade": r"학년|이수학년|기록학년",
    "semester": r"(이수|기록)?학기|(연도|학년도|년도|학년)-?학기|시기",
    "subject_area": r"과목(또는|및|과)?영역|과목명?|영역명?|교과목?명?|교과(또는|및)?영역|과목구분",
    "author": r"저자명?|지은이|글쓴이|작가명?|저자및?역자|저자및?출판사|author|글쓴이옮긴이|글그림",
    "book": r"(독서활동|독서)(상황|내용|기록|목록|이력|도서|도서명)?|독서활동상황(내용|공통|기록)"
    r"|(읽은)?(책|도서)(명|이름|제목|목록|들)?|제목|서명|(도서명|도서|책제목|책이름|책|제목)저자명?|title|book",
}


_HEADER = re.compile("|".join(f"(?P<{field}>{pattern})" for field, pattern in _HEADERS.items()))


def plain_header(text: str) -> str:
    """A header without white space, signs and case, as headers are compared.

    >>> plain_header("성  명") == plain_header("성명") and plain_header("과목 또는\\n영역")
    '과목또는영역'
    """
    return re.sub(r"[\s:*·,./()\[\]_'\"]", "", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=4096)  # a sheet's short cells repeat
def field_of(header: str) -> str | None:
    """The field that a header names; None if it is no known header.

    >>> field_of("독서활동 상황"), field_of("이  름"), field_of("비고")
    ('book', 'name', None)
    """
    if len(header) > 40:
        return None
    without_brackets = re.sub(r"[(\[（].*?[)\]）]", "", header)
    matched = _HEADER.fullmatch(plain_header(header)) or _HEADER.fullmatch(plain_header(without_brackets))
    return matched.lastgroup if matched else None


def recognise(row: list[str]) -> dict[str, int]:
    """The known headers of a row as field -> column index (from 0); the first of two equal ones counts.

    A 학년 that stands right before 반 is the present grade where another 학년 follows, and
    both the present one and that of the entry where there is neither another 학년 nor a
    학년도 to say otherwise.
    """
    found = [(field_of(cell), j) for j, cell in enumerate(row) if cell]
    columns: dict[str, int] = {}
    grades = [j for field, j in found if field == "grade"]
    classes = [j for field, j in found if field == "class_no"]
    for field, j in found:
        if field and field not in columns:
            columns[field] = j
    if grades and classes and grades[0] < classes[0] and "current_grade" not in columns:
        if len(grades) > 1:
            columns["current_grade"], columns["grade"] = grades[0], grades[1]
        elif "school_year" not in columns:
            columns["current_grade"] = grades[0]
    if "given_name" in columns and plain_header(row[columns.get("name", 0)]) != "성":
        del columns["given_name"]
    if "author" in columns and "book" in columns:
        columns["title"] = columns.pop("book")
    return columns


def sub_header(row: list[str]) -> dict[str, int] | None:
    """The columns of a second header row (도서명, 저자 under a merged 독서활동 상황); None if it is none."""
    cells = [cell for cell in row if cell]
    columns = recognise(row)
    return columns if len(cells) > 1 and len(columns) == len(cells) else None


def is_header(columns: Mapping[str, int]) -> bool:
    """Whether these columns tell both a pupil and a book."""
    return _tells_pupil(columns) and ("book" in columns or "title" in columns)


def _tells_pupil(columns: Mapping[str, int]) -> bool:
    return any(field in columns for field in ("name", "student_no", "seat_no"))


def missing_columns(columns: Mapping[str, int]) -> list[str]:
    """What a table still lacks, in a teacher's words."""
    missing = []
    if not _tells_pupil(columns):
        missing.append("학생을 알 수 있는 칸(성명, 학번, 번호 가운데 하나)")
    if "book" not in columns and "title" not in columns:
        missing.append("책이 적힌 칸(독서활동 상황, 도서명 가운데 하나)")
    return missing


def given_columns(table: Table, given: Mapping[str, object]) -> tuple[int, dict[str, int]]:
    """The header row (from 0; -1 if there is none) and the columns, as a caller names them.

    Args:
        table: the sheet.
        given: field -> header as written or Excel's column letters, and perhaps ``header_row``.

    Raises:
        InputError: a field that does not exist, a column that the sheet lacks, or no column
            for the pupil or the book.
    """
    wanted = {field: str(value) for field, value in given.items() if field != "header_row" and value not in (None, "")}
    unknown = [str(field) for field in wanted if field not in FIELDS]
    if unknown:
        what = f"columns에 쓸 수 없는 이름이 있습니다: {', '.join(unknown)}."
        raise _wrong_columns(table, what, f"쓸 수 있는 이름: {', '.join(FIELDS)}, header_row.")
    if missing := missing_columns(wanted):
        raise _wrong_columns(table, f"{' 및 '.join(missing)}을 고르지 않았습니다.", "어느 칸인지 마저 골라 주세요.")
    row_given = given.get("header_row")
    rows = range(len(table.rows)) if row_given in (None, "") else [int(row_given) - 1]
    if rows[-1:] and rows[-1] >= len(table.rows):
        raise _wrong_columns(table, f"{row_given}행이 표에 없습니다.", "머리글이 있는 행을 다시 골라 주세요.")
    best: tuple[int, dict[str, int]] = (-1, {})
    for i in rows:
        cells = table.rows[i] if 0 <= i < len(table.rows) else []
        headers = {plain_header(cell): j for j, cell in reversed(list(enumerate(cells))) if cell}
        found = {field: headers[plain_header(text)] for field, text in wanted.items() if plain_header(text) in headers}
        if len(found) > len(best[1]):
            best = i, found
    top, columns = best
    for field, text in wanted.items():
        if field not in columns and re.fullmatch(r"[A-Z]{1,3}", text):
            columns[field] = column_index(text)
    lost = [text for field, text in wanted.items() if field not in columns]
    if lost:
        raise _wrong_columns(
            table,
            f"고른 칸이 표에 없습니다: {', '.join(lost)}.",
            "머리글에 있는 이름이나 A, B 같은 열 글자로 골라 주세요.",
        )
    return (rows[0] if row_given not in (None, "") else top), columns


def _wrong_columns(table: Table, what: str, what_to_do: str) -> InputError:
    return InputError([Problem(what, what_to_do, table.file, kind="unknown_columns")])


def column_index(letters: str) -> int:
    """Excel's column letters as an index from 0: ``A`` -> 0, ``AA`` -> 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def column_letters(index: int) -> str:
    """An index from 0 as Excel's column letters."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
