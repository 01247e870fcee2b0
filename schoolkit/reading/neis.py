"""One sheet of reading records -> pupils and their cells of books, whatever the layout.

The layouts are the print layout of NEIS (pages with footers and repeated headers, cells
merged down, several classes behind one another), its ``XLS data`` and tidied tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..errors import InputError
from ..students import Place, Sighting, class_label, parse_name
from ..tables import Table
from .books import says_nothing
from .columns import FIELDS, given_columns, plain_header
from .pages import Pages
from .pupils import Pupils, infer_years
from .terms import Term, fill_down, read_term

_TOTAL = re.compile(r"합계|총계|소계|계|총합")
_OPENING, _CLOSING = "(（", ")）"


def notice(file: str, row: int | None, what: str, why: str) -> dict:
    """A thing that was skipped or guessed, as ``attrs["notices"]`` lists it."""
    return {"file": file, "row": row, "what": what, "why": why}


@dataclass
class RawCell:
    """A cell of books with its place.

    Attributes:
        pupil: an index into the part's sightings.
        row: as Excel shows it.
        text: the cell.
        author: the cell of the author's column, if there is such a column.
        one_book: whether the cell holds one title, and no list of books.
    """

    pupil: int
    row: int
    text: str
    author: str | None
    one_book: bool
    term: Term
    subject_area: str | None


@dataclass
class Part:
    """What one sheet holds.

    ``says_title`` tells whether the header of the books speaks of a title (도서명, 제목), so
    that a comma in it is one of the title rather than one between books.
    """

    file: str
    says_title: bool = False
    sightings: list[Sighting] = field(default_factory=list)
    cells: list[RawCell] = field(default_factory=list)
    notices: list[dict] = field(default_factory=list)

    def say(self, row: int | None, what: str, why: str) -> None:
        self.notices.append(notice(self.file, row, what, why))


def read_part(table: Table, part: int, columns: Mapping[str, object] | None = None) -> Part | None:
    """The pupils and cells of a sheet; None if it has no recognised header.

    Args:
        table: the sheet.
        part: its number over the whole upload.
        columns: which column is which, as in :func:`schoolkit.read_reading_records`.

    Raises:
        InputError: ``columns`` does not fit, and the sheet's own header is not recognised.
    """
    try:
        pages = Pages(table, given_columns(table, columns) if columns else None)
    except InputError:
        pages = Pages(table)
        if not pages.headers:
            raise
    return _Reader(table, part, pages).read() if pages.headers else None


class _Reader:
    """One pass over the rows of a sheet."""

    def __init__(self, table: Table, part: int, pages: Pages):
        self.table, self.pages = table, pages
        header = table.value(pages.first, pages.headers[pages.first].get("book"))
        self.part = Part(table.file, bool(re.search(r"명|제목|이름|title", plain_header(header))))
        self._begin_page(pages.first)
        self.pupils = Pupils(
            table.file, part, self.part.say, is_print=pages.is_print, names_stand_once=self._names_stand_once()
        )
        self.printed_in: int | None = None
        self.named: str = ""  # the pupil whom a line above the table names
        self.new_page = False
        self.above: tuple[int | None, Term, str | None] = (None, Term(), None)  # pupil, term, subject of the last row
        self.without_books: list[int] = []

    def read(self) -> Part:
        self._place_in_names()
        self._unused_columns()
        if self._grade_is_the_present_one():
            self.part.say(
                self.pages.first + 1,
                "'학년' 칸을 지금 학년으로 보았습니다.",
                "학년도가 달라도 한 학생의 학년이 그대로입니다.",
            )
            self._rename_column("grade", "current_grade")
        if self._numbers_count_lines():
            self.part.say(
                self.pages.first + 1,
                "'번호' 칸을 학생의 번호로 보지 않았습니다.",
                "줄마다 1씩 늘어나고 같은 이름이 되풀이되어 순번으로 보입니다.",
            )
            self._rename_column("seat_no", "line_no")
        for i, row in enumerate(self.table.rows):
            if i in self.pages.headers:
                self._begin_page(i)
                self.new_page = True
            elif not any(row):
                continue
            elif self.pages.is_outside(i):
                self._outside(i)
                self.new_page = True
            else:
                self._record(i)
        if self.without_books:
            rows = ", ".join(f"{row}행" for row in self.without_books[:10])
            more = " 등" if len(self.without_books) > 10 else ""
            self.part.say(
                self.without_books[0],
                f"책이 적혀 있지 않은 줄 {len(self.without_books)}개를 건너뛰었습니다({rows}{more}).",
                "책 칸이 비어 있거나 '없음'처럼 적혀 있습니다.",
            )
        self.part.sightings = self.pupils.sightings
        infer_years(self.part.sightings, [(cell.pupil, cell.term) for cell in self.part.cells], self.printed_in)
        return self.part

    def _begin_page(self, header: int) -> None:
        """Takes the columns of a header row, and what of it holds books besides the first column."""
        self.columns = self.pages.headers[header]
        titles = self.table.rows[header] if header >= 0 else []
        book = self.columns.get("book", self.columns.get("title", -1))
        named = {j for j, title in enumerate(titles) if title} | set(self.columns.values())
        end = min((j for j in named if j > book), default=max(map(len, self.table.rows)))
        # without a header row, nobody can tell a remark's column from one that books ran over into
        self.beside_books = range(book + 1, end if header >= 0 else book + 1)
        same = [j for j in named if "book" in self.columns and _is_twin(titles, book, j)]
        self.twins = {j: _semester(titles[j]) for j in sorted(same)}

    def _text(self, i: int, name: str) -> str:
        return self.table.value(i, self.columns.get(name))

    def _books(self, i: int) -> str:
        """The books of a row, with those that ran over into the columns without a header behind."""
        cells = [self._text(i, "book") or self._text(i, "title")]
        cells += [self.table.value(i, j) for j in self.beside_books]
        return ", ".join(filter(None, cells))

    def _rename_column(self, old: str, new: str) -> None:
        self.pages.headers = {
            i: {new if name == old else name: j for name, j in columns.items()}
            for i, columns in self.pages.headers.items()
        }
        self._begin_page(self.pages.first)

    def _numbers_count_lines(self) -> bool:
        """Whether 번호 runs from 1 by one over all rows while the names repeat: then it is no pupil's."""
        if not {"seat_no", "name"} <= self.columns.keys() or "student_no" in self.columns or self.pages.is_print:
            return False
        rows = [i for i in range(self.pages.first + 1, len(self.table.rows)) if self._books(i)]
        numbers = [_plain(self._text(i, "seat_no")) for i in rows]
        names = {self._text(i, "name") for i in rows}
        return len(names) * 2 <= len(rows) > 2 and numbers == [str(n) for n in range(1, len(rows) + 1)]

    def _grade_is_the_present_one(self) -> bool:
        """Whether 학년 beside 반 stays the same while 학년도 changes: then it is no grade of the entries."""
        if not {"school_year", "grade", "class_no", "name"} <= self.columns.keys():
            return False
        terms: dict[tuple, set[tuple]] = {}
        for i in range(self.pages.first + 1, len(self.table.rows)):
            who = tuple(self._text(i, name) for name in ("class_no", "seat_no", "name"))
            terms.setdefault(who, set()).add((self._text(i, "school_year"), self._text(i, "grade")))
        years_and_grades = [tuple(map(len, map(set, zip(*seen, strict=True)))) for seen in terms.values()]
        stays = sum(years > grades == 1 for years, grades in years_and_grades)
        moves = sum(years > 1 and grades > 1 for years, grades in years_and_grades)
        return stays > moves

    def _names_stand_once(self) -> bool:
        rows = range(self.pages.first + 1, len(self.table.rows))
        return "name" in self.columns and any(
            self._books(i) and not self._text(i, "name") and not self.pages.is_outside(i)
            for i in rows
            if i not in self.pages.headers
        )

    def _place_in_names(self) -> None:
        """Grade and class from the sheet's or the file's name, where no line or column says them."""
        if any(name in self.columns for name in ("class_no", "class_line", "student_no")):
            return
        if any(self.pages.is_outside(i) and self.pages.class_line(i) for i in range(len(self.table.rows))):
            return
        stem = re.sub(r"\.[A-Za-z]{2,4}( \(\d+\))?$", "", self.table.file)
        for text in (self.table.sheet or "", stem):
            if both := re.search(r"([1-6])\s*학년\s*(\d{1,2})\s*반|(?<![\d.-])([1-6])-(\d{1,2})(?![\d.-])", text):
                grade, class_no = (digits for digits in both.groups() if digits)
                self.pupils.class_place = Place(int(grade), class_label(class_no), None)
            elif class_only := re.search(r"(?<!\d)(\d{1,2})반", text):
                self.pupils.class_place = Place(None, class_label(class_only.group(1)), None)
            else:
                continue
            self.part.say(
                None, f"학년·반을 '{text}'에서 읽었습니다.", "표 안에 학년·반이 없어 시트나 파일의 이름을 보았습니다."
            )
            return

    def _unused_columns(self) -> None:
        header = self.table.rows[self.pages.first] if self.pages.first >= 0 else []
        used = {*self.columns.values(), *self.twins}
        unused = [cell for j, cell in enumerate(header) if cell and j not in used]
        if unused and len(unused) < len(header):
            names = ", ".join(f"'{' '.join(cell.split())[:20]}'" for cell in unused[:10])
            self.part.say(
                self.pages.first + 1,
                f"쓰지 않은 칸이 있습니다: {names}.",
                "독서 기록에 필요하지 않거나, 같은 뜻의 칸이 앞에 있습니다.",
            )

    def _outside(self, i: int) -> None:
        if place := self.pages.class_line(i):
            self.pupils.new_class(place)
        self.printed_in = self.pages.printed_in(i) or self.printed_in
        self.named = self.pages.pupil_line(i) or self.named

    def _record(self, i: int) -> None:
        row = i + 1
        text = self._books(i)
        twins = [(self.table.value(i, j), semester) for j, semester in self.twins.items()]
        if any(self.table.value(i, j) for j in self.beside_books):
            self.part.say(
                row,
                "책 칸 오른쪽의 머리글 없는 칸에 적힌 글을 책 칸에 이어 읽었습니다.",
                "쉼표가 칸을 나누었거나 머리글이 여러 칸에 걸쳐 있습니다.",
            )
        if not any(self.table.value(i, j) for j in self.columns.values()):
            self.part.say(row, "줄 하나를 건너뛰었습니다.", "학생과 책 칸이 비어 있고 다른 칸에만 글이 있습니다.")
            return
        texts = {name: self._text(i, name) for name in ("name", "student_no", "seat_no")}
        if any(_TOTAL.fullmatch(re.sub(r"\s", "", text)) for text in texts.values()):
            self.part.say(row, "합계 줄을 건너뛰었습니다.", "학생 칸에 합계라고 적혀 있습니다.")
            return
        texts["name"] += self._text(i, "given_name")
        for name in ("class_line", "class_no", "current_grade", "school_year", "grade", "semester"):
            texts[name] = _plain(self.table.merged_value(i, self.columns.get(name)))
        # Excel's mark for text that looks like a number may have become part of it
        texts |= {name: _plain(texts[name]).lstrip("'") for name in ("student_no", "seat_no")}
        if not {"name", "student_no", "seat_no"} & self.columns.keys():
            texts["name"] = self.named
        texts["subject_area"] = " ".join(self.table.merged_value(i, self.columns.get("subject_area")).split())
        term, unread = read_term(texts)
        pupil = self.pupils.of_row(row, texts, term, self.new_page)
        if pupil is None:
            if not text and not any(cell for cell, _ in twins):
                self.without_books.append(row)
                return
            pupil = self.pupils.nobody(row)
        for name in unread:
            self.part.say(
                row,
                f"{FIELDS[name].split('(')[0]} 칸을 읽지 못해 비워 두었습니다.",
                "예: 2025, 2, 1처럼 숫자로 적혀 있지 않습니다.",
            )
        subject = texts["subject_area"] or None
        if pupil == self.above[0]:
            term = fill_down(term, texts, self.above[1])
            subject = subject or self.above[2]
        own = term._replace(semester=term.semester or self._semester_of_books())
        if text or not any(cell for cell, _ in twins):
            self._keep(
                RawCell(pupil, row, text, self._text(i, "author") or None, "title" in self.columns, own, subject)
            )
        for cell, semester in twins:
            if cell:
                of_twin = term._replace(semester=semester or term.semester)
                self._keep(RawCell(pupil, row, cell, None, False, of_twin, subject))
        self.above = pupil, term, subject
        self.pupils.after(term, subject)
        self.new_page = False

    def _semester_of_books(self) -> int | None:
        return _semester(self.table.value(self.pages.first, self.columns.get("book"))) if self.twins else None

    def _keep(self, cell: RawCell) -> None:
        name, status = parse_name(cell.text)
        if not cell.text or says_nothing(cell.text):
            self.without_books.append(cell.row)
        elif status and name is None:
            self.part.say(
                cell.row, "책 칸의 글을 책으로 보지 않고 건너뛰었습니다.", f"'{status}'은(는) 학적 표시입니다."
            )
        elif self._continues_cut_cell(cell):
            self.part.cells[-1].text += " " + cell.text
            self.part.say(
                cell.row,
                f"쪽이 바뀌며 책 가운데서 잘린 칸을 {self.part.cells[-1].row}행의 칸과 이어 읽었습니다.",
                "앞쪽의 칸이 책의 끝에서 끝나지 않습니다.",
            )
        else:
            self.part.cells.append(cell)
            sighting = self.pupils.sightings[cell.pupil]
            if cell.term.school_year and {"class_no", "student_no"} & self.columns.keys():
                sighting.place_years.add(cell.term.school_year)

    def _continues_cut_cell(self, cell: RawCell) -> bool:
        """Whether a page break cut the last cell within a book, and this cell goes on."""
        last = self.part.cells[-1] if self.part.cells else None
        if not (self.new_page and self.pages.is_print and last and last.pupil == cell.pupil) or cell.one_book:
            return False
        if _left_open(last.text) and _left_open(cell.text[::-1].translate(_MIRRORED)):
            return True
        same_place = (last.term, last.subject_area) == (cell.term, cell.subject_area)
        return same_place and last.text[-1] not in _CLOSING + ",，"


def _is_twin(titles: list[str], book: int, other: int) -> bool:
    """Whether another column is one of books too, as 독서활동상황(2학기) beside 독서활동상황(1학기)."""
    if other <= book or other >= len(titles) or book >= len(titles) or book < 0:
        return False
    plain = [plain_header(re.sub(r"[(\[（].*?[)\]）]|[12]\s*학기", "", titles[j])) for j in (book, other)]
    return plain[0] == plain[1] != ""


def _semester(title: str) -> int | None:
    found = re.search(r"([12])\s*학기", title)
    return int(found.group(1)) if found else None


_MIRRORED = str.maketrans(_OPENING + _CLOSING, _CLOSING + _OPENING)


def _left_open(text: str) -> bool:
    depth = 0
    for sign in text:
        depth = max(0, depth + (sign in _OPENING) - (sign in _CLOSING))
    return depth > 0


def _plain(text: str) -> str:
    """A number in usual digits and without the ``.0`` that scripts leave in CSV files."""
    return re.sub(r"^(\d+)\.0+$", r"\1", unicodedata.normalize("NFKC", text))
