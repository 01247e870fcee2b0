"""Groups that were made: kept for the session, drawn again, taken back."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import streamlit as st

from pages.parts.groups_chance import Chance
from schoolkit.errors import InputError
from schoolkit.grouping.wording import Wording

_KEPT = 30  # steps that can be taken back
_MOST_CHOICES = 8


@dataclass(frozen=True)
class Work:
    """What the teacher is at.

    Attributes:
        tool: the word that this tool's slots in the session begin with.
        of: a short name for the list.
        words: what a group is called: 모둠, or 반 in class assignment.
    """

    tool: str
    of: str
    words: Wording

    @property
    def number(self) -> str:
        """What the number of a group is called."""
        return "모둠 번호" if self.words.unit == "모둠" else "새 반 번호"


@dataclass
class Made:
    """What was made of one list.

    Attributes:
        list_of, of: short names for the list and for the settings it was made with.
        words: what its groups are called.
        chance: how it was drawn last.
        groups: the ``Groups`` of each class by its name, kept since another draw of them is quick.
        labels: of each class the pupils' labels in the whole list by those in the class.
        steps: of each class the groupings, the latest last.
    """

    list_of: str
    of: str
    words: Wording
    chance: Chance
    groups: dict[str, object]
    labels: dict[str, dict[str, str]]
    steps: dict[str, list] = field(default_factory=dict)

    def now(self, class_name: str):
        return self.steps[class_name][-1]

    def add(self, class_name: str, grouping) -> None:
        self.steps[class_name] = [*self.steps.get(class_name, []), grouping][-_KEPT:]


@dataclass(frozen=True)
class Refused:
    """Why nothing was made of which settings: the class, the error, and where each of its rules comes from."""

    of: str
    class_name: str
    error: InputError
    sources: list[Hashable]


@dataclass
class Built:
    """Of each class its ``Groups``, the labels in the whole list, and where each rule comes from."""

    groups: dict[str, object] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    sources: dict[str, list[Hashable]] = field(default_factory=dict)


def made_of(work: Work) -> Made | None:
    """What was made of this list; groups of another one are not shown with it."""
    made = st.session_state.get(f"{work.tool}_result")
    return made if made is not None and made.list_of == work.of else None


def dropped(work: Work) -> set[Hashable]:
    """The rules that the teacher gave up, to be left out."""
    return st.session_state.setdefault(f"{work.tool}_dropped_{work.of}", set())


def make(work: Work, of: str, chance: Chance, build: Callable[[], Built]) -> None:
    """Makes groups of every class and keeps them, or keeps why that could not be."""
    st.session_state.pop(f"{work.tool}_refused", None)
    built, class_name = Built(), ""
    try:
        built = build()
        made = Made(work.of, of, work.words, chance, built.groups, built.labels)
        with Progress("가장 고른 편성을 찾고 있습니다.", len(built.groups)) as progress:
            for class_name, groups in built.groups.items():
                made.add(class_name, progress.draw(groups, chance, chance.seed))
        st.session_state[f"{work.tool}_result"] = made
    except InputError as error:
        sources = built.sources.get(class_name, [])
        st.session_state[f"{work.tool}_refused"] = Refused(of, class_name, error, sources)


def draw_again(work: Work, made: Made, chance: Chance) -> None:
    """Another draw for every class, from the settings of the last one."""
    drawn = {}
    try:
        with Progress("다시 뽑고 있습니다.", len(made.groups)) as progress:
            for class_name, groups in made.groups.items():
                drawn[class_name] = progress.draw(groups, chance, None)
    except InputError as error:
        st.session_state[f"{work.tool}_refused"] = Refused(made.of, class_name, error, [])
        return
    for class_name, grouping in drawn.items():
        made.add(class_name, grouping)
    made.chance = chance


class Progress:
    """A bar that fills as one class after another is drawn."""

    def __init__(self, text: str, classes: int) -> None:
        self._text, self._classes, self._done, self._shown = text, classes, 0, 0.0

    def __enter__(self) -> Progress:
        self._bar = st.progress(0.0, text=self._text)
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.empty()

    def draw(self, groups, chance: Chance, seed: int | None):
        limits = {"variety": chance.variety, "seed": seed, "time_limit": chance.time_limit}
        grouping = groups.make(**limits, on_step=self.show)
        self._done += 1
        return grouping

    def show(self, share: float) -> None:
        # every message goes to the browser
        if time.monotonic() - self._shown > 0.1:
            self._shown = time.monotonic()
            self._bar.progress(min((self._done + share) / self._classes, 1.0), text=self._text)


def offer_make(work: Work, of: str, chance: Chance, build: Callable[[], Built]) -> None:
    """The buttons that make and draw again, and what stood in the way."""
    unit, made = work.words.unit, made_of(work)
    show_dropped(work)
    line = st.container(horizontal=True)
    wanted = line.button(f"{unit} 만들기", type="primary", icon=":material/groups:")
    fresh = made is not None and made.of == of
    again = made is not None and line.button("다시 뽑기", icon=":material/casino:", disabled=not fresh)
    if st.session_state.pop(f"{work.tool}_make_now", False) or wanted:
        make(work, of, chance, build)
        st.rerun()
    if again:
        draw_again(work, made, chance)
        st.rerun()
    show_refused(work, of)
    if made is not None and not fresh:
        st.warning(
            f"설정이 바뀌었습니다. 아래는 **바꾸기 전 설정으로 만든 것**입니다. ‘{unit} 만들기’를 다시 눌러 주세요.",
            icon=":material/history:",
        )
    elif made is not None and made.chance.variety != chance.variety:
        st.info("무작위 정도를 바꾸었습니다. ‘다시 뽑기’를 누르면 새로 뽑습니다.", icon=":material/casino:")


def show_refused(work: Work, of: str) -> None:
    """Why nothing could be made, and which rules to leave out so that it can."""
    from schoolkit.grouping.fairest import ContradictoryRules

    refused: Refused | None = st.session_state.get(f"{work.tool}_refused")
    if refused is None or refused.of != of:
        return
    place = f"**{escaped(refused.class_name)}**: " if refused.class_name else ""
    if not isinstance(refused.error, ContradictoryRules):
        lines = [escaped(work.words.said(str(problem))) for problem in refused.error.problems]
        st.error(place + "  \n".join(lines), icon=":material/warning:")
        return
    found = refused.error.contradiction
    words = escaped(work.words.said(found.words))
    st.error(place + words.replace("\n", "  \n"), icon=":material/warning:")

    def leave_out(rules: list) -> None:
        dropped(work).update(refused.sources[rule.number - 1] for rule in rules)
        st.session_state[f"{work.tool}_make_now"] = True

    # where one rule is enough, any of those that don't go together may be the one
    choices = [[rule] for rule in found.conflict] if len(found.give_up) == 1 else [list(found.give_up)]
    for rules in choices[:_MOST_CHOICES]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown("  \n".join(escaped(work.words.said(str(rule))) for rule in rules))
            label = "이 규칙 빼고 만들기" if len(rules) == 1 else f"이 규칙 {len(rules)}개 빼고 만들기"
            key = f"{work.tool}_drop_{rules[0].number}"
            st.button(label, key=key, on_click=leave_out, args=(rules,), icon=":material/remove_circle:")


def show_dropped(work: Work) -> None:
    """How many rules were given up, and a way to take them up again."""
    left_out = dropped(work)
    if left_out:
        line = st.container(horizontal=True, vertical_alignment="center")
        line.caption(f":material/remove_circle: 규칙 {len(left_out)}개를 빼고 만듭니다.")
        line.button("뺀 규칙 되살리기", on_click=left_out.clear, key=f"{work.tool}_undrop")


def points(grouping) -> str:
    """균형 점수 in words, rounded down: 100 only where it is proven."""
    return "100점" if grouping.proven else f"{math.floor(10 * grouping.fairness) / 10:.1f}점"


def escaped(text: str) -> str:
    """A text with no meaning to Markdown; headers and values in it are the teacher's."""
    return "".join("\\" + letter if letter in r"\`*_{}[]<>#$:~|" else letter for letter in text)
