"""A school whose courses are read without any server."""

from datetime import datetime, timedelta

from schoolkit.submissions.source import Course, CourseReading, SourceError
from schoolkit.submissions.status import KOREA, Row


def row(class_no: int, pupil: int, title: str, state: str, *, due: datetime | None = None, hidden: bool = False) -> Row:
    number, time = f"1{class_no:02}{pupil:02}", None
    return Row(f"1학년 {class_no}반", number, f"학생{number}", title, due, state, time, hidden, "시험", str(class_no))


class School:
    """Courses in memory; those in ``refusing`` cannot be read."""

    name = "시험"
    notices = ()

    def __init__(self, courses: dict[str, list[Row]], refusing: set[str] = frozenset()):
        self.of_course, self.refusing, self.read_courses = courses, set(refusing), []

    def courses(self, stop):
        return [Course(number, f"{number}반 국어") for number in self.of_course]

    def read(self, course, stop):
        self.read_courses.append(course.course_id)
        if course.course_id in self.refusing:
            raise SourceError("이 강좌를 볼 권한이 없습니다.", "강좌의 선생님인지 확인해 주세요.")
        return CourseReading(tuple(self.of_course[course.course_id]))


TODAY = datetime.now(KOREA).replace(microsecond=0)
SCHOOL = {
    "1": [
        row(1, 1, "독후감", "submitted"),
        row(1, 1, "일지", "draft"),
        row(1, 1, "입론서", "missing", hidden=True),
        row(1, 2, "독후감", "missing"),
        row(1, 2, "일지", "missing"),
        row(1, 2, "입론서", "missing", hidden=True),
    ],
    "2": [
        row(2, 1, "독후감", "late"),
        row(2, 1, "포스터", "not_yet_due", due=TODAY + timedelta(days=3)),
        row(2, 2, "독후감", "excused"),
        row(2, 2, "포스터", "submitted", due=TODAY + timedelta(days=3)),
    ],
}
