"""What was decided is parted from what is open, and carried from report to report."""

import pandas as pd
import pytest
from filled_reports import (
    FIRST,
    LIST,
    SECOND,
    SETTLED,
    THIRD,
    books_of,
    decision,
    decisions_of,
    filled,
    mark,
    marks_of,
    saved,
    shown,
    workbook,
)
from report_frames import frame, no_pairs, pair

from schoolkit.reading.decisions import FROM_ANOTHER_PUPIL, FROM_ANOTHER_RECORD, split_decided
from schoolkit.reading.marked_reports import read_decisions
from schoolkit.reading.report import duplicate_report_csv

NO_MARK = (None, None)


def test_settled_pairs_are_parted_from_those_that_are_open():
    pairs = frame(FIRST, SECOND, THIRD)
    left, decided = split_decided(pairs, read_decisions(filled(pairs, {2: ("정정", "고침"), 3: ("보류", "물어봄")})))
    pd.testing.assert_frame_equal(left[pairs.columns], pairs.iloc[[0, 2]].reset_index(drop=True))
    assert list(left.columns) == list(decided.columns) == [*pairs.columns, "decision", "note"]
    assert (books_of(left), marks_of(left)) == (
        [("수학의 역사", "수학의 역샤"), ("데미안", "데미안 1")],
        [NO_MARK, ("보류", "물어봄")],
    )
    assert (books_of(decided), marks_of(decided)) == ([("가람", "나람")], [("정정", "고침")])
    assert {str(one[column].dtype) for one in (left, decided) for column in ("decision", "note")} == {"string"}


def test_neither_frame_is_changed_and_either_may_be_empty():
    pairs, decisions = frame(FIRST).set_axis([7]), decisions_of(decision())
    before = pairs.copy(), decisions.copy()
    left, decided = split_decided(pairs, decisions)
    pd.testing.assert_frame_equal(pairs, before[0])
    pd.testing.assert_frame_equal(decisions, before[1])
    assert (len(left), marks_of(decided)) == (0, [("정정", None)])
    assert [len(one) for one in split_decided(no_pairs(), decisions)] == [0, 0]
    assert [len(one) for one in split_decided(pairs, read_decisions([]))] == [1, 0]


def test_a_pair_that_decisions_contradict_each_other_about_is_open():
    pairs = frame(pair(row_a=9, row_b=10), pair(row_a=9, row_b=11))
    decisions = read_decisions(filled(pairs, {1: "정정", 2: "다른 책"}))
    assert marks_of(split_decided(pairs, decisions)[0]) == [NO_MARK, NO_MARK]


# What holds for every pupil

NOVEL, OTHER_NOVEL = "변신(카프카)", "분신(도스토옙스키)"


def test_that_two_books_with_authors_are_other_books_holds_for_every_pupil():
    pairs = frame(
        pair(NOVEL, OTHER_NOVEL),
        pair(OTHER_NOVEL, NOVEL, student="s2", name="박지우", seat_no=12),
        pair(NOVEL, OTHER_NOVEL, school_year_b=2024, grade_b=1),
    )
    left, decided = split_decided(pairs, decisions_of(decision("다른 책", "확인", book_a=NOVEL, book_b=OTHER_NOVEL)))
    assert (len(left), marks_of(decided)) == (
        0,
        [("다른 책", "확인"), ("다른 책", FROM_ANOTHER_PUPIL), ("다른 책", FROM_ANOTHER_RECORD)],
    )


@pytest.mark.parametrize(
    ("book_a", "book_b"), [("변신", OTHER_NOVEL), (NOVEL, "변신 (카프카)"), ("변신(1)", "변신(2)")]
)
def test_without_authors_or_with_equal_texts_it_stays_with_its_pupil(book_a, book_b):
    pairs = frame(pair(book_a, book_b), pair(book_a, book_b, student="s2", name="박지우"))
    left, decided = split_decided(pairs, decisions_of(decision("다른 책", book_a=book_a, book_b=book_b)))
    assert (shown(left, "name"), shown(decided, "name")) == ([("박지우",)], [("김하늘",)])


def test_a_pupils_own_mark_goes_before_what_was_found_with_others():
    other = {"student": "s2", "name": "박지우", "book_a": NOVEL, "book_b": OTHER_NOVEL}
    decisions = decisions_of(
        decision("다른 책", book_a=NOVEL, book_b=OTHER_NOVEL), decision("보류", "책 확인", **other)
    )
    left, _ = split_decided(frame(pair(NOVEL, OTHER_NOVEL), pair(**other)), decisions)
    assert marks_of(left) == [("보류", "책 확인")]


def test_books_that_were_the_same_with_one_pupil_are_not_others_for_all():
    books = {"book_a": NOVEL, "book_b": OTHER_NOVEL}
    decisions = decisions_of(decision("다른 책", **books), decision("정정", name="박지우", **books))
    left, _ = split_decided(frame(pair(**books, student="s3", name="정민재")), decisions)
    assert marks_of(left) == [NO_MARK]


# From report to report


def test_the_newest_report_alone_carries_every_decision():
    pairs = frame(FIRST, SECOND, THIRD)
    first_report = filled(pairs, {1: ("정정", "고칠 것"), 2: ("다른 책", "전집"), 3: ("보류", "물어봄")})
    left, decided = split_decided(pairs, read_decisions(first_report))

    second_report = saved(workbook(left, decided=decided))
    carried = read_decisions(second_report)
    assert shown(carried, "name", "decision", "note") == [
        ("정민재", "보류", "물어봄"),
        ("김하늘", "정정", "고칠 것"),
        ("박지우", "다른 책", "전집"),
    ]
    for one, other in zip(split_decided(pairs, carried), (left, decided), strict=True):
        pd.testing.assert_frame_equal(one, other)
    both = read_decisions([first_report, second_report])
    assert sorted(shown(both, "name", "note")) == sorted(shown(carried, "name", "note"))


def test_a_decision_can_be_taken_back_where_it_was_carried_to():
    left, decided = split_decided(frame(FIRST), decisions_of(decision()))
    taken_back = filled(left, {1: "보류"}, sheet=SETTLED, decided=decided)
    assert marks_of(split_decided(frame(FIRST), read_decisions(taken_back))[0]) == [("보류", None)]


def test_the_csv_carries_every_decision_too():
    left, decided = split_decided(frame(FIRST, SECOND), decisions_of(decision()))
    content = duplicate_report_csv(left, decided=decided)
    assert shown(read_decisions(("목록.csv", content)), "name", "decision") == [("김하늘", "정정")]


def test_a_pair_that_comes_newly_with_the_next_export_is_open():
    last_year = frame(pair(current_grade=1, class_no="9", seat_no=20))
    decisions = read_decisions(filled(last_year, {1: "다른 책"}))
    newly = pair("수학의 역사", "수학의역사", school_year_b=2026, grade_b=3)
    left, decided = split_decided(frame(newly, FIRST), decisions)
    assert (books_of(left), books_of(decided)) == ([("수학의 역사", "수학의역사")], [("수학의 역사", "수학의 역샤")])


def test_a_report_written_as_text_in_every_cell_is_read_all_the_same():
    book = mark(workbook(frame(FIRST)), LIST, {1: "정정"})
    for row in book[LIST].iter_rows(min_row=3):
        for cell in row:
            cell.value = None if cell.value is None else str(cell.value)
    decisions = read_decisions(saved(book))
    assert shown(decisions, "current_grade", "school_year_a", "row") == [(2, 2024, 3)]
    assert len(split_decided(frame(FIRST), decisions)[1]) == 1
