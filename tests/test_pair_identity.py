"""A decision finds its pair again: written otherwise, at another place, in another class, in another year."""

from filled_reports import FIRST, decision, decisions_of, filled, marks_of, shown
from report_frames import bare, frame, pair

from schoolkit.reading.decisions import split_decided
from schoolkit.reading.marked_reports import read_decisions


def test_the_books_may_stand_the_other_way_round_and_be_spaced_otherwise():
    turned = pair(
        "수학의역샤", "수학의 역사.", name="김 하늘", school_year=2025, grade=2, semester=2, subject_area="수학",
        school_year_b=2024, grade_b=1, semester_b=1, subject_area_b="국어",
    )  # fmt: skip
    assert marks_of(split_decided(frame(turned), decisions_of(decision()))[1]) == [("정정", None)]


def test_equal_texts_at_other_places_are_another_pair():
    pairs = frame(
        pair("아몬드", "아몬드"),
        pair("아몬드", "아몬드", school_year_b=2026, grade_b=3),
        pair("아몬드", "아몬드", school_year=2026, grade=3, school_year_b=2025, semester_b=2),
    )
    decisions = decisions_of(decision(book_a="아몬드", book_b="아몬드"))
    left, decided = split_decided(pairs, decisions)
    assert shown(decided, "school_year_a", "school_year_b") == [(2024, 2025)]
    assert len(left) == 2
    assert len(split_decided(left, decisions)[1]) == 0


def test_a_place_counts_as_far_as_both_sides_know_it():
    pairs = frame(FIRST).drop(columns=["school_year_a", "grade_b", "subject_area_a", "subject_area_b"])
    assert len(split_decided(pairs, decisions_of(decision()))[1]) == 1


def test_the_only_pair_of_these_books_is_meant_where_another_layout_writes_the_subjects_otherwise():
    other = pair(subject_area="공통", subject_area_b="공통과목")
    assert len(split_decided(frame(other), decisions_of(decision()))[1]) == 1
    twice = frame(other, pair(subject_area="공통", subject_area_b="독서"))
    assert len(split_decided(twice, decisions_of(decision()))[1]) == 0
    assert len(split_decided(frame(other), decisions_of(decision(), decision(subject_area="영어")))[1]) == 0


def test_a_pair_of_another_year_is_no_pair_of_another_layout():
    later = pair(school_year=2025, grade=2, school_year_b=2026, grade_b=3)
    assert len(split_decided(frame(later), decisions_of(decision()))[1]) == 0


def test_among_pupils_of_one_name_the_class_decides():
    pairs = frame(pair(), pair(student="s2", class_no="5", seat_no=7))
    left, decided = split_decided(pairs, decisions_of(decision(class_no="5", seat_no=7)))
    assert (shown(left, "student"), shown(decided, "student")) == ([("s1",)], [("s2",)])


def test_a_pupil_of_the_same_name_in_another_class_of_the_grade_is_not_meant():
    only_the_other_is_left = frame(pair(student="s2", class_no="5", seat_no=7))
    assert len(split_decided(only_the_other_is_left, decisions_of(decision()))[1]) == 0


def test_next_year_the_only_pupil_of_the_name_who_has_the_pair_is_meant():
    decisions = decisions_of(decision(current_grade=1, class_no="9", seat_no=20))
    namesake = pair("데미안", "데미얀", student="s2", class_no="5", seat_no=7)
    assert shown(split_decided(frame(namesake, pair()), decisions)[1], "student") == [("s1",)]


def test_next_year_the_pair_is_open_if_two_pupils_of_the_name_have_it():
    decisions = decisions_of(decision(current_grade=1, class_no="9", seat_no=20))
    assert len(split_decided(frame(pair(), pair(student="s2", class_no="5", seat_no=7)), decisions)[1]) == 0


def test_a_pupil_without_a_name_is_known_by_class_and_number_alone():
    pairs = frame(pair(student="s9", name="정민재"), pair(name=None), pair(name=None, student="s2", seat_no=4))
    decided = split_decided(pairs, decisions_of(decision(name=None, seat_no=4)))[1]
    assert shown(decided, "student") == [("s2",)]
    assert len(split_decided(pairs, decisions_of(decision(name=None, seat_no=5)))[1]) == 0


def test_without_names_the_pupils_own_key_counts():
    pairs = bare(pair(student="가람"), pair(student="나람"))
    left, decided = split_decided(pairs, read_decisions(filled(pairs, {2: "정정"})))
    assert (shown(left, "student"), shown(decided, "student")) == ([("가람",)], [("나람",)])
