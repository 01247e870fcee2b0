"""What an office names on the command line -> the files to read, in the natural order of their names."""

from __future__ import annotations

import hashlib
import mmap
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import Problem
from .entries import Told

_STRANGERS = {
    b"%PDF": "PDF 문서",
    b"\x89PNG": "그림 파일",
    b"\xff\xd8\xff": "그림 파일",
    b"GIF8": "그림 파일",
    b"HWP Document File": "한글(HWP) 문서",
    b"{\\rtf": "워드(RTF) 문서",
    b"7z\xbc\xaf": "압축 파일",
    b"Rar!": "압축 파일",
    b"\x1f\x8b": "압축 파일",
    b"SQLite format 3": "데이터베이스 파일",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(
    rb"(?is)(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)*(<!doctype\s+html|<html|<head|<meta|<style|<body|<table|<div|<\?xml)"
)


@dataclass(frozen=True)
class Found:
    """A file to read.

    Attributes:
        path: where it lies.
        name: its path below what the user named, with ``/``.
        size: in bytes.
        named: whether the user named the file itself, and not a folder around it.
    """

    path: Path
    name: str
    size: int
    named: bool

    @property
    def folder(self) -> str:
        """The folder below what the user named; empty at its top."""
        return self.name.rpartition("/")[0]

    @property
    def base(self) -> str:
        return self.name.rpartition("/")[2]


def find_files(paths: Sequence[str | Path], told: Told) -> tuple[list[Found], list[Problem]]:
    """The files that the paths name, each once, and a problem for each path that leads nowhere.

    Of folders, hidden files and Excel's lock files are left out. A file that is named twice,
    and one that holds the very bytes of another, is told and read once.
    """
    problems: list[Problem] = []
    if any(not os.fspath(path).strip() for path in paths):  # an empty path would be the current folder
        what_to_do = "파일이나 폴더의 이름을 써 주세요. 지금 폴더는 . 으로 씁니다."
        problems.append(Problem("이름이 빈 파일이나 폴더가 있습니다.", what_to_do, kind="no_file"))
    given = [Path(path) for path in paths if os.fspath(path).strip()]
    for path in given:
        if not path.exists():
            problems.append(
                Problem("파일이나 폴더를 찾을 수 없습니다.", "이름과 위치를 확인해 주세요.", path.name, kind="no_file")
            )
    given = [path for path in given if path.exists()]
    base = _base(given)
    found: dict[tuple[int, int], Found] = {}
    for path, named in _walk(given, problems):
        try:
            about = path.stat()
        except OSError:
            told.file(path.name, "파일을 열 수 없습니다.", "파일이 그대로 있는지, 읽을 권한이 있는지 확인해 주세요.")
            continue
        if not stat.S_ISREG(about.st_mode):
            continue  # a pipe or a device is no file to read
        name = _as_text(Path(os.path.relpath(os.path.abspath(path), base)).as_posix())
        file = Found(path, name, about.st_size, named)
        same = found.setdefault((about.st_dev, about.st_ino), file)
        if same is not file:
            told.notice(f"{name}: 같은 파일을 두 번 고르셔서 한 번만 읽습니다.")
    in_order = sorted(found.values(), key=lambda file: natural_order(file.name))
    return list(_once(in_order, told)), problems


def _as_text(name: str) -> str:
    """A name as a table can hold it: a disk may have names in an encoding that is not the system's."""
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace"))


def natural_order(name: str) -> list:
    """A sort key in which part2 comes before part10.

    >>> sorted(["b/part10", "b/part2", "a/x"], key=natural_order)
    ['a/x', 'b/part2', 'b/part10']
    """
    return [
        [
            (0, int(piece), "") if piece.isdecimal() else (1, 0, piece.casefold())
            for piece in re.findall(r"\d+|\D+", part)
        ]
        for part in name.split("/")
    ] + [[(1, 0, name)]]


def _base(given: list[Path]) -> str:
    """The folder below which names are told apart: the one that is named, or what all have in common."""
    if len(given) == 1 and given[0].is_dir():
        return os.path.abspath(given[0])
    above = [os.path.dirname(os.path.abspath(path)) for path in given]
    return os.path.commonpath(above) if above else os.curdir


def _walk(given: list[Path], problems: list[Problem]) -> Iterator[tuple[Path, bool]]:
    for path in given:
        if not path.is_dir():
            yield path, True
            continue
        for folder, folders, files in os.walk(path, onerror=lambda error: problems.append(_closed_folder(error))):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                if not name.startswith((".", "~$")):
                    yield Path(folder, name), False


def _closed_folder(error: OSError) -> Problem:
    name = os.path.basename(error.filename or "")
    return Problem("폴더를 열 수 없습니다.", "읽을 권한이 있는지 확인해 주세요.", name, kind="no_file")


def _once(files: list[Found], told: Told) -> Iterator[Found]:
    """The files without those whose bytes came before; only files of one size are compared."""
    sizes: dict[int, list[Found]] = {}
    for file in files:
        sizes.setdefault(file.size, []).append(file)
    twins: dict[bytes, Found] = {}
    for file in files:
        digest = _digest(file.path) if file.size and len(sizes[file.size]) > 1 else None
        first = twins.setdefault(digest, file) if digest else file
        if first is file:
            yield file
        else:
            told.notice(f"{file.name}: '{first.name}'와(과) 내용이 완전히 같아 한 번만 읽습니다.")


def _digest(path: Path) -> bytes | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=20)).digest()
    except OSError:
        return None  # what is wrong is told when it is read


def kind_of(path: Path) -> tuple[str, str]:
    """What a file's first bytes say it is, and in words what it is where it is no table.

    The kinds are ``parquet``, ``workbook`` (also HTML), ``text``, ``empty`` and ``stranger``.

    Raises:
        OSError: it cannot be opened.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start.strip(b"\0 \t\r\n\xef\xbb\xbf") and path.stat().st_size <= len(start):
        return "empty", "빈 파일"
    if start[:4] == b"PAR1":
        return "parquet", ""
    for sign, what in _STRANGERS.items():
        if start.startswith(sign):
            return "stranger", what
    if start[:2] == b"PK":
        return _kind_of_archive(path)
    if start[:8] == _OLE:
        return _kind_of_ole(path)
    if _MARKUP.match(start):
        return "workbook", ""
    return "text", ""


def _kind_of_ole(path: Path) -> tuple[str, str]:
    """By the names of the streams in it; what is named as a workbook may be cut before them."""
    if path.suffix.lower() in (".xls", ".xlsx", ".xlsm", ".xlsb", ".xlt", ".xla"):
        return "workbook", ""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if any(data.find(name.encode("utf-16-le")) >= 0 for name in ("Workbook", "Book", "EncryptedPackage")):
            return "workbook", ""
        if data.find(b"HWP Document File") >= 0 or data.find("HwpSummaryInformation".encode("utf-16-le")) >= 0:
            return "stranger", "한글(HWP) 문서"
    return "stranger", "엑셀이 아닌 문서"


def _kind_of_archive(path: Path) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return "workbook", ""  # its reader says what is wrong with it
    if any(member.startswith("xl/") or member == "content.xml" for member in members):
        return "workbook", ""
    return "stranger", "엑셀이 아닌 문서나 압축 파일"
