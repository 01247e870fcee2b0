"""Two books -> how likely they are one, a verdict and the reasons in a teacher's words."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace

from .alignment import likeness, slips
from .authors import Agreement, agreement, sounds_of
from .books import bare_text
from .editions import RETOLD, only_abridged
from .evidence import NO_EVIDENCE, Evidence
from .marks import differing_fragments
from .morphemes import morpheme_similarity
from .numerals import read_as
from .titles import TitleParts, title_parts
from .words import Difference, difference

SAME_CUTOFF = 0.9
CHECK_CUTOFF = 0.8
"""From these scores on a pair is ``same`` (act on it) or ``check`` (look at it).

Chosen on the development pairs, 502 labelled same and 618 different, with which the rules were
made, too. What scores .75, .8 or .85 and more has an F1 of .988, .998 or .993: from .75 on ten
pairs are found wrongly, from .85 on five more are missed than from .8 on. ``same`` has a
precision of 1.000 from .85, .9 and .95 on alike, with a recall of .986, .900 and .721. So the
pairs leave its place open; .9 is above what ``_NOT_SURE`` limits to .85, to be looked at.
"""

# Equal titles whose books differ otherwise: all the same book, the plainest first.
_BY_SIGNS, _BY_AUTHOR_FORM, _BY_AUTHOR_MISSING, _BY_SUBTITLE, _BY_EDITION = 0.99, 0.98, 0.97, 0.96, 0.95
_NOT_SURE = 0.85  # everything agrees but for something that a teacher should look at
_OTHER_EDITION = 0.82
_LIKELY_OTHER = 0.75
OTHER_WORDS = 0.7
_OTHER_AUTHOR = 0.5
_OTHER_BOOK = 0.3
WORTH_ANALYSING = 0.6  # titles less alike are other books whatever else agrees

_SURE_OF_TITLE = 0.89  # similar titles and similar authors together
_LESS_SURE = 0.05  # for an author who is missing beside a similar title; twice that for a doubtful one
_SHORT, _SUPPORT = 3, 0.03  # an equal author speaks for a similar title that is short
_TWO_SLIPS = 1.2
_PARTS = "상중하"
_LONG_TITLE, _LONG_SUBTITLE = 4, 8  # syllables: a shorter subtitle may name one book of a series

# How much likelier or less likely a slip is where Kiwi says this of the differing words.
_DEARER = {
    Difference.OTHER_WORDS: 1.6,
    Difference.BOTH_WORDS: 2.0,
    Difference.NO_WORD: 0.85,
    Difference.ENDINGS: 0.5,
    Difference.UNCLEAR: 1.0,
}


@dataclass(frozen=True, slots=True)
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
    (0.949, 'same', '제목에서 한 글자가 다릅니다: 역사 / 역샤')
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


def compare_parts(a: TitleParts, b: TitleParts, cutoff: float, evidence: Evidence = NO_EVIDENCE) -> Comparison:
    """As :func:`compare_books`, for books that are already cut into their parts.

    Args:
        evidence: what the whole upload says of the spellings.
    """
    if a.written == b.written:
        return Comparison(1.0, verdict_of(1.0, cutoff), ("글자까지 똑같습니다",))
    if bare_text(a.written) == bare_text(b.written) and a.volume == b.volume:
        return Comparison(_BY_SIGNS, verdict_of(_BY_SIGNS, cutoff), ("띄어쓰기와 문장 부호만 다릅니다",))
    if bool(a.volume) != bool(b.volume) and _alike_as_wholes(a, b):
        a, b = (replace(one, main=one.whole, readable=one.whole, volume="", subtitle="") for one in (a, b))
    a, b = _volume_apart(a, b), _volume_apart(b, a)
    score, reasons = _titles(a, b, evidence)
    if score >= WORTH_ANALYSING:
        for limit, reason in (
            _volumes(a, b, evidence),
            _subtitles(a, b, evidence),
            _editions(a, b),
            _authors(a, b, score, evidence),
        ):
            score = min(score, limit)
            if reason:
                reasons.append(reason)
    score = round(max(score, 0.0), 4)
    return Comparison(score, verdict_of(score, cutoff), tuple(reasons))


def _alike_as_wholes(a: TitleParts, b: TitleParts) -> bool:
    """Whether the volume of one title is a slip away from what the other holds, as in ``두 번째 야이기``."""
    if re.findall(r"[0-9]+", a.whole) != re.findall(r"[0-9]+", b.whole):
        return False
    if a.whole[-1:] != b.whole[-1:] and a.whole[-1:] in _PARTS and b.whole[-1:] in _PARTS:
        return False
    return abs(len(a.whole) - len(b.whole)) <= 1 and likeness(a.whole, b.whole) >= _NOT_SURE


def _volume_apart(one: TitleParts, other: TitleParts) -> TitleParts:
    """The book without the volume written onto its title, as in ``해변의카프카하``, where the other shows it."""
    if one.volume:
        return one
    if one.subtitle and other.subtitle:
        stem, volume = _stem(one.subtitle)
        if volume and stem in (other.subtitle, _stem(other.subtitle)[0]):
            return replace(one, subtitle=stem, volume=volume)
        return one
    stem, volume = _stem(one.main)
    if volume and stem in (other.main, other.main if other.volume else _stem(other.main)[0]):
        numbers = one.numbers[:-1] if volume.isdecimal() else one.numbers
        return replace(one, main=stem, readable=stem, volume=volume, numbers=numbers)
    return one


def _stem(text: str) -> tuple[str, str]:
    """A text and the volume at its end."""
    found = re.search(rf"(?<=.)(?:[{_PARTS}]|(?<!\d)\d{{1,2}}|(?<=\d\d)\d)$", text)
    return (text[: found.start()], found.group()) if found else (text, "")


def _titles(a: TitleParts, b: TitleParts, evidence: Evidence) -> tuple[float, list[str]]:
    if a.main == b.main:
        if a.readable == b.readable:
            return 1.0, ["제목이 같습니다"]
        return _BY_SIGNS, ["제목의 띄어쓰기나 문장 부호만 다릅니다"]
    if a.main + a.subtitle == b.main + b.subtitle:
        return _BY_SIGNS, ["제목의 띄어쓰기나 문장 부호만 다릅니다"]
    main_a, main_b = read_as(a.main, b.main), read_as(b.main, a.main)
    if main_a == main_b:
        return _BY_AUTHOR_FORM, ["제목의 숫자나 로마자를 적은 방식만 다릅니다"]
    if _read_in_other_letters(a.main, b.main):
        return _NOT_SURE, ["로마자와 한글로 적은 것만 다릅니다"]
    if a.numbers == b.numbers:
        main_a, main_b = a.main, b.main
    elif re.findall(r"[0-9]+", main_a) != re.findall(r"[0-9]+", main_b):
        shown = " / ".join(", ".join(one.numbers) or "없음" for one in (a, b))
        return min(_OTHER_BOOK, likeness(main_a, main_b)), [f"제목의 숫자가 다릅니다: {shown}"]
    for one, other in ((a, b), (b, a)):
        young = RETOLD.match(one.readable)
        if young and not RETOLD.match(other.readable):
            rest = bare_text(one.readable[young.end() :])
            if rest and likeness(rest, other.main) >= SAME_CUTOFF:
                return OTHER_WORDS, [f"'{young.group().strip()}' 책은 원래 책과 다른 책으로 보입니다"]
    return _unequal_titles(a, b, main_a, main_b, evidence)


def _read_in_other_letters(a: str, b: str) -> bool:
    """Whether two titles differ in one word that is Latin in one and sounds like it in the other."""
    at = len(os.path.commonprefix([a, b]))
    behind = len(os.path.commonprefix([a[at:][::-1], b[at:][::-1]]))
    words = sorted((a[at : len(a) - behind], b[at : len(b) - behind]))
    if not (re.fullmatch("[a-z]{3,}", words[0]) and re.fullmatch("[가-힣]{2,}", words[1])):
        return False
    latin, hangul = map(sounds_of, words)
    return len(hangul) > 1 and likeness(latin, hangul) >= WORTH_ANALYSING


def _unequal_titles(
    a: TitleParts, b: TitleParts, main_a: str, main_b: str, evidence: Evidence
) -> tuple[float, list[str]]:
    score = likeness(main_a, main_b)
    for one, other in ((a, b), (b, a)):
        if continued(one.readable, other.readable) and agreement(a.author, b.author) >= Agreement.FORM:
            return _OTHER_EDITION, ["한쪽 제목 뒤에 부제로 보이는 말이 이어집니다"]
        if one.subtitle:  # the other may hold it without a sign before it
            whole = one.main + one.subtitle
            if likeness(whole, other.main) > score:
                main_a, main_b = whole, other.main
                score = likeness(main_a, main_b)
    reasons = [_title_reason(a.readable, b.readable)]
    if score < WORTH_ANALYSING:
        return score, reasons
    cost, agreed = slips(main_a, main_b), agreement(a.author, b.author)
    kind, word_a, word_b = difference(a.readable, b.readable)
    score = likeness(main_a, main_b, _DEARER[kind])
    if kind is Difference.OTHER_WORDS:
        score = min(score, OTHER_WORDS)
        reasons.append(_both_words(word_a, word_b))
    elif kind is Difference.BOTH_WORDS:
        score = min(score, _SURE_OF_TITLE)
        reasons.append(_both_words(word_a, word_b))
    elif kind is Difference.NO_WORD:
        reasons.append(f"사전에 없는 말이 있어 잘못 적은 것으로 보입니다: {word_a} / {word_b}")
    elif kind is Difference.ENDINGS:
        reasons.append("조사나 어미만 다릅니다")
    if agreed is Agreement.EQUAL and len(main_a) <= _SHORT:
        score = max(score, min(score + _SUPPORT, _SURE_OF_TITLE))
    if (
        evidence.both_exist(a, b)
        and kind is not Difference.NO_WORD
        and (kind in (Difference.OTHER_WORDS, Difference.BOTH_WORDS) or cost > _TWO_SLIPS)
    ):
        score = min(score, OTHER_WORDS)
        reasons.append(
            f"올린 기록에서 두 제목을 {evidence.pupils(a)}명과 {evidence.pupils(b)}명이 따로 적어 다른 책으로 보입니다"
        )
    elif (
        evidence.one_is_rare(a, b)
        and agreed >= Agreement.SLIP
        and kind is not Difference.OTHER_WORDS
        and kind is not Difference.BOTH_WORDS
        and score >= OTHER_WORDS
    ):
        few, many = sorted((evidence.pupils(a), evidence.pupils(b)))
        score = max(score, CHECK_CUTOFF)
        reasons.append(f"올린 기록에서 한 제목은 학생 {many}명, 다른 제목은 {few}명만 적었습니다")
    reasons.append(f"형태소 유사도 {morpheme_similarity(a.readable, b.readable):.2f} (똑같으면 2.00)")
    return score, reasons


def continued(short: str, long: str) -> bool:
    """Whether a long title goes on where a shorter one ends, as with a subtitle that no sign parts."""
    rest = long[len(short) :]
    return (
        long.startswith(f"{short} ")
        and len(bare_text(short)) >= _LONG_TITLE
        and len(bare_text(rest)) >= _LONG_SUBTITLE
        and len(rest.split()) >= 3
    )


def _both_words(a: str, b: str) -> str:
    if a and b:
        return f"둘 다 사전에 있는 말입니다: {a} / {b}"
    return f"한쪽에만 '{a or b}'라는 말이 더 있습니다"


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


def _volumes(a: TitleParts, b: TitleParts, evidence: Evidence) -> tuple[float, str]:
    if a.volume == b.volume:
        return 1.0, ""
    if a.volume and b.volume:
        if a.volume.isdecimal() != b.volume.isdecimal():
            return _LIKELY_OTHER, f"권을 다르게 적었습니다: {a.volume} / {b.volume}"
        return _OTHER_BOOK, f"권이 다릅니다: {a.volume} / {b.volume}"
    if a.subtitle and a.subtitle == b.subtitle:
        return _NOT_SURE, f"부제는 같고 한쪽에만 권 표시가 있습니다: {a.volume or b.volume}"
    bare, numbered = (a, b) if b.volume else (b, a)
    only_one = f"한쪽에만 권 표시가 있습니다: {numbered.volume}"
    # the first volume of 시간을 파는 상점 has no number, its second has
    if numbered.volume in ("2", "3") and not evidence.first_is_numbered(bare):
        return _LIKELY_OTHER, f"{only_one}(번호가 없는 것은 첫 권일 수 있습니다)"
    return _NOT_SURE, only_one


def _subtitles(a: TitleParts, b: TitleParts, evidence: Evidence) -> tuple[float, str]:
    if a.subtitle == b.subtitle or a.main + a.subtitle == b.main + b.subtitle:
        return 1.0, ""
    shown = f"{a.readable_subtitle} / {b.readable_subtitle}"
    if a.subtitle and b.subtitle:
        if likeness(a.subtitle, b.subtitle) >= CHECK_CUTOFF or a.subtitle in b.subtitle or b.subtitle in a.subtitle:
            return _BY_SUBTITLE, f"부제를 조금 다르게 적었습니다: {shown}"
        named_parts = a.subtitle.endswith("편") and b.subtitle.endswith("편")
        if a.volume.isdecimal() and a.volume == b.volume and not named_parts:
            return _NOT_SURE, f"권은 같고 부제가 다릅니다: {shown}"
        return _OTHER_AUTHOR, f"부제가 다릅니다: {shown}"
    subtitle, shown = a.subtitle or b.subtitle, a.readable_subtitle or b.readable_subtitle
    if not 0 < len(a.volume) == len(b.volume) < 3 and (
        len(subtitle) < _LONG_SUBTITLE
        or subtitle.endswith("편")
        or evidence.has_other_subtitles(a)
        or evidence.has_other_subtitles(b)
    ):
        return _NOT_SURE, f"한쪽에만 부제가 있고, 부제마다 다른 책일 수 있습니다: {shown}"
    return _BY_SUBTITLE, f"한쪽에만 부제가 있습니다: {shown}"


def _editions(a: TitleParts, b: TitleParts) -> tuple[float, str]:
    if bare_text(a.derivation) != bare_text(b.derivation):
        shown = f"{a.derivation or '없음'} / {b.derivation or '없음'}"
        kinds = [one.derivation for one in (a, b) if one.derivation]
        limit = _OTHER_EDITION if all(map(only_abridged, kinds)) else _LIKELY_OTHER
        return limit, f"원래 책을 바꾸어 만든 다른 책일 수 있습니다: {shown}"
    editions = [sorted(map(bare_text, one.editions)) for one in (a, b)]
    if editions[0] == editions[1]:
        return 1.0, ""
    shown = " / ".join(", ".join(one.editions) or "없음" for one in (a, b))
    return _BY_EDITION, f"판이나 출판사 표시만 다릅니다: {shown}"


def _authors(a: TitleParts, b: TitleParts, score: float, evidence: Evidence) -> tuple[float, str]:
    """The most that two books may score by their authors; a title that differs too is less sure."""
    shown = f"{a.author or '없음'} / {b.author or '없음'}"
    equal, agreed = score >= _BY_AUTHOR_FORM, agreement(a.author, b.author)
    if agreed is Agreement.EQUAL:
        return 1.0, ""
    if agreed is Agreement.FORM:
        return _BY_AUTHOR_FORM, f"저자 표기가 조금 다릅니다: {shown}"
    if agreed is Agreement.SLIP:
        return (_BY_AUTHOR_FORM if equal else _SURE_OF_TITLE), f"저자 이름의 글자가 조금 다릅니다: {shown}"
    if agreed is Agreement.MISSING:
        reason = f"한쪽에는 저자가 없습니다: {shown}"
        if equal and (evidence.has_other_authors(a) or len(a.main) == 1):
            return _NOT_SURE, f"{reason}(제목이 같은 다른 책이 있습니다)" if len(a.main) > 1 else reason
        return (_BY_AUTHOR_MISSING if equal else score - _LESS_SURE), reason
    if agreed is Agreement.SCRIPT:
        return (_NOT_SURE if equal else score - 2 * _LESS_SURE), f"저자를 적은 글자가 다릅니다: {shown}"
    if agreed is Agreement.DOUBTFUL:
        return (_NOT_SURE if equal else score - 2 * _LESS_SURE), f"저자 이름이 다릅니다: {shown}"
    # equal titles by other people are rare but real, similar ones are other books
    if not equal or a.subtitle != b.subtitle or a.volume != b.volume:
        return _OTHER_AUTHOR, f"저자가 다릅니다: {shown}"
    if evidence.both_authors_exist(a, b):
        return OTHER_WORDS, f"저자가 다르고, 두 책을 여러 학생이 따로 적었습니다: {shown}"
    return _NOT_SURE, f"저자가 다릅니다: {shown}"
