"""A long collection watched: which course is being read, a way to stop it and to take it up again."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.parts.groups_made import escaped
from schoolkit import web

SLOT, _SHOWN = "submissions_collection", "submissions_collected_shown"
# seconds that the results below stay as they are while more courses are read
_PATIENCE = 5
_ICONS = {
    "waiting": ":material/hourglass_empty:",
    "running": ":material/progress_activity:",
    "done": ":material/check_circle:",
    "failed": ":material/error:",
    "cancelled": ":material/cancel:",
}


def start(source: object, kind: str, courses: Sequence[str] | None = None) -> None:
    """Begins to read a source, in the place of what was read before; ``kind`` is the way it was chosen."""
    from schoolkit.submissions.collect import Collection

    stop()
    collection = Collection(source, courses)
    collection.reconcile()
    st.session_state[SLOT] = (kind, collection)


def stop() -> None:
    """Stops what runs and forgets what was read, and how to get there."""
    _, collection = st.session_state.pop(SLOT, ("", None))
    if collection is not None:
        collection.stop()
        if hasattr(collection.source, "close"):
            collection.source.close()


def has_begun(kind: str) -> bool:
    """Whether something is or was read in this way."""
    return st.session_state.get(SLOT, ("", None))[0] == kind


def watch(kind: str) -> tuple[pd.DataFrame, str] | None:
    """Shows how far the collection is; the table of the courses read so far and a short name for it.

    None as long as no course has been read. The page runs anew when all has ended, and now and then for
    courses that were read meanwhile.
    """
    of_kind, collection = st.session_state.get(SLOT, ("", None))
    if collection is None or of_kind != kind:
        return None
    collection.reconcile()
    done = finished(collection)
    st.session_state[_SHOWN] = (collection.active, done, time.monotonic())
    show = st.fragment(run_every=0.5)(show_progress) if collection.active else show_progress
    show(collection)
    if not done:
        return None
    of = web.digest(id(collection), [(job.title, job.state.value) for job in collection.jobs])
    return web.remembered("submissions_collected", of, collection.table), of


def finished(collection) -> int:
    """How many courses have been read."""
    return sum(job.reading is not None for job in collection.jobs)


def show_progress(collection) -> None:
    """The jobs with their states; moves the collection on, and has the page run anew when something is to be shown."""
    from schoolkit.submissions.collect import JOB_WORDS, JobState

    active = collection.reconcile()
    was_active, done, at = st.session_state[_SHOWN]
    if was_active != active or (finished(collection) > done and time.monotonic() - at > _PATIENCE):
        st.rerun()
    courses = [job for job in collection.jobs if job.course]
    ended = sum(job.state not in (JobState.WAITING, JobState.RUNNING) for job in courses)
    with st.container(border=active):
        if active:
            text = f"강좌 {len(courses)}개 가운데 {ended}개를 마쳤습니다." if courses else "강좌 목록을 읽고 있습니다."
            st.progress(ended / len(courses) if courses else 0.0, text=text)
        lines = [line_of(job, JOB_WORDS) for job in courses or collection.jobs]
        unread = [job for job in collection.jobs if job.state is JobState.FAILED]
        if active:
            st.markdown("  \n".join(lines))
        else:
            for job in unread:
                st.error(f"**{escaped(job.title)}**: {escaped(job.reason)}", icon=_ICONS[job.state])
            done = finished(collection)
            title = f"강좌 {done}개를 읽었습니다." if done else "읽은 강좌가 없습니다."
            with st.expander(title, icon=":material/list:"):
                st.markdown("  \n".join(lines))
        line = st.container(horizontal=True)
        if active:
            line.button("멈추기", on_click=collection.stop, icon=":material/stop_circle:", key="submissions_stop")
        elif any(job.state in (JobState.FAILED, JobState.CANCELLED) for job in collection.jobs):
            line.button(
                "못 읽은 것만 다시",
                on_click=retry,
                args=(collection,),
                type="primary",
                icon=":material/refresh:",
                key="submissions_retry",
                help="다 읽은 강좌는 그대로 두고, 못 읽었거나 멈춘 강좌만 다시 읽습니다.",
            )


def line_of(job, words: dict) -> str:
    """A course, how far it is, and what went wrong."""
    line = f"{_ICONS[job.state]} **{escaped(job.title)}** · {words[job.state]}"
    return f"{line}: {escaped(job.reason)}" if job.reason else line


def retry(collection) -> None:
    """Takes the collection up again, from a callback."""
    collection.retry()
    collection.reconcile()


def asked_courses(text: str) -> list[str] | None:
    """The course numbers in a text; None where there are none, for all courses."""
    numbers = [one for one in text.replace(",", " ").split() if one]
    return list(dict.fromkeys(numbers)) or None
