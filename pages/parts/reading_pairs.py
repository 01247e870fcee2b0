"""The review by pupil: suspicious pairs, decisions on them and the report."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd
import streamlit as st

from pages.parts.reading_morphemes import load_morphemes
from schoolkit import web
from schoolkit.errors import InputError

LEAST_CUTOFF = 0.6
UNDECIDED = "아직 정하지 않은 쌍"
MOST_UNCHECKED = 20


def review_by_pupil(entries: pd.DataFrame, of: str) -> None:
    """The suspicious pairs of each pupil, to be decided on."""
    from schoolkit.reading.decisions import split_decided

    found = check(entries, of)
    show_unchecked(found, entries)
    pairs, decided = split_decided(found, earlier_decisions())
    show_decided(decided, entries)
    pairs = judged_at_cutoff(with_marks(pairs))
    above = pairs[pairs["verdict"] != "different"].reset_index(drop=True)
    show_verdicts(above)
    offer_report(reported(pairs), decided, entries)
    show_pairs(chosen_pairs(above, entries))


def check(entries: pd.DataFrame, of: str) -> pd.DataFrame:
    from schoolkit.reading.duplicates import find_duplicates

    load_morphemes()

    def with_progress() -> pd.DataFrame:
        bar = st.progress(0.0, "책을 견주고 있습니다.")
        pairs = find_duplicates(
            entries,
            cutoff=LEAST_CUTOFF,
            progress=lambda share: bar.progress(share, f"책을 견주고 있습니다. {share:.0%}"),
        )
        bar.empty()
        return pairs

    return web.remembered("reading_pairs", of, with_progress)


def show_unchecked(found: pd.DataFrame, entries: pd.DataFrame) -> None:
    from schoolkit.reading.unchecked import WHAT_TO_CHECK, unchecked_pupils

    unchecked = unchecked_pupils(found, entries)
    if unchecked.empty:
        return
    st.warning(
        f"**학생 {len(unchecked)}명의 책 {unchecked['entries'].sum():,}권은 점검하지 않았습니다.** {WHAT_TO_CHECK}",
        icon=":material/warning:",
    )
    shown = unchecked.head(MOST_UNCHECKED)
    st.html(web.html_table(shown.set_axis(["학생", "책(권)"], axis=1), compact=True))
    if len(unchecked) > len(shown):
        st.caption(f"책이 많은 {len(shown)}명만 보입니다.")


def earlier_decisions() -> pd.DataFrame:
    """What earlier reports settled; none if they cannot be read, with the problems shown."""
    from schoolkit import read_decisions

    with st.expander("처리 칸을 채운 지난 점검표가 있으면 올려 주세요", icon=":material/fact_check:"):
        st.markdown("**정정**이나 **다른 책**으로 정한 쌍은 빼고, 새로 생긴 쌍과 **보류**한 쌍만 보여 드립니다.")
        reports = web.uploaded_files("처리 칸을 채운 점검표(엑셀 또는 CSV, 여러 개도 됩니다)", "reading_reports")
        try:
            decisions = web.remembered(
                "reading_decisions",
                web.digest(*(part for one in reports for part in one)),
                lambda: read_decisions(reports),
            )
        except InputError as error:
            web.show_problems(error.problems)
            st.warning("지난 점검표를 쓰지 않고 점검했습니다.", icon=":material/warning:")
            return read_decisions([])
        for one in decisions.attrs["notices"]:
            st.caption(f"{one['file']} {one['row'] or ''}행: {one['what']} {one['why']}")
    return decisions


def show_decided(decided: pd.DataFrame, entries: pd.DataFrame) -> None:
    from schoolkit.reading.pair_table import current_places, pair_table

    if decided.empty:
        return
    left = (decided["decision"] == "정정").sum()
    st.info(
        f"지난 점검표에서 정한 {len(decided)}쌍은 뺐습니다."
        + (f" 그 가운데 **정정하기로 한 {left}쌍이 기록에 아직 남아 있습니다.**" if left else ""),
        icon=":material/fact_check:",
    )
    with st.expander("이미 정한 쌍 보기"):
        table = pair_table(decided, current_places(entries)).assign(decision=list(decided["decision"]))
        names = {
            "class_name": "반",
            "name": "성명",
            "book_a": "첫 번째 기록",
            "book_b": "두 번째 기록",
            "decision": "처리",
        }
        st.html(web.html_table(table[[one for one in names if one in table]].rename(columns=names)))


def with_marks(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs with a key each and the marks that were made on this page."""
    marks = st.session_state.setdefault("reading_marks", {})
    who_and_where = ["student", "book_a", "file_a", "row_a", "book_b", "file_b", "row_b"]
    alike = pairs.groupby(who_and_where, dropna=False).cumcount()
    keys = [web.digest(*row) for row in zip(*(pairs[one] for one in who_and_where), alike, strict=True)]
    decided = [marks.get(key, before) for key, before in zip(keys, pairs["decision"], strict=True)]
    books = ["\0".join(sorted(two)) for two in zip(pairs["book_a"], pairs["book_b"], strict=True)]
    return pairs.assign(decision=pd.array(decided, dtype="string"), mark_key=keys, books=books)


def judged_at_cutoff(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs with their verdicts at the cutoff that the teacher chooses, some of them ``different``."""
    from schoolkit.reading.similarity import CHECK_CUTOFF, verdict_of

    cutoff = st.slider(
        "얼마나 비슷하면 보여 드릴까요?",
        int(LEAST_CUTOFF * 100),
        100,
        round(CHECK_CUTOFF * 100),
        format="%d%%",
        help="낮추면 덜 비슷한 쌍까지 보이고, 100%이면 글자가 같은 책만 보입니다.",
    )
    verdicts = [verdict_of(score, cutoff / 100) for score in pairs["score"]]
    return pairs.assign(verdict=pd.array(verdicts, dtype="string"))


def reported(pairs: pd.DataFrame) -> pd.DataFrame:
    """What the report has: the pairs above the cutoff, and below it those that are marked, lest a mark be lost."""
    kept = pairs[(pairs["verdict"] != "different") | pairs["decision"].notna()]
    return kept.assign(verdict=kept["verdict"].replace("different", "check")).reset_index(drop=True)


def show_verdicts(above: pd.DataFrame) -> None:
    from schoolkit.reading.pair_table import VERDICTS

    figures = {"중복 의심": f"{len(above)}쌍"}
    figures |= {words: f"{(above['verdict'] == verdict).sum()}쌍" for verdict, words in VERDICTS.items()}
    web.show_figures(figures | {"해당 학생": f"{above['student'].nunique()}명"})


def chosen_pairs(pairs: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """What is shown of the pairs that the filters leave."""
    from schoolkit.reading.pair_table import PERIODS, VERDICTS, current_places, pair_table
    from schoolkit.reading.report import DECISIONS

    # as objects: pandas would make its own missing value of None among texts
    decisions = pd.Series([None if pd.isna(one) else one for one in pairs["decision"]], dtype=object)
    equal: dict[str, dict[str, str | None]] = defaultdict(dict)
    for books, key, decision in zip(pairs["books"], pairs["mark_key"], decisions, strict=True):
        equal[books][key] = decision
    shown = pair_table(pairs, current_places(entries)).assign(
        mark_key=pairs["mark_key"],
        equal=[equal[books] for books in pairs["books"]],
        decision=decisions,
    )
    by_class, by_verdict, by_mark, by_period = st.columns(4)
    classes = by_class.multiselect("반", sorted(shown["class_name"].unique()), placeholder="모든 반")
    verdicts = by_verdict.multiselect("판정", list(VERDICTS.values()), placeholder="모든 판정")
    marks = by_mark.multiselect("처리", [UNDECIDED, *DECISIONS], placeholder="모든 쌍")
    kept = pd.Series(True, index=shown.index)
    if classes:
        kept &= shown["class_name"].isin(classes)
    if verdicts:
        kept &= shown["verdict"].isin(verdicts)
    if marks:
        kept &= shown["decision"].fillna(UNDECIDED).isin(marks)
    if "period" in shown:
        times = by_period.multiselect(
            "시기",
            list(PERIODS.values()),
            placeholder="모든 시기",
            help="‘지난 학년도’는 두 기록이 모두 지난 학년도의 것이어서 정정 절차가 필요한 쌍입니다. "
            "새로 읽은 책을 다시 적어도 되는지는 그해의 기재요령을 따라 주세요.",
        )
        if times:
            kept &= shown["period"].isin(times)
    text = st.text_input("이름이나 책으로 찾기", placeholder="예: 김하나, 아몬드").strip().casefold()
    if text:
        searched = [column for column in ("name", "book_a", "book_b") if column in shown]
        kept &= pd.Series(
            [text in "\0".join(map(str, row)).casefold() for row in shown[searched].to_numpy()],
            index=shown.index,
            dtype=bool,
        )
    return shown[kept]


def show_pairs(pairs: pd.DataFrame) -> None:
    from schoolkit.reading.cards import CARD_STYLE, pair_card

    if pairs.empty:
        st.success("조건에 맞는 중복 의심이 없습니다.", icon=":material/check_circle:")
        return
    on_page = pairs.iloc[web.chosen_page(len(pairs), "쌍", "reading_pair_page")]
    st.html(CARD_STYLE)
    for pair in on_page.to_dict("records"):
        with st.container(border=True, gap="small"):
            st.html(pair_card(pair))
            ask_decision(pair)


def ask_decision(pair: dict) -> None:
    """Lets the teacher mark a pair, and then the equal pairs of other pupils at once."""
    from schoolkit.reading.report import DECISIONS

    key = pair["mark_key"]
    st.session_state[f"mark_{key}"] = pair["decision"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "처리",
            list(DECISIONS),
            key=f"mark_{key}",
            label_visibility="collapsed",
            help="; ".join(f"{word}: {meaning}" for word, meaning in DECISIONS.items()),
            on_change=lambda: keep_marks([key], st.session_state[f"mark_{key}"]),
        )
        others = [one for one, decision in pair["equal"].items() if one != key and decision != pair["decision"]]
        if pair["decision"] and others:
            st.button(
                f"같은 두 책이 적힌 다른 {len(others)}쌍도 ‘{pair['decision']}’",
                key=f"mark_all_{key}",
                on_click=keep_marks,
                args=(others, pair["decision"]),
            )


def keep_marks(keys: list[str], mark: str | None) -> None:
    st.session_state["reading_marks"] |= dict.fromkeys(keys, mark)


def offer_report(pairs: pd.DataFrame, decided: pd.DataFrame, entries: pd.DataFrame) -> None:
    from schoolkit.reading.report import duplicate_report_csv, write_duplicate_report

    kinds = {"class": "반별", "pupil": "학생별"}
    kind = st.radio("점검표에 넣을 배부용 시트", list(kinds), format_func=kinds.get, horizontal=True)
    left, right = st.columns(2)
    left.download_button(
        "점검표 내려받기 (엑셀)",
        data=web.for_download(lambda: write_duplicate_report(pairs, entries, sheets=kind, decided=decided)),
        file_name="독서 중복 점검표.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        type="primary",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )
    right.download_button(
        "목록만 내려받기 (CSV)",
        data=web.for_download(lambda: duplicate_report_csv(pairs, decided=decided)),
        file_name="독서 중복 목록.csv",
        mime="text/csv",
        on_click="ignore",
        width="stretch",
    )
    st.caption(
        "점검표에는 지금 기준값으로 찾은 모든 쌍, 기준값 아래라도 처리를 고른 쌍, "
        f"{kinds[kind]} 배부용 시트가 들어갑니다. 처리 칸을 채운 점검표를 다음에 함께 올리면 이미 정한 쌍은 빼고 "
        "보여 드립니다."
    )
