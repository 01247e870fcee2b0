import threading

import pytest

from schoolkit.submissions.collect import AT_ONCE, Collection, JobState
from schoolkit.submissions.source import Course, CourseReading, SourceError, Stopped
from schoolkit.submissions.status import Row


class FewCourses:
    """A source in memory: ``ends`` holds how the reading of a course ends, a reading if nothing is said."""

    name = "시험"
    notices = ()

    def __init__(self, *numbers: str, ends: dict[str, list] | None = None):
        self.numbers, self.ends = numbers, ends or {}
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def courses(self, stop: threading.Event) -> list[Course]:
        self.asked.append("courses")
        self._end("courses")
        return [Course(number, f"{number}반") for number in self.numbers]

    def read(self, course: Course, stop: threading.Event) -> CourseReading:
        self.asked.append(course.course_id)
        assert self.gate.wait(10)
        if stop.is_set():
            raise Stopped
        self._end(course.course_id)
        row = Row(course.title, "1", "김하나", "독후감", None, "missing", None, False, self.name, course.course_id)
        return CourseReading((row,), ("알아 둘 것.",))

    def _end(self, what: str) -> None:
        endings = self.ends.get(what)
        if endings and (error := endings.pop(0)):
            raise error


def refused() -> SourceError:
    return SourceError("볼 권한이 없습니다.", "확인해 주세요.", kind="no_permission")


def states(collection: Collection) -> list[tuple[str, str]]:
    return [(job.title, job.state.value) for job in collection.jobs]


def classes(collection: Collection) -> list[str]:
    return list(collection.table()["class_name"])


def test_every_course_that_the_source_lists_is_read():
    collection = Collection(FewCourses("1", "2")).run()
    assert states(collection) == [("강좌 목록", "done"), ("1반", "done"), ("2반", "done")]
    table = collection.table()
    assert (list(table["class_name"]), table.attrs["notices"], table.attrs["failed"]) == (
        ["1반", "2반"],
        ["1반: 알아 둘 것.", "2반: 알아 둘 것."],
        [],
    )


def test_a_source_without_courses_gives_an_empty_table():
    collection = Collection(FewCourses()).run()
    assert (states(collection), len(collection.table())) == ([("강좌 목록", "done")], 0)


def test_only_the_wanted_courses_are_read_and_an_unknown_one_is_named():
    source = FewCourses("1", "2", "3")
    collection = Collection(source, [3, "9", "3"]).run()
    assert (source.asked, classes(collection)) == (["courses", "3"], ["3반"])
    assert collection.table().attrs["failed"] == [
        {
            "course_id": "9",
            "course": "강좌 9",
            "reason": "이 번호의 강좌가 없거나 볼 권한이 없습니다. 강좌 번호를 확인해 주세요.",
            "kind": "unknown_course",
        }
    ]


def test_a_refused_course_leaves_the_others_and_is_read_again_alone():
    source = FewCourses("1", "2", "3", ends={"2": [refused(), None]})
    collection = Collection(source).run()
    assert states(collection)[1:] == [("1반", "done"), ("2반", "failed"), ("3반", "done")]
    assert collection.table().attrs["failed"] == [
        {"course_id": "2", "course": "2반", "reason": "볼 권한이 없습니다. 확인해 주세요.", "kind": "no_permission"}
    ]
    source.asked.clear()
    collection.retry()
    assert states(collection)[2] == ("2반", "waiting")
    collection.run()
    assert (source.asked, classes(collection)) == (["2"], ["1반", "2반", "3반"])
    assert collection.table().attrs["failed"] == []


def test_a_list_that_was_refused_can_be_asked_for_again():
    source = FewCourses("1", ends={"courses": [refused(), None]})
    collection = Collection(source).run()
    assert states(collection) == [("강좌 목록", "failed")]
    collection.retry()
    collection.run()
    assert states(collection) == [("강좌 목록", "done"), ("1반", "done")]


def test_an_unforeseen_error_names_its_type_and_nothing_of_its_text():
    collection = Collection(FewCourses("1", ends={"1": [KeyError("김하나 hunter2")]})).run()
    (failed,) = collection.table().attrs["failed"]
    assert (failed["kind"], failed["reason"]) == (
        "unforeseen",
        "예상하지 못한 문제로 읽지 못했습니다(KeyError). 다시 해 보세요.",
    )


def test_never_more_than_four_are_read_at_once():
    source = FewCourses(*map(str, range(1, 8)))
    source.gate.clear()
    collection = Collection(source)
    while len(collection.jobs) == 1 or any(
        job.course is None and job.state is JobState.RUNNING for job in collection.jobs
    ):
        collection.reconcile(patience=5)
    collection.reconcile()
    running = [job for job in collection.jobs if job.state is JobState.RUNNING]
    waiting = [job for job in collection.jobs if job.state is JobState.WAITING]
    assert (len(running), len(waiting)) == (AT_ONCE, 3) == (4, 3)
    source.gate.set()
    assert len(collection.run().table()) == 7


def test_a_stop_cancels_what_waits_and_drops_what_is_half_read():
    source = FewCourses(*map(str, range(1, 8)))
    collection = Collection(source)
    while len(collection.jobs) == 1:
        source.gate.clear()
        collection.reconcile(patience=5)
    collection.stop()
    assert [job.state for job in collection.jobs[1:]].count(JobState.CANCELLED) >= 3
    source.gate.set()
    collection.run()
    assert states(collection) == [("강좌 목록", "done"), *((f"{n}반", "cancelled") for n in range(1, 8))]
    assert (len(collection.table()), {one["kind"] for one in collection.table().attrs["failed"]}) == (0, {"cancelled"})
    collection.retry()
    assert len(collection.run().table()) == 7


@pytest.mark.parametrize("number_of_failures", [1, 2])
def test_each_step_can_be_watched(number_of_failures):
    source = FewCourses("1", ends={"1": [refused()] * number_of_failures})
    seen = []
    collection = Collection(source)
    collection.run(lambda one: seen.append(states(one)[-1][1]))
    assert seen[-1] == "failed" and not collection.active
