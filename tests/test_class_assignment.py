"""반편성 as a script uses it."""

import numpy as np
import pandas as pd
import pytest

from schoolkit.errors import InputError
from schoolkit.grouping.class_assignment import class_groups, class_rules, class_table, guess_columns


def grade(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    table = pd.DataFrame(
        {
            "현재 반": [at % 3 + 1 for at in range(n)],
            "번호": [at // 3 + 1 for at in range(n)],
            "성명": [f"학생{at:03}" for at in range(n)],
            "성별": rng.choice(["남", "여"], n),
            "국어 점수": rng.normal(70, 12, n).round(),
            "총점": rng.normal(300, 40, n).round(),
            "생활지도 분리": [None] * n,
            "쌍둥이": [None] * n,
            "특수교육": ["X"] * n,
            "전출 예정": [None] * n,
        },
    ).astype({"생활지도 분리": object, "쌍둥이": object, "전출 예정": object})
    table.loc[[1, 4, 7], "성명"] = ["김하나", "김 하나", "김하나(전입)"]
    table.loc[[0, 3, 6], "생활지도 분리"] = ["A", "A", "a "]
    table.loc[[2, 5], "쌍둥이"] = 1
    table.loc[[10, 20, 30, 40], "특수교육"] = "O"
    table.loc[[11, 12, 13, 14, 15], "전출 예정"] = "3월"
    return table


def made(students: pd.DataFrame, **options: object):
    columns = guess_columns(students) | options
    return class_groups(students, n_classes=3, **columns).make(variety=5, seed=1, time_limit=0.3)


def test_columns_are_guessed_by_their_headers():
    assert guess_columns(grade()) == {
        "name": "성명",
        "former_class": "현재 반",
        "gender": "성별",
        "score": "총점",
        "separate": "생활지도 분리",
        "twins": "쌍둥이",
        "special": "특수교육",
        "leaving": "전출 예정",
    }
    assert guess_columns(pd.DataFrame(columns=["이름", "특이사항", "수준"])) == {"name": "이름", "level": "수준"}


def test_every_rule_of_class_assignment_holds():
    students = grade()
    before = students.copy()
    group = made(students).table["group"]
    assert group[[1, 4, 7]].nunique() == 3  # same names
    assert group[[0, 3, 6]].nunique() == 3  # kept apart
    assert group[[2, 5]].nunique() == 2  # twins
    assert sorted(group[[10, 20, 30, 40]].value_counts()) == [1, 1, 2]
    leaving = students["전출 예정"].notna()
    assert sorted(group[leaving].value_counts()) == [1, 2, 2]
    staying = group[~leaving].value_counts()
    assert group.value_counts().tolist() == [20] * 3 and staying.max() - staying.min() <= 1
    pd.testing.assert_frame_equal(students, before)


def test_twins_come_into_one_class_if_that_is_wanted_and_same_names_are_free_if_not():
    group = made(grade(), twins_together=True).table["group"]
    assert group[2] == group[5]
    rules = class_rules(grade(), n_classes=3, same_names_apart=False, twins="쌍둥이")
    assert [(rule.kind, rule.why) for rule in rules] == [("apart", "쌍둥이")]


def test_more_of_one_name_than_classes_are_spread_and_not_refused():
    students = grade()
    students.loc[[21, 22, 24, 25], "성명"] = "김하나"
    rule = next(rule for rule in class_rules(students, n_classes=3) if rule.why == "동명이인")
    assert (rule.kind, rule.count, len(rule.pupils)) == ("at_most", 3, 7)
    assert sorted(made(students).table["group"][[1, 4, 7, 21, 22, 24, 25]].value_counts())[-1] <= 3


def test_a_mere_check_for_guidance_is_spread_and_no_quarrel():
    students = grade()
    students["생활지도 분리"] = ["O" if at < 8 else None for at in range(len(students))]
    group = made(students).table["group"]
    assert sorted(group[:8].value_counts()) == [2, 3, 3]


def test_rules_can_be_left_out():
    students = grade()
    columns = guess_columns(students)
    rule = next(rule for rule in class_rules(students, n_classes=3, twins="쌍둥이") if rule.why == "쌍둥이")
    with_all = class_groups(students, n_classes=3, **columns)
    without = class_groups(students, n_classes=3, **columns, without=[rule])
    assert len(with_all.rules) == len(without.rules) + 1
    assert not any(one.why == "쌍둥이" for one in without.rules)


def test_a_column_that_is_not_there_is_told():
    with pytest.raises(InputError) as caught:
        class_groups(grade(), n_classes=3, gender="남녀", twins="없는 칸")
    assert [problem.column for problem in caught.value.problems] == ["남녀"]
    with pytest.raises(InputError) as caught:
        class_rules(grade(), n_classes=3, twins="없는 칸")
    assert [problem.column for problem in caught.value.problems] == ["없는 칸"]


def test_the_table_has_the_new_class_in_front_class_by_class():
    grouping = made(grade())
    table = class_table(grouping, ["가반", "나반", "다반"])
    assert list(table.columns)[:2] == ["새 반", "현재 반"] and table["새 반"].is_monotonic_increasing
    assert table.groupby("새 반")["성명"].agg(set).to_dict() == {
        "가반": set(grouping.table.query("group == 1")["성명"]),
        "나반": set(grouping.table.query("group == 2")["성명"]),
        "다반": set(grouping.table.query("group == 3")["성명"]),
    }
    assert class_table(grouping)["새 반"].iloc[0] == "1반"
