"""The command ``schoolkit groups``: a class list in, groups out."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .errors import InputError, Problem

if TYPE_CHECKING:
    from .grouping.arguments import Asked
    from .grouping.result import Grouping, Plan


def add_parser(tools) -> None:
    """Adds the subcommand to what ``add_subparsers`` gave."""
    parser = tools.add_parser(
        "groups",
        help="학생을 고르게, 또는 비슷한 학생끼리 모둠으로 나눕니다",
        description="명단에서 고른 특성을 고르게 나누어 모둠을 편성하고, 얼마나 고른지 알려 줍니다.",
    )
    add = parser.add_argument
    add("files", nargs="+", metavar="FILE", help="명단: 엑셀(.xlsx, .xls) 또는 CSV 파일, 여러 개도 됩니다")
    add("--size", metavar="N", help="한 모둠의 인원: 4, 또는 범위 3-5")
    add("--groups", type=int, metavar="N", help="모둠 수")
    add("--sizes", metavar="N,N,…", help="모둠마다의 인원: 4,4,5")
    again = {"action": "append", "default": []}
    add("--balance", metavar="칸[:중요도]", help="고르게 나눌 칸: 성별:2, 점수:mean=2,spread=1", **again)
    add("--alike", metavar="칸[:중요도]", help="비슷한 학생끼리 모을 칸", **again)
    add("--apart", metavar="이름,이름[:이유]", help="다른 모둠에 둘 학생들", **again)
    add("--together", metavar="이름,이름[:이유]", help="한 모둠에 둘 학생들", **again)
    add("--at-most", metavar="N:칸[:이유]", help="모둠마다 N명까지: 1:특수, 또는 칸의 값으로 2:성별=여", **again)
    add("--at-least", metavar="N:칸[:이유]", help="모둠마다 N명 이상: 1:모둠장", **again)
    add("--one-each", metavar="칸[:이유]", help="모둠마다 꼭 1명: 모둠장", **again)
    add("--lock", metavar="이름:모둠[:이유]", help="정해진 모둠에 둘 학생: 김하나:3", **again)
    add("--absent", metavar="이름,…", help="결석한 학생들", **again)
    add("--history", nargs="+", default=[], metavar="FILE", help="지난 모둠 결과; 만났던 학생끼리는 덜 만나게 합니다")
    add("--recover", default="4회", metavar="기간", help="다시 만나도 되는 때: 4회(기본값), 30일, 4주")
    add("--variety", default="5", metavar="X", help="가장 고른 편성보다 몇 점까지 허용할지(기본값 5); 0, 또는 free")
    add("--seed", type=int, metavar="N", help="같은 번호는 같은 편성을 줍니다")
    add("--time-limit", type=float, metavar="초", help="찾는 시간(기본값 5초, 여러 회차는 10초)")
    add("--rounds", type=int, metavar="N", help="여러 회차를 한꺼번에 짜서 같은 학생을 덜 만나게 합니다")
    add("--name-column", metavar="칸", help="이름이 적힌 칸")
    add("--by-class", action="store_true", help="반마다 따로 편성합니다")
    add("-o", "--output", metavar="OUT.xlsx", help="결과를 저장할 파일(.xlsx 또는 .csv)")
    add("--json", action="store_true", help="결과를 JSON으로 출력합니다")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Makes the groups and prints them.

    Raises:
        InputError: whatever is wrong with the arguments and the files, in one go; of rules that
            contradict one another it says in full, with names, which they are.
    """
    from .grouping.arguments import Asked

    made = _made(options, Asked(options))
    if options.output:
        _save(made, options.output)
    if options.json:
        print(json.dumps(_as_data(made), ensure_ascii=False, indent=2))
        return
    for label, one in made.items():
        print("\n".join(_shown(label, one)))
    if options.output:
        print(f"\n결과를 {options.output}에 저장했습니다.")


def _made(options: argparse.Namespace, asked: Asked) -> dict[str, Grouping | Plan]:
    """What was made of each class; the one key is empty where the list is taken as a whole."""
    from .grouping.arguments import Wish
    from .grouping.groups import Groups
    from .grouping.history import read_history
    from .rosters.pupil_list import read_students, split_classes

    problems, wishes, classes = list(asked.problems), asked.wishes, {}
    try:
        students = read_students(options.files, name=options.name_column)
        parts = split_classes(students) if options.by_class else {"": students}
        name = students.attrs["name"]
        classes = {label: Groups(part, name=name, **asked.sizes) for label, part in parts.items()}
    except InputError as error:
        problems += error.problems
    if options.history:
        try:
            history = read_history(options.history)
            wishes = [*wishes, Wish(lambda groups: groups.avoid_repeats(history, recover=options.recover))]
        except InputError as error:
            problems += error.problems
    for wish in wishes if classes else ():
        problems += wish.grant(list(classes.values()))
    made: dict[str, Grouping | Plan] = {}
    for label, groups in classes.items() if not problems else ():
        limit = {} if options.time_limit is None else {"time_limit": options.time_limit}
        limit |= {"variety": asked.variety, "seed": options.seed}
        try:
            made[label] = (
                groups.make(**limit) if options.rounds is None else groups.make_rounds(options.rounds, **limit)
            )
        except InputError as error:
            problems += [replace(one, file=label or one.file) for one in _in_full(error)]
    if problems:
        raise InputError(problems)
    return made


def _in_full(error: InputError) -> Sequence[Problem]:
    """The error's problems; of rules that contradict one another, which they are."""
    contradiction = getattr(error, "contradiction", None)
    if contradiction is None:
        return error.problems
    return [Problem(line, kind="contradictory_rules") for line in contradiction.words.splitlines()]


def _save(made: Mapping[str, Grouping | Plan], path: str) -> None:
    from .grouping.report import group_csv, write_class_reports, write_group_report, write_plan_report
    from .grouping.result import Plan

    (only, *more) = made.values()
    try:
        if path.lower().endswith(".csv"):
            group_csv(made if more else only, path)
        elif more:
            write_class_reports(made, path)
        elif isinstance(only, Plan):
            write_plan_report(only, path)
        else:
            write_group_report(only, path)
    except OSError:
        what_to_do = "폴더가 있는지, 같은 파일이 엑셀에서 열려 있지 않은지 확인해 주세요."
        raise InputError([Problem("결과 파일을 저장하지 못했습니다.", what_to_do, path)]) from None


def _as_data(made: Mapping[str, Grouping | Plan]) -> dict[str, object]:
    if list(made) == [""]:
        return _one_as_data(made[""])
    return {"classes": {label: _one_as_data(one) for label, one in made.items()}}


def _one_as_data(one: Grouping | Plan) -> dict[str, object]:
    if hasattr(one, "rounds"):
        return {
            "rounds": [_one_as_data(grouping) for grouping in one.rounds],
            "repeated_pairs": one.repeated_pairs,
            "least_possible": one.least_possible,
        }
    return {
        "groups": [one.members(number) for number in range(1, one.n_groups + 1)],
        "absent": _absent(one),
        "score": one.score,
        "bound": one.bound,
        "proven": one.proven,
        "fairness": one.fairness,
        "statement": one.statement,
        "lines": one.lines(),
        "notices": list(one.notices),
        "seed": one.seed,
    }


def _absent(grouping: Grouping) -> list[str]:
    present = set(grouping.present.tolist())
    return [label for at, label in enumerate(grouping.labels) if at not in present]


def _shown(label: str, one: Grouping | Plan) -> Iterator[str]:
    if hasattr(one, "rounds"):
        for number, grouping in enumerate(one.rounds, start=1):
            yield f"[{number}회차] {grouping.statement}"
            yield from _groups_shown(grouping)
        yield f"다시 만나는 짝 {one.repeated_pairs}쌍 (아무리 줄여도 {one.least_possible}쌍)"
        yield f"씨앗 번호 {one.rounds[0].seed}"
        return
    title = f"[{label}] " if label else ""
    yield f"{title}학생 {len(one.present)}명을 {one.n_groups}모둠으로 나누었습니다."
    yield from _groups_shown(one)
    if absent := _absent(one):
        yield f"결석: {', '.join(absent)}"
    yield one.statement
    if one.objective.terms:
        # rounded down, so that only what is proven reads 100
        fairness = math.floor(one.fairness * 10 + 1e-9) / 10
        yield f"균형 점수 {fairness:.1f} (치우침 {one.score:.2f}, 한계 {one.bound:.2f})"
    yield from (f" - {line}" for line in one.lines())
    yield from (f"확인해 주세요: {notice}" for notice in one.notices)
    yield f"씨앗 번호 {one.seed} (같은 명단과 설정에 붙이면 같은 편성이 나옵니다: --seed {one.seed})"


def _groups_shown(grouping: Grouping) -> Iterator[str]:
    for number in range(1, grouping.n_groups + 1):
        members = grouping.members(number)
        yield f"{number}모둠({len(members)}명): {', '.join(members)}"
