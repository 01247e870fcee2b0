"""Problem instances for the tests of grouping: the few that stand here, and more beside the project."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from schoolkit.grouping.balance import objective
from schoolkit.grouping.instance import Instance
from schoolkit.grouping.traits import category_trait, number_trait

HERE = Path(__file__).parent / "data" / "grouping"
SHARED = Path(__file__).parents[2] / "shared" / "grouping"


def load(name: str) -> dict:
    """An instance by its name, from here or from beside the project."""
    path = HERE / f"{name}.json"
    return json.loads((path if path.exists() else SHARED / f"{name}.json").read_text(encoding="utf-8"))


def names(which: str = "*") -> list[str]:
    """The names of all instances there are."""
    return sorted({path.stem for folder in (HERE, SHARED) for path in folder.glob(f"{which}.json")})


def objective_of(instance: dict):
    students = pd.DataFrame(instance["students"])
    traits = [
        category_trait(students[column], weight=weights["weight"])
        if "weight" in weights
        else number_trait(students[column], mean=weights["mean"], spread=weights["spread"])
        for column, weights in instance["balance"].items()
    ]
    return objective(traits, instance["sizes"])


def pairs_of(instance: dict, rule: str) -> list[tuple[int, int]]:
    """The pairs of a rule as positions."""
    place = {student: at for at, student in enumerate(instance["students"]["student"])}
    return [(place[one], place[other]) for one, other in instance[rule]]


def every_grouping(instance: Instance) -> list[np.ndarray]:
    """Every grouping of the units that keeps the rules, found by trying all; for a handful of units."""
    found = []
    for groups in product(range(instance.n_groups), repeat=instance.n_units):
        units = np.array(groups)
        sizes_hold = instance.ranged or np.array_equal(instance.group_sizes(units), instance.sizes)
        if sizes_hold and instance.broken(units) == 0:
            found.append(units)
    return found
