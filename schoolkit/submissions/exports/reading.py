"""Exported files and a roster -> the one table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd

from ...errors import InputError, Problem
from ...rosters.list_layout import class_named
from ...tables import Source, Table, load_sources, read_tables
from ..roster import read_roster
from ..status import moment
from .assembly import Assembly
from .export import Export
from .formats import read_export
from .forms import form_title
from .mapping import TableMapping
from .pupil_rows import title_of_file


def read_submissions(
    files: Source | Iterable[Source],
    *,
    roster: Source | Iterable[Source] | pd.DataFrame,
    at: datetime | str | None = None,
    mapping: TableMapping | Sequence[TableMapping] | None = None,
    whom: Mapping[str, str] | None = None,
    classes: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """The state of every pupil's every assignment, from exported files: the one table.

    The roster decides who is looked for. A file that lists everyone, such as Moodle's, speaks for the
    pupils in it, and of the classes that are in it by half or more the others are ``unknown``; in one that holds
    answers, such as Google Forms, who has no line has not handed in. A line is given to a pupil if its student
    number, address or name is that of one pupil alone; the others are listed in ``attrs["unmatched"]``, and who
    may be meant by one of them is ``unknown``, not ``missing``.

    Args:
        files: exports as paths, pairs ``(file name, bytes)``, or both; :mod:`.formats` has the kinds.
        roster: the class list, as files or as :func:`schoolkit.submissions.roster.read_roster` gives it.
        at: the time at which what is due is judged; Korean time if it has no zone, now if None.
        mapping: what the columns of files mean that are of no known kind; several for several such tables.
        whom: the teacher's answers, ``key`` or ``written`` of an unmatched line -> ``key`` of a pupil of the
            roster, or ``""`` for someone who is not in it.
        classes: file -> the classes that a file of answers was meant for, where not those that answered.

    ``attrs`` has ``notices`` (Korean sentences without names), ``unmatched`` (a dict per line: ``key``, ``file``,
    ``row``, ``written``, ``assignments``, ``why``, ``candidates``, each of these a dict with ``key``, ``class_name``,
    ``student_no``, ``name``), ``exports`` (a dict per sheet: ``file``, ``format``, ``caveat``, ``lists_everyone``,
    ``assignments``, ``classes``), ``failed`` (empty) and ``read_at``.

    Raises:
        InputError: whatever can't be read or is of no known kind; every problem is listed.
    """
    problems: list[Problem] = []
    if not isinstance(roster, pd.DataFrame):
        try:
            roster = read_roster(roster)
        except InputError as error:
            problems += error.problems
    mappings = [mapping] if isinstance(mapping, TableMapping) else list(mapping or ())
    exports, notices = _exports(files, mappings, problems)
    if problems:
        raise InputError(problems)
    assembly = Assembly(roster, moment(at), dict(whom or {}), dict(classes or {}))
    for export in exports:
        assembly.add(export)
    return assembly.table([*roster.attrs.get("notices", []), *notices])


def _exports(files, mappings: Sequence[TableMapping], problems: list[Problem]) -> tuple[list[Export], list[str]]:
    loaded, unread = load_sources(files)
    problems += unread
    if not loaded and not unread:
        problems.append(
            Problem("과제 파일이 없습니다.", "온라인 학급에서 내려받은 파일을 올려 주세요.", kind="no_file")
        )
    exports: list[Export] = []
    notices: list[str] = []
    seen: dict[tuple, str] = {}
    for file, data in loaded:
        try:
            sheets = [table for table in read_tables(file, data) if any(map(any, table.rows))]
            # what Excel does not show was not meant to be given, as long as it shows anything
            shown = [table for table in sheets if not table.hidden] or sheets
            found = [(table, export) for table in shown if (export := read_export(table, mappings))]
        except InputError as error:
            problems += error.problems
            continue
        # files of one content are several assignments where their names say so
        same = (hashlib.blake2b(data).digest(), *(task.title for _, export in found for task in export.tasks))
        earlier = seen.setdefault(same, file)
        if earlier != file:
            notices.append(f"{file}: {earlier}과 내용이 같아 한 번만 읽었습니다.")
            continue
        if not found:
            problems.append(_unknown(file, sheets))
        exports += _of_sheets(file, found)
        if found and len(found) < len(sheets):
            read = {id(table) for table, _ in found}
            others = ", ".join(f"‘{table.sheet}’" for table in sheets if id(table) not in read)
            notices.append(f"{file}: {others} 시트는 숨겨져 있거나 과제 기록이 아니어서 쓰지 않았습니다.")
    return exports, notices


def _of_sheets(file: str, found: list[tuple[Table, Export]]) -> list[Export]:
    """The exports of one file's sheets; those that would all bear the file's title bear their sheets' names.

    A title that the teacher has said stays, and sheets that are called as classes hold one assignment.
    """
    if len(found) < 2:
        return [replace(export, file=file) for _, export in found]
    of_file = {title_of_file(file), form_title(file)}
    by_sheet = not any(class_named(table.sheet or "") for table, _ in found)
    by_sheet &= all([task.title in of_file for task in export.tasks] == [True] for _, export in found)
    named = []
    for table, export in found:
        tasks = export.tasks
        if by_sheet and table.sheet:
            tasks = (replace(tasks[0], title=table.sheet),)
        named.append(replace(export, file=f"{file} '{table.sheet}' 시트", tasks=tasks))
    return named


def _unknown(file: str, sheets: list[Table]) -> Problem:
    what_to_do = (
        "Moodle, Google 클래스룸·설문지, Canvas, Teams에서 내려받은 그대로 올리거나, 어느 칸이 무엇인지 정해 주세요."
    )
    if not sheets:
        return Problem("내용이 없는 파일입니다.", what_to_do, file, kind="empty")
    return Problem("어떤 과제 기록인지 알아보지 못했습니다.", what_to_do, file, kind="unknown_export")
