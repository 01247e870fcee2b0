"""모둠 편성 and 반편성, run without a browser."""

import io
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from app_pages import figures, page_text, press
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parent.parent
BAD_FILES = sorted((ROOT / "sample_data" / "bad").glob("*.*"))


def class_list(class_name: str = "", count: int = 12) -> str:
    cells = [f"{at},{class_name}학생{at:02},{'남여'[at % 2]},{50 + 7 * at % 41}" for at in range(1, count + 1)]
    return "\n".join(cells) + "\n"


CLASS = ("번호,이름,성별,점수\n" + class_list()).encode()
TWO_CLASSES = "반,번호,이름,성별,점수\n" + "".join(
    f"{class_no},{line}\n" for class_no in (1, 2) for line in class_list("가나"[class_no - 1], 8).splitlines()
)


def opened(*files: tuple[str, bytes], work: str = "모둠 편성") -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run().switch_page("pages/groups.py").run()
    if work != "모둠 편성":
        app.get("button_group")[0].set_value(work).run()
    if files:
        app.session_state["groups_files" if work == "모둠 편성" else "classes_files"] = list(files)
        app.run()
    assert not app.exception
    return app


def box(app: AppTest, label: str):
    return next(one for one in [*app.selectbox, *app.multiselect, *app.number_input] if one.label == label)


def cards(app: AppTest) -> list[list[str]]:
    """The members of every card."""
    shown = next(text for text in page_text(app).split("<style>") if 'class="sk-groups"' in text)
    return [re.findall(r"<li>([^<]*)", card) for card in shown.split('<li class="')[1:]]


def group_of(app: AppTest, name: str) -> int:
    return next(at for at, members in enumerate(cards(app), 1) if name in members)


def add_rule(app: AppTest, kind: str, *names: str) -> AppTest:
    next(one for one in app.get("button_group") if one.label == "규칙").set_value(kind)
    box(app, "학생(두 명 이상)").set_value(list(names)).run()
    return press(app, "더하기")


def test_the_page_opens_and_a_bookmark_goes_by_the_menu():
    assert opened().title[0].value == "모둠 편성·반편성"
    alone = AppTest.from_file(str(ROOT / "pages" / "groups.py"), default_timeout=60).run()
    assert alone.session_state["go"] == "groups" and not alone.title


def test_one_click_on_the_sample_and_one_more_make_groups():
    app = press(opened(), "견본으로 해 보기")
    assert figures(app) == {"학생": "28명"} and "28명 → 4명씩 7모둠" in page_text(app)
    press(app, "모둠 만들기")
    assert not app.error
    assert [len(members) for members in cards(app)] == [4] * 7
    assert figures(app)["모둠"] == "7개" and "가장 고른 편성" in page_text(app)


def test_another_draw_differs_and_can_be_taken_back():
    app = press(opened(("a.csv", CLASS)), "모둠 만들기")
    first = cards(app)
    assert [button.disabled for button in app.button if button.label == "되돌리기"] == [True]
    press(app, "다시 뽑기")
    second = cards(app)
    press(app, "다시 뽑기")
    assert len({str(made) for made in (first, second, cards(app))}) > 1
    press(press(app, "되돌리기"), "되돌리기")
    assert cards(app) == first


def test_a_seed_makes_the_same_groups_again():
    made = []
    for _ in range(2):
        app = opened(("a.csv", CLASS))
        box(app, "같은 결과를 다시 만들 번호(비우면 매번 새로 뽑습니다)").set_value(7).run()
        made.append(cards(press(app, "모둠 만들기")))
    assert made[0] == made[1]


def test_a_pasted_list_is_grouped():
    app = opened()
    app.text_area[0].input(CLASS.decode().replace(",", "\t")).run()
    press(app, "이 명단 쓰기")
    assert figures(app)["학생"] == "12명"
    assert len(cards(press(app, "모둠 만들기"))) == 3


@pytest.mark.parametrize("path", BAD_FILES, ids=lambda path: path.name)
def test_a_bad_file_is_told_with_what_to_do_and_without_a_traceback(path):
    app = opened((path.name, path.read_bytes()))
    shown = page_text(app)
    assert path.name in shown and "주세요" in shown and "예상하지 못한" not in shown
    assert not figures(app)


def test_the_column_of_names_is_chosen_where_its_header_is_none_of_the_usual_ones():
    app = opened(("a.csv", "번호,누구,성별\n1,학생01,남\n2,학생02,여\n".encode()))
    assert not figures(app)
    box(app, "이름이 적힌 칸").select("누구").run()
    press(app, "이 칸으로 읽기")
    assert figures(app)["학생"] == "2명"


def test_sizes_say_what_comes_of_them_and_what_cannot_be():
    app = opened(("a.csv", CLASS))
    sizes = next(one for one in app.get("button_group") if one.label == "모둠 크기")
    box(app, "한 모둠에 몇 명").set_value(5).run()
    assert "12명 → 6명씩 2모둠" in page_text(app)
    sizes.set_value("모둠마다 직접").run()
    next(one for one in app.text_input if one.label.startswith("모둠마다 몇 명")).input("5 4 4").run()
    assert "모두 더하면 13명인데 편성할 학생은 12명" in page_text(app)
    assert not [button for button in app.button if button.label == "모둠 만들기"]
    next(one for one in app.text_input if one.label.startswith("모둠마다 몇 명")).input("5, 4, 3").run()
    assert [len(members) for members in cards(press(app, "모둠 만들기"))] == [5, 4, 3]


def test_rules_hold_and_absent_pupils_are_on_a_card_of_their_own():
    app = opened(("a.csv", CLASS))
    add_rule(app, "떼어 놓기", "학생01", "학생03")
    add_rule(app, "함께 두기", "학생05", "학생06")
    box(app, "결석한 학생").set_value(["학생12"]).run()
    press(app, "모둠 만들기")
    assert group_of(app, "학생01") != group_of(app, "학생03") and group_of(app, "학생05") == group_of(app, "학생06")
    assert cards(app)[-1] == ["학생12"] and figures(app)["결석"] == "1명"


def test_contradictory_rules_are_told_in_words_and_one_can_be_left_out():
    app = opened(("a.csv", CLASS))
    add_rule(app, "떼어 놓기", "학생01", "학생02")
    add_rule(app, "함께 두기", "학생01", "학생02")
    press(app, "모둠 만들기")
    assert "규칙 2개가 서로 맞지 않습니다" in app.error[0].value and "학생01 – 학생02 함께 두기" in app.error[0].value
    assert not figures(app).get("모둠")
    press(app, "이 규칙 빼고 만들기", 1)
    assert not app.error and "규칙 1개를 빼고 만듭니다" in page_text(app)
    assert group_of(app, "학생01") != group_of(app, "학생02")
    press(app, "뺀 규칙 되살리기")
    assert "바꾸기 전 설정으로 만든 것" in page_text(app)


def test_leaders_and_limits_are_kept():
    text = CLASS.decode().splitlines()
    marked = [text[0] + ",모둠장,도움"] + [
        f"{line},{'O' if at < 3 else ''},{'가나'[at % 2]}" for at, line in enumerate(text[1:])
    ]
    app = opened(("a.csv", "\n".join(marked).encode()))
    assert box(app, "모둠장").value == "모둠장"
    slot = re.search(r"groups_limits_\w+_table", str(app.session_state)).group()
    row = {"누구": "도움: 가", "모둠마다": "꼭", "명": 2, "이유": "짝 활동"}
    app.session_state[slot] = app.session_state[slot] | {"now": pd.DataFrame([row], dtype=object), "round": 9}
    press(app, "모둠 만들기")
    assert not app.error
    leaders, helped = ["학생01", "학생02", "학생03"], [f"학생{at:02}" for at in range(1, 13, 2)]
    assert sorted(group_of(app, one) for one in leaders) == [1, 2, 3]
    assert sorted(group_of(app, one) for one in helped) == [1, 1, 2, 2, 3, 3]


def test_two_pupils_are_swapped_with_the_score_shown_before_and_taken_back():
    app = press(opened(("a.csv", CLASS)), "모둠 만들기")
    before = cards(app)
    one, other = before[0][0], before[1][0]
    box(app, "학생").set_value(one)
    box(app, "맞바꿀 학생").set_value(other).run()
    assert "균형 점수 **" in page_text(app) and "→" in page_text(app)
    press(app, "맞바꾸기")
    assert (group_of(app, one), group_of(app, other)) == (2, 1)
    press(app, "되돌리기")
    assert cards(app) == before


def test_a_swap_that_breaks_a_rule_is_refused_with_the_rule():
    app = opened(("a.csv", CLASS))
    add_rule(app, "함께 두기", "학생01", "학생02")
    press(app, "모둠 만들기")
    other = next(members[0] for members in cards(app) if "학생01" not in members)
    box(app, "학생").set_value("학생01")
    box(app, "맞바꿀 학생").set_value(other).run()
    assert "학생01 – 학생02 함께 두기" in app.warning[0].value
    assert [button.disabled for button in app.button if button.label == "맞바꾸기"] == [True]


def test_a_pupil_is_moved_and_pupils_stay_where_they_are_locked():
    app = press(opened(("a.csv", CLASS)), "모둠 만들기")
    next(one for one in app.get("button_group") if one.label == "고치는 방법").set_value("옮기기").run()
    one = cards(app)[0][0]
    box(app, "학생").set_value(one)
    box(app, "옮길 모둠").set_value(2).run()
    press(app, "옮기기")
    assert group_of(app, one) == 2 and [len(members) for members in cards(app)] == [3, 5, 4]
    next(part for part in app.get("button_group") if part.label == "고치는 방법").set_value("고정하고 다시").run()
    box(app, "그 자리에 둘 학생").set_value([one]).run()
    press(app, "이 학생 고정하고 다시 만들기")
    assert group_of(app, one) == 2 and [len(members) for members in cards(app)] == [4, 4, 4]


def test_several_classes_are_grouped_one_by_one(downloads):
    app = opened(("a.csv", TWO_CLASSES.encode()))
    assert figures(app) == {"학생": "16명", "반": "2개"}
    add_rule(app, "떼어 놓기", "나학생01", "나학생02")
    add_rule(app, "떼어 놓기", "가학생01", "나학생01")
    assert "같은 반의 학생이 두 명 이상 들어 있지 않은 규칙 1개" in page_text(app)
    press(app, "모둠 만들기")
    assert not app.error and "가학생01" in sum(cards(app), [])
    box(app, "볼 반").select("2반").run()
    assert sorted(sum(cards(app), [])) == [f"나학생{at:02}" for at in range(1, 9)]
    assert group_of(app, "나학생01") != group_of(app, "나학생02")
    sheets = openpyxl.load_workbook(io.BytesIO(downloads["엑셀로"]()))
    assert "명단" in sheets.sheetnames
    content = downloads["다음을"]()
    past = pd.read_csv(io.BytesIO(content))
    assert len(past) == 16 and past["회차"].nunique() == 2
    app.session_state["pastgroups_files"] = [("이력.csv", content)]
    assert "지난 모둠 **1회**, 학생 16명" in page_text(app.run())


def test_the_history_of_one_time_counts_the_next_time(downloads):
    press(opened(("a.csv", CLASS)), "모둠 만들기")
    past = downloads["다음을"]()
    app = opened(("a.csv", CLASS))
    app.session_state["pastgroups_files"] = [("이력.csv", past)]
    app.run()
    assert "지난 모둠 **1회**" in page_text(app)
    press(app, "모둠 만들기")
    assert "지난 모둠:" in page_text(app)
    assert pd.read_csv(io.BytesIO(downloads["다음을"]()))["회차"].nunique() == 2
    app.session_state["pastgroups_files"] = [("이력.csv", b"x,y\n1,2\n")]
    app.run()
    assert "이력.csv" in page_text(app) and not app.exception


def test_rounds_are_planned_at_once(downloads):
    app = press(opened(("a.csv", CLASS)), "모둠 만들기")
    box(app, "회차").set_value(2).run()
    press(app, "회차 짜기")
    assert int(figures(app)["다시 만나는 짝"][:-1]) >= int(figures(app)["아무리 줄여도"][:-1])
    table = pd.read_csv(io.BytesIO(downloads["회차"]()))
    assert {"1회차", "2회차"} <= set(table.columns) and len(table) == 12


def test_results_stay_while_other_pages_are_visited_and_vanish_when_cleared():
    app = opened(("a.csv", CLASS))
    add_rule(app, "함께 두기", "학생01", "학생02")
    before = cards(press(app, "모둠 만들기"))
    app.switch_page("pages/home.py").run()
    app.switch_page("pages/groups.py").run()
    assert cards(app) == before and "바꾸기 전 설정" not in page_text(app)
    press(app, "지우기")
    kept = str(app.session_state)
    assert not figures(app) and "학생0" not in kept and "groups_result" not in kept


def test_changed_settings_show_that_the_groups_are_of_earlier_ones():
    app = press(opened(("a.csv", CLASS)), "모둠 만들기")
    box(app, "한 모둠에 몇 명").set_value(3).run()
    assert "바꾸기 전 설정으로 만든 것" in page_text(app) and len(cards(app)) == 3
    assert len(cards(press(app, "모둠 만들기"))) == 4
    assert "바꾸기 전 설정으로 만든 것" not in page_text(app)


def test_what_cells_hold_is_shown_as_text_and_never_as_html():
    text = "번호,이름,성별\n" + "".join(f"{at},<b>학생{at}</b>,{'남여'[at % 2]}<i>\n" for at in range(1, 9))
    app = press(opened(("a.csv", text.encode())), "모둠 만들기")
    shown = page_text(app)
    assert "&lt;b&gt;학생1" in shown and "<b>학생" not in shown


def test_an_unforeseen_failure_is_one_plain_sentence_and_logs_its_type_alone(monkeypatch, caplog):
    def fail(*_, **__):
        raise RuntimeError("학생01")

    app = opened(("a.csv", CLASS))
    monkeypatch.setattr("schoolkit.grouping.groups.Groups.make", fail)
    press(app, "모둠 만들기")
    assert "예상하지 못한 문제가 생겨" in page_text(app)
    assert "RuntimeError on a page" in caplog.text and "학생01" not in caplog.text


def test_charts_are_told_in_words_too():
    app = press(opened(("a.csv", CLASS)), "모둠 만들기")
    next(one for one in app.get("button_group") if one.label == "보기").set_value("그래프").run()
    assert not app.exception and "예상하지 못한" not in page_text(app)
    assert "성별: 남 2명, 여 2명" in page_text(app)


def test_the_sample_of_a_grade_becomes_new_classes(downloads):
    app = press(opened(work="반편성"), "견본으로 해 보기")
    assert box(app, "출신반").value == "출신반" and box(app, "새 반의 수").value == 8
    app.select_slider[0].set_value(2).run()
    box(app, "새 반의 이름").select("가반, 나반, 다반").run()
    press(app, "반 만들기")
    assert not app.error
    assert figures(app)["반"] == "8개" and [len(members) for members in cards(app)] == [30] * 8
    assert "가반" in page_text(app)
    table = pd.read_csv(io.BytesIO(downloads["표만"]()))
    assert table.columns[0] == "새 반" and set(table["새 반"]) == {f"{letter}반" for letter in "가나다라마바사아"}
    twins = table.dropna(subset="쌍둥이").groupby("쌍둥이")["새 반"]
    assert (twins.nunique() == twins.size()).all()
    assert table[table["특수교육"] == "O"].groupby("새 반").size().max() == 1
