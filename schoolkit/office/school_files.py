"""A school's workbooks and prints, read together by ``read_reading_records``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from ..errors import InputError
from ..reading.records import read_reading_records
from .entries import ENTRIES, Told
from .paths import Found
from .sources import Progress
from .workbooks import without_sheets

MOST_BYTES = 300_000_000
"""Larger files of other layouts are refused."""


class SchoolSource:
    """The files of one school in layouts that must be seen whole."""

    is_export = True

    def __init__(self, files: list[Found], school: str):
        """``school``: what stands before the keys, so that schools do not mix; may be empty.

        ``left_out``: sheets of a workbook that are read as tables elsewhere, numbered from 0.
        """
        self.files, self._school = files, school
        self.left_out: dict[Found, set[int]] = {}

    def entries(self, told: Told, progress: Progress) -> Iterator[pa.Table]:
        loaded: list[tuple[Found, bytes]] = []
        for file in self.files:
            if file.size > MOST_BYTES:
                told.file(
                    file.name,
                    "파일이 너무 큽니다.",
                    "학교나 학년별로 나누거나, 머리글이 첫 줄에 있는 CSV로 저장해 주세요.",
                )
                continue
            try:
                data = file.path.read_bytes()
                loaded.append((file, without_sheets(file.base, data, self.left_out.get(file, set()))))
            except OSError:
                told.file(file.name, *UNREADABLE)
            except InputError as error:  # it was changed since it was opened
                for problem in error.problems:
                    told.file(file.name, problem.what, problem.what_to_do)
        while loaded:
            try:
                found = read_reading_records([(f"{at}|{file.base}", data) for at, (file, data) in enumerate(loaded)])
            except InputError as error:
                problems = [(_number(problem.file), problem) for problem in error.problems]
                bad = {at: problem for at, problem in reversed(problems) if at is not None}
                for at, problem in sorted(bad.items()):
                    name = loaded[at][0].name
                    where = f"{problem.row}행: " if problem.row else ""
                    told.file(name, where + problem.what, problem.what_to_do)
                if not bad:
                    raise
                loaded = [one for at, one in enumerate(loaded) if at not in bad]
                continue
            files = [file for file, _ in loaded]
            loaded = []
            self._tell(found, files, told)
            yield self._table(found, files)
        progress(sum(file.size for file in self.files))

    def _table(self, found: pd.DataFrame, files: list[Found]) -> pa.Table:
        names = {name: files[_number(name) or 0].name for name in found["file"].unique()}
        prefix = f"{self._school}/" if self._school else ""
        table = found.assign(
            student=prefix + found["student"],
            school=self._school or None,
            file=found["file"].map(names),
            seq=np.int64(0),
        )
        return pa.Table.from_pandas(table[ENTRIES.names], schema=ENTRIES, preserve_index=False)

    def _tell(self, found: pd.DataFrame, files: list[Found], told: Told) -> None:
        notices = found.attrs["notices"]
        for file, count in Counter(one["file"] for one in notices).items():
            first = next(one for one in notices if one["file"] == file)
            where = f"{first['row']}행 " if first["row"] else ""
            more = f" 이 밖에 {count - 1}건을 더 짐작하거나 건너뛰었습니다." if count > 1 else ""
            what = re.sub(r"'?\d+\|", "'" if "'" in first["what"] else "", first["what"])
            told.notice(f"{files[_number(file) or 0].name}: {where}{what}{more}")
        if links := found.attrs["doubtful_links"]:
            where = self._school or files[0].name
            told.notice(f"{where}: 이름이 같은 학생 {len(links):,}쌍은 한 학생인지 알 수 없어 따로 두었습니다.")


UNREADABLE = "파일을 열 수 없습니다.", "파일이 그대로 있는지, 읽을 권한이 있는지 확인해 주세요."


def _number(name: str | None) -> int | None:
    """The number that stands before a file's name, by which equal names are told apart."""
    number = re.match(r"(\d+)\|", name or "")
    return int(number.group(1)) if number else None
