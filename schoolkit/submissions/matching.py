"""Whom a line of an export means: found in the roster, or shown to the teacher, and never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd
from rapidfuzz.distance import Indel

from ..students import class_label, name_key, parse_class, parse_student_number
from .exports.export import Written
from .names import name_keys, one_script, parts_of, without_mark

_MOST_CANDIDATES = 5
# two names of three syllables that differ in one letter have .87, in two letters .75
_NEAR = 0.8
_PUNCTUATION = " .,!?~·'\""
# of a grade and of a class; higher ones are numbers of another kind
_MOST_CLASSES, _MOST_SEATS = 30, 60


@dataclass(frozen=True)
class Match:
    """Whom a line means.

    Attributes:
        pupil: the place in the roster; None if it fits no one for sure.
        why: in Korean, why it fits no one; empty otherwise.
        candidates: places of those who may be meant.
    """

    pupil: int | None
    why: str = ""
    candidates: tuple[int, ...] = ()


class Room(NamedTuple):
    """Grade and class; None for what is not said."""

    grade: int | None
    class_no: str | None

    def agrees(self, other: Room) -> bool:
        return self.class_no == other.class_no and (None in (self.grade, other.grade) or self.grade == other.grade)


@dataclass(frozen=True)
class _Said:
    """What a line gives: names without numbers, numbers, a class, an address."""

    names: tuple[str, ...]
    numbers: tuple[str, ...]
    room: Room
    email: str


class Finder:
    """Finds pupils of a roster by student number, address and name, in this order of trust.

    A line fits a pupil if what it gives points to that pupil alone and nothing that it gives
    speaks against it. Spelling is never corrected: near names are candidates to be shown.

    Args:
        roster: as :func:`schoolkit.submissions.roster.read_roster` gives it.
    """

    def __init__(self, roster: pd.DataFrame):
        filled = roster.astype(object).where(roster.notna(), "")
        self.names: list[str] = filled["name"].tolist()
        self.classes: list[str] = filled["class_name"].tolist()
        self._rooms = [_room(name) for name in self.classes]
        self._numbers = [_number_key(number) for number in filled["student_no"]]
        self._marked = [name_keys(name) for name in self.names]
        self._bare = [name_keys(without_mark(name)[0]) for name in self.names]
        self._by_number: dict[str, set[int]] = defaultdict(set)
        self._by_seat: dict[tuple[Room, int], set[int]] = defaultdict(set)
        self._by_email: dict[str, set[int]] = defaultdict(set)
        self._by_marked: dict[str, set[int]] = defaultdict(set)
        self._by_bare: dict[str, set[int]] = defaultdict(set)
        for at, (number, email) in enumerate(zip(self._numbers, filled["email"], strict=True)):
            place = parse_student_number(number)
            if number:
                self._by_number[number].add(at)
            if place:
                self._by_seat[Room(place.grade, place.class_no), place.seat_no].add(at)
            elif number.isdigit() and len(number) <= 2 and self._rooms[at].class_no is not None:
                self._by_seat[self._rooms[at], int(number)].add(at)
            if email:
                self._by_email[email.casefold()].add(at)
            for key in self._marked[at]:
                self._by_marked[key].add(at)
            for key in self._bare[at]:
                self._by_bare[key].add(at)
        self._lengths = {len(number) for number in self._numbers if parse_student_number(number)}
        self._numbered_by_seat = all(len(number) <= 2 for number in self._numbers)

    def find(self, who: Written, within: Collection[str] | None = None) -> Match:
        """Whom the line means.

        Args:
            who: what the line gives.
            within: names of the classes that the file is about, where that is known; they tell
                same names apart, and nothing else.
        """
        said = _said(who)
        by_number = set().union(*(self._of_number(number, said.room) for number in said.numbers))
        by_email = self._of_email(said.email)
        by_name = self._of_names(said.names)
        if by_number and by_email and not by_number & by_email:
            return _unsure("학번과 이메일이 서로 다른 학생의 것입니다.", by_number | by_email)
        if sure := by_number & by_email or by_number or by_email:
            return self._by_sign(sure, by_name, said)
        if by_name:
            return self._by_name_alone(by_name, said, within)
        if not said.names and not said.numbers and not said.email:
            return Match(None, "이름이 없습니다.")
        why = "명렬표에 없는 이름입니다." if said.names else "명렬표에 없는 학번이나 이메일입니다."
        return Match(None, why, self._perhaps(who, said))

    def _by_sign(self, sure: set[int], by_name: set[int], said: _Said) -> Match:
        """Whom a number or an address that is in the roster means, if the name agrees."""
        if len(sure) > 1 and sure & by_name:
            sure = sure & by_name
        if len(sure) > 1:
            return _unsure("학번이나 이메일이 같은 학생이 여럿입니다.", sure)
        (one,) = sure
        if not self._named_otherwise(one, said.names):
            return Match(one)
        if by_name:
            return _unsure("학번(이메일)과 이름이 서로 다른 학생의 것입니다.", sure | by_name)
        return _unsure("학번이나 이메일은 명렬표에 있지만 이름이 다릅니다.", sure)

    def _by_name_alone(self, by_name: set[int], said: _Said, within: Collection[str] | None) -> Match:
        named = by_name
        if ours := [number for number in said.numbers if self._is_made_like_ours(number)]:
            # who has no number in the roster may have this one
            named = {at for at in named if not self._numbers[at] and self._could_have(at, ours)}
            if not named:
                return _unsure("이름은 있지만 학번이 명렬표와 다릅니다.", by_name)
        if said.room.class_no is not None:
            named = {at for at in named if self._rooms[at].class_no is None or self._rooms[at].agrees(said.room)}
            if not named:
                return _unsure("이름은 있지만 반이 명렬표와 다릅니다.", by_name)
        if len(named) > 1 and within:
            named = {at for at in named if self.classes[at] in within} or named
        if len(named) > 1:
            return _unsure(f"이름이 같은 학생이 {len(named)}명입니다.", named)
        return Match(next(iter(named)))

    def _of_number(self, number: str, room: Room) -> set[int]:
        key = _number_key(number)
        if seat := re.fullmatch(r"(\d{1,2})번?", key):
            if room.class_no is not None:
                return self._in_seat(room, int(seat[1]))
            # a number within a class says nothing without it, unless the roster has none but such numbers
            return self._by_number.get(str(int(seat[1])), set()) if self._numbered_by_seat else set()
        if key in self._by_number:
            return self._by_number[key]
        if with_class := re.fullmatch(r"(?:([1-6])학년)?(\d{1,2})반(\d{1,3})번", key):
            grade, class_no, seat_no = with_class.groups()
            return self._in_seat(Room(int(grade) if grade else room.grade, str(int(class_no))), int(seat_no))
        place = parse_student_number(key)
        return self._in_seat(Room(place.grade, place.class_no), place.seat_no) if place else set()

    def _in_seat(self, room: Room, seat_no: int) -> set[int]:
        return set().union(
            *(found for (one, seat), found in self._by_seat.items() if seat == seat_no and one.agrees(room))
        )

    def _of_email(self, email: str) -> set[int]:
        if not email:
            return set()
        local = email.split("@")[0]
        found = self._by_email.get(email.casefold(), set())
        return found or (self._by_number.get(local, set()) if local.isdigit() and len(local) > 2 else set())

    def _of_names(self, names: Collection[str]) -> set[int]:
        """Those who bear one of the names; a mark such as A tells namesakes apart, its lack tells nothing."""
        found: set[int] = set()
        for name in names:
            bare, mark = without_mark(name)
            marked = set().union(*(self._by_marked.get(key, set()) for key in name_keys(name))) if mark else set()
            found |= marked or set().union(*(self._by_bare.get(key, set()) for key in name_keys(bare)))
        return found

    def _named_otherwise(self, at: int, names: Collection[str]) -> bool:
        """Whether the line names someone else: another name in the same script."""
        comparable = [name for name in names if one_script(name, self.names[at])]
        if not comparable or not self.names[at]:
            return False
        if named := self._of_names(comparable):
            return at not in named
        # no one else is named: a slip, a nickname around the name or the given name alone
        written = [key for name in comparable for key in name_keys(name)]
        return not any(
            own in key or (len(key) > 1 and own.endswith(key)) or _likeness(own, key) >= _NEAR
            for own in self._bare[at]
            for key in written
        )

    def _is_made_like_ours(self, number: str) -> bool:
        """Whether a number that no pupil has is made like theirs, and so speaks against a match by name."""
        key = _number_key(number)
        place = parse_student_number(key)
        if not place:
            return False
        alike = len(key) in self._lengths and int(place.class_no) <= _MOST_CLASSES and place.seat_no <= _MOST_SEATS
        return alike or any(room.agrees(Room(place.grade, place.class_no)) for room in set(self._rooms))

    def _could_have(self, at: int, numbers: list[str]) -> bool:
        """Whether a pupil's class is that of the numbers, as far as it is known."""
        places = [parse_student_number(_number_key(number)) for number in numbers]
        room = self._rooms[at]
        return room.class_no is None or all(room.agrees(Room(place.grade, place.class_no)) for place in places)

    def _perhaps(self, who: Written, said: _Said) -> tuple[int, ...]:
        """Who may be meant: whose name or number stands within the line, or whose name is nearly the one in it."""
        text = " ".join([*who.names, *who.numbers])
        within, numbers = name_key(text), set(re.findall(r"\d{4,}", text))
        words = [set(name_key(name).split()) | set(re.split(r"[\s,]+", name.casefold())) for name in said.names]
        likely: dict[int, float] = {}
        for at, keys in enumerate(self._bare):
            own_words = set(self.names[at].casefold().split())
            if self._numbers[at] in numbers or any(len(key) > 1 and key in within for key in keys):
                likely[at] = 2.0
            elif len(own_words) > 1 and any(len(one & own_words) > 1 for one in words):
                likely[at] = 1.5
            elif keys and said.names:
                likeness = max(_likeness(key, name) for key in keys for name in map(name_key, said.names))
                if likeness >= _NEAR:
                    likely[at] = likeness
        return tuple(sorted(likely, key=lambda at: (-likely[at], at))[:_MOST_CANDIDATES])


def _likeness(a: str, b: str) -> float:
    """How alike two names are, letter by letter of their syllables; 1 if they are equal."""
    return Indel.normalized_similarity(unicodedata.normalize("NFD", a), unicodedata.normalize("NFD", b))


def _unsure(why: str, candidates: set[int]) -> Match:
    return Match(None, why, tuple(sorted(candidates)))


def _said(who: Written) -> _Said:
    names, numbers, rooms = [], [number for number in who.numbers if number], [_room(who.class_name or "")]
    for written in who.names:
        number, class_name, name = parts_of(written)
        if number:
            numbers.append(number)
        if class_name:
            rooms.append(_room(class_name))
        if name := name.strip(_PUNCTUATION):
            names.append(name)
    room = next((room for room in rooms if room.class_no is not None), Room(None, None))
    return _Said(tuple(dict.fromkeys(names)), tuple(dict.fromkeys(numbers)), room, who.email or "")


def _number_key(number: str) -> str:
    return re.sub(r"\s|\.0$|^'", "", unicodedata.normalize("NFKC", str(number))).casefold()


def _room(text: str) -> Room:
    bare = re.sub(r"\s", "", text)
    if place := parse_class(bare):
        return Room(place.grade, place.class_no)
    if matched := re.fullmatch(r"([1-6])[-./](\d{1,2})반?", bare):
        return Room(int(matched[1]), str(int(matched[2])))
    return Room(None, class_label(bare) if bare else None)
