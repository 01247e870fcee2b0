"""What Kiwi says of the words in which two titles differ."""

import pytest

import schoolkit
from schoolkit.reading.morphemes import differing_runs, morpheme_similarity, morphemes
from schoolkit.reading.words import Difference, difference


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("수학의 역사", "수학의 역샤", (Difference.NO_WORD, "역사", "역샤")),
        ("변신", "분신", (Difference.BOTH_WORDS, "변신", "분신")),
        ("고려 이야기", "고구려 이야기", (Difference.BOTH_WORDS, "고려", "고구려")),
        ("메리골드 마음 세탁소", "메리골드 마음 사진관", (Difference.OTHER_WORDS, "세탁소", "사진관")),
        ("눈먼 자들의 도시", "눈뜬 자들의 도시", (Difference.OTHER_WORDS, "눈먼", "눈뜬")),
        ("이상한 수학책", "더 이상한 수학책", (Difference.OTHER_WORDS, "", "더")),
        ("연어", "연어 이야기", (Difference.OTHER_WORDS, "", "이야기")),
        ("비밀의 화원", "비밀에 화원", (Difference.ENDINGS, "의", "에")),
        ("아프니까 청춘이다", "아프니깐 청춘이다", (Difference.ENDINGS, "니까", "니깐")),
        ("난장이", "난쟁이", (Difference.UNCLEAR, "", "")),
        ("중1 시", "중1 소설", (Difference.OTHER_WORDS, "시", "소설")),
        ("기억 전달자", "기억 전달", (Difference.UNCLEAR, "", "")),
        ("모범생의 생존법", "모범의 생존법", (Difference.UNCLEAR, "", "")),
        ("술 권하는 사회", "권하는 사회", (Difference.UNCLEAR, "", "")),
        ("매스커레이드 나이트", "매스커레이드 이브", (Difference.OTHER_WORDS, "나이트", "이브")),
        ("아낌없이 주는 나무", "아없낌이 주는 나무", (Difference.UNCLEAR, "", "")),
        ("민트문", "민트몬", (Difference.UNCLEAR, "", "")),
        ("모모", "모모", (Difference.UNCLEAR, "", "")),
        ("", "", (Difference.UNCLEAR, "", "")),
    ],
)
def test_titles_differ_in_words_or_in_a_slip(a, b, expected):
    assert difference(a, b) == expected


def test_the_talks_figure_counts_morphemes_of_both_per_distinct_one():
    assert morpheme_similarity("수학의 역사", "수학의 역사") == 2.0
    assert morpheme_similarity("수학의 역사", "수학의 역샤") == 6 / 4
    assert morpheme_similarity("아몬드", "데미안") == 1.0
    assert morpheme_similarity("", "") == 0.0
    assert schoolkit.morpheme_similarity is morpheme_similarity


def test_kiwi_knows_the_words_of_the_dictionary_from_those_it_guesses():
    assert [(one.form, one.known, one.start, one.end) for one in morphemes("수학의 역샤")] == [
        ("수학", True, 0, 2),
        ("의", True, 2, 3),
        ("역샤", False, 4, 6),
    ]


def test_runs_that_differ_stand_side_by_side():
    (run,) = differing_runs("말의 품격", "글의 품격")
    assert [[one.form for one in side] for side in run] == [["말"], ["글"]]
