"""What the pages share: the menu's guard, uploads kept for the session, problems, downloads."""

from __future__ import annotations

import hashlib
import html
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from .errors import Problem

SAMPLE_DATA = Path(__file__).resolve().parent.parent / "sample_data"
MOST_MEGABYTES = 10
"""One file may have so many. The server takes in some more, to say in Korean what is wrong with it;
what is larger still (``server.maxUploadSize``) never leaves the browser."""

_SMALLER = (
    "이런 자료는 보통 1MB도 되지 않으니 맞는 파일인지 확인해 주세요. 맞다면 그림이나 쓰지 않는 시트를 지우고 저장해 "
    "다시 올려 주세요."
)

# The uploader's own words are English; these stand in their place. Why a file stayed in the browser
# it says in a tooltip alone, so that a telephone would show nothing but the file in red.
_KOREAN_UPLOADER = """<style>
[data-testid="stFileUploaderDropzoneInstructions"] > * {display: none}
[data-testid="stFileUploaderDropzoneInstructions"]::after {
  content: "여기에 파일을 끌어다 놓거나 단추를 눌러 고르세요.";
  font-size: .9rem;
  opacity: .75;
}
[data-testid="stFileUploaderDropzone"] button p {font-size: 0}
[data-testid="stFileUploaderDropzone"] button p::after {content: "파일 고르기"; font-size: .9rem}
[data-testid="stFileChip"] [role=alert], [data-testid="stTooltipErrorContent"] {display: none}
[data-testid="stFileUploader"]:has([data-testid="stFileChipIconError"])::after {
  content: "붉게 표시된 파일은 올리지 못했습니다. 파일 하나는 __MOST__MB까지입니다. 더 크면 나누거나 줄여서, "
    "더 작으면 인터넷 연결을 확인한 뒤 다시 올려 주세요.";
  display: block;
  margin-top: .4rem;
  color: #b3261e;
  font-size: .9rem;
  word-break: keep-all;
}
</style>""".replace("__MOST__", str(MOST_MEGABYTES))


def keep_uploads_in_memory() -> None:
    """Keeps an upload off the disk: Streamlit's server lays one of over 1 MB into a temporary file."""
    limit = st.get_option("server.maxUploadSize") * 1024 * 1024
    # as much again for the form around the file, which counts towards it
    MultiPartParser.spool_max_size = 2 * limit


def enter(page: str) -> None:
    """Leaves for ``app.py`` if the page was called before the menu was made.

    Until some session has run ``st.navigation`` the server finds ``pages/`` by itself, and
    a bookmark of a page on a fresh server passes by ``app.py``.
    """
    if not st.session_state.get("routed"):
        st.session_state["go"] = page
        st.switch_page("app.py")


@contextmanager
def no_traceback() -> Iterator[None]:
    """Shows one plain sentence in place of whatever goes wrong inside; logs its type alone."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - its text may hold pupils' data
        logging.getLogger(__name__).error("%s on a page", type(error).__name__)
        st.error(
            "예상하지 못한 문제가 생겨 여기에서 멈췄습니다. 올린 내용은 저장되지 않았습니다. "
            "화면을 새로 고쳐 다시 해 보시고, 그래도 안 되면 파일을 엑셀에서 .xlsx로 저장해 올려 주세요.",
            icon=":material/warning:",
        )


def for_download(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """``make`` for a download button: if it fails, no more than the exception's type reaches the server's log."""

    def build() -> bytes:
        try:
            return make()
        except Exception as error:  # noqa: BLE001 - its text may hold pupils' data
            kind = type(error).__name__
        # raised out here, so that it does not carry the other one along
        raise RuntimeError(f"{kind} in a download")

    return build


def uploaded_files(
    label: str,
    key: str,
    *,
    limit: str = f"파일 하나는 {MOST_MEGABYTES}MB까지 올릴 수 있습니다.",
    beyond: str = _SMALLER,
) -> list[tuple[str, bytes]]:
    """The files that were dropped here, as ``(name, bytes)``; kept while other pages are visited.

    Args:
        key: the tool's, under which the files are kept.
        limit: what may be uploaded, shown under the uploader.
        beyond: what to do about a file with more than ``MOST_MEGABYTES``, which is not kept.
    """
    kept, refused = f"{key}_files", f"{key}_too_large"
    widget = f"{key}_uploader_{st.session_state.get(f'{key}_round', 0)}"

    def keep() -> None:
        before = st.session_state.get(refused, {})
        # a file that the server has no more, because it was refused or the server began anew, is a mere id
        uploads = [one for one in st.session_state[widget] if isinstance(one, UploadedFile) or one.file_id in before]
        large = {
            one.file_id: before.get(one.file_id) or (one.name, one.size)
            for one in uploads
            if one.file_id in before or one.size > MOST_MEGABYTES * 1024 * 1024
        }
        st.session_state[refused] = large
        st.session_state[kept] = [(one.name, one.getvalue()) for one in uploads if one.file_id not in large]
        for one in uploads:
            if one.file_id in large and one.file_id not in before:
                _drop(one)

    st.html(_KOREAN_UPLOADER)
    shown = st.file_uploader(label, accept_multiple_files=True, key=widget, on_change=keep)
    st.caption(limit)
    listed = {one.file_id for one in st.session_state[widget]}
    too_large = [
        Problem(f"{_megabytes(size)}입니다. 파일 하나는 {MOST_MEGABYTES}MB까지입니다.", beyond, name, kind="too_large")
        for file_id, (name, size) in st.session_state.get(refused, {}).items()
        if file_id in listed
    ]
    if too_large:
        show_problems(too_large)
    files = st.session_state.get(kept, [])
    if files and not shown:
        st.caption(f"지금 보고 있는 파일: {', '.join(name for name, _ in files)}")
    return files


def _drop(upload: UploadedFile) -> None:
    """Frees the memory of an upload, which the server would keep as long as the file is in the uploader's list."""
    context = get_script_run_ctx()
    context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=upload.file_id)
    upload.truncate(0)


def _megabytes(size: int) -> str:
    # of 1,000,000 bytes, as the uploader itself shows it beside the name
    return f"{size / 1_000_000:.1f}MB"


def set_files(key: str, files: Sequence[tuple[str, bytes]]) -> None:
    """Puts files in the place of what was uploaded, such as the sample."""
    # an uploader under another key is a new, empty one
    st.session_state[f"{key}_round"] = st.session_state.get(f"{key}_round", 0) + 1
    st.session_state[f"{key}_files"] = list(files)
    st.session_state.pop(f"{key}_too_large", None)


def forget(key: str) -> None:
    """Takes away the files of a tool and all that was made or chosen for them."""
    for slot in list(st.session_state):
        if str(slot).startswith((f"{key}_", f"made_{key}_")) and slot != f"{key}_round":
            del st.session_state[slot]
    set_files(key, [])


def digest(*parts: object) -> str:
    """A short name for contents, to tell whether something was made from them already."""
    summed = hashlib.blake2b(digest_size=16)
    for part in parts:
        summed.update(part if isinstance(part, bytes) else repr(part).encode())
        summed.update(b"\0")
    return summed.hexdigest()


def remembered(name: str, of: str, make: Callable[[], object]) -> object:
    """What ``make`` gave for ``of``, the last one alone, in this session's memory and nowhere else.

    Not for the callable of a download: that runs outside any session, where Streamlit gives all of them one state.
    """
    slot = f"made_{name}"
    if st.session_state.get(slot, (None,))[0] != of:
        st.session_state.pop(slot, None)  # the old one goes before the new one comes
        st.session_state[slot] = (of, make())
    return st.session_state[slot][1]


def show_problems(problems: Sequence[Problem]) -> None:
    """Every problem as a row: where, what is wrong, what to do."""
    st.error(
        f"읽지 못한 것이 {len(problems)}건 있습니다. 아래 내용을 고쳐 다시 올려 주세요.", icon=":material/warning:"
    )
    table = pd.DataFrame(
        {
            "파일": [one.file or "" for one in problems],
            "행": [str(one.row or "") for one in problems],
            "칸": [one.column or "" for one in problems],
            "무엇이 문제인가요": [one.what for one in problems],
            "어떻게 하면 되나요": [one.what_to_do for one in problems],
        }
    )
    st.html(html_table(table.loc[:, (table != "").any()]))


# texts wrap in the one; the other is a list of short cells in narrow rows
_WRAPPING = (
    "<style>.sk-table{width:100%;border-collapse:collapse;font-size:.95rem}"
    ".sk-table th,.sk-table td{border:1px solid rgba(128,128,128,.35);padding:.45rem .6rem;text-align:left;"
    "vertical-align:top;word-break:keep-all;overflow-wrap:anywhere;min-width:3.5rem}"
    ".sk-table td:first-child{min-width:10rem}"
    ".sk-table th{background:rgba(128,128,128,.12);white-space:nowrap}"
    "@media (max-width:640px){.sk-table td:first-child{min-width:5rem}.sk-table th{white-space:normal}}</style>"
)
_COMPACT = (
    "<style>.sk-list{border-collapse:collapse;font-size:.92rem;white-space:nowrap}"
    ".sk-list th,.sk-list td{border:1px solid rgba(128,128,128,.35);padding:.2rem .55rem;text-align:left}"
    ".sk-list th{background:rgba(128,128,128,.12)}</style>"
)


def html_table(table: pd.DataFrame, *, compact: bool = False) -> str:
    """A table whose long texts wrap, unlike those of ``st.dataframe``, or a compact list; missing cells are empty.

    It scrolls by itself where it is too wide.
    """
    style, kind = (_COMPACT, "sk-list") if compact else (_WRAPPING, "sk-table")
    filled = table.astype(object).where(table.notna(), "")
    head = "".join(f"<th>{html.escape(str(column))}</th>" for column in filled.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in filled.itertuples(index=False)
    )
    return f'{style}<div style="overflow-x:auto"><table class="{kind}"><tr>{head}</tr>{rows}</table></div>'


def show_figures(figures: dict[str, str]) -> None:
    """Labels and their figures, in a row that wraps, so that a phone shows two beside one another."""
    row = st.container(horizontal=True, gap="large")
    for label, value in figures.items():
        row.metric(label, value, width="content")


def chosen_page(count: int, unit: str, key: str, *, a_page: int = 20) -> slice:
    """Which of ``count`` cards to show; asks for the page if one does not hold them all."""
    pages = -(-count // a_page)
    page = st.number_input(f"쪽(모두 {pages}쪽, {count}{unit})", 1, pages, 1, key=key) if pages > 1 else 1
    return slice((page - 1) * a_page, page * a_page)


def privacy_note() -> None:
    """What happens to the data, in one line under every tool."""
    st.caption(
        ":material/lock: 올린 파일은 이 창의 메모리에서만 쓰이며 저장하거나 다른 곳에 보내지 않습니다. "
        "창을 닫으면 사라집니다."
    )
