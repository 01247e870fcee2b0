"""The times that exports write, read back from each form."""

import random
from datetime import datetime, timedelta, timezone

import pytest

from schoolkit.submissions.dates import is_day_first, parse_time
from schoolkit.submissions.status import KOREA
from schoolkit.tables import cell_text

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=KOREA)


def hour12(time: datetime) -> int:
    return time.hour % 12 or 12


def noon(time: datetime, am: str, pm: str) -> str:
    return pm if time.hour >= 12 else am


def moodle_english(t):
    return f"{WEEKDAYS[t.weekday()]}, {t.day} {MONTHS[t.month - 1]} {t.year}, {hour12(t)}:{t:%M} {noon(t, 'AM', 'PM')}"


def moodle_korean(t):
    day = "월화수목금토일"[t.weekday()]
    return f"{t.year}년 {t.month}월 {t.day}일 {day}요일, {noon(t, '오전', '오후')} {hour12(t)}:{t:%M}"


def google_korean(t):
    return f"{t.year}. {t.month}. {t.day} {noon(t, '오전', '오후')} {hour12(t)}:{t:%M:%S}"


def google_csv(t):
    return f"{t.year}/{t:%m/%d} {hour12(t)}:{t:%M:%S} {noon(t, '오전', '오후')} GMT+9"


def google_english(t):
    return f"{t.month}/{t.day}/{t.year} {t.hour}:{t:%M:%S}"


def microsoft(t):
    return f"{t.month}/{t.day}/{t:%y %H:%M:%S}"


def canvas_like(t):
    return f"{MONTHS[t.month - 1][:3]} {t.day}, {t.year} at {hour12(t)}:{t:%M}{noon(t, 'am', 'pm')}"


def iso(t):
    return t.isoformat()


def iso_utc(t):
    return t.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: UP017


def excel_cell(t):
    return cell_text(t.replace(tzinfo=None))


def excel_serial(t):
    return repr((t.replace(tzinfo=None) - datetime(1899, 12, 30)) / timedelta(days=1))


FORMS = {
    moodle_english: "minute",
    moodle_korean: "minute",
    google_korean: "second",
    google_csv: "second",
    google_english: "second",
    microsoft: "second",
    canvas_like: "minute",
    iso: "second",
    iso_utc: "second",
    excel_cell: "second",
    excel_serial: "second",
}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_what_is_written_in_each_form_is_read_back(form):
    chance = random.Random(form.__name__)
    moments = [at(2020, 1, 1) + timedelta(seconds=chance.randrange(10 * 366 * 86400)) for _ in range(300)]
    moments += [at(2026, 11, 20, hour, minute) for hour in (0, 1, 11, 12, 13, 23) for minute in (0, 59)]
    wanted = [moment.replace(second=0) if FORMS[form] == "minute" else moment for moment in moments]
    assert [parse_time(form(moment)) for moment in moments] == wanted


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Saturday, 14 November 2026, 5:07 AM", at(2026, 11, 14, 5, 7)),
        ("2026년 11월 14일 토요일, 오전 5:07", at(2026, 11, 14, 5, 7)),
        ("2026. 11. 20 오후 3:05:11", at(2026, 11, 20, 15, 5, 11)),
        ("2026/11/20 3:05:11 오후 GMT+9", at(2026, 11, 20, 15, 5, 11)),
        ("2026/11/20 6:05:11 AM GMT", at(2026, 11, 20, 15, 5, 11)),
        ("2026-11-21T08:13:48Z", at(2026, 11, 21, 17, 13, 48)),
        ("2026-11-21T08:13:48.512345-05:00", at(2026, 11, 21, 22, 13, 49)),
        ("2026-11-21 08:13:48 +0900", at(2026, 11, 21, 8, 13, 48)),
        ("Fri Nov 20 2026 15:05:11 GMT+0900 (한국 표준시)", at(2026, 11, 20, 15, 5, 11)),
        ("46346.62", at(2026, 11, 20, 14, 52, 48)),
        ("2026-11-20 15:05:10.999999", at(2026, 11, 20, 15, 5, 11)),
        ("2026. 11. 20. 오후\u202f3:05", at(2026, 11, 20, 15, 5)),
        ("\u200e11/20/2026\u00a0 3:05\u202fPM", at(2026, 11, 20, 15, 5)),
        ("２０２６．１１．２０　１５：０５", at(2026, 11, 20, 15, 5)),
        ("2026.11.20.(금) 15:05", at(2026, 11, 20, 15, 5)),
        ("26. 11. 20. 오후 3:05", at(2026, 11, 20, 15, 5)),
        ("26년 11월 20일 오후 3시 5분", at(2026, 11, 20, 15, 5)),
        ("2026-11-20 12:00 AM", at(2026, 11, 20)),
        ("2026-11-20 오후 12:30", at(2026, 11, 20, 12, 30)),
        ("2026-11-20 오후 15:05", at(2026, 11, 20, 15, 5)),
        ("2026-11-20 24:00", at(2026, 11, 21)),
        ("1st March 2026 10:00 p.m.", at(2026, 3, 1, 22)),
    ],
)
def test_a_time_as_a_system_writes_it(text, moment):
    assert parse_time(text) == moment
    assert parse_time(text).utcoffset() == timedelta(hours=9)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "아직", "Never", "GMT+9", "오후", "15:05", "11월 20일", "2026년", "2026-11", "어제 오후 3:05"),
        *("2026-02-29", "2026-13-01", "2026-11-31 15:05", "11/31/2026", "31 February 2026", "13/13/2026", "0/1/2026"),
        *("2026-11-20 25:00", "2026-11-20 24:01", "2026-11-20 15:60", "2026-11-20 15:05:61", "2026-11-20 오전 15:05"),
        *("2026-11-20 오전 3:05 PM", "2026-11-20 3:05 +99:00", "2026-11-20 3:05 EST", "2026/11-20", "2026-11-20 15"),
        *(
            "1 January 1970, 9:00 AM",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "30101",
            "20230105",
            "1",
            "8 / 10",
        ),
        *("8 / 10", "20.11.2026", "10107 김서연", "1-1-7", "2026-11-20 15:05 제출", "²⁰²⁶", "9" * 500, "٢٠٢٦-١١-٢٠"),
    ],
)
def test_what_is_no_time_for_sure_is_none(text):
    assert parse_time(text) is None


def test_the_day_comes_first_only_on_request():
    assert parse_time("1/2/2026 15:05") == at(2026, 1, 2, 15, 5)
    assert parse_time("1/2/2026 15:05", day_first=True) == at(2026, 2, 1, 15, 5)
    assert parse_time("20/11/2026") is None
    assert parse_time("20.11.2026", day_first=True) == parse_time("20-11-26", day_first=True) == at(2026, 11, 20)
    assert parse_time("2026. 11. 20", day_first=True) == at(2026, 11, 20)


def test_a_date_alone_is_its_first_second_or_as_a_due_date_its_last():
    for text in ("2026-11-20", "2026. 11. 20.", "11/20/2026", "2026년 11월 20일 금요일", "46346"):
        assert parse_time(text) == at(2026, 11, 20)
        assert parse_time(text, end_of_day=True) == at(2026, 11, 20, 23, 59, 59)
    assert parse_time("2026-11-20 15:05", end_of_day=True) == at(2026, 11, 20, 15, 5)
    assert parse_time("2026-11-20 00:00", end_of_day=True) == at(2026, 11, 20)


def test_a_file_says_itself_that_its_days_come_first():
    assert is_day_first(["1/2/2026", "20/11/2026", "", "제출"])
    assert not is_day_first(["1/2/2026", "3/4/2026"])
    assert not is_day_first(["11/20/2026", "20/11/2026"])
    assert not is_day_first([])
