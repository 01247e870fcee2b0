"""The arguments of ``schoolkit groups`` as what they ask of the library."""

from __future__ import annotations

import argparse
import math
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import InputError, Problem
from ..rosters.headers import find_column, header_key

if TYPE_CHECKING:
    from .groups import Groups

_NUMBER = r"\d+(?:\.\d+)?"
_WEIGHTS = {"balance": {"weight", "mean", "spread", "kind"}, "alike": {"weight", "kind"}}
_EXAMPLES = {
    "balance": "성별:2나 점수:mean=2,spread=1",
    "alike": "관심분야나 관심분야:2",
    "at_most": "1:특수",
    "at_least": "1:모둠장",
    "one_each": "모둠장",
}


@dataclass(frozen=True)
class Wish:
    """One thing that was asked for.

    Attributes:
        call: asks groups for it.
        of_names: whether it speaks of pupils by name.
    """

    call: Callable[[Groups], object]
    of_names: bool = False

    def grant(self, classes: Sequence[Groups]) -> Sequence[Problem]:
        """Asks every class for it; what is wrong if none has such columns or pupils, or several such pupils."""
        errors = []
        for groups in classes:
            try:
                self.call(groups)
            except InputError as error:
                errors.append(error)
        granted = len(classes) - len(errors)
        if not granted:
            return min((error.problems for error in errors), key=len)
        if self.of_names and granted > 1:
            what_to_do = "반마다 파일을 나누어 따로 실행해 주세요."
            return [Problem("규칙의 학생과 이름이 같은 학생이 여러 반에 있습니다.", what_to_do, kind="same_name")]
        return ()


class Asked:
    """What the arguments ask for.

    Attributes:
        sizes: the keywords of :class:`.Groups` that say how many groups of how many pupils.
        variety: as :meth:`.Groups.make` takes it.
        wishes: all the rest, in the order of the options.
        problems: what cannot be understood; names of pupils are not repeated in it.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self.problems: list[Problem] = []
        self.sizes = self._sizes(options.size, options.groups, options.sizes)
        self.variety = self._variety(options.variety)
        self.wishes = [
            *self._of_columns("balance", options.balance),
            *self._of_columns("alike", options.alike),
            *(_of_names("apart", text) for text in options.apart),
            *(_of_names("together", text) for text in options.together),
            *self._of_counts("at_most", options.at_most),
            *self._of_counts("at_least", options.at_least),
            *self._of_counts("one_each", options.one_each),
            *self._locks(options.lock),
            *(_absent(name) for text in options.absent for name in _listed(text)),
        ]
        if options.rounds is not None and options.by_class:
            self._wrong("--rounds", "--by-class와 함께 쓸 수 없습니다", "반마다 따로 실행해 주세요.")
        if options.output:
            self._check_output(options.output, [*options.files, *options.history])

    def _wrong(self, option: str, what: str, what_to_do: str) -> None:
        self.problems.append(Problem(f"{option}: {what}.", what_to_do, kind="wrong_argument"))

    def _sizes(self, size: str | None, n_groups: int | None, sizes: str | None) -> dict[str, object]:
        asked: dict[str, object] = {"n_groups": n_groups}
        if size is None and n_groups is None and sizes is None:
            self._wrong(
                "--size", "모둠 크기가 없습니다", "--size 4, --groups 7, --sizes 4,4,5 가운데 하나를 써 주세요."
            )
        if size is not None:
            if matched := re.fullmatch(r"(\d+)(?:\s*[-~–]\s*(\d+))?", size):
                least, most = matched.groups()
                asked["size"] = int(least) if most is None else (int(least), int(most))
            else:
                self._wrong("--size", "인원을 알 수 없습니다", "4나 3-5처럼 써 주세요.")
        if sizes is not None:
            if re.fullmatch(r"\d+(,\d+)*", sizes):
                asked["sizes"] = [int(one) for one in sizes.split(",")]
            else:
                self._wrong("--sizes", "인원을 알 수 없습니다", "4,4,5처럼 써 주세요.")
        return asked

    def _variety(self, text: str) -> float:
        if text in ("free", "inf"):
            return math.inf
        if re.fullmatch(_NUMBER, text):
            return float(text)
        self._wrong("--variety", "무작위 정도를 알 수 없습니다", "0, 5 같은 수나 free를 써 주세요.")
        return 0.0

    def _of_columns(self, method: str, texts: Sequence[str]) -> Iterator[Wish]:
        for text in texts:
            column, weights = _weighted(text)
            numbers = all(key == "kind" or isinstance(value, float) for key, value in weights.items())
            if column and numbers and weights.keys() <= _WEIGHTS[method]:
                yield _of_column(method, column, weights)
            else:
                self._wrong(
                    f"--{method}", f"칸이나 중요도를 알 수 없습니다({text})", f"{_EXAMPLES[method]}처럼 써 주세요."
                )

    def _of_counts(self, method: str, texts: Sequence[str]) -> Iterator[Wish]:
        counted = r"()" if method == "one_each" else r"(\d+):"
        for text in texts:
            if matched := re.fullmatch(counted + r"([^:]+)(?::(.*))?", text):
                count, what, why = matched.groups()
                yield _of_count(method, [int(count)] if count else [], what, why or "")
            else:
                option = f"--{method.replace('_', '-')}"
                self._wrong(option, "누구인지 알 수 없습니다", f"{_EXAMPLES[method]}처럼 써 주세요.")

    def _locks(self, texts: Sequence[str]) -> Iterator[Wish]:
        for text in texts:
            if matched := re.fullmatch(r"([^:]+):(\d+)(?::(.*))?", text):
                name, group, why = matched.groups()
                yield _lock(name.strip(), int(group), why or "")
            else:
                self._wrong("--lock", "학생이나 모둠 번호를 알 수 없습니다", "이름:3처럼 써 주세요.")

    def _check_output(self, output: str, read: Sequence[str]) -> None:
        if not output.lower().endswith((".xlsx", ".csv")):
            self._wrong("-o", "결과는 엑셀이나 CSV 파일로만 저장합니다", ".xlsx나 .csv로 끝나는 이름을 써 주세요.")
        if os.path.realpath(output) in map(os.path.realpath, read):
            self._wrong("-o", "결과 파일이 읽을 파일과 같습니다", "다른 이름을 써 주세요.")


def _of_column(method: str, column: str, weights: dict[str, object]) -> Wish:
    return Wish(lambda groups: getattr(groups, method)(_header(groups, column), **weights))


def _of_names(method: str, text: str) -> Wish:
    names, _, why = text.partition(":")
    return Wish(lambda groups: getattr(groups, method)(*_listed(names), why=why), of_names=True)


def _of_count(method: str, counts: Sequence[int], what: str, why: str) -> Wish:
    def ask(groups: Groups) -> object:
        column, marked = None, _header(groups, what)
        if marked not in groups.students.columns and "=" in what:
            column, marked = what.split("=", 1)
            column = _header(groups, column)
        return getattr(groups, method)(*counts, marked, column=column, why=why)

    return Wish(ask)


def _lock(name: str, group: int, why: str) -> Wish:
    return Wish(lambda groups: groups.lock(name, group, why=why), of_names=True)


def _absent(name: str) -> Wish:
    return Wish(lambda groups: groups.absent(name), of_names=True)


def _weighted(text: str) -> tuple[str, dict[str, object]]:
    """A column and its weights, of ``점수:mean=2,spread=1`` or ``성별:2``; what is no weight is the column's.

    >>> _weighted("점수:mean=2,spread=0.5"), _weighted("성별:2"), _weighted("10:00 수업")
    (('점수', {'mean': 2.0, 'spread': 0.5}), ('성별', {'weight': 2.0}), ('10:00 수업', {}))
    """
    column, colon, said = text.rpartition(":")
    if colon and re.fullmatch(_NUMBER, said):
        return column.strip(), {"weight": float(said)}
    pairs = [one.partition("=") for one in said.split(",")]
    if colon and all(sign for _, sign, _ in pairs):
        numbers = {key.strip(): float(value) if re.fullmatch(_NUMBER, value) else value for key, _, value in pairs}
        return column.strip(), numbers
    return text.strip(), {}


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _header(groups: Groups, said: str) -> str:
    """The column's header, whatever its blanks and case; what was said if there is none."""
    if said in groups.students.columns:
        return said
    found = find_column(groups.students.columns, [header_key(said)])
    return said if found is None else found
