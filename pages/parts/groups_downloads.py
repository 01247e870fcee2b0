"""What a teacher takes home: the workbook, a table, and the history for next time."""

from __future__ import annotations

import datetime

import streamlit as st

from pages.parts.groups_made import Made, Work
from schoolkit import web

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KOREA = datetime.timezone(datetime.timedelta(hours=9))


def offer(work: Work, made: Made) -> None:
    """The downloads of all classes, each built when it is asked for, outside any session."""
    latest = {class_name: steps[-1] for class_name, steps in made.steps.items()}
    words, today = made.words, datetime.datetime.now(_KOREA).date()
    of_classes = words.unit == "모둠"
    title = "모둠 편성" if of_classes else "반편성"
    st.subheader("내려받기")
    line = st.container(horizontal=True)
    line.download_button(
        "엑셀로 내려받기 (명단·카드·균형)",
        data=web.for_download(lambda: workbook(latest, words.unit, words.names, today)),
        file_name=f"{title}.xlsx",
        mime=XLSX,
        type="primary",
        on_click="ignore",
        icon=":material/download:",
        key=f"{work.tool}_workbook",
    )
    line.download_button(
        "표만 내려받기 (CSV)",
        data=web.for_download(lambda: csv(latest, words.unit, words.names)),
        file_name=f"{title}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"{work.tool}_csv",
    )
    if of_classes:
        line.download_button(
            "다음을 위한 이력 (CSV)",
            data=web.for_download(lambda: history(latest, today)),
            file_name=f"모둠 이력 {today}.csv",
            mime="text/csv",
            on_click="ignore",
            help="다음에 편성할 때 ‘지난 모둠과 겹치지 않게’에 올리면 같은 짝이 덜 만납니다. "
            "엑셀 파일을 올려도 됩니다.",
            key=f"{work.tool}_past",
        )


def workbook(latest: dict, unit: str, names: tuple[str, ...], today: datetime.date) -> bytes:
    from schoolkit.grouping.report import write_class_reports, write_group_report

    if len(latest) > 1:
        return write_class_reports(latest, date=today)
    return write_group_report(next(iter(latest.values())), date=today, unit=unit, names=names)


def csv(latest: dict, unit: str, names: tuple[str, ...]) -> bytes:
    from schoolkit.grouping.report import group_csv

    return group_csv(latest if len(latest) > 1 else next(iter(latest.values())), unit=unit, names=names)


def history(latest: dict, today: datetime.date) -> bytes:
    from schoolkit.grouping.history import history_bytes, join_histories

    return history_bytes(join_histories(grouping.with_history(today) for grouping in latest.values()))
