"""A Moodle on loopback that answers with what a real one was recorded to answer."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

DATA = Path(__file__).parent / "data" / "moodle"
TOKEN = "0123456789abcdef0123456789abcdef"
USERNAME, PASSWORD = "t.park", "Geheim-pass!9"
COOKIE, SESSION_KEY, LOGIN_TOKEN = "c00kie0fThe5ession", "s3sskeyS3s", "l0gint0kenXYZ"
PEOPLE_OPTIONS = {
    "options[0][name]": "onlyactive",
    "options[0][value]": "1",
    "options[1][name]": "userfields",
    "options[1][value]": "id,username,fullname,lastname,firstname,idnumber,email,roles,groups",
}
SERVER = "/webservice/rest/server.php"


def recorded(name: str):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def error_bytes(name: str) -> bytes:
    return (DATA / "errors" / name).read_bytes()


def as_json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value), status, content_type="application/json; charset=utf-8")


def page(body: str, status: int = 200) -> Response:
    return Response(f"<!DOCTYPE html>\n<html><body>{body}</body></html>", status, content_type="text/html")


@dataclass
class MoodleServer:
    """The recorded site; ``instead`` holds other answers by function name or path.

    An entry of ``instead`` is called with the form of the request and gives a response, or None
    to let the recording answer. ``asked`` lists what was asked: function (or path) and form.
    """

    server: HTTPServer
    instead: dict[str, Callable[[dict], Response | None]] = field(default_factory=dict)
    asked: list[tuple[str, dict]] = field(default_factory=list)
    most_at_once: int = 0
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self):
        self.server.expect_request(SERVER, method="POST").respond_with_handler(self._web_service)
        for path, answer in {
            "/login/token.php": self._token,
            "/login/index.php": self._login,
            "/my/": self._overview,
            "/my/courses.php": self._overview,
            "/lib/ajax/service.php": self._course_list,
            "/report/progress/index.php": self._report,
        }.items():
            self.server.expect_request(path).respond_with_handler(self._noted(path, answer))

    @property
    def url(self) -> str:
        return self.server.url_for("").rstrip("/")

    @property
    def functions(self) -> list[str]:
        return [function for function, _ in self.asked]

    def _noted(self, path: str, answer: Callable[[Request, dict], Response]):
        def noted(request: Request) -> Response:
            form = dict(request.form) | dict(request.args)
            self.asked.append((path, form))
            return self._instead_of(path, form) or answer(request, form)

        return noted

    def _instead_of(self, name: str, form: dict) -> Response | None:
        return self.instead[name](form) if name in self.instead else None

    def _web_service(self, request: Request) -> Response:
        form = dict(parse_qsl(request.get_data(as_text=True), keep_blank_values=True))
        function = form.get("wsfunction", "")
        with self._lock:
            self.asked.append((function, form))
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            if other := self._instead_of(function, form):
                return other
            if form.get("wstoken") != TOKEN:
                return Response(error_bytes("bad_token.json"), content_type="application/json")
            return as_json(self._recorded(function, form))
        finally:
            with self._lock:
                self._now -= 1

    def _recorded(self, function: str, form: dict):
        assert form["moodlewsrestformat"] == "json"
        asked = [int(form[key]) for key in form if key.startswith(("courseids[", "assignmentids["))]
        match function:
            case "core_webservice_get_site_info":
                return recorded("site_info")
            case "core_enrol_get_users_courses":
                assert form["userid"] == "3"
                return recorded("users_courses")
            case "mod_assign_get_assignments":
                found = recorded("assignments")
                found["courses"] = [one for one in found["courses"] if one["id"] in asked]
                known = {one["id"] for one in found["courses"]}
                found["warnings"] = [warning("course", one, "2") for one in asked if one not in known]
                return found
            case "mod_assign_get_submissions" | "mod_assign_get_user_flags":
                name = "submissions" if function.endswith("submissions") else "user_flags"
                found = recorded(name)["assignments"]
                found = [one for one in found if one["assignmentid"] in asked]
                known = {one["assignmentid"] for one in found}
                return {
                    "assignments": found,
                    "warnings": [warning("assignment", one, "3") for one in asked if one not in known],
                }
            case "core_enrol_get_enrolled_users":
                assert {key: form.get(key) for key in PEOPLE_OPTIONS} == PEOPLE_OPTIONS
                return recorded(f"enrolled_users_{form['courseid']}")
            case "core_course_get_contents":
                assert (form["options[0][name]"], form["options[0][value]"]) == ("modname", "assign")
                return recorded(f"course_contents_{form['courseid']}")
        raise AssertionError(f"{function} was never recorded")

    def _token(self, request: Request, form: dict) -> Response:
        if (form["username"], form["password"]) != (USERNAME, PASSWORD):
            return Response(error_bytes("token_wrong_password.json"), content_type="application/json")
        assert form["service"] == "moodle_mobile_app"
        return as_json({"token": TOKEN, "privatetoken": None})

    def _login(self, request: Request, form: dict) -> Response:
        if request.method == "POST":
            right = form == {
                "anchor": "",
                "logintoken": LOGIN_TOKEN,
                "username": USERNAME,
                "password": PASSWORD,
            }
            response = self._to("/login/index.php?testsession=3" if right else "/login/index.php")
            if right:
                response.set_cookie("MoodleSession", COOKIE, path="/")
            return response
        if "testsession" in form:
            return self._to("/my/")
        if self._is_in(request):
            return page("이미 로그인되어 있습니다.")
        return page(
            '<form action="search.php"><input name="q" type="hidden" value="1"></form>'
            f'<form id="login" method="post"><input type="hidden" name="anchor" value="">'
            f'<input type="hidden" name="logintoken" value="{LOGIN_TOKEN}">'
            '<input type="text" name="username"><input type="password" name="password"></form>'
        )

    def _to(self, path: str) -> Response:
        return Response(status=303, headers={"Location": self.url + path})

    def _is_in(self, request: Request) -> bool:
        return request.cookies.get("MoodleSession") == COOKIE

    def _overview(self, request: Request, form: dict) -> Response:
        if not self._is_in(request):
            return self._to("/login/index.php")
        links = "".join(
            f'<a href="{self.url}/course/view.php?id={one["id"]}"><span>{one["fullname"]}</span></a>'
            for one in recorded("users_courses")
        )
        return page(f'<script>M.cfg = {{"wwwroot":"x","sesskey":"{SESSION_KEY}"}};</script>{links}')

    def _course_list(self, request: Request, form: dict) -> Response:
        assert self._is_in(request)
        assert request.args["sesskey"] == SESSION_KEY
        (call,) = request.get_json()
        assert call["methodname"] == "core_course_get_enrolled_courses_by_timeline_classification"
        # as a site with many courses does, three at a time
        start = call["args"]["offset"]
        courses = recorded("users_courses")[start : start + 3]
        return as_json([{"error": False, "data": {"courses": courses, "nextoffset": start + len(courses)}}])

    def _report(self, request: Request, form: dict) -> Response:
        if not self._is_in(request):
            return self._to("/login/index.php")
        assert form["format"] == "csv"
        return Response(
            (DATA / f"completion_{form['course']}.csv").read_bytes(), content_type="text/csv; charset=utf-8"
        )


def warning(item: str, number: int, code: str) -> dict:
    return {"item": item, "itemid": number, "warningcode": code, "message": "…"}
