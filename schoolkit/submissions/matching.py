"""Whom a line of an export means: found in the roster, or shown to the teacher, and never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
from rapidfuzz.distance import Indel

from ..students import class_label, parse_class, parse_student_number
from .export import Written
from .names import name_keys, one_script, split_number

_MOST_CANDIDATES = 5
# of a grade and of a class; higher ones are numbers of another kind
_MOST_CLASSES, _MOST_SEATS = 30, 60


@dataclass(frozen=True)
class Match:
    """Whom a line means.

    Attributes:
        pupil: the place in the roster; None if it fits no one for sure.
        why: in Korean, why it fits no one; empty otherwise.
        candidates: places of those who may be meant. Only where ``sure_of_candidates`` is it one of them.
        sure_of_candidates: whether the line's own name or number is that of each candidate.
    """

    pupil: int | None
    why: str = ""
    candidates: tuple[int, ...] = ()
    sure_of_candidates: bool = False


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
        self._numbers: list[str] = [_number_key(number) for number in filled["student_no"]]
        self._by_number: dict[str, set[int]] = defaultdict(set)
        self._by_place: dict[tuple, set[int]] = defaultdict(set)
        self._by_email: dict[str, set[int]] = defaultdict(set)
        self._by_name: dict[str, set[int]] = defaultdict(set)
        self._rooms: set[tuple] = set()
        for at, (number, email) in enumerate(zip(self._numbers, filled["email"], strict=True)):
            if number:
                self._by_number[number].add(at)
            room = _room(self.classes[at])
            place = parse_student_number(number)
            seat = place.seat_no if place else int(number) if number.isdigit() and len(number) <= 2 else None
            if room != (None, None):
                self._rooms.add(room)
                if seat is not None:
                    self._by_place[*room, seat].add(at)
            if email:
                self._by_email[email.casefold()].add(at)
            for key in name_keys(self.names[at]):
                self._by_name[key].add(at)
        self._keys = [name_keys(name) for name in self.names]
        self._lengths = {len(number) for number in self._numbers if parse_student_number(number)}
        self._numbered_by_seat = all(len(number) <= 2 for number in self._numbers)

    def find(self, who: Written, within: Collection[str] | None = None) -> Match:
        """Whom the line means.

        Args:
            who: what the line gives.
            within: names of the classes that the file is about, where that is known; they tell
                same names apart, and nothing else.
        """
        names, numbers = _parted(who)
        said_room = _room(who.class_name or "")
        by_number = set().union(*(self._of_number(number, said_room) for number in numbers))
        by_email = self._of_email(who.email)
        by_name = self._of_names(names)
        sure = by_number or by_email
        if by_number and by_email and not by_number & by_email:
            return _unsure("학번과 이메일이 서로 다른 학생의 것입니다.", by_number | by_email)
        if by_number and by_email:
            sure = by_number & by_email
        if sure:
            if names and len(sure) > 1:
                sure = sure & by_name or sure
            if len(sure) > 1:
                return _unsure("학번이나 이메일이 같은 학생이 여럿입니다.", sure)
            (one,) = sure
            if self._named_otherwise(one, names):
                return _unsure("학번(이메일)과 이름이 서로 다른 학생의 것입니다.", sure | by_name)
            return Match(one)
        if not names:
            return Match(None, "명렬표에 없는 학번이나 이메일입니다." if numbers or who.email else "이름이 없습니다.")
        if not by_name:
            return Match(None, "명렬표에 없는 이름입니다.", self._near(names))
        return self._by_name_alone(by_name, numbers, said_room, within)

    def _by_name_alone(self, by_name: set[int], numbers: list[str], said_room: tuple, within) -> Match:
        if any(map(self._would_be_ours, numbers)):
            return _unsure("이름은 있지만 학번이 명렬표와 다릅니다.", by_name)
        if said_room != (None, None):
            there = {at for at in by_name if _agree(_room(self.classes[at]), said_room)}
            if not there:
                return _unsure("이름은 있지만 반이 명렬표와 다릅니다.", by_name)
            by_name = there
        if len(by_name) > 1 and within:
            by_name = {at for at in by_name if self.classes[at] in within} or by_name
        if len(by_name) > 1:
            return _unsure(f"이름이 같은 학생이 {len(by_name)}명입니다.", by_name)
        return Match(next(iter(by_name)))

    def _of_number(self, number: str, said_room: tuple) -> set[int]:
        key = _number_key(number)
        if seat := re.fullmatch(r"(\d{1,2})번?", key):
            if said_room[1] is not None:
                return self._in_seat(said_room, int(seat[1]))
            # a number within a class says nothing without it, unless the roster has none but such numbers
            return self._by_number.get(seat[1], set()) if self._numbered_by_seat else set()
        if key in self._by_number:
            return self._by_number[key]
        if room_and_seat := re.fullmatch(r"(\d{1,2})반(\d{1,3})번", key):
            return self._in_seat((said_room[0], str(int(room_and_seat[1]))), int(room_and_seat[2]))
        place = parse_student_number(key)
        return self._in_seat((place.grade, place.class_no), place.seat_no) if place else set()

    def _in_seat(self, room: tuple, seat_no: int) -> set[int]:
        places = (found for place, found in self._by_place.items() if place[2] == seat_no and _agree(place[:2], room))
        return set().union(*places)

    def _of_email(self, email: str | None) -> set[int]:
        if not email:
            return set()
        found = self._by_email.get(email.casefold(), set())
        local = email.split("@")[0]
        return found or (self._by_number.get(local, set()) if local.isdigit() and len(local) > 2 else set())

    def _of_names(self, names: list[str]) -> set[int]:
        return set().union(*(self._by_name.get(key, set()) for name in names for key in name_keys(name)))

    def _named_otherwise(self, at: int, names: list[str]) -> bool:
        """Whether the line names someone else: another name in the same script."""
        own = self.names[at]
        comparable = [name for name in names if one_script(name, own)]
        if not comparable or not own:
            return False
        bare = min(self._keys[at], key=len)
        return not any(
            self._keys[at] & name_keys(name) or any(bare in key or key in bare for key in name_keys(name))
            for name in comparable
        )

    def _would_be_ours(self, number: str) -> bool:
        """Whether a number that no pupil has is made like theirs, and so speaks against a match by name."""
        key = _number_key(number)
        place = parse_student_number(key)
        if not place:
            return False
        alike = len(key) in self._lengths and int(place.class_no) <= _MOST_CLASSES and place.seat_no <= _MOST_SEATS
        return alike or (place.grade, place.class_no) in self._rooms

    def _near(self, names: list[str]) -> tuple[int, ...]:
        """Those whose names differ in one syllable or less than a third of their letters."""
        near = {}
        for name in names:
            for key in name_keys(name):
                decomposed = unicodedata.normalize("NFD", key)
                for own, holders in self._by_name.items():
                    likeness = Indel.normalized_similarity(decomposed, unicodedata.normalize("NFD", own))
                    if likeness >= 0.7:
                        for at in holders:
                            near[at] = max(near.get(at, 0), likeness)
        return tuple(sorted(near, key=lambda at: (-near[at], at))[:_MOST_CANDIDATES])


def _unsure(why: str, candidates: set[int]) -> Match:
    return Match(None, why, tuple(sorted(candidates)), sure_of_candidates=True)


def _parted(who: Written) -> tuple[list[str], list[str]]:
    """Names without the numbers that stand beside them, and all numbers."""
    names, numbers = [], [number for number in who.numbers if number]
    for written in who.names:
        number, name = split_number(re.sub(r"\s+", " ", unicodedata.normalize("NFKC", written)).strip())
        if number:
            numbers.append(number)
        # parse_name's marks such as (전출) and nicknames in brackets are no part of the name
        name = re.sub(r"\s*[(\[][^)\]]*[)\]]\s*", " ", name).strip() or name
        if name:
            names.append(name)
    return list(dict.fromkeys(names)), list(dict.fromkeys(numbers))


def _number_key(number: str) -> str:
    return re.sub(r"\s|\.0$", "", unicodedata.normalize("NFKC", str(number))).casefold()


def _room(text: str) -> tuple[int | None, str | None]:
    """Grade and class of a text; None for what it does not say."""
    bare = re.sub(r"\s", "", text)
    if place := parse_class(bare):
        return place.grade, place.class_no
    if matched := re.fullmatch(r"([1-6])[-./](\d{1,2})반?", bare):
        return int(matched[1]), str(int(matched[2]))
    label = class_label(bare) if bare else None
    return None, label


def _agree(room: tuple, said: tuple) -> bool:
    return room[1] == said[1] and (said[0] is None or room[0] is None or room[0] == said[0])
