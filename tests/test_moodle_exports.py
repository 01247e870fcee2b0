"""Moodle's three files for teachers, in English and Korean, as they are downloaded and as teachers save them again."""

import csv

import pytest
from moodle_files import READERS, at, said, table
from table_files import csv_file, xlsx_file

from schoolkit.errors import InputError
from schoolkit.submissions.exports.export import Export, Line, Task, Written
from schoolkit.submissions.exports.moodle import (
    read_completion,
    read_gradebook,
    read_worksheet,
    worksheet_title,
)
from schoolkit.submissions.exports.moodle_words import parse_status

WORKSHEET = csv_file(
    "Grades-국어1-독서 감상문-12.csv",
    'Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (submission)","Online text","Last modified (grade)","Feedback comments"',
    '"Participant 10","오 다은",10101,10101@example.invalid,"Submitted for grading - Graded",95.00,100.00,Yes,'
    '"Monday, 2 November 2026, 3:49 AM","글,\n두 줄","Saturday, 21 November 2026, 5:13 PM",잘했어요.',
    '"Participant 4","신 지민",10105,10105@example.invalid,"Submitted for grading - 1 day late - Graded",'
    "89.00,100.00,Yes,"
    '"Monday, 9 November 2026, 12:56 AM",글,-,',
    '"Participant 5","황 솔",10106,10106@example.invalid,"Draft (not submitted) - 3 hours late",,100.00,Yes,'
    '"Monday, 9 November 2026, 12:56 AM",글,-,',
    '"Participant 6","이 준",10107,10107@example.invalid,"No submission - Graded",0.00,100.00,Yes,-,,'
    '"Saturday, 21 November 2026, 5:13 PM",미제출 0점',
    '"Participant 7","강 산",10108,10108@example.invalid,"No submission - Submission changes not allowed - '
    'Extension granted until: Monday, 23 November 2026, 11:59 PM",,100.00,Yes,-,,-,',
    '"Participant 8",Nguyen Minh Anh,10109,10109@example.invalid,Reopened,70.00,100.00,Yes,'
    '"Monday, 9 November 2026, 12:56 AM",,-,',
    encoding="utf-8-sig",
)


def test_a_worksheet_says_who_handed_in_when_and_until_when_who_may():
    def who(name, number):
        return Written((name,), (number,), f"{number}@example.invalid")

    assert read_worksheet(table(WORKSHEET)) == Export(
        file="Grades-국어1-독서 감상문-12.csv",
        format="Moodle 채점 워크시트",
        tasks=(Task("독서 감상문"),),
        lines=(
            Line(2, who("오 다은", "10101"), 0, "handed_in", at(11, 2, 3, 49)),
            Line(3, who("신 지민", "10105"), 0, "late", at(11, 9, 0, 56)),
            Line(4, who("황 솔", "10106"), 0, "draft"),
            Line(5, who("이 준", "10107"), 0, "nothing"),
            Line(6, who("강 산", "10108"), 0, "nothing", due=at(11, 23, 23, 59)),
            Line(7, who("Nguyen Minh Anh", "10109"), 0, "returned"),
        ),
        lists_everyone=True,
    )


@pytest.mark.parametrize("saved_as", ["workbook", "CP949 with semicolons", "web page called xls"])
def test_a_worksheet_that_was_saved_again_says_the_same(saved_as):
    name, data = WORKSHEET
    rows = list(csv.reader(data.decode("utf-8-sig").splitlines(keepends=True)))
    if saved_as == "workbook":
        file = xlsx_file(name, {"Sheet1": rows})
    elif saved_as == "web page called xls":
        lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        file = name, f"<html><body><table>{lines}</table></body></html>".encode()
    else:
        file = csv_file(name, *(";".join(f'"{cell}"' for cell in row) for row in rows), encoding="cp949")
    assert read_worksheet(table(file)) == read_worksheet(table(WORKSHEET))


def test_a_worksheet_with_overrides_gives_the_usual_due_date_and_the_others_to_their_pupils():
    sheet = csv_file(
        "w.csv",
        'Identifier,"Full name","ID number",Status,"Due date","Cut-off date",Grade,"Maximum Grade","Last '
        'modified (submission)"',
        'Participant 1,가,1,No submission,"Saturday, 14 November 2026, 11:59 PM",-,,100.00,-',
        'Participant 2,나,2,Submitted for grading,"Saturday, 14 November 2026, 11:59 PM",-,,100.00,"Saturday,'
        ' 14 November 2026, 5:07 AM"',
        'Participant 3,다,3,No submission,"Wednesday, 25 November 2026, 11:59 PM",-,,100.00,-',
        'Participant 4,라,4,"No submission - Extension granted until: Friday, 20 November 2026, 11:59 PM",'
        '"Saturday, 14 November 2026, 11:59 PM",-,,100.00,-',
    )
    export = read_worksheet(table(sheet))
    assert export.tasks == (Task("w", at(11, 14, 23, 59)),)
    assert [(line.said, line.due) for line in export.lines] == [
        ("nothing", None),
        ("handed_in", None),
        ("nothing", at(11, 25, 23, 59)),
        ("nothing", at(11, 20, 23, 59)),
    ]


def test_where_one_pupil_has_no_due_date_every_line_has_its_own():
    sheet = csv_file(
        "w.csv",
        "Identifier,Full name,Status,Due date,Maximum Grade",
        'Participant 1,가,No submission,"14 November 2026, 11:59 PM",100',
        "Participant 2,나,No submission,-,100",
    )
    export = read_worksheet(table(sheet))
    assert (export.tasks, [line.due for line in export.lines]) == ((Task("w"),), [at(11, 14, 23, 59), None])


def test_a_korean_worksheet_with_a_title_above_and_an_average_below():
    sheet = csv_file(
        "성적-국어1-독서 감상문-12 (1).csv",
        "독서 감상문 채점표",
        "",
        "식별자,전체 이름,id 번호,이메일 주소,상태,모둠,성적,최대 성적,Grade can be changed,마지막 "
        "수정됨(제출),마지막 수정됨(성적)",
        '참가자10,강 지우,10101,a@b.kr,채점을 위해 제출되었습니다. - 채점됨,1모둠,90,100,예,"2026년 11월 '
        '14일 토요일, 오전 5:07",-',
        '참가자11,"지우, 강",10102,a@b.kr,채점을 위해 제출되었습니다. - 3 일 늦음,1모둠,,100,예,"2026년 11월 '
        '14일 토요일, 오후 5:07",-',
        "참가자12,나,10103,a@b.kr,초안(제출 되지 않았음),1모둠,,100,예,-,-",
        '참가자13,다,10104,a@b.kr,"제출이 없습니다. - 과제 제출 기한이 5 일 지났습니다,",1모둠,,100,예,-,-',
        '참가자14,라,10105,a@b.kr,"제출이 없습니다. - 2026년 11월 23일 월요일, 오후 11:59 까지 '
        '연장되었습니다.",,,100,예,-,-',
        "참가자15,마,10106,a@b.kr,다시 오픈됨,,,100,예,-,-",
        "참가자16,바,10107,a@b.kr,새 제출,,,100,예,-,-",
        "",
        ",전체 평균,,,,,90,100,,,",
        encoding="cp949",
    )
    export = read_worksheet(table(sheet))
    assert export.tasks == (Task("독서 감상문"),)
    assert [(line.row, line.who.names[0], line.said, line.submitted_at, line.due) for line in export.lines] == [
        (4, "강 지우", "handed_in", at(11, 14, 5, 7), None),
        (5, "지우강", "late", at(11, 14, 17, 7), None),
        (6, "나", "draft", None, None),
        (7, "다", "nothing", None, None),
        (8, "라", "nothing", None, at(11, 23, 23, 59)),
        (9, "마", "returned", None, None),
        (10, "바", "nothing", None, None),
    ]
    assert export.notices == ()


def test_a_blind_worksheet_has_no_lines_but_its_counts():
    sheet = csv_file(
        "Grades-국어5-시 창작 (익명 채점)-22.csv",
        'Identifier,Status,Grade,"Maximum Grade","Grade can be changed","Last modified (submission)"',
        '"Participant 649","Submitted for grading",,100.00,Yes,"Monday, 16 November 2026, 12:35 AM"',
        '"Participant 636","Submitted for grading - 2 hours late",,100.00,Yes,"Monday, 16 November 2026, 1:14 AM"',
        '"Participant 650","No submission",,100.00,Yes,-',
    )
    assert read_worksheet(table(sheet)) == Export(
        file="Grades-국어5-시 창작 (익명 채점)-22.csv",
        format="Moodle 채점 워크시트",
        tasks=(Task("시 창작 (익명 채점)"),),
        lines=(),
        lists_everyone=True,
        notices=(
            "제출 2명, 미제출 1명입니다. 익명 채점이라 누구인지 알 수 없습니다. "
            "채점을 마치고 Moodle에서 학생 이름을 공개한 다음 내려받으면 학생별로 볼 수 있습니다.",
        ),
    )


def test_what_a_worksheet_says_and_is_not_understood_is_unknown_and_named():
    sheet = csv_file(
        "w.csv",
        "Identifier,Full name,Status,Due date,Maximum Grade,Last modified (submission)",
        "Participant 1,가,Under embargo - Graded,-,100,-",
        "Participant 2,나,Under embargo,-,100,-",
        "Participant 3,다,Released,-,100,-",
        "Participant 4,라,,-,100,-",
        "Participant 5,마,Submitted for grading,next week,100,yesterday",
        "Participant 6,바,No submission - Extension granted until: soon,-,100,-",
        "Participant 7,사,a@example.invalid,-,100,-",
        ",,No submission,-,100,-",
    )
    export = read_worksheet(table(sheet))
    assert said(export) == {
        **{row: ["unknown"] for row in (2, 3, 4, 5, 8)},
        6: ["handed_in"],
        7: ["nothing"],
    }
    assert export.notices == (
        "누구인지 적혀 있지 않은 줄은 읽지 않았습니다(9행).",
        "‘Under embargo’ 상태는 뜻을 몰라 ‘알 수 없음’으로 두었습니다(2행, 3행).",
        "뜻을 모르는 상태가 있어 ‘알 수 없음’으로 두었습니다(8행).",
        "제출 상태가 적혀 있지 않아 ‘알 수 없음’으로 두었습니다(4행, 5행). "
        "온라인 제출을 받지 않는 과제라면 제출 여부가 Moodle에 없습니다.",
        "연장된 기한을 읽지 못했습니다(7행).",
        "날짜를 읽지 못해 비워 두었습니다(6행).",
    )


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("Submitted for grading - Not marked", "handed_in"),
        ("Submitted for grading - 14 hours 32 mins late - In marking", "late"),
        ("submitted for grading", "handed_in"),
        ("채점을 위해 제출됨 - 지각 제출", "late"),
        ("No submission - Assignment is overdue by: 5 days", "nothing"),
        ('제출 없음 - <font color="red">과제 제출 기한이 5 일 지났습니다</font>', "nothing"),
        ("Draft (not submitted) - Extension granted until: Friday, 20 November 2026, 11:59 PM", "draft"),
        ("Related", None),
        ("Translated work", None),
    ],
)
def test_a_status_cell(cell, state):
    assert parse_status(cell).said == state


def test_the_title_of_a_worksheet_is_taken_from_its_file_name_as_far_as_that_is_sure():
    names = {
        "Grades-국어1-독서 감상문-12.csv": "독서 감상문",
        "grades-국어1-독서 &amp; 감상문-12(2).xlsx": "독서 & 감상문",
        "성적-국어-1반-독서 감상문-12.csv (2)": "국어-1반-독서 감상문",
        "Grades-12.csv": "Grades-12",
        "1차 수행평가 (수시).csv": "1차 수행평가 (수시)",
        ".csv": ".csv",
    }
    assert {name: worksheet_title(name) for name in names} == names


COMPLETION_LINES = (
    ',"ID number","Email address","1차 수행평가: 독서 감상문","","관찰 &amp; 탐구, \'보고서\'","2026-11-20 00:00:00"',
    '"강 지우","10124","10124@example.invalid","Completed","2026-11-21 17:13:18","Not completed",""',
    '"Nguyen Minh Anh","10213","10213@example.invalid","Completed (achieved pass grade)","2026-11-21 17:13:18",'
    '"Completed (did not achieve pass grade)","2026-11-21 17:13:19"',
    '"강 지우","10129","10129@example.invalid","Completed (set by 박 선생)","2026-11-21 17:13:18","Not '
    'completed","2026-11-21 17:13:18"',
)


def completion(name, **changes):
    task = Task("1차 수행평가: 독서 감상문"), Task("관찰 & 탐구, '보고서'", at(11, 20))
    states = ((2, 0, "handed_in"), (2, 1, "nothing"), (3, 0, "handed_in"), (3, 1, "handed_in"))
    states += ((4, 0, "handed_in"), (4, 1, "nothing"))
    who = {
        2: Written(("강 지우",), ("10124",), "10124@example.invalid"),
        3: Written(("Nguyen Minh Anh",), ("10213",), "10213@example.invalid"),
        4: Written(("강 지우",), ("10129",), "10129@example.invalid"),
    }
    return Export(
        file=name,
        format="Moodle 활동 완료 보고서",
        tasks=task,
        lines=tuple(Line(row, who[row], task, said) for row, task, said in states),
        lists_everyone=True,
        caveat="활동 완료는 완료 조건이 ‘제출’일 때만 제출과 같습니다. 학생에게 숨긴 활동과 과제가 아닌 "
        "활동도 들어 있고, "
        "임시 저장과 지각, 제출한 때는 알 수 없습니다.",
    )


def test_a_completion_report_says_who_has_completed_which_activity():
    assert read_completion(table(csv_file("c.csv", *COMPLETION_LINES))) == completion("c.csv")


def test_the_excel_download_of_a_completion_report_is_read_alike():
    rows = list(csv.reader(COMPLETION_LINES))
    lines = ["\t".join(f'"{cell}"' for cell in row) for row in rows]
    assert read_completion(table(csv_file("e.csv", *lines, encoding="utf-16"))) == completion("e.csv")
    assert read_completion(table(xlsx_file("x.xlsx", {"progress": rows}))) == completion("x.xlsx")


def test_a_korean_completion_report_of_forty_activities_with_hostile_titles():
    titles = [f"{n}차\n과제, '셋'; 넷\t다섯" for n in range(40)]
    words = ["완료함", "완료되지 않음", "완료됨(통과 성적 얻음)", "완료 (통과 성적을 획득하지 못함)", "미이수"]
    header = ",".join(["", *(f'"{title}",""' for title in titles)])
    pupil = ",".join(['"강 지우"', *(f'"{words[n % 5]}",""' for n in range(40))])
    export = read_completion(table(csv_file("c.csv", "\ufeff" + header, "", pupil, "", '"평균"' + ',"",""' * 40)))
    assert [task.title for task in export.tasks] == [f"{n}차 과제, '셋'; 넷 다섯" for n in range(40)]
    assert said(export) == {3: ["handed_in", "nothing", "handed_in", "handed_in", "nothing"] * 8}
    assert export.lines[0].who == Written(("강 지우",))
    assert export.notices == ()


def test_completions_that_are_empty_or_unknown_are_named_without_the_teacher_who_set_them():
    sheet = csv_file(
        "c.csv",
        ",감상문,,감상문,",
        "강 지우,Completed,2026-11-21 17:13:18,Half done (set by 박 선생),",
        "나 하나,,,Not completed,",
        "다 둘,Completed,2026-11-21 17:13:18,Not completed,",
        *(f"가{n},Not completed,,?," for n in range(7)),
    )
    export = read_completion(table(sheet))
    assert export.tasks == (Task("감상문"), Task("감상문"))
    assert said(export) == {
        2: ["handed_in", "unknown"],
        3: ["unknown", "nothing"],
        4: ["handed_in", "nothing"],
        **{row: ["nothing", "unknown"] for row in range(5, 12)},
    }
    assert export.notices == (
        "‘Half done’ 상태는 뜻을 몰라 ‘알 수 없음’으로 두었습니다(2행).",
        "‘?’ 상태는 뜻을 몰라 ‘알 수 없음’으로 두었습니다(5행, 6행, 7행, 8행, 9행 등 7개 행).",
        "완료 상태가 비어 있어 ‘알 수 없음’으로 두었습니다(3행).",
    )


def test_a_completion_report_that_repeats_each_title_above_its_times():
    sheet = csv_file(
        "c.csv",
        "성명,감상문,감상문 - Completion date,탐구 (1),탐구 (1) - 완료 일시",
        "강 지우,완료됨,2026-11-21 17:13:18,완료되지 않음,",
        "나 하나,완료되지 않음,,완료되지 않음,",
    )
    export = read_completion(table(sheet))
    assert export.tasks == (Task("감상문"), Task("탐구 (1)"))
    assert (said(export), export.notices) == ({2: ["handed_in", "nothing"], 3: ["nothing", "nothing"]}, ())
    nothing_yet = csv_file(
        "c.csv", "성명,감상문,감상문 - 완료 일시", "강 지우,완료되지 않음,", "나 하나,완료되지 않음,"
    )
    assert said(read_completion(table(nothing_yet))) == {2: ["nothing"], 3: ["nothing"]}


def test_a_state_that_may_be_a_name_is_not_quoted():
    sheet = csv_file(
        "c.csv", ",감상문,", "강 지우,완료됨,2026-11-21 17:13:18", "나 하나,완료되지 않음,", "다 둘,강지우,"
    )
    assert read_completion(table(sheet)).notices == ("뜻을 모르는 상태가 있어 ‘알 수 없음’으로 두었습니다(4행).",)


def test_a_column_that_a_teacher_has_added_to_a_completion_report_is_no_activity():
    sheet = csv_file(
        "c.csv",
        ",감상문,,탐구,,비고",
        "강 지우,Completed,2026-11-21 17:13:18,Not completed,,전학 예정",
        "계 하나,Completed,2026-11-21 17:13:18,Not completed,,",
    )
    export = read_completion(table(sheet))
    assert [task.title for task in export.tasks] == ["감상문", "탐구"]
    assert said(export) == {2: ["handed_in", "nothing"], 3: ["handed_in", "nothing"]}
    assert export.notices == ("활동 완료가 적혀 있지 않은 칸은 읽지 않았습니다: ‘비고’.",)


def test_a_family_name_that_is_also_a_word_for_sums_is_a_pupil():
    sheet = csv_file(
        "g.csv", "성,이름,학번,퀴즈: 1단원 (실점수)", "계,수민,10101,5", "계,,10102,5", "계,하나,,5", "계,,,15"
    )
    assert [line.row for line in read_gradebook(table(sheet)).lines] == [2, 3, 4]


GRADEBOOK_LINES = (
    '"First name","Last name","ID number",Institution,Department,"Email address","Assignment: 1차: 독서 감상문 (Real)",'
    '"Assignment: 1차: 독서 감상문 (Percentage)","Assignment: 1차: 독서 감상문 (Letter)","Assignment: 1차: '
    '독서 감상문 (Feedback)",'
    '"Quiz: 관찰 & 탐구 (수시) (Real)","Assignment: 일지 (Real)","Assignment: 일지 (Real)","태도 (Real)",'
    '"1학기 total (Real)",'
    '"Course total (Real)","Last downloaded from this course"',
    '지우,강,10124,,"1학년 1반",10124@example.invalid,-,-,-,,-,0.00,5.00,3.00,-,-,1795248833',
    '"Minh Anh",Nguyen,10213,,국어과,10213@example.invalid,78.00,78.00 %,C+,"좋아요",-,"1,000.00",-,-,-,'
    "78.00,1795248833",
    "신율,10501,,,,,0.00,0.00 %,F,,결석,-,-,-,-,-,1795248833",
)


def gradebook(name):
    who = {
        2: Written(("강지우", "지우강"), ("10124",), "10124@example.invalid", "1학년 1반"),
        3: Written(("Nguyen Minh Anh", "Minh Anh Nguyen"), ("10213",), "10213@example.invalid"),
        4: Written(("신율",), ("10501",)),
    }
    states = {
        2: ("unknown", "unknown", "unknown", "handed_in"),
        3: ("handed_in", "unknown", "handed_in", "unknown"),
        4: ("unknown", "unknown", "unknown", "unknown"),
    }
    return Export(
        file=name,
        format="Moodle 성적부",
        tasks=(Task("1차: 독서 감상문"), Task("관찰 & 탐구 (수시)"), Task("일지"), Task("일지")),
        lines=tuple(Line(row, who[row], task, one) for row in who for task, one in enumerate(states[row])),
        lists_everyone=True,
        caveat="성적부에는 점수만 있어 아직 채점하지 않은 것과 내지 않은 것을 가릴 수 없습니다. 0점보다 높은 "
        "점수가 있으면 "
        "제출로, 점수가 없거나 0점이면 ‘알 수 없음’으로 봅니다. 다시 내라고 돌려준 과제도 앞서 받은 점수가 남아 있으면 "
        "제출로 보입니다.",
        notices=(
            "활동이 아닌 성적 항목은 과제로 보지 않았습니다: ‘태도’.",
            "점수로 읽을 수 없는 값을 ‘알 수 없음’으로 두었습니다(4행).",
        ),
    )


def test_a_gradebook_says_only_who_has_a_grade():
    assert read_gradebook(table(csv_file("g.csv", *GRADEBOOK_LINES))) == gradebook("g.csv")


def test_a_gradebook_as_workbook_with_numbers_is_read_alike():
    def number(cell):
        return float(cell) if cell.replace(".", "").isdigit() else cell

    rows = [[number(cell) for cell in row] for row in csv.reader(GRADEBOOK_LINES)]
    assert read_gradebook(table(xlsx_file("g.xlsx", {"Grades": rows}))) == gradebook("g.xlsx")


def test_a_korean_gradebook_in_which_the_first_name_is_the_family_name():
    sheet = csv_file(
        "g.csv",
        "성,이름,id 번호,기관,학과,이메일 주소,과제: 독서 감상문 (실점수),퀴즈: 1단원 (실제),VPL: 코딩 "
        "(실점수),강좌 합계 (실점수)",
        '강,지우,10124,,1학년 1반,10124@example.invalid,"87,5",-,1,87',
    )
    export = read_gradebook(table(sheet))
    assert [task.title for task in export.tasks] == ["독서 감상문", "1단원", "VPL: 코딩"]
    assert said(export) == {2: ["handed_in", "unknown", "handed_in"]}
    assert export.lines[0].who.names == ("강지우", "지우강")


def test_a_file_without_pupils_or_without_assignments_says_so():
    header = "Identifier,Full name,Status,Maximum Grade"
    total = "First name,Last name,Email address,Course total (Real)"
    for reader, lines, kind in (
        (read_worksheet, [header], "no_pupils"),
        (read_worksheet, [header, ",평균,,"], "no_pupils"),
        (read_worksheet, ["Identifier,Status,Maximum Grade"], "no_pupils"),
        (read_completion, [",감상문,", ",Completed,2026-11-21 17:13:18", "강지우,,"], "no_assignments"),
        (read_completion, [",감상문,", ",Completed,2026-11-21 17:13:18"], "no_pupils"),
        (read_gradebook, [total, "지우,강,a@example.invalid,5"], "no_assignments"),
        (read_gradebook, [total.replace("Course total", "Quiz: 1단원")], "no_pupils"),
    ):
        with pytest.raises(InputError) as caught:
            reader(table(csv_file("f.csv", *lines)))
        assert [(problem.kind, problem.file) for problem in caught.value.problems] == [(kind, "f.csv")]


@pytest.mark.parametrize(
    ("file", "only"),
    [
        (WORKSHEET, read_worksheet),
        (csv_file("c.csv", *COMPLETION_LINES), read_completion),
        (csv_file("g.csv", *GRADEBOOK_LINES), read_gradebook),
        (csv_file("roster.csv", "학년,반,번호,학번,이름", "1,1,1,10101,오다은"), None),
        (csv_file("list.csv", "이름,학번,1차 과제,2차 과제", "오다은,10101,제출,미제출", "평균,,,"), None),
        (csv_file("done.csv", "이름,학번,1차 과제,", "오다은,10101,완료,", "신아린,10102,미완료,"), None),
        (csv_file("marks.csv", "이름,학번,발표 (점수),태도 (문자)", "오다은,10101,5,A"), None),
        (csv_file("people.csv", "First name,Last name,ID number,Email address,Groups", "지우,강,1,a@b.kr,"), None),
        (csv_file("status.csv", "식별자,이름,상태", "1,오다은,제출됨"), None),
        (csv_file("form.csv", "타임스탬프,이메일 주소,이름,감상", "2026. 11. 7. 오후 3:00:00,a@b.kr,오다은,글"), None),
        (csv_file("empty.csv", ",,", "한 줄"), None),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else getattr(value, "__name__", "none"),
)
def test_each_file_is_taken_for_what_it_is_and_for_nothing_else(file, only):
    assert [reader for reader in READERS if reader(table(file))] == ([only] if only else [])
