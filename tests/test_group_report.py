"""The workbook of a grouping, read back, and the cards of the page."""

import dataclasses
import datetime
import io
import re

import openpyxl
import pandas as pd
import pytest

from schoolkit.grouping.cards import CARD_STYLE, group_cards_html
from schoolkit.grouping.groups import Groups
from schoolkit.grouping.handouts import Handout, write_cards, write_group_tables
from schoolkit.grouping.history import read_history
from schoolkit.grouping.report import group_csv, write_class_reports, write_group_report, write_plan_report
from schoolkit.rosters.pupil_list import read_students
from schoolkit.sheets import new_workbook

DAY = datetime.date(2026, 3, 2)


def pupils(names="김하나 이두리 박세리 최네오 정다섯 강여섯 조일곱", **columns):
    names = names.split()
    return pd.DataFrame({"번호": range(1, len(names) + 1), "이름": names, **columns})


def a_class():
    return pupils(
        성별=["여", "남", "여", "남", "여", "남", "여"],
        점수=pd.array([90, 80, 70, 60, 50, None, 40], dtype="Int64"),
        모둠장=["O", None, None, "O", None, "X", "O"],
        특이사항=[None, "비밀", None, None, None, None, None],
    )


@pytest.fixture(scope="module")
def grouping():
    groups = Groups(a_class(), sizes=[3, 3]).balance("성별", weight=2).balance("점수", mean=2, spread=1)
    groups.at_least(1, "모둠장").apart("김하나", "이두리", why="다툼").lock("박세리", 2).absent("정다섯")
    return groups.make(variety=0, seed=7, time_limit=1)


@pytest.fixture(scope="module")
def workbook(grouping):
    return openpyxl.load_workbook(io.BytesIO(write_group_report(grouping, title="2학년 3반", date=DAY)))


def cells(sheet):
    """The rows of a sheet, without empty ones and without empty cells at the ends."""
    rows = []
    for row in sheet.iter_rows(values_only=True):
        while row and row[-1] in (None, ""):
            row = row[:-1]
        if row:
            rows.append(row)
    return rows


def test_the_list_has_every_column_the_group_in_front_and_a_filter(grouping, workbook):
    group = dict(zip(grouping.table["이름"], grouping.table["group"].astype(object), strict=True))
    students = a_class().astype(object)
    rows = [tuple(row) for row in students.where(students.notna(), None).assign(이름=students["이름"]).values.tolist()]
    assert workbook.sheetnames == ["명단", "모둠 표", "카드", "균형", "설정", "이력"]
    expected = [("결석" if row[1] == "정다섯" else group[row[1]], *row) for row in rows]
    assert cells(workbook["명단"]) == [
        ("2학년 3반 모둠 편성",),
        ("모둠", "번호", "이름", "성별", "점수", "모둠장", "특이사항"),
        *(row if row[-1] else row[:6] if row[5] else row[:5] for row in expected),
    ]
    assert workbook["명단"].auto_filter.ref == "A2:G9"


def test_what_is_posted_and_cut_out_shows_names_and_leaders_alone(grouping, workbook):
    starred = {"김하나", "최네오", "조일곱"}
    groups = [
        sorted(
            (f"★ {name}" if name in starred else name for name in grouping.members(number)), key=lambda n: n[0] != "★"
        )
        for number in (1, 2)
    ]
    assert cells(workbook["모둠 표"]) == [
        ("2학년 3반 모둠 편성", "2026. 3. 2."),
        ("1모둠", "2모둠"),
        *zip(*groups, strict=True),
        ("★ 모둠장",),
    ]
    foot = "2학년 3반 모둠 편성 · ★ 모둠장"
    assert cells(workbook["카드"]) == [("1모둠", "2모둠"), *zip(*groups, strict=True), (foot, foot)]


def test_the_balance_has_the_statement_the_lines_and_the_figures_of_each_group(grouping, workbook):
    rows = cells(workbook["균형"])
    assert rows[0] == ("2학년 3반 모둠 편성",)
    assert rows[1] == (grouping.statement,)
    assert re.fullmatch(
        r"균형 점수 [\d.]+점 \(치우침 [\d.]+. 이보다 작을 수 없는 값은 [\d.]+, 무작위 평균은 100\)", rows[2][0]
    )
    assert rows[4:7] == [
        *((f"· {line}",) for line in grouping.lines()),
        ("※ ‘점수’ 칸이 빈 학생 1명은 평균으로 보았습니다.",),
    ]
    table = grouping.balance_report().round(1)
    assert rows[7:] == [
        ("구분", None, "성별", None, "점수"),
        ("모둠", "인원", "남", "여", "평균", "표준편차"),
        ("1모둠", 3, *table["1"]),
        ("2모둠", 3, *table["2"]),
        ("최소", 3, *table["least"]),
        ("최대", 3, *table["most"]),
        ("전체", 6, *table["whole"]),
    ]
    assert len(workbook["균형"]._charts) == 2


def test_the_settings_hold_all_to_make_it_again(grouping, workbook):
    rows = cells(workbook["설정"])
    assert "학생에게는 ‘모둠 표’와 ‘카드’ 시트만 보이고" in rows[0][0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d, schoolkit [\d.]+", rows[3][1])
    assert rows[1:3] + rows[4:] == [
        ("2학년 3반 모둠 편성",),
        ("항목", "내용"),
        ("학생", "명단 7명 가운데 6명"),
        ("결석", "정다섯"),
        ("모둠별 인원", "2모둠: 3명 2모둠"),
        ("특성", "성별: 고르게, 종류로 봄, 중요도 2"),
        ("특성", "점수: 고르게, 수로 봄, 중요도: 평균 2, 흩어진 정도 1"),
        ("규칙", "1. ‘모둠장’ 모둠마다 1명 이상"),
        ("규칙", "2. 김하나 – 이두리 떼어 놓기 — 다툼"),
        ("규칙", "3. 박세리 2모둠에 고정"),
        ("무작위 정도", "가장 고른 편성보다 0점까지 허용"),
        ("씨앗 번호", "7"),
        ("다시 만들기", "같은 명단과 설정에 이 씨앗 번호를 쓰면 같은 편성이 나옵니다."),
    ]


def test_settings_of_a_free_draw_with_history_and_changes_by_hand():
    history = pd.DataFrame({"이름": ["김하나", "이두리"], "모둠": [1, 1]})
    made = Groups(pupils(), size=(2, 4)).avoid_repeats(history, recover="4회").make(variety=float("inf"), seed=1)
    made = dataclasses.replace(
        made, by_hand=2, size_range=(2, 4), fading={"recover": "4회", "shape": "within", "weight": 2.0}
    )
    sheet = openpyxl.load_workbook(io.BytesIO(write_group_report(made, date=DAY)))["설정"]
    rows = dict(row for row in cells(sheet) if len(row) == 2)
    assert rows["지난 모둠"] == "1회, 다시 만나도 되는 때 4회 (그때까지는 그대로), 중요도 2"
    assert rows["무작위 정도"] == "규칙 안에서 완전히 무작위"
    assert rows["손으로 바꾼 횟수"] == "2번"
    assert rows["다시 만들기"] == "같은 명단과 설정에 이 씨앗 번호를 쓰면 손으로 바꾸기 전의 편성이 나옵니다."
    assert "(한 모둠 2~4명에서)" in rows["모둠별 인원"]


def test_the_history_of_a_workbook_is_read_back_and_grows(grouping):
    first = read_history(("1.xlsx", write_group_report(grouping, date=DAY)))
    pd.testing.assert_frame_equal(first, grouping.with_history(DAY))
    groups = Groups(a_class(), size=3).avoid_repeats(first)
    second = groups.make(seed=1, time_limit=1)
    later = datetime.date(2026, 4, 1)
    both = read_history(("2.xlsx", write_group_report(second, date=later)))
    pd.testing.assert_frame_equal(both, second.with_history(later))
    assert both.groupby("round")["date"].first().dt.date.tolist() == [DAY, later]


def test_the_list_is_read_again_as_a_list(grouping):
    again = read_students(("모둠.xlsx", write_group_report(grouping, date=DAY)))
    assert again.columns.tolist() == ["모둠", "번호", "이름", "성별", "점수", "모둠장", "특이사항"]
    second = Groups(again, size=3).make(seed=1, time_limit=1)
    sheet = openpyxl.load_workbook(io.BytesIO(write_group_report(second, date=DAY)))["명단"]
    assert cells(sheet)[1][:3] == ("모둠", "지난 모둠", "번호")


def test_pupils_who_only_labels_tell_apart_keep_their_rounds():
    made = Groups(pd.DataFrame({"이름": ["가", "나", "가"]}), n_groups=1).make(seed=1)
    assert read_history(("a.xlsx", write_group_report(made, date=DAY)))["name"].tolist() == ["가(1)", "나", "가(2)"]


def test_several_classes_in_one_workbook():
    made = {f"2학년 {number}반": Groups(pupils("가가 나나 다다 라라"), size=2).make(seed=number) for number in (1, 2)}
    content = write_class_reports(made, date=DAY)
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    assert [row[:4] for row in cells(workbook["명단"])[1:]] == [
        ("모둠", "반", "번호", "이름"),
        *(
            (group, label, at + 1, name)
            for label, one in made.items()
            for at, (group, name) in enumerate(zip(one.table["group"], one.table["이름"], strict=True))
        ),
    ]
    tables = workbook["모둠 표"]
    titles = [row[0] for row in cells(tables) if row[0].endswith("편성")]
    assert titles == ["2학년 1반 모둠 편성", "2학년 2반 모둠 편성"]
    assert (
        len(tables.row_breaks.brk) == len(workbook["카드"].row_breaks.brk) == len(workbook["균형"].row_breaks.brk) == 1
    )
    history = read_history(("a.xlsx", content))
    assert history["round"].tolist() == [1] * 4 + [2] * 4
    assert history["class_name"].tolist() == ["2학년 1반"] * 4 + ["2학년 2반"] * 4


def test_a_shared_history_stands_once_in_a_workbook_of_classes():
    earlier = pd.DataFrame({"회차": [1, 1, 2, 2], "이름": ["가가", "나나"] * 2, "모둠": [1, 1, 1, 2]})
    made = {
        label: Groups(pupils(names), size=2).avoid_repeats(earlier).make(seed=1)
        for label, names in (("1반", "가가 나나"), ("2반", "다다 라라"))
    }
    history = read_history(("a.xlsx", write_class_reports(made, date=DAY)))
    assert history["round"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4]


def test_new_classes_are_called_by_their_names():
    made = Groups(pupils(), n_groups=2).balance("번호", kind="number").make(seed=1, time_limit=1)
    content = write_group_report(made, title="3학년", date=DAY, unit="반", names=["가반", "나반"])
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    assert workbook.sheetnames == ["명단", "반 표", "카드", "균형", "설정"]
    assert cells(workbook["명단"])[0:2] == [("3학년 반편성",), ("새 반", "번호", "이름")]
    assert {row[0] for row in cells(workbook["명단"])[2:]} == {"가반", "나반"}
    assert cells(workbook["카드"])[0] == ("가반", "나반")
    with pytest.raises(ValueError, match="fewer names"):
        write_group_report(made, names=["가반"])


def test_planned_rounds_stand_side_by_side_and_leave_no_history():
    plan = Groups(pupils("가 나 다 라"), size=2).make_rounds(3, seed=1, time_limit=0.5)
    workbook = openpyxl.load_workbook(io.BytesIO(write_plan_report(plan, date=DAY)))
    assert workbook.sheetnames == ["명단", "모둠 표", "카드", "균형", "설정"]
    table = plan.table
    assert cells(workbook["명단"]) == [
        ("모둠 편성",),
        ("1회차", "2회차", "3회차", "번호", "이름"),
        *table.astype(object).itertuples(index=False, name=None),
    ]


def test_the_csv_has_the_group_in_front_and_guards_formulas():
    students = pd.DataFrame({"이름": ["가", "=1+1"], "점수": [1.5, None]})
    made = Groups(students, n_groups=1).absent("가").make(seed=1)
    assert group_csv(made).decode("utf-8-sig") == "모둠,이름,점수\r\n,가,1.5\r\n1,'=1+1,\r\n"


def test_the_report_goes_to_a_path_or_a_file(grouping, tmp_path):
    path, stream = tmp_path / "모둠.xlsx", io.BytesIO()
    assert grouping.write_report(path, title="우리 반") == path.read_bytes()
    write_group_report(grouping, stream)
    assert openpyxl.load_workbook(stream).sheetnames[0] == "명단"


def test_a_leader_is_told_by_a_rule_or_a_column_and_no_other_mark_is_shown():
    students = pupils("가 나 다 라", 조장=["O", None, "아니오", "예"], 특수=["O", None, None, "O"])
    by_column = Groups(students, size=2).one_each("특수").make(seed=1)
    assert re.findall(r">([^<>]+)<span class=\"badge\">조장<", group_cards_html(by_column)) in (
        ["가", "라"],
        ["라", "가"],
    )
    by_rule = (
        Groups(students.drop(columns="조장").rename(columns={"특수": "모둠장"}), size=2).one_each("모둠장").make(seed=1)
    )
    assert group_cards_html(by_rule).count('<span class="badge">모둠장</span>') == 2
    neither = Groups(students.drop(columns="조장"), size=2).one_each("특수").make(seed=1)
    assert "badge" not in group_cards_html(neither)


def test_cards_escape_what_they_show_and_hold_the_absent_apart():
    students = pd.DataFrame(
        {"이름": ["<b>가</b>", "나", "다"], "점수": [1.0, None, 3.0], "관심": ["a&b", "음악", None]}
    )
    made = Groups(students, n_groups=1).absent("다").make(seed=1)
    assert group_cards_html(made, extra_columns=["점수", "관심"], names=["<1>"]) == (
        '<ul class="sk-groups"><li class="group"><div class="head"><span class="number">&lt;1&gt;</span>'
        '<span class="count">2명</span></div><ul class="members">'
        '<li>&lt;b&gt;가&lt;/b&gt;<span class="more">1 · a&amp;b</span></li>'
        '<li>나<span class="more">음악</span></li></ul></li>'
        '<li class="group away"><div class="head"><span class="number">결석</span><span class="count">1명</span></div>'
        '<ul class="members"><li>다<span class="more">3</span></li></ul></li></ul>'
    )
    assert CARD_STYLE.startswith("<style>")


@pytest.mark.parametrize(("groups", "size"), [(1, 1), (7, 4), (10, 30), (2, 45), (60, 5)])
def test_every_page_to_hand_out_fits_on_paper(groups, size):
    parts = [Handout("반", [(f"{group}모둠", ["김가나"] * size) for group in range(groups)], "")] * 2
    book, content = new_workbook()
    write_group_tables(book, book.add_worksheet("표"), parts, DAY)
    write_cards(book, book.add_worksheet("카드"), parts)
    book.close()
    for sheet in openpyxl.load_workbook(content):
        upright = sheet.page_setup.orientation != "landscape"
        height = (842 if upright else 595) - 2 * 0.4 * 72
        width = ((8.27 if upright else 11.69) - 2 * 0.4) * 96
        columns = sum(7 * one.width * (one.max - one.min + 1) for one in sheet.column_dimensions.values())
        assert columns <= width
        breaks = [0, *(one.id for one in sheet.row_breaks.brk), sheet.max_row]
        heights = [sheet.row_dimensions[row].height or 15 for row in range(1, sheet.max_row + 1)]
        pages = [sum(heights[first:after]) for first, after in zip(breaks[:-1], breaks[1:], strict=True)]
        assert max(pages) <= height
        assert len(pages) >= 2
