"""Messages that urge a pupil, a class or a guardian, from templates that the teacher edits, to be copied."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts.groups_made import escaped
from pages.parts.submissions_filters import Seen
from pages.parts.submissions_overview import Overview
from schoolkit import web
from schoolkit.errors import InputError

_SLOT = "submissions_templates"
_A_PAGE = 10


def templates() -> dict[str, str]:
    """The teacher's templates; where one cannot be used, the one that was there at first."""
    from schoolkit.submissions.messages import TEMPLATES, read_templates

    usable = dict(TEMPLATES)
    for to, text in st.session_state.get(_SLOT, {}).items():
        try:
            read_templates({to: text})
        except InputError:
            continue
        usable[to] = text
    return usable


def show(seen: Overview, part: Seen, of: str) -> None:
    """The template of one receiver and what it becomes for those whom the filters leave."""
    from schoolkit.submissions.messages import RECEIVERS

    to = st.segmented_control(
        "받는 사람",
        list(RECEIVERS),
        default="pupil",
        required=True,
        key="submissions_to",
        format_func=RECEIVERS.get,
        persist_state="session",
    )
    text = ask_template(to)
    made = web.remembered(
        "submissions_messages",
        web.digest(of, to, text, part.pupils.index.tolist(), part.tasks.index.tolist()),
        lambda: messages_or_error(chosen(seen, part), to, text, seen),
    )
    if isinstance(made, InputError):
        lines = "\n".join(f"- {escaped(str(one))}" for one in made.problems)
        st.error(f"문구를 만들 수 없습니다. 아래를 고쳐 주세요.\n\n{lines}", icon=":material/warning:")
        return
    if made.empty:
        st.success("고른 조건에서 미제출이 있는 학생이 없어 보낼 문구가 없습니다.", icon=":material/check_circle:")
        return
    show_messages(made, to)


def ask_template(to: str) -> str:
    from schoolkit.submissions.messages import RECEIVERS, TEMPLATES, placeholders

    kept = st.session_state.setdefault(_SLOT, {})
    widget = f"submissions_template_{to}"
    # a view that was left and entered again begins with what was written
    st.session_state[widget] = kept.get(to, TEMPLATES[to])

    def keep() -> None:
        kept[to] = st.session_state[widget]

    with st.expander("문구 고치기", icon=":material/edit:"):
        text = st.text_area(f"{RECEIVERS[to]}에게 보낼 문구", key=widget, on_change=keep, height=260)
        st.button(
            "처음 문구로 되돌리기",
            on_click=kept.pop,
            args=(to, None),
            disabled=kept.get(to, TEMPLATES[to]) == TEMPLATES[to],
            icon=":material/undo:",
            key="submissions_template_undo",
        )
        st.markdown(
            "중괄호로 묶은 말은 보낼 때 채워집니다. ‘{이름}이(가)’처럼 적으면 조사도 이름에 맞게 바뀝니다.\n\n"
            + "\n".join(f"- `{place}` {about}" for place, about in placeholders(to).items())
        )
    return text


def chosen(seen: Overview, part: Seen) -> pd.DataFrame:
    """The rows of the filters' pupils and assignments that are counted."""
    from schoolkit.submissions.status import COLUMNS

    left_out = seen.tasks["left_out"].to_numpy()[part.rows["task"]]
    return part.rows.loc[~left_out, list(COLUMNS)]


def messages_or_error(table: pd.DataFrame, to: str, text: str, seen: Overview) -> pd.DataFrame | InputError:
    from schoolkit.submissions.messages import urging_messages

    try:
        return urging_messages(table, to, text, seen.at)
    except InputError as error:
        return error


def show_messages(made: pd.DataFrame, to: str) -> None:
    """Each message with a button that copies it."""
    from schoolkit.submissions.wording import class_in_words, pupil_in_words

    if to == "class":
        st.caption(
            ":material/visibility: 반에 보내는 문구에는 누가 안 냈는지 이름이 드러납니다. 이름 없이 보내려면 문구의 "
            "`{학생목록}`을 `{과제목록}`으로 바꾸세요."
        )
    unit = "개 반" if to == "class" else "명"
    st.markdown(f"문구 **{len(made)}{unit}**. 문구 오른쪽 위의 단추를 누르면 복사됩니다.")
    shown = made.iloc[web.chosen_page(len(made), unit, f"submissions_message_page_{to}", a_page=_A_PAGE)]
    for one in shown.to_dict("records"):
        who = class_in_words(one["class_name"])
        if to == "class":
            who += f" · 학생 {one['pupils']}명"
        else:
            number = "" if pd.isna(one["student_no"]) else f"{one['student_no']} "
            who += f" · {number}{pupil_in_words(one['student_no'], one['name'])}"
        st.markdown(f"**{escaped(who)}** · 미제출 {one['count']}건")
        st.code(one["message"], language=None, wrap_lines=True)
