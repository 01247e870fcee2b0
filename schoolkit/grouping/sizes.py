"""How many groups of how many pupils."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import InputError, Problem


def group_sizes(
    n: int,
    *,
    sizes: Sequence[int] | None = None,
    n_groups: int | None = None,
    size: int | tuple[int, int] | None = None,
    absent: int = 0,
) -> tuple[np.ndarray, tuple[int, int] | None]:
    """The pupils that each group has, and the bounds where sizes may vary.

    ``sizes`` says each, with or without those who are ``absent``, whose seats then stay empty in
    the biggest groups, the last ones first; ``n_groups`` splits evenly, the bigger groups first; ``size`` makes
    about n / size groups of it, remainders spread; a pair ``(least, most)`` leaves each group's
    size open between the two, around even ones.

    >>> group_sizes(29, size=4)[0].tolist(), group_sizes(28, size=(3, 5))[1]
    ([5, 4, 4, 4, 4, 4, 4], (3, 5))
    >>> group_sizes(10, sizes=[4, 4, 4], absent=2)[0].tolist()
    [4, 3, 3]

    Raises:
        InputError: nothing or too much is said, or the numbers don't add up.
    """
    if (sizes is not None) + (n_groups is not None or size is not None) != 1:
        raise _problem("모둠 크기가 정해지지 않았습니다.", "한 모둠의 인원이나 모둠 수 가운데 하나를 정해 주세요.")
    if n == 0:
        raise _problem("편성할 학생이 없습니다.", "명단과 결석 표시를 확인해 주세요.")
    if sizes is not None:
        found = np.array([int(one) for one in sizes])
        if absent and found.sum() == n + absent:
            for _ in range(absent):
                found[found.size - 1 - int(found[::-1].argmax())] -= 1
        if (found < 1).any() or found.sum() != n:
            raise _problem(
                f"모둠별 인원을 모두 더하면 {found.sum()}명인데 편성할 학생은 {n}명입니다.",
                "모둠별 인원을 다시 정해 주세요.",
            )
        return found, None
    bounds = None
    if isinstance(size, (tuple, list)):
        bounds = tuple(map(int, size))
        if len(bounds) != 2 or not 1 <= bounds[0] <= bounds[1]:
            raise _problem("모둠 인원의 범위가 올바르지 않습니다.", "3~5처럼 작은 수부터 적어 주세요.")
        least, most = bounds
        possible = range(-(-n // most), n // least + 1)
        if n_groups is None and possible:
            n_groups = min(max(round(2 * n / (least + most)), possible.start), possible.stop - 1)
        if n_groups not in possible:
            raise _problem(
                f"학생 {n}명을 {least}~{most}명씩 나눌 수 없습니다.", "인원의 범위나 모둠 수를 바꾸어 주세요."
            )
        bounds = bounds if least < most else None
    elif size is not None:
        if size < 1:
            raise _problem("한 모둠의 인원은 1명 이상이어야 합니다.", "인원을 다시 정해 주세요.")
        if n_groups is not None:
            raise _problem("한 모둠의 인원과 모둠 수가 함께 정해졌습니다.", "둘 가운데 하나만 정해 주세요.")
        n_groups = max(1, round(n / size))
    if not 1 <= n_groups <= n:
        raise _problem(f"학생 {n}명을 모둠 {n_groups}개로 나눌 수 없습니다.", "모둠 수를 다시 정해 주세요.")
    each, more = divmod(n, n_groups)
    return np.array([each + 1] * more + [each] * (n_groups - more)), bounds


def _problem(what: str, what_to_do: str) -> InputError:
    return InputError([Problem(what, what_to_do, kind="sizes")])
