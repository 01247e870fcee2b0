"""Class lists as teachers keep them -> one table of pupils."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from ..errors import InputError, Problem
from ..students import class_label, parse_class, parse_name
from ..tables import Source, Table, load_sources, read_tables
from .headers import CLASS, NUMBER, category_text, find_column, header_key
from .list_layout import Section, class_named, headers_seen, one_line, sections, told_apart, without_headers

PASTED = "붙여넣은 명단"
LIST_SHEET = "명단"

_GRADE = ("학년", "grade")
_TOTAL = re.compile(
    r"((총|소|합|누|통)?계|합|(학급|\d*반|과목|전체|학년)?평균|표준편차|분산|중앙값|최[고저]점?|총[점원]|재적"
    r"|응시자?수?|(총|전체)?인원수?|전체|학생수|(?P<gender>[남여](자|학생)?))[:：]?(총?\d+(\.\d+)?[명점]?[,/]?)*"
)
_NOTE = re.compile(r"[※*#•·▶☞→-]|.*(학년도|\d학년\S+반|담임|명렬표|명단|작성일|출력일|사용자명)")
_TOTAL_SKIPPED = "합계나 평균이 적힌 줄이라 건너뛰었습니다."
_NUMBER = re.compile(r"[-+]?((0|[1-9]\d{0,14})|[1-9]\d{0,2}(,\d{3})+)(\.\d+)?")
_NO_LIST = "명단이 아닌 글이라 건너뛰었습니다."
_LISTED_ROWS = 10


def read_students(source: Source | Iterable[Source], *, name: str | None = None) -> pd.DataFrame:
    """The pupils of one or several class lists, a row each, in the order of the files.

    The headers are found by the column of names (이름, 성명, …), wherever they stand: below
    titles, in two rows, again on every page, above lists side by side. Sheets and files are
    put under one another; a column is one where its header is the same but for blanks. In a
    workbook with a sheet 명단 only that is read; sheets without names are passed over, and hidden ones
    beside shown ones.

    Every column keeps its header: an equal one gets ``(2)``, a blank one is ``칸 D`` if there is
    anything in it. Columns of numbers alone are ``Int64`` or ``float64``, all others ``string``
    (a number such as 007 stays text). If no list has a column for the class and lines such as
    ``2학년 1반``, sheets or files tell several, a column 반 is added behind the others.

    ``attrs`` has ``name`` (the column of names), ``rows`` (for each pupil the file and the row as
    Excel shows it), ``classes`` (for each the class that a title, the sheet or the file names, empty
    where none does) and ``notices`` (what was passed over, Korean sentences without names).

    Args:
        source: a path, a pair ``(file name, bytes)``, or several of either.
        name: the header of the column of names, where it is none of the usual ones.

    Raises:
        InputError: a file can't be read or has no column of names, a row has no name, two
            rows are the same in every cell, or there is no pupil; every problem is listed.
    """
    loaded, problems = load_sources(source)
    tables: list[Table] = []
    passed_over: list[str] = []
    for file, data in loaded:
        try:
            sheets = [table for table in read_tables(file, data) if any(map(any, table.rows))]
        except InputError as error:
            problems += error.problems
            continue
        used = [table for table in sheets if sections(table, name)]
        used = [table for table in used if table.sheet == LIST_SHEET] or used
        used = [table for table in used if not table.hidden] or used
        if not used:
            problems.append(_no_name_column(file, sheets, name))
        elif len(used) < len(sheets):
            others = ", ".join(f"‘{table.sheet}’" for table in sheets if table not in used)
            passed_over.append(f"{file}: {others} 시트는 명단으로 쓰지 않았습니다.")
        tables += used
    read = _Reader(problems, passed_over)
    for table in tables:
        several = sum(other.file == table.file for other in tables) > 1
        for section in sections(table, name):
            read.section(section, f"{table.file} '{table.sheet}' 시트" if several else table.file)
    return read.students()


def read_pasted(text: str, *, name: str | None = None) -> pd.DataFrame:
    """The pupils of a list that was pasted: cells copied from Excel, or a name a line.

    Without headers the names are what looks like them; ``1. 김하나`` is a number and a name,
    and names in one line are parted by commas. What comes back is as :func:`read_students`
    says, as are its arguments and errors.

    >>> read_pasted("김하나\\n이두리")["이름"].tolist(), read_pasted("번호\\t이름\\n3\\t박세리")["번호"].tolist()
    (['김하나', '이두리'], [3])
    """
    if not text.strip():
        what_to_do = "엑셀에서 명단을 복사해 붙여 주세요."
        raise InputError([Problem("붙여넣은 내용이 없습니다.", what_to_do, PASTED, kind="no_pupils")])
    (table,) = read_tables(PASTED, text.encode("utf-8"))
    if sections(table, name):
        return read_students((PASTED, text.encode("utf-8")), name=name)
    section = without_headers(table) if name is None else None
    if section is None:
        raise InputError([_no_name_column(PASTED, [table], name)])
    read = _Reader([], [])
    read.section(section, PASTED)
    return read.students()


def split_classes(students: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The pupils of each class, classes in their natural order; ``{"": students}`` where there is only one.

    The keys are as ``2학년 1반``, or ``1반`` without a grade, and ``반 없음`` for pupils
    without a class. What ``attrs`` keep for each pupil is split as well.

    >>> list(split_classes(pd.DataFrame({"반": [10, 2, 2], "이름": ["가", "나", "다"]})))
    ['2반', '10반']
    """
    labels = class_labels(students)
    if len(set(labels)) < 2:
        return {"": students}
    parts = {}
    for label in sorted(set(labels), key=_natural):
        places = [at for at, one in enumerate(labels) if one == label]
        part = students.iloc[places].reset_index(drop=True)
        part.attrs = students.attrs | {
            key: [kept[at] for at in places] for key in ("rows", "classes") if (kept := students.attrs.get(key))
        }
        parts[label] = part
    return parts


def class_labels(students: pd.DataFrame) -> list[str]:
    """Each pupil's class as ``2학년 1반``, or ``1반`` without a grade; ``반 없음`` where none is given.

    All are empty where no column tells the class.
    """
    header, grade = find_column(students.columns, CLASS), find_column(students.columns, _GRADE)
    if header is None:
        return [""] * len(students)
    grades = [None] * len(students) if grade is None else students[grade]
    joined = header_key(header) == "학년반"
    return [_class_words(value, given, joined) for value, given in zip(students[header], grades, strict=True)]


def _class_words(value: object, grade: object, joined: bool) -> str:
    if pd.isna(value) or not category_text(value):
        return "반 없음"
    text = re.sub(r"^([1-6])-(\d+)(반?)$", r"\1학년 \2반", category_text(value))
    # 101 under 학년반 is class 1 of grade 1
    text = re.sub(r"^([1-6])(\d{2})$", r"\1학년 \2반", text) if joined else text
    if place := parse_class(text):
        return f"{place.grade}학년 {place.class_no}반"
    words = f"{class_label(text)}반"
    if grade is None or pd.isna(grade) or not category_text(grade):
        return words
    return f"{re.sub(r'학년$', '', category_text(grade))}학년 {words}"


def _natural(label: str) -> tuple:
    parts = re.split(r"(\d+)", label)
    return label == "반 없음", [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]


@dataclass
class _Reader:
    """Puts lists under one another and gathers what is wrong with them."""

    problems: list[Problem]
    notices: list[str]
    headers: dict[str, str] = field(default_factory=dict)  # key -> header as first seen
    pupils: list[dict[str, str]] = field(default_factory=list)
    places: list[tuple[str, int]] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    name_header: str = ""
    read_from: list[str] = field(default_factory=list)

    def section(self, section: Section, where: str) -> None:
        table, columns = section.table, _named_columns(section)
        self.read_from.append(where)
        self.name_header = self.name_header or columns[section.name]
        columns[section.name] = self.name_header
        for header in columns.values():
            self.headers.setdefault(header_key(header), header)
        columns = {j: self.headers[header_key(header)] for j, header in columns.items()}
        skipped: defaultdict[str, list[int]] = defaultdict(list)
        for i in section.rows:
            own = {j: one_line(table.value(i, j)) for j in columns}
            if not any(own.values()):
                continue
            cells = {header: one_line(table.merged_value(i, j)) for j, header in columns.items()}
            if reason := _skipped(section, columns, own, i):
                skipped[reason].append(i + 1)
            elif not own[section.name]:
                what_to_do = "이름을 적거나 이 줄을 지워 주세요."
                self.problems.append(
                    Problem("이름이 비어 있습니다.", what_to_do, where, i + 1, self.name_header, kind="no_name")
                )
            else:
                self.pupils.append(cells)
                self.places.append((where, i + 1))
                self.classes.append(_class_told(section))
        for reason, rows in skipped.items():
            self.notices.append(f"{where} {_listed(rows)}행: {reason}")

    def students(self) -> pd.DataFrame:
        """All of it as one table.

        Raises:
            InputError: see :func:`read_students`.
        """
        self._find_same_rows()
        if not self.pupils and not self.problems:
            file = ", ".join(dict.fromkeys(self.read_from)) or None
            self.problems.append(
                Problem("머리글만 있고 학생이 없습니다.", "이름을 적은 명단을 올려 주세요.", file, kind="no_pupils")
            )
        if self.problems:
            raise InputError(self.problems)
        table = pd.DataFrame({header: self._column(header) for header in self.headers.values()})
        if find_column(table.columns, CLASS) is None and len(set(self.classes) - {""}) > 1:
            table["반"] = pd.array([label or None for label in self.classes], dtype="string")
            self.notices.append("반이 적힌 칸이 없어, 제목이나 시트, 파일의 이름에서 반을 읽어 ‘반’ 칸을 더했습니다.")
        left = sum(parse_name(name)[1] is not None for name in table[self.name_header])
        if left:
            self.notices.append(
                f"이름 옆에 전출, 자퇴 같은 말이 적힌 학생 {left}명도 들어 있습니다. 빼려면 결석으로 정해 주세요."
            )
        table.attrs = {
            "name": self.name_header,
            "rows": self.places,
            "classes": self.classes,
            "notices": self.notices,
        }
        return table

    def _column(self, header: str) -> pd.Series:
        texts = pd.array([pupil.get(header) or None for pupil in self.pupils], dtype="string")
        given = [text for text in texts if not pd.isna(text)]
        if header == self.name_header or not given or not all(map(_NUMBER.fullmatch, given)):
            return pd.Series(texts)
        numbers = [None if pd.isna(text) else float(text.replace(",", "")) for text in texts]
        whole = all("." not in text for text in given)
        return pd.Series(pd.array(numbers, dtype="Int64") if whole else pd.array(numbers, dtype="float64"))

    def _find_same_rows(self) -> None:
        seen: dict[tuple, int] = {}
        for at, (pupil, label) in enumerate(zip(self.pupils, self.classes, strict=True)):
            first = seen.setdefault((label, *sorted(one for one in pupil.items() if one[1])), at)
            if first != at:
                file, row = self.places[first]
                earlier = f"{row}행" if file == self.places[at][0] else f"{file} {row}행"
                self.problems.append(
                    Problem(
                        f"{earlier}과 모든 칸이 같습니다.",
                        "한 줄을 지우거나, 이름이 같은 다른 학생이면 번호 칸으로 구별해 주세요.",
                        *self.places[at],
                        kind="same_row",
                    )
                )


def _named_columns(section: Section) -> dict[int, str]:
    """The columns that hold anything, each with a header of its own."""
    filled = {j for i in section.rows for j in section.columns if section.table.value(i, j)}
    kept = [j for j, header in section.columns.items() if header or j in filled]
    return dict(zip(kept, told_apart([section.columns[j] or f"칸 {xl_col_to_name(j)}" for j in kept]), strict=True))


def _skipped(section: Section, columns: dict[int, str], own: dict[int, str], i: int) -> str | None:
    """Why a row is no pupil's, as words for a notice; None if it is one's, or should be."""
    given = [own[j] for j in columns if own[j]]
    first, name = re.sub(r"\s", "", given[0]), re.sub(r"\s", "", own[section.name])
    total = _TOTAL.fullmatch(first)
    if (total and not total["gender"]) or _TOTAL.fullmatch(name):
        return _TOTAL_SKIPPED
    if name:
        return _NO_LIST if len(given) == 1 and parse_class(name) else None
    if section.table.merged_down.get((i, section.name), section.header) > section.header:
        return "이름 칸이 위와 합쳐져 있어 첫 줄만 읽었습니다."
    if all(header_key(columns[j]) in {*NUMBER, *CLASS, *_GRADE} and re.search(r"\d", own[j]) for j in own if own[j]):
        return "번호만 있고 이름이 없어 건너뛰었습니다."
    alone = len(given) == 1 and own[min(columns)] and not first.isdigit()
    if alone or "/" in given or (len(given) <= 3 and any(map(_NOTE.match, given))):
        return _NO_LIST
    return None


def _class_told(section: Section) -> str:
    """The class that a line above the list, its sheet or its file tells; empty if none does."""
    file = re.sub(r"\.\w+$", "", section.table.file)
    named = next(filter(None, map(class_named, (section.class_line, section.table.sheet or "", file))), "")
    if grade := re.search(r"(?<!\d)([1-6])학년", file):
        return re.sub(r"^\d+반$", rf"{grade[1]}학년 \g<0>", named)  # sheets 1반, 2반, … of a grade's file
    return named


def _no_name_column(file: str, sheets: Sequence[Table], said: str | None) -> Problem:
    seen = next((seen for table in sheets if (seen := headers_seen(table))), [])
    what = "이름이 적힌 칸을 찾지 못했습니다." if said is None else "이름 칸으로 고른 칸이 없습니다."
    what_to_do = "머리글을 '이름'이나 '성명'으로 바꾸거나, 어느 칸인지 골라 주세요."
    if seen:
        return Problem(f"{what} 머리글: {', '.join(seen)}.", what_to_do, file, kind="no_name_column")
    return Problem(f"{what} 칸 이름이 적힌 줄이 없습니다.", what_to_do, file, kind="no_name_column")


def _listed(rows: Sequence[int]) -> str:
    """Rows in words: ``3, 5–8``."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    words = [str(first) if first == last else f"{first}–{last}" for first, last in runs]
    return ", ".join(words[:_LISTED_ROWS]) + (" …" if len(words) > _LISTED_ROWS else "")
