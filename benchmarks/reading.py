"""How well duplicates are found, beside other ways, and what that costs.

    python benchmarks/reading.py [FOLDER] [--kiwi]

FOLDER (by default ../shared/reading) holds pairs_dev.csv and school_dev_entries.csv; what is missing is left out.
``--kiwi`` also measures other ways to use Kiwi. The tables are Markdown.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
from kiwi_ways import LEAST_LIKENESS, separation
from load import BOOKS, PUPILS, measured, print_time
from measures import average_precision, on_pairs, on_school, rates, ratio, school_pairs
from peers import PEERS, Peer, score_pairs, with_cutoffs

import schoolkit
from schoolkit.reading import judge, similarity
from schoolkit.reading.evidence import Evidence
from schoolkit.reading.words import Difference

ROOT = Path(__file__).resolve().parent.parent
KIWI_OPTIONS = {
    "as it is": None,
    "Kiwi()": {},
    "Kiwi(load_multi_dict=False)": {"load_multi_dict": False},
}
WITHOUT = {
    "all": (),
    "without the words decision": ("words",),
    "without the upload's evidence": ("evidence",),
    "without both": ("words", "evidence"),
}


def _read(path: Path) -> pd.DataFrame | None:
    return pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False) if path.exists() else None


def read_pairs(folder: Path) -> pd.DataFrame | None:
    """The labelled pairs but for the ambiguous ones."""
    pairs = _read(folder / "pairs_dev.csv")
    return None if pairs is None else pairs[pairs["label"] != "ambiguous"].reset_index(drop=True)


def show(title: str, rows: list[dict] | pd.DataFrame) -> None:
    frame = pd.DataFrame(rows)
    print(f"\n{title}\n")
    for cells in (frame.columns, ["---"] * len(frame.columns), *frame.itertuples(index=False)):
        print("|", " | ".join(_cell(cell) for cell in cells), "|")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "-" if np.isnan(value) else f"{value:.3f}" if abs(value) < 10 else f"{value:.0f}"
    return str(value)


def compared(pairs: pd.DataFrame) -> pd.DataFrame:
    """Our verdict and score of each pair."""
    found = [schoolkit.compare_books(a, b) for a, b in zip(pairs["a"], pairs["b"], strict=True)]
    return pd.DataFrame({"verdict": [one.verdict for one in found], "score": [one.score for one in found]})


def ours_on_pairs(pairs: pd.DataFrame) -> dict[str, float]:
    """As :func:`on_pairs`, and the precision and recall of the verdict ``same`` alone."""
    verdicts = compared(pairs)["verdict"].to_numpy()
    precision, recall, _ = rates((pairs["label"] == "same").to_numpy(), verdicts == "same")
    sure = {"precision of same": precision, "recall of same": recall}
    return on_pairs(pairs, verdicts != "different") | sure


def print_pairs(pairs: pd.DataFrame) -> list[Peer]:
    """Prints the tables of the labelled pairs; the peers with their cutoffs."""
    wanted, volume = (pairs["label"] == "same").to_numpy(), (pairs["category"] == "volume").to_numpy()
    ours, scores = compared(pairs), score_pairs(pairs)
    peers = with_cutoffs(wanted, scores)
    found = {"ours": (ours["verdict"] != "different").to_numpy()}
    found |= {_named(peer): scores[peer.score] >= peer.cutoff for peer in peers}
    ranked = dict(zip(found, [ours["score"].to_numpy(), *(scores[peer.score] for peer in peers)], strict=True))
    rows = []
    for name, flagged in found.items():
        row = {"way": name} | (ours_on_pairs(pairs) if name == "ours" else on_pairs(pairs, flagged))
        row["average precision"] = average_precision(wanted, ranked[name])
        row["volumes flagged"] = f"{(flagged & volume).sum()} of {volume.sum()}"
        rows.append(row)
    show(f"Labelled pairs: {wanted.sum()} same, {(~wanted).sum()} different", rows)
    in_volumes = ours["verdict"][volume].value_counts()
    print(f"\nours on volumes: same {in_volumes.get('same', 0)}, check {in_volumes.get('check', 0)}")
    for label, title in (("same", "Recall by category"), ("different", "Share flagged wrongly by category")):
        rows = []
        for category, those in pairs[pairs["label"] == label].groupby("category"):
            shares = {name: float(flagged[those.index].mean()) for name, flagged in found.items()}
            rows.append({"category": category, "pairs": len(those)} | shares)
        show(title, rows)
    return peers


def _named(peer: Peer) -> str:
    return f"{peer.name} (from {peer.cutoff:.2f})"


def ours_on_school(entries: pd.DataFrame, truth: pd.DataFrame) -> dict[str, float]:
    """As :func:`on_school`, and the false alarms of the verdict ``same``."""
    pairs = schoolkit.find_duplicates(entries)
    pairs = pairs.rename(columns={"book_a": "a", "book_b": "b"})
    pairs["one_book"] = pairs["book_id_a"] == pairs["book_id_b"]
    pupils = entries["student"].nunique()
    sure = int(((pairs["verdict"] == "same") & ~pairs["one_book"]).sum())
    return on_school(pairs, truth, pupils) | {"false alarms as same": ratio(1000 * sure, pupils)}


def print_school(entries: pd.DataFrame, truth: pd.DataFrame, peers: list[Peer]) -> None:
    scores, pupils = score_pairs(truth), entries["student"].nunique()
    rows = [{"way": "ours"} | ours_on_school(entries, truth)]
    rows += [
        {"way": _named(peer)} | on_school(truth[scores[peer.score] >= peer.cutoff], truth, pupils) for peer in peers
    ]
    true = truth[truth["one_book"]]
    variants = (true["a"] != true["b"]).sum()
    show(
        f"A school: {pupils} pupils, {len(entries)} entries, {len(true)} duplicates, {variants} of them variants", rows
    )


def _unclear(a: str, b: str) -> tuple[Difference, str, str]:
    return Difference.UNCLEAR, "", ""


class _NoEvidence(Evidence):
    def __init__(self, spellings: pd.Series, analysed=None):
        super().__init__(spellings.iloc[:0])


def print_ablation(pairs: pd.DataFrame | None, entries: pd.DataFrame | None, truth: pd.DataFrame | None) -> None:
    """What the words decision and the upload's evidence add; a single pair has no upload."""
    rows = []
    for name, off in WITHOUT.items():
        row = {"ours": name}
        with ExitStack() as patched:
            if "words" in off:
                patched.enter_context(patch.object(similarity, "difference", _unclear))
            if "evidence" in off:
                patched.enter_context(patch.object(judge, "Evidence", _NoEvidence))
            if pairs is not None:
                row |= ours_on_pairs(pairs)
            if entries is not None:
                row |= ours_on_school(entries, truth)
        rows.append(row)
    show("What the parts add", rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "reading")
    parser.add_argument("--kiwi", action="store_true", help="measure other ways to use Kiwi, too")
    asked = parser.parse_args()
    loadings = KIWI_OPTIONS if asked.kiwi else {"as it is": None}
    memory = [{"Kiwi": name} | measured(asked.folder, options) for name, options in loadings.items()]

    pairs = read_pairs(asked.folder)
    entries = _read(asked.folder / "school_dev_entries.csv")
    for name, found in (("pairs_dev.csv", pairs), ("school_dev_entries.csv", entries)):
        if found is None:
            print(f"{name} is not there: its tables are left out.")
    truth, peers = None, [peer for peer in PEERS if peer.cutoff is not None]
    if pairs is not None:
        peers = print_pairs(pairs)
    if entries is not None:
        entries = entries.rename(columns={"text": "book"})
        truth = school_pairs(entries)
        print_school(entries, truth, peers)
    if pairs is not None or entries is not None:
        print_ablation(pairs, entries, truth)
    if pairs is not None and asked.kiwi:
        table, same, different = separation(pairs)
        show(f"Main titles that differ, likeness from {LEAST_LIKENESS}: {same} same, {different} different", table)
    show(f"Peak memory of a process that checks {PUPILS} pupils x {BOOKS} books", memory)
    print()
    print_time(asked.folder)


if __name__ == "__main__":
    main()
