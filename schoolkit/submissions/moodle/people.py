"""The people of a Moodle course -> its pupils, with their names and numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..names import joined_name, number_in, split_number
from .answers import Person

STUDENT = "student"
# the roles of Moodle's own that read or teach; their short names stay as they are in every language
STAFF = frozenset({"editingteacher", "teacher", "manager", "coursecreator"})


@dataclass(frozen=True, repr=False)
class Pupil:
    """A pupil of a course: user number, student number, name, and groups; None if nobody's groups are told."""

    user: int
    student_no: str | None
    name: str | None
    groups: tuple[int, ...] | None = ()


def teaches(people: Sequence[Person], user: int) -> bool:
    """Whether the user is more than a learner in the course; an administrator may have no role in it."""
    return all(person.roles != {STUDENT} for person in people if person.number == user)


def pupils_of(people: Sequence[Person], reader: int) -> tuple[list[Pupil], list[str]]:
    """Those who have to hand in, and Korean sentences on doubtful ones.

    Pupils are those with the role of a student, and those whose roles are the school's own and not
    the reader's; nobody with a teaching role is one. Who is enrolled without a role can't hand in anything.
    """
    own = next((person.roles for person in people if person.number == reader), frozenset()) - {STUDENT}
    taken, odd, without = [], 0, 0
    for person in people:
        if person.number == reader or person.roles & STAFF:
            continue
        if not person.roles:
            without += 1
            continue
        if STUDENT not in person.roles:
            if person.roles & own:
                continue
            odd += 1
        taken.append(person)
    notices = []
    if odd:
        notices.append(f"'학생'이 아닌 역할로 등록된 {odd}명도 학생으로 보았습니다.")
    if without:
        notices.append(
            f"역할 없이 등록되어 과제를 낼 수 없는 {without}명은 뺐습니다. 학생이면 강좌에서 '학생' 역할을 주세요."
        )
    # who may not see all groups is told of none
    told = any(one.groups for one in taken)
    pupils = [
        Pupil(one.number, _student_no(one), person_name(one) or None, one.groups if told else None) for one in taken
    ]
    return _told_apart(pupils, notices), notices


def _told_apart(pupils: list[Pupil], notices: list[str]) -> list[Pupil]:
    """Gives Moodle's own number to pupils that name and student number leave alike."""
    alike = Counter((one.student_no, one.name) for one in pupils)
    if max(alike.values(), default=0) < 2:
        return pupils
    notices.append("이름이 같고 학번이 없거나 같은 학생들은 학번 칸에 Moodle의 사용자 번호를 적었습니다.")
    return [
        one if alike[one.student_no, one.name] == 1 else Pupil(one.user, f"Moodle {one.user}", one.name, one.groups)
        for one in pupils
    ]


def person_name(person: Person) -> str:
    """The name as it is said, without numbers, whichever field holds it.

    >>> person_name(Person(1, "강", "지우", "지우 강", "", "", frozenset(), ()))
    '강지우'
    """
    family, given = person.family, person.given
    # teachers fill a field that must not be empty with the whole name, or with a sign
    if not re.search(r"\w", family) or given == family or (len(given) > 2 and given.startswith(family)):
        family = ""
    return joined_name(family, given if re.search(r"\w", given) else "") or person.full


# the family names of two syllables; all others have one
_LONG_FAMILY_NAMES = frozenset(("남궁", "황보", "제갈", "사공", "선우", "독고", "서문", "동방"))


def shown_name(text: str) -> str:
    """A whole name as Moodle shows it, in Korean order and without a number.

    >>> shown_name("강 지우"), shown_name("지우 강"), shown_name("10501 신율"), shown_name("Nguyen Minh Anh")
    ('강지우', '강지우', '신율', 'Nguyen Minh Anh')
    """
    name = split_number(text.strip())[1]
    words = name.split()
    if len(words) != 2 or not all(re.fullmatch("[가-힣]+", word) for word in words):
        return joined_name("", name)
    first, last = words
    if len(last) == 1 < len(first) and first not in _LONG_FAMILY_NAMES:
        first, last = last, first
    return joined_name(first, last)


def _student_no(person: Person) -> str | None:
    return person.id_number or number_in(person.family, person.given) or person.username or None
