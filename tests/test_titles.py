"""A book as written falls into the parts that are compared."""

import pytest

from schoolkit.reading.editions import RETOLD, derived, edition, without_derivation, without_edition
from schoolkit.reading.numerals import read_as
from schoolkit.reading.titles import title_parts


@pytest.mark.parametrize(
    ("book", "main", "volume", "subtitle", "author"),
    [
        ("골든 아워1(이국종)", "골든아워", "1", "", "이국종"),
        ("유럽도시 기행I(유시민)", "유럽도시기행", "1", "", "유시민"),
        ("삼국지 Ⅲ(나관중)", "삼국지", "3", "", "나관중"),
        ("설민석의 한국사 대모험 (2권)(설민석)", "설민석의한국사대모험", "2", "", "설민석"),
        ("토지(상)", "토지", "상", "", ""),
        ("토지 (하권)(박경리)", "토지", "하", "", "박경리"),
        ("토지 1부 2권(박경리)", "토지", "1부2", "", "박경리"),
        ("1984(조지 오웰)", "1984", "", "", "조지 오웰"),
        ("1Q84 3(무라카미 하루키)", "1q84", "3", "", "무라카미 하루키"),
        ("1Q84(3)(무라카미 하루키)", "1q84", "3", "", "무라카미 하루키"),
        ("1Q84 BOOK 2(무라카미 하루키)", "1q84", "2", "", "무라카미 하루키"),
        ("1Q84", "1q84", "", "", ""),
        ("먼나라 이웃나라 Vol. 9(이원복)", "먼나라이웃나라", "9", "", "이원복"),
        ("먼나라 이웃나라. 3(이원복)", "먼나라이웃나라", "3", "", "이원복"),
        ("이상한 과자 가게 전천당-2(히로시마 레이코)", "이상한과자가게전천당", "2", "", "히로시마 레이코"),
        ("형제1(위화)", "형제", "1", "", "위화"),
        ("형제 제1권(위화)", "형제", "1", "", "위화"),
        ("트렌드 코리아 2024(김난도)", "트렌드코리아", "2024", "", "김난도"),
        ("미술관에 간 화학자 두 번째 이야기(전창림)", "미술관에간화학자", "2", "", "전창림"),
        ("시간을 파는 상점 2: 너를 위한 시간(김선영)", "시간을파는상점", "2", "너를위한시간", "김선영"),
        ("로마인 이야기 2 한니발 전쟁(시오노 나나미)", "로마인이야기", "2", "한니발전쟁", "시오노 나나미"),
        ("먼나라 이웃나라 1-네덜란드(이원복)", "먼나라이웃나라", "1", "네덜란드", "이원복"),
        ("먼나라 이웃나라 3(도이칠란트)(이원복)", "먼나라이웃나라", "3", "도이칠란트", "이원복"),
        ("세상의 모든 세상(한상)", "세상의모든세상", "", "", "한상"),
        ("그들이 말하지 않는 23 가지(장하준)", "그들이말하지않는23가지", "", "", "장하준"),
        ("초속 5 센티미터(신카이 마코토)", "초속5센티미터", "", "", "신카이 마코토"),
        ("침묵의 봄()", "침묵의봄", "", "", ""),
    ],
)
def test_a_title_falls_into_its_parts(book, main, volume, subtitle, author):
    parts = title_parts(book)
    assert (parts.main, parts.volume, parts.subtitle, parts.author) == (main, volume, subtitle, author)


@pytest.mark.parametrize(
    ("book", "main", "editions", "derivation"),
    [
        ("코스모스(특별판)(칼 세이건)", "코스모스", ("특별판",), ""),
        ("주홍 글자 리커버 에디션(너새니얼 호손)", "주홍글자", ("리커버 에디션",), ""),
        ("이기적 유전자 40주년 기념판(리처드 도킨스)", "이기적유전자", ("40주년 기념판",), ""),
        ("아몬드(100만 부 기념 에디션)(손원평)", "아몬드", ("100만 부 기념 에디션",), ""),
        ("먼나라 이웃나라 1 개정판(이원복)", "먼나라이웃나라", ("개정판",), ""),
        ("초판본 진달래꽃(김소월)", "진달래꽃", ("초판본",), ""),
        ("소년이 온다[큰글자도서](한강)", "소년이온다", ("큰글자도서",), ""),
        ("어린 왕자(비룡소 클래식)(생텍쥐페리)", "어린왕자", ("비룡소 클래식",), ""),
        ("청소년판 무녀도(김동리)", "무녀도", (), "청소년판"),
        ("야간 비행 그래픽노블(생텍쥐페리)", "야간비행", (), "그래픽노블"),
        ("너를 봤어(만화)(김려령)", "너를봤어", (), "만화"),
        ("위대한 개츠비(F. 스콧 피츠제럴드)", "위대한개츠비", (), ""),
        ("윤동주 시집(윤동주)", "윤동주시집", (), ""),
    ],
)
def test_editions_are_set_apart_from_the_title(book, main, editions, derivation):
    parts = title_parts(book)
    assert (parts.main, parts.editions, parts.derivation) == (main, editions, derivation)


def test_a_subtitle_is_no_edition():
    assert [
        edition(note) for note in ("개정증보판", "창비청소년문학", "민음사 세계문학전집 12", "전자책", "e북", "무선")
    ] == [True] * 6
    assert [edition(note) for note in ("현실 편", "네덜란드", "능력주의는 공정한가", "판")] == [False] * 4
    assert [derived(note) for note in ("청소년판", "만화", "그래픽 노블", "개정판")] == [True, True, True, False]


def test_a_title_that_is_an_edition_word_alone_stays():
    assert without_edition("초판본") == ("초판본", "")
    assert without_derivation("만화") == ("만화", "")


def test_what_begins_a_retold_book():
    begins = [
        "10대를 위한 정의란 무엇인가",
        "청소년을 위한 코스모스",
        "만화로 보는 삼국지",
        "쉽게 읽는 논어",
        "10대의 뇌",
    ]
    assert [bool(RETOLD.match(title)) for title in begins] == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("bare", "other", "read"),
    [
        ("백년의고독", "100년의고독", "100년의고독"),
        ("일곱번째방", "7번째방", "7번째방"),
        ("열두발자국", "12발자국", "12발자국"),
        ("스무살의책", "20살의책", "20살의책"),
        ("그들이말하지않는스물세가지", "그들이말하지않는23가지", "그들이말하지않는23가지"),
        ("달과육펜스", "달과6펜스", "달과6펜스"),
        ("일q84", "1q84", "1q84"),
        ("아큐정전", "아q정전", "아q정전"),
        ("와이화학", "why화학", "why화학"),
        ("이방인", "아몬드", "이방인"),
        ("십년", "12년", "십년"),
        ("", "1", ""),
    ],
)
def test_numbers_and_letters_written_as_they_are_read(bare, other, read):
    assert read_as(bare, other) == read
