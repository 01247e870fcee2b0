"""The review by book: the spellings of each book and the places to correct."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts.reading_morphemes import load_morphemes
from schoolkit import web

LEAVE = "고치지 않음"


def review_by_book(entries: pd.DataFrame, of: str) -> None:
    """The spellings of each book, the right one to choose, and the places to correct."""
    from schoolkit.reading.by_book import group_spellings
    from schoolkit.reading.cards import CARD_STYLE, group_card
    from schoolkit.reading.correction_list import correction_list, write_correction_list

    load_morphemes()
    with st.spinner("책마다 다르게 적힌 것을 모으고 있습니다."):
        groups = web.remembered("reading_groups", of, lambda: group_spellings(entries))
    if groups.empty:
        st.success("다르게 적힌 책이 없습니다.", icon=":material/check_circle:")
        return
    st.markdown(
        "올린 기록 전체에서 **같은 책으로 보이는데 다르게 적힌 것**을 모았습니다. 맞는 표기를 고르면 고칠 곳의 목록을 "
        "내려받을 수 있습니다."
    )
    text = st.text_input("책으로 찾기", placeholder="예: 아몬드", key="reading_group_text").strip().casefold()
    spellings = {number: part.reset_index(drop=True) for number, part in groups.groupby("group", sort=True)}
    shown = [number for number, part in spellings.items() if text in "\0".join(part["book"]).casefold()]
    chosen = st.session_state.setdefault("reading_right", {})
    right = {
        number: chosen.get((of, number), part.loc[part["likely"], "book"].iloc[0]) for number, part in spellings.items()
    }
    corrections = correction_list(entries, groups, right)
    chosen_groups = groups.assign(
        likely=[book == right[number] for number, book in zip(groups["group"], groups["book"], strict=True)]
    )
    web.show_figures({"책": f"{len(spellings)}권", "표기": f"{len(groups)}가지", "고칠 곳": f"{len(corrections)}곳"})
    st.download_button(
        "고칠 곳 목록 내려받기 (엑셀)",
        data=web.for_download(lambda: write_correction_list(corrections, chosen_groups)),
        file_name="독서 도서명 고칠 곳.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        type="primary",
        on_click="ignore",
        icon=":material/download:",
    )
    on_page = shown[web.chosen_page(len(shown), "권", "reading_group_page")]
    st.html(CARD_STYLE)
    for number in on_page:
        with st.container(border=True, gap="small"):
            st.html(group_card(spellings[number], right[number]))
            ask_right_spelling(of, number, list(spellings[number]["book"]), right[number])


def ask_right_spelling(of: str, number: int, books: list[str], right: str | None) -> None:
    """Lets the teacher choose or type the right spelling, or leave the group as it is."""

    def keep() -> None:
        picked = st.session_state[key] or ""
        spelling = picked if picked in books else picked.strip()
        st.session_state["reading_right"][of, number] = None if spelling in ("", LEAVE) else spelling

    key = f"right_{of}_{number}"
    options = [*books, LEAVE]
    if right is not None and right not in options:
        options.insert(0, right)
    st.session_state[key] = LEAVE if right is None else right
    st.selectbox("맞는 표기(직접 적어도 됩니다)", options, key=key, on_change=keep, accept_new_options=True)
