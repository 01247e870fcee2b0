"""How long a check of a school takes, as a ratio to analysing both titles of every pair anew.

    python benchmarks/reading.py [FOLDER]

A school of 1,000 pupils with 35 books each is drawn from the spellings of
FOLDER/school_dev_entries.csv (by default ../shared/reading), or from the sample's own
books where that is missing. ``find_duplicates`` is timed from entries to pairs with
empty caches; the plain way, two analyses by Kiwi for each of a pupil's 595 pairs, is timed
on a few pupils in the same run and scaled. Kiwi is loaded beforehand for both.
"""

from __future__ import annotations

import itertools
import random
import statistics
import sys
import time
from pathlib import Path

import pandas as pd

from schoolkit.reading import alignment, books, morphemes, titles
from schoolkit.reading.duplicates import find_duplicates
from schoolkit.samples import reading_entries

PUPILS, BOOKS, ROUNDS, TIMED_PUPILS = 1000, 35, 5, 3
ROOT = Path(__file__).resolve().parent.parent


def school(folder: Path) -> tuple[pd.DataFrame, str]:
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


def clear_caches() -> None:
    for module in (alignment, books, morphemes, titles):
        for one in vars(module).values():
            if hasattr(one, "cache_clear"):
                one.cache_clear()


def plain_way(books_of_pupils: list[list[str]]) -> float:
    """Seconds for all pairs of these pupils by the talk's formula, nothing remembered."""
    analyse = morphemes.morphemes.__wrapped__
    started = time.perf_counter()
    for mine in books_of_pupils:
        for a, b in itertools.combinations(mine, 2):
            of_a, of_b = ([one.form for one in analyse(text)] for text in (a, b))
            (len(of_a) + len(of_b)) / max(1, len({*of_a, *of_b}))
    return time.perf_counter() - started


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "reading"
    entries, origin = school(folder)
    morphemes.load()
    by_pupil = [group.tolist() for _, group in entries.groupby("student", sort=False)["book"]]
    ratios = []
    for number in range(ROUNDS):
        clear_caches()
        started = time.perf_counter()
        pairs = find_duplicates(entries)
        ours = time.perf_counter() - started
        timed = by_pupil[number * TIMED_PUPILS : (number + 1) * TIMED_PUPILS]
        plain = plain_way(timed) * PUPILS / TIMED_PUPILS
        ratios.append(plain / ours)
        print(
            f"round {number + 1}: entries to pairs {ours:.2f} s, the plain way {plain:.0f} s (scaled), "
            f"ratio 1/{plain / ours:.0f}"
        )
    print(
        f"{PUPILS} pupils x {BOOKS} books, {entries['book'].nunique()} spellings ({origin}), {len(pairs)} pairs found"
    )
    print(f"time ratio to the plain way: median 1/{statistics.median(ratios):.0f} (worst 1/{min(ratios):.0f})")


if __name__ == "__main__":
    main()
