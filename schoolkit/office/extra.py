"""What ``pip install "schoolkit[office]"`` brings, told in words where it is missing."""

from __future__ import annotations

from importlib.util import find_spec

from ..errors import InputError, Problem

_PACKAGES = ("duckdb", "filelock", "pyarrow", "tqdm")


def check_installed() -> None:
    """Raises InputError with the line to install them if a package of the extra ``office`` is missing."""
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise InputError(
            [
                Problem(
                    f"필요한 패키지가 없습니다({', '.join(missing)}).",
                    '명령줄에서 pip install "schoolkit[office]"로 설치해 주세요.',
                    kind="not_installed",
                )
            ]
        )
