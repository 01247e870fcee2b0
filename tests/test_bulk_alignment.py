"""Many alignments at once -> what each alone gives."""

import random

import numpy as np
import pytest

from schoolkit.reading.alignment import likeness
from schoolkit.reading.bulk_alignment import likenesses

SIGNS = "가나다라마바사의에은는이가을를와과도각간감갹거고구그기까나내너노따때말발벌별변분역샤사 a1Q·漢"


@pytest.mark.parametrize("seed", range(5))
def test_many_at_once_are_what_each_alone_is(seed):
    draw = random.Random(seed)

    def title() -> str:
        return "".join(draw.choice(SIGNS) for _ in range(draw.randint(0, 9)))

    pairs = [(one := title(), title() if draw.random() < 0.3 else slipped(one, draw)) for _ in range(300)]
    pairs.append(("아낌없이 주는 나무", "아없낌이주는나무"))
    expected = [likeness(a, b) for a, b in pairs]
    assert likenesses(*zip(*pairs, strict=True)).tolist() == pytest.approx(expected, abs=1e-12)
    assert 0 < np.mean(np.array(expected) > 0.6) < 1


def slipped(text: str, draw: random.Random) -> str:
    signs = list(text)
    for _ in range(draw.randint(0, 2)):
        at = draw.randint(0, len(signs))
        kind = draw.choice(("put in", "left out", "exchanged", "swapped", "doubled"))
        if kind == "put in":
            signs.insert(at, draw.choice(SIGNS))
        elif kind == "left out":
            signs[at : at + 1] = []
        elif kind == "exchanged":
            signs[at : at + 1] = [draw.choice(SIGNS)]
        elif kind == "swapped":
            signs[at : at + 2] = reversed(signs[at : at + 2])
        else:
            signs[at:at] = signs[at - 1 : at]
    return "".join(signs)


def test_no_pairs_give_nothing():
    assert likenesses([], []).tolist() == []
