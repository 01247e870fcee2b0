import random

import pandas as pd
import pytest

from schoolkit.submissions.exports.export import Written
from schoolkit.submissions.matching import Finder
from schoolkit.submissions.names import joined_name, parts_of, split_number

FAMILY, GIVEN = "김이박최", ("서연", "지우", "민준", "하은")


def roster(*pupils, email=None) -> pd.DataFrame:
    """A roster of (class, student number, name)."""
    table = pd.DataFrame(pupils, columns=["class_name", "student_no", "name"]).assign(email=email)
    return table.assign(key=[str(at) for at in range(len(table))]).astype("string")


CLASS = roster(
    ("1학년 1반", "10101", "김서연"),
    ("1학년 1반", "10102", "강지우"),
    ("1학년 1반", "10107", "김서연"),
    ("1학년 2반", "10201", "Nguyen Minh Anh"),
    ("1학년 2반", "10202", "선우 솔"),
    ("1학년 2반", "10203", "강지우"),
    email=["seo@school.kr", None, None, "minh@school.kr", None, None],
)


@pytest.mark.parametrize(
    ("who", "pupil"),
    [
        (Written(("김서연",), ("10107",)), 2),
        (Written((), ("10107",)), 2),
        (Written(("10107 김서연",)), 2),
        (Written(("김서연(10107)",)), 2),
        (Written(("1학년 1반 7번 김서연",)), 2),
        (Written(("1반 7번 김서연",)), 2),
        (Written(("1-1-7 김 서연",)), 2),
        (Written(("김서연",), ("7",), class_name="1반"), 2),
        (Written(("김서연",), ("7번",), class_name="1학년 1반"), 2),
        (Written(("김서연 (반장)",), ("10107.0",)), 2),
        (Written(("서연 김", "김 서연"), email="10107@school.kr"), 2),
        (Written(("김서연",), email="SEO@school.kr"), 0),
        (Written(("지우 강",), class_name="1-2"), 5),
        (Written(("minh anh nguyen",)), 3),
        (Written(("응우옌민안",), ("10201",)), 3),
        (Written(("선우솔",)), 4),
        (Written(("선우솔",), ("48291733",)), 4),
        (Written(("선우솔!",)), 4),
        (Written(("강쥐우",), ("10102",)), 1),
        (Written(("서연",), ("10107",)), 2),
        (Written(("강지우",), ("'10102",)), 1),
    ],
)
def test_a_line_that_fits_one_pupil_is_found(who, pupil):
    match = Finder(CLASS).find(who)
    assert (match.pupil, match.why, match.candidates) == (pupil, "", ())


@pytest.mark.parametrize(
    ("who", "why", "candidates"),
    [
        (Written(("김서연",)), "이름이 같은 학생이 2명입니다.", (0, 2)),
        (Written(("강지우",)), "이름이 같은 학생이 2명입니다.", (1, 5)),
        (Written(("강지우",), ("10107",)), "학번(이메일)과 이름이 서로 다른 학생의 것입니다.", (1, 2, 5)),
        (Written(("강지우",), ("10102",), "seo@school.kr"), "학번과 이메일이 서로 다른 학생의 것입니다.", (0, 1)),
        (Written(("선우솔",), ("10299",)), "이름은 있지만 학번이 명렬표와 다릅니다.", (4,)),
        (Written(("10502 선우솔",)), "이름은 있지만 학번이 명렬표와 다릅니다.", (4,)),
        (Written(("선우솔",), class_name="1반"), "이름은 있지만 반이 명렬표와 다릅니다.", (4,)),
    ],
)
def test_a_line_that_may_mean_several_or_contradicts_itself_is_shown(who, why, candidates):
    match = Finder(CLASS).find(who)
    assert (match.pupil, match.why, match.candidates) == (None, why, candidates)


@pytest.mark.parametrize(
    ("who", "why", "candidates"),
    [
        (Written(("김서현",)), "명렬표에 없는 이름입니다.", (0, 2)),
        (Written(("홍길동",), ("10107",)), "학번이나 이메일은 명렬표에 있지만 이름이 다릅니다.", (2,)),
        (Written(("홍길동",)), "명렬표에 없는 이름입니다.", ()),
        (Written((), ("30101",)), "명렬표에 없는 학번이나 이메일입니다.", ()),
        (Written((), (), "who@school.kr"), "명렬표에 없는 학번이나 이메일입니다.", ()),
        (Written(()), "이름이 없습니다.", ()),
    ],
)
def test_a_line_that_fits_no_one_is_shown_with_who_may_be_meant(who, why, candidates):
    match = Finder(CLASS).find(who)
    assert (match.pupil, match.why, match.candidates) == (None, why, candidates)


def test_the_class_of_the_file_tells_same_names_apart_and_nothing_else():
    finder = Finder(CLASS)
    assert finder.find(Written(("강지우",)), ["1학년 2반"]).pupil == 5
    assert finder.find(Written(("강지우",), ("10107",)), ["1학년 2반"]).pupil is None


def test_a_roster_with_numbers_within_the_class_alone_is_matched_by_them():
    finder = Finder(roster(("", "1", "김서연"), ("", "2", "김서연"), ("", "3", "박하은")))
    assert finder.find(Written(("김서연",), ("2",))).pupil == 1
    assert finder.find(Written(("2번 김서연",))).pupil == 1
    assert finder.find(Written(("김서연",), ("3",))).candidates == (0, 1, 2)


def random_roster(rng: random.Random) -> list[tuple[str, str, str]]:
    count = rng.randint(1, 9)
    return [
        (f"1학년 {room}반", f"1{room:02d}{seat:02d}", rng.choice(FAMILY) + rng.choice(GIVEN))
        for room, seat in sorted({(rng.randint(1, 2), rng.randint(1, 12)) for _ in range(count)})
    ]


def test_no_line_is_ever_given_to_someone_else():
    rng = random.Random(5)
    met = {"number": 0, "alone": 0, "several": 0, "crossed": 0, "typo": 0}
    for _ in range(600):
        pupils = random_roster(rng)
        order = rng.sample(range(len(pupils)), len(pupils))
        finder, shuffled = Finder(roster(*pupils)), Finder(roster(*(pupils[at] for at in order)))
        at = rng.randrange(len(pupils))
        _, number, name = pupils[at]
        same = tuple(other for other, pupil in enumerate(pupils) if pupil[2] == name)

        spelled = rng.choice([name, f"{name[0]} {name[1:]}", f"{name[1:]} {name[0]}"])
        numbered = rng.choice(
            [Written((f"{number} {spelled}",)), Written((spelled,), (number,)), Written((f"{spelled}({number})",))]
        )
        assert finder.find(numbered).pupil == at
        met["number"] += 1

        alone = finder.find(Written((spelled,)))
        assert (alone.pupil, alone.candidates) == ((at, ()) if len(same) == 1 else (None, same))
        met["alone" if len(same) == 1 else "several"] += 1
        other_order = shuffled.find(Written((spelled,)))
        assert (None if other_order.pupil is None else order[other_order.pupil]) == alone.pupil

        other = rng.choice(pupils)
        if other[2] != name:
            assert finder.find(Written((other[2],), (number,))).pupil is None
            met["crossed"] += 1

        mistyped = name[:-1] + "빈"
        match = finder.find(Written((mistyped,)))
        assert match.pupil is None
        met["typo"] += 1
    assert min(met.values()) > 100


@pytest.mark.parametrize(
    ("said", "number"),
    [("10107", "10107"), ("1-1-7", "1-1-7"), ("1학년 1반 7번", "1-1-7"), ("1반 7번", "1반 7번"), ("7번", "7번")],
)
def test_numbers_around_a_name_are_told_from_it(said, number):
    in_front = [f"{said} 김서연", f"({said}) 김서연", f"{said}_김서연"]
    for text in [*in_front, f"김서연 {said}", f"김서연({said})"]:
        assert split_number(text) == (number, "김서연"), text


@pytest.mark.parametrize(
    "text",
    [
        *("1-1 7번 강지우", "1-1반 7번 강지우", "1 1 7 강지우", "1-1 7 강지우", "1,1,7,강지우", "1-1(7) 강지우"),
        *("하나고 1학년 1반 7번 강지우", "강지우 1학년1반7번", "학번 1-1-7 이름 강지우"),
    ],
)
def test_grade_class_and_number_are_found_however_they_are_written(text):
    assert parts_of(text) == ("1-1-7", None, "강지우")


@pytest.mark.parametrize("text", ["1학년 1반 강지우", "1-1 강지우", "강지우 (1-1)", "강지우 1학년 1반"])
def test_a_class_beside_a_name_is_found(text):
    assert parts_of(text) == (None, "1학년 1반", "강지우")


@pytest.mark.parametrize("text", ["10104, 10105", "박민수, 이하은", "김서연2", "서연 10107 김", "8. 선우솔"])
def test_what_is_no_single_number_beside_a_name_stays_as_it_is(text):
    assert parts_of(text) == (None, None, text)


MARKED = roster(
    ("1학년 1반", "10101", "김서연(A)"),
    ("1학년 1반", "10102", "김서연B"),
    ("1학년 2반", "10201", "김서연"),
    ("1학년 2반", "10202", "최다은(반장)"),
    ("1학년 2반", "10203", "강지우(姜)"),
)


@pytest.mark.parametrize(
    ("who", "pupil", "candidates"),
    [
        (Written(("김서연(B)",)), 1, ()),
        (Written(("김서연 a",)), 0, ()),
        (Written(("김서연",)), None, (0, 1, 2)),
        (Written(("김서연",), class_name="1반"), None, (0, 1)),
        (Written(("김서연",), class_name="2반"), 2, ()),
        (Written(("김서연",), ("10102",)), 1, ()),
        (Written(("김서연A",), ("10102",)), None, (0, 1)),
        (Written(("최다은",)), 3, ()),
        (Written(("강지우",)), 4, ()),
    ],
)
def test_letters_that_tell_namesakes_apart_are_heeded_and_not_asked_of_pupils(who, pupil, candidates):
    match = Finder(MARKED).find(who)
    assert (match.pupil, match.candidates) == (pupil, candidates)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("강지우입니다", (1, 5)),
        ("저는 선우솔입니다", (4,)),
        ("8. 선우솔", (4,)),
        ("Minh Anh", (3,)),
        ("10102, 10203", (1, 5)),
        ("선우설", (4,)),
        ("김민준", ()),
    ],
)
def test_whose_name_or_number_stands_in_the_line_is_a_candidate(text, candidates):
    match = Finder(CLASS).find(Written((text,)))
    assert (match.pupil, match.candidates) == (None, candidates)


def test_accents_are_no_other_name():
    assert Finder(CLASS).find(Written(("Nguyễn Minh Anh",))).pupil == 3


def test_a_pupil_without_a_number_in_the_roster_may_have_the_one_that_is_written():
    finder = Finder(roster(("1학년 1반", None, "강지우"), ("1학년 1반", "10102", "이두리")))
    assert finder.find(Written(("강지우",), ("10101",))).pupil == 0
    assert finder.find(Written(("강지우",), ("10201",))).pupil is None
    assert finder.find(Written(("이두리",), ("10101",))).pupil is None


def test_the_parts_of_a_name_are_joined_as_its_script_does():
    assert joined_name("선우", "솔") == "선우솔"
    assert joined_name("Nguyen", "Minh Anh") == "Nguyen Minh Anh"
    assert joined_name("10501", "신율") == "신율"
    assert joined_name("", "신율") == "신율"
