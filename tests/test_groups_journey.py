"""A teacher's whole way to groups in a real browser, on a wide screen and on a phone."""

import io

import openpyxl
import pandas as pd
import pytest

pytest.importorskip("playwright.sync_api")

import test_journey as journey  # noqa: E402 - it needs Playwright
from playwright.sync_api import expect  # noqa: E402

from schoolkit.rosters.pupil_list import read_students  # noqa: E402

pytestmark = journey.pytestmark
address, page = journey.address, journey.page  # the server and the browser

LIST = journey.ROOT / "sample_data" / "모둠 편성 예시.xlsx"


def is_scrolled_sideways(page) -> bool:
    return page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".some(one => one.scrollWidth > one.clientWidth)"
    )


def choose(page, label: str, name: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).last.fill(name)
    page.get_by_role("option", name=name).first.click()


def test_upload_choose_make_change_and_download(page, address):
    page.goto(address)
    page.get_by_role("button", name="모둠 편성 열기").first.click()
    page.locator("input[type=file]").first.set_input_files(LIST)
    page.get_by_text("28명 → 4명씩 7모둠").wait_for()
    page.get_by_text("떼어 놓을 학생, 함께 둘 학생").click()
    page.get_by_text("함께 두기", exact=True).click()
    for name in ("김준혁", "권상훈"):
        choose(page, "학생(두 명 이상)", name)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="더하기").click()
    page.get_by_text("가장 고르게", exact=True).click()
    page.get_by_role("button", name="모둠 만들기").click()
    page.get_by_text("더 고르게 나눌 수 없음 (증명됨)").wait_for()
    cards = page.locator(".sk-groups .group")
    expect(cards).to_have_count(7)
    expect(cards.filter(has_text="김준혁")).to_contain_text("권상훈")

    name, content = journey.downloaded(page, "엑셀로 내려받기")
    assert name == "모둠 편성.xlsx"
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    assert {"명단", "카드", "균형", "설정", "이력"} <= set(workbook.sheetnames)
    students = read_students((name, content))
    assert sorted(students["모둠"].value_counts()) == [4] * 7
    together = students[students["이름"].isin(["김준혁", "권상훈"])]["모둠"]
    assert together.nunique() == 1
    first = cards.filter(has_text="김준혁").locator(".number").inner_text()
    assert first == f"{together.iloc[0]}모둠"

    name, content = journey.downloaded(page, "다음을 위한 이력")
    assert len(pd.read_csv(io.BytesIO(content))) == 28


def test_the_way_works_on_a_phone_without_scrolling_sideways(page, address):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/groups")
    page.get_by_role("button", name="견본으로 해 보기").click()
    page.get_by_text("28명 → 4명씩 7모둠").wait_for()
    page.get_by_role("button", name="모둠 만들기").click()
    expect(page.locator(".sk-groups .group")).to_have_count(7)
    _, content = journey.downloaded(page, "표만 내려받기")
    assert len(pd.read_csv(io.BytesIO(content))) == 28
    page.get_by_text("손으로 고치기").click()
    assert not is_scrolled_sideways(page)
    for view in ("표", "그래프"):
        page.get_by_text(view, exact=True).click()
        page.locator("table.sk-list" if view == "표" else "[data-testid=stVegaLiteChart] svg.marks").last.wait_for()
        assert not is_scrolled_sideways(page)
