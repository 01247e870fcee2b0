"""Which kind of export a sheet is: each known kind is asked in turn."""

from __future__ import annotations

from collections.abc import Sequence

from ...tables import Table
from .canvas import read_canvas
from .classroom import read_classroom
from .export import Export
from .forms import read_google_form, read_ms_form
from .mapped_table import read_mapped
from .mapping import TableMapping
from .moodle import read_completion, read_gradebook, read_worksheet
from .teams import read_teams

READERS = (
    read_worksheet,
    read_completion,
    read_gradebook,
    read_canvas,
    read_classroom,
    read_google_form,
    read_ms_form,
    read_teams,
)


def read_export(table: Table, mappings: Sequence[TableMapping] = ()) -> Export | None:
    """What a sheet says; None if it is of no known kind and no mapping is for it.

    Of several mappings the first that fits is taken; if none does, the last one says what is lacking.

    Raises:
        InputError: it is of a known kind, but can't be used, or lacks a column that the mapping names.
    """
    for read in READERS:
        if export := read(table):
            return export
    if not mappings:
        return None
    return read_mapped(table, next((one for one in mappings if one.fits(table)), mappings[-1]))
