"""Files of an education office in, the suspicious pairs of every pupil out, with memory bounded."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from ..errors import InputError, Problem
from ..reading.streaming import check_input, stream_duplicates
from . import results
from .copies import same_in_two_files, without_copies
from .entries import ENTRIES
from .inputs import Inputs
from .memory import check_memory, for_sorting, give_back
from .outcome import Outcome
from .parquet import open_parquet
from .sorting import sort_entries, spellings, write_spellings
from .workspace import DISK_FULL, check_room, check_temporary, no_room, remove_abandoned, workspace

_ROWS = 10_000  # in a batch; with 30,000 the comparing takes some 60 MB more and no less time
_YEARS = range(1990, 2101)  # what may be the present school year
_TIDY = 20  # batches after which freed memory is given back
_NULLABLE = {pa.int8(): pd.Int8Dtype(), pa.int16(): pd.Int16Dtype(), pa.int32(): pd.Int32Dtype()}


# Of 300,000 pupils in any order 0.9 GB of CSV took 2.7 GB at the most, 0.16 GB of sorted parquet as much.
_ROOM_PER_BYTE, _ROOM_PER_PACKED_BYTE = 4, 18
_PACKED = (".parquet", ".xlsx", ".xlsm", ".xlsb", ".ods")


class Step(NamedTuple):
    """A step of a run in words, and the unit of what is counted meanwhile."""

    words: str
    unit: str


READING, SORTING, SIFTING = (
    Step("1/4 파일 읽기", "B"),
    Step("2/4 학생별로 정렬", "행"),
    Step("2/4 겹친 기록 찾기", "행"),
)
COUNTING, COMPARING = Step("3/4 책 이름 세기", "행"), Step("4/4 중복 찾기", "행")

Progress = Callable[[Step, int, int], None]
"""Called with the step, how much of it is done and how much there is."""


def find_office_duplicates(
    inputs: Sequence[str | Path],
    output: str | Path,
    *,
    memory: int = 1_000_000_000,
    folder: str | Path | None = None,
    cutoff: float | None = None,
    school_per: str = "folder",
    present_year: int | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Writes every suspicious pair of books within one pupil to a file, whatever the number of pupils.

    The pairs and scores are those of :func:`schoolkit.find_duplicates` on all entries at once.
    They come by pupil in order of the key, the most suspicious pair of each first.

    Args:
        inputs: files and folders, as :class:`schoolkit.office.inputs.Inputs` takes them.
        output: a path that ends in ``.parquet`` or ``.csv``. It gets the columns of
            ``find_duplicates``, in one step when all is done.
        memory: the most bytes that the process may take.
        folder: where the temporary files go; by default the system's folder for them. They are
            removed at the end, or by the next run if this one is killed.
        cutoff, present_year: as for ``find_duplicates``.
        school_per: ``folder`` or ``file``: which of them holds one school, where the files do not say.
        progress: called often with the step, what is done and what there is to do.

    Returns:
        What was done. Beside the output ``.unread.csv`` lists what could not be read, ``.unchecked.csv``
        the keys that were not checked, ``.notices.csv`` what was guessed or left out, where there is any.

    Raises:
        InputError: whatever is wrong with the arguments and the files, too little memory or room,
            or no record was read. A result of before stays then.
    """
    began = time.monotonic()
    output, parent = Path(output), Path(folder or tempfile.gettempdir())
    source = _checked(inputs, output, parent, memory, cutoff, school_per, present_year)
    outcome = Outcome(output, files=len(source.files), unread=source.unread, notices=source.notices)
    full = False
    try:
        remove_abandoned(output.parent)
        with workspace(parent) as space:
            _Run(source, space, outcome, for_sorting(memory), cutoff, present_year, progress or _silent).go()
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        full = True
    if full:
        raise InputError([no_room()])
    outcome.seconds = time.monotonic() - began
    return outcome


def _silent(step: Step, done: int, total: int) -> None:
    pass


def _checked(
    inputs: Sequence[str | Path],
    output: Path,
    parent: Path,
    memory: int,
    cutoff: float | None,
    school_per: str,
    present_year: int | None,
) -> Inputs:
    """The inputs, after everything that can be told before any work.

    Raises:
        InputError: all that is wrong with arguments and files, or there is no room for the work.
    """
    problems = [*check_memory(memory), *results.check_output(output), *check_temporary(parent)]
    if present_year is not None and present_year not in _YEARS:
        what = f"올해 학년도는 {_YEARS[0]}부터 {_YEARS[-1]}까지의 수여야 합니다."
        problems.append(Problem(what, "--present-year 2025처럼 써 주세요.", kind="bad_present_year"))
    source = None
    try:
        check_input(None, cutoff)
    except InputError as error:
        problems += error.problems
    try:
        source = Inputs(inputs, school_per=school_per)
    except InputError as error:
        problems += error.problems
    if source:
        problems += _in_the_way(output, inputs, source.files)
    if problems:
        raise InputError(problems)
    check_room(parent, _room(source))
    return source


def _in_the_way(output: Path, inputs: Sequence[str | Path], files: Sequence[Path]) -> list[Problem]:
    """Whether the result would take the place of an input, or be read as one the next time."""
    lists = (results.unread_list, results.unchecked_list, results.notices_list)
    written = {output.resolve(), *(path(output).resolve() for path in lists)}
    if written & {file.resolve() for file in files}:
        what, what_to_do = "결과 파일이 점검할 파일과 같습니다.", "-o에 다른 이름을 써 주세요."
    elif any(Path(one).resolve() in output.resolve().parents for one in inputs):
        what, what_to_do = "점검할 폴더 안에 결과를 저장하면 다음에 함께 읽힙니다.", "-o에 다른 폴더를 써 주세요."
    else:
        return []
    return [Problem(what, what_to_do, str(output), kind="same_file")]


def _room(source: Inputs) -> int:
    """Bytes that the temporary files of these inputs may take at their most."""
    return sum(
        file.stat().st_size * (_ROOM_PER_PACKED_BYTE if file.suffix.lower() in _PACKED else _ROOM_PER_BYTE)
        for file in source.files
    )


@dataclass
class _Run:
    """The steps of a run; each reads the file that the one before wrote."""

    source: Inputs
    space: Path
    outcome: Outcome
    memory: int
    cutoff: float | None
    present_year: int | None
    progress: Progress

    def go(self) -> None:
        read, ordered, counted = (self.space / f"{name}.parquet" for name in ("read", "sorted", "spellings"))
        rows = self._convert(read)
        give_back()
        sort_entries(read, ordered, memory=self.memory, progress=partial(self._share, SORTING, rows))
        read.unlink()
        self._check_any(ordered)
        if self.source.are_exports:
            once = self.space / "once.parquet"
            self.outcome.copies = without_copies(ordered, once, lambda done: self.progress(SIFTING, done, rows))
            ordered.unlink()
            ordered = once
        write_spellings(ordered, counted, memory=self.memory, progress=partial(self._share, COUNTING, rows))
        found = self.space / f"pairs{self.outcome.output.suffix.lower()}"
        with results.TableFile(found, results.pair_schema()) as file:
            for pairs in self._pairs(ordered, counted):
                file.add_frame(pairs)
        self._put_in_place(found)

    def _check_any(self, entries: Path) -> None:
        """Raises InputError if no record was read: an empty result must not take the place of a good one."""
        with open_parquet(entries) as file:
            if file.metadata.num_rows:
                return
        problems = [Problem(str(one), kind="unreadable") for one in self.outcome.unread]
        what = "읽은 기록이 하나도 없어 결과를 저장하지 않았습니다."
        raise InputError([*problems, Problem(what, "파일을 확인해 주세요.", kind="no_record")])

    def _share(self, step: Step, total: int, share: float) -> None:
        self.progress(step, int(share * total), total)

    def _convert(self, target: Path) -> int:
        """Writes all entries to one file and gives their number."""
        rows, size = 0, self.source.total_bytes
        with results.TableFile(target, ENTRIES) as file:
            for table in self.source.tables(lambda done: self.progress(READING, done, size)):
                file.add(table)
                rows += len(table)
        return rows

    def _spellings(self, counted: Path) -> Iterator[pd.Series]:
        for part in spellings(counted):
            self.outcome.spellings += len(part)
            yield part

    def _pairs(self, entries: Path, counted: Path) -> Iterator[pd.DataFrame]:
        found = stream_duplicates(
            self._batches(entries),
            spellings=self._spellings(counted),
            cutoff=self.cutoff,
            present_year=self.present_year,
            unchecked=lambda key, rows: self.outcome.unchecked.append((key, rows)),
        )
        for pairs in found:
            self.outcome.pairs.update(pairs["verdict"].value_counts().to_dict())
            if not self.source.are_exports:
                self.outcome.repeated += same_in_two_files(pairs)
            yield pairs

    def _batches(self, entries: Path) -> Iterator[pd.DataFrame]:
        """The sorted entries; counts the rows and pupils that go by."""
        outcome, last = self.outcome, None
        give_back()  # the titles have been analysed
        with open_parquet(entries) as file:
            for number, batch in enumerate(filter(len, file.iter_batches(_ROWS, columns=results.CARRIED)), start=1):
                if number % _TIDY == 0:
                    give_back()
                frame = batch.to_pandas(types_mapper=_NULLABLE.get)
                pupils = frame["student"].drop_duplicates()
                outcome.pupils += len(pupils) - (pupils.iloc[0] == last)
                last = pupils.iloc[-1]
                yield frame
                outcome.rows += len(frame)
                self.progress(COMPARING, outcome.rows, file.metadata.num_rows)

    def _put_in_place(self, found: Path) -> None:
        """Writes the lists beside the result, then gives the result its name."""
        outcome, output = self.outcome, self.outcome.output
        with results.saving(output):
            outcome.unread_list = results.write_unread_list(outcome.unread, results.unread_list(output))
            outcome.unchecked_list = results.write_unchecked_list(outcome.unchecked, results.unchecked_list(output))
            outcome.notices_list = results.write_notices_list(outcome.notices, results.notices_list(output))
            results.put_in_place(found, output)
