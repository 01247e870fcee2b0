"""Several rounds planned at once, so that as few pupils as possible meet twice."""

from __future__ import annotations

import streamlit as st

from pages.parts.groups_chance import Chance
from pages.parts.groups_downloads import XLSX
from pages.parts.groups_made import Made, Work, escaped
from schoolkit import web
from schoolkit.errors import InputError


def offer_rounds(work: Work, made: Made, chance: Chance) -> None:
    """A plan for the class that is looked at."""
    classes = list(made.groups)
    class_name = st.session_state.get(f"{work.tool}_class_{made.of}") or classes[0]
    with st.expander("여러 회차를 한꺼번에 짜기", icon=":material/event_repeat:"):
        st.markdown("한 학기의 모둠을 미리 짭니다. **같은 짝이 되도록 적게** 다시 만납니다.")
        line = st.container(horizontal=True, vertical_alignment="bottom")
        rounds = line.number_input("회차", 2, 30, 4, key=f"{work.tool}_n_rounds", persist_state="session", width=180)
        slot = f"{work.tool}_plan"
        if line.button("회차 짜기", key=f"{work.tool}_make_rounds"):
            text = "회차를 짜고 있습니다."
            bar = st.progress(0.0, text=text)
            try:
                plan = made.groups[class_name].make_rounds(
                    int(rounds),
                    variety=chance.variety,
                    seed=chance.seed,
                    time_limit=max(10.0, chance.time_limit),
                    on_step=lambda share: bar.progress(min(share, 1.0), text=text),
                )
                st.session_state[slot] = (made.of, class_name, plan)
            except InputError as error:
                st.error("  \n".join(escaped(str(problem)) for problem in error.problems), icon=":material/warning:")
            bar.empty()
        if st.session_state.get(slot, ("", "", None))[:2] == (made.of, class_name):
            show_plan(st.session_state[slot][2])


def show_plan(plan) -> None:
    from schoolkit.grouping.report import write_plan_report
    from schoolkit.sheets import csv_bytes

    web.show_figures(
        {
            "다시 만나는 짝": f"{plan.repeated_pairs}쌍",
            "아무리 줄여도": f"{plan.least_possible}쌍",
            "회차": f"{len(plan.rounds)}회",
        }
    )
    table = plan.table.astype(object)
    table = table.rename(columns={f"round_{at}": f"{at}회차" for at in range(1, len(plan.rounds) + 1)})
    # same names are told apart
    name = plan.rounds[0].name
    table[name] = list(plan.rounds[0].labels)
    shown = table[[name, *(column for column in table.columns if column != name)]]
    st.html(web.html_table(shown[[name, *(f"{at}회차" for at in range(1, len(plan.rounds) + 1))]], compact=True))
    line = st.container(horizontal=True)
    line.download_button(
        "회차별 엑셀 (명단·카드)",
        data=web.for_download(lambda: write_plan_report(plan)),
        file_name="모둠 회차.xlsx",
        mime=XLSX,
        on_click="ignore",
        icon=":material/download:",
    )
    line.download_button(
        "회차 표 (CSV)",
        data=web.for_download(
            lambda: csv_bytes(
                list(map(str, shown.columns)), shown.where(shown.notna(), None).itertuples(index=False, name=None)
            )
        ),
        file_name="모둠 회차.csv",
        mime="text/csv",
        on_click="ignore",
    )
