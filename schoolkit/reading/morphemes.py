"""Morphemes of titles: the only user of Kiwi, loaded on first use and shared by threads."""

from __future__ import annotations

import threading
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

_lock = threading.Lock()
_kiwi = None


class Morpheme(NamedTuple):
    """A morpheme as Kiwi finds it, from ``start`` to ``end`` in the text; ``known``: it stands in Kiwi's dictionary."""

    form: str
    tag: str
    known: bool
    start: int
    end: int


def _analyser():
    global _kiwi
    with _lock:
        if _kiwi is None:
            from kiwipiepy import Kiwi

            # without the dictionary of multi-word names a title keeps its single words,
            # and the process needs about 200 MB less
            kiwi = Kiwi(num_workers=1, load_multi_dict=False)
            kiwi.tokenize("책")  # builds what Kiwi puts off until the first text
            _kiwi = kiwi
    return _kiwi


def load() -> None:
    """Loads Kiwi now, so that the first comparison need not wait for it (1 to 2 seconds)."""
    _analyser()


@lru_cache(maxsize=1 << 14)
def morphemes(text: str) -> tuple[Morpheme, ...]:
    """The morphemes of a text, in order.

    >>> [one.form for one in morphemes("수학의 역사")]
    ['수학', '의', '역사']
    """
    kiwi = _analyser()
    # a word that Kiwi only guesses carries the id of its tag's empty default morpheme
    return tuple(
        Morpheme(token.form, token.tag, bool(kiwi.morpheme(token.id).form), token.start, token.end)
        for token in kiwi.tokenize(text)
    )


def morpheme_similarity(a: str, b: str) -> float:
    """The morphemes of both titles, repeats counted, per distinct morpheme of both.

    This is the figure of the talk that the project comes from: 1.0 for titles without a
    common morpheme, 2.0 for equal ones (more if a title repeats a morpheme itself), 0.0 if
    neither has any.

    >>> morpheme_similarity("수학의 역사", "수학의 역사"), morpheme_similarity("수학의 역사", "수학의 역샤")
    (2.0, 1.5)
    """
    of_a, of_b = ([one.form for one in morphemes(text)] for text in (a, b))
    distinct = len({*of_a, *of_b})
    return (len(of_a) + len(of_b)) / distinct if distinct else 0.0


def differing_runs(a: str, b: str) -> list[tuple[tuple[Morpheme, ...], tuple[Morpheme, ...]]]:
    """The runs of morphemes in which two texts differ, side by side; one side may be empty.

    >>> [[[one.form for one in side] for side in run] for run in differing_runs("말의 품격", "글의 품격")]
    [[['말'], ['글']]]
    """
    of_a, of_b = morphemes(a), morphemes(b)
    matcher = SequenceMatcher(None, [one[:2] for one in of_a], [one[:2] for one in of_b], autojunk=False)
    return [(of_a[i:j], of_b[k:m]) for tag, i, j, k, m in matcher.get_opcodes() if tag != "equal"]
