"""A long collection as a small state machine: a job per course, and one loop that starts what is due."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

import pandas as pd

from ..errors import InputError, Problem
from .source import Course, CourseReading, Source, SourceError, Stopped
from .status import submission_table

# as many as a school's small server bears beside its pupils
AT_ONCE = 4


class JobState(StrEnum):
    """What a job is doing; the values are words for programs, :data:`JOB_WORDS` has those for teachers."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


JOB_WORDS = {
    JobState.WAITING: "기다리는 중",
    JobState.RUNNING: "읽는 중",
    JobState.DONE: "다 읽음",
    JobState.FAILED: "읽지 못함",
    JobState.CANCELLED: "멈춤",
}


@dataclass
class Job:
    """One thing to read: the list of courses (``course`` is None), or a course.

    ``problem`` says why it failed.
    """

    course: Course | None
    state: JobState = JobState.WAITING
    problem: Problem | None = None
    reading: CourseReading | None = field(default=None, repr=False)

    @property
    def title(self) -> str:
        return self.course.title if self.course else "강좌 목록"

    @property
    def reason(self) -> str:
        """Why it failed and what to do, in Korean; empty if it has not."""
        return f"{self.problem.what} {self.problem.what_to_do}".strip() if self.problem else ""


class Collection:
    """The reading of a source, course by course, that can be watched, stopped and taken up again.

    Nothing happens unless :meth:`reconcile` is called: it looks at the table of jobs, takes
    in what has ended and starts what is due. No job's failure reaches another one; what
    has been read stays read.

    Args:
        source: where to read.
        courses: numbers of the courses to read; all that the source lists if None. One that it
            does not list is a failed job.
    """

    def __init__(self, source: Source, courses: Sequence[str | int] | None = None):
        self.source = source
        self.jobs: list[Job] = [Job(None)]
        self._wanted = None if courses is None else [str(one) for one in courses]
        self._running: dict[Future, Job] = {}
        self._stop = threading.Event()
        self._workers: ThreadPoolExecutor | None = None
        self._at = datetime.now().astimezone()

    @property
    def active(self) -> bool:
        """Whether anything waits or runs."""
        return any(job.state in (JobState.WAITING, JobState.RUNNING) for job in self.jobs)

    def reconcile(self, patience: float = 0) -> bool:
        """Brings the jobs one step further; whether anything is left to do comes back.

        Args:
            patience: seconds to wait for a running job to end before looking.
        """
        if self._running:
            wait(self._running, timeout=patience, return_when=FIRST_COMPLETED)
        for future in [one for one in self._running if one.done()]:
            self._take_in(self._running.pop(future), future)
        if self._stop.is_set():
            for job in self.jobs:
                if job.state is JobState.WAITING:
                    job.state = JobState.CANCELLED
        for job in self.jobs:
            if job.state is JobState.WAITING and len(self._running) < AT_ONCE:
                self._start(job)
        if not self.active and self._workers is not None:
            self._workers.shutdown(wait=False)
            self._workers = None
        return self.active

    def run(self, on_change: Callable[[Collection], None] | None = None) -> Collection:
        """Reconciles until nothing is left to do, calling ``on_change`` after each step."""
        while self.reconcile(patience=0.5):
            if on_change:
                on_change(self)
        if on_change:
            on_change(self)
        return self

    def stop(self) -> None:
        """Cancels what waits at once and what runs after its present request."""
        self._stop.set()
        self.reconcile()

    def retry(self) -> None:
        """Makes what failed or was stopped wait again; what is done stays done."""
        self._stop = threading.Event()
        for job in self.jobs:
            if job.state in (JobState.FAILED, JobState.CANCELLED):
                job.state, job.problem = JobState.WAITING, None

    def table(self) -> pd.DataFrame:
        """What the finished courses say, as the one table; no course that was only half read is in it.

        ``attrs["failed"]`` lists each course that is not in it, a dict with ``course_id``,
        ``course``, ``reason`` and ``kind``; ``attrs["read_at"]`` is when the collection began.
        """
        done = [job for job in self.jobs if job.reading]
        return submission_table(
            [row for job in done for row in job.reading.rows],
            notices=[
                *self.source.notices,
                *(f"{job.title}: {notice}" for job in done for notice in job.reading.notices),
            ],
            failed=[
                {
                    "course_id": job.course.course_id if job.course else None,
                    "course": job.title,
                    "reason": job.reason or JOB_WORDS[job.state],
                    "kind": job.problem.kind if job.problem else job.state.value,
                }
                for job in self.jobs
                if job.state is not JobState.DONE
            ],
            read_at=self._at,
        )

    def outcome(self) -> pd.DataFrame:
        """The table, once nothing is left to do.

        Raises:
            SourceError: the courses could not be listed.
            InputError: not one of them could be read; it names each.
        """
        listing, *rest = self.jobs
        if listing.problem:
            problem = self._placed(listing)
            raise SourceError(problem.what, problem.what_to_do, source=problem.file, kind=problem.kind)
        failed = [job for job in rest if job.problem]
        if failed and not any(job.reading for job in rest):
            raise InputError([self._placed(job) for job in failed])
        return self.table()

    def _placed(self, job: Job) -> Problem:
        """What went wrong with a job, with the source and the course it was about."""
        source = job.problem.file or self.source.name
        course = f" '{job.title}' 강좌(번호 {job.course.course_id})" if job.course else ""
        return replace(job.problem, file=f"{source}{course}")

    def _start(self, job: Job) -> None:
        if self._workers is None:
            self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="schoolkit-collect")
        job.state = JobState.RUNNING
        # bound to this run's event: taking up again must not wake what was stopped
        asked = (self.source.courses,) if job.course is None else (self.source.read, job.course)
        self._running[self._workers.submit(*asked, self._stop)] = job

    def _take_in(self, job: Job, future: Future) -> None:
        """Puts down how a job ended."""
        error = future.exception()
        if isinstance(error, Stopped):
            job.state = JobState.CANCELLED
        elif isinstance(error, SourceError):
            job.state, (job.problem,) = JobState.FAILED, error.problems
        elif error is not None:  # its text may hold pupils' data
            what = f"예상하지 못한 문제로 읽지 못했습니다({type(error).__name__})."
            job.state, job.problem = JobState.FAILED, Problem(what, "다시 해 보세요.", kind="unforeseen")
        elif job.course is None:
            job.state = JobState.DONE
            self._list(future.result())
        else:
            job.state, job.reading = JobState.DONE, future.result()

    def _list(self, courses: Sequence[Course]) -> None:
        """Adds a job for each course that is wanted."""
        found = {course.course_id: course for course in courses}
        wanted = list(found) if self._wanted is None else list(dict.fromkeys(self._wanted))
        for number in wanted:
            if number in found:
                self.jobs.append(Job(found[number]))
                continue
            problem = Problem(
                "이 번호의 강좌가 없거나 볼 권한이 없습니다.", "강좌 번호를 확인해 주세요.", kind="unknown_course"
            )
            self.jobs.append(Job(Course(number, f"강좌 {number}"), JobState.FAILED, problem))
