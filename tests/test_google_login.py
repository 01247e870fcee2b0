"""The teacher's own Google log-in, with a small token server on loopback."""

import base64
import hashlib
import json
import logging
import pickle
import sys
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from werkzeug import Response

pytest.importorskip("googleapiclient")

from classroom_server import Classroom, running  # noqa: E402

from schoolkit.submissions.classroom.login import SCOPES, begin, begin_with_file  # noqa: E402
from schoolkit.submissions.secret import Secret  # noqa: E402
from schoolkit.submissions.source import SourceError  # noqa: E402

CLIENT = "123-abc.apps.googleusercontent.com"
SECRET = "GOCSPX-client-secret"
CODE = "4/0secret-code"
GRANTED = {
    "access_token": "ya29.secret-access",
    "refresh_token": "1//secret-refresh",
    "expires_in": 3599,
    "token_type": "Bearer",
    "scope": " ".join(SCOPES),
}
FILE = {
    "installed": {
        "client_id": CLIENT,
        "project_id": "school",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "client_secret": SECRET,
        "redirect_uris": ["http://localhost"],
    }
}


def asked(login) -> dict[str, str]:
    return {key: value for key, (value,) in parse_qs(urlsplit(login.address).query).items()}


def came_back(login, **said: str) -> str:
    """Where the browser ends: Google adds more than is needed."""
    words = {"state": asked(login)["state"], "code": CODE, "authuser": "0", "scope": SCOPES[0]} | said
    return f"http://localhost/?{urlencode(words)}"


def kind_of(caught) -> str:
    assert caught.value.__context__ is None
    return caught.value.problems[0].kind


def answering(httpserver, status=200, body=None, **changed) -> str:
    """The address of a token server with this answer."""
    text = json.dumps(GRANTED | changed) if body is None else body
    httpserver.expect_request("/token", method="POST").respond_with_response(Response(text, status))
    return httpserver.url_for("/token")


def test_consent_is_asked_for_reading_only_and_bound_to_this_login():
    login = begin(f" {CLIENT}\n", SECRET)
    words = asked(login)
    assert login.address.startswith("https://accounts.google.com/o/oauth2/v2/auth?")
    assert {key: words[key] for key in words.keys() - {"state", "code_challenge"}} == {
        "client_id": CLIENT,
        "redirect_uri": "http://localhost",
        "response_type": "code",
        "scope": "https://www.googleapis.com/auth/classroom.courses.readonly "
        "https://www.googleapis.com/auth/classroom.rosters.readonly "
        "https://www.googleapis.com/auth/classroom.coursework.students.readonly "
        "https://www.googleapis.com/auth/classroom.profile.emails",
        "code_challenge_method": "S256",
        "prompt": "select_account",
    }
    other = asked(begin(CLIENT, SECRET))
    assert words["state"] != other["state"] and words["code_challenge"] != other["code_challenge"]


def test_the_code_is_exchanged_for_credentials(httpserver):
    login = begin(CLIENT, SECRET)
    before = datetime.now(UTC).replace(tzinfo=None)
    address = answering(httpserver)
    credentials = login.finish(came_back(login), token_address=address)
    ((request, _),) = httpserver.log
    form = request.form.to_dict()
    verifier = form.pop("code_verifier")
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert digest == asked(login)["code_challenge"]
    assert 43 <= len(verifier) <= 128  # RFC 7636
    assert form == {
        "grant_type": "authorization_code",
        "code": CODE,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uri": "http://localhost",
    }
    assert (credentials.token, credentials.refresh_token) == (GRANTED["access_token"], GRANTED["refresh_token"])
    assert (credentials.client_id, credentials.client_secret, credentials.token_uri) == (CLIENT, SECRET, address)
    assert credentials.scopes == list(SCOPES)
    assert timedelta() <= credentials.expiry - before - timedelta(seconds=3599) < timedelta(minutes=1)
    assert credentials.valid


@pytest.mark.parametrize(
    "written",
    [
        lambda address: f"  {address}\n",
        lambda address: address[:40] + "\n" + address[40:],  # broken over two lines by a mail program
        lambda address: address.removeprefix("http://"),
        lambda address: address.replace("http://localhost/", "https://localhost:80/"),
        lambda address: f"{address}#",
        lambda address: address.partition("?")[2],
    ],
)
def test_addresses_as_teachers_paste_them(httpserver, written):
    login = begin(CLIENT, SECRET)
    assert login.finish(written(came_back(login)), token_address=answering(httpserver)).token == GRANTED["access_token"]


@pytest.mark.parametrize(
    ("pasted", "kind"),
    [
        ("", "no_code"),
        ("아직 모르겠어요", "no_code"),
        ("http://[", "no_code"),
        ("http://localhost/", "no_code"),
        (f"http://localhost/?code={CODE}", "no_code"),
        ("http://localhost/?state=another", "no_code"),
        (f"http://localhost/?state=another&code={CODE}", "wrong_state"),
        (f"http://localhost/?state=다른&code={CODE}", "wrong_state"),
        ("http://localhost/?state=another&error=access_denied", "wrong_state"),
    ],
)
def test_addresses_of_no_or_another_login_are_refused_without_asking_google(pasted, kind, httpserver):
    with pytest.raises(SourceError) as caught:
        begin(CLIENT, SECRET).finish(pasted, token_address=answering(httpserver))
    assert (kind_of(caught), httpserver.log) == (kind, [])


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        ("access_denied", "access_denied"),
        ("admin_policy_enforced", "admin_policy"),
        ("server_error", "login_refused"),
    ],
)
def test_refused_consent(refusal, kind):
    login = begin(CLIENT, SECRET)
    with pytest.raises(SourceError) as caught:
        login.finish(came_back(login, code="", error=refusal))
    assert kind_of(caught) == kind


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, '{"error": "invalid_grant", "error_description": "Bad Request"}', "invalid_grant"),
        (401, '{"error": "invalid_client"}', "wrong_client"),
        (400, '{"error": "redirect_uri_mismatch"}', "login_refused"),
        (400, '{"error": {"code": 3}}', "login_refused"),
        (500, "", "server"),
        (503, "<html>503</html>", "server"),
        (200, "<!DOCTYPE html><html>로그인</html>", "bad_answer"),
        (403, "<!DOCTYPE html><html>차단</html>", "bad_answer"),
        (200, "[]", "bad_answer"),
        (200, "{}", "bad_answer"),
        (200, '{"access_token": "a", "expires_in": "soon"}', "bad_answer"),
        (200, '{"access_token": 3, "expires_in": 3599}', "bad_answer"),
        (200, b"\xff\xfe\xff", "bad_answer"),
    ],
)
def test_refused_and_strange_exchanges(status, body, kind, httpserver):
    login = begin(CLIENT, SECRET)
    with pytest.raises(SourceError) as caught:
        login.finish(came_back(login), token_address=answering(httpserver, status, body))
    assert (kind_of(caught), len(httpserver.log)) == (kind, 1)


def test_a_token_server_that_is_not_there():
    login = begin(CLIENT, SECRET)
    with pytest.raises(SourceError) as caught:
        login.finish(came_back(login), token_address="http://127.0.0.1:9/token")
    assert kind_of(caught) == "unreachable"


def test_a_code_is_not_sent_again_when_the_connection_is_cut():
    login = begin(CLIENT, SECRET)
    with running(Classroom(wrong={"/token": "cut"})) as server, pytest.raises(SourceError) as caught:
        login.finish(came_back(login), token_address=f"{server.address}/token")
    assert (kind_of(caught), server.paths) == ("cut_off", {"/token": 1})


def test_a_permission_that_was_not_ticked_is_told_at_once(httpserver):
    login = begin(CLIENT, SECRET)
    with pytest.raises(SourceError) as caught:
        login.finish(came_back(login), token_address=answering(httpserver, scope=" ".join(SCOPES[:2])))
    assert kind_of(caught) == "scope"


def test_addresses_of_pupils_may_be_withheld(httpserver):
    login = begin(CLIENT, SECRET)
    credentials = login.finish(came_back(login), token_address=answering(httpserver, scope=" ".join(SCOPES[:3])))
    assert credentials.scopes == list(SCOPES[:3])


def test_the_downloaded_file_of_the_client_will_do(httpserver):
    login = begin_with_file(json.dumps(FILE).encode())
    assert asked(login)["client_id"] == CLIENT
    login.finish(came_back(login), token_address=answering(httpserver))
    assert httpserver.log[0][0].form["client_secret"] == SECRET


@pytest.mark.parametrize(
    "text",
    [
        "",
        "성명,학번",
        b"\xff\xfe\x00",
        "[]",
        "{}",
        '{"installed": 3}',
        '{"installed": {"client_id": "a"}}',
        json.dumps({"web": FILE["installed"]}),
        json.dumps({"type": "service_account", "client_id": "1"}),
    ],
)
def test_files_that_are_of_no_desktop_client(text):
    with pytest.raises(SourceError) as caught:
        begin_with_file(text)
    assert kind_of(caught) == "wrong_client"


@pytest.mark.parametrize(("client_id", "secret"), [("", SECRET), (SECRET, CLIENT), (CLIENT, " "), (CLIENT, Secret(""))])
def test_clients_that_cannot_be(client_id, secret):
    with pytest.raises(SourceError) as caught:
        begin(client_id, secret)
    assert kind_of(caught) == "wrong_client"


def test_without_googles_client_it_says_so_before_the_teacher_consents(monkeypatch):
    monkeypatch.setitem(sys.modules, "googleapiclient", None)
    with pytest.raises(SourceError) as caught:
        begin(CLIENT, SECRET)
    assert caught.value.problems[0].kind == "not_installed"


def test_nothing_secret_is_shown_stored_or_logged(httpserver, caplog):
    caplog.set_level(logging.DEBUG)
    login = begin(CLIENT, Secret(SECRET))
    shown = [repr(login), str(login)]
    for status, body in [(200, None), (400, json.dumps({"error": CODE})), (200, CODE), (500, CODE)]:
        httpserver.clear()
        try:
            shown.append(repr(login.finish(came_back(login), token_address=answering(httpserver, status, body))))
        except SourceError as error:
            shown += [repr(error), str(error)]
    with pytest.raises(TypeError):
        pickle.dumps(login)
    # the test's own server logs what it was asked, under its own name
    logged = [one.getMessage() for one in caplog.records if one.name not in ("werkzeug", "pytest_httpserver")]
    state = asked(login)["state"]
    written = "\n".join(shown + logged)
    assert [secret for secret in (SECRET, CODE, state, "ya29", "secret-refresh") if secret in written] == []
