"""Tables for Excel: text that stays text, sheets that can be read and printed, whole files.

Everything is made in memory: pupils' data reaches the disk only as the one finished
file that was asked for.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CELL_LIMIT = 32_767
SHEET_NAME_LIMIT = 31
TALLEST_ROW = 408
POINTS_A_LINE = 14.25

_LINE = {"border": 1, "border_color": "#8C8C8C"}
_LOOKS = {
    "marked": {"bold": True, "font_color": "#C00000", "underline": 1},
    "cell": {**_LINE, "valign": "vcenter", "text_wrap": True},
    "centre": {"align": "center"},
    "percent": {"align": "center", "num_format": "0%"},
    "rule above": {"top": 2, "top_color": "#404040"},
    "header": {**_LINE, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#DDE6F0"},
    "middle": {"valign": "vcenter"},
    # Excel draws the filter's button at the bottom of the cell.
    "above the button": {"valign": "top"},
    "title": {"bold": True, "font_size": 15, "valign": "vcenter"},
    "heading": {"bold": True, "font_size": 12, "valign": "vcenter"},
    "caution": {"bold": True, "font_color": "#C00000"},
}

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_READ_AS_FORMULA = re.compile(r"[\t\n]|\s*[=+\-@＝＋－＠]")


def new_workbook() -> tuple[xlsxwriter.Workbook, io.BytesIO]:
    """A workbook and the bytes it fills when it is closed; no temporary file, no guessed types."""
    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        # Columns are measured in digits of this font, so that they fit its letters. No font
        # of the theme: Excel would show Calibri and another font for Hangul.
        "default_format_properties": {"font_name": "맑은 고딕", "font_size": 10, "font_scheme": "none"},
    }
    return xlsxwriter.Workbook(content, options), content


def safe_text(value: object) -> str:
    """The value as text that any xlsx or CSV cell can hold.

    Characters that XML forbids become ``�``, so that they are seen; line ends become
    ``\\n``; what is longer than Excel's 32,767 characters ends in ``…``.

    >>> safe_text("어린\\x0b왕자")
    '어린�왕자'
    """
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return _shortened(_NOT_XML.sub("\ufffd", text), CELL_LIMIT)


class SheetNames:
    """Names for the sheets of one workbook, each as near to the wish as Excel allows.

    Excel's rules: 1 to 31 characters, none of ``[]:*?/\\``, no apostrophe at either end,
    not ``History``, unique whatever the case.

    >>> names = SheetNames()
    >>> names.take("김하늘"), names.take("김하늘"), names.take("2/1?")
    ('김하늘', '김하늘 (2)', '2 1')
    """

    def __init__(self) -> None:
        self._taken = {"history"}

    def take(self, wanted: str) -> str:
        """The name for one more sheet; it is taken from now on."""
        allowed = re.sub(r"[\[\]:*?/\\\n\t]", " ", safe_text(wanted)).strip(" '") or "이름 없음"
        name, count = _shortened(allowed, SHEET_NAME_LIMIT), 1
        while _same_name_key(name) in self._taken:
            count += 1
            suffix = f" ({count})"
            name = _shortened(allowed, SHEET_NAME_LIMIT - len(suffix)) + suffix
        self._taken.add(_same_name_key(name))
        return name


def lines_needed(text: str, width: float) -> int:
    """How many lines the text fills in a wrapped cell ``width`` units wide, rather more than fewer.

    Excel fits no row to text in several fonts, so the row's height has to be computed.

    >>> lines_needed("수학의 역사", 11), lines_needed("수학의 역사", 9)
    (1, 2)
    """
    return sum(_lines_in_paragraph(paragraph, width) for paragraph in text.split("\n"))


def row_height(lines: int) -> float:
    """The height in points of a row with so many lines of text, up to the tallest that Excel has."""
    return min(lines * POINTS_A_LINE + 4.5, TALLEST_ROW)


@dataclass(frozen=True)
class Column:
    """A column of a table on a sheet.

    Attributes:
        source: the name of what it shows.
        header: its heading.
        width: in Excel's units, a digit each; a Hangul syllable takes about two.
        looks: names of looks that its cells have.
        group: the heading above this and its neighbours of the same group.
        look_by_value: whether a cell also has the look named as its text.
    """

    source: str
    header: str
    width: float
    looks: tuple[str, ...] = ()
    group: str = ""
    look_by_value: bool = False


class Looks:
    """A workbook's cell formats, each made once of named looks such as ``"cell", "centre"``."""

    def __init__(self, workbook: xlsxwriter.Workbook, more: dict[str, dict]) -> None:
        self._workbook = workbook
        self._looks = _LOOKS | more
        self._made: dict[tuple[str, ...], Format] = {}

    def __call__(self, *names: str) -> Format:
        if names not in self._made:
            properties: dict[str, object] = {}
            for name in names:
                properties |= self._looks[name]
            self._made[names] = self._workbook.add_format(properties)
        return self._made[names]


def write_table(
    sheet: Worksheet,
    looks: Looks,
    columns: Sequence[Column],
    rows: Sequence[Sequence[object]],
    top: int,
    *,
    filterable: bool = False,
    ruled: Collection[int] = (),
) -> int:
    """Write a table under its headings, groups first if there are any; the row of the first data comes back.

    Args:
        rows: a value per column: text, number, ``None``, or fragments ``(text, marked)``
            of one text whose marked letters stand out, in black and white too.
        top: the row of the uppermost headings.
        filterable: whether the columns' own headings get filter buttons.
        ruled: indexes of rows that have a thick line above.
    """
    for column, described in enumerate(columns):
        sheet.set_column(column, column, described.width)
    if any(column.group for column in columns):
        _write_groups(sheet, looks, columns, top)
        top += 1
    _write_headings(sheet, looks, columns, top, filterable)
    first = top + 1
    for index, values in enumerate(rows):
        rule = ("rule above",) if index in ruled else ()
        lines = 1
        for column, (described, value) in enumerate(zip(columns, values, strict=True)):
            names = ("cell", *described.looks, *rule)
            if described.look_by_value:
                names += (str(value),)
            lines = max(lines, _write_value(sheet, looks, first + index, column, value, names, described.width))
        sheet.set_row(first + index, row_height(lines))
    if filterable:
        sheet.autofilter(top, 0, first + len(rows) - 1, len(columns) - 1)
    return first


def print_on_a4(sheet: Worksheet, *, landscape: bool, repeated: tuple[int, int] | None = None) -> None:
    """Set the sheet up for A4 paper, as wide as the page, with page numbers and repeated rows."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_footer("&L&A&C&P / &N&R개인정보 포함")
    if repeated:
        sheet.repeat_rows(*repeated)


def write_text(sheet: Worksheet, looks: Looks, row: int, column: int, text: str, *names: str) -> None:
    """Write a text as it stands, whatever it begins with."""
    # XlsxWriter takes such a text for its own markup and would write it unescaped.
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, looks(), text[0], looks(), text[1:], looks(*names))
    else:
        sheet.write_string(row, column, text, looks(*names))


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV in UTF-8 with BOM and CRLF, as Excel needs it to show Hangul; ``None`` is left empty.

    A text that Excel would take for a formula gets an apostrophe in front.
    """
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(_csv_text(value) if isinstance(value, str) else value for value in row)
    return lines.getvalue().encode("utf-8-sig")


def deliver(content: bytes, target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write the content to a path or a binary file object.

    A path gets all of it or, with an ``OSError``, nothing: the content goes to a file
    beside it, readable by its owner only, which then takes the path's place.
    """
    if not isinstance(target, (str, os.PathLike)):
        target.write(content)
        return
    path = Path(target)
    handle, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise


def _write_groups(sheet: Worksheet, looks: Looks, columns: Sequence[Column], row: int) -> None:
    start = 0
    for group, members in groupby(columns, key=lambda column: column.group):
        end = start + len(list(members)) - 1
        if end > start:
            sheet.merge_range(row, start, row, end, group, looks("header", "middle"))
        else:
            sheet.write_string(row, start, group, looks("header", "middle"))
        start = end + 1
    sheet.set_row(row, row_height(1))


def _write_headings(sheet: Worksheet, looks: Looks, columns: Sequence[Column], row: int, filterable: bool) -> None:
    position = "above the button" if filterable else "middle"
    for index, column in enumerate(columns):
        sheet.write_string(row, index, column.header, looks("header", position))
    lines = max(lines_needed(column.header, column.width) for column in columns)
    sheet.set_row(row, row_height(lines + filterable))


def _write_value(
    sheet: Worksheet, looks: Looks, row: int, column: int, value: Any, names: tuple[str, ...], width: float
) -> int:
    """Write one cell; how many lines it needs comes back."""
    if value is None:
        sheet.write_blank(row, column, None, looks(*names))
        return 1
    if isinstance(value, str):
        write_text(sheet, looks, row, column, value, *names)
        return lines_needed(value, width)
    if not isinstance(value, list):
        sheet.write_number(row, column, value, looks(*names))
        return 1
    if len(value) == 1:
        text, marked = value[0]
        write_text(sheet, looks, row, column, text, *names, *(["marked"] if marked else []))
        return lines_needed(text, width)
    runs: list[Any] = []
    for text, marked in value:
        runs += [looks("marked") if marked else looks(), text]
    sheet.write_rich_string(row, column, *runs, looks(*names))
    return lines_needed("".join(text for text, _ in value), width)


def _csv_text(text: str) -> str:
    return f"'{text}" if _READ_AS_FORMULA.match(text) else text


def _shortened(text: str, limit: int) -> str:
    # Excel counts UTF-16 units: a character beyond the basic plane counts twice.
    units = text.encode("utf-16-le")
    if len(units) <= 2 * limit:
        return text
    return units[: 2 * (limit - 1)].decode("utf-16-le", errors="ignore") + "…"


def _same_name_key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _lines_in_paragraph(paragraph: str, width: float) -> int:
    if 2 * len(paragraph) <= width:
        return 1
    lines, used = 1, 0.0
    for word in paragraph.split(" "):
        size = sum(map(_units, word))
        if used and used + _units(" ") + size <= width:
            used += _units(" ") + size
            continue
        if used:
            lines, used = lines + 1, 0.0
        if size <= width:
            used = size
            continue
        for letter in word:
            if used + _units(letter) > width:
                lines, used = lines + 1, 0.0
            used += _units(letter)
    return lines


@lru_cache(maxsize=4096)
def _units(letter: str) -> float:
    """The letter's width as 맑은 고딕 10 pt draws it, in units of a column's width, rounded up."""
    if letter == " ":
        return 0.7
    # Korean fonts draw ambiguous characters (“, ·, …) as wide as a syllable.
    if unicodedata.east_asian_width(letter) in "WFA":
        return 1.9
    return 1.4 if letter.isupper() else 1.1
