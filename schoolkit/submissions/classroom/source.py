"""Google Classroom, read with the teacher's own log-in: courses, rosters, course work and what was handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from threading import Event
from typing import TypeVar

import pandas as pd

from ..collect import Collection
from ..source import Course, CourseReading
from .lists import NAME, PAUSES, ClassroomLists, problem, require_google
from .rows import course_reading, course_titles

# https://developers.google.com/workspace/classroom/guides/key-concepts/grades
CAVEAT = (
    "구글 클래스룸은 선생님이 '면제'나 '완료'로 표시한 것을 다른 프로그램에 알려 주지 않습니다. "
    "그렇게 표시한 과제도 내지 않았으면 미제출로 나옵니다."
)

_T = TypeVar("_T")

# seconds
_TIME_OUT = 30

# only what the table needs is sent: no descriptions, no attachments, no answers, no grades
_COURSE_FIELDS = "nextPageToken,courses(id,name,section)"
_STUDENT_FIELDS = "nextPageToken,students(userId,profile(name(familyName,givenName,fullName),emailAddress))"
_WORK_FIELDS = (
    "nextPageToken,courseWork(id,title,state,creationTime,scheduledTime,dueDate,dueTime,"
    "assigneeMode,individualStudentsOptions(studentIds))"
)
_SUBMISSION_FIELDS = (
    "nextPageToken,studentSubmissions(userId,courseWorkId,state,late,updateTime,"
    "submissionHistory(stateHistory(state,stateTimestamp)))"
)


def classroom_source(credentials: object, courses: Sequence[str | int] | None = None) -> ClassroomSource:
    """The active courses that the user teaches, as a source for :class:`collect.Collection`.

    Args:
        credentials: whatever Google's libraries authorise with, such as those that
            :meth:`login.Login.finish` gives.
        courses: numbers of the courses to offer; all if None.

    Raises:
        SourceError: Google's client is not installed.
    """
    require_google()

    def authorised() -> object:
        import google_auth_httplib2
        import httplib2

        return google_auth_httplib2.AuthorizedHttp(credentials, http=httplib2.Http(timeout=_TIME_OUT))

    return ClassroomSource(authorised, courses)


def collect_classroom(credentials: object, *, courses: Sequence[str | int] | None = None) -> pd.DataFrame:
    """What the pupils of the user's active courses have handed in, as the one table.

    ``attrs["failed"]`` lists the courses that could not be read.

    Args:
        credentials: as for :func:`classroom_source`.
        courses: numbers of the courses to read; all active ones that the user teaches if None.

    Raises:
        SourceError: the courses could not be listed.
        InputError: none of them could be read; its problems name each.
    """
    return Collection(classroom_source(credentials), courses).run().outcome()


class ClassroomSource:
    """Google Classroom as a :class:`source.Source`.

    Three requests read a course, more where an answer has several pages. Nothing but lists is
    ever asked for, so nothing is changed in Classroom.

    Args:
        open_http: gives a new ``httplib2.Http`` that authorises its requests. It is called for each
            reading, because httplib2 is not made for sharing between threads.
        courses: numbers of the courses to offer; all if None.
        pauses: seconds to wait before each further try after a network error.
    """

    name = NAME
    notices = (CAVEAT,)

    def __init__(
        self,
        open_http: Callable[[], object],
        courses: Sequence[str | int] | None = None,
        pauses: Sequence[float] = PAUSES,
    ):
        self._open_http = open_http
        self._wanted = None if courses is None else list(dict.fromkeys(map(str, courses)))
        self._pauses = tuple(pauses)
        self._taught: set[str] = set()

    def courses(self, stop: Event) -> list[Course]:
        """The active courses that the user teaches; one that was wanted and is not among them fails when read."""
        with self._lists(stop) as lists:
            listed = lists.read(
                "courses", "courses", teacherId="me", courseStates=["ACTIVE"], pageSize=100, fields=_COURSE_FIELDS
            )
        if not listed:
            raise problem("no_courses")
        titles = _understood(lambda: course_titles(listed))
        self._taught = set(titles)
        numbers = titles if self._wanted is None else self._wanted
        return [Course(number, titles.get(number, f"강좌 {number}")) for number in numbers]

    def read(self, course: Course, stop: Event) -> CourseReading:
        """The course's roster, its work and what was handed in, drafts and scheduled work marked as hidden."""
        number = course.course_id
        if number not in self._taught:  # where the user is a pupil, the others' submissions are not shown
            raise problem("unknown_course")
        at = datetime.now(UTC)
        with self._lists(stop) as lists:
            students = lists.read("courses.students", "students", courseId=number, pageSize=100, fields=_STUDENT_FIELDS)
            work = lists.read(
                "courses.courseWork",
                "courseWork",
                courseId=number,
                courseWorkStates=["PUBLISHED", "DRAFT"],
                fields=_WORK_FIELDS,
            )
            submissions = lists.read(
                "courses.courseWork.studentSubmissions",
                "studentSubmissions",
                courseId=number,
                courseWorkId="-",
                fields=_SUBMISSION_FIELDS,
            )
        return _understood(lambda: course_reading(course, students, work, submissions, at))

    def _lists(self, stop: Event) -> closing[ClassroomLists]:
        return closing(ClassroomLists(self._open_http(), stop, self._pauses))


def _understood(made: Callable[[], _T]) -> _T:
    """What is made of Google's answers; their values may be anything."""
    try:
        return made()
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        pass  # raised below, so that the values do not hang on to it
    raise problem("bad_answer")
