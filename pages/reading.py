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


def choose_pairs(pairs: pd.DataFrame, entries: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All pairs above the teacher's cutoff, and what is shown of those that the filters leave."""
    from schoolkit.reading.pair_table import VERDICTS, current_places, pair_table
    from schoolkit.reading.similarity import CHECK_CUTOFF, verdict_of

    cutoff = st.slider(
        "얼마나 비슷하면 보여 드릴까요?",
        int(LEAST_CUTOFF * 100),
        100,
        round(CHECK_CUTOFF * 100),
        format="%d%%",
        help="낮추면 덜 비슷한 쌍까지 보이고, 100%이면 글자가 같은 책만 보입니다.",
    )
    is_above = [verdict_of(score, cutoff / 100) != "different" for score in pairs["score"]]
    above = pairs[pd.Series(is_above, index=pairs.index, dtype=bool)]
    figures = {"중복 의심": f"{len(above)}쌍"}
    figures |= {words: f"{(above['verdict'] == verdict).sum()}쌍" for verdict, words in VERDICTS.items()}
    show_figures(figures | {"해당 학생": f"{above['student'].nunique()}명"})

    shown = pair_table(above, current_places(entries))
    by_class, by_verdict, by_text = st.columns([2, 2, 3])
    classes = by_class.multiselect("반", sorted(shown["class_name"].unique()), placeholder="모든 반")
    verdicts = by_verdict.multiselect("판정", list(VERDICTS.values()), placeholder="모든 판정")
    text = by_text.text_input("이름이나 책으로 찾기", placeholder="예: 김하나, 아몬드").strip().casefold()
    kept = pd.Series(True, index=shown.index)
    if classes:
        kept &= shown["class_name"].isin(classes)
    if verdicts:
        kept &= shown["verdict"].isin(verdicts)
    if text:
        searched = [column for column in ("name", "book_a", "book_b") if column in shown]
        kept &= pd.Series(
            [text in "\0".join(map(str, row)).casefold() for row in shown[searched].to_numpy()],
            index=shown.index,
            dtype=bool,
        )
    return above, shown[kept]


def show_pairs(pairs: pd.DataFrame) -> None:
    if pairs.empty:
        st.success("조건에 맞는 중복 의심이 없습니다.", icon=":material/check_circle:")
        return
    pages = -(-len(pairs) // PAIRS_A_PAGE)
    page = st.number_input(f"쪽(모두 {pages}쪽, {len(pairs)}쌍)", 1, pages, 1) if pages > 1 else 1
    shown = pairs.iloc[(page - 1) * PAIRS_A_PAGE : page * PAIRS_A_PAGE]
    st.html(PAIR_STYLE + "".join(pair_card(pair) for pair in shown.to_dict("records")))


PAIR_STYLE = """<style>
.sk-pair{border:1px solid rgba(128,128,128,.35);border-radius:.6rem;padding:.7rem .9rem;margin:0 0 .7rem}
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
    lines = [
        f'<div class="entry"><span class="book">{marked(fragments)}</span>'
        f'<span class="where">{html.escape(where(pair, side))}</span></div>'
        for side, fragments in zip("ab", differing_fragments(pair["book_a"], pair["book_b"]), strict=True)
    ]
    return (
        f'<div class="sk-pair"><div class="head"><span class="who">{html.escape(who)}</span>'
        f'<span class="verdict {kind}">{pair["verdict"]}</span>'
        f'<span class="score">유사도 {pair["score"]:.0%}</span></div>{"".join(lines)}'
        f'<div class="why">{html.escape(" · ".join(pair["reasons"].split("; ")))}</div></div>'
    )


def marked(fragments: list[tuple[str, bool]]) -> str:
    return "".join(f"<mark>{html.escape(text)}</mark>" if differs else html.escape(text) for text, differs in fragments)


def where(pair: dict, side: str) -> str:
    place = f"{pair[f'file_{side}']} {pair[f'row_{side}']}행"
    term = pair[f"place_{side}"]
    return place if term == place else f"{term} · {place}"


def offer_report(pairs: pd.DataFrame, entries: pd.DataFrame, of: str) -> None:
    from schoolkit.reading.report import duplicate_report_csv, write_duplicate_report

    kinds = {"class": "반별", "pupil": "학생별"}
    kind = st.radio("점검표에 넣을 배부용 시트", list(kinds), format_func=kinds.get, horizontal=True)
    left, right = st.columns(2)
    left.download_button(
        "점검표 내려받기 (엑셀)",
        data=lambda: web.remembered(
            "reading_report", f"{of} {kind}", lambda: write_duplicate_report(pairs, entries, sheets=kind)
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
        data=lambda: duplicate_report_csv(pairs),
        file_name="독서 중복 목록.csv",
        mime="text/csv",
        on_click="ignore",
        width="stretch",
    )
    st.caption(
        "점검표에는 지금 기준값으로 찾은 모든 쌍이 들어갑니다. 처리 칸에서 정정 / 다른 책 / 보류를 고를 수 있습니다."
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
        pairs = check(entries, of)
        st.divider()
        above, chosen = choose_pairs(pairs, entries)
        offer_report(above, entries, web.digest(of, len(above)))
        show_pairs(chosen)
