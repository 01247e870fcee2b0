"""Random classes, written into every layout, come back as they were."""

import random

import pytest
from layouts import (
    Entry,
    book_rows,
    csv_file,
    html_file,
    print_rows,
    read,
    rows_of,
    term_in_cell_rows,
    xls_data_rows,
    xlsx_file,
)

TITLES = [
    "안녕, 나나", "어린 왕자(비룡소 클래식)", "골든 아워1", "유럽도시 기행I", "1984", "=1+1", "총, 균, 쇠",
    "왜? 그럴까!",
    "토지(상)", "Wonder", "코스모스: 하늘", "3·1 운동", "82년생 김지영", "책 읽는 고양이",
]  # fmt: skip
AUTHORS = ["나윤아", "말랄라 유사프자이, 퍼트리샤 매코믹", "J. K. 롤링", "김난도 외 8인", "생텍쥐페리", "유시민"]
NAMES = ["김하나", "박둘", "이세라", "최네모", "마리아 산토스", "남궁다섯", "황보여섯"]


def random_school(rng: random.Random, *, classes: int, same_names: bool) -> list[Entry]:
    entries = []
    for class_no in range(1, classes + 1):
        names = rng.sample(NAMES, 5)
        if same_names:
            names[2] = names[1]
        seats = sorted(rng.sample(range(1, 31), len(names)))
        for seat_no, name in zip(seats, names, strict=True):
            entries += random_entries(rng, class_no, seat_no, name)
    return entries


def random_entries(rng: random.Random, class_no: int, seat_no: int, name: str) -> list[Entry]:
    places = [
        (year, grade, semester, subject)
        for year, grade in ((2024, 1), (2025, 2))
        for semester in (1, 2)
        for subject in ("국어", "공통", "진로와 직업")
    ]
    entries = []
    for year, grade, semester, subject in sorted(rng.sample(places, rng.randint(1, 6)), key=places.index):
        books = tuple((rng.choice(TITLES), rng.choice(AUTHORS)) for _ in range(rng.randint(1, 4)))
        entries.append(Entry(2, class_no, seat_no, name, year, grade, semester, subject, books))
    return entries


FIELDS = ("student", "current_grade", "class_no", "seat_no", "name", "school_year", "grade", "semester")
BOOK = ("subject_area", "title", "author")


def expected(entries: list[Entry], *, without: str = "") -> list[tuple]:
    pupils: dict[tuple, int] = {}
    rows = []
    for e in entries:
        student = pupils.setdefault(e.pupil, len(pupils) + 1)
        place = (e.grade, e.class_no, e.seat_no, e.name, e.school_year, e.entry_grade, e.semester)
        known = [None if name == without else value for name, value in zip(FIELDS[1:], place, strict=True)]
        rows += [(student, *known, e.subject, title, author) for title, author in e.books]
    return rows


@pytest.mark.parametrize("seed", range(20))
def test_the_print_layout_in_every_container(seed):
    rng = random.Random(seed)
    entries = random_school(rng, classes=rng.randint(1, 3), same_names=True)
    rows, merges = print_rows(entries, rows_a_page=rng.randint(3, 9), footer=seed)
    for file in (
        csv_file(rows),
        csv_file(rows, "cp949"),
        csv_file(rows, "utf-16", "\t"),
        xlsx_file(rows, merges),
        html_file(rows, merges),
    ):
        assert rows_of(read(file), *FIELDS, *BOOK) == expected(entries), file[0]


@pytest.mark.parametrize("seed", range(20))
def test_the_print_layout_without_numbers(seed):
    rng = random.Random(seed)
    entries = random_school(rng, classes=rng.randint(1, 3), same_names=False)
    rows, _ = print_rows(entries, numbered=False, rows_a_page=rng.randint(3, 9), footer=seed)
    assert rows_of(read(csv_file(rows)), *FIELDS, *BOOK) == expected(entries, without="seat_no")


@pytest.mark.parametrize("seed", range(10))
def test_xls_data(seed):
    entries = random_school(random.Random(seed), classes=1, same_names=True)
    rows = xls_data_rows(entries)
    for file in (csv_file(rows, "utf-8"), csv_file(rows, "cp949"), xlsx_file(rows), html_file(rows)):
        assert rows_of(read(file), *FIELDS, *BOOK) == expected(entries), file[0]


@pytest.mark.parametrize("seed", range(10))
def test_a_table_with_a_book_a_row(seed):
    entries = random_school(random.Random(seed), classes=2, same_names=True)
    rows = book_rows(entries)
    for file in (csv_file(rows, "utf-8"), xlsx_file(rows), csv_file(rows, "cp949", ";")):
        assert rows_of(read(file), *FIELDS, *BOOK) == expected(entries), file[0]


@pytest.mark.parametrize("seed", range(10))
def test_terms_inside_the_cell(seed):
    entries = random_school(random.Random(seed), classes=2, same_names=True)
    entries.sort(key=lambda e: (e.pupil, e.entry_grade, e.subject, e.semester))
    rows = rows_of(read(csv_file(term_in_cell_rows(entries))), *FIELDS, *BOOK)
    in_order = sorted(expected(entries, without="school_year"), key=lambda row: row[0])
    place = [(row[1:4], row[0]) for row in rows]
    assert len(set(place)) == len({row[1:4] for row in rows})
    assert sorted(row[1:] for row in rows) == sorted(row[1:] for row in in_order)
