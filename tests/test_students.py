"""Who is who: places, names and pupils of one name over several sheets."""

import pytest

from schoolkit.errors import InputError
from schoolkit.students import Place, Sighting, class_label, identify, parse_class, parse_name, parse_student_number


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("30105", Place(3, "1", 5)),
        ("3105", Place(3, "1", 5)),
        ("31205", Place(3, "12", 5)),
        ("3-1-5", Place(3, "1", 5)),
        ("3학년 1반 5번", Place(3, "1", 5)),
        ("30100", None),
        ("90105", None),
        ("20240305", None),
        ("김하나", None),
        ("", None),
    ],
)
def test_student_numbers(text, place):
    assert parse_student_number(text) == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("2학년 1반", (2, "1")),
        ("2 학년  01 반", (2, "1")),
        ("2025학년도 2학년 10반", (2, "10")),
        ("샘플중학교 2학년 진리반", (2, "진리")),
        ("[2학년 1반] 담임 : 교사명", (2, "1")),
        ("3학년 2반 이야기(김하나)", None),
        ("2학년", None),
    ],
)
def test_class_lines(text, place):
    assert parse_class(text) == (place and Place(*place, None))


def test_class_labels():
    assert [class_label(text) for text in ("1", "01반", "제3반", "진리반", "반", "")] == [
        "1",
        "1",
        "3",
        "진리",
        "반",
        None,
    ]


@pytest.mark.parametrize(
    ("text", "name", "status"),
    [
        ("김하나", "김하나", None),
        (" 마리아   산토스 ", "마리아 산토스", None),
        ("Kim, Ha-na", "Kim, Ha-na", None),
        ("홍길동(전출)", "홍길동", "전출"),
        ("홍길동（전입）", "홍길동", "전입"),
        ("홍길동 [자퇴]", "홍길동", "자퇴"),
        ("홍길동(2025.3.2. 전출)", "홍길동", "전출"),
        ("홍길동 전출예정", "홍길동", "전출"),
        ("홍길동전출", "홍길동", "전출"),
        ("전출 홍길동", "홍길동", "전출"),
        ("자퇴", None, "자퇴"),
        ("김전학", "김전학", None),
        ("박수료", "박수료", None),
        ("김하나(A)", "김하나(A)", None),
        ("", None, None),
    ],
)
def test_names_and_the_marks_beside_them(text, name, status):
    assert parse_name(text) == (name, status)


def seen(part, name="김하나", **place):
    return Sighting(part, name, f"{part}.xlsx", 2, **place)


def groups(*sightings, links=None):
    """The pupils as lists of sighting indexes, and how many merges were told and links asked."""
    found = identify(list(sightings), links)
    pupils: dict[str, list[int]] = {}
    for index, key in enumerate(found.keys):
        pupils.setdefault(key, []).append(index)
    return list(pupils.values()), len(found.merged), len(found.doubtful)


def test_one_name_and_one_place_in_one_year_is_one_pupil():
    place = {"year": 2025, "grade": 2, "class_no": "1", "seat_no": 5}
    assert groups(seen(0, **place), seen(1, **place)) == ([[0, 1]], 0, 0)


def test_what_only_fits_is_merged_and_told():
    full = seen(0, year=2025, grade=2, class_no="1", seat_no=5)
    assert groups(full, seen(1, year=2025)) == ([[0, 1]], 1, 0)


def test_other_classes_of_one_year_are_other_pupils():
    assert groups(seen(0, year=2025, grade=2, class_no="1"), seen(1, year=2025, grade=2, class_no="2")) == (
        [[0], [1]],
        0,
        0,
    )


def test_a_sheet_tells_its_pupils_apart():
    assert groups(seen(0), seen(0)) == ([[0], [1]], 0, 0)


def test_one_that_may_be_either_of_two_is_asked_and_not_merged():
    a, b = seen(0, year=2025, grade=2, class_no="1"), seen(0, year=2025, grade=2, class_no="2")
    assert groups(a, b, seen(1, year=2025)) == ([[0], [1], [2]], 0, 2)


def test_over_the_years_a_student_number_links():
    first, second = seen(0, year=2024, student_no="20240305"), seen(1, year=2025, student_no="20240305")
    assert groups(first, second) == ([[0, 1]], 0, 0)


def test_over_the_years_a_name_alone_is_asked():
    first = seen(0, year=2024, grade=1, class_no="3", seat_no=5, entrance=2023)
    second = seen(1, year=2025, grade=2, class_no="2", seat_no=8, entrance=2023)
    assert groups(first, second) == ([[0], [1]], 0, 1)


def test_who_entered_in_another_year_is_another_pupil():
    first = seen(0, year=2024, grade=1, entrance=2023)
    assert groups(first, seen(1, year=2025, grade=1, entrance=2024)) == ([[0], [1]], 0, 0)


def test_three_years_are_asked_link_by_link():
    years = [seen(part, year=2023 + part, grade=1 + part, entrance=2022) for part in range(3)]
    doubtful = identify(years).doubtful
    assert [(link["about_a"], link["about_b"], link["only_candidate"]) for link in doubtful] == [
        ("2023학년도 1학년 (0.xlsx 2행)", "2024학년도 2학년 (1.xlsx 2행)", True),
        ("2024학년도 2학년 (1.xlsx 2행)", "2025학년도 3학년 (2.xlsx 2행)", True),
    ]
    links = {link["student_b"]: link["student_a"] for link in doubtful}
    assert groups(*years, links=links) == ([[0, 1, 2]], 0, 0)


def test_a_confirmed_link_settles_that_of_the_namesake():
    place = {"year": 2024, "grade": 1, "class_no": "3", "entrance": 2023}
    sightings = [seen(0, **place, seat_no=5), seen(0, **place, seat_no=7), seen(1, year=2025, grade=2, entrance=2023)]
    doubtful = identify(sightings).doubtful
    assert [link["only_candidate"] for link in doubtful] == [False, False]
    first = doubtful[0]
    assert groups(*sightings, links={first["student_a"]: first["student_b"]}) == ([[0, 2], [1]], 0, 0)


def test_pupils_without_a_name_are_like_no_one():
    assert groups(seen(0, None, class_no="1", seat_no=3), seen(1, None, class_no="1", seat_no=3)) == ([[0], [1]], 0, 0)


def test_keys_are_the_same_whatever_else_is_uploaded():
    one = seen(0, year=2025, grade=2, class_no="1", seat_no=5)
    assert identify([one]).keys == identify([one, seen(1, "박둘")]).keys[:1]


def test_an_unknown_link_is_an_error_without_names():
    with pytest.raises(InputError) as caught:
        identify([seen(0)], {"x": "y"})
    assert [problem.kind for problem in caught.value.problems] == ["unknown_link"]
    assert "김하나" not in str(caught.value)
