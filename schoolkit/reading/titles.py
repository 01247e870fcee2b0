"""A book as written -> the parts that are compared: main title, subtitle, volume, notes, author."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .books import bare_text, split_title_author

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_PART = {"상": "상", "중": "중", "하": "하", "上": "상", "中": "중", "下": "하"}
_NUMBERED = re.compile(
    # digits right behind a Latin letter belong to a name, as in 1Q84
    r"(?:제\s*|\bvol(?:ume)?\.?\s*|\bbook\s*|\bpart\s*|\bno\.?\s*|#\s*|(?<![0-9a-zA-Z]))"
    r"(\d{1,4})\s*(?:권|부|편|집|탄|호)?\s*$",
    re.IGNORECASE,
)
_ROMAN_END = re.compile(r"(?<![a-zA-Z])(VIII|VII|VI|IV|IX|III|II|I|V|X)\s*$")
_PART_END = re.compile(r"(?:\s|^)([상중하上中下])\s*권?\s*$")
_BRACKETS = re.compile(r"[(\[<〈【]([^()\[\]<>〈〉【】]*)[)\]>〉】]")
_SUBTITLE = re.compile(r"\s*[:：]\s*|\s+[-–—~|]\s+|\s*[–—]\s*")


@dataclass(frozen=True)
class TitleParts:
    """What two books are compared by.

    Attributes:
        written: the book as written.
        main: letters and digits of the main title, one case, without blanks and marks.
        readable: the main title with its blanks, for morphemes and for reasons.
        subtitle: letters and digits after a colon or dash; empty if there is none.
        volume: ``"1"``, ``"상"`` …; empty if the title names none.
        numbers: the numbers inside the main title, in order.
        notes: letters and digits of what stood in brackets (editions and the like).
        author: as written; empty if there is none.
    """

    written: str
    main: str
    readable: str
    subtitle: str
    volume: str
    numbers: tuple[str, ...]
    notes: tuple[str, ...]
    author: str


@lru_cache(maxsize=1 << 16)
def title_parts(book: str) -> TitleParts:
    """The parts of a book as written, e.g. ``골든 아워1(이국종)``.

    >>> parts = title_parts("시간을 파는 상점 제2권: 너를 위한 시간(김선영)")
    >>> parts.main, parts.volume, parts.subtitle, parts.author
    ('시간을파는상점', '2', '너를위한시간', '김선영')
    """
    title, author = split_title_author(unicodedata.normalize("NFKC", book))
    volume = ""
    notes = []
    for inside in _BRACKETS.findall(title):
        found, rest = _volume(inside.strip())
        if found and not rest:
            volume = found
        else:
            notes.append(bare_text(inside))
    plain = _BRACKETS.sub(" ", title)
    if not bare_text(plain):
        plain, notes = title, []
    main, _, subtitle = _cut(plain)
    found, rest = ("", "") if volume else _volume(main)
    if found and bare_text(rest):
        main, volume = rest, found
    elif not volume:
        found, rest = _volume(subtitle)
        if found:
            subtitle, volume = rest, found
    return TitleParts(
        book,
        bare_text(main),
        re.sub(r"\s+", " ", main).strip(),
        bare_text(subtitle),
        volume,
        tuple(str(int(number)) for number in re.findall(r"\d+", main)),
        tuple(note for note in notes if note),
        author or "",
    )


def _cut(title: str) -> tuple[str, str, str]:
    found = _SUBTITLE.search(title)
    if not found or not bare_text(title[: found.start()]):
        return title, "", ""
    return title[: found.start()], found.group(), title[found.end() :]


def _volume(text: str) -> tuple[str, str]:
    """The volume that a text ends in and the text before it; empty and the text if there is none."""
    text = text.rstrip(" .,!-")
    if found := _NUMBERED.search(text):
        return str(int(found.group(1))), text[: found.start()]
    if found := _PART_END.search(text):
        return _PART[found.group(1)], text[: found.start()]
    if found := _ROMAN_END.search(text):
        return str(_ROMAN[found.group(1).lower()]), text[: found.start()]
    return "", text
