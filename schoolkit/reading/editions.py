"""Words beside a title that name an edition of the book, or another book made of it."""

from __future__ import annotations

import re

_MAKES = (
    r"(?:전면\s*)?개정(?:\s*증보)?|증보|개역|개정\s*신|특별|한정|기념|보급|특별\s*보급|양장|반양장|무선|완역|완전|무삭제|확장|결정|최신|합본"
    r"|초|재|신|구|큰\s*글씨|큰\s*글자|문고|컬러|애장|소장|고급|스페셜|리마스터"
)
_KEPSAKE = r"(?:\d+\s*(?:만\s*)?(?:주년|쇄|부|권)|출간|수상|영화화)(?:\s*(?:돌파|기념))*"
_EDITION = (
    rf"(?:{_KEPSAKE}\s*)*(?:(?:(?:{_MAKES})\s*)+판(?:\s*\d+\s*쇄)?|(?:(?:{_MAKES})\s*)*(?:제\s*)?\d+\s*판|기념(?:판|본)?"
    r"|(?:(?:리커버|스페셜|특별|기념|한정|리미티드|컬렉터스|프리미엄|디럭스|골드|블랙|윈터|썸머|봄|여름|가을|겨울|벚꽃|양장|무선|개정|일러스트|미니)\s*)?"
    r"(?:에디션|edition)|리커버(?:링)?(?:\s*(?:판|북))?|초판본|완역본?|양장본?|무선본?|합본|세트|박스\s*세트|큰\s*글(?:자|씨)\s*(?:도서|책)"
    r"|전자책|e[\s-]*북|e-?book|오디오\s*북|리마스터|포켓북|페이퍼백|하드커버)"
)
_FORMAT = (
    r"전집|선집|완결|문고본?|번역본|원서|영문판?|영한\s*대역|한영\s*대역|영어판|한국어판|\d+쇄|hardcover|paperback"
    r"|.*(?:에디션|edition)"
)
_IMPRINT = (
    r"[가-힣A-Za-z0-9 ]*(?:출판사?|북스|미디어|하우스|books|클래식스?|세계\s*문학(?:\s*전집|선)?|청소년\s*문학선?"
    r"|한국\s*문학(?:\s*전집)?|문고|시리즈|시인선|소설선|시선)(?:\s*\d+)?"
    r"|창비|민음사|비룡소|문학동네|사계절|열린책들|시공사|문학과\s*지성사|현대문학|을유문화사|범우사|푸른책들|김영사"
    r"|돌베개|휴머니스트|한길사|까치|보물창고|더스토리|생각의나무|다산책방|자음과모음|해냄|푸른숲|들녘|책세상|웅진|교보문고"
)
_READERS = r"(?:청소년|10대|십대|어린이|초등학생|중학생|고등학생|주니어)"
_DERIVED = (
    rf"(?:{_READERS}|초등|유아|만화|축약|요약|그림책|동화|교과서|학습)\s*[판본]|{_READERS}"
    r"|(?:학습\s*)?만화|코믹스?|그래픽\s*(?:노블|히스토리)|그림책|필사\s*(?:노트|북)?|문제집|워크북|해설서?|독서\s*노트|논술|희곡|대본집"
    r"|(?:만화|그림|동화)(?:으?로)?\s*(?:보는|읽는|만나는|배우는|이해하는|풀어\s*쓴)"
)

_EDITION_ALONE = re.compile(rf"{_EDITION}|{_FORMAT}", re.IGNORECASE)
_EDITION_BEHIND = re.compile(rf"(?<=\S)\s+(?:{_EDITION})\s*$", re.IGNORECASE)
_EDITION_BEFORE = re.compile(
    r"^(?:초판본|초판|(?:완역|개정|증보|특별|양장|컬러|무삭제|완전)(?:판|본)|완역|원작)\s+(?=\S)", re.IGNORECASE
)
_IMPRINT_ALONE = re.compile(_IMPRINT, re.IGNORECASE)
_DERIVED_ALONE = re.compile(_DERIVED)
_DERIVED_BEHIND = re.compile(
    r"(?<=\S)\s+(?:청소년\s*판|어린이\s*판|만화(?:판|책)?|그래픽\s*(?:노블|히스토리)|코믹스?|문제집|워크북|필사\s*(?:노트|북)|해설서?"
    r"|독서\s*노트|그림책)\s*$"
)
_DERIVED_BEFORE = re.compile(r"^(?:청소년\s*판|어린이\s*판|만화\s*판|그래픽\s*(?:노블|히스토리))\s+(?=\S)")
RETOLD = re.compile(
    rf"^(?:(?:요즘\s*)?(?:{_READERS}|아이들?)(?:들)?\s*(?:을|를)?\s*(?:위한|위하여|위해|과\s*통하는|와\s*통하는)"
    r"|(?:학습\s*)?(?:만화|그림|동화)(?:으?로)?\s*(?:보는|읽는|만나는|배우는|이해하는|풀어\s*쓴)"
    r"|(?:짧고\s*)?쉽게\s*(?:쓴|읽는|풀어\s*쓴|배우는)|한\s*권으로\s*(?:읽는|끝내는)|처음\s*(?:읽는|만나는|시작하는)"
    r"|하룻밤에\s*읽는)\s*"
)
"""What begins the title of a book made anew of another one for other readers."""


def edition(note: str) -> bool:
    """Whether a text in brackets names an edition, a format or a publisher and nothing else.

    >>> edition("개정판"), edition("비룡소 클래식"), edition("현실 편")
    (True, True, False)
    """
    return bool(_EDITION_ALONE.fullmatch(note) or _IMPRINT_ALONE.fullmatch(note))


def only_abridged(derivation: str) -> bool:
    """Whether a derived book is the same text for younger readers, as far as its name says.

    >>> only_abridged("청소년판"), only_abridged("그래픽노블")
    (True, False)
    """
    return bool(re.fullmatch(rf"{_READERS}\s*[판본]?", derivation))


def derived(note: str) -> bool:
    """Whether a text in brackets names a book made of another one, such as ``청소년판``.

    >>> derived("청소년판"), derived("만화로 보는"), derived("개정판")
    (True, True, False)
    """
    return bool(_DERIVED_ALONE.fullmatch(note))


def without_edition(title: str) -> tuple[str, str]:
    """The title without the edition that stands before or behind it, and that edition.

    >>> without_edition("이기적 유전자 40주년 기념판")
    ('이기적 유전자', '40주년 기념판')
    """
    return _without(title, _EDITION_BEHIND, _EDITION_BEFORE)


def without_derivation(title: str) -> tuple[str, str]:
    """The title without the words that make it a book of another kind, and these words.

    >>> without_derivation("청소년판 무녀도"), without_derivation("무녀도 그래픽노블")
    (('무녀도', '청소년판'), ('무녀도', '그래픽노블'))
    """
    return _without(title, _DERIVED_BEHIND, _DERIVED_BEFORE)


def _without(title: str, *patterns: re.Pattern) -> tuple[str, str]:
    found = []
    for pattern in patterns:
        while (match := pattern.search(title)) and (rest := (title[: match.start()] + title[match.end() :]).strip()):
            found.append(match.group().strip())
            title = rest
    return title, " ".join(found)
