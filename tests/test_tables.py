"""Files of every kind come out as the same rows; what cannot be read says why."""

import io
import re
import unicodedata
import zipfile

import pytest
from layouts import csv_file, html_file, xlsx_file

from schoolkit.errors import InputError
from schoolkit.tables import load_sources, read_tables

ROWS = [["성명", "독서활동 상황"], ["김하나", "안녕, 나나(나윤아)"], ["", "1984(조지 오웰)"]]


def rows_of(file: tuple[str, bytes]) -> list[list[str]]:
    (table,) = read_tables(*file)
    return table.rows


def problem(file: tuple[str, bytes]):
    with pytest.raises(InputError) as caught:
        read_tables(*file)
    (found,) = caught.value.problems
    assert caught.value.__cause__ is None and caught.value.__suppress_context__ or caught.value.__context__ is None
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_in_every_encoding_and_with_every_separator(encoding, separator):
    assert rows_of(csv_file(ROWS, encoding, separator)) == ROWS


def test_content_counts_and_not_the_name():
    data = csv_file(ROWS, "cp949")[1]
    assert rows_of(("기록.xlsx", data)) == rows_of(("기록.html", data)) == rows_of(("기록", data)) == ROWS
    assert rows_of(("기록.csv", xlsx_file(ROWS)[1])) == rows_of(("기록.xlsx", html_file(ROWS)[1])) == ROWS


def test_numbers_stand_as_a_teacher_sees_them():
    assert rows_of(xlsx_file([[2024.0, 30101.0, 1.5, True, 1984]])) == [["2024", "30101", "1.5", "TRUE", "1984"]]


def test_decomposed_hangul_and_odd_blanks_are_made_usual():
    text = unicodedata.normalize("NFD", "성\xa0\xa0명,\ufeff책 \n")
    assert rows_of(("기록.csv", text.encode())) == [["성  명", "책"]]


def test_a_sheet_that_claims_to_be_one_cell_is_read_whole():
    """Servers write the dimension A1 whatever the sheet holds."""
    source = zipfile.ZipFile(io.BytesIO(xlsx_file(ROWS)[1]))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for member in source.namelist():
            data = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', source.read(member))
            archive.writestr(member, data)
    assert b'ref="A1"' in zipfile.ZipFile(target).read("xl/worksheets/sheet1.xml")
    assert rows_of(("서버.xlsx", target.getvalue())) == ROWS


def test_every_sheet_is_read_at_the_rows_that_excel_shows():
    tables = read_tables(*xlsx_file({"1반": [[], [], *ROWS], "빈 시트": [], "2반": ROWS}))
    assert [(table.sheet, table.rows) for table in tables] == [
        ("1반", [["", ""]] * 2 + ROWS),
        ("빈 시트", []),
        ("2반", ROWS),
    ]


def test_merged_cells_know_the_cell_that_covers_them():
    rows = [["성명", "책"], ["김하나", "가"], ["", "나"]]
    for file in (xlsx_file(rows, [(1, 2, 0)]), html_file(rows, [(1, 2, 0)])):
        (table,) = read_tables(*file)
        assert (table.value(2, 0), table.merged_value(2, 0), table.merged_value(2, 1)) == ("", "김하나", "나")


def test_spans_in_html_keep_the_columns():
    page = (
        "<!-- x --><html><head><style>td {}</style></head><body><p>2학년 <b>1반</b></p><table>"
        "<tr><th rowspan=2>성&nbsp;&nbsp;명</th><th colspan='2'>책</th></tr>"
        "<tr><td>가&amp;나<br>다</td><td>\n 라  마 </td></tr>"
        "</table></body></html>"
    )
    assert rows_of(("표.xls", page.encode("cp949"))) == [
        ["2학년 1반"],
        ["성  명", "책", ""],
        ["", "가&나\n다", "라 마"],
    ]


def test_quoted_cells_may_hold_line_breaks_and_separators():
    text = '성명,책\n김하나,"가(나),\n다(라)"\n박둘,"그는 ""말""했다"\n'
    assert rows_of(("기록.csv", text.encode())) == [
        ["성명", "책"],
        ["김하나", "가(나),\n다(라)"],
        ["박둘", '그는 "말"했다'],
    ]


def test_a_stray_quote_spoils_only_its_own_cell():
    text = '성명,책\n김하나,"어린 왕자"(생텍쥐페리)\n박둘,가 "나"(다)\n이셋,"라(마)"\n'
    assert [row[1] for row in rows_of(("기록.csv", text.encode()))] == [
        "책",
        "어린 왕자(생텍쥐페리)",
        '가 "나"(다)',
        "라(마)",
    ]


def test_numbers_that_a_formula_keeps_as_text():
    assert rows_of(("기록.csv", '학번,책\n="00101",=가\n'.encode())) == [["학번", "책"], ["00101", "=가"]]


def test_a_separator_named_in_the_first_line():
    assert rows_of(("기록.csv", "sep=|\n성명|책\n김하나|가,나\n".encode())) == [["성명", "책"], ["김하나", "가,나"]]


def test_an_old_xls(old_xls):
    (table,) = read_tables(*load_sources(old_xls)[0][0])
    assert [cell for cell in table.rows[5] if cell] == [
        "1", "김하나", "국어", "2024", "1", "1", "안녕, 나나(나윤아), 어린 왕자(비룡소 클래식)(생텍쥐페리)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "row", "what"),
    [
        (b"", None, "빈 파일"),
        (b"\xef\xbb\xbf \r\n", None, "빈 파일"),
        (bytes(range(256)) * 20, None, "엑셀이나 CSV 파일이 아닙니다"),
        (b"%PDF-1.7 x", None, "PDF"),
        (b"\x89PNG\r\n\x1a\n", None, "그림"),
        (xlsx_file(ROWS)[1][:2000], None, "잘렸거나"),
        (b"PK\x03\x04 nothing", None, "잘렸거나"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), None, "깨져서"),
        ("성명,책\n김하나,가\n".encode("cp949") + b"\xff\xff\x81", 3, "글자가 깨져"),
        ('성명,책\n박둘,나\n김하나,"가(나)\n이셋,다\n'.encode(), 3, '큰따옴표(")가 닫히지'),
        ('성명,책\n김하나,"가(나)\n이셋,"다"\n'.encode(), 2, '큰따옴표(")가 닫히지'),
        (b"<html><body></body></html>", None, "표가 들어 있지 않은"),
        (b"<?xml version='1.0'?><Workbook xmlns='x'></Workbook>", None, "XML"),
    ],
)
def test_a_bad_file_says_what_is_wrong_and_what_to_do(data, row, what):
    found = problem(("나쁜 파일.xlsx", data))
    assert (found.file, found.row, what in found.what, found.kind) == ("나쁜 파일.xlsx", row, True, "unreadable")
    assert found.what_to_do.endswith("주세요.")


@pytest.mark.parametrize(
    ("member", "what"), [("word/document.xml", "워드"), ("Contents/section0.xml", "HWPX"), ("사진.jpg", "압축 파일")]
)
def test_other_zipped_documents(member, what):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(member, "x")
    assert what in problem(("문서.xlsx", target.getvalue())).what


@pytest.mark.parametrize(("name", "what"), [("password.xlsx", "암호"), ("hwp_document.xls", "한글(HWP)")])
def test_the_bad_samples(sample_data, name, what):
    assert what in problem((name, (sample_data / "bad" / name).read_bytes())).what


def test_every_path_that_cannot_be_read_is_told(tmp_path):
    loaded, problems = load_sources([tmp_path / "없음.csv", tmp_path, ("있음.csv", b"x")])
    assert loaded == [("있음.csv", b"x")]
    assert [(p.file, p.kind) for p in problems] == [("없음.csv", "no_file"), (tmp_path.name, "no_file")]


def test_sources_of_every_form(tmp_path):
    path = tmp_path / unicodedata.normalize("NFD", "기록.csv")
    path.write_bytes(b"x")
    assert load_sources(path) == load_sources(str(path)) == load_sources([path]) == ([("기록.csv", b"x")], [])
    assert load_sources(("폴더/기록.csv", b"x"))[0] == [("기록.csv", b"x")]
    assert load_sources([("기록.csv", b"x"), path])[0] == [("기록.csv", b"x"), ("기록.csv (2)", b"x")]


def test_an_encrypted_old_workbook_is_told_by_its_first_records():
    begin = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12)
    mms, filepass = b"\xc1\x00\x02\x00\x00\x00", b"\x2f\x00\x36\x00" + bytes(54)
    for middle, wanted in ((mms + filepass, "암호"), (mms, "깨져서")):
        with pytest.raises(InputError) as caught:
            read_tables("a.xls", begin + middle + bytes(600))
        assert wanted in str(caught.value)
