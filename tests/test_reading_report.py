"""The workbook on suspicious pairs, opened as a teacher's Excel would open it."""

import re

import pandas as pd
import pytest
from report_frames import BARE, CHECK, SAME, bare, books, entry, frame, marked, no_pairs, pair, report, values

from schoolkit.reading.report import write_duplicate_report

# The list of pairs


def test_a_pair_stands_in_the_list_with_both_its_records():
    sheet = report(frame(pair()))["중복 의심"]
    assert values(sheet) == [
        ["구분", None, "학생", None, None, None, "첫 번째 기록", None, None, None, None, None, None,
         "두 번째 기록", None, None, None, None, None, None, "비교", None, "확인 결과", None],
        ["연번", "판정", "학년", "반", "번호", "성명", "도서", "학년도", "학년", "학기", "과목 또는 영역", "파일", "행",
         "도서", "학년도", "학년", "학기", "과목 또는 영역", "파일", "행", "유사도", "이유", "처리", "비고"],
        [1, SAME, 2, 1, 3, "김하늘", "수학의 역사", 2024, 1, 1, "국어", "1학년.xlsx", 9,
         "수학의 역샤", 2025, 2, 2, "수학", "2학년.xlsx", 37, 0.934, "한 글자가 다릅니다", None, None],
    ]  # fmt: skip


def test_pairs_keep_their_order_and_are_numbered():
    sheet = report(frame(pair(verdict="check"), pair(student="s2", name="박지우"), pair()))["중복 의심"]
    assert [row[:2] + [row[5]] for row in values(sheet)[2:]] == [
        [1, CHECK, "김하늘"],
        [2, SAME, "박지우"],
        [3, SAME, "김하늘"],
    ]


def test_the_list_can_be_filtered_frozen_printed_and_filled_in():
    sheet = report(frame(pair(), pair(student="s2")))["중복 의심"]
    assert sheet.auto_filter.ref == "A2:X4"
    assert sheet.freeze_panes == "G3"
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, int(sheet.page_setup.fitToHeight)) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.oddFooter.center.text == "&P / &N"
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.type, rule.formula1) == ("W3:W4", "list", '"정정,다른 책,보류"')
    assert rule.prompt.startswith("정정: ") and rule.error == "정정, 다른 책, 보류 가운데 하나를 골라 주세요."


def test_the_score_is_shown_as_a_percentage():
    assert report(frame(pair()))["중복 의심"]["U3"].number_format == "0%"


def test_verdicts_differ_in_words_and_in_colour():
    sheet = report(frame(pair(), pair(verdict="check")))["중복 의심"]
    assert [(cell.value, cell.fill.fgColor.rgb) for cell in (sheet["B3"], sheet["B4"])] == [
        (SAME, "FFFBE0C8"),
        (CHECK, "FFFFF6CC"),
    ]


# The letters that differ


@pytest.mark.parametrize(
    ("book_a", "book_b", "shown"),
    [
        ("수학의 역사", "수학의 역샤", ["수학의 역[사]", "수학의 역[샤]"]),
        ("어린 왕자", "어린왕자", ["어린[ ]왕자", "어린왕자"]),
        ("아몬드", "아몬드", ["아몬드", "아몬드"]),
        ("가나", "다라", ["[가나]", "[다라]"]),
        ("골든아워 1", "골든아워 2", ["골든아워 [1]", "골든아워 [2]"]),
    ],
)
def test_letters_that_differ_are_bold_red_and_underlined(book_a, book_b, shown):
    assert books(report(frame(pair(book_a, book_b)))["중복 의심"]) == shown


def test_a_hand_out_marks_the_same_letters_as_the_list():
    sheet = report(frame(pair()))["2-1"]
    assert [marked(sheet["D5"]), marked(sheet["F5"])] == ["수학의 역[사]", "수학의 역[샤]"]


# Text that must stay as it was written


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
def test_a_title_that_begins_with_a_formula_sign_stays_text(start):
    title = f"{start}1984"
    sheet = report(frame(pair(title, title)))["중복 의심"]
    assert [(sheet[at].value, sheet[at].data_type) for at in ("G3", "N3")] == [(title, "s")] * 2


@pytest.mark.parametrize("title", ["https://example.org", "1984", "<r>책</r>", " 앞 공백", "A&B <1>", "_x0041_"])
def test_a_title_that_looks_like_something_else_stays_text(title):
    assert books(report(frame(pair(title, title)))["중복 의심"]) == [title, title]


def test_letters_that_a_file_cannot_hold_are_replaced_where_they_stood():
    odd = pair("어린\x0b왕자", "어린\ud800왕자", reasons="\x00이유\uffff", name="\x1f김하늘")
    pairs = pd.DataFrame([odd], dtype=object)
    sheet = report(pairs)["중복 의심"]
    assert books(sheet) == ["어린\ufffd왕자", "어린\ufffd왕자"]
    assert (sheet["F3"].value, sheet["V3"].value) == ("\ufffd김하늘", "\ufffd이유\ufffd")


def test_a_text_that_is_too_long_for_a_cell_is_cut_with_an_ellipsis():
    sheet = report(frame(pair("가" * 40_000, "가" * 10 + "나", reasons="이유 " * 20_000)))["중복 의심"]
    assert (str(sheet["G3"].value), len(str(sheet["V3"].value))) == ("가" * 32_766 + "…", 32_767)
    assert sheet.row_dimensions[3].height == 408


def test_emoji_count_twice_as_excel_counts_them():
    sheet = report(frame(pair("📚" * 20_000, "아몬드")))["중복 의심"]
    assert str(sheet["G3"].value) == "📚" * 16_383 + "…"


def test_a_row_is_high_enough_for_all_of_its_text():
    sheet = report(frame(pair("아몬드", "아몬드"), pair("가" * 84, "가" * 84)))["중복 의심"]
    short, long = (sheet.row_dimensions[row].height for row in (3, 4))
    assert short == 2 * 14.25 + 4.5  # the verdict takes two lines
    assert long == 7 * 14.25 + 4.5


# What may be missing


def test_with_pupil_and_book_alone_the_other_columns_are_left_out():
    workbook = report(bare(pair(student="가람")), pd.DataFrame({"student": ["가람"], "book": ["수학의 역사"]}))
    assert workbook.sheetnames == ["요약", "중복 의심", "반 미상"]
    assert values(workbook["중복 의심"])[1:] == [
        ["연번", "판정", "학생", "도서", "도서", "유사도", "이유", "처리", "비고"],
        [1, SAME, "가람", "수학의 역사", "수학의 역샤", 0.934, "한 글자가 다릅니다", None, None],
    ]
    assert values(workbook["반 미상"])[3:] == [
        ["연번", "학생", "도서", "도서", "판정", "이유", "처리", "비고"],
        [1, "가람", "수학의 역사", "수학의 역샤", SAME, "한 글자가 다릅니다", None, None],
    ]


def test_columns_that_are_wholly_empty_are_left_out():
    nothing = dict.fromkeys(["grade", "class_no", "seat_no", "subject_area", "file", "row"])
    pairs = frame(pair()).astype(object)
    for column in nothing:
        pairs[[f"{column}_a", f"{column}_b"]] = None
    pairs[["current_grade_a", "current_grade_b", "reasons"]] = pd.NA
    pairs["semester_b"] = pd.NA
    assert values(report(pairs, frame(entry(current_grade=None, **nothing)))["중복 의심"])[1:] == [
        ["연번", "판정", "성명", "도서", "학년도", "학기", "도서", "학년도", "유사도", "처리", "비고"],
        [1, SAME, "김하늘", "수학의 역사", 2024, 1, "수학의 역샤", 2025, 0.934, None, None],
    ]


def test_values_that_are_missing_here_and_there_leave_empty_cells():
    pairs = frame(pair(), pair(student="s2", name=None, seat_no=None, file=None, subject_area=None))
    pairs.loc[1, ["reasons", "school_year_a", "grade_a", "semester_a", "row_a"]] = pd.NA
    assert values(report(pairs)["중복 의심"])[3] == [
        2, SAME, 2, 1, None, "성명 없음", "수학의 역사", None, None, None, None, None, None,
        "수학의 역샤", 2025, 2, 2, "수학", "2학년.xlsx", 37, 0.934, None, None, None,
    ]  # fmt: skip


def test_numbers_that_pandas_made_floats_are_whole_again():
    pairs = frame(pair()).astype({"school_year_a": float, "seat_no_b": float, "row_b": float})
    row = values(report(pairs)["중복 의심"])[2]
    assert [(row[index], type(row[index])) for index in (4, 7, 19)] == [(3, int), (2024, int), (37, int)]


def test_without_pairs_the_report_says_so_kindly():
    workbook = report(no_pairs(), frame(entry(), entry(student="s2", class_no="2")))
    assert workbook.sheetnames == ["요약", "중복 의심"]
    assert values(workbook["중복 의심"]) == [["중복으로 의심되는 책이 없습니다."]]
    assert workbook["요약"]["A5"].value == "중복으로 의심되는 책이 없습니다."


def test_without_pairs_and_entries_there_still_is_a_report():
    workbook = report(no_pairs()[BARE], pd.DataFrame({"student": [], "book": []}))
    assert values(workbook["요약"])[6:8] == [
        ["점검한 학생", None, 0, None, None, None],
        ["점검한 도서", None, 0, None, None, None],
    ]


# The summary


def test_the_summary_counts_what_was_checked_and_found():
    entries = frame(
        entry(),
        entry(book="데미안"),
        entry(student="s2", seat_no=4),
        entry(student="s3", class_no="10", file="나.xlsx"),
    )
    sheet = report(frame(pair(), pair(verdict="check"), pair(student="s3", class_no="10")), entries)["요약"]
    rows = [row[:4] for row in values(sheet)]
    assert rows[0][0] == "독서활동 중복 점검 결과"
    assert re.fullmatch(r"만든 날: 20\d\d년 \d{1,2}월 \d{1,2}일", rows[1][0])
    assert rows[2][0].startswith("학생의 개인정보가 들어 있습니다.")
    assert rows[4:15] == [
        ["점검한 파일", None, 2, None],
        ["점검한 학생", None, 3, None],
        ["점검한 도서", None, 4, None],
        [SAME, None, 2, None],
        [CHECK, None, 1, None],
        ["의심되는 쌍이 있는 학생", None, 2, None],
        [None, None, None, None],
        ["반", "학생", "도서", "의심되는 쌍"],
        ["2-1", 2, 3, 2],
        ["2-10", 1, 1, 1],
        [None, None, None, None],
    ]
    assert [row[0] for row in rows[15:]] == [
        "이 표를 쓰는 방법",
        "확인하기",
        "정정",
        "다른 책",
        "보류",
        "고칠 때",
        "글자 표시",
        "주의",
        "다음 점검",
    ]


def test_rows_without_a_pupil_or_a_book_do_not_count_as_checked():
    entries = pd.DataFrame([entry(), entry(student=None), entry(student=float("nan")), entry(student="s2", book=None)])
    rows = values(report(frame(pair()), entries)["요약"])
    assert [row[2] for row in rows[5:7]] == [1, 1]


def test_where_no_class_is_known_there_is_no_table_of_classes():
    sheet = report(bare(pair()), frame(entry())[["student", "book"]])["요약"]
    assert "반" not in [row[0] for row in values(sheet)]


# The hand-outs


def test_a_class_gets_its_pupils_pairs_in_the_order_of_their_numbers():
    pairs = frame(
        pair(student="s2", name="박지우", seat_no=12, verdict="check"),
        pair(),
        pair(student="s2", name="박지우", seat_no=12),
        pair(student="s9", name="정민재", class_no="2"),
    )
    workbook = report(pairs)
    assert workbook.sheetnames == ["요약", "중복 의심", "2-1", "2-2"]
    sheet = workbook["2-1"]
    first, second = "2024학년도 1학년 1학기 국어", "2025학년도 2학년 2학기 수학"
    assert values(sheet)[0][0] == "독서활동 중복 확인: 2-1"
    assert values(sheet)[1][0].startswith("학생 2명의 기록 3쌍을")
    assert values(sheet)[2:] == [
        ["구분", "학생", None, "첫 번째 기록", None, "두 번째 기록", None, "비교", None, "확인 결과", None],
        ["연번", "번호", "성명", "도서", "적힌 곳", "도서", "적힌 곳", "판정", "이유", "처리", "비고"],
        [2, 3, "김하늘", "수학의 역사", first, "수학의 역샤", second, SAME, "한 글자가 다릅니다", None, None],
        [1, 12, "박지우", "수학의 역사", first, "수학의 역샤", second, CHECK, "한 글자가 다릅니다", None, None],
        [3, 12, "박지우", "수학의 역사", first, "수학의 역샤", second, SAME, "한 글자가 다릅니다", None, None],
    ]
    assert [sheet.cell(row, 1).border.top.style for row in (5, 6, 7)] == ["medium", "medium", "thin"]


def test_a_hand_out_can_be_printed_and_filled_in():
    sheet = report(frame(pair(), pair()))["2-1"]
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$4"
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("J5:J6", '"정정,다른 책,보류"')


def test_where_the_term_is_not_known_the_file_and_row_are_the_place():
    pairs = frame(pair()).drop(
        columns=[f"{column}_{side}" for column in ("school_year", "grade", "semester", "subject_area") for side in "ab"]
    )
    row = values(report(pairs)["2-1"])[4]
    assert (row[4], row[6]) == ("1학년.xlsx 9행", "2학년.xlsx 37행")


def test_classes_are_sorted_by_number_then_name_and_unknown_ones_come_last():
    classes = [(3, "진리"), (None, None), (3, "10"), (3, None), (3, "2"), (None, "4")]
    pairs = frame(
        *(
            pair(student=f"p{index}", current_grade=grade, class_no=class_no)
            for index, (grade, class_no) in enumerate(classes)
        )
    )
    assert report(pairs).sheetnames[2:] == ["3-2", "3-10", "3-진리", "3학년 반 미상", "4반", "반 미상"]


def test_each_pupil_with_pairs_gets_a_sheet():
    pairs = frame(pair(student="s2", name="박지우", seat_no=12), pair(), pair(student="s2", name="박지우", seat_no=12))
    workbook = report(pairs, frame(entry(), entry(student="s7", name="정민재")), sheets="pupil")
    assert workbook.sheetnames == ["요약", "중복 의심", "2-1 3번 김하늘", "2-1 12번 박지우"]
    sheet = workbook["2-1 12번 박지우"]
    assert values(sheet)[0][0] == "독서활동 중복 확인: 2-1 12번 박지우"
    assert [row[:3] for row in values(sheet)[3:]] == [
        ["연번", "도서", "적힌 곳"],
        [1, "수학의 역사", "2024학년도 1학년 1학기 국어"],
        [3, "수학의 역사", "2024학년도 1학년 1학기 국어"],
    ]


def test_pupils_of_one_name_get_sheets_of_their_own():
    pairs = frame(*(pair(student=f"s{index}", name=name) for index, name in enumerate(["Kim", "KIM", "Kim"])))
    pairs = pairs[[*BARE, "name"]]
    workbook = report(pairs, frame(entry(student="s0"), entry(student="s1"))[["student", "book"]], sheets="pupil")
    assert workbook.sheetnames[2:] == ["KIM", "Kim (2)", "Kim (3)"]


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("History", "History (2)"),
        ("요약", "요약 (2)"),
        ("김/하*늘?", "김 하 늘"),
        ("'하늘'", "하늘"),
        ("[]", "이름 없음"),
        ("하" * 40, "하" * 30 + "…"),
        ("📚" * 20, "📚" * 15 + "…"),
        ("O'Brien", "O'Brien"),
    ],
)
def test_a_sheet_takes_only_a_name_that_excel_accepts(name, sheet):
    pairs = frame(pair(name=name))[[*BARE, "name"]]
    assert report(pairs, frame(entry())[["student", "book"]], sheets="pupil").sheetnames[2:] == [sheet]


def test_long_names_that_begin_alike_get_sheets_of_their_own():
    pairs = frame(pair(name="하" * 40), pair(student="s2", name="하" * 41))[[*BARE, "name"]]
    workbook = report(pairs, frame(entry(), entry(student="s2"))[["student", "book"]], sheets="pupil")
    assert workbook.sheetnames[2:] == ["하" * 30 + "…", "하" * 26 + "… (2)"]


# What was decided


def column(sheet, header, top):
    """The cells under a heading, with those headings in row ``top``."""
    index = [cell.value for cell in sheet[top]].index(header)
    return [row[index] for row in values(sheet)[top:]]


def test_marks_and_notes_stand_in_the_list_and_on_the_hand_outs():
    workbook = report(frame(pair(decision="보류", note="=물어봄"), pair("가", "나")))
    assert column(workbook["중복 의심"], "처리", 2) == column(workbook["2-1"], "처리", 4) == ["보류", None]
    assert column(workbook["중복 의심"], "비고", 2) == column(workbook["2-1"], "비고", 4) == ["=물어봄", None]


def test_a_hand_out_leaves_out_what_was_found_to_be_other_books():
    workbook = report(
        frame(pair(decision="다른 책"), pair("가", "나"), pair(student="s2", class_no="2", decision="다른 책"))
    )
    assert column(workbook["중복 의심"], "연번", 2) == [1, 2, 3]
    assert (workbook.sheetnames[2:], column(workbook["2-1"], "연번", 4)) == (["2-1"], [2])


def test_what_an_earlier_report_settled_has_a_list_of_its_own():
    decided = frame(pair("가", "나", decision="정정"), pair("다", "라", decision="다른 책", note="전집"))
    workbook = report(frame(pair()), decided=decided)
    assert workbook.sheetnames == ["요약", "중복 의심", "이미 정한 것", "2-1"]
    sheet = workbook["이미 정한 것"]
    assert [[row[0], row[6], *row[-2:]] for row in values(sheet)[1:]] == [
        ["연번", "도서", "처리", "비고"],
        [2, "가", "정정", None],
        [3, "다", "다른 책", "전집"],
    ]
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("W3:W4", '"정정,다른 책,보류"')
    summary = values(workbook["요약"])
    assert [row[:3] for row in summary[7:12]] == [
        [SAME, None, 1],
        [CHECK, None, 0],
        ["의심되는 쌍이 있는 학생", None, 1],
        ["다른 책으로 정한 쌍", None, 1],
        ["정정이 남은 쌍", None, 1],
    ]
    assert [row[0] for row in summary[-2:]] == ["이미 정한 것", "정정이 남은 쌍"]
    assert summary[-1][1].startswith("정정하기로 했지만 두 기록이 그대로 남아 있는 쌍입니다.")


def test_where_everything_is_settled_the_report_says_that_nothing_is_left():
    workbook = report(no_pairs(), decided=frame(pair(decision="다른 책")))
    assert workbook.sheetnames == ["요약", "중복 의심", "이미 정한 것"]
    assert workbook["요약"]["A5"].value == workbook["중복 의심"]["A1"].value == "새로 정할 쌍이 없습니다."


def test_without_anything_settled_there_is_no_list_of_it():
    assert report(frame(pair()), decided=no_pairs()).sheetnames == ["요약", "중복 의심", "2-1"]


def test_the_school_year_of_a_pair_is_shown_in_words_and_explained():
    workbook = report(frame(pair(period="past"), pair(period="present"), pair()))
    assert column(workbook["중복 의심"], "시기", 2) == column(workbook["2-1"], "시기", 4)
    assert column(workbook["2-1"], "시기", 4) == ["지난 학년도", "올해", None]
    explained = {row[0]: row[1] for row in values(workbook["요약"])}
    assert explained["시기"].startswith("‘지난 학년도’는 두 기록이 모두")
    assert "정정대장" in explained["고칠 때"] and "기재요령" in explained["고칠 때"]


# The class a pupil is in


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((2, "1", 3), (2, "1", 3), [2, 1, 3]),
        ((2, "1", 3), (None, None, None), [2, 1, 3]),
        ((None, None, None), (2, "1", 3), [2, 1, 3]),
        ((2, "1", 3), (2, "4", None), [2, 4, 3]),
        ((1, "7", 9), (2, "1", 3), [2, 1, 3]),
        ((2, "1", 3), (1, "7", 9), [2, 1, 3]),
        ((1, "7", 9), (2, None, None), [2, None, None]),
    ],
)
def test_the_last_known_class_of_the_highest_grade_counts(first, second, expected):
    one = pair()
    for side, place in (("a", first), ("b", second)):
        for column, value in zip(("current_grade", "class_no", "seat_no"), place, strict=True):
            one[f"{column}_{side}"] = value
    other = pair(student="s2", name="박지우")  # so that no column is left out
    row = values(report(frame(one, other), frame(entry(student="s2")))["중복 의심"])[2]
    assert row[2:5] == expected


def test_a_class_that_only_other_records_of_the_pupil_show_is_used():
    workbook = report(frame(pair())[[*BARE, "name"]], frame(entry()))
    assert workbook.sheetnames[2:] == ["2-1"]


# The rest


def test_the_frames_that_come_in_are_left_as_they_were():
    pairs, entries = frame(pair(), pair(student="s2")), frame(entry(), entry(student="s2"))
    before = pairs.copy(), entries.copy()
    write_duplicate_report(pairs, entries)
    pd.testing.assert_frame_equal(pairs, before[0])
    pd.testing.assert_frame_equal(entries, before[1])


def test_rows_are_told_apart_by_position_whatever_the_index():
    pairs = frame(pair("가", "가"), pair("나", "나")).set_axis([7, 7])
    assert [row[6] for row in values(report(pairs)["중복 의심"])[2:]] == ["가", "나"]


def test_another_kind_of_sheets_is_refused():
    with pytest.raises(ValueError, match="class"):
        write_duplicate_report(frame(pair()), frame(entry()), sheets="school")
