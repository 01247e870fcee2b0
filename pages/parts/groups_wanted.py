"""What a teacher wants of groups -> ``Groups``, for the whole list or class by class."""

from __future__ import annotations

from dataclasses import dataclass

from pages.parts.groups_chance import Past
from pages.parts.groups_list import Roster
from pages.parts.groups_rules import Rule
from pages.parts.groups_traits import Counted
from schoolkit import web


@dataclass(frozen=True)
class Wanted:
    """All settings but chance; ``sizes`` are arguments of ``Groups``."""

    traits: tuple[Counted, ...]
    sizes: dict[str, object]
    rules: tuple[Rule, ...]
    absent: tuple[str, ...]
    past: Past | None

    @property
    def of(self) -> str:
        """A short name for the settings."""
        return web.digest(self.traits, self.sizes, self.rules, self.absent, self.past.of if self.past else None)

    def groups(self, roster: Roster, rows: list[int]):
        """The ``Groups`` of some rows of the list, and which rule of this object each of its rules comes from.

        Rules hold where their pupils are: of a pair in two classes nothing is asked.
        """
        from schoolkit.grouping.groups import Groups
        from schoolkit.grouping.sizes import group_sizes

        groups = Groups(roster.students.iloc[rows].reset_index(drop=True), name=roster.name, **self.sizes)
        for trait in self.traits:
            add_trait(groups, trait)
        own = dict(zip([roster.labels[row] for row in rows], groups.labels, strict=True))
        gone = {own[one] for one in self.absent if one in own}
        groups.absent(*gone)
        n_groups = group_sizes(len(rows) - len(gone), **self.sizes, absent=len(gone))[0].size
        sources = add_rules(groups, self.rules, own, n_groups, gone)
        if self.past:
            groups.avoid_repeats(
                self.past.history, recover=self.past.recover, shape=self.past.shape, weight=self.past.weight
            )
        return groups, sources


def add_trait(groups, trait: Counted) -> None:
    if trait.aim == "alike":
        groups.alike(trait.column, weight=trait.weight, kind=trait.kind)
    elif trait.kind == "number":
        spread = trait.weight / 2 if trait.spread else 0.0
        groups.balance(trait.column, mean=trait.weight, spread=spread, kind="number")
    else:
        groups.balance(trait.column, weight=trait.weight, kind="category")


def add_rules(groups, rules: tuple[Rule, ...], own: dict[str, str], n_groups: int, gone: set[str]) -> list[Rule]:
    """Adds what the rules ask of these pupils; gives the rule that each added one comes from.

    ``own`` has the pupils' labels in this class by those in the whole list; ``gone`` are the
    absent ones among the former.
    """
    sources = []
    for rule in rules:
        before = len(groups.rules)
        names = [own[one] for one in rule.pupils if one in own]
        if rule.kind in ("apart", "together"):
            if len(names) > 1:
                getattr(groups, rule.kind)(*names, why=rule.why)
        elif rule.kind == "lock":
            if names:
                groups.lock(names[0], rule.count)
        elif rule.kind == "leader":
            add_leaders(groups, rule, names, n_groups, gone)
        else:
            add_limit(groups, rule)
        sources += [rule] * (len(groups.rules) - before)
    return sources


def add_leaders(groups, rule: Rule, names: list[str], n_groups: int, gone: set[str]) -> None:
    """As many leaders into each group as their number allows: one, at least one, or one at most."""
    what = names if rule.column is None else rule.column
    count = sum(one not in gone for one in pupils_of(groups, what))
    if count == n_groups:
        groups.one_each(what, why=rule.why)
    elif count > n_groups:
        groups.at_least(1, what, why=rule.why)
    elif count:
        groups.at_most(1, what, why=rule.why)


def add_limit(groups, rule: Rule) -> None:
    from schoolkit.rosters.headers import category_text

    what, column = (rule.column, None) if rule.value is None else (rule.value, rule.column)
    if column is not None and not any(category_text(value) == what for value in groups.students[column]):
        what, column = [], None  # no pupil of this class has the value
    if rule.kind in ("at_most", "exactly"):
        groups.at_most(rule.count, what, column=column, why=rule.why)
    if rule.kind in ("at_least", "exactly"):
        groups.at_least(rule.count, what, column=column, why=rule.why)


def pupils_of(groups, what: object) -> list[str]:
    """The labels of those whom ``Groups.at_most`` takes ``what`` for."""
    from schoolkit.grouping.groups import Groups

    asked = Groups(groups.students, name=groups.name, n_groups=1).at_most(0, what)
    return [groups.labels[pupil] for pupil in asked.rules[0].pupils]
