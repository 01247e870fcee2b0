"""Two books -> how likely they are one, a verdict and the reasons in a teacher's words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .alignment import likeness
from .books import bare_text
from .marks import differing_fragments
from .morphemes import morpheme_similarity, unshared
from .titles import TitleParts, title_parts

SAME_CUTOFF = 0.9
CHECK_CUTOFF = 0.8
"""From these scores on a pair is ``same`` (act on it) or ``check`` (look at it).

Chosen on labelled pairs of real titles: a slip of one letter in a title of four syllables
scores 0.91, another word of two syllables in a title of eight scores 0.78.
"""

# Equal titles whose books differ otherwise: all the same book, the plainest first.
_BY_SIGNS, _BY_AUTHOR_FORM, _BY_AUTHOR_MISSING, _BY_SUBTITLE, _BY_NOTE = 0.99, 0.98, 0.97, 0.96, 0.95
_NOT_SURE = 0.85  # everything agrees but for something that a teacher should look at
_OTHER_WORDS = 0.7
_OTHER_BOOK = 0.3
_WORTH_ANALYSING = 0.6  # titles less alike are other books whatever their morphemes

_DERIVED = re.compile(
    r"청소년|어린이|만화|그래픽|10대|십대|초등|중학생|문제집|워크북|해설|필사|그림책|동화로|쉽게읽는|한권으로"
)
_ROLES = re.compile(
    r"\s+(?:지음|지은이|옮김|옮긴이|엮음|엮은이|글|그림|글그림|원작|저|역|편|편저|공저|외)(?=\s|$)|\((?:지은이|옮긴이|지음|옮김|글|그림|저|역)\)"
)


@dataclass(frozen=True)
class Comparison:
    """What became of comparing two books.

    Attributes:
        score: from 0 (nothing in common) to 1 (the same book).
        verdict: ``same`` (act on it), ``check`` (look at it) or ``different``.
        reasons: why, in Korean, the weightiest first.
    """

    score: float
    verdict: str
    reasons: tuple[str, ...]


def compare_books(a: str, b: str, *, cutoff: float | None = None) -> Comparison:
    """Whether two books as written, e.g. ``제목(저자)``, are the same one.

    Volumes and numbers must agree; titles are aligned syllable by syllable, so that one
    wrong letter costs little and another word much; where both sides differ in whole words
    that Kiwi knows, they are other books; another author makes equal titles doubtful.

    Args:
        cutoff: the least score of the verdict ``check``; by default ``CHECK_CUTOFF``.

    >>> found = compare_books("수학의 역사(지즈강)", "수학의 역샤(지즈강)")
    >>> found.score, found.verdict, found.reasons[0]
    (0.93, 'same', '제목에서 한 글자가 다릅니다: 역사 / 역샤')
    >>> compare_books("해리 포터 1(조앤 롤링)", "해리 포터 2(조앤 롤링)").verdict
    'different'
    """
    return compare_parts(title_parts(a), title_parts(b), CHECK_CUTOFF if cutoff is None else cutoff)


def verdict_of(score: float, cutoff: float) -> str:
    """The verdict of a score: a cutoff above ``SAME_CUTOFF`` also hides pairs that look the same.

    Other volumes and numbers are other books at any cutoff.
    """
    if score < cutoff or score <= _OTHER_BOOK:
        return "different"
    return "same" if score >= SAME_CUTOFF else "check"


def compare_parts(a: TitleParts, b: TitleParts, cutoff: float) -> Comparison:
    """As :func:`compare_books`, for books that are already cut into their parts."""
    if bare_text(a.written) == bare_text(b.written) and a.volume == b.volume:
        if a.written == b.written:
            return Comparison(1.0, verdict_of(1.0, cutoff), ("글자까지 똑같습니다",))
        return Comparison(_BY_SIGNS, verdict_of(_BY_SIGNS, cutoff), ("띄어쓰기와 문장 부호만 다릅니다",))
    score, reasons = _titles(a, b)
    for limit, reason in (_volumes(a, b), _subtitles(a, b), _notes(a, b), _authors(a, b)):
        score = min(score, limit)
        if reason:
            reasons.append(reason)
    score = round(score, 4)
    return Comparison(score, verdict_of(score, cutoff), tuple(reasons))


def _titles(a: TitleParts, b: TitleParts) -> tuple[float, list[str]]:
    if a.numbers != b.numbers:
        return min(_OTHER_BOOK, likeness(a.main, b.main)), [
            f"제목의 숫자가 다릅니다: {_listed(a.numbers)} / {_listed(b.numbers)}"
        ]
    if a.main == b.main:
        if a.readable == b.readable:
            return 1.0, ["제목이 같습니다"]
        return _BY_SIGNS, ["제목의 띄어쓰기나 문장 부호만 다릅니다"]
    if a.main + a.subtitle == b.main + b.subtitle:
        return _BY_SIGNS, ["제목의 띄어쓰기나 문장 부호만 다릅니다"]
    score = likeness(a.main, b.main)
    for one, other in ((a, b), (b, a)):
        if one.subtitle:  # the other may hold it without a sign before it
            score = max(score, likeness(one.main + one.subtitle, other.main))
    reasons = [_title_reason(a.readable, b.readable)]
    if score >= _WORTH_ANALYSING:
        score = min(score, _words(a.readable, b.readable, score))
        reasons.append(f"형태소 유사도 {morpheme_similarity(a.readable, b.readable):.2f} (똑같으면 2.00)")
    return score, reasons


def _words(a: str, b: str, score: float) -> float:
    """The most that titles may score that differ in whole words of the dictionary.

    변신 and 분신 are one letter apart, but both are words: two books. 역샤 is no word: a slip.
    """
    only_a, only_b = unshared(a, b)
    if not (only_a and only_b) or not all(one.known for one in only_a + only_b):
        return score
    words_a, words_b = ("".join(one.form for one in only if one.tag[0] in "NVMX") for only in (only_a, only_b))
    if not (words_a and words_b) or words_a in words_b or words_b in words_a:
        return score
    # the more the words themselves are alike and the more stands around them, the likelier a slip
    alike = likeness(words_a, words_b)
    if alike >= 0.85:
        return score
    return min(score, _NOT_SURE if alike >= 0.6 and score >= 0.9 else _OTHER_WORDS)


def _title_reason(a: str, b: str) -> str:
    marks_a, marks_b = differing_fragments(bare_text(a), bare_text(b))
    count = max(sum(len(text) for text, differs in marks if differs) for marks in (marks_a, marks_b))
    if not count:
        return "제목의 띄어쓰기나 문장 부호만 다릅니다"
    words_a, words_b = _differing_words(a, b)
    if sorted(bare_text(a)) == sorted(bare_text(b)):
        return f"제목에서 글자의 순서가 다릅니다: {words_a} / {words_b}"
    how_many = {1: "한 글자가", 2: "두 글자가", 3: "세 글자가"}.get(count, "여러 글자가")
    return f"제목에서 {how_many} 다릅니다: {words_a or '(없음)'} / {words_b or '(없음)'}"


def _differing_words(a: str, b: str) -> tuple[str, str]:
    """The words of both titles from the first to the last that differ."""
    words_a, words_b = a.split(), b.split()
    while words_a and words_b and words_a[0] == words_b[0]:
        del words_a[0], words_b[0]
    while words_a and words_b and words_a[-1] == words_b[-1]:
        del words_a[-1], words_b[-1]
    return " ".join(words_a), " ".join(words_b)


def _listed(numbers: tuple[str, ...]) -> str:
    return ", ".join(numbers) or "없음"


def _volumes(a: TitleParts, b: TitleParts) -> tuple[float, str]:
    if a.volume == b.volume:
        return 1.0, ""
    if a.volume and b.volume:
        return _OTHER_BOOK, f"권이 다릅니다: {a.volume} / {b.volume}"
    return _NOT_SURE, f"한쪽에만 권 표시가 있습니다: {a.volume or b.volume}"


def _subtitles(a: TitleParts, b: TitleParts) -> tuple[float, str]:
    if a.subtitle == b.subtitle:
        return 1.0, ""
    if a.subtitle and b.subtitle:
        alike = likeness(a.subtitle, b.subtitle)
        return (_BY_SUBTITLE if alike >= 0.8 else 0.5), "부제가 다릅니다"
    return _BY_SUBTITLE, "한쪽에만 부제가 있습니다"


def _notes(a: TitleParts, b: TitleParts) -> tuple[float, str]:
    if a.notes == b.notes:
        return 1.0, ""
    derived = [bool(_DERIVED.search(" ".join(one.notes))) for one in (a, b)]
    reason = f"괄호 안의 표시가 다릅니다: {', '.join(a.notes) or '없음'} / {', '.join(b.notes) or '없음'}"
    return (_NOT_SURE if derived[0] != derived[1] else _BY_NOTE), reason


def _authors(a: TitleParts, b: TitleParts) -> tuple[float, str]:
    people_a, people_b = _people(a.author), _people(b.author)
    if people_a == people_b:
        return 1.0, ""
    if not people_a or not people_b:
        return _BY_AUTHOR_MISSING, "한쪽에는 저자가 없습니다"
    shown = f"{a.author} / {b.author}"
    if any(_one_person(one, other) for one in people_a for other in people_b):
        return _BY_AUTHOR_FORM, f"저자 표기가 조금 다릅니다: {shown}"
    scripts = [bool(re.search("[가-힣]", "".join(people))) for people in (people_a, people_b)]
    if scripts[0] != scripts[1]:
        return _NOT_SURE, f"저자를 적은 글자가 다릅니다: {shown}"
    # equal titles by other people are rare but real, similar ones are other books
    return (_NOT_SURE if a.main == b.main else 0.5), f"저자가 다릅니다: {shown}"


def _people(author: str) -> frozenset[str]:
    names = re.split(r"[,;/·&]|\s외\b|\s와\s|\s및\s", _ROLES.sub("", f"{author} "))
    return frozenset(bare for name in names if (bare := bare_text(name)))


def _one_person(a: str, b: str) -> bool:
    if len(min(a, b, key=len)) >= 2 and (a in b or b in a):
        return True
    return likeness(a, b) >= 0.62
