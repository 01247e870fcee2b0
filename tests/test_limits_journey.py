"""Files that are too large for the page, in a real browser: what it says, and that it says it in Korean."""

import re

import pytest

pytest.importorskip("playwright.sync_api")

import test_journey as journey  # noqa: E402 - it needs Playwright
from playwright.sync_api import expect  # noqa: E402

pytestmark = journey.pytestmark
address, page = journey.address, journey.page  # the server and the browser

MEGABYTE = 1024 * 1024


@pytest.fixture
def large(tmp_path):
    """A file of so many megabytes."""

    def write(megabytes: int):
        path = tmp_path / f"독서기록 {megabytes}MB.csv"
        path.write_bytes(bytes(megabytes * MEGABYTE))
        return path

    return write


def said_by_uploader(page) -> str:
    """What the uploader says of files that it did not send, which stands in its style."""
    return page.locator("[data-testid=stFileUploader]").first.evaluate(
        "one => getComputedStyle(one, '::after').content"
    )


@pytest.mark.parametrize("width", [1280, 400])
def test_what_is_too_large_is_refused_in_korean_and_the_rest_is_checked(page, address, large, width):
    page.set_default_timeout(90_000)  # 60 MB take their time on a busy machine
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/reading")
    chooser = page.locator("input[type=file]").first
    chooser.set_input_files(large(11))
    page.get_by_text("11.5MB입니다. 파일 하나는 10MB까지입니다.").wait_for()
    assert said_by_uploader(page) == "none"

    # so large that it does not even leave the browser
    chooser.set_input_files(large(60))
    page.get_by_test_id("stFileChipIconError").wait_for()
    assert "파일 하나는 10MB까지입니다" in said_by_uploader(page)
    page.get_by_test_id("stFileChip").last.hover()
    expect(page.get_by_text(re.compile("or smaller")).filter(visible=True)).to_have_count(0)

    page.get_by_text("더 큰 자료는 이렇게 점검합니다").last.click()
    page.get_by_text('pip install "schoolkit[office]"').filter(visible=True).wait_for()
    chooser.set_input_files(journey.ROOT / "sample_data" / "reading_class.xlsx")
    page.get_by_text("15쌍", exact=True).first.wait_for()
    for name in ("독서기록 11MB.csv", "독서기록 60MB.csv", "reading_class.xlsx"):
        expect(page.get_by_test_id("stFileChipName").filter(has_text=name)).to_have_count(1)
    page.get_by_role("button", name="Remove 독서기록 11MB.csv").click()
    expect(page.get_by_text("11.5MB입니다")).to_have_count(0)
    page.get_by_text("15쌍", exact=True).first.wait_for()
