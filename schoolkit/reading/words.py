"""Where two titles differ: in words of the language, in a slip of the pen, or in endings alone."""

from __future__ import annotations

from enum import Enum

from .alignment import ALIKE, only_slips, slips
from .books import bare_text
from .morphemes import Morpheme, differing_runs, morphemes

_ONE_SLIP = 0.6  # the cost of the dearest single slip, a syllable left out


class Difference(Enum):
    """What Kiwi says of the places in which two titles differ."""

    OTHER_WORDS = "other words of the dictionary, or one more"
    BOTH_WORDS = "both sides are words of the dictionary, a slip apart"
    NO_WORD = "one side is a word, the other none"
    OTHER_CUT = "other words as Kiwi cuts them"
    ENDINGS = "only particles and endings differ"
    UNCLEAR = "nothing that Kiwi can tell"


def difference(a: str, b: str) -> tuple[Difference, str, str]:
    """How two titles with blanks differ, and the words that decide it.

    변신 and 분신 are one letter apart, but both are words: two books. 역샤 is no word: a slip.

    >>> difference("수학의 역사", "수학의 역샤")
    (<Difference.NO_WORD: 'one side is a word, the other none'>, '역사', '역샤')
    """
    runs = differing_runs(a, b)
    found = [(_of_run(*run, _whole_words(run, a, b)), _cut(a, run[0]), _cut(b, run[1])) for run in runs]
    if found and all(one[0] is Difference.ENDINGS for one in found):
        return found[0]
    if not only_slips(bare_text(a), bare_text(b)):
        found = [
            (Difference.OTHER_WORDS, *words) if kind is Difference.OTHER_CUT else (kind, *words)
            for kind, *words in found
        ]
    for kind in (Difference.OTHER_WORDS, Difference.NO_WORD, Difference.BOTH_WORDS):
        for one in found:
            if one[0] is kind:
                return one
    return Difference.UNCLEAR, "", ""


def _cut(text: str, run: tuple[Morpheme, ...]) -> str:
    return text[run[0].start : run[-1].end] if run else ""


def _written(run: tuple[Morpheme, ...]) -> str:
    return "".join(one.form for one in run)


def _whole_words(run: tuple[tuple[Morpheme, ...], tuple[Morpheme, ...]], a: str, b: str) -> bool:
    """Whether what only one title has are whole words there, from blank to blank or to a particle."""
    only, text = (run[0], a) if run[0] else (run[1], b)
    start, end = only[0].start, only[-1].end
    if start and not text[start - 1].isspace():
        return False
    if end == len(text) or text[end].isspace():
        return True
    word = text[end:].split()[0]
    return all(one.tag[0] in "JE" for one in morphemes(text) if end <= one.start < end + len(word))


def _of_run(a: tuple[Morpheme, ...], b: tuple[Morpheme, ...], whole_words: bool) -> Difference:
    content_a, content_b = ([one for one in run if one.tag[0] not in "JEZW"] for run in (a, b))
    if not content_a and not content_b:
        return Difference.ENDINGS
    if not (a and b):
        content = content_a or content_b
        if not whole_words or not all(one.known for one in content):
            return Difference.UNCLEAR
        # a lost syllable may be a whole noun, as in (술) 권하는 사회
        short_noun = len(_written(tuple(content))) == 1 and content[0].tag[0] == "N"
        return Difference.UNCLEAR if short_noun else Difference.OTHER_WORDS
    known_a, known_b = (all(one.known for one in run) for run in (content_a, content_b))
    if known_a != known_b:
        return Difference.NO_WORD
    if not known_a or not (content_a and content_b):
        return Difference.UNCLEAR
    word_a, word_b = _written(tuple(content_a)), _written(tuple(content_b))
    if word_a == word_b:
        return Difference.ENDINGS
    nouns = all(len(run) == 1 and run[0].tag[:2] == "NN" for run in (a, b))
    long = min(len(word_a), len(word_b)) > 1
    if (cost := slips(word_a, word_b)) > _ONE_SLIP:
        return Difference.OTHER_WORDS if nouns and (long or not {*word_a} & {*word_b}) else Difference.OTHER_CUT
    # a part of a word is often a word by chance, and so is any single syllable or bare stem
    if word_a.startswith(word_b) or word_b.startswith(word_a) or word_a.endswith(word_b) or word_b.endswith(word_a):
        return Difference.UNCLEAR
    # words that sound alike are confused: 난장이 and 난쟁이 stand in the dictionary
    return Difference.BOTH_WORDS if nouns and long and cost > ALIKE else Difference.UNCLEAR
