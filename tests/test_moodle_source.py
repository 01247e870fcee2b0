"""What a Moodle as it was recorded gives, and what it is asked for that."""

import csv

from moodle_reading import (
    ASSIGNMENTS,
    CONTENTS,
    COURSES,
    FLAGS,
    PEOPLE,
    SITE,
    SUBMISSIONS,
    failed,
    minute,
    read,
    without,
)
from moodle_server import DATA, as_json, recorded, warning

from schoolkit.submissions.moodle import web_service as moodle_web_service
from schoolkit.submissions.status import is_missing_at


def test_the_recorded_server_gives_what_the_pupils_really_did(moodle):
    table = read(moodle)
    words = {"none": "missing", "new": "missing", "draft": "draft", "reopened": "returned", "submitted": "submitted"}
    expected = []
    for one in csv.DictReader((DATA / "truth.csv").open(encoding="utf-8")):
        if one["enrolment"] != "active":
            continue
        due = one["extension_until"] or one["duedate"]
        state = "late" if one["late"] == "1" else words[one["state"]]
        if state == "missing" and due > "2026-11-21 18:00":
            state = "not_yet_due"
        name = "Nguyen Minh Anh" if one["username"] == "10213" else one["name"]
        expected.append(
            (
                one["assignid"],
                one["username"],
                name,
                state,
                due,
                one["submitted_at"],
                one["hidden"] == "1",
                one["count_as_missing"] == "1",
            )
        )
    columns = ("assignment_id", "student_no", "name", "state", "due", "submitted_at", "hidden")
    first_three = table.assign(missing=is_missing_at(table, "2026-12-31"))[table["course_id"].isin(["2", "3", "4"])]
    found = [
        (*row[:4], minute(row[4]), minute(row[5]), *row[6:])
        for row in first_three[[*columns, "missing"]].itertuples(index=False, name=None)
    ]
    assert sorted(found) == sorted(expected)
    assert (len(found), sum(one[-1] for one in found)) == (385, sum(one[-1] for one in expected))


def test_titles_classes_and_times_are_written_as_they_are_read(moodle):
    table = read(moodle, [2])
    row = table[(table["student_no"] == "10101") & (table["assignment_id"] == "2")].iloc[0]
    assert (row["class_name"], row["assignment"], row["source"], row["course_id"]) == (
        "1학년 1반 국어",
        "2차 수행평가: 관찰 & 탐구 보고서",
        "Moodle",
        "2",
    )
    assert (row["due"].isoformat(), row["submitted_at"].tzinfo) == ("2026-11-14T23:59:00+09:00", row["due"].tzinfo)


def test_the_classes_whose_truth_is_not_told_agree_with_moodles_own_lists(moodle):
    table = read(moodle, [5, 6])
    # what list_participants says of each user, by the user's number in the class list
    numbers = {one["idnumber"]: str(one["id"]) for n in (5, 6) for one in recorded(f"enrolled_users_{n}")}
    words = {"submitted": "submitted", "draft": "draft", "reopened": "returned", "new": "missing", "": "missing"}
    said = {
        (assignment, user): words[state]
        for assignment, users in recorded("participants").items()
        for user, state in users.items()
    }
    same = {"late": "submitted", "not_yet_due": "missing"}
    found = {(row.assignment_id, numbers[row.student_no]): same.get(row.state, row.state) for row in table.itertuples()}
    assert found == said
    assert len(found) == 30 * 9


def test_numbers_in_the_family_name_and_blind_marking_do_not_hide_who_it_is(moodle):
    table = read(moodle, [6])
    blind = table[table["assignment_id"] == "22"]
    assert list(blind[["student_no", "name"]].iloc[:2].itertuples(index=False, name=None)) == [
        ("10501", "신율"),
        ("10502", "김채원"),
    ]
    assert blind["state"].value_counts().to_dict() == {"submitted": 27, "missing": 3}


def test_fifteen_questions_are_enough_and_no_more_than_four_at_once(moodle):
    read(moodle)
    assert sorted(moodle.functions) == sorted(
        [SITE, COURSES, ASSIGNMENTS, SUBMISSIONS, FLAGS, *[PEOPLE] * 5, *[CONTENTS] * 5]
    )
    courses = dict(moodle.asked)[ASSIGNMENTS]
    assert [courses[f"courseids[{place}]"] for place in range(5)] == ["2", "3", "4", "5", "6"]
    assert moodle.most_at_once <= 4


def test_without_visibility_ten_questions_are_enough(moodle):
    moodle.instead[SITE] = lambda form: without(CONTENTS)
    table = read(moodle)
    assert (len(moodle.asked), table["hidden"].any(), len(table)) == (10, False, 655)
    assert [one for one in table.attrs["notices"] if "공개 여부를 읽을 수 없어" in one] == [
        f"1학년 {n}반 국어: 과제의 공개 여부를 읽을 수 없어, 학생에게 숨긴 과제도 공개된 것으로 보았습니다."
        for n in (5, 4, 3, 2, 1)
    ]


def test_the_calls_that_write_into_moodle_are_never_made(moodle):
    read(moodle)
    assert "mod_assign_get_submission_status" not in moodle.functions


def test_half_characters_in_names_and_titles_are_replaced(moodle):
    people, courses = recorded("enrolled_users_2"), recorded("users_courses")
    people[1] |= {"firstname": "\ud800비", "lastname": "김", "idnumber": "101\udfff"}
    moodle.instead[PEOPLE] = lambda form: as_json(people)
    moodle.instead[COURSES] = lambda form: as_json([one | {"fullname": "국어\udc00"} for one in courses])
    table = read(moodle, [2])
    row = table[table["student_no"] == "101\ufffd"].iloc[0]
    assert "\ufffd비" in row["name"] and row["class_name"].startswith("국어\ufffd")
    table.to_csv().encode("utf-8")


def test_what_stands_in_a_hidden_section_is_hidden(moodle):
    contents = [one | {"visible": 0} for one in recorded("course_contents_2")]
    moodle.instead[CONTENTS] = lambda form: as_json(contents)
    assert read(moodle, [2])["hidden"].all()


def test_long_lists_of_numbers_are_asked_in_parts(moodle, monkeypatch):
    monkeypatch.setattr(moodle_web_service, "MOST_NUMBERS", 3)
    table = read(moodle)
    asked = [sum("ids[" in key for key in form) for function, form in moodle.asked if function != SITE]
    assert (failed(table), len(table), max(asked)) == ([], 655, 3)
    # 5 courses in 2 parts, 22 assignments in 8 parts
    assert [moodle.functions.count(one) for one in (ASSIGNMENTS, SUBMISSIONS, FLAGS)] == [2, 8, 8]


def test_an_assignment_without_any_submission_is_missing_for_everyone(moodle):
    moodle.instead[SUBMISSIONS] = lambda form: as_json(
        {"assignments": [], "warnings": [warning("module", number, "3") for number in (1, 2, 3, 4)]}
    )
    table = read(moodle, [2])
    assert set(table["state"]) == {"missing", "not_yet_due"}
