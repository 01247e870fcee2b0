"""Batches of entries -> the same pairs as from all entries at once."""

import random

import numpy as np
import pandas as pd
import pytest
from alike_books import BOOKS

import schoolkit
from schoolkit.reading import stream_duplicates, streaming
from schoolkit.reading.evidence import Evidence, added_up, facts
from schoolkit.reading.streaming import count_spellings, pupils_by_spelling
from schoolkit.reading.titles import title_parts


def invented(seed: int) -> pd.DataFrame:
    """Entries of 12 pupils in order, some with one entry, some rows without a book or a pupil."""
    draw = random.Random(seed)
    rows = [
        (f"p{pupil:02}", f"이름{pupil % 5}", 2024 + draw.randint(0, 2), draw.choice(BOOKS))
        for pupil in range(12)
        for _ in range(draw.choice((1, 3, 9)))
    ]
    rows.insert(len(rows) // 2, (None, "이름 없음", 2024, BOOKS[0]))
    return pd.DataFrame(rows, columns=["student", "name", "school_year", "book"])


def cut(entries: pd.DataFrame, seed: int) -> list[pd.DataFrame]:
    """The rows in batches of 0 to 7, so that pupils span two and more."""
    draw = random.Random(seed)
    batches, start = [], 0
    while start < len(entries):
        size = draw.randint(0, 7)
        batches.append(entries.iloc[start : start + size])
        start += size
    return batches


def most_suspicious_first(frames) -> pd.DataFrame:
    return pd.concat(frames).sort_values("score", ascending=False, kind="stable", ignore_index=True)


@pytest.mark.parametrize("seed", range(8))
def test_the_pairs_do_not_depend_on_where_the_batches_are_cut(seed, monkeypatch):
    monkeypatch.setattr(streaming, "_MOST_RECENT", 2)
    entries = invented(seed)
    batches = cut(entries, seed)
    spellings = count_spellings(batches)
    pairs = most_suspicious_first(stream_duplicates(batches, spellings=spellings, present_year=2026))
    whole = schoolkit.find_duplicates(entries, present_year=2026)
    pd.testing.assert_frame_equal(pairs, whole)
    assert len(pairs) > 2
    assert spellings.sort_index().to_dict() == pupils_by_spelling(entries).sort_index().to_dict()


def test_pupils_come_in_their_order_and_the_most_suspicious_pair_of_each_first():
    books = {"b": ["토지(박경리)", "아몬드", "토지", "아몬드"], "a": ["모모", "모모"]}
    entries = pd.DataFrame([(pupil, book) for pupil in books for book in books[pupil]], columns=["student", "book"])
    (frame, last) = stream_duplicates([entries], spellings=pupils_by_spelling(entries))
    assert frame[["student", "book_a", "book_b", "score"]].values.tolist() == [
        ["b", "아몬드", "아몬드", 1.0],
        ["b", "토지(박경리)", "토지", 0.97],
    ]
    assert last[["student", "book_a", "book_b", "score"]].values.tolist() == [["a", "모모", "모모", 1.0]]


def test_nothing_is_found_in_nothing_but_the_columns_are_there():
    entries = pd.DataFrame({"student": ["a", None], "book": ["모모", "모모"], "row": [2, 3]})
    frames = list(stream_duplicates([entries.iloc[:0], entries], spellings=pupils_by_spelling(entries)))
    columns = ["student", "verdict", "score", "reasons", "book_a", "row_a", "book_b", "row_b"]
    assert [(len(one), list(one.columns)) for one in frames] == [(0, columns)] * len(frames)
    assert list(stream_duplicates([], spellings=pupils_by_spelling(entries))) == []


@pytest.mark.parametrize("most_recent", [0, 1, 100])
@pytest.mark.parametrize(
    "students", [["a", "b", "a"], ["a", "b", "c", "a"], ["c", "a", "b", "c"], ["c", "b", "a", "b"]]
)
def test_a_pupil_who_comes_again_is_refused_and_not_half_checked(students, most_recent, monkeypatch):
    monkeypatch.setattr(streaming, "_MOST_RECENT", most_recent)
    entries = pd.DataFrame({"student": students, "book": "모모"})
    for batches in (
        [entries],
        [entries.iloc[:2], entries.iloc[2:]],
        [entries.iloc[[at]] for at in range(len(entries))],
    ):
        with pytest.raises(schoolkit.InputError) as caught:
            list(stream_duplicates(batches, spellings=pupils_by_spelling(entries)))
        (problem,) = caught.value.problems
        assert (problem.kind, problem.column) == ("ungrouped", "student")


def test_missing_columns_and_a_wrong_cutoff_are_told():
    with pytest.raises(schoolkit.InputError, match="'book' 열이 없습니다"):
        list(stream_duplicates([pd.DataFrame({"student": ["a"]})], spellings=pd.Series(dtype="int64")))
    with pytest.raises(schoolkit.InputError, match="기준값은 0과 1 사이"):
        list(stream_duplicates([], spellings=pd.Series(dtype="int64"), cutoff=2))


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_key_that_too_many_rows_share_is_told_and_the_others_are_checked(size, monkeypatch):
    monkeypatch.setattr(streaming, "MOST_BOOKS", 3)
    students = ["a"] * 3 + ["none"] * 4 + ["b"] * 2 + ["-"] * 5
    entries = pd.DataFrame({"student": students, "book": "모모"})
    told = []
    batches = [entries.iloc[start : start + size] for start in range(0, len(entries), size)]
    pairs = pd.concat(
        stream_duplicates(
            batches, spellings=pupils_by_spelling(entries), unchecked=lambda pupil, rows: told.append((pupil, rows))
        )
    )
    assert pairs["student"].tolist() == ["a"] * 3 + ["b"]
    assert told == [("none", 4), ("-", 5)]
    whole = schoolkit.find_duplicates(entries)
    assert whole["student"].tolist() == ["a"] * 3 + ["b"]
    assert whole.attrs["unchecked"] == [{"student": "none", "entries": 4}, {"student": "-", "entries": 5}]


def test_a_key_that_is_not_checked_warns_without_naming_it(monkeypatch):
    monkeypatch.setattr(streaming, "MOST_BOOKS", 1)
    entries = pd.DataFrame({"student": ["20301 김하나"] * 2, "book": "모모"})
    with pytest.warns(UserWarning) as caught:
        list(stream_duplicates([entries], spellings=pupils_by_spelling(entries)))
    (told,) = caught
    assert str(told.message) == "학생 키 하나에 기록이 2건 있어 점검하지 않았습니다(최대 1건)."


def test_very_many_pairs_come_in_several_frames(monkeypatch):
    monkeypatch.setattr(streaming, "_MOST_PAIRS", 4)
    entries = pd.DataFrame({"student": ["a"] * 5, "book": "모모", "row": range(5)})
    frames = list(stream_duplicates([entries], spellings=pupils_by_spelling(entries)))
    assert [len(one) for one in frames] == [0, 4, 4, 2]
    assert pd.concat(frames)[["row_a", "row_b"]].values.tolist() == [[i, j] for i in range(5) for j in range(i + 1, 5)]


def test_the_input_is_not_changed():
    entries = invented(1)
    entries.attrs["notices"] = ["x"]
    before = entries.copy(deep=True)
    batches = cut(entries, 1)
    list(stream_duplicates(batches, spellings=pupils_by_spelling(entries)))
    pd.testing.assert_frame_equal(entries, before)
    assert entries.attrs == {"notices": ["x"]}


@pytest.mark.parametrize("seed", range(3))
def test_evidence_from_parts_that_are_added_up_is_that_of_the_whole(seed):
    draw = np.random.default_rng(seed)
    books = [book for book in BOOKS if book]
    spellings = pd.Series(draw.integers(1, 9, 60), index=draw.choice(books, 60))  # the same book in several parts
    whole = spellings.groupby(level=0).sum()
    in_parts = Evidence(spellings.iloc[start : start + 7] for start in range(0, 60, 7))
    from_facts = Evidence.from_facts(pd.concat([added_up(facts(spellings.iloc[:30])), facts(spellings.iloc[30:])]))
    parts = [title_parts(book) for book in [*books, "없는 책(아무도)"]]
    wanted = [answers(Evidence(whole), a, b) for a in parts for b in parts]
    for evidence in (in_parts, from_facts):
        assert [answers(evidence, a, b) for a in parts for b in parts] == wanted
    assert {one[2] for one in wanted} == {True, False}


def answers(evidence: Evidence, a, b) -> tuple:
    return (
        evidence.pupils(a),
        evidence.both_exist(a, b),
        evidence.both_authors_exist(a, b),
        evidence.one_is_rare(a, b),
        evidence.has_other_authors(a),
        evidence.first_is_numbered(a),
        evidence.has_other_subtitles(a),
    )
