"""Messages to pupils, classes and guardians, and the templates that they are made from."""

from datetime import datetime

import pandas as pd
import pytest

from schoolkit.errors import InputError
from schoolkit.submissions.messages import PLACEHOLDERS, TEMPLATES, placeholders, read_templates, urging_messages
from schoolkit.submissions.particles import fitting
from schoolkit.submissions.standing import standing
from schoolkit.submissions.status import COLUMNS, KOREA, Row, submission_table

AT = datetime(2026, 11, 21, 9, 0, tzinfo=KOREA)


def day(number, month=11, year=2026):
    return datetime(year, month, number, 23, 59, tzinfo=KOREA)


DUE = day(20)


def row(name, title="독후감 쓰기", state="missing", due=DUE, *, number=None, class_name="1학년 2반", hidden=False):
    return Row(class_name, number, name, title, due, state, None, hidden, "명렬표")


def messages(rows, to, template=None, at=AT):
    return urging_messages(submission_table(rows), to, template, at)["message"].tolist()


A_CLASS = [
    row("김서연", number="10203"),
    row("김서연", "실험 보고서", "draft", day(18), number="10203"),
    row("김서연", "발표", "not_yet_due", day(25), number="10203"),
    row("이도", state="submitted", number="10207"),
    row("이도", "실험 보고서", "returned", day(18), number="10207"),
    row("이도", "발표", "not_yet_due", day(25), number="10207"),
]


def test_a_pupil_reads_what_is_missing_until_when_and_how_far_it_is():
    assert messages(A_CLASS, "pupil")[0] == (
        "김서연 학생, 안녕하세요.\n"
        "11월 21일(토) 현재 아직 제출되지 않은 과제가 2개 있어서 알려 드려요.\n"
        "\n"
        "- 독후감 쓰기 (11월 20일(금) 23:59까지)\n"
        "- 실험 보고서 (11월 18일(수) 23:59까지, 임시 저장만 한 상태)\n"
        "\n"
        "내용을 확인하고 되도록 빨리 제출해 주세요.\n"
        "이미 냈거나, 어려운 점이 있거나, 시간이 더 필요하면 편하게 말해 주세요. 함께 방법을 찾아볼게요."
    )


def test_a_guardian_is_greeted_and_told_of_the_one_pupil():
    assert messages(A_CLASS, "guardian")[1] == (
        "이도 학생 보호자님, 안녕하십니까?\n"
        "늘 관심을 가지고 도와주셔서 감사합니다.\n"
        "\n"
        "11월 21일(토) 현재 이도 학생이 아직 제출하지 않은 것으로 확인되는 과제가 1개 있어 안내해 드립니다.\n"
        "\n"
        "- 실험 보고서 (11월 18일(수) 23:59까지, 다시 내야 함)\n"
        "\n"
        "이미 제출하였거나 사정이 있는 경우에는 편하게 알려 주시기 바랍니다.\n"
        "학생이 과제를 잘 마무리할 수 있도록 가정에서도 따뜻한 격려를 부탁드립니다. 감사합니다."
    )


def test_a_class_reads_who_misses_what():
    assert messages(A_CLASS, "class") == [
        "1학년 2반 학생 여러분, 안녕하세요.\n"
        "11월 21일(토) 현재 아직 제출되지 않은 과제가 있어서 알려 드려요.\n"
        "\n"
        "- 10203 김서연: 독후감 쓰기, 실험 보고서(임시 저장만 한 상태)\n"
        "- 10207 이도: 실험 보고서(다시 내야 함)\n"
        "\n"
        "해당하는 학생은 내용을 확인하고 되도록 빨리 제출해 주세요.\n"
        "이미 냈거나 어려운 점이 있으면 편하게 말해 주세요. 모두 끝까지 힘내요!"
    ]


def test_the_frames_say_whom_and_how_many():
    table = submission_table([*A_CLASS, row("박하나", class_name="1학년 10반"), row("정다은", class_name="")])
    before = table.copy(deep=True)
    pupils = urging_messages(table, "pupil", "{이름}", AT)
    classes = urging_messages(table, "class", "{반}", AT)
    assert pupils.fillna("-").to_dict("split")["data"] == [
        ["", "-", "정다은", 1, "정다은"],
        ["1학년 2반", "10203", "김서연", 2, "김서연"],
        ["1학년 2반", "10207", "이도", 1, "이도"],
        ["1학년 10반", "-", "박하나", 1, "박하나"],
    ]
    assert list(pupils.columns) == ["class_name", "student_no", "name", "count", "message"]
    assert classes.to_dict("split")["data"] == [
        ["", 1, 1, "우리 반"],
        ["1학년 2반", 2, 3, "1학년 2반"],
        ["1학년 10반", 1, 1, "1학년 10반"],
    ]
    assert list(classes.columns) == ["class_name", "pupils", "count", "message"]
    pd.testing.assert_frame_equal(table, before)


def test_every_place_of_a_pupil_is_filled():
    template = "|".join(placeholders("pupil"))
    assert messages(A_CLASS, "pupil", template)[0] == (
        "김서연|10203|1학년 2반|2|독후감 쓰기 외 1개|"
        "- 독후감 쓰기 (11월 20일(금) 23:59까지)\n- 실험 보고서 (11월 18일(수) 23:59까지, 임시 저장만 한 상태)|"
        "11월 18일(수) 23:59까지|11월 21일(토)"
    )


def test_every_place_of_a_class_is_filled():
    template = "|".join(placeholders("class"))
    assert messages(A_CLASS, "class", template) == [
        "1학년 2반|2|3|독후감 쓰기 외 1개|"
        "- 독후감 쓰기 (11월 20일(금) 23:59까지): 1명\n- 실험 보고서 (11월 18일(수) 23:59까지): 2명|"
        "- 10203 김서연: 독후감 쓰기, 실험 보고서(임시 저장만 한 상태)\n- 10207 이도: 실험 보고서(다시 내야 함)|"
        "11월 18일(수) 23:59까지|11월 21일(토)"
    ]


def test_every_place_is_explained_and_every_template_can_be_filled():
    assert {one for to in TEMPLATES for one in placeholders(to)} == set(PLACEHOLDERS)
    assert set(read_templates(TEMPLATES)) == {"pupil", "class", "guardian"}


def test_nobody_to_urge_gives_empty_frames():
    table = submission_table([row("김서연", state="submitted"), row("이도", hidden=True), row("박하나", due=day(22))])
    for part in (table, submission_table([])):
        assert [len(urging_messages(part, to, at=AT)) for to in TEMPLATES] == [0, 0, 0]


def test_who_has_no_name_is_called_by_number():
    rows = [row(None, number="7"), row(None, number="kim-a"), row(None)]
    assert messages(rows, "pupil", "{이름} 학생") == ["7번 학생", "학번 kim-a 학생", "(이름 없음) 학생"]
    assert messages(rows, "class", "{학생목록}") == [
        "- 7번: 독후감 쓰기\n- 학번 kim-a: 독후감 쓰기\n- (이름 없음): 독후감 쓰기"
    ]


def test_two_pupils_of_one_name_get_a_message_each():
    numbered = [row("김서연", number="10107"), row("김서연", "발표", number="10121")]
    unnumbered = [row("김서연"), row("김서연")]
    assert messages(numbered, "pupil", "{번호} {과제}") == ["10107 독후감 쓰기", "10121 발표"]
    assert messages(unnumbered, "pupil", "{이름} {개수}") == ["김서연 1", "김서연 1"]


def test_names_and_titles_stay_text_whatever_they_hold():
    rows = [row("{반} {0.__class__}", "=1+1 {이름} }}\n둘째 줄", number="1")]
    assert messages(rows, "pupil", "{이름}: {과제목록}") == [
        "{반} {0.__class__}: - =1+1 {이름} }} 둘째 줄 (11월 20일(금) 23:59까지)"
    ]


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (day(1, 12, 2025), "2025년 12월 1일(월) 23:59까지"),
        (datetime(2026, 11, 20, 15, 30), "11월 20일(금) 15:30까지"),
        (None, "과제 안내 참고"),
    ],
)
def test_due_dates_are_said_in_korean(due, said):
    due = due if due is None or due.tzinfo else due.replace(tzinfo=KOREA)
    assert messages([row("김서연", due=due)], "pupil", "{기한}") == [said]


def test_a_due_date_of_another_zone_is_said_in_korean_time():
    assert messages([row("김서연", due=datetime.fromisoformat("2026-11-20T14:59+00:00"))], "pupil", "{기한}") == [
        "11월 20일(금) 23:59까지"
    ]


@pytest.mark.parametrize(
    ("word", "written", "particle"),
    [
        ("김서연", "이(가)", "이"),
        ("이도", "이/가", "가"),
        ("이도", "을(를)", "를"),
        ("서울", "(으)로", "로"),
        ("부산", "(으)로", "으로"),
        ("제주", "으로/로", "로"),
        ("3번", "은(는)", "은"),
        ("학습지 3", "와(과)", "과"),
        ("학습지 2", "와(과)", "와"),
        ("학습지 1", "(으)로", "로"),
        ("독후감(1차)", "을(를)", "를"),
        ("서연", "아(야)", "아"),
        ("서연", "(이)", "이"),
        ("이도", "(이)", ""),
        ("John", "이(가)", "이(가)"),
        ("", "은(는)", "은(는)"),
    ],
)
def test_particles_fit_the_word(word, written, particle):
    assert fitting(word, written) == particle


def test_particles_behind_places_are_made_to_fit_and_others_left():
    rows = [row("김서연"), row("이도")]
    template = "{이름}은(는) {과제}을(를) 냅니다. 선생님이(가) {이름}(이)와 함께"
    assert messages(rows, "pupil", template) == [
        "김서연은 독후감 쓰기를 냅니다. 선생님이(가) 김서연이와 함께",
        "이도는 독후감 쓰기를 냅니다. 선생님이(가) 이도와 함께",
    ]


def test_doubled_braces_are_braces():
    assert messages([row("이도")], "pupil", "{{이름}} {{{이름}}} { 이름 }") == ["{이름} {이도} 이도"]


def test_all_that_is_wrong_with_templates_is_said_at_once_without_quoting_them():
    with pytest.raises(InputError) as caught:
        read_templates({"pupil": "{이름.__class__}\n안녕 {김비밀} }", "class": "{이름} {", "guardian": " \n"})
    found = [(one.column, one.row, one.kind) for one in caught.value.problems]
    assert found == [
        ("학생에게 보내는 문구", 1, "unknown_placeholder"),
        ("학생에게 보내는 문구", 2, "unknown_placeholder"),
        ("학생에게 보내는 문구", 2, "unbalanced_brace"),
        ("반에 보내는 문구", 1, "unknown_placeholder"),
        ("반에 보내는 문구", 1, "unbalanced_brace"),
        ("보호자께 드리는 문구", None, "empty_template"),
    ]
    assert "비밀" not in str(caught.value)
    assert str(caught.value.problems[2]) == (
        "2행 '학생에게 보내는 문구' 칸: 10번째 글자 '}'에 짝이 되는 여는 중괄호가 없습니다. "
        "짝을 맞추어 주세요. 중괄호를 글자 그대로 쓰려면 {{ }}처럼 두 번 적어 주세요."
    )
    assert str(caught.value.problems[3]) == (
        "1행 '반에 보내는 문구' 칸: 1번째 글자에서 시작하는 중괄호 안의 말은 채울 수 없습니다. "
        "{반}, {인원}, {개수}, {과제}, {과제목록}, {학생목록}, {기한}, {오늘} 가운데에서 골라 주세요. "
        "중괄호를 글자 그대로 쓰려면 {{ }}처럼 두 번 적어 주세요."
    )


@pytest.mark.parametrize(
    "template", ["{이름!r}", "{이름:>9}", "{이름[0]}", "{0}", "{}", "{이\n름}", "{과제목록.__len__}"]
)
def test_no_place_reaches_into_a_value(template):
    with pytest.raises(InputError):
        urging_messages(submission_table([row("이도")]), "pupil", template, AT)


def test_a_template_is_read_before_there_is_anyone_to_urge():
    with pytest.raises(InputError):
        urging_messages(submission_table([]), "pupil", "{모름}", AT)


def test_a_receiver_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="principal"):
        urging_messages(submission_table([]), "principal", at=AT)


def test_how_things_stand_at_an_earlier_and_a_later_time():
    table = submission_table(
        [
            row("가", "하나", "not_yet_due", day(22)),
            row("나", "하나", "missing"),
            row("나", "둘", "draft", hidden=True),
        ],
        notices=["많은 것"],
    )
    columns = ["name", "assignment", "pupil", "task", "shown", "to_urge"]
    later, earlier = standing(table, day(23)), standing(table, day(19))
    assert later[columns].to_numpy().tolist() == [
        ["가", "하나", 0, 0, "missing", True],
        ["나", "하나", 1, 0, "missing", True],
        ["나", "둘", 1, 1, "draft", False],
    ]
    assert earlier["shown"].tolist() == ["not_yet_due", "not_yet_due", "draft"]
    assert earlier["to_urge"].tolist() == [False, False, False]
    assert (list(later.columns[: len(COLUMNS)]), later.attrs) == (list(COLUMNS), {})
