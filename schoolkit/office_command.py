"""The command ``schoolkit office``: the records of a whole education office in, suspicious pairs out."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .office.outcome import Outcome
    from .office.run import Step

PARTLY_READ = 3
_INTERRUPTED = 128  # and the signal's number, as shells have it


def add_parser(tools) -> None:
    """Adds the subcommand to what ``add_subparsers`` gave."""
    parser = tools.add_parser(
        "office",
        help="교육청처럼 학생이 아주 많은 독서 기록에서 한 학생에게 두 번 적힌 책을 찾습니다",
        description="학생 수와 관계없이 정한 메모리 안에서, 한 학생에게 두 번 적힌 책을 찾아 파일로 저장합니다.",
        epilog=(
            f"종료 코드: 0 모두 읽음, 2 실행할 수 없거나 읽은 기록이 없음, {PARTLY_READ} 읽지 못한 줄이나 파일이 있음."
        ),
    )
    add = parser.add_argument
    add("inputs", nargs="+", metavar="INPUT", help="CSV, 엑셀(.xlsx), parquet 파일이나 그런 파일이 든 폴더")
    add("-o", "--output", required=True, metavar="OUT", help="결과를 저장할 파일(.parquet 또는 .csv)")
    add("--memory", default="1GB", metavar="크기", help="쓸 수 있는 메모리(기본값이자 최솟값 1GB)")
    add("--temp", metavar="FOLDER", help="임시 파일을 둘 폴더; 쓰지 않으면 시스템의 임시 폴더")
    add("--cutoff", type=float, metavar="X", help="이 값(0~1) 이상으로 비슷한 쌍만 저장합니다(기본값 0.8)")
    add(
        "--school-per",
        choices=("folder", "file"),
        default="folder",
        help="학교 이름이 적혀 있지 않을 때 폴더(folder, 기본값)나 파일(file) 하나를 한 학교로 봅니다",
    )
    add("--present-year", type=int, metavar="학년도", help="올해로 볼 학년도; 쓰지 않으면 오늘의 학년도")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Writes the pairs and prints what was done.

    Returns:
        0, or 3 where rows or files could not be read; 128 and the number of the signal (130 for
        Ctrl+C) if it was interrupted.

    Raises:
        InputError: whatever is wrong with the arguments and the files, too little memory or room.
    """
    with _ending_on_signals() as received:
        try:
            outcome = _find(options)
        except BaseException:  # a library may have turned the interruption into an error of its own
            if not received:
                raise
    if received:
        print("중단했습니다. 임시 파일은 지웠고 결과 파일은 바꾸지 않았습니다.", file=sys.stderr)
        return _INTERRUPTED + received[0]
    from .office.outcome import summary, unread_in_words

    print("\n".join(summary(outcome)))
    for line in unread_in_words(outcome):
        print(line, file=sys.stderr)
    return PARTLY_READ if outcome.unread else 0


def _find(options: argparse.Namespace) -> Outcome:
    from .office.memory import memory_bytes  # the imports take long enough to be interrupted
    from .office.run import find_office_duplicates

    with _bars() as progress:
        return find_office_duplicates(
            options.inputs,
            options.output,
            memory=memory_bytes(options.memory),
            folder=options.temp,
            cutoff=options.cutoff,
            school_per=options.school_per,
            present_year=options.present_year,
            progress=progress,
        )


@contextmanager
def _ending_on_signals() -> Iterator[list[int]]:
    """Lets Ctrl+C, a request to end and a closed terminal end the block in order; gives the list of those that came."""
    received: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        received.append(number)
        raise KeyboardInterrupt

    before = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # as nohup sets it
                before[number] = signal.signal(number, end)
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _bars() -> Iterator[Callable[[Step, int, int], None]]:
    """What shows each step as a bar with amount, rate and time left on standard error, if that is a terminal."""
    from tqdm import tqdm

    bars: dict[Step, tqdm] = {}

    def show(step: Step, done: int, total: int) -> None:
        if step not in bars:
            for bar in bars.values():
                bar.close()
            bars[step] = tqdm(desc=step.words, total=total, unit=step.unit, unit_scale=True, disable=None)
        bars[step].update(done - bars[step].n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()
