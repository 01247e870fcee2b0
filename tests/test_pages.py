"""Every page, run without a browser."""

import asyncio
import io
import tomllib
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

import schoolkit

ROOT = Path(__file__).resolve().parent.parent
BAD_FILES = sorted((ROOT / "sample_data" / "bad").glob("*.*"))


def opened(page: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    return app.switch_page(f"pages/{page}.py").run() if page != "home" else app


def checked(*files: tuple[str, bytes]) -> AppTest:
    app = opened("reading")
    app.session_state["reading_files"] = list(files)
    app.run()
    assert not app.exception
    return app


def page_text(app: AppTest) -> str:
    blocks = [*app.markdown, *app.error, *app.success, *app.warning, *app.caption, *app.get("html")]
    return "\n".join(str(getattr(block, "value", "") or getattr(block.proto, "body", "")) for block in blocks)


def figures(app: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in app.metric}


@pytest.mark.parametrize("page", ["home", "reading", "samples"])
def test_every_page_opens_without_a_complaint(page):
    app = opened(page)
    assert not app.exception and not app.error
    assert app.title[0].value


@pytest.mark.parametrize("page", ["home", "reading", "samples"])
def test_a_bookmark_to_a_page_on_a_fresh_server_goes_by_the_menu(page):
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60)
    app.run()
    # alone, a page cannot reach app.py; what counts is that it leaves before it draws
    assert app.session_state["go"] == page
    assert not app.title


def test_one_click_checks_the_sample():
    app = opened("reading")
    next(button for button in app.button if button.label == "견본으로 해 보기").click().run()
    assert not app.exception and not app.error
    assert figures(app) == {
        "파일": "1개",
        "학생": "28명",
        "책": "343권",
        "알림": "2건",
        "중복 의심": "15쌍",
        "같은 책으로 보입니다": "15쌍",
        "확인이 필요합니다": "0쌍",
        "해당 학생": "15명",
    }
    assert "괴짜 경제<mark>햑</mark>(스티븐 레빗" in page_text(app)


def test_the_real_print_shows_its_three_pairs(shared_print):
    app = checked((shared_print.name, shared_print.read_bytes()))
    assert figures(app)["중복 의심"] == "3쌍"
    shown = page_text(app)
    assert [name for name in ("학생1", "학생13", "학생6") if f"{name}</span>" in shown] == ["학생1", "학생13", "학생6"]
    assert "도덕의 프리<mark>증</mark>(정유민)" in shown and "neis_print_2025.xlsx 26행" in shown


TWO_PUPILS = (
    '학번,성명,독서활동상황\n30105,김하나,"수학의 역사(지즈강), 수학의 역샤(지즈강)"\n'
    '30206,박둘,"변신(프란츠 카프카), 변신(히가시노 게이고)"\n'
).encode()


def test_no_pair_at_all_is_good_news():
    app = checked(("a.csv", "성명,도서명\n김하나,아몬드(손원평)\n".encode()))
    assert not app.error
    assert figures(app)["중복 의심"] == "0쌍"
    assert "조건에 맞는 중복 의심이 없습니다." in page_text(app)


def test_filters_by_class_verdict_and_text_leave_what_they_name():
    app = checked(("a.csv", TWO_PUPILS))
    assert figures(app)["중복 의심"] == "2쌍"
    app.multiselect[0].select("3-2").run()
    assert "박둘" in page_text(app) and "김하나" not in page_text(app)
    app.multiselect[0].unselect("3-2").run()
    app.multiselect[1].select("같은 책으로 보입니다").run()
    assert "김하나" in page_text(app) and "박둘" not in page_text(app)
    app.text_input[0].input("카프카").run()
    assert "조건에 맞는 중복 의심이 없습니다." in page_text(app)


def test_the_cutoff_hides_less_likely_pairs():
    app = checked(("a.csv", TWO_PUPILS))
    app.slider[0].set_value(90).run()
    assert figures(app)["중복 의심"] == "1쌍"


@pytest.mark.parametrize("path", BAD_FILES, ids=lambda path: path.name)
def test_a_bad_file_is_told_with_what_to_do_and_without_a_traceback(path):
    app = checked((path.name, path.read_bytes()))
    assert not app.exception
    shown = page_text(app)
    assert path.name in shown and "주세요" in shown and "예상하지 못한" not in shown
    assert not figures(app)


def test_good_files_are_checked_without_the_bad_one_if_the_teacher_says_so():
    app = checked(("a.csv", TWO_PUPILS), ("b.csv", b""))
    assert not figures(app)
    app.checkbox[0].check().run()
    assert figures(app)["중복 의심"] == "2쌍"


def test_unknown_headers_are_chosen_by_the_teacher():
    app = checked(("c.csv", "누구,읽은것\n김하나,아몬드(손원평)\n김하나,아몬드(손원평)\n".encode()))
    assert not figures(app)
    boxes = {box.label: box for box in app.selectbox}
    boxes["성명"].select("A")
    boxes["독서활동 상황(여러 권일 수 있음)"].select("B").run()
    next(button for button in app.button if button.label == "이대로 읽기").click().run()
    assert figures(app)["중복 의심"] == "1쌍"


def test_two_files_of_one_name_are_told_apart():
    app = checked(("a.csv", TWO_PUPILS), ("a.csv", b"x,y\n1,2\n"))
    assert "a.csv (2)" in page_text(app)
    app.checkbox[0].check().run()
    assert figures(app)["중복 의심"] == "2쌍"


def test_files_are_read_once_however_often_the_page_is_drawn(monkeypatch):
    from schoolkit.reading import records

    calls = []
    real = records.read_reading_records
    monkeypatch.setattr(records, "read_reading_records", lambda *a, **k: calls.append(1) or real(*a, **k))
    app = checked(("a.csv", TWO_PUPILS))
    app.slider[0].set_value(90).run()
    app.slider[0].set_value(70).run()
    assert len(calls) == 1


def year_file(year: int, number: int, grade: int) -> tuple[str, bytes]:
    text = f"학번,성명,학년도,학년,학기,독서활동상황\n{number},김하나,{year},{grade},1,아몬드(손원평)\n"
    return f"{year}.csv", text.encode()


def test_a_doubtful_link_is_confirmed_and_taken_back():
    app = checked(year_file(2024, 10105, 1), year_file(2025, 20307, 2))
    assert (figures(app)["학생"], figures(app)["중복 의심"]) == ("2명", "0쌍")
    assert not app.error
    next(button for button in app.button if button.label == "후보가 한 명뿐인 1쌍 모두 연결하기").click().run()
    assert (figures(app)["학생"], figures(app)["중복 의심"]) == ("1명", "1쌍")
    next(button for button in app.button if button.label == "연결한 학생 1쌍 되돌리기").click().run()
    assert figures(app)["학생"] == "2명"


def test_what_a_title_holds_is_shown_as_text_and_never_as_html():
    app = checked(
        ("a.csv", '성명,독서활동상황\n<b>김</b>,"<script>x</script>(저자), <script>x</script>(저자)"\n'.encode())
    )
    shown = page_text(app)
    assert "&lt;script&gt;" in shown and "<script>" not in shown and "<b>" not in shown.replace("<br>", "")


def test_an_unforeseen_failure_is_one_plain_sentence_and_logs_its_type_alone(monkeypatch, caplog):
    def fail(*_, **__):
        raise RuntimeError("김하나")

    monkeypatch.setattr("schoolkit.reading.records.read_reading_records", fail)
    app = checked(("a.csv", TWO_PUPILS))
    assert not app.exception
    assert "예상하지 못한 문제가 생겨" in page_text(app)
    assert "RuntimeError on a page" in caplog.text and "김하나" not in caplog.text


def test_an_upload_of_the_largest_size_stays_in_memory():
    opened("home")
    megabytes = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["server"]["maxUploadSize"]
    body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'
    body += bytes(megabytes * 1024 * 1024) + b"\r\n--b--\r\n"

    async def stream():
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    headers = Headers({"content-type": "multipart/form-data; boundary=b"})
    form = asyncio.run(MultiPartParser(headers, stream(), max_part_size=len(body)).parse())
    spooled = form["f"].file
    assert len(spooled.read()) == megabytes * 1024 * 1024
    assert not spooled._rolled


def test_all_files_taken_away_leave_an_empty_page():
    app = checked(("a.csv", TWO_PUPILS))
    next(button for button in app.button if button.label == "올린 파일 지우기").click().run()
    assert not figures(app)
    assert not [slot for slot in ("reading_all", "reading_pairs") if f"made_{slot}" in app.session_state]


THREE_PUPILS = (
    "학번,성명,도서명\n"
    + "".join(
        f"{number},{name},변신(프란츠 카프카)\n{number},{name},변신(히가시노 게이고)\n"
        for number, name in ((30101, "김하나"), (30102, "박둘"))
    )
    + "30103,이셋,모모(미하엘 엔데)\n30103,이셋,모모(미하엘 엔데)\n"
).encode()


def decisions_in(app: AppTest) -> list[str | None]:
    return [control.value for control in app.get("button_group")[1:]]  # the first one is the view


def test_a_mark_is_kept_and_given_to_equal_pairs_at_once():
    app = checked(("a.csv", THREE_PUPILS))
    assert decisions_in(app) == [None, None, None]
    app.get("button_group")[2].set_value("다른 책").run()
    assert decisions_in(app) == [None, "다른 책", None]
    assert [one.label for one in app.button if "같은 두 책" in one.label] == ["같은 두 책이 적힌 다른 1쌍도 ‘다른 책’"]
    next(one for one in app.button if one.label == "같은 두 책이 적힌 다른 1쌍도 ‘다른 책’").click().run()
    assert decisions_in(app) == [None, "다른 책", "다른 책"]
    marks = next(one for one in app.multiselect if one.label == "처리")
    marks.select("아직 정하지 않은 쌍").run()
    assert decisions_in(app) == [None] and "이셋" in page_text(app)
    assert not app.exception and not app.error


def earlier_report(decisions: dict[str, str]) -> tuple[str, bytes]:
    """The report on the three pupils with these decisions: name -> 처리."""
    entries = schoolkit.read_reading_records(("a.csv", THREE_PUPILS))
    pairs = schoolkit.find_duplicates(entries)
    pairs["decision"] = pairs["name"].map(decisions)
    return "점검표.xlsx", schoolkit.write_duplicate_report(pairs, entries)


def checked_with(report: tuple[str, bytes]) -> AppTest:
    app = opened("reading")
    app.session_state["reading_files"] = [("a.csv", THREE_PUPILS)]
    app.session_state["reading_reports_files"] = [report]
    return app.run()


def test_an_earlier_report_hides_what_it_decided_and_keeps_what_it_put_off():
    app = checked_with(earlier_report({"이셋": "정정", "김하나": "다른 책"}))
    assert figures(app)["중복 의심"] == "0쌍"
    assert "정정하기로 한 1쌍이 기록에 아직 남아 있습니다" in "".join(one.value for one in app.info)
    app.session_state["reading_reports_files"] = [earlier_report(dict.fromkeys(("이셋", "김하나", "박둘"), "보류"))]
    app.run()
    assert figures(app)["중복 의심"] == "3쌍" and decisions_in(app) == ["보류"] * 3


def test_equal_pairs_that_an_earlier_report_put_off_need_no_mark_again():
    app = checked_with(earlier_report({"김하나": "보류", "박둘": "보류"}))
    assert decisions_in(app) == [None, "보류", "보류"]
    assert [one.label for one in app.button if "같은 두 책" in one.label] == []
    app.get("button_group")[2].set_value("정정").run()
    assert [one.label for one in app.button if "같은 두 책" in one.label] == [
        "같은 두 책이 적힌 다른 1쌍도 ‘정정’",
        "같은 두 책이 적힌 다른 1쌍도 ‘보류’",
    ]


@pytest.fixture
def downloads(monkeypatch) -> dict[str, bytes]:
    """What each button of the page would give now: the first word of its label -> the file."""
    made: dict[str, bytes] = {}

    def keep(label: str, data, **_) -> None:
        made[label.split()[0]] = data() if callable(data) else data

    monkeypatch.setattr(DeltaGenerator, "download_button", lambda _, *given, **options: keep(*given, **options))
    monkeypatch.setattr(st, "download_button", keep)
    return made


def table(content: bytes, sheet: str, header_row: int, *columns: str) -> list[tuple]:
    """Some columns of a sheet, with None for what is empty."""
    read = pd.read_excel(io.BytesIO(content), sheet_name=sheet, header=header_row, dtype=object, engine="openpyxl")
    return list(
        read[list(columns)].astype(object).where(read[list(columns)].notna(), None).itertuples(index=False, name=None)
    )


def test_another_earlier_report_that_decides_as_many_pairs_makes_another_report(downloads):
    app = checked_with(earlier_report({"이셋": "정정"}))
    assert table(downloads["점검표"], "이미 정한 것", 1, "성명", "처리") == [("이셋", "정정")]
    app.session_state["reading_reports_files"] = [earlier_report({"이셋": "다른 책"})]
    app.run()
    assert table(downloads["점검표"], "이미 정한 것", 1, "성명", "처리") == [("이셋", "다른 책")]


def test_a_marked_pair_that_the_cutoff_hides_stays_in_the_report(downloads):
    app = checked(("a.csv", THREE_PUPILS))
    app.get("button_group")[2].set_value("정정").run()
    app.slider[0].set_value(95).run()
    assert figures(app)["중복 의심"] == "1쌍" and "김하나" not in page_text(app)
    assert table(downloads["점검표"], "중복 의심", 1, "성명", "판정", "처리") == [
        ("이셋", "같은 책으로 보입니다", None),
        ("김하나", "확인이 필요합니다", "정정"),
    ]
    assert "김하나" in downloads["목록만"].decode("utf-8-sig")
    assert not app.exception and not app.error


def test_a_report_that_cannot_be_read_is_told_and_the_check_goes_on():
    app = opened("reading")
    app.session_state["reading_files"] = [("a.csv", THREE_PUPILS)]
    app.session_state["reading_reports_files"] = [("b.csv", THREE_PUPILS)]
    app.run()
    assert figures(app)["중복 의심"] == "3쌍"
    assert "b.csv" in page_text(app) and not app.exception


SPELLINGS = (
    "학번,성명,도서명\n30101,김하나,아몬드(손원평)\n30102,박둘,아몬드(손원평)\n30103,이셋,아먼드(손원평)\n"
    "30104,최넷,모모(미하엘 엔데)\n"
).encode()


def test_the_review_by_book_shows_the_spellings_and_the_likely_right_one():
    app = checked(("a.csv", SPELLINGS))
    app.get("button_group")[0].set_value("책으로 보기").run()
    assert not app.exception and not app.error
    assert (figures(app)["표기"], figures(app)["고칠 곳"]) == ("2가지", "1곳")
    assert "아<mark>먼</mark>드(손원평)" in page_text(app)
    assert app.selectbox[0].value == "아몬드(손원평)"
    app.selectbox[0].set_value("아먼드(손원평)").run()
    assert figures(app)["고칠 곳"] == "2곳"
    app.selectbox[0].set_value("고치지 않음").run()
    assert figures(app)["고칠 곳"] == "0곳"


def by_book() -> AppTest:
    app = checked(("a.csv", SPELLINGS))
    return app.get("button_group")[0].set_value("책으로 보기").run()


def choose(app: AppTest, spelling: str) -> None:
    box = app.selectbox[0]
    if spelling not in box.options:  # typed; AppTest sends only what the box offers
        box.options.append(spelling)
    box.set_value(spelling).run()


@pytest.mark.parametrize("typed", ["", "  "])
def test_a_right_spelling_without_a_letter_leaves_the_book_as_it_is(typed):
    app = by_book()
    choose(app, typed)
    assert not app.exception and not app.error
    assert (app.selectbox[0].value, figures(app)["고칠 곳"]) == ("고치지 않음", "0곳")


def test_blanks_around_a_typed_spelling_do_not_count():
    app = by_book()
    choose(app, " 아몬드(손원평) ")
    assert (app.selectbox[0].value, figures(app)["고칠 곳"]) == ("아몬드(손원평)", "1곳")


def test_the_correction_list_shows_the_spelling_that_the_teacher_chose(downloads):
    app = by_book()
    shown = {}
    for chosen in ("아먼드(손원평)", "아몬드", "고치지 않음"):
        choose(app, chosen)
        shown[chosen] = table(downloads["고칠"], "도서명 통일", 2, "도서", "맞는 표기로 보임")
    assert shown == {
        "아먼드(손원평)": [("아몬드(손원평)", None), ("아먼드(손원평)", "○")],
        "아몬드": [("아몬드(손원평)", None), ("아먼드(손원평)", None)],
        "고치지 않음": [("아몬드(손원평)", None), ("아먼드(손원평)", None)],
    }
    assert not app.exception and not app.error


def test_no_book_in_two_spellings_is_good_news():
    app = checked(("a.csv", "성명,도서명\n김하나,아몬드(손원평)\n".encode()))
    app.get("button_group")[0].set_value("책으로 보기").run()
    assert "다르게 적힌 책이 없습니다." in page_text(app)
