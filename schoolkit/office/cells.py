"""Cells of books -> the books in them, whole columns at once; only what is not plain is looked at one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..reading.books import Evidence, one_book, says_nothing, split_cell
from ..reading.terms import Term
from ..students import parse_name
from ..tables import cell_text

_MOST_KEPT = 50_000  # texts
_LEARNT_FROM = 5_000  # cells of a file

# A title with or without its author, with no comma, mark or number by which cells are parted: the
# whole cell is one book as it stands. What may say that there is no book is not sure.
_LETTER = "[0-9A-Za-z가-힣]"
_PLAIN = (
    rf"^{_LETTER}[0-9A-Za-z가-힣 .:!?~·&'+%-]{{0,200}}"
    rf"(?:{_LETTER}|(?:[(\[（]{_LETTER}[0-9A-Za-z가-힣 .,:·&'-]{{0,200}}[)\]）]){{1,2}})$"
)
_NOT_PLAIN = (
    r"학기|음[ .]*$|^.{1,3}$"
    r"|^(?:전출|전입|전학|자퇴|휴학|복학|퇴학|제적|유예|면제|조기|졸업|수료|재입|편입|유학|위탁|장기|정원|취학)"
)


@dataclass
class Books:
    """The books of a column's cells.

    Attributes:
        of: the cell of each row, an index into ``counts`` and so on.
        written: the books, those of a cell behind one another.
        first: where those of a cell begin.
        counts: how many they are.
        empty: whether there is nothing in the cell.
        guessed: whether the books could be told apart by guessing alone.
        terms: the terms that a cell names for some of its books, by their index in ``written``.
    """

    of: np.ndarray
    written: pa.Array
    first: np.ndarray
    counts: np.ndarray
    empty: np.ndarray
    guessed: np.ndarray
    terms: dict[int, Term]


def books_as_they_stand(of: np.ndarray, texts: pa.Array) -> Books:
    """Each cell as one book; only an empty one has none."""
    count = len(texts)
    empty = pc.equal(pc.utf8_trim_whitespace(texts), "").to_numpy(zero_copy_only=False)
    nothing = np.zeros(count, dtype=bool)
    return Books(of, texts, np.arange(count), (~empty).astype(np.int64), empty, nothing, {})


class CellsOfBooks:
    """Splits cells as ``read_reading_records`` does.

    Args:
        learnt: the first cells, to learn from.
        says_title: whether the column's header speaks of titles.
    """

    def __init__(self, learnt: list[str], *, says_title: bool):
        cells = [text for text in dict.fromkeys(learnt) if text and not _no_books(text)]
        self._evidence = Evidence.from_cells(cells[:_LEARNT_FROM])
        if says_title:
            self._evidence = replace(self._evidence, without_authors=False)
        self._known: dict[str, tuple[list[tuple[str, Term | None]], bool]] = {}

    def books(self, of: np.ndarray, texts: pa.Array) -> Books:
        """The books of cells; ``texts`` are the distinct ones, ``of`` says which each row has."""
        plain = pc.and_not(pc.match_substring_regex(texts, _PLAIN), pc.match_substring_regex(texts, _NOT_PLAIN))
        others = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
        cells = texts.take(pa.array(others)).to_pylist()
        return _collected(of, texts, others, cells, [self._split(text) for text in cells])

    def _split(self, written: str) -> tuple[list[tuple[str, Term | None]], bool]:
        found = self._known.get(written)
        if found is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            text, books, guessed = cell_text(written), [], False
            if text and not _no_books(text):
                split = split_cell(text, self._evidence)
                books, guessed = [(book.written, book.term) for book in split.books], bool(split.guesses)
            found = self._known[written] = books, guessed
        return found


def books_with_authors(of: np.ndarray, titles: list[str], authors: list[str]) -> Books:
    """The books of cells with a title, beside cells with an author."""
    found = []
    for title, author in zip(titles, authors, strict=True):
        text = cell_text(title)
        books = [] if not text or _no_books(text) else one_book(text, cell_text(author))
        found.append(([(book.written, book.term) for book in books], False))
    return _collected(of, pa.array(titles, pa.string()), np.arange(len(titles)), titles, found)


def _collected(
    of: np.ndarray, texts: pa.Array, others: np.ndarray, cells: list[str], found: list[tuple[list, bool]]
) -> Books:
    """Books of which all but ``others`` are their cells as they stand."""
    count = len(texts)
    first, counts = np.arange(count), np.ones(count, dtype=np.int64)
    empty, guessed = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    counts[others] = [len(books) for books, _ in found]
    first[others] = count + np.cumsum(counts[others]) - counts[others]
    empty[others] = [not text.strip() for text in cells]
    guessed[others] = [guess for _, guess in found]
    more = [book for books, _ in found for book in books]
    terms = {count + at: term for at, (_, term) in enumerate(more) if term is not None}
    written = pa.concat_arrays([texts, pa.array([text for text, _ in more], pa.string())])
    return Books(of, written, first, counts, empty, guessed, terms)


def _no_books(text: str) -> bool:
    if says_nothing(text):
        return True
    name, status = parse_name(text)
    return status is not None and name is None
