"""Cells are cut into books, and books into title and author."""

import pandas as pd
import pytest

from schoolkit.reading.books import Evidence, split_cell
from schoolkit.reading.terms import Term


def books(cell: str, evidence: Evidence | None = None) -> list[tuple[str, str | None]]:
    return [(book.title, book.author) for book in split_cell(cell, evidence).books]


ALMOND = ("아몬드", "손원평")
NO_LONGER_HUMAN = ("인간실격", "다자이 오사무")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("아몬드(손원평)", [ALMOND]),
        ("안녕, 나나(나윤아)", [("안녕, 나나", "나윤아")]),
        ("총, 균, 쇠(재레드 다이아몬드)", [("총, 균, 쇠", "재레드 다이아몬드")]),
        ("어린 왕자(비룡소 클래식)(생텍쥐페리)", [("어린 왕자(비룡소 클래식)", "생텍쥐페리")]),
        ("골든 아워1(이국종)", [("골든 아워1", "이국종")]),
        ("유럽도시 기행I(유시민)", [("유럽도시 기행I", "유시민")]),
        ("나는 말랄라(말랄라 유사프자이, 퍼트리샤 매코믹)", [("나는 말랄라", "말랄라 유사프자이, 퍼트리샤 매코믹")]),
        ("1984", [("1984", None)]),
        ("=1+1(김하나)", [("=1+1", "김하나")]),
        ("토지(상)", [("토지(상)", None)]),
        ("토지 1(상)(박경리)", [("토지 1(상)", "박경리")]),
        ("아몬드(손원평)(개정판)", [("아몬드(개정판)", "손원평")]),
        ("이방인(알베르 카뮈)(민음사)", [("이방인(민음사)", "알베르 카뮈")]),
        ("『아몬드』(손원평)", [ALMOND]),
        ("아몬드((손원평))", [ALMOND]),
        ("아몬드()", [("아몬드", None)]),
        ("아몬드[손원평]", [ALMOND]),
        ("(손원평)", [("(손원평)", None)]),
        ("아몬드\n 리커버(손원평)", [("아몬드 리커버", "손원평")]),
        ("", []),
        (" , ,", []),
    ],
)
def test_one_book(cell, expected):
    assert books(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "아몬드(손원평), 인간실격(다자이 오사무)",
        "아몬드(손원평),인간실격(다자이 오사무), ",
        "아몬드 (손원평) , , 인간실격( 다자이 오사무 )",
        "아몬드（손원평），인간실격（다자이 오사무）",
        "아몬드(손원평)、인간실격(다자이 오사무)",
        "아몬드(손원평)/인간실격(다자이 오사무)",
        "아몬드(손원평); 인간실격(다자이 오사무).",
        "아몬드(손원평)\n인간실격(다자이 오사무)",
        "1. 아몬드(손원평)\n2. 인간실격(다자이 오사무)",
        "① 아몬드(손원평), ② 인간실격(다자이 오사무)",
        "• 아몬드(손원평)\n• 인간실격(다자이 오사무)",
    ],
)
def test_two_books_in_the_ways_teachers_write_them(cell):
    assert books(cell) == [ALMOND, NO_LONGER_HUMAN]
    assert split_cell(cell).guesses == []


@pytest.mark.parametrize(
    ("cell", "guess"),
    [
        ("아몬드(손원평) 인간실격(다자이 오사무)", "책 사이에 쉼표가 없어 저자 뒤에서 나누었습니다."),
        ("아몬드(손원평, 인간실격(다자이 오사무)", "괄호가 닫히지 않았습니다."),
    ],
)
def test_what_is_mended_is_told(cell, guess):
    found = split_cell(cell)
    assert ([(book.title, book.author) for book in found.books], found.guesses) == ([ALMOND, NO_LONGER_HUMAN], [guess])


@pytest.mark.parametrize(
    ("cell", "guess"),
    [
        ("아몬드 손원평), 인간실격(다자이 오사무)", "여는 괄호 없이 닫는 괄호만 있습니다."),
        ("어린 왕자, 아몬드", "저자가 없고 쉼표가 있는 글을 책 한 권으로 읽었습니다."),
        ("수학(數學)의 역사(김하나)", "괄호 바로 뒤에 쉼표 없이 글이 이어져 한 권으로 읽었습니다."),
    ],
)
def test_what_is_odd_is_told(cell, guess):
    assert split_cell(cell).guesses == [guess]


def test_the_text_stays_as_written():
    (book,) = split_cell(" 『아몬드』（손원평） , ").books
    assert book.written == "『아몬드』（손원평）"


@pytest.mark.parametrize(
    "cell",
    [
        "(1학기) 아몬드(손원평) (2학기) 인간실격(다자이 오사무)",
        "[1학기]아몬드(손원평)\n[2학기]인간실격(다자이 오사무)",
        "1학기: 아몬드(손원평)\n2학기: 인간실격(다자이 오사무)",
        "아몬드(손원평)(1학기), 인간실격(다자이 오사무)(2학기)",
    ],
)
def test_terms_inside_a_cell(cell):
    found = split_cell(cell).books
    assert [(book.title, book.author, book.term) for book in found] == [
        (*ALMOND, Term(semester=1)),
        (*NO_LONGER_HUMAN, Term(semester=2)),
    ]


def test_a_term_with_its_year_and_grade():
    (book,) = split_cell("(2024학년도 1학년 2학기) 아몬드(손원평)").books
    assert (book.title, book.term) == ("아몬드", Term(2024, 1, 2))


def test_a_book_without_an_author_is_cut_off_where_it_is_known_elsewhere():
    known_before = Evidence.from_cells(["아몬드(손원평)", "아몬드, 인간실격(다자이 오사무)"])
    known_behind = Evidence.from_cells(["인간실격(다자이 오사무)", "아몬드, 인간실격(다자이 오사무)"])
    for evidence in (known_before, known_behind):
        assert books("아몬드, 인간실격(다자이 오사무)", evidence) == [("아몬드", None), NO_LONGER_HUMAN]


def test_a_title_with_a_comma_stays_whole_although_its_parts_are_titles_too():
    evidence = Evidence.from_cells(
        ["안녕(이하나)", "나나(졸라)", "안녕, 나나(나윤아)", "안녕, 나나(나윤아), 아몬드(손원평)"]
    )
    assert books("안녕, 나나(나윤아)", evidence) == [("안녕, 나나", "나윤아")]


def test_where_no_cell_names_an_author_every_comma_cuts():
    evidence = Evidence.from_cells(["아몬드, 인간실격", "아몬드"])
    assert books("아몬드, 인간실격", evidence) == [("아몬드", None), ("인간실격", None)]


def test_every_cell_of_an_invented_school_is_cut_into_its_entries(shared_cells):
    cells = pd.read_csv(shared_cells, encoding="utf-8-sig")
    entries = pd.read_csv(shared_cells.with_name("school_dev_entries.csv"), encoding="utf-8-sig")
    place = ["student", "subject", "grade", "sem"]
    expected = entries.groupby(place, sort=False)["text"].agg(lambda texts: [text.strip() for text in texts])
    evidence = Evidence.from_cells(cells["cell"])
    found = cells.set_index(place)["cell"].map(lambda cell: [book.written for book in split_cell(cell, evidence).books])
    assert found.to_dict() == expected.to_dict()
