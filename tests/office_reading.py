"""Small tables of an office, written and read."""

import pandas as pd
import pyarrow as pa

from schoolkit.office.inputs import ENTRIES, Inputs

HEADER = "학교명,학년,반,번호,성명,학생ID,학년도,이수학년,학기,과목 또는 영역,도서명"
SHORT = ["student", "book", "file", "row"]


def write(path, text: str, encoding="utf-8"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def read(*paths, **options):
    """The entries as a frame, and the inputs themselves."""
    inputs = Inputs(list(paths), **options)
    tables = list(inputs.tables())
    assert all(table.schema == ENTRIES for table in tables)
    return pa.concat_tables([ENTRIES.empty_table(), *tables]).to_pandas(), inputs


def rows_of(frame: pd.DataFrame, columns=SHORT) -> list[tuple]:
    return [
        tuple(None if pd.isna(cell) else int(cell) if isinstance(cell, float) else cell for cell in row)
        for row in frame[columns].itertuples(index=False)
    ]


def said(inputs: Inputs) -> list[str]:
    return [str(one) for one in inputs.unread]


def workbook(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows[1:], columns=rows[0]).to_excel(path, index=False)
