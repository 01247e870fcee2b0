"""Changes by hand: two pupils exchanged, one moved, one kept in place; each can be taken back."""

from __future__ import annotations

import streamlit as st

from pages.parts import groups_rules, groups_tables
from pages.parts.groups_made import Made, Work, escaped, points
from schoolkit.errors import InputError

SWAP, MOVE, LOCK = "맞바꾸기", "옮기기", "고정하고 다시"


def ask_change(work: Work, made: Made, class_name: str) -> None:
    """Lets the teacher try a change, see what it does to the score, and keep or take it back."""
    grouping = made.now(class_name)
    with st.expander("손으로 고치기", icon=":material/swap_horiz:"):
        how = st.segmented_control(
            "고치는 방법",
            [SWAP, MOVE, LOCK],
            default=SWAP,
            required=True,
            key=f"{work.tool}_change",
            persist_state="session",
            label_visibility="collapsed",
        )
        if how == LOCK:
            ask_locked(work, made, class_name)
            return
        line = st.container(horizontal=True, vertical_alignment="bottom")
        key = f"{work.tool}_{{}}_{made.of}_{class_name}"
        one = ask_pupil(line, "학생", key.format("one"), grouping, work)
        if how == SWAP:
            other = ask_pupil(line, "맞바꿀 학생", key.format("other"), grouping, work)
        else:
            other = line.selectbox(
                f"옮길 {work.words.unit}",
                range(1, grouping.n_groups + 1),
                index=None,
                key=key.format("to"),
                format_func=work.words.group,
                placeholder="골라 주세요",
                width=220,
            )
        changed = None
        if one and other:
            changed = tried(grouping, how, one, other, work)
        slots = [key.format(part) for part in ("one", "other", "to")]
        buttons = st.container(horizontal=True)
        buttons.button(
            how,
            type="primary",
            disabled=changed is None,
            on_click=keep,
            args=(made, class_name, changed, slots),
            key=f"{work.tool}_apply",
        )
        steps = made.steps[class_name]
        buttons.button(
            "되돌리기",
            icon=":material/undo:",
            disabled=len(steps) < 2,
            on_click=steps.pop,
            key=f"{work.tool}_undo",
            help="바로 앞의 결과로 돌아갑니다. 다시 뽑은 것도 되돌릴 수 있습니다.",
        )


def ask_locked(work: Work, made: Made, class_name: str) -> None:
    """Pupils who stay where they are while everybody else is grouped anew."""
    grouping = made.now(class_name)

    def lock() -> None:
        rows = [
            {"학생": made.labels[class_name][one], work.number: grouping.group_of(one)} for one in st.session_state[key]
        ]
        groups_tables.add_rows(groups_rules.locks_key(work.tool, work.of), rows)
        st.session_state[key] = []
        st.session_state[f"{work.tool}_make_now"] = True

    key = f"{work.tool}_locked_{made.of}_{class_name}"
    there = {grouping.labels[row]: group + 1 for row, group in zip(grouping.present, grouping.groups, strict=True)}
    chosen = st.multiselect(
        "그 자리에 둘 학생",
        list(there),
        key=key,
        format_func=lambda one: f"{one} · {work.words.group(there[one])}",
        placeholder="이름 고르기",
        select_all=False,
    )
    st.button(
        "이 학생 고정하고 다시 만들기",
        on_click=lock,
        disabled=not chosen,
        icon=":material/push_pin:",
        key=f"{work.tool}_lock",
    )
    st.caption("고정한 학생은 위의 ‘고정할 학생’ 표에서 풀 수 있습니다.")


def ask_pupil(place, label: str, key: str, grouping, work: Work) -> str | None:
    there = [grouping.labels[row] for row in grouping.present]
    where = {one: f"{one} · {work.words.group(group + 1)}" for one, group in zip(there, grouping.groups, strict=True)}
    return place.selectbox(
        label,
        there,
        index=None,
        key=key,
        format_func=lambda one: where.get(one, one),
        placeholder="골라 주세요",
        width=220,
    )


def tried(grouping, how: str, one: str, other, work: Work):
    """The grouping after a change, with its score beside the one before; None, with the reason, if it must not be."""
    from schoolkit.grouping.result import BrokenRules

    if other in (one, grouping.group_of(one)):
        st.caption(
            f"서로 다른 학생이나 다른 {work.words.unit}을 골라 주세요."
            if how == SWAP
            else f"이미 그 {work.words.unit}입니다."
        )
        return None
    try:
        changed = grouping.swap(one, other) if how == SWAP else grouping.move(one, other)
    except BrokenRules as error:
        broken = "  \n".join(f"- {escaped(work.words.said(str(rule)))}" for rule in error.rules)
        st.warning(f"이렇게 하면 지키기로 한 규칙이 깨집니다.\n\n{broken}", icon=":material/block:")
        return None
    except InputError as error:
        st.warning(escaped(work.words.said(" ".join(map(str, error.problems)))), icon=":material/block:")
        return None
    if how == SWAP and grouping.group_of(one) == grouping.group_of(other):
        st.caption(f"두 학생이 같은 {work.words.unit}에 있어 바뀌는 것이 없습니다.")
        return None
    if grouping.objective.terms:
        by = changed.fairness - grouping.fairness
        st.markdown(f"균형 점수 **{points(grouping)} → {points(changed)}** ({by:+.1f})")
        differing = [new for old, new in zip(grouping.lines(), changed.lines(), strict=True) if old != new]
        st.caption("  \n".join(escaped(work.words.said(line)) for line in differing))
    return changed


def keep(made: Made, class_name: str, changed, slots: list[str]) -> None:
    made.add(class_name, changed)
    for slot in slots:
        if slot in st.session_state:
            st.session_state[slot] = None
