"""What the whole upload says decides what two books alone leave open."""

import pandas as pd

from schoolkit.reading.evidence import Evidence
from schoolkit.reading.similarity import CHECK_CUTOFF, compare_books, compare_parts
from schoolkit.reading.titles import title_parts


def judged(pair: tuple[str, str], pupils: tuple[int, int], also: dict[str, int] | None = None):
    """The comparison of two books that so many pupils of an upload have, beside ``also``."""
    evidence = Evidence(pd.Series(dict(zip(pair, pupils, strict=True)) | (also or {})))
    return compare_parts(*map(title_parts, pair), CHECK_CUTOFF, evidence)


def test_equal_titles_by_authors_whom_several_pupils_read_are_two_books():
    pair = ("고향(루쉰)", "고향(현진건)")
    assert compare_books(*pair).verdict == "check"
    found = judged(pair, (5, 3))
    assert (found.score, found.verdict) == (0.7, "different")
    assert found.reasons == ("제목이 같습니다", "저자가 다르고, 두 책을 여러 학생이 따로 적었습니다: 루쉰 / 현진건")
    assert judged(pair, (5, 2)).verdict == "check"


def test_words_that_several_pupils_have_each_are_two_books():
    pair = ("행복한 왕자(오스카 와일드)", "행복한 황자(오스카 와일드)")
    assert compare_books(*pair).verdict == "check"
    found = judged(pair, (40, 12))
    assert found.verdict == "different"
    assert "올린 기록에서 두 제목을 40명과 12명이 따로 적어 다른 책으로 보입니다" in found.reasons


def test_a_slip_that_a_whole_class_copied_stays_a_slip():
    pair = ("민트문(탁경은)", "민트몬(탁경은)")
    assert judged(pair, (60, 29)) == compare_books(*pair)


def test_a_rare_title_beside_a_common_one_is_likelier_a_slip():
    pair = ("설자은, 금성으로 돌아오다(정세랑)", "설자은, 금성로 돌아다(정세랑)")
    assert compare_books(*pair).verdict == "different"
    found = judged(pair, (30, 1))
    assert found.verdict == "check"
    assert "올린 기록에서 한 제목은 학생 30명, 다른 제목은 1명만 적었습니다" in found.reasons
    assert judged(pair, (4, 1)).verdict == "different"


def test_a_rare_title_of_other_words_stays_another_book():
    assert judged(("변신(히가시노 게이고)", "분신(히가시노 게이고)"), (80, 1)).verdict == "different"


def test_where_the_first_volume_is_numbered_a_title_without_number_is_unclear():
    pair = ("스타시커(팀 보울러)", "스타시커 2(팀 보울러)")
    assert judged(pair, (1, 9)).verdict == "different"
    assert judged(pair, (1, 9), also={"스타시커 1(팀 보울러)": 1}).verdict == "check"


def test_a_missing_author_is_unclear_where_two_authors_have_the_title():
    pair = ("변신", "변신(프란츠 카프카)")
    assert judged(pair, (1, 9)).verdict == "same"
    found = judged(pair, (1, 9), also={"변신(히가시노 게이고)": 4})
    assert (found.verdict, found.reasons[-1]) == (
        "check",
        "한쪽에는 저자가 없습니다: 없음 / 프란츠 카프카(제목이 같은 다른 책이 있습니다)",
    )


def test_a_missing_subtitle_is_unclear_where_the_title_has_several():
    subtitle = "지구를 지키는 스물네 가지 방법"
    pair = ("환경 수업(김하나)", f"환경 수업: {subtitle}(김하나)")
    assert judged(pair, (3, 3)).verdict == "same"
    assert judged(pair, (3, 3), also={"환경 수업: 바다를 살리는 서른 가지 방법(김하나)": 3}).verdict == "check"
