"""A text table of any size -> blocks of rows, each at the row that Excel shows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from .encodings import Encoding, line_chunks
from .entries import Rows, Told

BLOCK_BYTES = 2 << 20
MOST_LINES = 254
"""A cell of Excel holds at most 253 line breaks."""
MOST_LETTERS = 32_767
"""So many letters a cell of Excel holds at most."""
MOST_LINE_BYTES = 16 << 20

_QUOTE, _NEWLINE = 34, 10
_BYTES_BROKEN = "글자로 읽을 수 없는 바이트가 있습니다.", "원본 파일에서 이 줄을 확인해 다시 저장해 주세요."
_QUOTE_OPEN = '큰따옴표(")가 닫히지 않았습니다.', "이 줄의 따옴표를 짝이 맞게 고쳐 주세요."
_TOO_MANY = (
    "머리글보다 칸이 많습니다.",
    "쉼표가 든 글은 큰따옴표로 묶거나, 칸이 밀리지 않았는지 확인해 주세요.",
)


class Delimited:
    """A text table that is read block by block.

    Attributes:
        path, file: where it lies, and its name for messages.
        delimiter: one letter, of ASCII.
        width: the columns of the header.
        begins: the row of the header, as Excel shows it; what stands above is left out.
    """

    def __init__(self, path: Path, file: str, encoding: Encoding, delimiter: str, width: int):
        self.path, self.file, self.encoding, self.delimiter = path, file, encoding, delimiter
        self.width, self.begins = width, 1
        self.numeric: tuple[int, ...] = ()
        self._usual = width  # the cells that nearly all rows have
        self._row = 0

    def blocks(self, told: Told, progress: Callable[[int], None] | None = None) -> Iterator[Rows]:
        """The rows, the header and perhaps blank ones among them; what cannot be read is told.

        Raises:
            OSError: the file vanished or cannot be read.
        """
        self._row, rest, chunks = 0, b"", line_chunks(self.path, self.encoding, BLOCK_BYTES, progress)
        for chunk in chunks:
            data = rest + chunk
            cut = data.rfind(b"\n") + 1
            block, rest = data[:cut], data[cut:]
            if len(rest) > MOST_LINE_BYTES:
                rest = b"\xff"
            if block:
                rows, unfinished = self._rows(block, told, last=False)
                rest = unfinished + rest
                if rows is not None:
                    yield rows
        if rest:
            rows, _ = self._rows(rest, told, last=True)
            if rows is not None:
                yield rows

    def _rows(self, block: bytes, told: Told, *, last: bool) -> tuple[Rows | None, bytes]:
        if self._row == 0:
            block = _without_hint(block)
        columns = self._parsed_at_once(block) if self._row >= self.begins - 1 else None
        if columns is None:
            return self._line_by_line(block, told, last)
        count = len(columns[0])
        numbers = np.arange(self._row + 1, self._row + 1 + count, dtype=np.int32)
        self._row += count
        return Rows(numbers, columns), b""

    def _parsed_at_once(self, block: bytes) -> list[pa.Array] | None:
        """The columns of a block in which every line is one sound row; else None."""
        if not block.strip(b"\n") or block.startswith(b"\n") or b"\n\n" in block:
            return None
        if b'"' in block and not self._is_regular(block):
            return None
        try:
            if self.encoding.of_lines == "utf-8":
                pa.array([block], pa.binary()).cast(pa.string())  # checks the letters faster than Python does
            else:
                block = block.decode(self.encoding.of_lines).encode("utf-8")
        except (UnicodeDecodeError, pa.ArrowInvalid):
            return None
        names = [str(j) for j in range(self._usual)]
        ragged = []

        def set_aside(row) -> str:
            ragged.append(row.actual_columns)
            return "skip"

        try:
            table = pyarrow.csv.read_csv(
                pa.BufferReader(block),
                pyarrow.csv.ReadOptions(use_threads=False, block_size=len(block) + 64, column_names=names),
                pyarrow.csv.ParseOptions(
                    delimiter=self.delimiter, newlines_in_values=False, invalid_row_handler=set_aside
                ),
                pyarrow.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:
            return None
        if ragged:
            return None
        columns = [column.combine_chunks() for column in table.columns]
        columns = [column.chunk(0) if isinstance(column, pa.ChunkedArray) else column for column in columns]
        if any(_fills(column) for column in columns[self.width :]):
            return None
        missing = self.width - len(columns)
        return columns[: self.width] + [pa.array([""] * len(columns[0])).dictionary_encode()] * missing

    def _is_regular(self, block: bytes) -> bool:
        """Whether every quotation mark opens or closes a whole cell within one line."""
        signs = np.frombuffer(block, dtype=np.uint8)
        quotes = np.flatnonzero(signs == _QUOTE)
        if len(quotes) % 2:
            return False
        opening, closing = quotes[::2], quotes[1::2]
        border = np.zeros(256, dtype=bool)
        border[[_QUOTE, _NEWLINE, ord(self.delimiter)]] = True
        before = border[signs[np.maximum(opening - 1, 0)]]
        behind = border[signs[np.minimum(closing + 1, len(signs) - 1)]]
        lines = np.flatnonzero(signs == _NEWLINE)
        one_line = np.searchsorted(lines, opening) == np.searchsorted(lines, closing)
        return bool(before.all() and behind.all() and one_line.all())

    def _line_by_line(self, block: bytes, told: Told, last: bool) -> tuple[Rows | None, bytes]:
        """The rows of a block with trouble in it, and the lines of a row that the block does not end."""
        raw = block.split(b"\n")
        if raw[-1] == b"":
            raw.pop()
        lines, sound = self._decoded(raw)
        numbers: list[int] = []
        found: list[list[str]] = []
        delimiter, usual = self.delimiter, self.width - 1
        at = 0
        while at < len(lines):
            line = lines[at]
            if sound and line.count(delimiter) == usual and '"' not in line:
                self._row += 1
                at += 1
                if self._row < self.begins:
                    continue
                numbers.append(self._row)
                found.append(line.split(delimiter))
                continue
            cells, height = self._record(lines, at)
            if cells is None and not last and height:
                break
            end = at + (height if cells is not None else 1)
            broken = not sound and any(map(_is_broken, lines[at:end]))
            self._row += 1
            at = end
            if self._row < self.begins:
                continue
            if broken:
                told.rows(self.file, [self._row], *_BYTES_BROKEN)
            elif cells is None:
                told.rows(self.file, [self._row], *_QUOTE_OPEN)
            elif any(map(str.strip, cells[self.width :])):
                told.rows(self.file, [self._row], *_TOO_MANY)
            elif any(map(str.strip, cells)):
                numbers.append(self._row)
                found.append(cells[: self.width] + [""] * (self.width - len(cells)))
                self._widths(len(cells))
        unfinished = b"".join(line + b"\n" for line in raw[at:])
        if not found:
            return None, unfinished
        columns = [pa.array(cells, pa.string()).dictionary_encode() for cells in zip(*found, strict=True)]
        return Rows(np.array(numbers, dtype=np.int32), columns), unfinished

    def _decoded(self, raw: list[bytes]) -> tuple[list[str], bool]:
        """The lines as text, and whether all of them could be decoded."""
        encoding = self.encoding.of_lines
        try:
            return b"\n".join(raw).decode(encoding).split("\n"), True
        except UnicodeDecodeError:
            return [_as_far_as_possible(line, encoding) for line in raw], False

    def _record(self, lines: list[str], at: int) -> tuple[list[str] | None, int]:
        """The cells of the record that begins in a line, and its number of lines.

        Without cells, the number says whether it may go on behind the last line: if not, 0.
        """
        line = lines[at]
        if '"' not in line:
            return line.split(self.delimiter), 1
        try:
            return next(csv.reader([line], delimiter=self.delimiter, strict=True)), 1
        except csv.Error as error:
            if "unexpected end" not in str(error):
                # a stray quote within one line, as hand-made files have it: read as Excel does
                cells = self._within_line(line)
                return cells, int(cells is not None)
        following = (line + "\n" for line in lines[at : at + MOST_LINES])
        reader = csv.reader(following, delimiter=self.delimiter, strict=True)
        try:
            cells = next(reader)
        except csv.Error as error:
            goes_on = "unexpected end" in str(error) and len(lines) - at < MOST_LINES
            too_long = sum(map(len, lines[at:])) > MOST_LETTERS * 4
            return None, int(goes_on and not too_long)
        height = reader.line_num
        if max(map(len, cells)) > MOST_LETTERS or self._swallowed(lines[at + 1 : at + height]):
            return None, 0
        return cells, height

    def _within_line(self, line: str) -> list[str] | None:
        try:
            return next(csv.reader([line], delimiter=self.delimiter))
        except csv.Error:
            return None

    def _swallowed(self, lines: list[str]) -> bool:
        """Whether the lines that a quotation mark holds are rows of their own, told by their numbers."""
        if not self.numeric:
            return False
        alone = [line.split(self.delimiter) for line in lines]
        return any(
            len(cells) == self.width and all(cells[j].strip().isdigit() for j in self.numeric) for cells in alone
        )

    def _widths(self, cells: int) -> None:
        """Counts with the cells that the rows have rather than with those of the header."""
        if cells != self._usual and self._row <= 100:
            self._usual = cells


def _without_hint(block: bytes) -> bytes:
    """Without the line ``sep=;``, which Excel obeys and does not show."""
    first, _, rest = block.partition(b"\n")
    return rest if first[:4].lower() == b"sep=" and len(first) == 5 else block


def _as_far_as_possible(line: bytes, encoding: str) -> str:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        # as letters that no file holds, so that the row's borders are still found
        return line.decode("ascii", "surrogateescape")


def _is_broken(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _fills(column: pa.Array) -> bool:
    return any(text.strip() for text in column.dictionary.to_pylist())
