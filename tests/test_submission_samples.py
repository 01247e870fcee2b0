"""The invented school holds what it claims to hold, and what is read of its files is its truth."""

import csv
import io
import subprocess
import sys
from collections import Counter

import pandas as pd
import pytest

from schoolkit.rosters.pupil_list import read_students
from schoolkit.samples.submissions import SAMPLE_AT, SAMPLE_EXPORTS, SAMPLE_ROSTER, SAMPLE_TRUTH, submission_school
from schoolkit.submissions.exports.reading import read_submissions
from schoolkit.submissions.roster import read_roster
from schoolkit.submissions.status import STATES

COMPLETION_1, COMPLETION_2, WORKSHEET, CLASSROOM, FORM = SAMPLE_EXPORTS
COLUMNS = ["class_name", "student_no", "name", "assignment", "state"]
# whose the two lines are that the form does not say
SHARED_NAME, SLIP = "10205", "10309"


def cells(data: bytes, encoding: str = "utf-8", delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(encoding)), delimiter=delimiter))


@pytest.fixture(scope="module")
def school():
    return submission_school()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_school(school):
    again, other = submission_school(), submission_school(seed=2)
    assert again.files == school.files
    assert again.answers == school.answers
    pd.testing.assert_frame_equal(again.truth, school.truth)
    assert list(other.files) == list(school.files)
    assert not other.truth["name"].equals(school.truth["name"])


def test_importing_the_samples_loads_no_faker():
    code = "import schoolkit.samples.submissions, sys; print('faker' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_roster_has_namesakes_in_a_class_and_over_classes_and_one_who_has_left(seed):
    school = submission_school(seed=seed)
    pupils = read_students((SAMPLE_ROSTER, school.files[SAMPLE_ROSTER]))
    assert pupils.groupby("반")["번호"].agg(list).tolist() == [list(range(1, 31))] * 5
    names = pupils.set_index("학번")["이름"]
    shared = [sorted(numbers) for numbers in pupils.groupby("이름")["학번"].agg(list) if len(numbers) > 1]
    assert sorted(shared) == [[10107, 10121], [10205, 10412]]
    assert names[10330] == "Nguyen Minh Anh"
    assert [number for number, name in names.items() if "(" in name] == [10518]
    assert len(read_roster((SAMPLE_ROSTER, school.files[SAMPLE_ROSTER]))) == 149


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_form_has_one_line_too_many_and_two_that_say_no_one(seed):
    school = submission_school(seed=seed)
    header, *lines = cells(school.files[FORM])
    assert header == ["타임스탬프", "이메일 주소", "학번과 이름", "희망 계열"]
    written = [line[2] for line in lines]
    assert [text[:5] for text, count in Counter(written).items() if count > 1] == ["10404"]
    bare = [text for text in written if not any(map(str.isdigit, text))]
    names = Counter(read_roster((SAMPLE_ROSTER, school.files[SAMPLE_ROSTER]))["name"])
    assert sorted(names[text] for text in bare) == [0, 1, 2]
    assert school.answers == dict(
        zip(sorted(bare, key=lambda text: -names[text])[::2], [SHARED_NAME, SLIP], strict=True)
    )
    assert sum(text.startswith("1학년 2반 3번 ") for text in written) == 1


def test_the_files_look_as_the_systems_write_them(school):
    completion, for_excel = school.files[COMPLETION_1], school.files[COMPLETION_2]
    head = [
        "",
        "ID number",
        "Email address",
        "독서 감상문",
        "",
        "관찰 &amp; 탐구 보고서",
        "",
        "진로 성찰 일지(수시)",
        "",
    ]
    assert cells(completion)[0] == head
    assert for_excel.startswith(b"\xff\xfe")
    assert cells(for_excel, "utf-16", "\t")[0] == head
    assert school.files[WORKSHEET].startswith("\ufeffIdentifier,Full name,ID number,Email address,Status,".encode())
    assert cells(school.files[CLASSROOM])[0] == ["Last Name", "First Name", "Email Address", "독서 감상문", "시 창작"]
    assert [len(cells(completion)), len(cells(school.files[WORKSHEET], "utf-8-sig"))] == [31, 31]


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_truth_has_a_row_per_pupil_and_assignment(seed):
    truth = submission_school(seed=seed).truth
    assert truth.columns.tolist() == COLUMNS
    assert not truth.duplicated(["student_no", "assignment"]).any()
    # three assignments in two classes, one, two and none in the others, and the form
    assert truth.groupby("class_name").size().tolist() == [120, 120, 60, 90, 29]
    assert set(truth["state"]) <= set(STATES)
    assert {"submitted", "late", "missing", "unknown"} <= set(truth["state"])


def read(files: dict[str, bytes], **options) -> pd.DataFrame:
    exports = [(name, files[name]) for name in SAMPLE_EXPORTS]
    return read_submissions(exports, roster=(SAMPLE_ROSTER, files[SAMPLE_ROSTER]), at=SAMPLE_AT, **options)


def answered(files: dict[str, bytes]) -> pd.DataFrame:
    """The table after the teacher has said whose the two lines are."""
    whom = {
        line["key"]: candidate["key"]
        for line in read(files).attrs["unmatched"]
        for candidate in line["candidates"]
        if candidate["student_no"] in (SHARED_NAME, SLIP)
    }
    assert sorted(whom.values()) == [SHARED_NAME, SLIP]
    return read(files, whom=whom)


def states(table: pd.DataFrame) -> list[tuple]:
    return sorted(table[COLUMNS].itertuples(index=False, name=None))


@pytest.mark.parametrize("seed", range(1, 6))
def test_what_is_read_of_the_files_is_the_truth(seed):
    school = submission_school(seed=seed)
    assert states(answered(school.files)) == states(school.truth)


def test_before_the_teacher_answers_only_those_who_may_be_meant_differ_from_the_truth(school):
    read_first, truth = read(school.files), dict.fromkeys(states(school.truth))
    assert sorted(line["written"].split(" · ")[0] for line in read_first.attrs["unmatched"]) == sorted(school.answers)
    differing = {(row[1], row[3], row[4]) for row in states(read_first) if row not in truth}
    form = "진로 희망 조사"
    assert {(SHARED_NAME, form, "unknown"), (SLIP, form, "unknown")} <= differing
    assert differing - {(SHARED_NAME, form, "unknown"), (SLIP, form, "unknown")} <= {("10412", form, "unknown")}


def test_the_committed_files_are_read_as_their_truth(sample_data):
    files = {name: (sample_data / name).read_bytes() for name in (SAMPLE_ROSTER, *SAMPLE_EXPORTS)}
    truth = pd.read_csv(sample_data / SAMPLE_TRUTH, encoding="utf-8-sig", dtype=str)
    assert states(answered(files)) == states(truth)
