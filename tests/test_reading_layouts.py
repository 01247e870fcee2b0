"""Every layout of reading records, with the ways in which it varies."""

import pytest
from layouts import TOP, WHEN, WHO, csv_file, html_file, read, rows_of, table, told, xlsx_file

BOOK = ("title", "author")
HEADER = ["번호", "성  명", "과목 또는 영역", "학년도", "학년", "학기", "독서활동 상황"]
FOOTER = [["", "", "", "", "", "1", "/", "2"], ["", "", "", "", "", "샘플중학교"]]


@pytest.mark.parametrize(
    "footer",
    [
        [["", "", "", "", "", "", "", "1", "/", "2", "", "샘플중학교"]],
        [["", "", "", "", "", "", "1", "/", "2"], ["", "", "", "", "", "", "샘플중학교"]],
        [["", "", "", "", "", "", "1"], ["", "", "", "", "", "", "/", "2", "샘플중학교"]],
        [["", "", "", "", "", "", "샘플중학교"], ["", "", "", "", "", "", "1 / 2"]],
        [["", "", "", "", "", "", "- 1 -"], ["", "", "", "", "", "", "샘플고등학교"]],
        [["1", "/", "2"], ["샘플중학교"]],
        [["", "1", "/", "2"], ["", "샘플중학교"]],
        [["", "", "", "1", "", "/", "2"], ["", "", "", "샘플중학교"]],
        [["", "", "", "", "", "1", "/", "2", "샘플중학교"]],
        [["", "", "", "", "", "", "1"]],
        [["", "", "", "", "", "", "1", "/", "2", "샘플중", "3학년부"]],
    ],
)
def test_a_footer_wherever_it_stands(footer):
    first = ["1", "김하나", "국어", "2025", "2", "1", "1984"]
    second = ["", "", "", "", "", "2", "300"]
    third = ["1", "김하나", "공통", "2025", "2", "2", "가(나)"]
    entries = read(csv_file([*TOP, HEADER, first, second, *footer, [], HEADER, third, *footer]))
    assert rows_of(entries, "student", "semester", "title") == [(1, 1, "1984"), (1, 2, "300"), (1, 2, "가")]
    assert told(entries) == []


@pytest.mark.parametrize("head", [[], [["2학년 1반"]], TOP])
def test_a_page_head_with_and_without_its_lines(head):
    record = ["1", "김하나", "국어", "2025", "2", "1", "가(나)"]
    entries = read(csv_file([*TOP, HEADER, record, *FOOTER, *head, HEADER, ["2", "박둘", *record[2:]]]))
    assert rows_of(entries, *WHO) == [(1, 2, 1, 1, "김하나"), (2, 2, 1, 2, "박둘")]


def test_a_cell_that_a_page_break_cut_within_a_book():
    def page(books):
        return [HEADER, ["1", "김하나", "국어", "2025", "2", "1", books], *FOOTER]

    entries = read(csv_file([*TOP, *page("가(나), 어린"), *page("왕자(생텍쥐"), *page("페리), 다(라)")]))
    assert rows_of(entries, *BOOK, "row") == [("가", "나", 5), ("어린 왕자", "생텍쥐 페리", 5), ("다", "라", 5)]
    assert [row for row, _ in told(entries)] == [9, 13]


def test_a_title_that_looks_like_a_page_number():
    entries = read(table("성명,독서활동상황", "김하나,가(나)", ",24/7", ",나의 독서기록"))
    assert rows_of(entries, "student", "title") == [(1, "가"), (1, "24/7"), (1, "나의 독서기록")]


def test_html_that_is_named_xls():
    rows = [["학교생활기록부 독서활동상황", *[""] * 6], ["2학년 1반", *[""] * 6], HEADER]
    rows += [[1, "김하나", "국어", 2024, 1, 1, "가&나(다)"], ["", "", "공통", "", "", 2, "라(마)"]]
    entries = read(html_file(rows, [(3, 4, 0), (3, 4, 1), (3, 4, 3), (3, 4, 4)]))
    assert rows_of(entries, *WHO, *WHEN, *BOOK, "row") == [
        (1, 2, 1, 1, "김하나", 2024, 1, 1, "국어", "가&나", "다", 4),
        (1, 2, 1, 1, "김하나", 2024, 1, 2, "공통", "라", "마", 5),
    ]


def test_a_book_a_row_with_its_author():
    entries = read(
        table(
            "저자,도서명,성명,학번",
            "조지 오웰,1984,김하나,30101.0",
            ",=가나,김하나,30101",
            '"나윤아, 이하나","안녕, 나나",박둘,30102',
            "생텍쥐페리,어린 왕자(생텍쥐페리),,",
            "누구,어린 왕자(비룡소 클래식),,",
        )
    )
    assert rows_of(entries, *WHO, "book", *BOOK) == [
        (1, 3, 1, 1, "김하나", "1984(조지 오웰)", "1984", "조지 오웰"),
        (1, 3, 1, 1, "김하나", "=가나", "=가나", None),
        (2, 3, 1, 2, "박둘", "안녕, 나나(나윤아, 이하나)", "안녕, 나나", "나윤아, 이하나"),
        (2, 3, 1, 2, "박둘", "어린 왕자(생텍쥐페리)", "어린 왕자", "생텍쥐페리"),
        (2, 3, 1, 2, "박둘", "어린 왕자(비룡소 클래식)(누구)", "어린 왕자(비룡소 클래식)", "누구"),
    ]


def test_titles_without_an_author_column():
    entries = read(table("성명,도서명", '김하나,"총, 균, 쇠"', "김하나,1984"))
    assert rows_of(entries, "name", *BOOK) == [
        ("김하나", "총, 균, 쇠", None),
        ("김하나", "1984", None),
    ]


def test_lists_of_books_without_authors():
    entries = read(table("성명,독서활동상황", '김하나,"아몬드, 인간실격"', "박둘,1984"))
    assert rows_of(entries, "name", *BOOK) == [
        ("김하나", "아몬드", None),
        ("김하나", "인간실격", None),
        ("박둘", "1984", None),
    ]
    assert told(entries) == [(2, "저자가 적혀 있지 않아 쉼표마다 책을 나누었습니다.")]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("학년,반,번호,이름,도서명(저자)", "2,1,5,김하나,아몬드(손원평)", (2, 1, 5, None, 2, None)),
        ("현재학년,반,번호,이름,학년도,학년,학기,책", "3,1,5,김하나,2023,1,2학기,아몬드", (3, 1, 5, 2023, 1, 2)),
        ("학년-반,번호,이름,책", "2-1,5,김하나,아몬드", (2, 1, 5, None, None, None)),
        ("반,번호,이름,책", "2학년 1반,5번,김하나,아몬드", (2, 1, 5, None, None, None)),
        ("번호,이름,학기,책", "20105,김하나,2024학년도 2학기,아몬드", (2, 1, 5, 2024, None, 2)),
        ("이름,학기,책", "5 김하나,1학년 2학기,아몬드", (None, None, 5, None, 1, 2)),
        ("번호,성,명,연도,책 제목", "5,김,하나,2024년,아몬드", (None, None, 5, 2024, None, None)),
    ],
)
def test_headers_and_places_in_other_words(header, row, expected):
    (found,) = rows_of(
        read(table(header, row)), "current_grade", "class_no", "seat_no", "school_year", "grade", "semester"
    )
    assert found == expected


def test_a_header_of_two_rows():
    entries = read(
        csv_file(
            [["번호", "성명", "독서활동상황", "", ""], ["", "", "학기", "도서명", "저자"], [1, "김하나", 1, "가", "나"]]
        )
    )
    assert rows_of(entries, "name", "semester", *BOOK, "row") == [("김하나", 1, "가", "나", 3)]


def test_terms_inside_the_cells():
    file = csv_file(
        [
            ["학번", "성명", "학년", "과목", "독서활동상황"],
            [10203, "김하나", 1, "국어", "(1학기) 가(나), 다(라) (2학기) 마(바)"],
            ["", "", 2, "공통", "(2학기) 사(아)"],
        ]
    )
    assert rows_of(read(file), "student", "grade", "semester", "subject_area", "title") == [
        (1, 1, 1, "국어", "가"), (1, 1, 1, "국어", "다"), (1, 1, 2, "국어", "마"), (1, 2, 2, "공통", "사"),
    ]  # fmt: skip


def test_the_printed_record_of_one_pupil():
    rows = [
        ["번호 5  성명 : 김하나"],
        ["학년", "과목 또는 영역", "독서활동 상황"],
        [1, "국어", "(1학기) 가(나)"],
        [2, "국어", "(2학기) 다(라)"],
    ]
    assert rows_of(read(csv_file(rows)), "student", "name", "grade", "semester", "title") == [
        (1, "김하나", 1, 1, "가"), (1, "김하나", 2, 2, "다"),
    ]  # fmt: skip


def test_sheets_of_several_classes_and_one_without_records():
    header = ["번호", "성명", "독서활동상황"]
    sheets = {
        "1반": [header, [1, "김하나", "가(나)"]],
        "2반": [header, [1, "김하나", "가(나)"]],
        "안내": [["읽어 주세요"]],
    }
    entries = read(xlsx_file(sheets))
    assert rows_of(entries, *WHO) == [(1, None, 1, 1, "김하나"), (2, None, 2, 1, "김하나")]
    assert told(entries) == [
        (None, "시트 1개를 건너뛰었습니다."),
        (None, "학년·반을 '1반'에서 읽었습니다."),
        (None, "학년·반을 '2반'에서 읽었습니다."),
    ]


def test_a_class_without_a_number():
    entries = read(
        csv_file([["2학년 진리반"], ["번호", "성명", "책"], [1, "김하나", "가"], ["2학년 창조반"], [1, "김하나", "가"]])
    )
    assert rows_of(entries, *WHO) == [(1, 2, None, 1, "김하나"), (2, 2, None, 1, "김하나")]
    assert [row for row, _ in told(entries)] == [3, 5]
