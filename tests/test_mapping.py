"""A mapping: saved, loaded, refused and guessed."""

import json

import pytest
from mapped_tables import WIDE, table_of

from schoolkit.errors import InputError
from schoolkit.submissions.exports.mapping import TableMapping, suggest
from schoolkit.tables import Table


def test_a_mapping_is_saved_and_loaded():
    mappings = [
        WIDE,
        TableMapping(email="이메일", assignments=("독서",), words={"△": "late", "☆": "handed_in"}, blank="unknown"),
        TableMapping(name="성명", class_name="반", grade="학년", assignment="과제", state="상태", due="마감"),
        TableMapping(number="학번", title="독서", submitted_at="시각", lists_everyone=False),
    ]
    assert [TableMapping.from_json(mapping.to_json()) for mapping in mappings] == mappings
    assert len(set(mappings)) == 4
    assert WIDE.to_json() == (
        '{\n  "kind": "schoolkit-table-mapping",\n  "version": 1,\n  "name": "성명",\n  "number": "학번",\n'
        '  "assignments": [\n    "독서 감상문",\n    "토론 입론서"\n  ],\n  "blank": "nothing",\n'
        '  "lists_everyone": true\n}\n'
    )
    assert TableMapping.from_json("\ufeff" + WIDE.to_json()) == WIDE


def changed(**said):
    return json.dumps(json.loads(WIDE.to_json()) | said)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "칸 연결 파일이 아니거나 깨져 있습니다."),
        ("{", "칸 연결 파일이 아니거나 깨져 있습니다."),
        ("[]", "칸 연결 파일이 아니거나 깨져 있습니다."),
        ('{"name": "성명"}', "칸 연결 파일이 아니거나 깨져 있습니다."),
        ("[" * 100_000, "칸 연결 파일이 아니거나 깨져 있습니다."),
        ("9" * 100_000, "칸 연결 파일이 아니거나 깨져 있습니다."),
        (WIDE.to_json() + " " * 300_000, "칸 연결 파일이 아니거나 깨져 있습니다."),
        (changed(version=2), "이 프로그램보다 새로운 판에서 만든 칸 연결 파일입니다."),
        (changed(version=0), "다른 판에서 만든 칸 연결 파일입니다."),
        (changed(version=True), "다른 판에서 만든 칸 연결 파일입니다."),
        (changed(version="1"), "다른 판에서 만든 칸 연결 파일입니다."),
        (changed(__class__="x"), "칸 연결 파일에 모르는 항목이 있습니다."),
        (changed(name=["성명"]), "칸 연결 파일의 'name' 항목이 잘못되었습니다."),
        (changed(name=" "), "칸 연결 파일의 'name' 항목이 잘못되었습니다."),
        (changed(assignments="독서"), "칸 연결 파일의 'assignments' 항목이 잘못되었습니다."),
        (changed(assignments=["독서", 1]), "칸 연결 파일의 'assignments' 항목이 잘못되었습니다."),
        (changed(words=[["△", "late"]]), "칸 연결 파일의 'words' 항목이 잘못되었습니다."),
        (changed(words={"△": {"a": 1}}), "칸 연결 파일의 'words' 항목이 잘못되었습니다."),
        (changed(lists_everyone="예"), "칸 연결 파일의 'lists_everyone' 항목이 잘못되었습니다."),
        (changed(words={"△": "냄"}), "말의 뜻(words)에 모르는 값이 있습니다."),
        (changed(words={" ": "late"}), "말의 뜻(words)에 빈 말이 있습니다."),
        (changed(blank="late"), "빈칸의 뜻(blank)이 잘못되었습니다."),
        (changed(title="독서"), "과제를 두 가지 방법으로 정했습니다."),
        (changed(assignments=[]), "과제가 어디에 있는지 정하지 않았습니다."),
        (changed(assignments=["독서"] * 2), "한 칸을 두 가지로 정했습니다."),
        (changed(assignments=["성 명"]), "한 칸을 두 가지로 정했습니다."),
        (changed(assignments=[f"과제 {n}" for n in range(301)]), "과제 칸이 300개보다 많습니다."),
        (changed(name="가" * 501), "이름이나 말이 500자보다 깁니다."),
        (changed(state="상태"), "과제마다 칸이 있는 표에는 상태, 제출 시각, 마감 칸을 따로 쓸 수 없습니다."),
    ],
    ids=range(29),
)
def test_a_text_that_is_no_mapping_is_refused_in_words(text, what):
    with pytest.raises(InputError) as caught:
        TableMapping.from_json(text)
    assert [(problem.what, problem.kind) for problem in caught.value.problems] == [(what, "mapping")]
    assert caught.value.__cause__ is None and caught.value.__context__ is None


def test_all_that_is_wrong_with_a_mapping_is_said_at_once():
    with pytest.raises(InputError) as caught:
        TableMapping(class_name="반", title="독서", blank="x")
    assert [problem.what for problem in caught.value.problems] == [
        "누구인지 알 수 있는 칸이 없습니다.",
        "냈는지 알 수 있는 칸이 없습니다.",
        "빈칸의 뜻(blank)이 잘못되었습니다.",
    ]


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        (
            "번호,성명,성별,모둠,독서,토론,비고\n1,김서연,여,1,O,X,\n2,이준,남,1,O,,전학\n",
            TableMapping(name="성명", number="번호", assignments=("독서", "토론")),
        ),
        (
            "1학년 1반\n학년,반,번호,이름,독서\n1,1,1,김서연,○\n1,1,2,이준,\n",
            TableMapping(name="이름", number="번호", class_name="반", grade="학년", assignments=("독서",)),
        ),
        (
            "학번,이름,과제명,제출 여부,제출일시,마감일\n10107,김서연,독서,제출,2026-11-20 15:05,2026-11-20\n",
            TableMapping(
                name="이름",
                number="학번",
                assignment="과제명",
                state="제출 여부",
                submitted_at="제출일시",
                due="마감일",
            ),
        ),
        (
            "학번,이름,제출여부\n10107,김서연,O\n10108,이준,X\n",
            TableMapping(name="이름", number="학번", title="제출 현황", state="제출여부"),
        ),
        (
            "이메일,제출일시\na@s.kr,2026-11-20 15:05\nb@s.kr,\n",
            TableMapping(email="이메일", title="제출 현황", submitted_at="제출일시"),
        ),
        (
            "이메일,제출일시\na@s.kr,2026-11-20 15:05\n",
            TableMapping(email="이메일", title="제출 현황", submitted_at="제출일시", lists_everyone=False),
        ),
        ("Name,Essay,Quiz\n김서연,TRUE,FALSE\n", TableMapping(name="Name", assignments=("Essay", "Quiz"))),
        ("번호,성명,비고\n1,김서연,\n2,이준,전출\n", None),
        ("학년,반,번호,성명\n1,1,1,김서연\n1,1,2,이준\n", None),
        ("번호,성명,학기,국어\n1,김서연,1,95\n2,이준,1,80\n", None),
        ("번호,성명,학년도차,의견\n1,김서연,1,O\n2,이준,1,좋음\n3,박하늘,1,보통\n", None),
        ("독서,토론\nO,X\n", None),
        ("번호,성명,독서\n", None),
        ("\n", None),
    ],
)
def test_a_guess_to_begin_with(text, mapping):
    table = table_of(text) if text.strip() else Table("빈 파일.xlsx", "Sheet1", [])
    guess = suggest(table)
    assert guess == mapping
    assert guess is None or guess.fits(table)
