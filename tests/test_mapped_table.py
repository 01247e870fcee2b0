"""Any table with a mapping: what its columns mean, made once, saved and loaded."""

import io

import openpyxl
import pytest
from mapped_tables import KIM, LEE, PARK, WIDE, at, kinds_of, said_of, table_of

from schoolkit import read_submissions
from schoolkit.errors import InputError
from schoolkit.submissions.exports.cell_words import is_inverse
from schoolkit.submissions.exports.export import Export, Line, Task, Written
from schoolkit.submissions.exports.mapped_table import read_mapped
from schoolkit.submissions.exports.mapping import TableMapping, column_names, suggest
from schoolkit.tables import Table, read_tables


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949", "utf-16"])
def test_a_column_for_each_assignment(encoding):
    table = table_of(
        "1학년 수행평가 제출 현황,,,,\n\n"
        '학번,성  명,독서 감상문,"토론\n입론서",비고\n'
        "10107,김서연,O,,\n10108,이준(전출),면제,ㅇ,전학\n,,,,\n"
        '학번,성  명,독서 감상문,"토론\n입론서",비고\n'
        "10109,박하늘,지각(11/20),2026. 11. 20 오후 3:05,\n합계,,2,2,\n",
        encoding=encoding,
    )
    assert read_mapped(table, WIDE) == Export(
        file="제출 현황.csv",
        format="칸을 연결한 표",
        tasks=(Task("독서 감상문"), Task("토론 입론서")),
        lines=(
            Line(4, KIM, 0, "handed_in"),
            Line(4, KIM, 1, "nothing"),
            Line(5, LEE, 0, "excused"),
            Line(5, LEE, 1, "handed_in"),
            Line(8, PARK, 0, "late"),
            Line(8, PARK, 1, "handed_in", at(20, 15, 5)),
        ),
        lists_everyone=True,
        caveat="빈칸은 미제출로 봅니다.",
    )


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        *[
            (cell, "handed_in")
            for cell in ("O", "o", "○", "◯", "⭕️", "Ｏ", "v", "√", "✔", "TRUE", "1", "제출", "완료 ")
        ],
        *[(cell, "nothing") for cell in ("X", "x", "×", "✕", "FALSE", "미제출", "안 냄", "")],
        *[(cell, "late") for cell in ("지각", "늦음", "지각 제출", "기한 후 제출")],
        *[(cell, "excused") for cell in ("면제", "인정", "EX")],
        *[(cell, "draft") for cell in ("임시저장", "임시 저장")],
        *[(cell, "returned") for cell in ("재제출", "반려", "보완 요청")],
        *[(cell, "handed_in") for cell in ("제출(11/20)", "O (지각 아님)")],
        *[(cell, None) for cell in ("△", "-", "0", "95", "결석", "미제출 예정", "O X")],
    ],
)
def test_what_teachers_write_into_cells(cell, said):
    assert WIDE.said(cell) == said


def test_own_words_come_first_and_a_blank_may_be_unknown():
    mapping = TableMapping(
        name="성명", assignments=("독서",), words={"△": "late", "X": "excused", "0": "handed_in"}, blank="unknown"
    )
    export = read_mapped(table_of("성명,독서\n김서연,△\n이준,x\n박하늘,0\n최지우,\n"), mapping)
    assert [line.said for line in export.lines] == ["late", "excused", "handed_in", "unknown"]
    assert (export.notices, export.caveat) == ((), "빈칸은 냈는지 알 수 없는 것으로 둡니다.")


def test_a_bare_number_is_no_time():
    export = read_mapped(table_of("성명,독서\n김서연,46346\n"), TableMapping(name="성명", assignments=("독서",)))
    assert said_of(export) == [(2, 0, "unknown")]


def test_a_zero_is_no_hand_in_only_beside_ones():
    table = table_of("성명,독서,토론\n김서연,1,X\n이준,0,0\n")
    export = read_mapped(table, TableMapping(name="성명", assignments=("독서", "토론")))
    assert said_of(export) == [(2, 0, "handed_in"), (2, 1, "nothing"), (3, 0, "nothing"), (3, 1, "unknown")]
    assert export.notices == (
        "'토론' 칸에 있는 '0'의 뜻을 몰라 '알 수 없음'으로 두었습니다(3행). 칸 연결에서 뜻을 정할 수 있습니다.",
    )


def test_unknown_words_are_named_with_their_rows_unless_they_are_many_or_long():
    table = table_of(
        "성명,독서,토론,탐구\n김서연,△,95,O\n이준,△,80,홍길동 어머니께서 전화하심\n박하늘,O,70,O\n"
        "최지우,O,60,O\n정하나,O,50,O\n한별,O,40,O\n"
    )
    export = read_mapped(table, TableMapping(name="성명", assignments=("독서", "토론", "탐구")))
    assert export.notices == (
        "'독서' 칸에 있는 '△'의 뜻을 몰라 '알 수 없음'으로 두었습니다(2행, 3행). 칸 연결에서 뜻을 정할 수 있습니다.",
        "'토론' 칸에 있는 말 6가지의 뜻을 몰라 '알 수 없음'으로 두었습니다(2행, 3행, 4행, 5행, 6행 등 6개 행)."
        " 칸 연결에서 뜻을 정할 수 있습니다.",
        "'탐구' 칸에 있는 말 1가지의 뜻을 몰라 '알 수 없음'으로 두었습니다(3행). 칸 연결에서 뜻을 정할 수 있습니다.",
    )


def test_a_notice_never_quotes_what_may_be_a_pupils_data():
    table = table_of("성명,독서,토론,탐구\n김서연,이준,01012345678,a@s.kr\n이준,O,O,O\n")
    export = read_mapped(table, TableMapping(name="성명", assignments=("독서", "토론", "탐구")))
    assert [notice.split(" 뜻을")[0] for notice in export.notices] == [
        "'독서' 칸에 있는 말 1가지의",
        "'토론' 칸에 있는 말 1가지의",
        "'탐구' 칸에 있는 말 1가지의",
    ]


def test_a_word_that_may_be_a_name_is_counted_and_the_words_about_hand_ins_are_quoted():
    table = table_of("학번,독서\n10107,강지우\n10108,강지우\n10109,결석\n10110,제출 예정\n10111,Kim\n10112,1-1-7\n")
    assert [
        notice.split(" 뜻을")[0]
        for notice in read_mapped(table, TableMapping(number="학번", assignments="독서")).notices
    ] == [
        "'독서' 칸에 있는 '결석'의",
        "'독서' 칸에 있는 '제출 예정'의",
        "'독서' 칸에 있는 말 3가지의",
    ]


INVERSE = "성명,미제출,독서\n김서연,V,O\n이준,,X\n박하늘,1,O\n"


@pytest.mark.parametrize(
    "mapping",
    [
        TableMapping(name="성명", assignments=("미제출", "독서")),
        TableMapping(name="성명", title="토론", state="미제출"),
        TableMapping(name="성명", assignments=("미제출",), words={"V": "nothing"}),
    ],
    ids=["assignment", "state", "one of two marks"],
)
def test_marks_at_those_who_have_not_handed_in_are_refused_unless_their_meaning_is_said(mapping):
    with pytest.raises(InputError) as caught:
        read_mapped(table_of(INVERSE), mapping)
    assert kinds_of(caught) == [("제출 현황.csv", "미제출", "inverse_column")]
    assert "words" in caught.value.problems[0].what_to_do


def test_marks_at_those_who_have_not_handed_in_mean_what_the_teacher_says():
    said = {"name": "성명", "assignments": "미제출", "words": {"V": "nothing", "1": "nothing"}}
    export = read_mapped(table_of(INVERSE), TableMapping(**said))
    assert [line.said for line in export.lines] == ["nothing", "unknown", "nothing"]
    assert export.notices == (
        "'미제출' 칸은 안 낸 학생을 표시하는 듯해 빈칸을 '알 수 없음'으로 두었습니다(3행)."
        " 낸 것이라면 칸 연결의 blank를 handed_in으로 정해 주세요.",
    )
    export = read_mapped(table_of(INVERSE), TableMapping(**said, blank="handed_in"))
    assert [line.said for line in export.lines] == ["nothing", "handed_in", "nothing"]
    assert (export.notices, export.caveat) == ((), "빈칸은 제출로 봅니다.")


def test_words_that_name_the_hand_in_are_plain_under_any_header():
    table = table_of("성명,미제출 여부\n김서연,미제출\n이준,제출\n박하늘,면제\n")
    export = read_mapped(table, TableMapping(name="성명", assignments=("미제출 여부",)))
    assert [line.said for line in export.lines] == ["nothing", "handed_in", "excused"]


@pytest.mark.parametrize(
    ("header", "inverse"),
    [
        *[
            (header, True)
            for header in (
                *(
                    "미제출",
                    "미제출여부",
                    "안 낸 과제",
                    "독서 감상문 미제출",
                    "미제출(V)",
                    "미완료",
                    "제출 안 함",
                    "결석",
                ),
                *("제출하지 않은 사람", "못 낸 과제", "지각 제출", "제출여부(미제출 시 V)", "Not submitted", "Missing"),
            )
        ],
        *[
            (header, False)
            for header in (
                *("제출 여부", "제출/미제출", "제출(O)/미제출(X)", "편안한 집 감상문", "안내문 확인", "결석계 제출"),
                *("지각대장 존 감상문", "미완성 교향곡 감상", "The Missing Piece", "미션 완료", "독서"),
            )
        ],
    ],
)
def test_headers_that_turn_the_marks_round(header, inverse):
    assert is_inverse(header) == inverse
    guess = suggest(table_of(f"성명,독서 감상,{header}\n김서연,O,X\n이준,X,O\n"))
    assert (header in guess.assignments) != inverse


def test_lines_that_sum_up_are_no_pupils():
    table = table_of(
        "번호,성명,독서\n1,김서연,O\n2,이준,X\n제출률,,50%\n제출 인원,,1\n,제출률(%),50\n,미제출자 수: 1명,1\n,평균,1\n"
    )
    export = read_mapped(table, TableMapping(name="성명", number="번호", assignments=("독서",)))
    assert (said_of(export), export.notices) == ([(2, 0, "handed_in"), (3, 0, "nothing")], ())


def test_a_row_of_a_group_is_a_line_for_each_of_its_pupils():
    table = table_of(
        '학번,성명,독서\n"10107, 10109","김서연, 박하늘",O\n"10108","이준(전출)",X\n10110,"정하나, 한별",O\n'
    )
    export = read_mapped(table, TableMapping(name="성명", number="학번", assignments=("독서",)))
    assert export.lines == (
        Line(2, KIM, 0, "handed_in"),
        Line(2, PARK, 0, "handed_in"),
        Line(3, LEE, 0, "nothing"),
        Line(4, Written(("정하나, 한별",), ("10110",)), 0, "handed_in"),
    )
    assert export.notices == ("여러 사람을 적은 듯하지만 학번과 이름이 짝이 맞지 않아 한 사람으로 읽었습니다(4행).",)


def test_one_assignment_or_one_word_need_not_be_put_into_a_tuple():
    one = TableMapping(name="성명", assignments="독서감상문", words=("△", "late"))
    assert one == TableMapping(name="성명", assignments=("독서감상문",), words={"△": "late"})


def test_a_row_for_each_hand_in():
    mapping = TableMapping(
        name="성명", number="학번", assignment="과제", state="상태", submitted_at="제출일시", due="마감일"
    )
    table = table_of(
        "학번,성명,과제,상태,제출일시,마감일\n"
        "10107,김서연,독서,제출,2026-11-20 15:05,2026-11-20\n"
        "10107,김서연,토론,,,2026-11-25\n"
        "10108,이준(전출),독서,반려,2026-11-19 10:00,2026-11-27\n"
        "10109,박하늘,독서,늦음,2026-11-21 10:00,2026-11-20\n"
        "10109,박하늘,,제출,,\n"
        ",,독서,제출,,\n"
    )
    export = read_mapped(table, mapping)
    assert export.tasks == (Task("독서", at(20, 23, 59, 59)), Task("토론", at(25, 23, 59, 59)))
    assert export.lines == (
        Line(2, KIM, 0, "handed_in", at(20, 15, 5)),
        Line(3, KIM, 1, "nothing"),
        Line(4, LEE, 0, "returned", None, at(27, 23, 59, 59)),
        Line(5, PARK, 0, "late", at(21, 10)),
    )
    assert export.notices == (
        "누구인지 적혀 있지 않은 행은 뺐습니다(7행).",
        "과제 이름이 없는 행은 뺐습니다(6행).",
    )


def test_a_list_of_those_who_have_handed_in_one_assignment():
    mapping = TableMapping(number="학번", title="독서 감상문", lists_everyone=False)
    export = read_mapped(table_of("학번\n10107\n10109\n"), mapping)
    assert export.tasks == (Task("독서 감상문"),)
    assert [(line.who.numbers, line.said) for line in export.lines] == [
        (("10107",), "handed_in"),
        (("10109",), "handed_in"),
    ]
    assert (export.lists_everyone, export.caveat) == (
        False,
        "낸 학생만 적힌 표로 보아, 표에 없는 학생을 미제출로 봅니다.",
    )


def test_times_alone_with_the_day_first_and_a_blank():
    mapping = TableMapping(email="Email", title="Essay", submitted_at="Submitted")
    export = read_mapped(
        table_of("Email,Submitted\na@s.kr,02/11/2026 10:00\nb@s.kr,20/11/2026 10:00\nc@s.kr,\n"), mapping
    )
    assert [(line.who.email, line.said, line.submitted_at) for line in export.lines] == [
        ("a@s.kr", "handed_in", at(2, 10)),
        ("b@s.kr", "handed_in", at(20, 10)),
        ("c@s.kr", "nothing", None),
    ]


def test_numbers_in_class_become_student_numbers_by_columns_by_lines_and_by_the_sheets_name():
    by_columns = TableMapping(name="이름", number="번호", class_name="반", grade="학년", assignments=("독서",))
    by_lines = TableMapping(name="이름", number="번호", assignments=("독서",))
    seven = Written(("김서연",), ("10107",), None, "1학년 1반")
    twelve = Written(("이준",), ("11208",), None, "1학년 12반")
    table = table_of("학년,반,번호,이름,독서\n1,1,7,김서연,O\n1학년,12반,08번,이준,O\n")
    assert [line.who for line in read_mapped(table, by_columns).lines] == [seven, twelve]
    table = table_of("1학년 1반,,\n번호,이름,독서\n7,김서연,O\n1학년 12반,,\n번호,이름,독서\n8,이준,O\n")
    assert [line.who for line in read_mapped(table, by_lines).lines] == [seven, twelve]
    sheet = Table("제출.xlsx", "1학년 1반", [["번호", "이름", "독서"], ["7", "김서연", "O"]])
    assert [line.who for line in read_mapped(sheet, by_lines).lines] == [seven]


def workbook_with_merged_cells():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["1학기 수행평가", None, None, None],
        ["학번", "성명", "과제", None],
        [None, None, "독서", "독서"],
        [10107.0, "김서연", "O", "X"],
        [10108.0, "이준(전출)", None, 1.0],
    ):
        sheet.append(row)
    for cells in ("A1:D1", "A2:A3", "B2:B3", "C2:D2"):
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return read_tables("현황.xlsx", out.getvalue())[0]


def test_a_header_of_two_merged_rows_with_one_title_twice():
    table = workbook_with_merged_cells()
    assert column_names(table, 2) == ["학번", "성명", "독서", "독서 (2)"]
    mapping = suggest(table)
    assert mapping == TableMapping(name="성명", number="학번", assignments=("독서", "독서 (2)"))
    export = read_mapped(table, mapping)
    assert export.lines == (
        Line(4, KIM, 0, "handed_in"),
        Line(4, KIM, 1, "nothing"),
        Line(5, LEE, 0, "nothing"),
        Line(5, LEE, 1, "handed_in"),
    )


def test_columns_that_are_missing_are_each_named():
    table = table_of("성명,독서 감상문\n김서연,O\n")
    assert not WIDE.fits(table)
    with pytest.raises(InputError) as caught:
        read_mapped(table, WIDE)
    assert kinds_of(caught) == [
        ("제출 현황.csv", "학번", "missing_column"),
        ("제출 현황.csv", "토론 입론서", "missing_column"),
    ]


def test_a_table_with_none_of_the_columns_is_none():
    for text in ("메모\n", "name,score\n김서연,5\n"):
        assert read_mapped(table_of(text), WIDE) is None
    assert read_mapped(Table("빈 시트.xlsx", "Sheet2", []), WIDE) is None


def test_several_tables_of_unknown_kind_have_a_mapping_each():
    roster = ("명렬표.csv", "학번,이름\n10101,김하나\n10102,이두리\n".encode())
    files = [
        ("독서.csv", "누구,독서\n김하나,O\n이두리,X\n".encode()),
        ("그림.csv", "성함 칸,그림\n김하나,X\n이두리,O\n".encode()),
    ]
    mappings = [TableMapping(name="누구", assignments=("독서",)), TableMapping(name="성함 칸", assignments=("그림",))]
    table = read_submissions(files, roster=roster, mapping=mappings)
    assert table[["name", "assignment", "state"]].values.tolist() == [
        ["김하나", "독서", "submitted"],
        ["김하나", "그림", "missing"],
        ["이두리", "독서", "missing"],
        ["이두리", "그림", "submitted"],
    ]
