"""The downloads of a real Moodle server beside the truth."""

import csv

import pytest
from conftest import ROOT
from moodle_files import READERS, table

from schoolkit.submissions.exports.export import Written
from schoolkit.submissions.exports.moodle import (
    read_completion,
    read_gradebook,
    read_worksheet,
)


@pytest.fixture
def recorded():
    """The downloads of a real Moodle server, with the truth beside them."""
    folder = ROOT.parent / "shared" / "submissions" / "moodle"
    if not folder.exists():
        pytest.skip("shared/submissions/moodle is not here")
    return folder


@pytest.fixture
def truth(recorded):
    with open(recorded / "truth.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def recording(folder, name):
    return table((name, (folder / "web" / name).read_bytes()))


def is_listed(row):
    return row["enrolment"] not in ("enrolment_suspended", "enrolment_ended")


@pytest.mark.parametrize(
    ("class_no", "key"), [(1, "A1"), (1, "A2"), (1, "A3"), (1, "A4"), (2, "A1"), (3, "A1"), (3, "A5")]
)
def test_the_recorded_worksheets_give_the_truth(recorded, truth, class_no, key):
    states = {"none": "nothing", "new": "nothing", "draft": "draft", "reopened": "returned"}
    export = read_worksheet(recording(recorded, f"grading_worksheet_c{class_no}_{key}.csv"))
    with_dates = export.tasks[0].due is not None
    expected = {}
    for row in truth:
        if (row["class"], row["assign_key"]) != (str(class_no), key) or not is_listed(row):
            continue
        state = states.get(row["state"]) or ("late" if row["late"] == "1" else "handed_in")
        submitted_at = row["submitted_at"][:16] if row["state"] == "submitted" else ""
        due = (row["override_due"] or row["duedate"]) if with_dates else ""
        expected[row["username"]] = (state, submitted_at, row["extension_until"][:16] or due[:16])

    def minute(time):
        return time.strftime("%Y-%m-%d %H:%M") if time else ""

    assert {
        line.who.numbers[0]: (line.said, minute(line.submitted_at), minute(line.due or export.tasks[0].due))
        for line in export.lines
    } == expected
    assert export.notices == ()


@pytest.mark.parametrize("class_no", [1, 2, 3])
def test_the_recorded_completion_reports_give_the_truth(recorded, truth, class_no):
    export = read_completion(recording(recorded, f"activity_completion_c{class_no}.csv"))
    expected = {
        (row["username"], row["assignment"]): "handed_in" if row["submitted"] == "1" else "nothing"
        for row in truth
        if row["class"] == str(class_no) and is_listed(row)
    }
    assert {(line.who.numbers[0], export.tasks[line.task].title): line.said for line in export.lines} == expected


def test_the_recorded_excel_report_says_what_the_other_one_says(recorded):
    plain = read_completion(recording(recorded, "activity_completion_c1.csv"))
    excel = read_completion(recording(recorded, "activity_completion_c1_excelcsv.csv"))
    assert (excel.tasks, excel.lines) == (plain.tasks, plain.lines)


@pytest.mark.parametrize("class_no", [1, 2, 3])
def test_the_recorded_gradebooks_never_call_missing_what_they_cannot_know(recorded, truth, class_no):
    export = read_gradebook(recording(recorded, f"gradebook_c{class_no}.csv"))
    rows = {(row["username"], row["assignment"]): row for row in truth if row["class"] == str(class_no)}
    assert len(export.lines) == sum(map(is_listed, rows.values()))
    for line in export.lines:
        row = rows[line.who.numbers[0], export.tasks[line.task].title]
        assert line.said in ("handed_in", "unknown")
        # a mark stays when the work is given back
        assert line.said == "unknown" or row["state"] in ("submitted", "reopened")
        assert line.said == "handed_in" or row["grade"] in ("", "0")


def test_each_recorded_download_is_taken_for_what_it_is(recorded):
    kinds = {"grading": read_worksheet, "activity": read_completion, "gradebook": read_gradebook, "participants": None}
    for path in sorted((recorded / "web").glob("*.csv")):
        taken = [reader for reader in READERS if reader(recording(recorded, path.name))]
        wanted = kinds[path.name.split("_")[0]]
        assert (path.name, taken) == (path.name, [wanted] if wanted else [])


def test_a_name_that_holds_the_student_number_is_parted(recorded):
    export = read_worksheet(recording(recorded, "grading_worksheet_c5_A1.csv"))
    assert export.lines[0].who == Written(("신율",), ("10501",), "10501@example.invalid")
