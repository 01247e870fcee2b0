"""The command ``schoolkit``: one subcommand a tool, each mirrors a function of the library."""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from . import __version__, group_command, office_command, submission_command
from .errors import InputError, Problem

_INTERRUPTED = 130  # as shells have it for Ctrl+C


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line in Korean."""

    def error(self, message: str):
        told, unknown, words = message.partition("unrecognized arguments: ")
        if unknown:
            message = told + unknown + " ".join(_without_values(words.split()))
        self.exit(2, f"명령을 이해하지 못했습니다({message}). '{self.prog} --help'에 쓰는 법이 있습니다.\n")


def _without_values(words: Sequence[str]) -> Iterator[str]:
    """The words without what stands behind an unknown option: it may be a password."""
    options = False
    for word in words:
        options = options or word.startswith("-")
        if word.startswith("-") or not options:
            yield word.split("=")[0] if options else word


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; the exit status comes back.

    It is 0, or 2 with one line a problem on standard error, 130 for Ctrl+C, or what the subcommand says
    (``missing`` and ``office`` say 3 where a source was read in part).
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a Korean Windows console knows CP949 only
    try:
        options = _parser().parse_args(arguments)
        return options.run(options) or 0
    except KeyboardInterrupt:
        return _INTERRUPTED
    except InputError as error:
        return _fail(error.problems)
    except BrokenPipeError:
        sys.stderr.close()
        return 2
    except Exception as error:  # noqa: BLE001 - its text may hold pupils' data
        logging.getLogger(__name__).debug("%s", type(error).__name__)
        return _fail([Problem("예상하지 못한 문제가 생겼습니다.", f"파일을 확인해 주세요({type(error).__name__}).")])


def _fail(problems: Sequence[Problem]) -> int:
    for problem in problems:
        print(" ".join(str(problem).split()), file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="schoolkit", description="선생님의 잡무를 줄이는 도구 모음")
    parser.add_argument("--version", action="version", version=f"schoolkit {__version__}")
    tools = parser.add_subparsers(title="도구", required=True, metavar="도구", parser_class=_Parser)

    reading = tools.add_parser(
        "reading",
        help="독서활동 상황에서 한 학생에게 두 번 적힌 책을 찾습니다",
        description="나이스에서 내려받은 독서활동 상황 파일에서 한 학생에게 두 번 적힌 책을 찾습니다.",
    )
    reading.add_argument("files", nargs="+", metavar="FILE", help="엑셀(.xlsx, .xls) 또는 CSV 파일, 여러 개도 됩니다")
    reading.add_argument("-o", "--output", metavar="REPORT.xlsx", help="결과를 저장할 파일(.xlsx 또는 .csv)")
    reading.add_argument(
        "--cutoff", type=float, metavar="X", help="이 값(0~1) 이상으로 비슷한 쌍만 보입니다(기본값 0.8)"
    )
    reading.add_argument("--json", action="store_true", help="찾은 쌍을 JSON으로 출력합니다")
    reading.add_argument(
        "--columns",
        action="append",
        default=[],
        metavar="이름=머리글",
        help="머리글을 알아보지 못할 때 어느 칸인지 알려 줍니다(예: --columns name=학생 --columns book=읽은책)",
    )
    reading.add_argument(
        "--link-same-names",
        action="store_true",
        help="여러 해의 파일에서 이름이 같고 후보가 하나뿐인 학생을 한 학생으로 봅니다",
    )
    reading.add_argument(
        "--decisions",
        action="append",
        default=[],
        metavar="REPORT.xlsx",
        help="처리 칸을 채운 지난 점검표; 정정이나 다른 책으로 정한 쌍은 빼고 보입니다(여러 개도 됩니다)",
    )
    reading.add_argument(
        "--period",
        choices=("past", "present"),
        help="past: 지난 학년도 기록끼리의 쌍만, present: 올해 기록이 든 쌍만 보입니다",
    )
    reading.add_argument(
        "--books",
        metavar="OUT.xlsx",
        help="같은 책으로 보이는데 다르게 적힌 것과 고칠 곳의 목록을 저장할 파일(.xlsx)",
    )
    reading.set_defaults(run=_reading)
    group_command.add_parser(tools)
    submission_command.add_parser(tools)
    office_command.add_parser(tools)
    return parser


def _reading(options: argparse.Namespace) -> None:
    from . import read_decisions
    from .reading.by_book import group_spellings
    from .reading.correction_list import correction_list, write_correction_list
    from .reading.decisions import split_decided
    from .reading.duplicates import find_duplicates
    from .reading.links import confirmed_links, sole_candidates
    from .reading.records import read_reading_records
    from .reading.report import write_duplicate_report

    _check_targets(options)
    decisions = read_decisions(options.decisions)
    columns = _columns(options.columns)
    entries = read_reading_records(options.files, columns=columns)
    if options.link_same_names:
        links = confirmed_links(sole_candidates(entries.attrs["doubtful_links"]))
        entries = read_reading_records(options.files, columns=columns, links=links)
    pairs, decided = split_decided(find_duplicates(entries, cutoff=options.cutoff), decisions)
    if options.period and "period" in pairs:
        pairs = pairs[(pairs["period"] == options.period).fillna(False)].reset_index(drop=True)
    if options.output:
        with _saving(options.output):
            write_duplicate_report(pairs, entries, options.output, decided=decided)
    if options.books:
        groups = group_spellings(entries)
        corrections = correction_list(entries, groups)
        with _saving(options.books):
            write_correction_list(corrections, groups, options.books)
    if options.json:
        print(_as_json(pairs))
        for line in _unchecked_in_words(pairs, entries):
            print(line, file=sys.stderr)
        return
    _print_summary(entries, pairs, decided, options.output)
    if options.books:
        count = groups["group"].nunique()
        print(f"\n다르게 적힌 책 {count}권의 고칠 곳 {len(corrections)}곳을 {options.books}에 저장했습니다.")


def _check_targets(options: argparse.Namespace) -> None:
    """Refuses to write over what is read, or two results into one file."""
    taken = set(map(os.path.realpath, [*options.files, *options.decisions]))
    for option, path in (("-o", options.output), ("--books", options.books)):
        if not path:
            continue
        if os.path.realpath(path) in taken:
            remedy = f"{option}에 다른 이름을 써 주세요."
            raise InputError([Problem("결과 파일이 점검할 파일이나 다른 결과 파일과 같습니다.", remedy, path)])
        taken.add(os.path.realpath(path))
    if options.books and not options.books.lower().endswith(".xlsx"):
        problem = Problem(
            "고칠 곳의 목록은 엑셀 파일로만 저장합니다.", "--books에 .xlsx로 끝나는 이름을 써 주세요.", options.books
        )
        raise InputError([problem])


@contextmanager
def _saving(path: str) -> Iterator[None]:
    try:
        yield
    except OSError:
        problem = Problem(
            "결과 파일을 저장하지 못했습니다.",
            "폴더가 있는지, 같은 파일이 엑셀에서 열려 있지 않은지 확인해 주세요.",
            path,
        )
        raise InputError([problem]) from None


def _columns(given: Sequence[str]) -> dict[str, str] | None:
    wrong = [text for text in given if "=" not in text]
    if wrong:
        raise InputError([Problem(f"--columns {text}에 '='가 없습니다.", "예: --columns name=학생") for text in wrong])
    return dict(text.split("=", 1) for text in given) or None


def _as_json(pairs) -> str:
    records = json.loads(pairs.to_json(orient="records", force_ascii=False))
    for record in records:
        record["reasons"] = record["reasons"].split("; ")
    return json.dumps(records, ensure_ascii=False, indent=2)


def _unchecked_in_words(pairs, entries) -> list[str]:
    from .reading.unchecked import WHAT_TO_CHECK, unchecked_pupils

    told = [f"점검하지 않음: {one.pupil}, 책 {one.entries}권" for one in unchecked_pupils(pairs, entries).itertuples()]
    return [*told, f"   {WHAT_TO_CHECK}"] if told else []


def _print_summary(entries, pairs, decided, output: str | None) -> None:
    from .reading.pair_table import VERDICTS, current_places, pair_table
    from .reading.unchecked import unchecked_pupils

    unchecked = unchecked_pupils(pairs, entries)
    files, pupils = entries["file"].nunique(), entries["student"].nunique() - len(unchecked)
    print(f"파일 {files}개, 학생 {pupils}명, 책 {len(entries) - unchecked['entries'].sum()}권을 점검했습니다.")
    for line in _unchecked_in_words(pairs, entries):
        print(line)
    if pairs.empty:
        print("중복으로 의심되는 책이 없습니다.")
    else:
        counts = pairs["verdict"].value_counts()
        shown = ", ".join(f"{words} {counts[verdict]}쌍" for verdict, words in VERDICTS.items() if verdict in counts)
        print(f"중복 의심 {len(pairs)}쌍 ({shown})")
    if not decided.empty:
        left = (decided["decision"] == "정정").sum()
        print(f"앞서 정한 쌍 {len(decided)}개는 뺐습니다. 그 가운데 정정하기로 한 {left}쌍이 아직 남아 있습니다.")
    for pair in pair_table(pairs, current_places(entries)).to_dict("records"):
        seat = "" if pair["seat_no"] is None else f" {pair['seat_no']}번"
        name = pair.get("name") or "이름 없는 학생"
        print(f"\n{pair['no']}. [{pair['verdict']}] {pair['class_name']}{seat} {name} · {pair['score']:.0%}")
        for side in "ab":
            term = pair[f"place_{side}"]
            place = f"{pair[f'file_{side}']} {pair[f'row_{side}']}행"
            print(f"   {pair[f'book_{side}']}  ← {place if term == place else f'{term} ({place})'}")
        print(f"   이유: {pair['reasons']}")
    notices, doubtful = entries.attrs["notices"], entries.attrs["doubtful_links"]
    if notices:
        print(f"\n확인해 주세요: 건너뛰거나 짐작한 것 {len(notices)}건")
        for one in notices:
            row = f" {one['row']}행" if one["row"] else ""
            print(f" - {one['file']}{row}: {one['what']} {one['why']}")
    if doubtful:
        print(f"\n이름이 같지만 한 학생인지 알 수 없어 따로 점검한 학생 {len(doubtful)}쌍")
        for one in doubtful:
            print(f" - {one['name']}: {one['about_a']} / {one['about_b']}")
        print("   한 학생이면 --link-same-names를 붙여 다시 실행하세요(후보가 하나뿐인 학생만 연결됩니다).")
    if output:
        print(f"\n결과를 {output}에 저장했습니다.")
