"""The words of Moodle's exports, as its English and Korean language packs have them, and what they mean.

Sources: ``mod/assign/gradingtable.php``, ``report/progress/index.php``, ``grade/export/lib.php`` and the language files
``assign``, ``completion``, ``grades`` and ``moodle`` of Moodle: English of 4.1, Korean of 3.0, with near variants.
What the Korean pack lacks stands in English in a Korean file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from ..dates import parse_time

# headers of the grading worksheet, as header_key gives them
IDENTIFIER = ("identifier", "식별자")
STATUS = ("status", "submissionstatus", "상태", "제출상태")
SUBMITTED_AT = ("lastmodifiedsubmission", "마지막수정됨제출", "마지막수정제출", "최종수정제출", "최종수정일제출")
DUE = ("duedate", "마감일시", "마감일", "제출마감일", "제출마감일시", "종료일시", "종료일")
ONLY_IN_WORKSHEETS = (
    *SUBMITTED_AT,
    *("lastmodifiedgrade", "마지막수정됨성적", "마지막수정성적", "최종수정성적", "최종수정일성적"),
    *("maximumgrade", "최대성적", "최고성적", "최대점수"),
    *("gradecanbechanged", "변경가능한성적", "성적변경가능", "성적변경가능여부", "성적을변경할수있음"),
)

# words as word_key gives them
_SUBMISSION = {
    "handed_in": re.compile("submitted(?:forgrading)?|채점을위해제출(?:되었습니다|되었음|됨|완료)?|제출(?:됨|함|완료)"),
    "draft": re.compile("draft(?:notsubmitted)?|초안(?:제출되지않았?음|제출안됨|제출안함|미제출)?"),
    "nothing": re.compile(
        "nosubmission|newsubmission|notsubmitted|미제출|새(?:로운)?제출|제출물?이?없(?:음|습니다)|제출(?:안함|안됨|되지않음)"
    ),
    "returned": re.compile("reopened|다시(?:오픈됨|오픈|열림|열렸음)|재개됨"),
}
# what stands first only if an assignment takes nothing in online
_ADDITION = re.compile(
    "graded|notgraded|notmarked|inmarking|markingcompleted|readyforreview|inreview|readyforrelease|released"
    "|submissionchangesnotallowed|채점(?:됨|되지않음|중|안됨|완료)|검토(?:준비됨|중)|공개(?:준비)?됨"
    "|제출변경(?:이허용되지않습니다|이허용되지않음|허용안됨)"
)
_LATE = re.compile(r"(?i).*\blate|.*(?:늦음|늦게\s*제출(?:됨|했음)?|지각(?:\s*제출)?)\.?")
_EXTENSION = (
    re.compile(r"(?i)extension granted until:?\s*(.+)"),
    re.compile(r"(.+?)\s*까지\s*(?:제출\s*)?(?:기한\S*\s*)?연장.*"),
    re.compile(r"[^:]*연장[^:]*:\s*(.+?)(?:\s*까지)?"),
)


@dataclass(frozen=True)
class Status:
    """What a status cell of a grading worksheet says.

    Attributes:
        said: as of :class:`export.Line`; None if its word is not known.
        word: the word itself, without what is added to it.
        extension: until when this pupil may hand in.
        extension_unread: whether there is an extension whose time was not understood.
        offline: whether the assignment takes nothing in online, so that the cell has no word on it.
    """

    said: str | None
    word: str
    extension: datetime | None = None
    extension_unread: bool = False
    offline: bool = False


def parse_status(cell: str) -> Status:
    """What a status cell such as ``Submitted for grading - 3 days late - Graded`` says.

    ``said`` is ``"late"`` where the cell itself says so; a mark that was given for no submission changes nothing.
    """
    parts = [part.strip() for part in re.split(r"\s-(?:\s|$)", re.sub(r"<[^<>]*>", "", cell)) if part.strip()]
    word = parts[0] if parts else ""
    said = _meaning(_SUBMISSION, word)
    if said == "handed_in" and any(_LATE.fullmatch(part) for part in parts[1:]):
        said = "late"
    written = next((found[1] for part in parts for form in _EXTENSION if (found := form.fullmatch(part))), None)
    extension = parse_time(written) if written else None
    added = _ADDITION.fullmatch(word_key(word)) or any(form.fullmatch(word) for form in _EXTENSION)
    offline = said is None and bool(not word or added)
    return Status(said, word, extension, bool(written) and extension is None, offline)


def _meaning(words: dict[str, re.Pattern], word: str) -> str | None:
    return next((said for said, pattern in words.items() if pattern.fullmatch(word_key(word))), None)


def word_key(word: str) -> str:
    """A word without blanks, signs and case."""
    return re.sub(r"[\W_]", "", word).casefold()


_COMPLETION = {
    "handed_in": re.compile("completed?|passed|failed|(?:완료|이수)(?:함|됨|하였음|했음|완료)?"),
    "nothing": re.compile(
        "notcompleted?|incomplete|미완료|미이수|(?:완료|이수)(?:되지않음|하지않음|하지못함|안됨|안함)"
    ),
}


def completion_word(cell: str) -> str:
    """A completion without what stands in brackets: a pass, or the name of the teacher who set it."""
    return cell.split("(")[0].strip()


def parse_completion(cell: str) -> str | None:
    """``"handed_in"`` or ``"nothing"`` for a completion, whether passed or not; None if it is none.

    >>> [parse_completion(cell) for cell in ("Completed (did not achieve pass grade)", "완료되지 않음", "5")]
    ['handed_in', 'nothing', None]
    """
    return _meaning(_COMPLETION, completion_word(cell))


# the header of a grade: what kind of item, its title, and how the grade is shown
_DISPLAYS = r"real|percentage|letter|실점수|실제(?:\s*점수)?|백분[율률]|문자(?:\s*등급)?"
_GRADE_COLUMN = re.compile(rf"(?is)(.+?)\s*\(({_DISPLAYS})\)")
_MODULE = re.compile(
    "assignment|quiz|forum|lesson|workshop|scorm(?:package)?|h5p(?:activity)?|interactivecontent|externaltool|glossary"
    "|database|feedback|choice|survey|wiki|attendance|turnitinassignment2?|bigbluebutton|hotpot|game"
    "|과제|퀴즈|포럼|완전학습|상호평가|워크숍|스콤(?:패키지)?|scorm패키지|외부도구|용어집|데이터베이스|설문조사|위키|출석부"
)
_TOTAL = re.compile(r"(?is).*\b(?:total|mean|average)|.*(?:합계|총계|총점|종합|평균)")


@dataclass(frozen=True)
class GradeColumn:
    """The header of a grade in the gradebook.

    Attributes:
        title: what the item is called.
        display: how the grade is shown, e.g. ``real``.
        kind: ``"activity"``; ``"plugin"`` for one whose kind is not known and stays in the title;
            ``"total"``; ``"item"`` for what a teacher has added by hand.
    """

    title: str
    display: str
    kind: str


def parse_grade_column(header: str) -> GradeColumn | None:
    """What a gradebook's header says; None if it is that of no grade, such as a name's or a feedback's.

    >>> parse_grade_column("과제: 독서 감상문 (수시) (실점수)")
    GradeColumn(title='독서 감상문 (수시)', display='실점수', kind='activity')
    >>> parse_grade_column("Course total (Real)").kind, parse_grade_column("Email address")
    ('total', None)
    """
    matched = _GRADE_COLUMN.fullmatch(header.strip())
    if not matched:
        return None
    name, display = matched[1].strip(), word_key(matched[2])
    kind, colon, title = name.partition(":")
    if colon and title.strip() and _MODULE.fullmatch(word_key(kind)):
        return GradeColumn(title.strip(), display, "activity")
    if _TOTAL.fullmatch(name):
        return GradeColumn(name, display, "total")
    return GradeColumn(name, display, "plugin" if colon else "item")
