"""Doubtful links between pupils of several years, as a caller confirms them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def confirmed_links(doubtful: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """Links as ``read_reading_records(links=...)`` takes them.

    >>> confirmed_links([{"student_a": "k1", "student_b": "k2", "only_candidate": True}])
    {'k2': 'k1'}
    """
    return {str(link["student_b"]): str(link["student_a"]) for link in doubtful}


def sole_candidates(doubtful: Iterable[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """The links whose pupils have no rival of the same name: the likeliest ones."""
    return [link for link in doubtful if link["only_candidate"]]
