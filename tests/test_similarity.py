"""Two books: score, verdict, reasons."""

import itertools
import random

import pytest

import schoolkit
from schoolkit.reading.alignment import likeness, slips
from schoolkit.reading.morphemes import morpheme_similarity, morphemes, unshared
from schoolkit.reading.similarity import SAME_CUTOFF, Comparison, compare_books
from schoolkit.reading.titles import title_parts

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


def test_the_reason_names_the_differing_word():
    assert compare_books("수학의 역사(지즈강)", "수학의 역샤(지즈강)").reasons == (
        "제목에서 한 글자가 다릅니다: 역사 / 역샤",
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


def test_the_talks_figure_counts_morphemes_of_both_per_distinct_one():
    assert morpheme_similarity("수학의 역사", "수학의 역사") == 2.0
    assert morpheme_similarity("수학의 역사", "수학의 역샤") == 6 / 4
    assert morpheme_similarity("아몬드", "데미안") == 1.0
    assert morpheme_similarity("", "") == 0.0
    assert schoolkit.morpheme_similarity is morpheme_similarity


def test_kiwi_knows_the_words_of_the_dictionary_from_those_it_guesses():
    assert [(one.form, one.known) for one in morphemes("수학의 역샤")] == [
        ("수학", True),
        ("의", True),
        ("역샤", False),
    ]
    assert [[one.form for one in side] for side in unshared("말의 품격", "글의 품격")] == [["말"], ["글"]]


def plain_slips(a: str, b: str) -> float:
    """The recursive definition of optimal string alignment, with the same costs."""
    from schoolkit.reading import alignment as one

    def gap(text, at):
        return one._SMALL_GAP if (at and text[at] == text[at - 1]) or text[at] in one._PARTICLES else one._GAP

    def cost(i, j):
        if not i and not j:
            return 0.0
        found = []
        if i:
            found.append(cost(i - 1, j) + gap(a, i - 1))
        if j:
            found.append(cost(i, j - 1) + gap(b, j - 1))
        if i and j:
            found.append(cost(i - 1, j - 1) + one._exchange(a[i - 1], b[j - 1]))
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1] and a[i - 1] != b[j - 1]:
            found.append(cost(i - 2, j - 2) + one._SWAP)
        return min(found)

    return cost(len(a), len(b))


def test_the_alignment_equals_its_plain_definition_on_random_texts():
    draw = random.Random(3)
    for _ in range(300):
        a, b = ("".join(draw.choices("가각나의에1", k=draw.randint(0, 5))) for _ in "ab")
        assert slips(a, b) == pytest.approx(plain_slips(a, b))
        assert slips(a, b) == pytest.approx(slips(b, a))


def test_likeness_falls_with_the_cost_per_syllable():
    assert likeness("수학의역사", "수학의역샤") == pytest.approx(1 - 0.35 / 5)
    assert likeness("", "") == 1.0
    assert likeness("", "책") == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("book", "main", "volume", "subtitle", "author"),
    [
        ("골든 아워1(이국종)", "골든아워", "1", "", "이국종"),
        ("유럽도시 기행I(유시민)", "유럽도시기행", "1", "", "유시민"),
        ("삼국지 Ⅲ(나관중)", "삼국지", "3", "", "나관중"),
        ("설민석의 한국사 대모험 (2권)(설민석)", "설민석의한국사대모험", "2", "", "설민석"),
        ("토지(상)", "토지", "상", "", ""),
        ("1984(조지 오웰)", "1984", "", "", "조지 오웰"),
        ("1Q84 3(무라카미 하루키)", "1q84", "3", "", "무라카미 하루키"),
        ("1Q84(3)(무라카미 하루키)", "1q84", "3", "", "무라카미 하루키"),
        ("1Q84", "1q84", "", "", ""),
        ("먼나라 이웃나라 Vol. 9(이원복)", "먼나라이웃나라", "9", "", "이원복"),
        ("시간을 파는 상점 2: 너를 위한 시간(김선영)", "시간을파는상점", "2", "너를위한시간", "김선영"),
        ("세상의 모든 세상(한상)", "세상의모든세상", "", "", "한상"),
    ],
)
def test_a_title_falls_into_its_parts(book, main, volume, subtitle, author):
    parts = title_parts(book)
    assert (parts.main, parts.volume, parts.subtitle, parts.author) == (main, volume, subtitle, author)


def test_a_pair_that_looks_the_same_scores_above_its_cutoff():
    assert all(compare_books(a, b).score >= SAME_CUTOFF for a, b in SAME_BOOK)
