"""Workbooks, pages of HTML and prints of an office are read as entries, by sheet and by school."""

import pandas as pd
import pyarrow as pa
import pytest
from office_reading import read, rows_of, said, workbook, write

from schoolkit.errors import InputError
from schoolkit.office import workbooks
from schoolkit.office.inputs import ENTRIES, Inputs

TABLES = {
    "keys": [("학생ID", "도서명", "학년도", "학기"), ("P1", "모모(엔데)", 2024, 1), ("007", "아몬드(손원평)", 2023, 2)],
    "schools": [
        ("학교명", "학년", "반", "번호", "성명", "독서활동 상황"),
        ("가온고", 1, 2, 3, "김하나", "모모(엔데), 아몬드(손원평)"),
        ("나래고", 1, 2, 3, "김하나", "모모(엔데)"),
    ],
    "entries": [("student", "book", "school_year", "subject_area"), ("P1", "가, 나(다)", 2024, "국어")],
}


def sheets(path, of_sheet: dict[str, list[tuple]]):
    with pd.ExcelWriter(path) as file:
        for name, rows in of_sheet.items():
            width = max(map(len, rows))
            padded = [(*row, *[None] * (width - len(row))) for row in rows]
            pd.DataFrame(padded, dtype=object).to_excel(file, sheet_name=name, index=False, header=False)


def as_html(rows) -> str:
    return "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)


@pytest.mark.parametrize("rows", TABLES.values(), ids=TABLES)
def test_a_table_with_keys_or_schools_is_the_same_in_every_kind_of_file(tmp_path, rows, monkeypatch):
    columns = [name for name in ENTRIES.names if name not in ("file", "seq", "row")]
    text = pd.DataFrame(rows[1:], columns=rows[0]).to_csv(index=False)
    wanted, inputs = read(write(tmp_path / "0.csv", text))
    exports = inputs.are_exports
    assert exports == ("student" not in rows[0])

    sheets(tmp_path / "1.xlsx", {"표": [("독서 기록", "", "2025학년도"), (), *rows]})
    sheets(tmp_path / "2.xlsx", {"1반": rows, "2반": rows})
    write(tmp_path / "3.csv", f"독서 기록,,,,,,,,2025\n\n{text}")
    write(tmp_path / "4.xls", f"<html><body><table>{as_html([('독서 기록',), *rows])}</table></body></html>")
    for file, times, moved in [("1.xlsx", 1, 2), ("2.xlsx", 2, 0), ("3.csv", 1, 2), ("4.xls", 1, 1)]:
        for long_sheet in (50_000, 1):
            monkeypatch.setattr(workbooks, "LONG_SHEET", long_sheet)
            found, inputs = read(tmp_path / file)
            assert rows_of(found, columns) == rows_of(wanted, columns) * times, file
            assert found["row"].tolist() == [row + moved for row in wanted["row"]] * times
            assert (inputs.unread, inputs.notices, inputs.are_exports) == ([], [], exports)


def test_a_workbook_with_a_table_beside_a_print(tmp_path):
    write(tmp_path / "가온고" / "2.csv", "학생ID,도서명\nP2,모모(엔데)\n")
    of_sheet = {
        "안내": [("읽어 주세요",)],
        "표": [("학생ID", "도서명"), ("P1", "모모(엔데)"), ("P1", "")],
        "2-1": [("2학년 1반",), ("번호", "성명", "독서활동 상황"), (1, "김하나", "소나기(황순원)")],
        "더": [("학생ID", "도서명"), ("", ""), ("P3", "")],
    }
    sheets(tmp_path / "가온고" / "1.xlsx", of_sheet)
    inputs, seen = Inputs([tmp_path]), []
    found = pa.concat_tables(inputs.tables(seen.append)).to_pandas()
    assert rows_of(found, ["student", "current_grade", "book", "file", "row"]) == [
        ("P1", None, "모모(엔데)", "가온고/1.xlsx", 2),
        (found["student"][1], 2, "소나기(황순원)", "가온고/1.xlsx", 3),
        ("P2", None, "모모(엔데)", "가온고/2.csv", 2),
    ]
    assert found["student"][1].startswith("가온고/")
    assert [(one.what, one.rows) for one in inputs.unread] == [("책이 적혀 있지 않습니다.", [(3, 3)])] * 2
    assert len(inputs.files) == 2
    assert seen == sorted(seen)
    assert seen[-1] == inputs.total_bytes


def test_a_merged_pupil_counts_for_every_row_that_the_cell_covers(tmp_path):
    rows = "<tr><td>학교명</td><td>성명</td><td>번호</td><td>도서명</td></tr>"
    rows += "<tr><td rowspan=2>가온고</td><td rowspan=2>김하나</td><td rowspan=2>3</td><td>가(나)</td></tr>"
    rows += "<tr><td>다(라)</td></tr>"
    found, _ = read(write(tmp_path / "a.xls", f"<table>{rows}</table>"))
    assert rows_of(found) == [("가온고/3번/김하나", "가(나)", "a.xls", 2), ("가온고/3번/김하나", "다(라)", "a.xls", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "학교명,성명,독서활동 상황(1학기),독서활동 상황(2학기)\n가온고,김하나,가,나\n",
        "학생ID,독서활동,\n,도서명,저자\nP1,가,나\n",
    ],
)
def test_keys_or_schools_beside_several_columns_of_books_are_refused(tmp_path, text):
    with pytest.raises(InputError, match="a.csv 1행: 책이 적힌 칸이 여럿이거나 머리글이 두 줄입니다."):
        Inputs([write(tmp_path / "a.csv", text)])


def test_rows_above_a_header_are_told(tmp_path):
    found, inputs = read(write(tmp_path / "a.csv", "P1,가\n학생ID,도서명\nP2,나(다)\n"))
    assert rows_of(found) == [("P2", "나(다)", "a.csv", 3)]
    assert inputs.notices == ["a.csv: 2행을 머리글로 보고 그 위의 줄은 읽지 않았습니다."]


def test_two_schools_with_a_pupil_of_the_same_name_and_number(tmp_path):
    for school, book in [("가온고", "아몬드(손원평)"), ("나래고", "소나기(황순원)")]:
        workbook(
            tmp_path / school / "1반.xlsx", [("번호", "성명", "독서활동 상황"), (1, "김하나", f"{book}, 모모(엔데)")]
        )
    (tmp_path / "나래고" / "2반.xlsx").write_bytes(b"PK broken")
    found, inputs = read(tmp_path)
    assert rows_of(found, ["school", "name", "class_no", "seat_no", "book", "file", "row"]) == [
        ("가온고", "김하나", 1, 1, "아몬드(손원평)", "가온고/1반.xlsx", 2),
        ("가온고", "김하나", 1, 1, "모모(엔데)", "가온고/1반.xlsx", 2),
        ("나래고", "김하나", 1, 1, "소나기(황순원)", "나래고/1반.xlsx", 2),
        ("나래고", "김하나", 1, 1, "모모(엔데)", "나래고/1반.xlsx", 2),
    ]
    assert [key.split("/")[0] for key in found["student"].unique()] == ["가온고", "나래고"]
    assert said(inputs) == [
        "나래고/2반.xlsx: 엑셀 파일이 중간에 잘렸거나 깨졌습니다. 파일을 다시 내려받거나 복사해서 올려 주세요. "
        "독서 기록이 아니면 폴더 밖으로 옮겨 주세요."
    ]
    assert inputs.are_exports


def test_a_file_may_be_a_school(tmp_path):
    for school in ("가온고", "나래고"):
        workbook(tmp_path / f"{school}.xlsx", [("학번", "성명", "도서명"), (30105, "김하나", f"{school}(손원평)")])
    assert read(tmp_path)[0]["student"].nunique() == 1
    assert read(tmp_path, school_per="file")[0]["student"].nunique() == 2


def test_a_csv_in_print_layout_is_read_as_a_whole(tmp_path):
    text = (
        "학교생활기록부 독서활동상황,,\n2학년 1반,,\n번호,성명,독서활동 상황\n1,김하나,모모(엔데)\n,,아몬드(손원평)\n"
    )
    found, _ = read(write(tmp_path / "가" / "a.csv", text, "cp949"))
    assert rows_of(found, ["current_grade", "class_no", "name", "book", "row"]) == [
        (2, 1, "김하나", "모모(엔데)", 4),
        (2, 1, "김하나", "아몬드(손원평)", 5),
    ]


def test_a_long_sheet_is_read_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "LONG_SHEET", 3)
    monkeypatch.setattr(workbooks, "_PIECE", 2)
    rows = [("학생ID", "학년도", "도서명"), *((f"P{n}", 2024, f"책{n}(나)") for n in range(5)), (None, 2024, "책(나)")]
    workbook(tmp_path / "a.xlsx", rows)
    found, inputs = read(tmp_path / "a.xlsx")
    assert rows_of(found, ["student", "book", "school_year", "row"]) == [
        (f"P{n}", f"책{n}(나)", 2024, n + 2) for n in range(5)
    ]
    assert (inputs.are_exports, [one.rows for one in inputs.unread]) == (True, [[(7, 7)]])
