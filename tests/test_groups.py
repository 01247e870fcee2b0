"""Groups as a script uses them: from a table and rules to a grouping that can be told, changed and repeated."""

import dataclasses
import re

import grouping_instances as known
import numpy as np
import pandas as pd
import pytest

import schoolkit
from schoolkit import ContradictoryRules, Groups, InputError
from schoolkit.grouping.result import BrokenRules


def a_class(n: int = 12) -> pd.DataFrame:
    """Pupils 가0, 가1, …; every other one is a girl, every fourth leads."""
    return pd.DataFrame(
        {
            "번호": range(1, n + 1),
            "이름": [f"가{at}" for at in range(n)],
            "성별": ["여", "남"] * (n // 2),
            "점수": [50 + 3 * at for at in range(n)],
            "모둠장": ["O" if at % 4 == 0 else "" for at in range(n)],
        }
    )


def sets_of(grouping) -> set[frozenset[str]]:
    return {frozenset(grouping.members(group + 1)) for group in range(grouping.n_groups)}


def test_the_table_is_the_pupils_with_their_group_in_front():
    students = a_class()
    before = students.copy()
    made = Groups(students, size=4).balance("성별").absent("가3").make(variety=0, seed=1, time_limit=5)
    assert list(made.table.columns) == ["group", *students.columns]
    assert made.table["group"].isna().tolist() == [at == 3 for at in range(12)]
    assert made.table["group"].value_counts().to_dict() == {1: 4, 2: 4, 3: 3}
    pd.testing.assert_frame_equal(made.table.drop(columns="group"), before)
    pd.testing.assert_frame_equal(students, before)
    assert (made.proven, made.fairness, made.statement) == (True, 100.0, "더 고르게 나눌 수 없음 (증명됨)")


def test_an_absent_pupil_leaves_a_seat_empty_where_sizes_were_said():
    groups = Groups(a_class(), sizes=[4, 4, 4]).absent("가3", "가4")
    assert groups.make(seed=1).objective.sizes.tolist() == [4, 3, 3]
    # or the sizes are said for those who are there
    assert Groups(a_class(), sizes=[5, 5]).absent("가3", "가4").make(seed=1).objective.sizes.tolist() == [5, 5]


def test_every_rule_holds_together():
    groups = Groups(a_class(), n_groups=3).balance("성별", weight=2).balance("점수", mean=2, spread=1)
    groups.apart("가1", "가2", why="다툼").together("가5", "가6").one_each("모둠장").lock("가7", 2).at_most(2, "여")
    made = groups.make(variety=20, seed=3, time_limit=5)
    of = made.group_of
    assert of("가1") != of("가2")
    assert (of("가5"), of("가7")) == (of("가6"), 2)
    assert made.table[made.table["모둠장"] == "O"]["group"].tolist() in (
        [1, 2, 3],
        [1, 3, 2],
        [2, 1, 3],
        [2, 3, 1],
        [3, 1, 2],
        [3, 2, 1],
    )
    assert made.table[made.table["성별"] == "여"]["group"].value_counts().max() <= 2
    assert [str(rule) for rule in made.rules] == [
        "가1 – 가2 떼어 놓기(다툼)",
        "가5 – 가6 함께 두기",
        "‘모둠장’ 모둠마다 1명",
        "가7 2모둠에 고정",
        "‘여’ 모둠마다 2명까지",
    ]


def test_the_same_seed_repeats_a_grouping_and_another_seed_does_not():
    groups = Groups(a_class(), size=4).balance("성별").balance("점수")
    first, again, other = (groups.make(seed=seed) for seed in (1, 1, 2))
    fresh = Groups(a_class(), size=4).balance("성별").balance("점수").make(seed=1)
    assert first.groups.tolist() == again.groups.tolist() == fresh.groups.tolist()
    assert first.groups.tolist() != other.groups.tolist()
    unsaid = [groups.make() for _ in range(2)]
    assert unsaid[0].seed != unsaid[1].seed
    assert groups.make(seed=unsaid[0].seed).groups.tolist() == unsaid[0].groups.tolist()


@pytest.mark.parametrize("variety", [0, 5, 30])
def test_no_grouping_is_worse_than_the_variety_allows(variety):
    groups = Groups(a_class(), size=4).balance("성별").balance("점수")
    scores = [groups.make(variety=variety, seed=seed).score for seed in range(10)]
    best = groups.make(variety=0, seed=0)
    assert best.proven
    assert max(scores) <= best.score + variety + 1e-6
    assert len({round(score, 6) for score in scores}) > 1 or variety == 0


def test_pure_chance_needs_no_traits():
    made = Groups(a_class(), size=4).make(variety=float("inf"), seed=1)
    assert (made.score, made.bound, made.fairness) == (0.0, 0.0, 100.0)
    assert made.statement == "고르게 나눌 특성을 고르지 않아 무작위로 나누었습니다."


def test_pupils_who_share_a_name_are_told_apart():
    students = pd.DataFrame(
        {"반": [1, 1, 2, 2], "번호": [3, 4, 3, 5], "성명": ["김하나", "김하나", "김하나", "이두리"]}
    )
    groups = Groups(students, size=2)
    assert groups.labels == ["김하나(1반 3번)", "김하나(1반 4번)", "김하나(2반 3번)", "이두리"]
    former = students.rename(columns={"반": "출신반"})
    assert Groups(former, size=2).labels == groups.labels
    made = groups.together("김하나(1반 4번)", "이 두리").make(seed=1)
    assert made.group_of("김하나(1반 4번)") == made.group_of("이두리")
    with pytest.raises(InputError) as raised:
        groups.apart("김하나", "모르는 이름")
    assert [problem.kind for problem in raised.value.problems] == ["same_name", "unknown_pupil"]
    assert "김하나" not in str(raised.value) and "모르는" not in str(raised.value)


def test_contradictory_rules_name_the_fewest_to_give_up_and_no_pupil_in_the_error():
    groups = (
        Groups(a_class(), size=4).together("가1", "가2").together("가2", "가3").apart("가1", "가3").apart("가4", "가5")
    )
    with pytest.raises(ContradictoryRules) as raised:
        groups.make()
    error = raised.value
    assert len(error.give_up) == 1
    assert {rule.number for rule in error.contradiction.conflict} == {1, 2, 3}
    assert error.proven
    assert not re.search(r"가\d", str(error))
    assert re.search(r"가1", error.contradiction.words)


def test_missing_values_are_told():
    students = a_class()
    students["점수"] = students["점수"].astype(object)
    students.loc[0, "점수"], students.loc[1, "점수"] = None, "결시"
    students.loc[2, "성별"] = ""
    students["학교"] = "한빛중"
    made = Groups(students, size=4).balance("성별").balance("점수", mean=1).balance("학교").make(seed=1)
    assert made.notices == (
        "‘성별’ 칸이 빈 학생 1명은 따로 한 종류로 보았습니다.",
        "‘점수’ 칸이 빈 학생 1명은 평균으로 보았습니다.",
        "‘점수’ 칸이 숫자가 아닌 학생 1명은 평균으로 보았습니다.",
        "‘학교’ 칸은 모두 같은 값이라 편성에 쓰이지 않았습니다.",
    )


def test_a_swap_by_hand_shows_the_new_score_and_keeps_the_rules():
    groups = Groups(a_class(4), sizes=[2, 2]).balance("성별").apart("가0", "가1")
    made = groups.make(variety=0, seed=1)
    assert sets_of(made) == {frozenset({"가0", "가3"}), frozenset({"가1", "가2"})}
    swapped = made.swap("가3", "가2")
    assert sets_of(swapped) == {frozenset({"가0", "가2"}), frozenset({"가1", "가3"})}
    assert (made.score, swapped.score, swapped.proven, swapped.by_hand) == (0.0, pytest.approx(300), False, 1)
    with pytest.raises(BrokenRules) as raised:
        made.swap("가3", "가1")
    assert [str(rule) for rule in raised.value.rules] == ["가0 – 가1 떼어 놓기"]
    assert "가0" not in str(raised.value)
    moved = made.move("가3", made.group_of("가1"))
    assert sets_of(moved) == {frozenset({"가0"}), frozenset({"가1", "가2", "가3"})}
    with pytest.raises(InputError, match="아무도 남지 않게"):
        moved.move("가0", made.group_of("가1"))


def test_the_statement_says_what_is_proven_and_what_is_not():
    groups = Groups(a_class(8), size=4).balance("점수", mean=1)
    best = groups.make(variety=0, seed=1)
    assert (best.statement, best.fairness) == ("더 고르게 나눌 수 없음 (증명됨)", 100.0)
    worse = min(
        (best.swap(one, other) for one in best.members(1) for other in best.members(2)),
        key=lambda one: abs(one.score - 50),
    )
    percent = int(100 * (100 - worse.score) / (100 - worse.bound))
    assert worse.statement == f"가장 고른 편성(증명됨)의 {percent} %"
    unproven = dataclasses.replace(best, best=best.score, bound=best.score - 10)
    assert unproven.statement == f"가능한 최선의 {int(unproven.fairness)} % 이상"
    assert 90 <= unproven.fairness < 100


def test_a_move_that_changes_sizes_is_never_called_proven():
    groups = Groups(a_class(6), sizes=[3, 3]).balance("모둠장", weight=1)
    made = groups.make(variety=0, seed=1)
    moved = made.move("가1", 3 - made.group_of("가1"))
    assert (made.sizes_kept, made.proven, made.fairness) == (True, True, 100.0)
    assert (moved.sizes_kept, moved.proven) == (False, False)
    assert moved.fairness < 100
    assert moved.statement == "인원을 손으로 바꾸어, 가장 고른 편성과 견줄 수 없습니다."


def test_a_move_keeps_the_range_of_sizes():
    made = Groups(a_class(6), size=(2, 4)).balance("성별").make(variety=0, seed=1)
    big, small = sorted((1, 2), key=lambda group: len(made.members(group)), reverse=True)
    if len(made.members(big)) == 3:
        made = made.move(made.members(small)[0], big)
    assert made.sizes_kept
    with pytest.raises(InputError, match="2~4명을 벗어납니다"):
        made.move(made.members(small if len(made.members(small)) == 2 else big)[0], big)


def test_categories_that_are_numbers_are_set_off_in_words():
    students = pd.DataFrame({"이름": list("가나다라"), "출신반": [1, 1, 2, 2]})
    assert Groups(students, size=2).balance("출신반").make(variety=0, seed=1).lines() == ["출신반: ‘1’ 1명, ‘2’ 1명"]


def test_lines_and_the_report_say_what_each_group_has():
    students = pd.DataFrame(
        {"이름": list("가나다라"), "성별": list("여여남남"), "점수": [10, 20, 30, 50], "관심": list("글글그글")}
    )
    groups = Groups(students, size=2).balance("성별").balance("점수", mean=1).alike("관심")
    for name, group in zip("가나다라", (1, 2, 1, 2), strict=True):
        groups.lock(name, group)
    made = groups.make(seed=1)
    assert made.lines() == [
        "성별: 남 1명, 여 1명",
        "점수: 평균 차이 15 (20–35), 표준편차 10–15",
        "관심: 값이 같은 짝의 비율 모둠 평균 50% (학급 전체 50%)",
    ]
    report = made.balance_report()
    assert list(report.columns) == ["trait", "measure", "aim", "whole", "least", "most", "1", "2"]
    assert report.to_numpy().tolist() == [
        ["성별", "남", "고르게", 1.0, 1.0, 1.0, 1.0, 1.0],
        ["성별", "여", "고르게", 1.0, 1.0, 1.0, 1.0, 1.0],
        ["점수", "평균", "고르게", 27.5, 20.0, 35.0, 20.0, 35.0],
        ["점수", "표준편차", "고르게", pytest.approx(14.79, abs=0.01), 10.0, 15.0, 10.0, 15.0],
        ["관심", "값이 같은 짝의 비율", "비슷하게", 50.0, 0.0, 100.0, 0.0, 100.0],
    ]
    assert made.figures().head(2).to_numpy().tolist() == [["성별", "남", 1, 1.0, 1.0], ["성별", "여", 1, 1.0, 1.0]]


def test_who_was_together_lately_meets_others():
    students = a_class(8)[["이름"]]
    earlier = Groups(students, size=2).make(seed=1)
    later = Groups(students, size=2).avoid_repeats(earlier.with_history()).make(variety=0, seed=2)
    assert (later.score, later.proven) == (0.0, True)
    assert not sets_of(earlier) & sets_of(later)
    assert later.lines() == ["지난 모둠: 전에 만난 짝 0쌍이 다시 만납니다 (무작위면 0.6쌍)"]
    both = later.with_history()
    assert both["round"].tolist() == [1] * 8 + [2] * 8


def test_a_plan_of_rounds_repeats_as_few_pairs_as_it_can():
    plan = Groups(a_class(8)[["이름"]], size=2).make_rounds(7, seed=1, time_limit=5)
    assert (plan.repeated_pairs, plan.least_possible) == (0, 0)
    assert list(plan.table.columns) == [*(f"round_{number}" for number in range(1, 8)), "이름"]
    assert [sorted(plan.table[f"round_{number}"]) for number in (1, 7)] == [[1, 1, 2, 2, 3, 3, 4, 4]] * 2


@pytest.mark.parametrize(
    ("n", "said", "sizes"),
    [
        (28, {"size": 4}, [4] * 7),
        (30, {"size": 4}, [4, 4, 4, 4, 4, 4, 3, 3]),
        (29, {"n_groups": 6}, [5, 5, 5, 5, 5, 4]),
        (5, {"size": 9}, [5]),
        (10, {"sizes": [7, 3]}, [7, 3]),
        (28, {"size": (3, 5)}, [4] * 7),
    ],
)
def test_sizes_follow_from_what_is_said(n, said, sizes):
    made = Groups(pd.DataFrame({"이름": [f"가{at}" for at in range(n)]}), **said).make(variety=0, seed=1)
    assert made.objective.sizes.tolist() == sizes


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "모둠 크기가 정해지지 않았습니다"),
        ({"size": 3, "sizes": [6, 6]}, "모둠 크기가 정해지지 않았습니다"),
        ({"size": 3, "n_groups": 4}, "함께 정해졌습니다"),
        ({"sizes": [6, 5]}, "모두 더하면 11명인데 편성할 학생은 12명"),
        ({"n_groups": 13}, "모둠 13개로 나눌 수 없습니다"),
        ({"size": (5, 5)}, "5~5명씩 나눌 수 없습니다"),
        ({"size": (5, 3)}, "범위가 올바르지 않습니다"),
        ({"size": 0}, "1명 이상"),
    ],
)
def test_impossible_sizes_are_refused_in_words(said, words):
    with pytest.raises(InputError, match=words):
        Groups(a_class(), **said).make()


def test_wrong_columns_and_numbers_are_refused_at_once():
    groups = Groups(a_class(), size=4)
    for call, words in [
        (lambda: Groups(pd.DataFrame({"키": [1]}), size=1), "이름이 적힌 칸을 찾지 못했습니다"),
        (lambda: groups.balance("몸무게"), "명단에 없는 칸입니다"),
        (lambda: groups.balance("점수", weight=-1), "중요도는 0 이상"),
        (lambda: groups.apart("가1"), "두 명 이상"),
        (lambda: groups.at_most(1, "없는 말"), "이 이름의 칸도, 이 값이 적힌 칸도 없습니다"),
        (lambda: groups.at_most(-1, "여"), "0 이상의 정수"),
        (lambda: groups.lock("가1", 0), "모둠 번호는 1부터"),
        (lambda: groups.make(variety=-1), "무작위 정도는 0 이상"),
        (lambda: groups.make_rounds(0), "회차 수는 1에서 60까지"),
        (lambda: Groups(a_class(), size=4).lock("가1", 9).make(), "모둠 번호가 모둠 수"),
    ]:
        with pytest.raises(InputError, match=words):
            call()


def test_a_range_of_sizes_gives_way_to_the_rules():
    groups = Groups(a_class(8), size=(3, 5)).together("가0", "가1", "가2", "가3", "가4")
    made = groups.make(variety=0, seed=1)
    assert sorted(len(one) for one in sets_of(made)) == [3, 5]


def test_one_line_for_scripts():
    table = schoolkit.assign_groups(
        a_class(),
        size=4,
        balance=["성별", "점수"],
        apart=[("가0", "가4")],
        together=[("가1", "가2")],
        absent=["가3"],
        seed=1,
    )
    group = table.set_index("이름")["group"]
    assert group["가0"] != group["가4"]
    assert group["가1"] == group["가2"]
    assert group.isna().sum() == 1


@pytest.mark.parametrize("name", [name for name in known.names("infeasible*")])
def test_known_contradictions_are_told(name):
    told = known.load(name)
    students = pd.DataFrame(told["students"])
    groups = Groups(students, name="student", sizes=told["sizes"])
    for one, other in told["apart"]:
        groups.apart(one, other)
    for one, other in told["together"]:
        groups.together(one, other)
    with pytest.raises(ContradictoryRules) as raised:
        groups.make()
    assert (raised.value.proven, len(raised.value.give_up) >= 1) == (True, True)
    # without those, the rest can be kept
    dropped = {rule.number for rule in raised.value.give_up}
    rest = Groups(students, name="student", sizes=told["sizes"])
    numbered = [("apart", pair) for pair in told["apart"]] + [("together", pair) for pair in told["together"]]
    for number, (rule, pair) in enumerate(numbered, start=1):
        if number not in dropped:
            getattr(rest, rule)(*pair)
    made = rest.make(variety=0, seed=1)
    assert all(rule.holds(made.groups.tolist(), made.n_groups) for rule in made.rules)


def test_progress_is_told_as_a_share():
    shares: list[float] = []
    Groups(a_class(), size=4).balance("점수").make(seed=1, on_step=shares.append)
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)


@pytest.mark.parametrize("seed", range(12))
def test_rules_always_hold_whatever_is_asked(seed):
    rng = np.random.default_rng(seed)
    students = a_class(16)
    groups = Groups(students, **[{"size": 4}, {"n_groups": 5}, {"size": (3, 6)}][seed % 3])
    groups.balance("성별").balance("점수", mean=2, spread=1)
    some = [f"가{at}" for at in rng.permutation(16)]
    groups.together(*some[:2]).apart(*some[2:5]).at_most(3, some[5:11]).lock(some[11], 2).absent(some[12])
    made = groups.make(variety=[0, 10, float("inf")][seed % 3], seed=seed, time_limit=3)
    assert all(rule.holds(made.groups.tolist(), made.n_groups) for rule in made.rules)
    counts = made.table["group"].value_counts()
    assert counts.sum() == 15
    if seed % 3 == 2:
        assert counts.between(3, 6).all()
