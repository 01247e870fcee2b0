"""Small habits of real files: how schools write classes, numbers, lists and blanks."""

import pytest
from layouts import WHO, read, rows_of, table, told

from schoolkit.students import parse_class


@pytest.mark.parametrize(
    ("header", "cell", "place"),
    [("학급", "1", (None, 1)), ("학급", "1반", (None, 1)), ("학급", "3-1", (3, 1)), ("학년반", "301", (3, 1))],
)
def test_a_class_in_a_column_of_its_own(header, cell, place):
    entries = read(table(f"{header},번호,성명,도서명", f"{cell},4,김하나,아몬드"))
    assert rows_of(entries, *WHO[1:]) == [(*place, 4, "김하나")]


@pytest.mark.parametrize(
    "line",
    [
        "2학년 1반 / 25명", "2학년 1반 (24명)", "보통과 2학년 1반", "2025학년도 1학기 2학년 1반", "제2학년 제1반",
        "학년 : 2   반 : 1", "샘플중학교 2학년 1반", "2학년 1반 담임 김하나",
    ],
)  # fmt: skip
def test_a_class_line_in_the_words_of_a_school(line):
    assert parse_class(line)[:2] == (2, "1")


@pytest.mark.parametrize("line", ["2학년 1반 이야기", "우리 2학년 1반의 비밀(김하나)", "학년", "2학년"])
def test_what_only_sounds_like_a_class_line_is_none(line):
    assert parse_class(line) is None


def test_a_number_that_counts_lines_beside_a_student_number_is_no_seat():
    entries = read(table("번호,학번,성명,도서명", "1,30107,김하나,아몬드", "2,30107,김하나,모순", "3,30108,박둘,모순"))
    assert rows_of(entries, *WHO) == [(1, 3, 1, 7, "김하나"), (1, 3, 1, 7, "김하나"), (2, 3, 1, 8, "박둘")]


def test_excels_mark_for_text_is_no_part_of_a_student_number():
    entries = read(table("학번,성명,도서명", "'30103,김하나,아몬드"))
    assert rows_of(entries, *WHO) == [(1, 3, 1, 3, "김하나")]


def test_a_pupil_whose_number_changes_with_the_year_in_one_file_is_asked_about():
    entries = read(table("학년도,학번,성명,도서명", "2023,10101,김하나,모순", "2024,20305,김하나,모순"))
    assert rows_of(entries, "student") == [(1,), (2,)]
    assert [link["name"] for link in entries.attrs["doubtful_links"]] == ["김하나"]


@pytest.mark.parametrize(
    ("cell", "books"),
    [
        ("아몬드(손원평)\u200b, 모순(양귀자)", [("아몬드", "손원평", None), ("모순", "양귀자", None)]),
        ("수학 개념서(1학기)(김수), 모순(양귀자)", [("수학 개념서(1학기)", "김수", None), ("모순", "양귀자", None)]),
        ("(1학기) 없음 (2학기) 모순(양귀자)", [("모순", "양귀자", 2)]),
        ("- 아몬드(손원평)\n- 모순(양귀자)", [("아몬드", "손원평", None), ("모순", "양귀자", None)]),
        ("(1) 아몬드(손원평), (2) 모순(양귀자)", [("아몬드", "손원평", None), ("모순", "양귀자", None)]),
    ],
)
def test_lists_as_they_are_typed_and_pasted(cell, books):
    entries = read(table("번호,성명,독서활동상황", f'1,김하나,"{cell}"'))
    assert rows_of(entries, "title", "author", "semester") == books


def test_a_short_title_elsewhere_does_not_cut_another_pupils_title():
    entries = read(table("번호,성명,독서활동상황", "1,김하나,안녕(안녕달)", '2,박둘,"안녕, 우주(에린 엔트라다 켈리)"'))
    assert rows_of(entries, "title") == [("안녕",), ("안녕, 우주",)]


@pytest.mark.parametrize(("author", "known"), [("()", None), ("-", None), ("없음", None), ("(양귀자)", "양귀자")])
def test_an_authors_cell_may_say_nothing_or_stand_in_brackets(author, known):
    assert rows_of(read(table("번호,성명,도서명,저자", f"1,김하나,모순,{author}")), "title", "author") == [
        ("모순", known)
    ]


def test_a_list_of_books_beside_an_empty_author_is_a_list():
    entries = read(table("번호,성명,도서명,저자", '1,김하나,"아몬드(손원평), 모순(양귀자)",'))
    assert rows_of(entries, "title", "author") == [("아몬드", "손원평"), ("모순", "양귀자")]
    assert told(entries) == []


def test_books_that_ran_over_into_columns_without_a_header_are_read():
    entries = read(
        table(
            "번호,성명,독서활동상황",
            "1,김하나,아몬드(손원평), 인간실격(다자이 오사무)",
            "2,박둘,안녕, 나나(나윤아)",
        )
    )
    assert rows_of(entries, "student", "title", "author") == [
        (1, "아몬드", "손원평"),
        (1, "인간실격", "다자이 오사무"),
        (2, "안녕, 나나", "나윤아"),
    ]
    assert told(entries) == [
        (row, "책 칸 오른쪽의 머리글 없는 칸에 적힌 글을 책 칸에 이어 읽었습니다.") for row in (2, 3)
    ]


def test_a_column_of_books_for_each_term():
    entries = read(
        table(
            "번호,성명,독서활동상황(1학기),독서활동상황(2학기)",
            "1,김하나,아몬드(손원평),모순(양귀자)",
            "2,박둘,,모순(양귀자)",
        )
    )
    assert rows_of(entries, "student", "semester", "title") == [(1, 1, "아몬드"), (1, 2, "모순"), (2, 2, "모순")]
    assert told(entries) == []


def test_a_grade_that_stays_while_the_year_changes_is_the_present_one():
    entries = read(
        table(
            "학년,반,번호,성명,학년도,학기,독서활동상황",
            "3,1,4,김하나,2024,1,아몬드(손원평)",
            "3,1,4,김하나,2025,1,모순(양귀자)",
        )
    )
    assert rows_of(entries, *WHO, "school_year", "grade") == [
        (1, 3, 1, 4, "김하나", 2024, None),
        (1, 3, 1, 4, "김하나", 2025, None),
    ]
    assert told(entries) == [(1, "'학년' 칸을 지금 학년으로 보았습니다.")]


def test_a_number_that_counts_lines_is_no_pupils():
    entries = read(table("번호,성명,도서명", "1,김하나,아몬드", "2,김하나,모순", "3,박둘,모순", "4,박둘,아몬드"))
    assert rows_of(entries, "student", "seat_no", "title") == [
        (1, None, "아몬드"),
        (1, None, "모순"),
        (2, None, "모순"),
        (2, None, "아몬드"),
    ]
    assert told(entries)[0] == (1, "'번호' 칸을 학생의 번호로 보지 않았습니다.")


def test_two_neighbours_of_one_name_keep_their_numbers():
    entries = read(table("번호,성명,도서명", "1,김하나,아몬드", "2,김하나,모순", "3,박둘,모순"))
    assert rows_of(entries, "student", "seat_no") == [(1, 1), (2, 2), (3, 3)]
