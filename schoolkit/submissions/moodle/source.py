"""A teacher's Moodle, whichever way in it offers: a token, name and password for one, or the log-in form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from threading import Event

import pandas as pd

from ..collect import Collection
from ..connection import Connection
from ..secret import Secret
from ..source import Course, CourseReading, SourceError
from ..status import KOREA
from . import answers
from .address import site_address
from .courses import course_numbers
from .form import MoodleForm
from .refusals import NO_TOKENS, json_answer
from .web_service import MoodleWebService

TOKEN_PAGE = "/login/token.php"
# Moodle's own service for its app: teachers get its tokens without an administrator
SERVICE = "moodle_mobile_app"
_BY_TOKEN = "아이디와 비밀번호로 토큰을 받아 웹 서비스로 읽었습니다."
_BY_FORM = (
    "웹 서비스를 쓸 수 없어 로그인 화면으로 들어가 활동 완료 보고서를 읽었습니다. "
    "기한, 지각, 임시 저장, 숨긴 과제는 알 수 없습니다."
)


def collect_moodle(
    url: str,
    *,
    token: str | None = None,
    username: str | None = None,
    password: str | None = None,
    courses: Iterable[str | int] | str | int | None = None,
) -> pd.DataFrame:
    """Who has handed in what in a teacher's Moodle, as the one table of submissions.

    With a token, or with name and password where the site gives out tokens, its web service is
    read; else the activity completion reports, which know less (``attrs["notices"]`` says so).
    Moodle is only asked, never told to change anything.

    Args:
        url: the site's address, or that of any of its pages.
        token: of the web service; then name and password are not needed.
        username, password: as in the log-in form.
        courses: numbers of the courses to read; by default all that the user teaches, which are
            open to pupils and have not ended.

    Returns:
        The table; ``attrs["failed"]`` lists the courses that could not be read (``course_id``,
        ``course``, ``reason``, ``kind``), ``attrs["notices"]`` what to know of the others.

    Raises:
        SourceError: the site could not be reached, or refused, or has no courses for the user.
        InputError: no course could be read; its problems name each.
    """
    source = moodle_source(url, token=token, username=username, password=password, courses=courses)
    try:
        return Collection(source).run().outcome()
    finally:
        source.close()


def moodle_source(
    url: str,
    *,
    token: str | None = None,
    username: str | None = None,
    password: str | None = None,
    courses: Iterable[str | int] | str | int | None = None,
) -> MoodleSource:
    """A source for :class:`collect.Collection`; the arguments are those of :func:`collect_moodle`.

    Nothing is asked of the site yet.

    Raises:
        SourceError: the address or a course's number can't be understood, or there is nothing to log in with.
    """
    connection = Connection(site_address(url))
    numbers = course_numbers(courses)
    if token and token.strip():
        return MoodleSource(connection, numbers, token=Secret(token.strip()))
    if username and username.strip() and password:
        return MoodleSource(connection, numbers, username=username.strip(), password=Secret(password))
    raise SourceError(
        "Moodle에 들어갈 토큰도, 아이디와 비밀번호도 없습니다.",
        "토큰을 넣거나 아이디와 비밀번호를 모두 넣어 주세요.",
        source=connection.host,
        kind="no_credentials",
    )


class MoodleSource:
    """A Moodle whose way in is found out when its courses are asked for.

    ``notices`` then says in Korean which way was taken and which courses were left out.

    Args:
        connection: to the site.
        courses: numbers of the courses to read, or None.
        token: of the web service; else ``username`` and ``password`` are there.
        now: what the time is.
    """

    name = "Moodle"

    def __init__(
        self,
        connection: Connection,
        courses: Sequence[int] | None,
        *,
        token: Secret | None = None,
        username: str = "",
        password: Secret | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(KOREA),
    ):
        self._connection, self._courses, self._now = connection, courses, now
        self._token, self._username, self._password = token, username, password or Secret("")
        self._way: MoodleWebService | MoodleForm | None = None
        self._how = ""

    @property
    def host(self) -> str:
        """The server's name."""
        return self._connection.host

    @property
    def notices(self) -> tuple[str, ...]:
        return tuple(one for one in (self._how, *(self._way.notices if self._way else ())) if one)

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def courses(self, stop: Event) -> list[Course]:
        if self._token is not None:
            return self._by_web_service(self._token, stop)
        try:
            courses = self._by_web_service(self._new_token(stop), stop)
            self._how = _BY_TOKEN
        except SourceError as error:
            if error.problems[0].kind not in NO_TOKENS:
                raise
        else:
            return courses
        self._way = MoodleForm(self._connection, self._username, self._password, self._courses, self._now)
        self._how = _BY_FORM
        return self._way.courses(stop)

    def read(self, course: Course, stop: Event) -> CourseReading:
        return self._way.read(course, stop)

    def _by_web_service(self, token: Secret, stop: Event) -> list[Course]:
        self._way = MoodleWebService(self._connection, token, self._courses, self._now)
        return self._way.courses(stop)

    def _new_token(self, stop: Event) -> Secret:
        form = {"username": self._username, "password": self._password, "service": SERVICE}
        answer = json_answer(self._connection.post(TOKEN_PAGE, stop, form=form), self.host, self._password)
        return Secret(answers.understood(answers.token, answer, self.host))
