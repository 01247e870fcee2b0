"""A book as written -> the parts that are compared: main title, subtitle, volume, editions, author."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from . import editions
from .books import bare_text, split_title_author

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_ORDINALS = {"첫": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10}
_PART = {"상": "상", "중": "중", "하": "하", "上": "상", "中": "중", "下": "하"}
_UNIT = r"(?:권|부|편|집|탄|호)"
_NUMBERED = re.compile(
    # 제 belongs to the number behind a blank or before a unit: 형제1 is volume 1 of 형제;
    # digits right behind a Latin letter belong to a name, as in 1Q84
    rf"(?:(?<![가-힣])제\s*(?=\d)|제\s*(?=\d{{1,3}}\s*{_UNIT})|(?<![a-z])vol(?:ume)?\.?\s*|(?<![a-z])(?:book|part|no)\b\.?\s*|#\s*"
    rf"|(?<![0-9a-zA-Z]))(\d{{1,4}})\s*{_UNIT}?\s*$",
    re.IGNORECASE,
)
_ROMAN_END = re.compile(r"(?<![a-zA-Z])(VIII|VII|VI|IV|IX|III|II|I|V|X)\s*$")
_PART_END = re.compile(r"(?:\s|^)([상중하上中下])\s*권?\s*$|(?<=[가-힣])\s*([상중하上中下])\s*권\s*$")
_ORDINAL_END = re.compile(rf"(?:\s|(?<=[가-힣]))({'|'.join(_ORDINALS)}|\d+)\s*번째\s*이야기\s*$")
_BRACKETS = re.compile(r"[(\[<〈【{]([^()\[\]<>〈〉【】{}]*)[)\]>〉】}]")
_SUBTITLE = re.compile(
    r"\s*:\s*|\s+[-–—~|]\s+|\s*[–—]\s*|(?<=\d)\s*[-.]\s*(?=[^\W\d])|(?<=\d권)\s*[-.]\s*(?=\w)|(?<=[가-힣])-(?=[가-힣]{2})"
)
# a number between words: a volume with its subtitle, unless it counts what follows
_VOLUME_INSIDE = re.compile(
    rf"(?<=\S)\s+(?:제\s*)?(\d{{1,2}}|[상하])\s*{_UNIT}?\s+"
    r"(?!센티|킬로|퍼센트|시간|세기|학년|학기|가지|번째|주년|미터|(?:권|부|편|년|월|일|분|초|살|세|명|인|개|층|번|도|주|원|대)(?![가-힣]))"
    r"(?=[^\W\d])"
)

_NAMED_PART = re.compile(rf"(?<=\S)\s+[가-힣]+편(?=\s*(?:[상중하]|(?:제\s*)?\d+\s*{_UNIT}?)?\s*$)")  # 퇴마록 세계편 1


@dataclass(frozen=True, slots=True)
class TitleParts:
    """What two books are compared by.

    Attributes:
        written: the book as written.
        main: letters and digits of the main title, one case, without blanks and marks.
        readable: the main title with its blanks, for morphemes and for reasons.
        subtitle: letters and digits after a colon, dash or volume, or in brackets; empty if there is none.
        readable_subtitle: the same with its blanks and marks.
        volume: ``"1"``, ``"상"``, ``"2부1"`` …; empty if the title names none.
        whole: letters and digits of the title with its subtitle and volume, without what else brackets hold.
        numbers: the numbers inside the main title, in order.
        editions: as written, what names an edition, a format or a publisher.
        derivation: what makes it another kind of book, such as ``청소년판``; empty if nothing does.
        author: as written; empty if there is none.
    """

    written: str
    main: str
    readable: str
    subtitle: str
    readable_subtitle: str
    volume: str
    whole: str
    numbers: tuple[str, ...]
    editions: tuple[str, ...]
    derivation: str
    author: str


@lru_cache(maxsize=1 << 14)
def title_parts(book: str) -> TitleParts:
    """The parts of a book as written, e.g. ``골든 아워1(이국종)``.

    >>> parts = title_parts("시간을 파는 상점 제2권: 너를 위한 시간(김선영)")
    >>> parts.main, parts.volume, parts.subtitle, parts.author
    ('시간을파는상점', '2', '너를위한시간', '김선영')
    """
    title, author = split_title_author(unicodedata.normalize("NFKC", book))
    volumes, found_editions, derivations, subtitles = [], [], [], []
    plain = _BRACKETS.sub(" ", title)
    if bare_text(plain):
        for inside in map(str.strip, _BRACKETS.findall(title)):
            volume, rest = _volume(f" {inside}")
            if volume and not bare_text(rest):
                volumes.append(volume)
            elif editions.edition(inside):
                found_editions.append(inside)
            elif editions.derived(inside):
                derivations.append(inside)
            elif bare_text(inside):
                subtitles.append(inside)
    else:
        plain = title
    plain, edition = editions.without_edition(" ".join(plain.split()))
    plain, derivation = editions.without_derivation(plain)
    main, subtitle = _cut(plain)
    if not subtitle and (part := _NAMED_PART.search(main)):
        main, subtitle = main[: part.start()], part.group() + main[part.end() :]
    if editions.derived(subtitle):
        derivation, subtitle = subtitle, ""
    if not volumes:
        main, subtitle, volume = _with_volume(main, subtitle)
    else:
        inner, rest = _volume(main)
        # 토지 1부(2권), or the volume twice: 토지 2(2권)
        main, volume = (
            (rest, inner if inner in volumes else f"{inner}부{volumes[0]}")
            if inner and bare_text(rest)
            else (main, volumes[0])
        )
    main, late_edition = editions.without_edition(" ".join(main.split()))
    return TitleParts(
        book,
        bare_text(main),
        main.rstrip(" -.,"),
        bare_text(" ".join([subtitle, *subtitles])),
        " ".join([subtitle, *subtitles]).strip(),
        volume,
        bare_text(plain) + "".join(volumes),
        tuple(str(int(number)) for number in re.findall(r"[0-9]+", main)),
        tuple(filter(None, [*found_editions, edition, late_edition])),
        " ".join(filter(None, [*derivations, derivation])),
        author or "",
    )


def _cut(title: str) -> tuple[str, str]:
    """Main title and subtitle."""
    found = _SUBTITLE.search(title)
    while found and not (bare_text(title[: found.start()]) and bare_text(title[found.end() :])):
        found = _SUBTITLE.search(title, found.end())
    if not found:
        return title, ""
    main, subtitle = title[: found.start()], title[found.end() :]
    if _volume(f" {subtitle}")[1].strip() == "" and not _volume(main)[0]:
        return f"{main} {subtitle}", ""  # 로마인 이야기-2
    return main, subtitle


def _with_volume(main: str, subtitle: str) -> tuple[str, str, str]:
    """Main title, subtitle and volume, which ends either of them or stands inside the main title."""
    volume, rest = _volume(main)
    if volume and bare_text(rest):
        outer, before = _volume(rest)
        if outer and bare_text(before) and re.search(r"[부권]\s*$", rest):
            return before, subtitle, f"{outer}부{volume}"
        return rest, subtitle, volume
    if not subtitle and (inside := _VOLUME_INSIDE.search(main)):
        return main[: inside.start()], main[inside.end() :], _PART.get(inside.group(1)) or str(int(inside.group(1)))
    volume, rest = _volume(subtitle)
    if volume and bare_text(rest):
        return main, rest, volume
    return main, subtitle, ""


def _volume(text: str) -> tuple[str, str]:
    """The volume that a text ends in and the text before it; empty and the text if there is none."""
    text = text.rstrip(" .,!-")
    if found := _NUMBERED.search(text):
        return str(int(found.group(1))), text[: found.start()]
    if found := _PART_END.search(text):
        return _PART[found.group(1) or found.group(2)], text[: found.start()]
    if found := _ROMAN_END.search(text):
        return str(_ROMAN[found.group(1).lower()]), text[: found.start()]
    if found := _ORDINAL_END.search(text):
        return str(_ORDINALS.get(found.group(1)) or int(found.group(1))), text[: found.start()]
    return "", text
