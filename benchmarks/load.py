"""What a check of a school costs: its time beside analysing both titles of every pair anew, and its memory.

The school has 1,000 pupils with 35 books each, drawn from the spellings of FOLDER/school_dev_entries.csv, or from
the sample's own books where that is missing. ``python benchmarks/load.py FOLDER OPTIONS`` is the process whose memory
is measured: it checks that school once with Kiwi loaded by these OPTIONS (JSON).
"""

from __future__ import annotations

import itertools
import json
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd

from schoolkit.reading import alignment, books, morphemes, titles
from schoolkit.reading.duplicates import find_duplicates
from schoolkit.samples import reading_entries

PUPILS, BOOKS, ROUNDS, TIMED_PUPILS = 1000, 35, 5, 3


def big_school(folder: Path) -> tuple[pd.DataFrame, str]:
    """The entries of the school, and where its spellings come from."""
    recorded = folder / "school_dev_entries.csv"
    if recorded.exists():
        spellings, origin = pd.read_csv(recorded, encoding="utf-8-sig")["text"], recorded.name
    else:
        classes = [reading_entries(seed=seed)[0]["book"] for seed in range(1, 11)]
        spellings, origin = pd.concat(classes), "the sample's books"
    counted = spellings.value_counts()
    draw = random.Random(1)
    rows = []
    for pupil in range(PUPILS):
        mine: set[str] = set()
        while len(mine) < BOOKS:
            mine |= set(draw.choices(counted.index, counted.to_list(), k=BOOKS - len(mine)))
        rows += [(f"pupil {pupil}", book) for book in sorted(mine, key=lambda _: draw.random())]
    return pd.DataFrame(rows, columns=["student", "book"]), origin


def _clear_caches() -> None:
    for module in (alignment, books, morphemes, titles):
        for one in vars(module).values():
            if hasattr(one, "cache_clear"):
                one.cache_clear()


def _plain_way(books_of_pupils: list[list[str]]) -> float:
    """Seconds for all pairs of these pupils by the talk's formula, nothing remembered."""
    analyse = morphemes.morphemes.__wrapped__
    started = time.perf_counter()
    for mine in books_of_pupils:
        for a, b in itertools.combinations(mine, 2):
            of_a, of_b = ([one.form for one in analyse(text)] for text in (a, b))
            (len(of_a) + len(of_b)) / max(1, len({*of_a, *of_b}))
    return time.perf_counter() - started


def print_time(folder: Path) -> None:
    entries, origin = big_school(folder)
    morphemes.load()
    by_pupil = [group.tolist() for _, group in entries.groupby("student", sort=False)["book"]]
    ratios = []
    for number in range(ROUNDS):
        _clear_caches()
        started = time.perf_counter()
        pairs = find_duplicates(entries)
        ours = time.perf_counter() - started
        timed = by_pupil[number * TIMED_PUPILS : (number + 1) * TIMED_PUPILS]
        plain = _plain_way(timed) * PUPILS / TIMED_PUPILS
        ratios.append(plain / ours)
        print(
            f"round {number + 1}: entries to pairs {ours:.2f} s, the plain way {plain:.0f} s (scaled), "
            f"ratio 1/{plain / ours:.0f}"
        )
    print(
        f"{PUPILS} pupils x {BOOKS} books, {entries['book'].nunique()} spellings ({origin}), {len(pairs)} pairs found"
    )
    print(f"time ratio to the plain way: median 1/{statistics.median(ratios):.0f} (worst 1/{min(ratios):.0f})")


def measured(folder: Path, options: dict | None) -> dict[str, float]:
    """Peak memory in MB, and the figures on the pairs, of a process of its own; ``None`` loads Kiwi as schoolkit does.

    To be called before this process has grown: its own size is the least that is
    reported for a process that it starts.
    """
    command = [sys.executable, __file__, str(folder), json.dumps(options)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def _main() -> None:
    import resource  # not on Windows

    from kiwipiepy import Kiwi

    folder, options = Path(sys.argv[1]), json.loads(sys.argv[2])
    if options is None:
        morphemes.load()
    else:
        morphemes._kiwi = Kiwi(**options)
    find_duplicates(big_school(folder)[0])
    found = {"MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}

    from reading import ours_on_pairs, read_pairs

    pairs = read_pairs(folder)
    if pairs is not None:
        found |= ours_on_pairs(pairs)
    print(json.dumps(found))


if __name__ == "__main__":
    _main()
