"""A Moodle read as with a browser: log in by the form, then download each course's completion report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock

from ...errors import InputError
from ...tables import read_tables
from ..connection import Answer, Connection
from ..exports.export import Export, Written
from ..exports.moodle import read_completion
from ..names import number_in
from ..secret import Secret
from ..source import Course, CourseReading, SourceError
from ..status import KOREA, Row, judged
from .answers import Enrolled, plain, timestamp, understood
from .courses import chosen, no_courses
from .pages import course_links, has_other_login, login_fields, session_key
from .people import shown_name
from .refusals import NO_TOKENS, REFUSALS, json_answer, refusal, said_no, second_factor

LOGIN = "/login/index.php"
REPORT = "/report/progress/index.php"
COURSE_LIST = "core_course_get_enrolled_courses_by_timeline_classification"
_COURSES_A_PAGE = 200
# the list was not given, but the pages may show the courses all the same
_LIST_REFUSED = (
    REFUSALS
    | NO_TOKENS
    | {"bad_request", "blocked", "not_moodle", "redirected", "empty_answer", "bad_answer", "unexpected_answer"}
)
# pages that want something of the account before all others
_DEMANDS = re.compile(
    r"/(admin/tool/(mfa|policy)/|login/(change_password|confirm)\.php|user/(edit|editadvanced|policy)\.php)"
)
_NO_DUES = "활동 완료로는 과제의 기한도 알 수 없어, 완료 예상일이 없는 활동은 기한이 없는 것으로 보았습니다."


@dataclass(frozen=True)
class _Session:
    """A log-in: the connection that holds its cookies, and the key of its requests."""

    connection: Connection
    key: Secret


class MoodleForm:
    """The courses of a teacher, read with name and password where no token is to be had.

    One report is downloaded for each course: who has completed which activity. It knows no
    drafts, lateness, extensions and hidden activities, and it lists what is no assignment too.

    Args:
        connection: to the site.
        username, password: as typed in the log-in form.
        courses: numbers of the courses to read; if None those that the user is in, are open to
            pupils and have not ended.
        now: what the time is.
    """

    name = "Moodle 활동 완료"

    def __init__(
        self,
        connection: Connection,
        username: str,
        password: Secret,
        courses: Sequence[int] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(KOREA),
    ):
        self.notices: tuple[str, ...] = ()
        self._connection, self._numbers, self._now = connection, courses, now
        self._username, self._password = username, password
        self._lock = Lock()
        self._open: _Session | None = None

    def courses(self, stop: Event) -> list[Course]:
        """The courses to read; ``notices`` then says which were left out."""
        session = self._session(stop)
        try:
            listed = list(self._listed(session, stop))
        except SourceError as error:
            if error.problems[0].kind == "session_ended":
                self._end(session)
            if error.problems[0].kind not in _LIST_REFUSED:
                raise
            listed = list(self._linked(session, stop))
        courses, notices = chosen(listed, self._numbers, self._now())
        if not courses:
            raise no_courses(notices, self._connection.host)
        self.notices = tuple(notices)
        return courses

    def read(self, course: Course, stop: Event) -> CourseReading:
        """The completion report of one course as rows; if the session has ended, after one new log-in."""
        host = self._connection.host
        answer = self._report_page(course, stop) or self._report_page(course, stop)
        if answer is None:
            raise refusal("session_ended", host)
        if answer.status >= 500:
            raise refusal("server_error", host)
        if answer.location:
            raise self._led_away(answer.location)
        if answer.is_page or answer.status != 200:
            raise refusal("no_report", host)
        export = _report(answer, course.title, host)
        return CourseReading(
            tuple(_rows(export, course, self.name, self._now())),
            tuple(one for one in (export.caveat, _NO_DUES, *export.notices, *_alike(export)) if one),
        )

    def _report_page(self, course: Course, stop: Event) -> Answer | None:
        """What the site answers; None if the session has ended, which is then forgotten."""
        session = self._session(stop)
        asked = {"course": course.course_id, "format": "csv"}
        answer = session.connection.get(REPORT, stop, params=asked, follow=False)
        if LOGIN not in answer.location:
            return answer
        self._end(session)
        return None

    def _led_away(self, address: str) -> SourceError:
        """The error for a site that shows another page instead of a report."""
        path = address.removeprefix(self._connection.base)
        if path.startswith(("/course/", "/enrol/")):
            return refusal("no_report", self._connection.host)
        return self._stopped_at(path)

    def _stopped_at(self, path: str) -> SourceError:
        host = self._connection.host
        return second_factor(host) if "/tool/mfa/" in path else refusal("account", host)

    def _session(self, stop: Event) -> _Session:
        """The session, after logging in if there is none; only one thread does so."""
        with self._lock:
            if self._open is None:
                self._open = self._log_in(stop)
            return self._open

    def _end(self, session: _Session) -> None:
        """Forgets a session, unless another thread has logged in anew since."""
        with self._lock:
            if self._open is session:
                self._open = None

    def _log_in(self, stop: Event) -> _Session:
        # what still runs in an ended session must not lay its cookies over those of this one
        connection, host = self._connection.anew(), self._connection.host
        page = self._login_page(connection, stop)
        fields = login_fields(page.text)
        if fields is None:
            raise refusal(_without_form(page), host)
        form = fields | {"username": self._username, "password": self._password}
        # the form's own token is good for one try
        answer = connection.post(LOGIN, stop, form=form, follow=False, tries=1)
        if not answer.location and login_fields(answer.text) is not None:
            raise refusal("bad_password", host)
        if not answer.location:
            asks_on = answer.status == 200 and answer.is_page  # a code from a phone, for example
            raise refusal("account" if asks_on else _without_form(answer), host)
        if LOGIN in answer.location and "testsession=" not in answer.location:
            raise refusal("bad_password", host)
        if not connection.is_here(answer.location):
            raise refusal("other_login", host)
        entered = connection.get(answer.location, stop)
        key = session_key(entered.text)
        if key is None or login_fields(entered.text) is not None or _DEMANDS.search(entered.path):
            raise self._stopped_at(entered.path)
        return _Session(connection, Secret(key))

    def _login_page(self, connection: Connection, stop: Event) -> Answer:
        try:
            return connection.get(LOGIN, stop)
        except SourceError as error:
            if error.problems[0].kind != "elsewhere":
                raise
        raise refusal("other_login", self._connection.host)

    def _listed(self, session: _Session, stop: Event) -> Iterator[Enrolled]:
        """The courses as the overview page asks for them, page by page."""
        host, offset = self._connection.host, 0
        while True:
            arguments = {
                "offset": offset,
                "limit": _COURSES_A_PAGE,
                "classification": "all",
                "sort": "fullname",
            }
            answer = session.connection.post(
                "/lib/ajax/service.php",
                stop,
                json=[{"index": 0, "methodname": COURSE_LIST, "args": arguments}],
                params={"sesskey": session.key, "info": COURSE_LIST},
            )
            said = json_answer(answer, host, session.key)
            if isinstance(said, list) and said and isinstance(said[0], dict) and said[0].get("error"):
                raise said_no(understood(lambda value: dict(value[0]["exception"]), said, host), host, session.key)
            courses, following = understood(_course_page, said, host)
            yield from courses
            if not courses or following <= offset:
                return
            offset = following

    def _linked(self, session: _Session, stop: Event) -> Iterator[Enrolled]:
        """The courses that the user's own pages lead to."""
        titles: dict[int, str] = {}
        for path in ("/my/", "/my/courses.php"):
            answer = session.connection.get(path, stop)
            if answer.status == 200 and answer.is_page:
                titles = course_links(answer.text) | titles
        for number, title in titles.items():
            yield Enrolled(number, title, "", True, False, None)


def _without_form(answer: Answer) -> str:
    if answer.status >= 500:
        return "server_error"
    if answer.status in (404, 410):
        return "not_found"
    if answer.status == 403:
        return "blocked"
    if answer.status == 401:
        return "bad_answer"
    return "other_login" if has_other_login(answer.text) else "not_moodle"


def _course_page(said: object) -> tuple[list[Enrolled], int]:
    (first,) = said
    courses = [
        Enrolled(
            int(one["id"]),
            plain(one["fullname"]),
            plain(one.get("shortname") or ""),
            bool(one.get("visible", True)),
            bool(one.get("hidden", False)),
            timestamp(one.get("enddate") or 0),
        )
        for one in first["data"]["courses"]
    ]
    return courses, int(first["data"]["nextoffset"])


def _report(answer: Answer, title: str, host: str) -> Export:
    """The report that was downloaded.

    Raises:
        SourceError: it is no such report, or lists no one.
    """
    problem = None
    try:
        exports = [read_completion(table) for table in read_tables(f"{title} 활동 완료 보고서.csv", answer.body)]
    except InputError as error:
        exports, problem = [], error.problems[0]
    if problem:
        raise SourceError(problem.what, problem.what_to_do, source=host, kind="no_report")
    if not exports or exports[0] is None:
        raise refusal("no_report", host)
    return exports[0]


def _rows(export: Export, course: Course, source: str, at: datetime) -> Iterator[Row]:
    alike = _alike_pupils(export)
    titles = _told_apart([task.title for task in export.tasks])
    for line in export.lines:
        due = line.due or export.tasks[line.task].due
        number, name = _pupil(line.who)
        yield Row(
            class_name=course.title,
            # a line of its own is all that tells these pupils apart
            student_no=f"보고서 {line.row}행" if (number, name) in alike else number,
            name=name,
            assignment=titles[line.task],
            due=due,
            state=judged(line.said, at=at, due=due, submitted_at=line.submitted_at),
            submitted_at=line.submitted_at,
            hidden=False,
            source=source,
            course_id=course.course_id,
        )


def _pupil(who: Written) -> tuple[str | None, str | None]:
    number = next(iter(who.numbers), None) or number_in(*who.names) or who.email
    return number, next((name for one in who.names if (name := shown_name(one))), None)


def _alike_pupils(export: Export) -> set[tuple[str | None, str | None]]:
    """Number and name of pupils whom the report doesn't tell apart."""
    lines = {line.row: _pupil(line.who) for line in export.lines}
    return {pupil for pupil, count in Counter(lines.values()).items() if count > 1}


def _alike(export: Export) -> list[str]:
    if not _alike_pupils(export):
        return []
    return ["이름과 학번으로 가릴 수 없는 학생들은 학번 칸에 보고서의 줄 번호를 적었습니다."]


def _told_apart(titles: list[str]) -> list[str]:
    seen: Counter = Counter()
    told = []
    for title in titles:
        seen[title] += 1
        told.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return told
