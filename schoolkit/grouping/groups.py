"""Groups of pupils: what counts, which rules hold, and the fairest grouping with a fitting amount of chance."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ..errors import InputError, Problem
from ..rosters.headers import category_text
from .draws import draw
from .fairest import fairest, instance_of
from .history import read_history
from .instance import Instance
from .leaders import is_marked
from .pupils import Roll, labels_of, name_column
from .result import Grouping, Plan
from .rounds import plan_rounds
from .rules import Rule
from .setting import Setting, Wish, meetings_of, setting_of
from .solver import Solved

# the part of the time that search and proof have before chance
_SEARCHING = 0.8


class Groups:
    """A class to be grouped.

    Args:
        students: one row per pupil, in any order; it is not changed.
        name: the column that names a pupil in rules; by default one whose header says so
            (이름, 성명, name, …). Same names are told apart by class and number:
            ``labels`` lists what each pupil is called.
        sizes: pupils of each group; or ``n_groups``: so many groups of even sizes; or
            ``size``: pupils of a group, remainders spread, or the bounds ``(least, most)``.

    Every method that says what counts or which rule holds gives back the object itself.

    Raises:
        InputError: no column of names, or sizes that cannot be; in every method also for
            columns, names and numbers that don't fit.
    """

    def __init__(
        self,
        students: pd.DataFrame,
        *,
        name: str | None = None,
        sizes: Sequence[int] | None = None,
        n_groups: int | None = None,
        size: int | tuple[int, int] | None = None,
    ) -> None:
        self.students = students.copy()
        self.name = name_column(students, name)
        self.labels = labels_of(students, self.name)
        self._roll = Roll(self.labels, list(students[self.name]))
        self._sizes = {"sizes": sizes, "n_groups": n_groups, "size": size}
        self._wishes: list[Wish] = []
        self._rules: list[Rule] = []
        self._absent: set[int] = set()
        self._history: pd.DataFrame | None = None
        self._fading: dict[str, object] = {}
        self._solved: tuple[object, Solved] | None = None

    def balance(
        self,
        column: str,
        *,
        weight: float | None = None,
        mean: float | None = None,
        spread: float | None = None,
        kind: str | None = None,
    ) -> Groups:
        """Makes every group like the whole class in this column: groups diverse inside and alike to one another.

        Args:
            weight: how much it counts, 1 by default. For numbers it is the weight of equal
                means, and half of it that of equal spreads, where these are not given.
            mean, spread: for numbers, the weights of equal means and of equal spreads.
            kind: ``"category"`` or ``"number"``; by default guessed, see :func:`schoolkit.grouping.traits.guess_kind`.
        """
        if kind is None and (mean is not None or spread is not None):
            kind = "number"
        return self._wish(Wish(column, "balance", weight, mean, spread, kind))

    def alike(self, column: str, *, weight: float = 1.0, kind: str | None = None) -> Groups:
        """Puts pupils together who are similar in this column (homogeneous groups)."""
        return self._wish(Wish(column, "alike", weight, None, None, kind))

    def _wish(self, wish: Wish) -> Groups:
        problems = []
        if wish.column not in self.students.columns:
            problems.append(
                Problem(
                    "명단에 없는 칸입니다.",
                    f"명단의 칸: {', '.join(map(str, self.students.columns))}",
                    column=wish.column,
                )
            )
        if any(
            one is not None and not (one >= 0 and np.isfinite(one)) for one in (wish.weight, wish.mean, wish.spread)
        ):
            problems.append(
                Problem("중요도는 0 이상의 수여야 합니다.", "0, 1, 2 같은 수를 써 주세요.", column=wish.column)
            )
        if wish.kind not in (None, "category", "number"):
            problems.append(Problem("kind는 'category'나 'number'입니다.", column=wish.column))
        if problems:
            raise InputError(problems)
        self._wishes = [one for one in self._wishes if one.column != wish.column] + [wish]
        return self

    def apart(self, *names: str, why: str = "") -> Groups:
        """No two of these pupils share a group."""
        pupils = self._several(names, "떼어 놓기")
        return self._rule("apart", pupils, f"{self._named(pupils)} 떼어 놓기", why)

    def together(self, *names: str, why: str = "") -> Groups:
        """All of these pupils share a group."""
        pupils = self._several(names, "함께 두기")
        return self._rule("together", pupils, f"{self._named(pupils)} 함께 두기", why)

    def at_most(self, count: int, what: str | Sequence[str], *, column: str | None = None, why: str = "") -> Groups:
        """No group has more than ``count`` of some pupils.

        Args:
            what: a column whose cells mark them (any but blank, 0, X, N, 아니오, …), a value that
                stands in one column only, or the pupils' names.
            column: the column in which ``what`` is a value.
        """
        words = f"‘{what if isinstance(what, str) else '고른 학생'}’ 모둠마다 {count}명까지"
        return self._rule("cap", self._described(what, column, words), words, why, most=_whole(count, words))

    def at_least(self, count: int, what: str | Sequence[str], *, column: str | None = None, why: str = "") -> Groups:
        """Every group has at least ``count`` of some pupils, who are said as in :meth:`at_most`."""
        words = f"‘{what if isinstance(what, str) else '고른 학생'}’ 모둠마다 {count}명 이상"
        return self._rule("cap", self._described(what, column, words), words, why, least=_whole(count, words))

    def one_each(self, what: str | Sequence[str], *, column: str | None = None, why: str = "") -> Groups:
        """Every group has exactly one of some pupils, such as a leader, who are said as in :meth:`at_most`."""
        words = f"‘{what if isinstance(what, str) else '고른 학생'}’ 모둠마다 1명"
        return self._rule("cap", self._described(what, column, words), words, why, least=1, most=1)

    def lock(self, name: str, group: int, *, why: str = "") -> Groups:
        """This pupil is in the group of this number, from 1."""
        words = f"{group}모둠에 고정"
        if int(group) != group or group < 1:
            raise InputError([Problem("모둠 번호는 1부터입니다.", "모둠 번호를 다시 골라 주세요.", column=words)])
        pupils = self._roll.find([name], words)
        return self._rule("lock", pupils, f"{self._named(pupils)} {words}", why, group=int(group))

    def absent(self, *names: str) -> Groups:
        """These pupils are in no group; rules that speak of them hold for the others.

        Sizes that were said for everyone shrink by one each, the last of the biggest groups first.
        """
        self._absent |= set(self._roll.find(names, "결석"))
        return self

    def avoid_repeats(
        self, history: object, *, recover: str = "4회", shape: str = "exponential", weight: float = 2.0
    ) -> Groups:
        """Pupils who shared a group lately rather meet others; how much so fades with age.

        Args:
            history: files of earlier results, or a table of them, see :func:`schoolkit.grouping.history.read_history`.
            recover: when half is forgotten, in rounds or days: ``"4회"``, ``"30일"``, ``"4주"``.
            shape: ``"exponential"``, ``"sigmoid"``, or ``"within"``: not again within so long.
            weight: how much it counts beside the traits.
        """
        earlier = read_history(history)
        # what cannot be read is to be told now
        meetings_of(self.students, self.name, earlier, recover=recover, shape=shape)
        self._history, self._fading = earlier, {"recover": recover, "shape": shape, "weight": weight}
        return self

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules as given, pupils as positions in ``students``."""
        return tuple(self._rules)

    def make(
        self,
        *,
        variety: float = 5.0,
        seed: int | None = None,
        time_limit: float = 5.0,
        on_step: Callable[[float], None] | None = None,
    ) -> Grouping:
        """A grouping that keeps every rule, drawn uniformly among those that are fair enough.

        Args:
            variety: how many points worse than the fairest it may be: 0 gives a fairest one,
                infinity pure chance within the rules.
            seed: the same seed gives the same grouping, unless the time ran out
                (``stopped``); by default a new one, which the result tells.
            time_limit: seconds, about, for search, proof and chance; explaining rules that contradict
                one another comes on top.
            on_step: called now and then with the share that is done, 0 to 1.

        Raises:
            ContradictoryRules: no grouping keeps all rules.
            InputError: nothing to group, or a number that cannot be.
        """
        if not variety >= 0:
            raise InputError(
                [Problem("무작위 정도는 0 이상이어야 합니다.", "0, 5, 무한대(inf) 가운데 고를 수 있습니다.")]
            )
        seed = secrets.randbelow(2**31) if seed is None else int(seed)
        began = time.monotonic()
        setting = self._setting()
        instance = instance_of(setting)
        # one stream for the search and one for chance, so that another draw starts from the same best
        solved = self._solve(setting, instance, began + _SEARCHING * time_limit, on_step)
        until = max(began + time_limit, time.monotonic() + (1 - _SEARCHING) * time_limit)
        rng = np.random.default_rng(seed)
        units = draw(instance, rng, start=solved.units, limit=solved.score + variety, until=until)
        solved = replace(solved, stopped=solved.stopped or time.monotonic() > until)
        return self._grouping(setting, solved, instance.labels(units), variety, seed)

    def make_rounds(
        self,
        rounds: int,
        *,
        variety: float = 5.0,
        seed: int | None = None,
        time_limit: float = 10.0,
        on_step: Callable[[float], None] | None = None,
    ) -> Plan:
        """Several groupings at once in which as few pairs as possible meet twice.

        Each round keeps every rule and is at most ``variety`` points worse than the fairest.
        The other arguments are those of :meth:`make`; the plan tells its repeated pairs and
        the least that any plan must have.
        """
        if int(rounds) != rounds or not 1 <= rounds <= 60:
            raise InputError([Problem("회차 수는 1에서 60까지입니다.", "회차 수를 다시 정해 주세요.")])
        seed = secrets.randbelow(2**31) if seed is None else int(seed)
        began = time.monotonic()
        setting = self._setting()
        instance = instance_of(setting)
        solved = self._solve(setting, instance, began + time_limit / 3, None)
        rng = np.random.default_rng(seed)
        limit = solved.score + variety if setting.objective.terms else np.inf
        drawn = [
            draw(instance, rng, start=solved.units, limit=limit, until=began + time_limit / 2) for _ in range(rounds)
        ]
        planned = plan_rounds(
            instance,
            rng,
            rounds=rounds,
            limit=limit,
            starts=drawn,
            steps=10_000 * rounds,
            until=began + time_limit,
            met=None if setting.meetings is None else setting.meetings.met,
            on_step=on_step,
        )
        made = [self._grouping(setting, solved, instance.labels(units), variety, seed) for units in planned]
        return Plan(tuple(made), instance.unit_of)

    def _solve(self, setting: Setting, instance: Instance, until: float, on_step) -> Solved:
        """The fairest grouping; found once for one setting, so that another draw is quick."""
        if self._solved is None or self._solved[0] != setting.key or self._solved[1].stopped:
            self._solved = (setting.key, fairest(setting, instance, until, on_step))
        return self._solved[1]

    def _rule(self, kind: str, pupils: tuple[int, ...], words: str, why: str, **bounds: object) -> Groups:
        self._rules.append(Rule(len(self._rules) + 1, kind, pupils, words, why.strip(), **bounds))
        return self

    def _several(self, names: Sequence[str], rule: str) -> tuple[int, ...]:
        pupils = self._roll.find(names, rule)
        if len(pupils) < 2:
            raise InputError([Problem("학생이 두 명 이상이어야 합니다.", "학생을 더 골라 주세요.", column=rule)])
        return pupils

    def _named(self, pupils: Sequence[int]) -> str:
        return " – ".join(self.labels[pupil] for pupil in pupils)

    def _described(self, what: str | Sequence[str], column: str | None, rule: str) -> tuple[int, ...]:
        """The pupils whom a rule on numbers speaks of."""
        if not isinstance(what, str):
            return self._roll.find(what, rule)
        if column is None and what in self.students.columns:
            return _positions(is_marked(self.students[what]))
        if column is not None and column not in self.students.columns:
            raise InputError([Problem("명단에 없는 칸입니다.", "칸 이름을 확인해 주세요.", column=str(column))])
        columns = [column] if column is not None else [one for one in self.students.columns if one != self.name]
        holding = {
            one: values
            for one in columns
            if (values := np.array([category_text(value) == what for value in self.students[one]])).any()
        }
        if len(holding) == 1:
            return _positions(next(iter(holding.values())))
        if holding:
            headers = ", ".join(map(str, holding))
            problem = Problem("이 값이 여러 칸에 있습니다.", f"어느 칸인지 정해 주세요: {headers}", column=rule)
        else:
            problem = Problem("이 이름의 칸도, 이 값이 적힌 칸도 없습니다.", "칸이나 값을 확인해 주세요.", column=rule)
        raise InputError([problem])

    def _setting(self) -> Setting:
        """Everything that a grouping is made from, those who are there alone."""
        return setting_of(
            self.students,
            self.name,
            self.labels,
            absent=frozenset(self._absent),
            sizes=self._sizes,
            wishes=tuple(self._wishes),
            rules=tuple(self._rules),
            history=self._history,
            fading=self._fading,
        )

    def _grouping(self, setting: Setting, solved: Solved, labels: np.ndarray, variety: float, seed: int) -> Grouping:
        return Grouping(
            students=self.students,
            name=self.name,
            labels=tuple(self.labels),
            present=setting.present,
            groups=labels,
            objective=setting.objective,
            traits=setting.traits,
            rules=setting.rules,
            meetings=setting.meetings,
            history=self._history,
            size_range=setting.size_range,
            fading=dict(self._fading) or None,
            best=solved.score,
            bound=solved.bound,
            stopped=solved.stopped,
            variety=float(variety),
            seed=seed,
        )


def _positions(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(np.flatnonzero(mask).tolist())


def _whole(count: int, rule: str) -> int:
    if int(count) != count or count < 0:
        raise InputError([Problem("인원은 0 이상의 정수여야 합니다.", "인원을 다시 정해 주세요.", column=rule)])
    return int(count)


def assign_groups(
    students: pd.DataFrame,
    *,
    size: int | tuple[int, int] | None = None,
    n_groups: int | None = None,
    sizes: Sequence[int] | None = None,
    name: str | None = None,
    balance: Sequence[str] = (),
    alike: Sequence[str] = (),
    apart: Sequence[Sequence[str]] = (),
    together: Sequence[Sequence[str]] = (),
    absent: Sequence[str] = (),
    variety: float = 5.0,
    seed: int | None = None,
    time_limit: float = 5.0,
) -> pd.DataFrame:
    """``students`` with a column ``group`` (from 1) in front, absent pupils ``<NA>``: :class:`Groups` in one line.

    >>> pupils = pd.DataFrame({"이름": ["가", "나", "다", "라"], "성별": ["여", "여", "남", "남"]})
    >>> made = assign_groups(pupils, size=2, balance=["성별"], apart=[("가", "다")], seed=1)
    >>> sorted(made.groupby("group")["이름"].agg(sorted))
    [['가', '라'], ['나', '다']]

    Raises:
        ContradictoryRules: no grouping keeps all rules.
        InputError: as the methods of :class:`Groups`.
    """
    groups = Groups(students, name=name, size=size, n_groups=n_groups, sizes=sizes)
    for column in balance:
        groups.balance(column)
    for column in alike:
        groups.alike(column)
    for names in apart:
        groups.apart(*names)
    for names in together:
        groups.together(*names)
    groups.absent(*absent)
    return groups.make(variety=variety, seed=seed, time_limit=time_limit).table
