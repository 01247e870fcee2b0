"""Files of any kind that holds a table -> rows of text, each at the row that Excel shows."""

from __future__ import annotations

import csv
import datetime
import io
import os
import re
import struct
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .errors import InputError, Problem

Source = str | os.PathLike | tuple[str, bytes]

_SAVE_AS_XLSX = "엑셀에서 열어 '다른 이름으로 저장 → Excel 통합 문서(.xlsx)'로 저장한 뒤 그 파일을 올려 주세요."
_EXPORT_AGAIN = "엑셀 파일(.xlsx 또는 .csv)로 다시 내려받아 올려 주세요."
_MOST_UNPACKED_BYTES = 500_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Table:
    """One sheet as text.

    Attributes:
        file: the file's name, without its folder.
        sheet: the sheet's name, or None where the file has no sheets.
        rows: ``rows[i]`` is the row that Excel numbers ``i + 1``; an empty cell is ``""``.
            Numbers stand without a useless ``.0``, text is in Unicode's NFC form.
        merged_down: cells that a merged cell above covers, ``(i, j) -> i of the first row``.
        hidden: whether Excel does not show the sheet.
    """

    file: str
    sheet: str | None
    rows: list[list[str]]
    merged_down: dict[tuple[int, int], int] = field(default_factory=dict)
    hidden: bool = False

    def value(self, i: int, j: int | None) -> str:
        """The text of cell ``(i, j)``; empty outside the sheet and for the column None."""
        if j is None or not 0 <= i < len(self.rows) or j >= len(self.rows[i]):
            return ""
        return self.rows[i][j]

    def merged_value(self, i: int, j: int | None) -> str:
        """As :meth:`value`, but a cell that a merged cell covers has that cell's text."""
        return self.value(self.merged_down.get((i, j), i), j)


def load_sources(source: Source | Iterable[Source]) -> tuple[list[tuple[str, bytes]], list[Problem]]:
    """The files as ``(name, bytes)``, and a problem for every path that cannot be read.

    Equal names are told apart by ``(2)``, ``(3)``.

    Args:
        source: a path, a pair ``(file name, bytes)``, or several of either.
    """
    loaded: list[tuple[str, bytes]] = []
    problems: list[Problem] = []
    seen: Counter = Counter()
    for one in [source] if _is_one(source) else list(source):
        if isinstance(one, tuple):
            name, data = os.path.basename(one[0]), bytes(one[1])
        else:
            name = Path(one).name
            try:
                data = Path(one).read_bytes()
            except OSError as error:
                problems.append(_unread_path(name, error))
                continue
        name = unicodedata.normalize("NFC", name) or "이름 없는 파일"
        seen[name] += 1
        loaded.append((name if seen[name] == 1 else f"{name} ({seen[name]})", data))
    return loaded, problems


def _unread_path(name: str, error: OSError) -> Problem:
    if isinstance(error, FileNotFoundError):
        words = "파일을 찾을 수 없습니다.", "이름과 폴더를 확인해 주세요."
    elif isinstance(error, IsADirectoryError):
        words = "파일이 아니라 폴더입니다.", "폴더 안의 파일을 골라 주세요."
    else:
        words = "파일을 열 수 없습니다.", "다른 프로그램에서 열려 있으면 닫고 다시 해 주세요."
    return Problem(*words, name, kind="no_file")


def _is_one(source: object) -> bool:
    if isinstance(source, (str, os.PathLike)):
        return True
    return (
        isinstance(source, tuple)
        and len(source) == 2
        and isinstance(source[0], str)
        and isinstance(source[1], (bytes, bytearray, memoryview))
    )


def read_tables(name: str, data: bytes) -> list[Table]:
    """Every sheet of one file: xlsx, xlsm, xlsb, xls, ods, HTML, CSV or tab-separated text.

    What the file is, is told from its bytes, never from its name: school systems hand out
    HTML that is named .xls.

    Raises:
        InputError: the file cannot be read; the problem says what it seems to be instead.
    """
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise _unreadable(name, "빈 파일입니다.", _EXPORT_AGAIN)
    if data[:2] == b"PK":
        return _read_zipped_workbook(name, data)
    if data[:8] == _OLE:
        return _read_ole_workbook(name, data)
    _refuse_known_strangers(name, data)
    text = decode_text(name, data)
    if re.match(r"(?is)\s*(<!--.*?-->\s*)*(<!doctype\s+html|<html|<head|<meta|<style|<body|<table|<div)", text):
        return _read_html(name, text)
    if re.match(r"(?is)\s*<\?xml.*<(\w+:)?workbook\b", text[:4000]):
        raise _unreadable(name, "엑셀 2003 XML 파일이라 읽을 수 없습니다.", _SAVE_AS_XLSX)
    return [Table(name, None, _read_delimited(name, text))]


def _unreadable(name: str, what: str, what_to_do: str, row: int | None = None) -> InputError:
    return InputError([Problem(what, what_to_do, name, row, kind="unreadable")])


def _refuse_known_strangers(name: str, data: bytes) -> None:
    strangers = {
        b"%PDF": "PDF 문서입니다.",
        b"\x89PNG": "그림 파일입니다.",
        b"\xff\xd8\xff": "그림 파일입니다.",
        b"GIF8": "그림 파일입니다.",
        b"HWP Document File": "한글(HWP) 문서입니다.",
        b"{\\rtf": "워드(RTF) 문서입니다.",
        b"MIME-Version:": "웹 보관 파일(.mht)입니다.",
        b"7z\xbc\xaf": "압축 파일입니다.",
        b"Rar!": "압축 파일입니다.",
        b"\x1f\x8b": "압축 파일입니다.",
    }
    for start, what in strangers.items():
        if data.startswith(start):
            raise _unreadable(name, what, _EXPORT_AGAIN)


def _read_zipped_workbook(name: str, data: bytes) -> list[Table]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.namelist()
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _unreadable(
            name, "엑셀 파일이 중간에 잘렸거나 깨졌습니다.", "파일을 다시 내려받거나 복사해서 올려 주세요."
        ) from None
    if any(member.startswith("Contents/section") for member in members):
        raise _unreadable(name, "한글(HWPX) 문서입니다.", _EXPORT_AGAIN)
    if "word/document.xml" in members:
        raise _unreadable(name, "워드 문서입니다.", _EXPORT_AGAIN)
    if not any(member.startswith("xl/") or member == "content.xml" for member in members):
        raise _unreadable(name, "압축 파일입니다.", "압축을 풀고 그 안의 파일을 올려 주세요.")
    if unpacked > _MOST_UNPACKED_BYTES:
        raise _unreadable(name, "파일이 너무 큽니다.", "학년이나 반별로 나누어 올려 주세요.")
    return _read_with_calamine(name, data)


def _read_ole_workbook(name: str, data: bytes) -> list[Table]:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _password_protected(name)
    if b"HWP Document File" in data or "HwpSummaryInformation".encode("utf-16-le") in data:
        raise _unreadable(name, "한글(HWP) 문서입니다.", _EXPORT_AGAIN)
    if "WordDocument".encode("utf-16-le") in data:
        raise _unreadable(name, "워드 문서입니다.", _EXPORT_AGAIN)
    return _read_with_calamine(name, data)


def _password_protected(name: str) -> InputError:
    return _unreadable(
        name,
        "암호가 걸린 파일입니다.",
        "엑셀에서 암호를 넣어 연 뒤 '파일 → 정보 → 통합 문서 보호 → 암호 설정'에서 암호를 지우고 저장해 올려 주세요.",
    )


def _read_with_calamine(name: str, data: bytes) -> list[Table]:
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        tables = []
        for about in workbook.sheets_metadata:
            try:
                sheet = workbook.get_sheet_by_name(about.name)
            except python_calamine.WorksheetNotFound:
                continue  # a chart or a macro sheet holds no cells
            rows = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            covered = {
                (i, left): top
                for (top, left), (bottom, _) in sheet.merged_cell_ranges or ()
                for i in range(top + 1, min(bottom + 1, len(rows)))
            }
            hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
            tables.append(Table(name, unicodedata.normalize("NFC", about.name), rows, covered, hidden))
        return tables
    except python_calamine.PasswordError:
        raise _password_protected(name) from None
    except Exception:  # damaged files fail in many ways; their text may hold cells
        if _is_encrypted_xls(data):
            raise _password_protected(name) from None
        raise _unreadable(name, "엑셀 파일이 깨져서 읽을 수 없습니다.", f"다시 내려받거나, {_SAVE_AS_XLSX}") from None


def _is_encrypted_xls(data: bytes) -> bool:
    """Whether one of the first records of an old workbook is FILEPASS (MS-XLS 2.4.117)."""
    at = data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")  # BOF of the workbook's globals
    for _ in range(20):
        if at < 0 or at + 4 > len(data):
            return False
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == 0x2F:
            return True
        at += 4 + length
    return False


# what pasted lists carry without showing it: zero-width blanks and joiners, byte order marks
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")


def cell_text(value: object) -> str:
    """A cell's value as the text that a teacher sees, without blanks at the ends.

    >>> [cell_text(value) for value in (2024.0, 1.5, None, True, "  성  명 ")]
    ['2024', '1.5', '', 'TRUE', '성  명']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "").replace("\xa0", " ")
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text)).strip()


def decode_text(name: str, data: bytes) -> str:
    """The text of a file in UTF-8, CP949 or UTF-16; nothing is ever replaced by a guess.

    Raises:
        InputError: no encoding fits, with the row at which UTF-8 broke off.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data:
        encodings = ["utf-16-le", "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp949"]
    furthest = 0
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
            continue
        if _is_readable(text):
            return text
    if _is_binary(data):
        raise _unreadable(name, "엑셀이나 CSV 파일이 아닙니다.", _EXPORT_AGAIN)
    row = data.count(b"\n", 0, furthest) + 1
    raise _unreadable(
        name,
        "글자가 깨져 있어 읽을 수 없습니다(UTF-8도 CP949도 아닙니다).",
        "엑셀에서 열어 'CSV UTF-8(쉼표로 분리)' 또는 .xlsx로 다시 저장해 주세요.",
        row,
    )


def _control_share(codes: Iterable[int], length: int) -> float:
    controls = sum(code < 32 and code not in (9, 10, 12, 13) for code in codes)
    return controls / max(length, 1)


def _is_readable(text: str) -> bool:
    sample = text[:20_000]
    return _control_share(map(ord, sample), len(sample)) < 0.001


def _is_binary(data: bytes) -> bool:
    sample = data[:20_000]
    return _control_share(sample, len(sample)) > 0.01


def _read_delimited(name: str, text: str) -> list[list[str]]:
    hint = re.match(r"sep=(.)\r?\n", text)  # Excel obeys this line and does not show it
    delimiter = hint.group(1) if hint else _delimiter(text)
    text = text[hint.end() :] if hint else text
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    while True:
        before = reader.line_num
        try:
            row = next(reader)
        except StopIteration:
            return rows
        except csv.Error as error:
            if reader.line_num - before > 1 or "unexpected end" in str(error) or "field larger" in str(error):
                raise _unreadable(
                    name,
                    '큰따옴표(")가 닫히지 않았습니다.',
                    "이 줄의 따옴표를 짝이 맞게 고치거나, 엑셀에서 .xlsx로 저장해 올려 주세요.",
                    len(rows) + 1,
                ) from None
            # a stray quote within one line, as hand-made files have it: read as Excel does
            row = next(csv.reader([lines[before]], delimiter=delimiter))
        rows.append([cell_text(_shown(cell)) for cell in row])


def _shown(cell: str) -> str:
    """The text that Excel shows of a CSV cell such as ``="30101"``, which keeps a number as text."""
    return cell[2:-1] if cell[:2] == '="' and cell[-1:] == '"' and len(cell) > 2 else cell


def _delimiter(text: str) -> str:
    """The separator that cuts the first records into the most even rows."""
    records = text[:50_000].splitlines()[:60]
    best, best_score = ",", 0.0
    for delimiter in (",", "\t", ";", "|"):
        widths = Counter(len(row) for row in csv.reader(records, delimiter=delimiter) if any(row))
        usual = [(count, width) for width, count in widths.items() if width > 1]
        if not usual:
            continue
        count, width = max(usual)
        score = count / widths.total() + min(width, 20) / 1000
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _read_html(name: str, text: str) -> list[Table]:
    """The page as one sheet, as Excel opens it: a row per table row or line between tables."""
    import lxml.html

    try:
        page = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (lxml.etree.LxmlError, ValueError):
        raise _unreadable(name, "웹 문서(HTML)가 깨져서 읽을 수 없습니다.", _SAVE_AS_XLSX) from None
    sheet = Table(name, None, [])
    _append_html_rows(page.find("body") if page.find("body") is not None else page, sheet)
    if not sheet.rows:
        raise _unreadable(name, "표가 들어 있지 않은 웹 문서입니다.", _EXPORT_AGAIN)
    return [sheet]


def _append_html_rows(element, sheet: Table) -> None:
    for child in element:
        if not isinstance(child.tag, str) or child.tag in ("script", "style", "head"):
            continue
        if child.tag == "table":
            _append_html_table(child, sheet)
        elif child.find(".//table") is not None:
            _append_html_rows(child, sheet)
        elif line := cell_text(_html_text(child)):
            sheet.rows.append([line])


def _append_html_table(table, sheet: Table) -> None:
    spans: dict[int, int] = {}  # column -> rows that a cell from above still covers
    for line in table.iter("tr"):
        if next(line.iterancestors("table")) is not table:
            continue
        cells: list[str] = []
        for cell in line.iterchildren("td", "th"):
            while spans.get(len(cells), 0) > 0:
                cells.append("")
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            for offset in range(width):
                if height > 1:
                    spans[len(cells)] = height
                    for below in range(1, height):
                        sheet.merged_down[len(sheet.rows) + below, len(cells)] = len(sheet.rows)
                cells.append(cell_text(_html_text(cell)) if offset == 0 else "")
        spans = {column: left - 1 for column, left in spans.items() if left > 1}
        sheet.rows.append(cells)


def _span(cell, attribute: str) -> int:
    digits = re.match(r"\s*(\d{1,4})", cell.get(attribute, "1"))
    return max(1, int(digits.group(1))) if digits else 1


def _html_text(element) -> str:
    """The text as a browser shows it: white space runs are one blank, <br> is a new line."""
    parts = []

    def walk(node) -> None:
        if isinstance(node.tag, str):
            if node.tag == "br" or (node.tag in ("p", "div") and parts):
                parts.append("\n")
            parts.append(_one_blank(node.text))
            for child in node:
                walk(child)
                parts.append(_one_blank(child.tail))

    walk(element)
    return re.sub(r" *\n *", "\n", "".join(parts))


def _one_blank(text: str | None) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", text or "")
