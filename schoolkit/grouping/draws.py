"""Chance: a grouping drawn uniformly among those that are fair enough.

A Markov chain makes random exchanges and accepts whatever keeps the rules and stays below
the limit. Each exchange is as likely as its return, so that the chain's stationary
distribution is uniform over the groupings it can reach (Metropolis 1953). Blocks of pupils
who stay together are exchanged as blocks.
"""

from __future__ import annotations

import time

import numpy as np

from .instance import Instance
from .state import State, exchange_change

_BATCH, _MOVED = 64, 8
# half n ln n random exchanges mix n cards (Diaconis and Shahshahani 1981); rules and limit slow it down
_MOVES_A_UNIT = 1.5
_MOST_STEPS, _MOST_STEPS_A_UNIT = 20_000, 300


def draw(
    instance: Instance, rng: np.random.Generator, *, start: np.ndarray, limit: float, until: float = np.inf
) -> np.ndarray:
    """A grouping of the units with a score of at most ``limit``, all such groupings equally likely.

    Args:
        start: a grouping that breaks no rule and is within the limit.
        limit: the highest score; infinite for pure chance within the rules.
        until: when to stop, by ``time.monotonic``.
    """
    state = State(instance, start, 0.0)
    movable = np.flatnonzero(instance.fixed < 0)
    if instance.n_groups < 2 or movable.size == 0:
        return start
    highest = limit + 1e-9
    blocks = movable[instance.unit_size[movable] > 1]

    def walk(most_batches: int, enough: np.ndarray) -> int:
        """Walks on until so many batches, or so many moves of each kind, are done; how many batches that took."""
        moves = np.zeros(3)
        for batch in range(most_batches):
            if (moves >= enough).all() or time.monotonic() > until:
                return batch
            moves[0] += _exchanges(state, movable, highest, rng)
            if blocks.size:
                moves[1] += _exchange_block(state, int(rng.choice(blocks)), movable, highest, rng)
            if instance.ranged:
                moves[2] += _relocations(state, movable, highest, rng)
        return most_batches

    mixing = _MOVES_A_UNIT * np.log(instance.n_units + 1)
    enough = mixing * np.array([instance.n_units, blocks.size, instance.n_units if instance.ranged else 0])
    most = (_MOST_STEPS + _MOST_STEPS_A_UNIT * instance.n_units) // _BATCH
    batches = walk(most, enough)
    # stopping at a number of moves favours states that are easily left; a number of steps does not
    walk(batches, np.full(3, np.inf))
    return _renumbered(instance, state.units, rng)


def _exchanges(state: State, movable: np.ndarray, highest: float, rng: np.random.Generator) -> int:
    """A batch of steps; how many were accepted. Those before an accepted one are all refused in one state."""
    instance = state.instance
    i, j = rng.choice(movable, size=(2, _BATCH))
    at, moves = 0, 0
    while at < _BATCH:
        score, broken = state.exchange_changes(i[at:], j[at:])
        fits = (state.score + score <= highest) & (broken == 0) & (state.units[i[at:]] != state.units[j[at:]])
        fits &= instance.unit_size[i[at:]] == instance.unit_size[j[at:]]
        accepted = np.flatnonzero(fits)
        if not accepted.size:
            break
        first = int(accepted[0])
        pair = np.array([i[at + first], j[at + first]])
        state.move(pair, state.units[pair[::-1]], float(score[first]), 0)
        at += first + 1
        moves += 1
    # sums of floats drift, and the limit is to hold
    state.refresh()
    return moves


def _exchange_block(state: State, block: int, movable: np.ndarray, highest: float, rng: np.random.Generator) -> bool:
    """A step that exchanges a block for as many single pupils of another group; whether it was accepted."""
    instance = state.instance
    source = int(state.units[block])
    target = int(rng.integers(instance.n_groups - 1))
    target += target >= source
    singles = movable[instance.unit_size[movable] == 1]
    there, here = singles[state.units[singles] == target], singles[state.units[singles] == source]
    size = int(instance.unit_size[block])
    if len(there) < size:
        return False
    others = rng.choice(there, size=size, replace=False)
    # the way back draws from other numbers of pupils (Hastings 1970)
    ways, ways_back = _choices(len(there), size), _choices(len(here) + size, size)
    if rng.random() * ways_back > ways:
        return False
    score, broken = exchange_change(state, np.array([block]), others)
    accepted = broken == 0 and state.score + score <= highest
    if accepted:
        state.move(np.array([block, *others]), np.array([target] + [source] * size), score, 0)
        state.refresh()
    return accepted


def _relocations(state: State, movable: np.ndarray, highest: float, rng: np.random.Generator) -> int:
    """Steps that each move one unit to another group, where sizes may vary; how many were accepted."""
    moves = 0
    units, groups = rng.choice(movable, size=_MOVED), rng.integers(state.instance.n_groups, size=_MOVED)
    score, broken, allowed = state.relocation_tables()
    for unit, group in zip(units.tolist(), groups.tolist(), strict=True):
        if allowed[unit, group] and broken[unit, group] == 0 and state.score + score[unit, group] <= highest:
            state.move(np.array([unit]), np.array([group]), float(score[unit, group]), 0)
            state.refresh()
            score, broken, allowed = state.relocation_tables()
            moves += 1
    return moves


def _choices(n: int, size: int) -> float:
    found = 1.0
    for at in range(size):
        found *= (n - at) / (size - at)
    return found


def _renumbered(instance: Instance, units: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same groups under random numbers, those of fixed units and of other sizes aside."""
    held = set(instance.fixed[instance.fixed >= 0].tolist())
    number = np.arange(instance.n_groups)
    bounds = np.stack([instance.sizes if not instance.ranged else instance.smallest, instance.largest], axis=1)
    for bound in np.unique(bounds, axis=0):
        free = [group for group in np.flatnonzero((bounds == bound).all(axis=1)).tolist() if group not in held]
        number[free] = rng.permutation(free)
    return number[units]
