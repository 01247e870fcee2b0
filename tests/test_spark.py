"""The same pairs on Apache Spark, however the rows are spread over its workers."""

import datetime
import os
import random
import subprocess
import sys
from decimal import Decimal

import pandas as pd
import pytest
from alike_books import BOOKS
from spark_sessions import ROOT, environment, local_session, why_not

import schoolkit
from schoolkit import spark
from schoolkit.office.run import find_office_duplicates
from schoolkit.reading import streaming
from schoolkit.samples.office import awkward_entries

needs_spark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


@pytest.fixture(scope="module")
def session():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment().items():
            patch.setenv(name, value)
        session = local_session(rows_per_batch=3)  # so that pupils span two and more
        yield session
        session.stop()


def on(session, entries: pd.DataFrame):
    import pyarrow as pa

    return session.createDataFrame(pa.Table.from_pandas(entries, preserve_index=False))


def rows_of(pairs: pd.DataFrame) -> list[tuple]:
    """The rows in one order, whatever is missing as None."""
    plain = pairs.astype(object).where(pairs.notna(), None)
    return sorted(plain.itertuples(index=False, name=None), key=repr)


def found_by(pairs) -> tuple[list[str], list[tuple]]:
    return pairs.columns, sorted(map(tuple, pairs.collect()), key=repr)


def invented(seed: int) -> pd.DataFrame:
    """Entries of 40 pupils in any order, some with one entry, some rows without a book, a pupil or a year."""
    draw = random.Random(seed)
    rows = [
        (f"p{pupil:02}", f"이름{pupil % 5}", draw.choice((2023, 2024, 2025, None)), draw.choice(BOOKS))
        for pupil in range(40)
        for _ in range(draw.choice((1, 3, 9)))
    ]
    rows += [(None, "이름 없음", 2024, BOOKS[0])] * 3
    draw.shuffle(rows)
    entries = pd.DataFrame(rows, columns=["student", "name", "school_year", "book"])
    return entries.assign(school_year=entries["school_year"].astype("Int16"), row=range(2, len(entries) + 2))


@needs_spark
@pytest.mark.parametrize("cutoff", [None, 0.6])
def test_the_pairs_are_those_of_one_machine(session, cutoff):
    entries = invented(seed=1)
    whole = schoolkit.find_duplicates(entries, cutoff=cutoff, present_year=2025)
    pairs = spark.find_duplicates(on(session, entries), cutoff=cutoff, present_year=2025)
    assert found_by(pairs) == (list(whole.columns), rows_of(whole))
    assert len(whole) > 20


@needs_spark
def test_the_entry_that_comes_first_is_a_in_a_frame_that_was_sorted(session):
    entries = invented(seed=2)
    whole = schoolkit.find_duplicates(entries, present_year=2025)
    spread = on(session, entries).repartition(5, "book").orderBy("row")
    assert found_by(spark.find_duplicates(spread, present_year=2025)) == (list(whole.columns), rows_of(whole))


@needs_spark
def test_awkward_records_give_the_same_pairs_in_memory_by_office_and_on_spark(session, tmp_path):
    entries = awkward_entries(120, shuffled=True, oversized=2_100, books_per_pupil=30)
    whole = schoolkit.find_duplicates(entries, present_year=2025)
    (unchecked,) = whole.attrs["unchecked"]
    entries.to_parquet(tmp_path / "entries.parquet")
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "200")
    df = on(session, entries)
    with pytest.warns(UserWarning) as caught:
        pairs = spark.find_duplicates(df, session, present_year=2025)
    assert [str(one.message) for one in caught if one.category is UserWarning] == [
        f"기록이 2000건보다 많은 학생 키 1개({unchecked['entries']}건)는 점검하지 않았습니다. "
        "어떤 키인지는 schoolkit.spark.unchecked_pupils로 볼 수 있습니다."
    ]
    assert found_by(pairs) == (list(whole.columns), rows_of(whole))
    assert [row.asDict() for row in spark.unchecked_pupils(df).collect()] == [unchecked]
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "3")

    script = [sys.executable, str(ROOT / "tests" / "spark_sessions.py"), "entries.parquet", "pairs.parquet"]
    subprocess.run(script, cwd=tmp_path, env={**os.environ, **environment()}, check=True, capture_output=True)
    connected = pd.read_parquet(tmp_path / "pairs.parquet")
    assert (list(connected.columns), rows_of(connected)) == (list(whole.columns), rows_of(whole))

    for start in range(0, len(entries), 900):  # so that pupils are spread over the files
        path = tmp_path / "parts" / f"{start}.csv"
        path.parent.mkdir(exist_ok=True)
        entries.iloc[start : start + 900].to_csv(path, index=False, encoding="cp949")
    for name in ("parts", "entries.parquet"):
        outcome = find_office_duplicates([tmp_path / name], tmp_path / "office.parquet", present_year=2025)
        found = pd.read_parquet(tmp_path / "office.parquet").drop(columns=["file_a", "file_b", "row_a", "row_b"])
        assert rows_of(found) == rows_of(whole[found.columns])
        assert outcome.unchecked == [(unchecked["student"], unchecked["entries"])]


@needs_spark
def test_keys_that_too_many_rows_share_are_left_out_and_the_others_checked(session, monkeypatch):
    monkeypatch.setattr(streaming, "MOST_BOOKS", 3)
    students = [7] * 3 + [0] * 4 + [8] * 2 + [None] * 5 + [9] * 6
    entries = pd.DataFrame({"student": pd.array(students, dtype="Int64"), "book": "모모"})
    with pytest.warns(UserWarning, match=r"3건보다 많은 학생 키 2개\(10건\)는 점검하지 않았습니다"):
        pairs = spark.find_duplicates(on(session, entries))
    assert sorted(row.student for row in pairs.collect()) == [7, 7, 7, 8]
    assert sorted(map(tuple, spark.unchecked_pupils(on(session, entries)).collect())) == [(0, 4), (9, 6)]


@needs_spark
def test_other_columns_keep_their_types_and_gaps(session):
    day, moment = datetime.date(2024, 3, 4), datetime.datetime(2024, 3, 4, 23, 59, 1, 7)
    schema = (
        "student double, name string, book string, grade tinyint, current_grade bigint, day date, moment timestamp, "
        "price decimal(9,2), parts array<string>, `a.b` boolean, `c``d` float, row_order binary"
    )
    first = (1.0, None, "모모", 1, 2**53 + 1, day, None, Decimal("0.10"), ["가", None], True, 0.5, b"x")
    later = (1.0, "김하나", "모모", None, None, None, moment, None, None, None, None, None)
    rows = [first, (float("nan"), "x", *first[2:]), (float("nan"), "y", *first[2:]), later, (2.0, "z", *first[2:])]
    pairs = spark.find_duplicates(session.createDataFrame(rows, schema))
    ends = ["book", "grade", "current_grade", "day", "moment", "price", "parts", "a.b", "c`d", "row_order"]
    assert pairs.columns == ["student", "name", "verdict", "score", "reasons", "period"] + [
        f"{column}_{side}" for side in "ab" for column in ends
    ]
    kinds = ["string", "tinyint", "bigint", "date", "timestamp", "decimal(9,2)", "array<string>", "boolean", "float"]
    assert [kind for _, kind in pairs.dtypes][6:] == 2 * [*kinds, "binary"]
    (row,) = pairs.collect()
    assert tuple(row)[:4] == (1.0, None, "same", 1.0)
    assert tuple(row)[6:] == first[2:] + later[2:]


@needs_spark
def test_nothing_is_found_in_nothing_but_the_columns_are_there(session):
    schema = "student string, book string, row int"
    columns = ["student", "verdict", "score", "reasons", "book_a", "row_a", "book_b", "row_b"]
    for rows in ([], [(None, "모모", 2), ("a", None, 3), ("b", "모모", 4)]):
        assert found_by(spark.find_duplicates(session.createDataFrame(rows, schema))) == (columns, [])


@needs_spark
def test_columns_that_are_missing_or_cannot_be_told_apart_are_refused(session):
    df = session.createDataFrame([("a", "모모", 1, 2)], "student string, Book string, row int, Row int")
    for check in (spark.unchecked_pupils, lambda one: spark.find_duplicates(one, cutoff=2)):
        with pytest.raises(schoolkit.InputError) as caught:
            check(df)
        told = [(problem.kind, problem.column) for problem in caught.value.problems if problem.kind != "bad_cutoff"]
        assert told == [("no_column", "book"), ("same_columns", "row"), ("same_columns", "Row")]
    assert "기준값은 0과 1 사이" in str(caught.value)


def test_a_frame_of_pandas_is_refused():
    pytest.importorskip("pyspark")
    with pytest.raises(schoolkit.InputError, match="Spark DataFrame이 아닙니다. pandas DataFrame은"):
        spark.find_duplicates(pd.DataFrame({"student": ["a"], "book": ["모모"]}))


@pytest.mark.parametrize("missing", ["pyspark", "pyarrow"])
def test_a_missing_library_is_named_with_what_installs_it(monkeypatch, missing):
    pytest.importorskip("pyspark")
    for module in [name for name in sys.modules if name.split(".")[0] == missing]:
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(schoolkit.InputError) as caught:
        spark.find_duplicates(None)
    assert str(caught.value) == (
        f'Spark로 점검하는 데 필요한 {missing} 패키지가 없습니다. pip install "schoolkit[spark]"로 설치해 주세요.'
    )


def test_an_error_in_a_worker_tells_its_kind_and_place_and_no_cell():
    def work(batches):
        for batch in batches:
            raise ValueError(f"cannot convert {batch}")
        yield

    with pytest.raises(RuntimeError, match=r"^ValueError at spark\.py:\d+ > test_spark\.py:\d+$") as caught:
        list(spark._quiet(work, iter(["20301 김하나"])))
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
