"""Admin chores of Korean teachers, done: duplicate books in reading records, fair groups and classes, missing work.

Every public name is loaded on first use, so that ``import schoolkit`` is quick and small.
"""

from __future__ import annotations

import importlib

_HOME = {
    "ContradictoryRules": "grouping.fairest",
    "Groups": "grouping.groups",
    "InputError": "errors",
    "Problem": "errors",
    "TableMapping": "submissions.exports.mapping",
    "assign_groups": "grouping.groups",
    "assignment_summary": "submissions.summaries",
    "collect_classroom": "submissions.classroom.source",
    "collect_moodle": "submissions.moodle.source",
    "compare_books": "reading.similarity",
    "correction_list": "reading.correction_list",
    "find_duplicates": "reading.duplicates",
    "read_decisions": "reading.marked_reports",
    "group_spellings": "reading.by_book",
    "write_correction_list": "reading.correction_list",
    "missing_submissions": "submissions.status",
    "morpheme_similarity": "reading.morphemes",
    "pupil_summary": "submissions.summaries",
    "read_reading_records": "reading.records",
    "read_roster": "submissions.roster",
    "read_submissions": "submissions.exports.reading",
    "stream_duplicates": "reading.streaming",
    "urging_messages": "submissions.messages",
    "write_duplicate_report": "reading.report",
    "write_submission_report": "submissions.report",
}

__version__ = "0.1.0"
__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'schoolkit' has no attribute '{name}'")
    value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
