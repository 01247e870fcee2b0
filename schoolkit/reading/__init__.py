"""Duplicate books in pupils' reading records (독서활동상황)."""

from __future__ import annotations


def __getattr__(name: str):
    if name != "stream_duplicates":
        raise AttributeError(f"module 'schoolkit.reading' has no attribute '{name}'")
    from .streaming import stream_duplicates

    return stream_duplicates
