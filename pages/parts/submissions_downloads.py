"""What a teacher takes home: the workbook and the plain table."""

from __future__ import annotations

import streamlit as st

from pages.parts import submissions_messages
from pages.parts.groups_downloads import XLSX
from pages.parts.submissions_overview import Overview
from schoolkit import web


def offer(seen: Overview) -> None:
    """The downloads, each built when it is asked for, outside any session."""
    templates = submissions_messages.templates()
    st.subheader("내려받기")
    line = st.container(horizontal=True)
    line.download_button(
        "엑셀로 내려받기 (반별 표·미제출 목록·문구)",
        data=web.for_download(lambda: workbook(seen, templates)),
        file_name="미제출 현황.xlsx",
        mime=XLSX,
        type="primary",
        on_click="ignore",
        icon=":material/download:",
        key="submissions_workbook",
    )
    line.download_button(
        "표만 내려받기 (CSV)",
        data=web.for_download(lambda: csv(seen)),
        file_name="미제출 현황.csv",
        mime="text/csv",
        on_click="ignore",
        key="submissions_csv",
    )
    st.caption("모든 반과 학생이 들어갑니다. 세지 않기로 한 과제는 빠집니다.")


def workbook(seen: Overview, templates: dict[str, str]) -> bytes:
    from schoolkit.submissions.report import write_submission_report

    return write_submission_report(seen.counted, at=seen.at, templates=templates)


def csv(seen: Overview) -> bytes:
    from schoolkit.submissions.report import submission_csv

    return submission_csv(seen.counted, at=seen.at)
