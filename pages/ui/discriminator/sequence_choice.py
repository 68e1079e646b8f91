"""Which sequence is shown, and what was changed in it; all of it stands in the address."""

from dataclasses import dataclass

import streamlit as st

from pages.ui.common import url_state
from seqgan_core.insight.discriminator.attribution import SequenceOptions
from seqgan_core.insight.token_reader import Reader
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _, remark

OWN = "own"
Tokens = tuple[int, ...]


@dataclass(frozen=True)
class EditedSequence:
    """The sequence shown, and `start`, what it was before it was edited."""

    tokens: Tokens
    start: Tokens
    run_id: str

    @property
    def changed(self) -> list[int]:
        """The places that differ from the start."""
        pairs = zip(self.tokens, self.start, strict=True)
        return [place for place, (now, then) in enumerate(pairs) if now != then]


def choose(offered: SequenceOptions, run_id: str, read: Reader) -> EditedSequence:
    """Draw the choice of a sequence; an edited one stands in the address."""
    known = _known(offered)
    T, V = len(offered.followed[0]), offered.vocab_size
    tokens = _parsed(url_state.text("tokens"), T, V)
    if url_state.text("tokens") and tokens is None:
        st.warning(remark("discriminator.wrong-tokens", T=T, last=V - 1))
        url_state.put(tokens=None, was=None)
    which = url_state.one_of("seq", list(known), next(iter(known)))
    shown = EditedSequence(known[which], known[which], run_id)
    if tokens is not None:
        which = OWN
        shown = EditedSequence(tokens, _parsed(url_state.text("was"), T, V) or tokens, run_id)
    options = [*known, OWN]
    key = f"discriminator-sequence-{run_id}"
    st.session_state[key] = which  # the address is the truth; the widget follows it

    def picked() -> None:
        _history(run_id).clear()
        chosen = st.session_state[key]
        if chosen == OWN:
            _write(shown.tokens, shown.tokens)
        else:
            url_state.put(seq=chosen, tokens=None, was=None, bracket=None)

    def label(which: str) -> str:
        text = read.text(known[which]) if read.unit and which in known else ""
        return visible_text(" · ".join(filter(None, [_name(which), text])))

    st.selectbox(_("Sequence"), options, key=key, format_func=label, on_change=picked)
    return shown


def change(shown: EditedSequence, place: int, token: int) -> None:
    """Put another token into a place."""
    if shown.tokens[place] != token:
        _history(shown.run_id).append(shown.tokens)
        _write((*shown.tokens[:place], token, *shown.tokens[place + 1 :]), shown.start)


def undo(shown: EditedSequence) -> None:
    """Take the last change back; of a link's sequence, whose steps are not known, all of them."""
    history = _history(shown.run_id)
    _write(history.pop() if history else shown.start, shown.start)


def reset(shown: EditedSequence) -> None:
    """Back to the sequence as it was before the first change."""
    _history(shown.run_id).clear()
    _write(shown.start, shown.start)


def _history(run_id: str) -> list[Tokens]:
    return st.session_state.setdefault(f"changes.{run_id}", [])  # type: ignore[no-any-return]


def _write(tokens: Tokens, start: Tokens) -> None:
    url_state.put(tokens=",".join(map(str, tokens)), was=",".join(map(str, start)), seq=None)


def _known(offered: SequenceOptions) -> dict[str, Tokens]:
    followed = {f"followed.{n}": row for n, row in enumerate(offered.followed, 1)}
    return followed | {f"real.{n}": row for n, row in enumerate(offered.real, 1)}


def _name(which: str) -> str:
    kind, _dot, number = which.partition(".")
    if kind == "followed":
        return _("▼ sample {n} of G").format(n=number)
    if kind == "real":
        return _("▲ real sequence {n}, held-out").format(n=number)
    return _("✎ edited")


def _parsed(text: str, T: int, V: int) -> Tokens | None:
    """The tokens of "3,4,5", or None where it is not T of them below V."""
    words = text.split(",")
    if len(words) != T or not all(part.isdecimal() and len(part) < 8 for part in words):
        return None
    tokens = tuple(map(int, words))
    return tokens if max(tokens) < V else None
