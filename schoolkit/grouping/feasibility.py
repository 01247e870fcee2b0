"""Whether rules can be kept together at all: an exact search over the pupils that rules speak of.

Pupils who stay together are one unit, units that no rule tells apart are one kind, and pupils
without a rule only fill seats. Units are laid one by one, the one with the fewest possible
groups first (DSATUR, Brélaz 1979); of groups that no later rule can tell apart only one is tried,
and where one unit of a kind fails, no other of its kind is tried below.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from .blocks import joined
from .rules import Rule


@dataclass(frozen=True)
class Seats:
    """How many pupils each group takes.

    Attributes:
        n: how many pupils there are, numbered from 0.
        least, most: bounds of each group's size, one a group; they leave room for n pupils.
    """

    n: int
    least: tuple[int, ...]
    most: tuple[int, ...]

    @property
    def n_groups(self) -> int:
        return len(self.most)


@dataclass(frozen=True)
class Answer:
    """What a search for a grouping found.

    Attributes:
        labels: the group of each pupil, from 0; None if none was found.
        sure: whether ``labels`` being None means that there is none.
    """

    labels: list[int] | None
    sure: bool


IMPOSSIBLE = Answer(None, True)
UNKNOWN = Answer(None, False)


@dataclass(frozen=True)
class _Kind:
    """Units that every rule treats alike.

    Attributes:
        units: the pupils of each.
        size: pupils in each.
        members: how many each adds to each cap.
        group: where they have to be; None if anywhere.
        apart: the kinds that may not share a group with it, as bits; its own bit if its units are apart.
    """

    units: tuple[tuple[int, ...], ...]
    size: int
    members: tuple[int, ...]
    group: int | None
    apart: int


def keep_all(rules: Sequence[Rule], seats: Seats, *, until: float, most_steps: int = 50_000) -> Answer:
    """A grouping that keeps all the rules, or the certainty that there is none.

    Args:
        until: when to stop, by ``time.monotonic``.
        most_steps: after how many steps of the search to give it up.
    """
    caps = [rule for rule in rules if rule.kind == "cap" and (rule.least > 0 or rule.most not in (None, 1))]
    kinds = _kinds(rules, caps, seats)
    if kinds is None:
        return IMPOSSIBLE
    return _Tree(kinds, caps, seats).grow(until, most_steps)


def units_of(rules: Sequence[Rule], seats: Seats) -> tuple[list[list[int]], list[int | None]] | None:
    """The units of the pupils that rules speak of, and the group of each or None; None if one has two groups."""
    chains = []
    for rule in rules:
        if rule.kind == "lock" and not 1 <= rule.group <= seats.n_groups:
            return None
        if rule.kind in ("together", "lock"):
            chains.append(rule.pupils if rule.kind == "together" else (*rule.pupils, seats.n + rule.group - 1))
    root = joined(seats.n + seats.n_groups, chains)
    places: dict[int, int] = {}
    for group in range(seats.n_groups):
        if places.setdefault(root[seats.n + group], group) != group:
            return None
    units: dict[int, list[int]] = {}
    for pupil in sorted({pupil for rule in rules for pupil in rule.pupils}):
        units.setdefault(root[pupil], []).append(pupil)
    return list(units.values()), [places.get(node) for node in units]


def _kinds(rules: Sequence[Rule], caps: Sequence[Rule], seats: Seats) -> list[_Kind] | None:
    """The kinds of units; None if a unit is bound to two groups or has to be apart from itself."""
    found = units_of(rules, seats)
    if found is None:
        return None
    units, places = found
    unit_of = {pupil: unit for unit, pupils in enumerate(units) for pupil in pupils}
    apart = [0] * len(units)
    for rule in rules:
        if rule.kind == "apart" or (rule.kind == "cap" and rule.most == 1):
            inside = [unit_of[pupil] for pupil in rule.pupils]
            if len(set(inside)) < len(inside):
                return None
            bits = sum(1 << unit for unit in inside)
            for unit in inside:
                apart[unit] |= bits & ~(1 << unit)
    members = [[0] * len(caps) for _ in units]
    for at, cap in enumerate(caps):
        for pupil in cap.pupils:
            members[unit_of[pupil]][at] += 1

    # alike are units with the same neighbours, each other left aside
    keys = [(len(pupils), tuple(members[unit]), places[unit]) for unit, pupils in enumerate(units)]
    closed: dict[tuple, list[int]] = {}
    for unit, key in enumerate(keys):
        closed.setdefault((key, apart[unit] | 1 << unit), []).append(unit)
    groups = [alike for alike in closed.values() if len(alike) > 1]
    open_: dict[tuple, list[int]] = {}
    for alike in closed.values():
        if len(alike) == 1:
            open_.setdefault((keys[alike[0]], apart[alike[0]]), []).append(alike[0])
    groups += open_.values()
    kind_of = {unit: kind for kind, alike in enumerate(groups) for unit in alike}
    kinds = []
    for alike in groups:
        neighbours = {kind_of[unit] for unit in range(len(units)) if apart[alike[0]] >> unit & 1}
        size, added, place = keys[alike[0]]
        bits = sum(1 << kind for kind in neighbours)
        kinds.append(_Kind(tuple(tuple(units[unit]) for unit in alike), size, added, place, bits))
    return kinds


class _Node:
    """Some units laid into groups. A kind's domain holds groups as bits, what a group allows holds kinds as bits."""

    __slots__ = ("left", "domain", "allowed", "room", "counts", "waiting", "trail")

    def __init__(self, left, domain, allowed, room, counts, waiting, trail) -> None:
        self.left: list[int] = left
        self.domain: list[int] = domain
        self.allowed: list[int] = allowed
        self.room: list[int] = room
        self.counts: list[list[int]] = counts
        self.waiting: int = waiting
        self.trail: tuple | None = trail

    def copy(self) -> _Node:
        counts = [row.copy() for row in self.counts]
        parts = self.left.copy(), self.domain.copy(), self.allowed.copy(), self.room.copy()
        return _Node(*parts, counts, self.waiting, self.trail)

    def bar(self, group: int, kinds: int) -> list[int]:
        """Shuts a group to kinds; comes back with those that it was open to."""
        shut = self.allowed[group] & kinds
        self.allowed[group] &= ~kinds
        found = []
        while shut:
            kind = shut.bit_length() - 1
            shut ^= 1 << kind
            self.domain[kind] &= ~(1 << group)
            found.append(kind)
        return found


class _Tree:
    """The search tree."""

    def __init__(self, kinds: list[_Kind], caps: Sequence[Rule], seats: Seats) -> None:
        self.kinds, self.seats = kinds, seats
        self.least = [cap.least for cap in caps]
        self.most = [len(cap.pupils) if cap.most is None else cap.most for cap in caps]
        everyone = range(len(kinds))
        self.too_big = [
            sum(1 << at for at in everyone if kinds[at].size > room) for room in range(max(seats.most, default=0) + 1)
        ]
        self.too_many = [
            [sum(1 << at for at in everyone if kinds[at].members[cap] > left) for left in range(most + 1)]
            for cap, most in enumerate(self.most)
        ]
        self.block_sizes = sorted({kind.size for kind in kinds if kind.size > 1})

    def grow(self, until: float, most_steps: int) -> Answer:
        """The first grouping met; none, and sure of it, if the tree was searched to its end."""
        root = self._root()
        if root is None:
            return IMPOSSIBLE
        stack = [(root, self._branches(root))]
        for step in range(most_steps):
            if not stack:
                return IMPOSSIBLE
            if step % 64 == 63 and time.monotonic() > until:
                return UNKNOWN
            node, branches = stack[-1]
            if branches is None:
                return Answer(self._labels(node), True)
            if not branches:
                stack.pop()
                continue
            kind, groups = branches.pop()
            below = self._laid(node, kind, groups[0])
            # what failed for one unit of a kind in one of these groups fails for all of them in all of these
            for group in groups:
                node.bar(group, 1 << kind)
            if not branches:
                stack.pop()
            if below is not None:
                stack.append((below, self._branches(below)))
        return UNKNOWN

    def _root(self) -> _Node | None:
        n_groups, everyone = self.seats.n_groups, (1 << len(self.kinds)) - 1
        units = [len(kind.units) for kind in self.kinds]
        node = _Node(
            units,
            [(1 << n_groups) - 1 if kind.group is None else 1 << kind.group for kind in self.kinds],
            [everyone] * n_groups,
            list(self.seats.most),
            [[0] * n_groups for _ in self.least],
            self.seats.n,
            None,
        )
        for group in range(n_groups):
            elsewhere = sum(1 << at for at, kind in enumerate(self.kinds) if kind.group not in (None, group))
            node.bar(group, elsewhere | self._misfits(node, group))
        return node if all(self._open(node, kind) for kind in range(len(units))) and self._sums_fit(node) else None

    def _misfits(self, node: _Node, group: int) -> int:
        """The kinds for which a group has no seats left, or no place under a cap."""
        kinds = self.too_big[node.room[group]]
        for bits, counts, most in zip(self.too_many, node.counts, self.most, strict=True):
            kinds |= bits[most - counts[group]]
        return kinds

    def _open(self, node: _Node, kind: int) -> bool:
        """Whether the units left of a kind have groups to go to."""
        groups = node.domain[kind].bit_count()
        return groups >= (node.left[kind] if self.kinds[kind].apart >> kind & 1 else min(node.left[kind], 1))

    def _sums_fit(self, node: _Node) -> bool:
        """Whether the pupils left are enough and not too many for seats, blocks and caps."""
        seats, room = self.seats, node.room
        if sum(max(0, low - high + free) for low, high, free in zip(seats.least, seats.most, room, strict=True)) > (
            node.waiting
        ):
            return False
        for size in self.block_sizes:
            blocks = sum(left * (kind.size // size) for left, kind in zip(node.left, self.kinds, strict=True))
            if blocks > sum(free // size for free in room):
                return False
        for at, counts in enumerate(node.counts):
            left = sum(left * kind.members[at] for left, kind in zip(node.left, self.kinds, strict=True))
            missing = [max(0, self.least[at] - count) for count in counts]
            if sum(missing) > left or any(one > free for one, free in zip(missing, room, strict=True)):
                return False
            if sum(min(free, self.most[at] - count) for free, count in zip(room, counts, strict=True)) < left:
                return False
        return True

    def _branches(self, node: _Node) -> list[tuple[int, list[int]]] | None:
        """A kind and the groups to try for one of its units, alike ones together, the best last; None at the end."""
        waiting = [kind for kind, left in enumerate(node.left) if left]
        if not waiting:
            return None
        kinds = self.kinds
        chosen = min(
            waiting,
            key=lambda kind: (
                node.domain[kind].bit_count() - (node.left[kind] - 1 if kinds[kind].apart >> kind & 1 else 0),
                -kinds[kind].size,
                -kinds[kind].apart.bit_count(),
            ),
        )
        alike: dict[tuple, list[int]] = {}
        for group, (allowed, room) in enumerate(zip(node.allowed, node.room, strict=True)):
            if node.domain[chosen] >> group & 1:
                counts = tuple(row[group] for row in node.counts)
                low = self.seats.least[group] - self.seats.most[group]
                alike.setdefault((allowed, room, max(0, low + room), counts), []).append(group)
        neighbours = kinds[chosen].apart

        def promise(key: tuple) -> tuple:
            """Missing pupils of caps first, then the group that shuts out the fewest others, then free seats."""
            missing = sum(
                max(0, least - count)
                for least, count, member in zip(self.least, key[3], kinds[chosen].members, strict=True)
                if member
            )
            return missing, -(key[0] & neighbours).bit_count(), key[1]

        return [(chosen, alike[key]) for key in sorted(alike, key=promise)]

    def _laid(self, node: _Node, kind: int, group: int) -> _Node | None:
        """The node with one more unit of a kind in a group; None if that leaves no way on."""
        below, added = node.copy(), self.kinds[kind]
        below.left[kind] -= 1
        below.waiting -= added.size
        below.room[group] -= added.size
        below.trail = (kind, group, node.trail)
        for counts, member in zip(below.counts, added.members, strict=True):
            counts[group] += member
        shut = below.bar(group, added.apart | self._misfits(below, group))
        if not all(self._open(below, one) for one in shut) or not self._sums_fit(below):
            return None
        if not below.left[kind]:
            for other in range(self.seats.n_groups):
                below.bar(other, 1 << kind)
        return below

    def _labels(self, node: _Node) -> list[int]:
        """The groups of all pupils; those without a rule fill the seats up, the least sizes first."""
        labels = [-1] * self.seats.n
        waiting = [list(kind.units) for kind in self.kinds]
        trail = node.trail
        while trail is not None:
            kind, group, trail = trail
            for pupil in waiting[kind].pop():
                labels[pupil] = group
        return fill_up(labels, self.seats)


def fill_up(labels: list[int], seats: Seats) -> list[int]:
    """The labels with each -1 put into a group that still needs a pupil, or has a seat."""
    sizes = [labels.count(group) for group in range(seats.n_groups)]
    wanted = [group for group, size in enumerate(sizes) for _ in range(seats.least[group] - size)]
    spare = [
        group for group, size in enumerate(sizes) for _ in range(seats.most[group] - max(size, seats.least[group]))
    ]
    free = iter(wanted + spare)
    return [next(free) if label < 0 else label for label in labels]
