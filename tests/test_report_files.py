"""The report as CSV, and how it reaches a file."""

import csv
import io
import tempfile
import zipfile

import pytest
from report_frames import BARE, SAME, bare, entry, frame, no_pairs, opened, pair

from schoolkit.reading.report import duplicate_report_csv, write_duplicate_report

# CSV


def csv_rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_csv_file_opens_in_excel_with_korean_headers():
    content = duplicate_report_csv(frame(pair()))
    assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\r\n") == content.count(b"\n") == 2
    assert csv_rows(content) == [
        ["연번", "판정", "학년", "반", "번호", "성명",
         "첫 번째 기록 도서", "첫 번째 기록 학년도", "첫 번째 기록 학년", "첫 번째 기록 학기",
         "첫 번째 기록 과목 또는 영역", "첫 번째 기록 파일", "첫 번째 기록 행",
         "두 번째 기록 도서", "두 번째 기록 학년도", "두 번째 기록 학년", "두 번째 기록 학기",
         "두 번째 기록 과목 또는 영역", "두 번째 기록 파일", "두 번째 기록 행", "유사도", "이유", "처리", "비고"],
        ["1", SAME, "2", "1", "3", "김하늘", "수학의 역사", "2024", "1", "1", "국어", "1학년.xlsx", "9",
         "수학의 역샤", "2025", "2", "2", "수학", "2학년.xlsx", "37", "93%", "한 글자가 다릅니다", "", ""],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "book", ["=1+1", "+82", "-1", "@a", "\t=1", "\r=1", "  =1", "\u3000=1", "＝1", "＋1", "－1", "＠a"]
)
def test_a_text_that_excel_would_take_for_a_formula_gets_an_apostrophe(book):
    (_, row) = csv_rows(duplicate_report_csv(bare(pair(book, "아몬드"))))
    assert row == ["1", SAME, "s1", "'" + book.replace("\r", "\n"), "아몬드", "93%", "한 글자가 다릅니다", "", ""]


def test_commas_quotes_and_line_breaks_stay_inside_their_csv_cell():
    book = '안녕, "나나"\n(나윤아)'
    assert csv_rows(duplicate_report_csv(bare(pair(book))))[1][3] == book


def test_the_csv_file_shows_what_was_decided_and_ends_with_what_was_settled_before():
    open_pairs = frame(pair(decision="보류", note="=물어봄"), pair("가", "나"))
    content = duplicate_report_csv(open_pairs, decided=frame(pair("다", "라", decision="정정")))
    assert [[row[0], row[6], *row[-2:]] for row in csv_rows(content)[1:]] == [
        ["1", "수학의 역사", "보류", "'=물어봄"],
        ["2", "가", "", ""],
        ["3", "다", "정정", ""],
    ]


def test_a_csv_file_without_pairs_has_its_headers():
    assert len(csv_rows(duplicate_report_csv(no_pairs()))[0]) == 24
    assert csv_rows(duplicate_report_csv(no_pairs()[BARE])) == [["연번", "판정", "학년", "반", "번호", "학생"]
        + ["첫 번째 기록 도서", "두 번째 기록 도서", "유사도", "이유", "처리", "비고"]]  # fmt: skip


# Where the report goes


def test_a_path_gets_the_whole_report_and_no_other_file_stays(tmp_path):
    path = tmp_path / "결과.xlsx"
    path.write_bytes(b"old")
    content = write_duplicate_report(frame(pair()), frame(entry()), path)
    assert path.read_bytes() == content and list(tmp_path.iterdir()) == [path]
    assert opened(content).sheetnames == ["요약", "중복 의심", "2-1"]


def test_a_path_that_ends_in_csv_gets_the_csv(tmp_path):
    path = str(tmp_path / "결과.CSV")
    content = write_duplicate_report(frame(pair()), frame(entry()), path)
    assert (tmp_path / "결과.CSV").read_bytes() == content == duplicate_report_csv(frame(pair()))


def test_a_file_object_gets_the_same_bytes_as_the_caller():
    file = io.BytesIO()
    assert write_duplicate_report(frame(pair()), frame(entry()), file) == file.getvalue() != b""


def test_a_path_that_cannot_be_replaced_is_left_alone(tmp_path):
    folder = tmp_path / "결과.xlsx"
    folder.mkdir()
    with pytest.raises(OSError):
        write_duplicate_report(frame(pair()), frame(entry()), folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_that_does_not_exist_is_an_os_error(tmp_path):
    with pytest.raises(OSError):
        write_duplicate_report(frame(pair()), frame(entry()), tmp_path / "없음" / "결과.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_to_a_temporary_file_without_a_path(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a temporary file was asked for")

    for name in ("mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
    assert zipfile.is_zipfile(io.BytesIO(write_duplicate_report(frame(pair()), frame(entry()))))
