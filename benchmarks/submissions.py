"""What the one table of a school costs: 5 classes of 150 pupils with 30 assignments each.

    python benchmarks/submissions.py

Ratios are to putting the same rows into a plain pandas frame, which is the machine's speed of that day. Requests are
counted on the tests' own server, which answers with what a real Moodle was recorded to answer.
"""

from __future__ import annotations

import logging
import random
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from schoolkit.submissions.report import submission_csv, write_submission_report
from schoolkit.submissions.status import COLUMNS, KOREA, Row, missing_submissions, submission_table
from schoolkit.submissions.summaries import assignment_summary, pupil_summary

ROOT = Path(__file__).resolve().parent.parent

CLASSES, PUPILS, ASSIGNMENTS, ROUNDS = 5, 150, 30, 5
AT = datetime(2026, 11, 21, 17, tzinfo=KOREA)
# of a hundred hand-ins
WEIGHTS = {"submitted": 60, "late": 8, "draft": 3, "returned": 2, "missing": 21, "excused": 1, "not_yet_due": 5}


def school_rows() -> list[Row]:
    rng = random.Random(1)
    rows = []
    for class_no in range(1, CLASSES + 1):
        dues = [AT + timedelta(days=rng.randrange(-60, 10)) for _ in range(ASSIGNMENTS)]
        for pupil in range(1, PUPILS + 1):
            for number, due in enumerate(dues, start=1):
                state = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
                handed_in = due - timedelta(hours=rng.randrange(200)) if state in ("submitted", "late") else None
                who = (f"1학년 {class_no}반", f"1{class_no:02d}{pupil:03d}", f"학생{pupil}")
                where = (number == ASSIGNMENTS, "benchmark", str(class_no), str(100 * class_no + number))
                rows.append(Row(*who, f"과제 {number}", due, state, handed_in, *where))
    return rows


def grids(table: pd.DataFrame) -> list[str]:
    """Every class as the page draws it."""
    from pages.parts.submissions_grid import grid_html
    from pages.parts.submissions_overview import overview

    view = overview(table, AT)
    drawn = []
    for name, pupils in view.pupils.groupby("class_name"):
        tasks, rows = view.tasks[view.tasks["class_name"] == name], view.rows[view.rows["class_name"] == name]
        drawn.append(grid_html(pupils, tasks, rows, []))
    return drawn


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def requests() -> list[tuple[str, int]]:
    """Ways to find out about five recorded classes, and how many requests each takes."""
    from moodle_server import TOKEN, MoodleServer
    from pytest_httpserver import HTTPServer

    from schoolkit.submissions.moodle.source import collect_moodle

    with HTTPServer() as server:
        site = MoodleServer(server)
        table = collect_moodle(site.url, token=TOKEN)
    tasks = len(table[["course_id", "assignment_id"]].drop_duplicates())
    return [
        ("`collect_moodle`", len(site.asked)),
        ("the list of hand-ins of each assignment", tasks),
        ("the page of each pupil's each assignment that pupils can see", int((~table["hidden"]).sum())),
        ("the same, hidden assignments too", len(table)),
    ]


def main() -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    rows = school_rows()
    table = submission_table(rows)
    works = {
        "a plain frame of the rows": lambda: pd.DataFrame(rows, columns=list(COLUMNS)),
        "the one table of the rows": lambda: submission_table(rows),
        "`missing_submissions`": lambda: missing_submissions(table, AT),
        "`assignment_summary`": lambda: assignment_summary(table, AT),
        "`pupil_summary`": lambda: pupil_summary(table, AT),
        "the grids of all classes, as the page draws them": lambda: grids(table),
        "the workbook": lambda: write_submission_report(table, at=AT),
        "the CSV": lambda: submission_csv(table, at=AT),
    }
    # one round after another, so that each ratio is of two times that lie close together
    rounds = pd.DataFrame([{name: seconds(work) for name, work in works.items()} for _ in range(ROUNDS)])
    ratios = rounds.div(rounds.iloc[:, 0], axis=0).median()
    print(f"{len(table):,} rows, {ROUNDS} rounds\n\n| | seconds, best | ratio, median |\n|---|---|---|")
    for name, best in rounds.min().items():
        print(f"| {name} | {best:.3f} | {ratios[name]:.2f} |")
    print("\n| | requests |\n|---|---|")
    for name, count in requests():
        print(f"| {name} | {count} |")


if __name__ == "__main__":
    main()
