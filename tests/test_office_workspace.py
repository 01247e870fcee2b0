"""Temporary folders of the office: removed at the end, and by the next run if a run was killed."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from schoolkit import InputError
from schoolkit.office import workspace as module
from schoolkit.office.workspace import check_room, check_temporary, remove_abandoned, workspace

HOLDER = """
import sys, time
from pathlib import Path
from schoolkit.office.workspace import workspace
with workspace(Path(sys.argv[1])) as folder:
    (folder / "pupils.parquet").write_bytes(b"x")
    print(folder, flush=True)
    time.sleep(60)
"""


def holder(parent):
    """Another process that works in a folder below ``parent``."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(parent)], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    process.stdout.readline()
    return process


def test_a_folder_is_its_owners_alone_and_gone_at_the_end(tmp_path):
    with workspace(tmp_path) as folder:
        (folder / "a").mkdir()
        (folder / "a" / "b.parquet").write_bytes(b"x")
        assert folder.parent == tmp_path
        assert sys.platform == "win32" or folder.stat().st_mode & 0o777 == 0o700
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_folder_is_gone_after_a_failure(tmp_path, failure):
    with pytest.raises(failure), workspace(tmp_path) as folder:
        (folder / "b.parquet").write_bytes(b"x")
        raise failure
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_folder_and_not_before_it_is_killed(tmp_path):
    process = holder(tmp_path)
    try:
        (used,) = tmp_path.iterdir()
        with workspace(tmp_path) as folder:
            assert {used, folder} == set(tmp_path.iterdir())
        assert sorted(one.name for one in used.iterdir()) == ["lock", "pupils.parquet"]
    finally:
        process.kill()
        process.communicate()
    assert list(tmp_path.iterdir()) == [used]
    with workspace(tmp_path) as folder:
        assert list(tmp_path.iterdir()) == [folder]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_this_process_stays_while_it_is_used(tmp_path):
    with workspace(tmp_path) as first, workspace(tmp_path) as second:
        assert {first, second} == set(tmp_path.iterdir())


def test_other_folders_and_those_being_made_stay(tmp_path):
    for name in ("schoolkit-office-fresh", "schoolkit-office-filled", "schoolkit-office-old", "schoolkit", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "schoolkit-office-filled" / "mine.txt").write_text("x")
    (tmp_path / "schoolkit-office-file").write_text("x")
    if sys.platform != "win32":
        (tmp_path / "other" / "lock").write_text("")
        (tmp_path / "schoolkit-office-link").symlink_to(tmp_path / "other")
    before = {one.name for one in tmp_path.iterdir()}
    for name in ("schoolkit-office-old", "schoolkit-office-filled"):
        os.utime(tmp_path / name, (time.time() - 7200,) * 2)
    remove_abandoned(tmp_path)
    assert before - {one.name for one in tmp_path.iterdir()} == {"schoolkit-office-old"}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL") or os.getuid() != 0, reason="only root can give a folder away")
def test_another_users_folder_stays(tmp_path):
    process = holder(tmp_path)
    process.kill()
    process.communicate()
    (left,) = tmp_path.iterdir()
    os.chown(left, 12345, -1)
    remove_abandoned(tmp_path)
    assert list(tmp_path.iterdir()) == [left]
    os.chown(left, 0, -1)
    remove_abandoned(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.EACCES, "folder_not_writable"), (errno.EROFS, "folder_not_writable"), (errno.ENOSPC, "no_room")],
)
def test_a_folder_that_cannot_be_written_is_told(tmp_path, monkeypatch, number, kind):
    def fails(**_):
        raise OSError(number, "")

    assert check_temporary(tmp_path) == []
    monkeypatch.setattr(module.tempfile, "mkdtemp", fails)
    assert [problem.kind for problem in check_temporary(tmp_path)] == [kind]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_folder_whose_name_is_no_text_is_told(tmp_path):
    folder = tmp_path / os.fsdecode("임시".encode("cp949"))
    folder.mkdir()
    assert [problem.kind for problem in check_temporary(folder)] == ["folder_not_writable"]


def test_too_little_room_is_told_with_the_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(module.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**12, 10**12, 34_000_000))
    check_room(tmp_path, 34_000_000)
    with pytest.raises(InputError) as caught:
        check_room(tmp_path, 2_100_000_000)
    assert str(caught.value) == (
        "임시 파일을 둘 디스크에 자리가 모자랍니다. 2.1GB가 필요한데 34MB만 남아 있습니다. "
        "자리를 비우거나, --temp로 다른 디스크의 폴더를 정해 주세요."
    )
