"""Files of an office -> the same pairs as from all entries in memory."""

import codecs
import csv
import errno
import random
from collections import Counter
from itertools import groupby
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import schoolkit
from schoolkit import InputError
from schoolkit.office import copies, results
from schoolkit.office import run as module
from schoolkit.office.entries import ENTRIES
from schoolkit.office.inputs import Inputs
from schoolkit.office.run import find_office_duplicates
from schoolkit.office.workspace import workspace
from schoolkit.reading import streaming

HEADER = ["학교명", "학생ID", "학년", "반", "번호", "성명", "학년도", "이수학년", "학기", "과목 또는 영역", "도서명"]
BOOKS = [
    "수학의 역사(지즈강)", "수학의 역샤(지즈강)", "수학의역사(지즈강)", "아몬드(손원평)", "아몬드", "아먼드(손원평)",
    "고향(루쉰)", "고향(현진건)", "토지 1(박경리)", "토지 2(박경리)", "변신(프란츠 카프카)", "분신(조제 사라마구)",
    "안녕, 나나(나윤아)", "=사랑(손원평)", "=사랑",
]  # fmt: skip


def invented(seed: int) -> list[list]:
    """Rows of 20 pupils in any order, some with one entry."""
    draw = random.Random(seed)
    rows = []
    for pupil in range(20):
        who = ["가람중", f"p{draw.randrange(10**6):06}", 3, 1 + pupil % 2, pupil // 2 + 1, f"이름{pupil % 5}"]
        for _ in range(draw.choice((1, 4, 12))):
            grade = draw.randint(1, 3)
            rows.append([*who, 2022 + grade, grade, draw.randint(1, 2), "국어", draw.choice(BOOKS)])
    draw.shuffle(rows)
    return rows


def written_csv(path: Path, rows: list[list], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def written_parquet(path: Path, rows: list[list]) -> Path:
    names = ["school", "student", "current_grade", "class_no", "seat_no", "name", "school_year", "grade", "semester"]
    frame = pd.DataFrame(rows, columns=[*names, "subject_area", "book"])
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path, row_group_size=7)
    return path


def in_parts(folder: Path, kind: str, rows: list[list]) -> list[Path]:
    folder.mkdir()
    third = len(rows) // 3
    parts = [rows[:third], rows[third : 2 * third], rows[2 * third :]]
    if kind == "parquet":
        return [written_parquet(folder / f"{at}.parquet", part) for at, part in enumerate(parts)]
    if kind == "csv":
        encodings = ("cp949", "utf-8-sig", "utf-16")
        return [written_csv(folder / f"{at}.csv", part, encodings[at]) for at, part in enumerate(parts)]
    return [written_csv(folder / "0.csv", parts[0]), written_parquet(folder / "1.parquet", parts[1] + parts[2])]


def without_copies(rows: list[dict]) -> list[dict]:
    """Of rows by pupil and file those that no earlier file of the pupil holds, plainly."""
    kept, most = [], Counter()
    for _, part in groupby(rows, key=lambda row: (row["student"], row["file"])):
        here = Counter()
        for row in part:
            year = row["school_year"] or row["grade"]
            entry = row["student"], year, row["semester"], row["subject_area"], row["book"].replace(" ", "")
            here[entry] += 1
            if year is None or here[entry] > most[entry]:
                kept.append(row)
        most |= here
    return kept


def entries_in_memory(paths) -> pd.DataFrame:
    """The entries that are compared, in order of the inputs."""
    source = Inputs(paths)
    table = pa.concat_tables(table.cast(ENTRIES) for table in source.tables())
    if source.are_exports:
        table = pa.Table.from_pylist(
            without_copies(table.sort_by([("student", "ascending"), ("seq", "ascending")]).to_pylist()), schema=ENTRIES
        )
    return table.sort_by("seq").to_pandas()


def in_memory(entries: pd.DataFrame) -> list[dict]:
    """The pairs that ``find_duplicates`` gives, by key of the pupil."""
    pairs = schoolkit.find_duplicates(entries.drop(columns="seq"), present_year=2025)
    pairs = pairs.sort_values("student", kind="stable")
    return pa.Table.from_pandas(pairs, schema=results.pair_schema(), preserve_index=False).to_pylist()


@pytest.mark.parametrize("kind", ["csv", "parquet", "both"])
@pytest.mark.parametrize("seed", range(3))
def test_the_pairs_are_those_of_all_entries_in_memory(tmp_path, kind, seed, monkeypatch):
    rows = invented(seed)
    in_parts(tmp_path / "in", kind, rows)
    monkeypatch.setattr(module, "_ROWS", 5)  # so that pupils span batches
    monkeypatch.setattr(results, "_ROWS_IN_GROUP", 10)
    outcome = find_office_duplicates([tmp_path / "in"], tmp_path / "out.parquet", present_year=2025)
    found = pq.read_table(tmp_path / "out.parquet")
    entries = entries_in_memory([tmp_path / "in"])
    assert found.to_pylist() == in_memory(entries)
    assert found.schema.equals(results.pair_schema())
    plain = schoolkit.find_duplicates(entries[["student", "book"]])
    assert sorted(found["score"].to_pylist()) == sorted(plain["score"])
    assert (outcome.files, outcome.rows, outcome.pupils, outcome.spellings, outcome.pairs.total()) == (
        {"both": 2}.get(kind, 3),
        len(entries),
        len({row[1] for row in rows}),
        entries["book"].nunique(),
        len(plain),
    )
    assert outcome.copies == len(rows) - len(entries)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in", "out.parquet"]


def test_csv_holds_the_same_with_a_mark_of_its_encoding_and_nothing_that_runs_in_excel(tmp_path):
    who = ["가람중", "p1", 3, 1, 2, "+김하나", 2025, 3]
    rows = [[*who, 1, "국어", "=사랑(손원평)"], [*who, 2, "국어", "=사랑"], [*who, 2, "-과학", "모모(엔데)"]]
    written_csv(tmp_path / "in.csv", rows)
    find_office_duplicates([tmp_path / "in.csv"], tmp_path / "out.CSV", present_year=2025)
    content = (tmp_path / "out.CSV").read_bytes()
    assert content.startswith(codecs.BOM_UTF8) and content.count(codecs.BOM_UTF8) == 1
    (row,) = csv.DictReader(content.decode("utf-8-sig").splitlines())
    assert list(row) == results.pair_schema().names
    about = {"student": "p1", "name": "'+김하나", "verdict": "same", "score": "0.97", "period": "present"}
    about["reasons"] = "제목이 같습니다; 한쪽에는 저자가 없습니다: 손원평 / 없음"
    both = {"school": "가람중", "current_grade": "3", "class_no": "1", "seat_no": "2", "school_year": "2025"}
    both |= {"grade": "3", "subject_area": "국어", "file": "in.csv"}
    sides = {"a": {"book": "'=사랑(손원평)", "semester": "1", "row": "2"}}
    sides["b"] = {"book": "'=사랑", "semester": "2", "row": "3"}
    assert row == about | {f"{name}_{side}": cell for side in "ab" for name, cell in (both | sides[side]).items()}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_nothing_found_still_gives_all_columns(tmp_path, ending):
    written_csv(tmp_path / "in.csv", [["가람중", "p1", 3, 1, 2, "김하나", 2025, 3, 1, "국어", "아몬드"]])
    outcome = find_office_duplicates([tmp_path / "in.csv"], tmp_path / f"out.{ending}")
    out = tmp_path / f"out.{ending}"
    found = pd.read_csv(out) if ending == "csv" else pq.read_table(out).to_pandas()
    assert (len(found), list(found.columns)) == (0, results.pair_schema().names)
    assert (outcome.rows, outcome.pupils, outcome.pairs) == (1, 1, {})


def test_records_that_two_exports_hold_count_once_and_are_told(tmp_path):
    header = "학년,반,번호,성명,학년도,학기,과목 또는 영역,독서활동 상황\n"
    pupil = "2,1,5,김하나"
    first = f"{pupil},2024,1,국어,아몬드(손원평)\n{pupil},2024,1,국어,아몬드(손원평)\n{pupil},2024,2,국어,모모(엔데)\n"
    again = f"{pupil},2024,1,국어,아몬드 (손원평)\n" * 3 + f"{pupil},2024,2,영어,모모(엔데)\n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.csv").write_text(header + first, encoding="utf-8")
    (tmp_path / "in" / "2.csv").write_text(header + again, encoding="utf-8")
    outcome = find_office_duplicates([tmp_path / "in"], tmp_path / "out.parquet", present_year=2025)
    entries = schoolkit.read_reading_records(sorted((tmp_path / "in").iterdir()))
    plain = schoolkit.find_duplicates(entries, present_year=2025)
    found = pq.read_table(tmp_path / "out.parquet").to_pandas()
    places = ["score", "book_a", "file_a", "row_a", "book_b", "file_b", "row_b"]
    assert found[places].values.tolist() == plain[places].values.tolist()
    assert len(plain) == 4  # three times 아몬드, and 모모 for two subjects
    assert (outcome.copies, outcome.rows) == (2, len(entries))


@pytest.mark.parametrize("rows_in_batch", [1, 3, 100])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_a_copy_does_not_depend_on_the_batches(tmp_path, seed, rows_in_batch, monkeypatch):
    draw = random.Random(seed)
    names = ["school_year", "grade", "semester", "subject_area", "book"]
    values = [(2024, None), (2, None), (1, None), ("국어", None), ("아몬드", "아 몬드", "모모")]
    rows = [
        {"student": pupil, "file": file, "seq": 0} | dict(zip(names, map(draw.choice, values), strict=True))
        for pupil in "abc"
        for file in draw.choice((["1"], ["1", "2", "3"]))
        for _ in range(draw.randint(1, 12))
    ]
    table = pa.Table.from_pylist([row | {"seq": at} for at, row in enumerate(rows)], schema=ENTRIES)
    pq.write_table(table, tmp_path / "in.parquet")
    monkeypatch.setattr(copies, "_ROWS", rows_in_batch)
    left_out = copies.without_copies(tmp_path / "in.parquet", tmp_path / "out.parquet", lambda done: None)

    kept = [row["seq"] for row in without_copies(table.to_pylist())]
    assert pq.read_table(tmp_path / "out.parquet")["seq"].to_pylist() == kept
    assert left_out == len(rows) - len(kept) > 0


def repeated(*changes: dict) -> int:
    """What is counted for pairs of records that agree but for these changes."""
    one = {"file_a": "1", "file_b": "2", "book_a": "아몬드(손원평)", "book_b": "아몬드 (손원평)"}
    one |= {f"{name}_{side}": value for side in "ab" for name, value in (("semester", 1), ("subject_area", "국어"))}
    one |= {"school_year_a": 2024, "school_year_b": 2024, "grade_a": 2, "grade_b": 2}
    numbers = {f"{name}_{side}": "Int16" for side in "ab" for name in ("school_year", "grade", "semester")}
    return copies.same_in_two_files(pd.DataFrame([one | change for change in changes]).astype(numbers))


def test_records_of_two_files_are_the_same_if_all_agrees_and_the_time_is_known():
    no_years = {"school_year_a": None, "school_year_b": None}
    nothing_else = {f"{name}_{side}": None for side in "ab" for name in ("grade", "semester", "subject_area")}
    assert repeated({}, no_years, nothing_else) == 3
    others = [
        {"file_b": "1"}, {"book_b": "모모"}, {"semester_b": 2}, {"subject_area_b": None}, {"school_year_b": 2025},
        {"grade_b": None}, no_years | nothing_else,
    ]  # fmt: skip
    assert [repeated(change) for change in others] == [0] * len(others)


def test_the_same_table_twice_is_checked_as_it_stands_and_told(tmp_path):
    rows = [["가람중", "p1", 3, 1, 2, "김하나", 2025, 3, 1, "국어", book] for book in ("아몬드(손원평)", "모모(엔데)")]
    (tmp_path / "in").mkdir()
    written_parquet(tmp_path / "in" / "1.parquet", rows)
    written_parquet(tmp_path / "in" / "2.parquet", [*rows, [*rows[0][:-1], "변신(카프카)"]])
    outcome = find_office_duplicates([tmp_path / "in"], tmp_path / "out.csv")
    assert (outcome.rows, outcome.pairs, outcome.copies, outcome.repeated) == (5, {"same": 2}, 0, 2)


@pytest.mark.parametrize("rows", [[], [["가람중", "", 3, 1, "", "", 2025, 3, 1, "국어", "아몬드"]]])
def test_without_any_record_the_result_and_lists_of_before_stay(tmp_path, rows):
    written_csv(tmp_path / "in.csv", [["가람중", "p1", 3, 1, 2, "김하나", 2025, 3, 1, "국어", "아몬드"], *rows, []])
    written_csv(tmp_path / "bad.csv", [["가람중", "", 3, 1, "", "", 2025, 3, 1, "국어", "아몬드"]])
    find_office_duplicates([tmp_path / "in.csv", tmp_path / "bad.csv"], tmp_path / "out.csv")
    before = {one: one.read_bytes() for one in tmp_path.iterdir() if one.name.startswith("out")}
    assert sorted(one.name for one in before) == ["out.csv", "out.unread.csv"]
    written_csv(tmp_path / "in.csv", rows)
    with pytest.raises(InputError) as caught:
        find_office_duplicates([tmp_path / "in.csv"], tmp_path / "out.csv")
    assert [problem.kind for problem in caught.value.problems] == ["unreadable"] * len(rows) + ["no_record"]
    assert {one: one.read_bytes() for one in tmp_path.iterdir() if one.name.startswith("out")} == before


@pytest.mark.parametrize("name", ["out.unread.csv", "out.unchecked.csv", "out.notices.csv"])
def test_a_file_of_the_users_where_a_list_would_stand_is_refused_and_stays(tmp_path, name):
    written_csv(tmp_path / "in.csv", invented(1))
    (tmp_path / name).write_text("파일,메모\n", encoding="utf-8-sig")
    (tmp_path / "out.d.notices.csv").mkdir()
    for output, kept in (("out.csv", name), ("out.d.csv", "out.d.notices.csv")):
        with pytest.raises(InputError) as caught:
            find_office_duplicates([tmp_path / "in.csv"], tmp_path / output)
        assert [(one.kind, one.file) for one in caught.value.problems] == [("list_in_the_way", str(tmp_path / kept))]
    assert (tmp_path / name).read_text(encoding="utf-8-sig") == "파일,메모\n"


@pytest.mark.parametrize("year", [99, 1989, 2101])
def test_a_present_year_that_is_none_is_refused(tmp_path, year):
    written_csv(tmp_path / "in.csv", invented(1))
    with pytest.raises(InputError, match="올해 학년도는 1990부터 2100까지의 수여야 합니다"):
        find_office_duplicates([tmp_path / "in.csv"], tmp_path / "out.csv", present_year=year)


@pytest.mark.parametrize(
    ("number", "what"),
    [(errno.ENOSPC, "결과를 저장할 디스크에 자리가 모자랍니다"), (errno.EACCES, "결과 파일을 저장할 수 없습니다")],
)
def test_a_result_that_cannot_be_saved_is_told_by_its_name(tmp_path, monkeypatch, number, what):
    def fails(*_):
        raise OSError(number, "")

    written_csv(tmp_path / "in.csv", invented(1))
    monkeypatch.setattr(results.os, "replace", fails)
    with pytest.raises(InputError) as caught:
        find_office_duplicates([tmp_path / "in.csv"], tmp_path / "out.csv", folder=tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'out.csv'}: {what}")
    assert [one.name for one in tmp_path.iterdir()] == ["in.csv"]


def test_a_key_with_too_many_entries_is_listed_beside_the_result(tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "MOST_BOOKS", 3)
    rows = [
        ["가람중", key, 3, 1, 2, "김하나", 2025, 3, 1, "국어", "아몬드"] for key in ("=x", "b", "=x", "b", "=x", "=x")
    ]
    written_csv(tmp_path / "in.csv", rows)
    outcome = find_office_duplicates([tmp_path / "in.csv"], tmp_path / "out.csv")
    assert (outcome.unchecked, outcome.pairs) == ([("=x", 4)], {"same": 1})
    assert (outcome.unread_list, outcome.unchecked_list) == (None, tmp_path / "out.unchecked.csv")
    assert outcome.unchecked_list.read_text(encoding="utf-8-sig").splitlines() == ["학생 키,기록 수", "'=x,4"]
    monkeypatch.undo()
    assert find_office_duplicates([tmp_path / "in.csv"], tmp_path / "out.csv").unchecked_list is None
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_everything_that_is_wrong_is_told_before_any_work(tmp_path):
    written_csv(tmp_path / "in.csv", invented(1))
    with pytest.raises(InputError) as caught:
        find_office_duplicates(
            [tmp_path / "none.csv"],
            tmp_path / "nowhere" / "out.parquet",
            memory=100_000_000,
            folder=tmp_path / "no",
            cutoff=2,
        )
    assert [problem.kind for problem in caught.value.problems] == [
        "little_memory", "no_output_folder", "no_folder", "bad_cutoff", "no_file",
    ]  # fmt: skip
    before = (tmp_path / "in.csv").read_bytes()
    for output, kind in (("in.csv", "same_file"), ("out.xlsx", "wrong_ending"), ("folder.csv", "output_is_folder")):
        (tmp_path / "folder.csv").mkdir(exist_ok=True)
        with pytest.raises(InputError) as caught:
            find_office_duplicates([tmp_path / "in.csv"], tmp_path / output)
        assert [problem.kind for problem in caught.value.problems] == [kind]
    assert (tmp_path / "in.csv").read_bytes() == before


def test_a_result_is_not_saved_among_the_inputs(tmp_path):
    (tmp_path / "in").mkdir()
    written_csv(tmp_path / "in" / "a.csv", invented(1))
    with pytest.raises(InputError, match="점검할 폴더 안에 결과를 저장하면 다음에 함께 읽힙니다"):
        find_office_duplicates([tmp_path / "in"], tmp_path / "in" / "out.csv")
    (tmp_path / "a.unread.csv").write_bytes((tmp_path / "in" / "a.csv").read_bytes())
    with pytest.raises(InputError, match="결과 파일이 점검할 파일과 같습니다"):
        find_office_duplicates([tmp_path / "a.unread.csv"], tmp_path / "a.parquet")


@pytest.mark.parametrize("step", ["sort_entries", "write_spellings", "stream_duplicates"])
def test_a_full_disk_is_told_and_leaves_the_result_of_before(tmp_path, step, monkeypatch):
    written_csv(tmp_path / "in.csv", invented(1))
    (tmp_path / "out.csv").write_text("before")
    (tmp_path / "temp").mkdir()

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, step, full)
    with pytest.raises(InputError, match="임시 파일을 둘 디스크에 자리가 모자랍니다"):
        find_office_duplicates([tmp_path / "in.csv"], tmp_path / "out.csv", folder=tmp_path / "temp")
    assert (tmp_path / "out.csv").read_text() == "before"
    assert list((tmp_path / "temp").iterdir()) == []


def test_without_room_nothing_begins(tmp_path, monkeypatch):
    written_csv(tmp_path / "in.csv", invented(1))
    monkeypatch.setattr(module, "_room", lambda source: 10**18)
    with pytest.raises(InputError, match="1000000000.0GB가 필요한데"):
        find_office_duplicates([tmp_path / "in.csv"], tmp_path / "out.csv", folder=tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["in.csv"]


def test_a_result_on_another_disk_is_copied_beside_its_name_first(tmp_path, monkeypatch):
    replace, moved = results.os.replace, []

    def across(source, target):
        moved.append((Path(source).parent == tmp_path / "temp", Path(target).name))
        if moved[-1][0]:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        replace(source, target)

    (tmp_path / "temp").mkdir()
    (tmp_path / "temp" / "pairs.csv").write_text("after")
    (tmp_path / "out.csv").write_text("before")
    monkeypatch.setattr(results.os, "replace", across)
    results.put_in_place(tmp_path / "temp" / "pairs.csv", tmp_path / "out.csv")
    assert moved == [(True, "out.csv"), (False, "out.csv")]
    assert (tmp_path / "out.csv").read_text() == "after"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out.csv", "temp"]


def test_folders_with_signs_that_sql_and_patterns_know_work(tmp_path):
    odd = tmp_path / "임시 '1' [a] %"
    odd.mkdir()
    rows = invented(2)
    written_csv(odd / "in.csv", rows)
    outcome = find_office_duplicates([odd / "in.csv"], tmp_path / "out.parquet", folder=odd)
    assert outcome.rows == len(rows)


def test_a_workspace_in_use_stays(tmp_path):
    written_csv(tmp_path / "in.csv", invented(1))
    with workspace(tmp_path) as folder:
        find_office_duplicates([tmp_path / "in.csv"], tmp_path / "out.csv", folder=tmp_path)
        assert folder.is_dir()
