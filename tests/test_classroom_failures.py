"""What goes wrong while Google Classroom is read, how it is told, and that nothing secret is told with it."""

import json
import logging
import sys
import threading
from datetime import datetime

import pytest

pytest.importorskip("googleapiclient")

from classroom_reading import (  # noqa: E402
    EVENING,
    HANA,
    LISTS,
    MINH,
    PAST,
    SUYEON,
    collected,
    one_course,
    states_of,
    table_of,
)
from classroom_server import (  # noqa: E402
    GOOGLE,
    REFRESH,
    TOKEN,
    Classroom,
    course,
    opener,
    refusal,
    running,
    submission,
    work,
)

from schoolkit.errors import InputError  # noqa: E402
from schoolkit.submissions.classroom.source import ClassroomSource, classroom_source, collect_classroom  # noqa: E402
from schoolkit.submissions.collect import Collection, JobState  # noqa: E402
from schoolkit.submissions.source import SourceError, Stopped  # noqa: E402

FORBIDDEN = refusal(403, "PERMISSION_DENIED")
REFUSALS = {
    "login_expired": refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
    "scope": refusal(
        403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    ),
    "api_disabled": refusal(
        403, "PERMISSION_DENIED", "Google Classroom API has not been used in project 123", "SERVICE_DISABLED"
    ),
    "classroom_disabled": refusal(403, "PERMISSION_DENIED", "@ClassroomApiDisabled The user is not permitted."),
    "forbidden": FORBIDDEN,
    "not_found": refusal(404, "NOT_FOUND"),
    "too_many_requests": refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded"),
    "server": refusal(500, "INTERNAL"),
    "refused": refusal(400, "INVALID_ARGUMENT"),
}
QUOTA = json.dumps({"error": {"code": 403, "errors": [{"reason": "userRateLimitExceeded"}]}})


def three_courses(**other) -> Classroom:
    numbers = ["1", "2", "3"]
    return Classroom(
        courses=[course(number, f"1-{number} 국어") for number in numbers],
        students={number: [SUYEON] for number in numbers},
        work={number: [work("1", "독후감", PAST, EVENING)] for number in numbers},
        **other,
    )


def reading(classroom: Classroom, stop=None):
    """What a source says of course 1 when it is asked directly."""
    stop = stop or threading.Event()
    with running(classroom):
        source = ClassroomSource(opener(classroom), pauses=(0, 0))
        return source.read(source.courses(stop)[0], stop)


# what goes wrong


@pytest.mark.parametrize("path", LISTS)
def test_one_course_that_refuses_leaves_the_others_standing(path):
    table = collected(three_courses(wrong={f"/v1/courses/2{path}": FORBIDDEN}))
    assert table["class_name"].tolist() == ["1-1 국어", "1-3 국어"]
    assert table.attrs["failed"] == [
        {
            "course_id": "2",
            "course": "1-2 국어",
            "reason": "구글 클래스룸에서 볼 권한이 없다고 답했습니다. "
            "강좌의 교사로 등록된 계정으로 로그인했는지 확인해 주세요.",
            "kind": "forbidden",
        }
    ]


def test_a_course_that_breaks_off_at_a_later_page_is_not_shown_at_all():
    classroom = one_course(
        students={"1": [SUYEON, HANA, MINH]},
        work={"1": [work("1", "독후감")]},
        page=2,
        wrong={("/v1/courses/1/students", 2): refusal(500, "INTERNAL")},
    )
    table = collected(classroom)
    assert (len(table), [one["kind"] for one in table.attrs["failed"]]) == (0, ["server"])


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        *REFUSALS.items(),
        ("too_many_requests", (403, QUOTA)),
        ("forbidden", (403, "<html>김서연</html>")),
        ("forbidden", (403, '{"error": "김서연"}')),
        ("server", (503, "")),
    ],
)
def test_refusals_are_told_apart_and_not_asked_again(kind, answer):
    classroom = one_course(wrong={"/v1/courses/1/students": answer})
    table = collected(classroom)
    assert [one["kind"] for one in table.attrs["failed"]] == [kind]
    assert classroom.paths["/v1/courses/1/students"] == 1


def test_an_expired_login_is_renewed_once_and_told_if_that_is_refused():
    classroom = one_course(students={"1": [SUYEON]}, work={"1": [work("1", "독후감")]})
    with running(classroom):
        known = dict(
            refresh_token=REFRESH,
            token_uri=f"{classroom.address}/token",
            client_id="id",
            client_secret="secret",
            expiry=datetime(2020, 1, 1),
        )
        refused = Collection(ClassroomSource(opener(classroom, **known), pauses=(0, 0))).run().table()
        classroom.wrong["/token"] = (200, '{"access_token": "ya29.second", "expires_in": 3599}')
        renewed = Collection(ClassroomSource(opener(classroom, **known), pauses=(0, 0))).run().table()
    assert ([one["kind"] for one in refused.attrs["failed"]], len(refused)) == (["login_expired"], 0)
    assert (renewed.attrs["failed"], len(renewed)) == ([], 1)
    assert {one["authorization"] for one in classroom.headers} == {"Bearer ya29.second"}


@pytest.mark.parametrize(
    "answer",
    [
        "<!DOCTYPE html><html>로그인</html>",
        "",
        "[]",
        '{"students": 3}',
        '{"students": [3]}',
        '{"students": [{}]}',
        '{"students": [{"userId": 11}]}',
        '{"students": [{"userId": "11", "profile": {"name": {"familyName": 3}}}]}',
        b'{"students": "\xff"}',
        '{"nextPageToken": "0"}',
    ],
)
def test_answers_of_another_form_fail_the_course(answer):
    classroom = one_course(wrong={"/v1/courses/1/students": (200, answer)})
    if answer == '{"nextPageToken": "0"}':  # the same page for ever
        classroom.page = 1
    table = collected(classroom)
    assert (len(table), [one["kind"] for one in table.attrs["failed"]]) == (0, ["bad_answer"])


@pytest.mark.parametrize(
    ("task", "handed"),
    [
        (work("1", "독후감", (2026, 2, 30), EVENING), submission("1", "11", "NEW")),
        (work("1", "독후감", PAST, {"hours": "14"}), submission("1", "11", "NEW")),
        (work("1", "독후감", PAST, EVENING), submission("1", "11", "TURNED_IN", ("TURNED_IN", "어제"))),
        (work("1", "독후감"), submission("1", "11", "TURNED_IN", ("TURNED_IN", "2026-03-06T00:00:00"))),
        (work("1", "독후감", PAST, EVENING), {"state": "NEW"}),
    ],
)
def test_values_of_another_form_fail_the_course(task, handed):
    table = table_of([SUYEON], [task], [handed])
    assert (len(table), [one["kind"] for one in table.attrs["failed"]]) == (0, ["bad_answer"])


def test_a_cut_connection_is_tried_again():
    classroom = one_course(
        students={"1": [SUYEON]}, work={"1": [work("1", "독후감")]}, wrong={"/v1/courses/1/courseWork": "cut once"}
    )
    table = collected(classroom)
    assert (len(table), table.attrs["failed"]) == (1, [])
    assert classroom.paths["/v1/courses/1/courseWork"] == 2


def test_a_connection_that_is_cut_every_time_fails_after_three_tries():
    classroom = one_course(wrong={"/v1/courses/1/students": "cut"})
    table = collected(classroom)
    assert [one["kind"] for one in table.attrs["failed"]] == ["cut_off"]
    assert classroom.paths["/v1/courses/1/students"] == 3


def test_a_server_that_is_not_there():
    classroom = Classroom()
    with running(classroom):
        pass
    table = Collection(ClassroomSource(opener(classroom), pauses=(0, 0))).run().table()
    assert [one["kind"] for one in table.attrs["failed"]] == ["unreachable"]


def test_a_server_that_never_answers():
    over = threading.Event()

    class Patient:
        def request(self, *args, **options):
            over.set()
            raise TimeoutError("timed out")

        def close(self):
            pass

    table = Collection(ClassroomSource(Patient, pauses=(0, 0))).run().table()
    assert ([one["kind"] for one in table.attrs["failed"]], over.is_set()) == (["timed_out"], True)


# a long collection


def test_never_more_than_four_courses_at_once():
    numbers = [str(number) for number in range(1, 9)]
    together = threading.Barrier(4)

    def wait_for_others(path):
        if path.endswith("/students"):
            together.wait(timeout=20)

    classroom = Classroom(courses=[course(number, f"1-{number} 국어") for number in numbers], before=wait_for_others)
    table = collected(classroom)
    assert (table.attrs["failed"], classroom.most_at_once) == ([], 4)


def test_stopping_lets_the_present_request_end_and_asks_no_more():
    stop = threading.Event()
    classroom = one_course(before=lambda path: path.endswith("/courseWork") and stop.set())
    with pytest.raises(Stopped):
        reading(classroom, stop)
    assert not any(path.endswith("studentSubmissions") for path in classroom.paths)


def test_stopping_ends_the_wait_before_a_further_try():
    stop = threading.Event()
    classroom = one_course(
        wrong={"/v1/courses/1/students": "cut"}, before=lambda path: path.endswith("/students") and stop.set()
    )
    with running(classroom):
        source = ClassroomSource(opener(classroom), pauses=(3600,))
        (listed,) = source.courses(stop)
        with pytest.raises(Stopped):
            source.read(listed, stop)


def test_what_failed_is_read_again_without_the_rest():
    classroom = three_courses(wrong={"/v1/courses/2/students": REFUSALS["server"]})
    with running(classroom):
        collection = Collection(ClassroomSource(opener(classroom), pauses=(0, 0))).run()
        classroom.wrong.clear()
        collection.retry()
        collection.run()
    assert [job.state for job in collection.jobs] == [JobState.DONE] * 4
    assert collection.table()["class_name"].tolist() == ["1-1 국어", "1-2 국어", "1-3 국어"]
    assert (classroom.paths["/v1/courses"], classroom.paths["/v1/courses/1/students"]) == (1, 1)


# the functions that scripts call


@pytest.fixture
def google_on_loopback(monkeypatch):
    """Sends what is meant for Google to a small server: the only way to test what opens connections itself."""
    import httplib2

    def on(classroom):
        asked = httplib2.Http.request

        def request(self, uri, *args, **options):
            return asked(self, uri.replace(GOOGLE, classroom.address), *args, **options)

        monkeypatch.setattr(httplib2.Http, "request", request)

    return on


def own_credentials():
    from google.oauth2.credentials import Credentials

    return Credentials(TOKEN)


def test_collecting_in_one_call(google_on_loopback):
    classroom = three_courses(wrong={"/v1/courses/2/students": FORBIDDEN})
    with running(classroom):
        google_on_loopback(classroom)
        table = collect_classroom(own_credentials(), courses=["1", "2"])
    assert states_of(table) == [("김서연", "독후감", "missing")]
    assert [one["course"] for one in table.attrs["failed"]] == ["1-2 국어"]


def test_collecting_raises_if_nothing_could_be_read(google_on_loopback):
    classroom = three_courses(
        wrong={
            f"/v1/courses/{number}/students": answer for number, answer in zip("123", REFUSALS.values(), strict=False)
        }
    )
    with running(classroom):
        google_on_loopback(classroom)
        with pytest.raises(InputError) as caught:
            collect_classroom(own_credentials())
        classroom.wrong = {"/v1/courses": REFUSALS["api_disabled"]}
        with pytest.raises(InputError) as unlisted:
            collect_classroom(own_credentials())
    assert [(one.file, one.kind) for one in caught.value.problems] == [
        ("Google Classroom '1-1 국어' 강좌(번호 1)", "login_expired"),
        ("Google Classroom '1-2 국어' 강좌(번호 2)", "scope"),
        ("Google Classroom '1-3 국어' 강좌(번호 3)", "api_disabled"),
    ]
    assert [(one.file, one.kind) for one in unlisted.value.problems] == [("Google Classroom", "api_disabled")]


def test_without_googles_client_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "googleapiclient", None)
    with pytest.raises(SourceError) as caught:
        classroom_source(object())
    assert caught.value.problems[0].kind == "not_installed"
    assert 'pip install "schoolkit[classroom]"' in caught.value.reason


# privacy


def test_no_name_address_or_secret_in_any_log_or_error(caplog):
    caplog.set_level(logging.DEBUG)
    told = []
    leaky = json.dumps({"error": {"code": 403, "message": "김서연 10107@school.kr", "status": "김서연", "errors": 3}})
    answers = [
        *REFUSALS.values(),
        (403, leaky),
        (403, "김서연 <html>"),
        (200, "김서연"),
        (200, '{"students": ["김서연"]}'),
    ]
    answers.append((200, '{"students": [{"userId": "11", "profile": {"name": "김서연"}}]}'))
    for answer in [*answers, "cut"]:
        classroom = one_course(students={"1": [SUYEON]}, work={"1": [work("1", "독후감")]})
        classroom.wrong["/v1/courses/1/students"] = answer
        with running(classroom):
            source = ClassroomSource(opener(classroom, refresh_token=REFRESH), pauses=(0,))
            (listed,) = source.courses(threading.Event())
            with pytest.raises(SourceError) as caught:
                source.read(listed, threading.Event())
        assert caught.value.__context__ is None
        told.append(f"{caught.value!r} {caught.value}")
    written = "\n".join([record.getMessage() for record in caplog.records] + told)
    assert caplog.records
    for secret in ("김서연", "서연", "school.kr", TOKEN, REFRESH, "secretcode"):
        assert secret not in written
