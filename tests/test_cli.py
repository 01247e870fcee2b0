"""The command line as a shell sees it."""

import json
import subprocess
import sys

import openpyxl
import pytest

from schoolkit.cli import main

TABLE = """학번,성명,도서명,저자
30105,김하나,수학의 역사,지즈강
30105,김하나,수학의 역샤,지즈강
30106,박둘,아몬드,손원평
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "독서.csv"
    path.write_text(TABLE, encoding="cp949")
    return path


def test_a_summary_names_the_pupil_the_books_their_places_and_the_reason(table, capsys):
    assert main(["reading", str(table)]) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "파일 1개, 학생 2명, 책 3권을 점검했습니다.",
        "중복 의심 1쌍 (같은 책으로 보입니다 1쌍)",
        "",
        "1. [같은 책으로 보입니다] 3-1 5번 김하나 · 95%",
        "   수학의 역사(지즈강)  ← 독서.csv 2행",
        "   수학의 역샤(지즈강)  ← 독서.csv 3행",
        "   이유: 제목에서 한 글자가 다릅니다: 역사 / 역샤; "
        "사전에 없는 말이 있어 잘못 적은 것으로 보입니다: 역사 / 역샤; 형태소 유사도 1.50 (똑같으면 2.00)",
    ]
    assert shown.err == ""


def test_json_holds_the_pairs_and_nothing_else(table, capsys):
    assert main(["reading", str(table), "--json"]) == 0
    (pair,) = json.loads(capsys.readouterr().out)
    assert (pair["name"], pair["verdict"], pair["reasons"], pair["row_a"], pair["row_b"], pair["school_year_a"]) == (
        "김하나",
        "same",
        [
            "제목에서 한 글자가 다릅니다: 역사 / 역샤",
            "사전에 없는 말이 있어 잘못 적은 것으로 보입니다: 역사 / 역샤",
            "형태소 유사도 1.50 (똑같으면 2.00)",
        ],
        2,
        3,
        None,
    )


def test_the_report_is_written_as_a_workbook_or_as_csv(table, tmp_path, capsys):
    for name in ("점검표.xlsx", "점검표.csv"):
        assert main(["reading", str(table), "-o", str(tmp_path / name)]) == 0
    assert openpyxl.load_workbook(tmp_path / "점검표.xlsx").sheetnames == ["요약", "중복 의심", "3-1"]
    assert (tmp_path / "점검표.csv").read_bytes().startswith("\ufeff".encode())


def test_every_bad_file_is_one_line_on_standard_error_and_the_status_is_2(table, sample_data, capsys):
    bad = sorted((sample_data / "bad").glob("*.*"))
    assert main(["reading", *map(str, bad), str(table), "없는파일.xlsx"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    named = [line.split(" ")[0].rstrip(":") for line in shown.err.splitlines()]
    assert sorted(named) == sorted([*(path.name for path in bad), "없는파일.xlsx"])


def test_a_cutoff_above_the_score_hides_the_pair(table, capsys):
    assert main(["reading", str(table), "--cutoff", "0.95"]) == 0
    assert "중복으로 의심되는 책이 없습니다." in capsys.readouterr().out


@pytest.mark.parametrize("cutoff", ["2", "many"])
def test_a_cutoff_that_is_none_is_refused(table, capsys, cutoff):
    try:
        status = main(["reading", str(table), "--cutoff", cutoff])
    except SystemExit as stopped:
        status = stopped.code
    shown = capsys.readouterr()
    assert (status, shown.out, len(shown.err.splitlines())) == (2, "", 1)


def test_columns_can_be_named_where_they_are_not_recognised(tmp_path, capsys):
    path = tmp_path / "우리반.csv"
    path.write_text("누구,읽은것\n김하나,아몬드(손원평)\n김하나,아몬드(손원평)\n", encoding="utf-8")
    assert main(["reading", str(path)]) == 2
    assert main(["reading", str(path), "--columns", "name=누구", "--columns", "book=읽은것"]) == 0
    assert "중복 의심 1쌍" in capsys.readouterr().out


def test_pupils_of_two_years_are_linked_only_when_asked_to(tmp_path, capsys):
    for year, number, term in ((2024, 10105, "2024,1,1"), (2025, 20307, "2025,2,1")):
        (tmp_path / f"{year}.csv").write_text(
            f"학번,성명,학년도,학년,학기,독서활동상황\n{number},김하나,{term},아몬드(손원평)\n", encoding="utf-8"
        )
    files = [str(tmp_path / "2024.csv"), str(tmp_path / "2025.csv")]
    assert main(["reading", *files]) == 0
    alone = capsys.readouterr().out
    assert "학생 2명" in alone and "따로 점검한 학생 1쌍" in alone
    assert main(["reading", *files, "--link-same-names"]) == 0
    linked = capsys.readouterr().out
    assert "학생 1명" in linked and "중복 의심 1쌍" in linked


def test_the_report_never_overwrites_what_is_checked(table, capsys):
    assert main(["reading", str(table), "-o", str(table)]) == 2
    assert table.read_text(encoding="cp949") == TABLE


@pytest.mark.parametrize("option", ["-o", "--books"])
def test_a_result_in_a_folder_that_is_missing_is_told_in_one_line(table, tmp_path, capsys, option):
    missing = tmp_path / "없는폴더" / "결과.xlsx"
    assert main(["reading", str(table), option, str(missing)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"{missing}: 결과 파일을 저장하지 못했습니다. "
        "폴더가 있는지, 같은 파일이 엑셀에서 열려 있지 않은지 확인해 주세요."
    ]


SPELLINGS = """학번,성명,도서명
30101,김하나,아몬드(손원평)
30102,박둘,아몬드(손원평)
30103,이셋,아먼드(손원평)
"""


def test_the_review_by_book_is_written_as_a_list_of_the_places_to_correct(tmp_path, capsys):
    path, books = tmp_path / "독서.csv", tmp_path / "고칠곳.xlsx"
    path.write_text(SPELLINGS, encoding="utf-8")
    assert main(["reading", str(path), "--books", str(books)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "파일 1개, 학생 3명, 책 3권을 점검했습니다.",
        "중복으로 의심되는 책이 없습니다.",
        "",
        f"다르게 적힌 책 1권의 고칠 곳 1곳을 {books}에 저장했습니다.",
    ]
    rows = list(openpyxl.load_workbook(books)["고칠 곳"].iter_rows(min_row=4, values_only=True))
    assert [dict(zip(rows[0], row, strict=True)) for row in rows[1:]] == [
        {
            "연번": 1, "학년": 3, "반": 1, "번호": 3, "성명": "이셋", "파일": "독서.csv", "행": 4,
            "도서": "아먼드(손원평)", "고칠 표기": "아몬드(손원평)", "고침": None,
        }
    ]  # fmt: skip


def test_both_reviews_can_be_written_at_once_and_json_stays_alone(table, tmp_path, capsys):
    pairs, books = tmp_path / "점검표.xlsx", tmp_path / "고칠곳.xlsx"
    assert main(["reading", str(table), "-o", str(pairs), "--books", str(books), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1
    assert [openpyxl.load_workbook(one).sheetnames[0] for one in (pairs, books)] == ["요약", "도서명 통일"]


def test_the_list_of_places_to_correct_overwrites_neither_what_is_read_nor_the_report(table, tmp_path, capsys):
    workbook = tmp_path / "독서.xlsx"
    assert main(["reading", str(table), "-o", str(workbook)]) == 0
    before = workbook.read_bytes()
    capsys.readouterr()
    for given in (["--decisions", str(workbook)], ["-o", str(workbook)]):
        assert main(["reading", str(table), *given, "--books", str(workbook)]) == 2
    assert main(["reading", str(workbook), "--books", str(workbook)]) == 2
    shown = capsys.readouterr()
    assert (workbook.read_bytes(), shown.out, len(shown.err.splitlines())) == (before, "", 3)


def test_the_list_of_places_to_correct_is_a_workbook_and_nothing_else(table, tmp_path, capsys):
    assert main(["reading", str(table), "--books", str(tmp_path / "고칠곳.csv")]) == 2
    assert not (tmp_path / "고칠곳.csv").exists()
    assert ".xlsx" in capsys.readouterr().err


def test_an_unforeseen_failure_shows_its_type_and_none_of_its_text(table, capsys, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("김하나")

    monkeypatch.setattr("schoolkit.reading.records.read_reading_records", fail)
    assert main(["reading", str(table)]) == 2
    assert capsys.readouterr().err == "예상하지 못한 문제가 생겼습니다. 파일을 확인해 주세요(RuntimeError).\n"


def test_python_m_schoolkit_is_the_same_command(table):
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "schoolkit", "reading", str(table)],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert (done.returncode, "중복 의심 1쌍" in done.stdout, done.stderr) == (0, True, "")


def test_the_real_print_has_exactly_three_pairs(shared_print, capsys):
    assert main(["reading", str(shared_print), "--json"]) == 0
    pairs = json.loads(capsys.readouterr().out)
    assert [(p["name"], p["row_a"], p["book_a"], p["row_b"], p["book_b"]) for p in pairs] == [
        ("학생1", 9, "투명한 마음의 숲(정다윤)", 11, "투명한 마음의 숲(정다윤)"),
        ("학생13", 51, "공존을 위한 생태 윤리(서진아, 박윤진)", 53, "공존을 위한 생태 윤리(서진아, 박윤진)"),
        ("학생6", 26, "도덕의 프리증(정유민)", 32, "도덕의 프리즘(정유민)"),
    ]


@pytest.mark.parametrize("name", ["reading_class.xlsx", "reading_class_cp949.csv"])
def test_the_sample_shows_just_what_was_planted(sample_data, capsys, name):
    import pandas as pd

    truth = pd.read_csv(sample_data / "reading_class_truth.csv")
    planted = {(row.seat_no, row.book_a, row.book_b) for row in truth[truth["duplicate"]].itertuples()}
    assert main(["reading", str(sample_data / name), "--json"]) == 0
    pairs = json.loads(capsys.readouterr().out)
    assert {(pair["seat_no_a"], pair["book_a"], pair["book_b"]) for pair in pairs} == planted


def test_a_pair_that_an_earlier_report_decided_is_told_but_not_shown_and_stays_in_the_new_report(
    table, tmp_path, capsys
):
    first, second = tmp_path / "처음.xlsx", tmp_path / "다음.xlsx"
    assert main(["reading", str(table), "-o", str(first)]) == 0
    book = openpyxl.load_workbook(first)
    sheet = book["중복 의심"]
    column = next(cell.column for cell in sheet[2] if cell.value == "처리")
    sheet.cell(3, column, "정정")
    book.save(first)
    capsys.readouterr()
    assert main(["reading", str(table), "--decisions", str(first), "-o", str(second)]) == 0
    shown = capsys.readouterr().out
    assert "중복으로 의심되는 책이 없습니다." in shown
    assert "앞서 정한 쌍 1개는 뺐습니다. 그 가운데 정정하기로 한 1쌍이 아직 남아 있습니다." in shown
    assert "이미 정한 것" in openpyxl.load_workbook(second).sheetnames


def test_a_file_that_is_no_report_is_told_on_one_line(table, capsys):
    assert main(["reading", str(table), "--decisions", str(table)]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.count("\n") == 1 and "독서.csv" in shown.err


def test_pairs_of_past_years_and_of_the_present_one_can_be_asked_for(tmp_path, capsys):
    path = tmp_path / "해.csv"
    path.write_text("학번,성명,학년도,도서명\n30105,김하나,2020,모모\n30105,김하나,2021,모모\n", encoding="utf-8")
    for period, shown in (("past", 1), ("present", 0)):
        assert main(["reading", str(path), "--period", period, "--json"]) == 0
        assert len(json.loads(capsys.readouterr().out)) == shown
