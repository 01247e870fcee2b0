"""``schoolkit missing --moodle`` as a shell sees it."""

import json
from datetime import timedelta

import moodle_server
import pytest
from missing_command import TOKEN, complaints, in_folder, missing
from moodle_server import MoodleServer
from werkzeug import Response

from schoolkit import submission_command
from schoolkit.submissions.moodle import source as moodle_site
from schoolkit.submissions.source import Course, CourseReading, SourceError, Stopped
from schoolkit.submissions.status import Row, moment

DUE = moment("2026-11-20 18:00")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    return in_folder(tmp_path, monkeypatch)


def row(class_name, number, name, state, *, due=DUE, hidden=False, course="2"):
    handed_in = due - timedelta(hours=3) if state == "submitted" else None
    return Row(class_name, number, name, "독서 감상문", due, state, handed_in, hidden, "Moodle", course, "7")


class FakeMoodle:
    """A source with two courses; ``refusing`` lists what fails."""

    name, notices = "m.example", ("아이디와 비밀번호로 토큰을 받았습니다.",)

    def __init__(self, refusing=()):
        self.refusing, self.asked, self.closed = refusing, None, False

    def __call__(self, url, **asked):
        self.asked = {"url": url, **asked}
        return self

    def close(self):
        self.closed = True

    def courses(self, stop):
        self._refuse("강좌 목록")
        return [Course("2", "1학년 1반 국어"), Course("3", "1학년 2반 국어")]

    def read(self, course, stop):
        self._refuse(course.course_id)
        if course.course_id == "2":
            states = [("10101", "김하나", "submitted"), ("10102", "이두리", "missing")]
            return CourseReading(tuple(row("1학년 1반", *one) for one in states), ("숨긴 과제 1개는 세지 않습니다.",))
        return CourseReading((row("1학년 2반", "10201", "김하나", "draft", course="3"),))

    def _refuse(self, what):
        if what in self.refusing:
            raise SourceError("이 강좌를 볼 권한이 없습니다.", "강좌의 선생님인지 확인해 주세요.", kind="no_permission")


@pytest.fixture
def fake_moodle(monkeypatch):
    def install(refusing=()):
        source = FakeMoodle(refusing)
        monkeypatch.setattr(moodle_site, "moodle_source", source)
        monkeypatch.setenv("SCHOOLKIT_MOODLE_TOKEN", TOKEN)
        return source

    return install


def of_moodle(capsys, *arguments):
    return missing(capsys, "--moodle", "https://m.example", "--at", "2026-11-21 17:00", *arguments)


def test_a_moodle_is_read_with_the_token_of_the_environment(fake_moodle, capsys):
    source = fake_moodle()
    status, out, err = of_moodle(capsys, "--courses", "2,3")
    assert (status, err) == (0, "")
    assert source.asked == {"url": "https://m.example", "token": TOKEN, "courses": [2, 3]}
    assert source.closed
    assert out.splitlines() == [
        "강좌 2개, 학생 3명, 과제 1개를 읽었습니다.",
        "11월 21일(토) 17:00 기준으로 내지 않은 과제가 2건입니다(학생 2명).",
        "",
        "[1학년 1반] 1명",
        "  10102 이두리: 독서 감상문",
        "",
        "[1학년 2반] 1명",
        "  10201 김하나: 독서 감상문(임시 저장)",
        "",
        "과제별 제출",
        "  1학년 1반 · 독서 감상문 (11월 20일(금) 18:00까지): 2명 가운데 1명 제출(50%), 미제출 1명",
        "  1학년 2반 · 독서 감상문 (11월 20일(금) 18:00까지): 1명 가운데 0명 제출(0%), 미제출 1명",
        "",
        "확인해 주세요: 2건",
        " - 아이디와 비밀번호로 토큰을 받았습니다.",
        " - 1학년 1반 국어: 숨긴 과제 1개는 세지 않습니다.",
    ]


def test_name_and_password_of_the_environment_serve_where_there_is_no_token(fake_moodle, monkeypatch, capsys):
    source = fake_moodle()
    for name, value in (("TOKEN", " "), ("USERNAME", "t.park"), ("PASSWORD", "비밀 번호")):
        monkeypatch.setenv(f"SCHOOLKIT_MOODLE_{name}", value)
    assert of_moodle(capsys)[0] == 0
    assert source.asked == {
        "url": "https://m.example", "username": "t.park", "password": "비밀 번호", "courses": None
    }  # fmt: skip


def test_a_course_that_refuses_is_named_and_what_was_read_is_printed_and_saved(fake_moodle, folder, capsys):
    fake_moodle(refusing=["3"])
    status, out, err = of_moodle(capsys, "-o", "미제출.csv")
    assert status == 3
    assert "  10102 이두리: 독서 감상문" in out.splitlines() and "1학년 2반" not in out
    assert out.splitlines()[2] == "읽지 못한 강좌 1개에 대해서는 알 수 없습니다."
    assert err == (
        "1학년 2반 국어(3): 읽지 못했습니다. 이 강좌를 볼 권한이 없습니다. 강좌의 선생님인지 확인해 주세요.\n"
    )
    assert "이두리" in (folder / "미제출.csv").read_bytes().decode("utf-8-sig")


def test_of_courses_that_were_not_read_nothing_is_said_to_be_complete(fake_moodle, monkeypatch, capsys):
    source = fake_moodle(refusing=["3"])
    done = CourseReading((row("1학년 1반", "10101", "김하나", "submitted"),))
    monkeypatch.setattr(source, "read", lambda course, stop: source._refuse(course.course_id) or done)
    _, out, _ = of_moodle(capsys)
    assert out.splitlines()[:3] == [
        "강좌 1개, 학생 1명, 과제 1개를 읽었습니다.",
        "읽은 강좌에는 11월 21일(토) 17:00 기준으로 내지 않은 과제가 없습니다.",
        "읽지 못한 강좌 1개에 대해서는 알 수 없습니다.",
    ]


def test_where_no_pupils_work_was_read_nothing_is_said_to_be_complete(fake_moodle, monkeypatch, capsys):
    source = fake_moodle()
    monkeypatch.setattr(source, "read", lambda course, stop: CourseReading((), ("이 강좌에는 과제가 없습니다.",)))
    _, out, _ = of_moodle(capsys)
    assert out.splitlines()[:2] == [
        "강좌 0개, 학생 0명, 과제 0개를 읽었습니다.",
        "학생의 과제를 하나도 읽지 못해, 내지 않은 과제가 있는지 알 수 없습니다.",
    ]
    assert " - 1학년 1반 국어: 이 강좌에는 과제가 없습니다." in out.splitlines()


def test_json_of_a_moodle_read_in_part(fake_moodle, capsys):
    fake_moodle(refusing=["3"])
    status, out, err = of_moodle(capsys, "--json")
    told = json.loads(out)
    assert (status, err.count("\n")) == (3, 1)
    assert [(one["student_no"], one["due"], one["course_id"]) for one in told["missing"]] == [
        ("10102", "2026-11-20T18:00:00+09:00", "2")
    ]
    assert told["failed"] == [
        {
            "course_id": "3",
            "course": "1학년 2반 국어",
            "reason": "이 강좌를 볼 권한이 없습니다. 강좌의 선생님인지 확인해 주세요.",
            "kind": "no_permission",
        }
    ]


@pytest.mark.parametrize(
    ("refusing", "named"),
    [
        (["강좌 목록"], ["m.example"]),
        (["2", "3"], ["m.example '1학년 1반 국어' 강좌(번호 2)", "m.example '1학년 2반 국어' 강좌(번호 3)"]),
    ],
)
def test_where_nothing_could_be_read_nothing_is_printed_or_saved(fake_moodle, folder, capsys, refusing, named):
    fake_moodle(refusing)
    status, out, err = of_moodle(capsys, "-o", "미제출.csv")
    assert (status, out) == (2, "")
    assert [line.split(":")[0] for line in err.splitlines()] == named
    assert not (folder / "미제출.csv").exists()


def test_progress_is_shown_on_a_terminal_alone(fake_moodle, monkeypatch, capsys):
    fake_moodle()
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    status, _, err = of_moodle(capsys)
    assert status == 0
    assert err.endswith("\r강좌 2개 가운데 2개를 마쳤습니다.\n")


def test_a_hidden_assignment_is_shown_and_not_counted(fake_moodle, monkeypatch, capsys):
    source = fake_moodle()
    hidden = CourseReading((row("1학년 1반", "10101", "김하나", "missing", hidden=True),))
    monkeypatch.setattr(source, "read", lambda course, stop: hidden if course.course_id == "2" else CourseReading(()))
    _, out, _ = of_moodle(capsys)
    assert out.splitlines()[1:4] == [
        "11월 21일(토) 17:00 기준으로 내지 않은 과제가 없습니다.",
        "",
        "과제별 제출",
    ]
    assert "  1학년 1반 · 독서 감상문 (학생에게 숨긴 과제): 1명 가운데 0명 제출(0%)" in out.splitlines()


def test_stopped_by_the_teacher_what_was_read_stays(fake_moodle, monkeypatch, capsys):
    source = fake_moodle()
    read = source.read

    def interrupted(course, stop):
        if course.course_id == "3":
            stop.wait(30)
            raise Stopped
        return read(course, stop)

    monkeypatch.setattr(source, "read", interrupted)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr(submission_command, "_progress", ctrl_c_when_one_is_done)
    status, out, err = of_moodle(capsys)
    assert status == 3
    assert "  10102 이두리: 독서 감상문" in out.splitlines()
    assert err.splitlines()[-1] == "1학년 2반 국어(3): 읽지 못했습니다. 멈춤"


def ctrl_c_when_one_is_done(collection):
    if any(job.reading for job in collection.jobs):
        raise KeyboardInterrupt


@pytest.fixture
def site(httpserver, monkeypatch):
    monkeypatch.setenv("SCHOOLKIT_MOODLE_TOKEN", moodle_server.TOKEN)
    return MoodleServer(httpserver)


def test_a_real_servers_answers_over_http(site, capsys):
    status, out, err = missing(capsys, "--moodle", site.url, "--at", "2026-11-21 17:30", "--json")
    told = json.loads(out)
    assert (status, err, told["failed"]) == (0, "", [])
    assert {one["class_name"] for one in told["summary"]} == {f"1학년 {number}반 국어" for number in range(1, 6)}
    assert len(site.asked) <= 17
    assert moodle_server.TOKEN not in out


def test_a_real_server_that_refuses_one_course(site, folder, capsys):
    def refuse(form):
        if form["courseid"] == "3":
            return Response(moodle_server.error_bytes("student_get_enrolled_users_onlyactive.json"))
        return None

    site.instead["core_enrol_get_enrolled_users"] = refuse
    status, out, err = missing(capsys, "--moodle", site.url, "--courses", "2,3,4", "-o", "미제출.xlsx")
    assert status == 3
    assert err.startswith("1학년 2반 국어(3): 읽지 못했습니다. ") and err.count("\n") == 1
    assert "[1학년 1반 국어] " in out and "[1학년 3반 국어] " in out and "[1학년 2반 국어]" not in out
    assert (folder / "미제출.xlsx").exists()
    assert moodle_server.TOKEN not in out + err


def test_a_password_that_a_real_server_refuses(site, monkeypatch, capsys):
    monkeypatch.delenv("SCHOOLKIT_MOODLE_TOKEN")
    monkeypatch.setenv("SCHOOLKIT_MOODLE_USERNAME", moodle_server.USERNAME)
    monkeypatch.setenv("SCHOOLKIT_MOODLE_PASSWORD", "Wr0ng-pass!")
    said = complaints(capsys, "--moodle", site.url)
    assert said and "Wr0ng-pass!" not in "".join(said)
    assert site.functions == ["/login/token.php"]
