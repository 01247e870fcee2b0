"""What a Moodle course's answers say of each pupil and assignment, as rows of the one table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ..status import Row, judged
from .answers import Assignment, Module, Work
from .availability import may_see
from .people import Pupil

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
        teams: by group assignment of which that was asked, the group that each user hands in for; 0 for none.
    """

    number: int
    title: str
    assignments: Sequence[Assignment]
    pupils: Sequence[Pupil]
    works: Mapping[int, Sequence[Work]]
    extensions: Mapping[int, Mapping[int, datetime]] = field(default_factory=dict)
    modules: Mapping[int, Module] | None = None
    hidden: bool = False
    teams: Mapping[int, Mapping[int, int]] = field(default_factory=dict)


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
            said, handed_in_at = _said(assignment, pupil, works, course.teams.get(assignment.number, {}))
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


def undecided(course: CourseAnswers) -> list[Assignment]:
    """The group assignments of which it is not known what some pupil's group has handed in."""
    return [
        one
        for one in course.assignments
        if (works := course.works.get(one.number)) is not None
        and one.team
        and not one.offline
        and any(len(_may_be_said(one, pupil, works, course.teams.get(one.number, {}))) > 1 for pupil in course.pupils)
    ]


def _said(
    assignment: Assignment, pupil: Pupil, works: Sequence[Work] | None, teams: Mapping[int, int]
) -> tuple[str, datetime | None]:
    """What the attempts say of one pupil, and when he or she handed in."""
    if works is None or assignment.offline:
        return "unknown", None
    if not assignment.team:
        return _of(_last(work for work in works if work.user == pupil.user))
    may_be = _may_be_said(assignment, pupil, works, teams)
    return may_be.pop() if len(may_be) == 1 else ("unknown", None)


def _may_be_said(
    assignment: Assignment, pupil: Pupil, works: Sequence[Work], teams: Mapping[int, int]
) -> set[tuple[str, datetime | None]]:
    """What may hold for a pupil in a group assignment; more than one where it is open which group counts."""
    own = _last(work for work in works if work.user == pupil.user)
    by_group = {work.group: work for work in works if work.user == 0}
    found = set()
    for group in _groups_that_may_count(assignment, pupil, by_group, teams):
        team = None if group == 0 and assignment.needs_group else by_group.get(group)
        # the group's is a draft until every member has pressed the button
        stands_alone = assignment.needs_everyone and own and (team is None or team.status != "submitted")
        found.add(_of(own if stands_alone else team))
    return found


def _groups_that_may_count(
    assignment: Assignment, pupil: Pupil, with_work: Collection[int], teams: Mapping[int, int]
) -> set[int]:
    """The group that a pupil hands in for, or all that it may be (``assign::get_submission_group``).

    It is the one group of the pupil within the grouping; who has none there, or several, shares
    group 0. Which groups a grouping holds is not told: those that have an attempt are in it, the
    others may be.
    """
    if pupil.user in teams:
        return {teams[pupil.user]}
    if pupil.groups is None:
        return {0, *with_work}
    if not pupil.groups:
        return {0}
    if not assignment.grouping:
        return {pupil.groups[0] if len(pupil.groups) == 1 else 0}
    inside = [group for group in pupil.groups if group in with_work]
    if len(inside) > 1:
        return {0}
    if len(inside) == len(pupil.groups):
        return set(inside)
    return {0, *(inside or pupil.groups)}


def _of(work: Work | None) -> tuple[str, datetime | None]:
    if work is None:
        return "nothing", None
    said = _SAID.get(work.status, "unknown")
    return said, work.modified if said == "handed_in" else None


def _last(works: Iterator[Work]) -> Work | None:
    return max(works, key=lambda work: work.modified.timestamp() if work.modified else 0, default=None)


def cannot_hand_in(assignment: Assignment, pupils: Sequence[Pupil], teams: Mapping[int, int]) -> int:
    """How many pupils a group assignment lets hand in nothing, as they have no one group."""
    if not (assignment.team and assignment.needs_group):
        return 0
    told = [pupil for pupil in pupils if pupil.groups is not None]
    return sum(_groups_that_may_count(assignment, pupil, (), teams) == {0} for pupil in told)
