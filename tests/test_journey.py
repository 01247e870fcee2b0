"""A teacher's whole way in a real browser: upload, see the pairs, download, open the workbook."""

import io
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

sync_api = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def address():
    """The app, served for real on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
                break
            except OSError:
                assert server.poll() is None, server.stdout.read()
                time.sleep(0.5)
        yield url
    finally:
        server.terminate()
        log = server.communicate(timeout=30)[0]
    # whatever the teachers of these tests did, no pupil's name may stand in the log
    assert "Traceback" not in log and "김경자" not in log, log
    # a download is made outside any session, where whatever is put into the session's state is everyone's
    assert "ScriptRunContext" not in log, log


@pytest.fixture
def page(address, tmp_path):
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=CHROMIUM, args=FLAGS, locale="ko-KR", accept_downloads=True
        )
        page = browser.new_page()
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def downloaded(page, label: str) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).first.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def planted_pairs() -> list[tuple[str, str, str]]:
    truth = pd.read_csv(ROOT / "sample_data" / "reading_class_truth.csv")
    truth = truth[truth["duplicate"]]
    return sorted(zip(truth["name"], truth["book_a"], truth["book_b"], strict=True))


def test_a_bookmark_on_a_fresh_server_shows_the_menu_and_the_page(page, address):
    page.goto(f"{address}/reading")
    page.get_by_role("heading", name="독서 중복 점검").first.wait_for()
    page.get_by_role("link", name="견본 파일").first.wait_for()


def test_upload_see_the_pairs_download_and_find_them_in_the_workbook(page, address):
    page.goto(address)
    page.get_by_role("button", name="독서 중복 점검 열기").first.click()
    page.locator("input[type=file]").set_input_files(ROOT / "sample_data" / "reading_class.xlsx")
    page.get_by_text("15쌍", exact=True).first.wait_for()
    sync_api.expect(page.locator(".sk-pair")).to_have_count(15)
    sync_api.expect(page.locator(".sk-pair", has_text="김경자").locator("mark")).to_have_text(["우", "유"])

    name, content = downloaded(page, "점검표 내려받기")
    assert name == "독서 중복 점검표.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(content))["중복 의심"]
    rows = [[cell for cell in row] for row in sheet.iter_rows(values_only=True)]
    header = next(i for i, row in enumerate(rows) if "성명" in row)
    at = [rows[header].index("성명"), *(j for j, title in enumerate(rows[header]) if title == "도서")]
    found = sorted(tuple(row[j] for j in at) for row in rows[header + 1 :] if row[at[0]])
    assert found == planted_pairs()

    page.get_by_text("학생별", exact=True).first.click()
    page.get_by_text("학생별 배부용 시트가 들어갑니다").first.wait_for()
    name, content = downloaded(page, "점검표 내려받기")
    assert len(openpyxl.load_workbook(io.BytesIO(content)).sheetnames) == 2 + 15

    name, content = downloaded(page, "목록만 내려받기")
    assert (
        name.endswith(".csv") and content.startswith("\ufeff".encode()) and "괴짜 경제햑" in content.decode("utf-8-sig")
    )


def test_files_stay_while_another_page_is_visited(page, address):
    page.goto(f"{address}/reading")
    page.locator("input[type=file]").set_input_files(ROOT / "sample_data" / "reading_class_cp949.csv")
    page.get_by_text("15쌍", exact=True).first.wait_for()
    page.get_by_role("link", name="견본 파일").first.click()
    page.get_by_role("heading", name="견본 파일").first.wait_for()
    page.get_by_role("link", name="독서 중복 점검").first.click()
    page.get_by_text("15쌍", exact=True).first.wait_for()
    page.get_by_text("지금 보고 있는 파일: reading_class_cp949.csv").first.wait_for()


def test_bad_files_show_what_to_do_and_no_traceback(page, address):
    page.goto(f"{address}/reading")
    bad = sorted((ROOT / "sample_data" / "bad").glob("*.*"))
    page.locator("input[type=file]").set_input_files(bad)
    page.get_by_text(f"읽지 못한 것이 {len(bad)}건 있습니다").first.wait_for()
    names = page.locator("table.sk-table td:first-child")
    sync_api.expect(names).to_have_text([path.name for path in bad])
    assert page.locator("[data-testid=stException]").count() == 0
