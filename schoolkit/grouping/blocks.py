"""Sets of things that overlap, joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def joined(count: int, sets: Iterable[Sequence[int]]) -> list[int]:
    """The least thing of each one's block, if those of a set are in one block.

    >>> joined(6, [[1, 2], [4, 2]])
    [0, 1, 1, 3, 1, 5]
    """
    parent = list(range(count))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for members in sets:
        for other in members[1:]:
            least, more = sorted((root(members[0]), root(other)))
            parent[more] = least
    return [root(one) for one in range(count)]
