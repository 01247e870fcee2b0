"""Two books: score, verdict, reasons."""

import itertools

import pytest

from schoolkit.reading.similarity import SAME_CUTOFF, Comparison, compare_books

SAME_BOOK = [
    ("수학의 역사(지즈강)", "수학의 역샤(지즈강)"),
    ("도덕의 프리증(정유민)", "도덕의 프리즘(정유민)"),
    ("난장이가 쏘아올린 작은 공(조세희)", "난쟁이가 쏘아올린 작은 공(조세희)"),
    ("안녕, 나나(나윤아)", "안녕 나나（나윤아）"),
    ("나미야 잡화점의 기적(히가시노 게이고)", "나미야잡하점의 기적(히가시노 게이고)"),
    ("아몬드(손원평)", "아몬드"),
    ("해리 포터 제2권(조앤 롤링)", "해리 포터 2(조앤 K. 롤링)"),
    ("유럽도시 기행I(유시민)", "유럽도시 기행 1(유시민)"),
    ("어린 왕자(비룡소 클래식)(생텍쥐페리)", "어린왕자(앙투안 드 생텍쥐페리)"),
    ("공정하다는 착각(마이클 샌델)", "공정하다는 착각(마이클 센델)"),
    ("1984(조지 오웰)", "1984(조지오웰)"),
    ("『데미안』(헤르만 헤세)", "데미안(헤르만 헤세 지음)"),
    ("총, 균, 쇠(재레드 다이아몬드)", "총 균 쇠: 무기, 병균, 금속은 인류의 운명을 어떻게 바꿨는가(재레드 다이아몬드)"),
]
OTHER_BOOK = [
    ("해리 포터 1(조앤 롤링)", "해리 포터 2(조앤 롤링)"),
    ("토지 상(박경리)", "토지 하(박경리)"),
    ("토지(상)(박경리)", "토지(하)(박경리)"),
    ("골든 아워1(이국종)", "골든 아워2(이국종)"),
    ("나무 집 13층(앤디 그리피스)", "나무 집 26층(앤디 그리피스)"),
    ("말의 품격(이기주)", "글의 품격(이기주)"),
    ("변신(프란츠 카프카)", "분신(표도르 도스토옙스키)"),
    ("미술관에 간 화학자(전창림)", "미술관에 간 수학자(이광연)"),
    ("삼국유사(일연)", "삼국사기(김부식)"),
    ("트렌드 코리아 2023(김난도)", "트렌드 코리아 2024(김난도)"),
]


@pytest.mark.parametrize(("a", "b"), SAME_BOOK)
def test_one_book_written_in_two_ways_is_found_in_both_orders(a, b):
    assert compare_books(a, b).verdict == "same"
    assert compare_books(b, a).score == compare_books(a, b).score


@pytest.mark.parametrize(("a", "b"), OTHER_BOOK)
def test_other_volumes_and_other_words_are_other_books(a, b):
    assert compare_books(a, b).verdict == "different"
    assert compare_books(b, a).verdict == "different"


def test_equal_titles_by_different_authors_are_to_be_looked_at():
    assert compare_books("변신(프란츠 카프카)", "변신(히가시노 게이고)") == Comparison(
        0.85, "check", ("제목이 같습니다", "저자가 다릅니다: 프란츠 카프카 / 히가시노 게이고")
    )


def test_a_volume_on_one_side_only_is_to_be_looked_at():
    assert compare_books("먼나라 이웃나라(이원복)", "먼나라 이웃나라 1(이원복)") == Comparison(
        0.85, "check", ("제목이 같습니다", "한쪽에만 권 표시가 있습니다: 1")
    )


def test_the_next_volume_of_a_book_whose_first_has_no_number_is_another_book():
    assert compare_books("불편한 편의점(김호연)", "불편한 편의점 2(김호연)") == Comparison(
        0.75, "different", ("제목이 같습니다", "한쪽에만 권 표시가 있습니다: 2(번호가 없는 것은 첫 권일 수 있습니다)")
    )
    assert compare_books("해변의 카프카(무라카미 하루키)", "해변의카프카하(무라카미 하루키)").verdict == "check"


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ("백년의 고독(마르케스)", "100년의 고독(가브리엘 가르시아 마르케스)", "same"),
        ("와이 화학(전지은)", "Why? 화학(전지은)", "same"),
        ("나무집 104층(앤디 그리피스)", "나무집 117층(앤디 그리피스)", "different"),
        (
            "로마인 이야기 1 로마는 하루아침에 이루어지지 않았다(시오노 나나미)",
            "로마인 이야기 1(시오노 나나미)",
            "same",
        ),
        ("몰입 두 번째 이야기(황농문)", "몰입 두 번째 야이기(황농문)", "same"),
        ("스노볼 [2](박소영)", "스노볼 2(박소영)", "same"),
        ("스노볼 [2](박소영)", "스노볼(박소영)", "different"),
        ("신과 함께: 신화편 [하](주호민)", "신과함께:신화편중(주호민)", "different"),
        ("신과 함께: 이승편 하(주호민)", "신과 함께: 저승편 하(주호민)", "different"),
        ("헝거 게임(수잔 콜린스)", "헝거 게임: 모킹제이(수잔 콜린스)", "check"),
        ("퇴마록 세계편 1(이우혁)", "퇴마록 말세편 1(이우혁)", "different"),
        ("냉정과 열정 사이 Rosso(에쿠니 가오리)", "냉정과 열정사이 로소(에쿠니 가오리)", "check"),
        ("월든(헨리 데이비드 소로)", "월튼(헨리 데이비드 소로)", "check"),
        ("점프 투 파이썬(박응용)", "점프 투 파이썬 전면 개정 2판(박응용)", "same"),
        ("사피엔스(유발 하라리)", "사피엔스 10주년 특별 양장판(유발 하라리)", "same"),
        ("야간 비행(생텍쥐페리)", "야간 비행(청소년판)(생텍쥐페리)", "check"),
        ("야간 비행(생텍쥐페리)", "야간 비행 그래픽노블(생텍쥐페리)", "different"),
        ("정의란 무엇인가(마이클 샌델)", "10대를 위한 정의란 무엇인가(마이클 샌델)", "different"),
        ("예루살렘의 아이히만(한나 아렌트)", "예루살렘의 아이히만 악의 평범성에 대한 보고서(한나 아렌트)", "check"),
        ("이상한 수학책(벤 올린)", "더 이상한 수학책(벤 올린)", "different"),
        ("눈먼 자들의 도시(주제 사라마구)", "눈뜬 자들의 도시(주제 사라마구)", "different"),
        ("행복한 왕자(오스카 와일드)", "행복한 황자(오스카 와일드)", "check"),
        ("죽고 싶지만 떡볶이는 먹고 싶어(백세희)", "죽고싶지만 떡볶이는 먹고싶다(백세희)", "check"),
        ("침묵의 봄(레이첼 카슨)", "침묵의 봄(작자 미상)", "same"),
        ("별(황순원)", "별", "check"),
        ("시간의 역사(스티븐 호킹)", "시간의 역ㅅㅏ(스티븐 호킹)", "same"),
    ],
)
def test_what_real_titles_hold(a, b, verdict):
    assert compare_books(a, b).verdict == verdict
    assert compare_books(b, a).verdict == verdict


def test_every_differing_field_has_its_reason():
    a, b = "코스모스 2: 가능한 세계들(개정판)(앤 드루얀)", "코스모스 2: 가능한 세게들(앤 드류얀)"
    assert compare_books(a, b).reasons == (
        "제목이 같습니다",
        "부제를 조금 다르게 적었습니다: 가능한 세계들 / 가능한 세게들",
        "판이나 출판사 표시만 다릅니다: 개정판 / 없음",
        "저자 표기가 조금 다릅니다: 앤 드루얀 / 앤 드류얀",
    )


def test_the_reason_names_the_differing_word():
    assert compare_books("수학의 역사(지즈강)", "수학의 역샤(지즈강)").reasons == (
        "제목에서 한 글자가 다릅니다: 역사 / 역샤",
        "사전에 없는 말이 있어 잘못 적은 것으로 보입니다: 역사 / 역샤",
        "형태소 유사도 1.50 (똑같으면 2.00)",
    )


def test_a_swapped_pair_of_letters_is_called_so():
    reason = compare_books("오디세이아(호메로스)", "오세디이아(호메로스)").reasons[0]
    assert reason == "제목에서 글자의 순서가 다릅니다: 오디세이아 / 오세디이아"


def test_no_cutoff_shows_other_volumes():
    assert compare_books("토지 1", "토지 2", cutoff=0.0).verdict == "different"


def test_the_cutoff_moves_what_is_shown():
    pair = ("변신(프란츠 카프카)", "변신(히가시노 게이고)")
    assert [compare_books(*pair, cutoff=cutoff).verdict for cutoff in (0.8, 0.86)] == ["check", "different"]


def test_scores_stay_between_0_and_1_and_equal_books_score_1():
    books = [book for pair in SAME_BOOK + OTHER_BOOK for book in pair]
    assert all(0 <= compare_books(a, b).score <= 1 for a, b in itertools.combinations(books, 2))
    assert {compare_books(book, book).score for book in books} == {1.0}


def test_texts_without_letters_are_compared_without_failing():
    assert compare_books("", "").verdict == "same"
    assert compare_books("", "아몬드").verdict == "different"
    assert compare_books("!!!", "???").score <= 1


def test_a_pair_that_looks_the_same_scores_above_its_cutoff():
    assert all(compare_books(a, b).score >= SAME_CUTOFF for a, b in SAME_BOOK)
