"""Parquet files read in parts."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq


def open_parquet(path: Path) -> pq.ParquetFile:
    """The file, to be read in parts of which none is kept."""
    return pq.ParquetFile(path, pre_buffer=False)  # else all that was read stays until the file is closed
