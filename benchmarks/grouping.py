"""Score, bound, proof and time of groupings for every instance of a folder, beside other ways to group.

    python benchmarks/grouping.py [FOLDER] [--rounds] [--random CLASSES]

The last columns are how far the others stay behind our score: the best of 1,000 random
groupings, the talk's way (random exchanges that even out one column of categories) and
ㄹ자 (by rank in a column of numbers, to and fro). ``tabu`` is our search alone, stopped after
0.2 seconds; times are ratios to those. ``!`` counts broken rules.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from schoolkit import ContradictoryRules, Groups
from schoolkit.grouping.balance import objective
from schoolkit.grouping.instance import Instance, build
from schoolkit.grouping.rounds import pigeonhole_minimum, plan_rounds, repeated_pairs
from schoolkit.grouping.search import random_start, search
from schoolkit.grouping.traits import category_trait, number_trait

TABU_SECONDS = 0.2
TIME_LIMIT = 20.0


def groups_of(told: dict) -> Groups:
    groups = Groups(pd.DataFrame(told["students"]), name="student", sizes=told["sizes"])
    for column, weights in told["balance"].items():
        groups.balance(column, **weights, kind="category" if "weight" in weights else "number")
    for rule in ("apart", "together"):
        for pair in told[rule]:
            getattr(groups, rule)(*pair)
    return groups


def instance_of(told: dict) -> Instance:
    students = pd.DataFrame(told["students"])
    place = {student: at for at, student in enumerate(students["student"])}
    traits = [
        category_trait(students[column], weight=weights["weight"])
        if "weight" in weights
        else number_trait(students[column], mean=weights["mean"], spread=weights["spread"])
        for column, weights in told["balance"].items()
    ]
    rules = {rule: [(place[one], place[other]) for one, other in told[rule]] for rule in ("apart", "together")}
    try:
        return build(objective(traits, told["sizes"]), **rules)
    except ValueError:  # rules that exclude one another at once
        return build(objective(traits, told["sizes"]))


def random_best(instance: Instance, rng: np.random.Generator, draws: int = 1000) -> np.ndarray:
    return min((random_start(instance, rng) for _ in range(draws)), key=instance.score)


def talks_way(told: dict, rng: np.random.Generator, exchanges: int = 2000) -> np.ndarray:
    """Random exchanges of pupils, kept if the head-counts of one column's categories spread less."""
    column = next((one for one, weights in told["balance"].items() if "weight" in weights), None)
    labels = rng.permutation(np.repeat(np.arange(len(told["sizes"])), told["sizes"]))
    if column is None:
        return labels
    codes = pd.factorize(pd.Series(told["students"][column]))[0]
    counts = np.zeros((len(told["sizes"]), codes.max() + 1))
    np.add.at(counts, (labels, codes), 1)
    for _ in range(exchanges):
        i, j = rng.integers(len(labels), size=2)
        changed = counts.copy()
        for pupil, other in ((i, j), (j, i)):
            changed[labels[pupil], codes[pupil]] -= 1
            changed[labels[other], codes[pupil]] += 1
        if changed.std(axis=0).sum() < counts.std(axis=0).sum():
            labels[[i, j]], counts = labels[[j, i]], changed
    return labels


def snake(told: dict) -> np.ndarray | None:
    """ㄹ자: pupils by rank in a column of numbers, dealt to the groups to and fro."""
    column = next((one for one, weights in told["balance"].items() if "mean" in weights), None)
    if column is None:
        return None
    room, labels = list(told["sizes"]), np.zeros(len(told["students"][column]), dtype=int)
    order = np.argsort(-np.array(told["students"][column]), kind="stable").tolist()
    turn = 0
    while order:
        groups = range(len(room)) if turn % 2 == 0 else reversed(range(len(room)))
        for group in groups:
            if order and room[group]:
                labels[order.pop(0)] = group
                room[group] -= 1
        turn += 1
    return labels


def broken(told: dict, labels: np.ndarray) -> int:
    place = {student: at for at, student in enumerate(told["students"]["student"])}
    apart = sum(labels[place[one]] == labels[place[other]] for one, other in told["apart"])
    return int(apart + sum(labels[place[one]] != labels[place[other]] for one, other in told["together"]))


def measured(told: dict, seed: int) -> dict[str, object]:
    groups = groups_of(told)
    # a stream for each way, so that none hangs on how far another came in its time
    streams = [np.random.default_rng([seed, way]) for way in range(3)]
    began = time.perf_counter()
    try:
        made = groups.make(variety=0, seed=seed, time_limit=TIME_LIMIT)
    except ContradictoryRules as error:
        words = f"give up {len(error.give_up)}" + (", proven" if error.proven else "")
        return {"instance": told["name"], "score": words, "time": (time.perf_counter() - began) / TABU_SECONDS}
    took = time.perf_counter() - began
    instance = instance_of(told)
    aims = made.objective
    until = time.monotonic() + TABU_SECONDS
    tabu = search(instance, streams[0], start=random_start(instance, streams[0]), steps=10**9, until=until)
    best = told.get("best_known") or {}
    row = {
        "instance": told["name"],
        "score": f"{made.score:.6f}",
        "bound": f"{made.bound:.6f}",
        "proven": "yes" if made.proven else f"gap {made.score - made.bound:.4f}",
        "above best known": f"{made.score - best['score']:+.6f}" if best else "",
        "broken": str(broken(told, made.groups)),
        "time": took / TABU_SECONDS,
        "tabu": behind(aims, told, instance.labels(tabu), made.score),
        "random": behind(aims, told, instance.labels(random_best(instance, streams[1])), made.score),
        "talk": behind(aims, told, talks_way(told, streams[2]), made.score),
    }
    dealt = snake(told)
    return row | {"ㄹ자": "" if dealt is None else behind(aims, told, dealt, made.score)}


def behind(aims, told: dict, labels: np.ndarray, score: float) -> str:
    faults = broken(told, labels)
    return f"{aims.score(labels) - score:+.2f}" + (f" !{faults}" if faults else "")


def random_class(seed: int) -> dict:
    """A class of 20 to 40 in groups of 2 to 6 with random traits and rules."""
    rng = np.random.default_rng(seed)
    n, size = int(rng.integers(20, 41)), int(rng.integers(2, 7))
    n_groups = max(2, round(n / size))
    balance: dict[str, dict] = {}
    students: dict[str, list] = {"student": [f"S{at}" for at in range(n)]}
    for column, kinds, weight in [
        ("gender", 2, 2.0),
        ("level", 3, 2.0),
        *((one, 2, 1.0) for one in ("EI", "NS", "TF")),
    ]:
        if rng.random() < 0.8:
            students[column] = [f"{column}{code}" for code in rng.integers(0, kinds, n)]
            balance[column] = {"weight": weight}
    students["score"] = np.clip(rng.normal(65, 15, n), 0, 100).round().tolist()
    balance["score"] = {"mean": float(rng.choice([1, 2])), "spread": float(rng.integers(0, 2))}
    shuffled = rng.permutation(n).tolist()
    together = [[f"S{at}" for at in shuffled[2 * k : 2 * k + 2]] for k in range(int(rng.integers(0, 3)))]
    drawn = {tuple(sorted(rng.choice(n, 2, replace=False).tolist())) for _ in range(int(rng.choice([0, 6, 20, 40])))}
    apart = [[f"S{one}", f"S{other}"] for one, other in sorted(drawn)]
    apart = [pair for pair in apart if not any(set(pair) <= set(block) for block in together)]
    sizes = [n // n_groups + (group < n % n_groups) for group in range(n_groups)]
    return {
        "name": seed,
        "students": students,
        "sizes": sizes,
        "balance": balance,
        "apart": apart,
        "together": together,
    }


def on_random_classes(count: int) -> None:
    seconds, proven, contradictory, broken_rules = [], 0, 0, 0
    for seed in range(count):
        told = random_class(seed)
        began = time.perf_counter()
        try:
            made = groups_of(told).make(variety=0, seed=1, time_limit=TIME_LIMIT)
        except ContradictoryRules:
            contradictory += 1
            continue
        seconds.append(time.perf_counter() - began)
        proven += made.proven
        broken_rules += broken(told, made.groups)
    times = np.array(seconds)
    print(f"\n{len(times)} random classes ({contradictory} more with rules that contradict): {proven} proven, ", end="")
    print(
        f"{broken_rules} rules broken; {(times <= 1).mean():.0%} within 1 s, {(times <= 5).mean():.0%} within 5 s, ",
        end="",
    )
    print(f"median {np.median(times):.2f} s, longest {times.max():.2f} s")


def rounds_table() -> pd.DataFrame:
    rows = []
    for sizes in ([4] * 6, [4] * 7, [5] * 6):
        n = sum(sizes)
        instance = build(objective([], sizes))
        found = []
        for seed in range(3):
            rng = np.random.default_rng(seed)
            starts = [random_start(instance, rng) for _ in range(8)]
            planned = plan_rounds(
                instance, rng, rounds=8, limit=np.inf, starts=starts, steps=10**9, until=time.monotonic() + 10
            )
            found.append(repeated_pairs(planned))
        rows.append({"pupils": n, "group size": sizes[0], "minimum by counting": pigeonhole_minimum(sizes, 8, n)})
        rows[-1]["repeated pairs, 3 seeds of 10 s"] = ", ".join(map(str, found))
    return pd.DataFrame(rows)


def markdown(table: pd.DataFrame) -> str:
    rows = [list(table.columns), ["---"] * table.shape[1], *table.to_numpy().tolist()]
    cells = [[f"{cell:.1f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", default=Path(__file__).parents[2] / "shared" / "grouping", type=Path)
    parser.add_argument("--rounds", action="store_true", help="also plan eight rounds at once")
    parser.add_argument("--random", type=int, default=0, metavar="CLASSES", help="also so many random classes")
    options = parser.parse_args()
    paths = sorted(options.folder.glob("*.json"))
    if not paths:
        sys.exit(f"no instances in {options.folder}")
    rows = [measured(json.loads(path.read_text(encoding="utf-8")), seed=1) for path in paths]
    print(markdown(pd.DataFrame(rows).astype(object).fillna("")))
    proven = [row for row in rows if row.get("proven") == "yes"]
    print(f"\n{len(proven)} of {sum('proven' in row for row in rows)} proven; longest of these ", end="")
    print(f"{max(row['time'] for row in proven) * TABU_SECONDS:.2f} s")
    if options.rounds:
        print("\n" + markdown(rounds_table()))
    if options.random:
        on_random_classes(options.random)


if __name__ == "__main__":
    main()
