"""What a whole upload says of its spellings: which titles many pupils have, and in which forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import pandas as pd

from .authors import Agreement, agreement, people
from .titles import TitleParts, title_parts

SEVERAL = 3
"""From so many pupils on a spelling is taken for one that exists, not for a slip of one pupil
that a neighbour copied."""

_RARE, _TIMES = 2, 5
_FIRST_VOLUMES = ("1", "상")
_TITLE, _NUMBERED, _AUTHOR, _SUBTITLE = range(4)
_NOTHING = pd.Series(dtype="int64")
_FACTS = {"kind": "int8", "title": "uint64", "text": object, "pupils": "int64"}


class Evidence:
    """Counts of pupils by title, by author and by volume.

    It rests on the spellings and their counts alone, so that it is the same however the
    entries are cut into parts. Titles are kept as 64-bit digests beside their counts, 12 bytes
    each, so that a country's titles fit into the memory of every process that needs them.
    """

    def __init__(
        self, spellings: pd.Series | Iterable[pd.Series], analysed: Callable[[TitleParts, int], None] | None = None
    ):
        """``spellings``: how many pupils have each book, the index is the book as written; in one or in parts.

        ``analysed`` is called with the parts of each spelling and its number of pupils.
        """
        parts = [spellings] if isinstance(spellings, pd.Series) else spellings
        self._take(added_up(pd.concat([facts(one, analysed) for one in parts] or [facts(_NOTHING)])))

    @classmethod
    def from_facts(cls, found: pd.DataFrame) -> Evidence:
        """From what :func:`facts` said of parts of the spellings, added up or not."""
        evidence = cls.__new__(cls)
        evidence._take(added_up(found))
        return evidence

    def _take(self, found: pd.DataFrame) -> None:
        of = {kind: those for kind, those in found.groupby("kind")}
        nothing = found.iloc[:0]
        titles = of.get(_TITLE, nothing).sort_values("title")
        self._titles = titles["title"].to_numpy()
        self._pupils = titles["pupils"].to_numpy().astype("uint32")
        self._numbered = np.sort(of.get(_NUMBERED, nothing)["title"].to_numpy())
        subtitles = of.get(_SUBTITLE, nothing)
        self._subtitled = _repeated(subtitles.loc[subtitles["pupils"] >= SEVERAL, "title"])
        authors = _of_several(of.get(_AUTHOR, nothing)).sort_values(["title", "text"])
        self._author_titles = authors["title"].to_numpy()
        self._author_pupils = authors["pupils"].to_numpy().astype("uint32")
        self._author_codes, self._author_names = pd.factorize(authors["text"])
        self._forget()

    def _forget(self) -> None:
        # the same few titles are asked for again and again
        self._counted = lru_cache(maxsize=1 << 14)(self._count)

    def __getstate__(self) -> dict:
        return {name: value for name, value in vars(self).items() if name != "_counted"}

    def __setstate__(self, state: dict) -> None:
        vars(self).update(state)
        self._forget()

    def _count(self, main: str, volume: str) -> int:
        title = digest(main, volume)
        at = int(np.searchsorted(self._titles, np.uint64(title)))
        return int(self._pupils[at]) if at < len(self._titles) and self._titles[at] == title else 0

    def _authors(self, book: TitleParts) -> list[tuple[str, int]]:
        """The authors of a title and how many pupils wrote each; none if those are fewer than several."""
        title = np.uint64(digest(book.main, book.volume))
        those = slice(*(int(np.searchsorted(self._author_titles, title, side)) for side in ("left", "right")))
        names = self._author_names[self._author_codes[those]]
        return list(zip(names, self._author_pupils[those].tolist(), strict=True))

    def pupils(self, book: TitleParts) -> int:
        """How many pupils have the title and volume of a book, by whatever author."""
        return self._counted(book.main, book.volume)

    def both_exist(self, a: TitleParts, b: TitleParts) -> bool:
        """Whether several pupils have the one title and several the other."""
        return min(self.pupils(a), self.pupils(b)) >= SEVERAL

    def one_is_rare(self, a: TitleParts, b: TitleParts) -> bool:
        """Whether one title stands once or twice beside another that is common."""
        few, many = sorted((self.pupils(a), self.pupils(b)))
        return 0 < few <= _RARE and many >= max(SEVERAL, _TIMES * few)

    def both_authors_exist(self, a: TitleParts, b: TitleParts) -> bool:
        """Whether several pupils have the title by the one author and several by the other."""
        return min(self._by(a), self._by(b)) >= SEVERAL

    def _by(self, book: TitleParts) -> int:
        return sum(n for author, n in self._authors(book) if agreement(author, book.author) >= Agreement.SLIP)

    def has_other_authors(self, book: TitleParts) -> bool:
        """Whether the title stands in the upload by clearly different authors, each for several pupils."""
        several = sorted((-n, author) for author, n in self._authors(book) if n >= SEVERAL)
        return any(agreement(several[0][1], other) is Agreement.OTHER for _, other in several[1:])

    def first_is_numbered(self, book: TitleParts) -> bool:
        """Whether the upload writes the first volume of a title with its number."""
        return _holds(self._numbered, digest(book.main))

    def has_other_subtitles(self, book: TitleParts) -> bool:
        """Whether the title stands in the upload with more than one subtitle, each for several pupils."""
        return _holds(self._subtitled, digest(book.main, book.volume))


def digest(*texts: str) -> int:
    """64 bits that stand for texts, the same in every process.

    Of ten million titles two fall together with a probability of 3 in a million.
    """
    joined = "\0".join(texts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(joined, digest_size=8).digest(), "little")


def facts(spellings: pd.Series, analysed: Callable[[TitleParts, int], None] | None = None) -> pd.DataFrame:
    """What each spelling adds to the counts, to be added up by ``kind``, ``title`` and ``text``.

    Args:
        spellings: how many pupils have each book; the index is the book as written.
        analysed: called with the parts of each spelling and its number of pupils.

    Returns:
        A DataFrame with the columns ``kind`` (0: a title with its volume, 1: a title whose first
        volume is numbered, 2: its author, 3: its subtitle), ``title`` (:func:`digest`), ``text``
        (the author or subtitle; else empty) and ``pupils``.
    """
    rows: list[tuple[int, int, str, int]] = []
    for book, pupils in zip(spellings.index.astype(str), spellings.to_numpy(), strict=True):
        parts = title_parts(book)
        title, pupils = digest(parts.main, parts.volume), int(pupils)
        if analysed:
            analysed(parts, pupils)
        rows.append((_TITLE, title, "", pupils))
        if parts.volume in _FIRST_VOLUMES:
            rows.append((_NUMBERED, digest(parts.main), "", pupils))
        if people(parts.author):
            rows.append((_AUTHOR, title, parts.author, pupils))
        if parts.subtitle:
            rows.append((_SUBTITLE, title, parts.subtitle, pupils))
    columns = zip(*rows, strict=True) if rows else ([] for _ in _FACTS)
    return pd.DataFrame(
        {name: np.array(list(cells), dtype=kind) for (name, kind), cells in zip(_FACTS.items(), columns, strict=True)}
    )


def added_up(found: pd.DataFrame) -> pd.DataFrame:
    """The facts with the counts of equal ones added."""
    return found.groupby(["kind", "title", "text"], as_index=False, sort=False)["pupils"].sum()


def _of_several(authors: pd.DataFrame) -> pd.DataFrame:
    """The authors of the titles that several pupils have with an author: fewer decide nothing."""
    return authors[authors.groupby("title")["pupils"].transform("sum") >= SEVERAL]


def _repeated(titles: pd.Series) -> np.ndarray:
    found, times = np.unique(titles.to_numpy(), return_counts=True)
    return found[times > 1]


def _holds(titles: np.ndarray, title: int) -> bool:
    at = int(np.searchsorted(titles, np.uint64(title)))
    return at < len(titles) and int(titles[at]) == title


NO_EVIDENCE = Evidence(_NOTHING)
