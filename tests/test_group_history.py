"""Earlier rounds read from files of any layout, kept for next time, and what meeting again costs."""

import datetime

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from table_files import csv_file, xlsx_file

from schoolkit.errors import InputError
from schoolkit.grouping.history import append_round, history_bytes, join_histories, read_history
from schoolkit.grouping.meetings import meeting_costs

TODAY = datetime.date(2026, 5, 1)


def as_rows(history):
    shown = history.assign(date=history["date"].dt.strftime("%m-%d")).astype(object)
    return [tuple(row) for row in shown.where(shown.notna(), None).itertuples(index=False)]


def rounds_read(source):
    history = read_history(source, today=TODAY)
    return [
        (None if pd.isna(rows["date"].iloc[0]) else str(rows["date"].iloc[0].date()), "".join(rows["name"]))
        for _, rows in history.groupby("round")
    ]


def problems_of(source):
    with pytest.raises(InputError) as caught:
        read_history(source, today=TODAY)
    return [(p.file, p.row, p.column, p.kind) for p in caught.value.problems]


def pupils(*names, **columns):
    return pd.DataFrame({"name": list(names), **columns})


def a_history(*rounds, dates=None):
    """Rounds such as ``"가나 다라"``: groups of pupils with one-letter names."""
    history = None
    for at, groups in enumerate(rounds):
        placed = [(name, g) for g, group in enumerate(groups.split(), 1) for name in group]
        names, numbers = zip(*placed, strict=True)
        history = append_round(history, names, numbers, date=dates[at] if dates else None)
    return history


def test_our_own_history_is_read_as_it_stands():
    file = csv_file(
        "모둠이력.csv",
        "회차,날짜,반,번호,이름,모둠",
        "2,2026-04-06,1,1,가온,2",
        "1,2026-03-02,1,1,가온,1",
        "1,2026-03-02,1,02,나래,1",
    )
    history = read_history(file)
    assert as_rows(history) == [
        (1, "03-02", "가온", "1", "1", "1"),
        (1, "03-02", "나래", "02", "1", "1"),
        (2, "04-06", "가온", "1", "1", "2"),
    ]
    assert list(history.columns) == ["round", "date", "name", "student_no", "class_name", "group"]
    assert history["round"].dtype == "int64" and history["date"].dtype == "datetime64[ns]"
    assert history["student_no"].dtype == "string"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize(("name", "group"), [("성  명", "조"), ("이름", "모둠 번호"), ("name", "Group")])
def test_any_table_of_names_and_groups_is_one_round(encoding, name, group):
    lines = ["2학년 1반 모둠", "", f"비고,{group},{name}", ",1,가온", ",,", ",2,나래"]
    file = csv_file("결과.csv", *lines, encoding=encoding)
    assert as_rows(read_history(file)) == [(1, None, "가온", None, None, "1"), (1, None, "나래", None, None, "2")]


def test_of_a_workbook_with_a_history_sheet_only_that_is_read():
    list_sheet = [["이름", "모둠"], ["다솜", 9]]
    own = [["회차", "날짜", "이름", "모둠"], [1, datetime.date(2026, 3, 2), "가온", 1], [1, None, "나래", 1]]
    file = xlsx_file("결과.xlsx", {"모둠 표": list_sheet, "이력": own, "설정": [["모둠 수", 4]]})
    assert as_rows(read_history(file)) == [(1, "03-02", "가온", None, None, "1"), (1, "03-02", "나래", None, None, "1")]


def test_every_sheet_with_names_and_groups_is_a_round_and_others_are_passed_over():
    sheets = {
        "4월 6일": [["이름", "모둠"], ["가온", 1]],
        "균형": [["모둠", "평균"], [1, 80.5]],
        "3월 2일": [["이름", "모둠"], ["나래", 1]],
    }
    assert rounds_read(xlsx_file("모둠.xlsx", sheets)) == [("2026-03-02", "나래"), ("2026-04-06", "가온")]


def test_merged_group_cells_hold_for_all_their_pupils_but_not_for_empty_seats():
    rows = [["모둠", "이름"], ["1모둠", "가온"], [None, "나래"], [None, None], ["2모둠", "다솜"]]
    file = xlsx_file("모둠.xlsx", {"Sheet1": rows}, merged=["A2:A4"])
    found = read_history(file)
    assert list(zip(found["name"], found["group"], strict=True)) == [
        ("가온", "1모둠"),
        ("나래", "1모둠"),
        ("다솜", "2모둠"),
    ]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("모둠 2026-03-02.csv", "2026-03-02"),
        ("20260302_모둠.csv", "2026-03-02"),
        ("2026년 3월 2일.csv", "2026-03-02"),
        ("2026.3.2. 모둠 (2).csv", "2026-03-02"),
        ("3월 2일.csv", "2026-03-02"),
        ("9월 1일.csv", "2025-09-01"),
        ("20261345.csv", None),
        ("2학년 1반 30105.csv", None),
    ],
)
def test_a_date_in_the_file_name_is_the_rounds_date(name, day):
    assert rounds_read(csv_file(name, "이름,모둠", "가온,1")) == [(day, "가온")]


def test_dated_files_are_put_in_order_and_others_left_in_theirs():
    def one(name, pupil):
        return csv_file(name, "이름,모둠", f"{pupil},1")

    late, early, undated = one("2026-04-06.csv", "가"), one("2026-03-02.csv", "나"), one("모둠.csv", "다")
    assert rounds_read([late, early]) == [("2026-03-02", "나"), ("2026-04-06", "가")]
    assert [names for _, names in rounds_read([late, undated, early])] == ["가", "다", "나"]


def test_rounds_of_several_tables_are_merged_by_date_but_keep_their_own_order():
    history = csv_file("이력.csv", "회차,날짜,이름,모둠", "1,2026-03-02,가,1", "2,2026-04-20,나,1", "3,2026-04-06,다,1")
    single = csv_file("2026-03-16.csv", "이름,모둠", "라,1")
    assert [names for _, names in rounds_read([history, single])] == ["가", "라", "나", "다"]


def test_a_round_that_two_histories_hold_counts_once():
    older = csv_file("a.csv", "회차,날짜,이름,모둠", "1,2026-03-02,가,1", "2,,나,1")
    newer = csv_file("b.csv", "회차,날짜,이름,모둠", "1,2026-03-02,가,1", "2,,나,1", "3,2026-04-06,가,1")
    assert [names for _, names in rounds_read([older, newer])] == ["가", "나", "가"]
    same_twice = csv_file("c.csv", "이름,모둠", "가,1"), csv_file("d.csv", "이름,모둠", "가,1")
    assert [names for _, names in rounds_read(list(same_twice))] == ["가", "가"]


def test_result_tables_of_a_script_are_rounds_oldest_first():
    first = pd.DataFrame({"성명": ["가온", "나래"], "학번": [30101.0, None], "group": [1, 1], "점수": [7, 8]})
    second = pd.DataFrame({"name": ["가온"], "group": ["A"], "date": [pd.Timestamp("2026-04-06")]})
    assert as_rows(read_history([first, second])) == [
        (1, None, "가온", "30101", None, "1"),
        (1, None, "나래", None, None, "1"),
        (2, "04-06", "가온", None, None, "A"),
    ]
    assert list(first.columns) == ["성명", "학번", "group", "점수"]


def test_all_problems_are_listed_with_their_places():
    history = csv_file(
        "이력.csv",
        "회차,날짜,이 름,모둠",
        "1,2026-03-02,가온,1",
        "1,삼월,,1",
        "1,2026-03-03,나래,",
        "1,,가온,2",
        "첫째,,다솜,1",
    )
    strangers = csv_file("명단.csv", "번호,성명", "1,가온")
    assert problems_of([history, strangers, csv_file("빈.csv")]) == [
        ("빈.csv", None, None, "unreadable"),
        ("이력.csv", 3, "이 름", "blank_name"),
        ("이력.csv", 3, "날짜", "bad_date"),
        ("이력.csv", 4, "모둠", "blank_group"),
        ("이력.csv", 4, "날짜", "two_dates"),
        ("이력.csv", 5, "이 름", "pupil_twice"),
        ("이력.csv", 6, "회차", "bad_round"),
        ("명단.csv", None, None, "missing_column"),
    ]


def test_problems_tell_the_sheet_and_quote_no_names():
    file = xlsx_file("모둠.xlsx", {"3월 2일": [["이름", "모둠"], ["가온", 1], ["가온", 2]]})
    with pytest.raises(InputError) as caught:
        read_history(file)
    assert str(caught.value) == (
        "모둠.xlsx '3월 2일' 시트 3행 '이름' 칸: 한 회차에 같은 학생이 두 번 나옵니다. 한 줄만 남겨 주세요. "
        "이름이 같은 다른 학생이면 '번호'나 '반' 칸으로 구별해 주세요."
    )


def test_pupils_of_one_name_with_their_numbers_are_two():
    file = csv_file("모둠.csv", "번호,이름,모둠", "1,가온,1", "2,가온,1")
    assert len(read_history(file)) == 2
    assert problems_of(csv_file("모둠.csv", "번호,이름,모둠", "2,가온,1", "02번,가온,1"))[0][3] == "pupil_twice"


def test_a_table_without_pupils_is_no_history():
    assert problems_of(csv_file("이력.csv", "회차,이름,모둠")) == [(None, None, None, "no_rounds")]


def test_a_history_kept_as_csv_is_read_back_without_loss():
    first = append_round(None, ["가온", "나래"], [1, "-2"], date=None, numbers=["007", None], class_name="1")
    second = append_round(first, ["=1+1", "O'Neil, 나라"], ["가 모둠", "나"], date=datetime.date(2026, 4, 6))
    history = append_round(second, ["가온", "마리아 산토스"], ["@a", "+"], date="2026-03-02", class_name=["1", "진리"])
    assert as_rows(history) == [
        (1, None, "가온", "007", "1", "1"),
        (1, None, "나래", None, "1", "-2"),
        (2, "04-06", "=1+1", None, None, "가 모둠"),
        (2, "04-06", "O'Neil, 나라", None, None, "나"),
        (3, "03-02", "가온", None, "1", "@a"),
        (3, "03-02", "마리아 산토스", None, "진리", "+"),
    ]
    assert_frame_equal(read_history(("이력.csv", history_bytes(history))), history)
    assert_frame_equal(read_history(history), history)
    assert len(first) == 2


def test_a_history_without_classes_and_numbers_is_written_without_them():
    content = history_bytes(append_round(None, ["가온"], [1], date="2026-03-02"))
    assert content.decode("utf-8-sig") == "회차,날짜,이름,모둠\r\n1,2026-03-02,가온,1\r\n"


def test_a_round_with_pupils_who_cannot_be_told_apart_is_refused():
    with pytest.raises(InputError) as caught:
        append_round(None, ["가온", "가온"], [1, 2], date=None)
    assert [problem.kind for problem in caught.value.problems] == ["pupil_twice"]


def test_meetings_fade_by_half_over_the_recovery_time():
    history = a_history("가나 다라", "가다 나라", "가나 다라")
    found = meeting_costs(history, pupils(*"가나다라"), recover="2회")
    two, one = 0.5 ** (1 / 2) + 0.5 ** (3 / 2), 0.5
    assert np.allclose(found.costs, [[0, two, one, 0], [two, 0, 0, one], [one, 0, 0, two], [0, one, two, 0]])
    assert np.array_equal(found.met, found.costs > 0)
    assert (found.unknown, found.ambiguous, found.rounds) == (0, 0, 3)


@pytest.mark.parametrize(
    ("shape", "costs"),
    [
        ("exponential", [0.5, 0.5**0.5, 0.5**1.5]),
        ("sigmoid", [0.5, 1 / (1 + np.exp(-3)), 1 / (1 + np.exp(3))]),
        ("within", [1, 1, 0]),
    ],
)
def test_shapes_of_fading_at_once_half_and_one_and_a_half_times_the_recovery_time(shape, costs):
    found = []
    for recover in ("10일", "20일", "6.666666666666667일"):
        history = a_history("가나", dates=["2026-04-21"])
        found.append(meeting_costs(history, pupils("가", "나"), recover=recover, shape=shape, today=TODAY).costs[0, 1])
    assert np.allclose(found, costs)


@pytest.mark.parametrize(("recover", "days"), [("30일", 30), ("4 주", 28), ("2개월", 60), ("2주일", 14), ("1달", 30)])
def test_ages_in_days_count_from_the_date_to_today(recover, days):
    history = a_history("가나", "가다", dates=["2026-04-01", "2026-06-01"])
    found = meeting_costs(history, pupils(*"가나다"), recover=recover, today=TODAY)
    assert np.allclose(found.costs[0], [0, 0.5 ** (30 / days), 1])


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"recover": "0회"}, "bad_recover"),
        ({"recover": "곧"}, "bad_recover"),
        ({"recover": "4"}, "bad_recover"),
        ({"shape": "linear"}, "bad_shape"),
        ({"recover": "30일"}, "no_date"),
    ],
)
def test_a_fading_that_cannot_be_read_is_told(options, kind):
    with pytest.raises(InputError) as caught:
        meeting_costs(a_history("가나"), pupils("가", "나"), **options)
    assert [problem.kind for problem in caught.value.problems] == [kind]


def met_pairs(history, labels):
    found = meeting_costs(history, labels)
    return [tuple(pair) for pair in np.argwhere(np.triu(found.met)).tolist()], found.unknown, found.ambiguous


def test_pupils_of_one_name_are_told_apart_by_class_and_number():
    history = append_round(
        None, ["가온", "가온", "나래", "다솜"], [1, 2, 1, 2], date=None, class_name="1", numbers=[1, 2, 3, 4]
    )
    labels = pupils("가온", "가온", "나래", "다솜")
    assert met_pairs(history, labels.assign(student_no=["01", "2", "3", "4"])) == ([(0, 2), (1, 3)], 0, 0)
    assert met_pairs(history, labels.assign(student_no=[30101, 30102, 30103, 30104])) == ([(0, 2), (1, 3)], 0, 0)
    assert met_pairs(history, labels) == ([], 0, 2)
    other_class = labels.assign(class_name=["2반", "2학년 1반", "1", "01반"], student_no=[1, 2, 3, 4])
    assert met_pairs(history, other_class) == ([(1, 3)], 1, 0)


def test_a_number_decides_among_several_that_fit():
    history = append_round(None, ["가온", "나래"], [1, 1], date=None, numbers=[1, 2])
    labels = pupils("가온", "가온", "나래", student_no=pd.array(["1", None, "2"], dtype="string"))
    assert met_pairs(history, labels) == ([(0, 2)], 0, 0)


def test_two_pupils_of_the_history_who_fit_one_are_not_guessed():
    history = append_round(None, ["가온", "가온", "나래"], [1, 2, 1], date=None, numbers=[1, 2, 3])
    assert met_pairs(history, pupils("가온", "나래")) == ([], 0, 2)


def test_who_left_is_counted_once_and_marks_beside_names_do_not_matter():
    history = a_history("가나다", "가나다")
    assert met_pairs(history, pupils("가(전출)", "다")) == ([(0, 1)], 1, 0)


def test_rounds_of_another_class_do_not_age_those_of_this():
    history = a_history("가나", "다라", "다라", "가라")
    found = meeting_costs(history, pupils("가", "나"), recover="1회")
    assert (found.costs[0, 1], found.rounds, found.unknown) == (0.5, 1, 2)


@pytest.mark.parametrize("seed", range(5))
def test_costs_agree_with_counting_pair_by_pair(seed):
    rng = np.random.default_rng(seed)
    placed = rng.integers(1, 4, size=(5, 8))
    history = None
    for groups in placed:
        history = append_round(history, "가나다라마바사아", groups, date=None)
    found = meeting_costs(history, pupils(*"가나다라마바사아"), recover="3회").costs
    for a, b in np.ndindex(8, 8):
        ages = [5 - r for r in range(5) if a != b and placed[r, a] == placed[r, b]]
        assert np.isclose(found[a, b], sum(0.5 ** (age / 3) for age in ages))


def test_classes_of_one_day_stay_rounds_of_their_own():
    shared = append_round(None, ["가", "나"], [1, 1], date="2026-03-02")
    one = append_round(shared, ["가", "나"], [1, 2], date="2026-04-01", class_name="1")
    other = append_round(shared, ["다", "라"], [1, 1], date="2026-04-01", class_name="2")
    joined = join_histories([one, other])
    assert joined[["round", "name", "group"]].to_numpy().tolist() == [
        [1, "가", "1"],
        [1, "나", "1"],
        [2, "가", "1"],
        [2, "나", "2"],
        [3, "다", "1"],
        [3, "라", "1"],
    ]
    # a first round has nothing before it
    first = append_round(None, ["가"], [1], date=None)
    assert join_histories([first, first])["round"].tolist() == [1, 2]


def test_pupils_of_another_class_are_not_missed():
    history = append_round(None, ["가", "나", "다"], [1, 1, 1], date=None, class_name=["1", "1", "2"])
    labels = pd.DataFrame({"name": ["가"], "class_name": ["1반"]})
    assert meeting_costs(history, labels).unknown == 1
    assert meeting_costs(history, labels.drop(columns="class_name")).unknown == 2
