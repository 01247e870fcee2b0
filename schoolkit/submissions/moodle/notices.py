"""What a teacher has to know beside the rows of a Moodle course, in Korean sentences without names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from .answers import Assignment
from .availability import may_see
from .judging import CourseAnswers, cannot_hand_in, undecided

NO_ASSIGNMENTS = "이 강좌에는 과제가 없습니다."
NO_EXTENSIONS = "기한 연장을 읽을 권한이 없어, 연장받은 학생도 원래 기한으로 보았습니다."
NO_VISIBILITY = "과제의 공개 여부를 읽을 수 없어, 학생에게 숨긴 과제도 공개된 것으로 보았습니다."
WITH_INACTIVE = (
    "등록이 끝났거나 정지된 학생을 가려낼 권한이 없어, 그런 학생도 들어 있을 수 있습니다. "
    "전출 간 학생이 보이면 빼고 보아 주세요."
)
UNSEEN_ASSIGNMENTS = "볼 권한이 없어 읽지 못한 과제가 있습니다."


def notices_of(course: CourseAnswers, at: datetime, gone: Collection[int]) -> Iterator[str]:
    """The sentences on a course whose answers have been read.

    Args:
        at: the time of reading.
        gone: assignments that were listed and then not there any more.
    """
    if course.hidden:
        yield "강좌가 학생에게 숨겨져 있어, 모든 과제를 숨긴 과제로 보았습니다."
    if not course.pupils:
        yield "볼 수 있는 학생이 없습니다. 모둠이 나뉜 강좌라면 선생님이 모둠에 들어 있는지 확인해 주세요."
    refused = [one for one in course.assignments if one.number not in course.works]
    yield from _on("지워진 것으로 보여", [one for one in refused if one.number in gone])
    yield from _on("제출물을 볼 권한이 없어", [one for one in refused if one.number not in gone])
    yield from _on("Moodle에서 내지 않는 오프라인 과제라", [one for one in course.assignments if one.offline])
    yield from _on("어느 모둠으로 내는지 알 수 없는 학생이 있어 그 학생은", undecided(course))
    for one in course.assignments:
        if left := cannot_hand_in(one, course.pupils, course.teams.get(one.number, {})):
            yield f"'{one.title}': 모둠이 정해지지 않아 낼 수 없는 학생이 {left}명 있습니다."
    yield from _on_conditions(course, at)


def _on(why: str, assignments: Sequence[Assignment]) -> Iterator[str]:
    if assignments:
        yield f"{why} '알 수 없음'으로 둔 과제: {_titles(assignments)}"


def _titles(assignments: Sequence[Assignment]) -> str:
    return ", ".join(f"'{one.title}'" for one in assignments)


def _on_conditions(course: CourseAnswers, at: datetime) -> Iterator[str]:
    if course.modules is None:
        return
    modules = course.modules
    unseen = [one for one in course.assignments if one.number not in modules]
    if unseen:
        yield f"공개 여부를 알 수 없어 공개된 것으로 본 과제: {_titles(unseen)}"
    open_ones = [one for one in course.assignments if one.number in modules and modules[one.number].visible]
    doubtful = [
        one
        for one in open_ones
        if modules[one.number].restricted
        or any(may_see(modules[one.number].availability, pupil.groups, at) is None for pupil in course.pupils)
    ]
    if doubtful:
        yield f"접근 제한 조건을 다 알 수 없어 모든 학생에게 공개된 것으로 본 과제: {_titles(doubtful)}"
