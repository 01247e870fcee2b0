"""Exports of Microsoft Teams: points above 0 are hand-ins, and a blank says nothing."""

import pytest

from schoolkit.errors import InputError
from schoolkit.submissions.exports.export import Export, Line, Task, Written
from schoolkit.submissions.exports.teams import read_teams
from schoolkit.tables import read_tables

CAVEAT = "점수만 있는 과제는 점수가 비었거나 0이면 냈는지 알 수 없어 '알 수 없음'으로 둡니다."
KIM = Written(("김서연", "서연김"), (), "s10107@school.kr")


def table_of(text: str, name: str = "grades.csv", encoding: str = "utf-8"):
    (table,) = read_tables(name, text.encode(encoding))
    return table


def said_of(export):
    return [(line.row, line.task, line.said) for line in export.lines]


def test_all_grades_of_a_class_as_teams_writes_them():
    table = table_of(
        '"First Name","Last Name","Email Address","Unit 2, Quiz","Points","Feedback",'
        '"Unit 1 Quiz","Points","Feedback"\r\n'
        '"서연","김","s10107@school.kr","18","20","=""Well done, 서연""","","10",""\r\n'
        '"준","이","s10108@school.kr","0","20","","7.5","10","=""Line\nbreak"""\r\n'
    )
    lee = Written(("이준", "준이"), (), "s10108@school.kr")
    assert read_teams(table) == Export(
        file="grades.csv",
        format="Microsoft Teams 과제",
        tasks=(Task("Unit 2, Quiz"), Task("Unit 1 Quiz")),
        lines=(
            Line(2, KIM, 0, "handed_in"),
            Line(2, KIM, 1, "unknown"),
            Line(3, lee, 0, "unknown"),
            Line(3, lee, 1, "handed_in"),
        ),
        lists_everyone=True,
        caveat=CAVEAT,
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949", "utf-16"])
def test_korean_headers_below_a_title_with_a_number_in_the_name(encoding):
    table = table_of(
        "1학년 1반 국어,,,,,\n\n이름,성,전자 메일 주소,독서 감상문,점수,피드백\n"
        "10107 서연,김,s10107@school.kr,8,10,\n,,,,,\n이름,성,전자 메일 주소,독서 감상문,점수,피드백\n"
        "이준(전출),10108,,,10,\n",
        encoding=encoding,
    )
    export = read_teams(table)
    assert export.tasks == (Task("독서 감상문"),)
    assert said_of(export) == [(4, 0, "handed_in"), (7, 0, "unknown")]
    assert [line.who.numbers for line in export.lines] == [("10107",), ("10108",)]


def test_words_of_the_status_column():
    words = {
        "Turned in": "handed_in",
        "Returned": "handed_in",
        "Turned in late": "late",
        "Returned for revision": "returned",
        "Not turned in": "nothing",
        "Viewed": "nothing",
        "Excused": "excused",
        "제출됨": "handed_in",
        "반환됨": "handed_in",
        "확인함": "nothing",
        "제출되지 않음": "nothing",
    }
    rows = "".join(f"서연,김,s10107@school.kr,,10,,{word}\n" for word in words)
    export = read_teams(table_of("First Name,Last Name,Email Address,독서,Points,Feedback,Status\n" + rows))
    assert [line.said for line in export.lines] == [*words.values()]
    assert (export.caveat, export.notices) == ("", ())


def test_words_in_the_place_of_points():
    export = read_teams(
        table_of(
            "First Name,Last Name,Email Address,독서,Points,Feedback\n"
            "서연,김,a@s.kr,Turned in,10,\n준,이,b@s.kr,Not turned in,10,\n하늘,박,c@s.kr,Late,10,\n"
        )
    )
    assert [line.said for line in export.lines] == ["handed_in", "nothing", "unknown"]
    assert export.notices == ("과제 '독서'에 모르는 말이 있어 '알 수 없음'으로 두었습니다(4행).",)


def test_work_returned_with_no_points_may_never_have_been_turned_in():
    export = read_teams(
        table_of("First Name,Last Name,Email Address,독서,Points,Status\n서연,김,a@s.kr,0,10,Returned\n")
    )
    assert [line.said for line in export.lines] == ["unknown"]


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,Email Address,Status,Points,Feedback",
        "이름,성,전자 메일 주소,상태,점수,피드백",
    ],
)
def test_the_file_of_one_assignment_is_called_like_it(header):
    table = table_of(
        f"{header}\n서연,김,s10107@school.kr,Turned in,8,\n준,이,b@s.kr,Not turned in,,\n하늘,박,c@s.kr,,10,\n"
        "나,한,d@s.kr,Returned,0,\n솔,정,e@s.kr,Someday,,\n",
        "독서 감상문.csv",
    )
    export = read_teams(table)
    assert export.tasks == (Task("독서 감상문"),)
    assert export.lines[0] == Line(2, KIM, 0, "handed_in")
    assert [line.said for line in export.lines] == ["handed_in", "nothing", "unknown", "unknown", "unknown"]
    assert export.notices == ("과제 '독서 감상문'에 모르는 말이 있어 '알 수 없음'으로 두었습니다(6행).",)


def test_two_assignments_of_one_title_stay_two():
    export = read_teams(
        table_of(
            "First Name,Last Name,Email Address,독서,Points,Feedback,독서,Points,Feedback\n서연,김,a@s.kr,1,5,,,5,\n"
        )
    )
    assert export.tasks == (Task("독서"), Task("독서"))
    assert said_of(export) == [(2, 0, "handed_in"), (2, 1, "unknown")]


def test_a_file_without_pupils_is_refused():
    with pytest.raises(InputError) as caught:
        read_teams(table_of("First Name,Last Name,Email Address,독서,Points,Feedback\n"))
    assert [problem.file for problem in caught.value.problems] == ["grades.csv"]


@pytest.mark.parametrize(
    "text",
    [
        "번호,성명,비고\n1,김서연,\n",
        "이름,성,전자 메일 주소\n서연,김,a@s.kr\n",
        "First Name,Last Name,Email Address,Company,Position\n서연,김,a@s.kr,학교,학생\n",
        "First name,Last name,ID number,Email address,Assignment: 독서 (Real)\n서연,김,1,a@s.kr,8\n",
        "First name,Last name,Email address,독서 (Real),독서 (Feedback)\n서연,김,a@s.kr,8,\n",
        "Timestamp,First Name,Last Name,Email Address,Points\n11/20/2026,서연,김,a@s.kr,1\n",
        "First Name,Last Name,Email Address,독서,Points,Feedback,발표\n서연,김,a@s.kr,1,5,,3\n",
        "First Name,Last Name,Email Address,Status\n서연,김,a@s.kr,Active\n",
        "First Name,Last Name,Email Address,Status,Points\n서연,김,a@s.kr,,5\n",
        "First Name,Last Name,Email Address,Points,Feedback\n서연,김,a@s.kr,5,\n",
    ],
)
def test_other_tables_are_none(text):
    assert read_teams(table_of(text)) is None
