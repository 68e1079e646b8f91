"""What was recomputed of one file, and what differs."""

from __future__ import annotations

import math
import reprlib
from dataclasses import dataclass, field

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

    def equal(self, place: str, stored: object, computed: object, within: float = 1e-12) -> None:
        """Compare a part of the file with what it should be; numbers may be `within` apart."""
        self.n += 1
        if isinstance(stored, int | float) and isinstance(computed, int | float):
            same = math.isclose(stored, computed, rel_tol=EXACT, abs_tol=within)
            same = same or (math.isnan(stored) and math.isnan(computed))
        else:
            same = stored == computed
        if not same:
            text = "{place} is {stored}; recomputed it is {computed}"
            given, new = (
                f"{x:.10g}" if isinstance(x, float) else reprlib.repr(x) for x in (stored, computed)
            )
            self.differences.append(Message(text, place=place, stored=given, computed=new))

    def parts(self, place: str, whole: object, **computed: object) -> None:
        """Compare attributes of a part of the file."""
        for name, value in computed.items():
            self.equal(f"{place}.{name}", getattr(whole, name), value)
