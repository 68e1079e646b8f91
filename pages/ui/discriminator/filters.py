"""The strongest filters over many sequences, and the phrases that activate them."""

from collections.abc import Sequence

import streamlit as st

from pages.ui.common import choice, html
from pages.ui.common.background_job import of_models
from pages.ui.common.i18n import escape
from pages.ui.common.plotly_chart import charts_and_tables
from pages.ui.common.run.model_picker import PickedModel
from pages.ui.common.run.token_reader import reader
from pages.ui.discriminator.phrase_html import phrase_html
from seqgan_core.figures.discriminator import filters as figures
from seqgan_core.figures.discriminator import findings
from seqgan_core.insight.discriminator import filters as insight
from seqgan_core.insight.discriminator.filters import FilterRanking, Phrase, StrongFilter
from seqgan_core.insight.token_reader import Reader
from seqgan_core.messages import _, ngettext, remark

COUNTS = (1000, 200, 500, 2000)
SHOWN = 2  # phrases of each kind in the open table; the rest stand in the other


def sample_settings() -> tuple[int, int]:
    """Draw how many sequences are used, and which; returns (n, seed)."""
    left, right, _rest = st.columns([1, 1, 2], vertical_alignment="bottom")
    n = choice.one_of(
        "n", _("Sequences of each kind"), sorted(COUNTS), key="discriminator-n", default=COUNTS[0],
        widget="select", place=left,
    )  # fmt: skip
    seed = choice.number(
        "seed", _("Seed"), 0, 9999, 1, key="discriminator-seed", place=right,
        help=_("Another seed draws other sequences. What appears with one seed only is noise."),
    )  # fmt: skip
    return n, seed


def filters(picked: PickedModel) -> None:
    """Draw the section."""
    n, seed = sample_settings()
    what = _("Switching every filter off in every sequence")
    ranking = of_models(what, insight.filter_ranking_at, picked.record.id, picked.step, seed, n)
    if ranking is None:
        return
    read = reader(picked.record.config)
    html.notices([findings.ranking(ranking)])
    drawn = [figures.filter_effects(ranking), figures.activations(ranking)]
    charts_and_tables([drawn], "discriminator-filters")
    st.subheader(_("The phrases that activate them"), anchor=False)
    _phrases(ranking, read)
    with st.expander(_("All phrases as a table")):
        _table(ranking, read)


def _phrases(ranking: FilterRanking, read: Reader) -> None:
    head = [_("filter"), _("active in"), _("strongest phrases"), _("most frequent phrases")]
    rows = "".join(
        f'<tr><th scope="row">{each.number}<br><small>'
        f"{escape(ngettext('{n} token', '{n} tokens', each.width))}</small></th>"
        f"<td>{_active(each, ranking.n)}</td>"
        f"<td>{_listed(each.loudest[:SHOWN], read)}</td>"
        f"<td>{_listed(each.commonest[:SHOWN], read)}</td></tr>"
        for each in ranking.filters
    )
    html.quiet(remark("discriminator.phrases", n=ranking.n))
    st.html(html.framed("phrases", _("Filters and their phrases"), html.columns(head), rows))


def _active(strong: StrongFilter, n: int) -> str:
    real = _("● {share:.0f}% of real").format(share=100 * strong.awake_real / n)
    fake = _("◆ {share:.0f}% of samples").format(share=100 * strong.awake_fake / n)
    spans = (("real", real), ("fake", fake))
    return "".join(f'<span class="one towards-{k}">{escape(words)}</span>' for k, words in spans)


def _listed(phrases: Sequence[Phrase], read: Reader) -> str:
    return "".join(
        f'<span class="one">{phrase_html(each.tokens, read)} '
        f"<small>c̃ {each.activation:.2f} · ● {each.in_real} · ◆ {each.in_fake}</small></span>"
        for each in phrases
    )


def _table(ranking: FilterRanking, read: Reader) -> None:
    head = [
        _("filter and phrase"), _("kind"), _("activation c̃"), _("in real"), _("in samples"),
        _("best match in"),
    ]  # fmt: skip
    rows = [
        [f"{each.number}: {read.phrase(some.tokens)}", kind, f"{some.activation:.3f}",
         *map(str, (some.in_real, some.in_fake, some.wins))]
        for each in ranking.filters
        for kind, phrases in ((_("strongest"), each.loudest), (_("most frequent"), each.commonest))
        for some in phrases
    ]  # fmt: skip
    html.table(head, rows, remark("discriminator.phrase-counts", n=ranking.n, all=2 * ranking.n))
