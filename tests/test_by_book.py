"""Entries -> groups of spellings of one book -> the places to correct -> a workbook."""

import io
import itertools
import random

import pandas as pd
import pytest
from report_frames import entry, frame, marked, opened, values

from schoolkit.reading import by_book
from schoolkit.reading.by_book import group_spellings
from schoolkit.reading.correction_list import correction_list, write_correction_list


def entries_of(**pupils_by_book):
    """``pupils_by_book``: how many pupils have each book."""
    number = itertools.count()
    rows = [(f"p{next(number)}", book) for book, pupils in pupils_by_book.items() for _ in range(pupils)]
    return pd.DataFrame(rows, columns=["student", "book"])


def grouped(**pupils_by_book):
    """The spellings of each group, the likely one first."""
    found = group_spellings(entries_of(**pupils_by_book))
    return [group["book"].tolist() for _, group in found.groupby("group", sort=False)]


def test_the_spellings_of_a_book_are_grouped_over_all_pupils_and_the_common_one_is_likely_right():
    entries = entries_of(
        **{"수학의 역사(지즈강)": 3, "수학의 역샤(지즈강)": 1, "수학의역사(지즈강)": 1, "모모(미하엘 엔데)": 2}
    )
    entries = pd.concat([entries, entries.tail(3), entries.iloc[[3]]])
    found = group_spellings(entries)
    assert found.astype(object).values.tolist() == [
        [1, "수학의 역사(지즈강)", 3, 3, True, 1.0, ""],
        [1, "수학의 역샤(지즈강)", 1, 2, False, 0.949,
         "제목에서 한 글자가 다릅니다: 역샤 / 역사; 사전에 없는 말이 있어 잘못 적은 것으로 보입니다: 역샤 / 역사; "
         "형태소 유사도 1.50 (똑같으면 2.00)"],
        [1, "수학의역사(지즈강)", 1, 2, False, 0.99, "띄어쓰기와 문장 부호만 다릅니다"],
    ]  # fmt: skip
    assert found.dtypes.astype(str).to_dict() == {
        "group": "Int64",
        "book": "string",
        "pupils": "Int64",
        "entries": "Int64",
        "likely": "bool",
        "score": "float64",
        "reasons": "string",
    }


def test_the_group_with_the_most_places_to_correct_is_the_first():
    assert grouped(**{"모모(미하엘 엔데)": 9, "모모": 1, "아몬드(손원평)": 3, "아먼드(손원평)": 2}) == [
        ["아몬드(손원평)", "아먼드(손원평)"],
        ["모모(미하엘 엔데)", "모모"],
    ]


@pytest.mark.parametrize(
    ("likely", "other"),
    [
        ({"수학의 역사(지즈강)": 1}, {"수학의 역샤(지즈강)": 3}),
        ({"수학의 역샤(지즈강)": 4}, {"수학의 역사(지즈강)": 1}),
        ({"모모(미하엘 엔데)": 1}, {"모모": 8}),
        ({"모모(미하엘 엔데)": 1}, {"모모(저자 미상)": 8}),
        ({"모모(미하엘 엔데)": 1}, {"모모(개정판)(미하엘 엔데)": 8}),
        ({"「모모」(미하엘 엔데)": 2}, {"모모(미하엘 엔데)": 1}),
        ({"모모(미하엘 엔데)": 1}, {"「모모」(미하엘 엔데)": 1}),
        ({"어린 왕자(생텍쥐페리)": 1}, {"어린왕자(생텍쥐페리)": 1}),
    ],
    ids=[
        "a title of known words with a third of the pupils",
        "fewer than a third",
        "an author",
        "an author by name",
        "no note of an edition",
        "more pupils in spite of odd signs",
        "no odd signs",
        "more blanks",
    ],
)
def test_what_makes_a_spelling_the_likely_one(likely, other):
    assert grouped(**other, **likely) == [[*likely, *other]]
    assert grouped(**likely, **other) == [[*likely, *other]]


def test_other_volumes_words_and_authors_are_no_groups():
    books = ["토지 1(박경리)", "토지 2(박경리)", "변신(카프카)", "분신(카프카)", "별(알퐁스 도데)", "별(황순원)"]
    assert grouped(**dict.fromkeys(books, 2)) == []


def test_two_books_that_a_vaguer_spelling_is_like_do_not_come_together():
    assert grouped(
        **{
            "서양미술사(김하나)": 3,
            "서양미술사: 고전 예술로 떠나는 여행(김하나)": 2,
            "서양미술사: 현대 사진의 모든 순간들(김하나)": 1,
        }
    ) == [["서양미술사(김하나)", "서양미술사: 고전 예술로 떠나는 여행(김하나)"]]


def test_rows_without_a_pupil_or_a_book_do_not_count_and_nothing_is_changed():
    rows = [("a", "모모(미하엘 엔데)"), ("b", "모모"), (None, "모모"), ("c", None), (None, "「모모」")]
    entries = pd.DataFrame(rows, columns=["student", "book"], index=[5, 5, 5, 6, 6])
    before = entries.copy(deep=True)
    found = group_spellings(entries)
    pd.testing.assert_frame_equal(entries, before)
    assert found[["book", "pupils", "entries"]].values.tolist() == [["모모(미하엘 엔데)", 1, 1], ["모모", 1, 1]]


def test_no_entries_are_no_groups_and_progress_ends_with_1():
    seen = []
    found = group_spellings(entries_of(), progress=seen.append)
    assert (list(found.columns), len(found), seen[-1]) == (list(by_book._TYPES), 0, 1.0)
    seen.clear()
    group_spellings(entries_of(아몬드=1, 모모=1), progress=seen.append)
    assert seen == [0, 1]


TITLES = [
    "수학의 역사", "수학의 역샤", "수학의역사", "수학사", "수헉의 력사", "토지 1", "토지1권", "토지 2", "토지(상)",
    "안녕, 나나", "안녕 나나", "시간을 파는 상점 2: 너를 위한 시간", "시간을 파는 상점 2", "시간을 파는 상점",
    "시간을 파는 상점 너를 위한 시간 2", "두 번째 이야기", "두 번째 야이기", "해변의 카프카 하", "해변의카프카하",
    "난장이가 쏘아올린 작은 공", "난쟁이가 쏘아올린 작은공", "변신", "분신", "아몬드", "아먼드", "1984", "1985",
    "어린 왕자(비룡소 클래식)", "어린왕자", "아Q정전", "아큐정전", "십대를 위한 사회", "10대를 위한 사회", "별", "벌",
    "Why 화학", "와이 화학", "코스모스 칼 세이건",  "코스모스", "어떻게 살 것인가", "어떡해 살 것인가",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_the_fast_search_groups_as_comparing_every_pair_does(seed, monkeypatch):
    draw = random.Random(seed)
    authors = ["", "(김하나)", "(박둘)", "(김하나 지음)", "(칼 세이건)"]
    rows = [(f"p{draw.randint(1, 40)}", draw.choice(TITLES) + draw.choice(authors)) for _ in range(120)]
    entries = pd.DataFrame(rows, columns=["student", "book"])
    monkeypatch.setattr(by_book, "_BLOCK", 7)
    fast = group_spellings(entries)
    every_pair = lambda judge, _: itertools.combinations(range(len(judge.parts)), 2)  # noqa: E731
    monkeypatch.setattr(by_book, "_near_spellings", every_pair)
    monkeypatch.setattr(by_book, "_may_be_same", lambda a, b: True)
    slow = group_spellings(entries.sample(frac=1, random_state=seed))
    assert fast["group"].nunique() > 5
    pd.testing.assert_frame_equal(fast, slow)


RIGHT, WRONG = "수학의 역사(지즈강)", "수학의 역샤(지즈강)"


def class_entries():
    """Two pupils in two years' files: the first wrote the book wrongly twice, the second once."""
    rest = {"subject_area": "국어", "semester": 1}
    return frame(
        entry("s2", WRONG, 2, "1", 12, "박둘", file="1.xlsx", row=20, **rest),
        entry("s1", RIGHT, 2, "1", 3, "김하나", file="1.xlsx", row=9, **rest),
        entry("s1", WRONG, 2, "1", 3, "김하나", file="1.xlsx", row=11, **rest),
        entry("s3", RIGHT, 2, "1", 20, "이셋", file="1.xlsx", row=30, **rest),
        entry("s1", WRONG, 1, "7", 30, "김하나", file="0.xlsx", row=100, school_year=2023, **rest),
        entry("s4", "모모", 2, "1", 21, "최넷", file="1.xlsx", row=31, **rest),
        entry("s5", "모모(미하엘 엔데)", 2, "1", 22, "오다섯", file="1.xlsx", row=33, **rest),
    )


def places(corrections):
    return corrections[["name", "row", "book", "correct_to"]].values.tolist()


def test_the_list_has_every_place_to_correct_in_the_order_of_the_class():
    entries = class_entries()
    before = entries.copy(deep=True)
    corrections = correction_list(entries, group_spellings(entries))
    pd.testing.assert_frame_equal(entries, before)
    assert list(corrections.columns) == [
        "current_grade", "class_no", "seat_no", "name", "student",
        "school_year", "grade", "semester", "subject_area", "file", "row", "book", "correct_to",
    ]  # fmt: skip
    assert corrections.drop(columns=["grade", "semester", "subject_area"]).astype(object).values.tolist() == [
        [2, "1", 3, "김하나", "s1", 2023, "0.xlsx", 100, WRONG, RIGHT],
        [2, "1", 3, "김하나", "s1", 2024, "1.xlsx", 11, WRONG, RIGHT],
        [2, "1", 12, "박둘", "s2", 2024, "1.xlsx", 20, WRONG, RIGHT],
        [2, "1", 21, "최넷", "s4", 2024, "1.xlsx", 31, "모모", "모모(미하엘 엔데)"],
    ]


def test_the_teacher_chooses_another_spelling_or_leaves_a_group_out():
    entries = class_entries()
    groups = group_spellings(entries)
    assert places(correction_list(entries, groups, {1: WRONG, 2: None})) == [
        ["김하나", 9, RIGHT, WRONG],
        ["이셋", 30, RIGHT, WRONG],
    ]
    assert places(correction_list(entries, groups, {1: None, 2: "모모(엔데)"})) == [
        ["최넷", 31, "모모", "모모(엔데)"],
        ["오다섯", 33, "모모(미하엘 엔데)", "모모(엔데)"],
    ]


def test_a_number_that_no_group_has_and_an_empty_text_are_refused_without_data():
    entries = class_entries()
    groups = group_spellings(entries)
    for right, message in (({9: "모모"}, r"no such groups: \[9\]"), ({1: " "}, r"correct these groups to: \[1\]")):
        with pytest.raises(ValueError, match=message):
            correction_list(entries, groups, right)


def test_entries_with_pupil_and_book_alone_are_enough():
    entries = pd.DataFrame([("b", "모모"), ("a", "모모(미하엘 엔데)"), (None, "모모")], columns=["student", "book"])
    groups = group_spellings(entries)
    corrections = correction_list(entries, groups)
    assert corrections.values.tolist() == [["b", "모모", "모모(미하엘 엔데)"]]
    sheet = opened(write_correction_list(corrections, groups))["고칠 곳"]
    assert values(sheet)[2:] == [
        ["구분", "학생", "표기", None, "확인"],
        ["연번", "학생", "도서", "고칠 표기", "고침"],
        [1, "b", "모모", "모모(미하엘 엔데)", None],
    ]


def test_the_workbook_has_the_groups_and_the_places_with_differing_letters_marked():
    entries = class_entries()
    groups = group_spellings(entries)
    target = io.BytesIO()
    content = write_correction_list(correction_list(entries, groups), groups, target)
    assert target.getvalue() == content
    book = opened(content, rich_text=True)
    assert book.sheetnames == ["도서명 통일", "고칠 곳"]
    assert values(book["도서명 통일"])[2:] == [
        ["묶음", "도서", "학생 수", "기록 수", "맞는 표기로 보임", "이유"],
        [1, RIGHT, 2, 2, "○", None],
        [1, WRONG, 2, 3, None, groups["reasons"][1]],
        [2, "모모(미하엘 엔데)", 1, 1, "○", None],
        [2, "모모", 1, 1, None, "제목이 같습니다; 한쪽에는 저자가 없습니다: 없음 / 미하엘 엔데"],
    ]
    sheet = book["고칠 곳"]
    assert values(sheet)[2:5] == [
        ["구분", "학생", None, None, None, "적힌 곳", None, None, None, None, None, "표기", None, "확인"],
        ["연번", "학년", "반", "번호", "성명", "학년도", "학년", "학기", "과목 또는 영역", "파일", "행",
         "도서", "고칠 표기", "고침"],
        [1, 2, 1, 3, "김하나", 2023, 1, 1, "국어", "0.xlsx", 100, WRONG, RIGHT, None],
    ]  # fmt: skip
    assert [marked(sheet.cell(5, column)) for column in (12, 13)] == ["수학의 역[샤](지즈강)", "수학의 역[사](지즈강)"]
    assert marked(book["도서명 통일"]["B5"]) == "수학의 역[샤](지즈강)"
    for one in book:
        assert (one.page_setup.paperSize, one.page_setup.fitToHeight, one.sheet_properties.pageSetUpPr.fitToPage) == (
            9,
            0,
            True,
        )


def test_groups_of_which_no_spelling_is_likely_are_left_as_they_are_and_unmarked():
    entries = class_entries()
    groups = group_spellings(entries)
    chosen = groups.assign(likely=groups["book"] == WRONG)
    assert places(correction_list(entries, chosen)) == [["김하나", 9, RIGHT, WRONG], ["이셋", 30, RIGHT, WRONG]]
    sheet = opened(write_correction_list(correction_list(entries, chosen), chosen), rich_text=True)["도서명 통일"]
    assert [(marked(row[1]), row[4].value, row[5].value) for row in sheet.iter_rows(min_row=4)] == [
        ("수학의 역[사](지즈강)", None, None),
        (WRONG, "○", None),
        ("모모(미하엘 엔데)", None, None),
        ("모모", None, groups["reasons"][3]),
    ]
    assert str(sheet["A2"].value).endswith("○가 없는 묶음은 그대로 두거나 ‘고칠 곳’ 시트의 표기로 고칩니다.")


def test_texts_that_excel_would_calculate_or_refuse_stay_texts():
    entries = frame(
        entry("a", "=모모(미하엘 엔데)"), entry("b", "=모\x0b모(미하엘 엔데)"), entry("c", "=모모(미하엘 엔데)")
    )
    groups = group_spellings(entries)
    book = opened(write_correction_list(correction_list(entries, groups), groups))
    assert [cell.value for cell in book["도서명 통일"]["B"][3:]] == ["=모모(미하엘 엔데)", "=모�모(미하엘 엔데)"]
    assert {cell.data_type for cell in book["도서명 통일"]["B"][3:]} == {"s"}


def test_nothing_to_correct_is_told():
    entries = entries_of(아몬드=1)
    groups = group_spellings(entries)
    book = opened(write_correction_list(correction_list(entries, groups), groups))
    assert [values(sheet) for sheet in book] == [
        [["도서명 통일"], ["여러 가지로 적힌 책이 없습니다."]],
        [["고칠 곳"], ["고칠 곳이 없습니다."]],
    ]
