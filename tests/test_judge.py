"""What is not compared at all is what a comparison would call different."""

import itertools
import random

import pandas as pd
import pytest

from schoolkit.reading.evidence import Evidence
from schoolkit.reading.judge import Judge
from schoolkit.reading.similarity import OTHER_WORDS

TITLES = [
    "수학의 역사", "수학사", "아몬드", "별", "토지", "해변의 카프카", "시간을 파는 상점", "두 번째 이야기",
    "미움받을 용기", "총, 균, 쇠", "안녕, 우주", "코스모스", "1984", "1Q84", "아Q정전", "어린 왕자", "팩트풀니스",
    "로마인 이야기", "십대를 위한 수학",
]  # fmt: skip
BEHIND = [
    "", "", "", " 1", " 2", "1", " 상", "하", "(상)", ": 너를 위한 시간", " 2: 너를 위한 시간",
    " - 너를 위한 시간", " 제2권", "(비룡소 클래식)", "(특별판)", " 청소년판", "(너를 위한 시간)",
    " 우리가 세상을 오해하는 까닭", " 두 번째 이야기",
]  # fmt: skip
BEFORE = ["", "", "", "초판본 ", "청소년을 위한 ", "만화로 보는 "]
AUTHORS = ["", "(김하나)", "(박둘)", "(김하나 지음)", "(무라카미 하루키)", " 김하나", " 무라카미 하루키"]


def invented(draw: random.Random) -> str:
    title = draw.choice(BEFORE) + draw.choice(TITLES) + draw.choice(BEHIND)
    if draw.random() < 0.4:
        at = draw.randrange(len(title))
        title = title[:at] + draw.choice(["", "", draw.choice("사샤의에 를을이,")]) + title[at + 1 :]
    return (title.replace(" ", "") if draw.random() < 0.2 else title) + draw.choice(AUTHORS)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("cutoff", [None, OTHER_WORDS + 0.01, OTHER_WORDS, 0.3])
def test_only_what_is_different_is_passed_over(seed, cutoff):
    draw = random.Random(seed)
    books = sorted({invented(draw) for _ in range(60)})
    evidence = Evidence(pd.Series({book: draw.choice((1, 2, 5, 12)) for book in books}))
    judge = Judge(evidence, cutoff)
    pairs = list(itertools.combinations(books, 2))
    found = judge.compare_all(pairs)
    assert [pair for pair, one in zip(pairs, found, strict=True) if one != judge.compare(*pair) and one] == []
    passed_over = [judge.compare(*pair).verdict for pair, one in zip(pairs, found, strict=True) if one is None]
    assert set(passed_over) <= {"different"}
    assert bool(passed_over) == (judge.cutoff > OTHER_WORDS)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_not_near_would_be_different(seed):
    draw = random.Random(100 + seed)
    books = sorted({invented(draw) for _ in range(60)})
    judge = Judge(Evidence(pd.Series(1, index=books)))
    near = set(judge.near_pairs(books))
    far = [pair for pair in itertools.combinations(range(len(books)), 2) if pair not in near]
    assert {judge.compare(books[i], books[j]).verdict for i, j in far} == {"different"}


@pytest.mark.parametrize("seed", range(4))
def test_a_comparison_says_the_same_the_other_way_round(seed):
    draw = random.Random(200 + seed)
    books = sorted({invented(draw) for _ in range(40)})
    judge = Judge(Evidence(pd.Series({book: draw.choice((1, 2, 5, 12)) for book in books})))
    pairs = list(itertools.combinations(books, 2))
    there = [(judge.compare(a, b).score, judge.compare(a, b).verdict) for a, b in pairs]
    assert [(judge.compare(b, a).score, judge.compare(b, a).verdict) for a, b in pairs] == there
