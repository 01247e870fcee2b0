import itertools
import random
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from schoolkit import InputError, assignment_summary, missing_submissions, pupil_summary
from schoolkit.submissions.status import COLUMNS, KOREA, STATES, Row, judged, submission_table


def on(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=KOREA)


def row(state, *, no="10101", name="김하나", title="글", due=None, hidden=False, room="1학년 1반", at=None):
    return Row(room, no, name, title, due, state, at, hidden, "Moodle", "2", title)


def missing(*rows, at=None):
    found = missing_submissions(submission_table(rows), at)
    return list(found[["student_no", "assignment", "state"]].itertuples(index=False, name=None))


def test_the_table_has_the_named_columns_and_types():
    table = submission_table([row("late", due=on(7), at=on(8))])
    assert tuple(table.columns) == COLUMNS
    assert {column: str(table[column].dtype) for column in ("due", "submitted_at", "hidden", "state")} == {
        "due": "datetime64[ns, KST]",
        "submitted_at": "datetime64[ns, KST]",
        "hidden": "bool",
        "state": "string",
    }
    assert (table["due"][0], table["submitted_at"][0]) == (on(7), on(8))
    assert str(submission_table([])["due"].dtype) == "datetime64[ns, KST]"


def test_rows_stand_by_class_and_number_and_assignments_as_they_came():
    rows = [
        row("missing", room=room, no=no, title=title)
        for room, no, title in itertools.product(("1학년 10반", "1학년 2반"), ("11", "2", None), ("나", "가"))
    ]
    table = submission_table(rows).fillna("")
    assert list(table[["class_name", "student_no", "assignment"]].itertuples(index=False, name=None)) == list(
        itertools.product(("1학년 2반", "1학년 10반"), ("2", "11", ""), ("나", "가"))
    )


def test_drafts_and_returned_work_are_missing_and_hidden_excused_and_unknown_are_not():
    rows = [row(state, title=state) for state in STATES] + [row("missing", title="숨김", hidden=True)]
    assert missing(*rows) == [
        ("10101", "draft", "draft"),
        ("10101", "returned", "returned"),
        ("10101", "missing", "missing"),
    ]


def test_nothing_is_missing_before_it_is_due():
    rows = [row("not_yet_due", due=on(23), title="새 과제"), row("draft", due=on(23), title="임시")]
    assert missing(*rows, at=on(21)) == []
    assert missing(*rows, at=on(23)) == []  # at the very time it is still in time
    assert missing(*rows, at=on(24)) == [("10101", "새 과제", "missing"), ("10101", "임시", "draft")]


def test_work_without_a_due_date_is_missing_unless_it_is_not_yet_open():
    assert missing(row("missing"), row("not_yet_due", title="나중"), at=on(30)) == [("10101", "글", "missing")]


def test_a_time_without_a_zone_is_korean_time():
    rows = [row("not_yet_due", due=on(23, 12))]
    assert missing(*rows, at="2026-11-23 12:01") == missing(*rows, at=datetime(2026, 11, 23, 3, 1, tzinfo=UTC)) != []
    assert missing(*rows, at="2026-11-23 11:59") == missing(*rows, at=datetime(2026, 11, 23, 2, 59)) == []


@pytest.mark.parametrize("at", ["어제", "", "2026-13-01", object()])
def test_what_is_no_time_is_refused(at):
    with pytest.raises(InputError, match="기준 시각을 알 수 없습니다"):
        missing_submissions(submission_table([row("missing")]), at)


def test_asking_changes_nothing_in_the_table():
    table = submission_table([row("not_yet_due", due=on(1))])
    before = table.copy()
    missing_submissions(table), assignment_summary(table), pupil_summary(table)
    pd.testing.assert_frame_equal(table, before)


def test_at_an_earlier_time_what_was_not_due_is_not_missing():
    table = submission_table([row("missing", due=on(20))])
    assert assignment_summary(table, on(19))[["missing", "not_yet_due", "to_urge"]].values.tolist() == [[0, 1, 0]]


def test_pupils_without_a_class_stand_in_one_without_a_name():
    assert submission_table([row("missing", room=None)])["class_name"].tolist() == [""]


def test_what_was_noted_of_the_table_stays_with_it():
    table = submission_table([row("missing")], notices=["하나"])
    missing_submissions(table), assignment_summary(table), pupil_summary(table)
    assert table.attrs == {"notices": ["하나"], "unmatched": [], "failed": []}


def test_what_is_handed_in_after_the_due_date_is_late():
    assert judged("handed_in", at=on(9), due=on(7), submitted_at=on(7)) == "submitted"
    assert judged("handed_in", at=on(9), due=on(7), submitted_at=on(7) + timedelta(seconds=1)) == "late"
    assert judged("handed_in", at=on(9), due=on(7)) == judged("handed_in", at=on(9), submitted_at=on(8)) == "submitted"
    assert judged("nothing", at=on(9), opens=on(10)) == "not_yet_due"
    assert judged("excused", at=on(9), due=on(7)) == "excused"


def test_the_summary_counts_each_assignment_of_each_class():
    rows = [
        row("submitted", no="1"),
        row("late", no="2", due=on(7)),
        row("missing", no="3", due=on(7)),
        row("excused", no="4", due=on(7)),
        row("unknown", no="5"),
        row("missing", no="1", room="1학년 2반", hidden=True),
        row("excused", no="1", room="1학년 3반"),
    ]
    summary = assignment_summary(submission_table(rows), on(21)).set_index("class_name")
    assert summary.loc["1학년 1반"].to_dict() == {
        "assignment": "글",
        "due": on(7),
        "hidden": False,
        "pupils": 5,
        **dict.fromkeys(STATES, 0),
        **dict.fromkeys(("submitted", "late", "missing", "excused", "unknown"), 1),
        "to_urge": 1,
        "rate": 2 / 3,
    }
    assert summary.loc["1학년 2반", ["hidden", "missing", "to_urge", "rate"]].tolist() == [True, 1, 0, 0.0]
    assert pd.isna(summary.loc["1학년 3반", "rate"])


def test_the_extension_of_one_pupil_is_no_due_date_of_the_class():
    rows = [row("submitted", no="1"), row("submitted", no="2"), row("missing", no="3", due=on(7))]
    assert assignment_summary(submission_table(rows))["due"].isna().all()


def test_the_list_per_pupil_has_everyone_and_tells_same_names_apart():
    rows = [
        row(state, no=no, name="김서연", title=title)
        for no, states in (("10107", ("missing", "draft")), ("10121", ("submitted", "late")))
        for title, state in zip(("글", "그림"), states, strict=True)
    ]
    assert pupil_summary(submission_table(rows)).values.tolist() == [
        ["1학년 1반", "10107", "김서연", 2, ("글", "그림")],
        ["1학년 1반", "10121", "김서연", 0, ()],
    ]


def test_pupils_of_one_name_without_numbers_are_not_put_together():
    rows = [row(state, no=None) for state in ("missing", "submitted")]
    assert pupil_summary(submission_table(rows))["to_urge"].tolist() == [1, 0]


def test_a_table_without_rows_has_empty_summaries():
    nothing = submission_table([])
    assert (len(missing_submissions(nothing)), len(assignment_summary(nothing)), len(pupil_summary(nothing))) == (
        0,
        0,
        0,
    )
    assert list(assignment_summary(nothing).columns) == list(
        assignment_summary(submission_table([row("missing")])).columns
    )


@pytest.mark.parametrize("seed", range(20))
def test_every_count_agrees_with_one_row_at_a_time(seed):
    rng = random.Random(seed)
    rows = [
        row(
            rng.choice(list(STATES)),
            no=str(no),
            title=title,
            room=room,
            hidden=rng.random() < 0.2,
            due=rng.choice([None, on(rng.randint(1, 28))]),
        )
        for room, no, title in itertools.product(("1반", "2반"), range(4), "가나다")
    ]
    now = on(14)

    def counts(one) -> bool:
        if one.hidden or one.state not in ("missing", "draft", "returned", "not_yet_due"):
            return False
        return one.due < now if one.due else one.state != "not_yet_due"

    table = submission_table(rows)
    found = missing_submissions(table, now)
    assert sorted(zip(found["class_name"], found["student_no"], found["assignment"], strict=True)) == sorted(
        (one.class_name, one.student_no, one.assignment) for one in rows if counts(one)
    )
    summary = assignment_summary(table, now)
    assert summary["to_urge"].sum() == pupil_summary(table, now)["to_urge"].sum() == len(found)
    assert (summary[list(STATES)].sum(axis=1) == summary["pupils"]).all()
