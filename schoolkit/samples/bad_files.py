"""Files with one mistake each, as teachers come across them."""

from __future__ import annotations

import base64
import io
import random
import struct
from collections.abc import Iterable, Sequence

import pandas as pd

# What the sample with a password opens with.
PASSWORD = "1234"

_CLASS_COLUMNS = {
    "번호": "seat_no",
    "성명": "name",
    "과목 또는 영역": "subject_area",
    "학년도": "school_year",
    "학년": "grade",
    "학기": "semester",
}
_COLUMNS = {**_CLASS_COLUMNS, "독서활동 상황": "book"}

# One black pixel.
_PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="


def bad_files(entries: pd.DataFrame, xlsx: bytes) -> dict[str, bytes]:
    """Name to content of each bad file but ``password.xlsx``.

    ``entries`` come from :func:`schoolkit.samples.reading_entries`; ``xlsx`` is the sound
    workbook that is cut.
    """
    # Without commas no cell needs quotes.
    few = entries[~entries["book"].str.contains(",")].head(5)
    return {
        "empty.csv": b"",
        "binary.xlsx": random.Random(0).randbytes(2048),
        "truncated.xlsx": xlsx[: len(xlsx) // 2],
        "no_book_column.csv": _csv(_table(few, _CLASS_COLUMNS)).encode("utf-8-sig"),
        "no_rows.csv": _csv([list(_COLUMNS)]).encode("utf-8-sig"),
        "broken_encoding.csv": _of_two_encodings(few),
        "unclosed_quote.csv": _with_unclosed_quote(few).encode("utf-8-sig"),
        "hwp_document.xls": _hwp_document(),
        "picture.xlsx": base64.b64decode(_PICTURE),
    }


def password_protected(xlsx: bytes) -> bytes:
    """The workbook encrypted with ``PASSWORD``; salted, so different bytes each time."""
    # A development dependency.
    from msoffcrypto.format.ooxml import OOXMLFile

    target = io.BytesIO()
    OOXMLFile(io.BytesIO(xlsx)).encrypt(PASSWORD, target)
    return target.getvalue()


def _table(entries: pd.DataFrame, columns: dict[str, str]) -> list[Sequence[object]]:
    return [list(columns), *entries[list(columns.values())].itertuples(index=False)]


def _csv(rows: Iterable[Sequence[object]]) -> str:
    return "".join(",".join(map(str, row)) + "\r\n" for row in rows)


def _of_two_encodings(entries: pd.DataFrame) -> bytes:
    """A UTF-8 and a CP949 file, pasted together."""
    rows = _table(entries, _COLUMNS)
    pasted = _csv(rows).encode() + _csv(rows[1:]).encode("cp949")
    # An even number of bytes might pass as UTF-16.
    return pasted if len(pasted) % 2 else pasted + b"\n"


def _with_unclosed_quote(entries: pd.DataFrame) -> str:
    header, first, *others = _table(entries, _COLUMNS)
    return _csv([header, [*first[:-1], f'"{first[-1]}'], *others])


def _hwp_document() -> bytes:
    """A Hangul document of one stream: an OLE file as [MS-CFB] has it, with 512-byte sectors.

    Sector 0 is the allocation table, 1 the directory, 2 the small sectors' table, and 3
    holds the stream ``FileHeader``, by whose signature Hangul knows its documents.
    """
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    header = struct.pack(
        "<8s16x5H6x9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),  # versions, byte order, 2**9 and 2**6 bytes a sector
        *(0, 1, 1, 0, 4096),  # FAT: sectors; directory: first sector; streams below are small
        *(2, 1, end, 0),  # small sectors' table: first sector, sectors; no further FAT
    ) + struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, end, end, end, *[free] * 124)
    small_table = struct.pack("<128I", 1, 2, 3, end, *[free] * 124)

    def directory_entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        encoded = name.encode("utf-16-le")
        name_size = len(encoded) + 2 if name else 0
        return struct.pack("<64sHBB3I36xIQ", encoded, name_size, kind, 1, free, free, child, start, size)

    directory = (
        directory_entry("Root Entry", 5, 1, 3, 512)
        + directory_entry("FileHeader", 2, free, 0, 256)
        + directory_entry("", 0, free, 0, 0) * 2
    )
    file_header = struct.pack("<32sI", b"HWP Document File", 0x05000300)
    return header + table + directory + small_table + file_header.ljust(512, b"\0")
