"""Where pupils stand in an exported list: its header row, the columns that say who, the rows that are pupils."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ...errors import InputError, Problem
from ...rosters.headers import header_key
from ...students import name_key, parse_class
from ...tables import Table
from ..names import joined_name, split_number
from .export import Written

# headers as header_key gives them
FULL_NAME = (
    *("fullname", "studentname", "student", "name", "firstname/lastname", "lastname/firstname"),
    *("전체이름", "사용자성명", "학생이름", "학생명", "학생", "성명", "성/이름", "이름/성"),
)
FAMILY_NAME = ("lastname", "surname", "familyname", "성")
GIVEN_NAME = ("firstname", "givenname", "이름")
NUMBERS = (
    *("idnumber", "studentid", "studentnumber", "studentno", "username", "sisuserid", "sisloginid"),
    *("id번호", "식별번호", "학번", "학생번호", "학생id", "사용자아이디", "아이디"),
    *("sis사용자id", "sis로그인id", "sisid"),
)
EMAIL = (
    *("emailaddress", "email", "e-mail", "e-mailaddress", "이메일", "이메일주소"),
    *("전자메일", "전자메일주소", "전자우편", "전자우편주소", "메일주소"),
)
CLASS = ("department", "section", "sections", "학과", "부서", "섹션", "분반", "반", "학급", "학년반")
# names of lines that sum up, as name_key gives them
_SUMMARY = re.compile(
    r"(?:(?:overall|class|course|group)?average|mean|median|total|sum|maximum|minimum"
    r"|(?:submission|completion)rate"
    r"|(?:전체|총|학급|반|강좌|과목|모둠|수업)?평균|합계|총계|총합|소계|계|최[고저]점?|중앙값|표준편차"
    r"|(?:총|전체|재적|응시)?인원수?|(?:총|전체|재적|응시)?학생수"
    r"|(?:미?제출|미?완료|미?참여|지각)(?:[률율]|비율|퍼센트|현황|합계|총계|수|(?:인원|건|학생|자)수?))"
    r"(?:\([^()]*\))?:?[\d.,/%명건점개]*"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]*);", re.IGNORECASE)
_HEADER_WITHIN = 30
_ROWS_NAMED = 5


@dataclass(frozen=True)
class PupilColumns:
    """The columns that say who a line is about, counted from 0; what there is not is None or empty."""

    full_name: int | None = None
    family: int | None = None
    given: int | None = None
    numbers: tuple[int, ...] = ()
    email: int | None = None
    class_name: int | None = None

    @property
    def any(self) -> bool:
        """Whether there is a column that a pupil can be found by."""
        return bool(self.numbers) or any(j is not None for j in (self.full_name, self.family, self.given, self.email))

    def written(self, table: Table, i: int) -> Written | None:
        """Whom row ``i`` names; None if no one, or if it sums up others."""

        def text(j: int | None) -> str:
            cell = title_text(table.value(i, j))
            return "" if cell == "-" else cell

        full, family, given, email = map(text, (self.full_name, self.family, self.given, self.email))
        numbers = [text(j) for j in self.numbers]
        addresses = [one for one in (email, *numbers) if "@" in one]
        numbers = [one for one in numbers if "@" not in one]
        numbers += [split_number(part)[0] or "" for part in (full, family, given)]
        if full.count(",") == 1:  # as systems sort them: family name, given name
            before, after = full.split(",")
            names = [joined_name(before, after), joined_name(after, before)]
        else:
            names = [split_number(full)[1]]
        names += [joined_name(family, given), joined_name(given, family)]
        local = addresses[0].split("@")[0] if addresses else ""
        numbers.append(local if local.isdigit() else "")
        who = Written(
            names=tuple(dict.fromkeys(filter(None, names))),
            numbers=tuple(dict.fromkeys(filter(None, numbers))),
            email=addresses[0] if addresses else None,
            class_name=text(self.class_name) if parse_class(text(self.class_name)) else None,
        )
        if who.numbers or who.email:
            return who
        # a family name alone, such as 계, is no line that sums up
        return who if who.names and not any(map(is_summary, who.names)) else None


def pupil_columns(header: Sequence[str]) -> PupilColumns:
    """The columns of a header row that say who a line is about.

    ``이름`` and ``name`` are the whole name, unless there is a column of family names too.
    """
    keys = [header_key(cell) for cell in header]

    def first(words: Iterable[str]) -> int | None:
        return next((keys.index(word) for word in words if word in keys), None)

    family, given = first(FAMILY_NAME), first(GIVEN_NAME)
    if family is None and given is not None:
        full, given = first(FULL_NAME) if first(FULL_NAME) is not None else given, None
    else:
        full = first(FULL_NAME)
    return PupilColumns(
        full_name=full,
        family=family,
        given=given,
        numbers=tuple(j for j, key in enumerate(keys) if key in NUMBERS),
        email=first(EMAIL),
        class_name=first(CLASS),
    )


def header_at(table: Table, fits: Callable[[list[str]], bool]) -> int | None:
    """The first of the top rows that is the header which is looked for; None if none is."""
    return next((i for i, row in enumerate(table.rows[:_HEADER_WITHIN]) if any(row) and fits(row)), None)


def pupils_below(
    table: Table, header: int, columns: PupilColumns, passed_over: Callable[[int], bool] = lambda i: False
) -> tuple[list[tuple[int, Written]], tuple[str, ...]]:
    """The rows below a header that name pupils, each with whom it names, and notices of those that name no one.

    Lines that sum up, blank ones and repeated headers are left out, and those for which
    ``passed_over`` is true.

    Raises:
        InputError: there is no pupil.
    """
    pupils: list[tuple[int, Written]] = []
    nameless = []
    for i in range(header + 1, len(table.rows)):
        row = table.rows[i]
        if not any(row) or row == table.rows[header] or passed_over(i):
            continue
        who = columns.written(table, i)
        if who:
            pupils.append((i, who))
        elif not any(map(is_summary, row)):
            nameless.append(i)
    if not pupils:
        raise no_pupils(table.file)
    notices = (f"누구인지 적혀 있지 않은 줄은 읽지 않았습니다({rows_in_words(nameless)}).",) if nameless else ()
    return pupils, notices


def is_summary(cell: str) -> bool:
    """Whether a cell heads a line that sums up others.

    >>> is_summary("제출률(%)"), is_summary("제출 인원: 25명"), is_summary("계수민")
    (True, True, False)
    """
    return bool(_SUMMARY.fullmatch(name_key(cell)))


def no_pupils(file: str) -> InputError:
    """The error of a file that lists no one."""
    what_to_do = "강좌에 학생이 있는지 확인하고 다시 내려받아 올려 주세요."
    return InputError([Problem("학생이 한 명도 없는 파일입니다.", what_to_do, file, kind="no_pupils")])


def no_assignments(file: str) -> InputError:
    """The error of a list that has no assignment in it."""
    what_to_do = "과제가 들어가도록 골라서 다시 내려받아 올려 주세요."
    return InputError([Problem("과제가 하나도 없는 파일입니다.", what_to_do, file, kind="no_assignments")])


def rows_in_words(places: Iterable[int]) -> str:
    """Rows counted from 0 as Excel numbers them, the first few of them: ``3행, 7행``, ``3행, 4행, … 등 12개 행``."""
    numbers = sorted({i + 1 for i in places})
    words = ", ".join(f"{number}행" for number in numbers[:_ROWS_NAMED])
    return words if len(numbers) <= _ROWS_NAMED else f"{words} 등 {len(numbers)}개 행"


def title_text(cell: str) -> str:
    """A title or a name as pupils see it: in one line, without the ``&amp;`` that systems leave in it.

    >>> title_text("관찰 &amp;  탐구"), title_text("R&copy")
    ('관찰 & 탐구', 'R&copy')
    """
    return " ".join(_ENTITY.sub(lambda entity: html.unescape(entity[0]), cell).split())


def title_of_file(file: str) -> str:
    """The name of a file without its ending and the number that tells equal names apart."""
    return re.sub(r"(?i)\.(csv|xlsx?|xlsm|ods|txt|tsv|html?)$", "", re.sub(r" \(\d+\)$", "", file)).strip() or file
