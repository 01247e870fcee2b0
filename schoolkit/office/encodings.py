"""Which encoding a text file is in, and its lines as bytes, whatever encoding and line ends it has."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, Problem

SAMPLE_BYTES = 1 << 14
SAMPLES = 64
UNDECODABLE = b"\xff"
"""A byte that neither UTF-8 nor CP949 knows, so that its row is told as unreadable."""


@dataclass(frozen=True)
class Encoding:
    """Attributes:
    name: utf-8, cp949, utf-16-le or utf-16-be.
    skip: bytes of the byte order mark.
    """

    name: str
    skip: int = 0

    @property
    def of_lines(self) -> str:
        """The encoding of the lines that :func:`line_chunks` gives."""
        return "utf-8" if self.name.startswith("utf-16") else self.name


def find_encoding(path: Path, file: str) -> Encoding:
    """The encoding of a text file, told from lines all over it: ASCII decides nothing.

    Args:
        file: the name for messages.

    Raises:
        InputError: it is no text, or most of its lines fit neither UTF-8 nor CP949.
        OSError: it cannot be opened.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
        if start.startswith(codecs.BOM_UTF8):
            return Encoding("utf-8", 3)
        if start.startswith(codecs.BOM_UTF16_LE):
            return Encoding("utf-16-le", 2)
        if start.startswith(codecs.BOM_UTF16_BE):
            return Encoding("utf-16-be", 2)
        if b"\0" in start:
            for name in ("utf-16-le", "utf-16-be"):
                text = start.decode(name, "replace")  # only to tell whether separators stand in it
                if "\0" not in text and any(sign in text for sign in ",\t;|"):
                    return Encoding(name)
        if sum(byte < 32 and byte not in b"\t\n\r\x0c\x1a\0" for byte in start) * 100 > len(start):
            raise InputError([Problem("글이 아니라 표로 읽을 수 없습니다.", _SAVE_AGAIN, file, kind="unreadable")])
        size = path.stat().st_size
        fits = _fitting_lines(_spread(stream, size))
        if not any(fits):
            stream.seek(0)
            fits = _fitting_lines(_first_beyond_ascii(stream))
    utf8, cp949, lines = fits
    if max(utf8, cp949) * 2 < lines:
        raise InputError(
            [
                Problem(
                    "글자가 깨져 있어 읽을 수 없습니다(UTF-8도 CP949도 아닙니다).", _SAVE_AGAIN, file, kind="unreadable"
                )
            ]
        )
    return Encoding("utf-8" if utf8 >= cp949 else "cp949")


_SAVE_AGAIN = "엑셀에서 열어 'CSV UTF-8(쉼표로 분리)'이나 .xlsx로 다시 저장해 주세요."


def _spread(stream, size: int) -> Iterator[bytes]:
    """Whole lines from all over the file; the file itself if it is small."""
    if size <= SAMPLES * SAMPLE_BYTES:
        stream.seek(0)
        yield stream.read()
        return
    for number in range(SAMPLES):
        stream.seek(size // SAMPLES * number)
        sample = stream.read(SAMPLE_BYTES)
        first = sample.find(b"\n") + 1 if number else 0
        yield sample[first : sample.rfind(b"\n") + 1]


def _first_beyond_ascii(stream) -> Iterator[bytes]:
    """The first whole lines that hold more than ASCII, some megabytes at most."""
    rest, left = b"", 4
    while left and (chunk := stream.read(1 << 20)):
        data = rest + chunk
        cut = data.rfind(b"\n") + 1
        rest = data[cut:] if len(data) - cut < 1 << 22 else b""
        if not data[:cut].isascii():
            left -= 1
            yield data[:cut]
    if left and not rest.isascii():
        yield rest


def _fitting_lines(samples: Iterator[bytes]) -> tuple[int, int, int]:
    """How many lines beyond ASCII are UTF-8, are CP949, and are there."""
    utf8 = cp949 = lines = 0
    for sample in samples:
        if sample.isascii():
            continue
        for line in sample.splitlines():
            if not line.isascii():
                lines += 1
                utf8 += _decodes(line, "utf-8")
                cp949 += _decodes(line, "cp949")
    return utf8, cp949, lines


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def line_chunks(
    path: Path, encoding: Encoding, size: int, progress: Callable[[int], None] | None = None
) -> Iterator[bytes]:
    """The file in pieces of about ``size`` bytes, line ends as ``\\n``, without NUL, UTF-16 as UTF-8.

    What cannot be decoded stays in, so that its row can be told. ``progress`` is called with
    the bytes read so far.
    """
    decoder = None
    if encoding.name.startswith("utf-16"):
        decoder = codecs.getincrementaldecoder(encoding.name)("surrogatepass")
    with path.open("rb") as stream:
        stream.seek(encoding.skip)
        done, held = encoding.skip, b""
        while raw := stream.read(size):
            done += len(raw)
            if decoder:
                raw = decoder.decode(raw).encode("utf-8", "surrogatepass")
            raw = held + raw
            # a carriage return may be the first half of a line end
            held = b"\r" if raw.endswith(b"\r") else b""
            yield _plain_ends(raw[:-1] if held else raw)
            if progress:
                progress(done)
    last = _plain_ends(held)
    if decoder and decoder.getstate()[0]:
        last += UNDECODABLE
    if last:
        yield last


def _plain_ends(data: bytes) -> bytes:
    if b"\0" in data:
        data = data.replace(b"\0", b"")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data
