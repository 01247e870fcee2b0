"""What a Moodle course's answers say of each pupil and assignment, as rows of the one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .moodle_answers import Assignment, Module, Work
from .moodle_availability import may_see
from .moodle_people import Pupil
from .status import Row, judged

# Moodle's words for the state of an attempt; a row is no hand-in
_SAID = {"submitted": "handed_in", "draft": "draft", "reopened": "returned", "new": "nothing"}


@dataclass(frozen=True)
class CourseAnswers:
    """All that was read of a course.

    Attributes:
        works: attempts by assignment; one that is not among them could not be read.
        extensions: extended due dates by assignment and user.
        modules: the course page by assignment; None if it could not be read.
        hidden: whether the whole course is.
    """

    number: int
    title: str
    assignments: Sequence[Assignment]
    pupils: Sequence[Pupil]
    works: Mapping[int, Sequence[Work]]
    extensions: Mapping[int, Mapping[int, datetime]] = field(default_factory=dict)
    modules: Mapping[int, Module] | None = None
    hidden: bool = False


def rows_of(course: CourseAnswers, source: str, at: datetime) -> Iterator[Row]:
    """A row for each pupil and assignment.

    ``due`` is the later one of the assignment's date and the pupil's extension. Dates that
    were set for a single pupil or group (overrides) are not in any answer that a teacher can have
    without Moodle writing rows of its own, so that the assignment's date stands there for them.
    """
    for assignment in course.assignments:
        works = course.works.get(assignment.number)
        given = course.extensions.get(assignment.number, {})
        for pupil in course.pupils:
            due = _later(assignment.due, given.get(pupil.user))
            said, handed_in_at = _said(assignment, pupil, works)
            yield Row(
                class_name=course.title,
                student_no=pupil.student_no,
                name=pupil.name,
                assignment=assignment.title,
                due=due,
                state=judged(said, at=at, due=due, opens=assignment.opens, submitted_at=handed_in_at),
                submitted_at=handed_in_at,
                hidden=_is_hidden(course, assignment, pupil, at),
                source=source,
                course_id=str(course.number),
                assignment_id=str(assignment.number),
            )


def _later(due: datetime | None, extended: datetime | None) -> datetime | None:
    return max(due, extended) if due and extended else due


def _is_hidden(course: CourseAnswers, assignment: Assignment, pupil: Pupil, at: datetime) -> bool:
    module = (course.modules or {}).get(assignment.number)
    if course.hidden or module is None:
        return course.hidden
    return not module.visible or may_see(module.availability, pupil.groups, at) is False


def _said(assignment: Assignment, pupil: Pupil, works: Sequence[Work] | None) -> tuple[str, datetime | None]:
    """What the attempts say of one pupil, and when he or she handed in."""
    if works is None or assignment.offline:
        return "unknown", None
    own = _last(work for work in works if work.user == pupil.user)
    if not assignment.team:
        return _of(own)
    team, is_sure = _team_work(assignment, pupil, works)
    if not is_sure:
        return "unknown", None
    if assignment.needs_everyone and own and (team is None or team.status != "submitted"):
        return _of(own)  # the group's is a draft until every member has pressed the button
    return _of(team)


def _of(work: Work | None) -> tuple[str, datetime | None]:
    if work is None:
        return "nothing", None
    said = _SAID.get(work.status, "unknown")
    return said, work.modified if said == "handed_in" else None


def _last(works: Iterator[Work]) -> Work | None:
    return max(works, key=lambda work: work.modified.timestamp() if work.modified else 0, default=None)


def _team_work(assignment: Assignment, pupil: Pupil, works: Sequence[Work]) -> tuple[Work | None, bool]:
    """The attempt that counts for a pupil's group, and whether that is sure.

    Who is in no group, or in several, shares group 0 (``assign::get_submission_group``), if such
    pupils may hand in at all. Which groups a grouping holds is not told; those that have an attempt
    are in it.
    """
    teams = {work.group: work for work in works if work.user == 0}
    rest = None if assignment.needs_group else teams.get(0)
    if pupil.groups is None:
        return rest, not any(teams)
    if not pupil.groups:
        return rest, True
    if not assignment.grouping:
        return (teams.get(pupil.groups[0]) if len(pupil.groups) == 1 else rest), True
    known = [group for group in pupil.groups if group in teams]
    if len(known) == 1:
        return teams[known[0]], True
    if known:
        return None, False
    return None, rest is None or rest.status != "submitted"


def cannot_hand_in(assignment: Assignment, pupils: Sequence[Pupil]) -> int:
    """How many pupils a group assignment lets hand in nothing, being in no group."""
    if not (assignment.team and assignment.needs_group):
        return 0
    groups = [len(pupil.groups) for pupil in pupils if pupil.groups is not None]
    return sum(count == 0 or (count > 1 and not assignment.grouping) for count in groups)
