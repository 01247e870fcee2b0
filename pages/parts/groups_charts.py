"""A chart per trait: what each group has of it."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from pages.parts.groups_made import Work, escaped

# light enough for dark letters on them
_COLOURS = ["#7fc1a5", "#f2c879", "#a9c0e6", "#e8a49c", "#cbb3df", "#c9c9c9"]
_GREEN = "#1f6f54"
_ROW = 26  # pixels a group


def show_charts(grouping, work: Work) -> None:
    """Every trait's chart over its line in words, which a screen reader reads."""
    names = [work.words.group(number) for number in range(1, grouping.n_groups + 1)]
    if not grouping.traits:
        st.caption("나눌 때 쓴 칸이 없어 그릴 것이 없습니다.")
    # two beside one another, row by row, so that a phone shows them in their order
    places = [place for _ in range(0, len(grouping.traits), 2) for place in st.columns(2)]
    for at, (trait, line) in enumerate(zip(grouping.traits, grouping.lines(), strict=False)):
        if trait.is_number:
            chart, about = number_chart(trait, grouping, names, work), "평균(점)과 최저–최고(줄), 점선은 전체 평균"
        elif len(trait.categories) <= len(_COLOURS):
            chart, about = category_chart(trait, grouping, names, work), "몇 명씩"
        else:
            chart, about = heat_chart(trait, grouping, names, work), "몇 명씩"
        with places[at].container(border=True):
            st.markdown(f"**{escaped(trait.column)}** ({about})")
            st.altair_chart(chart, width="stretch", alt=work.words.said(line))
            st.caption(escaped(work.words.said(line)))


def counts(trait, grouping, names: list[str]) -> pd.DataFrame:
    """A row per group and category with its head-count."""
    table = pd.crosstab(
        pd.Categorical(grouping.groups, range(grouping.n_groups)),
        pd.Categorical(trait.codes, range(len(trait.categories))),
        dropna=False,
    )
    long = table.set_axis(names, axis=0).set_axis(list(trait.categories), axis=1).rename_axis("모둠").reset_index()
    return long.melt("모둠", var_name="값", value_name="명")


def category_chart(trait, grouping, names: list[str], work: Work) -> alt.LayerChart:
    scale = alt.Scale(domain=list(trait.categories), range=_COLOURS[: len(trait.categories)])
    base = alt.Chart(counts(trait, grouping, names)).encode(
        y=alt.Y("모둠:N", sort=names, title=None),
        x=alt.X("명:Q", stack="zero", axis=None),
        order=alt.Order("값:N"),
        tooltip=[alt.Tooltip("모둠", title=work.words.unit), "값", "명"],
    )
    legend = alt.Legend(orient="top", columns=4)
    bars = base.mark_bar(stroke="white").encode(color=alt.Color("값:N", title=None, scale=scale, legend=legend))
    numbers = (
        base.transform_filter("datum['명'] > 0")
        .mark_text(dx=-9, color="#222", align="right")
        .encode(x=alt.X("명:Q", stack="zero", axis=None), detail="값:N", text=alt.Text("명:Q"))
    )
    return (bars + numbers).properties(height=_ROW * len(names) + 40)


def heat_chart(trait, grouping, names: list[str], work: Work) -> alt.LayerChart:
    """Many categories: their numbers as a table, the more the darker."""
    table = counts(trait, grouping, names)
    base = alt.Chart(table).encode(
        y=alt.Y("값:N", title=None),
        x=alt.X("모둠:N", sort=names, title=None, axis=alt.Axis(orient="top", labelAngle=0)),
        tooltip=[alt.Tooltip("모둠", title=work.words.unit), "값", "명"],
    )
    boxes = base.mark_rect().encode(
        color=alt.Color("명:Q", legend=None, scale=alt.Scale(scheme="greens", domainMin=-1))
    )
    dark = (
        alt.value("white")
        if table["명"].max() == 0
        else alt.condition(f"datum['명'] > {table['명'].max() / 2}", alt.value("white"), alt.value("#333"))
    )
    numbers = base.transform_filter("datum['명'] > 0").mark_text().encode(text="명:Q", color=dark)
    return (boxes + numbers).properties(height=24 * len(trait.categories) + 40)


def number_chart(trait, grouping, names: list[str], work: Work) -> alt.LayerChart:
    values = pd.DataFrame({"모둠": [names[group] for group in grouping.groups], "값": trait.values})
    table = values.groupby("모둠", sort=False)["값"].agg(평균="mean", 최저="min", 최고="max").round(2).reset_index()
    tooltip = [alt.Tooltip("모둠", title=work.words.unit), "평균", "최저", "최고"]
    base = alt.Chart(table).encode(y=alt.Y("모둠:N", sort=names, title=None), tooltip=tooltip)
    spans = base.mark_rule(strokeWidth=3, opacity=0.45).encode(
        x=alt.X("최저:Q", title=None, scale=alt.Scale(zero=False)), x2="최고:Q"
    )
    means = base.mark_point(filled=True, size=110, opacity=1, color=_GREEN).encode(x="평균:Q")
    labels = base.mark_text(dy=-11, fontSize=11, color=_GREEN).encode(x="평균:Q", text=alt.Text("평균:Q", format=".1f"))
    middle = pd.DataFrame({"전체 평균": [round(float(trait.values.mean()), 2)]})
    whole = alt.Chart(middle).mark_rule(strokeDash=[4, 4]).encode(x="전체 평균:Q", tooltip="전체 평균")
    return (whole + spans + means + labels).properties(height=_ROW * len(names) + 40)
