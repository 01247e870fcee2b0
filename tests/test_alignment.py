"""Syllables aligned as slips of the pen."""

import random

import pytest

from schoolkit.reading import alignment
from schoolkit.reading.alignment import LEAST_STEP, likeness, slips


@pytest.mark.parametrize(
    ("a", "b", "cost"),
    [
        ("수학의역사", "수학의역샤", 0.3),
        ("난장이", "난쟁이", 0.25),  # drawn to the 이
        ("페인트", "페인르", 0.35),
        ("페인트", "베인트", 0.25),  # sounds alike
        ("시간의역사", "시간의녁사", 0.3),  # keys side by side
        ("파우스트", "파오스트", 0.3),
        ("비밀의화원", "비밀에화원", 0.25),
        ("말의품격", "글의품격", 1.1),
        ("세탁소", "미술관", 1.4 + 0.6 + 1.4),
        ("오디세이", "오세디이", 0.45),
        ("완득이", "완득이이", 0.3),
        ("골든아워", "골든워", 0.6),
        ("왕자와거지", "왕자거지", 0.3),
    ],
)
def test_what_a_slip_costs_in_both_directions(a, b, cost):
    assert slips(a, b) == pytest.approx(cost)
    assert slips(b, a) == pytest.approx(cost)


def plain_slips(a: str, b: str) -> float:
    """The recursive definition of optimal string alignment, with the same costs."""

    def gap(text, at):
        doubled = at and text[at] == text[at - 1]
        return alignment._SMALL_GAP if doubled or text[at] in alignment._PARTICLES else alignment._GAP

    def cost(i, j):
        if not i and not j:
            return 0.0
        found = []
        if i:
            found.append(cost(i - 1, j) + gap(a, i - 1))
        if j:
            found.append(cost(i, j - 1) + gap(b, j - 1))
        if i and j:
            found.append(cost(i - 1, j - 1) + alignment.exchange(a[i - 1], b[j - 1]))
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1] and a[i - 1] != b[j - 1]:
            found.append(cost(i - 2, j - 2) + alignment.SWAP)
        return min(found)

    return cost(len(a), len(b))


def test_the_alignment_equals_its_plain_definition_on_random_texts():
    draw = random.Random(3)
    for _ in range(300):
        a, b = ("".join(draw.choices("가각나의에1", k=draw.randint(0, 5))) for _ in "ab")
        assert slips(a, b) == pytest.approx(plain_slips(a, b))
        assert slips(a, b) == pytest.approx(slips(b, a))


def test_likeness_falls_with_the_cost_and_the_shortness():
    assert likeness("수학의역사", "수학의역샤") == pytest.approx(1 - 0.3 / 5)
    long = "난장이가쏘아올린작은공"
    assert likeness(long, long.replace("장", "쟁")) == pytest.approx(1 - 0.25 * LEAST_STEP)
    assert likeness("수학의역사", "수학의역샤", dearer=2) == pytest.approx(1 - 2 * 0.3 / 5)
    assert likeness("", "") == 1.0
    assert likeness("", "책") == pytest.approx(0.4)
    assert likeness("세탁소", "미술관") == 0.0
