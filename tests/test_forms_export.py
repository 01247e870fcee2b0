"""Answers to Google and Microsoft forms: who has answered has handed in."""

import io
from datetime import datetime

import openpyxl
import pytest

from schoolkit.errors import InputError
from schoolkit.submissions.exports.export import Export, Line, Task, Written
from schoolkit.submissions.exports.forms import form_title, read_google_form, read_ms_form
from schoolkit.submissions.status import KOREA
from schoolkit.tables import read_tables

CAVEAT = "응답한 학생만 담겨 있어, 응답이 없는 학생을 미제출로 봅니다. 마감일은 이 파일에 없습니다."


def table_of(text: str, name: str = "독서 감상문 (응답) - 설문지 응답 시트1.csv", encoding: str = "utf-8"):
    (table,) = read_tables(name, text.encode(encoding))
    return table


def workbook(rows, name, merged=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    (table,) = read_tables(name, out.getvalue())
    return table


def at(*parts):
    return datetime(2026, 11, *parts, tzinfo=KOREA)


def who_of(export):
    return [line.who for line in export.lines]


def problem_of(read, table):
    with pytest.raises(InputError) as caught:
        read(table)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_a_korean_google_form_in_any_encoding(encoding):
    table = table_of(
        "타임스탬프,이메일 주소,점수,학번과 이름(예: 10101 홍길동),느낀 점\n"
        "2026. 11. 20 오후 3:05:11,s10107@school.kr,8 / 10,10107 김서연,재미있었다\n"
        '2026. 11. 21 오전 12:10:00,,10 / 10,1-1-8 이준(전출),"쉼표, 그리고\n줄 바꿈"\n',
        encoding=encoding,
    )
    assert read_google_form(table) == Export(
        file="독서 감상문 (응답) - 설문지 응답 시트1.csv",
        format="Google 설문지 응답",
        tasks=(Task("독서 감상문"),),
        lines=(
            Line(2, Written(("10107 김서연",), ("10107",), "s10107@school.kr"), 0, "handed_in", at(20, 15, 5, 11)),
            Line(3, Written(("1-1-8 이준(전출)",), ("1-1-8",)), 0, "handed_in", at(21, 0, 10)),
        ),
        lists_everyone=False,
        caveat=CAVEAT,
    )


def test_an_english_google_form_with_the_name_in_two_questions():
    table = table_of(
        "Timestamp,Username,First name,Last name,Score\n11/20/2026 15:05:11,kim@school.kr,Minh Anh,Nguyen,8 / 10\n",
        "Book report (Responses) - Form Responses 1.csv",
    )
    export = read_google_form(table)
    assert export.tasks == (Task("Book report"),)
    assert export.lines == (
        Line(
            2, Written(("Nguyen Minh Anh", "Minh Anh Nguyen"), (), "kim@school.kr"), 0, "handed_in", at(20, 15, 5, 11)
        ),
    )


def test_grade_class_and_number_in_columns_are_a_student_number():
    table = workbook(
        [
            ["타임스탬프", "학년을 선택하세요", "반", "번호를 입력해 주세요.", "이름"],
            [datetime(2026, 11, 20, 15, 5, 11), 1.0, 1.0, 7.0, "김서연"],
            [datetime(2026, 11, 20, 15, 6), "1학년", "12반", "08번", "이준"],
            [datetime(2026, 11, 20, 15, 7), "", "진리반", "3", "박하늘"],
        ],
        "독서(응답).xlsx",
    )
    assert who_of(read_google_form(table)) == [
        Written(("김서연",), ("10107",), None, "1학년 1반"),
        Written(("이준",), ("11208",), None, "1학년 12반"),
        Written(("박하늘",), ("3",), None, "진리반"),
    ]
    assert read_google_form(table).lines[0].submitted_at == at(20, 15, 5, 11)


def test_one_question_for_grade_class_and_number():
    table = table_of(
        "타임스탬프,학년/반/번호,이름\n"
        "2026. 11. 20 오후 3:05:11,1-1-7,김서연\n"
        "2026. 11. 20 오후 3:05:12,1학년 12반 8번,이준\n"
        "2026. 11. 20 오후 3:05:13,10109,박하늘\n"
        "2026. 11. 20 오후 3:05:14,1 11 3,최지우\n"
    )
    assert who_of(read_google_form(table)) == [
        Written(("김서연",), ("10107",), None, "1학년 1반"),
        Written(("이준",), ("11208",), None, "1학년 12반"),
        Written(("박하늘",), ("10109",)),
        Written(("최지우",), ("11103",), None, "1학년 11반"),
    ]


def test_a_number_and_a_name_in_answer_to_the_number_alone():
    table = table_of("타임스탬프,학번\n2026. 11. 20 오후 3:05:11,10107 김서연\n2026. 11. 20 오후 3:05:12,10108번\n")
    assert who_of(read_google_form(table)) == [
        Written(("10107 김서연",), ("10107",)),
        Written((), ("10108",)),
    ]


def test_questions_repeated_in_a_section_for_each_class():
    table = table_of(
        "타임스탬프,반,이름,번호,이름,번호\n"
        "2026. 11. 20 오후 3:05:11,1반,김서연,7,,\n"
        "2026. 11. 20 오후 3:05:12,2반,,,이준,8\n"
        "2026. 11. 20 오후 3:05:13,2반,박하늘,,이준,9\n"
    )
    export = read_google_form(table)
    assert who_of(export) == [
        Written(("김서연",), ("7",), None, "1반"),
        Written(("이준",), ("8",), None, "2반"),
        Written(("박하늘",), ("9",), None, "2반"),
    ]
    assert export.notices == ("이름 질문 여러 개에 다른 답을 적은 행은 첫째 답을 썼습니다(4행).",)


def test_a_title_above_blank_rows_and_a_repeated_header():
    table = workbook(
        [
            ["11월 독서 감상문", "", ""],
            [],
            ["타임스탬프", "이름", "느낀 점"],
            ["2026. 11. 20 오후 3:05:11", "김서연", "좋았다"],
            [],
            ["타임스탬프", "이름", "느낀 점"],
            ["2026. 11. 20 오후 3:06:11", "이준", ""],
            ["", "박하늘", "종이로 냄"],
            ["2026. 11. 20 오후 3:07:11", "", "이름을 안 씀"],
            ["조금 전", "최지우", ""],
        ],
        "독서.xlsx",
        merged=["A1:C1"],
    )
    export = read_google_form(table)
    assert [(line.row, line.who.names, line.submitted_at) for line in export.lines] == [
        (4, ("김서연",), at(20, 15, 5, 11)),
        (7, ("이준",), at(20, 15, 6, 11)),
        (10, ("최지우",), None),
    ]
    assert export.notices == (
        "응답 시각이 없는 행은 응답으로 보지 않았습니다(8행).",
        "누구의 응답인지 적혀 있지 않은 행은 뺐습니다(9행).",
        "응답 시각을 읽을 수 없어 시각 없이 제출로 보았습니다(10행).",
    )


def test_several_responses_of_a_pupil_stay_several_lines():
    table = table_of("타임스탬프,이름\n2026. 11. 20 오후 3:05:11,김서연\n2026. 11. 22 오후 3:05:11,김서연\n")
    assert [(line.row, line.submitted_at) for line in read_google_form(table).lines] == [
        (2, at(20, 15, 5, 11)),
        (3, at(22, 15, 5, 11)),
    ]


def test_a_site_that_writes_the_day_first():
    table = table_of("Timestamp,Name\n02/11/2026 15:05:11,김서연\n20/11/2026 15:05:11,이준\n")
    assert [line.submitted_at for line in read_google_form(table).lines] == [at(2, 15, 5, 11), at(20, 15, 5, 11)]


def test_a_form_that_no_one_has_answered_yet():
    export = read_google_form(table_of("타임스탬프,이름,느낀 점\n"))
    assert (export.lines, export.tasks) == ((), (Task("독서 감상문"),))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "타임스탬프,느낀 점,주인공의 이름은?\n2026. 11. 20 오후 3:05:11,좋았다,어린 왕자\n",
            "‘주인공의 이름은?’ 칸이 응답한 학생 자신을 묻는 질문인지 알 수 없습니다",
        ),
        (
            "타임스탬프,이메일 주소,느낀 점\n2026. 11. 20 오후 3:05:11,,좋았다\n",
            "‘이메일 주소’ 칸이 모두 비어 있습니다",
        ),
        (
            "타임스탬프,학년,반,느낀 점\n2026. 11. 20 오후 3:05:11,1,1,좋았다\n",
            "‘학년’, ‘반’ 칸만으로는 누구인지 알 수 없습니다",
        ),
        (
            "타임스탬프,이메일 주소,점수 - 이름,별명(이름)\n2026. 11. 20 오후 3:05:11,,1,하늘\n",
            "‘이메일 주소’ 칸이 모두 비어 있습니다. ‘별명(이름)’ 칸이 응답한 학생 자신을 묻는 질문인지 알 수 없습니다",
        ),
        ("타임스탬프,느낀 점\n", "이메일, 학번, 이름을 묻는 질문을 찾지 못했습니다"),
    ],
    ids=["near question", "no answer", "class alone", "no answer beside a near question", "nothing yet"],
)
def test_an_anonymous_google_form_says_why_and_what_to_do(text, why):
    problem = problem_of(read_google_form, table_of(text))
    assert (problem.kind, problem.row) == ("anonymous_form", 1)
    assert problem.what == f"누가 응답했는지 알 수 없는 설문입니다({why})."
    assert "이메일 주소 수집" in problem.what_to_do
    assert ("머리글을 ‘학번’이나 ‘이름’으로 고쳐" in problem.what_to_do) == ("자신을 묻는" in why)


def test_many_and_long_questions_that_look_near_are_cut():
    questions = [f"친구 {number} 이름" for number in range(4)] + ["친구" * 30 + " 이름"]
    one = problem_of(read_google_form, table_of(f"타임스탬프,{questions[4]}\n"))
    many = problem_of(read_google_form, table_of(",".join(["타임스탬프", *questions]) + "\n"))
    assert f"(‘{'친구' * 20}…’ 칸이" in one.what
    assert "(‘친구 0 이름’, ‘친구 1 이름’, ‘친구 2 이름’ 등 칸이" in many.what


def test_a_sheet_whose_time_was_moved_behind_the_names():
    export = read_google_form(table_of("학번,이름,타임스탬프\n10107,김서연,2026. 11. 20 오후 3:05:11\n"))
    assert export.lines == (Line(2, Written(("김서연",), ("10107",)), 0, "handed_in", at(20, 15, 5, 11)),)
    for text in (
        "학번,이름,타임스탬프\n10107,김서연,2026. 11. 20\n",
        "학번,이름,타임스탬프\n10107,김서연,곧\n",
        "학번,이름,타임스탬프\n10107,김서연,\n",
        "의견,점수,타임스탬프\n좋다,5,2026. 11. 20 오후 3:05:11\n",
    ):
        assert read_google_form(table_of(text)) is None


def test_a_question_for_the_pupils_of_each_class_gives_the_class():
    table = table_of(
        "타임스탬프,1반 이름,2반 이름,번호\n2026. 11. 20 오후 3:05:11,김서연,,7\n2026. 11. 20 오후 3:05:12,,이준,8\n"
    )
    assert who_of(read_google_form(table)) == [
        Written(("김서연",), ("7",), None, "1반"),
        Written(("이준",), ("8",), None, "2반"),
    ]


def test_a_class_before_the_name_is_parted_from_it():
    table = table_of(
        "타임스탬프,소속 및 이름\n2026. 11. 20 오후 3:05:11,1-1 김서연\n2026. 11. 20 오후 3:05:12,1학년 2반 이준\n"
        "2026. 11. 20 오후 3:05:13,10109 박하늘\n"
    )
    assert who_of(read_google_form(table)) == [
        Written(("김서연",), (), None, "1학년 1반"),
        Written(("이준",), (), None, "1학년 2반"),
        Written(("10109 박하늘",), ("10109",)),
    ]


def test_the_names_of_accounts_that_pupils_share_are_not_theirs():
    rows = [
        *("태블릿01,10101", "태블릿01,10102", "iPad 3,10103", "태블릿02,", "박선생,10104", "박선생,10105"),
        *("김서연,10107", "김서연,10107", "10108 이준,10108"),
    ]
    table = table_of(
        "ID,Start time,Completion time,Email,Name,학번\n"
        + "".join(f"{n},11/20/26 15:00:00,11/20/26 15:05:11,anonymous,{row}\n" for n, row in enumerate(rows)),
        "설문.csv",
    )
    assert [(who.names, who.numbers) for who in who_of(read_ms_form(table))] == [
        ((), ("10101",)),
        ((), ("10102",)),
        ((), ("10103",)),
        (("태블릿02",), ()),
        ((), ("10104",)),
        ((), ("10105",)),
        (("김서연",), ("10107",)),
        (("김서연",), ("10107",)),
        (("10108 이준",), ("10108",)),
    ]


@pytest.mark.parametrize(
    ("header", "answer"),
    [
        ("학번,이름", '"10104, 10105","박민수, 이하은"'),
        ("학번,이름", "10104/10105,박민수/이하은"),
        ("학번,이름", "10104·10105,박민수·이하은"),
        ("이름,학번", '"박민수\n이하은","10104\n10105"'),
    ],
)
def test_a_group_that_lists_its_numbers_and_names_is_a_line_for_each(header, answer):
    table = table_of(f"타임스탬프,이메일 주소,{header}\n2026. 11. 20 오후 3:05:11,a@s.kr,{answer}\n")
    assert [(line.row, line.who) for line in read_google_form(table).lines] == [
        (2, Written(("박민수",), ("10104",))),
        (2, Written(("이하은",), ("10105",))),
    ]


def test_a_group_in_answer_to_one_question():
    table = table_of(
        '타임스탬프,학번과 이름\n2026. 11. 20 오후 3:05:11,"10104 박민수, 10105 이하은"\n'
        '2026. 11. 20 오후 3:05:12,10104 박민수 10105 이하은\n2026. 11. 20 오후 3:05:13,"10104, 박민수"\n'
        '2026. 11. 20 오후 3:05:14,"박민수, 이하은"\n'
    )
    min_su, ha_eun = Written(("10104 박민수",), ("10104",)), Written(("10105 이하은",), ("10105",))
    assert [(line.row, line.who) for line in read_google_form(table).lines] == [
        *((2, min_su), (2, ha_eun), (3, min_su), (3, ha_eun)),
        (4, Written(("10104, 박민수",), ("10104",))),
        *((5, Written(("박민수",))), (5, Written(("이하은",)))),
    ]


def test_a_list_without_a_number_for_each_name_stays_one_line_and_is_said():
    table = table_of(
        '타임스탬프,학번,이름\n2026. 11. 20 오후 3:05:11,10104,"박민수, 이하은"\n'
        '2026. 11. 20 오후 3:05:12,10107,"강, 지우"\n'
    )
    export = read_google_form(table)
    assert who_of(export) == [Written(("박민수, 이하은",), ("10104",)), Written(("강, 지우",), ("10107",))]
    assert export.notices == (
        "여러 사람을 적은 듯하지만 학번과 이름이 짝이 맞지 않아 한 사람의 응답으로 읽었습니다(2행).",
    )


def test_a_microsoft_form_of_an_organisation():
    table = workbook(
        [
            ["ID", "시작 시간", "완료 시간", "전자 메일", "이름", "총점", "학번\n(5자리)", "점수 - 학번\n(5자리)"],
            [1, datetime(2026, 11, 20, 15, 0), datetime(2026, 11, 20, 15, 5, 11), "a@s.kr", "김서연", 4, 10107.0, 0],
            [2, datetime(2026, 11, 20, 15, 0), datetime(2026, 11, 20, 15, 6), "anonymous", "익명", 4, 10108.0, 0],
        ],
        "발표 자료(1-28).xlsx",
    )
    assert read_ms_form(table) == Export(
        file="발표 자료(1-28).xlsx",
        format="Microsoft Forms 응답",
        tasks=(Task("발표 자료"),),
        lines=(
            Line(2, Written(("김서연",), ("10107",), "a@s.kr"), 0, "handed_in", at(20, 15, 5, 11)),
            Line(3, Written((), ("10108",)), 0, "handed_in", at(20, 15, 6)),
        ),
        lists_everyone=False,
        caveat=CAVEAT,
    )


def test_an_english_microsoft_quiz_with_the_pupils_own_names():
    table = table_of(
        "ID,Start time,Completion time,Email,Name,Total points,Quiz feedback,Last modified time,"
        "STUDENTS FULL NAME,Points - STUDENTS FULL NAME,Feedback - STUDENTS FULL NAME,STUDENT ID NUMBER\n"
        "1,11/20/26 15:00:00,11/20/26 15:05:11,anonymous,,4,,,김서연,0,,10107\n"
        "2,11/20/26 15:00:00,11/20/26 15:05:11,b@s.kr,Lee Jun,4,,,이준,0,,10108\n",
        "Quiz.csv",
    )
    assert who_of(read_ms_form(table)) == [
        Written(("김서연",), ("10107",)),
        Written(("이준", "Lee Jun"), ("10108",), "b@s.kr"),
    ]
    assert read_ms_form(table).lines[0].submitted_at == at(20, 15, 5, 11)


def test_an_anonymous_microsoft_form_says_what_to_do():
    table = table_of(
        "ID,Start time,Completion time,Email,Name,느낀 점\n1,11/20/26 15:00:00,11/20/26 15:05:11,anonymous,,좋았다\n",
        "설문.csv",
    )
    problem = problem_of(read_ms_form, table)
    assert (problem.kind, problem.row) == ("anonymous_form", 1)
    assert "'이름 기록'" in problem.what_to_do


@pytest.mark.parametrize(
    "text",
    [
        "번호,성명,비고\n1,김서연,\n2,이준,전출\n",
        "학년,반,번호,성명,타임스탬프\n1,1,1,김서연,2026. 11. 20\n",
        "First Name,Last Name,Email Address,독서,Points,Feedback\n서연,김,a@s.kr,8,10,\n",
        "ID,Name,Email\n1,김서연,a@s.kr\n",
        "타임스탬프\n2026. 11. 20\n",
        "메모\n",
    ],
)
def test_other_tables_are_no_forms(text):
    table = table_of(text, "명렬표.csv")
    assert (read_google_form(table), read_ms_form(table)) == (None, None)


def test_neither_form_is_taken_for_the_other():
    google = table_of("Timestamp,ID,Start time,Completion time,Name\n11/20/2026 15:05:11,1,,,김서연\n")
    microsoft = table_of("ID,Start time,Completion time,Email,Name,Timestamp\n1,,11/20/26 15:05:11,a@s.kr,김서연,\n")
    assert read_ms_form(google) is None and read_google_form(google) is not None
    assert read_google_form(microsoft) is None and read_ms_form(microsoft) is not None


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("독서 (응답).xlsx", "독서"),
        ("독서 (Responses) - Form Responses 1.csv", "독서"),
        ("독서(응답) - 설문지 응답 시트12 (1).csv", "독서"),
        ("독서 감상문(1-28) (2).xlsx", "독서 감상문"),
        ("1차 (수행).csv", "1차 (수행)"),
        ("(응답).csv", "(응답).csv"),
    ],
)
def test_the_title_of_a_form_is_its_files_name(file, title):
    assert form_title(file) == title
