"""모둠 편성: the way from the list of a class, or of several, to its groups."""

from __future__ import annotations

import streamlit as st

from pages.parts import groups_chance, groups_list, groups_made, groups_rounds, groups_rules, groups_view
from pages.parts.groups_sizes import ask_sizes
from pages.parts.groups_traits import ask_traits
from pages.parts.groups_wanted import Wanted
from schoolkit import web
from schoolkit.grouping.wording import Wording

TOOL = "groups"
SAMPLE = "모둠 편성 예시.xlsx"


def show() -> None:
    st.markdown("학생 명단을 올리면 **더 고르게 나눌 수 없는 모둠**을 만들어 드립니다. 정한 규칙은 꼭 지킵니다.")
    roster = groups_list.choose_roster(TOOL, SAMPLE)
    web.privacy_note()
    if roster is None:
        return
    split = roster.split()
    if len(split.classes) > 1 and st.toggle(
        f"반마다 따로 편성(반 {len(split.classes)}개)", value=True, key=f"{TOOL}_split", persist_state="session"
    ):
        roster = split
    groups_list.show_recognised(roster)

    st.subheader("무엇을 보고 나눌까요")
    traits = ask_traits(TOOL, roster)
    st.subheader("몇 명씩 나눌까요")
    absent = groups_rules.ask_pupils("결석한 학생", f"{TOOL}_absent_{roster.of}", roster)
    sizes = ask_sizes(TOOL, roster, absent)

    work = groups_made.Work(TOOL, roster.of, Wording())
    rules = ask_rules(roster, work)
    with st.expander("지난 모둠과 겹치지 않게", icon=":material/history:"):
        past = groups_chance.ask_past(TOOL, roster)
    chance = groups_chance.ask_chance(TOOL)
    if sizes is not None:
        left_out = groups_made.dropped(work)
        wanted = Wanted(traits, sizes, tuple(rule for rule in rules if rule not in left_out), absent, past)
        groups_made.offer_make(work, settings_of(roster, wanted), chance, lambda: build(roster, wanted))
    if made := groups_made.made_of(work):
        groups_view.show_made(work, made)
        if sizes is not None and made.of == settings_of(roster, wanted):
            groups_rounds.offer_rounds(work, made, chance)


def settings_of(roster: groups_list.Roster, wanted: Wanted) -> str:
    """A short name for all that groups are made from but chance."""
    return web.digest(roster.of, list(roster.classes), wanted.of)


def build(roster: groups_list.Roster, wanted: Wanted) -> groups_made.Built:
    built = groups_made.Built()
    for class_name, rows in roster.classes.items():
        groups, built.sources[class_name] = wanted.groups(roster, rows)
        built.groups[class_name] = groups
        built.labels[class_name] = dict(zip(groups.labels, (roster.labels[row] for row in rows), strict=True))
    return built


def ask_rules(roster: groups_list.Roster, work: groups_made.Work) -> list[groups_rules.Rule]:
    with st.expander("떼어 놓을 학생, 함께 둘 학생", icon=":material/group:"):
        rules = groups_rules.ask_pairs(TOOL, roster)
    with st.expander("모둠장, 인원 제한, 자리 고정", icon=":material/rule:"):
        rules += groups_rules.ask_leader(TOOL, roster)
        st.markdown("**모둠마다 몇 명까지**")
        rules += groups_rules.ask_limits(TOOL, roster)
        st.markdown("**고정할 학생**")
        rules += groups_rules.ask_locks(TOOL, roster, work.number)
    return rules
