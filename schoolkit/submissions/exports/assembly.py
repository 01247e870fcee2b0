"""Lines of exports and the roster -> a row per pupil and assignment, and a list of what fits no one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from ...errors import InputError, Problem
from ..matching import Finder, Match
from ..status import HANDED_IN, Row, judged, natural_key, submission_table
from .export import Export, Line, Written

# of two lines about one pupil and one assignment, the state that stands earlier here is taken
_TELLING = ("excused", "returned", "late", "submitted", "draft", "missing", "not_yet_due", "unknown")
NOBODY = ""
# a class of which so few have answered was perhaps not asked
_FEW = 0.2


@dataclass
class Assembly:
    """Puts exports together into rows, and gathers what could not be given to a pupil.

    ``roster``, ``whom`` and ``classes`` are as :func:`schoolkit.read_submissions` takes them; ``at`` is the time at
    which what is due is judged.

    Raises:
        InputError: ``whom`` or ``classes`` name a pupil or a class that the roster does not have.
    """

    roster: pd.DataFrame
    at: pd.Timestamp
    whom: dict[str, str]
    classes: dict[str, Sequence[str]]
    rows: list[tuple[int, Row]] = field(default_factory=list)
    left_out: list[tuple[int, Row]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    unmatched: list[dict] = field(default_factory=list)
    said: list[dict] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        filled = self.roster.astype(object).where(self.roster.notna(), None)
        self.pupils: list[dict] = filled.to_dict("records")
        self.places = {pupil["key"]: at for at, pupil in enumerate(self.pupils)}
        self.of_class: dict[str, list[int]] = defaultdict(list)
        for at, pupil in enumerate(self.pupils):
            self.of_class[pupil["class_name"]].append(at)
        self.finder = Finder(self.roster)
        self._check_answers()

    def _check_answers(self) -> None:
        problems = []
        if set(self.whom.values()) - set(self.places) - {NOBODY}:
            what = "학생을 정해 준 것(whom) 가운데 명렬표에 없는 학생이 있습니다."
            problems.append(Problem(what, "read_roster가 주는 key 값을 써 주세요.", kind="unknown_pupil"))
        for file, names in self.classes.items():
            self.classes[file] = names = [names] if isinstance(names, str) else list(names)
            for name in names:
                if name not in self.of_class:
                    what = f"명렬표에 없는 반입니다: {name}."
                    there = ", ".join(sorted(filter(None, self.of_class), key=natural_key))
                    problems.append(Problem(what, f"명렬표의 반: {there}", file, kind="unknown_class"))
        if problems:
            raise InputError(problems)

    def add(self, export: Export) -> None:
        """Takes the lines of one export in."""
        export = _titles_numbered(export)
        matches = self._matches(export)
        lines: dict[tuple[int, int], list[Line]] = defaultdict(list)  # task and pupil -> what is said of them
        doubtful: dict[int, set[int]] = defaultdict(set)  # task -> pupils who may be meant by a line
        for line in export.lines:
            match = matches[line.row, line.who]
            if match.pupil is not None:
                lines[line.task, match.pupil].append(line)
            else:
                doubtful[line.task].update(match.candidates)
        self._list_unmatched(export, matches)
        listed = {pupil for _, pupil in lines}
        classes = self._meant_for(export, listed)
        self._tell_about_classes(export, matches, classes, listed)
        absent = sorted(at for name in classes for at in self.of_class[name] if at not in listed)
        for task in range(len(export.tasks)):
            for pupil in sorted(listed | set(absent)):
                told = lines.get((task, pupil))
                if told:
                    self.rows.append((pupil, self._row(export, task, pupil, self._best(export, task, told))))
                elif pupil in listed and export.lists_everyone:
                    continue  # the file has this pupil, but not for this assignment
                elif export.lists_everyone:
                    self.left_out.append((pupil, self._row(export, task, pupil, ("unknown", None, None))))
                else:
                    said = "unknown" if pupil in doubtful[task] else "nothing"
                    self.rows.append((pupil, self._row(export, task, pupil, (said, None, None))))
        self.notices += [f"{export.file}: {notice}" for notice in export.notices]
        self.said.append(
            {
                "file": export.file,
                "format": export.format,
                "caveat": export.caveat,
                "lists_everyone": export.lists_everyone,
                "assignments": tuple(task.title for task in export.tasks),
                "classes": tuple(classes),
            }
        )

    def _matches(self, export: Export) -> dict[tuple[int, Written], Match]:
        """Whom each line means; lines of one row that name one pupil alike are of that pupil."""
        keys = _keys_of(export)
        matches = {one: self._answered(keys[one], one[1].text) or self.finder.find(one[1]) for one in keys}
        if export.lists_everyone:
            # a course is of a class or a few: there, same names of other classes are not meant
            found = Counter(self.pupils[one.pupil]["class_name"] for one in matches.values() if one.pupil is not None)
            within = [name for name, count in found.items() if 2 * count >= len(self.of_class[name])]
            rows = []
            for one, match in matches.items():
                if match.pupil is None and len(match.candidates) > 1 and within:
                    matches[one] = self.finder.find(one[1], within)
                    rows += [one[0]] if matches[one].pupil is not None else []
            if rows:
                self.notices.append(
                    f"{export.file} {', '.join(map(str, rows))}행: 이름이 같은 학생이 다른 반에도 있어 "
                    f"이 파일의 반({', '.join(sorted(within, key=natural_key))})에서 찾았습니다."
                )
        return matches

    def _answered(self, line: str, written: str) -> Match | None:
        for key in (line, written):
            if key in self.whom:
                self.used.add(key)
                answer = self.whom[key]
                return Match(None) if answer == NOBODY else Match(self.places[answer])
        return None

    def _list_unmatched(self, export: Export, matches: dict[tuple[int, Written], Match]) -> None:
        titles: dict[tuple[int, Written], list[str]] = defaultdict(list)
        for line in export.lines:
            titles[line.row, line.who].append(export.tasks[line.task].title)
        keys = _keys_of(export)
        nobody = 0
        for one, match in matches.items():
            if match.pupil is not None:
                continue
            if not match.why:  # the teacher has said so
                nobody += 1
                continue
            self.unmatched.append(
                {
                    "key": keys[one],
                    "file": export.file,
                    "row": one[0],
                    "written": one[1].text,
                    "assignments": tuple(titles[one]),
                    "why": match.why,
                    "candidates": [self._candidate(at) for at in match.candidates],
                }
            )
        if nobody:
            self.notices.append(f"{export.file}: 명렬표에 없는 사람이라고 정한 {nobody}줄을 뺐습니다.")

    def _tell_about_classes(self, export: Export, matches: dict, classes: list[str], listed: set[int]) -> None:
        """Says what was taken for granted about the classes that the export is for."""
        if export.lines and not listed:
            if any(match.candidates for match in matches.values()):
                told = "누구의 것인지 정할 수 있는 줄이 없습니다. 누구인지 골라 주세요."
            else:
                told = "명렬표의 학생이 한 명도 없습니다. 이 반의 명렬표도 함께 올렸는지 확인해 주세요."
            self.notices.append(f"{export.file}: {told}")
        if export.lists_everyone or export.file in self.classes:
            return
        if not export.lines:
            self.notices.append(
                f"{export.file}: 답이 하나도 없어 어느 반의 것인지 알 수 없습니다. 대상 반을 골라 주세요."
            )
        counts = Counter(self.pupils[at]["class_name"] for at in listed)
        few = [name for name in classes if counts[name] < _FEW * len(self.of_class[name])]
        if few and len(classes) > len(few):
            self.notices.append(
                f"{export.file}: {', '.join(few)}은 답한 학생이 아주 적습니다. "
                "이 반에 낸 것이 아니면 대상 반에서 빼 주세요."
            )
        silent = sorted((name for name in self.of_class if name and name not in classes), key=natural_key)
        if classes and silent:
            self.notices.append(
                f"{export.file}: 답이 하나도 없는 반은 넣지 않았습니다({', '.join(silent)}). "
                "이 반에도 낸 것이면 대상 반으로 골라 주세요."
            )

    def _candidate(self, at: int) -> dict:
        return {key: self.pupils[at][key] for key in ("key", "class_name", "student_no", "name")}

    def _meant_for(self, export: Export, listed: set[int]) -> list[str]:
        """The classes for all of whose pupils the export speaks."""
        if export.file in self.classes:
            return list(self.classes[export.file])
        counts = Counter(self.pupils[at]["class_name"] for at in listed)
        enough = {name: len(self.of_class[name]) / 2 if export.lists_everyone else 1 for name in counts}
        return sorted((name for name in counts if counts[name] >= enough[name]), key=natural_key)

    def _best(self, export: Export, task: int, told: list[Line]) -> tuple:
        """State, time and due date of the most telling of a pupil's lines, the latest of equal ones."""
        due = export.tasks[task].due
        judged_lines = [
            (
                judged(line.said, at=self.at, due=line.due or due, submitted_at=line.submitted_at),
                line.submitted_at,
                line.due or due,
            )
            for line in told
        ]
        states = {state for state, _, _ in judged_lines}
        if len(states) > 1 and export.lists_everyone:
            rows = ", ".join(str(line.row) for line in told)
            self.notices.append(f"{export.file} {rows}행: 같은 학생의 상태가 서로 달라 더 진행된 쪽을 썼습니다.")
        first = min(_TELLING.index(state) for state in states)
        of_state = [one for one in judged_lines if _TELLING.index(one[0]) == first]
        return max(of_state, key=lambda one: one[1].timestamp() if one[1] else 0)

    def _row(self, export: Export, task: int, pupil: int, told: tuple) -> Row:
        state, submitted_at, due = told
        who, asked = self.pupils[pupil], export.tasks[task]
        due = due or asked.due
        return Row(
            class_name=who["class_name"],
            student_no=who["student_no"],
            name=who["name"],
            assignment=asked.title,
            due=due,
            state=judged(state, at=self.at, due=due),
            submitted_at=submitted_at if state in HANDED_IN else None,
            hidden=False,
            source=export.file,
            course_id=asked.course_id,
            assignment_id=asked.assignment_id,
        )

    def table(self, notices: Sequence[str]) -> pd.DataFrame:
        """All of it as the one table."""
        self._add_left_out()
        for file in sorted(self.classes.keys() - {one["file"] for one in self.said}):
            self.notices.append(f"{file}: 대상 반을 정해 주었지만 이런 파일은 없습니다.")
        if unused := len(self.whom.keys() - self.used):
            self.notices.append(f"누구인지 정해 준 답 {unused}개는 맞는 줄이 없어 쓰지 않았습니다.")
        return submission_table(
            self._titles_told_apart(),
            notices=[*notices, *self.notices],
            unmatched=self.unmatched,
            exports=self.said,
            read_at=self.at.to_pydatetime(),
        )

    def _add_left_out(self) -> None:
        """Adds whom a list leaves out, unless another list has that pupil: who has changed class is in one of two."""
        told = {(pupil, row.assignment) for pupil, row in self.rows}
        pupils: dict[str, set[int]] = defaultdict(set)
        for pupil, row in self.left_out:
            if (pupil, row.assignment) not in told:
                self.rows.append((pupil, row))
                pupils[row.source].add(pupil)
        for file, missed in pupils.items():
            self.notices.append(f"{file}: 명렬표의 학생 {len(missed)}명이 이 파일에 없어 ‘알 수 없음’으로 두었습니다.")

    def _titles_told_apart(self) -> list[Row]:
        """The rows; where several files have one title for one pupil, the file stands behind it.

        They may be of two subjects, and one must not hide what is missing in the other.
        """
        counts = Counter((pupil, row.assignment) for pupil, row in self.rows)
        shared = {(self.pupils[at]["class_name"], title) for (at, title), count in counts.items() if count > 1}
        if shared:
            self.notices.append("제목이 같은 과제가 여러 파일에 있어 제목 뒤에 파일 이름을 붙였습니다.")
        return [
            row._replace(assignment=f"{row.assignment} ({row.source})")
            if (row.class_name, row.assignment) in shared
            else row
            for _, row in self.rows
        ]


def _keys_of(export: Export) -> dict[tuple[int, Written], str]:
    """The lines of an export by row and whom they name, and what each is called; a row may name several."""
    lines = list(dict.fromkeys((line.row, line.who) for line in export.lines))
    of_row: Counter = Counter(row for row, _ in lines)
    seen: Counter = Counter()
    keys = {}
    for row, who in lines:
        seen[row] += 1
        keys[row, who] = f"{export.file}:{row}" + (f":{seen[row]}" if of_row[row] > 1 else "")
    return keys


def _titles_numbered(export: Export) -> Export:
    """The export, with equal titles within it numbered."""
    seen: Counter = Counter()
    tasks = []
    for task in export.tasks:
        seen[task.title] += 1
        tasks.append(replace(task, title=f"{task.title} ({seen[task.title]})" if seen[task.title] > 1 else task.title))
    return replace(export, tasks=tuple(tasks))
