"""What was recomputed of one file, and what differs."""

from __future__ import annotations

import math
import reprlib
from dataclasses import dataclass, field
from typing import Any

from seqgan_core.messages import Message
from seqgan_core.training.setup.provenance import NOT_RECORDED, Provenance

EXACT = 1e-9  # relative: sums in another order differ by less


@dataclass
class Check:
    """The recomputation of one file: `n` comparisons, what differs, and what was not recomputed."""

    kind: Message
    made: Provenance = NOT_RECORDED
    n: int = 0
    differences: list[Message] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    def equal(self, place: str, stored: Any, computed: Any, within: float = 1e-12) -> None:
        """Compare a part of the file with what it should be, part by part.

        Args:
            place: where it is, in words of the file.
            stored: a value, list or dict, or an object of which `computed` has some attributes.
            computed: the same, recomputed.
            within: how far apart numbers may be, besides `EXACT`.
        """
        if isinstance(computed, dict):
            parts = {**stored, **computed} if isinstance(stored, dict) else computed
            for name in parts:
                mine = stored.get(name) if isinstance(stored, dict) else getattr(stored, name, None)
                self.equal(f"{place}.{name}", mine, computed.get(name), within)
            return
        if isinstance(stored, list | tuple) and isinstance(computed, list | tuple):
            self.equal(place, dict(enumerate(stored)), dict(enumerate(computed)), within)
            return
        self.n += 1
        if isinstance(stored, int | float) and isinstance(computed, int | float):
            same = math.isclose(stored, computed, rel_tol=EXACT, abs_tol=within)
            same = same or (math.isnan(stored) and math.isnan(computed))
        else:
            same = stored == computed
        if not same:
            mine, new = (f"{x:.10g}" if isinstance(x, float) else reprlib.repr(x)
                         for x in (stored, computed))  # fmt: skip
            text = "{place} is {stored}; recomputed it is {computed}"
            self.differences.append(Message(text, place=place, stored=mine, computed=new))
