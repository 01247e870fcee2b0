"""The letters in which two texts differ, to be marked as with a highlighter."""

from __future__ import annotations

from rapidfuzz.distance import Indel

Fragments = list[tuple[str, bool]]


def differing_fragments(a: str, b: str) -> tuple[Fragments, Fragments]:
    """Both texts cut into fragments ``(text, differs)``; joined, they give the text again.

    The fragments come from the longest common subsequence of the two texts
    (Indel alignment), so what is unmarked on one side stands unmarked on the other.

    >>> differing_fragments("수학의 역사", "수학의 역샤")
    ([('수학의 역', False), ('사', True)], [('수학의 역', False), ('샤', True)])
    """
    kept_a, kept_b = [False] * len(a), [False] * len(b)
    for block in Indel.opcodes(a, b).as_matching_blocks():
        for offset in range(block.size):
            kept_a[block.a + offset] = kept_b[block.b + offset] = True
    return _joined(a, kept_a), _joined(b, kept_b)


def _joined(text: str, kept: list[bool]) -> Fragments:
    fragments: Fragments = []
    for letter, same in zip(text, kept, strict=True):
        if fragments and fragments[-1][1] is not same:
            fragments[-1] = (fragments[-1][0] + letter, not same)
        else:
            fragments.append((letter, not same))
    return fragments
