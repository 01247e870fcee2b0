"""The workbook and the CSV of who has not handed in what, read back."""

import csv
import io
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from schoolkit.errors import InputError
from schoolkit.submissions.messages import urging_messages
from schoolkit.submissions.report import submission_csv, write_submission_report
from schoolkit.submissions.status import KOREA, Row, submission_table

AT = datetime(2026, 11, 21, 9, 0, tzinfo=KOREA)
WHAT_COUNTS = (
    "안 낸 과제에는 기한이 지난 미제출, 임시 저장, 다시 내야 함이 들어가고, "
    "숨긴 과제와 면제, 기한 전, 알 수 없음은 들어가지 않습니다."
)
PRIVATE = "학생의 개인정보가 들어 있습니다. 다 쓴 뒤에는 파일을 지우고 인쇄물은 파기해 주세요."


def day(number):
    return datetime(2026, 11, number, 23, 59, tzinfo=KOREA)


DUE = {"독후감": day(10), "보고서": day(18), "발표": None, "비밀": day(1), "시": day(30)}


def row(class_name, number, name, title, state, due=None, submitted_at=None):
    return Row(
        class_name, number, name, title, due or DUE.get(title), state, submitted_at, title == "비밀", "학교 Moodle"
    )


ROWS = [
    row("1반", "10101", "김서연", "독후감", "submitted", submitted_at=datetime(2026, 11, 9, 10, 30, tzinfo=KOREA)),
    row("1반", "10101", "김서연", "보고서", "late"),
    row("1반", "10101", "김서연", "발표", "submitted"),
    row("1반", "10101", "김서연", "비밀", "missing"),
    row("1반", "10101", "김서연", "시", "draft"),
    row("1반", "10102", "이도", "독후감", "missing"),
    row("1반", "10102", "이도", "보고서", "draft"),
    row("1반", "10102", "이도", "발표", "returned"),
    row("1반", "10102", "이도", "비밀", "submitted"),
    row("1반", "10102", "이도", "시", "not_yet_due"),
    row("2반", "10201", None, "독후감", "excused"),
    row("2반", "10201", None, "보고서", "unknown"),
]


def opened(table, **arguments):
    return openpyxl.load_workbook(io.BytesIO(write_submission_report(table, at=AT, **arguments)))


def cells(sheet):
    """The rows of a sheet, without empty ones and without empty cells at the ends."""
    rows = []
    for row in sheet.iter_rows(values_only=True):
        while row and row[-1] in (None, ""):
            row = row[:-1]
        if row:
            rows.append(row)
    return rows


@pytest.fixture(scope="module")
def workbook():
    return opened(submission_table(ROWS))


def test_there_is_a_sheet_for_each_class_behind_the_common_ones(workbook):
    assert workbook.sheetnames == ["요약", "과제별", "미제출 목록", "안내 문구", "1반", "2반"]


def test_the_summary_says_how_the_classes_stand_and_who_needs_care(workbook):
    assert cells(workbook["요약"]) == [
        ("과제 제출 현황",),
        ("기준: 2026년 11월 21일(토) 09:00",),
        ("읽은 곳: 학교 Moodle",),
        (PRIVATE,),
        ("반 2개, 학생 3명, 과제 7개(반마다 따로 셈), 알 수 없음 1건",),
        ("안 낸 과제가 있는 학생 1명 (과제 3개), 3개 이상 안 낸 학생 1명",),
        (WHAT_COUNTS,),
        ("반별",),
        ("반", "학생", "안 낸 학생", "안 낸 과제", "가장 많이 안 낸 과제"),
        ("1반", 2, 1, 3, "발표 (1명)"),
        ("2반", 1, 0, 0),
        ("3개 이상 안 낸 학생",),
        ("반", "학번", "이름", "안 낸 과제", "과제"),
        ("1반", 10102, "이도", 3, "독후감, 보고서, 발표"),
    ]
    links = {cell.value: cell.hyperlink.location for row in workbook["요약"] for cell in row if cell.hyperlink}
    assert links == {"1반": "'1반'!A1", "2반": "'2반'!A1"}


def test_each_assignment_has_its_rate_and_counts(workbook):
    sheet = workbook["과제별"]
    rate = "제출률은 면제와 알 수 없음을 뺀 학생 가운데 제출했거나 지각 제출한 학생의 비율입니다."
    header = ("반", "과제", "기한", "학생", "제출률", "안 낸 학생")
    states = ("제출", "지각 제출", "임시 저장", "다시 내야 함", "미제출", "면제", "기한 전", "알 수 없음")
    assert cells(sheet) == [
        (f"{WHAT_COUNTS} {rate}",),
        (*header, *states),
        ("1반", "독후감", datetime(2026, 11, 10, 23, 59), 2, 0.5, 1, 1, 0, 0, 0, 1, 0, 0, 0),
        ("1반", "보고서", datetime(2026, 11, 18, 23, 59), 2, 0.5, 1, 0, 1, 1, 0, 0, 0, 0, 0),
        ("1반", "발표", None, 2, 0.5, 1, 1, 0, 0, 1, 0, 0, 0, 0),
        ("1반", "(숨김) 비밀", datetime(2026, 11, 1, 23, 59), 2, 0.5, 0, 1, 0, 0, 0, 1, 0, 0, 0),
        ("1반", "시", datetime(2026, 11, 30, 23, 59), 2, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0),
        ("2반", "독후감", datetime(2026, 11, 10, 23, 59), 1, None, 0, 0, 0, 0, 0, 0, 1, 0, 0),
        ("2반", "보고서", datetime(2026, 11, 18, 23, 59), 1, None, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    ]
    assert (sheet.auto_filter.ref, sheet["E3"].number_format) == ("A2:N9", "0%")


def test_the_missing_list_can_be_filtered_and_says_how_many_days_ago(workbook):
    sheet = workbook["미제출 목록"]
    assert cells(sheet) == [
        ("반", "학번", "이름", "과제", "기한", "상태", "며칠 지남"),
        ("1반", 10102, "이도", "독후감", datetime(2026, 11, 10, 23, 59), "미제출", 11),
        ("1반", 10102, "이도", "보고서", datetime(2026, 11, 18, 23, 59), "임시 저장", 3),
        ("1반", 10102, "이도", "발표", None, "다시 내야 함"),
    ]
    assert (sheet.auto_filter.ref, sheet.freeze_panes, sheet.print_title_rows) == ("A1:G4", "A2", "$1:$1")


def test_the_messages_are_those_of_the_templates(workbook):
    table = submission_table(ROWS)
    sent = {to: urging_messages(table, to, at=AT)["message"].item() for to in ("class", "pupil", "guardian")}
    rows = cells(workbook["안내 문구"])
    assert rows[1:] == [
        ("받는 사람", "반", "학번", "이름", "안 낸 과제", "안내 문구"),
        ("반 전체", "1반", None, None, 3, sent["class"]),
        ("학생", "1반", 10102, "이도", 3, sent["pupil"]),
        ("보호자", "1반", 10102, "이도", 3, sent["guardian"]),
    ]
    assert rows[0][0].startswith("칸을 두 번 누르고")


def test_own_templates_take_the_place_of_those_that_are_named():
    rows = cells(opened(submission_table(ROWS), templates={"pupil": "{이름}은(는) {개수}개"})["안내 문구"])
    assert [row[-1] for row in rows[2:4]] == [
        urging_messages(submission_table(ROWS), "class", at=AT)["message"].item(),
        "이도는 3개",
    ]


def test_a_bad_template_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(InputError) as caught:
        write_submission_report(submission_table(ROWS), tmp_path / "보고.xlsx", templates={"pupil": "{", "class": "}"})
    assert len(caught.value.problems) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_class_is_a_grid_of_words(workbook):
    meanings = (
        "제출: 냄 · 지각: 기한이 지나서 냄 · 임시: 저장만 하고 내지 않음 · 다시: 돌려받아 다시 내야 함 · "
        "미제출: 내지 않음 · 기한 전: 기한이 남음 · 안 냄: 기한이 지난 미제출, 임시, 다시의 수 · "
        "(숨김) 회색 과제: 학생에게 보이지 않아 세지 않음"
    )
    assert cells(workbook["1반"]) == [
        ("1반 과제 제출 현황",),
        (meanings,),
        ("과제", None, None, "독후감", "보고서", "발표", "(숨김) 비밀", "시"),
        ("기한", None, None, *(datetime(2026, 11, at, 23, 59) if at else "–" for at in (10, 18, None, 1, 30))),
        ("제출률", None, None, 0.5, 0.5, 0.5, 0.5, 0),
        ("학번", "이름", "안 냄", 1, 1, 1, 0, 0),
        (10101, "김서연", 0, "제출", "지각", "제출", "미제출", "임시"),
        (10102, "이도", 3, "미제출", "임시", "다시", "제출", "기한 전"),
    ]
    assert cells(workbook["2반"])[-1] == (10201, None, 0, "면제", "모름")


def look(cell):
    return cell.fill.fgColor.rgb if cell.fill.fill_type else None, cell.font.color.rgb if cell.font.color else None


def test_what_counts_is_dark_and_bold_and_what_is_hidden_or_not_yet_due_is_not(workbook):
    sheet = workbook["1반"]
    missing, draft, hidden, draft_in_time = sheet["D8"], sheet["E8"], sheet["G7"], sheet["H7"]
    assert [cell.value for cell in (missing, draft, hidden, draft_in_time)] == ["미제출", "임시", "미제출", "임시"]
    assert [cell.font.b for cell in (missing, draft, hidden, draft_in_time)] == [True, True, False, False]
    assert look(missing) == ("FF9C1C1C", "FFFFFFFF")
    assert look(hidden) == look(sheet["G8"]) == look(sheet["G3"]) == ("FFEDEDED", "FF808080")
    assert look(draft_in_time) == ("FFFFFFFF", "FF7F7F7F")


def test_a_class_is_printed_on_one_page_of_a4_with_its_head_frozen_and_repeated(workbook):
    sheet = workbook["1반"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 1) == (1, 1)
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("D7", "$1:$6")


def a_table(pupils, tasks, classes=1, title="과제", state="missing"):
    return submission_table(
        Row(f"{c}반", f"{c}{p:03}", f"학생{p}", f"{title} {t}", day(10), state, None, False, "표")
        for c in range(1, classes + 1)
        for p in range(1, pupils + 1)
        for t in range(1, tasks + 1)
    )


def page(sheet):
    setup = sheet.page_setup
    return setup.fitToWidth, setup.fitToHeight, sheet.print_title_cols


def test_thirty_assignments_turn_their_titles_and_many_pupils_take_several_pages():
    few, many = (opened(a_table(pupils, 30, state="submitted"))["1반"] for pupils in (30, 150))
    assert (few["D3"].alignment.textRotation, opened(a_table(1, 5))["1반"]["D3"].alignment.textRotation) == (90, 0)
    assert (few.max_column, few.max_row, many.max_row) == (33, 36, 156)
    assert [page(sheet)[1] for sheet in (few, many)] == [None, 0]
    assert few.column_dimensions["D"].width < 7


def test_more_assignments_go_on_a_second_page_beside_the_first_with_the_names():
    assert page(opened(a_table(2, 40))["1반"]) == (2, None, "$A:$C")


def test_long_titles_are_shortened_in_the_grid_alone():
    title = "아주 긴 과제 이름을 그대로 적은 " * 10
    workbook = opened(a_table(1, 20, title=title))
    shown = workbook["1반"]["D3"].value
    assert shown.endswith("…") and len(shown) < 60
    assert workbook["미제출 목록"]["D2"].value == f"{title.strip()} 1"


def test_sixty_classes_have_sheets_of_their_own():
    workbook = opened(a_table(1, 1, classes=60))
    assert workbook.sheetnames[4:] == [f"{number}반" for number in range(1, 61)]
    assert len([row for row in cells(workbook["요약"]) if row[0] in workbook.sheetnames]) == 60


@pytest.mark.parametrize(
    ("class_name", "sheet"),
    [
        ("", "반 미상"),
        ("3", "3반"),
        ("2-1", "2-1반"),
        ("요약", "요약 (2)"),
        ("1/2 [심화]*?:", "1 2  심화"),
        ("O'Neill's", "O'Neill's"),
        ("=1+1", "=1+1"),
        ("<r>&</r>", "<r>&< r>"),
        ("국어 심화 " * 9, ("국어 심화 " * 9)[:30] + "…"),
    ],
)
def test_any_class_name_gives_a_sheet_that_the_summary_links_to(class_name, sheet):
    workbook = opened(submission_table([row(class_name, "1", "이도", "독후감", "missing")]))
    assert workbook.sheetnames[4:] == [sheet]
    quoted = sheet.replace("'", "''")
    links = [cell.hyperlink.location for line in workbook["요약"] for cell in line if cell.hyperlink]
    assert links == [f"'{quoted}'!A1"]


def test_a_table_whose_class_is_missing_is_taken_too():
    table = submission_table([row("", "1", "이도", "독후감", "missing")])
    table["class_name"] = table["class_name"].mask(table["class_name"] == "")
    assert opened(table).sheetnames[4:] == ["반 미상"]


def test_a_message_too_long_for_one_cell_is_whole():
    table = a_table(40, 8, title="가" * 120)
    rows = [row for row in cells(opened(table)["안내 문구"]) if row[0].startswith("반 전체")]
    whole = urging_messages(table, "class", at=AT)["message"].item()
    assert len(whole) > 32_767
    assert "\n".join(row[-1] for row in rows) == whole


def test_text_stays_text_in_every_sheet():
    rows = [row("=A1", "007", '=HYPERLINK("http://x")', "@SUM(1)\n<r>둘</r>\x00", "missing", day(10))]
    workbook = opened(submission_table(rows))
    assert cells(workbook["미제출 목록"])[1][:4] == ("=A1", "007", '=HYPERLINK("http://x")', "@SUM(1) <r>둘</r>�")
    assert cells(workbook["=A1"])[-1] == ("007", '=HYPERLINK("http://x")', 1, "미제출")
    formulas = [
        cell.coordinate for sheet in workbook for line in sheet.iter_rows() for cell in line if cell.data_type == "f"
    ]
    assert formulas == []


def test_pupils_of_one_name_without_numbers_stand_apart_and_the_summary_says_so():
    rows = [
        row("1반", None, "김서연", title, state) for title in ("독후감", "보고서") for state in ("submitted", "missing")
    ]
    workbook = opened(submission_table(rows))
    assert cells(workbook["1반"])[-2:] == [
        (None, "김서연", 0, "제출", "제출"),
        (None, "김서연", 2, "미제출", "미제출"),
    ]
    assert any("이름이 같고 학번이 없는 학생은" in line[0] for line in cells(workbook["요약"]))


def test_a_pupil_who_has_not_got_an_assignment_has_an_empty_cell():
    rows = [row("1반", "1", "이도", "독후감", "submitted"), row("1반", "2", None, "보고서", "missing")]
    assert cells(opened(submission_table(rows))["1반"])[-2:] == [(1, "이도", 0, "제출"), (2, None, 1, None, "미제출")]


def test_nobody_missing_anything_gives_a_friendly_sentence_and_no_empty_tables():
    workbook = opened(submission_table([row("1반", "1", "이도", "독후감", "submitted")]))
    assert cells(workbook["미제출 목록"]) == cells(workbook["안내 문구"]) == [("안 낸 과제가 있는 학생이 없습니다.",)]
    assert cells(workbook["요약"])[5] == (
        "안 낸 과제가 있는 학생이 없습니다. 기한이 된 과제를 모두 냈습니다. 수고 많으셨습니다!",
    )


@pytest.mark.parametrize(
    ("state", "attrs"),
    [
        ("unknown", {}),
        ("submitted", {"failed": [{"course_id": "3", "course": "국어", "reason": "권한이 없습니다.", "kind": "x"}]}),
    ],
)
def test_nothing_is_called_well_done_where_something_is_not_known(state, attrs):
    lines = cells(opened(submission_table([row("1반", "1", "이도", "독후감", state)], **attrs))["요약"])
    assert ("안 낸 과제가 있는 학생이 없습니다.",) in lines


def test_an_empty_table_gives_a_workbook_that_says_so():
    workbook = opened(submission_table([]))
    assert {name: cells(workbook[name])[-1] for name in workbook.sheetnames} == {
        "요약": (WHAT_COUNTS,),
        "과제별": ("읽은 과제가 없습니다.",),
        "미제출 목록": ("읽은 과제가 없습니다.",),
        "안내 문구": ("읽은 과제가 없습니다.",),
    }


def test_what_could_not_be_read_or_told_is_said_plainly():
    candidates = [
        {"key": "a", "class_name": "1반", "student_no": "10101", "name": "김서연"},
        {"key": "b", "class_name": "2", "student_no": None, "name": "김서연"},
    ]
    line = {"key": "k", "file": "채점.csv", "row": 7, "written": "김서연 · a@b.kr", "assignments": ("독후감", "보고서")}
    workbook = opened(
        submission_table(
            ROWS[:1],
            read_at=datetime.fromisoformat("2026-11-20T22:30+00:00"),
            failed=[{"course_id": "3", "course": "국어", "reason": "권한이 없습니다.", "kind": "denied"}],
            unmatched=[line | {"why": "같은 이름이 둘입니다.", "candidates": candidates}],
            notices=["둘째 시트는 비어 있습니다.", "둘째 시트는 비어 있습니다."],
            exports=[
                {"file": "채점.csv", "format": "Moodle 채점 워크시트", "caveat": ""},
                {"file": "성적.csv", "format": "Canvas 성적표", "caveat": "빈칸이 미제출인지 알 수 없습니다."},
            ],
        )
    )
    assert cells(workbook["요약"])[1:14] == [
        ("기준: 2026년 11월 21일(토) 09:00",),
        ("읽은 때: 2026년 11월 21일(토) 07:30",),
        ("읽은 곳: 채점.csv (Moodle 채점 워크시트), 성적.csv (Canvas 성적표)",),
        (PRIVATE,),
        ("반 1개, 학생 1명, 과제 1개(반마다 따로 셈)",),
        ("안 낸 과제가 있는 학생이 없습니다.",),
        (WHAT_COUNTS,),
        ("읽지 못한 것 (이 파일에 들어 있지 않습니다)",),
        ("· 국어: 권한이 없습니다.",),
        ("명렬표에서 찾지 못한 이름",),
        (
            "· 1건은 어느 학생의 것인지 정할 수 없어 넣지 않았습니다. 그 학생은 냈는데도 안 낸 것으로 "
            "보일 수 있으니, ‘확인할 이름’ 시트를 먼저 봐 주세요.",
        ),
        ("알아 두실 것",),
        ("· 성적.csv (Canvas 성적표): 빈칸이 미제출인지 알 수 없습니다.",),
    ]
    assert cells(workbook["요약"])[14] == ("· 둘째 시트는 비어 있습니다.",)
    assert cells(workbook["확인할 이름"]) == [
        ("파일", "행", "적힌 이름", "과제", "까닭", "혹시 이 학생?"),
        (
            "채점.csv",
            7,
            "김서연 · a@b.kr",
            "독후감, 보고서",
            "같은 이름이 둘입니다.",
            "1반 10101 김서연\n2반 김서연",
        ),
    ]


def test_a_long_message_is_cut_between_lines_and_nothing_is_lost():
    table = a_table(60, 12)
    rows = [row for row in cells(opened(table)["안내 문구"]) if row[0].startswith("반 전체")]
    whole = urging_messages(table, "class", at=AT)["message"].item()
    assert len(rows) > 2
    assert "\n".join(row[-1] for row in rows) == whole
    assert [row[0] for row in rows] == [f"반 전체 ({at}/{len(rows)})" for at in range(1, len(rows) + 1)]


def csv_rows(table, at=AT):
    return list(csv.reader(io.StringIO(submission_csv(table, at=at).decode("utf-8-sig"))))


def test_the_csv_has_every_row_and_says_what_counts():
    rows = csv_rows(submission_table(ROWS), at="2026-12-01 08:00")
    header = "반,학번,이름,과제,기한,상태,미제출 여부,제출한 때,숨긴 과제,출처,강좌 번호,과제 번호"
    assert [",".join(line) for line in rows] == [
        header,
        "1반,10101,김서연,독후감,2026-11-10 23:59,제출,,2026-11-09 10:30,,학교 Moodle,,",
        "1반,10101,김서연,보고서,2026-11-18 23:59,지각 제출,,,,학교 Moodle,,",
        "1반,10101,김서연,발표,,제출,,,,학교 Moodle,,",
        "1반,10101,김서연,비밀,2026-11-01 23:59,미제출,,,숨김,학교 Moodle,,",
        "1반,10101,김서연,시,2026-11-30 23:59,임시 저장,미제출,,,학교 Moodle,,",
        "1반,10102,이도,독후감,2026-11-10 23:59,미제출,미제출,,,학교 Moodle,,",
        "1반,10102,이도,보고서,2026-11-18 23:59,임시 저장,미제출,,,학교 Moodle,,",
        "1반,10102,이도,발표,,다시 내야 함,미제출,,,학교 Moodle,,",
        "1반,10102,이도,비밀,2026-11-01 23:59,제출,,,숨김,학교 Moodle,,",
        "1반,10102,이도,시,2026-11-30 23:59,미제출,미제출,,,학교 Moodle,,",
        "2반,10201,,독후감,2026-11-10 23:59,면제,,,,학교 Moodle,,",
        "2반,10201,,보고서,2026-11-18 23:59,알 수 없음,,,,학교 Moodle,,",
    ]


def test_the_csv_is_for_excel():
    rows = [Row("2-1", "1", "=1+1", "@시", None, "missing", None, False, "표", "7", "9")]
    content = submission_csv(submission_table(rows), at=AT)
    assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
    assert csv_rows(submission_table(rows))[1] == [
        *("2-1반", "1", "'=1+1", "'@시", "", "미제출", "미제출", "", "", "표", "7", "9"),
    ]
    assert len(csv_rows(submission_table([]))) == 1


def test_both_files_go_to_a_path_or_an_open_file(tmp_path):
    table = submission_table(ROWS)
    for write, name in ((write_submission_report, "보고.xlsx"), (submission_csv, "목록.csv")):
        held = io.BytesIO()
        assert write(table, tmp_path / name, at=AT) == (tmp_path / name).read_bytes()
        assert write(table, held, at=AT) == held.getvalue()


def test_the_table_is_left_as_it_was():
    table = submission_table(ROWS, notices=["하나"])
    before = table.copy(deep=True)
    write_submission_report(table, at=AT)
    submission_csv(table, at=AT)
    pd.testing.assert_frame_equal(table, before)
    assert table.attrs == before.attrs
