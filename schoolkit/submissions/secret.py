"""A password or a token that can be passed around without being seen."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """A text that shows as ``***`` wherever it is printed, formatted or logged, and is never written to a file.

    >>> Secret("1234"), f"{Secret('1234')}", Secret("1234").reveal()
    (***, '***', '1234')
    """

    __slots__ = ("_text",)

    def __init__(self, text: str):
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that sends it."""
        return self._text

    def is_in(self, text: str) -> bool:
        """Whether a text holds it, in capitals or not."""
        return bool(self._text) and self._text.casefold() in text.casefold()

    def __repr__(self) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> NoReturn:
        # a cache would write it down, or make a key of it
        raise TypeError("a secret is not stored")
