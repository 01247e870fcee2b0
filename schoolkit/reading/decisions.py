"""What teachers decided on pairs, found again among the pairs of the next check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from .books import split_title_author
from .pair_identity import Identity, PairIndex, column_or_none, identities_of, seats_of
from .pair_table import texts
from .report import DECISIONS

FROM_ANOTHER_PUPIL = "다른 학생의 같은 쌍에서 정한 것"
FROM_ANOTHER_RECORD = "다른 기록의 같은 쌍에서 정한 것"

CORRECT, OTHER_BOOK, LATER = DECISIONS


def split_decided(pairs: pd.DataFrame, decisions: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The pairs that are still open, and those that a decision settles.

    A decision is about the pairs of the same pupil, books and places, as far as both sides
    know the places. Among pupils of one name the class decides; where it cannot, because
    it is another year's, the only one with such a pair is meant. Where another layout writes
    the subjects or grades of both records otherwise, the pupil's only pair of these books is
    meant. Whatever stays unclear is open. That two books with authors are other books holds
    for every pupil.

    Args:
        pairs: as :func:`schoolkit.find_duplicates` gives them. Not changed.
        decisions: as :func:`schoolkit.read_decisions` gives them. Not changed.

    Returns:
        Two frames with the rows of ``pairs`` in their order, numbered anew, and the columns
        ``decision`` and ``note`` at the end. Open ones are unmarked (``<NA>``) or 보류, the
        others 정정 or 다른 책. Both have the ``attrs`` of ``pairs``.
    """
    made = decisions[decisions["decision"].notna()]
    marks, notes = texts(made["decision"]), texts(column_or_none(made, "note"))
    index = PairIndex(pairs)
    found: list[list[int]] = [[] for _ in range(len(pairs))]
    identities = identities_of(made)
    seats = seats_of(made)
    rivals = Counter((identity.who, identity.books) for identity in identities)
    for k, identity in enumerate(identities):
        for i in index.settled_by(identity, seats[k], rivals[identity.who, identity.books] == 1):
            found[i].append(k)

    other_books = _known_other_books(made, identities, marks)
    settled_with = {(index.identities[i].books, index.pupils[i]) for i, by in enumerate(found) if by}
    results: list[tuple[str | None, str | None]] = []
    for i, by in enumerate(found):
        books = index.identities[i].books
        if by:
            mark = agreed(marks[k] for k in by)
            results.append((mark, joined(notes[k] for k in by) if mark else None))
        elif books in other_books:
            own = (books, index.pupils[i]) in settled_with
            results.append((OTHER_BOOK, FROM_ANOTHER_RECORD if own else FROM_ANOTHER_PUPIL))
        else:
            results.append((None, None))
    marked = pairs.assign(
        decision=pd.array([mark for mark, _ in results], dtype="string"),
        note=pd.array([note for _, note in results], dtype="string"),
    )
    is_decided = marked["decision"].isin([CORRECT, OTHER_BOOK]).to_numpy(dtype=bool)
    return marked[~is_decided].reset_index(drop=True), marked[is_decided].reset_index(drop=True)


def _known_other_books(made: pd.DataFrame, identities: list[Identity], marks: list[str | None]) -> set[tuple]:
    """The books that are other ones for every pupil: both with an author, and nowhere marked 정정."""
    known, doubted = set(), set()
    for identity, mark, *books in zip(identities, marks, texts(made["book_a"]), texts(made["book_b"]), strict=True):
        first, second = identity.books
        if mark == CORRECT:
            doubted.add(identity.books)
        elif mark == OTHER_BOOK and first != second and all(split_title_author(book or "")[1] for book in books):
            known.add(identity.books)
    return known - doubted


def agreed(marks: Iterable[str | None]) -> str | None:
    """The one mark, where a settling one outdoes 보류; None if there is none or they contradict each other."""
    given = set(marks) - {None}
    settling = given - {LATER}
    if len(settling) > 1:
        return None
    return next(iter(settling or given), None)


def joined(notes: Iterable[str | None]) -> str | None:
    """All notes in one, each once however often reports have carried it."""
    parts = (part for note in notes if note for part in note.split(" / "))
    return " / ".join(dict.fromkeys(parts)) or None
