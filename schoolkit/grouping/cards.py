"""Groups as HTML cards."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..rosters.headers import category_text
from .leaders import leaders
from .result import Grouping
from .wording import Wording

# Greys with some transparency, so that the page's own colours show in a light and in a dark theme.
CARD_STYLE = """<style>
ul.sk-groups{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(9.2rem,100%),1fr));gap:.6rem;
  margin:0;padding:0;list-style:none}
.sk-groups .group{border:1px solid rgba(128,128,128,.4);border-radius:.6rem;overflow:hidden;
  background:rgba(128,128,128,.06);margin:0}
.sk-groups .head{display:flex;justify-content:space-between;align-items:baseline;gap:.4rem;
  padding:.35rem .7rem;background:rgba(31,111,84,.2)}
.sk-groups .number{font-weight:700;font-size:1.1rem}
.sk-groups .count,.sk-groups .more{font-size:.82rem;opacity:.8}
.sk-groups .members{margin:0;padding:.4rem .7rem .5rem;list-style:none}
.sk-groups .members li{display:flex;flex-wrap:wrap;align-items:baseline;column-gap:.4rem;margin:.18rem 0;
  overflow-wrap:anywhere}
.sk-groups .badge{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .45rem;
  font-size:.75rem;line-height:1.35;opacity:.9}
.sk-groups .away{border-style:dashed}
.sk-groups .away .head{background:none}
</style>"""


def group_cards_html(grouping: Grouping, *, extra_columns: Sequence[str] = (), names: Sequence[str] = ()) -> str:
    """A grid of cards, one per group: its number, how many they are, its members; leaders have a badge.

    A last card holds absent pupils, if there are any. The style of the cards is ``CARD_STYLE``.

    Args:
        extra_columns: columns of the list whose cells stand behind each name.
        names: the groups' own names, in place of ``1모둠``, ``2모둠``, …

    Raises:
        KeyError: the list has no such column.
    """
    called, leading = leaders(grouping)
    wording = Wording(names=tuple(names))
    extra = grouping.students[list(extra_columns)]

    def card(title: str, rows: Sequence[int], kind: str) -> str:
        members = []
        for row in rows:
            label = grouping.labels[row]
            badge = f'<span class="badge">{html.escape(called)}</span>' if label in leading else ""
            cells = [category_text(value) for value in extra.iloc[row] if not pd.isna(value)]
            more = f'<span class="more">{html.escape(" · ".join(filter(None, cells)))}</span>' if any(cells) else ""
            members.append(f"<li>{html.escape(label)}{badge}{more}</li>")
        return (
            f'<li class="{kind}"><div class="head"><span class="number">{title}</span>'
            f'<span class="count">{len(rows)}명</span></div><ul class="members">{"".join(members)}</ul></li>'
        )

    cards = [
        card(html.escape(wording.group(group + 1)), grouping.present[grouping.groups == group].tolist(), "group")
        for group in range(grouping.n_groups)
    ]
    away = np.setdiff1d(np.arange(len(grouping.students)), grouping.present).tolist()
    if away:
        cards.append(card("결석", away, "group away"))
    return f'<ul class="sk-groups">{"".join(cards)}</ul>'
