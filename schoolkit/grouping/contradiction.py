"""Rules that cannot all be kept, in a teacher's words: which contradict one another, and the fewest to give up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .certificates import reason
from .feasibility import Seats
from .fewest import Conflict, Fewest
from .rules import Rule

_LISTED = 8


@dataclass(frozen=True)
class Contradiction:
    """Rules that cannot all be kept.

    Attributes:
        give_up: the fewest rules to drop so that all the others can be kept.
        conflict: rules that cannot hold together and of which none can be spared for that, as far as
            time allowed to tell; empty if time ran out before any were found.
        proven: whether dropping fewer rules than ``give_up`` would not do.
        words: what the teacher is told, in Korean; a line for each contradiction that is on its own.
    """

    give_up: tuple[Rule, ...]
    conflict: tuple[Rule, ...]
    proven: bool
    words: str


def find_contradiction(
    rules: Sequence[Rule],
    sizes: Sequence[int],
    *,
    size_range: tuple[int, int] | None = None,
    until: float,
    rng: np.random.Generator,
    names: Sequence[str] | None = None,
) -> Contradiction | None:
    """The fewest rules to give up; None if all can be kept together.

    Where several rules would do equally well, one that the teacher gave no reason for is named.

    Args:
        rules: what the teacher wants; each is kept or dropped as a whole.
        sizes: pupils per group, each at least 1; they add up to the number of pupils.
        size_range: the least and the most pupils of every group, where sizes may vary.
        until: when to stop, by ``time.monotonic``.
        names: the pupils' names, to say who is meant where the reason is a number of pupils.

    Raises:
        ValueError: the sizes lie outside the range.
    """
    low, high = (sizes, sizes) if size_range is None else ([bound] * len(sizes) for bound in size_range)
    if any(not least <= size <= most for least, size, most in zip(low, sizes, high, strict=True)):
        raise ValueError("sizes outside their range")
    seats = Seats(sum(sizes), tuple(low), tuple(high))
    found = Fewest(rules, seats, sizes, size_range, until, rng, names)
    found.run()
    if not found.best:
        return None
    smallest = min(found.conflicts, key=lambda one: len(one.core), default=None)
    give_up, choices = found.best, []
    if found.proven and len(give_up) == 1:
        choices = found.enough_one(smallest.core)
        give_up = [min(choices, key=lambda at: (bool(rules[at].why), at not in give_up))]
    lines = [_line(conflict, rules, seats, names) for conflict in found.conflicts]
    if not lines:
        lines = ["규칙을 모두 지키며 모둠을 나눌 방법을 정해진 시간 안에 찾지 못했습니다."]
    dropped = [rules[at] for at in give_up]
    if not found.proven:
        ending = (
            f"규칙 {len(dropped)}개를 풀면 나머지는 모두 지킬 수 있습니다: {_listed(dropped)}. "
            "더 적게 풀어도 되는지는 정해진 시간 안에 확인하지 못했습니다."
        )
    elif len(dropped) == 1:
        ending = _one_of([rules[at] for at in choices], of=len(smallest.core))
    else:
        ending = f"나머지를 모두 지키려면 적어도 {len(dropped)}개를 풀어야 합니다. 예: {_listed(dropped)}."
    words = f"{lines[0]} {ending}" if len(lines) == 1 else "\n".join([*lines, ending])
    conflict = () if smallest is None else tuple(rules[at] for at in smallest.core)
    return Contradiction(tuple(dropped), conflict, found.proven, words)


def _line(conflict: Conflict, rules: Sequence[Rule], seats: Seats, names: Sequence[str] | None) -> str:
    """A contradiction, and why it is one."""
    core = [rules[at] for at in conflict.core]
    if len(core) == 1:
        return f"지킬 수 없는 규칙입니다: {core[0]}. {reason(core, seats, names)}."
    fewest = conflict.demand.fewest
    if fewest > 1:
        involved = [rules[at] for at in sorted(conflict.demand.weights)]
        more = f" 이 가운데 적어도 {fewest}개는 지킬 수 없습니다."
        return f"규칙 {len(involved)}개가 서로 맞지 않습니다: {_listed(involved)}. {conflict.demand.reason}.{more}"
    return f"규칙 {len(core)}개가 서로 맞지 않습니다: {_listed(core)}. {reason(core, seats, names)}."


def _one_of(choices: Sequence[Rule], *, of: int) -> str:
    """What to give up where one rule is enough."""
    if of == 1:
        return "이 규칙을 풀면 됩니다."
    if len(choices) == of:
        return "이 가운데 하나를 풀면 됩니다."
    if len(choices) == 1:
        return f"이 가운데 다음 규칙을 풀면 됩니다: {choices[0]}."
    return f"이 가운데 다음 규칙 하나를 풀면 됩니다: {_listed(choices)}."


def _listed(rules: Sequence[Rule]) -> str:
    shown = "; ".join(str(rule) for rule in rules[:_LISTED])
    return shown if len(rules) <= _LISTED else f"{shown} 외 {len(rules) - _LISTED}개"
