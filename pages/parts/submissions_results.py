"""What was found: figures, notices, and the views of it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from pages.parts import submissions_downloads, submissions_filters, submissions_grid, submissions_messages
from pages.parts.groups_made import escaped
from pages.parts.submissions_filters import Seen
from pages.parts.submissions_overview import MANY, Overview, overview
from schoolkit import web

GRID, TASKS, PUPILS, MESSAGES = "반별 표", "과제별 제출률", "학생별 미제출", "독려 문구"
# cells that a browser shows at once without being felt
_MOST_CELLS = 5_000
_MOST_NOTICES = 200


def show(table: pd.DataFrame, of: str) -> None:
    """Everything about the one table; ``of`` is a short name for its contents."""
    show_failed(table.attrs["failed"])
    if table.empty:
        st.info("보여 드릴 학생과 과제가 없습니다.", icon=":material/info:")
        show_notices(table.attrs["notices"])
        return
    st.divider()
    place = st.container()
    class_name, text, only = submissions_filters.ask_who(table)
    options = submissions_filters.left_out_options(table)
    with st.expander("과제, 상태, 기준 시각 고르기", icon=":material/tune:"):
        titles = list(dict.fromkeys(table["assignment"]))
        titles, states, least = submissions_filters.ask_more(titles)
        at = submissions_filters.ask_time(table.attrs["read_at"])
        left_out = submissions_filters.ask_left_out(options)
    made = web.digest(of, at, sorted(left_out))
    seen: Overview = web.remembered("submissions_overview", made, lambda: overview(table, at, left_out))
    with place:
        show_figures(seen)
        show_notices(table.attrs["notices"])
        show_never_handed_in(seen, options)
    part = submissions_filters.filtered(seen, class_name, text, only, titles, states, least)
    view = st.segmented_control(
        "보기",
        [GRID, TASKS, PUPILS, MESSAGES],
        default=GRID,
        required=True,
        key="submissions_view",
        persist_state="session",
        label_visibility="collapsed",
    )
    if view == GRID:
        show_grid(part)
    elif view == TASKS:
        show_tasks(part)
    elif view == PUPILS:
        show_pupils(part, max(least, 1))
    else:
        submissions_messages.show(seen, part, made)
    submissions_downloads.offer(seen)


def show_figures(seen: Overview) -> None:
    visible = seen.tasks[~seen.tasks["hidden"] & ~seen.tasks["left_out"]]
    many = int((seen.pupils["to_urge"] >= MANY).sum())
    web.show_figures(
        {
            "학생": f"{len(seen.pupils)}명",
            "과제": f"{visible['assignment'].nunique()}개",
            "미제출": f"{int(seen.pupils['to_urge'].sum()):,}건",
            f"{MANY}건 이상 안 낸 학생": f"{many}명",
            "제출률": "–" if seen.rate is None else submissions_grid.percent(seen.rate),
        }
    )
    st.caption(
        f"{seen.at:%Y년 %m월 %d일 %H:%M} 기준입니다. 임시 저장과 다시 내야 하는 것도 미제출로 세고, 숨긴 과제, 면제, "
        "기한 전은 세지 않습니다. 제출률은 마감이 지났고 상태를 아는 것 가운데 낸 비율입니다."
    )


def show_failed(failed: list[dict]) -> None:
    """Which courses are not in the results; why, stands where they are read."""
    unread = [one for one in failed if one["kind"] not in ("waiting", "running")]
    if reading := len(failed) - len(unread):
        st.caption(f":material/progress_activity: 아직 읽고 있는 강좌 {reading}개는 다 읽은 뒤에 아래에 더해집니다.")
    if unread:
        names = ", ".join(f"**{escaped(one['course'])}**" for one in unread)
        st.warning(
            f"읽지 못한 강좌 {len(unread)}개는 아래 결과에 들어 있지 않습니다: {names}", icon=":material/warning:"
        )


def show_notices(notices: list[str]) -> None:
    if notices:
        with st.expander(f"알아 둘 것 {len(notices)}건", icon=":material/info:"):
            st.markdown("\n".join(f"- {escaped(one)}" for one in notices[:_MOST_NOTICES]))
            if len(notices) > _MOST_NOTICES:
                st.caption(f"처음 {_MOST_NOTICES}건만 보입니다.")


def show_never_handed_in(seen: Overview, options: dict[str, set[tuple[str, str]]]) -> None:
    """Points out what nobody has handed in, with a button that leaves it out of all counts."""
    never = seen.never_handed_in
    if never.empty:
        return
    pairs = set(zip(never["class_name"], never["assignment"], strict=True))
    # the title alone where no class has handed it in
    labels: list[str] = []
    for label, meant in options.items():
        if meant <= pairs:
            labels.append(label)
            pairs -= meant
    with st.container(border=True):
        words = ", ".join(f"**{escaped(one)}**" for one in labels)
        st.markdown(
            f":material/help: 아무도 내지 않은 과제가 있습니다: {words}  \n"
            "아직 열지 않았거나 숨긴 과제일 수 있습니다. 그렇다면 세지 않게 하세요."
        )
        st.button(
            "이 과제는 세지 않기",
            on_click=submissions_filters.leave_out,
            args=(labels,),
            icon=":material/remove_circle:",
            key="submissions_leave_out",
        )


def show_grid(part: Seen) -> None:
    from schoolkit.submissions.wording import class_in_words

    if part.pupils.empty:
        st.success("조건에 맞는 학생이 없습니다.", icon=":material/check_circle:")
        return
    states = part.states or list(dict.fromkeys(part.rows["shown"]))
    st.html(submissions_grid.STYLE + submissions_grid.legend(states))
    hidden = [str(one) for one in part.tasks.loc[part.tasks["hidden"], "assignment"].unique()]
    if hidden:
        st.caption(f":material/visibility_off: 학생에게 숨긴 과제라 세지 않습니다: {escaped(', '.join(hidden))}")
    budget, waiting = _MOST_CELLS, []
    for class_name, pupils in part.pupils.groupby("class_name", sort=False):
        tasks = part.tasks[part.tasks["class_name"] == class_name]
        budget -= len(pupils) * len(tasks)
        if budget < 0 and budget + len(pupils) * len(tasks) < _MOST_CELLS:
            waiting.append(class_name)
            continue
        rows = part.rows[part.rows["class_name"] == class_name]
        name = escaped(class_in_words(class_name))
        st.markdown(f"**{name}** {len(pupils)}명, 미제출 {int(pupils['to_urge'].sum())}건")
        st.html(submissions_grid.grid_html(pupils, tasks, rows, part.states))
    if waiting:
        names = ", ".join(escaped(class_in_words(one)) for one in waiting)
        st.caption(f":material/info: 많아서 한꺼번에 보이지 않습니다. 위에서 반을 고르면 보입니다: {names}")


_STYLE = (
    "<style>.sk-rows{overflow-x:auto}.sk-rows table{border-collapse:collapse;font-size:.92rem}"
    ".sk-rows th,.sk-rows td{border:1px solid rgba(128,128,128,.35);padding:.25rem .55rem;text-align:left;"
    "white-space:nowrap}.sk-rows th{background:rgba(128,128,128,.12)}"
    ".sk-rows td.text{white-space:normal;min-width:9rem;word-break:keep-all;overflow-wrap:anywhere}"
    ".sk-rows td.n{text-align:right}.sk-rows tr.aside{opacity:.5}"
    ".sk-rows .bar{display:inline-block;width:6rem;height:.7rem;border-radius:.35rem;margin-right:.5rem;"
    "background:rgba(128,128,128,.25);overflow:hidden}"
    ".sk-rows .bar i{display:block;height:100%;background:#2e9370}</style>"
)


def rows_html(titles: Sequence[str], lines: Iterable[str]) -> str:
    """A table with short cells on one line each and long ones that wrap."""
    head = "".join(f"<th>{one}</th>" for one in titles)
    return f'{_STYLE}<div class="sk-rows"><table><tr>{head}</tr>{"".join(lines)}</table></div>'


def show_tasks(part: Seen) -> None:
    """A row per class and assignment: how many have handed it in, and a bar."""
    from schoolkit.submissions.status import STATES
    from schoolkit.submissions.wording import class_in_words

    # states that occur
    counts = {key: word for key, word in STATES.items() if key != "missing" and part.tasks[key].any()}
    head = ("반", "과제", "제출률", "미제출", "마감", *counts.values())
    lines = []
    for task in part.tasks.to_dict("records"):
        due = "" if pd.isna(task["due"]) else f"{task['due']:%m.%d. %H:%M}"
        mark = " (숨김)" if task["hidden"] else " (세지 않음)" if task["left_out"] else ""
        rate = ""
        if not pd.isna(task["rate"]):
            share = submissions_grid.percent(task["rate"])
            rate = f'<span class="bar"><i style="width:{task["rate"]:.0%}"></i></span>{share}'
        cells = [f"<td>{html.escape(class_in_words(task['class_name']))}</td>"]
        cells += [f'<td class="text">{html.escape(task["assignment"])}{mark}</td>', f'<td class="n">{rate}</td>']
        cells += [f'<td class="n"><b>{0 if mark else task["to_urge"]}</b></td>', f'<td class="n">{due}</td>']
        cells += [f'<td class="n">{task[key] or ""}</td>' for key in counts]
        kind = ' class="aside"' if mark else ""
        lines.append(f"<tr{kind}>{''.join(cells)}</tr>")
    st.html(rows_html(head, lines))
    st.caption("제출률은 낸 학생을 면제와 알 수 없음을 뺀 학생으로 나눈 것입니다.")


def show_pupils(part: Seen, least: int) -> None:
    """Pupils with what they are missing, those with the most first."""
    from schoolkit.submissions.wording import class_in_words

    least = st.segmented_control(
        "몇 건 이상",
        sorted({1, 2, MANY, 5, least}),
        default=max(MANY, least),
        required=True,
        key=f"submissions_many_{least}",
        format_func=lambda one: f"{one}건 이상",
        persist_state="session",
        label_visibility="collapsed",
    )
    many = part.pupils[part.pupils["to_urge"] >= least].sort_values("to_urge", ascending=False, kind="stable")
    if many.empty:
        st.success(f"미제출이 {least}건 이상인 학생이 없습니다.", icon=":material/check_circle:")
        return
    titles = part.rows[part.rows["to_urge"]].groupby("pupil")["assignment"].agg(" / ".join)
    st.markdown(f"미제출이 {least}건 이상인 학생 **{len(many)}명**")
    lines = []
    for pupil, titles_of in zip(many.fillna("").itertuples(), titles.reindex(many.index), strict=True):
        short = (class_in_words(pupil.class_name), pupil.student_no, pupil.name)
        cells = "".join(f"<td>{html.escape(one)}</td>" for one in short)
        lines.append(
            f'<tr>{cells}<td class="n"><b>{pupil.to_urge}</b></td><td class="text">{html.escape(titles_of)}</td></tr>'
        )
    st.html(rows_html(("반", "학번", "이름", "미제출", "과제"), lines))
