"""How the tests of Google Classroom read the small one on loopback, and whom they put into it."""

from classroom_server import Classroom, course, opener, running, student

from schoolkit.submissions.classroom.source import ClassroomSource
from schoolkit.submissions.collect import Collection

SUYEON = student("11", "김", "서연", "10107@school.kr")
HANA = student("12", "10108", "박하나", "hana@school.kr")
MINH = student("13", "Nguyen", "Minh Anh")
PAST = (2026, 3, 8)
EVENING = {"hours": 14, "minutes": 59}  # 23:59 in Korea
LISTS = ("/students", "/courseWork", "/courseWork/-/studentSubmissions")


def one_course(**other) -> Classroom:
    return Classroom(courses=[course("1", "1-1 국어")], **other)


def collected(classroom: Classroom, courses=None, **credentials):
    with running(classroom):
        source = ClassroomSource(opener(classroom, **credentials), courses, pauses=(0, 0))
        return Collection(source).run().table()


def table_of(students, tasks, submissions=(), **other):
    return collected(
        one_course(students={"1": students}, work={"1": tasks}, submissions={"1": list(submissions)}, **other)
    )


def states_of(table) -> list[tuple]:
    return list(table[["name", "assignment", "state"]].itertuples(index=False, name=None))
