"""Files of the kinds that Moodle and its like export, and what they say."""

from datetime import datetime

from schoolkit.submissions.exports.canvas import read_canvas
from schoolkit.submissions.exports.classroom import read_classroom
from schoolkit.submissions.exports.moodle import (
    read_completion,
    read_gradebook,
    read_worksheet,
)
from schoolkit.submissions.status import KOREA
from schoolkit.tables import read_tables

READERS = (read_worksheet, read_completion, read_gradebook, read_canvas, read_classroom)


def table(file):
    (only,) = read_tables(*file)
    return only


def at(month, day, hour=0, minute=0, second=0):
    return datetime(2026, month, day, hour, minute, second, tzinfo=KOREA)


def said(export):
    """What the lines say, a row per pupil in the order of tasks."""
    by_row = {}
    for line in export.lines:
        by_row.setdefault(line.row, []).append(line.said)
    return by_row
