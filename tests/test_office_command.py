"""``schoolkit office`` as a shell sees it."""

import errno
import os
import signal
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from schoolkit import office_command
from schoolkit.cli import main
from schoolkit.office import extra
from schoolkit.office import run as module
from schoolkit.office.memory import LEAST
from schoolkit.office.outcome import Outcome, summary

ROOT = Path(__file__).resolve().parent.parent
TABLE = """학교명,학생ID,성명,학년도,이수학년,학기,과목 또는 영역,도서명
가람중,p2,박둘,2025,1,1,국어,모모(엔데)
가람중,p1,김하나,2025,1,1,국어,아몬드(손원평)
가람중,p2,박둘,2025,1,2,국어,변신(카프카)
가람중,p1,김하나,2025,1,2,국어,아몬드
"""
NAMELESS = "가람중,,,2025,1,1,국어,토지(박경리)\n"

# stops where all temporary files are there, and waits for the signal
STOPS = """
import sys, time
from schoolkit.cli import main
from schoolkit.office import run

def wait(batches, **_):
    print("ready", flush=True)
    time.sleep(60)
    yield

run.stream_duplicates = wait
sys.exit(main(sys.argv[1:]))
"""

# stops while a library is being imported
IMPORTS = """
import sys, time

class Stops:
    def find_spec(self, name, *_):
        if name == "duckdb":
            print("ready", flush=True)
            time.sleep(60)

sys.meta_path.insert(0, Stops())
from schoolkit.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text(TABLE, encoding="cp949")
    Path("temp").mkdir()
    return tmp_path


def office(capsys, *arguments):
    status = main(["office", *arguments])
    shown = capsys.readouterr()
    return status, shown.out.splitlines(), shown.err.splitlines()


def stopped(*arguments, script=STOPS):
    """A process that has come to where the script stops it: by default the comparing."""
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", script, "office", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout.readline() == "ready\n"
    return process


def test_the_summary_counts_what_was_done_and_names_no_pupil(folder, capsys, monkeypatch):
    monkeypatch.setattr(module.time, "monotonic", lambda: 100.0)
    assert office(capsys, "in.csv", "-o", "out.csv", "--present-year", "2025") == (
        0,
        [
            "파일 1개, 기록 4건, 학생 2명, 서로 다른 책 이름 4가지를 점검했습니다(0초).",
            "중복 의심 1쌍 (같은 책으로 보입니다 1쌍)",
            "결과를 out.csv에 저장했습니다.",
        ],
        [],
    )
    assert sorted(os.listdir()) == ["in.csv", "out.csv", "temp"]


def test_rows_that_cannot_be_read_are_listed_and_the_others_checked(folder, capsys):
    Path("in.csv").write_text(TABLE + NAMELESS * 2 + TABLE.splitlines()[1] + "\n" + NAMELESS, encoding="utf-8")
    status, out, err = office(capsys, "in.csv", "-o", "out.parquet")
    reason = "어느 학생의 기록인지 알 수 없습니다.", "학생 칸(학생ID, 학번, 성명 등)을 채워 주세요."
    assert (status, err) == (3, [f"in.csv 6~7행, 9행: {' '.join(reason)}"])
    assert out[1:] == [
        "중복 의심 2쌍 (같은 책으로 보입니다 2쌍)",
        "결과를 out.parquet에 저장했습니다.",
        "읽지 못한 줄과 파일 1가지를 out.unread.csv에 적었습니다.",
    ]
    assert Path("out.unread.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "파일,첫 행,끝 행,까닭,할 일",
        f'in.csv,6,7,{reason[0]},"{reason[1]}"',
        f'in.csv,9,9,{reason[0]},"{reason[1]}"',
    ]


def test_very_many_reasons_are_listed_in_part(folder, capsys):
    Path("in").mkdir()
    for number in range(33):
        table = TABLE.replace("p1", f"p1{number}") + NAMELESS  # equal files are read once
        Path("in", f"{number:02}.csv").write_text(table, encoding="utf-8")
    status, _, err = office(capsys, "in", "-o", "out.csv")
    assert (status, len(err)) == (3, 31)
    assert err[30] == "그 밖에 3가지가 더 있습니다. 모두 out.unread.csv에 적었습니다."
    assert len(Path("out.unread.csv").read_text(encoding="utf-8-sig").splitlines()) == 34


@pytest.mark.parametrize("text", ["많이", "1XB", "-1GB", ""])
def test_memory_that_is_no_size_is_refused(folder, capsys, text):
    status, out, err = office(capsys, "in.csv", "-o", "out.csv", f"--memory={text}")
    assert (status, out) == (2, [])
    assert err == ["--memory: 메모리의 크기를 알 수 없습니다. 1GB, 1500MB처럼 써 주세요."]


def test_too_little_memory_is_refused_with_the_least(folder, capsys):
    status, out, err = office(capsys, "in.csv", "-o", "out.csv", "--memory", "200mb")
    least = f"{LEAST // 10**6}MB"
    assert (status, out) == (2, [])
    assert err == [f"메모리가 너무 적습니다. 적어도 {least}가 필요합니다. --memory {least}나 그보다 큰 값을 써 주세요."]


def test_without_its_packages_the_line_to_install_them_is_told(folder, capsys, monkeypatch):
    monkeypatch.setattr(extra, "find_spec", lambda name: None if name in ("duckdb", "tqdm") else find_spec(name))
    for name in [name for name in sys.modules if name.startswith("schoolkit.office.") or name == "schoolkit.office"]:
        if name != "schoolkit.office.extra":
            monkeypatch.delitem(sys.modules, name)
    status, out, err = office(capsys, "in.csv", "-o", "out.csv")
    assert (status, out) == (2, [])
    assert err == [
        '필요한 패키지가 없습니다(duckdb, tqdm). 명령줄에서 pip install "schoolkit[office]"로 설치해 주세요.'
    ]


def test_what_a_killed_run_left_is_gone_after_the_next(folder, capsys):
    Path("out.parquet").write_text("before")
    process = stopped("in.csv", "-o", "out.parquet", "--temp", "temp")
    (left,) = Path("temp").iterdir()
    assert {"spellings.parquet", "pairs.parquet"} <= set(os.listdir(left))
    process.kill()
    process.communicate()
    assert Path("out.parquet").read_text() == "before"
    assert list(Path("temp").iterdir()) == [left]
    assert office(capsys, "in.csv", "-o", "out.parquet", "--temp", "temp")[0] == 0
    assert Path("out.parquet").read_bytes().startswith(b"PAR1")
    assert (sorted(os.listdir()), os.listdir("temp")) == (["in.csv", "out.parquet", "temp"], [])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.parametrize("script", [STOPS, IMPORTS], ids=["comparing", "importing"])
@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_an_interrupted_run_leaves_nothing_and_says_so_in_one_line(folder, name, status, script):
    Path("out.csv").write_text("before")
    process = stopped("in.csv", "-o", "out.csv", "--temp", "temp", script=script)
    process.send_signal(getattr(signal, name))
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (status, "")
    assert err.splitlines() == ["중단했습니다. 임시 파일은 지웠고 결과 파일은 바꾸지 않았습니다."]
    assert Path("out.csv").read_text() == "before"
    assert (sorted(os.listdir()), os.listdir("temp")) == (["in.csv", "out.csv", "temp"], [])


def test_ctrl_c_outside_the_work_ends_quietly(folder, capsys, monkeypatch):
    def interrupted(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(office_command, "run", interrupted)
    assert office(capsys, "in.csv", "-o", "out.csv") == (130, [], [])


def test_a_full_disk_is_one_line(folder, capsys, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "sort_entries", full)
    status, out, err = office(capsys, "in.csv", "-o", "out.csv", "--temp", "temp")
    assert (status, out, os.listdir("temp")) == (2, [], [])
    assert err == [
        "임시 파일을 둘 디스크에 자리가 모자랍니다. 자리를 비우거나, --temp로 다른 디스크의 폴더를 정해 주세요."
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_a_terminal_shows_each_step_and_what_it_counts(folder):
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 120, 0, 0))
    command = [sys.executable, "-X", "utf8", "-m", "schoolkit", "office", "in.csv", "-o", "out.csv"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, env=os.environ | {"PYTHONPATH": str(ROOT)})
    os.close(theirs)
    with os.fdopen(ours, "rb") as terminal:
        shown = terminal.read1(1 << 20).decode()
    assert done.returncode == 0
    steps = ["1/4 파일 읽기", "2/4 학생별로 정렬", "3/4 책 이름 세기", "4/4 중복 찾기"]
    assert [step for step in steps if f"{step}: 100%" not in shown] == []
    assert "4.00/4.00" in shown and "행/s" in shown


def test_what_was_left_out_stands_in_the_summary():
    done = {"files": 2, "rows": 5_010, "pupils": 3, "spellings": 7, "pairs": Counter(check=1), "seconds": 61.2}
    lists = {"unchecked_list": Path("out.unchecked.csv"), "notices_list": Path("out.notices.csv")}
    notices = [f"{number}.csv: 합계 줄 1개를 건너뛰었습니다." for number in range(32)]
    outcome = Outcome(Path("out.csv"), **done, copies=4, repeated=6, unchecked=[("0", 5_000)], notices=notices, **lists)
    assert list(summary(outcome)) == [
        "파일 2개, 기록 10건, 학생 2명, 서로 다른 책 이름 7가지를 점검했습니다(1분 1초).",
        "중복 의심 1쌍 (확인이 필요합니다 1쌍)",
        "두 파일에 똑같이 들어 있는 기록 4건은 한 번만 셌습니다.",
        "서로 다른 두 파일에 똑같이 적힌 기록이 6쌍 있습니다. 같은 기록이 든 파일을 두 번 넣지 않았는지 확인해 주세요.",
        "기록이 2,000건을 넘어 한 학생으로 볼 수 없는 학생 키 1개는 점검하지 않았습니다(가장 많은 것은 5,000건).",
        *(f" - {notice}" for notice in notices[:30]),
        " - 그 밖에 2건이 더 있습니다. 모두 out.notices.csv에 적었습니다.",
        "결과를 out.csv에 저장했습니다.",
        "점검하지 않은 학생 키를 out.unchecked.csv에 적었습니다.",
    ]
