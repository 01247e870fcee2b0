"""Rules that a grouping has to keep, and what they mean for the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Rule:
    """One rule as the teacher gave it.

    Attributes:
        number: which rule it is, from 1, in the order given.
        kind: ``"apart"``, ``"together"``, ``"cap"`` (bounds for every group) or ``"lock"``.
        pupils: the pupils it speaks of, as positions from 0 among those who take part.
        words: the rule in Korean, with names, e.g. ``김하나 – 이두리 떼어 놓기``.
        why: the teacher's reason; may be empty.
        least, most: of a cap, how many of the pupils each group has; ``most`` is None without a bound.
        group: of a lock, the group's number from 1.
    """

    number: int
    kind: str
    pupils: tuple[int, ...]
    words: str
    why: str = ""
    least: int = 0
    most: int | None = None
    group: int | None = None

    def __str__(self) -> str:
        return f"{self.words}({self.why})" if self.why else self.words

    def holds(self, labels: Sequence[int], n_groups: int | None = None) -> bool:
        """Whether a grouping keeps the rule; ``labels`` are group numbers from 0, one a pupil.

        ``n_groups`` is needed where a group may be empty.
        """
        groups = [labels[pupil] for pupil in self.pupils]
        if self.kind == "together":
            return len(set(groups)) <= 1
        if self.kind == "apart":
            return len(set(groups)) == len(groups)
        if self.kind == "lock":
            return set(groups) == {self.group - 1}
        counts = [groups.count(group) for group in range(n_groups or max(labels) + 1)]
        return min(counts) >= self.least and (self.most is None or max(counts) <= self.most)


def for_search(rules: Sequence[Rule]) -> dict[str, object]:
    """The rules as the arguments ``together``, ``apart``, ``caps`` and ``fixed`` of :func:`.instance.build`.

    Raises:
        ValueError: one pupil is locked into two groups.
    """
    together = [list(rule.pupils) for rule in rules if rule.kind == "together"]
    # no more than one of them in a group is the same as all of them apart, and quicker to search
    apart_sets = [rule.pupils for rule in rules if rule.kind == "apart" or (rule.kind == "cap" and rule.most == 1)]
    apart = sorted({tuple(sorted(pair)) for pupils in apart_sets for pair in combinations(pupils, 2)})
    caps = [
        (rule.pupils, rule.least, len(rule.pupils) if rule.most is None else rule.most)
        for rule in rules
        if rule.kind == "cap" and (rule.least > 0 or rule.most != 1)
    ]
    fixed: dict[int, int] = {}
    for rule in rules:
        if rule.kind == "lock":
            for pupil in rule.pupils:
                if fixed.setdefault(pupil, rule.group - 1) != rule.group - 1:
                    raise ValueError("a pupil is locked into two groups")
    return {"together": together, "apart": apart, "caps": caps, "fixed": fixed}
