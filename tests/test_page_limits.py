"""How much a page takes, what it says beyond that, and what a check leaves out."""

import io
import json

import openpyxl
import pytest
from app_pages import figures, page_text
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.testing.v1 import AppTest
from test_pages import opened

import schoolkit
from pages.parts import reading_limits
from schoolkit.cli import main
from schoolkit.reading import streaming, unchecked
from schoolkit.reading.decisions import split_decided
from schoolkit.reading.duplicates import find_duplicates
from schoolkit.reading.records import read_reading_records
from schoolkit.reading.report import write_duplicate_report
from schoolkit.reading.unchecked import unchecked_pupils

HEADER = "학번,성명,도서명,저자\n"
TWO = "10101,김하나,수학의 역사,지즈강\n10101,김하나,수학의 역샤,지즈강\n"
SMALL = (HEADER + TWO).encode()
MEGABYTE = 1024 * 1024
CODE = 'pip install "schoolkit[office]"\nschoolkit office 폴더 -o 결과.csv'
LARGE = bytes(10 * MEGABYTE + 1)
"""One byte more than is allowed."""


def uploaded(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader[0].set_value([(*file, "text/csv") for file in files]).run()
    assert not app.exception
    return app


def problem_rows(app: AppTest) -> list[str]:
    """What stands in the tables of problems, cell by cell."""
    cells = [part.split("</td>")[0] for html in app.get("html") for part in html.proto.body.split("<td>")[1:]]
    return [cell for cell in cells if "<" not in cell]


@pytest.mark.parametrize("page", ["reading", "groups", "submissions"])
def test_every_uploader_tells_its_limit_in_korean(page):
    app = opened(page)
    limits = [one.value for one in app.caption if "파일 하나는 10MB까지" in one.value]
    assert len(limits) == len(app.file_uploader) > 0


def test_the_reading_page_names_the_commands_for_more_and_other_pages_do_not():
    assert [one.value for one in opened("reading").code] == [CODE]
    assert "50,000행" in page_text(opened("reading"))
    for page in ("groups", "submissions"):
        assert "schoolkit office" not in page_text(opened(page)) + "".join(one.value for one in opened(page).code)


def test_a_file_that_is_too_large_is_named_with_its_size_and_the_others_are_checked():
    app = uploaded(opened("reading"), ("큰 파일.csv", LARGE), ("a.csv", SMALL))
    assert problem_rows(app)[:3] == [
        "큰 파일.csv",
        "10.5MB입니다. 파일 하나는 10MB까지입니다.",
        reading_limits.BEYOND,
    ]
    assert figures(app)["중복 의심"] == "1쌍"
    assert [name for name, _ in app.session_state["reading_files"]] == ["a.csv"]
    # it is still in the list of the uploader, and so is the message
    app.run()
    assert "큰 파일.csv" in problem_rows(app) and figures(app)["중복 의심"] == "1쌍"


def test_a_file_of_just_ten_megabytes_is_taken_in():
    app = uploaded(opened("reading"), ("a.csv", LARGE[1:]))
    assert problem_rows(app)[:2] == ["a.csv", "빈 파일입니다."]


def test_a_file_that_is_too_large_leaves_nothing_in_memory(monkeypatch):
    kept_by_server = []
    remove = MemoryUploadedFileManager.remove_file

    def spied(self, session_id, file_id):
        remove(self, session_id, file_id)
        kept_by_server.append(self.get_files(session_id, [file_id]))

    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", spied)
    app = uploaded(opened("reading"), ("큰 파일.csv", LARGE))
    assert kept_by_server == [[]]
    assert [one.getvalue() for one in app.session_state["reading_uploader_0"]] == [b""]
    assert app.session_state["reading_files"] == []


def test_the_message_goes_with_the_file():
    app = uploaded(opened("reading"), ("큰 파일.csv", LARGE))
    assert app.error
    uploaded(app, ("a.csv", SMALL))
    assert not app.error and "큰 파일.csv" not in problem_rows(app)


def test_other_tools_say_of_a_large_file_what_fits_them():
    app = uploaded(opened("groups"), ("명단.xlsx", LARGE))
    assert problem_rows(app)[:2] == ["명단.xlsx", "10.5MB입니다. 파일 하나는 10MB까지입니다."]
    assert "그림이나 쓰지 않는 시트를 지우고" in problem_rows(app)[2]


@pytest.fixture
def few(monkeypatch):
    """A page that checks no more than five rows or books."""
    monkeypatch.setattr(reading_limits, "MOST_BOOKS", 5)


@pytest.fixture
def kiwi(monkeypatch):
    """How often a page has asked for Kiwi."""
    asked = []
    monkeypatch.setattr("pages.parts.reading_pairs.load_morphemes", lambda: asked.append(True))
    return asked


def test_too_many_rows_in_several_files_are_refused_before_they_are_read(few, kiwi, monkeypatch):
    def read(*_, **__):
        raise AssertionError("the files were read")

    monkeypatch.setattr("schoolkit.reading.records.read_reading_records", read)
    app = uploaded(opened("reading"), ("a.csv", SMALL), ("b.csv", (HEADER + TWO.replace("하나", "두리")).encode()))
    assert [one.value for one in app.error] == [
        "**올린 파일에 모두 6행이 있습니다. 이 화면에서는 5행(책 5권)까지 점검합니다.** 컴퓨터에서 아래 명령으로 "
        "점검하시거나 나누어 올려 주세요. 한 학생의 여러 해 기록은 같이 올려 주세요."
    ]
    assert [one.value for one in app.code] == [CODE, CODE]
    assert not figures(app) and not kiwi


def test_too_many_books_in_few_rows_are_refused_before_kiwi_starts_and_the_page_stays_usable(few, kiwi):
    cell = ", ".join(f"책{n}(저자{n})" for n in range(6))
    app = uploaded(opened("reading"), ("a.csv", f'학번,성명,독서활동 상황\n10101,김하나,"{cell}"\n'.encode()))
    assert app.error[0].value.startswith("**올린 파일에 모두 책 6권이 있습니다.")
    next(button for button in app.button if button.label == "올린 파일 지우기").click().run()
    assert not app.exception and not app.error and not kiwi
    uploaded(app, ("a.csv", SMALL))
    assert figures(app)["중복 의심"] == "1쌍" and kiwi


def test_the_same_file_twice_counts_once_and_an_unreadable_one_not_at_all(few):
    reading_limits.check_rows([("a.csv", SMALL), ("b.csv", SMALL), ("c.pdf", b"%PDF-1.7\n" + b"a\n" * 9)])


def test_a_school_of_a_thousand_pupils_passes():
    rows = "".join(f"1{n // 35 + 1:02}{n % 35 + 1:02},학생{n},책{b},저자\n" for n in range(1000) for b in range(35))
    reading_limits.check_rows([("a.csv", (HEADER + rows).encode())])
    assert rows.count("\n") == 35_000 < reading_limits.MOST_BOOKS < 100_000


CROWD = "번호,성명,도서명,저자\n" + "".join(f"1,김하나,서로 다른 책 {n},저자{n}\n" for n in range(6))
CROWD += "2,박두리,수학의 역사,지즈강\n2,박두리,수학의 역샤,지즈강\n"
"""Six books under the first number, and a pair under the second."""


@pytest.fixture
def crowd(monkeypatch):
    """More books under a number than a pupil can have."""
    monkeypatch.setattr(streaming, "MOST_BOOKS", 5)
    return CROWD.encode()


def test_the_page_says_who_was_not_checked(crowd):
    app = uploaded(opened("reading"), ("a.csv", crowd))
    assert [one.value for one in app.warning] == [
        f"**학생 1명의 책 6권은 점검하지 않았습니다.** {unchecked.WHAT_TO_CHECK}"
    ]
    assert problem_rows(app)[:2] == ["1번 김하나", "6"]
    assert figures(app)["중복 의심"] == "1쌍"


def test_the_page_says_nothing_where_everyone_was_checked():
    assert not uploaded(opened("reading"), ("a.csv", CROWD.encode())).warning


def test_the_workbook_that_the_page_offers_counts_who_was_not_checked(crowd, downloads):
    uploaded(opened("reading"), ("a.csv", crowd))
    counts, how_to = summary(downloads["점검표"]())
    assert (counts["점검한 학생"], counts["점검하지 않은 학생"], counts["점검한 도서"]) == (1, 1, 2)
    assert how_to["점검하지 않은 학생"] == unchecked.WHAT_TO_CHECK


def test_a_workbook_of_pupils_who_were_all_checked_does_not_speak_of_it():
    entries = read_reading_records([("a.csv", CROWD.encode())])
    counts, how_to = summary(write_duplicate_report(find_duplicates(entries), entries))
    assert counts["점검한 학생"] == 2
    assert "점검하지 않은 학생" not in counts | how_to


def summary(workbook: bytes) -> tuple[dict, dict]:
    """The counts of the summary, and what it says on how to use it."""
    rows = list(openpyxl.load_workbook(io.BytesIO(workbook))["요약"].iter_rows(values_only=True))
    return {row[0]: row[2] for row in rows if row[2]}, {row[0]: row[1] for row in rows if row[1]}


def test_the_command_line_says_who_was_not_checked(crowd, tmp_path, capsys):
    path = tmp_path / "독서.csv"
    path.write_bytes(crowd)
    assert main(["reading", str(path), "--period", "present"]) == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "파일 1개, 학생 1명, 책 2권을 점검했습니다.",
        "점검하지 않음: 1번 김하나, 책 6권",
        f"   {unchecked.WHAT_TO_CHECK}",
    ]
    assert main(["reading", str(path), "--json"]) == 0
    told = capsys.readouterr()
    assert len(json.loads(told.out)) == 1
    assert told.err.splitlines() == ["점검하지 않음: 1번 김하나, 책 6권", f"   {unchecked.WHAT_TO_CHECK}"]


def test_what_was_not_checked_is_still_known_when_decided_pairs_are_taken_out(crowd):
    entries = read_reading_records([("a.csv", crowd)])
    pairs = find_duplicates(entries)
    assert len(pairs.attrs["unchecked"]) == 1
    for part in split_decided(pairs, schoolkit.read_decisions([])):
        assert part.attrs["unchecked"] == pairs.attrs["unchecked"]


def test_several_names_under_one_key_are_counted_and_the_most_books_come_first(crowd):
    entries = read_reading_records([("a.csv", crowd)]).drop(columns=["current_grade", "class_no", "seat_no"])
    entries["student"] = ["a"] * 6 + ["b"] * 2
    entries.loc[1, "name"] = "최셋"
    pairs = find_duplicates(entries)
    pairs.attrs["unchecked"].insert(0, {"student": "b", "entries": 3})
    assert unchecked_pupils(pairs, entries).to_dict("list") == {
        "pupil": ["김하나 등 이름 2가지", "박두리"],
        "entries": [6, 3],
    }
    nameless = entries.drop(columns="name")
    assert list(unchecked_pupils(pairs, nameless)["pupil"]) == ["성명 없음", "성명 없음"]
