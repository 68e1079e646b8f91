"""The rhyme book on the screen: a rhyme to choose, a line under each poem, shares of many poems."""

from collections.abc import Sequence
from functools import partial

from pages.ui.common import choice, html, session
from pages.ui.common.background_job import result
from pages.ui.make.corpora.download import is_here
from pages.ui.make.model_choice import ModelOption
from seqgan_core.insight.writing.sampler import Sampler
from seqgan_core.insight.writing.verse_statistics import VerseShares, prosody_of, verse_shares
from seqgan_core.media.verse.rhyme_book import Rhyme, rhyme_book
from seqgan_core.messages import N_, Message, _, remark
from seqgan_core.tasks.corpus import Sequence as Words

JUDGED = 1000  # poems of each kind
TONES = {"level": N_("level"), "rising": N_("rising"), "departing": N_("departing"),
         "entering": N_("entering")}  # fmt: skip
SOURCES = {"held out": N_("real, held-out"), "bigram": N_("bigram model")}


def choose(model: ModelOption) -> str:
    """Draw the choice of a rhyme, kept in the address; "" for none."""
    if not model.verse:
        return ""
    names = {"": _("any")} | {name: _named(rhyme) for name, rhyme in rhyme_book().items()}
    return choice.one_of(
        "rhyme", _("Rhyme"), names, key="poems-rhyme", widget="select", width=160,
        help=remark("make.rhyme"),
    )  # fmt: skip


def _named(rhyme: Rhyme) -> str:
    return f"{rhyme.name} ({_(TONES[rhyme.tone])})"


def note(sampler: Sampler, words: Words) -> list[str]:
    """The rhyme and the tones of a quatrain in a line; none of other texts."""
    poem = prosody_of(sampler, words)
    if poem is None:
        return []
    rhyme = _("No rhyme")
    if poem.rhyme is not None:
        lines = ", ".join(map(str, poem.rhyming))
        rhyme = _("Rhyme: {rhyme}, lines {lines}").format(rhyme=_named(poem.rhyme), lines=lines)
    tones = Message(
        "tones: {pattern}, {n} violation", "tones: {pattern}, {n} violations",
        n=poem.violations, pattern=" ".join(poem.tones),
    )  # fmt: skip
    return [f"{rhyme} · {tones}"]


def draw(named: Sequence[tuple[str, ModelOption, float]]) -> None:
    """Draw what share of poems rhymes and keeps the tones; of each name, model and temperature."""
    rows: dict[tuple[str, VerseShares], None] = {}  # two models of a corpus have the same real row
    for name, model, heat in named:
        compared = is_here(model.config.corpus)
        shares: list[VerseShares] | None = result(
            ("verse shares", model.key, heat, compared),
            partial(verse_shares, session.lab().models, model.key, JUDGED, 1, heat, compared),
            _("Judging {n} poems by the rhyme book").format(n=JUDGED),
        )
        for each in shares or ():
            rows[name if each.source == "model" else _(SOURCES[each.source]), each] = None
    if rows:
        html.table(
            [_("poems"), _("n"), _("rhyme"), _("in level tone"), _("regular tones"),
             _("violations per poem")],
            [[name, f"{each.n:,}", f"{each.rhyming:.1%}", f"{each.level:.1%}",
              f"{each.regular:.1%}", f"{each.violations:.2f}"]
             for name, each in sorted(rows, key=lambda row: row[1].source != "model")],
            _("Rhyme and tones by the rhyme book"),
            stacked=True,
        )  # fmt: skip
        html.quiet(remark("make.rhyme-shares", book=remark("make.rhyme-book")))
