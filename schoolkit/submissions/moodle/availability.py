"""Moodle's conditions on who may see an activity, judged for one pupil."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from ..status import KOREA


def may_see(availability: str | None, groups: Collection[int] | None, at: datetime) -> bool | None:
    """Whether a pupil may see an activity; None where that hangs on what cannot be asked (marks, profile, grouping).

    A time until which it can be seen counts as open: what was to be handed in by then is still missing.

    Args:
        availability: the JSON tree that Moodle stores (``core_availability``), None if there is none.
        groups: the pupil's groups, None if they are not known.
        at: the time of reading.

    >>> may_see('{"op":"&","c":[{"type":"group","id":7}],"showc":[true]}', {8}, datetime.now().astimezone())
    False
    """
    if availability is None:
        return True
    try:
        return _holds(json.loads(availability), False, groups, at)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError, RecursionError):
        return None


def _holds(node: dict, negated: bool, groups: Collection[int] | None, at: datetime) -> bool | None:
    if "op" in node:
        negated ^= node["op"].startswith("!")
        every = (node["op"][-1] == "&") != negated
        return _together([_holds(one, negated, groups, at) for one in node["c"]], every)
    if node["type"] == "date":
        opening = (node["d"] == ">=") != negated
        return at >= datetime.fromtimestamp(node["t"], KOREA) if opening else True
    if node["type"] == "group" and groups is not None:
        inside = node["id"] in groups if "id" in node else bool(groups)
        return inside != negated
    return None


def _together(held: list[bool | None], every: bool) -> bool | None:
    if not held:
        return True
    if (not every) in held:
        return not every
    return None if None in held else every
