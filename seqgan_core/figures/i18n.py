"""The one door for words that people read: English in the code, catalogues in `assets/locale`."""

from __future__ import annotations

import gettext
from pathlib import Path

_LOCALE = Path(__file__).resolve().parents[2] / "assets" / "locale"

_ = gettext.translation("seqgan", str(_LOCALE), fallback=True).gettext
