"""The sheet that says how fair groupings are: score, lines, figures of each group, charts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np
import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ..sheets import Column, Looks, lines_needed, row_height, write_table, write_text
from .result import Grouping
from .wording import Wording

_WHAT_IT_MEANS = (
    "균형 점수는 무작위로 나눈 편성이 평균 0점, 이보다 더 고르게 나눌 수 없는 편성이 100점입니다. "
    "‘전체’는 숫자 특성에서는 학생 모두의 값이고, 종류로 본 특성에서는 전체의 비율대로 나눌 때 한 모둠의 인원입니다."
)
_WIDTH = 110.0  # of the texts, in Excel's units
_CHART_HEIGHT, _CHARTS, _WIDE_CHARTS = 180, 780, 1000
_ROWS_A_CHART = 10
_MOST_SERIES, _MOST_LABELLED, _MOST_GROUPS = 8, 4, 40
_PORTRAIT_COLUMNS = 12


def write_balance(
    workbook: Workbook, sheet: Worksheet, looks: Looks, top: int, heading: str, grouping: Grouping, wording: Wording
) -> tuple[int, int]:
    """Writes what there is to say of one grouping; the row of its charts and the first free one come back."""
    write_text(sheet, looks, top, 0, heading, "heading")
    sheet.set_row(top, 24)
    row = top + 1
    for text in _texts(grouping, wording):
        sheet.merge_range(row, 0, row, _columns_of(grouping) - 1, "", looks("text"))
        write_text(sheet, looks, row, 0, text, "text")
        width = min(_WIDTH, 16 + 9 * (_columns_of(grouping) - 2))
        sheet.set_row(row, row_height(lines_needed(text, width)))
        row += 1
    table = grouping.balance_report()
    if table.empty:
        return row, row + 1
    numbers = {trait.column for trait in grouping.traits if trait.is_number}
    columns = [
        Column("group", wording.unit, 10, ("centre",), "구분"),
        Column("size", "인원", 6, ("centre",), "구분"),
        *(
            Column("", measure, 9, ("centre", "decimal") if trait in numbers else ("centre",), trait)
            for trait, measure in zip(table["trait"], table["measure"], strict=True)
        ),
    ]
    sizes = np.bincount(grouping.groups, minlength=grouping.n_groups).tolist()
    rows = [
        (wording.group(number), sizes[number - 1], *_rounded(table[str(number)]))
        for number in range(1, grouping.n_groups + 1)
    ]
    rows += [
        (said, size, *_rounded(table[column]))
        for said, size, column in (
            ("최소", min(sizes), "least"),
            ("최대", max(sizes), "most"),
            ("전체", sum(sizes), "whole"),
        )
    ]
    first = write_table(sheet, looks, columns, rows, row + 1, ruled={grouping.n_groups})
    charts = first + len(rows) + 1
    return charts, _write_charts(workbook, sheet, first, charts, grouping, table, numbers)


def is_wide(groupings: Iterable[Grouping]) -> bool:
    """Whether a table of these needs the paper's long side."""
    return any(_columns_of(grouping) > _PORTRAIT_COLUMNS for grouping in groupings)


def _texts(grouping: Grouping, wording: Wording) -> Sequence[str]:
    texts = [wording.said(grouping.statement)]
    if grouping.objective.terms:
        # rounded down, so that only what is proven reads 100
        shown = math.floor(grouping.fairness * 10 + 1e-9) / 10
        texts += [
            f"균형 점수 {shown:.1f}점 (치우침 {grouping.score:.2f}. 이보다 작을 수 없는 값은 "
            f"{grouping.bound:.2f}, 무작위 평균은 100)",
            wording.said(_WHAT_IT_MEANS),
        ]
    texts += [f"· {wording.said(line)}" for line in grouping.lines()]
    return texts + [f"※ {wording.said(notice)}" for notice in grouping.notices]


def _columns_of(grouping: Grouping) -> int:
    """How many columns the table has, and at least so many that texts have room."""
    return max(2 + len(grouping.balance_report()), 9)


def _rounded(values: Sequence[float]) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 1) for value in values]


def _write_charts(
    workbook: Workbook,
    sheet: Worksheet,
    first: int,
    row: int,
    grouping: Grouping,
    table: pd.DataFrame,
    numbers: set[str],
) -> int:
    """A chart for each trait, side by side: categories stacked, the means of numbers."""
    if grouping.n_groups > _MOST_GROUPS:
        return row
    last, column, placed = first + grouping.n_groups - 1, 2, 0
    beside, width = (3, _WIDE_CHARTS // 3) if is_wide([grouping]) else (2, _CHARTS // 2)
    for trait, run in groupby(zip(table["trait"], table["measure"], strict=True), key=lambda one: one[0]):
        measures = [measure for _, measure in run]
        # of numbers the mean alone: a spread is no part of a sum
        shown = range(1 if trait in numbers else len(measures))
        if len(shown) <= _MOST_SERIES:
            kind = {"type": "column", "subtype": "stacked"} if len(shown) > 1 else {"type": "column"}
            chart = workbook.add_chart(kind)
            for at in shown:
                chart.add_series(
                    {
                        "name": [sheet.name, first - 1, column + at],
                        "categories": [sheet.name, first, 0, last, 0],
                        "values": [sheet.name, first, column + at, last, column + at],
                        "data_labels": {"value": grouping.n_groups <= 12 and len(shown) <= _MOST_LABELLED},
                        "gap": 60,
                    }
                )
            chart.set_title(
                {"name": f"{trait} ({measures[0]})" if len(shown) == 1 else trait, "name_font": {"size": 11}}
            )
            chart.set_legend({"position": "bottom"} if len(shown) > 1 else {"none": True})
            least = 0 if table.loc[table["trait"] == trait, "least"].min() >= 0 else None
            chart.set_y_axis({"min": least, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
            chart.set_size({"width": width - 10, "height": _CHART_HEIGHT})
            line, side = divmod(placed, beside)
            sheet.insert_chart(row + line * _ROWS_A_CHART, 0, chart, {"x_offset": 5 + side * width, "y_offset": 6})
            placed += 1
        column += len(measures)
    return row + -(-placed // beside) * _ROWS_A_CHART + 1
