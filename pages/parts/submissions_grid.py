"""A class as a grid of pupils and assignments, each cell a colour and a word."""

from __future__ import annotations

import html

import pandas as pd

# (letters, ground) on a light and on a dark page
_COLOURS = {
    "submitted": ("#14532d", "#dcf2e4", "#a9e5c1", "#153a29"),
    "late": ("#6b4e00", "#fdf0bf", "#f2db8b", "#473b12"),
    "draft": ("#8a3d00", "#ffdfc2", "#ffc391", "#542f12"),
    "returned": ("#5b2a86", "#eedffb", "#d9bdf3", "#3d2656"),
    "missing": ("#9b1c1c", "#fbd0d0", "#ffb3b3", "#5b1d1d"),
    "excused": ("#475569", "#e2e8f0", "#b6c2d3", "#2b3443"),
    "not_yet_due": ("#6b7280", "transparent", "#9ca3af", "transparent"),
    "unknown": ("#4b5563", "#ececec", "#c4c4c4", "#333333"),
}


def _style() -> str:
    states = "".join(
        f".sk-grid .{state},.sk-legend .{state}{{color:{letters};background:{ground};"
        f"color:light-dark({letters},{dark_letters});background:light-dark({ground},{dark_ground})}}"
        for state, (letters, ground, dark_letters, dark_ground) in _COLOURS.items()
    )
    return (
        "<style>.sk-grid{overflow:auto;max-height:75vh;border:1px solid rgba(128,128,128,.35);border-radius:.4rem;"
        "width:fit-content;max-width:100%}"
        ".sk-grid table{border-collapse:separate;border-spacing:0;font-size:.85rem;white-space:nowrap}"
        ".sk-grid th,.sk-grid td{border-right:1px solid rgba(128,128,128,.25);"
        "border-bottom:1px solid rgba(128,128,128,.25);padding:.18rem .4rem;text-align:center}"
        # what stands still must hide what moves below it
        ".sk-grid th{position:sticky;background:#f3f5f4;background:light-dark(#f3f5f4,#22262d);font-weight:600}"
        ".sk-grid thead th{top:0;z-index:2;vertical-align:bottom}"
        ".sk-grid tbody th{left:0;z-index:1;text-align:left}"
        ".sk-grid thead th:first-child{left:0;z-index:3;text-align:left}"
        ".sk-grid .title{white-space:normal;word-break:keep-all;overflow-wrap:anywhere;width:5.4rem;"
        "max-height:5.2em;overflow:hidden;margin:auto;line-height:1.3}"
        ".sk-grid small{display:block;font-weight:400;opacity:.75}"
        ".sk-grid .who{display:flex;gap:.45rem;align-items:baseline}"
        ".sk-grid .no{font-weight:400;opacity:.75}"
        ".sk-grid .count{margin-left:auto;border-radius:1rem;padding:0 .45rem}"
        ".sk-grid td.missing,.sk-legend .missing{font-weight:700}"
        ".sk-grid td.aside{opacity:.4}.sk-grid thead th.aside>*{opacity:.55}"
        ".sk-grid td.off{color:transparent;background:none}"
        ".sk-legend{display:flex;flex-wrap:wrap;gap:.35rem .9rem;font-size:.85rem;margin:.2rem 0}"
        ".sk-legend b{border-radius:.3rem;padding:.05rem .4rem;font-weight:500;margin-right:.3rem}"
        f"{states}</style>"
    )


STYLE = _style()


def legend(states: list[str]) -> str:
    """What the words of the grid mean, for the states that occur."""
    from schoolkit.submissions.wording import MEANINGS, SHORT_STATES

    words = [(one, short) for one, short in SHORT_STATES.items() if one in states]
    parts = [f'<span><b class="{one}">{short}</b>{MEANINGS[one]}</span>' for one, short in words]
    return f'<div class="sk-legend">{"".join(parts)}</div>'


def grid_html(pupils: pd.DataFrame, tasks: pd.DataFrame, rows: pd.DataFrame, wanted: list[str]) -> str:
    """One class as HTML.

    Args:
        pupils, tasks: rows of :class:`Overview`'s, those to be shown.
        rows: the rows of these pupils and assignments.
        wanted: the only states to be shown; every state if empty.
    """
    from schoolkit.submissions.wording import SHORT_STATES

    cells = {
        (pupil, task): (state, submitted_at)
        for pupil, task, state, submitted_at in zip(
            rows["pupil"].tolist(),
            rows["task"].tolist(),
            rows["shown"].tolist(),
            _times(rows["submitted_at"]),
            strict=True,
        )
    }
    aside = (tasks["hidden"] | tasks["left_out"]).to_dict()
    # a cell's HTML but for the time, which few kinds have
    drawn = {
        (state, is_aside): _cell(state, short, is_aside, wanted)
        for state, short in SHORT_STATES.items()
        for is_aside in (False, True)
    }
    lines = []
    for pupil, number, name, to_urge in zip(
        pupils.index.tolist(),
        pupils["student_no"].fillna("").tolist(),
        pupils["name"].fillna("").tolist(),
        pupils["to_urge"].tolist(),
        strict=True,
    ):
        count = f'<span class="count missing">{to_urge}</span>' if to_urge else ""
        who = f'<span class="no">{html.escape(number)}</span>' if number else ""
        line = [f'<tr><th><div class="who">{who}{html.escape(name)}{count}</div></th>']
        for task, is_aside in aside.items():
            state, submitted_at = cells.get((pupil, task), ("", ""))
            if not state:
                line.append('<td class="off"></td>')
            else:
                line.append(drawn[state, is_aside].replace("@", submitted_at, 1))
        lines.append("".join(line))
    head = "".join(_head(task) for task in tasks.to_dict("records"))
    return (
        f'<div class="sk-grid"><table><thead><tr><th>학생<small>빨간 수는 미제출 건수</small></th>{head}</tr></thead>'
        f"<tbody>{'</tr>'.join(lines)}</tr></tbody></table></div>"
    )


def _cell(state: str, short: str, is_aside: bool, wanted: list[str]) -> str:
    if wanted and state not in wanted:
        return '<td class="off"></td>'
    kind = f"{state} aside" if is_aside else state
    return f'<td class="{kind}"@>{short}</td>'


def _times(times: pd.Series) -> list[str]:
    shown = times.dt.strftime(' title="%m월 %d일 %H:%M에 냄"')
    return shown.fillna("").tolist()


def _head(task: dict) -> str:
    due = "" if pd.isna(task["due"]) else f"<small>{task['due']:%m.%d. %H:%M}까지</small>"
    rate = "" if pd.isna(task["rate"]) else f"{percent(task['rate'])} 제출"
    rate = " · ".join(filter(None, [rate, f"모름 {task['unknown']}" if task["unknown"] else ""]))
    title = html.escape(task["assignment"])
    mark = "숨김" if task["hidden"] else "세지 않음" if task["left_out"] else rate
    kind = ' class="aside"' if task["hidden"] or task["left_out"] else ""
    return f'<th{kind} title="{title}"><div class="title">{title}</div>{due}<small>{mark}</small></th>'


def percent(rate: float) -> str:
    """A share in whole per cent; 100 and 0 only where it is all or nothing."""
    return f"{min(99, max(1, round(rate * 100))) if 0 < rate < 1 else round(rate * 100)}%"
