"""The samples hold what they claim to hold, and the committed ones are up to date."""

import csv
import io
import subprocess
import sys
import zipfile
from collections import Counter
from itertools import combinations
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

from schoolkit.rosters.pupil_list import read_students
from schoolkit.samples import reading_entries, write_neis_print_csv, write_neis_print_xlsx
from schoolkit.samples.bad_files import PASSWORD
from schoolkit.samples.books import WORKS
from schoolkit.samples.files import CLASS_FILE, GRADE_FILE, sample_files, write_samples
from schoolkit.samples.groups import class_list, grade_list, write_pupil_list
from schoolkit.samples.submissions import SAMPLE_ROSTER

SAMPLE_DATA = Path(__file__).parents[1] / "sample_data"
BAD = SAMPLE_DATA / "bad"

WORK_OF_BOOK = {work.book(volume): work for work in WORKS for volume in work.volumes or ("",)}


@pytest.fixture(scope="module")
def sheet():
    return openpyxl.load_workbook(SAMPLE_DATA / "reading_class.xlsx").active


@pytest.fixture(scope="module")
def truth():
    return pd.read_csv(SAMPLE_DATA / "reading_class_truth.csv", encoding="utf-8-sig")


def shown_cells(sheet) -> dict[tuple[int, str], object]:
    """Row and column letter to value, where each cell of a merged range has the range's value."""
    shown = {(cell.row, get_column_letter(cell.column)): cell.value for row in sheet.rows for cell in row}
    for area in sheet.merged_cells.ranges:
        for row, column in area.cells:
            shown[row, get_column_letter(column)] = sheet.cell(area.min_row, area.min_col).value
    return shown


def printed_records(sheet) -> list[tuple[int, str, str, str]]:
    """Seat number, name, place and books of every row that holds a record."""
    shown = shown_cells(sheet)
    return [
        (
            shown[row, "B"],
            shown[row, "C"],
            "{}학년도 {}학년 {}학기 {}".format(*(shown[row, letter] for letter in "EGHD")),
            shown[row, "I"],
        )
        for row in range(9, sheet.max_row + 1)
        if isinstance(shown[row, "B"], int)
    ]


def cells_and_merges(data: bytes) -> tuple[list, list]:
    """What a workbook shows; its bytes differ with the version of its writer and of zlib."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return list(sheet.values), sorted(map(str, sheet.merged_cells.ranges))


def test_importing_schoolkit_loads_no_samples_and_samples_load_no_faker():
    code = (
        "import sys, schoolkit; assert 'schoolkit.samples' not in sys.modules;"
        "import schoolkit.samples; assert 'faker' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_same_seed_gives_the_same_data_and_the_same_bytes():
    entries, truth = reading_entries(seed=7)
    again, truth_again = reading_entries(seed=7)
    pd.testing.assert_frame_equal(entries, again)
    pd.testing.assert_frame_equal(truth, truth_again)
    assert write_neis_print_xlsx(entries) == write_neis_print_xlsx(again)
    assert write_neis_print_csv(entries) == write_neis_print_csv(again)


def test_another_seed_gives_another_class():
    assert not reading_entries(seed=1)[0]["name"].equals(reading_entries(seed=2)[0]["name"])


@pytest.mark.parametrize(
    "arguments",
    [
        {"pupils": 3},
        {"books_per_pupil": 1},
        {"books_per_pupil": len(WORKS)},
        {"pupils": 4, "books_per_pupil": 2, "pairs_per_kind": 9},
    ],
)
def test_an_impossible_class_is_refused(arguments):
    with pytest.raises(ValueError):
        reading_entries(**arguments)


@pytest.mark.parametrize("seed", range(1, 11))
def test_a_pupil_reads_a_work_twice_only_in_a_planted_pair(seed):
    entries, truth = reading_entries(seed=seed)
    books = {seat: list(group) for seat, group in entries.groupby("seat_no")["book"]}
    for pair in truth.itertuples():
        changed = pair.book_a if pair.book_a not in WORK_OF_BOOK else pair.book_b
        books[pair.seat_no].remove(changed)
    for left in books.values():
        works = Counter(WORK_OF_BOOK[book] for book in left)
        assert max(works.values()) == 1


@pytest.mark.parametrize("seed", range(1, 11))
def test_equal_books_of_a_pupil_are_the_planted_exact_pairs(seed):
    entries, truth = reading_entries(seed=seed)
    found = [
        (seat, a) for seat, books in entries.groupby("seat_no")["book"] for a, b in combinations(books, 2) if a == b
    ]
    planted = truth[truth["kind"] == "exact"]
    assert sorted(found) == sorted(zip(planted["seat_no"], planted["book_a"], strict=True))


@pytest.mark.parametrize("seed", range(1, 11))
def test_every_kind_is_planted_as_often_as_asked_for_and_differs_as_it_says(seed):
    _, truth = reading_entries(pairs_per_kind=4, seed=seed)
    assert truth["kind"].value_counts().to_dict() == dict.fromkeys(
        ("exact", "typo", "spacing", "missing_author", "transposed", "volume"), 4
    )
    assert (truth["duplicate"] == (truth["kind"] != "volume")).all()
    for pair in truth.itertuples():
        a, b = pair.book_a, pair.book_b
        # The one of the two that the list of books has.
        work = WORK_OF_BOOK.get(a) or WORK_OF_BOOK[b]
        match pair.kind:
            case "exact":
                assert a == b
            case "typo":
                assert len(a) == len(b)
                assert sum(x != y for x, y in zip(a, b, strict=True)) == 1
            case "spacing":
                assert a != b
                assert a.replace(" ", "") == b.replace(" ", "")
            case "missing_author":
                assert {a, b} == {work.book(), work.title}
            case "transposed":
                first, second = (i for i in range(len(a)) if a[i] != b[i])
                assert second == first + 1
                assert a[first : second + 1] == b[first : second + 1][::-1]
            case "volume":
                assert a != b
                assert WORK_OF_BOOK[a] == WORK_OF_BOOK[b]


def test_the_committed_files_are_what_the_code_makes_now():
    made = sample_files()
    printed = (SAMPLE_DATA / "reading_class_cp949.csv").read_text(encoding="cp949")
    if not all(name in printed for name in reading_entries()[0]["name"]):
        pytest.skip("this version of Faker draws other names")
    for name, data in made.items():
        committed = (SAMPLE_DATA / name).read_bytes()
        if name in ("reading_class.xlsx", CLASS_FILE, GRADE_FILE, SAMPLE_ROSTER):
            assert cells_and_merges(committed) == cells_and_merges(data)
        elif name == "bad/truncated.xlsx":
            whole = (SAMPLE_DATA / "reading_class.xlsx").read_bytes()
            assert committed == whole[: len(whole) // 2]
        else:
            assert committed == data, name


def test_writing_again_keeps_the_encrypted_file(tmp_path):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad/password.xlsx").write_bytes(b"kept")
    written = write_samples(tmp_path)
    assert (tmp_path / "bad/password.xlsx").read_bytes() == b"kept"
    assert {path.relative_to(tmp_path).as_posix() for path in written} == sample_files().keys()


def test_the_readme_names_every_file():
    readme = (SAMPLE_DATA / "README.md").read_text(encoding="utf-8")
    for name in ["bad/password.xlsx", *sample_files().keys() - {"README.md"}]:
        assert f"`{name}`" in readme


def test_the_print_holds_every_entry_once(sheet):
    entries, _ = reading_entries()
    keys = ["seat_no", "name", "school_year", "grade", "semester", "subject_area"]
    assert printed_records(sheet) == [
        (seat_no, name, f"{year}학년도 {grade}학년 {semester}학기 {area}", ", ".join(books))
        for (seat_no, name, year, grade, semester, area), books in entries.groupby(keys, sort=False)["book"]
    ]


def test_every_planted_pair_stands_where_the_truth_says_and_in_its_order(sheet, truth):
    records = printed_records(sheet)
    for pair in truth.itertuples():
        positions = []
        for book, place in ((pair.book_a, pair.place_a), (pair.book_b, pair.place_b)):
            where = (pair.seat_no, pair.name, place)
            (row,) = (i for i, record in enumerate(records) if record[:3] == where)
            cell = f", {records[row][3]}, "
            find = cell.rfind if (row, cell.find(f", {book}, ")) in positions else cell.find
            position = find(f", {book}, ")
            assert position >= 0
            positions.append((row, position))
        assert positions[0] < positions[1]


def test_the_head_and_the_header_stand_where_neis_prints_them(sheet):
    assert sheet["O2"].value == "2025.07.16."
    assert sheet["B4"].value == "학교생활기록부 과년도 독서활동 상황"
    assert sheet["B6"].value == "2학년 3반"
    assert sheet["O6"].value == "사용자명 : 교사명"
    assert {cell.column_letter: cell.value for cell in sheet[8] if cell.value} == {
        "B": "번호",
        "C": "성  명",
        "D": "과목 또는 영역",
        "E": "학년도",
        "G": "학년",
        "H": "학기",
        "I": "독서활동 상황",
    }
    assert sheet.page_setup.orientation == "landscape"


def test_merged_ranges_never_overlap(sheet):
    cells = Counter(cell for area in sheet.merged_cells.ranges for cell in area.cells)
    assert max(cells.values()) == 1


def test_cells_are_merged_down_within_a_pupil_and_a_year(sheet):
    shown = shown_cells(sheet)
    merged_letters = set()
    for area in sheet.merged_cells.ranges:
        rows = range(area.min_row, area.max_row + 1)
        letter = get_column_letter(area.min_col)
        if len(rows) > 1 and letter in "BCDEG":
            merged_letters.add(letter)
            assert len({shown[row, "B"] for row in rows}) == 1
            if letter in "DEG":
                assert len({shown[row, "E"] for row in rows}) == 1
    assert merged_letters == set("BCDEG")


def test_every_page_ends_in_a_footer_and_begins_with_the_header_and_the_pupil(sheet):
    footers = [row for row in range(1, sheet.max_row + 1) if sheet[f"K{row}"].value == "/"]
    assert len(footers) > 5
    for page, row in enumerate(footers, start=1):
        assert [sheet[f"{letter}{row}"].value for letter in "JLN"] == [
            page,
            len(footers),
            "샘플중학교",
        ]
    assert [page_break.id for page_break in sheet.row_breaks.brk] == [row + 1 for row in footers]
    for row in footers[:-1]:
        assert sheet[f"B{row + 3}"].value == "번호"
        assert all(sheet[f"{letter}{row + 4}"].value for letter in "BCDEGHI")


def test_some_pupil_runs_over_a_page_break(sheet):
    footers = [row for row in range(1, sheet.max_row + 1) if sheet[f"K{row}"].value == "/"]
    shown = shown_cells(sheet)
    assert any(shown[row - 2, "B"] == shown[row + 4, "B"] for row in footers[:-1])


def test_the_csv_is_the_sheet_as_excel_saves_it_in_cp949(sheet):
    text = (SAMPLE_DATA / "reading_class_cp949.csv").read_bytes().decode("cp949")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == sheet.max_row
    for number, row in enumerate(rows, start=1):
        assert [cell.strip() for cell in row] == [
            str(sheet.cell(number, column).value or "") for column in range(1, 16)
        ]
    assert text.splitlines()[8].startswith(",1 ,")


def test_the_class_has_its_special_pupils():
    entries, truth = reading_entries()
    names = entries.groupby("seat_no")["name"].first()
    assert list(names.index) == list(range(1, 29))
    assert [count for count in Counter(names).values() if count > 1] == [2]
    assert sum(name.endswith("(전출)") for name in names) == 1
    assert names.iloc[-1].count(" ") == 3


def test_pupils_of_the_same_name_share_a_book_in_the_committed_class():
    entries, _ = reading_entries()
    seats = entries.groupby("name")["seat_no"].unique()
    (namesakes,) = (seat_nos for seat_nos in seats if len(seat_nos) > 1)
    first, second = (set(entries.loc[entries["seat_no"] == s, "book"]) for s in namesakes)
    assert first & second


@pytest.mark.parametrize(
    "book",
    [
        "총, 균, 쇠(재레드 다이아몬드)",
        "어린 왕자(비룡소 클래식)(생텍쥐페리)",
        "미움받을 용기(기시미 이치로, 고가 후미타케)",
        "왜 세계의 절반은 굶주리는가?(장 지글러)",
    ],
)
def test_awkward_titles_are_in_the_committed_class(book):
    assert book in set(reading_entries()[0]["book"])


def test_bad_empty_csv_has_no_byte():
    assert (BAD / "empty.csv").read_bytes() == b""


@pytest.mark.parametrize("name", ["binary.xlsx", "truncated.xlsx", "picture.xlsx"])
def test_bad_workbooks_are_no_zip_archives(name):
    assert not zipfile.is_zipfile(BAD / name)


def test_bad_truncated_begins_as_a_workbook_and_picture_as_png():
    assert (BAD / "truncated.xlsx").read_bytes().startswith(b"PK\x03\x04")
    assert (BAD / "picture.xlsx").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_bad_password_opens_with_the_password_only():
    msoffcrypto = pytest.importorskip("msoffcrypto")
    with (BAD / "password.xlsx").open("rb") as stream:
        file = msoffcrypto.OfficeFile(stream)
        assert file.is_encrypted()
        file.load_key(password=PASSWORD)
        opened = io.BytesIO()
        file.decrypt(opened)
    assert openpyxl.load_workbook(opened).active["I8"].value == "독서활동 상황"


def test_bad_no_book_column_has_rows_but_no_books():
    text = (BAD / "no_book_column.csv").read_text(encoding="utf-8-sig")
    assert "독서활동" not in text
    assert len(text.splitlines()) == 6


def test_bad_no_rows_has_a_header_only():
    assert (BAD / "no_rows.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "번호,성명,과목 또는 영역,학년도,학년,학기,독서활동 상황"
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
def test_bad_broken_encoding_cannot_be_decoded(encoding):
    with pytest.raises(UnicodeDecodeError):
        (BAD / "broken_encoding.csv").read_bytes().decode(encoding)


def test_bad_unclosed_quote_is_still_open_at_the_end():
    text = (BAD / "unclosed_quote.csv").read_text(encoding="utf-8-sig")
    assert text.count('"') == 1
    assert '"' in text.splitlines()[1]
    with pytest.raises(csv.Error, match="unexpected end of data"):
        list(csv.reader(io.StringIO(text), strict=True))


def test_bad_hwp_document_is_an_ole_file_that_holds_a_hangul_document():
    data = (BAD / "hwp_document.xls").read_bytes()
    assert data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    olefile = pytest.importorskip("olefile")
    with olefile.OleFileIO(data) as document:
        assert document.listdir() == [["FileHeader"]]
        assert document.openstream("FileHeader").read().startswith(b"HWP Document File\0")


@pytest.mark.parametrize("make", [class_list, grade_list])
def test_the_same_seed_gives_the_same_pupils_and_the_same_bytes(make):
    pupils = make(seed=7)
    pd.testing.assert_frame_equal(pupils, make(seed=7))
    assert write_pupil_list(pupils, "명단") == write_pupil_list(make(seed=7), "명단")
    assert not pupils["이름"].equals(make(seed=8)["이름"])


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_class_to_be_grouped_has_two_of_one_name_and_one_without_a_score(seed):
    pupils = class_list(seed=seed)
    assert pupils.columns.tolist() == [
        "번호", "이름", "성별", "점수", "수준", "EI", "NS", "TF", "JP", "관심 분야", "모둠장 희망", "특이사항"
    ]  # fmt: skip
    assert pupils["번호"].tolist() == list(range(1, 29))
    assert sorted(Counter(pupils["이름"]).values()) == [1] * 26 + [2]
    assert pupils["점수"].isna().sum() == 1
    assert pupils["점수"].dropna().between(0, 100).all()
    assert (pupils["모둠장 희망"] == "O").sum() == 9
    assert pupils["특이사항"].notna().sum() == 4


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_grade_to_be_grouped_has_its_special_pupils(seed):
    pupils = grade_list(seed=seed)
    assert pupils.columns.tolist() == [
        "출신반", "번호", "이름", "성별", "점수", "수준", "생활지도", "특수교육", "쌍둥이", "전출 예정"
    ]  # fmt: skip
    assert pupils.groupby("출신반")["번호"].agg(list).tolist() == [list(range(1, 31))] * 8
    names = Counter(pupils["이름"])
    assert sorted(count for count in names.values() if count > 1) == [2, 2, 2, 2, 3]
    assert (pupils.groupby("이름")["성별"].nunique() == 1).all()
    twins = pupils.dropna(subset="쌍둥이").groupby("쌍둥이")["이름"].agg(list)
    assert [len(pair) for pair in twins] == [2, 2]
    assert all(one[0] == other[0] and one != other for one, other in twins)
    marks = ["생활지도", "특수교육", "전출 예정"]
    assert (pupils[marks] == "O").sum().tolist() == [16, 6, 3]


@pytest.mark.parametrize("arguments", [{"pupils": 7}, {"classes": 2, "pupils_per_class": 30}])
def test_too_few_pupils_to_be_grouped_are_refused(arguments):
    with pytest.raises(ValueError):
        (class_list if "pupils" in arguments else grade_list)(**arguments)


@pytest.mark.parametrize(("name", "pupils"), [(CLASS_FILE, 28), (GRADE_FILE, 240)])
def test_the_lists_to_be_grouped_are_read_without_a_notice(name, pupils):
    students = read_students(SAMPLE_DATA / name)
    assert (len(students), students.attrs["notices"]) == (pupils, [])
