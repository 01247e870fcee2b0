"""Texts with places such as {이름} that are filled for each reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..errors import Problem
from .particles import PARTICLE, fitting

_TOKEN = re.compile(rf"\{{\{{|\}}\}}|\{{([^{{}}\n]*)\}}(?:({PARTICLE}))?|[{{}}]")


@dataclass(frozen=True)
class Template:
    """A text whose places are known; ``{{`` and ``}}`` stand for braces of the text itself.

    Attributes:
        parts: fixed texts, and (place, particle written behind it or empty).
    """

    parts: tuple[str | tuple[str, str], ...]

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with the values in their places; behind a place 이(가) becomes what fits."""
        words = []
        for part in self.parts:
            if isinstance(part, str):
                words.append(part)
                continue
            place, particle = part
            words.append(values[place] + (fitting(values[place], particle) if particle else ""))
        return "".join(words)


def parsed(text: str, places: Collection[str], title: str) -> tuple[Template, list[Problem]]:
    """The text as a template, and all that is wrong with it.

    A place is looked up by its whole name, so no value can be reached into.

    Args:
        places: the names that may stand in braces.
        title: what the template is called, in Korean, for the problems.
    """
    if not text.strip():
        what_to_do = "문구를 적거나, 처음 문구로 되돌려 주세요."
        return Template(()), [Problem("문구가 비어 있습니다.", what_to_do, column=title, kind="empty_template")]
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    parts: list[str | tuple[str, str]] = []
    problems, end = [], 0
    for found in _TOKEN.finditer(text):
        parts.append(text[end : found.start()])
        end = found.end()
        token, place = found[0], (found[1] or "").strip()
        if token in ("{{", "}}"):
            parts.append(token[0])
        elif place in places:
            parts.append((place, found[2] or ""))
        else:
            problems.append(_problem(text, found, places, title))
    parts.append(text[end:])
    return Template(tuple(part for part in parts if part)), problems


def _problem(text: str, found: re.Match, places: Collection[str], title: str) -> Problem:
    """What is wrong with one brace or place; it is shown by where it stands, since it may hold a name."""
    line_start = text.rfind("\n", 0, found.start()) + 1
    row = text.count("\n", 0, found.start()) + 1
    where = f"{found.start() - line_start + 1}번째 글자"
    double = "중괄호를 글자 그대로 쓰려면 {{ }}처럼 두 번 적어 주세요."
    if found[0] in "{}":
        mark, other = ("{", "닫는") if found[0] == "{" else ("}", "여는")
        what = f"{where} '{mark}'에 짝이 되는 {other} 중괄호가 없습니다."
        return Problem(what, f"짝을 맞추어 주세요. {double}", row=row, column=title, kind="unbalanced_brace")
    what = f"{where}에서 시작하는 중괄호 안의 말은 채울 수 없습니다."
    usable = ", ".join(f"{{{one}}}" for one in places)
    what_to_do = f"{usable} 가운데에서 골라 주세요. {double}"
    return Problem(what, what_to_do, row=row, column=title, kind="unknown_placeholder")
