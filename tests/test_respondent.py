"""What the questions of a form ask of the one who answers."""

import pytest

from schoolkit.submissions.exports.respondent import asked_for


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("이름", {"name"}),
        ("1. 본인의 이름을 적어주세요.*", {"name"}),
        ("성함이 어떻게 되세요?", {"name"}),
        ("학번을 입력하세요", {"student_no"}),
        ("학번 5자리를 숫자로 입력해 주세요 [예: 10101]", {"student_no"}),
        ("학번과 이름(예: 10101 홍길동)", {"student_no", "name"}),
        ("학번 이름을 쓰세요. 예) 10101 홍길동", {"student_no", "name"}),
        ("학년, 반, 번호, 이름을\n순서대로 적어 주세요", {"grade", "class_no", "seat_no", "name"}),
        ("학반 번호 이름", {"grade", "class_no", "seat_no", "name"}),
        ("몇 학년 몇 반인가요?", {"grade", "class_no"}),
        ("출석 번호", {"seat_no"}),
        ("학교 이메일 주소를 적어 주세요", {"email"}),
        ("What is your full name?", {"name"}),
        ("Your class and number", {"class_no", "seat_no"}),
        ("Student ID number", {"student_no"}),
        ("인적사항", {"name", "student_no"}),
        ("인적 사항(학번 이름)", {"name", "student_no"}),
        ("신상정보", {"name", "student_no"}),
        ("누구세요? (학번 이름)", {"name"}),
        ("소속 및 이름", {"class_no", "name"}),
        ("[학번]", {"student_no"}),
        ("[학번] 5자리 숫자", {"student_no"}),
        ("학번이랑 이름", {"name", "student_no"}),
        ("제출자", {"name"}),
        ("작성자(학번 이름)", {"name"}),
        ("한글 이름", {"name"}),
        ("2반 이름", {"name"}),
        ("1-2반 번호", {"seat_no"}),
        *[
            (question, set())
            for question in (
                "주인공의 이름은 무엇인가요?",
                "책 이름",
                "이름의 뜻을 적어 주세요",
                "우리 반에 바라는 점",
                "모둠원 이름",
                "친구 이름을 적어 주세요",
                "작가 이름",
                "학부모 이름",
                "모둠원",
                "책 번호",
                "책 이름(번호)",
                "찬성/반대",
                "1반 반장 이름",
                "2반 친구 이름",
                "주인공은 누구인가요?",
                "누구의 이름",
                "작성자의 의도",
                "제출자료",
                "소속감",
                "느낀 점 [이름]",
                "1반",
                "전화번호",
                "보호자 이메일",
                "반장 후보",
                "번호와 답을 쓰세요",
                "Name of the book",
                "점수 - 이름",
                "Points - Name",
                "",
            )
        ],
    ],
)
def test_what_a_question_asks_of_the_one_who_answers(question, kinds):
    assert asked_for(question) == kinds
