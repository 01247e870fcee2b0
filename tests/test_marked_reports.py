"""Decisions, filled in by hand, are read from reports."""

import csv
import io
import shutil
import subprocess

import pandas as pd
import pytest
from filled_reports import FIRST, LIST, SECOND, THIRD, alone, filled, headings, mark, marks_of, saved, shown, workbook
from report_frames import bare, frame, no_pairs, pair, values

from schoolkit.errors import InputError, Problem
from schoolkit.reading.marked_reports import read_decisions
from schoolkit.reading.report import duplicate_report_csv


def problems(*files):
    with pytest.raises(InputError) as caught:
        read_decisions(list(files))
    return list(caught.value.problems)


# Reading marks


def test_a_mark_in_the_list_is_read_with_all_that_the_list_shows():
    decisions = read_decisions(filled(frame(FIRST, SECOND), {1: ("정정", "7월에 확인")}))
    assert decisions.astype(object).to_dict("records") == [
        {
            "decision": "정정", "note": "7월에 확인", "name": "김하늘", "student": None,
            "current_grade": 2, "class_no": 1, "seat_no": 3,
            "book_a": "수학의 역사", "school_year_a": 2024, "grade_a": 1, "semester_a": 1, "subject_area_a": "국어",
            "book_b": "수학의 역샤", "school_year_b": 2025, "grade_b": 2, "semester_b": 2, "subject_area_b": "수학",
            "file": "점검표.xlsx", "row": 3,
        }
    ]  # fmt: skip
    assert set(map(str, decisions.dtypes)) == {"string", "Int64"} and decisions.attrs == {"notices": []}


def test_a_report_in_which_nothing_is_marked_has_no_decisions_but_all_columns():
    nothing = read_decisions(filled(frame(FIRST), {}))
    assert len(nothing) == 0
    pd.testing.assert_index_equal(nothing.columns, read_decisions(filled(frame(FIRST), {1: "정정"})).columns)


def test_a_report_without_pairs_is_read_too():
    assert len(read_decisions(saved(workbook(no_pairs())))) == 0


@pytest.mark.parametrize("written", ["다른 책", "다른책", " 다른  책 ", "다른\n책"])
def test_a_mark_may_be_spaced_otherwise(written):
    assert marks_of(read_decisions(filled(frame(FIRST), {1: written}))) == [("다른 책", None)]


def test_rows_may_be_sorted_hidden_and_deleted_and_columns_added():
    book = mark(workbook(frame(FIRST, SECOND, THIRD)), LIST, {1: "정정", 3: "다른 책"})
    sheet = book[LIST]
    top, columns = headings(sheet)
    first, third = ([cell.value for cell in sheet[row]] for row in (top + 1, top + 3))
    for column, (one, other) in enumerate(zip(third, first, strict=True), start=1):
        sheet.cell(top + 1, column).value, sheet.cell(top + 2, column).value = one, other
    sheet.delete_rows(top + 3)
    sheet.row_dimensions[top + 1].hidden = True
    sheet.insert_cols(columns["도서"])
    sheet.cell(top, columns["도서"]).value = "담임 의견"
    assert shown(read_decisions(saved(book)), "name", "decision", "book_a", "book_b", "grade_b", "row") == [
        ("정민재", "다른 책", "데미안", "데미안 1", 2, 3),
        ("김하늘", "정정", "수학의 역사", "수학의 역샤", 2, 4),
    ]


def test_cells_that_were_merged_down_mark_every_pair_beside_them():
    book = mark(workbook(frame(FIRST, SECOND)), LIST, {1: "보류"})
    book[LIST].merge_cells("W3:W4")
    assert shown(read_decisions(saved(book)), "name", "decision") == [("김하늘", "보류"), ("박지우", "보류")]


def test_a_report_without_names_shows_the_pupils_own_key():
    decisions = read_decisions(filled(bare(pair(student="가람")), {1: "정정"}))
    assert shown(decisions, "name", "student", "book_a", "grade_a") == [(None, "가람", "수학의 역사", None)]


def test_a_pupil_without_a_name_has_none():
    decisions = read_decisions(filled(frame(FIRST, pair(student="s2", name=None)), {2: "정정"}))
    assert shown(decisions, "name", "student", "seat_no") == [(None, None, 3)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_a_text_that_begins_like_a_formula_comes_back_as_it_was(start):
    given = frame(pair(f"{start}1984", "'인용'", decision="보류", note=f"{start}1", name=f"{start}김"))
    wanted = [(f"{start}1984", "'인용'", f"{start}1", f"{start}김")]
    for file in [saved(workbook(given)), ("목록.csv", duplicate_report_csv(given))]:
        assert shown(read_decisions(file), "book_a", "book_b", "note", "name") == wanted


def test_the_csv_that_excel_saved_again_in_cp949_is_read():
    text = duplicate_report_csv(frame(FIRST, pair("=1984", "1984"))).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))
    rows[1][-2:] = ["다른책", "=확인"]
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerows([header, *rows])
    decisions = read_decisions(("목록.csv", target.getvalue().encode("cp949")))
    assert shown(decisions, "decision", "note", "name", "class_no", "book_a", "grade_a", "grade_b", "row") == [
        ("다른 책", "=확인", "김하늘", 1, "=1984", 1, 2, 3)
    ]


def test_the_list_that_was_saved_as_csv_with_both_its_rows_of_headings_is_read():
    book = mark(workbook(frame(FIRST, SECOND)), LIST, {2: "정정"})
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerows(values(book[LIST]))
    decisions = read_decisions(("중복 의심.csv", target.getvalue().encode("cp949")))
    assert shown(decisions, "name", "current_grade", "book_b", "grade_a", "grade_b", "row") == [
        ("박지우", 2, "나람", 1, 2, 4)
    ]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_report_that_libreoffice_saved_again_is_read(tmp_path, ending):
    name, content = filled(frame(pair("=1984", "1984")), {1: ("정정", "확인")})
    (tmp_path / name).write_bytes(content)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", ending, "--outdir", tmp_path / "saved", tmp_path / name]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    decisions = read_decisions(tmp_path / "saved" / f"점검표.{ending}")
    assert shown(decisions, "decision", "note", "book_a", "book_b", "school_year_a", "row") == [
        ("정정", "확인", "=1984", "1984", 2024, 3)
    ]


# Marks on what was handed out


def test_a_mark_on_a_hand_out_is_about_the_pair_of_its_number_in_the_list():
    book = mark(workbook(frame(SECOND, FIRST)), "2-1", {2: ("정정", "맞음")})
    decisions = read_decisions(saved(book))
    assert shown(decisions, "name", "seat_no", "decision", "note", "subject_area_b", "row") == [
        ("김하늘", 3, "정정", "맞음", "수학", 5)
    ]


def test_a_number_that_no_longer_is_about_the_same_books_ties_nothing():
    book = mark(workbook(frame(FIRST, SECOND)), "2-1", {1: "정정"})
    sheet = book[LIST]
    sheet["A3"], sheet["A4"] = 2, 1
    assert shown(read_decisions(saved(book)), "name", "book_a") == [("김하늘", "수학의 역사")]


@pytest.mark.parametrize("sheets", ["class", "pupil"])
def test_a_hand_out_that_was_saved_alone_says_whose_pair_it_is(sheets):
    book = workbook(frame(FIRST, SECOND), sheets=sheets)
    name = book.sheetnames[-1]
    file = alone(mark(book, name, {2: "다른 책"}), name, "반.xlsx")
    assert shown(
        read_decisions(file), "name", "current_grade", "class_no", "seat_no", "book_a", "school_year_b",
        "grade_b", "semester_b", "subject_area_b",
    ) == [("박지우", 2, 1, 12, "가람", 2025, 2, 2, "수학")]  # fmt: skip


def test_hand_outs_that_come_back_as_files_join_the_list():
    pairs = frame(FIRST, SECOND, THIRD)
    files = [
        filled(pairs, {3: ("보류", "물어봄")}),
        alone(mark(workbook(pairs), "2-1", {2: ("정정", "고침")}), "2-1", "1반.xlsx"),
        alone(mark(workbook(pairs), "2-2", {3: ("다른 책", "전집")}), "2-2", "2반.xlsx"),
    ]
    decisions = read_decisions(files)
    assert shown(decisions, "name", "decision", "note", "file") == [
        ("박지우", "정정", "고침", "1반.xlsx"),
        ("정민재", "다른 책", "물어봄 / 전집", "2반.xlsx"),
    ]
    assert decisions.attrs["notices"] == [
        {
            "file": "점검표.xlsx",
            "row": 5,
            "what": "보류로 적힌 줄 1개는 다른 파일에서 정한 것을 따랐습니다.",
            "why": "보류로 되돌리려면 다른 파일의 처리도 보류로 고치거나, 가장 나중에 만든 점검표만 올려 주세요.",
        }
    ]


def test_a_mark_that_was_put_off_gives_way_to_what_the_list_says_now():
    carried = frame(pair(decision="보류", note="물어봄"))
    decisions = read_decisions(filled(carried, {1: ("정정", "물어봄")}))
    assert (marks_of(decisions), decisions.attrs["notices"]) == ([("정정", "물어봄")], [])


# What cannot be read


def test_an_unknown_mark_is_a_problem_that_shows_neither_the_mark_nor_a_pupil():
    book = mark(workbook(frame(FIRST, SECOND), sheets="pupil"), LIST, {1: "김하늘에게 물어봄"})
    mark(book, "2-1 12번 박지우", {2: "정정?"})
    what_to_do = "정정, 다른 책, 보류 가운데 하나로 고치거나 비워 주세요."
    assert problems(saved(book)) == [
        Problem(
            f"{sheet} 시트의 처리를 알아볼 수 없습니다.", what_to_do, "점검표.xlsx", row, "처리", "unknown_decision"
        )
        for sheet, row in (("'중복 의심'", 3), ("4번째", 5))
    ]


def test_two_sheets_that_contradict_each_other_are_a_problem():
    book = mark(mark(workbook(frame(FIRST)), LIST, {1: "정정"}), "2-1", {1: "다른 책"})
    assert problems(saved(book)) == [
        Problem(
            "같은 쌍의 처리가 서로 다릅니다: 3번째 시트에는 '다른 책', '중복 의심' 시트 3행에는 '정정'.",
            "한쪽을 고치거나 비워 주세요. 여러 번 만든 점검표라면 가장 나중에 만든 것만 올려 주세요.",
            "점검표.xlsx",
            5,
            "처리",
            "contradiction",
        )
    ]


def test_two_files_that_contradict_each_other_are_a_problem_even_if_the_pupil_moved_up():
    last_year = filled(frame(pair(current_grade=1, class_no="7", seat_no=9)), {1: "정정"}, "작년.xlsx")
    (found,) = problems(last_year, ("올해.csv", duplicate_report_csv(frame(pair(decision="다른 책")))))
    assert (found.file, found.row, found.column, found.what) == (
        "올해.csv",
        2,
        "처리",
        "같은 쌍의 처리가 서로 다릅니다: 여기에는 '다른 책', 작년.xlsx '중복 의심' 시트 3행에는 '정정'.",
    )


def test_pupils_of_one_name_may_be_decided_on_differently():
    files = [
        filled(frame(pair()), {1: "정정"}, "1반.xlsx"),
        filled(frame(pair(student="s2", class_no="5")), {1: "다른 책"}, "5반.xlsx"),
    ]
    assert shown(read_decisions(files), "class_no", "decision") == [(1, "정정"), (5, "다른 책")]


def test_pairs_that_only_their_rows_tell_apart_may_be_decided_on_differently():
    pairs = frame(pair(row_a=9, row_b=10), pair(row_a=9, row_b=11))
    assert marks_of(read_decisions(filled(pairs, {1: "정정", 2: "다른 책"}))) == [("정정", None), ("다른 책", None)]


def test_all_problems_of_all_files_are_told_together():
    assert problems(
        ("기록.csv", "성명,도서명\n김하늘,아몬드".encode()),
        ("빈 파일.xlsx", b""),
        filled(frame(FIRST), {1: "몰라요"}),
    ) == [
        Problem(
            "'처리' 칸이 있는 점검표가 아닙니다.",
            "이 도구에서 내려받아 처리를 적은 점검표(.xlsx)나 목록(.csv)을 올려 주세요.",
            "기록.csv",
            kind="no_report",
        ),
        Problem(
            "빈 파일입니다.", "엑셀 파일(.xlsx 또는 .csv)로 다시 내려받아 올려 주세요.", "빈 파일.xlsx",
            kind="unreadable",
        ),
        Problem(
            "'중복 의심' 시트의 처리를 알아볼 수 없습니다.", "정정, 다른 책, 보류 가운데 하나로 고치거나 비워 주세요.",
            "점검표.xlsx", 3, "처리", "unknown_decision",
        ),
    ]  # fmt: skip


def test_a_list_that_lost_its_column_of_marks_is_a_problem_though_a_hand_out_has_one():
    book = workbook(frame(FIRST))
    book[LIST].delete_cols(headings(book[LIST])[1]["처리"])
    assert problems(saved(book)) == [
        Problem(
            "'중복 의심' 시트에 '처리' 칸이나 두 '도서' 칸이 없습니다.",
            "지운 칸을 되살리거나, 점검표를 고치지 않은 채로 처리만 적어 올려 주세요.",
            "점검표.xlsx",
            kind="unknown_columns",
        )
    ]


def test_a_mark_beside_no_books_is_a_problem():
    book = workbook(frame(FIRST))
    book[LIST]["W4"] = "정정"
    assert problems(saved(book)) == [
        Problem(
            "'중복 의심' 시트의 처리는 있으나 도서가 비어 있어 어느 쌍의 것인지 알 수 없습니다.",
            "도서 칸을 되살리거나 처리 칸을 비워 주세요.",
            "점검표.xlsx",
            4,
            "처리",
            "no_book",
        )
    ]


def test_a_note_without_a_mark_is_passed_over_and_told():
    decisions = read_decisions(filled(frame(FIRST, SECOND), {1: (None, "물어볼 것"), 2: "정정"}))
    assert shown(decisions, "name") == [("박지우",)]
    assert decisions.attrs["notices"] == [
        {
            "file": "점검표.xlsx",
            "row": 3,
            "what": "비고만 있고 처리가 빈 줄 1개는 건너뛰었습니다.",
            "why": "비고를 이어 가려면 처리에서 보류를 골라 주세요.",
        }
    ]
