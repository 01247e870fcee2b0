"""The times that exports write, in Korean, English, ISO or Excel's form, as times of Korea."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, timezone

from .status import KOREA

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_WORD = (
    r"(?P<month_word>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?|\(?[월화수목금토일](?:요일)?\)?)"
_NOON = r"오전|오후|[ap]\.?m\b\.?"

# the ways to write a date; "local" is the one whose order depends on the country
_DATES = (
    r"(?P<year>\d{4})(?P<sign>[-/])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})",
    r"(?P<year>\d{4}|\d\d(?=\. ))\. ?(?P<month>\d{1,2})\. ?(?P<day>\d{1,2})\.?",
    r"(?P<year>\d{4}|\d\d)년 ?(?P<month>\d{1,2})월 ?(?P<day>\d{1,2})일",
    r"(?P<local>\d{1,2}(?P<sign>[-/.])\d{1,2}(?P=sign)(?:\d{4}|\d\d))",
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH_WORD}[ -](?P<year>\d{{4}}|\d\d)",
    rf"{_MONTH_WORD} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
)
_TIME = (
    rf"(?:(?P<before>{_NOON}) ?)?(?P<hour>\d{{1,2}})"
    r"(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?P<fraction>[.,]\d{1,9})?)?"
    r"|시(?: ?(?P<minute_said>\d{1,2})분(?: ?(?P<second_said>\d{1,2})초)?)?)"
    rf"(?: ?(?P<after>{_NOON}))?"
)
_ZONE = (
    r" ?(?P<zone>z|kst|(?:(?:utc|gmt) ?)?[+-]\d{1,2}(?::?\d\d)?|utc|gmt)"
    r"(?: \([^()]{1,40}\))?"  # what a browser adds: GMT+0900 (한국 표준시)
)
_FORMS = [
    re.compile(
        rf"(?:{_WEEKDAY},? ?)?{date}(?:,? ?{_WEEKDAY})?(?:(?:, ?|t| at | ){_TIME}(?:{_ZONE})?)?",
        re.ASCII | re.IGNORECASE,
    )
    for date in _DATES
]
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,15})?", re.ASCII)
_EXCEL_DAY_0 = datetime(1899, 12, 30)
_NO_TIME = re.compile(
    r"[-–—]?|n/?a|none|no(?:due)?date|(?:마감일?|마감기한|기한|제출기한|날짜)?(?:이|가)?없음|미정|무기한"
)
_LONGEST = 100
_YEARS = range(2000, 2100)


def parse_time(text: str, *, day_first: bool = False, end_of_day: bool = False) -> datetime | None:
    """The time in Korea's zone that a text says, to the second; None if it is no time that is understood.

    Read are ISO, the forms of Moodle, Google and Microsoft in Korean and English, and Excel's
    serial numbers, of the years 2000 to 2099. A time without a zone is Korean time. A date that the
    calendar does not have, or without a year, is None.

    Args:
        text: what stands in the cell.
        day_first: whether ``1/2/2026`` is the first of February; otherwise it is January's second.
        end_of_day: whether a date without a time of day means its last second, as due dates do,
            instead of its first.

    >>> parse_time("2026년 11월 14일 토요일, 오전 5:07") == parse_time("Saturday, 14 November 2026, 5:07 AM")
    True
    >>> parse_time("2026-11-21T08:13:48Z").isoformat(), parse_time("11/31/2026"), parse_time("어제")
    ('2026-11-21T17:13:48+09:00', None, None)
    """
    plain = _plain(text)
    if len(plain) > _LONGEST or not re.search(r"\d", plain):
        return None
    if _SERIAL.fullmatch(plain):
        return _from_serial(float(plain), end_of_day)
    matched = next(filter(None, (form.fullmatch(plain) for form in _FORMS)), None)
    if matched is None:
        return None
    try:
        return _in_korea(matched.groupdict(), day_first, end_of_day)
    except (ValueError, OverflowError):
        return None


def is_no_time(text: str) -> bool:
    """Whether a text says that there is no time, such as ``No due date``, or is empty.

    >>> is_no_time("마감일 없음"), is_no_time("-"), is_no_time("언젠가")
    (True, True, False)
    """
    return len(text) <= _LONGEST and bool(_NO_TIME.fullmatch(re.sub(r"\s", "", text).casefold()))


def is_day_first(texts: Iterable[str]) -> bool:
    """Whether the dates of a file stand in the order day, month: some can be read in no other way, and all in that."""
    written = [text for text in texts if parse_time(text) or parse_time(text, day_first=True)]
    return any(not parse_time(text) for text in written) and all(parse_time(text, day_first=True) for text in written)


def _plain(text: str) -> str:
    """The text in one width, without marks that are not seen, each run of white space as one blank."""
    plain = unicodedata.normalize("NFKC", text[: _LONGEST * 4])
    return " ".join("".join(sign for sign in plain if unicodedata.category(sign) != "Cf").split())


def _from_serial(days: float, end_of_day: bool) -> datetime | None:
    moment = _EXCEL_DAY_0 + timedelta(seconds=round(days * 86400))
    if moment.year not in _YEARS:
        return None
    if end_of_day and moment.time() == time():
        moment += timedelta(days=1, seconds=-1)
    return moment.replace(tzinfo=KOREA)


def _in_korea(parts: dict[str, str | None], day_first: bool, end_of_day: bool) -> datetime | None:
    """The moment that the parts of a text name; ValueError if the calendar or the clock has it not."""
    year, month, day = _date(parts, day_first)
    if year not in _YEARS:
        return None
    midnight = datetime(year, month, day)
    if parts["hour"] is None:
        seconds = 86399 if end_of_day else 0
    else:
        seconds = _seconds(parts)
    moment = midnight + timedelta(seconds=seconds)
    return moment.replace(tzinfo=_zone(parts["zone"])).astimezone(KOREA)


def _date(parts: dict[str, str | None], day_first: bool) -> tuple[int, int, int]:
    if local := parts.get("local"):
        first, second, year = re.split("[-/.]", local)
        if "." in local and not day_first:
            raise ValueError  # with full stops, no country puts the month first
        day, month = (first, second) if day_first else (second, first)
    else:
        year, day, word = parts["year"], parts["day"], parts.get("month_word")
        month = _MONTHS.index(word[:3].lower()) + 1 if word else parts["month"]
    return int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)


def _seconds(parts: dict[str, str | None]) -> int:
    """Seconds since midnight; ValueError for a time that no clock shows."""
    hour = int(parts["hour"])
    minute = int(parts["minute"] or parts["minute_said"] or 0)
    second = int(parts["second"] or parts["second_said"] or 0)
    noon = {(parts[side] or "").lower().replace(".", "") for side in ("before", "after")} - {""}
    if noon:
        if len(noon) == 2 or hour > 23:
            raise ValueError
        afternoon = noon <= {"오후", "pm"}
        if hour > 12 and not afternoon:
            raise ValueError
        hour = hour if hour > 12 else hour % 12 + 12 * afternoon
    seconds = timedelta(hours=hour, minutes=minute, seconds=second)
    if minute > 59 or second > 59 or seconds > timedelta(days=1):
        raise ValueError
    # Excel's fractions of a day come as 10.999999 seconds
    return int(seconds.total_seconds()) + round(float((parts["fraction"] or "0").replace(",", ".")))


def _zone(text: str | None) -> timezone:
    if text is None or text.lower() == "kst":
        return KOREA
    matched = re.search(r"([+-])(\d{1,2}?):?(\d\d)?$", text)
    if not matched:
        return UTC
    sign, hours, minutes = matched.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-offset if sign == "-" else offset)
