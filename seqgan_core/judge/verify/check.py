"""What was recomputed of one file, and what differs."""

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
        """Compare a part of the file, which may be an object, with what it should be.

        Lists and dicts are compared item by item; numbers may be `within` apart besides `EXACT`.
        """
        if isinstance(stored, list | tuple) and isinstance(computed, list | tuple):
            stored, computed = dict(enumerate(stored)), dict(enumerate(computed))
        if isinstance(computed, dict):
            parts = stored if isinstance(stored, dict) else getattr(stored, "__dict__", {})
            for name in parts | computed if parts is stored else computed:
                self.equal(f"{place}.{name}", parts.get(name), computed.get(name), within)
            return
        self.n += 1
        numbers = isinstance(stored, int | float) and isinstance(computed, int | float)
        close = numbers and math.isclose(stored, computed, rel_tol=EXACT, abs_tol=within)
        if not close and stored != computed and not (stored != stored and computed != computed):
            mine, new = (f"{x:.10g}" if isinstance(x, float) else reprlib.repr(x)
                         for x in (stored, computed))  # fmt: skip
            text = "{place} is {stored}; recomputed it is {computed}"
            self.differences.append(Message(text, place=place, stored=mine, computed=new))
