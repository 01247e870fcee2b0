"""Two authors as written: the same people, or not."""

import pytest

from schoolkit.reading.authors import Agreement, agreement, people


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("칼 세이건 저, 홍승수 역", ["칼 세이건"]),
        ("사이먼 싱 지음·박병철 옮김", ["사이먼 싱"]),
        ("표도르 도스토옙스키(김연경 역)", ["표도르 도스토옙스키"]),
        ("팀 보울러(지은이)", ["팀 보울러"]),
        ("최재천, 안희경", ["최재천", "안희경"]),
        ("한강 외", ["한강"]),
        ("임솔아 외 6명", ["임솔아"]),
        ("전도연 엮음", ["전도연"]),
        ("김연경 옮김", ["김연경"]),
        ("작자 미상", []),
        ("저자미상", []),
        ("", []),
        (" ", []),
        ("-", []),
    ],
)
def test_who_wrote_a_book(author, names):
    assert people(author) == tuple(frozenset(name.split()) for name in names)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("이기주", "이기주 글", Agreement.EQUAL),
        ("최재천, 안희경", "안희경·최재천", Agreement.EQUAL),
        ("J. M. 바스콘셀로스", "J.M. 바스콘셀로스", Agreement.EQUAL),
        ("무라카미 류", "무라카미류", Agreement.EQUAL),
        ("앙투안 드 생텍쥐페리", "생텍쥐페리 글·그림", Agreement.FORM),
        ("사이먼 싱", "싱", Agreement.FORM),
        ("F. 스콧 피츠제럴드", "스콧 피츠제럴드", Agreement.FORM),
        ("리처드 바크", "리처드 바크, 류시화", Agreement.FORM),
        ("도스토옙스키", "표도르 도스또예프스끼", Agreement.FORM),
        ("앙투안 드 생텍쥐페리", "생떽쥐베리", Agreement.FORM),
        ("진 웹스터", "Jean Webster", Agreement.FORM),
        ("루쉰", "노신", Agreement.FORM),
        ("이희영", "이영희", Agreement.SLIP),
        ("한강", "강한", Agreement.SLIP),
        ("위화", "위하", Agreement.SLIP),
        ("리처드 도킨스", "래처드 도킨스", Agreement.FORM),
        ("위화", "", Agreement.MISSING),
        ("레이첼 카슨", "작자 미상", Agreement.MISSING),
        ("하퍼 리", "Kim", Agreement.SCRIPT),
        ("김동인", "김동리", Agreement.DOUBTFUL),
        ("루쉰", "현진건", Agreement.OTHER),
        ("프란츠 카프카", "히가시노 게이고", Agreement.OTHER),
        ("황순원", "알퐁스 도데", Agreement.OTHER),
        ("김하나", "박하늘", Agreement.OTHER),
    ],
)
def test_how_two_authors_agree_in_both_orders(a, b, expected):
    assert agreement(a, b) is expected
    assert agreement(b, a) is expected
