"""The first sheet: what was read and what could not be, how the classes stand, and who needs care."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from ..sheets import Column, Looks, lines_needed, print_on_a4, row_height, safe_text, write_table, write_text
from .class_sheet import MANY
from .status import moment
from .wording import class_in_words, day_in_words, one_line, pupil_cells

DOUBT_SHEET = "확인할 이름"
TITLE = "과제 제출 현황"
NOTHING_READ = "읽은 과제가 없습니다."
NOTHING_MISSING = "안 낸 과제가 있는 학생이 없습니다."
ALL_WELL = "기한이 된 과제를 모두 냈습니다. 수고 많으셨습니다!"
WHAT_COUNTS = (
    "안 낸 과제에는 기한이 지난 미제출, 임시 저장, 다시 내야 함이 들어가고, "
    "숨긴 과제와 면제, 기한 전, 알 수 없음은 들어가지 않습니다."
)
LOOKS = {
    "people": {"num_format": '0"명";;"–"'},
    "pieces": {"num_format": '0"개";;"–"'},
    "bold": {"bold": True},
    "link": {"font_color": "#1F4E79", "underline": 1},
    "text": {"text_wrap": True, "valign": "vcenter"},
}

_DELETE_AFTER_USE = "학생의 개인정보가 들어 있습니다. 다 쓴 뒤에는 파일을 지우고 인쇄물은 파기해 주세요."
_WIDTHS = (18, 12, 14, 12, 62)
_CENTRE, _PEOPLE, _PIECES = ("centre",), ("centre", "people"), ("centre", "pieces")


def _columns(*described: tuple[str, str, tuple[str, ...]]) -> tuple[Column, ...]:
    """Columns of the widths that all tables of this sheet share."""
    return tuple(Column(one[0], one[1], width, one[2]) for one, width in zip(described, _WIDTHS, strict=True))


_CLASS_COLUMNS = _columns(
    ("class_name", "반", ("centre", "link")),
    ("pupils", "학생", _PEOPLE),
    ("urged", "안 낸 학생", _PEOPLE),
    ("to_urge", "안 낸 과제", _PIECES),
    ("most", "가장 많이 안 낸 과제", ()),
)
_PUPIL_COLUMNS = _columns(
    ("class_name", "반", _CENTRE),
    ("student_no", "학번", _CENTRE),
    ("name", "이름", _CENTRE),
    ("to_urge", "안 낸 과제", _PIECES),
    ("assignments", "과제", ()),
)


def write_summary(
    sheet: Worksheet, looks: Looks, rows: pd.DataFrame, at: pd.Timestamp, sheets: Mapping[str, str], attrs: Mapping
) -> None:
    """Everything at a glance.

    Args:
        looks: has :data:`LOOKS`.
        rows: as :func:`standing` gives them, no class missing.
        at: the time for which it holds.
        sheets: class -> the name of its sheet.
        attrs: of the table: what could not be read or told.
    """
    print_on_a4(sheet, landscape=False)
    sheet.hide_gridlines(2)
    write_text(sheet, looks, 0, 0, TITLE, "title")
    sheet.set_row(0, 28)
    row = _write_lines(sheet, looks, 1, _when_and_where(rows, at, attrs))
    row = _write_lines(sheet, looks, row, [_DELETE_AFTER_USE], "caution") + 1
    row = _write_lines(sheet, looks, row, _figures(rows, attrs), "bold")
    row = _write_lines(sheet, looks, row, [WHAT_COUNTS])
    for heading, lines, names in _doubts(rows, attrs):
        row = _write_lines(sheet, looks, _write_heading(sheet, looks, row, heading, *names), lines)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    row = _write_classes(sheet, looks, row, rows, sheets)
    _write_pupils(sheet, looks, row, rows)


def _write_lines(sheet: Worksheet, looks: Looks, row: int, lines: Iterable[str], *names: str) -> int:
    """Texts over the whole width, one below another; the next free row comes back."""
    for line in map(safe_text, lines):
        sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, "", looks("text", *names))
        write_text(sheet, looks, row, 0, line, "text", *names)
        sheet.set_row(row, row_height(lines_needed(line, sum(_WIDTHS))))
        row += 1
    return row


def _write_heading(sheet: Worksheet, looks: Looks, row: int, text: str, *names: str) -> int:
    """A heading with a free row above; the row below it comes back."""
    write_text(sheet, looks, row + 1, 0, text, "heading", *names)
    sheet.set_row(row + 1, 24)
    return row + 2


def _when_and_where(rows: pd.DataFrame, at: pd.Timestamp, attrs: Mapping) -> Iterable[str]:
    yield f"기준: {_time_in_words(at)}"
    if attrs.get("read_at") is not None:
        yield f"읽은 때: {_time_in_words(moment(attrs['read_at']))}"
    exports = [f"{one['file']} ({one['format']})" for one in attrs.get("exports") or []]
    if sources := exports or list(rows["source"].dropna().unique()):
        yield f"읽은 곳: {', '.join(sources)}"


def _time_in_words(time: pd.Timestamp) -> str:
    return f"{time.year}년 {day_in_words(time, time.year)} {time:%H:%M}"


def _figures(rows: pd.DataFrame, attrs: Mapping) -> Iterable[str]:
    """The whole in a line or two; nothing is called well done where something was not read."""
    if rows.empty:
        yield NOTHING_READ
        return
    unknown = int((rows["shown"] == "unknown").sum())
    yield (
        f"반 {rows['class_name'].nunique()}개, 학생 {rows['pupil'].nunique()}명, "
        f"과제 {rows['task'].nunique()}개(반마다 따로 셈)" + (f", 알 수 없음 {unknown}건" if unknown else "")
    )
    urged = rows[rows["to_urge"]]
    if urged.empty:
        whole = not (unknown or attrs.get("failed") or attrs.get("unmatched"))
        yield f"{NOTHING_MISSING} {ALL_WELL}" if whole else NOTHING_MISSING
        return
    yield (
        f"안 낸 과제가 있는 학생 {urged['pupil'].nunique()}명 (과제 {len(urged)}개), "
        f"{MANY}개 이상 안 낸 학생 {int((urged['pupil'].value_counts() >= MANY).sum())}명"
    )


def _doubts(rows: pd.DataFrame, attrs: Mapping) -> Iterable[tuple[str, Sequence[str], tuple[str, ...]]]:
    """What could not be read or told: headings, lines and looks of the headings."""
    if failed := attrs.get("failed"):
        lines = [f"· {one_line(one['course'])}: {one_line(one['reason'])}" for one in failed]
        yield "읽지 못한 것 (이 파일에 들어 있지 않습니다)", lines, ("caution",)
    if unmatched := attrs.get("unmatched"):
        line = (
            f"· {len(unmatched)}건은 어느 학생의 것인지 정할 수 없어 넣지 않았습니다. 그 학생은 냈는데도 안 낸 것으로 "
            f"보일 수 있으니, ‘{DOUBT_SHEET}’ 시트를 먼저 봐 주세요."
        )
        yield "명렬표에서 찾지 못한 이름", [line], ("caution",)
    caveats = [
        f"{one['file']} ({one['format']}): {one['caveat']}" for one in attrs.get("exports") or [] if one["caveat"]
    ]
    notices = [*caveats, *map(one_line, attrs.get("notices") or [])]
    pupils = rows.drop_duplicates("pupil")
    if pupils.duplicated(["class_name", "student_no", "name"]).any():
        notices.append(
            "이름이 같고 학번이 없는 학생은 읽은 차례대로 따로 적었습니다. 누구인지는 원래 자료에서 확인해 주세요."
        )
    if notices:
        yield "알아 두실 것", [f"· {notice}" for notice in dict.fromkeys(notices)], ()


def _write_classes(sheet: Worksheet, looks: Looks, row: int, rows: pd.DataFrame, sheets: Mapping[str, str]) -> int:
    """A row per class, with a link to its sheet; the next free row comes back."""
    values = []
    for name in sheets:
        part = rows[rows["class_name"] == name]
        urged = part[part["to_urge"]]
        most = urged["assignment"].groupby(urged["task"]).agg(["first", "size"]).sort_values("size", kind="stable")
        words = f"{one_line(most['first'].iloc[-1])} ({most['size'].iloc[-1]}명)" if len(most) else ""
        pupils = part["pupil"].nunique(), urged["pupil"].nunique()
        values.append((safe_text(class_in_words(name)), *pupils, len(urged), safe_text(words) or None))
    if not values:
        return row
    row = _write_heading(sheet, looks, row, "반별")
    for at, name in enumerate(sheets.values(), start=row + 1):
        quoted = name.replace("'", "''")
        # before the table: the cell's text is written by it, safely
        sheet.write_url(at, 0, f"internal:'{quoted}'!A1", string=name)
    return write_table(sheet, looks, _CLASS_COLUMNS, values, row) + len(values)


def _write_pupils(sheet: Worksheet, looks: Looks, row: int, rows: pd.DataFrame) -> None:
    """Who has not handed in several things."""
    values = []
    for _, part in rows[rows["to_urge"]].groupby("pupil", sort=False):
        if len(part) >= MANY:
            first = part.iloc[0]
            who = pupil_cells(first["student_no"], first["name"])
            titles = safe_text(", ".join(map(one_line, part["assignment"])))
            values.append((safe_text(class_in_words(first["class_name"])), *who, len(part), titles))
    if values:
        row = _write_heading(sheet, looks, row, f"{MANY}개 이상 안 낸 학생")
        write_table(sheet, looks, _PUPIL_COLUMNS, values, row)
