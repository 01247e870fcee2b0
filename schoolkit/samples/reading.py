"""The reading records of an invented class, with planted duplicates."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle

import pandas as pd

from schoolkit.samples.books import WORKS, Work

# School year, grade and semester of what a second-year class has read so far.
TERMS = ((2024, 1, 1), (2024, 1, 2), (2025, 2, 1))
SUBJECT_AREAS = ("국어", "사회", "역사", "도덕", "수학", "과학", "영어", "공통")


def reading_entries(
    pupils: int = 28, books_per_pupil: int = 12, pairs_per_kind: int = 3, seed: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The reading records of one class, and every pair that was planted in them.

    Entries have one row per pupil and book, in the order in which NEIS prints them:
    ``seat_no, name, school_year, grade, semester, subject_area, book``. A pupil reads
    between half and one and a half times ``books_per_pupil`` works, each of them once;
    only a planted pair names a work twice. Two pupils have the same name, one name ends in
    ``(전출)``, and the last is a long foreign name.

    The truth has one row per planted pair, ``pairs_per_kind`` of each kind:
    ``seat_no, name, kind, duplicate, book_a, place_a, book_b, place_b``, where a stands
    before b. A place reads as ``2024학년도 1학년 1학기 국어``. The kinds are

    - ``exact``: the same text,
    - ``typo``: one vowel of the title replaced,
    - ``spacing``: one space of the title left out,
    - ``missing_author``: the title alone,
    - ``transposed``: two neighbouring syllables of the title swapped,
    - ``volume``: another volume of the work; the one kind that is no duplicate.

    The same arguments give the same data. Raises ``ValueError`` for fewer than four
    pupils, for more books than the list holds, and for more pairs than there are books for.
    """
    if pupils < 4:
        raise ValueError("pupils must be at least 4")
    if not 2 <= books_per_pupil <= len(WORKS) * 2 // 3:
        raise ValueError(f"books_per_pupil must be from 2 to {len(WORKS) * 2 // 3}")

    rng = random.Random(seed)
    class_list = list(enumerate(_names(pupils, rng, seed), start=1))
    read = {seat_no: _books_read(books_per_pupil, rng) for seat_no, _ in class_list}
    pairs = _plant_pairs(read, pairs_per_kind, rng)

    # A stable sort after the shuffle: within a cell, too, a planted book stands anywhere.
    for entries in read.values():
        rng.shuffle(entries)
        entries.sort(key=lambda entry: (entry.term, SUBJECT_AREAS.index(entry.subject_area)))

    return (
        pd.DataFrame(
            [
                (seat_no, name, *entry.term, entry.subject_area, entry.book)
                for seat_no, name in class_list
                for entry in read[seat_no]
            ],
            columns=[
                "seat_no",
                "name",
                "school_year",
                "grade",
                "semester",
                "subject_area",
                "book",
            ],
        ),
        _truth(class_list, read, pairs),
    )


# Compared by identity: an exact duplicate in the same cell has equal fields.
@dataclass(eq=False)
class _Entry:
    term: tuple[int, int, int]
    subject_area: str
    work: Work
    book: str
    paired: bool = False

    @property
    def place(self) -> str:
        school_year, grade, semester = self.term
        return f"{school_year}학년도 {grade}학년 {semester}학기 {self.subject_area}"


def _names(pupils: int, rng: random.Random, seed: int) -> list[str]:
    # Only whoever makes samples needs Faker.
    from faker import Faker

    korean, english = Faker("ko_KR"), Faker("en_US")
    korean.seed_instance(seed)
    english.seed_instance(seed)

    different: set[str] = set()
    while len(different) < pupils - 2:
        different.add(korean.name())
    names = sorted(different)

    transferred, shared = rng.sample(range(len(names)), 2)
    shared_name = names[shared]
    names[transferred] += "(전출)"
    names.insert(shared, shared_name)

    parts = (english.last_name(), english.first_name(), english.first_name(), english.last_name())
    return [*names, " ".join(parts).upper()]


def _books_read(books_per_pupil: int, rng: random.Random) -> list[_Entry]:
    number = rng.randint((books_per_pupil + 1) // 2, books_per_pupil * 3 // 2)
    # Weighted sampling without replacement (Efraimidis and Spirakis 2006): the largest
    # u ** (1 / weight); the weight falls with the rank as in Zipf's law.
    keys = {work: rng.random() ** rank**0.7 for rank, work in enumerate(WORKS, start=1)}
    entries = []
    for work in sorted(keys, key=keys.__getitem__, reverse=True)[:number]:
        book = work.book(rng.choice(work.volumes) if work.volumes else "")
        entries.append(_Entry(*_term_and_subject(work, rng), work, book))
    return entries


def _term_and_subject(work: Work, rng: random.Random) -> tuple[tuple[int, int, int], str]:
    subject_area = work.subject_area if rng.random() < 0.7 else rng.choice(("국어", "공통"))
    return rng.choice(TERMS), subject_area


def _plant_pairs(
    read: dict[int, list[_Entry]], pairs_per_kind: int, rng: random.Random
) -> list[tuple[int, str, _Entry, _Entry]]:
    """Adds a second entry for each pair; returns seat number, kind and both entries."""
    seats = list(read)
    rng.shuffle(seats)
    turns = cycle(seats)
    pairs = []
    for kind, second_naming in _SECOND_NAMINGS.items():
        for _ in range(pairs_per_kind):
            for _ in seats:
                seat_no = next(turns)
                found = _second_entry(read[seat_no], second_naming, rng)
                if found is not None:
                    pairs.append((seat_no, kind, *found))
                    read[seat_no].append(found[1])
                    break
            else:
                raise ValueError(f"too few books for {pairs_per_kind} pairs of kind {kind!r}")
    return pairs


def _second_entry(
    entries: list[_Entry],
    second_naming: Callable[[_Entry, random.Random], str | None],
    rng: random.Random,
) -> tuple[_Entry, _Entry] | None:
    for entry in rng.sample(entries, len(entries)):
        book = None if entry.paired else second_naming(entry, rng)
        if book is not None:
            entry.paired = True
            term_and_subject = _term_and_subject(entry.work, rng)
            return entry, _Entry(*term_and_subject, entry.work, book, paired=True)
    return None


def _truth(
    class_list: list[tuple[int, str]],
    read: dict[int, list[_Entry]],
    pairs: list[tuple[int, str, _Entry, _Entry]],
) -> pd.DataFrame:
    names = dict(class_list)
    rows = []
    for seat_no, kind, *pair in pairs:
        a, b = sorted(pair, key=read[seat_no].index)
        duplicate = kind != "volume"
        rows.append((seat_no, names[seat_no], kind, duplicate, a.book, a.place, b.book, b.place))
    columns = ["seat_no", "name", "kind", "duplicate", "book_a", "place_a", "book_b", "place_b"]
    return pd.DataFrame(rows, columns=columns).sort_values("seat_no", kind="stable", ignore_index=True)


def _same(entry: _Entry, rng: random.Random) -> str:
    return entry.book


def _with_typo(entry: _Entry, rng: random.Random) -> str | None:
    """One vowel replaced by one that is often typed for it."""
    title = entry.work.title
    places = [
        place for place in _syllables(entry.work) if unicodedata.normalize("NFD", title[place])[1] in _MISTYPED_VOWELS
    ]
    if not places:
        return None
    place = rng.choice(places)
    first, vowel, *last = unicodedata.normalize("NFD", title[place])
    syllable = unicodedata.normalize("NFC", "".join((first, _MISTYPED_VOWELS[vowel], *last)))
    return f"{title[:place]}{syllable}{title[place + 1 :]}({entry.work.author})"


def _with_a_space_less(entry: _Entry, rng: random.Random) -> str | None:
    title = entry.work.title
    places = [place for place, letter in enumerate(title) if letter == " "]
    if not places or not _is_plain(entry.work):
        return None
    place = rng.choice(places)
    return f"{title[:place]}{title[place + 1 :]}({entry.work.author})"


def _without_author(entry: _Entry, rng: random.Random) -> str | None:
    return entry.work.title if _is_plain(entry.work) else None


def _with_transposed_syllables(entry: _Entry, rng: random.Random) -> str | None:
    title = entry.work.title
    syllables = _syllables(entry.work)
    places = [place for place in syllables if place + 1 in syllables and title[place] != title[place + 1]]
    if not places:
        return None
    place = rng.choice(places)
    swapped = title[place + 1] + title[place]
    return f"{title[:place]}{swapped}{title[place + 2 :]}({entry.work.author})"


def _another_volume(entry: _Entry, rng: random.Random) -> str | None:
    others = [book for book in map(entry.work.book, entry.work.volumes) if book != entry.book]
    return rng.choice(others) if others else None


def _is_plain(work: Work) -> bool:
    """Whether a changed title is still the work's: no volume, no mark that splits or ends it."""
    return not work.volumes and not set(work.title) & set(",:(")


def _syllables(work: Work) -> list[int]:
    """Where the title has Hangul syllables, if enough of them to bear a typing error."""
    places = [place for place, letter in enumerate(work.title) if "가" <= letter <= "힣"]
    return places if _is_plain(work) and len(places) >= 4 else []


def _vowel(syllable: str) -> str:
    return unicodedata.normalize("NFD", syllable)[1]


_MISTYPED_VOWELS = {
    _vowel(meant): _vowel(typed) for meant, typed in zip("아애어에여오우유으", "야에여애어요유우우", strict=True)
}

_SECOND_NAMINGS: dict[str, Callable[[_Entry, random.Random], str | None]] = {
    "exact": _same,
    "typo": _with_typo,
    "spacing": _with_a_space_less,
    "missing_author": _without_author,
    "transposed": _with_transposed_syllables,
    "volume": _another_volume,
}
