"""How many pupils a group has, and how many groups that makes."""

from __future__ import annotations

import re
from collections import Counter

import streamlit as st

from pages.parts.groups_list import Roster
from schoolkit.errors import InputError

EACH, COUNT, RANGE, BY_HAND = "한 모둠 인원", "모둠 수", "인원 범위", "모둠마다 직접"


def ask_sizes(tool: str, roster: Roster, absent: tuple[str, ...]) -> dict[str, object] | None:
    """The sizes as arguments of ``Groups``; None, with what is wrong shown, where they don't fit."""
    one_class = len(roster.classes) == 1
    how = st.segmented_control(
        "모둠 크기",
        [EACH, COUNT, RANGE, *([BY_HAND] if one_class else [])],
        default=EACH,
        required=True,
        key=f"{tool}_size_by",
        persist_state="session",
    )
    keep = {"persist_state": "session", "width": 180}
    if how == COUNT:
        sizes = {"n_groups": int(st.number_input("모둠 수", 1, 100, 7, key=f"{tool}_n_groups", **keep))}
    elif how == RANGE:
        row = st.container(horizontal=True)
        least = int(row.number_input("적어도(명)", 1, 100, 3, key=f"{tool}_least", **keep))
        most = int(row.number_input("많아야(명)", 1, 100, 5, key=f"{tool}_most", **keep))
        sizes = {"size": (least, most)}
    elif how == BY_HAND:
        text = st.text_input(
            "모둠마다 몇 명인지 차례로", key=f"{tool}_each", placeholder="예: 5 5 4 4", persist_state="session"
        )
        sizes = {"sizes": tuple(int(number) for number in re.findall(r"\d{1,4}", text))}
        if not sizes["sizes"]:
            return None
    else:
        sizes = {"size": int(st.number_input("한 모둠에 몇 명", 1, 100, 4, key=f"{tool}_size", **keep))}
    return sizes if show_outcome(roster, absent, sizes) else None


def show_outcome(roster: Roster, absent: tuple[str, ...], sizes: dict[str, object]) -> bool:
    """Says what comes of the sizes, class by class; False where something cannot be."""
    from schoolkit.grouping.sizes import group_sizes

    gone, lines = set(absent), {}
    for class_name, rows in roster.classes.items():
        there = sum(roster.labels[row] not in gone for row in rows)
        place = f"{class_name}: " if class_name else ""
        try:
            found, bounds = group_sizes(there, **sizes, absent=len(rows) - there)
        except InputError as error:
            st.warning(place + " ".join(map(str, error.problems)), icon=":material/warning:")
            return False
        if bounds:
            words = f"{bounds[0]}–{bounds[1]}명씩 {found.size}모둠"
        else:
            counts = sorted(Counter(found.tolist()).items(), reverse=True)
            words = ", ".join(f"{size}명씩 {count}모둠" for size, count in counts)
        lines.setdefault(f"{there}명 → {words}", []).append(class_name)
    for words, classes in lines.items():
        st.markdown(f"**{words}**" + (f" ({', '.join(classes)})" if len(roster.classes) > 1 else ""))
    return True
