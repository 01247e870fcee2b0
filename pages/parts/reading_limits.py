"""How much the reading page checks, and where to go with more."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from schoolkit import web
from schoolkit.errors import InputError, Problem

# 1,430 pupils with 35 books each; the review by book of 1,000 took 614 MB and of 2,000 714 MB,
# and Streamlit's Community Cloud may give no more than 690 MB
MOST_BOOKS = 50_000
TOO_MANY = "too_many"

LIMIT = (
    f"파일 하나는 {web.MOST_MEGABYTES}MB까지, 모두 합해 {MOST_BOOKS:,}행(책 {MOST_BOOKS:,}권)까지 점검합니다. "
    "학생 1,000명의 기록은 넉넉히 들어갑니다."
)
_MORE = "더 큰 자료는 이렇게 점검합니다"
BEYOND = f"아래 ‘{_MORE}’를 보시거나, 나누어 올려 주세요. 한 학생의 여러 해 기록은 같이 올려 주세요."
_COMMANDS = 'pip install "schoolkit[office]"\nschoolkit office 폴더 -o 결과.csv'


def show_commands() -> None:
    with st.expander(_MORE, icon=":material/terminal:"):
        st.markdown(
            "파일을 **선생님의 컴퓨터에서** 점검하는 명령입니다. 여러 학교나 교육청의 자료도 점검할 수 있고, 기록이 "
            "컴퓨터 밖으로 나가지 않습니다. [Python](https://www.python.org/downloads/)을 설치하고, 명령 "
            "프롬프트(터미널)에서 두 줄을 차례로 실행하세요. **폴더** 자리에는 파일을 모아 둔 폴더를 적습니다."
        )
        st.code(_COMMANDS, language=None, wrap_lines=True)


def check_rows(files: list[tuple[str, bytes]]) -> None:
    """Raises ``InputError`` if the files have more rows than are checked, before the costly part of reading.

    A row holds a book or more but for headers and footers. Files that cannot be read do not count.
    """
    from schoolkit.tables import read_tables

    rows = 0
    for data, name in {data: name for name, data in files}.items():
        try:
            rows += sum(any(row) for table in read_tables(name, data) for row in table.rows)
        except InputError:
            continue  # reading tells what is wrong with it
    if rows > MOST_BOOKS:
        raise InputError([_too_many(f"{rows:,}행")])


def check_books(entries: pd.DataFrame) -> None:
    """Raises ``InputError`` if there are more books than are checked."""
    if len(entries) > MOST_BOOKS:
        raise InputError([_too_many(f"책 {len(entries):,}권")])


def _too_many(found: str) -> Problem:
    return Problem(
        f"올린 파일에 모두 {found}이 있습니다. 이 화면에서는 {MOST_BOOKS:,}행(책 {MOST_BOOKS:,}권)까지 점검합니다.",
        "컴퓨터에서 아래 명령으로 점검하시거나 나누어 올려 주세요. 한 학생의 여러 해 기록은 같이 올려 주세요.",
        kind=TOO_MANY,
    )


def show_too_many(problem: Problem) -> None:
    st.error(f"**{problem.what}** {problem.what_to_do}", icon=":material/warning:")
    st.code(_COMMANDS, language=None, wrap_lines=True)
