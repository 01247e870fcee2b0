"""The invented records of an office: reproducible, as told, and written as an office would."""

import sys
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from schoolkit import InputError, read_reading_records
from schoolkit.samples import awkward_entries, office_entries, write_office_files
from schoolkit.samples.books import WORKS
from schoolkit.samples.office import _with_slip, _without_space
from schoolkit.samples.office_titles import korean_names, office_books
from schoolkit.samples.reading import SUBJECT_AREAS


def in_one(batches):
    return pd.concat(batches, ignore_index=True)


@pytest.fixture(scope="module")
def entries():
    return in_one(office_entries(4_000, books_per_pupil=12))


def test_a_pupil_depends_neither_on_the_batches_nor_on_those_who_follow():
    many = in_one(office_entries(2_300, books_per_pupil=3))
    pd.testing.assert_frame_equal(in_one(office_entries(2_300, books_per_pupil=3, pupils_per_batch=700)), many)
    few = in_one(office_entries(1_001, books_per_pupil=3, pupils_per_batch=1))
    pd.testing.assert_frame_equal(few, many[many["student"] <= "P0001001"])
    assert not in_one(office_entries(1_001, books_per_pupil=3, seed=2)).equals(few)


def test_batches_hold_whole_pupils():
    batches = [
        sorted(set(batch["student"])) for batch in office_entries(2_500, books_per_pupil=2, pupils_per_batch=999)
    ]
    numbers = [range(1, 1_000), range(1_000, 1_999), range(1_999, 2_501)]
    assert batches == [[f"P{number:07d}" for number in some] for some in numbers]


def test_columns_are_small_and_complete(entries):
    assert {name: dtype.str for name, dtype in entries.dtypes.items() if isinstance(dtype, np.dtype)} | {
        name: "text" for name in ("school", "student", "name", "subject_area", "book")
    } == {
        "school": "text",
        "student": "text",
        "current_grade": "<i2",
        "class_no": "<i2",
        "seat_no": "<i2",
        "name": "text",
        "school_year": "<i2",
        "grade": "<i2",
        "semester": "<i2",
        "subject_area": "text",
        "book": "text",
        "work": "<i4",
    }
    assert not entries.isna().any(axis=None)


def test_a_seat_of_a_school_holds_one_pupil_and_a_school_900(entries):
    pupils = entries.drop_duplicates("student")
    seat = ["school", "current_grade", "class_no", "seat_no"]
    assert not pupils.duplicated(seat).any()
    assert pupils["school"].value_counts(sort=False).to_list() == [900, 900, 900, 900, 400]
    assert pupils["school"].iloc[0] == "가온고등학교"
    assert [sorted(set(pupils[column])) for column in seat[1:]] == [
        [1, 2, 3],
        list(range(1, 13)),
        list(range(1, 26)),
    ]
    assert entries.drop_duplicates(["student", "name", *seat]).shape == pupils.shape


def test_rows_of_a_pupil_stand_by_term_and_subject_area_up_to_the_present_grade(entries):
    place = entries["subject_area"].map(SUBJECT_AREAS.index)
    order = [entries["student"], entries["grade"], entries["semester"], place]
    assert list(np.lexsort(order[::-1])) == list(range(len(entries)))
    assert (entries["school_year"] - entries["grade"] == 2025 - entries["current_grade"]).all()
    assert set(zip(entries["current_grade"], entries["grade"], entries["semester"], strict=True)) == {
        (present, grade, semester) for present in (1, 2, 3) for grade in range(1, present + 1) for semester in (1, 2)
    }


def test_numbers_of_books_vary_and_some_pupils_have_one(entries):
    different = entries.drop_duplicates(["student", "work"])["student"].value_counts()
    assert set(different) == {1, *range(6, 19)}
    assert 0.01 < (different == 1).mean() < 0.03
    assert 11 < different.mean() < 12.5


def test_a_few_pupils_have_a_work_twice_in_two_terms(entries):
    twice = entries[entries.duplicated(["student", "work"], keep=False)]
    assert 0.04 < twice["student"].nunique() / 4_000 < 0.08
    groups = twice.groupby(["student", "work"])
    assert set(groups.size()) == {2}
    assert set(groups.apply(lambda pair: len(pair[["grade", "semester"]].drop_duplicates()))) == {2}
    assert 0.3 < (groups["book"].nunique() == 1).mean() < 0.6


def test_entries_are_written_as_the_work_is_named_but_for_a_few(entries):
    named = office_books().book[entries["work"]]
    varied = entries[entries["book"] != named]
    assert 0.045 < len(varied) / len(entries) < 0.065
    slips = varied[~varied["book"].str.contains("지음|（", regex=True) & varied["book"].str.endswith(")")]
    assert slips["book"].str.replace(" ", "").nunique() > 200


def test_the_best_known_works_are_the_most_read(entries):
    books = [work.book(volume) for work in WORKS for volume in work.volumes or ("",)]
    assert list(office_books().book[: len(books)]) == books
    shares = [entries["work"].between(first, last - 1).mean() for first, last in pairwise([0, 20, 40, 60])]
    assert shares == sorted(shares, reverse=True)
    assert entries.loc[entries["book"].eq("아몬드(손원평)"), "work"].unique().tolist() == [0]


def test_no_two_works_share_a_title_and_every_letter_can_be_written_in_cp949():
    books = office_books()
    titles = pd.Series(books.title + books.rest).str.replace(" ", "")
    assert len(titles) > 150_000 and titles.is_unique
    assert "\n".join(books.book).encode("cp949").decode("cp949") == "\n".join(books.book)
    assert "".join(korean_names(1)).encode("cp949")


def test_a_slip_is_one_vowel_one_syllable_or_two_swapped_ones_of_the_title():
    slips = {_with_slip("동물농장: 우화", " 1", "조지 오웰", where) for where in np.arange(0, 1, 0.01)}
    assert slips == {
        f"{title}: 우화 1(조지 오웰)"
        for title in ("둉물농장", "동뮬농장", "동물뇽장", "동물농쟝", "물농장", "동농장", "동물장", "동물농")
        + ("물동농장", "동농물장", "동물장농")
    }
    assert _with_slip("변신(개정판)", "", "프란츠 카프카", 0.5) == "변신(개정판)(프란츠 카프카)"


def test_one_space_is_left_out_where_there_is_one():
    spaced = {_without_space("천 개의 파랑", "", "천선란", where) for where in (0.0, 0.3, 0.7, 0.999)}
    assert spaced == {"천개의 파랑(천선란)", "천 개의파랑(천선란)"}
    assert _without_space("변신", " 1", "프란츠 카프카", 0.5) == "변신 1(프란츠 카프카)"


def test_awkward_entries_hold_every_awkwardness():
    entries = awkward_entries(2_000, books_per_pupil=6, oversized=500)
    sizes = entries["student"].value_counts()
    assert sizes["0"] == 500 and sizes.drop("0").max() < 40 and sizes.min() == 1
    assert {"10", "00010"} <= set(sizes.index)
    assert 20 < entries["student"].isna().sum() < 120 and 50 < entries["book"].isna().sum() < 250
    without_books = entries[entries["student"].ne("0")].groupby("student")["book"].count().eq(0).sum()
    assert 3 < without_books < 40
    assert 30 < entries.drop(columns="work").duplicated().sum() < 400
    for mark in (",", '"', "\n", "\u3000", "，", "  "):
        assert entries["book"].str.contains(mark, regex=False).sum(), mark
    assert "".join(entries["book"].dropna()).encode("cp949")


def test_rows_that_share_a_key_stand_together_unless_shuffled():
    entries = awkward_entries(600, books_per_pupil=6, oversized=500)
    keys = entries["student"].dropna()
    assert keys.ne(keys.shift()).sum() == keys.nunique()
    shuffled = awkward_entries(600, books_per_pupil=6, oversized=500, shuffled=True)
    keys = shuffled["student"].dropna()
    assert keys.ne(keys.shift()).sum() > 2 * keys.nunique()
    columns = list(entries.columns)
    pd.testing.assert_frame_equal(
        shuffled.sort_values(columns, ignore_index=True), entries.sort_values(columns, ignore_index=True)
    )


@pytest.mark.parametrize("encoding", ["cp949", "utf-8-sig", "utf-16"])
def test_csv_parts_hold_the_records_under_korean_headers(tmp_path, encoding):
    written = write_office_files(tmp_path / "new", 1_100, parts=3, encoding=encoding, books_per_pupil=2)
    assert [path.name for path in written] == ["reading_1.csv", "reading_2.csv", "reading_3.csv"]
    parts = [pd.read_csv(path, encoding=encoding, dtype={"학생ID": str}) for path in written]
    assert [part["학생ID"].nunique() for part in parts] == [366, 367, 367]
    headers = [
        "학교명",
        "학생ID",
        "학년",
        "반",
        "번호",
        "성명",
        "학년도",
        "이수학년",
        "학기",
        "과목 또는 영역",
        "book",
    ]
    assert [list(part.columns) for part in parts] == [headers] * 3
    expected = in_one(office_entries(1_100, books_per_pupil=2)).drop(columns="work").set_axis(headers, axis=1)
    pd.testing.assert_frame_equal(in_one(parts), expected, check_dtype=False)


def test_the_reader_of_records_understands_the_csv(tmp_path):
    path = write_office_files(tmp_path, 40, parts=1, books_per_pupil=4)[0]
    expected = in_one(office_entries(40, books_per_pupil=4))
    columns = [
        "current_grade",
        "class_no",
        "seat_no",
        "name",
        "school_year",
        "grade",
        "semester",
        "subject_area",
        "book",
    ]
    read = read_reading_records(path)
    pd.testing.assert_frame_equal(read[columns], expected[columns], check_dtype=False)


def test_parquet_parts_hold_the_records_under_english_names(tmp_path):
    pytest.importorskip("pyarrow")
    written = write_office_files(tmp_path, 3, kind="parquet", parts=5, books_per_pupil=2)
    assert len(written) == 3
    parts = in_one([pd.read_parquet(path) for path in written])
    pd.testing.assert_frame_equal(parts, next(office_entries(3, books_per_pupil=2)).drop(columns="work"))


def test_parquet_without_pyarrow_names_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r'pip install "schoolkit\[office\]"'):
        write_office_files(tmp_path, 3, kind="parquet")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [{"pupils": 0}, {"books_per_pupil": 0}, {"pupils_per_batch": 0}])
def test_numbers_below_one_are_refused_at_once(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be at least 1"):
        office_entries(**{"pupils": 1, **wrong})


def test_other_kinds_of_files_are_refused(tmp_path):
    with pytest.raises(ValueError, match="kind must be"):
        write_office_files(tmp_path, 1, kind="xlsx")
    with pytest.raises(ValueError, match="parts must be at least 1"):
        write_office_files(tmp_path, 1, parts=0)
