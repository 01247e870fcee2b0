"""Pairs and groups of spellings as HTML, their differing letters marked as with a highlighter."""

from __future__ import annotations

import html

import pandas as pd

from .marks import Fragments, differing_fragments
from .pair_table import VERDICTS

CARD_STYLE = """<style>
.sk-pair .head{display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:baseline;margin-bottom:.4rem}
.sk-pair .who{font-weight:600}
.sk-pair .verdict{border-radius:1rem;padding:.05rem .6rem;font-size:.85rem;color:#fff;background:#b3261e}
.sk-pair .verdict.check{background:#8a5a00}
.sk-pair .score,.sk-pair .where,.sk-pair .why{font-size:.88rem;opacity:.8}
.sk-pair .entry{display:flex;flex-wrap:wrap;gap:.1rem .8rem;align-items:baseline;margin:.15rem 0}
.sk-pair .book{font-size:1.05rem}
.sk-pair mark{background:#ffe066;color:#000;padding:0 .1em;border-radius:.15em}
</style>"""


def pair_card(pair: dict) -> str:
    """A row of :func:`pair_table`: whose pair it is, both records with their places, and why it is shown."""
    seat = "" if pair["seat_no"] is None else f" {pair['seat_no']}번"
    who = f"{pair['class_name']}{seat} {pair.get('name') or '이름 없는 학생'}"
    kind = "same" if pair["verdict"] == VERDICTS["same"] else "check"
    period = f'<span class="score">{pair["period"]}</span>' if pair.get("period") else ""
    lines = [
        f'<div class="entry"><span class="book">{_marked(fragments)}</span>'
        f'<span class="where">{html.escape(_where(pair, side))}</span></div>'
        for side, fragments in zip("ab", differing_fragments(pair["book_a"], pair["book_b"]), strict=True)
    ]
    return (
        f'<div class="sk-pair"><div class="head"><span class="who">{html.escape(who)}</span>'
        f'<span class="verdict {kind}">{pair["verdict"]}</span>'
        f'<span class="score">유사도 {pair["score"]:.0%}</span>{period}</div>{"".join(lines)}'
        f'<div class="why">{html.escape(" · ".join(pair["reasons"].split("; ")))}</div></div>'
    )


def group_card(spellings: pd.DataFrame, right: str | None) -> str:
    """The spellings of one book, each held against the right one; None if there is none."""
    lines = []
    for one in spellings.to_dict("records"):
        fragments = [(one["book"], False)] if right is None else differing_fragments(one["book"], right)[0]
        why = one["reasons"].replace("; ", " · ") if one["book"] != right else ""
        lines.append(
            f'<div class="entry"><span class="book">{_marked(fragments)}</span>'
            f'<span class="where">학생 {one["pupils"]}명 · 기록 {one["entries"]}건</span>'
            f'<span class="why">{html.escape(why)}</span></div>'
        )
    return f'<div class="sk-pair">{"".join(lines)}</div>'


def _where(pair: dict, side: str) -> str:
    place = f"{pair[f'file_{side}']} {pair[f'row_{side}']}행"
    term = pair[f"place_{side}"]
    return place if term == place else f"{term} · {place}"


def _marked(fragments: Fragments) -> str:
    return "".join(f"<mark>{html.escape(text)}</mark>" if differs else html.escape(text) for text, differs in fragments)
