"""Why rules contradict one another: in a teacher's words, and how many of them have to go at least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from .feasibility import Seats, units_of
from .rules import Rule

NO_WAY = "이 규칙을 모두 지키며 모둠을 나눌 방법이 없습니다"
_NAMED_AT_MOST = 12


@dataclass(frozen=True)
class Demand:
    """What has to be given up at least: the weights of the rules that are dropped add up to ``least`` or more.

    Attributes:
        weights: a weight above 0 for each rule, by its position.
        least: at least 1.
        reason: why, in Korean, where it is more than that the rules cannot hold together.
    """

    weights: Mapping[int, int]
    least: int
    reason: str = ""

    @property
    def fewest(self) -> int:
        """How many of its rules have to go at least."""
        total, count = 0, 0
        for weight in sorted(self.weights.values(), reverse=True):
            if total >= self.least:
                break
            total, count = total + weight, count + 1
        return count


def keeps_apart(rule: Rule) -> bool:
    """Whether no two of the rule's pupils may share a group."""
    return rule.kind == "apart" or (rule.kind == "cap" and rule.most == 1)


def clique(rules: Mapping[int, Rule], seats: Seats) -> list[int] | None:
    """Rules that keep one pupil or block more pairwise apart than there are groups, by position; None if unmet.

    Some of them may be spared. Cliques are grown greedily from every unit, so that one may be missed.
    """
    found = units_of(list(rules.values()), seats)
    if found is None:
        return None
    units, _ = found
    unit_of = {pupil: unit for unit, pupils in enumerate(units) for pupil in pupils}
    grown = _greedy_clique(_neighbours(rules, unit_of), seats.n_groups + 1)
    if grown is None:
        return None
    inside = {pupil for unit in grown[: seats.n_groups + 1] for pupil in units[unit]}
    return [at for at, rule in rules.items() if len(inside.intersection(rule.pupils)) > 1 or rule.kind == "lock"]


def larger(
    core: Sequence[int], rules: Mapping[int, Rule], seats: Seats, names: Sequence[str] | None = None
) -> Demand | None:
    """What a larger set of rules demands of which some that cannot hold together are a part.

    Args:
        core: positions of rules that cannot hold together.
        rules: all the rules that could still be kept, by position.

    Returns:
        None unless two rules or more have to go.
    """
    found = None
    if all(keeps_apart(rules[at]) for at in core):
        found = _clique_demand(core, rules, seats, names)
    elif all(rules[at].kind in ("together", "lock") for at in core):
        found = _block_demand(core, rules, seats, names)
    return found if found is not None and found.fewest > 1 else None


def reason(rules: Sequence[Rule], seats: Seats, names: Sequence[str] | None = None) -> str:
    """Why rules of which none can be spared contradict one another, as a Korean sentence.

    Args:
        names: the pupils' names, to say who is meant.
    """
    apart = [rule for rule in rules if keeps_apart(rule)]
    binding = [rule for rule in rules if rule.kind in ("together", "lock")]
    if len(binding) == len(rules):
        return _why_not_together(rules, seats, names)
    if len(rules) == 1 and rules[0].kind == "cap" and not (apart and len(rules[0].pupils) > seats.n_groups):
        return _why_not_alone(rules[0], seats)
    found = units_of(rules, seats)
    if found is None:
        return NO_WAY
    units, _ = found
    if len(binding) == len(rules) - 1:
        (other,) = (rule for rule in rules if rule not in binding)
        most = 1 if other in apart else other.most
        for pupils in units:
            inside = [pupil for pupil in pupils if pupil in other.pupils]
            if most is not None and len(inside) > most:
                if most == 1:
                    return f"함께 두어야 하는 학생{_named(inside, names)}을 떼어 놓을 수는 없습니다"
                return f"함께 둘 학생 가운데 {len(inside)}명{_named(inside, names)}은 모둠마다 {most}명까지입니다"
    if apart and len(apart) + len(binding) == len(rules):
        unit_of = {pupil: unit for unit, pupils in enumerate(units) for pupil in pupils}
        graph = _neighbours(dict(enumerate(rules)), unit_of)
        kept = [unit for unit, others in graph.items() if others]
        if len(kept) > seats.n_groups and all(one in graph[other] for one, other in combinations(kept, 2)):
            blocks = any(len(units[unit]) > 1 for unit in kept)
            who = _named([units[unit][0] for unit in kept], names)
            what = f"학생과 묶음이 {len(kept)}개" if blocks else f"학생이 {len(kept)}명"
            return f"서로 떼어 놓을 {what}{who}인데 모둠은 {seats.n_groups}개입니다"
    return NO_WAY


def _why_not_together(rules: Sequence[Rule], seats: Seats, names: Sequence[str] | None) -> str:
    """Why rules contradict one another that only bind pupils to each other and to groups."""
    places = sorted({rule.group for rule in rules if rule.kind == "lock"})
    for place in places:
        if not 1 <= place <= seats.n_groups:
            return f"모둠은 {seats.n_groups}개인데 {place}모둠에 고정했습니다"
    found = units_of(rules, seats)
    if found is None:
        one = len(rules) == 2
        return f"{'같은 학생을' if one else '함께 둘 학생을'} {places[0]}모둠과 {places[-1]}모둠에 고정했습니다"
    for pupils, place in zip(*found, strict=True):
        who = _named(pupils, names)
        if place is not None and len(pupils) > seats.most[place]:
            return f"{place + 1}모둠에 둘 학생이 {len(pupils)}명{who}인데 자리는 {seats.most[place]}개입니다"
        if len(pupils) > max(seats.most):
            return f"함께 둘 학생이 {len(pupils)}명{who}인데 모둠은 {max(seats.most)}명까지입니다"
    sizes = sorted((len(pupils) for pupils in found[0]), reverse=True)
    return (
        f"함께 둘 묶음({', '.join(f'{size}명' for size in sizes)})을 모둠 {seats.n_groups}개에 나누어 넣을 수 없습니다"
    )


def _why_not_alone(cap: Rule, seats: Seats) -> str:
    """Why a cap cannot be kept whatever the other rules are."""
    count, groups = len(cap.pupils), seats.n_groups
    if count < cap.least * groups:
        return f"해당 학생이 {count}명인데 모둠 {groups}개에 {cap.least}명씩이면 {cap.least * groups}명이 있어야 합니다"
    if cap.least > min(seats.most):
        return f"모둠마다 {cap.least}명 이상이어야 하는데 {min(seats.most)}명뿐인 모둠이 있습니다"
    return f"해당 학생이 {count}명인데 모둠 {groups}개에 {cap.most}명까지로는 다 들어가지 못합니다"


def _named(pupils: Sequence[int], names: Sequence[str] | None) -> str:
    if names is None or len(pupils) > _NAMED_AT_MOST:
        return ""
    return f"({', '.join(names[pupil] for pupil in pupils)})"


def _neighbours(rules: Mapping[int, Rule], unit_of: Mapping[int, int]) -> dict[int, set[int]]:
    """The units that each unit has to be apart from."""
    graph: dict[int, set[int]] = {unit: set() for unit in unit_of.values()}
    for rule in rules.values():
        if keeps_apart(rule):
            inside = {unit_of[pupil] for pupil in rule.pupils}
            for unit in inside:
                graph[unit] |= inside - {unit}
    return graph


def _greedy_clique(graph: Mapping[int, set[int]], wanted: int, start: Sequence[int] = ()) -> list[int] | None:
    """Units that are pairwise neighbours, at least as many as wanted; None if none are met."""
    for first in [None] if start else sorted(graph, key=lambda unit: -len(graph[unit])):
        grown = list(start) if first is None else [first]
        common = set.intersection(*(graph[unit] for unit in grown))
        while common:
            best = max(sorted(common), key=lambda unit: len(graph[unit] & common))
            grown.append(best)
            common &= graph[best]
        if len(grown) >= wanted:
            return grown
    return None


def _clique_demand(
    core: Sequence[int], rules: Mapping[int, Rule], seats: Seats, names: Sequence[str] | None
) -> Demand | None:
    """Of k pupils pairwise apart some pairs share a group: as many as in groups filled evenly (Turán 1941)."""
    pupils = sorted({pupil for at in core for pupil in rules[at].pupils})
    own = _neighbours({at: rules[at] for at in core}, {pupil: pupil for pupil in pupils})
    if any(other not in own[one] for one, other in combinations(pupils, 2)):
        return None
    everyone = {pupil: pupil for rule in rules.values() for pupil in rule.pupils}
    grown = set(_greedy_clique(_neighbours(rules, everyone), len(pupils), pupils))
    full, more = divmod(len(grown), seats.n_groups)
    least = more * full * (full + 1) // 2 + (seats.n_groups - more) * full * (full - 1) // 2
    weights = {}
    for at, rule in rules.items():
        inside = len(grown.intersection(rule.pupils))
        if keeps_apart(rule) and inside > 1:
            weights[at] = min(least, inside * (inside - 1) // 2)
    words = f"서로 떼어 놓을 학생이 {len(grown)}명{_named(sorted(grown), names)}인데 모둠은 {seats.n_groups}개입니다"
    return Demand(weights, least, words)


def _block_demand(
    core: Sequence[int], rules: Mapping[int, Rule], seats: Seats, names: Sequence[str] | None
) -> Demand | None:
    """A block too big, or with several places, has to fall into parts; a rule less makes as many more as it joins."""
    binding = {at: rule for at, rule in rules.items() if rule.kind in ("together", "lock")}
    reached = {("pupil", rules[core[0]].pupils[0])}
    ends = {
        at: {("pupil", pupil) for pupil in rule.pupils} | ({("group", rule.group)} if rule.kind == "lock" else set())
        for at, rule in binding.items()
    }
    inside: set[int] = set()
    while more := [at for at in binding if at not in inside and ends[at] & reached]:
        for at in more:
            inside.add(at)
            reached |= ends[at]
    pupils = sorted(pupil for kind, pupil in reached if kind == "pupil")
    places, largest = len(reached) - len(pupils), max(seats.most)
    parts = max(-(-len(pupils) // largest), places)
    if not inside.issuperset(core) or parts < 2:
        return None
    who = f"함께 둘 학생이 {len(pupils)}명{_named(pupils, names)}인데"
    words = f"{who} 모둠 {places}개에 고정했습니다" if places == parts else f"{who} 모둠은 {largest}명까지입니다"
    weights = {at: min(parts - 1, len(ends[at]) - 1) for at in sorted(inside) if len(ends[at]) > 1}
    return Demand(weights, parts - 1, words)
