"""The one table in plain text for a terminal, and as data for JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pandas as pd

from .standing import standing
from .status import STATES, missing_submissions
from .summaries import assignment_summary
from .wording import class_in_words, due_in_words, one_line


def in_words(table: pd.DataFrame, at: datetime) -> Iterator[str]:
    """Lines for a teacher: who is missing what by class, figures, and what has to be checked."""
    rows = standing(table, at)
    missing = rows[rows["to_urge"]]
    exports = table.attrs.get("exports")
    what = f"파일 {len({one['file'] for one in exports})}개" if exports else f"강좌 {table['course_id'].nunique()}개"
    pupils, titles = rows["pupil"].nunique(), table["assignment"].nunique()
    yield f"{what}, 학생 {pupils}명, 과제 {titles}개를 읽었습니다."
    when = due_in_words(at, at.year).removesuffix("까지")
    failed = [one for one in table.attrs["failed"] if one["course_id"] is not None]
    if rows.empty:
        yield "학생의 과제를 하나도 읽지 못해, 내지 않은 과제가 있는지 알 수 없습니다."
    elif missing.empty:
        yield f"{'읽은 강좌에는 ' if failed else ''}{when} 기준으로 내지 않은 과제가 없습니다."
    else:
        yield f"{when} 기준으로 내지 않은 과제가 {len(missing)}건입니다(학생 {missing['pupil'].nunique()}명)."
    if unknown := int((rows["shown"] == "unknown").sum()):
        yield f"냈는지 알 수 없는 것이 {unknown}건 있습니다."
    if failed:
        yield f"읽지 못한 강좌 {len(failed)}개에 대해서는 알 수 없습니다."
    for class_name, of_class in missing.groupby("class_name", sort=False):
        yield ""
        yield f"[{class_in_words(class_name)}] {of_class['pupil'].nunique()}명"
        for _, of_pupil in of_class.groupby("pupil", sort=False):
            yield f"  {_who(of_pupil)}: {', '.join(map(_titled, of_pupil['assignment'], of_pupil['shown']))}"
    summary = assignment_summary(table, at)
    if len(summary):
        yield ""
        yield "과제별 제출"
    for row in summary.itertuples():
        due = "학생에게 숨긴 과제" if row.hidden else due_in_words(row.due, at.year)
        title = f"{row.assignment} ({due})" if due else row.assignment
        yield f"  {class_in_words(row.class_name)} · {title}: {_figures(row)}"
    yield from _to_be_checked(table)


def as_data(table: pd.DataFrame, at: datetime) -> dict[str, object]:
    """What is asked for at that time, of plain types: ``missing``, ``summary``, ``unmatched``, ``failed``, ``notices``.

    Times are ISO texts with their zone, what is not known is None.
    """
    return {
        "at": at.isoformat(),
        "missing": _records(missing_submissions(table, at)),
        "summary": _records(assignment_summary(table, at)),
        "unmatched": table.attrs["unmatched"],
        "failed": table.attrs["failed"],
        "notices": _notices(table),
    }


def _notices(table: pd.DataFrame) -> list[str]:
    """What was passed over, and what the formats of the files can't tell."""
    caveats = [f"{one['file']}: {one['caveat']}" for one in table.attrs.get("exports", []) if one["caveat"]]
    return [*table.attrs["notices"], *caveats]


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    plain = table.astype(object).where(table.notna(), None)
    return [
        {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
        for row in plain.to_dict("records")
    ]


def _who(rows: pd.DataFrame) -> str:
    who = (one_line(rows[column].iloc[0]) for column in ("student_no", "name"))
    return " ".join(filter(None, who)) or "이름 없는 학생"


def _titled(title: str, state: str) -> str:
    return title if state == "missing" else f"{title}({STATES[state]})"


def _figures(row) -> str:
    asked = row.pupils - row.excused - row.unknown
    rate = f"({_percent(row.rate)})" if asked else ""
    parts = [f"{asked}명 가운데 {row.submitted + row.late}명 제출{rate}"]
    told = (("지각", row.late), ("미제출", row.to_urge), ("기한 전", row.not_yet_due))
    told += (("면제", row.excused), ("알 수 없음", row.unknown))
    return ", ".join([*parts, *(f"{word} {count}명" for word, count in told if count)])


def _percent(rate: float) -> str:
    """In whole per cent; 0 and 100 only where it is none or all."""
    return f"{min(99, max(1, round(rate * 100))) if 0 < rate < 1 else round(rate * 100)}%"


def _to_be_checked(table: pd.DataFrame) -> Iterator[str]:
    """What a teacher has to look at: notices, and lines that were given to no pupil."""
    if notices := _notices(table):
        yield ""
        yield f"확인해 주세요: {len(notices)}건"
        yield from (f" - {one}" for one in notices)
    unmatched = table.attrs["unmatched"]
    if unmatched:
        yield ""
        yield f"누구의 것인지 정하지 못한 줄 {len(unmatched)}건"
    for one in unmatched:
        yield f" - {one['file']} {one['row']}행 {one['written']}: {one['why']}"
        if one["candidates"]:
            names = (f"{who['class_name']} {who['student_no'] or ''} {who['name']}" for who in one["candidates"])
            yield f"   혹시: {' / '.join(' '.join(name.split()) for name in names)}"
    if unmatched:
        example = f"--whom '{unmatched[0]['key']}=학번'"
        yield f"   누구인지 알면 알려 주세요: {example} (명렬표에 없는 사람이면 '=' 뒤를 비웁니다)"
