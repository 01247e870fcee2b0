"""How the tests of Moodle's web services read the Moodle on loopback, and answers it may give instead."""

from datetime import datetime

import pandas as pd
from moodle_server import TOKEN, MoodleServer, as_json, error_bytes, recorded
from werkzeug import Response

from schoolkit.submissions.collect import Collection
from schoolkit.submissions.connection import Connection
from schoolkit.submissions.moodle.web_service import MoodleWebService
from schoolkit.submissions.secret import Secret
from schoolkit.submissions.status import KOREA

RECORDED_AT = datetime(2026, 11, 21, 18, tzinfo=KOREA)
ASSIGNMENTS, SUBMISSIONS = "mod_assign_get_assignments", "mod_assign_get_submissions"
FLAGS, PEOPLE, CONTENTS = "mod_assign_get_user_flags", "core_enrol_get_enrolled_users", "core_course_get_contents"
PARTICIPANTS = "mod_assign_list_participants"
SITE, COURSES = "core_webservice_get_site_info", "core_enrol_get_users_courses"


def source_of(moodle: MoodleServer, courses=None, token=TOKEN, now=RECORDED_AT, **settings) -> MoodleWebService:
    connection = Connection(moodle.url, **({"pause": 0.001, "read_seconds": 10} | settings))
    return MoodleWebService(connection, Secret(token), courses, lambda: now)


def read(moodle: MoodleServer, courses=None, **settings) -> pd.DataFrame:
    source = source_of(moodle, courses, **settings)
    table = Collection(source).run().table()
    table.attrs["left_out"] = list(source.notices)
    return table


def error_answer(name: str, status: int = 200) -> Response:
    kind = "text/xml" if name.endswith(".xml") else "application/json"
    return Response(error_bytes(name), status, content_type=kind)


def failed(table: pd.DataFrame) -> list[tuple[str, str]]:
    return [(one["course"], one["kind"]) for one in table.attrs["failed"]]


def minute(time: pd.Timestamp) -> str:
    return "" if pd.isna(time) else f"{time:%Y-%m-%d %H:%M}"


def without(*functions: str) -> Response:
    site = recorded("site_info")
    return as_json(site | {"functions": [one for one in site["functions"] if one["name"] not in functions]})


def only_for(course: str, name: str):
    return lambda form: error_answer(name) if form.get("courseid") == course else None
