"""A Moodle read through its web service: few questions for all courses, and what they leave open course by course."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event
from typing import TypeVar

from ..connection import Connection
from ..secret import Secret
from ..source import Course, CourseReading, SourceError
from ..status import KOREA
from . import answers
from .answers import Assignment, Enrolled, Module, Person, Site, Work, understood
from .courses import chosen, no_courses
from .judging import CourseAnswers, rows_of, undecided
from .notices import NO_ASSIGNMENTS, NO_EXTENSIONS, NO_VISIBILITY, UNSEEN_ASSIGNMENTS, WITH_INACTIVE, notices_of
from .people import pupils_of, teaches
from .refusals import OF_FUNCTION, REFUSALS, json_answer, lacking, refusal

T = TypeVar("T")

SERVER = "/webservice/rest/server.php"
NEEDED = (
    "core_enrol_get_users_courses",
    "mod_assign_get_assignments",
    "mod_assign_get_submissions",
    "core_enrol_get_enrolled_users",
)
FLAGS = "mod_assign_get_user_flags"
CONTENTS = "core_course_get_contents"
PARTICIPANTS = "mod_assign_list_participants"
# PHP drops what is beyond max_input_vars, 1000 unless the school has changed it
MOST_NUMBERS = 900
_ACTIVE = ("onlyactive", "1")
_FIELDS = (("userfields", "id,username,fullname,lastname,firstname,idnumber,email,roles,groups"),)


@dataclass
class _Known:
    """What has been answered so far; each course adds only to its own."""

    site: Site
    courses: dict[int, Enrolled]
    titles: dict[int, str] = field(default_factory=dict)
    assignments: dict[int, tuple[Assignment, ...]] = field(default_factory=dict)
    refused_modules: set[int] = field(default_factory=set)
    works: dict[int, tuple[Work, ...]] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    extensions: dict[int, dict[int, datetime]] = field(default_factory=dict)
    refused_extensions: set[int] = field(default_factory=set)
    people: dict[int, list[Person]] = field(default_factory=dict)
    with_inactive: set[int] = field(default_factory=set)
    modules: dict[int, dict[int, Module]] = field(default_factory=dict)
    teams: dict[int, dict[int, int]] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)

    def offers(self, function: str) -> bool:
        listed = self.site.functions is None or function in self.site.functions
        return listed and function not in self.lacking


class MoodleWebService:
    """The courses of a teacher, read with a token.

    Five questions are asked for all courses together, and two for each course; what the common ones
    do not answer for a course it asks for itself. One more is asked for a group assignment in which it
    hangs on the grouping whose attempt counts. Only functions that read are called, never
    ``mod_assign_get_submission_status``, which starts an attempt for every pupil it is asked about.
    (``mod_assign_get_submissions`` itself may note an empty attempt of "no group" where a group
    assignment is marked; Moodle knows no way around it.)

    What the answers can't tell: dates that were set for single pupils or groups, and whether the whole
    account of a pupil with an active enrolment is suspended.

    Args:
        connection: to the site.
        token: of the web service.
        courses: numbers of the courses to read; if None those that the user teaches, are open to
            pupils and have not ended.
        now: what the time is.
    """

    name = "Moodle"

    def __init__(
        self,
        connection: Connection,
        token: Secret,
        courses: Sequence[int] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(KOREA),
    ):
        self.notices: tuple[str, ...] = ()
        self._connection, self._token, self._numbers, self._now = connection, token, courses, now
        self._known = _Known(Site(0, None), {})

    def courses(self, stop: Event) -> list[Course]:
        """The courses to read; ``notices`` then says which were left out."""
        site = self._asked("core_webservice_get_site_info", stop, answers.site)
        missing = [one for one in NEEDED if site.functions is not None and one not in site.functions]
        if missing:
            raise SourceError(
                f"토큰의 서비스에 필요한 기능이 없습니다: {', '.join(missing)}",
                "Moodle 관리자에게 서비스에 이 기능을 넣어 달라고 하거나, 아이디와 비밀번호로 연결해 주세요.",
                source=self._connection.host,
                kind="not_in_service",
            )
        listed = self._asked(NEEDED[0], stop, answers.enrolled_courses, userid=site.user_id)
        known = self._known = _Known(site, {one.number: one for one in listed})
        courses, notices = chosen(listed, self._numbers, self._now())
        self._ask_for_all(known, [int(one.course_id) for one in courses], stop)
        if self._numbers is None:
            learnt = [one for one in courses if self._only_learns(known, int(one.course_id), stop)]
            courses = [one for one in courses if one not in learnt]
            notices += [f"'{one.title}' 강좌는 제출물을 볼 권한이 없어(교사가 아님) 읽지 않았습니다." for one in learnt]
        if not courses:
            raise no_courses(notices, self._connection.host)
        self.notices = tuple(notices)
        return courses

    def read(self, course: Course, stop: Event) -> CourseReading:
        """All rows of one course; what was answered before is not asked for again."""
        known, number = self._known, int(course.course_id)
        if number not in known.assignments:
            self._ask_assignments(known, [number], stop, also_unenrolled=number not in known.courses)
        if number not in known.assignments:
            raise refusal("no_access", self._connection.host)
        assignments = known.assignments[number]
        if not assignments:
            return CourseReading((), (NO_ASSIGNMENTS,))
        asked = [one.number for one in assignments]
        people = self._people(known, number, stop)
        self._ask_works(known, [one for one in asked if one not in known.works and one not in known.gone], stop)
        if not any(one in known.works or one in known.gone for one in asked):
            raise refusal("no_permission", self._connection.host)
        notices = [WITH_INACTIVE] if number in known.with_inactive else []
        if not self._has_extensions(known, asked, stop):
            notices.append(NO_EXTENSIONS)
        modules = self._modules(known, number, stop)
        if modules is None:
            notices.append(NO_VISIBILITY)
        if known.refused_modules and (modules is None or self._hides_some(known, modules)):
            notices.append(UNSEEN_ASSIGNMENTS)
        pupils, doubts = pupils_of(people, known.site.user_id)
        whole = CourseAnswers(
            number,
            course.title if number in known.courses else known.titles.get(number, course.title),
            assignments,
            pupils,
            {one: known.works[one] for one in asked if one in known.works},
            {one: known.extensions.get(one, {}) for one in asked},
            modules,
            hidden=number in known.courses and not known.courses[number].visible,
        )
        whole = self._with_teams(known, whole, stop)
        at = self._now()
        rows = tuple(rows_of(whole, self.name, at))
        return CourseReading(rows, (*doubts, *notices, *notices_of(whole, at, known.gone)))

    def _ask_for_all(self, known: _Known, numbers: list[int], stop: Event) -> None:
        """Asks the common questions; whoever is left out asks for itself and then names what is wrong."""
        numbers = sorted(numbers)
        self._in_parts(numbers, lambda part: self._ask_assignments(known, part, stop))
        asked = [one.number for number in numbers for one in known.assignments.get(number, ())]
        self._in_parts(asked, lambda part: self._ask_works(known, part, stop))
        if known.offers(FLAGS):
            self._in_parts(sorted(asked), lambda part: self._ask_extensions(known, part, stop))

    @staticmethod
    def _in_parts(numbers: list[int], ask: Callable[[list[int]], None]) -> None:
        for part in _parts(numbers):
            try:
                ask(part)
            except SourceError as error:
                if error.problems[0].kind in OF_FUNCTION:
                    break

    def _only_learns(self, known: _Known, number: int, stop: Event) -> bool:
        """Whether the user may see no one's work in a course because he or she is a pupil in it."""
        asked = {one.number for one in known.assignments.get(number, ())}
        if not asked or not asked <= known.refused:
            return False
        try:
            return not teaches(self._people(known, number, stop), known.site.user_id)
        except SourceError as error:
            return error.problems[0].kind in REFUSALS

    def _ask_assignments(self, known: _Known, numbers: list[int], stop: Event, also_unenrolled: bool = False) -> None:
        extra = {"includenotenrolledcourses": 1} if also_unenrolled else {}
        found = self._asked(NEEDED[1], stop, answers.assignments, courseids=numbers, **extra)
        known.assignments |= {one: found.by_course[one] for one in numbers if one in found.by_course}
        known.titles |= found.titles
        known.refused_modules |= found.refused_modules

    def _ask_works(self, known: _Known, numbers: list[int], stop: Event) -> None:
        for part in _parts(numbers):
            found = self._asked(NEEDED[2], stop, answers.works, assignmentids=part)
            known.works |= {one: found.by_assignment[one] for one in part if one in found.by_assignment}
            known.refused |= found.refused
            known.gone |= set(part) - found.by_assignment.keys() - found.refused

    def _ask_extensions(self, known: _Known, numbers: list[int], stop: Event) -> None:
        for part in _parts(numbers):
            found = self._asked(FLAGS, stop, answers.extensions, assignmentids=part)
            known.extensions |= {one: found.by_assignment.get(one, {}) for one in part if one not in found.refused}
            known.refused_extensions |= found.refused

    def _has_extensions(self, known: _Known, asked: list[int], stop: Event) -> bool:
        left = [one for one in asked if one not in known.extensions and one not in known.refused_extensions]
        if known.offers(FLAGS):
            self._unless_refused(lambda: self._ask_extensions(known, left, stop))
        return all(one in known.extensions for one in asked)

    @staticmethod
    def _unless_refused(ask: Callable[[], None]) -> None:
        """Asks what can be done without."""
        try:
            ask()
        except SourceError as error:
            if error.problems[0].kind not in REFUSALS:
                raise

    def _with_teams(self, known: _Known, course: CourseAnswers, stop: Event) -> CourseAnswers:
        """The answers with the groups that pupils hand in for, where those that are there leave that open."""
        asked = [one.number for one in undecided(course)]
        for number in asked:
            if number not in known.teams and known.offers(PARTICIPANTS):
                self._unless_refused(lambda number=number: self._ask_teams(known, number, stop))
        return replace(course, teams={one: known.teams[one] for one in asked if one in known.teams})

    def _ask_teams(self, known: _Known, number: int, stop: Event) -> None:
        known.teams[number] = self._asked(
            PARTICIPANTS, stop, answers.hand_in_groups, assignid=number, groupid=0, filter="", onlyids=1
        )

    def _people(self, known: _Known, number: int, stop: Event) -> list[Person]:
        """The people of a course; of a size that has no need of pages, without a limit they all come."""
        if number in known.people:
            return known.people[number]
        people = self._active_people(number, stop)
        if people is None:
            people = self._asked(NEEDED[3], stop, answers.people, courseid=number, options=_FIELDS)
            known.with_inactive.add(number)
        known.people[number] = people
        return people

    def _active_people(self, number: int, stop: Event) -> list[Person] | None:
        """Those with an active enrolment; None if the user, as a non-editing teacher, may not ask for them."""
        try:
            return self._asked(NEEDED[3], stop, answers.people, courseid=number, options=(_ACTIVE, *_FIELDS))
        except SourceError as error:
            if error.problems[0].kind != "no_permission":
                raise
        return None

    def _modules(self, known: _Known, number: int, stop: Event) -> dict[int, Module] | None:
        if number not in known.modules and known.offers(CONTENTS):
            self._unless_refused(lambda: self._ask_modules(known, number, stop))
        return known.modules.get(number)

    def _ask_modules(self, known: _Known, number: int, stop: Event) -> None:
        known.modules[number] = self._asked(
            CONTENTS, stop, answers.modules, courseid=number, options=(("modname", "assign"),)
        )

    @staticmethod
    def _hides_some(known: _Known, modules: dict[int, Module]) -> bool:
        return any(module.number in known.refused_modules for module in modules.values())

    def _asked(self, function: str, stop: Event, parse: Callable[[object], T], **arguments: object) -> T:
        form: dict[str, str | int | Secret] = {
            "moodlewsrestformat": "json",
            "wsfunction": function,
            "wstoken": self._token,
        }
        for name, value in arguments.items():
            form |= dict(_flattened(name, value))
        answer = self._connection.post(SERVER, stop, form=form)
        host = self._connection.host
        try:
            return understood(parse, json_answer(answer, host, self._token), host)
        except SourceError as error:
            kind = error.problems[0].kind
            if kind not in OF_FUNCTION:
                raise
        self._known.lacking.add(function)
        raise lacking(kind, function, host)


def _flattened(name: str, value: object) -> Iterator[tuple[str, str | int]]:
    """An argument as Moodle's REST protocol writes it: ``courseids[0]=2``, ``options[0][name]=modname``."""
    if isinstance(value, list):
        yield from ((f"{name}[{place}]", one) for place, one in enumerate(value))
    elif isinstance(value, tuple):
        for place, (key, one) in enumerate(value):
            yield f"{name}[{place}][name]", key
            yield f"{name}[{place}][value]", one
    else:
        yield name, value


def _parts(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), MOST_NUMBERS):
        yield numbers[start : start + MOST_NUMBERS]
