"""Temporary folders that never outlive their use: removed at the end, or by the next run if a run was killed."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from ..errors import InputError, Problem

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
"""The numbers of the errors that say so."""

_PREFIX = "schoolkit-office-"
_LOCK = "lock"
_LONG_AGO = 3600  # seconds; a folder without a lock is being made, or its maker was killed just then


@contextmanager
def workspace(parent: Path) -> Iterator[Path]:
    """A new folder that only its owner can read, removed with all that is in it when the block ends.

    Its maker holds a lock in it, which the system releases however the process ends. So a folder that
    a killed run left is told from one in use, and removed when the next is made in the same parent.
    """
    remove_abandoned(parent)
    folder, lock = _claimed(parent)
    try:
        yield folder
    finally:
        lock.release()  # Windows removes no file that is open
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(parent: Path) -> None:
    """Removes the folders that killed runs left in ``parent``, never one in use or another user's."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError, Timeout):
            if not _is_own_folder(folder):
                continue
            if not (folder / _LOCK).exists():
                if time.time() - folder.stat().st_mtime > _LONG_AGO:
                    folder.rmdir()
                continue
            lock = FileLock(folder / _LOCK)
            lock.acquire(timeout=0)
            lock.release()  # nobody takes it again: each run makes a folder of its own
            shutil.rmtree(folder, ignore_errors=True)


def check_room(folder: Path, needed: int) -> None:
    """Raises InputError if the file system of ``folder`` has less than ``needed`` bytes to spare."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise InputError([no_room(f"{in_words(needed)}가 필요한데 {in_words(free)}만 남아 있습니다.")])


def check_temporary(parent: Path) -> list[Problem]:
    """What speaks against making a workspace in this folder; it is tried."""
    what_to_do = "--temp에 쓸 수 있는 폴더를 써 주세요."
    if not parent.is_dir():
        return [Problem("임시 파일을 둘 폴더가 없습니다.", what_to_do, str(parent), kind="no_folder")]
    try:
        str(parent).encode()  # libraries want the path in UTF-8, which an undecodable name is not
        with workspace(parent):
            return []
    except (OSError, UnicodeEncodeError) as error:
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            return [no_room()]
    return [Problem("임시 파일을 둘 폴더에 쓸 수 없습니다.", what_to_do, str(parent), kind="folder_not_writable")]


def no_room(numbers: str = "") -> Problem:
    """The problem that the disk of the temporary files is full, with the numbers where they are known."""
    return Problem(
        f"임시 파일을 둘 디스크에 자리가 모자랍니다. {numbers}".strip(),
        "자리를 비우거나, --temp로 다른 디스크의 폴더를 정해 주세요.",
        kind="no_room",
    )


def in_words(size: int) -> str:
    """A number of bytes as an official reads it.

    >>> in_words(1_234_000_000), in_words(34_000_000), in_words(0)
    ('1.2GB', '34MB', '0MB')
    """
    return f"{size / 1e9:.1f}GB" if size >= 1e9 else f"{size / 1e6:.0f}MB"


def _claimed(parent: Path) -> tuple[Path, FileLock]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        lock = FileLock(folder / _LOCK)
        try:
            lock.acquire(timeout=0)
        except (Timeout, FileNotFoundError):
            continue  # another run took it for abandoned in the moment before it was locked
        return folder, lock


def _is_own_folder(folder: Path) -> bool:
    about = folder.lstat()
    return stat.S_ISDIR(about.st_mode) and (not hasattr(os, "getuid") or about.st_uid == os.getuid())
