"""Small Spark sessions, why there may be none, and the check of a file on Spark Connect in a process of its own."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_JAVA = 17


def why_not() -> str | None:
    """Why Spark cannot run here; None if it can."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed"
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if java is None:
        return f"no Java {_JAVA} or newer: neither in JAVA_HOME nor on the path"
    told = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version[1]) < _JAVA:
        return f"Java {_JAVA} or newer is needed"
    return None


def environment() -> dict[str, str]:
    """The variables by which all processes of Spark stay on this machine and find this Python and the library."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": path}


def local_session(rows_per_batch: int, remote: bool = False):
    """A session of two threads on this machine."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.remote("local[2]") if remote else SparkSession.builder.master("local[2]")
    settings = {
        "spark.driver.memory": "1g",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(rows_per_batch),
    }
    for name, value in settings.items():
        # a Connect session cannot set what the server has set at its start
        if not remote or name.startswith("spark.sql."):
            builder = builder.config(name, value)
    return builder.getOrCreate()


def check_on_connect(entries: Path, result: Path) -> None:
    """Reads entries, a parquet file, and writes the pairs that Spark Connect finds as another."""
    import pyarrow.parquet

    import schoolkit.spark

    session = local_session(200, remote=True)
    df = session.createDataFrame(pyarrow.parquet.read_table(entries))
    pairs = schoolkit.spark.find_duplicates(df, session, present_year=2025)
    pyarrow.parquet.write_table(pairs.toArrow(), result)
    session.stop()


if __name__ == "__main__":
    check_on_connect(Path(sys.argv[1]), Path(sys.argv[2]))
