"""Sheets for pupils: a table of the groups to post in a classroom, and cards to cut out.

They show names and leaders, and nothing else that is known of a pupil.
"""

from __future__ import annotations

import datetime
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ..sheets import Looks, print_on_a4, safe_text, write_text
from .leaders import leaders
from .result import Grouping
from .wording import Wording

# What an A4 page holds within margins of 0.4 inch, in points and in pixels; a little is kept free.
_MARGIN = 0.4
_LANDSCAPE_HEIGHT, _LANDSCAPE_WIDTH = 525.0, 1020.0
_PORTRAIT_HEIGHT, _PORTRAIT_WIDTH = 768.0, 690.0
_POINTS_A_PIXEL = 0.75
# The height of a row in ems of its text, and the smallest letters that are read from some way off.
_LINE = 1.7
_READABLE_TABLE, _READABLE_CARD = 12, 14
_TITLE_HEIGHT, _LEGEND_HEIGHT, _TALLEST_CELL = 40.0, 24.0, 54.0
_LARGEST = 24
_STAR = "★ "
_EDGE = {"border": 1, "border_color": "#8C8C8C"}
_CUT = 3  # a dashed line
_CUT_COLOUR = "#7F7F7F"


@dataclass(frozen=True)
class Handout:
    """A grouping under its title, as pupils see it.

    Attributes:
        title: what stands above it.
        groups: each group's name and its members, leaders first and with a star.
        legend: what the star means; empty if there is none.
    """

    title: str
    groups: list[tuple[str, list[str]]]
    legend: str


def handout(grouping: Grouping, title: str, wording: Wording) -> Handout:
    called, leading = leaders(grouping)
    groups = []
    for group in range(1, grouping.n_groups + 1):
        members = sorted(grouping.members(group), key=lambda label: label not in leading)
        shown = [safe_text(_STAR * (label in leading) + label) for label in members]
        groups.append((safe_text(wording.group(group)), shown))
    return Handout(safe_text(title), groups, f"{_STAR}{safe_text(called)}" if leading else "")


def write_group_tables(workbook: Workbook, sheet: Worksheet, parts: Sequence[Handout], date: datetime.date) -> None:
    """A page of A4 for each grouping, or more where they must: groups side by side, as large as they fit."""
    tallest, longest = _tallest(parts), _longest(parts)
    layout = _table_layout(max(len(part.groups) for part in parts), tallest, longest)
    across, height = layout.across, layout.height
    looks = Looks(
        workbook,
        {
            "title": {"bold": True, "font_size": 20, "valign": "vcenter"},
            "date": {"align": "right", "valign": "vcenter", "font_size": 11},
            "legend": {"valign": "vcenter", "font_size": 12},
            "number": {**_EDGE, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#DDE6F0"},
            "name": {**_EDGE, "align": "center", "valign": "vcenter", "shrink": True},
            "letters": {"font_size": layout.font},
        },
    )
    _set_up(sheet, landscape=layout.landscape)
    page_height, page_width = layout.page
    sheet.set_column(0, across - 1, _column_units(page_width / across))
    row, breaks = 0, []
    for part in parts:
        for start in range(0, len(part.groups), layout.a_page):
            if row:
                breaks.append(row)
            write_text(sheet, looks, row, 0, part.title, "title")
            write_text(sheet, looks, row, max(across - 1, 1), f"{date.year}. {date.month}. {date.day}.", "date")
            sheet.set_row(row, _TITLE_HEIGHT)
            row, used = row + 1, _TITLE_HEIGHT
            shown = part.groups[start : start + layout.a_page]
            for first in range(0, len(shown), across):
                band = shown[first : first + across]
                rows = max(len(members) for _, members in band)
                for column, (name, members) in enumerate(band):
                    write_text(sheet, looks, row, column, name, "number", "letters")
                    for below, member in enumerate(members + [""] * (rows - len(members)), start=1):
                        write_text(sheet, looks, row + below, column, member, "name", "letters")
                for at in range(row, row + rows + 1):
                    sheet.set_row(at, height)
                sheet.set_row(row + rows + 1, height / 3)
                row, used = row + rows + 2, used + height * (rows + 1) + height / 3
            if part.legend:
                write_text(sheet, looks, row, 0, part.legend, "legend")
            # Excel may pass over the break by hand; the page is full there anyway
            sheet.set_row(row, max(page_height - used, _LEGEND_HEIGHT))
            row += 1
    sheet.set_h_pagebreaks(breaks)
    sheet.print_area(0, 0, row - 1, max(across - 1, 1))


def write_cards(workbook: Workbook, sheet: Worksheet, parts: Sequence[Handout]) -> None:
    """Cards to cut out, two side by side on A4: a group's number and its members."""
    tallest = _tallest(parts)
    down, beside, font, line, head = _card_layout(max(len(part.groups) for part in parts), tallest, _longest(parts))
    grey = {
        "top_color": _CUT_COLOUR,
        "bottom_color": _CUT_COLOUR,
        "left_color": _CUT_COLOUR,
        "right_color": _CUT_COLOUR,
    }
    looks = Looks(
        workbook,
        {
            "number": {"bold": True, "font_size": max(font + 6, 20), "align": "center", "valign": "vcenter", **grey},
            "name": {"font_size": font, "align": "center", "valign": "vcenter", "shrink": True, **grey},
            "foot": {"font_size": 9, "align": "center", "valign": "vcenter", "font_color": "#595959", **grey},
            **{f"cut {side}": {side: _CUT} for side in ("top", "bottom", "left", "right")},
        },
    )
    _set_up(sheet, landscape=False)
    sheet.set_column(0, 2 * beside - 1, _column_units(_PORTRAIT_WIDTH / (2 * beside)))
    rows = math.ceil(tallest / beside)
    row, breaks, on_page = 0, [], 0
    for part in parts:
        if on_page:
            breaks.append(row)
        on_page = 0
        for first in range(0, len(part.groups), 2):
            if on_page == down:
                breaks.append(row)
                on_page = 0
            for side, number in enumerate(range(first, min(first + 2, len(part.groups)))):
                _write_card(sheet, looks, row, side * beside, beside, rows, part, number)
            sheet.set_row(row, head)
            for at in range(row + 1, row + rows + 1):
                sheet.set_row(at, line)
            sheet.set_row(row + rows + 1, _LEGEND_HEIGHT)
            row, on_page = row + rows + 2, on_page + 1
    sheet.set_h_pagebreaks(breaks)
    sheet.print_area(0, 0, row - 1, 2 * beside - 1)


def _write_card(
    sheet: Worksheet, looks: Looks, top: int, left: int, beside: int, rows: int, part: Handout, number: int
) -> None:
    def across(row: int, text: str, *names: str) -> None:
        if beside > 1:
            sheet.merge_range(row, left, row, left + beside - 1, "", looks(*names, "cut left", "cut right"))
        write_text(sheet, looks, row, left, text, *names, "cut left", "cut right")

    name, members = part.groups[number]
    across(top, name, "number", "cut top")
    members = members + [""] * (rows * beside - len(members))
    for at, member in enumerate(members):
        column, row = divmod(at, rows)
        sides = ["cut left"] * (column == 0) + ["cut right"] * (column == beside - 1)
        write_text(sheet, looks, top + 1 + row, left + column, member, "name", *sides)
    across(top + rows + 1, " · ".join(filter(None, [part.title, part.legend])), "foot", "cut bottom")


def _set_up(sheet: Worksheet, *, landscape: bool) -> None:
    print_on_a4(sheet, landscape=landscape)
    sheet.set_margins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    sheet.set_footer("", {"margin": 0.1})
    sheet.set_header("", {"margin": 0.1})
    sheet.hide_gridlines(2)
    sheet.set_tab_color("#1F6F54")


@dataclass(frozen=True)
class _Table:
    """How groups stand on a page: how many side by side and in all; points of a row and of its letters."""

    landscape: bool
    across: int
    a_page: int
    height: float
    font: int

    @property
    def page(self) -> tuple[float, float]:
        """What a page holds: points of height and pixels of width."""
        return _page(self.landscape)


def _page(landscape: bool) -> tuple[float, float]:
    return (_LANDSCAPE_HEIGHT, _LANDSCAPE_WIDTH) if landscape else (_PORTRAIT_HEIGHT, _PORTRAIT_WIDTH)


def _table_layout(groups: int, tallest: int, longest: float) -> _Table:
    """On as few pages as can be read, with the largest letters; upright where groups are long."""
    best = None
    for pages, landscape in product(range(1, groups + 1), (True, False)):
        a_page = math.ceil(groups / pages)
        for across in range(1, a_page + 1):
            bands = math.ceil(a_page / across)
            page_height, page_width = _page(landscape)
            free = page_height - _TITLE_HEIGHT - _LEGEND_HEIGHT
            height = min(free / (bands * (tallest + 1 + 1 / 3)), _TALLEST_CELL)
            font = math.floor(min(_fitting(page_width / across, longest), height / _LINE, _LARGEST))
            # the largest letters, then the fewest empty places, then the longest rows
            rank = (min(font, _READABLE_TABLE), landscape, font, a_page - bands * across, across)
            if best is None or rank > best[0]:
                best = rank, _Table(landscape, across, a_page, height, max(font, 6))
        if best[0][0] == _READABLE_TABLE and not landscape:
            break
    return best[1]


def _card_layout(groups: int, tallest: int, longest: float) -> tuple[int, int, float, float, float]:
    """Cards below one another, columns of names, size of the letters, height of a line and of the number.

    Of those that can be read well, the layout with the fewest pages and then the largest letters.
    """
    found = []
    for down in (4, 3, 2, 1):
        head = min(0.2 * _PORTRAIT_HEIGHT / down, 60)
        for beside in (1, 2):
            line = (_PORTRAIT_HEIGHT / down - head - _LEGEND_HEIGHT) / math.ceil(tallest / beside)
            font = math.floor(min(_fitting(_PORTRAIT_WIDTH / (2 * beside), longest), line / _LINE, _LARGEST))
            pages = math.ceil(groups / (2 * down))
            found.append(((min(font, _READABLE_CARD), -pages, -beside, font), (down, beside, max(font, 6), line, head)))
    return max(found)[1]


def _tallest(parts: Sequence[Handout]) -> int:
    return max(len(members) for part in parts for _, members in part.groups)


def _longest(parts: Sequence[Handout]) -> float:
    """The length of a long name in ems; the few longest ones may shrink."""
    lengths = sorted(_ems(member) for part in parts for _, members in part.groups for member in members)
    return max(lengths[int(0.95 * (len(lengths) - 1))], 3.0)


def _ems(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.6 for letter in text)


def _fitting(pixels: float, ems: float) -> float:
    """The size in points at which so many ems fill a cell."""
    return (pixels - 14) / ems * _POINTS_A_PIXEL


def _column_units(pixels: float) -> float:
    """Excel's units of a column so many pixels wide, in the workbook's font."""
    return (pixels - 5) / 7
