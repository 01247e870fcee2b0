"""How much memory a run may take, and what of it each of its steps gets."""

from __future__ import annotations

import ctypes
import re
import sys
from contextlib import suppress

import pyarrow as pa

from ..errors import InputError, Problem

LEAST = 1_000_000_000
"""Bytes below which a run is not sure to end: 300,000 pupils took some 850 MB in the comparing, with the
libraries and Kiwi, and more books take more. A larger limit speeds up the sorting."""

_BASE = 350_000_000  # what the process takes beside DuckDB's own buffers while it sorts
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def memory_bytes(text: str) -> int:
    """The bytes that ``1GB``, ``800MB`` or ``1.5g`` mean; units are powers of 1000.

    Raises:
        InputError: the text is no amount of memory.

    >>> memory_bytes("1GB"), memory_bytes("800 mb"), memory_bytes("1.5G")
    (1000000000, 800000000, 1500000000)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)B?\s*", text, re.IGNORECASE | re.ASCII)
    if not found:
        raise InputError([Problem("--memory: 메모리의 크기를 알 수 없습니다.", "1GB, 1500MB처럼 써 주세요.")])
    return int(float(found[1]) * _UNITS[found[2].upper()])


def check_memory(memory: int) -> list[Problem]:
    """What speaks against so many bytes."""
    if memory >= LEAST:
        return []
    what = f"메모리가 너무 적습니다. 적어도 {LEAST // 10**6}MB가 필요합니다."
    return [Problem(what, f"--memory {LEAST // 10**6}MB나 그보다 큰 값을 써 주세요.", kind="little_memory")]


def for_sorting(memory: int) -> int:
    """The bytes that DuckDB may take while nothing else of size is loaded."""
    return memory - _BASE


def give_back() -> None:
    """Gives memory that was freed back to the system, so that the next step may have it for its own allocator."""
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL(None).malloc_trim(0)
