"""Pairs within past years told apart from those of the present year."""

import pandas as pd
import pytest

import schoolkit
from schoolkit.reading.periods import periods, this_school_year


def pairs_of(**columns):
    return pd.DataFrame({name: pd.array(values, dtype="Int64") for name, values in columns.items()})


def test_a_pair_is_past_if_both_its_records_are():
    pairs = pairs_of(school_year_a=[2024, 2024, 2026, None, None], school_year_b=[2025, 2026, 2026, 2026, 2024])
    assert periods(pairs, 2026).fillna("?").tolist() == ["past", "present", "present", "present", "?"]


def test_without_years_the_grade_of_the_record_and_of_the_pupil_decide():
    pairs = pairs_of(grade_a=[1, 1, 3], grade_b=[2, 3, None], current_grade_a=[3, None, 3], current_grade_b=[3, 3, 3])
    assert periods(pairs).tolist() == ["past", "present", "present"]


def test_without_years_and_grades_nothing_is_said():
    assert periods(pairs_of(grade_a=[1], grade_b=[2])) is None


def test_the_present_year_is_todays_unless_it_is_given():
    year = this_school_year()
    entries = pd.DataFrame({"student": ["k", "k"], "book": ["아몬드", "아몬드"], "school_year": [year - 1, year]})
    assert schoolkit.find_duplicates(entries)["period"].tolist() == ["present"]
    assert schoolkit.find_duplicates(entries, present_year=year + 1)["period"].tolist() == ["past"]


@pytest.mark.parametrize("count", [0, 1])
def test_the_column_stands_behind_the_reasons(count):
    entries = pd.DataFrame(
        {"student": ["k"] * 2 * count, "book": ["모모"] * 2 * count, "school_year": [2020] * 2 * count}
    )
    columns = list(schoolkit.find_duplicates(entries).columns)
    assert columns[:4] == ["student", "verdict", "score", "reasons"] and columns[4] == "period"
