import logging
import threading
import traceback

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from schoolkit import __version__
from schoolkit.submissions.connection import Connection
from schoolkit.submissions.moodle.address import site_address
from schoolkit.submissions.secret import Secret
from schoolkit.submissions.source import SourceError, Stopped

SECRET = "hunter2-hunter2"


@pytest.fixture
def server(loopback):
    loopback.clear()
    return loopback


def connection(server: HTTPServer, **settings) -> Connection:
    return Connection(server.url_for("").rstrip("/"), **({"pause": 0.001, "read_seconds": 5} | settings))


def kind_of(error: pytest.ExceptionInfo) -> str:
    (problem,) = error.value.problems
    return problem.kind


def cut_off(_: Request) -> Response:
    return Response(iter([b"half of it"]), headers={"Content-Length": "5000"})


def in_turn(*answers):
    """A handler that gives one answer after the other, and the list of requests that it was given."""
    left, asked = list(answers), []

    def handler(request: Request) -> Response:
        asked.append((request.method, request.path, dict(request.form)))
        answer = left.pop(0)
        return answer if isinstance(answer, Response) else answer(request)

    return handler, asked


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("lms.school.kr", "https://lms.school.kr"),
        ("  https://lms.school.kr/ ", "https://lms.school.kr"),
        ("https://lms.school.kr/login/index.php", "https://lms.school.kr"),
        ("https://lms.school.kr/my/", "https://lms.school.kr"),
        ("https://school.kr/moodle/course/view.php?id=3#section-1", "https://school.kr/moodle"),
        ("https://school.kr/a/b/index.php", "https://school.kr/a/b"),
        ("LMS.School.kr/moodle/", "https://lms.school.kr/moodle"),
        ("http://10.0.0.5:8080/moodle", "http://10.0.0.5:8080/moodle"),
        ("https://lms.school.kr:443/my/", "https://lms.school.kr"),
        ("http://[::1]:8000/my/courses.php", "http://[::1]:8000"),
        ("<https://lms.school.kr/my/>", "https://lms.school.kr"),
        ("https://teacher:pass@lms.school.kr/my/", "https://lms.school.kr"),
        ("https://배움터.한국/my/", "https://배움터.한국"),
        ("http://a_b.kr", "http://a_b.kr"),
    ],
)
def test_any_page_of_the_site_gives_its_address(typed, address):
    assert site_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "ftp://school.kr",
        "https://",
        "우리 학교 무들",
        "https://a:b:c/",
        "file:///etc",
        "http://xn--a",
        "http://ⅷ",
        "https://.kr",
        "https://a..kr",
        "https://" + "a" * 64 + ".kr",
        "https://school.kr/" + "a" * 70_000,
        "https://school.kr/\ud800",
    ],
)
def test_what_is_no_address_is_said_so(typed):
    with pytest.raises(SourceError) as error:
        site_address(typed)
    assert kind_of(error) == "bad_address"


def test_a_cut_connection_is_tried_again(server):
    handler, asked = in_turn(cut_off, cut_off, Response(b"whole"))
    server.expect_request("/a").respond_with_handler(handler)
    answer = connection(server).post("/a", threading.Event(), form={"x": 1})
    assert (answer.status, answer.body, len(asked)) == (200, b"whole", 3)


def test_after_three_tries_the_cut_is_named(server):
    handler, asked = in_turn(cut_off, cut_off, cut_off, cut_off)
    server.expect_request("/a").respond_with_handler(handler)
    with pytest.raises(SourceError) as error:
        connection(server).get("/a", threading.Event())
    assert (kind_of(error), len(asked)) == ("cut_off", 3)
    assert error.value.reason == "답을 받는 도중에 연결이 끊겼습니다. 잠시 뒤 다시 해 주세요."


def test_what_must_not_be_sent_twice_is_sent_once(server):
    handler, asked = in_turn(cut_off, cut_off)
    server.expect_request("/a").respond_with_handler(handler)
    with pytest.raises(SourceError):
        connection(server).post("/a", threading.Event(), form={}, tries=1)
    assert len(asked) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_an_answer_is_an_answer_whatever_its_status(server, status):
    handler, asked = in_turn(Response(b"no", status))
    server.expect_request("/a").respond_with_handler(handler)
    assert connection(server).get("/a", threading.Event()).status == status
    assert len(asked) == 1


def test_a_server_that_does_not_answer_in_time(server):
    released = threading.Event()
    server.expect_request("/a").respond_with_handler(lambda _: released.wait(10) and Response(b"late"))
    try:
        with pytest.raises(SourceError) as error:
            connection(server, read_seconds=0.05, tries=2).get("/a", threading.Event())
    finally:
        released.set()
    assert kind_of(error) == "timed_out"


def test_an_answer_that_drips_ends_when_its_time_is_over(server):
    released, asked = threading.Event(), []

    def drip(_: Request) -> Response:
        asked.append(1)
        return Response(iter(lambda: b"" if released.wait(0.01) else b" ", b""), headers={"Content-Length": "100000"})

    server.expect_request("/a").respond_with_handler(drip)
    try:
        with pytest.raises(SourceError) as error:
            connection(server, answer_seconds=0.2).get("/a", threading.Event())
    finally:
        released.set()
    assert (kind_of(error), len(asked)) == ("timed_out", 1)


def test_a_connection_anew_has_no_cookies_and_ends_with_the_first(server):
    server.expect_request("/in").respond_with_data(b"x", headers={"Set-Cookie": "MoodleSession=1; path=/"})
    server.expect_request("/a").respond_with_data(b"x")
    first = connection(server)
    first.get("/in", threading.Event())
    second = first.anew()
    for one in (first, second):
        one.get("/a", threading.Event())
    assert [request.cookies.get("MoodleSession") for request, _ in server.log] == [None, "1", None]
    first.close()
    with pytest.raises(RuntimeError):
        second.get("/a", threading.Event())


def test_a_server_that_is_not_there():
    with HTTPServer() as gone:
        url = gone.url_for("").rstrip("/")
    with pytest.raises(SourceError) as error:
        Connection(url, pause=0.001).get("/a", threading.Event())
    assert kind_of(error) == "unreachable"


def test_a_stop_ends_the_waiting_for_the_next_try(server):
    stop = threading.Event()

    def last_words(_: Request) -> Response:
        stop.set()
        return cut_off(_)

    server.expect_request("/a").respond_with_handler(last_words)
    with pytest.raises(Stopped):
        connection(server, pause=3600).get("/a", stop)
    stop.clear()
    with pytest.raises(Stopped):  # and it is no failure if that was the last one
        connection(server, tries=1).get("/a", stop)


class CountingStop(threading.Event):
    """A stop that never comes and does not wait; it notes for how long it should have."""

    def __init__(self):
        super().__init__()
        self.pauses = []

    def wait(self, timeout=None):
        self.pauses.append(timeout)
        return False


def test_each_pause_between_tries_is_twice_as_long(server):
    server.expect_request("/a").respond_with_handler(cut_off)
    stop = CountingStop()
    with pytest.raises(SourceError):
        connection(server, pause=2, tries=4).get("/a", stop)
    assert [pause for pause in stop.pauses if pause] == [2, 4, 8]


def test_nothing_is_asked_after_a_stop(server):
    handler, asked = in_turn(Response(b"x"))
    server.expect_request("/a").respond_with_handler(handler)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        connection(server).get("/a", stop)
    assert asked == []


def test_an_answer_without_end_is_not_taken(server):
    handler, asked = in_turn(*[Response(b"x" * 3000) for _ in range(3)])
    server.expect_request("/a").respond_with_handler(handler)
    with pytest.raises(SourceError) as error:
        connection(server, most_bytes=1000).get("/a", threading.Event())
    assert (kind_of(error), len(asked)) == ("too_large", 1)


def test_secrets_are_not_carried_to_another_server(server):
    with HTTPServer() as other:
        other.expect_request("/a").respond_with_data(b"caught")
        # the same machine, but another port is another server
        server.expect_request("/a").respond_with_data(b"", 302, {"Location": other.url_for("/a?t=" + SECRET)})
        with pytest.raises(SourceError) as error:
            connection(server).post("/a", threading.Event(), form={"password": Secret(SECRET)})
        assert (kind_of(error), other.log) == ("elsewhere", [])
    assert SECRET not in str(error.value) and "http://localhost" in str(error.value)


def test_a_site_that_has_moved_on_its_server_is_asked_there_from_then_on(server):
    handler, asked = in_turn(Response(b"one"), Response(b"two"))
    server.expect_request("/ask").respond_with_data(b"", 301, {"Location": server.url_for("/moodle/ask")})
    server.expect_request("/moodle/ask").respond_with_handler(handler)
    link = connection(server)
    bodies = [link.post("/ask", threading.Event(), form={"a": "b"}).body for _ in range(2)]
    assert (bodies, asked) == ([b"one", b"two"], [("POST", "/moodle/ask", {"a": "b"})] * 2)
    assert len(server.log) == 3


def test_a_post_is_not_sent_on_to_another_page(server):
    server.expect_request("/ask").respond_with_data(b"", 302, {"Location": server.url_for("/login/index.php")})
    answer = connection(server).post("/ask", threading.Event(), form={"wstoken": Secret(SECRET)})
    assert (answer.status, answer.location) == (302, server.url_for("/login/index.php"))


def test_redirects_in_a_circle_end(server):
    server.expect_request("/a").respond_with_data(b"", 302, {"Location": server.url_for("/a")})
    with pytest.raises(SourceError) as error:
        connection(server).get("/a", threading.Event())
    assert kind_of(error) == "bad_answer"


def test_the_program_says_who_it_is(server):
    server.expect_request("/a").respond_with_data(b"x")
    connection(server).get("/a", threading.Event())
    ((request, _),) = server.log
    assert request.headers["User-Agent"] == f"schoolkit/{__version__} (+reading submissions for a teacher)"


def test_a_secret_is_in_no_log_error_or_traceback(server, caplog):
    caplog.set_level(logging.CRITICAL, logger="werkzeug")  # the server's own log
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpcore.http11").debug("this is kept")
    server.expect_request("/in").respond_with_data(b"x", headers={"Set-Cookie": f"MoodleSession={SECRET}; path=/"})
    server.expect_request("/cut").respond_with_handler(cut_off)
    link = connection(server)
    link.post("/in", threading.Event(), form={"password": Secret(SECRET)}, params={"sesskey": Secret(SECRET)})
    with pytest.raises(SourceError) as error:
        link.post("/cut", threading.Event(), form={"password": Secret(SECRET)}, params={"sesskey": Secret(SECRET)})
    shown = "".join(traceback.format_exception(error.value)) + repr(error.value) + caplog.text
    assert SECRET not in shown and "this is kept" in shown
    assert (error.value.__cause__, error.value.__context__) == (None, None)
    # both requests did hold it
    assert [SECRET in request.url and SECRET in str(request.form) for request, _ in server.log] == [True] * 4


def test_others_use_of_the_same_library_is_still_logged(server, caplog):
    import httpx

    caplog.set_level(logging.DEBUG)
    server.expect_request("/a").respond_with_data(b"x")
    connection(server).get("/a", threading.Event())
    assert [one.name for one in caplog.records if one.name.startswith("http")] == []
    httpx.get(server.url_for("/a"))
    assert {"httpx", "httpcore.http11", "httpcore.connection"} <= {one.name for one in caplog.records}


def test_a_secret_does_not_show_and_is_not_stored():
    import copy
    import pickle

    secret = Secret(SECRET)
    assert [str(secret), repr(secret), f"{secret}", repr([secret])] == ["***", "***", "***", "[***]"]
    for write in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError) as error:
            write(secret)
        assert SECRET not in str(error.value)
    assert (bool(secret), bool(Secret("")), secret.reveal()) == (True, False, SECRET)
    assert [secret.is_in(SECRET.upper() + "!"), secret.is_in("hunter"), Secret("").is_in("x")] == [True, False, False]
