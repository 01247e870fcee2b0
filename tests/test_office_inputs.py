"""What an office has, of any kind, is read as entries; what cannot be read is told."""

import io
import os
import random
import shutil

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from office_reading import HEADER, read, rows_of, said, workbook, write

import schoolkit
from schoolkit.errors import InputError
from schoolkit.office import delimited
from schoolkit.office.cells import CellsOfBooks
from schoolkit.office.inputs import ENTRIES, Inputs
from schoolkit.reading.books import Evidence, split_cell


def test_a_table_with_a_key_of_its_own(tmp_path):
    path = write(
        tmp_path / "a.csv",
        f"{HEADER}\n가온고,3,1반,05,김하나,P7,2024.0,2,1학기,국어,똠방각하(최기인)\n가온고,3,1,5,김하나,P7,작년,9,여름,,모모\n",
        "cp949",
    )
    found, inputs = read(path)
    assert rows_of(found, ENTRIES.names) == [
        ("P7", "가온고", "김하나", 3, 1, 5, 2024, 2, 1, "국어", "똠방각하(최기인)", "a.csv", 2, 0),
        ("P7", "가온고", "김하나", 3, 1, 5, None, None, None, "국어", "모모", "a.csv", 3, 1),
    ]
    assert (inputs.files, inputs.total_bytes, inputs.are_exports) == ([path], path.stat().st_size, True)
    assert inputs.unread == []


def test_english_names_give_entries_that_stand_as_they_are(tmp_path):
    text = "student,book,current_grade,class_no,grade,school_year,semester,subject_area\n"
    text += 'P1,"가, 나(다), 라(마)",3,2,1,2023,2,국어\n'
    found, inputs = read(write(tmp_path / "a.csv", text))
    assert rows_of(found, ENTRIES.names) == [
        ("P1", None, None, 3, 2, None, 2023, 1, 2, "국어", "가, 나(다), 라(마)", "a.csv", 2, 0)
    ]
    assert not inputs.are_exports


def test_a_cell_holds_several_books_and_names_their_terms(tmp_path):
    text = (
        "성명\t반\t학년도\t독서활동 상황\n김하나\t2\t2024\t(1학기) 아몬드(손원평), 소나기(황순원) (2학기) 모모(엔데)\n"
    )
    found, inputs = read(write(tmp_path / "a.tsv", text, "utf-16"))
    assert rows_of(found, ["student", "school_year", "semester", "book", "row"]) == [
        ("2반/김하나", 2024, 1, "아몬드(손원평)", 2),
        ("2반/김하나", 2024, 1, "소나기(황순원)", 2),
        ("2반/김하나", 2024, 2, "모모(엔데)", 2),
    ]
    assert inputs.are_exports
    assert inputs.notices == [
        "a.tsv: 번호나 학번이 없어 이름만으로 학생을 구별했습니다. 동명이인은 한 학생으로 읽힙니다."
    ]


def test_a_title_and_an_author_make_a_book(tmp_path):
    text = "학번;성명;도서명;저자\n30105;김하나;아몬드;손원평\n30105;김하나;모모(엔데);\n"
    found, _ = read(write(tmp_path / "a.csv", text))
    assert rows_of(found, ["student", "current_grade", "class_no", "seat_no", "book"]) == [
        ("30105/김하나", 3, 1, 5, "아몬드(손원평)"),
        ("30105/김하나", 3, 1, 5, "모모(엔데)"),
    ]


@pytest.mark.parametrize(
    "header, cells, key",
    [
        ("학교,학번,성명", "가온고,30105,김하나", "가온고/30105/김하나"),
        ("학교,학년,반,번호,성명", "가온고,3학년,01,5번,김 하나(전출)", "가온고/3-1-5/김하나"),
        ("학년반,번호,성명", "3학년 진리반,5,김하나", "가/3-진리-5/김하나"),
        ("반,번호", "1,5", "가/1반 5번"),
        ("성명", "5 김하나", "가/5번/김하나"),
        ("성명", "김하나", "가/김하나"),
        ("고유번호,성명", " 007 ,김하나", "007"),
    ],
)
def test_the_key_is_made_of_what_is_there(tmp_path, header, cells, key):
    write(tmp_path / "가" / "a.csv", f"{header},도서명\n{cells},모모(엔데)\n")
    assert read(tmp_path)[0]["student"].tolist() == [key]


def test_natural_order_and_parts_without_a_header(tmp_path):
    for number, text in [(1, "student,book\nP1,가\n"), (2, "P2,나\n"), (10, "P10,다\n")]:
        write(tmp_path / f"part{number}", text)
    write(tmp_path / ".숨김.csv", "x")
    write(tmp_path / "~$part1.xlsx", "x")
    write(tmp_path / "읽어보기.pdf", "%PDF-1.4")
    write(tmp_path / "z메모", "안녕하세요\n")
    found, inputs = read(tmp_path)
    assert rows_of(found) == [("P1", "가", "part1", 2), ("P2", "나", "part2", 1), ("P10", "다", "part10", 1)]
    assert found["seq"].tolist() == [0, 1, 2]
    assert inputs.notices == [
        "part2: 머리글이 없어 'part1'의 머리글로 읽습니다.",
        "part10: 머리글이 없어 'part2'의 머리글로 읽습니다.",
        "z메모: 표가 아니어서 읽지 않습니다(독서 기록의 머리글이 없습니다).",
        "읽어보기.pdf: 표가 아니어서 읽지 않습니다(PDF 문서).",
    ]
    assert inputs.unread == []


def test_the_same_file_and_the_same_bytes_are_read_once(tmp_path):
    first = write(tmp_path / "a.csv", "student,book\nP1,가\n")
    shutil.copy(first, tmp_path / "b.csv")
    write(tmp_path / "c.csv", "student,book\nP1,나\n")
    found, inputs = read(first, tmp_path)
    assert found["book"].tolist() == ["가", "나"]
    assert inputs.notices == [
        f"{tmp_path.name}/a.csv: 같은 파일을 두 번 고르셔서 한 번만 읽습니다.",
        f"{tmp_path.name}/b.csv: '{tmp_path.name}/a.csv'와(과) 내용이 완전히 같아 한 번만 읽습니다.",
    ]


def test_rows_without_pupil_or_book_are_told_and_the_rest_is_read(tmp_path):
    text = "학생ID,도서명,비고\nP1,가(나),\n,다(라),\nP2,,x\n,,\n,,x\nP3,없음,\nP4,마(바),\n학생ID,도서명,비고\n"
    found, inputs = read(write(tmp_path / "a.csv", text))
    assert rows_of(found) == [("P1", "가(나)", "a.csv", 2), ("P4", "마(바)", "a.csv", 8)]
    assert said(inputs) == [
        "a.csv 3행, 6행: 어느 학생의 기록인지 알 수 없습니다. 학생 칸(학생ID, 학번, 성명 등)을 채워 주세요.",
        "a.csv 4행: 책이 적혀 있지 않습니다. 책 칸을 채우거나 줄을 지워 주세요.",
    ]
    assert inputs.notices == [
        "a.csv: 쓰지 않은 칸이 있습니다: '비고'.",
        "a.csv: '없음'처럼 책이 없다고 적힌 줄 1개를 건너뛰었습니다.",
    ]


def test_a_million_bad_rows_stay_compact(tmp_path):
    text = "student,book\n" + "P,\nP,가\n" * 3_000 + "P,\n" * 5_000
    _, inputs = read(write(tmp_path / "a.csv", text))
    (one,) = inputs.unread
    assert (one.count, len(one.rows), one.rows[:2]) == (8_000, 1_000, [(2, 2), (4, 4)])


def test_odd_numbers_become_empty_and_are_counted(tmp_path):
    text = "student,book,학년도,학기,번호\nP1,가,20x4,3,십\nP1,나,2024,1,5\nP1,다,1999,0,6\n"
    found, inputs = read(write(tmp_path / "a.csv", text))
    assert rows_of(found, ["school_year", "semester", "seat_no"]) == [(None, None, None), (2024, 1, 5), (None, None, 6)]
    assert inputs.notices == [
        "a.csv: 번호 칸 1개를 읽지 못해 비워 두었습니다(숫자가 아닙니다).",
        "a.csv: 학년도 칸 2개를 읽지 못해 비워 두었습니다(2025처럼 적혀 있지 않습니다).",
        "a.csv: 학기 칸 2개를 읽지 못해 비워 두었습니다(1이나 2가 아닙니다).",
    ]


def strange_files(folder) -> list[tuple[str, str]]:
    """Files that are no reading records, and what is said of each."""
    write(folder / "a.csv", "성명,비고\n김하나,x\n")
    pq.write_table(pa.table({"student": ["P1"]}), folder / "b.parquet")
    (folder / "c.parquet").write_bytes(b"PAR1 broken")
    pq.write_table(pa.table({"student": ["P1"], "book": [["가", "나"]]}), folder / "d.parquet")
    (folder / "e.dat").write_bytes(bytes(range(256)) * 20)
    write(folder / "f.unread.csv", "파일,첫 행,끝 행,까닭,할 일\na.csv,,,빈 파일입니다.,\n", "utf-8-sig")
    workbook(folder / "g.xlsx", [("품목", "가격"), ("공책", 1000)])
    no_book = "머리글에 책이 적힌 칸(독서활동 상황, 도서명 가운데 하나)이 없습니다."
    name = "첫 줄의 칸 이름을 '학생ID', '성명', '도서명'처럼 고쳐 주세요."
    save = "엑셀에서 열어 'CSV UTF-8(쉼표로 분리)'이나 .xlsx로 다시 저장해 주세요."
    return [
        ("a.csv 1행: ", f"{no_book} {name}"),
        ("b.parquet: ", f"{no_book} {name}"),
        ("c.parquet: ", "parquet 파일이 깨져서 읽을 수 없습니다. 파일을 다시 만들어 주세요."),
        (
            "d.parquet 'book' 칸: ",
            "칸의 자료형이 글자나 숫자가 아니어서(목록, 구조체 등) 읽을 수 없습니다. "
            "글자나 숫자로 된 칸으로 바꾸어 파일을 다시 만들어 주세요.",
        ),
        ("e.dat: ", f"글이 아니라 표로 읽을 수 없습니다. {save}"),
        ("f.unread.csv: ", f"어느 줄이 머리글인지 알 수 없습니다. {name}"),
        ("g.xlsx: ", f"어느 줄이 머리글인지 알 수 없습니다. {name}"),
    ]


def test_files_that_are_named_themselves_are_problems_before_anything_is_read(tmp_path):
    expected = strange_files(tmp_path)
    with pytest.raises(InputError) as caught:
        Inputs([*sorted(tmp_path.iterdir()), tmp_path / "없는.csv", ""])
    assert str(caught.value).splitlines() == [
        "이름이 빈 파일이나 폴더가 있습니다. 파일이나 폴더의 이름을 써 주세요. 지금 폴더는 . 으로 씁니다.",
        "없는.csv: 파일이나 폴더를 찾을 수 없습니다. 이름과 위치를 확인해 주세요.",
        *(where + what for where, what in expected),
    ]


def test_files_of_a_folder_that_are_no_records_do_not_keep_the_others_from_being_read(tmp_path):
    expected = strange_files(tmp_path)
    with pytest.raises(InputError) as caught:
        Inputs([tmp_path])
    assert len(caught.value.problems) == len(expected)
    write(tmp_path / "memo.txt", "안녕하세요\n표가 아닙니다\n")
    (tmp_path / "Thumbs.db").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    write(tmp_path / "0.csv", "student,book\nP1,가\n")
    write(tmp_path / "1.unchecked.csv", "학생 키,기록 수\nP7,3000\n")
    found, inputs = read(tmp_path)
    assert rows_of(found) == [("P1", "가", "0.csv", 2)]
    assert [one.file for one in inputs.unread] == [
        "1.unchecked.csv",
        *(where.split()[0].rstrip(":") for where, _ in expected),
    ]
    assert "'book' 칸: 칸의 자료형이" in said(inputs)[4]
    assert {one.what_to_do[-24:] for one in inputs.unread} == {"독서 기록이 아니면 폴더 밖으로 옮겨 주세요."[-24:]}
    assert inputs.notices == [
        "memo.txt: 표가 아니어서 읽지 않습니다(독서 기록의 머리글이 없습니다).",
        "Thumbs.db: 표가 아니어서 읽지 않습니다(엑셀이 아닌 문서).",
    ]


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_a_name_in_another_encoding_does_not_keep_a_file_from_being_read(tmp_path):
    path = os.fsencode(tmp_path) + b"/" + "기록".encode("cp949") + b".csv"
    with open(path, "wb") as file:
        file.write("student,book\nP1,모모\n".encode())
    found, _ = read(tmp_path)
    assert rows_of(found, ["student", "book", "row"]) == [("P1", "모모", 2)]
    assert found["file"][0].endswith(".csv") and found["file"][0].isprintable()


def test_nothing_to_read_is_a_problem(tmp_path):
    with pytest.raises(InputError, match="읽을 표가 없습니다"):
        Inputs([tmp_path])
    with pytest.raises(InputError, match="school_per|기준"):
        Inputs([tmp_path], school_per="class")


def test_a_file_that_vanished_is_told(tmp_path):
    first = write(tmp_path / "a.csv", "student,book\nP1,가\n")
    write(tmp_path / "b.csv", "student,book\nP2,나\n")
    inputs = Inputs([tmp_path])
    first.unlink()
    assert [table["book"].to_pylist() for table in inputs.tables()] == [["나"]]
    assert said(inputs) == [
        "a.csv: 파일을 열 수 없거나, 읽는 동안 사라졌습니다. 파일이 그대로 있는지, 읽을 권한이 있는지 확인해 주세요."
    ]


def test_a_file_that_changed_meanwhile_is_told(tmp_path):
    path = write(tmp_path / "a.csv", "student,book\nP1,가\n")
    inputs = Inputs([path])
    with path.open("a") as file:
        file.write("P2,나\n")
    assert sum(table.num_rows for table in inputs.tables()) == 2
    assert said(inputs) == ["a.csv: 읽는 동안 파일이 바뀌었습니다. 파일을 다 저장한 뒤 다시 실행해 주세요."]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all, Windows differs")
def test_a_file_without_permission_is_told(tmp_path):
    write(tmp_path / "a.csv", "student,book\nP1,가\n").chmod(0)
    write(tmp_path / "b.csv", "student,book\nP2,나\n")
    found, inputs = read(tmp_path)
    assert (found["book"].tolist(), [one.file for one in inputs.unread]) == (["나"], ["a.csv"])


def test_parquet_with_any_column_names_and_types(tmp_path):
    pq.write_table(
        pa.table(
            {
                "student": pa.array([12, None, 7]),
                "book": pa.array(["가, 나(다)", "라", " "]).dictionary_encode(),
                "semester": pa.array([1, 2, 2], pa.int8()),
                "school_year": pa.array([2024.0, 2024.0, None]),
                "work": pa.array([[1], [2], [3]]),
            }
        ),
        tmp_path / "a.parquet",
        row_group_size=2,
    )
    pq.write_table(pa.table({"학생ID": ["007"], "도서명": ["모모\n(엔데) "]}), tmp_path / "b.parquet")
    found, inputs = read(tmp_path)
    assert rows_of(found, ["student", "book", "school_year", "semester", "file", "row"]) == [
        ("12", "가, 나(다)", 2024, 1, "a.parquet", 1),
        ("007", "모모\n(엔데) ", None, None, "b.parquet", 1),
    ]
    assert [(one.what, one.rows) for one in inputs.unread] == [
        ("어느 학생의 기록인지 알 수 없습니다.", [(2, 2)]),
        ("책이 적혀 있지 않습니다.", [(3, 3)]),
    ]


def test_progress_ends_at_the_whole(tmp_path):
    write(tmp_path / "a.csv", "student,book\nP1,가\n")
    workbook(tmp_path / "b.xlsx", [("학번", "성명", "도서명"), (30105, "김하나", "가(나)")])
    pq.write_table(pa.table({"student": ["1"], "book": ["가"]}), tmp_path / "c.parquet")
    inputs, seen = Inputs([tmp_path]), []
    for _ in inputs.tables(seen.append):
        pass
    assert seen == sorted(seen)
    assert seen[-1] == inputs.total_bytes


def test_tables_have_at_most_so_many_rows(tmp_path, monkeypatch):
    monkeypatch.setattr("schoolkit.office.inputs.MOST_ROWS", 3)
    path = write(tmp_path / "a.csv", "성명,독서활동 상황\n" + '김하나,"가(나), 다(라), 마(바)"\n' * 3)
    tables = list(Inputs([path]).tables())
    assert [table["seq"].to_pylist() for table in tables] == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]


CELLS = [
    "아몬드(손원평)",
    "안녕, 우주(에린)",
    "소나기(황순원), 아몬드(손원평)",
    "(1학기) 모모(엔데) (2학기) 아몬드(손원평), 소나기",
    "해당 없음",
    "어린 왕자[개정판](생텍쥐페리)",
    "1. 가나(다라) 2. 마바(사아)",
    "데미안（헤세）",
    "전출",
    "모모(엔데)\n아몬드(손원평)",
    "안녕",
    "  사과(김)  ",
    "코스모스(칼 세이건) 총(김하나)",
    "",
]
LAYOUTS = [
    ["학년", "반", "번호", "성명", "학년도", "이수학년", "학기", "과목 또는 영역", "독서활동 상황"],
    ["학번", "성명", "학년도", "학기", "도서명"],
    ["번호", "성명", "학기", "과목", "제목", "저자"],
    ["학년반", "번호", "성명", "학기", "독서활동 상황"],
]


def random_table(rng: random.Random) -> tuple[list[str], list[list[str]]]:
    header = rng.choice(LAYOUTS)
    if "이수학년" not in header:  # which 학년 is the present one is told by its place
        header = rng.sample(header, len(header))
    rows = []
    for seat, name in [("1", "김하나"), ("2", "이두리"), ("3", "박세나")]:
        for _ in range(rng.randint(0, 4)):
            year = rng.choice([2023, 2024])
            cells = {
                "학년": "3",
                "반": rng.choice(["1", "1반", "1.0"]),
                "번호": rng.choice([seat, f"{seat}번"]),
                "성명": name,
                "학번": f"3010{seat}",
                "학년반": rng.choice(["3-1", "3학년 1반"]),
                "학년도": rng.choice([f"{year}", f"{year}.0", f"{year}학년도"]),
                "이수학년": f"{year - 2022}",
                "학기": rng.choice(["1", "2", "", "1학기", "여름"]),
                "저자": rng.choice(["손원평", "", "(김하나)", "없음"]),
                "과목": rng.choice(["국어", "수학", ""]),
                "과목 또는 영역": rng.choice(["국어", "수학", ""]),
            }
            rows.append([cells.get(name, "") or (rng.choice(CELLS) if name not in cells else "") for name in header])
    return header, rows


def test_cells_that_are_taken_as_plain_are_one_book_for_the_splitter_too():
    rng = random.Random(5)
    bits = ["아몬드", "손원평", " ", ", ", "(", ")", "(김하나)", "[개정판]", "（", "）", "1"]
    bits += [":", "-", "·", ".", "학기", "없음", "전출", "n/a", "음"]
    texts = list({"".join(rng.choices(bits, k=rng.randint(1, 6))) for _ in range(20_000)})
    learnt = ["아몬드(손원평)", "손원평(김하나)"]
    cells = CellsOfBooks(learnt, says_title=False)
    books = cells.books(np.arange(len(texts)), pa.array(texts))
    evidence = Evidence.from_cells(learnt)
    as_they_stand = np.flatnonzero(books.first == np.arange(len(texts)))
    assert len(as_they_stand) > 200
    for at in as_they_stand:
        assert [book.written for book in split_cell(texts[at], evidence).books] == [texts[at]]


def test_small_tidied_tables_give_what_read_reading_records_gives(tmp_path, monkeypatch):
    rng = random.Random(11)
    columns = ["name", "current_grade", "class_no", "seat_no", "school_year", "grade", "semester"]
    columns += ["subject_area", "book", "row"]
    compared = 0
    for _ in range(60):
        header, rows = random_table(rng)
        text = io.StringIO()
        pd.DataFrame(rows, columns=header).to_csv(text, index=False, sep=rng.choice(",\t;"))
        data = text.getvalue().encode(rng.choice(["cp949", "utf-8-sig", "utf-16"]))
        (tmp_path / "표.csv").write_bytes(data)
        monkeypatch.setattr(delimited, "BLOCK_BYTES", rng.choice([5, 90, 1 << 21]))
        try:
            wanted = schoolkit.read_reading_records(("표.csv", data))
        except InputError:
            continue  # no row at all
        found, _ = read(tmp_path / "표.csv")
        assert rows_of(found, columns) == rows_of(wanted, columns), data
        assert pd.factorize(found["student"])[0].tolist() == pd.factorize(wanted["student"])[0].tolist()
        compared += len(wanted)
    assert compared > 200
