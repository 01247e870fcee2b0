"""Errors as data: what is wrong with an input, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input, in words for a teacher.

    Attributes:
        what: what is wrong, a Korean sentence. It never quotes a pupil's data.
        what_to_do: what the reader can do about it, a Korean sentence.
        file: the file's name, without its folder.
        row: the row as Excel shows it (the first row is 1).
        column: the column's header as written, or a spreadsheet letter.
        kind: a word that programs can tell kinds of problems by, e.g. ``unknown_columns``.

    >>> print(Problem("괄호가 닫히지 않았습니다.", "')'를 넣어 주세요.", "독서기록.csv", 37, "독서활동 상황"))
    독서기록.csv 37행 '독서활동 상황' 칸: 괄호가 닫히지 않았습니다. ')'를 넣어 주세요.
    """

    what: str
    what_to_do: str = ""
    file: str | None = None
    row: int | None = None
    column: str | None = None
    kind: str = ""

    @property
    def where(self) -> str:
        """The place in words, e.g. ``독서기록.csv 37행 '성명' 칸``; empty if unknown."""
        parts = []
        if self.file:
            parts.append(self.file)
        if self.row is not None:
            parts.append(f"{self.row}행")
        if self.column:
            parts.append(f"'{self.column}' 칸")
        return " ".join(parts)

    def __str__(self) -> str:
        sentence = f"{self.what} {self.what_to_do}".strip()
        return f"{self.where}: {sentence}" if self.where else sentence


class InputError(ValueError):
    """An input that cannot be used; ``problems`` lists everything that was found wrong.

    Its text holds places and remedies only, so that it may reach a log or a screen
    without showing a pupil's data.
    """

    def __init__(self, problems: Iterable[Problem]):
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
