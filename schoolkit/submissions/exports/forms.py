"""Answers to forms (Google Forms, Microsoft Forms) -> hand-ins: who has answered has handed in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ...errors import InputError, Problem
from ...rosters.headers import header_key
from ...tables import Table
from ..dates import is_day_first, parse_time
from .export import Export, Line, Task
from .pupil_rows import header_at, rows_in_words, title_of_file
from .respondent import Asked, asked_for, asked_of, looks_near

GOOGLE, MICROSOFT = "Google 설문지 응답", "Microsoft Forms 응답"

_TIMESTAMP = {"타임스탬프", "timestamp"}
_GOOGLE_EMAIL = {"이메일주소", "emailaddress", "사용자이름", "username"}
_STARTED = {"starttime", "시작시간", "시작시각"}
_COMPLETED = {"completiontime", "완료시간", "완료시각"}
_MICROSOFT_EMAIL = {"email", "전자메일", "이메일", "전자메일주소", "이메일주소"}
_MICROSOFT_NAME = {"name", "이름"}

_CLOCK = re.compile(r"\d:\d\d:\d\d")  # forms write the seconds
_MOST_QUESTIONS, _LONGEST_QUESTION = 3, 40

_CAVEAT = "응답한 학생만 담겨 있어, 응답이 없는 학생을 미제출로 봅니다. 마감일은 이 파일에 없습니다."


def read_google_form(table: Table) -> Export | None:
    """The responses of a Google form, as CSV or the linked sheet; None if the table is something else.

    Several responses of a pupil are several lines. Its one task is called like the file.

    Raises:
        InputError: nothing in it tells who has responded.
    """
    top = header_at(table, lambda row: _is_google(table, row))
    if top is None:
        return None
    keys = [header_key(cell) for cell in table.rows[top]]
    time = _place(keys, _TIMESTAMP)
    collected = next((j for j, key in enumerate(keys) if key in _GOOGLE_EMAIL), None)
    asked = {} if collected is None else {collected: frozenset({"email"})}
    asked |= _asked(table.rows[top], skip={time, collected})
    return _export(
        table,
        top,
        time,
        asked,
        GOOGLE,
        "설문지 설정의 '이메일 주소 수집'을 켜거나 학번과 이름을 묻는 질문을 넣어 다시 받아 주세요.",
    )


def read_ms_form(table: Table) -> Export | None:
    """The responses of a Microsoft form, as its workbook has them; None if the table is something else.

    The same rules hold as for :func:`read_google_form`.

    Raises:
        InputError: nothing in it tells who has responded.
    """
    top = header_at(table, _is_microsoft)
    if top is None:
        return None
    keys = [header_key(cell) for cell in table.rows[top]]
    started, time = (_place(keys, words) for words in (_STARTED, _COMPLETED))
    email = _place(keys, _MICROSOFT_EMAIL)
    # the form's own column for names stands beside that for addresses; a question may have the same title
    name = next((j for j in range(time + 1, min(time + 3, len(keys))) if keys[j] in _MICROSOFT_NAME), None)
    asked = _asked(table.rows[top], skip={0, started, time, email, name})
    if name is not None:
        asked[name] = frozenset({"account"})
    if email is not None:
        asked = {email: frozenset({"email"})} | asked
    return _export(
        table,
        top,
        time,
        asked,
        MICROSOFT,
        "양식 설정에서 '내 조직의 사용자만'과 '이름 기록'을 켜거나 학번과 이름을 묻는 질문을 넣어 다시 받아 주세요.",
    )


def form_title(file: str) -> str:
    """The form's title, from the name of the file that its responses were saved under.

    >>> form_title("독서 감상문 (응답) - 설문지 응답 시트1.csv"), form_title("발표 자료(1-28).xlsx")
    ('독서 감상문', '발표 자료')
    """
    title = title_of_file(file)
    title = re.sub(r" - (?:설문지 응답(?: 시트)? ?\d*|form ?responses ?\d*)(?: ?\(\d+\))?$", "", title, flags=re.I)
    title = re.sub(r"\s*\((?:응답|responses)\)(?: ?\(\d+\))?$", "", title, flags=re.I)
    title = re.sub(r"\s*\(\d+-\d+\)(?: ?\(\d+\))?$", "", title)  # Microsoft adds which responses it holds
    return title.strip() or file


def _is_google(table: Table, header: Sequence[str]) -> bool:
    """Whether a row is the header of responses: it begins with the time, or such times stand elsewhere below it."""
    keys = [header_key(cell) for cell in header]
    filled = [*filter(None, keys)]
    if len(filled) < 2 or _TIMESTAMP.isdisjoint(filled) or _is_microsoft(header):
        return False
    if filled[0] in _TIMESTAMP:
        return True
    time = _place(keys, _TIMESTAMP)
    at = next(i for i, row in enumerate(table.rows) if row is header)
    times = [cell for row in table.rows[at + 1 :] if time < len(row) and (cell := row[time]) and cell != header[time]]
    asked = Asked(_asked(header, skip={time}))
    return bool(times) and all(_CLOCK.search(cell) and parse_time(cell) for cell in times) and asked.is_enough


def _is_microsoft(header: Sequence[str]) -> bool:
    keys = [header_key(cell) for cell in header]
    return bool(keys) and keys[0] == "id" and not _STARTED.isdisjoint(keys) and not _COMPLETED.isdisjoint(keys)


def _place(keys: Sequence[str], words: set[str]) -> int | None:
    return next((j for j, key in enumerate(keys) if key in words), None)


def _asked(headers: Sequence[str], skip: set[int | None]) -> dict[int, frozenset[str]]:
    kinds = {j: asked_for(header) for j, header in enumerate(headers) if header and j not in skip}
    return {j: asked for j, asked in kinds.items() if asked}


def _export(table: Table, top: int, time: int, columns: dict[int, frozenset[str]], format_: str, remedy: str) -> Export:
    headers = table.rows[top]
    asked = Asked(columns, {j: room for j in columns if (room := asked_of(headers[j]))})
    rows = [
        i
        for i in range(top + 1, len(table.rows))
        if any(table.rows[i]) and [*filter(None, table.rows[i])] != [*filter(None, headers)]
    ]
    responses = [i for i in rows if table.value(i, time)]
    shared = asked.shared_accounts(table.rows[i] for i in responses)
    named = {i: people for i in responses if (people := asked.people(table.rows[i], shared))}
    if not asked.is_enough or (responses and not named):
        raise InputError([_anonymous(table, top, asked, {*columns, time}, remedy)])
    day_first = is_day_first(table.value(i, time) for i in responses)
    lines = tuple(
        Line(i + 1, who, 0, "handed_in", parse_time(table.value(i, time), day_first=day_first))
        for i, people in named.items()
        for who in people
    )
    doubts = {
        "응답 시각이 없는 행은 응답으로 보지 않았습니다": [i for i in rows if not table.value(i, time)],
        "누구의 응답인지 적혀 있지 않은 행은 뺐습니다": [i for i in responses if i not in named],
        "응답 시각을 읽을 수 없어 시각 없이 제출로 보았습니다": [
            line.row - 1 for line in lines if line.submitted_at is None
        ],
        "여러 사람을 적은 듯하지만 학번과 이름이 짝이 맞지 않아 한 사람의 응답으로 읽었습니다": [
            i for i, people in named.items() if len(people) == 1 and asked.names_several(table.rows[i])
        ],
        "이름 질문 여러 개에 다른 답을 적은 행은 첫째 답을 썼습니다": [
            i for i in named if asked.answers(table.rows[i]) > 1
        ],
    }
    return Export(
        file=table.file,
        format=format_,
        tasks=(Task(form_title(table.file)),),
        lines=lines,
        lists_everyone=False,
        caveat=_CAVEAT,
        notices=tuple(f"{what}({rows_in_words(rows)})." for what, rows in doubts.items() if rows),
    )


def _anonymous(table: Table, top: int, asked: Asked, read: set[int], remedy: str) -> Problem:
    """The problem of responses that name no one, with the questions that might have asked for it."""
    headers = table.rows[top]
    near = [cell for j, cell in enumerate(headers) if j not in read and looks_near(cell)]
    whys = []
    if asked.columns:
        lack = "이 모두 비어 있습니다" if asked.is_enough else "만으로는 누구인지 알 수 없습니다"
        whys.append(f"{_quoted(headers[j] for j in asked.columns)} 칸{lack}")
    if near:
        whys.append(f"{_quoted(near)} 칸이 응답한 학생 자신을 묻는 질문인지 알 수 없습니다")
        remedy = (
            "학생 자신의 학번이나 이름이 적힌 칸이 있으면 파일에서 그 칸의 머리글을 ‘학번’이나 ‘이름’으로 고쳐 "
            f"다시 올려 주세요. 없으면 {remedy}"
        )
    why = ". ".join(whys) or "이메일, 학번, 이름을 묻는 질문을 찾지 못했습니다"
    return Problem(f"누가 응답했는지 알 수 없는 설문입니다({why}).", remedy, table.file, top + 1, kind="anonymous_form")


def _quoted(questions: Iterable[str]) -> str:
    """Some questions, the first few of them, each cut to a readable length."""
    lines = [" ".join(question.split()) for question in questions]
    cut = [line if len(line) <= _LONGEST_QUESTION else f"{line[:_LONGEST_QUESTION]}…" for line in lines]
    return ", ".join(f"‘{line}’" for line in cut[:_MOST_QUESTIONS]) + (" 등" if len(cut) > _MOST_QUESTIONS else "")
