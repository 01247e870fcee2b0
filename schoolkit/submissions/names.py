"""Names as systems and pupils write them: in parts, in either order, with class and number around them."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from ..students import name_key

_HANGUL = re.compile(r"[가-힣\s]+[A-Za-z0-9]?")
_BETWEEN = r"\s*[-./,·_\s]\s*"
# what stands around a name, the fullest first: grade, class and number; class and number; a number; a class
_AROUND = (
    re.compile(
        r"(?<!\d)(?P<grade>[1-6])\s*학년\s*,?\s*(?P<room>\d{1,2})\s*반\s*[,(]?\s*(?P<seat>\d{1,3})\s*(?:번|(?!\d))\)?"
    ),
    re.compile(
        rf"(?<!\d)(?P<grade>[1-6]){_BETWEEN}(?P<room>\d{{1,2}})\s*반?(?:{_BETWEEN}|\s*\(\s*)(?P<seat>\d{{1,3}})(?!\d)\s*번?\)?"
    ),
    re.compile(r"(?<!\d)(?P<room>\d{1,2})\s*반\s*,?\s*(?P<seat>\d{1,3})\s*번"),
    re.compile(r"(?<!\d)(?P<number>\d{3,12})(?!\d)"),
    re.compile(r"(?<!\d)(?P<number>\d{1,2}\s*번)"),
    re.compile(r"(?<!\d)(?P<grade>[1-6])\s*학년\s*(?P<room>\d{1,2})\s*반"),
    re.compile(r"(?<!\d)(?P<grade>[1-6])\s*[-./]\s*(?P<room>\d{1,2})(?!\d)\s*반?"),
    re.compile(r"(?<!\d)(?P<room>\d{1,2})\s*반"),
)
_LABELS = re.compile(r"(?:^|(?<=[\s,(\[]))(?:학번|번호|이름|성명)(?=[\s:,])\s*:?")
_SCHOOL = re.compile(r"\S+(?:학교|[초중고])")
_EDGES = " \t\n,./·:_-–()[]"
# letters by which schools tell namesakes apart: 김서연A, 김서연(B), 김서연2
_MARK = re.compile(r"(?<=[가-힣])\s*[(\[]?\s*([A-Za-z0-9])\s*[)\]]?$")
_REMARK = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")


class Parts(NamedTuple):
    """What a text gives of a pupil: a number (of the pupil or of the seat), a class, a name; None or empty without."""

    number: str | None
    class_name: str | None
    name: str


def parts_of(text: str) -> Parts:
    """The number, the class and the name that stand together in a text.

    >>> [tuple(parts_of(text)) for text in ("1학년 1반 7번 김서연", "1-1 김서연")]
    [('1-1-7', None, '김서연'), (None, '1학년 1반', '김서연')]
    >>> [tuple(parts_of(text)) for text in ("김서연(10107)", "1반 7번 김서연", "김서연")]
    [('10107', None, '김서연'), ('7', '1반', '김서연'), (None, None, '김서연')]
    """
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    for pattern in _AROUND:
        found = pattern.search(text)
        if found is None:
            continue
        before, behind = text[: found.start()], text[found.end() :]
        if before.strip(_EDGES) and behind.strip(_EDGES):
            # in front of it, with a name behind, stand labels and the school's name at most
            before = _LABELS.sub(" ", f" {before} ").strip(_EDGES)
            if before and not _SCHOOL.fullmatch(before):
                return Parts(None, None, text)
            before = ""
        name = re.sub(r"\s+", " ", _LABELS.sub(" ", f"{before} {behind}")).strip(_EDGES)
        # another number beside it: of several pupils, or no name at all
        return Parts(None, None, text) if re.search(r"\d{2}", name) else Parts(*_place(found), name)
    return Parts(None, None, text)


def _place(found: re.Match) -> tuple[str | None, str | None]:
    said = found.groupdict()
    if "number" in said:
        return re.sub(r"\s", "", said["number"]), None
    grade, room = said.get("grade"), str(int(said["room"]))
    if seat := said.get("seat"):
        return (f"{grade}-{room}-{int(seat)}", None) if grade else (str(int(seat)), f"{room}반")
    return None, f"{grade}학년 {room}반" if grade else f"{room}반"


def split_number(text: str) -> tuple[str | None, str]:
    """The number that stands around a name, and the name.

    >>> split_number("김서연(10107)"), split_number("10501 신율"), split_number("김서연")
    (('10107', '김서연'), ('10501', '신율'), (None, '김서연'))
    """
    number, class_name, name = parts_of(text)
    return f"{class_name} {number}번" if number and class_name else number, name


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


def name_keys(name: str) -> set[str]:
    """What spellings of one name share: blanks, case and accents never count, nor the order of words.

    A mark such as A in 김서연A counts.

    >>> name_keys("지우 강") & name_keys("강지우") == {"강지우"}
    True
    >>> name_keys("NGUYỄN Minh Anh") & name_keys("Minh Anh Nguyen") != set()
    True
    >>> name_keys("김서연(B)") == name_keys("김서연 B")
    True
    """
    bare, mark = without_mark(name)
    words = [word for word in re.split(r"[\s,]+", _without_accents(bare)) if word]
    keys = {name_key("".join(words))}
    if len(words) == 2:
        keys.add(name_key(words[1] + words[0]))
    elif len(words) > 2:
        keys.add(" ".join(sorted(map(name_key, words))))
    return {f"{key}{mark}" for key in keys if key}


def without_mark(name: str) -> tuple[str, str]:
    """A name without remarks in brackets, and the mark that tells it from a namesake; empty if there is none.

    >>> without_mark("김서연(A)"), without_mark("김서연2"), without_mark("최다은(반장)")
    (('김서연', 'a'), ('김서연', '2'), ('최다은', ''))
    """
    name = unicodedata.normalize("NFKC", name).strip()
    if marked := _MARK.search(name):
        return name[: marked.start()].strip(), marked[1].casefold()
    return _REMARK.sub(" ", name).strip() or name, ""


def _without_accents(name: str) -> str:
    # Hangul syllables fall apart into letters that are no accents, and are put together again
    letters = (letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", "".join(letters)).replace("đ", "d").replace("Đ", "D")


def one_script(a: str, b: str) -> bool:
    """Whether both names are written in Hangul, or neither is; a name in another script may be the same one."""
    return bool(re.search("[가-힣]", a)) == bool(re.search("[가-힣]", b))
