"""The sheet that holds what a grouping was made with, so that it can be made again."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import numpy as np
from xlsxwriter.worksheet import Worksheet

from .. import __version__
from ..sheets import Column, Looks, write_table, write_text
from .result import Grouping
from .traits import Trait
from .wording import Wording

PRIVACY = (
    "학생의 개인정보가 들어 있습니다. 학생에게는 ‘모둠 표’와 ‘카드’ 시트만 보이고, 다 쓴 뒤에는 파일을 지우고 "
    "인쇄물은 파기해 주세요. 나머지 시트에는 규칙의 까닭처럼 학생이 보면 안 되는 것이 있습니다."
)
_COLUMNS = (Column("item", "항목", 18, ("centre",)), Column("content", "내용", 74))
_SHAPES = {"exponential": "차츰 옅어짐", "sigmoid": "그 무렵 빠르게 옅어짐", "within": "그때까지는 그대로"}


def write_settings(
    sheet: Worksheet, looks: Looks, top: int, heading: str, grouping: Grouping, made: datetime, wording: Wording
) -> int:
    """Writes the settings of one grouping as a table; the first free row comes back."""
    write_text(sheet, looks, top, 0, heading, "heading")
    sheet.set_row(top, 24)
    rows = [(item, wording.said(content)) for item, content in _settings(grouping, made)]
    return write_table(sheet, looks, _COLUMNS, rows, top + 1) + len(rows) + 1


def _settings(grouping: Grouping, made: datetime) -> Iterable[tuple[str, str]]:
    absent = np.setdiff1d(np.arange(len(grouping.students)), grouping.present)
    yield "만든 때", f"{made:%Y-%m-%d %H:%M}, schoolkit {__version__}"
    yield "학생", f"명단 {len(grouping.students)}명 가운데 {len(grouping.present)}명"
    if absent.size:
        yield "결석", ", ".join(grouping.labels[row] for row in absent)
    yield "모둠별 인원", _sizes(grouping)
    for trait in grouping.traits:
        yield "특성", _trait(trait)
    for rule in grouping.rules:
        yield "규칙", f"{rule.number}. {rule.words}" + (f" — {rule.why}" if rule.why else "")
    if grouping.history is not None:
        yield "지난 모둠", _history(grouping)
    free = math.isinf(grouping.variety)
    yield "무작위 정도", "규칙 안에서 완전히 무작위" if free else f"가장 고른 편성보다 {grouping.variety:g}점까지 허용"
    yield "씨앗 번호", str(grouping.seed)
    if grouping.by_hand:
        yield "손으로 바꾼 횟수", f"{grouping.by_hand}번"
    yield "다시 만들기", _made_again(grouping)


def _sizes(grouping: Grouping) -> str:
    sizes = np.bincount(grouping.groups, minlength=grouping.n_groups).tolist()
    counted = ", ".join(f"{size}명 {count}모둠" for size, count in sorted(Counter(sizes).items(), reverse=True))
    said = f"{len(sizes)}모둠: {counted}"
    if grouping.size_range is not None:
        least, most = grouping.size_range
        said += f" (한 모둠 {least}~{most}명에서)"
    return said if len(set(sizes)) == 1 else f"{said}. 차례대로 {', '.join(map(str, sizes))}명"


def _trait(trait: Trait) -> str:
    aim = "비슷한 학생끼리" if trait.aim == "alike" else "고르게"
    kind = "수로 봄" if trait.is_number else "종류로 봄"
    if trait.is_number and trait.aim == "balance":
        weight = f"중요도: 평균 {trait.mean:g}, 흩어진 정도 {trait.spread:g}"
    else:
        weight = f"중요도 {trait.weight:g}"
    return f"{trait.column}: {aim}, {kind}, {weight}"


def _history(grouping: Grouping) -> str:
    said = f"{grouping.history['round'].nunique()}회"
    if not grouping.fading:
        return said
    fading = grouping.fading
    return f"{said}, 다시 만나도 되는 때 {fading['recover']} ({_SHAPES[fading['shape']]}), 중요도 {fading['weight']:g}"


def _made_again(grouping: Grouping) -> str:
    if grouping.by_hand:
        return "같은 명단과 설정에 이 씨앗 번호를 쓰면 손으로 바꾸기 전의 편성이 나옵니다."
    if grouping.stopped:
        return "시간 제한에 이르러 멈추었으므로, 같은 씨앗 번호로도 다른 편성이 나올 수 있습니다."
    return "같은 명단과 설정에 이 씨앗 번호를 쓰면 같은 편성이 나옵니다."
