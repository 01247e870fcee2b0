"""What a whole upload says of its spellings: which titles many pupils have, and in which forms."""

from __future__ import annotations

from collections import Counter, defaultdict

import pandas as pd

from .authors import Agreement, agreement, people
from .titles import TitleParts, title_parts

SEVERAL = 3
"""From so many pupils on a spelling is taken for one that exists, not for a slip of one pupil
that a neighbour copied."""

_RARE, _TIMES = 2, 5


class Evidence:
    """Counts of pupils by title, by author and by volume.

    It rests on the spellings and their counts alone, so that it is the same however the
    entries are cut into parts.
    """

    def __init__(self, spellings: pd.Series):
        """``spellings``: how many pupils have each book, the index is the book as written."""
        self._titles: Counter[tuple[str, str]] = Counter()
        self._authors: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._volumes: dict[str, set[str]] = defaultdict(set)
        self._subtitles: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for book, pupils in spellings.items():
            parts = title_parts(book)
            title = (parts.main, parts.volume)
            self._titles[title] += int(pupils)
            self._volumes[parts.main].add(parts.volume)
            if people(parts.author):
                self._authors[title][parts.author] += int(pupils)
            if parts.subtitle:
                self._subtitles[title][parts.subtitle] += int(pupils)

    def pupils(self, book: TitleParts) -> int:
        """How many pupils have the title and volume of a book, by whatever author."""
        return self._titles[book.main, book.volume]

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
        authors = self._authors.get((book.main, book.volume), {})
        return sum(n for author, n in authors.items() if agreement(author, book.author) >= Agreement.SLIP)

    def has_other_authors(self, book: TitleParts) -> bool:
        """Whether the title stands in the upload by clearly different authors, each for several pupils."""
        authors = [author for author, n in self._authors.get((book.main, book.volume), {}).items() if n >= SEVERAL]
        return any(agreement(authors[0], other) is Agreement.OTHER for other in authors[1:])

    def first_is_numbered(self, book: TitleParts) -> bool:
        """Whether the upload writes the first volume of a title with its number."""
        return bool(self._volumes.get(book.main, set()) & {"1", "상"})

    def has_other_subtitles(self, book: TitleParts) -> bool:
        """Whether the title stands in the upload with more than one subtitle, each for several pupils."""
        subtitles = self._subtitles.get((book.main, book.volume), {})
        return sum(n >= SEVERAL for n in subtitles.values()) > 1


NO_EVIDENCE = Evidence(pd.Series(dtype="int64"))
