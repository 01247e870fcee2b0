"""An invented school of five classes, what its class systems export, and who has handed in what."""

from __future__ import annotations

import codecs
import csv
import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

import pandas as pd

from schoolkit.samples.groups import write_pupil_list

_FOLDER = "제출 확인"
SAMPLE_ROSTER = f"{_FOLDER}/제출 확인 명렬표.xlsx"
# what is read together with the roster
SAMPLE_EXPORTS = (
    f"{_FOLDER}/1학년 1반 국어 활동 이수.csv",
    f"{_FOLDER}/1학년 2반 국어 활동 이수.csv",
    f"{_FOLDER}/Grades-1학년 3반 국어-독서 감상문-45.csv",
    f"{_FOLDER}/1학년 4반 국어.csv",
    f"{_FOLDER}/진로 희망 조사.csv",
)
SAMPLE_TRUTH = f"{_FOLDER}/정답.csv"
# the time in Korea that the truth holds for; an extension ends nine days later
SAMPLE_AT = "2026-11-21 17:00"

_ESSAY, _REPORT, _DIARY, _POEM = "독서 감상문", "관찰 & 탐구 보고서", "진로 성찰 일지(수시)", "시 창작"
_FORM = "진로 희망 조사"
_FIELDS = ("인문", "자연", "공학", "예체능", "아직 정하지 못함")

_CLASSES, _PUPILS = 5, 30
# two of one name in a class and two over classes, a name with blanks, and one who has left
_NAMESAKES = {10121: 10107, 10412: 10205}
_FOREIGN, _LEFT = 10330, 10518
# they write no number into the form, and mail from an address that the roster does not know
_NAME_ALONE, _SHARED_NAME, _SLIP = 10112, 10205, 10309
_PLACE_SAID, _TWICE = 10203, 10404
_WRITES_SOMEHOW = (_NAME_ALONE, _SHARED_NAME, _SLIP, _PLACE_SAID, _TWICE)


@dataclass(frozen=True)
class SampleSchool:
    """The invented school.

    Attributes:
        files: path within ``sample_data`` to content: the roster, then the exports.
        truth: a row per pupil and assignment in the order of the roster: ``class_name``, ``student_no``,
            ``name``, ``assignment``, and ``state`` at :data:`SAMPLE_AT` in the words of
            :data:`schoolkit.submissions.status.STATES`.
        answers: what the form holds of those whose name fits no pupil or two -> their student numbers.
    """

    files: dict[str, bytes]
    truth: pd.DataFrame
    answers: dict[str, str]


@dataclass(frozen=True)
class _Pupil:
    number: int
    name: str

    @property
    def class_no(self) -> int:
        return self.number // 100 % 100

    @property
    def class_name(self) -> str:
        return f"1학년 {self.class_no}반"

    @property
    def email(self) -> str:
        return f"s{self.number}@school.example"

    @property
    def full_name(self) -> str:
        """As a system writes it that keeps family name and given name apart."""
        return self.name if " " in self.name else f"{self.name[0]} {self.name[1:]}"


def submission_school(*, seed: int = 1) -> SampleSchool:
    """A school of 150 pupils in five classes, with its exports and the truth; the same seed gives the same bytes.

    Class 1 and 2 come as Moodle's activity completion (2 as the "Excel" variant), class 3 as the
    grading worksheet of one assignment, class 4 as Google Classroom's grades, and the answers to
    a Google form stand for all of them.
    """
    rng = random.Random(seed)
    pupils = _pupils(seed)
    by_number = {pupil.number: pupil for pupil in pupils}
    here = [pupil for pupil in pupils if pupil.number != _LEFT]
    said: dict[tuple[int, str], str] = {}
    files = [write_pupil_list(_roster(pupils), "명렬표")]
    for class_no in (1, 2):
        completed = {
            (pupil, title): rng.random() > share
            for pupil in here
            if pupil.class_no == class_no
            for title, share in ((_ESSAY, 0.15), (_REPORT, 0.25), (_DIARY, 0.45))
        }
        said |= {
            (pupil.number, title): "submitted" if done else "missing" for (pupil, title), done in completed.items()
        }
        files.append(_activity_completion(completed, rng, for_excel=class_no == 2))
    essays = {pupil: _worksheet_state(rng) for pupil in here if pupil.class_no == 3}
    said |= {(pupil.number, _ESSAY): state for pupil, state in essays.items()}
    files.append(_grading_worksheet(essays, rng))
    grades = {
        (pupil, title): rng.randrange(60, 101, 5) if rng.random() > share else None
        for pupil in here
        if pupil.class_no == 4
        for title, share in ((_ESSAY, 0.1), (_POEM, 0.3))
    }
    said |= {(pupil.number, title): "unknown" if one is None else "submitted" for (pupil, title), one in grades.items()}
    files.append(_classroom_grades(grades))
    answering = [pupil for pupil in here if pupil.number in _WRITES_SOMEHOW or rng.random() > 0.2]
    said |= {(pupil.number, _FORM): "submitted" if pupil in answering else "missing" for pupil in here}
    files.append(_form_answers(answering, rng))
    titles = (_ESSAY, _REPORT, _DIARY, _POEM, _FORM)
    truth = [
        (pupil.class_name, str(pupil.number), pupil.name, title, said[pupil.number, title])
        for pupil in here
        for title in titles
        if (pupil.number, title) in said
    ]
    columns = ["class_name", "student_no", "name", "assignment", "state"]
    answers = {_written(by_number[number]): str(number) for number in (_SHARED_NAME, _SLIP)}
    return SampleSchool(
        dict(zip((SAMPLE_ROSTER, *SAMPLE_EXPORTS), files, strict=True)), pd.DataFrame(truth, columns=columns), answers
    )


def _pupils(seed: int) -> list[_Pupil]:
    # Only whoever makes samples needs Faker.
    from faker import Faker

    korean = Faker("ko_KR")
    korean.seed_instance(seed)
    different: dict[str, None] = {}
    while len(different) < _CLASSES * _PUPILS:
        different[korean.name()] = None
    numbers = [10000 + 100 * class_no + seat for class_no in range(1, _CLASSES + 1) for seat in range(1, _PUPILS + 1)]
    names = dict(zip(numbers, different, strict=True)) | {_FOREIGN: "Nguyen Minh Anh"}
    names |= {number: names[other] for number, other in _NAMESAKES.items()}
    return [_Pupil(number, name) for number, name in names.items()]


def _roster(pupils: Sequence[_Pupil]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "학년": 1,
            "반": [pupil.class_no for pupil in pupils],
            "번호": [pupil.number % 100 for pupil in pupils],
            "이름": [f"{pupil.name}(전출)" if pupil.number == _LEFT else pupil.name for pupil in pupils],
            "학번": [str(pupil.number) for pupil in pupils],
            "이메일": [pupil.email for pupil in pupils],
        }
    )


def _activity_completion(done: dict[tuple[_Pupil, str], bool], rng: random.Random, *, for_excel: bool) -> bytes:
    """Moodle's Reports > Activity completion, as CSV or in its Excel-compatible form."""
    titles = list(dict.fromkeys(title for _, title in done))
    rows: list[list[str]] = [
        ["", "ID number", "Email address", *(cell for one in titles for cell in (escape(one), ""))]
    ]
    for pupil in sorted(dict.fromkeys(pupil for pupil, _ in done), key=lambda one: one.full_name):
        cells = [pupil.full_name, str(pupil.number), pupil.email]
        for title in titles:
            time = f"{_some_time(rng):%Y-%m-%d %H:%M:%S}"
            cells += ["Completed", time] if done[pupil, title] else ["Not completed", ""]
        rows.append(cells)
    if for_excel:
        return codecs.BOM_UTF16_LE + _delimited(rows, delimiter="\t").encode("utf-16-le")
    return _delimited(rows, quoting=csv.QUOTE_ALL).encode()


def _worksheet_state(rng: random.Random) -> str:
    return rng.choices(("submitted", "late", "draft", "returned", "not_yet_due", "missing"), (60, 12, 6, 3, 3, 16))[0]


def _grading_worksheet(states: dict[_Pupil, str], rng: random.Random) -> bytes:
    """Moodle's offline grading worksheet of one assignment."""
    words = {
        "submitted": "Submitted for grading",
        "late": "Submitted for grading - 1 day 4 hours late",
        "draft": "Draft (not submitted)",
        "returned": "Reopened",
        "not_yet_due": "No submission - Extension granted until: Monday, 30 November 2026, 11:59 PM",
        "missing": "No submission",
    }
    rows: list[list[str]] = [
        [
            "Identifier", "Full name", "ID number", "Email address", "Status", "Grade", "Maximum Grade",
            "Grade can be changed", "Last modified (submission)", "Last modified (grade)", "Feedback comments",
        ]
    ]  # fmt: skip
    for at, (pupil, state) in enumerate(states.items(), start=61):
        graded = state == "submitted" and rng.random() < 0.5
        grade = [f"{rng.randrange(60, 101, 5)}.00" if graded else "", "100.00", "Yes"]
        modified = _moodle_time(_some_time(rng)) if state in ("submitted", "late", "draft") else "-"
        marked = [_moodle_time(_some_time(rng)) if graded else "-", ""]
        who = [f"Participant {at}", pupil.full_name, str(pupil.number), pupil.email]
        rows.append([*who, words[state] + (" - Graded" if graded else ""), *grade, modified, *marked])
    return _delimited(rows).encode("utf-8-sig")


def _classroom_grades(grades: dict[tuple[_Pupil, str], int | None]) -> bytes:
    """Google Classroom's grades of a class, downloaded as CSV."""
    titles = list(dict.fromkeys(title for _, title in grades))
    rows: list[list[str]] = [["Last Name", "First Name", "Email Address", *titles]]
    rows += [["Date", "", "", *("2026-11-13" for _ in titles)], ["Points", "", "", *("100" for _ in titles)]]
    for pupil in dict.fromkeys(pupil for pupil, _ in grades):
        cells = ["" if (grade := grades[pupil, title]) is None else str(grade) for title in titles]
        rows.append([pupil.name[0], pupil.name[1:], pupil.email, *cells])
    return _delimited(rows).encode()


def _form_answers(pupils: Sequence[_Pupil], rng: random.Random) -> bytes:
    """The answers to a Google form, downloaded as CSV."""
    lines = [(_some_time(rng), pupil) for pupil in pupils]
    lines += [(_some_time(rng), pupil) for pupil in pupils if pupil.number == _TWICE]
    rows: list[list[str]] = [["타임스탬프", "이메일 주소", "학번과 이름", "희망 계열"]]
    for number, (time, pupil) in enumerate(sorted(lines, key=lambda line: (line[0], line[1].number)), start=1):
        own = pupil.number in (_NAME_ALONE, _SHARED_NAME, _SLIP)
        email = f"dream{number}@mail.example" if own else pupil.email
        rows.append([_form_time(time), email, _written(pupil), rng.choice(_FIELDS)])
    return _delimited(rows, quoting=csv.QUOTE_ALL).encode()


def _written(pupil: _Pupil) -> str:
    """What a pupil writes where the form asks for number and name."""
    if pupil.number == _PLACE_SAID:
        return f"{pupil.class_name} {pupil.number % 100}번 {pupil.name}"
    if pupil.number == _SLIP:
        # the next vowel of the last syllable, as a finger slips
        return pupil.name[:-1] + chr(ord(pupil.name[-1]) + 28)
    if pupil.number in (_NAME_ALONE, _SHARED_NAME):
        return pupil.name
    return f"{pupil.number} {pupil.name}"


def _some_time(rng: random.Random) -> datetime:
    return datetime(2026, 11, 9, 8) + timedelta(days=rng.randrange(12), seconds=rng.randrange(14 * 3600))


def _moodle_time(time: datetime) -> str:
    return f"{time:%A}, {time.day} {time:%B} {time.year}, {time:%I:%M %p}".replace(", 0", ", ")


def _form_time(time: datetime) -> str:
    half = "오전" if time.hour < 12 else "오후"
    return f"{time:%Y/%m/%d} {(time.hour + 11) % 12 + 1}:{time:%M:%S} {half} GMT+9"


def _delimited(rows: Iterable[Sequence[str]], **layout) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", **layout).writerows(rows)
    return text.getvalue()
