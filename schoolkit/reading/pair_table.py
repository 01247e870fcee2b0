"""Suspicious pairs -> what a report shows of each, in the words and numbers of its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from numbers import Integral

import pandas as pd

from ..sheets import safe_text

VERDICTS = {"same": "같은 책으로 보입니다", "check": "확인이 필요합니다"}
PERIODS = {"past": "지난 학년도", "present": "올해"}
UNKNOWN_CLASS = "반 미상"
NAMELESS = "성명 없음"


def pair_table(pairs: pd.DataFrame, current: dict[str, tuple]) -> pd.DataFrame:
    """One row per pair, in their order: a column per source of the report's columns that is there.

    What is not known is None. Besides, ``pupil`` is the pupil's key and ``class_name``
    what the class is called.
    """
    known: dict[str, list] = {
        "no": list(range(1, len(pairs) + 1)),
        "pupil": list(pairs["student"]),
        "verdict": [VERDICTS[verdict] for verdict in pairs["verdict"]],
        "score": [float(score) for score in pairs["score"]],
        "reasons": texts(pairs["reasons"]),
    }
    for column in ("decision", "note"):
        known[column] = texts(pairs[column]) if column in pairs else [None] * len(pairs)
    if "period" in pairs:
        known["period"] = [None if pd.isna(period) else PERIODS[period] for period in pairs["period"]]
    places = [current[pupil] for pupil in known["pupil"]]
    for index, column in enumerate(("current_grade", "class_no", "seat_no")):
        known[column] = [place[index] for place in places]
    known["class_name"] = [class_name(*place[:2]) for place in places]
    names = texts(pairs["name"]) if "name" in pairs else [None] * len(pairs)
    if any(names) or (pairs.empty and "name" in pairs):
        known["name"] = [name or NAMELESS for name in names]
    else:
        known["student"] = texts(pairs["student"])
    for side in "ab":
        for column, read in _RECORD_READERS.items():
            if f"{column}_{side}" in pairs:
                known[f"{column}_{side}"] = read(pairs[f"{column}_{side}"])
        known[f"place_{side}"] = _places_in_words(known, side)
    # As objects: any other type of column would turn None into its own missing value.
    return pd.DataFrame(known, dtype=object)


def texts(values: Iterable[object]) -> list[str | None]:
    """The values as a report's cells hold them; what is missing or empty is None."""
    return [_text(value) for value in values]


def _text(value: object) -> str | None:
    return None if pd.isna(value) else safe_text(value) or None


def whole_numbers(values: Iterable[object]) -> list[int | str | None]:
    """Whole numbers as such, so that Excel sorts them; a class may have a name, such as 진리."""
    return [_whole_number(value) for value in values]


def _whole_number(value: object) -> int | str | None:
    if isinstance(value, Integral):
        return int(value)
    text = _text(int(value) if isinstance(value, float) and value.is_integer() else value)
    return int(text) if text and text.isdecimal() else text


_RECORD_READERS = {
    "book": texts,
    "school_year": whole_numbers,
    "grade": whole_numbers,
    "semester": whole_numbers,
    "subject_area": texts,
    "file": texts,
    "row": whole_numbers,
}


def _places_in_words(known: dict[str, list], side: str) -> list[str | None]:
    """Where each book is recorded: the term and subject, or else the file and row."""

    def in_words(units: dict[str, str]) -> list[str]:
        words = [""] * len(known["no"])
        for column, unit in units.items():
            for index, value in enumerate(known.get(f"{column}_{side}", [])):
                if value is not None:
                    words[index] += f" {value}{unit}"
        return words

    terms = in_words({"school_year": "학년도", "grade": "학년", "semester": "학기", "subject_area": ""})
    rows = in_words({"file": "", "row": "행"})
    return [(term or row).strip() or None for term, row in zip(terms, rows, strict=True)]


_PLACE_IN_WORDS = re.compile(r"(?:(\d+)학년도)? ?(?:(\d)학년)? ?(?:(\d)학기)? ?(.*)", re.DOTALL)


def place_from_words(words: str) -> tuple[str | None, ...]:
    """School year, grade, semester and subject of the words for a place; None where they do not say.

    >>> place_from_words("2024학년도 1학년 2학기 국어"), place_from_words("2학기"), place_from_words("1학년.xlsx 9행")
    (('2024', '1', '2', '국어'), (None, None, '2', None), (None, None, None, None))
    """
    if re.search(r"\d행$", words):
        return (None,) * 4
    return tuple(part or None for part in _PLACE_IN_WORDS.fullmatch(words).groups())


def current_places(*frames: pd.DataFrame) -> dict[str, tuple]:
    """Per pupil: grade, class and number; of the highest grade, the last that is known.

    Pairs are read after the entries, their second records after their first.
    """
    current: dict[str, tuple] = {}
    for frame in frames:
        for suffix in ("", "_a", "_b"):
            columns = [
                whole_numbers(frame[f"{column}{suffix}"]) if f"{column}{suffix}" in frame else [None] * len(frame)
                for column in ("current_grade", "class_no", "seat_no")
            ]
            for pupil, *seen in zip(frame["student"], *columns, strict=True):
                known = current.get(pupil, (None, None, None))
                current[pupil] = _up_to_date(known, tuple(seen))
    return current


def _up_to_date(known: tuple, seen: tuple) -> tuple:
    """Both places in one; a class of a lower grade is not carried up into the next."""
    if known[0] is not None and seen[0] is not None and known[0] != seen[0]:
        return max(known, seen, key=lambda place: place[0])
    return tuple(old if new is None else new for old, new in zip(known, seen, strict=True))


def class_name(grade: int | None, class_no: int | str | None) -> str:
    if class_no is None:
        return UNKNOWN_CLASS if grade is None else f"{grade}학년 {UNKNOWN_CLASS}"
    return f"{class_no}반" if grade is None else f"{grade}-{class_no}"


def pupil_in_words(place: tuple, name: str) -> str:
    """A pupil with the class and number that are known, as ``2-1 3번 김하늘``."""
    grade, class_no, seat_no = place
    words = [
        class_name(grade, class_no) if class_no is not None else "",
        f"{seat_no}번" if seat_no is not None else "",
        name,
    ]
    return " ".join(filter(None, words))


_WHOSE = re.compile(
    rf"(?:(?P<unknown_of>\d+)학년 )?{UNKNOWN_CLASS}"
    r"|(?:(?:(?P<grade>\d+)-(?P<class_no>\S+)|(?P<class_alone>\d+)반)(?: |$))?(?:(?P<seat_no>\d+)번 )?(?P<name>.*)"
)


def whose_from_words(words: str) -> tuple[str | None, ...]:
    """Grade, class, number and name of the words for a class or a pupil; None where they do not say.

    >>> whose_from_words("2-1 3번 김하늘"), whose_from_words("2-1"), whose_from_words("3학년 반 미상")
    (('2', '1', '3', '김하늘'), ('2', '1', None, None), ('3', None, None, None))
    """
    found = _WHOSE.fullmatch(words)
    if not found:
        return (None,) * 4
    class_no = found["class_no"] or found["class_alone"]
    return found["grade"] or found["unknown_of"], class_no, found["seat_no"], found["name"] or None


def in_class_order(place: tuple) -> tuple:
    """Sorts places by numbers, then names, then what is not known."""
    return tuple((value is None, isinstance(value, str), value or 0) for value in place)
