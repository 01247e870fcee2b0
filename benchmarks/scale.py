"""What duplicates of an education office cost on one machine, on Spark and with everything in memory.

    python benchmarks/scale.py [PUPILS ...] [--ways office spark memory] [--folder FOLDER]

For each number of pupils (by default 1,000, 10,000, 100,000 and 300,000; about 35 entries each) the same invented
records are written as CP949 CSV and as parquet into FOLDER (by default the system's temporary one, removed at the
end), and each way runs on them in a process of its own:

- office: ``schoolkit office`` on the CSV, with 1 GB;
- spark: ``schoolkit.spark.find_duplicates`` on the parquet, local[2];
- memory: the parquet as one pandas frame, ``schoolkit.find_duplicates``.

Memory is the peak of the way and all its child processes, shared pages counted once (PSS), sampled twenty times a
second. The ways must find the same pairs. The table is Markdown.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import psutil

SIZES = (1_000, 10_000, 100_000, 300_000)
WAYS = ("office", "spark", "memory")
_KEY = ["student", "book_a", "book_b", "score"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pupils", nargs="*", type=int, default=SIZES)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    rows = []
    for pupils in options.pupils:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            rows += measured(pupils, options.ways, Path(folder))
    show(rows)


def measured(pupils: int, ways: list[str], folder: Path) -> list[dict]:
    """A row of figures for each way."""
    for kind in ("csv", "parquet"):
        subprocess.run([sys.executable, __file__, "--make", kind, str(pupils), str(folder / kind)], check=True)
    rows, found = [], {}
    for way in ways:
        out = folder / f"{way}.parquet"
        seconds, cpu, peak = run(way, folder, out)
        found[way] = digest(pairs := pd.read_parquet(out, columns=_KEY))
        rows.append(
            {
                "pupils": f"{pupils:,}",
                "way": way,
                "seconds": seconds,
                "CPU seconds": cpu,
                "of them per 1,000 pupils": 1_000 * cpu / pupils,
                "peak MB": peak,
                "pairs": f"{len(pairs):,}",
                "same pairs": "yes" if found[way] == found[ways[0]] else "NO",
            }
        )
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def digest(pairs: pd.DataFrame) -> str:
    """A digest of the pairs, whatever their order."""
    ordered = pairs.sort_values(_KEY, ignore_index=True).astype({"student": str, "book_a": str, "book_b": str})
    return hashlib.sha256(pd.util.hash_pandas_object(ordered, index=False).to_numpy().tobytes()).hexdigest()


def run(way: str, folder: Path, out: Path) -> tuple[float, float, float]:
    """Seconds, CPU seconds and the peak memory in MB of a way in a process of its own."""
    if way == "office":
        command = ["-m", "schoolkit", "office", str(folder / "csv"), "-o", str(out), "--memory", "1GB"]
        command += ["--temp", str(folder)]
    else:
        command = [__file__, "--run", way, str(folder / "parquet"), str(out)]
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL)
    peak, cpu = 0.0, {}
    while process.poll() is None:
        peak = max(peak, sample(process.pid, cpu))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{way} ended with {process.returncode}")
    return time.perf_counter() - started, sum(cpu.values()), peak / 2**20


def sample(pid: int, cpu: dict[int, float]) -> float:
    """Bytes of a process and of those it started (PSS, on Linux: shared pages count once); notes their CPU seconds."""
    total = 0.0
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return total
    for one in family:
        try:
            total += one.memory_full_info().pss
            cpu[one.pid] = sum(one.cpu_times()[:2])
        except (psutil.NoSuchProcess, psutil.AccessDenied, AttributeError):
            continue
    return total


def on_spark(records: str, out: str) -> None:
    from pyspark.sql import SparkSession

    from schoolkit.spark import find_duplicates

    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    find_duplicates(spark.read.parquet(records)).write.parquet(out)
    spark.stop()


def in_memory(records: str, out: str) -> None:
    from schoolkit import find_duplicates

    find_duplicates(pd.read_parquet(records)).to_parquet(out)


def show(rows: list[dict]) -> None:
    print(f"\nDuplicates in the records of an education office, {os.cpu_count()} cores\n")
    for cells in (rows[0], ["---"] * len(rows[0]), *(row.values() for row in rows)):
        print("|", " | ".join(f"{cell:.1f}" if isinstance(cell, float) else str(cell) for cell in cells), "|")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        from schoolkit.samples import write_office_files

        kind, pupils, folder = sys.argv[2:]
        Path(folder).mkdir()
        write_office_files(Path(folder), int(pupils), kind=kind)
    elif sys.argv[1:2] == ["--run"]:
        {"spark": on_spark, "memory": in_memory}[sys.argv[2]](*sys.argv[3:])
    else:
        main()
