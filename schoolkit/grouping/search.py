"""Tabu search over the whole exchange table, after a start that is already fair."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from .instance import Instance
from .state import State, draw_block_exchange, exchange_change

_FORBIDDEN = 1e15
_FIRST_PENALTY = 50.0
_MOST_PENALTY, _LEAST_PENALTY = 1e4, 5.0
_PATIENCE = 400


def search(
    instance: Instance,
    rng: np.random.Generator,
    *,
    start: np.ndarray,
    steps: int,
    target: float = -np.inf,
    until: float = np.inf,
    on_step: Callable[[float], None] | None = None,
) -> np.ndarray:
    """The best grouping found: the fewest broken rules first, then the lowest score.

    Args:
        start: the group of each unit at the start, shape (units,).
        steps: how many moves to make; the result depends on nothing else while time lasts.
        target: a score at which to stop, if no rule is broken.
        until: when to stop, by ``time.monotonic``.
        on_step: called now and then with the share that is done.
    """
    state = State(instance, start, _FIRST_PENALTY)
    best, best_key = state.units.copy(), (state.broken, state.score)
    if instance.n_groups < 2 or instance.n_units < 2:
        return best
    movable = instance.fixed < 0
    never = _bars(instance, movable)
    blocks = np.flatnonzero(movable & (instance.unit_size > 1))
    tabu = np.zeros((instance.n_units, instance.n_groups), dtype=np.int64)
    shortest = 3 + min(7, instance.n_units // 10)
    last_gain, whole, feasible = 0, 0, 0
    for step in range(1, steps + 1):
        if best_key[0] == 0 and best_key[1] <= target + 1e-9:
            break
        if step % 16 == 0 and time.monotonic() > until:
            break
        if on_step and step % 64 == 0:
            on_step(step / steps)
        move = _best_exchange(state, never, tabu > step, best_key)
        if instance.ranged:
            move = min(move, _best_relocation(state, movable, tabu > step, best_key), key=lambda one: one[0])
        if blocks.size and step % 8 == 0:
            move = min(move, _block_exchange(state, blocks, movable, rng), key=lambda one: one[0])
        cost, moved, targets, score, broken = move
        if cost >= _FORBIDDEN / 2:
            state.reset(_shaken(instance, best, movable, rng))
            continue
        tabu[moved, state.units[moved]] = step + shortest + rng.integers(0, shortest + 1, size=len(moved))
        state.move(moved, targets, score, broken)
        whole += 1
        if whole % 500 == 0:
            state.reset(state.units)  # sums of floats drift
        key = (state.broken, state.score)
        if key < (best_key[0], best_key[1] - 1e-9):
            best, best_key, last_gain = state.units.copy(), key, step
        # rules weigh more while they are broken and less while they hold
        feasible = feasible + 1 if state.broken == 0 else min(feasible, 0) - 1
        if abs(feasible) >= 10:
            factor = 0.7 if feasible > 0 else 1.5
            state.penalty = float(np.clip(state.penalty * factor, _LEAST_PENALTY, _MOST_PENALTY))
            feasible = 0
        if step - last_gain > _PATIENCE + 4 * instance.n_units:
            state.reset(_shaken(instance, best, movable, rng))
            tabu[:] = 0
            last_gain = step
    return best


def _bars(instance: Instance, movable: np.ndarray) -> np.ndarray:
    """Exchanges that are never made: of different sizes, of fixed units."""
    barred = instance.unit_size[:, None] != instance.unit_size[None, :]
    barred |= ~movable[:, None] | ~movable[None, :]
    return np.where(barred, _FORBIDDEN, 0.0)


def _best_exchange(state: State, never: np.ndarray, tabu: np.ndarray, best: tuple[int, float]):
    units = state.units
    score, broken = state.exchange_tables()
    cost = score + never
    if broken is not None:
        cost += state.penalty * broken
    cost[units[:, None] == units[None, :]] = _FORBIDDEN
    back = tabu[:, units]
    back = back | back.T
    after = state.score + score
    if broken is None:
        hopeful = after < best[1] - 1e-9
    else:
        faults = state.broken + broken
        hopeful = (faults < best[0]) | ((faults == best[0]) & (after < best[1] - 1e-9))
    cost[back & ~hopeful] = _FORBIDDEN
    i, j = divmod(int(cost.argmin()), units.size)
    moved = np.array([i, j])
    return cost[i, j], moved, units[[j, i]], score[i, j], 0 if broken is None else broken[i, j]


def _best_relocation(state: State, movable: np.ndarray, tabu: np.ndarray, best: tuple[int, float]):
    score, broken, allowed = state.relocation_tables()
    cost = score + state.penalty * broken
    faults = state.broken + broken
    hopeful = (faults < best[0]) | ((faults == best[0]) & (state.score + score < best[1] - 1e-9))
    cost[~allowed | ~movable[:, None] | (tabu & ~hopeful)] = _FORBIDDEN
    unit, group = divmod(int(cost.argmin()), state.instance.n_groups)
    return cost[unit, group], np.array([unit]), np.array([group]), score[unit, group], broken[unit, group]


def _block_exchange(state: State, blocks: np.ndarray, movable: np.ndarray, rng: np.random.Generator):
    """The best of some exchanges of a block for as many pupils of another group."""
    best = (_FORBIDDEN, np.zeros(0, dtype=int), np.zeros(0, dtype=int), 0.0, 0)
    instance = state.instance
    for _ in range(8):
        drawn = draw_block_exchange(instance, state.units, int(rng.choice(blocks)), movable, rng)
        if drawn is None:
            continue
        block, others = drawn
        source, target = int(state.units[block]), int(state.units[others[0]])
        score, broken = exchange_change(state, np.array([block]), others)
        cost = score + state.penalty * broken
        if cost < best[0]:
            moved = np.array([block, *others])
            best = (cost, moved, np.array([target] + [source] * len(others)), score, broken)
    return best


def _shaken(instance: Instance, units: np.ndarray, movable: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The grouping after some random exchanges of units of one size."""
    shaken = units.copy()
    for _ in range(max(3, instance.n_units // 8)):
        one = int(rng.choice(np.flatnonzero(movable))) if movable.any() else 0
        others = np.flatnonzero(movable & (instance.unit_size == instance.unit_size[one]) & (shaken != shaken[one]))
        if others.size:
            other = int(rng.choice(others))
            shaken[one], shaken[other] = shaken[other], shaken[one]
    return shaken


def random_start(instance: Instance, rng: np.random.Generator, tries: int = 200) -> np.ndarray | None:
    """A random grouping whose sizes hold and whose fixed units stand where they have to; None if none was met.

    Big units are laid first, each into a group with room, as many pupils as the sizes say.
    """
    for _ in range(tries):
        room = instance.sizes.copy()
        units = instance.fixed.copy()
        np.subtract.at(room, units[units >= 0], instance.unit_size[units >= 0])
        if (room < 0).any():
            room = _rebalanced(instance, room, rng)
            if room is None:
                return None
        fits = True
        order = rng.permutation(instance.n_units)
        for unit in order[np.argsort(-instance.unit_size[order], kind="stable")].tolist():
            if units[unit] >= 0:
                continue
            free = np.flatnonzero(room >= instance.unit_size[unit])
            if not free.size:
                fits = False
                break
            # as random as laying pupil by pupil into random seats
            group = int(rng.choice(free, p=room[free] / room[free].sum()))
            units[unit] = group
            room[group] -= instance.unit_size[unit]
        if fits:
            return units
    return None


def _rebalanced(instance: Instance, room: np.ndarray, rng: np.random.Generator) -> np.ndarray | None:
    """Seats moved within the size ranges to where fixed units need them; None if there are none."""
    room = room.copy()
    while (room < 0).any():
        group = int(room.argmin())
        used = instance.sizes - room
        spare = np.flatnonzero((room > 0) & (used + room > instance.smallest))
        if not spare.size or used[group] > instance.largest[group]:
            return None
        room[int(rng.choice(spare))] -= 1
        room[group] += 1
    return room
