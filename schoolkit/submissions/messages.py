"""Messages that urge a pupil, a class or a guardian, made from templates that a teacher can edit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import pandas as pd

from ..errors import InputError
from .standing import standing
from .status import moment
from .template import Template, parsed
from .wording import class_in_words, counted, day_in_words, due_in_words, numbered_pupil, one_line, pupil_in_words

Receiver = Literal["pupil", "class", "guardian"]

RECEIVERS = {"pupil": "학생", "class": "반 전체", "guardian": "보호자"}
TEMPLATES = {
    "pupil": """{이름} 학생, 안녕하세요.
{오늘} 현재 아직 제출되지 않은 과제가 {개수}개 있어서 알려 드려요.

{과제목록}

내용을 확인하고 되도록 빨리 제출해 주세요.
이미 냈거나, 어려운 점이 있거나, 시간이 더 필요하면 편하게 말해 주세요. 함께 방법을 찾아볼게요.""",
    "class": """{반} 학생 여러분, 안녕하세요.
{오늘} 현재 아직 제출되지 않은 과제가 있어서 알려 드려요.

{학생목록}

해당하는 학생은 내용을 확인하고 되도록 빨리 제출해 주세요.
이미 냈거나 어려운 점이 있으면 편하게 말해 주세요. 모두 끝까지 힘내요!""",
    "guardian": """{이름} 학생 보호자님, 안녕하십니까?
늘 관심을 가지고 도와주셔서 감사합니다.

{오늘} 현재 {이름} 학생이 아직 제출하지 않은 것으로 확인되는 과제가 {개수}개 있어 안내해 드립니다.

{과제목록}

이미 제출하였거나 사정이 있는 경우에는 편하게 알려 주시기 바랍니다.
학생이 과제를 잘 마무리할 수 있도록 가정에서도 따뜻한 격려를 부탁드립니다. 감사합니다.""",
}
PLACEHOLDERS = {
    "{이름}": "학생 이름. 이름을 모르면 번호로 적습니다.",
    "{번호}": "학번이나 번호",
    "{반}": "반 이름",
    "{인원}": "안 낸 과제가 있는 학생 수(숫자만)",
    "{개수}": "안 낸 과제의 수(숫자만). 반에 보내는 문구에서는 모두 더한 수입니다.",
    "{과제}": "안 낸 과제의 제목. 여럿이면 ‘독후감 외 2개’처럼 적습니다.",
    "{과제목록}": "안 낸 과제를 한 줄에 하나씩, 기한과 함께 적은 목록. 반에 보내는 문구에는 이름 없이 인원만 적습니다.",
    "{학생목록}": "누가 무엇을 안 냈는지 한 줄에 한 명씩 적은 목록. 이름이 드러나니 보낼 곳을 살펴 주세요.",
    "{기한}": "안 낸 과제의 기한. 여럿이면 가장 이른 것이고, 기한을 모르면 ‘과제 안내 참고’라고 적습니다.",
    "{오늘}": "안내하는 날짜",
}
_PUPIL_PLACES = ("이름", "번호", "반", "개수", "과제", "과제목록", "기한", "오늘")
_CLASS_PLACES = ("반", "인원", "개수", "과제", "과제목록", "학생목록", "기한", "오늘")
_PLACES = {"pupil": _PUPIL_PLACES, "class": _CLASS_PLACES, "guardian": _PUPIL_PLACES}
_TITLES = {"pupil": "학생에게 보내는 문구", "class": "반에 보내는 문구", "guardian": "보호자께 드리는 문구"}

_STATES = {"draft": "임시 저장만 한 상태", "returned": "다시 내야 함"}
_OUR_CLASS = "우리 반"
_NO_DUE = "과제 안내 참고"


def placeholders(to: Receiver) -> dict[str, str]:
    """What can stand in the template for this receiver: the part of :data:`PLACEHOLDERS`."""
    return {f"{{{place}}}": PLACEHOLDERS[f"{{{place}}}"] for place in _PLACES[to]}


def read_templates(templates: Mapping[str, str]) -> dict[str, Template]:
    """The templates, ready to be filled.

    Args:
        templates: receiver, as in :data:`TEMPLATES`, -> text. Behind a place 이(가), 을(를), 은(는), 과(와), 아(야) and
            (으)로 become what fits; ``{{`` and ``}}`` are braces.

    Raises:
        InputError: a text is empty, has a place that can't be filled or an unpaired brace; ``column`` is
            the template's name in Korean, ``row`` its line.
        ValueError: there is no such receiver.
    """
    if unknown := sorted(set(templates) - set(TEMPLATES)):
        raise ValueError(f"receivers are {', '.join(TEMPLATES)}, not {', '.join(unknown)}")
    found = {to: parsed(text, _PLACES[to], _TITLES[to]) for to, text in templates.items()}
    if problems := [problem for _, of_one in found.values() for problem in of_one]:
        raise InputError(problems)
    return {to: template for to, (template, _) in found.items()}


def urging_messages(
    table: pd.DataFrame, to: Receiver, template: str | None = None, at: datetime | str | None = None
) -> pd.DataFrame:
    """A message for everyone who has to be urged, in the table's order.

    Columns: for ``"pupil"`` and ``"guardian"`` ``class_name``, ``student_no``, ``name``, ``count`` (of
    assignments, as :func:`missing_submissions` counts) and ``message``; for ``"class"`` ``class_name``,
    ``pupils`` (how many are missing something), ``count`` and ``message``.

    Args:
        table: as :func:`read_submissions` and :func:`collect_moodle` give it.
        to: whom the messages are for.
        template: the text, that of :data:`TEMPLATES` if None; :data:`PLACEHOLDERS` says what can be filled in.
        at: the time at which it is asked, which is also ``{오늘}``; now if None.

    Raises:
        InputError: see :func:`read_templates`.
        ValueError: there is no such receiver.
    """
    text = template if template is not None else TEMPLATES.get(to, "")
    ready = read_templates({to: text})[to]
    now = moment(at)
    rows = standing(table, now)
    missing = list(rows[rows["to_urge"]].itertuples(index=False))
    if to == "class":
        made = [
            (name, len({row.pupil for row in part}), len(part), ready.filled(_of_class(part, now)))
            for name, part in _grouped(missing, "class_name").items()
        ]
        types = {"class_name": "string", "pupils": "int64", "count": "int64", "message": "string"}
    else:
        made = [
            (part[0].class_name, part[0].student_no, part[0].name, len(part), ready.filled(_of_pupil(part, now)))
            for part in _grouped(missing, "pupil").values()
        ]
        types = dict.fromkeys(("class_name", "student_no", "name"), "string") | {"count": "int64", "message": "string"}
    return pd.DataFrame(made, columns=list(types)).astype(types)


def _grouped(rows: Iterable[tuple], column: str) -> dict[object, list[tuple]]:
    """The rows by what the column holds, as it first occurs."""
    groups: dict[object, list[tuple]] = {}
    for row in rows:
        groups.setdefault(getattr(row, column), []).append(row)
    return groups


def _of_pupil(part: list[tuple], now: pd.Timestamp) -> dict[str, str]:
    """What the places of a pupil's message are filled with."""
    pupil = part[0]
    lines = []
    for row in part:
        about = ", ".join(filter(None, [due_in_words(row.due, now.year), _STATES.get(row.shown)]))
        lines.append(f"- {one_line(row.assignment)}" + (f" ({about})" if about else ""))
    return {
        "이름": pupil_in_words(pupil.student_no, pupil.name),
        "번호": one_line(pupil.student_no) or "(번호 없음)",
        "반": class_in_words(pupil.class_name, _OUR_CLASS),
        "개수": str(len(part)),
        "과제": counted(one_line(row.assignment) for row in part),
        "과제목록": "\n".join(lines),
        **_times(part, now),
    }


def _of_class(part: list[tuple], now: pd.Timestamp) -> dict[str, str]:
    """What the places of a class's message are filled with."""
    tasks = [rows for _, rows in sorted(_grouped(part, "task").items())]
    pupils = _grouped(part, "pupil").values()
    return {
        "반": class_in_words(part[0].class_name, _OUR_CLASS),
        "인원": str(len(pupils)),
        "개수": str(len(part)),
        "과제": counted(one_line(rows[0].assignment) for rows in tasks),
        "과제목록": "\n".join(_line_of_task(rows, now) for rows in tasks),
        "학생목록": "\n".join(_line_of_pupil(rows) for rows in pupils),
        **_times(part, now),
    }


def _line_of_task(rows: list[tuple], now: pd.Timestamp) -> str:
    # the due date of most pupils: a few may have an extension
    due, _ = Counter(row.due for row in rows).most_common(1)[0]
    told = due_in_words(due, now.year)
    return f"- {one_line(rows[0].assignment)}" + (f" ({told})" if told else "") + f": {len(rows)}명"


def _line_of_pupil(rows: list[tuple]) -> str:
    titles = []
    for row in rows:
        state = f"({_STATES[row.shown]})" if row.shown in _STATES else ""
        titles.append(one_line(row.assignment) + state)
    return f"- {numbered_pupil(rows[0].student_no, rows[0].name)}: {', '.join(titles)}"


def _times(part: list[tuple], now: pd.Timestamp) -> dict[str, str]:
    due = min((row.due for row in part if not pd.isna(row.due)), default=pd.NaT)
    return {"기한": due_in_words(due, now.year) or _NO_DUE, "오늘": day_in_words(now, now.year)}
