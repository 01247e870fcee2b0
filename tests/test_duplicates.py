"""Entries -> suspicious pairs."""

import itertools
import random

import pandas as pd
import pytest

import schoolkit
from schoolkit.reading.evidence import Evidence
from schoolkit.reading.similarity import CHECK_CUTOFF, compare_parts
from schoolkit.reading.streaming import pupils_by_spelling
from schoolkit.reading.titles import title_parts


def entries_of(*rows):
    return pd.DataFrame(rows, columns=["student", "book"])


def test_only_books_of_one_pupil_are_compared():
    pairs = schoolkit.find_duplicates(
        entries_of(
            ("a", "아몬드(손원평)"), ("b", "아몬드(손원평)"), ("a", "모모(미하엘 엔데)"), ("a", "아먼드(손원평)")
        )
    )
    assert pairs.to_dict("records") == [
        {
            "student": "a",
            "verdict": "same",
            "score": 0.9292,
            "reasons": "제목에서 한 글자가 다릅니다: 아몬드 / 아먼드; "
            "사전에 없는 말이 있어 잘못 적은 것으로 보입니다: 아몬드 / 아먼드; 형태소 유사도 1.00 (똑같으면 2.00)",
            "book_a": "아몬드(손원평)",
            "book_b": "아먼드(손원평)",
        }
    ]


def test_every_column_is_carried_along_for_both_entries_and_the_input_stays_as_it_is():
    entries = pd.DataFrame(
        {
            "student": pd.array(["k", "k"], dtype="string"),
            "name": pd.array(["김하나", "김하나"], dtype="string"),
            "book": pd.array(["아몬드", "아몬드"], dtype="string"),
            "grade": pd.array([1, None], dtype="Int64"),
            "own": [0.5, 1.5],
        },
        index=[7, 7],
    )
    before = entries.copy(deep=True)
    pairs = schoolkit.find_duplicates(entries)
    pd.testing.assert_frame_equal(entries, before)
    assert list(pairs.columns) == [
        "student",
        "name",
        "verdict",
        "score",
        "reasons",
        "book_a",
        "grade_a",
        "own_a",
        "book_b",
        "grade_b",
        "own_b",
    ]
    assert pairs["grade_b"].isna().all()
    assert pairs.loc[0, ["student", "name", "verdict", "score", "grade_a", "own_a", "own_b"]].tolist() == [
        "k",
        "김하나",
        "same",
        1.0,
        1,
        0.5,
        1.5,
    ]


def test_three_entries_of_one_book_are_three_pairs_and_the_plainest_pair_stands_first():
    pairs = schoolkit.find_duplicates(
        entries_of(("a", "수학의 역샤(지즈강)"), ("a", "수학의 역사(지즈강)"), ("a", "수학의 역사(지즈강)"))
    )
    assert pairs[["book_a", "book_b", "score"]].values.tolist() == [
        ["수학의 역사(지즈강)", "수학의 역사(지즈강)", 1.0],
        ["수학의 역샤(지즈강)", "수학의 역사(지즈강)", 0.949],
        ["수학의 역샤(지즈강)", "수학의 역사(지즈강)", 0.949],
    ]


def test_no_entries_and_no_pairs_give_an_empty_table_with_all_columns():
    columns = ["student", "verdict", "score", "reasons", "book_a", "book_b"]
    assert list(schoolkit.find_duplicates(entries_of()).columns) == columns
    assert schoolkit.find_duplicates(entries_of(("a", "아몬드"), ("a", "모모"))).shape == (0, len(columns))


def test_entries_without_a_pupil_or_a_book_are_left_out():
    pairs = schoolkit.find_duplicates(entries_of((None, "아몬드"), (None, "아몬드"), ("a", None), ("a", None)))
    assert pairs.empty


def test_a_missing_column_and_a_wrong_cutoff_are_told_together():
    with pytest.raises(schoolkit.InputError) as caught:
        schoolkit.find_duplicates(pd.DataFrame({"student": []}), cutoff=80)
    assert [problem.what for problem in caught.value.problems] == [
        "'book' 열이 없습니다.",
        "기준값은 0과 1 사이의 수여야 합니다.",
    ]


def test_progress_ends_with_1():
    seen = []
    schoolkit.find_duplicates(entries_of(("a", "아몬드"), ("b", "모모")), progress=seen.append)
    assert seen[0] == 0 and seen[-1] == 1


TITLES = [
    "수학의 역사", "수학의 역샤", "수학의역사", "수학사", "토지 1", "토지 2", "토지(상)", "안녕, 나나", "안녕 나나",
    "시간을 파는 상점 2: 너를 위한 시간", "시간을 파는 상점 2", "시간을 파는 상점", "시간을 파는 상점 너를 위한 시간 2",
    "난장이가 쏘아올린 작은 공", "난쟁이가 쏘아올린 작은공", "변신", "분신", "아몬드", "아먼드", "1984", "1985",
    "어린 왕자(비룡소 클래식)", "어린왕자", "별", "벌", "팩트풀니스",
    "팩트풀니스 우리가 세상을 오해하는 까닭과 세상의 참모습",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_the_fast_search_finds_what_comparing_every_pair_finds(seed):
    draw = random.Random(seed)
    authors = ["", "(김하나)", "(박둘)", "(김하나 지음)"]
    rows = [(f"p{draw.randint(1, 4)}", draw.choice(TITLES) + draw.choice(authors)) for _ in range(80)]
    pairs = schoolkit.find_duplicates(entries_of(*rows))
    evidence = Evidence(pupils_by_spelling(entries_of(*rows)))
    slow = []
    for (student, a), (other, b) in itertools.combinations(rows, 2):
        result = compare_parts(title_parts(a), title_parts(b), CHECK_CUTOFF, evidence)
        if student == other and result.verdict != "different":
            slow.append((student, a, b, result.score, result.verdict))
    found = pairs[["student", "book_a", "book_b", "score", "verdict"]].itertuples(index=False, name=None)
    assert sorted(found) == sorted(slow)


def test_what_was_decided_is_left_out_and_what_was_put_off_keeps_its_mark():
    entries = pd.DataFrame(
        [
            ("a", "김하나", "수학의 역샤(지즈강)"),
            ("a", "김하나", "수학의 역사(지즈강)"),
            ("b", "박둘", "아몬드(손원평)"),
            ("b", "박둘", "아몬드"),
            ("c", "이셋", "모모(미하엘 엔데)"),
            ("c", "이셋", "모모(미하엘 엔데)"),
        ],
        columns=["student", "name", "book"],
    )
    marked = schoolkit.find_duplicates(entries)
    marked["decision"] = marked["name"].map({"김하나": "정정", "박둘": "보류"})
    report = schoolkit.write_duplicate_report(marked, entries)
    pairs = schoolkit.find_duplicates(entries, decisions=schoolkit.read_decisions(("점검표.xlsx", report)))
    assert pairs[["name", "book_a", "decision"]].fillna("").values.tolist() == [
        ["이셋", "모모(미하엘 엔데)", ""],
        ["박둘", "아몬드(손원평)", "보류"],
    ]
