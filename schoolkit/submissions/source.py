"""What every live source offers to a collection: its courses, and the reading of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from ..errors import InputError, Problem
from .status import Row


@dataclass(frozen=True)
class Course:
    """A course of a source that can be read: its number there, and what it is called."""

    course_id: str
    title: str


@dataclass(frozen=True)
class CourseReading:
    """All that a source says of one course; ``notices`` are Korean sentences without pupils' names."""

    rows: tuple[Row, ...]
    notices: tuple[str, ...] = ()


class SourceError(InputError):
    """A source that refused or could not be reached; its one problem says why, without secrets or names."""

    def __init__(self, what: str, what_to_do: str = "", *, source: str | None = None, kind: str = "source"):
        super().__init__([Problem(what, what_to_do, source, kind=kind)])

    @property
    def reason(self) -> str:
        """Why, and what to do, in Korean."""
        (problem,) = self.problems
        return f"{problem.what} {problem.what_to_do}".strip()


class Stopped(Exception):
    """The teacher has stopped the collection; what was being read is dropped."""


class Source(Protocol):
    """A place that submissions are read from.

    ``courses`` and ``read`` are called from other threads, ``read`` for up to four courses at
    once, and give up with :class:`Stopped` between two requests once ``stop`` is set.
    Both raise :class:`SourceError` for whatever goes wrong. ``read`` is called again for a course
    that failed, and then asks anew for what it could not get. ``notices`` say, once the courses are
    listed, what concerns the source as a whole.
    """

    name: str

    @property
    def notices(self) -> Sequence[str]: ...

    def courses(self, stop: Event) -> list[Course]: ...

    def read(self, course: Course, stop: Event) -> CourseReading: ...
