"""The fairest grouping of a setting, or why its rules leave none."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from ..errors import InputError, Problem
from .contradiction import Contradiction, find_contradiction
from .instance import Instance, build
from .rules import for_search
from .setting import Setting
from .solver import Solved, solve

_EXPLAINING = 10.0  # seconds


class ContradictoryRules(InputError):
    """Rules that no grouping can keep.

    Its text names no pupil; ``contradiction.words`` does.

    Attributes:
        give_up: the fewest rules to drop, see :class:`schoolkit.grouping.rules.Rule`.
        proven: whether it is proven that fewer would not do.
        contradiction: the same with the conflicting rules and the reasons in words for a teacher.
    """

    def __init__(self, contradiction: Contradiction) -> None:
        self.contradiction = contradiction
        self.give_up = contradiction.give_up
        self.proven = contradiction.proven
        numbers = ", ".join(f"{rule.number}번" for rule in contradiction.conflict)
        count = len(contradiction.give_up)
        super().__init__(
            [
                Problem(
                    f"규칙 {len(contradiction.conflict)}개가 서로 맞지 않습니다(규칙 {numbers}).",
                    f"규칙 {count}개를 풀어야 편성할 수 있습니다(규칙 "
                    + ", ".join(f"{rule.number}번" for rule in contradiction.give_up)
                    + ").",
                    kind="contradictory_rules",
                )
            ]
        )


def instance_of(setting: Setting) -> Instance:
    """The setting as the search sees it.

    Raises:
        ContradictoryRules: rules that exclude one another at once.
    """
    try:
        return build(setting.objective, **for_search(setting.rules), size_range=setting.size_range)
    except ValueError:
        raise _why_not(setting) from None


def fairest(
    setting: Setting, instance: Instance, until: float, on_step: Callable[[float], None] | None = None
) -> Solved:
    """The fairest grouping that was found by ``until`` (``time.monotonic``), and what is proven of it.

    Raises:
        ContradictoryRules: no grouping keeps all rules.
        InputError: none was found in time, though there may be one.
    """
    solved = solve(
        instance,
        np.random.default_rng(0),
        bound=setting.objective.closed_form_bound() if setting.size_range is None else 0.0,
        until=until,
        on_step=on_step,
    )
    if solved.units is None:
        raise _why_not(setting)
    return solved


def _why_not(setting: Setting) -> InputError:
    found = find_contradiction(
        setting.rules,
        setting.objective.sizes.tolist(),
        size_range=setting.size_range,
        until=time.monotonic() + _EXPLAINING,
        rng=np.random.default_rng(0),
        names=setting.labels,
    )
    if found is not None:
        return ContradictoryRules(found)
    what_to_do = "시간 제한을 늘리거나 규칙을 조금 풀어 주세요."
    return InputError([Problem("규칙을 모두 지키는 편성을 시간 안에 찾지 못했습니다.", what_to_do, kind="not_found")])
