"""Who a pupil is: grade, class, number and name, and when two records mean one pupil."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import combinations, permutations
from typing import NamedTuple

from .errors import InputError, Problem

# Marks that schools put beside a name whose pupil has left or is away.
_STATUS = (
    "전출|전입|전학|자퇴|휴학|복학|퇴학|제적|유예|면제|조기졸업|졸업|수료|재입학|편입학|편입|유학|위탁"
    "|장기결석|정원외|취학유예"
)
_STATUS_IN_BRACKETS = re.compile(rf"\s*[(\[<〈（][^)\]>〉）]*(?:{_STATUS})[^)\]>〉）]*[)\]>〉）]\s*")
_STATUS_AT_END = re.compile(rf"(?:^|\s+|(?<=[가-힣]{{3}}))(?:{_STATUS})(?:생|예정)?\s*$")
_STATUS_IN_FRONT = re.compile(rf"^(?:{_STATUS})(?:생|예정)?\s*[:·-]?\s+(?=\S)")


class Place(NamedTuple):
    """Where a pupil sits: grade, class and number; None where it is not known."""

    grade: int | None
    class_no: str | None
    seat_no: int | None


def parse_student_number(text: str) -> Place | None:
    """Grade, class and number of a student number such as 30105; None if it is of another kind.

    Schools write grade, class (one or two digits) and number (two digits) behind one
    another, or with signs between.

    >>> parse_student_number("30105")
    Place(grade=3, class_no='1', seat_no=5)
    >>> parse_student_number("3-1-5") == parse_student_number("3학년 1반 5번") == parse_student_number("3105")
    True
    >>> parse_student_number("20230105") is None
    True
    """
    text = re.sub(r"\s", "", text)
    matched = re.fullmatch(r"([1-6])(\d{1,2})(\d{2})", text) or re.fullmatch(
        r"([1-6])(?:학년|[-./])(\d{1,2})(?:반|[-./])(\d{1,3})번?", text
    )
    if not matched:
        return None
    grade, class_no, seat_no = map(int, matched.groups())
    return Place(grade, str(class_no), seat_no) if class_no and seat_no else None


_CLASS_LINE = re.compile(
    r"(?:.*학교)?(?:20\d\d학년도|[12]학기|학년반:|학급:|대상:|[가-힣]{2,10}과)*[(\[<]?제?(?P<grade>[1-6])학년제?"
    r"(?P<class_no>[^\s학,:()]{1,6}?)반[)\]>]?(?:담임.*|[(/,:]*(?:총|재적|인원:?)?\d{1,2}명[)]?)?"
    r"|학년:?(?P<grade_said>[1-6])(?:학년)?,?반:?(?P<class_said>[^\s학,:()]{1,6}?)반?"
)


def parse_class(text: str) -> Place | None:
    """Grade and class of a line such as ``2학년 1반``; None if the text is something else.

    >>> parse_class("2025학년도 2학년 1반")
    Place(grade=2, class_no='1', seat_no=None)
    >>> parse_class("3학년 2반 이야기(김하나)") is None
    True
    """
    matched = _CLASS_LINE.fullmatch(re.sub(r"\s", "", text))
    if not matched:
        return None
    grade, class_no = matched["grade"] or matched["grade_said"], matched["class_no"] or matched["class_said"]
    return Place(int(grade), class_label(class_no), None)


def class_label(text: str) -> str | None:
    """A class as a label without ``반`` and leading zeros: ``01반`` -> ``1``, ``진리반`` -> ``진리``."""
    text = re.sub(r"\s", "", text)
    text = re.sub(r"(?<=.)반$", "", text)
    digits = re.fullmatch(r"제?(\d+)", text)
    return str(int(digits.group(1))) if digits else text or None


def parse_name(text: str) -> tuple[str | None, str | None]:
    """A name cell as (name, status); the status is a mark such as 전출 that stood beside it.

    >>> parse_name("김하나(전출)"), parse_name("자퇴"), parse_name("마리아  산토스")
    (('김하나', '전출'), (None, '자퇴'), ('마리아 산토스', None))
    """
    spaced = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
    name = _STATUS_IN_FRONT.sub("", _STATUS_AT_END.sub("", _STATUS_IN_BRACKETS.sub(" ", spaced))).strip()
    if name == spaced:
        return name or None, None
    return name or None, re.search(_STATUS, spaced).group()


def name_key(name: str) -> str:
    """What two spellings of one name share: no white space, one width, one case."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold()


@dataclass
class Sighting:
    """A pupil as one sheet of one file shows him or her.

    Attributes:
        part: which sheet of which file, counted over the whole upload.
        name: as written, without status marks; None if the file names no one.
        student_no: the student number as written, if there is one.
        year: the school year in which grade, class and number hold.
        grade, class_no, seat_no: the present ones, as far as the file says.
        entrance: school year minus grade, equal for a pupil in all years.
        place_years: the years whose entries say this place, where each entry says its own.
        source: file name, shown when the teacher is asked.
        first_row: the row at which the pupil is first seen, as Excel shows it.
    """

    part: int
    name: str | None
    source: str
    first_row: int
    student_no: str | None = None
    year: int | None = None
    grade: int | None = None
    class_no: str | None = None
    seat_no: int | None = None
    entrance: int | None = None
    place_years: set[int] = field(default_factory=set)

    @property
    def place(self) -> Place:
        return Place(self.grade, self.class_no, self.seat_no)

    @property
    def about(self) -> str:
        words = [
            f"{self.year}학년도" if self.year is not None else "",
            f"{self.grade}학년" if self.grade is not None else "",
            f"{self.class_no}반" if self.class_no is not None else "",
            f"{self.seat_no}번" if self.seat_no is not None else "",
            f"학번 {self.student_no}" if self.student_no else "",
        ]
        return " ".join([word for word in words if word] + [f"({self.source} {self.first_row}행)"])


@dataclass
class Identities:
    """Who is who over a whole upload.

    Attributes:
        keys: one opaque key per sighting, in their order; equal keys mean one pupil.
        merged: pairs of sightings that were taken for one pupil although the files do not
            fully say so.
        doubtful: links that only a teacher can confirm, see ``doubtful_links`` of
            :func:`schoolkit.read_reading_records`.
    """

    keys: list[str]
    merged: list[tuple[int, int]]
    doubtful: list[dict]


def identify(sightings: list[Sighting], links: Mapping[str, str] | None = None) -> Identities:
    """Finds which sightings mean one pupil.

    One name within one school year and compatible class numbers is one pupil; over the
    years an equal student number links, and what it does not link is left apart and
    reported as doubtful. Sightings of one sheet are never merged: the sheet told them apart.

    Args:
        sightings: all pupils of all sheets.
        links: confirmed links, key -> key of the same pupil, as ``doubtful`` names them.

    Raises:
        InputError: ``links`` names a key that does not occur.
    """
    by_name: dict[str, list[int]] = defaultdict(list)
    for index, sighting in enumerate(sightings):
        # a pupil without a name is like no one else
        by_name[name_key(sighting.name) if sighting.name else f"\0{index}"].append(index)

    clusters: list[list[int]] = []
    merged: list[tuple[int, int]] = []
    asked: list[tuple[int, int, bool]] = []
    for members in by_name.values():
        _identify_one_name(sightings, members, clusters, merged, asked)

    keys = _opaque_keys(sightings, clusters)
    root = _confirmed(keys, links or {})
    key_of = {index: root(key) for cluster, key in zip(clusters, keys, strict=True) for index in cluster}
    whole: dict[str, list[int]] = defaultdict(list)
    for index, key in key_of.items():
        whole[key].append(index)
    # a confirmed link may settle others: the same ones, and those with a rival from one sheet
    open_links = [
        (a, b, alone)
        for a, b, alone in asked
        if root(keys[a]) != root(keys[b]) and not _contradict(sightings, whole[root(keys[a])], whole[root(keys[b])])
    ]
    doubtful = [_link(sightings, clusters, keys, *one) for one in open_links]
    return Identities([key_of[index] for index in range(len(sightings))], merged, doubtful)


class _Relation(IntEnum):
    """What two sightings of one name are; of whole groups, the lowest that two of them have."""

    DIFFERENT = 0
    SAME = 1
    LIKELY = 2
    ASK = 3


def _relation(a: Sighting, b: Sighting) -> _Relation:
    if a.part == b.part:
        # a table that gives each year's class may name one pupil twice, and so may one in which
        # name and place are equal but the years do not fit: who repeats a year
        apart = a.place_years and b.place_years and a.place_years.isdisjoint(b.place_years)
        one_place = a.seat_no is not None and a.place == b.place
        fits = _agree(a.entrance, b.entrance) or (not _conflict(a.entrance, b.entrance) and _conflict(a.grade, b.grade))
        return _Relation.ASK if (apart and fits) or one_place else _Relation.DIFFERENT
    numbered = bool(a.student_no and a.student_no == b.student_no)
    if _conflict(a.entrance, b.entrance):
        # who repeats a year keeps the name and perhaps the number: a teacher must say
        return _Relation.ASK if numbered else _Relation.DIFFERENT
    if numbered:
        return _Relation.SAME
    if _conflict(a.year, b.year) or _conflict(a.grade, b.grade):
        return _Relation.ASK
    one_year = _agree(a.year, b.year) or _agree(a.grade, b.grade)
    known_place = _agree(a.class_no, b.class_no) and _agree(a.seat_no, b.seat_no)
    other_number = _conflict(a.student_no, b.student_no) and not known_place
    if other_number or _conflict(a.class_no, b.class_no) or _conflict(a.seat_no, b.seat_no):
        return _Relation.DIFFERENT if one_year else _Relation.ASK
    if one_year:
        return _Relation.SAME if known_place else _Relation.LIKELY
    return _Relation.LIKELY if known_place else _Relation.ASK


def _contradict(sightings: list[Sighting], group_a: list[int], group_b: list[int]) -> bool:
    return any(_relation(sightings[a], sightings[b]) is _Relation.DIFFERENT for a in group_a for b in group_b)


def _agree(a: object, b: object) -> bool:
    return a is not None and a == b


def _conflict(a: object, b: object) -> bool:
    return a is not None and b is not None and a != b


def _identify_one_name(sightings, members, clusters, merged, asked) -> None:
    """Adds the clusters of all sightings of one name, what was merged and what must be asked."""
    groups = {index: [index] for index in members}
    between = {(a, b): _relation(sightings[a], sightings[b]) for a, b in permutations(members, 2)}
    for wanted in (_Relation.SAME, _Relation.LIKELY):  # sure ones first, so that likely ones see whole pupils
        while pair := next(
            (pair for pair in combinations(groups, 2) if _unrivalled(groups, between, *pair, wanted)), None
        ):
            a, b = pair
            if wanted is _Relation.LIKELY:
                merged.append((a, b))
            groups[a] += groups.pop(b)
            for other in groups.keys() - {a}:
                between[a, other] = between[other, a] = min(between[a, other], between[b, other])

    cluster_of = {index: len(clusters) + at for at, index in enumerate(groups)}
    clusters += groups.values()
    parts = {index: {sightings[member].part for member in group} for index, group in groups.items()}
    for at, b in enumerate(groups):
        earlier = [a for a in list(groups)[:at] if between[a, b] is not _Relation.DIFFERENT]
        if not earlier:
            continue
        # the nearest sheet that offers a candidate; farther ones are linked through it
        nearest = max(earlier, key=lambda a: max(parts[a]))
        for a in earlier:
            if parts[a] & parts[nearest]:
                rivals = sum(bool(parts[other] & (parts[a] | parts[b])) for other in groups)
                asked.append((cluster_of[a], cluster_of[b], rivals == 2))


def _unrivalled(groups, between, a: int, b: int, wanted: _Relation) -> bool:
    """Whether two groups are in this relation, and no third may be one of them and yet is not the other."""
    if between[a, b] is not wanted:
        return False
    for other in groups.keys() - {a, b}:
        both = {between[a, other], between[b, other]}
        if _Relation.DIFFERENT in both and both & {_Relation.SAME, wanted}:
            return False
    return True


def _opaque_keys(sightings, clusters) -> list[str]:
    """A key per cluster: a digest, so that it says nothing and stays the same for the same pupil."""
    keys, seen = [], Counter()
    for cluster in clusters:
        first = sightings[cluster[0]]
        who = (
            first.name and name_key(first.name),
            first.student_no,
            first.year,
            first.grade,
            first.class_no,
            first.seat_no,
        )
        seen[who] += 1
        digest = hashlib.blake2b(repr((who, seen[who])).encode(), digest_size=6)
        keys.append(digest.hexdigest())
    return keys


def _link(sightings, clusters, keys, a: int, b: int, only_candidate: bool) -> dict:
    one, other = sightings[clusters[a][-1]], sightings[clusters[b][0]]
    return {
        "student_a": keys[a],
        "student_b": keys[b],
        "name": other.name,
        "about_a": one.about,
        "about_b": other.about,
        "only_candidate": only_candidate,
    }


def _confirmed(keys: list[str], links: Mapping[str, str]):
    parent = {key: key for key in keys}
    unknown = [key for pair in links.items() for key in pair if key not in parent]
    if unknown:
        raise InputError(
            [
                Problem(
                    "학생 연결(links)에 이 파일들에 없는 학생 키가 있습니다.",
                    "attrs['doubtful_links']의 student_a, student_b 값을 써 주세요.",
                    kind="unknown_link",
                )
            ]
        )

    def root(key: str) -> str:
        while parent[key] != key:
            key = parent[key]
        return key

    for a, b in links.items():
        parent[root(b)] = root(a)
    return root
