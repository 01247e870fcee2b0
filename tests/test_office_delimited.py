"""Text tables of any size are read block by block, and nothing in them is lost in silence."""

import csv
import io
import random

import pandas as pd
import pytest

from schoolkit.errors import InputError
from schoolkit.office import delimited
from schoolkit.office.delimited import Delimited
from schoolkit.office.encodings import Encoding, find_encoding
from schoolkit.office.entries import Told

QUOTE_OPEN = '큰따옴표(")가 닫히지 않았습니다.'
BYTES_BROKEN = "글자로 읽을 수 없는 바이트가 있습니다."
TOO_MANY = "머리글보다 칸이 많습니다."


def read(tmp_path, data: bytes, width: int, *, delimiter=",", numeric=(), encoding=None):
    """Row number -> cells of what was read, and (reason, ranges) of what was not."""
    path = tmp_path / "표.csv"
    path.write_bytes(data)
    table = Delimited(path, "표.csv", encoding or find_encoding(path, "표.csv"), delimiter, width)
    table.numeric = numeric
    told = Told()
    rows = {}
    for block in table.blocks(told):
        cells = zip(*(column.to_pylist() for column in block.columns), strict=True)
        rows |= {
            number: row for number, row in zip(block.numbers.tolist(), cells, strict=True) if any(map(str.strip, row))
        }
    return rows, [(one.what, one.rows) for one in told.unread]


@pytest.fixture(params=[1, 7, 64, 1 << 21])
def block_bytes(request, monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK_BYTES", request.param)
    return request.param


@pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_each_encoding_is_told_and_read(tmp_path, block_bytes, encoding):
    text = "성명,도서명\n김하나,똠방각하(최기인)\n이두리,햏(펲시)"  # without a line end
    assert read(tmp_path, text.encode(encoding), 2) == (
        {1: ("성명", "도서명"), 2: ("김하나", "똠방각하(최기인)"), 3: ("이두리", "햏(펲시)")},
        [],
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_and_blank_lines_count_as_excel_counts(tmp_path, block_bytes, end):
    data = end.join(["a,b", "", "c,d", "  ", ",", "e,f", ""]).encode()
    assert read(tmp_path, data, 2) == ({1: ("a", "b"), 3: ("c", "d"), 6: ("e", "f")}, [])


def test_a_cell_with_line_breaks_is_one_row(tmp_path, block_bytes):
    data = '가,나\r\n1,"다\r\n라, ""마"""\r\n2,바\r\n'.encode("cp949")
    assert read(tmp_path, data, 2) == ({1: ("가", "나"), 2: ("1", '다\n라, "마"'), 3: ("2", "바")}, [])


def test_bytes_that_are_no_text_cost_their_row_alone(tmp_path, block_bytes):
    lines = ["가,나".encode(), b"1,\xff\xfe", "2,다".encode(), b'3,"\xea\xb0 x', "4,라".encode()]
    rows, unread = read(tmp_path, b"\n".join(lines), 2, encoding=Encoding("utf-8"))
    assert rows == {1: ("가", "나"), 3: ("2", "다"), 5: ("4", "라")}
    assert unread == [(BYTES_BROKEN, [(2, 2), (4, 4)])]


def test_half_a_letter_in_cp949_costs_its_row_alone(tmp_path, block_bytes):
    data = "가,나\n".encode("cp949") + b"1,\xb0\n" + "2,다\n".encode("cp949")
    assert read(tmp_path, data, 2, encoding=Encoding("cp949")) == (
        {1: ("가", "나"), 3: ("2", "다")},
        [(BYTES_BROKEN, [(2, 2)])],
    )


def test_utf16_that_ends_within_a_letter_or_holds_half_a_pair(tmp_path, block_bytes):
    data = "가,나\n1,\ud800x\n2,다\n3,라".encode("utf-16-le", "surrogatepass") + b"\x41"
    assert read(tmp_path, data, 2, encoding=Encoding("utf-16-le")) == (
        {1: ("가", "나"), 3: ("2", "다")},
        [(BYTES_BROKEN, [(2, 2), (4, 4)])],
    )


def test_a_stray_quotation_mark_does_not_swallow_what_follows(tmp_path, block_bytes):
    lines = ["학년,성명,도서명", '1,김하나,"아몬드', *(f"1,이두리,소나기{n}" for n in range(400))]
    rows, unread = read(tmp_path, "\n".join(lines).encode(), 3)
    assert list(rows) == [1, *range(3, 403)]
    assert unread == [(QUOTE_OPEN, [(2, 2)])]


def test_two_stray_marks_do_not_make_rows_part_of_a_cell(tmp_path, block_bytes):
    data = '학년,성명,도서명\n1,가,"아몬드\n2,나,소나기\n3,다,"\n1,라,모모\n'.encode()
    rows, unread = read(tmp_path, data, 3, numeric=(0,))
    assert rows == {1: ("학년", "성명", "도서명"), 3: ("2", "나", "소나기"), 5: ("1", "라", "모모")}
    assert unread == [(QUOTE_OPEN, [(2, 2), (4, 4)])]


def test_a_mark_within_a_cell_is_a_letter(tmp_path, block_bytes):
    data = '가,나\n1,2"3"\n2,"다"라\n3,라"\n'.encode()
    assert read(tmp_path, data, 2)[0] == {1: ("가", "나"), 2: ("1", '2"3"'), 3: ("2", "다라"), 4: ("3", '라"')}


def test_rows_of_another_width(tmp_path, block_bytes):
    data = b"a,b,c\n1,2\n1,2,3,,\n1,2,3,4\n,,,x\n1,2,3\n"
    rows, unread = read(tmp_path, data, 3)
    assert rows == {1: ("a", "b", "c"), 2: ("1", "2", ""), 3: ("1", "2", "3"), 6: ("1", "2", "3")}
    assert unread == [(TOO_MANY, [(4, 5)])]


@pytest.mark.parametrize("tail", ["", ",", ",,"])
def test_a_separator_at_the_end_of_every_row(tmp_path, block_bytes, tail):
    data = "a,b\n" + "".join(f"{n},x{tail}\n" for n in range(300))
    rows, unread = read(tmp_path, data.encode(), 2)
    assert (rows[1], rows[301], len(rows), unread) == (("a", "b"), ("299", "x"), 301, [])


def test_what_stands_above_the_header_is_left_out(tmp_path, block_bytes):
    path = tmp_path / "표.csv"
    path.write_bytes('독서 기록,,,2025\n\n"두\n줄"\na,b\n1,2\n'.encode())
    table, told = Delimited(path, "표.csv", Encoding("utf-8"), ",", 2), Told()
    table.begins = 4
    blocks = list(table.blocks(told))
    rows = [row for one in blocks for row in zip(one.numbers, *(c.to_pylist() for c in one.columns), strict=True)]
    assert (rows, told.unread) == ([(4, "a", "b"), (5, "1", "2")], [])


def test_nul_bytes_carry_no_letter(tmp_path, block_bytes):
    assert read(tmp_path, b"a,b\n1,\0x\0\n", 2)[0] == {1: ("a", "b"), 2: ("1", "x")}


def test_the_line_that_names_the_separator_is_not_shown_by_excel(tmp_path):
    assert read(tmp_path, b"sep=;\na;b\n1;2\n", 2, delimiter=";")[0] == {1: ("a", "b"), 2: ("1", "2")}


def test_a_line_without_end_is_one_bad_row(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 100)
    monkeypatch.setattr(delimited, "MOST_LINE_BYTES", 1_000)
    rows, unread = read(tmp_path, b"a,b\n" + b"x" * 5_000 + b"\n1,2\n", 2)
    assert (rows, unread) == ({1: ("a", "b"), 3: ("1", "2")}, [(BYTES_BROKEN, [(2, 2)])])


@pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-16"])
def test_what_pandas_wrote_comes_back_whole(tmp_path, block_bytes, encoding):
    rng = random.Random(7)
    bits = ["가", "똠", "a", "1", " ", ",", '"', "\n", ";", "\t", "(", ")", "'"]
    for _ in range(25):
        cells = [["k" + "".join(rng.choices(bits, k=rng.randint(0, 6))) for _ in range(3)] for _ in range(12)]
        written = io.StringIO()
        pd.DataFrame(cells, columns=["가", "나", "다"]).to_csv(written, index=False)
        rows, unread = read(tmp_path, written.getvalue().encode(encoding), 3, encoding=None)
        assert list(rows.values())[1:] == [tuple(row) for row in cells]
        assert (list(rows), unread) == (list(range(1, 14)), [])


def test_blocks_that_are_parsed_at_once_equal_those_read_line_by_line(tmp_path, monkeypatch):
    rng = random.Random(3)
    bits = ["가", "b", ",", '"', '""', "\n", " ", ",,", '",', ',"', '\n"', '"\n', "1"]
    table = Delimited(tmp_path, "표.csv", Encoding("utf-8"), ",", 3)
    at_once = 0
    for _ in range(20_000):
        text = "".join(rng.choices(bits, k=rng.randint(2, 24))) + "\n"
        table._row, table._usual = 5, 3
        columns = table._parsed_at_once(text.encode())
        if columns is None:
            continue
        at_once += 1
        rows, _ = table._line_by_line(text.encode(), Told(), True)
        found = [cells for cells in zip(*(column.to_pylist() for column in columns), strict=True)]
        shown = [] if rows is None else list(zip(*(column.to_pylist() for column in rows.columns), strict=True))
        filled = [[cells for cells in some if any(map(str.strip, cells))] for some in (found, shown)]
        assert filled[0] == filled[1], text
        assert table._row == 5 + len(columns[0])
        assert [tuple(row) for row in csv.reader(io.StringIO(text))] == found
    assert at_once > 150


def test_ascii_at_the_beginning_decides_no_encoding(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"1,2\n" * 500_000 + "가,나\n".encode("cp949"))
    assert find_encoding(path, "a.csv") == Encoding("cp949")


def test_a_bad_row_in_front_decides_no_encoding(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("가나,나\n".encode("cp949") + "다라,마\n".encode() * 20)
    assert find_encoding(path, "a.csv") == Encoding("utf-8")


def test_bytes_in_no_known_encoding_are_a_problem(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"1,\xff\x81\xff\n" * 20)
    with pytest.raises(InputError) as caught:
        find_encoding(path, "a.csv")
    assert str(caught.value).startswith("a.csv: 글자가 깨져 있어 읽을 수 없습니다")
