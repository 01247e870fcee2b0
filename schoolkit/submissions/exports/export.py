"""What an exported file says, whatever system it comes from: lines about pupils not yet found in the roster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Written:
    """Whom a line names, as it stands there.

    Attributes:
        names: spellings that the line allows for the one name, such as ``강 지우`` and ``지우 강``.
        numbers: student numbers, other ids and log-in names, whatever of them there is.
        email: the address, as written.
        class_name: the class, as written.
    """

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    email: str | None = None
    class_name: str | None = None

    @property
    def text(self) -> str:
        """What a teacher is shown of it: the name as it stands, and what else the line gives."""
        parts = [*self.names[:1], *self.numbers[:1], self.email or "", self.class_name or ""]
        return " · ".join(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True)
class Task:
    """An assignment of an export; what the file does not say is None."""

    title: str
    due: datetime | None = None
    course_id: str | None = None
    assignment_id: str | None = None


@dataclass(frozen=True)
class Line:
    """What an export says of one pupil and one assignment.

    Attributes:
        row: where it stands, as Excel shows it.
        who: whom it names.
        task: which of the export's tasks, counted from 0.
        said: ``"handed_in"``, ``"nothing"``, or a state of :data:`status.STATES`.
        submitted_at: when it was handed in.
        due: when this pupil has to hand in, where it differs from the task's.
    """

    row: int
    who: Written
    task: int
    said: str
    submitted_at: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True)
class Export:
    """One sheet of an exported file.

    Attributes:
        file: the file's name, with the sheet's where it has several.
        format: what it was taken for, in Korean, e.g. ``Moodle 채점 워크시트``.
        tasks: its assignments.
        lines: every line that speaks of a pupil.
        lists_everyone: whether it has a line for each pupil of the course. If not, as with the
            answers to a form, a pupil without a line has not handed in.
        caveat: a Korean sentence on what the format can't tell; empty where it tells all.
        notices: what was passed over, Korean sentences without pupils' names.
    """

    file: str
    format: str
    tasks: tuple[Task, ...]
    lines: tuple[Line, ...]
    lists_everyone: bool
    caveat: str = ""
    notices: tuple[str, ...] = ()
