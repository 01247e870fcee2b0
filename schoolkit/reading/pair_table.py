"""Suspicious pairs -> what a report shows of each, in the words and numbers of its cells."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ..sheets import safe_text

VERDICTS = {"same": "같은 책으로 보입니다", "check": "확인이 필요합니다"}
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
        "reasons": _texts(pairs["reasons"]),
    }
    places = [current[pupil] for pupil in known["pupil"]]
    for index, column in enumerate(("current_grade", "class_no", "seat_no")):
        known[column] = [place[index] for place in places]
    known["class_name"] = [class_name(*place[:2]) for place in places]
    names = _texts(pairs["name"]) if "name" in pairs else [None] * len(pairs)
    if any(names) or (pairs.empty and "name" in pairs):
        known["name"] = [name or NAMELESS for name in names]
    else:
        known["student"] = _texts(pairs["student"])
    for side in "ab":
        for column, read in _RECORD_READERS.items():
            if f"{column}_{side}" in pairs:
                known[f"{column}_{side}"] = read(pairs[f"{column}_{side}"])
        known[f"place_{side}"] = _places_in_words(known, side)
    # As objects: any other type of column would turn None into its own missing value.
    return pd.DataFrame(known, dtype=object)


def _texts(values: Iterable[object]) -> list[str | None]:
    return [None if pd.isna(value) else safe_text(value) or None for value in values]


def _numbers(values: Iterable[object]) -> list[int | str | None]:
    """Whole numbers as such, so that Excel sorts them; a class may have a name, such as 진리."""
    whole = (int(v) if isinstance(v, float) and v.is_integer() else v for v in values)
    return [int(text) if text and text.isdecimal() else text for text in _texts(whole)]


_RECORD_READERS = {
    "book": _texts,
    "school_year": _numbers,
    "grade": _numbers,
    "semester": _numbers,
    "subject_area": _texts,
    "file": _texts,
    "row": _numbers,
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


def current_places(*frames: pd.DataFrame) -> dict[str, tuple]:
    """Per pupil: grade, class and number; of the highest grade, the last that is known.

    Pairs are read after the entries, their second records after their first.
    """
    current: dict[str, tuple] = {}
    for frame in frames:
        for suffix in ("", "_a", "_b"):
            columns = [
                _numbers(frame[f"{column}{suffix}"]) if f"{column}{suffix}" in frame else [None] * len(frame)
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


def in_class_order(place: tuple) -> tuple:
    """Sorts places by numbers, then names, then what is not known."""
    return tuple((value is None, isinstance(value, str), value or 0) for value in place)
