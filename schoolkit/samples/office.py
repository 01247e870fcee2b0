"""The reading records of an invented education office: any number of pupils, in bounded memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import InputError, Problem
from .office_titles import OfficeBooks, korean_names, office_books, words
from .reading import SUBJECT_AREAS

# Pupils are drawn by blocks, each with a generator of its own, so that a pupil is the same
# however many follow. A change of the size changes the data.
_BLOCK = 1_000

_PRESENT_YEAR = 2025
_CLASSES, _SEATS = 12, 25  # per grade, per class: 900 pupils a school
_ONE_ENTRY = 0.02  # of the pupils
_WITH_DUPLICATES = 0.06  # of the pupils
_TEXT_COLUMNS = ("school", "student", "name", "subject_area", "book")

_CSV_HEADER = {
    "school": "학교명",
    "student": "학생ID",
    "current_grade": "학년",
    "class_no": "반",
    "seat_no": "번호",
    "name": "성명",
    "school_year": "학년도",
    "grade": "이수학년",
    "semester": "학기",
    "subject_area": "과목 또는 영역",
    "book": "book",  # one a row as it stands, where 도서명 may hold several
}


def office_entries(
    pupils: int, *, books_per_pupil: int = 35, seed: int = 1, pupils_per_batch: int = 5_000
) -> Iterator[pd.DataFrame]:
    """The records of ``pupils`` invented pupils, in batches that never part a pupil.

    Columns: ``school`` (900 pupils each), ``student`` (a key, e.g. ``P0000001``),
    ``current_grade`` (1 to 3), ``class_no``, ``seat_no``, ``name``, ``school_year``, ``grade``,
    ``semester``, ``subject_area``, ``book`` (as written) and ``work``: a number that is equal
    for what is the same book, so the truth beside the record. A pupil's rows stand in the
    order of NEIS, by term and subject area.

    A pupil has between half and one and a half times ``books_per_pupil`` books, 2 % of the
    pupils have one. Popularity falls as in Zipf's law. Of the entries, 1.5 % are drawn to bear
    a slip of the pupil's own (the wrong vowel, a syllable left out or two swapped; titles with
    fewer than four syllables bear none) and 4 % to vary in form (a space or the author left
    out, 지음 added, full-width parentheses). 6 % of the pupils have one to three works twice,
    in two terms, as before or in another form; nobody else has a work twice, but volumes of it.

    The same arguments give the same data; a pupil depends neither on ``pupils`` nor on
    ``pupils_per_batch``. Every letter can be written in CP949. Raises ``ValueError`` for
    numbers below 1.
    """
    _check_positive(pupils=pupils, books_per_pupil=books_per_pupil, pupils_per_batch=pupils_per_batch)
    return map(pd.DataFrame, _columns(0, pupils, books_per_pupil, seed, pupils_per_batch))


def awkward_entries(
    pupils: int = 10_000,
    *,
    books_per_pupil: int = 12,
    seed: int = 1,
    shuffled: bool = False,
    oversized: int = 5_000,
) -> pd.DataFrame:
    """The records of :func:`office_entries` in one frame, with what makes a real table awkward.

    - some pupils have one entry, some the same work twice, as there;
    - ``oversized`` rows of many pupils share the key ``0``;
    - one row of 200 has no student, one of 200 no book, and one pupil of 200 no book at all;
    - one pupil of 100 has every row twice;
    - some keys differ by leading zeros alone (``12``, ``00012``);
    - one title of 100 has a comma, quotation marks, a line break, blanks at its ends or
      full-width signs more than before.

    ``work`` stays the truth. Rows that share a key stand together, or all rows in any order
    if ``shuffled``.
    """
    entries = pd.concat(office_entries(pupils, books_per_pupil=books_per_pupil, seed=seed), ignore_index=True)
    rng = np.random.default_rng([seed, pupils])
    student = entries["student"].to_numpy(dtype=object, copy=True)
    book = entries["book"].to_numpy(dtype=object, copy=True)
    number, keys = pd.factorize(student)
    kind = rng.random(len(keys))
    short = np.flatnonzero((kind >= 0.015) & (kind < 0.025))
    for at, key in enumerate(short):
        keys[key] = str(at // 2 + 10).zfill(5 if at % 2 else 1)
    student = keys[number]

    for at in np.flatnonzero(rng.random(len(book)) < 0.01):
        book[at] = _AWKWARD_FORMS[rng.integers(len(_AWKWARD_FORMS))](book[at])
    book[(kind < 0.005)[number] | (rng.random(len(book)) < 0.005)] = None
    lost_key = rng.permutation(len(student))[:oversized]
    nobody = rng.random(len(student)) < 0.005
    student[nobody] = None
    student[lost_key] = "0"
    entries["student"], entries["book"] = student, book

    twice = ((kind >= 0.005) & (kind < 0.015))[number] & (student != "0") & ~nobody
    # a pupil's rows, then the same again, then the next pupil
    order = np.concatenate([np.arange(len(entries)), np.flatnonzero(twice)])
    order = order[np.argsort(number[order], kind="stable")]
    middle = len(order) // 2
    bad = student[order] == "0"
    middle = np.searchsorted(number[order], number[order[middle]])
    order = np.concatenate([order[:middle][~bad[:middle]], order[bad], order[middle:][~bad[middle:]]])
    if shuffled:
        order = rng.permutation(order)
    return entries.iloc[order].reset_index(drop=True)


def write_office_files(
    folder: str | Path,
    pupils: int,
    *,
    kind: str = "csv",
    parts: int = 4,
    encoding: str = "cp949",
    books_per_pupil: int = 35,
    seed: int = 1,
) -> list[Path]:
    """Writes the records of :func:`office_entries` as an office would export them; the files in order.

    ``reading_1.csv`` and so on hold a book a row under the headers 학교명, 학생ID, 학년, 반, 번호,
    성명, 학년도, 이수학년, 학기, 과목 또는 영역 and book; ``reading_1.parquet`` (``kind="parquet"``, needs
    pyarrow) has the columns of :func:`office_entries`. The truth, ``work``, is in neither. Each
    part holds whole pupils; ``encoding`` is that of the CSV files. Memory does not grow with
    the pupils.

    Raises ``ValueError`` for another kind or numbers below 1, :class:`InputError` without pyarrow.
    """
    _check_positive(pupils=pupils, parts=parts, books_per_pupil=books_per_pupil)
    if kind not in ("csv", "parquet"):
        raise ValueError("kind must be 'csv' or 'parquet'")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    edges = [pupils * part // parts for part in range(parts + 1)]
    written = []
    for part, (first, last) in enumerate(zip(edges, edges[1:], strict=False), start=1):
        if first < last:
            written.append(folder / f"reading_{part}.{kind}")
            if kind == "csv":
                _write_csv(written[-1], _columns(first, last, books_per_pupil, seed, 1_000), encoding)
            else:
                _write_parquet(written[-1], _columns(first, last, books_per_pupil, seed, 5_000))
    return written


def _check_positive(**numbers: int) -> None:
    for name, number in numbers.items():
        if number < 1:
            raise ValueError(f"{name} must be at least 1")


def _write_csv(path: Path, batches: Iterator[dict[str, np.ndarray]], encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_CSV_HEADER.values())
        for batch in batches:
            writer.writerows(zip(*(batch[column].tolist() for column in _CSV_HEADER), strict=True))


def _write_parquet(path: Path, batches: Iterator[dict[str, np.ndarray]]) -> None:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise InputError(
            [
                Problem(
                    "parquet 파일을 쓰려면 pyarrow가 있어야 합니다.",
                    '명령줄에서 pip install "schoolkit[office]"로 설치해 주세요.',
                    kind="no_pyarrow",
                )
            ]
        ) from None
    schema = pa.schema(
        [(column, pa.string() if column in _TEXT_COLUMNS else pa.int16()) for column in _CSV_HEADER],
    )
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(pa.table([batch[name] for name in _CSV_HEADER], schema=schema))


def _columns(
    first: int, last: int, books_per_pupil: int, seed: int, pupils_per_batch: int
) -> Iterator[dict[str, np.ndarray]]:
    """The columns of the pupils from ``first`` to before ``last``, counted from 0, batch by batch."""
    block, columns, starts = -1, {}, np.empty(0)
    for begin in range(first, last, pupils_per_batch):
        end = min(begin + pupils_per_batch, last)
        pieces = []
        for number in range(begin // _BLOCK, (end - 1) // _BLOCK + 1):
            if number != block:
                block, (columns, starts) = number, _block(number, books_per_pupil, seed)
            offset = number * _BLOCK
            rows = slice(starts[max(begin - offset, 0)], starts[min(end - offset, _BLOCK)])
            pieces.append({name: column[rows] for name, column in columns.items()})
        yield {name: np.concatenate([piece[name] for piece in pieces]) for name in columns}


def _block(number: int, books_per_pupil: int, seed: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The columns of one block of pupils, and where each pupil's rows start, and the last end."""
    books = office_books()
    rng = np.random.default_rng(np.random.SeedSequence([seed, number]))
    pupil = np.arange(number * _BLOCK, (number + 1) * _BLOCK)
    seat = pupil % (3 * _CLASSES * _SEATS)
    current_grade = seat // (_CLASSES * _SEATS) + 1

    who, work, lone = _read(books, books_per_pupil, rng)
    term = rng.integers(2 * current_grade[who])
    spelling = _spellings(books, work, rng)
    source = _planted(who, lone, rng)
    # in another term of the pupil's
    terms = 2 * current_grade[who[source]]
    second_term = (term[source] + 1 + rng.integers(terms - 1)) % terms
    second = spelling[source]
    varied = rng.random(len(source)) < 0.6
    second[varied] = _varied(books, work[source[varied]], rng.integers(len(_FORMS), size=varied.sum()), rng)

    who = np.concatenate([who, who[source]])
    work = np.concatenate([work, work[source]])
    term = np.concatenate([term, second_term])
    spelling = np.concatenate([spelling, second])
    usual = rng.random(len(who)) < 0.7
    elsewhere = np.array([SUBJECT_AREAS.index("국어"), SUBJECT_AREAS.index("공통")])
    subject = np.where(usual, books.subject[work], elsewhere[rng.integers(2, size=len(who))])
    # within a cell in any order
    order = np.lexsort((rng.random(len(who)), subject, term, who))
    who, work, term, subject = who[order], work[order], term[order], subject[order]
    grade = term // 2 + 1

    names = korean_names(seed)
    schools = {one: _school_name(one) for one in np.unique(pupil // (3 * _CLASSES * _SEATS))}
    by_pupil = {
        "school": np.array([schools[one] for one in pupil // (3 * _CLASSES * _SEATS)], dtype=object),
        "student": np.array([f"P{one:07d}" for one in pupil + 1], dtype=object),
        "current_grade": current_grade.astype(np.int16),
        "class_no": (seat // _SEATS % _CLASSES + 1).astype(np.int16),
        "seat_no": (seat % _SEATS + 1).astype(np.int16),
        "name": names[rng.integers(len(names), size=_BLOCK)],
    }
    columns = {name: values[who] for name, values in by_pupil.items()} | {
        "school_year": (_PRESENT_YEAR - current_grade[who] + grade).astype(np.int16),
        "grade": grade.astype(np.int16),
        "semester": (term % 2 + 1).astype(np.int16),
        "subject_area": np.array(SUBJECT_AREAS, dtype=object)[subject],
        "book": spelling[order],
        "work": work.astype(np.int32),
    }
    return columns, np.searchsorted(who, np.arange(_BLOCK + 1))


def _read(
    books: OfficeBooks, books_per_pupil: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who reads what, each work once, and which pupils read one book alone."""
    wanted = rng.integers((books_per_pupil + 1) // 2, books_per_pupil * 3 // 2 + 1, size=_BLOCK)
    lone = rng.random(_BLOCK) < _ONE_ENTRY
    wanted[lone] = 1
    # Works drawn twice count once, so that more are drawn than are wanted.
    drawn = np.repeat(np.arange(_BLOCK), wanted * 2 + 10)
    work = np.searchsorted(books.popularity, rng.random(len(drawn)), side="right")
    _, once = np.unique(drawn * len(books.book) + work, return_index=True)
    once.sort()
    drawn, work = drawn[once], work[once]
    place = np.arange(len(drawn)) - np.searchsorted(drawn, np.arange(_BLOCK))[drawn]
    kept = place < wanted[drawn]
    return drawn[kept], work[kept], wanted == 1


def _planted(who: np.ndarray, lone: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The rows whose work the same pupil has once more."""
    chosen = np.flatnonzero((rng.random(_BLOCK) < _WITH_DUPLICATES) & ~lone)
    chosen = np.repeat(chosen, rng.choice([1, 2, 3], p=[0.7, 0.2, 0.1], size=len(chosen)))
    starts = np.searchsorted(who, np.arange(_BLOCK + 1))
    number = (starts[1:] - starts[:-1])[chosen]
    return np.unique(starts[chosen] + rng.integers(number))


def _spellings(books: OfficeBooks, work: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The books as the pupils write them."""
    spelling = books.book[work]
    form = np.searchsorted(np.cumsum([share for share, _ in _FORMS]), rng.random(len(work)), side="right")
    at = np.flatnonzero(form < len(_FORMS))
    spelling[at] = _varied(books, work[at], form[at], rng)
    return spelling


def _varied(books: OfficeBooks, work: np.ndarray, form: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    parts = zip(books.title[work], books.rest[work], books.author[work], rng.random(len(work)), strict=True)
    return np.array([_FORMS[one][1](*book) for one, book in zip(form, parts, strict=True)], dtype=object)


def _with_slip(title: str, rest: str, author: str, where: float) -> str:
    """A wrong vowel, a missing syllable or two swapped ones; ``where``, from 0 to 1, says which and where."""
    main = min((at for at in map(title.find, ":([") if at >= 0), default=len(title))
    places = [at for at in range(main) if "가" <= title[at] <= "힣"]
    if len(places) >= 4:
        kind, where = divmod(where * 3, 1)
        at = places[int(where * len(places))]
        if kind == 0:
            title = title[:at] + _mistyped(title[at]) + title[at + 1 :]
        elif kind == 1 or at + 1 not in places:
            title = title[:at] + title[at + 1 :]
        else:
            title = title[:at] + title[at + 1] + title[at] + title[at + 2 :]
    return f"{title}{rest}({author})"


def _mistyped(syllable: str) -> str:
    """The syllable with a vowel that is often typed for its own."""
    first, rest = divmod(ord(syllable) - ord("가"), 21 * 28)
    vowel, last = divmod(rest, 28)
    return chr(ord("가") + (first * 21 + _VOWELS.index(_TYPED[vowel])) * 28 + last)


_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TYPED = "ㅑㅔㅏㅖㅕㅐㅓㅔㅛㅗㅚㅙㅗㅠㅜㅙㅣㅜㅜㅣㅡ"


def _without_space(title: str, rest: str, author: str, where: float) -> str:
    spaces = [at for at, letter in enumerate(title) if letter == " "]
    if spaces:
        at = spaces[int(where * len(spaces))]
        title = title[:at] + title[at + 1 :]
    return f"{title}{rest}({author})"


# The share of the entries, and how such an entry is written.
_FORMS = (
    (0.015, _with_slip),
    (0.016, _without_space),
    (0.010, lambda title, rest, author, where: f"{title}{rest}"),
    (0.007, lambda title, rest, author, where: f"{title}{rest}({author} 지음)"),
    (0.007, lambda title, rest, author, where: f"{title}{rest}（{author}）"),
)

_AWKWARD_FORMS = (
    lambda book: book.replace(" ", ", ", 1),
    lambda book: f'"{book[:2]}" {book[2:]}',
    lambda book: book.replace(" ", "\n", 1) if " " in book else f"{book}\n",
    lambda book: f"  {book} ",
    lambda book: book.replace("(", "（").replace(")", "）").replace(",", "，").replace(" ", "\u3000"),
)


@lru_cache(maxsize=8192)
def _school_name(number: int) -> str:
    """The name of a school, another for each number from 0.

    >>> _school_name(0), len({_school_name(number) for number in range(10_000)})
    ('가온고등학교', 10000)
    """
    number, stem = divmod(number, len(_SCHOOLS))
    towns = ""
    # words of one length, in a numeral system without a zero: no two numbers give one name
    while number:
        number, town = divmod(number - 1, len(_TOWNS))
        towns = _TOWNS[town] + towns
    return f"{towns}{_SCHOOLS[stem]}고등학교"


_SCHOOLS = words(
    "가온 나래 다솜 라온 마루 바른 새롬 아름 한빛 해솔 푸른 늘봄 초롱 은빛 별내 달빛 솔밭 온새 미르 누리 한솔 큰별 "
    "샛별 은하 도담 다온 소담 여울 이룸 한울 참샘 가람 예솔 빛가 새벽 동산 햇살 산들 들꽃 물빛"
)
_TOWNS = words(
    "북촌 남촌 동천 서호 상평 하평 금산 은산 신월 구월 송림 죽림 매화 국화 청계 백운 용두 학산 봉명 화정 오송 석교 "
    "장림 월계 문성 안골 윗말 새터"
)
