"""A small Google Classroom on loopback: answers in the shape that the real API gives, in pages, and its refusals."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

GOOGLE = "https://classroom.googleapis.com"
TOKEN = "ya29.secret-token"
REFRESH = "1//secret-refresh"


def course(number: str, name: str, section: str | None = None) -> dict:
    return {
        "id": number,
        "name": name,
        **({"section": section} if section else {}),
        "ownerId": "100000000000000000001",
        "creationTime": "2026-03-02T01:02:03.456Z",
        "enrollmentCode": "secretcode",
        "courseState": "ACTIVE",
        "alternateLink": "https://classroom.google.com/c/x",
        "guardiansEnabled": False,
    }


def student(number: str, family: str, given: str, email: str | None = None) -> dict:
    profile = {
        "id": number,
        "name": {"givenName": given, "familyName": family, "fullName": f"{given} {family}".strip()},
        "photoUrl": "//lh3.googleusercontent.com/a/x",
    }
    if email:
        profile["emailAddress"] = email
    return {"courseId": "1", "userId": number, "profile": profile}


def work(number: str, title: str, due: tuple | None = None, clock: dict | None = None, **other: object) -> dict:
    """Course work; ``due`` is year, month and day in UTC, ``clock`` the parts of its time that are not 0."""
    given = {
        "courseId": "1",
        "id": number,
        "title": title,
        "description": "secret description",
        "state": "PUBLISHED",
        "creationTime": f"2026-03-03T00:00:{int(number):02}.000Z",
        "updateTime": "2026-03-03T00:00:00.000Z",
        "maxPoints": 100,
        "workType": "ASSIGNMENT",
        "submissionModificationMode": "MODIFIABLE_UNTIL_TURNED_IN",
        "assigneeMode": "ALL_STUDENTS",
        "creatorUserId": "100000000000000000001",
    }
    if due:
        given["dueDate"] = dict(zip(("year", "month", "day"), due, strict=True))
    if clock is not None:
        given["dueTime"] = clock
    return given | other


def submission(task: str, pupil: str, state: str, *history: tuple[str, str], **other: object) -> dict:
    """What Classroom keeps of one pupil's work; ``history`` are pairs of state and time."""
    entries = [
        {"stateHistory": {"state": state, "stateTimestamp": time, "actorUserId": pupil}} for state, time in history
    ]
    grade = {"gradeHistory": {"pointsEarned": 90, "maxPoints": 100, "gradeTimestamp": "2026-03-09T00:00:00Z"}}
    return {
        "courseId": "1",
        "courseWorkId": task,
        "id": f"Cg{task}{pupil}",
        "userId": pupil,
        "creationTime": "2026-03-03T00:00:00.000Z",
        "updateTime": "2026-03-09T00:00:00.000Z",
        "state": state,
        "assignedGrade": 90,
        "alternateLink": "https://classroom.google.com/c/x",
        "courseWorkType": "ASSIGNMENT",
        "assignmentSubmission": {"attachments": [{"driveFile": {"title": "secret essay"}}]},
        "submissionHistory": [*entries, grade],
    } | other


def refusal(code: int, status: str, message: str = "The caller does not have permission", reason: str = "") -> tuple:
    error = {"code": code, "message": message, "status": status}
    if reason:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    return code, json.dumps({"error": error})


@dataclass
class Classroom:
    """What the server holds, how it misbehaves, and what it was asked.

    ``wrong`` gives by path, or by path and number of the page, an answer of status and body, ``"cut"`` for a
    connection cut in the middle, or ``"cut once"``. ``before`` is called with each path before it is answered.
    """

    courses: list = field(default_factory=list)
    students: dict = field(default_factory=dict)
    work: dict = field(default_factory=dict)
    submissions: dict = field(default_factory=dict)
    page: int = 100
    wrong: dict = field(default_factory=dict)
    before: Callable[[str], None] = lambda path: None
    address: str = ""
    asked: list = field(default_factory=list)
    headers: list = field(default_factory=list)
    most_at_once: int = 0
    at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def paths(self) -> Counter:
        return Counter(path for path, _ in self.asked)

    def answer(self, path: str, query: dict) -> tuple[int, str] | str:
        start = int(query.get("pageToken", ["0"])[0])
        wrong = self.wrong.get((path, start // self.page + 1), self.wrong.get(path))
        if wrong == "cut once":
            del self.wrong[path]
            return "cut"
        if wrong is not None:
            return wrong
        key, items = self.listed(path, query)
        if key is None:
            return refusal(404, "NOT_FOUND", "Requested entity was not found.")
        shown = items[start : start + self.page]
        answer = {key: shown} if shown else {}  # the API leaves empty lists out
        if start + self.page < len(items):
            answer["nextPageToken"] = str(start + self.page)
        return 200, json.dumps(masked(answer, fields_of(query["fields"][0])), ensure_ascii=False)

    def listed(self, path: str, query: dict) -> tuple[str | None, list]:
        parts = path.removeprefix("/v1/courses").strip("/").split("/")
        if parts == [""]:
            assert (query["teacherId"], query["courseStates"]) == (["me"], ["ACTIVE"])
            return "courses", self.courses
        number, *rest = parts
        if number not in {one["id"] for one in self.courses}:
            return None, []
        if rest == ["students"]:
            return "students", self.students.get(number, [])
        if rest == ["courseWork"]:
            states = query.get("courseWorkStates", ["PUBLISHED"])
            return "courseWork", [one for one in self.work.get(number, []) if one["state"] in states]
        if rest == ["courseWork", "-", "studentSubmissions"]:
            return "studentSubmissions", self.submissions.get(number, [])
        return None, []


def fields_of(mask: str) -> dict:
    """A mask such as ``a,b(c,d)`` as ``{"a": {}, "b": {"c": {}, "d": {}}}``."""
    root: dict = {}
    stack, word = [root], ""
    for sign in mask + ",":
        if sign not in ",()":
            word += sign
            continue
        if word:
            stack[-1][word] = {}
        if sign == "(":
            stack.append(stack[-1][word])
        elif sign == ")":
            stack.pop()
        word = ""
    return root


def masked(value: object, fields: dict) -> object:
    if not fields:
        return value
    if isinstance(value, list):
        return [masked(one, fields) for one in value]
    return {key: masked(one, fields[key]) for key, one in value.items() if key in fields}


@contextmanager
def running(classroom: Classroom):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked = urlsplit(self.path)
            query = parse_qs(asked.query)
            with classroom.lock:
                classroom.asked.append((asked.path, query))
                classroom.headers.append(dict(self.headers))
                classroom.at_once += 1
                classroom.most_at_once = max(classroom.most_at_once, classroom.at_once)
            try:
                classroom.before(asked.path)
                with classroom.lock:
                    answer = classroom.answer(asked.path, query)
            finally:
                with classroom.lock:
                    classroom.at_once -= 1
            self.send(*((200, "{}") if answer == "cut" else answer), cut=answer == "cut")

        def do_POST(self):  # only the exchange of tokens
            self.rfile.read(int(self.headers["Content-Length"]))
            with classroom.lock:
                classroom.asked.append((self.path, {}))
            answer = classroom.wrong.get(self.path, (400, '{"error": "invalid_grant"}'))
            self.send(*((200, "{}") if answer == "cut" else answer), cut=answer == "cut")

        def send(self, status: int, body: str | bytes, cut: bool = False):
            body = body.encode() if isinstance(body, str) else body
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(body) + 100 * cut))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = cut

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    classroom.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield classroom
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def opener(classroom: Classroom, **credentials: object) -> Callable[[], object]:
    """What opens authorised connections, as the real source does, only to this server."""
    import google_auth_httplib2
    import httplib2
    from google.oauth2.credentials import Credentials

    known = Credentials(TOKEN, **credentials)

    class Loopback(httplib2.Http):
        def request(self, uri, *args, **options):
            return super().request(uri.replace(GOOGLE, classroom.address), *args, **options)

    return lambda: google_auth_httplib2.AuthorizedHttp(known, http=Loopback(timeout=5))
