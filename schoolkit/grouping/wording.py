"""What groups are called: 모둠 and their numbers, or 반 and their names."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """The words of one report.

    Attributes:
        unit: what a group is, ``모둠`` or ``반``.
        names: the groups' own names in their order; where there are none they are numbered.
    """

    unit: str = "모둠"
    names: tuple[str, ...] = ()

    def group(self, number: int) -> str:
        """A group's name, its number from 1.

        >>> Wording().group(2), Wording("반", ("가반", "나반")).group(2)
        ('2모둠', '나반')
        """
        return self.names[number - 1] if self.names else f"{number}{self.unit}"

    def said(self, sentence: str) -> str:
        """A sentence of the library, which speaks of 모둠, in these words.

        >>> Wording("반").said("‘모둠장’ 모둠마다 1명")
        '‘모둠장’ 반마다 1명'
        """
        return re.sub("모둠(?!장)", self.unit, sentence)
