import pytest
from table_files import csv_file, xlsx_file

from schoolkit import InputError
from schoolkit.submissions.roster import read_roster


def pupils(*files):
    return [tuple(row) for row in read_roster(list(files)).fillna("-").itertuples(index=False)]


def test_grade_class_and_number_make_a_student_number():
    file = ("명렬표.csv", "학년,반,번호,성명\n1,2,7,김서연\n1,2,12,강 지우\n".encode("cp949"))
    assert pupils(file) == [
        ("1학년 2반", "10207", "김서연", "-", "10207"),
        ("1학년 2반", "10212", "강 지우", "-", "10212"),
    ]


def test_the_class_is_told_by_the_student_number_where_there_is_no_column_for_it():
    file = ("명단.csv", "학번,이름,이메일\n10207,김서연,seo@school.kr\n".encode())
    assert pupils(file) == [("1학년 2반", "10207", "김서연", "seo@school.kr", "10207")]


def test_a_column_of_numbers_may_hold_whole_student_numbers():
    assert pupils(("명단.csv", "번호,이름\n10207,김서연\n".encode())) == [
        ("1학년 2반", "10207", "김서연", "-", "10207")
    ]


def test_a_list_of_names_and_numbers_alone_has_no_class():
    assert pupils(("명단.csv", "번호,이름\n1,김서연\n2,김서연\n".encode())) == [
        ("", "1", "김서연", "-", "1"),
        ("", "2", "김서연", "-", "2"),
    ]


def test_same_numbers_of_several_classes_are_told_apart_by_their_keys():
    files = [(f"{room}반.csv", "번호,이름\n1,김서연\n".encode()) for room in (1, 2)]
    assert pupils(*files) == [
        ("1반", "1", "김서연", "-", "1반 1 김서연"),
        ("2반", "1", "김서연", "-", "2반 1 김서연"),
    ]


def test_who_has_left_is_left_out_and_who_is_to_leave_is_not():
    text = "학번,이름,비고\n10101,김하나(전출),\n10102,이두리,자퇴\n10103,박세리(전출예정),\n10104,최나라,전입\n"
    roster = read_roster(("명렬표.csv", text.encode()))
    assert roster["name"].tolist() == ["박세리", "최나라"]
    assert roster.attrs["notices"] == ["전출, 자퇴처럼 학교에 없다고 적힌 학생 2명은 뺐습니다."]


@pytest.mark.parametrize(
    ("header", "cell", "stays"),
    [
        ("전출일", "2026-09-01", False),
        ("전출", "O", False),
        ("전출여부", "N", True),
        ("자퇴", "", True),
        ("비고", "학업중단", False),
        ("비고", "자퇴 숙려제", True),
        ("비고", "전출 후 재전입", True),
        ("비고", "전출입 해당 없음", True),
        ("전출 희망", "O", True),
    ],
)
def test_remarks_and_columns_about_leaving_are_read_as_they_are_meant(header, cell, stays):
    file = csv_file("명렬표.csv", f"학번,이름,{header}", f"10101,김하나,{cell}", "10102,이두리,")
    assert read_roster(file)["name"].tolist() == ["김하나"] * stays + ["이두리"]


def test_numbers_without_a_pupil_and_teachers_are_no_pupils():
    names = ["김하나", "결번", "(결번)", "-", "공란", "X"]
    lines = [f"1,1,{at},{name}" for at, name in enumerate(names, 1)]
    roster = read_roster(csv_file("명렬표.csv", "학년,반,번호,성명", "1,1,,담임", *lines))
    assert roster["name"].tolist() == ["김하나"]
    assert roster.attrs["notices"][-1] == "결번이거나 선생님으로 적힌 6줄은 뺐습니다."


def test_a_pupil_without_a_number_stays_and_is_told_of():
    roster = read_roster(csv_file("명렬표.csv", "학번,이름", "10101,강지우", ",박민수"))
    assert roster[["student_no", "name", "key"]].fillna("-").values.tolist() == [
        ["10101", "강지우", "10101"],
        ["-", "박민수", "박민수"],
    ]
    assert roster.attrs["notices"] == [
        "학번이나 번호가 없는 1명도 학생으로 보았습니다. 선생님이면 명렬표에서 지워 주세요."
    ]


@pytest.mark.parametrize(
    ("header", "cell"),
    [("학년-반-번호", "1-2-07"), ("학년반번호", "10207"), ("학년/반/번호", "1/2/7"), ("ID 번호", "10207")],
)
def test_student_numbers_are_found_under_other_headers(header, cell):
    assert pupils(csv_file("명렬표.csv", f"{header},이름", f"{cell},김하나")) == [
        ("1학년 2반", "10207", "김하나", "-", "10207")
    ]


def test_class_and_number_may_stand_in_one_cell_beside_the_grade():
    assert pupils(csv_file("명렬표.csv", "학년,반-번호,이름", "1,2-7,김하나")) == [
        ("1학년 2반", "10207", "김하나", "-", "10207")
    ]
    assert pupils(csv_file("명렬표.csv", "학년반,No.,이름", "102,7,김하나")) == [
        ("1학년 2반", "10207", "김하나", "-", "10207")
    ]


@pytest.mark.parametrize("title", ["1학년 1반 명렬표", "[2026학년도 1학년 1반]", "1-1 명렬표"])
def test_the_class_may_stand_in_the_title_alone(title):
    assert pupils(csv_file("명렬표.csv", title, "번호,이름", "1,김하나")) == [
        ("1학년 1반", "10101", "김하나", "-", "10101")
    ]


def test_the_class_may_stand_in_the_files_name_alone():
    assert pupils(csv_file("1학년 1반 명렬표.csv", "번호,이름", "1,김하나"))[0][:2] == ("1학년 1반", "10101")


def test_addresses_are_found_whatever_their_column_is_called():
    file = csv_file("명렬표.csv", "학번,이름,구글 계정(학교)", "10101,김하나,hana@school.kr", "10102,이두리,")
    assert [row[3] for row in pupils(file)] == ["hana@school.kr", "-"]


def test_given_and_family_names_under_moodles_korean_headers():
    text = "성,이름,ID 번호,이메일 주소\n지우,강,10101,a@x.kr\n현우,남궁,10102,b@x.kr\n"
    assert [row[1:3] for row in pupils(("participants.csv", text.encode()))] == [
        ("10101", "강지우"),
        ("10102", "남궁현우"),
    ]


def test_a_list_of_participants_has_the_name_in_two_columns():
    text = '\ufeff"First name","Last name","ID number","Email address",Groups\n지우,강,10124,10124@example.invalid,\n'
    text += '"Minh Anh",Nguyen,10213,10213@example.invalid,\n신율,10501,10501,,\n'
    assert pupils(("participants.csv", text.encode())) == [
        ("1학년 1반", "10124", "강지우", "10124@example.invalid", "10124"),
        ("1학년 2반", "10213", "Nguyen Minh Anh", "10213@example.invalid", "10213"),
        ("1학년 5반", "10501", "신율", "-", "10501"),
    ]


def test_a_column_성_that_says_the_gender_is_no_part_of_the_name():
    assert pupils(("명단.csv", "학번,이름,성\n10207,김서연,여\n10208,이준,남\n".encode()))[0][2] == "김서연"


def test_two_pupils_with_one_student_number_are_named_by_their_rows():
    file = csv_file("명렬표.csv", "학번,이름", "10101,김하나", "10102,이두리", "10101,박세리")
    with pytest.raises(InputError) as raised:
        read_roster(file)
    assert str(raised.value) == (
        "명렬표.csv 4행: 2행의 학생과 학번(번호)이 같습니다. 한쪽을 고치거나, 반이 다르면 반을 적어 주세요."
    )


def test_all_that_is_wrong_with_several_lists_is_said_at_once():
    with pytest.raises(InputError) as raised:
        read_roster([("빈 파일.csv", b""), ("명단.csv", "과목,점수\n국어,3\n".encode())])
    assert [(one.file, one.kind) for one in raised.value.problems] == [
        ("빈 파일.csv", "unreadable"),
        ("명단.csv", "no_name_column"),
    ]


def test_sheets_of_a_workbook_are_classes():
    head = ["번호", "이름"]
    file = xlsx_file("명렬표.xlsx", {"1-1": [head, [1, "김서연"]], "1-2": [head, [1, "강지우"]]})
    assert [row[:3] for row in pupils(file)] == [("1학년 1반", "10101", "김서연"), ("1학년 2반", "10201", "강지우")]


def test_the_grade_may_stand_in_the_files_name_or_the_student_number_alone():
    head = ["번호", "이름"]
    file = xlsx_file("1학년 명렬표.xlsx", {"1반": [head, [1, "김서연"]], "2반": [head, [1, "강지우"]]})
    assert [row[:2] for row in pupils(file)] == [("1학년 1반", "10101"), ("1학년 2반", "10201")]
    assert pupils(csv_file("명렬표.csv", "반,학번,이름", "1,10101,김서연"))[0][:2] == ("1학년 1반", "10101")
    assert pupils(csv_file("list.csv", "Grade,Class,No.,Name", "1,1,1,김서연"))[0][:2] == ("1학년 1반", "10101")


def test_names_with_a_blank_after_each_syllable_are_closed_up():
    names = [row[2] for row in pupils(csv_file("명렬표.csv", "학번,이름", "10101,강 지 우", "10102,Nguyen Minh"))]
    assert names == ["강지우", "Nguyen Minh"]
