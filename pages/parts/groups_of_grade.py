"""반편성: the way from the list of a grade to next year's classes."""

from __future__ import annotations

import streamlit as st

from pages.parts import groups_chance, groups_list, groups_made, groups_rules, groups_view
from pages.parts.groups_list import Roster
from pages.parts.groups_wanted import add_rules
from schoolkit import web
from schoolkit.grouping.class_assignment import class_groups, class_rules, guess_columns
from schoolkit.grouping.wording import Wording

TOOL = "classes"
SAMPLE = "반편성 예시.xlsx"
NAMINGS = {"1반, 2반, 3반": "123456789", "가반, 나반, 다반": "가나다라마바사아자차카타파하"}
TWINS = {"다른 반": False, "같은 반": True}
NONE = "(없음)"
_MOST_CLASSES = 30


def show() -> None:
    st.markdown("한 학년의 명단을 올리면 **출신반·성별·성적이 고른 새 반**을 만들어 드립니다. 정한 규칙은 꼭 지킵니다.")
    roster = groups_list.choose_roster(TOOL, SAMPLE)
    web.privacy_note()
    if roster is None:
        return
    groups_list.show_recognised(roster)
    st.subheader("어느 칸이 무엇인가요")
    columns = ask_columns(roster)
    st.subheader("몇 반으로 나눌까요")
    line = st.container(horizontal=True, vertical_alignment="bottom")
    most = min(_MOST_CLASSES, len(roster.students))
    likely = min(most, likely_count(roster, columns["former_class"]))
    keep = {"persist_state": "session", "width": 220}
    n_classes = int(line.number_input("새 반의 수", 1, most, likely, key=f"{TOOL}_count_{roster.of}", **keep))
    naming = line.selectbox("새 반의 이름", list(NAMINGS), key=f"{TOOL}_naming", **keep)
    each, more = divmod(len(roster.students), n_classes)
    sizes = [f"{size}명씩 {count}반" for size, count in ((each + 1, more), (each, n_classes - more)) if count]
    st.markdown(f"**{len(roster.students)}명 → {', '.join(sizes)}**")
    work = groups_made.Work(TOOL, roster.of, Wording("반", class_names(naming, n_classes)))

    weights = ask_weights(columns)
    by_hand = ask_rules(roster, work)
    chance = groups_chance.ask_chance(TOOL, groups_chance.FAIREST)
    marks = {one: columns[one] for one in ("separate", "twins", "twins_together", "special", "leaving")}
    marks["same_names_apart"] = columns["same_names_apart"]
    left_out = groups_made.dropped(work)
    rules = tuple(rule for rule in by_hand if rule not in left_out)
    of = web.digest(
        roster.of, work.words, sorted(columns.items(), key=str), weights, rules, sorted(map(repr, left_out))
    )

    def build() -> groups_made.Built:
        own = [
            rule
            for rule in class_rules(roster.students, n_classes=n_classes, name=roster.name, **marks)
            if rule not in left_out
        ]
        groups = class_groups(
            roster.students, n_classes=n_classes, name=roster.name, weights=weights, without=left_out, **columns
        )
        labels = dict(zip(groups.labels, roster.labels, strict=True))
        sources = [*own, *add_rules(groups, rules, labels, n_classes, set())]
        return groups_made.Built({"": groups}, {"": labels}, {"": sources})

    groups_made.offer_make(work, of, chance, build)
    if made := groups_made.made_of(work):
        # the names are those that it was made with, as there may be more of them now
        groups_view.show_made(groups_made.Work(TOOL, roster.of, made.words), made)


def likely_count(roster: Roster, former_class: str | None) -> int:
    """As many classes as there were, if that is what the column tells; else of 28 pupils."""
    before = roster.students[former_class].nunique() if former_class else 0
    return before if 10 * before <= len(roster.students) <= 45 * before else max(1, round(len(roster.students) / 28))


def class_names(naming: str, count: int) -> tuple[str, ...]:
    """What the new classes are called; numbers where the letters do not suffice."""
    letters = NAMINGS[naming]
    numbered = letters.isdigit() or count > len(letters)
    return tuple(f"{number}반" if numbered else f"{letters[number - 1]}반" for number in range(1, count + 1))


def ask_columns(roster: Roster) -> dict[str, object]:
    """The columns, and how twins and same names are dealt with, as arguments of ``class_groups``."""
    guessed = guess_columns(roster.students)
    # row by row, so that a phone shows them in their order
    grid = [*st.columns(4), *st.columns(4)]

    def ask(at: int, role: str, label: str, about: str | None = None) -> str | None:
        options = [NONE, *roster.columns]
        likely = options.index(guessed[role]) if guessed.get(role) in options else 0
        key = f"{TOOL}_{role}_{roster.of}"
        chosen = grid[at].selectbox(label, options, likely, key=key, help=about, persist_state="session")
        return None if chosen == NONE else chosen

    found: dict[str, object] = {
        "former_class": ask(0, "former_class", "출신반"),
        "gender": ask(1, "gender", "성별"),
        "level": ask(2, "level", "수준"),
    }
    scores = grid[3].multiselect(
        "성적(점수)",
        roster.columns,
        [guessed["score"]] if "score" in guessed else [],
        key=f"{TOOL}_score_{roster.of}",
        placeholder="칸 고르기",
        select_all=False,
        persist_state="session",
    )
    found["score"] = tuple(scores)
    found["separate"] = ask(
        4,
        "separate",
        "생활지도 분리",
        "같은 글자(예: A, A)가 적힌 학생은 서로 다른 반이 되고, O처럼 표시만 한 학생은 반마다 고르게 들어갑니다.",
    )
    found["twins"] = ask(5, "twins", "쌍둥이", "쌍둥이끼리 같은 표시(예: 1, 1)를 적어 주세요.")
    found["special"] = ask(6, "special", "특수교육 대상", "표시된 학생이 반마다 고르게 들어갑니다.")
    found["leaving"] = ask(7, "leaving", "전출 예정", "표시된 학생이 떠난 뒤에도 반의 인원이 고릅니다.")
    line = st.container(horizontal=True, vertical_alignment="center", gap="large")
    found["same_names_apart"] = line.toggle(
        "동명이인은 다른 반으로", value=True, key=f"{TOOL}_same_names", persist_state="session"
    )
    twins = next(iter(TWINS))
    if found["twins"]:
        twins = line.segmented_control(
            "쌍둥이는", list(TWINS), default=twins, required=True, key=f"{TOOL}_twins_how", persist_state="session"
        )
    found["twins_together"] = TWINS[twins]
    return found


def ask_weights(columns: dict[str, object]) -> dict[str, float]:
    """How much each of the columns counts that are spread evenly."""
    roles = {"former_class": ("출신반", 2), "gender": ("성별", 3), "score": ("성적", 3), "level": ("수준", 2)}
    weights = {}
    with st.expander("중요도", icon=":material/tune:"):
        line = st.container(horizontal=True)
        for role, (label, usual) in roles.items():
            if columns[role]:
                key = f"{TOOL}_weight_{role}"
                weight = line.number_input(label, 1, 5, usual, key=key, persist_state="session", width=140)
                weights[role] = float(weight)
    return weights


def ask_rules(roster: Roster, work: groups_made.Work) -> list[groups_rules.Rule]:
    with st.expander("더 떼어 놓을 학생, 함께 둘 학생", icon=":material/group:"):
        rules = groups_rules.ask_pairs(TOOL, roster)
    with st.expander("고정할 학생", icon=":material/push_pin:"):
        st.caption("새 반의 순서를 숫자로 적어 주세요(가반은 1).")
        rules += groups_rules.ask_locks(TOOL, roster, work.number)
    return rules
