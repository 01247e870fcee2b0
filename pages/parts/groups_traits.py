"""Which columns count, how and how much."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.parts import groups_tables
from pages.parts.groups_list import Roster

KINDS = {"범주": "category", "숫자": "number"}
AIMS = {"고르게": "balance", "비슷하게": "alike", "안 씀": None}
USUAL = 3
_ROW, _MOST_ROWS = 35, 14
# Headers that nearly every teacher wants spread evenly.
_EVEN = re.compile(
    r"성별|남녀|점수|성적|총점|평균|수준|등급|단계|mbti|성격|유형|gender|sex|score|level|^(ei|ie|ns|sn|tf|ft|jp|pj)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Counted:
    """A column that counts.

    Attributes:
        column: its header.
        kind: ``"category"`` or ``"number"``.
        aim: ``"balance"`` or ``"alike"``.
        weight: from 1 to 5.
        spread: of balanced numbers, whether their spread counts beside their mean.
    """

    column: str
    kind: str
    aim: str
    weight: float
    spread: bool


def ask_traits(tool: str, roster: Roster) -> tuple[Counted, ...]:
    """The columns that count, from a table with one row a column."""
    from schoolkit.grouping.traits import guess_kind
    from schoolkit.rosters.headers import NUMBER, header_key

    words = {kind: word for word, kind in KINDS.items()}
    columns = [column for column in roster.columns if header_key(column) not in NUMBER]
    start = pd.DataFrame(
        {
            "칸": columns,
            "나누기": ["고르게" if _EVEN.search(column) else "안 씀" for column in columns],
            "중요도": USUAL,
            "종류": [words[guess_kind(roster.students[column])] for column in columns],
        }
    )
    table = groups_tables.edited(
        f"{tool}_traits_{roster.of}",
        start,
        disabled=["칸"],
        alt="나눌 때 쓸 칸",
        height=_ROW * (min(len(columns), _MOST_ROWS) + 1) + 3,
        column_config={
            "나누기": st.column_config.SelectboxColumn(
                options=list(AIMS),
                required=True,
                help="고르게: 모둠마다 골고루 섞습니다. 비슷하게: 같은 학생끼리 모읍니다. 안 씀: 편성에 쓰지 않습니다.",
            ),
            "중요도": st.column_config.NumberColumn(
                min_value=1, max_value=5, step=1, required=True, help="1(조금)에서 5(아주 많이)까지"
            ),
            "종류": st.column_config.SelectboxColumn(
                options=list(KINDS),
                required=True,
                help="범주: 성별처럼 종류가 있는 것. 숫자: 점수처럼 크고 작음이 있는 것.",
            ),
        },
    )
    numbers = [row["칸"] for row in table.to_dict("records") if (row["나누기"], row["종류"]) == ("고르게", "숫자")]
    spread = bool(numbers) and st.toggle(
        f"{', '.join(numbers)}: 평균뿐 아니라 흩어진 정도도 고르게",
        value=True,
        key=f"{tool}_spread",
        persist_state="session",
        help="끄면 평균만 맞춥니다. 켜면 높고 낮은 학생이 섞인 정도(표준편차)도 모둠마다 비슷해집니다.",
    )
    return tuple(
        Counted(row["칸"], KINDS[row["종류"]], AIMS[row["나누기"]], float(row["중요도"]), spread)
        for row in table.to_dict("records")
        if AIMS[row["나누기"]]
    )
