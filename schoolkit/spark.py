"""The pairs of ``schoolkit.find_duplicates`` on Apache Spark, classic or Connect: ``pip install "schoolkit[spark]"``.

The workers need schoolkit too. Only counts and digests of titles come to the driver, and what
is raised or warned here holds no cell.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

    from .reading.evidence import Evidence

_AUTHOR, _SUBTITLE = 2, 3  # kinds of evidence.facts
_FACTS = "kind tinyint, title bigint, text string, pupils bigint"


def find_duplicates(
    df: DataFrame, spark: SparkSession | None = None, *, cutoff: float | None = None, present_year: int | None = None
) -> DataFrame:
    """Every suspicious pair of books within one pupil, as a Spark DataFrame in no certain order.

    The pairs, scores and reasons are those of :func:`schoolkit.find_duplicates` on the same rows.
    The titles are counted and analysed at once, the pairs when the result is used; ``df`` is read
    three times, so cache it if that is dear.

    The evidence of all titles goes through the driver and into each worker: 12 bytes for each
    distinct title (misspelt ones too), and the authors of those that several pupils have. While
    it is put together the driver's Python takes about 150 bytes a title.

    Args:
        df: one row per pupil and book with the columns ``student`` and ``book``; others are carried
            along, of any type that Spark hands to Arrow. Rows without a pupil or a book are passed
            over; NaN counts as none.
        spark: the session that does the work; by default that of ``df``.
        cutoff: the least score, from 0 to 1; by default ``similarity.CHECK_CUTOFF``.
        present_year: the present school year, for ``period``; by default that of today.

    Returns:
        A DataFrame with the columns of :func:`schoolkit.find_duplicates`, in the types of ``df``.
        ``_a`` is the entry that comes first in the order in which Spark reads ``df``.
        ``orderBy(desc("score"))`` puts the most suspicious pairs first.

    Raises:
        InputError: a column is missing, two columns differ in nothing or in case only, the cutoff
            is no number from 0 to 1, ``df`` is no Spark DataFrame, or a library is missing.

    Warns:
        UserWarning: how many keys have more than ``streaming.MOST_BOOKS`` entries. They are no
            pupils and are not checked; :func:`unchecked_pupils` lists them.
    """
    _check(df, cutoff)
    from .reading.periods import this_school_year

    year = this_school_year() if present_year is None else present_year  # one for all workers
    session = spark or df.sparkSession
    entries = _used(df)
    evidence = _sent(session, _evidence(entries))
    # PySpark looks columns up by their names, and takes dots and backticks in them for syntax
    plain = [column if column in ("student", "book") else f"_{i}" for i, column in enumerate(df.columns)]
    # the order of a pupil's entries, before any shuffle
    entries = entries.toDF(*plain).selectExpr("*", "monotonically_increasing_id() AS row_order")
    unchecked = unchecked_pupils(df).toArrow()
    if unchecked.num_rows:
        _warn(unchecked)
        # before the shuffle too: all rows of a key go to one worker
        keys = session.createDataFrame(unchecked.select(["student"])).hint("broadcast")
        entries = entries.join(keys, on="student", how="left_anti").select(*plain, "row_order")
    # without a number, so that Spark joins small partitions to larger ones
    by_pupil = entries.repartition("student").sortWithinPartitions("student", "row_order")
    pairs = partial(_pairs, columns=df.columns, evidence=evidence, cutoff=cutoff, present_year=year)
    return by_pupil.mapInArrow(partial(_quiet, pairs), _pair_schema(df.schema))


def unchecked_pupils(df: DataFrame) -> DataFrame:
    """The keys that :func:`find_duplicates` leaves unchecked, as a Spark DataFrame: ``student``, ``entries``.

    Raises:
        InputError: as for :func:`find_duplicates`.
    """
    _check(df)
    from .reading import streaming

    counts = _used(df).groupBy("student").count().withColumnRenamed("count", "entries")
    return counts.where(f"entries > {streaming.MOST_BOOKS}")


def _check(df: DataFrame, cutoff: float | None = None) -> None:
    try:
        import pyarrow  # noqa: F401
        from pyspark.sql import DataFrame as SparkDataFrame

        missing = None
    except ImportError as error:
        missing = str(error.name).split(".")[0]
    if missing:
        what = f"Spark로 점검하는 데 필요한 {missing} 패키지가 없습니다."
        raise InputError([Problem(what, 'pip install "schoolkit[spark]"로 설치해 주세요.', kind="no_spark")])
    if not isinstance(df, SparkDataFrame):
        raise InputError([_NO_SPARK_FRAME])
    from .reading.streaming import check_input

    problems = []
    try:
        check_input(df.columns, cutoff)
    except InputError as error:
        problems += error.problems
    times = Counter(column.casefold() for column in df.columns)
    problems += [
        Problem(
            "대소문자만 다르거나 이름이 같은 열이 있어 Spark가 구별하지 못합니다.",
            "열 이름을 서로 다르게 바꾸어 주세요.",
            column=column,
            kind="same_columns",
        )
        for column in df.columns
        if times[column.casefold()] > 1
    ]
    if problems:
        raise InputError(problems)


_NO_SPARK_FRAME = Problem(
    "Spark DataFrame이 아닙니다.",
    "pandas DataFrame은 schoolkit.find_duplicates로 점검해 주세요.",
    kind="no_spark_frame",
)


def _warn(unchecked: pa.Table) -> None:
    from .reading import streaming

    rows = sum(unchecked["entries"].to_pylist())
    warnings.warn(
        f"기록이 {streaming.MOST_BOOKS}건보다 많은 학생 키 {unchecked.num_rows}개({rows}건)는 점검하지 않았습니다. "
        "어떤 키인지는 schoolkit.spark.unchecked_pupils로 볼 수 있습니다.",
        stacklevel=3,
    )


def _used(df: DataFrame) -> DataFrame:
    """The rows with a pupil and a book."""
    kinds = {field.name: field.dataType.typeName() for field in df.schema.fields}
    for column in ("student", "book"):
        df = df.where(f"{column} IS NOT NULL")
        if kinds[column] in ("float", "double"):
            df = df.where(f"NOT isnan({column})")
    return df


def _evidence(entries: DataFrame) -> Evidence:
    """What all spellings say, each analysed once."""
    import numpy as np

    from .reading.evidence import SEVERAL, Evidence

    spellings = entries.select("student", "book").distinct().groupBy("book").count()
    found = (
        spellings.mapInArrow(partial(_quiet, _facts), _FACTS)
        .groupBy("kind", "title", "text")
        .agg({"pupils": "sum"})
        .withColumnRenamed("sum(pupils)", "pupils")
        .selectExpr("*", "sum(pupils) OVER (PARTITION BY kind, title) AS of_title")
        # the others decide nothing, and need not come to the driver
        .where(f"kind < {_AUTHOR} OR (kind = {_AUTHOR} AND of_title >= {SEVERAL}) OR pupils >= {SEVERAL}")
        .select("kind", "title", "text", "pupils")
        .toArrow()
        .to_pandas()
    )
    found["title"] = found["title"].to_numpy().view(np.uint64)
    return Evidence.from_facts(found)


def _sent(session: SparkSession, evidence: Evidence) -> Callable[[], Evidence]:
    """What gives the evidence in a worker, which reads it once for all its tasks.

    As part of the function that works on the batches it would go into every task, of which
    Connect lets none be larger than 128 MB.
    """
    if not type(session).__module__.startswith("pyspark.sql.connect"):
        return partial(getattr, session.sparkContext.broadcast(evidence), "value")
    written = pickle.dumps(evidence)
    name = f"schoolkit-{hashlib.sha256(written).hexdigest()[:32]}.pickle"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(written)
        session.addArtifact(str(path), file=True)
    return partial(_received, name)


@lru_cache(maxsize=1)
def _received(name: str) -> Evidence:
    from pyspark import SparkFiles

    return pickle.loads(Path(SparkFiles.get(name)).read_bytes())


def _facts(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    from .reading.evidence import facts

    for batch in batches:
        found = facts(batch.to_pandas().set_index("book")["count"])
        # Spark has no unsigned numbers; the bits are the same
        found["title"] = found["title"].to_numpy().view("int64")
        found["kind"] = found["kind"].astype("int8")
        yield pa.RecordBatch.from_pandas(found, preserve_index=False)


def _pairs(
    batches: Iterator[pa.RecordBatch],
    *,
    columns: list[str],
    evidence: Callable[[], Evidence],
    cutoff: float | None,
    present_year: int,
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    from .reading.streaming import stream_duplicates

    schemas = []

    def frames() -> Iterator[pd.DataFrame]:
        import pandas as pd

        for batch in batches:
            table = pa.Table.from_batches([batch]).drop_columns(["row_order"]).rename_columns(columns)
            schemas[:] = [_arrow_schema(table.schema)]
            # whole numbers with gaps, dates and decimals stay what they are
            yield table.to_pandas(types_mapper=pd.ArrowDtype)

    for found in stream_duplicates(frames(), spellings=evidence(), cutoff=cutoff, present_year=present_year):
        if len(found):
            yield from pa.Table.from_pandas(found, schemas[0], preserve_index=False).to_batches()


def _quiet(work: Callable[[Iterator], Iterator], batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The work, whose errors say of what kind they are and where, not what stood in the cells: Spark logs them."""
    failed = ""
    try:
        yield from work(batches)
    except (ImportError, InputError):
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        failed = f"{type(error).__name__} at " + " > ".join(f"{Path(at.filename).name}:{at.lineno}" for at in frames)
    if failed:
        raise RuntimeError(failed)


def _pair_columns(columns: list[str]) -> list[tuple[str, str | None]]:
    """The columns of the result, and those of the entries they come from."""
    pupil = [column for column in ("student", "name") if column in columns]
    others = [column for column in columns if column not in pupil]
    has_period = "school_year" in columns or {"grade", "current_grade"} <= {*columns}
    return [
        *((column, column) for column in pupil),
        *((column, None) for column in ("verdict", "score", "reasons", *(["period"] if has_period else []))),
        *((f"{column}_{side}", column) for side in "ab" for column in others),
    ]


def _pair_schema(schema: StructType) -> StructType:
    from pyspark.sql.types import DoubleType, StringType, StructField, StructType

    return StructType(
        [
            StructField(name, schema[source].dataType if source else DoubleType() if name == "score" else StringType())
            for name, source in _pair_columns(schema.names)
        ]
    )


def _arrow_schema(schema: pa.Schema) -> pa.Schema:
    import pyarrow as pa

    return pa.schema(
        [
            (name, schema.field(source).type if source else pa.float64() if name == "score" else pa.string())
            for name, source in _pair_columns(schema.names)
        ]
    )
