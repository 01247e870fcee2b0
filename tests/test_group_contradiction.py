"""Rules that cannot all be kept: the fewest to give up, and why, in words."""

import random
import time
from itertools import combinations, product

import numpy as np
import pytest

from schoolkit.grouping.contradiction import Contradiction, find_contradiction
from schoolkit.grouping.feasibility import Seats, keep_all
from schoolkit.grouping.rules import Rule


def rules(*said: tuple) -> list[Rule]:
    """Rules from (kind, pupils) or (kind, pupils, more), each called by a letter."""
    return [
        Rule(number, kind, tuple(pupils), chr(64 + number), **(more[0] if more else {}))
        for number, (kind, pupils, *more) in enumerate(said, start=1)
    ]


def all_apart(pupils) -> list[tuple]:
    return [("apart", pair) for pair in combinations(pupils, 2)]


def wheel(first: int) -> list[tuple]:
    """A hub and a ring of five around it: four groups are needed, but no four pupils are pairwise apart."""
    spokes = [("apart", (first, first + at)) for at in range(1, 6)]
    return spokes + [("apart", (first + at, first + at % 5 + 1)) for at in range(1, 6)]


def found(given: list[Rule], sizes: list[int], limit: float = 20.0, **more) -> Contradiction | None:
    return find_contradiction(given, sizes, until=time.monotonic() + limit, rng=np.random.default_rng(0), **more)


NAMES = [f"학생{number}" for number in range(1, 31)]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            [("together", (0, 1)), ("apart", (5, 6)), ("together", (1, 2)), ("apart", (0, 2))],
            "규칙 3개가 서로 맞지 않습니다: A; C; D. 함께 두어야 하는 학생(학생1, 학생3)을 떼어 놓을 수는 없습니다. "
            "이 가운데 하나를 풀면 됩니다.",
        ),
        (
            [("together", (0, 1, 2)), ("together", (2, 3)), ("together", (3, 4))],
            "규칙 3개가 서로 맞지 않습니다: A; B; C. 함께 둘 학생이 5명(학생1, 학생2, 학생3, 학생4, 학생5)인데 "
            "모둠은 4명까지입니다. 이 가운데 하나를 풀면 됩니다.",
        ),
        (
            [("apart", range(4)), ("cap", (5, 6, 7), {"most": 1})],
            "지킬 수 없는 규칙입니다: A. 서로 떼어 놓을 학생이 4명(학생1, 학생2, 학생3, 학생4)인데 모둠은 3개입니다. "
            "이 규칙을 풀면 됩니다.",
        ),
        (
            [("together", (0, 1)), ("apart", (0, 2, 3)), ("apart", (1, 4)), ("apart", (2, 3, 4))],
            "규칙 4개가 서로 맞지 않습니다: A; B; C; D. 서로 떼어 놓을 학생과 묶음이 4개(학생1, 학생3, 학생4, "
            "학생5)인데 모둠은 3개입니다. 이 가운데 하나를 풀면 됩니다.",
        ),
        (
            [("cap", range(7), {"most": 2})],
            "지킬 수 없는 규칙입니다: A. 해당 학생이 7명인데 모둠 3개에 2명까지로는 다 들어가지 못합니다. "
            "이 규칙을 풀면 됩니다.",
        ),
        (
            [("cap", (0, 1), {"least": 1})],
            "지킬 수 없는 규칙입니다: A. 해당 학생이 2명인데 모둠 3개에 1명씩이면 3명이 있어야 합니다. "
            "이 규칙을 풀면 됩니다.",
        ),
        (
            [("lock", (0, 1), {"group": 1}), ("lock", (1,), {"group": 3})],
            "규칙 2개가 서로 맞지 않습니다: A; B. 같은 학생을 1모둠과 3모둠에 고정했습니다. "
            "이 가운데 하나를 풀면 됩니다.",
        ),
        (
            [("lock", (0, 1, 2), {"group": 2}), ("lock", (3, 4), {"group": 2})],
            "규칙 2개가 서로 맞지 않습니다: A; B. 2모둠에 둘 학생이 5명(학생1, 학생2, 학생3, 학생4, 학생5)인데 "
            "자리는 4개입니다. 이 가운데 하나를 풀면 됩니다.",
        ),
        (
            [("lock", (0,), {"group": 4})],
            "지킬 수 없는 규칙입니다: A. 모둠은 3개인데 4모둠에 고정했습니다. 이 규칙을 풀면 됩니다.",
        ),
        (
            [("together", pupils) for pupils in ((0, 1, 2), (3, 4, 5), (6, 7, 8), (9, 10))],
            "규칙 4개가 서로 맞지 않습니다: A; B; C; D. 함께 둘 묶음(3명, 3명, 3명, 2명)을 모둠 3개에 나누어 넣을 "
            "수 없습니다. 이 가운데 하나를 풀면 됩니다.",
        ),
        (
            [("together", (0, 1, 2)), ("cap", (1, 2, 3, 4), {"least": 1, "most": 2}), ("cap", range(4), {"most": 2})],
            "규칙 2개가 서로 맞지 않습니다: A; C. 함께 둘 학생 가운데 3명(학생1, 학생2, 학생3)은 모둠마다 2명"
            "까지입니다. 이 가운데 하나를 풀면 됩니다.",
        ),
    ],
)
def test_a_single_contradiction_is_told_with_its_reason(said, words):
    contradiction = found(rules(*said), [4, 4, 4], names=NAMES)
    assert contradiction.words == words
    assert len(contradiction.give_up) == 1 and contradiction.proven
    assert contradiction.give_up[0] in contradiction.conflict


def test_rules_that_can_all_be_kept_are_no_contradiction():
    assert found(rules(*all_apart(range(3)), ("together", (3, 4)), ("lock", (0, 3), {"group": 2})), [4, 4, 4]) is None
    assert found([], [4, 4, 4]) is None


def test_the_rule_that_every_conflict_holds_is_the_one_to_give_up():
    given = rules(("together", (0, 1)), ("apart", (0, 1)), ("lock", (0,), {"group": 1}), ("lock", (1,), {"group": 2}))
    contradiction = found(given, [2, 2])
    assert (contradiction.give_up, contradiction.proven) == ((given[0],), True)
    assert contradiction.words.endswith("이 가운데 다음 규칙을 풀면 됩니다: A.")


def test_a_rule_with_a_reason_is_kept_rather_than_one_without():
    given = [
        Rule(1, "apart", (0, 1), "가 – 나 떼어 놓기", why="다툼"),
        Rule(2, "together", (0, 1), "가 – 나 함께 두기"),
    ]
    assert found(given, [2, 2]) == Contradiction(
        (given[1],),
        tuple(given),
        True,
        "규칙 2개가 서로 맞지 않습니다: 가 – 나 떼어 놓기(다툼); 가 – 나 함께 두기. "
        "함께 두어야 하는 학생을 떼어 놓을 수는 없습니다. 이 가운데 하나를 풀면 됩니다.",
    )


def test_contradictions_on_their_own_are_told_one_a_line():
    given = rules(("apart", (0, 1)), ("together", (0, 1)), ("apart", range(2, 6)), ("lock", (7,), {"group": 9}))
    contradiction = found(given, [4, 4, 4])
    assert contradiction.proven and len(contradiction.give_up) == 3
    lines = contradiction.words.split("\n")
    assert sorted(lines[:-1]) == [
        "규칙 2개가 서로 맞지 않습니다: A; B. 함께 두어야 하는 학생을 떼어 놓을 수는 없습니다.",
        "지킬 수 없는 규칙입니다: C. 서로 떼어 놓을 학생이 4명인데 모둠은 3개입니다.",
        "지킬 수 없는 규칙입니다: D. 모둠은 3개인데 9모둠에 고정했습니다.",
    ]
    named = "; ".join(str(rule) for rule in contradiction.give_up)
    assert lines[-1] == f"나머지를 모두 지키려면 적어도 3개를 풀어야 합니다. 예: {named}."


def test_many_pupils_apart_in_pairs_ask_for_several_pairs():
    contradiction = found(rules(*all_apart(range(12))), [4] * 7)
    assert (len(contradiction.give_up), len(contradiction.conflict), contradiction.proven) == (5, 28, True)
    assert "서로 떼어 놓을 학생이 12명인데 모둠은 7개입니다. 이 가운데 적어도 5개는" in contradiction.words
    assert "외 58개" in contradiction.words


def test_a_long_chain_of_pupils_together_has_to_be_cut_more_than_once():
    contradiction = found(rules(*[("together", (at, at + 1)) for at in range(8)]), [4] * 7)
    assert (len(contradiction.give_up), contradiction.proven) == (2, True)
    assert "함께 둘 학생이 9명인데 모둠은 4명까지입니다" in contradiction.words


def test_a_contradiction_without_a_short_reason_is_proven_too():
    contradiction = found(rules(*wheel(0)), [4, 4, 4])
    assert (len(contradiction.give_up), len(contradiction.conflict), contradiction.proven) == (1, 10, True)
    assert "이 규칙을 모두 지키며 모둠을 나눌 방법이 없습니다. 이 가운데 하나를 풀면 됩니다." in contradiction.words


@pytest.mark.parametrize(
    ("said", "sizes", "fewest"),
    [
        (all_apart(range(11)) + all_apart(range(20, 31)), [30] * 10, 2),
        ([("apart", range(11)), ("together", (0, 50, 51)), ("apart", (50, 51))], [30] * 10, 2),
        (wheel(0) + wheel(10), [100] * 3, 2),
    ],
)
def test_pupils_without_a_rule_are_no_trouble_in_a_whole_year(said, sizes, fewest):
    contradiction = found(rules(*said), sizes)
    assert (len(contradiction.give_up), contradiction.proven) == (fewest, True)


def test_sizes_that_may_vary_make_room():
    given = rules(("together", range(5)), ("together", range(5, 10)))
    assert found(given, [4, 4, 4], size_range=(2, 5)) is None
    assert len(found(given, [4, 4, 4], size_range=(3, 5)).give_up) == 1
    with pytest.raises(ValueError):
        found(given, [4, 4, 4], size_range=(5, 6))


def test_without_time_whatever_is_known_is_told():
    contradiction = found(rules(*wheel(0)), [4, 4, 4], limit=-1.0)
    assert (contradiction.conflict, contradiction.proven) == ((), False)
    assert contradiction.words.startswith("규칙을 모두 지키며 모둠을 나눌 방법을 정해진 시간 안에 찾지 못했습니다. ")
    assert contradiction.words.endswith("더 적게 풀어도 되는지는 정해진 시간 안에 확인하지 못했습니다.")


def test_crowded_pairs_ask_for_as_many_rules_as_the_cheapest_groups_say():
    draw = random.Random(1)
    pairs = [pair for pair in combinations(range(12), 2) if draw.random() < 0.8]
    given = rules(*[("apart", pair) for pair in pairs])
    fewest = min(sum(labels[a] == labels[b] for a, b in pairs) for labels in partitions([3, 3, 3, 3], free=True))
    contradiction = found(given, [3, 3, 3, 3])
    assert (len(contradiction.give_up), contradiction.proven) == (fewest, True)


def partitions(sizes: list[int], labels: tuple[int, ...] = (), free: bool = False):
    """Every grouping of these sizes; with ``free`` those that differ by the groups' order only once."""
    if len(labels) == sum(sizes):
        yield labels
        return
    for group in range(len(sizes)):
        if labels.count(group) < sizes[group]:
            yield from partitions(sizes, (*labels, group), free)
            if free and group not in labels:
                return


def groupings(sizes: list[int], size_range: tuple[int, int] | None):
    for labels in product(range(len(sizes)), repeat=sum(sizes)):
        counts = [labels.count(group) for group in range(len(sizes))]
        if counts == sizes if size_range is None else all(size_range[0] <= one <= size_range[1] for one in counts):
            yield labels


def random_case(draw: random.Random) -> tuple[list[Rule], list[int], tuple[int, int] | None]:
    groups = draw.choice([2, 3, 3])
    n = draw.randint(5, 7)
    sizes = [n // groups + (group < n % groups) for group in range(groups)]
    size_range = (n // groups - 1, -(-n // groups) + 1) if draw.random() < 0.25 and n // groups > 1 else None
    said = []
    for _ in range(draw.randint(2, 9)):
        kind = draw.choice(["apart", "apart", "together", "together", "cap", "lock"])
        count = (
            draw.randint(1, n) if kind == "cap" else draw.choice([1, 2]) if kind == "lock" else draw.choice([2, 2, 3])
        )
        more = {}
        if kind == "cap":
            least = draw.choice([0, 0, 1, 2])
            more = {"least": least, "most": draw.choice([None, max(1, least), least + 1])}
        elif kind == "lock":
            more = {"group": draw.randint(1, groups)}
        said.append((kind, draw.sample(range(n), count), more))
    return rules(*said), sizes, size_range


@pytest.mark.parametrize("seed", range(60))
def test_no_smaller_set_of_rules_would_do_and_the_conflict_is_minimal(seed):
    given, sizes, size_range = random_case(random.Random(seed))
    broken = {frozenset(rule for rule in given if not rule.holds(labels)) for labels in groupings(sizes, size_range)}
    fewest = min(len(one) for one in broken)
    contradiction = found(given, sizes, size_range=size_range)
    if fewest == 0:
        assert contradiction is None
        return
    give_up, conflict = set(contradiction.give_up), set(contradiction.conflict)
    assert (len(give_up), contradiction.proven) == (fewest, True)
    assert any(one <= give_up for one in broken)
    assert all(one & conflict for one in broken)
    assert all(any(not one & (conflict - {spared}) for one in broken) for spared in conflict)
    if fewest == 1 and len(conflict) > 1:
        equally_good = all(frozenset({rule}) in broken for rule in conflict)
        assert contradiction.words.endswith("이 가운데 하나를 풀면 됩니다.") == equally_good


@pytest.mark.parametrize("seed", range(60))
def test_the_exact_search_finds_a_grouping_if_there_is_one(seed):
    given, sizes, size_range = random_case(random.Random(1000 + seed))
    given = given[: 2 + seed % 4]
    low, high = (sizes, sizes) if size_range is None else ([one] * len(sizes) for one in size_range)
    answer = keep_all(given, Seats(sum(sizes), tuple(low), tuple(high)), until=time.monotonic() + 10)
    possible = [labels for labels in groupings(sizes, size_range) if all(rule.holds(labels) for rule in given)]
    assert answer.sure
    assert tuple(answer.labels) in possible if possible else answer.labels is None
