"""Groups shown: figures, cards, a table, and a chart per trait."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import groups_by_hand, groups_charts, groups_downloads
from pages.parts.groups_made import Made, Work, escaped, points
from schoolkit import web

CARDS, TABLE, CHARTS = "카드", "표", "그래프"


def show_made(
    work: Work,
    made: Made,
) -> None:
    """The groups of one class, which the teacher chooses where there are several."""
    st.divider()
    classes = list(made.steps)
    class_name = classes[0]
    if len(classes) > 1:
        class_name = st.selectbox("볼 반", classes, key=f"{work.tool}_class_{made.of}", persist_state="session")
    grouping = made.now(class_name)
    show_fairness(grouping, work)
    view = st.segmented_control(
        "보기",
        [CARDS, TABLE, CHARTS],
        default=CARDS,
        required=True,
        key=f"{work.tool}_view",
        persist_state="session",
        label_visibility="collapsed",
    )
    if view == CARDS:
        show_cards(grouping, work)
    elif view == TABLE:
        st.html(web.html_table(shown_table(grouping, work), compact=True))
    else:
        groups_charts.show_charts(grouping, work)
    groups_by_hand.ask_change(work, made, class_name)
    groups_downloads.offer(work, made)


def show_fairness(grouping, work: Work) -> None:
    balanced = bool(grouping.objective.terms)
    figures = {"균형 점수": points(grouping)} if balanced else {}
    figures |= {work.words.unit: f"{grouping.n_groups}개", "학생": f"{len(grouping.present)}명"}
    absent = len(grouping.students) - len(grouping.present)
    web.show_figures(figures | ({"결석": f"{absent}명"} if absent else {}))
    st.markdown(f":material/verified: **{work.words.said(grouping.statement)}**")
    if grouping.lines():
        st.markdown("\n".join(f"- {work.words.said(line)}" for line in map(escaped, grouping.lines())))
    if balanced:
        st.caption("균형 점수는 아무렇게나 나누면 0점, 더 고르게 나눌 수 없으면 100점입니다.")
    for notice in grouping.notices:
        st.caption(f":material/info: {escaped(work.words.said(notice))}")


def show_cards(grouping, work: Work) -> None:
    from schoolkit.grouping.cards import CARD_STYLE, group_cards_html

    columns = [column for column in grouping.students.columns if column != grouping.name]
    extra = st.multiselect(
        "카드에 함께 적을 칸",
        columns,
        key=f"{work.tool}_card_columns_{work.of}",
        placeholder="고르지 않으면 이름만",
        select_all=False,
        persist_state="session",
    )
    cards = group_cards_html(grouping, extra_columns=extra, names=work.words.names)
    st.html(f"{CARD_STYLE}{cards}")


def shown_table(grouping, work: Work) -> pd.DataFrame:
    """The pupils group by group, those who are absent last."""
    table = grouping.table.sort_values("group", kind="stable", na_position="last")
    names = ["결석" if pd.isna(number) else work.words.group(int(number)) for number in table["group"]]
    shown = table.drop(columns="group")
    shown.insert(0, work.words.unit, names, allow_duplicates=True)
    return shown
