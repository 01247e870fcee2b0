"""Names as systems write them: in parts, in either order, with a number in or around them."""

from __future__ import annotations

import re
import unicodedata

from ..students import name_key

_HANGUL = re.compile(r"[가-힣\s]+")
# 10107, 1-1-7, 1학년 1반 7번, 1반 7번
_NUMBERS = (
    r"[1-6]\s*학년\s*\d{1,2}\s*반\s*\d{1,3}\s*번?",
    r"\d{1,2}\s*반\s*\d{1,3}\s*번",
    r"[1-6]\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{1,3}",
    r"\d{3,12}",
    r"\d{1,2}\s*번",
)
_NUMBER = f"(?:{'|'.join(_NUMBERS)})"
_IN_FRONT = re.compile(rf"[(\[]?\s*({_NUMBER})\s*[)\]]?\s*[-_.,:/·]?\s*(\D.*)", re.DOTALL)
_BEHIND = re.compile(rf"(.*?[^\d\s(\[_,/·-])\s*[-_,/·]?\s*[(\[]?\s*({_NUMBER})\s*[)\]]?", re.DOTALL)


def joined_name(family: str, given: str) -> str:
    """A name of its two parts, in the order of its script; a number that stands in one of them is left out.

    >>> joined_name("강", "지우"), joined_name("Nguyen", "Minh Anh"), joined_name("10501", "신율")
    ('강지우', 'Nguyen Minh Anh', '신율')
    """
    parts = [split_number(part.strip())[1] for part in (family, given)]
    parts = [part for part in parts if part]
    return ("" if all(map(_HANGUL.fullmatch, parts)) else " ").join(parts)


def number_in(*parts: str) -> str | None:
    """The first number that stands in or beside a name; None if there is none."""
    return next((number for part in parts if (number := split_number(part.strip())[0])), None)


def split_number(text: str) -> tuple[str | None, str]:
    """A number that stands before or behind a name, and the name.

    >>> split_number("1학년 1반 7번 김서연"), split_number("김서연(10107)"), split_number("김서연")
    (('1학년 1반 7번', '김서연'), ('10107', '김서연'), (None, '김서연'))
    """
    if re.fullmatch(_NUMBER, text):
        return text, ""
    if matched := _IN_FRONT.fullmatch(text):
        return matched[1].strip(), matched[2].strip()
    if matched := _BEHIND.fullmatch(text):
        return matched[2].strip(), matched[1].strip()
    return None, text


def name_keys(name: str) -> set[str]:
    """What spellings of one name share: blanks and case never count, nor the order of words.

    >>> name_keys("지우 강") & name_keys("강지우") == {"강지우"}
    True
    >>> name_keys("NGUYEN Minh Anh") & name_keys("Minh Anh Nguyen") != set()
    True
    """
    words = [word for word in re.split(r"[\s,]+", unicodedata.normalize("NFKC", name)) if word]
    keys = {name_key("".join(words))}
    if len(words) == 2:
        keys.add(name_key(words[1] + words[0]))
    elif len(words) > 2:
        keys.add(" ".join(sorted(map(name_key, words))))
    return keys


def one_script(a: str, b: str) -> bool:
    """Whether both names are written in Hangul, or neither is; a name in another script may be the same one."""
    return bool(re.search("[가-힣]", a)) == bool(re.search("[가-힣]", b))
