"""What Google Classroom's answers about a course mean: its pupils, its work, and a row for each of both."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ..names import joined_name, number_in, split_number
from ..source import Course, CourseReading
from ..status import KOREA, Row, judged
from .lists import NAME

# what a submission can say that is no state of the table, and why it is left unknown
_UNCLEAR = {
    "given_back": (
        "제출한 기록 없이 선생님이 돌려준 것이 {}건 있습니다. 종이 등으로 따로 낸 것인지 알 수 없어 "
        "'알 수 없음'으로 두었습니다."
    ),
    "strange": "제출 상태를 알아볼 수 없는 것이 {}건 있어 '알 수 없음'으로 두었습니다.",
}


def course_titles(courses: Iterable[Mapping]) -> dict[str, str]:
    """What each course is called, by number; courses of one name are told apart by section, or else by number."""
    titles = {_number(course["id"]): _line(course.get("name")) or f"강좌 {course['id']}" for course in courses}
    for course in _shared(titles, courses):
        titles[course["id"]] = f"{titles[course['id']]} {_line(course.get('section'))}".strip()
    for course in _shared(titles, courses):
        titles[course["id"]] += f" ({course['id']})"
    return titles


def _shared(titles: Mapping[str, str], courses: Iterable[Mapping]) -> list[Mapping]:
    counts = Counter(titles.values())
    return [course for course in courses if counts[titles[course["id"]]] > 1]


def course_reading(
    course: Course, students: list[dict], work: list[dict], submissions: list[dict], at: datetime
) -> CourseReading:
    """All rows of a course.

    A row is made of each pupil of the roster and each piece of work that is for this pupil. Who has
    left the course has submissions, but stands in no roster.

    Args:
        course: which one.
        students, work, submissions: the answers of ``courses.students.list``, of ``courses.courseWork.list``
            and of ``courses.courseWork.studentSubmissions.list``, from all pages.
        at: when they were asked for.

    Raises:
        ValueError, TypeError, KeyError, AttributeError, OverflowError: the answers have another form.
    """
    pupils, notices = _pupils(students)
    handed: dict[str, dict[str, dict]] = defaultdict(dict)
    for one in submissions:
        handed[_number(one["courseWorkId"])][_number(one["userId"])] = one
    # what changes while pages are read can stand on two of them
    tasks = sorted({task.number: task for task in map(_Task.of, work)}.values(), key=lambda task: task.order)
    said_how_often: Counter[str] = Counter()
    rows = []
    for task in tasks:
        theirs = handed[task.number]
        for pupil in pupils:
            if task.is_for(pupil.user_id, theirs):
                said, submitted_at = _said(theirs.get(pupil.user_id), task)
                said_how_often[said] += 1
                rows.append(_row(course, task, pupil, said, submitted_at, at))
    if not pupils:
        notices.append("학생이 한 명도 없습니다.")
    elif not tasks:
        notices.append("제출을 받는 과제가 없습니다.")
    notices += [why.format(said_how_often[said]) for said, why in _UNCLEAR.items() if said_how_often[said]]
    return CourseReading(tuple(rows), tuple(notices))


def _row(course: Course, task: _Task, pupil: _Pupil, said: str, submitted_at: datetime | None, at: datetime) -> Row:
    known = "unknown" if said in _UNCLEAR else said
    return Row(
        class_name=course.title,
        student_no=pupil.student_no,
        name=pupil.name,
        assignment=task.title,
        due=task.due,
        state=judged(known, at=at, due=task.due, opens=task.opens, submitted_at=submitted_at),
        submitted_at=submitted_at,
        hidden=task.hidden,
        source=NAME,
        course_id=course.course_id,
        assignment_id=task.number,
    )


@dataclass(frozen=True)
class _Pupil:
    user_id: str
    student_no: str | None
    name: str | None
    # what tells apart where name and number do not
    account: str


def _pupils(students: Iterable[Mapping]) -> tuple[list[_Pupil], list[str]]:
    """The roster, each pupil told apart from all others, and what a teacher has to know about it."""
    pupils = list({pupil.user_id: pupil for pupil in map(_pupil, students)}.values())
    nameless = sum(pupil.name is None for pupil in pupils)
    counts = Counter((pupil.student_no, pupil.name) for pupil in pupils)
    alike = [counts[pupil.student_no, pupil.name] > 1 or not (pupil.student_no or pupil.name) for pupil in pupils]
    pupils = [
        replace(pupil, student_no=pupil.account) if same else pupil for pupil, same in zip(pupils, alike, strict=True)
    ]
    notices = []
    if nameless:
        notices.append(f"학생 {nameless}명의 이름은 구글이 보여 주지 않았습니다. 학번 칸을 보고 확인해 주세요.")
    if namesakes := sum(same and pupil.name is not None for pupil, same in zip(pupils, alike, strict=True)):
        notices.append(f"이름과 학번이 같은 학생 {namesakes}명은 학번 칸에 구글 계정 이름을 적어 구별했습니다.")
    return pupils, notices


def _pupil(student: Mapping) -> _Pupil:
    user_id = _number(student["userId"])
    profile = student.get("profile") or {}
    account = _line(profile.get("emailAddress")).partition("@")[0]
    names = profile.get("name") or {}
    # schools that leave a part empty must write something there, such as a full stop
    family, given, full = (
        part if any(map(str.isalnum, part := _line(names.get(key)))) else ""
        for key in ("familyName", "givenName", "fullName")
    )
    name = joined_name(family, given)
    if not re.search("[가-힣]", name):  # Google puts the parts of other names into their own order
        name = split_number(full)[1] or name
    number = number_in(family, given, full) or (account if account.isdecimal() else None)
    return _Pupil(user_id, number, name or None, account or user_id)


@dataclass(frozen=True)
class _Task:
    """Course work that pupils hand in; ``exact`` says whether the time of day it is due is known."""

    number: str
    title: str
    hidden: bool
    due: datetime | None
    exact: bool
    opens: datetime | None
    # None if it is for all
    only_for: frozenset[str] | None
    created: str

    @classmethod
    def of(cls, work: Mapping) -> _Task:
        only_for = None
        if work.get("assigneeMode") == "INDIVIDUAL_STUDENTS":
            only_for = frozenset((work.get("individualStudentsOptions") or {}).get("studentIds", ()))
        opens = work.get("scheduledTime") if work.get("state") == "DRAFT" else None
        return cls(
            number=_number(work["id"]),
            title=_line(work.get("title")) or "제목 없는 과제",
            hidden=work.get("state") != "PUBLISHED",
            due=_due(work),
            exact="dueTime" in work,
            opens=_time(opens) if opens else None,
            only_for=only_for,
            created=str(work.get("creationTime", "")),
        )

    @property
    def order(self) -> tuple:
        return self.due is None, self.due or datetime.max.replace(tzinfo=UTC), self.created

    def is_for(self, user_id: str, handed: Mapping[str, object]) -> bool:
        if self.only_for is None:
            return True
        # every pupil who is assigned has a submission, be it an untouched one
        return user_id in self.only_for or (not self.only_for and user_id in handed)


def _due(work: Mapping) -> datetime | None:
    """When work is due: its parts are in UTC, and those that are 0 are left out.

    A date without any time, which the API's documentation does not provide for, lasts until the
    day ends in Korea, as Classroom does where a teacher gives no time.
    """
    day, clock = work.get("dueDate"), work.get("dueTime")
    if not day:
        return None
    if clock is None:
        return datetime(day["year"], day["month"], day["day"], 23, 59, 59, tzinfo=KOREA)
    midnight = datetime(day["year"], day["month"], day["day"], tzinfo=UTC)
    return midnight + timedelta(**{part: clock.get(part, 0) for part in ("hours", "minutes", "seconds")})


def _said(submission: Mapping | None, task: _Task) -> tuple[str, datetime | None]:
    """What a pupil's submission says, as :func:`status.judged` takes it, and when it was handed in.

    ``"given_back"`` is work that the teacher gave back and that was never handed in, ``"strange"`` a
    state that is not known here.
    """
    # who is in the course and has no submission has not handed in
    state = "NEW" if submission is None else submission.get("state")
    if state in ("NEW", "CREATED"):
        return "nothing", None
    if state == "RECLAIMED_BY_STUDENT":
        return "draft", None
    if state not in ("TURNED_IN", "RETURNED"):
        return "strange", None
    changes = [one["stateHistory"] for one in submission.get("submissionHistory", ()) if one.get("stateHistory")]
    by_pupil = sorted(
        (_time(change["stateTimestamp"]), change["state"])
        for change in changes
        if change.get("state") in ("TURNED_IN", "RECLAIMED_BY_STUDENT")
    )
    if by_pupil and by_pupil[-1][1] == "TURNED_IN":
        submitted_at, known = by_pupil[-1][0], task.exact
    elif state == "RETURNED":
        return "given_back", None
    else:  # a mark or a comment of the teacher changes this time too, so it does not say whether it was late
        changed = submission.get("updateTime")
        submitted_at, known = _time(changed) if changed else None, False
    if known:
        return "handed_in", submitted_at
    return "late" if submission.get("late") is True else "submitted", submitted_at


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment


def _number(value: object) -> str:
    """An id as Google sends it: a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise TypeError("no id")
    return value


def _line(value: object) -> str:
    """A text on one line; empty where there is none."""
    return " ".join(unicodedata.normalize("NFC", value or "").split())
