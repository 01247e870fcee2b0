"""Kiwi, loaded when a review first needs it."""

from __future__ import annotations

import streamlit as st


@st.cache_resource(show_spinner="형태소 분석기를 준비하고 있습니다(처음 한 번, 몇 초).")
def load_morphemes() -> bool:
    """Kiwi holds no pupil's data, so one serves every session."""
    from schoolkit.reading import morphemes

    morphemes.load()
    return True
