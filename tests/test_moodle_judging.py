import json
from datetime import datetime, timedelta

import pytest

from schoolkit.submissions.moodle.answers import Assignment, Module, Person, Work
from schoolkit.submissions.moodle.availability import may_see
from schoolkit.submissions.moodle.judging import CourseAnswers, rows_of
from schoolkit.submissions.moodle.notices import notices_of
from schoolkit.submissions.moodle.people import Pupil, person_name, pupils_of
from schoolkit.submissions.status import KOREA

NOW = datetime(2026, 11, 21, 12, tzinfo=KOREA)
DUE = NOW - timedelta(days=3)
EARLY, LATE = DUE - timedelta(days=1), DUE + timedelta(days=1)


def assignment(**settings) -> Assignment:
    plain = {
        "number": 7,
        "module": 70,
        "title": "독후감",
        "due": DUE,
        "opens": None,
        "offline": False,
        "team": False,
        "grouping": 0,
        "needs_group": False,
        "needs_everyone": False,
    }
    return Assignment(**(plain | settings))


def course(one: Assignment, works=(), groups=((),), **answers) -> CourseAnswers:
    """A course of one assignment whose pupils 1, 2, ... are in these groups."""
    pupils = [Pupil(user, f"1010{user}", None, tuple(given)) for user, given in enumerate(groups, 1)]
    return CourseAnswers(2, "1학년 1반", [one], pupils, {7: works}, **answers)


def states(of: CourseAnswers) -> list[str]:
    return [row.state for row in rows_of(of, "Moodle", NOW)]


def notices(of: CourseAnswers) -> list[str]:
    return list(notices_of(of, NOW, ()))


@pytest.mark.parametrize(
    ("status", "state"),
    [("submitted", "submitted"), ("draft", "draft"), ("reopened", "returned"), ("new", "missing"), ("odd", "unknown")],
)
def test_a_row_is_a_hand_in_only_if_it_was_submitted(status, state):
    (row,) = rows_of(course(assignment(), [Work(1, 0, status, EARLY)]), "Moodle", NOW)
    assert (row.state, row.submitted_at) == (state, EARLY if state == "submitted" else None)


def test_without_a_row_it_is_missing_once_due_and_not_before():
    assert states(course(assignment())) == ["missing"]
    assert states(course(assignment(due=None))) == ["missing"]
    assert states(course(assignment(due=NOW + timedelta(days=1)))) == ["not_yet_due"]
    assert states(course(assignment(due=None, opens=NOW + timedelta(days=1)))) == ["not_yet_due"]


def test_an_extension_counts_only_if_it_is_later_than_the_date():
    works = [Work(user, 0, "submitted", LATE) for user in (1, 2, 3)]
    later, earlier = DUE + timedelta(days=2), DUE - timedelta(days=9)
    of = course(assignment(), works, ((), (), ()), extensions={7: {1: later, 2: earlier}})
    assert [(row.state, row.due) for row in rows_of(of, "Moodle", NOW)] == [
        ("submitted", later),
        ("late", DUE),
        ("late", DUE),
    ]
    (row,) = rows_of(course(assignment(due=None), extensions={7: {1: later}}), "Moodle", NOW)
    assert row.due is None


def test_the_hand_in_of_a_group_counts_for_its_members_and_not_their_own_rows():
    works = [Work(0, 5, "submitted", LATE), Work(2, 0, "submitted", EARLY), Work(0, 6, "draft", EARLY)]
    of = course(assignment(team=True), works, ((5,), (6,), (5,), (8,)))
    assert states(of) == ["late", "draft", "late", "missing"]


def test_who_is_in_no_group_or_in_several_hands_in_for_the_rest():
    works = [Work(0, 0, "submitted", EARLY), Work(0, 5, "draft", EARLY), Work(0, 6, "draft", EARLY)]
    groups = ((), (5, 6), (5,))
    assert states(course(assignment(team=True), works, groups)) == ["submitted", "submitted", "draft"]
    strict = course(assignment(team=True, needs_group=True), works, groups)
    assert states(strict) == ["missing", "missing", "draft"]
    assert notices(strict) == ["'독후감': 모둠이 정해지지 않아 낼 수 없는 학생이 2명 있습니다."]


UNCLEAR = ["어느 모둠으로 내는지 알 수 없는 학생이 있어 그 학생은 '알 수 없음'으로 둔 과제: '독후감'"]


def test_of_several_groups_the_one_of_the_grouping_counts():
    works = [Work(0, 5, "submitted", EARLY), Work(0, 6, "draft", EARLY)]
    groups = ((5, 9), (6, 9), (9,), (), (5, 6))
    # 9 has no attempt, which does not say that it is outside: then 1 and 2 would hand in with the rest
    of = course(assignment(team=True, grouping=1), works, groups)
    assert (states(of), notices(of)) == (["unknown", "unknown", "missing", "missing", "missing"], UNCLEAR)
    told = course(assignment(team=True, grouping=1), works, groups, teams={7: {1: 5, 2: 0, 3: 9, 4: 0, 5: 0}})
    assert (states(told), notices(told)) == (["submitted", "missing", "missing", "missing", "missing"], [])


@pytest.mark.parametrize("status", ["submitted", "draft", "reopened"])
def test_where_the_grouping_leaves_open_which_group_counts_nothing_is_claimed(status):
    works = [Work(0, 5, "new", EARLY), Work(0, 6, "draft", EARLY), Work(0, 0, status, EARLY)]
    said = {"submitted": "submitted", "draft": "draft", "reopened": "returned"}[status]
    of = course(assignment(team=True, grouping=1), works, ((5, 6), (9,), (9, 8), (5,), ()))
    assert (states(of), notices(of)) == ([said, "unknown", "unknown", "missing", said], UNCLEAR)
    # it makes no difference for whom both say the same
    works[-1] = Work(0, 0, "new", EARLY)
    of = course(assignment(team=True, grouping=1), works, ((5, 6), (9,), (9, 8), (5, 9), ()))
    assert (states(of), notices(of)) == (["missing"] * 5, [])


def test_who_cannot_hand_in_is_counted_by_the_groups_that_moodle_tells():
    one = assignment(team=True, grouping=1, needs_group=True)
    works = [Work(0, 5, "submitted", EARLY)]
    of = course(one, works, ((5,), (6, 9), ()), teams={7: {1: 5, 2: 0, 3: 0}})
    assert (states(of), notices(of)) == (
        ["submitted", "missing", "missing"],
        ["'독후감': 모둠이 정해지지 않아 낼 수 없는 학생이 2명 있습니다."],
    )


def test_where_everyone_of_a_group_must_press_the_button_each_stands_alone():
    works = [Work(0, 5, "draft", LATE), Work(1, 0, "submitted", EARLY), Work(2, 0, "draft", EARLY)]
    of = course(assignment(team=True, needs_everyone=True), works, ((5,), (5,), (5,)))
    assert states(of) == ["submitted", "draft", "draft"]
    done = [Work(0, 5, "submitted", EARLY), Work(1, 0, "submitted", EARLY), Work(2, 0, "draft", EARLY)]
    assert states(course(assignment(team=True, needs_everyone=True), done, ((5,), (5,)))) == ["submitted", "submitted"]


def test_where_groups_are_not_told_nobody_is_said_to_be_missing_for_a_group():
    works = [Work(0, 5, "submitted", EARLY), Work(1, 0, "submitted", EARLY)]
    of = CourseAnswers(2, "1학년 1반", [assignment(team=True)], [Pupil(1, "1", None, None)], {7: works})
    assert states(of) == ["unknown"]
    of = CourseAnswers(2, "1학년 1반", [assignment(team=True)], [Pupil(1, "1", None, None)], {7: works[1:]})
    assert states(of) == ["missing"]
    assert may_see(json.dumps(tree("&", {"type": "group", "id": 5})), None, NOW) is None
    pupils, _ = pupils_of([person(1), person(2, "이")], reader=9)
    assert [one.groups for one in pupils] == [None, None]


def test_what_is_handed_in_on_paper_is_unknown():
    of = course(assignment(offline=True))
    assert (states(of), notices(of)) == (
        ["unknown"],
        ["Moodle에서 내지 않는 오프라인 과제라 '알 수 없음'으로 둔 과제: '독후감'"],
    )


def module(visible=True, availability=None, restricted=False) -> dict[int, Module]:
    return {7: Module(70, "독후감", visible, availability and json.dumps(availability), restricted)}


def tree(op: str, *conditions: dict) -> dict:
    return {"op": op, "c": list(conditions), "showc": [True] * len(conditions)}


def test_who_may_not_see_an_assignment_is_not_urged():
    only_five = tree("&", {"type": "group", "id": 5})
    of = course(assignment(), groups=((5,), (6,)), modules=module(availability=only_five))
    assert [row.hidden for row in rows_of(of, "Moodle", NOW)] == [False, True]
    of = course(assignment(), modules=module(visible=False))
    assert [row.hidden for row in rows_of(of, "Moodle", NOW)] == [True]
    of = course(assignment(), modules=module(), hidden=True)
    assert [row.hidden for row in rows_of(of, "Moodle", NOW)] == [True]


@pytest.mark.parametrize(
    "restricted", [module(availability=tree("&", {"type": "completion", "cm": 3, "e": 1})), module(restricted=True)]
)
def test_conditions_that_cannot_be_judged_count_as_open_and_are_told(restricted):
    of = course(assignment(), modules=restricted)
    assert [row.hidden for row in rows_of(of, "Moodle", NOW)] == [False]
    assert notices(of) == ["접근 제한 조건을 다 알 수 없어 모든 학생에게 공개된 것으로 본 과제: '독후감'"]


def test_an_assignment_that_the_course_page_does_not_show_counts_as_open_and_is_told():
    of = course(assignment(), modules={})
    assert notices(of) == ["공개 여부를 알 수 없어 공개된 것으로 본 과제: '독후감'"]


PAST, FUTURE = (int((NOW + timedelta(days=days)).timestamp()) for days in (-1, 1))
GROUP_5, ANY_GROUP = {"type": "group", "id": 5}, {"type": "group"}
UNKNOWN = {"type": "grade", "id": 1, "min": 50}


@pytest.mark.parametrize(
    ("conditions", "seen"),
    [
        (None, True),
        (tree("&"), True),
        (tree("&", GROUP_5), True),
        (tree("!&", GROUP_5), False),
        (tree("&", ANY_GROUP), True),
        (tree("!|", ANY_GROUP), False),
        (tree("&", {"type": "group", "id": 6}), False),
        (tree("|", {"type": "group", "id": 6}, GROUP_5), True),
        (tree("&", GROUP_5, {"type": "date", "d": ">=", "t": FUTURE}), False),
        (tree("&", GROUP_5, {"type": "date", "d": ">=", "t": PAST}), True),
        # the time until which it could be handed in has passed: it is still missing
        (tree("&", {"type": "date", "d": "<", "t": PAST}), True),
        (tree("!&", {"type": "date", "d": "<", "t": FUTURE}), False),
        (tree("&", UNKNOWN), None),
        (tree("|", UNKNOWN, GROUP_5), True),
        (tree("&", UNKNOWN, {"type": "group", "id": 6}), False),
        (tree("!&", UNKNOWN, {"type": "group", "id": 6}), True),
        (tree("&", tree("|", {"type": "group", "id": 6}, tree("!&", {"type": "group", "id": 8}))), True),
        ({"op": "&"}, None),
        ([1], None),
        ({"type": "date", "d": ">=", "t": 10**20}, None),
    ],
)
def test_conditions_of_moodle_are_judged_for_a_pupil_of_group_5(conditions, seen):
    assert may_see(conditions and json.dumps(conditions), (5,), NOW) is seen


def test_conditions_that_are_no_json_are_not_judged():
    assert may_see("{", (5,), NOW) is None


def person(number: int, family="김", given="하나", *, roles=("student",), id_number="", username="", full="") -> Person:
    return Person(number, family, given, full, id_number, username, frozenset(roles), ())


@pytest.mark.parametrize(
    ("family", "given", "name"),
    [
        ("강", "지우", "강지우"),
        ("남궁", "민", "남궁민"),
        ("10501", "신율", "신율"),
        ("10501 신", "율", "신율"),
        ("신", "율(10501)", "신율"),
        ("김", "김서연", "김서연"),
        ("김서연", "김서연", "김서연"),
        (".", "김서연", "김서연"),
        ("김서연", "-", "김서연"),
        ("김", "김", "김"),
        ("Nguyen", "Minh Anh", "Nguyen Minh Anh"),
        ("강 ", " 지 우", "강지우"),
    ],
)
def test_names_are_said_without_numbers_whichever_field_holds_them(family, given, name):
    assert "".join(person_name(person(1, family, given)).split()) == "".join(name.split())


def test_numbers_come_from_the_id_the_name_or_the_log_in_name():
    people = [
        person(1, id_number="10101", username="s1"),
        person(2, "10102", "김하나", username="s2"),
        person(3, "이", "두리", username="s3"),
        person(4, "박", "세나"),
    ]
    pupils, _ = pupils_of(people, reader=99)
    assert [one.student_no for one in pupils] == ["10101", "10102", "s3", None]


def test_pupils_that_are_alike_are_told_apart_by_moodles_number():
    pupils, notices = pupils_of([person(1), person(2), person(3, id_number="10103")], reader=99)
    assert [one.student_no for one in pupils] == ["Moodle 1", "Moodle 2", "10103"]
    assert notices == ["이름이 같고 학번이 없거나 같은 학생들은 학번 칸에 Moodle의 사용자 번호를 적었습니다."]


def test_who_teaches_manages_or_has_no_role_is_no_pupil():
    people = [
        person(1, roles=["editingteacher"]),
        person(2, roles=["teacher", "student"]),
        person(3, roles=["manager"]),
        person(4, roles=[]),
        person(5, roles=["student"]),
    ]
    pupils, notices = pupils_of(people, reader=1)
    assert ([one.user for one in pupils], notices) == (
        [5],
        ["역할 없이 등록되어 과제를 낼 수 없는 1명은 뺐습니다. 학생이면 강좌에서 '학생' 역할을 주세요."],
    )
    # an administrator who reads a course has no role in it
    assert pupils_of([person(4, roles=[])], reader=4) == ([], [])


def test_where_a_school_has_its_own_roles_the_readers_is_no_pupils_role():
    people = [
        person(1, roles=["homeroom", "student"]),
        person(2, roles=["homeroom"]),
        person(3, "이", roles=["learner"]),
    ]
    pupils, notices = pupils_of(people, reader=1)
    assert ([one.user for one in pupils], notices) == ([3], ["'학생'이 아닌 역할로 등록된 1명도 학생으로 보았습니다."])
