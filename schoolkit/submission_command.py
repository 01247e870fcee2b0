"""The command ``schoolkit missing``: exports or a class system in, who is missing what out."""

from __future__ import annotations

import argparse
import json
import os
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from .submissions.collect import Collection
    from .submissions.exports.mapping import TableMapping

PARTLY_FAILED = 3

_SECRETS = {
    "token": "SCHOOLKIT_MOODLE_TOKEN",
    "username": "SCHOOLKIT_MOODLE_USERNAME",
    "password": "SCHOOLKIT_MOODLE_PASSWORD",
}


def add_parser(tools) -> None:
    """Adds the subcommand to what ``add_subparsers`` gave."""
    parser = tools.add_parser(
        "missing",
        help="누가 어떤 과제를 내지 않았는지 여러 반을 한 번에 모아 봅니다",
        description="온라인 학급에서 내려받은 파일과 명렬표로, 또는 Moodle에 바로 접속해 미제출 과제를 찾습니다.",
        epilog=f"Moodle의 토큰은 환경 변수 {_SECRETS['token']}에서, 없으면 아이디와 비밀번호를 "
        f"{_SECRETS['username']}과 {_SECRETS['password']}에서 읽습니다. "
        f"종료 코드: 0 모두 읽음, 2 읽을 수 없음, {PARTLY_FAILED} 일부 강좌를 읽지 못함.",
    )
    add, again = parser.add_argument, {"action": "append", "default": []}
    add("files", nargs="*", metavar="FILE", help="과제 파일: 엑셀(.xlsx, .xls) 또는 CSV, 여러 개도 됩니다")
    add("--roster", metavar="R.xlsx", help="명렬표; 여러 번 쓸 수 있습니다", **again)
    add("--moodle", metavar="URL", help="파일 대신 이 주소의 Moodle에서 읽습니다")
    add("--courses", metavar="번호,…", help="읽을 강좌의 번호; 쓰지 않으면 모든 강좌")
    add("--at", metavar="시각", help="이때를 기준으로 기한을 따집니다: '2026-11-30 17:00'; 쓰지 않으면 지금")
    add("--mapping", metavar="M.json", help="직접 만든 표의 칸 연결 파일(미제출 확인 페이지에서 저장한 .json)", **again)
    add("--whom", metavar="글=학번", help="이름을 찾지 못한 줄이 누구인지; '글='은 명렬표에 없는 사람", **again)
    add("--classes", metavar="파일=반,…", help="설문처럼 낸 사람만 적힌 파일의 대상 반: 설문.csv=1학년 1반", **again)
    add("-o", "--output", metavar="OUT.xlsx", help="결과를 저장할 파일(.xlsx 또는 .csv)")
    add("--json", action="store_true", help="결과를 JSON으로 출력합니다")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prints who is missing what; 0 comes back, or 3 where some courses could not be read.

    Raises:
        InputError: whatever is wrong with the arguments and the files, or nothing at all could be read.
    """
    from .submissions.plain_text import as_data, in_words
    from .submissions.status import moment

    asked = _Asked(options)
    if asked.problems:
        raise InputError(asked.problems)
    at = moment(asked.at)
    table = _collected(options.moodle, asked) if options.moodle else _read(options, asked, at)
    failed = table.attrs["failed"]
    if options.json:
        print(json.dumps(as_data(table, at), ensure_ascii=False, indent=2))
    else:
        print("\n".join(in_words(table, at)))
    for one in failed:
        print(f"{_course(one)}: 읽지 못했습니다. {one['reason']}", file=sys.stderr)
    if options.output:
        _save(table, options.output, at)
        if not options.json:
            print(f"\n결과를 {options.output}에 저장했습니다.")
    return PARTLY_FAILED if failed else 0


class _Asked:
    """What the arguments ask for, and all that is wrong with them."""

    def __init__(self, options: argparse.Namespace):
        self.problems: list[Problem] = []
        self._check_source(options)
        self.secrets = self._secrets() if options.moodle else {}
        self.courses = self._courses(options.courses)
        self.at = self._time(options.at)
        self.whom = dict(self._pairs("--whom", options.whom, "예: --whom '설문.csv:12=10203'"))
        self.classes = self._classes(options)
        self._check_output(options)

    def _wrong(self, option: str, what: str, what_to_do: str) -> None:
        self.problems.append(Problem(f"{option}: {what}", what_to_do, kind="wrong_argument"))

    def _check_source(self, options: argparse.Namespace) -> None:
        if options.moodle and options.files:
            self._wrong("--moodle", "과제 파일과 함께 쓸 수 없습니다.", "둘 가운데 하나만 써 주세요.")
        elif options.moodle:
            for option in ("roster", "mapping", "whom", "classes"):
                if getattr(options, option):
                    self._wrong(f"--{option}", "--moodle과 함께 쓸 수 없습니다.", "과제 파일을 읽을 때에만 써 주세요.")
        elif not options.files:
            self._wrong(
                "FILE", "무엇을 읽을지 없습니다.", "--roster 명렬표와 과제 파일을 쓰거나, --moodle 주소를 써 주세요."
            )
        elif not options.roster:
            self._wrong("--roster", "명렬표가 없습니다.", "파일에 없는 학생까지 찾으려면 명렬표가 있어야 합니다.")
        if options.courses is not None and not options.moodle:
            self._wrong("--courses", "--moodle과 함께만 쓸 수 있습니다.", "강좌 번호를 빼 주세요.")

    def _secrets(self) -> dict[str, str]:
        given = {word: os.environ.get(name, "") for word, name in _SECRETS.items()}
        if given["token"].strip():
            return {"token": given["token"]}
        if given["username"] and given["password"]:
            return {"username": given["username"], "password": given["password"]}
        token, username, password = _SECRETS.values()
        what_to_do = f"{token}에 토큰을, 또는 {username}과 {password}에 아이디와 비밀번호를 넣어 주세요."
        self._wrong("--moodle", "접속할 토큰이나 아이디가 환경 변수에 없습니다.", what_to_do)
        return {}

    def _courses(self, text: str | None) -> list[int] | None:
        from .submissions.moodle.courses import course_numbers

        try:
            return course_numbers(text.split(",") if text is not None else None)
        except InputError as error:
            self.problems += error.problems
            return None

    def _time(self, text: str | None):
        from .submissions.dates import parse_time

        time = None if text is None else parse_time(text)
        if text is not None and time is None:
            self._wrong("--at", "시각을 알 수 없습니다.", "'2026-11-30 17:00'처럼 써 주세요.")
        return time

    def _pairs(self, option: str, given: Sequence[str], example: str) -> Iterator[tuple[str, str]]:
        for place, text in enumerate(given, start=1):
            before, sign, behind = text.rpartition("=")
            if sign and before.strip():
                yield unicodedata.normalize("NFC", before.strip()), behind.strip()
            else:
                self._wrong(option, f"{place}번째에 '='가 없거나 그 앞이 비었습니다.", example)

    def _classes(self, options: argparse.Namespace) -> dict[str, list[str]]:
        names = [unicodedata.normalize("NFC", Path(file).name) for file in options.files]
        classes = {}
        for file, text in self._pairs("--classes", options.classes, "예: --classes '설문.csv=1학년 1반,1학년 2반'"):
            if not file.startswith(tuple(names)):
                self._wrong("--classes", f"읽을 파일 가운데 없는 파일입니다: {file}.", "파일 이름을 확인해 주세요.")
            classes[file] = [one.strip() for one in text.split(",") if one.strip()]
        return classes

    def _check_output(self, options: argparse.Namespace) -> None:
        if not options.output:
            return
        if not options.output.lower().endswith((".xlsx", ".csv")):
            remedy = ".xlsx나 .csv로 끝나는 이름을 써 주세요."
            self._wrong("-o", "결과는 엑셀이나 CSV 파일로만 저장합니다.", remedy)
        read = [*options.files, *options.roster, *options.mapping]
        if os.path.realpath(options.output) in map(os.path.realpath, read):
            self._wrong("-o", "결과 파일이 읽을 파일과 같습니다.", "다른 이름을 써 주세요.")


def _read(options: argparse.Namespace, asked: _Asked, at) -> pd.DataFrame:
    """The table of the files, with the teacher's answers and the mapping.

    Raises:
        InputError: whatever is wrong with the answers and the mapping, or else with the roster and the files.
    """
    from .submissions.exports.reading import read_submissions
    from .submissions.roster import read_roster

    problems: list[Problem] = []
    mappings, whom = [], {}
    try:
        roster = read_roster(options.roster)
    except InputError:
        roster = options.roster  # read once more below, where its problems come with those of the files
    else:
        whom = _keys(asked.whom, roster, problems)
    for path in options.mapping:
        try:
            mappings.append(_mapping(path))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return read_submissions(options.files, roster=roster, at=at, mapping=mappings, whom=whom, classes=asked.classes)


def _keys(whom: dict[str, str], roster: pd.DataFrame, problems: list[Problem]) -> dict[str, str]:
    """The answers with the roster's own keys in place of student numbers; adds to the problems."""
    keys = set(roster["key"])
    by_number = roster.dropna(subset="student_no").groupby("student_no")["key"].agg(list).to_dict()
    found = {}
    for place, (written, number) in enumerate(whom.items(), start=1):
        candidates = [number] if number in keys or not number else by_number.get(number, [])
        if len(candidates) == 1:
            found[written] = candidates[0]
            continue
        what = "명렬표에 여러 명 있는 학번입니다." if candidates else "명렬표에 없는 학번입니다."
        problems.append(Problem(f"--whom {place}번째: {what}", "명렬표의 학번을 확인해 주세요.", kind="unknown_pupil"))
    return found


def _mapping(path: str) -> TableMapping:
    from .submissions.exports.mapping import TableMapping

    name = Path(path).name
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError:
        problems = [Problem("파일을 열 수 없습니다.", "이름과 폴더를 확인해 주세요.", name, kind="no_file")]
    except UnicodeDecodeError:
        problems = [Problem("칸 연결 파일이 아니거나 깨져 있습니다.", "다시 저장해 주세요.", name, kind="mapping")]
    else:
        try:
            return TableMapping.from_json(text)
        except InputError as error:
            problems = [replace(one, file=name) for one in error.problems]
    raise InputError(problems)


def _collected(url: str, asked: _Asked) -> pd.DataFrame:
    """The table of a Moodle, read course by course; Ctrl-C keeps what has been read.

    Raises:
        InputError: no course at all could be read.
    """
    from .submissions.collect import Collection
    from .submissions.moodle.source import moodle_source

    source = moodle_source(url, courses=asked.courses, **asked.secrets)
    collection = Collection(source)
    watched = sys.stderr.isatty()
    try:
        collection.run(_progress if watched else None)
    except KeyboardInterrupt:
        collection.stop()
        collection.run()
    finally:
        source.close()
        if watched:
            print(file=sys.stderr)
    return collection.outcome()


def _progress(collection: Collection) -> None:
    courses = [job for job in collection.jobs if job.course]
    ended = sum(job.state not in ("waiting", "running") for job in courses)
    # the list of courses comes first, and until then there is nothing to count
    told = f"강좌 {len(courses)}개 가운데 {ended}개를 마쳤습니다." if courses else "강좌 목록을 읽는 중입니다."
    print(f"\r{told}", end="", file=sys.stderr, flush=True)


def _course(failed: dict) -> str:
    return f"{failed['course']}({failed['course_id']})" if failed["course_id"] else failed["course"]


def _save(table: pd.DataFrame, path: str, at) -> None:
    from .submissions.report import submission_csv, write_submission_report

    write = submission_csv if path.lower().endswith(".csv") else write_submission_report
    failed = False
    try:
        write(table, path, at=at)
    except OSError:
        failed = True
    if failed:
        what_to_do = "폴더가 있는지, 같은 파일이 엑셀에서 열려 있지 않은지 확인해 주세요."
        raise InputError([Problem("결과 파일을 저장하지 못했습니다.", what_to_do, path)])
