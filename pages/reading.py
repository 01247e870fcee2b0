"""독서 중복 점검: files in, suspicious pairs and a report out."""

import html

import pandas as pd
import streamlit as st

from schoolkit import web
from schoolkit.errors import InputError
from schoolkit.tables import load_sources

LEAST_CUTOFF = 0.6
PAIRS_A_PAGE = 20
NOT_THERE = "(없음)"
BY_PUPIL, BY_BOOK = "학생으로 보기", "책으로 보기"
UNDECIDED = "아직 정하지 않은 쌍"


def choose_files() -> list[tuple[str, bytes]]:
    files = web.uploaded_files("나이스에서 내려받은 독서활동 상황 파일(엑셀 또는 CSV, 여러 개도 됩니다)", "reading")
    buttons = st.container(horizontal=True)
    if buttons.button("견본으로 해 보기", icon=":material/science:", help="지어낸 학생 28명의 파일로 점검해 봅니다."):
        name = "reading_class.xlsx"
        web.set_files("reading", [(name, (web.SAMPLE_DATA / name).read_bytes())])
        st.rerun()
    if files and buttons.button("올린 파일 지우기", icon=":material/delete:"):
        web.forget("reading")
        st.rerun()
    return load_sources(files)[0]


def read(files: list[tuple[str, bytes]], slot: str = "reading_all") -> tuple[pd.DataFrame, str] | None:
    """The entries of the files and a name for them; None, with the problems shown, if they cannot be read."""
    columns = st.session_state.setdefault("reading_columns", {})
    links = st.session_state.setdefault("reading_links", {})
    given = {name: columns[name] for name, _ in files if name in columns} or None
    of = web.digest(*(part for file in files for part in file), given, links)
    with st.spinner("파일을 읽고 있습니다."):
        found = web.remembered(slot, of, lambda: entries_or_error(files, given, links))
    if not isinstance(found, InputError):
        return found, of
    web.show_problems(found.problems)
    contents = dict(files)
    for problem in found.problems:
        if problem.kind == "unknown_columns":
            ask_columns((problem.file, contents[problem.file]), problem.row or 1)
    bad = {problem.file for problem in found.problems}
    good = [file for file in files if file[0] not in bad]
    if good and st.checkbox(f"문제가 있는 파일을 빼고 나머지 {len(good)}개만 점검하기"):
        return read(good, "reading_good")
    return None


def entries_or_error(
    files: list[tuple[str, bytes]], columns: dict | None, links: dict[str, str]
) -> pd.DataFrame | InputError:
    from schoolkit.reading.records import read_reading_records

    try:
        entries = read_reading_records(files, columns=columns)
        doubtful = entries.attrs["doubtful_links"]
        known = set(entries["student"]) | {link[side] for link in doubtful for side in ("student_a", "student_b")}
        # a link may name a pupil of a file that was taken away since
        usable = {a: b for a, b in links.items() if a in known and b in known}
        return read_reading_records(files, columns=columns, links=usable) if usable else entries
    except InputError as error:
        return error


def ask_columns(file: tuple[str, bytes], likely_header: int) -> None:
    """Lets the teacher say which column is which, beside the first rows of the file."""
    from schoolkit.reading.columns import FIELDS, recognise
    from schoolkit.reading.records import preview

    name, _ = file
    rows = preview(file)
    with st.container(border=True):
        st.markdown(f"**{name}** — 어느 칸이 무엇인지 골라 주세요.")
        st.dataframe(rows, width="stretch")
        header_row = st.number_input(
            "머리글(칸 이름)이 있는 행. 없으면 0", 0, len(rows), min(likely_header, len(rows)), key=f"header_{name}"
        )
        titles = rows.loc[header_row] if header_row in rows.index else pd.Series("", index=rows.columns)
        labels = {None: NOT_THERE} | {letter: f"{letter}열 {titles[letter]}".strip() for letter in rows.columns}
        known = {field: rows.columns[j] for field, j in recognise(list(titles)).items()}
        chosen: dict[str, object] = {"header_row": int(header_row)}
        grid = st.columns(4)
        for at, (field, words) in enumerate(FIELDS.items()):
            picked = grid[at % 4].selectbox(
                words,
                list(labels),
                index=list(labels).index(known.get(field)),
                format_func=labels.get,
                key=f"column_{name}_{header_row}_{field}",
            )
            if picked:
                chosen[field] = picked
        if st.button("이대로 읽기", key=f"use_{name}", type="primary"):
            if not ({"book", "title"} & set(chosen)) or not ({"name", "student_no", "seat_no"} & set(chosen)):
                st.warning("학생을 알 수 있는 칸(성명, 학번, 번호 가운데 하나)과 책이 적힌 칸을 골라 주세요.")
            else:
                st.session_state["reading_columns"][name] = chosen
                st.rerun()


def show_figures(figures: dict[str, str]) -> None:
    # in a row that wraps, so that a phone shows two figures beside one another
    row = st.container(horizontal=True, gap="large")
    for label, value in figures.items():
        row.metric(label, value, width="content")


def show_recognised(entries: pd.DataFrame) -> None:
    notices = entries.attrs["notices"]
    show_figures(
        {
            "파일": f"{entries['file'].nunique()}개",
            "학생": f"{entries['student'].nunique()}명",
            "책": f"{len(entries):,}권",
            "알림": f"{len(notices)}건",
        }
    )
    if notices:
        with st.expander(f"건너뛰거나 짐작한 것 {len(notices)}건 보기"):
            shown = pd.DataFrame(notices[:200])
            shown["row"] = [str(row or "") for row in shown["row"]]
            st.html(
                web.html_table(shown[["file", "row", "what", "why"]].set_axis(["파일", "행", "내용", "까닭"], axis=1))
            )


def ask_links(entries: pd.DataFrame) -> None:
    """Lets the teacher join pupils of one name whom the files of several years do not link."""
    from schoolkit.reading.links import confirmed_links, sole_candidates

    doubtful, links = entries.attrs["doubtful_links"], st.session_state["reading_links"]
    if links and st.button(f"연결한 학생 {len(links)}쌍 되돌리기", icon=":material/undo:"):
        st.session_state["reading_links"] = {}
        st.rerun()
    if not doubtful:
        return
    with st.expander(f"이름이 같은 학생 {len(doubtful)}쌍: 같은 학생인가요?", expanded=True, icon=":material/group:"):
        st.markdown(
            "여러 해의 파일에서 이름은 같지만 한 학생인지 알 수 없어 **따로** 점검했습니다. "
            "같은 학생이면 골라서 연결해 주세요."
        )
        table = pd.DataFrame(
            {
                "같은 학생": [False] * len(doubtful),
                "성명": [link["name"] for link in doubtful],
                "후보": ["한 명뿐" if link["only_candidate"] else "여러 명" for link in doubtful],
                "앞의 기록": [link["about_a"] for link in doubtful],
                "뒤의 기록": [link["about_b"] for link in doubtful],
            }
        )
        fixed = ["성명", "후보", "앞의 기록", "뒤의 기록"]
        key = f"links_{web.digest([link['student_a'] + link['student_b'] for link in doubtful])}"
        edited = st.data_editor(table, hide_index=True, disabled=fixed, width="stretch", key=key)
        chosen = [link for link, is_same in zip(doubtful, edited["같은 학생"], strict=True) if is_same]
        left, right = st.columns(2)
        if left.button(f"고른 {len(chosen)}쌍 연결하기", disabled=not chosen, type="primary"):
            st.session_state["reading_links"] = links | confirmed_links(chosen)
            st.rerun()
        alone = sole_candidates(doubtful)
        if right.button(f"후보가 한 명뿐인 {len(alone)}쌍 모두 연결하기", disabled=not alone):
            st.session_state["reading_links"] = links | confirmed_links(alone)
            st.rerun()


@st.cache_resource(show_spinner="형태소 분석기를 준비하고 있습니다(처음 한 번, 몇 초).")
def load_morphemes() -> bool:
    """Kiwi holds no pupil's data, so one serves every session."""
    from schoolkit.reading import morphemes

    morphemes.load()
    return True


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


def earlier_decisions() -> pd.DataFrame:
    """What earlier reports settled; none if they cannot be read, with the problems shown."""
    from schoolkit.reading.decisions import read_decisions

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


def above_cutoff(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs above the teacher's cutoff, with the figures of what they are."""
    from schoolkit.reading.pair_table import VERDICTS
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
    pairs = pairs.assign(verdict=pd.array(verdicts, dtype="string"))
    above = pairs[pairs["verdict"] != "different"]
    figures = {"중복 의심": f"{len(above)}쌍"}
    figures |= {words: f"{(above['verdict'] == verdict).sum()}쌍" for verdict, words in VERDICTS.items()}
    show_figures(figures | {"해당 학생": f"{above['student'].nunique()}명"})
    return above.reset_index(drop=True)


def chosen_pairs(pairs: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """What is shown of the pairs that the filters leave."""
    from schoolkit.reading.pair_table import PERIODS, VERDICTS, current_places, pair_table
    from schoolkit.reading.report import DECISIONS

    equal = pairs.groupby("books")["mark_key"].agg(list)
    shown = pair_table(pairs, current_places(entries)).assign(
        mark_key=pairs["mark_key"],
        equal=[equal[books] for books in pairs["books"]],
        # as objects: pandas would make its own missing value of None among texts
        decision=pd.Series([None if pd.isna(one) else one for one in pairs["decision"]], dtype=object),
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
    if pairs.empty:
        st.success("조건에 맞는 중복 의심이 없습니다.", icon=":material/check_circle:")
        return
    pages = -(-len(pairs) // PAIRS_A_PAGE)
    page = st.number_input(f"쪽(모두 {pages}쪽, {len(pairs)}쌍)", 1, pages, 1) if pages > 1 else 1
    st.html(PAIR_STYLE)
    for pair in pairs.iloc[(page - 1) * PAIRS_A_PAGE : page * PAIRS_A_PAGE].to_dict("records"):
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
        marks = st.session_state["reading_marks"]
        others = [one for one in pair["equal"] if one != key and marks.get(one) != pair["decision"]]
        if pair["decision"] and others:
            st.button(
                f"같은 두 책이 적힌 다른 {len(others)}쌍도 ‘{pair['decision']}’",
                key=f"mark_all_{key}",
                on_click=keep_marks,
                args=(others, pair["decision"]),
            )


def keep_marks(keys: list[str], mark: str | None) -> None:
    st.session_state["reading_marks"] |= dict.fromkeys(keys, mark)


PAIR_STYLE = """<style>
.sk-pair .head{display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:baseline;margin-bottom:.4rem}
.sk-pair .who{font-weight:600}
.sk-pair .verdict{border-radius:1rem;padding:.05rem .6rem;font-size:.85rem;color:#fff;background:#b3261e}
.sk-pair .verdict.check{background:#8a5a00}
.sk-pair .score,.sk-pair .where,.sk-pair .why{font-size:.88rem;opacity:.8}
.sk-pair .entry{display:flex;flex-wrap:wrap;gap:.1rem .8rem;align-items:baseline;margin:.15rem 0}
.sk-pair .book{font-size:1.05rem}
.sk-pair mark{background:#ffe066;color:#000;padding:0 .1em;border-radius:.15em}
</style>"""


def pair_card(pair: dict) -> str:
    from schoolkit.reading.marks import differing_fragments
    from schoolkit.reading.pair_table import VERDICTS

    seat = "" if pair["seat_no"] is None else f" {pair['seat_no']}번"
    who = f"{pair['class_name']}{seat} {pair.get('name') or '이름 없는 학생'}"
    kind = "same" if pair["verdict"] == VERDICTS["same"] else "check"
    period = f'<span class="score">{pair["period"]}</span>' if pair.get("period") else ""
    lines = [
        f'<div class="entry"><span class="book">{marked(fragments)}</span>'
        f'<span class="where">{html.escape(where(pair, side))}</span></div>'
        for side, fragments in zip("ab", differing_fragments(pair["book_a"], pair["book_b"]), strict=True)
    ]
    return (
        f'<div class="sk-pair"><div class="head"><span class="who">{html.escape(who)}</span>'
        f'<span class="verdict {kind}">{pair["verdict"]}</span>'
        f'<span class="score">유사도 {pair["score"]:.0%}</span>{period}</div>{"".join(lines)}'
        f'<div class="why">{html.escape(" · ".join(pair["reasons"].split("; ")))}</div></div>'
    )


def marked(fragments: list[tuple[str, bool]]) -> str:
    return "".join(f"<mark>{html.escape(text)}</mark>" if differs else html.escape(text) for text, differs in fragments)


def where(pair: dict, side: str) -> str:
    place = f"{pair[f'file_{side}']} {pair[f'row_{side}']}행"
    term = pair[f"place_{side}"]
    return place if term == place else f"{term} · {place}"


def review_by_pupil(entries: pd.DataFrame, of: str) -> None:
    """The suspicious pairs of each pupil, to be decided on."""
    from schoolkit.reading.decisions import split_decided

    pairs, decided = split_decided(check(entries, of), earlier_decisions())
    show_decided(decided, entries)
    above = above_cutoff(with_marks(pairs))
    offer_report(above, decided, entries, web.digest(of, above[["mark_key", "decision"]].to_csv(), len(decided)))
    show_pairs(chosen_pairs(above, entries))


def review_by_book(entries: pd.DataFrame, of: str) -> None:
    """The spellings of each book, the right one to choose, and the places to correct."""
    from schoolkit.reading.by_book import group_spellings
    from schoolkit.reading.correction_list import correction_list, write_correction_list

    with st.spinner("책마다 다르게 적힌 것을 모으고 있습니다."):
        groups = web.remembered("reading_groups", of, lambda: group_spellings(entries))
    if groups.empty:
        st.success("다르게 적힌 책이 없습니다.", icon=":material/check_circle:")
        return
    st.markdown(
        "올린 기록 전체에서 **같은 책으로 보이는데 다르게 적힌 것**을 모았습니다. 맞는 표기를 고르면 고칠 곳의 목록을 "
        "내려받을 수 있습니다."
    )
    text = st.text_input("책으로 찾기", placeholder="예: 아몬드", key="reading_group_text").strip().casefold()
    spellings = {number: part.reset_index(drop=True) for number, part in groups.groupby("group", sort=True)}
    shown = [number for number, part in spellings.items() if text in "\0".join(part["book"]).casefold()]
    chosen = st.session_state.setdefault("reading_right", {})
    right = {
        number: chosen.get((of, number), part.loc[part["likely"], "book"].iloc[0]) for number, part in spellings.items()
    }
    corrections = correction_list(entries, groups, right)
    show_figures({"책": f"{len(spellings)}권", "표기": f"{len(groups)}가지", "고칠 곳": f"{len(corrections)}곳"})
    st.download_button(
        "고칠 곳 목록 내려받기 (엑셀)",
        data=lambda: write_correction_list(corrections, groups),
        file_name="독서 도서명 고칠 곳.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        type="primary",
        on_click="ignore",
        icon=":material/download:",
    )
    pages = -(-len(shown) // PAIRS_A_PAGE)
    page = (
        st.number_input(f"쪽(모두 {pages}쪽, {len(shown)}권)", 1, pages, 1, key="reading_group_page")
        if pages > 1
        else 1
    )
    st.html(PAIR_STYLE)
    for number in shown[(page - 1) * PAIRS_A_PAGE : page * PAIRS_A_PAGE]:
        with st.container(border=True, gap="small"):
            st.html(group_card(spellings[number], right[number]))
            ask_right_spelling(of, number, list(spellings[number]["book"]), right[number])


def group_card(spellings: pd.DataFrame, right: str | None) -> str:
    from schoolkit.reading.marks import differing_fragments

    lines = []
    for one in spellings.to_dict("records"):
        fragments = [(one["book"], False)] if right is None else differing_fragments(one["book"], right)[0]
        why = one["reasons"].replace("; ", " · ") if one["book"] != right else ""
        lines.append(
            f'<div class="entry"><span class="book">{marked(fragments)}</span>'
            f'<span class="where">학생 {one["pupils"]}명 · 기록 {one["entries"]}건</span>'
            f'<span class="why">{html.escape(why)}</span></div>'
        )
    return f'<div class="sk-pair">{"".join(lines)}</div>'


def ask_right_spelling(of: str, number: int, books: list[str], right: str | None) -> None:
    """Lets the teacher choose or type the right spelling, or leave the group as it is."""
    leave = "고치지 않음"

    def keep() -> None:
        picked = st.session_state[key]
        st.session_state["reading_right"][of, number] = None if picked in (leave, None) else picked

    key = f"right_{of}_{number}"
    options = [*books, leave]
    if right is not None and right not in options:
        options.insert(0, right)
    st.session_state[key] = leave if right is None else right
    st.selectbox("맞는 표기(직접 적어도 됩니다)", options, key=key, on_change=keep, accept_new_options=True)


def offer_report(pairs: pd.DataFrame, decided: pd.DataFrame, entries: pd.DataFrame, of: str) -> None:
    from schoolkit.reading.report import duplicate_report_csv, write_duplicate_report

    kinds = {"class": "반별", "pupil": "학생별"}
    kind = st.radio("점검표에 넣을 배부용 시트", list(kinds), format_func=kinds.get, horizontal=True)
    left, right = st.columns(2)
    left.download_button(
        "점검표 내려받기 (엑셀)",
        data=lambda: web.remembered(
            "reading_report",
            f"{of} {kind}",
            lambda: write_duplicate_report(pairs, entries, sheets=kind, decided=decided),
        ),
        file_name="독서 중복 점검표.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        type="primary",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )
    right.download_button(
        "목록만 내려받기 (CSV)",
        data=lambda: duplicate_report_csv(pairs, decided=decided),
        file_name="독서 중복 목록.csv",
        mime="text/csv",
        on_click="ignore",
        width="stretch",
    )
    st.caption(
        "점검표에는 지금 기준값으로 찾은 모든 쌍과 여기에서 고른 처리가 들어갑니다. 엑셀에서 처리 칸을 채운 점검표를 "
        "다음에 함께 올리면 이미 정한 쌍은 빼고 보여 드립니다."
    )


web.enter("reading")
with web.no_traceback():
    st.title("독서 중복 점검")
    st.markdown(
        "나이스의 독서활동 상황 파일을 올리면 **한 학생에게 두 번 적힌 책**을 찾아 드립니다. "
        "여러 해의 파일을 함께 올려도 됩니다."
    )
    files = choose_files()
    web.privacy_note()
    if files and (found := read(files)):
        entries, of = found
        show_recognised(entries)
        ask_links(entries)
        if st.segmented_control("보기", [BY_PUPIL, BY_BOOK], default=BY_PUPIL, required=True) == BY_PUPIL:
            review_by_pupil(entries, of)
        else:
            load_morphemes()
            review_by_book(entries, of)
