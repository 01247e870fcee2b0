"""What a run did, as data and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..reading.pair_table import VERDICTS
from ..reading.streaming import MOST_BOOKS
from .entries import Unread

_MOST_LINES = 30


@dataclass
class Outcome:
    """What a run did.

    Attributes:
        output: the file with the pairs.
        files, rows, pupils, spellings: how many files, entries, pupils and different spellings there were.
        pairs: how many pairs of each verdict (``same``, ``check``).
        copies: records of exports that stood in two files and were counted once.
        repeated: pairs of records of different files that agree in everything, where copies are not looked for.
        unchecked: keys with more than ``streaming.MOST_BOOKS`` entries, and how many; not checked.
        unread: rows and files that could not be read.
        notices: what was guessed or left out while reading, in Korean.
        unread_list, unchecked_list, notices_list: the files that list them, where there are any.
        seconds: how long it took.
    """

    output: Path
    files: int = 0
    rows: int = 0
    pupils: int = 0
    spellings: int = 0
    pairs: Counter = field(default_factory=Counter)
    copies: int = 0
    repeated: int = 0
    unchecked: list[tuple[str, int]] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    unread_list: Path | None = None
    unchecked_list: Path | None = None
    notices_list: Path | None = None
    seconds: float = 0.0


def summary(outcome: Outcome) -> Iterator[str]:
    """What was done, line by line, for an official; without a pupil's data."""
    rows = outcome.rows - sum(rows for _, rows in outcome.unchecked)
    yield (
        f"파일 {outcome.files:,}개, 기록 {rows:,}건, 학생 {outcome.pupils - len(outcome.unchecked):,}명, "
        f"서로 다른 책 이름 {outcome.spellings:,}가지를 점검했습니다({_duration(outcome.seconds)})."
    )
    if outcome.pairs:
        shown = ", ".join(f"{words} {outcome.pairs[one]:,}쌍" for one, words in VERDICTS.items() if outcome.pairs[one])
        yield f"중복 의심 {outcome.pairs.total():,}쌍 ({shown})"
    else:
        yield "중복으로 의심되는 책이 없습니다."
    if outcome.copies:
        yield f"두 파일에 똑같이 들어 있는 기록 {outcome.copies:,}건은 한 번만 셌습니다."
    if outcome.repeated:
        yield (
            f"서로 다른 두 파일에 똑같이 적힌 기록이 {outcome.repeated:,}쌍 있습니다. "
            "같은 기록이 든 파일을 두 번 넣지 않았는지 확인해 주세요."
        )
    if outcome.unchecked:
        most = max(rows for _, rows in outcome.unchecked)
        yield (
            f"기록이 {MOST_BOOKS:,}건을 넘어 한 학생으로 볼 수 없는 학생 키 {len(outcome.unchecked):,}개는 "
            f"점검하지 않았습니다(가장 많은 것은 {most:,}건)."
        )
    for notice in outcome.notices[:_MOST_LINES]:
        yield f" - {notice}"
    if len(outcome.notices) > _MOST_LINES:
        left = len(outcome.notices) - _MOST_LINES
        yield f" - 그 밖에 {left:,}건이 더 있습니다. 모두 {outcome.notices_list}에 적었습니다."
    yield f"결과를 {outcome.output}에 저장했습니다."
    if outcome.unread_list:
        yield f"읽지 못한 줄과 파일 {len(outcome.unread):,}가지를 {outcome.unread_list}에 적었습니다."
    if outcome.unchecked_list:
        yield f"점검하지 않은 학생 키를 {outcome.unchecked_list}에 적었습니다."


def unread_in_words(outcome: Outcome) -> Iterator[str]:
    """What could not be read, at most ``_MOST_LINES`` lines of it."""
    for one in outcome.unread[:_MOST_LINES]:
        yield str(one)
    if len(outcome.unread) > _MOST_LINES:
        left = len(outcome.unread) - _MOST_LINES
        yield f"그 밖에 {left:,}가지가 더 있습니다. 모두 {outcome.unread_list}에 적었습니다."


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes}분 {seconds}초" if minutes else f"{seconds}초"
