"""Invented pupils to be grouped: a class for groups of four, and a grade for next year's classes."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from datetime import datetime
from itertools import combinations

import pandas as pd
import xlsxwriter

INTERESTS = ("과학 실험", "운동", "음악", "그림", "책 읽기", "컴퓨터")
_INTEREST_WEIGHTS = (6, 7, 5, 4, 3, 5)
_REMARKS = ("앞자리 필요(시력)", "한국어를 배우는 중", "이번 달 전입", "휠체어 사용")
_MADE = datetime(2025, 3, 4)


def class_list(pupils: int = 28, *, seed: int = 1) -> pd.DataFrame:
    """A class to be put into groups: a row per pupil, two of them of one name.

    Columns ``번호`` (from 1), ``이름``, ``성별`` (남, 여), ``점수`` (0 to 100; one pupil has none),
    ``수준`` (상, 중, 하), ``EI``, ``NS``, ``TF``, ``JP`` (a letter each), ``관심 분야``, ``모둠장 희망`` (O or
    empty) and ``특이사항`` (mostly empty). The same arguments give the same data.

    Raises:
        ValueError: there are fewer than eight pupils.
    """
    if pupils < 8:
        raise ValueError("pupils must be at least 8")
    rng = random.Random(seed)
    genders = [rng.choice("남여") for _ in range(pupils)]
    names = _names(genders, seed)
    first, second = _two_of_one_gender(genders, rng)
    names[second] = names[first]
    scores: list[int | None] = [_score(rng) for _ in range(pupils)]
    scores[rng.randrange(pupils)] = None
    leaders = set(rng.sample(range(pupils), pupils // 3))
    remarks = dict(zip(rng.sample(range(pupils), len(_REMARKS)), _REMARKS, strict=True))
    return pd.DataFrame(
        {
            "번호": range(1, pupils + 1),
            "이름": names,
            "성별": genders,
            "점수": pd.array(scores, dtype="Int64"),
            "수준": [_level(score) for score in scores],
            **{letters: [rng.choice(letters) for _ in range(pupils)] for letters in ("EI", "NS", "TF", "JP")},
            "관심 분야": rng.choices(INTERESTS, _INTEREST_WEIGHTS, k=pupils),
            "모둠장 희망": ["O" if at in leaders else None for at in range(pupils)],
            "특이사항": [remarks.get(at) for at in range(pupils)],
        }
    )


def grade_list(classes: int = 8, pupils_per_class: int = 30, *, seed: int = 1) -> pd.DataFrame:
    """A grade to be put into next year's classes: a row per pupil.

    Columns ``출신반`` and ``번호`` (from 1), ``이름`` (four names of two pupils and one of three),
    ``성별`` (남, 여), ``점수`` (0 to 100), ``수준`` (상, 중, 하), ``생활지도``, ``특수교육`` and ``전출 예정`` (O or
    empty), and ``쌍둥이`` (two pupils with the same mark are twins; there are two pairs). The
    same arguments give the same data.

    Raises:
        ValueError: there are fewer than 80 pupils.
    """
    pupils = classes * pupils_per_class
    if pupils < 80:
        raise ValueError("there must be at least 80 pupils")
    rng = random.Random(seed)
    genders = [rng.choice("남여") for _ in range(pupils)]
    names = _names(genders, seed)
    special = rng.sample(range(pupils), 40)
    for gender, count in (("여", 2), ("남", 2), ("여", 3), ("남", 2), ("여", 2)):
        namesakes = [at for at in special if genders[at] == gender][:count]
        special = [at for at in special if at not in namesakes]
        for at in namesakes[1:]:
            names[at] = names[namesakes[0]]
    twins = {}
    for mark in "가나":
        # all family names that Faker has are of one syllable
        one, other = next(pair for pair in combinations(special, 2) if names[pair[0]][0] == names[pair[1]][0])
        special = [at for at in special if at not in (one, other)]
        twins |= {one: mark, other: mark}
    scores = [_score(rng) for _ in range(pupils)]
    guidance = set(rng.sample(range(pupils), pupils // 15))
    educated, leaving = set(special[:6]), set(special[6:9])
    return pd.DataFrame(
        {
            "출신반": [at // pupils_per_class + 1 for at in range(pupils)],
            "번호": [at % pupils_per_class + 1 for at in range(pupils)],
            "이름": names,
            "성별": genders,
            "점수": scores,
            "수준": [_level(score) for score in scores],
            "생활지도": ["O" if at in guidance else None for at in range(pupils)],
            "특수교육": ["O" if at in educated else None for at in range(pupils)],
            "쌍둥이": [twins.get(at) for at in range(pupils)],
            "전출 예정": ["O" if at in leaving else None for at in range(pupils)],
        }
    )


def write_pupil_list(pupils: pd.DataFrame, sheet: str) -> bytes:
    """The list as a workbook with its headers in row 1; the same list gives the same bytes."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.set_properties({"created": _MADE})
    worksheet = workbook.add_worksheet(sheet)
    header = workbook.add_format({"bold": True, "align": "center", "bg_color": "#DDE6F0", "border": 1})
    cell = workbook.add_format({"align": "center", "border": 1})
    for column, name in enumerate(pupils.columns):
        worksheet.set_column(column, column, 18 if name in ("관심 분야", "특이사항") else 11)
        worksheet.write_string(0, column, name, header)
        for row, value in enumerate(pupils[name], start=1):
            if pd.isna(value):
                worksheet.write_blank(row, column, None, cell)
            else:
                worksheet.write(row, column, value, cell)
    worksheet.freeze_panes(1, 0)
    workbook.close()
    return content.getvalue()


def _names(genders: Sequence[str], seed: int) -> list[str]:
    """A name for each pupil, unlike all others."""
    # Only whoever makes samples needs Faker.
    from faker import Faker

    korean = Faker("ko_KR")
    korean.seed_instance(seed)
    names: dict[str, None] = {}
    for gender in genders:
        given = korean.first_name_male if gender == "남" else korean.first_name_female
        name = korean.last_name() + given()
        while name in names:
            name = korean.last_name() + given()
        names[name] = None
    return list(names)


def _two_of_one_gender(genders: Sequence[str], rng: random.Random) -> list[int]:
    gender = max(set(genders), key=genders.count)
    return rng.sample([at for at, one in enumerate(genders) if one == gender], 2)


def _score(rng: random.Random) -> int:
    return min(100, max(20, round(rng.gauss(72, 14))))


def _level(score: int | None) -> str:
    if score is None:
        return "중"
    return "상" if score >= 82 else "중" if score >= 62 else "하"
