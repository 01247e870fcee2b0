"""The fewest rules to give up so that all the others can be kept.

Every set of rules that cannot hold together demands that one of them goes, or more. The fewest
rules that meet all demands known so far are dropped; if the others can be kept, no fewer would
do; if not, they hold another such set (implicit hitting sets, Moreno-Centeno & Karp 2013). Where
many pairs are apart in a class, set partitioning with the broken pairs as costs tells at once
how many have to go.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from .balance import Objective, Term
from .candidates import Candidates, candidate_groups, count_candidates
from .certificates import NO_WAY, Demand, clique, keeps_apart, larger
from .feasibility import Answer, Seats, fill_up, keep_all
from .instance import Instance, build
from .proof import choose_groups
from .rules import Rule
from .search import random_start, search

# steps of the exact search: to know for sure, and to spare a rule of a conflict
_STEPS, _QUICK_STEPS = 50_000, 500
# seconds for a conflict that is told and for later ones, for conflicts before groups are priced, for the tabu
# search, and for what is told at last
_CORE_SECONDS, _LATER_CORE_SECONDS, _FIRST_SECONDS, _SEARCH_SECONDS, _LAST_SECONDS = 0.1, 0.02, 0.25, 0.2, 0.3
# groups are priced if this share of all pairs has a rule, and in this share of the time left
_CROWDED, _PRICE_SHARE, _CANDIDATES_A_SECOND, _MOST_CANDIDATES = 0.1, 0.7, 1_300_000, 2_000_000


@dataclass(frozen=True)
class Conflict:
    """Rules that cannot hold together.

    Attributes:
        core: their positions; none of them could be spared, as far as time allowed to tell.
        demand: what they ask for, or what the larger set does that they are part of.
    """

    core: tuple[int, ...]
    demand: Demand


class Fewest:
    """The fewest rules to give up, between what demands say and what the best grouping met breaks.

    Attributes:
        best: positions of the rules to give up; all the others can be kept.
        least: how many have to go at least.
        conflicts: sets of rules that cannot hold together and share none.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        seats: Seats,
        sizes: Sequence[int],
        size_range: tuple[int, int] | None,
        until: float,
        rng: np.random.Generator,
        names: Sequence[str] | None,
    ) -> None:
        self.rules, self.seats, self.sizes, self.size_range = rules, seats, sizes, size_range
        self.until, self.rng, self.names = until, rng, names
        self.demands: list[Demand] = []
        self.conflicts: list[Conflict] = []
        self.least = 0
        self.best = self._broken(fill_up([-1] * seats.n, seats))

    @property
    def proven(self) -> bool:
        return self.least >= len(self.best)

    def run(self) -> None:
        """Narrows the gap until it is closed or time is over; then spares what can be of the smallest conflict."""
        # what contradicts itself plainly is done with in two rounds
        self._drop_and_learn(self.until, rounds=2)
        if not self.proven:
            self._search_pairs()
            self._drop_and_learn(self._soon(_FIRST_SECONDS))
            self._price_pairs()
            self._drop_and_learn(self.until)
        if self.conflicts and self.best:
            at = min(range(len(self.conflicts)), key=lambda one: len(self.conflicts[one].core))
            smallest = self.conflicts[at]
            core = self._shrunk(smallest.core, self._soon(_LAST_SECONDS))
            self.conflicts[at] = Conflict(tuple(core), smallest.demand)

    def enough_one(self, among: Sequence[int]) -> list[int]:
        """Those of some rules that are enough to drop, each on its own, as far as a short search tells."""
        until, everything = self._soon(_LAST_SECONDS), range(len(self.rules))
        return [
            one
            for one in among
            if one in self.best
            or (time.monotonic() < until and self._keep([at for at in everything if at != one], _QUICK_STEPS).labels)
        ]

    def _soon(self, seconds: float) -> float:
        return min(self.until, time.monotonic() + seconds)

    def _drop_and_learn(self, until: float, rounds: int = 10_000) -> None:
        """Drops the fewest rules that the demands allow, and learns from the others if they contradict one another."""
        for _ in range(rounds):
            dropped = self._fewest()
            if self.proven or time.monotonic() > until:
                return
            kept = [at for at in range(len(self.rules)) if at not in dropped]
            answer = self._keep(kept)
            if answer.labels is not None:
                self._meet(answer.labels)
            elif not self._learn(kept, sure=answer.sure):
                return

    def _keep(self, kept: Sequence[int], steps: int = _STEPS) -> Answer:
        return keep_all([self.rules[at] for at in kept], self.seats, until=self.until, most_steps=steps)

    def _broken(self, labels: Sequence[int]) -> list[int]:
        return [at for at, rule in enumerate(self.rules) if not rule.holds(labels)]

    def _meet(self, labels: Sequence[int]) -> None:
        broken = self._broken(labels)
        if len(broken) < len(self.best):
            self.best = broken

    def _learn(self, kept: Sequence[int], *, sure: bool) -> bool:
        """Takes in disjoint sets of these rules that cannot hold together; whether there were any.

        If it is sure that there are some and none is met, all of them are one.
        """
        first, left = not self.conflicts, list(kept)
        while core := self._core(left):
            demand = Demand(dict.fromkeys(core, 1), 1)
            self.demands.append(demand)
            more = larger(core, {at: self.rules[at] for at in left}, self.seats, self.names)
            if more is not None:
                self.demands.append(more)
            if first:
                self.conflicts.append(Conflict(tuple(core), more or demand))
            left = [at for at in left if at not in core and (more is None or at not in more.weights)]
        if sure and len(left) == len(kept):
            self._take_in(Demand(dict.fromkeys(kept, 1), 1, NO_WAY))
        return sure or len(left) < len(kept)

    def _take_in(self, demand: Demand) -> None:
        """Takes in a demand of rules that are no small set."""
        self.demands.append(demand)
        if not self.conflicts:
            self.conflicts.append(Conflict(tuple(demand.weights), demand))

    def _core(self, kept: Sequence[int]) -> list[int] | None:
        """Some of these rules that cannot hold together; None if there are none, or none are met in a short search."""
        core = clique({at: self.rules[at] for at in kept}, self.seats)
        if core is not None and self._has_a_rule_for_each_pair(core):
            return core
        if core is None or not self._contradict(core):
            if not self._contradict(kept):
                return None
            core = kept
        return self._shrunk(core, self._soon(_LATER_CORE_SECONDS if self.conflicts else _CORE_SECONDS))

    def _has_a_rule_for_each_pair(self, core: Sequence[int]) -> bool:
        """Whether the rules of a clique are about one pair each, so that none can be spared."""
        pairs = self.seats.n_groups * (self.seats.n_groups + 1) // 2
        return len(core) == pairs and all(
            keeps_apart(self.rules[at]) and len(self.rules[at].pupils) == 2 for at in core
        )

    def _shrunk(self, core: Sequence[int], until: float) -> list[int]:
        """Rules that cannot hold together without those that can be spared, half of them first, at last one by one."""
        core, size = list(core), len(core) // 2
        while size:
            at = 0
            while at < len(core) and time.monotonic() < until:
                fewer = core[:at] + core[at + size :]
                if self._contradict(fewer):
                    core = fewer
                else:
                    at += size
            size //= 2
        return core

    def _contradict(self, kept: Sequence[int]) -> bool:
        answer = self._keep(kept, _QUICK_STEPS)
        return answer.labels is None and answer.sure

    def _fewest(self) -> set[int]:
        """The fewest rules that meet the demands; as many have to go at least."""
        if not self.demands:
            return set()
        matrix = np.zeros((len(self.demands), len(self.rules)))
        for row, demand in zip(matrix, self.demands, strict=True):
            row[list(demand.weights)] = list(demand.weights.values())
        solved = milp(
            np.ones(len(self.rules)),
            constraints=LinearConstraint(matrix, [demand.least for demand in self.demands], np.inf),
            bounds=Bounds(0, 1),
            integrality=np.ones(len(self.rules)),
            options={"time_limit": max(0.05, self.until - time.monotonic()), "mip_rel_gap": 0.0},
        )
        if solved.mip_dual_bound is not None:
            self.least = max(self.least, int(np.ceil(solved.mip_dual_bound - 1e-6)))
        return set() if solved.x is None else set(np.flatnonzero(solved.x > 0.5).tolist())

    def _pair_costs(self) -> tuple[np.ndarray, np.ndarray, list[int]]:
        """Costs of pairs that share a group, and of each pupil; all in all at most the number of broken rules.

        Exact for rules about two pupils. Of more pupils a broken rule costs 1 if it is broken by all
        of its pairs, and less if by some; caps and locks cost nothing. A pupil costs what being with
        those saves who belong together with them, so that no group costs less than nothing.
        """
        costs, alone, priced = np.zeros((self.seats.n, self.seats.n)), np.zeros(self.seats.n), []
        for at, rule in enumerate(self.rules):
            pairs = list(combinations(rule.pupils, 2))
            if not pairs or not (rule.kind == "together" or keeps_apart(rule)):
                continue
            priced.append(at)
            if rule.kind == "together":
                alone[list(rule.pupils)] += 1 / len(rule.pupils)
            sign = -1.0 if rule.kind == "together" else 1.0
            for one, other in pairs:
                costs[one, other] += sign / len(pairs)
                costs[other, one] += sign / len(pairs)
        return costs, alone, priced

    def _search_pairs(self) -> None:
        """Looks for a grouping that breaks few pairs, by tabu search with these as costs."""
        costs, alone, _ = self._pair_costs()
        caps = [
            (rule.pupils, rule.least, len(rule.pupils) if rule.most is None else rule.most)
            for rule in self.rules
            if rule.kind == "cap" and (rule.least > 0 or rule.most != 1)
        ]
        instance = self._instance(costs, caps=caps)
        start, until = random_start(instance, self.rng), self._soon(_SEARCH_SECONDS)
        units = search(instance, self.rng, start=start, steps=5000, target=self.least - alone.sum(), until=until)
        self._meet(units.tolist())

    def _price_pairs(self) -> None:
        """How many rules have to go at least, from the prices of all possible groups, each broken pair being a cost."""
        costs, alone, priced = self._pair_costs()
        instance, left = self._instance(costs), self.until - time.monotonic()
        # of few pairs the bound is weak, and choosing among all that it leaves takes far too long
        crowded = np.abs(costs).sum() > _CROWDED * costs.size
        if (
            self.proven
            or not crowded
            or count_candidates(instance) > min(_MOST_CANDIDATES, left * _CANDIDATES_A_SECOND)
        ):
            return
        candidates = candidate_groups(instance)
        candidates = replace(candidates, costs=candidates.costs + np.append(alone, 0)[candidates.members].sum(axis=1))
        counts = dict(sorted(Counter(self.sizes).items())) if self.size_range is None else {None: len(self.sizes)}
        # a better grouping breaks a whole rule less
        wanted, until = len(self.best) - 1 + 1e-4, self._soon(_PRICE_SHARE * left)
        bound, chosen = choose_groups(candidates, counts, wanted, np.zeros(0, dtype=int), until)
        if chosen is not None:
            self._meet(self._labels(candidates, chosen))
        least = int(np.ceil(bound - 1e-6)) if np.isfinite(bound) else 0
        if least > 0:
            self._take_in(Demand(dict.fromkeys(priced, 1), least, NO_WAY))

    def _labels(self, candidates: Candidates, chosen: np.ndarray) -> list[int]:
        """The group of each pupil, each chosen group in a place of its size."""
        labels = [-1] * self.seats.n
        places = np.argsort(self.sizes, kind="stable")
        for place, column in zip(places, chosen[np.argsort(candidates.sizes[chosen], kind="stable")], strict=True):
            for pupil in candidates.members[column]:
                if pupil < self.seats.n:
                    labels[pupil] = int(place)
        return labels

    def _instance(self, costs: np.ndarray, **rules) -> Instance:
        sizes = np.asarray(self.sizes)
        # 100 / expected is what a term is multiplied by
        objective = Objective(self.seats.n, sizes, (Term("규칙", 1.0, 100.0, pairs=costs),))
        return build(objective, size_range=self.size_range, **rules)
