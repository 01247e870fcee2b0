"""Tables that a teacher fills in, kept while other pages are visited."""

from __future__ import annotations

import pandas as pd
import streamlit as st


def edited(key: str, start: pd.DataFrame, **options: object) -> pd.DataFrame:
    """The table as the teacher left it; ``start`` at first. The options are those of ``st.data_editor``."""
    kept = st.session_state.setdefault(f"{key}_table", {"shown": start, "now": start, "round": 0})
    widget = f"{key}_editor_{kept['round']}"
    if widget not in st.session_state:
        # after a visit elsewhere the editor is a new one, which has to begin where the old one was left
        kept["shown"] = kept["now"]
    kept["now"] = st.data_editor(kept["shown"], key=widget, hide_index=True, width="stretch", **options)
    return kept["now"]


def add_rows(key: str, rows: list[dict]) -> None:
    """Puts rows below what the teacher filled in, from a callback."""
    kept = st.session_state[f"{key}_table"]
    more = pd.DataFrame(rows, columns=kept["now"].columns, dtype=object)
    now = more if kept["now"].empty else pd.concat([kept["now"], more], ignore_index=True)
    # an editor under another key is a new one
    kept.update(shown=now, now=now, round=kept["round"] + 1)
