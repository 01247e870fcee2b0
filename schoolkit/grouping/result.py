"""A grouping that was made: the table, how fair it is, and what an exchange by hand changes."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np
import pandas as pd

from ..errors import InputError, Problem
from ..rosters.headers import CLASS, NUMBER, category_text, find_column
from ..students import name_key, parse_name
from .balance import Objective
from .fairness import balance_table, fairness, group_figures, statement, trait_lines
from .history import append_round
from .meetings import Meetings
from .pupils import Roll
from .rounds import pigeonhole_minimum, repeated_pairs
from .rules import Rule
from .traits import Trait

_SAME = 1e-6


class BrokenRules(InputError):
    """A change by hand that would break rules; its text names no pupil, ``rules`` does."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        super().__init__(
            [
                Problem(
                    f"옮기면 {rule.number}번 규칙이 깨집니다.",
                    "다른 학생을 고르거나 규칙을 풀어 주세요.",
                    kind="broken_rule",
                )
                for rule in rules
            ]
        )


@dataclass(frozen=True)
class Grouping:
    """Pupils in groups; every rule holds.

    Attributes:
        students: the pupils as they were given.
        name: the column that names them; ``labels``: what each is called, unlike all others.
        present: the rows of those who take part, shape (n,).
        groups: their groups from 0, shape (n,).
        objective, traits, rules, meetings: what counted, see the modules of these names.
        history: earlier groupings that counted, or None.
        best: the score of the fairest grouping that was found.
        bound: no grouping that keeps the rules scores lower.
        stopped: whether the time ran out before the search or the proof was done.
        variety, seed: what it was drawn with.
        by_hand: how many changes were made by hand since.
        size_range: the least and the most pupils of a group, where sizes could vary.
        fading: how earlier meetings fade, as given to :meth:`.groups.Groups.avoid_repeats`.
    """

    students: pd.DataFrame
    name: object
    labels: tuple[str, ...]
    present: np.ndarray
    groups: np.ndarray
    objective: Objective
    traits: tuple[Trait, ...]
    rules: tuple[Rule, ...]
    meetings: Meetings | None
    history: pd.DataFrame | None
    best: float
    bound: float
    stopped: bool
    variety: float
    seed: int
    by_hand: int = 0
    size_range: tuple[int, int] | None = None
    fading: Mapping[str, object] | None = None

    @property
    def n_groups(self) -> int:
        return int(self.objective.sizes.size)

    @property
    def table(self) -> pd.DataFrame:
        """``students`` with a column ``group`` (from 1) in front, in place of one so named; absent pupils ``<NA>``."""
        group = pd.array([pd.NA] * len(self.students), dtype="Int64")
        group[self.present] = self.groups + 1
        table = self.students.drop(columns="group", errors="ignore")
        table.insert(0, "group", group)
        return table

    @property
    def score(self) -> float:
        """How far from ideal: 0 is ideal, 100 what chance has on average."""
        return self.objective.score(self.groups)

    @property
    def sizes_kept(self) -> bool:
        """Whether each group has as many pupils as was asked for, so that the bound is one for this grouping."""
        counts = np.bincount(self.groups, minlength=self.n_groups)
        if self.size_range is None:
            return np.array_equal(counts, self.objective.sizes)
        return bool((counts >= self.size_range[0]).all() and (counts <= self.size_range[1]).all())

    @property
    def proven(self) -> bool:
        """Whether it is proven that no grouping that keeps rules and sizes is fairer."""
        return self.sizes_kept and self.score <= self.bound + _SAME

    @property
    def best_proven(self) -> bool:
        """Whether it is proven that no grouping is fairer than the fairest one found."""
        return self.best <= self.bound + _SAME

    @property
    def fairness(self) -> float:
        """균형 점수, 0 to 100: 0 is chance, 100 cannot be fairer; ``100 (100 - score) / (100 - bound)``.

        Where sizes were changed by hand the bound is for other sizes, so that 100 is not reached.
        """
        points = fairness(self.score, self.bound)
        return points if self.sizes_kept else min(points, 99.9)

    @property
    def statement(self) -> str:
        """How near to the best possible this is, a Korean sentence."""
        return statement(self)

    @property
    def notices(self) -> tuple[str, ...]:
        """What was worked around, Korean sentences without names: missing values, names that fit no pupil."""
        found = []
        for trait in self.traits:
            empty = trait.missing - trait.unread
            stands = "평균으로 보았습니다" if trait.is_number else "따로 한 종류로 보았습니다"
            if empty:
                found.append(f"‘{trait.column}’ 칸이 빈 학생 {empty}명은 {stands}.")
            if trait.unread:
                found.append(f"‘{trait.column}’ 칸이 숫자가 아닌 학생 {trait.unread}명은 {stands}.")
        unused = {term.name.split(":")[0] for term in self.objective.terms}
        for trait in self.traits:
            if trait.column not in unused and (trait.weight or trait.mean or trait.spread):
                found.append(f"‘{trait.column}’ 칸은 모두 같은 값이라 편성에 쓰이지 않았습니다.")
        if self.meetings is not None and self.meetings.unknown:
            found.append(f"지난 모둠의 이름 {self.meetings.unknown}개는 명단에 없어 쓰지 않았습니다.")
        if self.meetings is not None and self.meetings.ambiguous:
            found.append(f"지난 모둠의 이름 {self.meetings.ambiguous}개는 누구인지 가릴 수 없어 쓰지 않았습니다.")
        if self.stopped:
            found.append("시간 제한에 이르러 멈췄습니다. 시간을 늘리면 더 고르게 나눌 수도 있습니다.")
        return tuple(found)

    def balance_report(self) -> pd.DataFrame:
        """What each group has of each trait, see :func:`schoolkit.grouping.fairness.balance_table`."""
        return balance_table(self)

    def lines(self) -> list[str]:
        """A Korean line per trait, e.g. ``성별: 남 2명, 여 1–2명``."""
        return trait_lines(self)

    def figures(self) -> pd.DataFrame:
        """The same for charts: a row per group and measure, columns trait, measure, group, value, share."""
        return group_figures(self)

    def members(self, group: int) -> list[str]:
        """The labels of a group's pupils, the group's number from 1."""
        return [self.labels[row] for row in self.present[self.groups == group - 1]]

    def group_of(self, label: str) -> int | None:
        """The number of a pupil's group, from 1; None for an absent pupil."""
        row = self._find([label])[0]
        at = np.flatnonzero(self.present == row)
        return int(self.groups[at[0]]) + 1 if at.size else None

    def swap(self, one: str, other: str) -> Grouping:
        """The grouping with two pupils exchanged.

        Raises:
            BrokenRules: a rule would not hold any more.
            InputError: a pupil is unknown or absent.
        """
        a, b = self._places([one, other])
        groups = self.groups.copy()
        groups[[a, b]] = groups[[b, a]]
        return self._changed(groups)

    def move(self, label: str, group: int) -> Grouping:
        """The grouping with a pupil in another group, whose size grows by that; the bound is then none any more.

        Raises:
            BrokenRules: a rule would not hold any more.
            InputError: the pupil is unknown or absent, there is no such group, or sizes
                would leave their range or become 0.
        """
        (at,) = self._places([label])
        if not 1 <= group <= self.n_groups:
            raise InputError([Problem("없는 모둠 번호입니다.", f"1에서 {self.n_groups} 사이에서 골라 주세요.")])
        groups = self.groups.copy()
        groups[at] = group - 1
        counts = np.bincount(groups, minlength=self.n_groups)
        if (counts == 0).any():
            raise InputError([Problem("모둠에 아무도 남지 않게 됩니다.", "두 학생을 맞바꾸어 주세요.")])
        if self.size_range is not None and (counts.min() < self.size_range[0] or counts.max() > self.size_range[1]):
            what = f"모둠 인원이 {self.size_range[0]}~{self.size_range[1]}명을 벗어납니다."
            raise InputError([Problem(what, "두 학생을 맞바꾸어 주세요.")])
        return self._changed(groups)

    def write_report(
        self,
        target: str | os.PathLike[str] | BinaryIO | None = None,
        *,
        title: str = "",
        date: datetime.date | None = None,
    ) -> bytes:
        """The workbook: list, cards to print, balance, settings with the seed, and the history for next time.

        Args:
            target: a path or binary file that gets it as well.
            title: what stands above the list and the cards, such as the class.
            date: the day that the sheets and the history bear; by default today's in Korea.
        """
        from .report import write_group_report

        return write_group_report(self, target, title=title, date=date)

    def with_history(self, date: datetime.date | None = None) -> pd.DataFrame:
        """The earlier history and this grouping as its newest round, see :func:`.history.append_round`."""
        rows = self.students.iloc[self.present]
        known = {"names": [category_text(value) for value in rows[self.name]]}
        for argument, headers in (("numbers", NUMBER), ("class_name", CLASS)):
            header = find_column(rows.columns, headers)
            if header is not None and header != self.name:
                known[argument] = [None if pd.isna(value) else category_text(value) for value in rows[header]]
        keys = [name_key(parse_name(name)[0] or name) for name in known["names"]]
        who = list(zip(*(known | {"names": keys}).values(), strict=True))
        # same names without numbers are told apart by their labels alone
        known["names"] = [
            self.labels[row] if pd.isna(self.students[self.name].iloc[row]) or who.count(one) > 1 else name
            for row, one, name in zip(self.present.tolist(), who, known["names"], strict=True)
        ]
        groups = [str(group + 1) for group in self.groups]
        return append_round(self.history, groups=groups, date=date, **known)

    def _find(self, labels: list[str]) -> tuple[int, ...]:
        return Roll(self.labels, list(self.students[self.name])).find(labels, "학생")

    def _places(self, labels: list[str]) -> list[int]:
        rows = self._find(labels)
        place = {row: at for at, row in enumerate(self.present.tolist())}
        if any(row not in place for row in rows) or len(rows) < len(labels):
            raise InputError([Problem("결석한 학생이거나 같은 학생을 두 번 골랐습니다.", "다른 학생을 골라 주세요.")])
        return [place[row] for row in rows]

    def _changed(self, groups: np.ndarray) -> Grouping:
        broken = tuple(rule for rule in self.rules if not rule.holds(groups.tolist(), self.n_groups))
        if broken:
            raise BrokenRules(broken)
        return replace(self, groups=groups, by_hand=self.by_hand + 1)


@dataclass(frozen=True)
class Plan:
    """Several groupings in which as few pairs as possible meet twice.

    Attributes:
        rounds: the groupings, in the order in which they are to be used.
        unit_of: the block of each pupil who stays with others in every round, shape (n,).
    """

    rounds: tuple[Grouping, ...]
    unit_of: np.ndarray

    @property
    def repeated_pairs(self) -> int:
        """How often a pair shares a group again, pupils who always stay together aside."""
        return repeated_pairs([one.groups for one in self.rounds], unit_of=self.unit_of)

    @property
    def least_possible(self) -> int:
        """How often some pair has to, by counting: more places for pairs than there are pairs."""
        first = self.rounds[0].objective
        blocks = np.bincount(self.unit_of)
        inside = int((blocks * (blocks - 1) // 2).sum())
        return pigeonhole_minimum(first.sizes.tolist(), len(self.rounds), first.n, together=inside)

    @property
    def table(self) -> pd.DataFrame:
        """``students`` with columns ``round_1``, ``round_2``, … in front, groups from 1."""
        table = self.rounds[0].students.copy()
        for number in range(len(self.rounds), 0, -1):
            table.insert(0, f"round_{number}", self.rounds[number - 1].table["group"])
        return table
