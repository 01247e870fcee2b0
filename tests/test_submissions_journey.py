"""A teacher's whole way to who has not handed in what, in a real browser, on a wide screen and on a phone."""

import io
import re

import openpyxl
import pandas as pd
import pytest

pytest.importorskip("playwright.sync_api")

import test_journey as journey  # noqa: E402 - it needs Playwright
from playwright.sync_api import expect  # noqa: E402
from test_groups_journey import is_scrolled_sideways  # noqa: E402

pytestmark = journey.pytestmark
address, page = journey.address, journey.page  # the server and the browser

FOLDER = journey.ROOT / "sample_data" / "제출 확인"
ROSTER = FOLDER / "제출 확인 명렬표.xlsx"
EXPORTS = sorted(path for path in FOLDER.glob("*.csv") if path.name != "정답.csv")


def truth() -> pd.DataFrame:
    """Who is missing what in the sample."""
    table = pd.read_csv(FOLDER / "정답.csv", dtype=str)
    return table[table["state"].isin(["missing", "draft", "returned"])]


def view(page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()


def choose(page, question, number: str) -> None:
    """Picks the option with this number; a box that is drawn anew in between takes nothing the first time."""
    for _ in range(3):
        question.click()
        page.keyboard.type(number)
        page.get_by_role("option", name=number).wait_for()
        page.keyboard.press("Enter")
        try:
            expect(question).to_have_value(re.compile(number), timeout=2000)
        except AssertionError:
            page.keyboard.press("Escape")
            question.press("Control+a")
        else:
            return
    expect(question).to_have_value(re.compile(number))


def test_upload_answer_what_is_doubtful_urge_and_download(page, address):
    page.goto(address)
    page.get_by_role("button", name="미제출 확인 열기").first.click()
    uploaders = page.locator("input[type=file]")
    uploaders.nth(0).set_input_files(ROSTER)
    uploaders.nth(1).set_input_files(EXPORTS)
    page.get_by_text(EXPORTS[-1].name).first.wait_for()
    page.get_by_role("button", name="미제출 확인", exact=True).click()
    page.get_by_text("누구인지 알 수 없는 제출 2건").wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    for at, number in enumerate(("10309", "10205")):
        choose(page, page.get_by_role("combobox", name="누구인가요").nth(at), number)
    page.get_by_role("button", name="고른 대로 넣기").click()
    page.get_by_text("누구인지 정해 주신 줄이 2개 있습니다").wait_for()
    expect(page.locator(".sk-grid td.missing, .sk-grid td.draft, .sk-grid td.returned")).to_have_count(len(truth()))

    view(page, "1학년 2반")
    expect(page.locator(".sk-grid tbody tr")).to_have_count(30)
    page.get_by_text("미제출이 있는 학생만").click()
    late = truth()[truth()["class_name"] == "1학년 2반"]
    expect(page.locator(".sk-grid tbody tr")).to_have_count(late["student_no"].nunique())

    view(page, "독려 문구")
    first = page.locator("[data-testid=stCode]").first
    expect(first).to_contain_text("학생, 안녕하세요.")
    page.get_by_text("문구 고치기").click()
    page.get_by_label("학생에게 보낼 문구").fill("{이름} 학생, {개수}개를 기다립니다.")
    page.get_by_label("학생에게 보낼 문구").press("Control+Enter")
    pupil = late.iloc[0]
    count = int((late["student_no"] == pupil["student_no"]).sum())
    expect(first).to_have_text(re.compile(f"^{pupil['name']} 학생, {count}개를 기다립니다."))

    name, content = journey.downloaded(page, "엑셀로 내려받기")
    assert name == "미제출 현황.xlsx"
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    rows = list(workbook["미제출 목록"].iter_rows(values_only=True))
    header = next(row for row in rows if "학번" in row)
    at = [header.index(title) for title in ("학번", "과제")]
    listed = {tuple(str(row[j]) for j in at) for row in rows[rows.index(header) + 1 :] if row[at[0]]}
    assert listed == set(zip(truth()["student_no"], truth()["assignment"], strict=True))
    texts = [str(cell) for row in workbook["안내 문구"].iter_rows(values_only=True) for cell in row]
    assert any(text.startswith(f"{pupil['name']} 학생, {count}개를 기다립니다.") for text in texts)

    name, content = journey.downloaded(page, "표만 내려받기")
    table = pd.read_csv(io.BytesIO(content), dtype=str)
    assert name == "미제출 현황.csv" and len(table) == len(pd.read_csv(FOLDER / "정답.csv"))


def test_the_sample_works_on_a_phone_without_scrolling_sideways(page, address):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/submissions")
    page.get_by_role("button", name="견본으로 해 보기").click()
    page.locator(".sk-grid").first.wait_for()
    name = page.locator(".sk-grid tbody th").first
    before = name.bounding_box()["x"]
    page.locator(".sk-grid").first.evaluate("grid => grid.scrollLeft = 200")
    assert name.bounding_box()["x"] == before  # the names stay in sight
    assert not is_scrolled_sideways(page)
    for title, shown in (
        ("과제별 제출률", ".sk-rows .bar"),
        ("학생별 미제출", ".sk-rows"),
        ("독려 문구", "[data-testid=stCode]"),
    ):
        view(page, title)
        page.locator(shown).first.wait_for()
        assert not is_scrolled_sideways(page)


def test_a_refused_moodle_is_told_and_the_password_is_gone(page, address):
    page.goto(f"{address}/submissions")
    view(page, "Moodle")
    # nothing listens at this port
    page.get_by_label("Moodle 주소").fill("http://127.0.0.1:9")
    page.get_by_label("아이디", exact=True).fill("teacher")
    page.get_by_label("비밀번호", exact=True).fill("PASSWORD-1")
    page.get_by_role("button", name="미제출 확인", exact=True).click()
    page.get_by_role("button", name="못 읽은 것만 다시").wait_for()
    expect(page.get_by_text("강좌 목록").first).to_be_visible()
    page.get_by_text("Moodle에 연결").click()
    expect(page.get_by_label("비밀번호", exact=True)).to_have_value("")
    assert "PASSWORD-1" not in page.content()
