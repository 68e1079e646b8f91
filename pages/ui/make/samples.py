"""The samples as cards: coloured, compared with the training data, with what to notice in them."""

from dataclasses import replace
from functools import partial
from itertools import chain

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.background_job import of_models, result
from pages.ui.common.buttons import button
from pages.ui.common.errors import sentence
from pages.ui.common.i18n import escape, plain
from pages.ui.make import cards, export, findings
from pages.ui.make.cards import Piece
from pages.ui.make.corpora import download as corpus_download
from pages.ui.make.findings import Found
from pages.ui.make.model_card import model_card
from pages.ui.make.music import motifs, nearest_tunes
from pages.ui.make.screen_kind import Kind
from pages.ui.make.settings import Settings, resample
from pages.ui.make.text import one_poem, prosody
from pages.ui.make.text.one_poem import Works
from pages.ui.make.text.verse_cards import Scale
from seqgan_core.insight.jobs import Job
from seqgan_core.insight.writing import samples as writing
from seqgan_core.insight.writing.samples import CopyReport, SampleRequest, SampleSet
from seqgan_core.insight.writing.tune_motifs import motifs as tune_motifs
from seqgan_core.judge.report import SELF_BLEU_ORDER
from seqgan_core.media.verse.script import in_script
from seqgan_core.messages import _, remark
from seqgan_core.tasks.practice.corpus import NAME as PRACTICE
from seqgan_core.training.config import ConfigError

PATIENCE = 2.0  # seconds before a progress bar: the samples are what the page is about
CHECKED = 500  # new poems that are checked by the rule of the practice corpus


def draw(kind: Kind, settings: Settings) -> None:
    """Draw the samples, one column for each model, what to notice in them, and files to keep."""
    sample_sets = _generated(kind, settings)
    if sample_sets is None:
        return
    place = st.container(key="make-samples")  # above the progress of everything else
    complete = all(each.request.colour == settings.colour for each in sample_sets)
    sample_sets, works = one_poem.opened(sample_sets, hidden=settings.hidden)
    found = [
        _found(samples, settings) if complete else Found(samples, None, None, None)
        for samples in sample_sets
    ]
    scale = _scale(settings, sample_sets)
    with place:
        if len(found) == 1:
            _cards(kind, settings, 0, found[0], scale, works)
        else:
            _reveal_names(kind, settings)
            for index, column in enumerate(st.columns(2, gap="medium")):
                with column:
                    name = settings.name(index)
                    title = name if settings.hidden else f"{settings.short(index)} · {name}"
                    st.html(f'<h3 class="writer">{escape(title)}</h3>')
                    _cards(kind, settings, index, found[index], scale, works)
    if not complete:  # the tunes can be heard; only now do others want the processor
        if all(sampled(request, 0.0) is not None for request in settings.requests):
            st.rerun()
        return
    if kind.music:
        nearest_tunes.draw(settings, sample_sets, [each.copies for each in found])
    for each in found if not settings.hidden else ():  # not every model can search
        if each.samples.request.search:
            _price(kind, each.samples, each.copies)
    script = settings.look.script
    html.notices([in_script(each, script) for each in findings.findings(kind, settings, found)])
    prosody.draw([(settings.name(index), model, settings.requests[0].temperature)
                  for index, model in enumerate(settings.models) if model.verse])  # fmt: skip
    for index, model in enumerate(settings.models):
        if model.config.corpus == PRACTICE:
            _rule(settings, index)
    export.buttons(kind, settings, sample_sets, [findings.notes(kind, settings, *one) for one in
                                                 enumerate(found)])  # fmt: skip
    for name in dict.fromkeys(model.config.corpus for model in settings.models):
        if not corpus_download.is_here(name):
            corpus_download.offer(name, remark(f"make.copies-{kind.data}"), "copies")
    for model in settings.models if not settings.hidden else ():
        model_card(model)
    if kind.music:
        whole = all(model.config.music_form == "tunes" for model in settings.models)
        html.quiet(remark("make.whole-tunes" if whole else "make.bars"))


def sampled(request: SampleRequest, patience: float = PATIENCE) -> SampleSet | ConfigError | None:
    """The samples, or what is wrong with the request; None after drawing how far they are."""
    what = _("Sampling and scoring the roll-outs") if request.colour == "q" else _("Sampling")
    what = _("Searching") if request.search else what
    return result(("samples", request), partial(_sample, request), what, patience)


# -- what is known of the samples ------------------------------------------------------------------


def _sample(request: SampleRequest) -> Job[SampleSet | ConfigError]:
    """An unknown word is a result too, and no reason to try again."""
    try:
        return (yield from writing.draw_samples(session.lab().models, request))
    except ConfigError as error:
        return error


def _generated(kind: Kind, settings: Settings) -> list[SampleSet] | None:
    """The samples once all are ready; after a message without the opening, where that is wrong.

    Tunes come before Q is known, so that they can be heard; the page is drawn again with Q.
    """
    requests = settings.requests
    if kind.music and settings.colour == "q" and not any(each.search for each in requests):
        scored = all(session.lab().jobs.ended(("samples", each)) for each in requests)
        requests = requests if scored else tuple(replace(r, colour="none") for r in requests)
    outcomes = [sampled(each) for each in requests]
    problems = [outcome for outcome in outcomes if isinstance(outcome, ConfigError)]
    if problems:
        st.warning(plain(sentence(problems[0])), icon=":material/edit_off:")
        outcomes = [
            sampled(replace(each, first="", acrostic="", rhyme="")) for each in settings.requests
        ]
    samples = [outcome for outcome in outcomes if isinstance(outcome, SampleSet)]
    return samples if len(samples) == len(outcomes) else None


def _found(samples: SampleSet, settings: Settings) -> Found:
    models, request = session.lab().models, samples.request
    copies = real = found_motifs = None
    scored = samples.sampler.unit == "notes" and (settings.colour == "q" or settings.motifs)
    if corpus_download.is_here(samples.sampler.config.corpus):
        what = _("Looking for copies in the training data")
        copies = result(("copies", request), partial(writing.copy_report, samples), what)
        if scored:
            key = ("real scores", request.sampler, request.critic)
            make = partial(writing.real_scores, models, samples)
            real = result(key, make, _("Scoring held-out tunes"))
    if settings.motifs:
        what = _("Tracing the discriminator's filters")
        found_motifs = result(("motifs", request), partial(tune_motifs, models, samples), what)
    return Found(samples, copies, real, found_motifs)


def _scale(settings: Settings, sample_sets: list[SampleSet]) -> Scale | None:
    """One scale for all, so that one colour is one number for both models."""
    values = list(chain.from_iterable(chain.from_iterable(map(findings.values, sample_sets))))
    if not values:
        return None
    if settings.colour == "surprise":
        about = _("nats, by the model itself: 2.3 is 1 in 10, 4.6 is 1 in 100")
        return Scale("surprise", 0.0, round(max(values), 2), _("surprise"), about)
    n = settings.requests[0].rollouts
    judges = ", ".join(dict.fromkeys(samples.judge for samples in sample_sets))
    key = "make.scale-hidden" if settings.hidden else "make.scale"
    about = remark(key, judge=judges, n=n)
    return Scale("q", round(min(values), 3), round(max(values), 3), _("Q"), about)


# -- drawing ---------------------------------------------------------------------------------------


def _reveal_names(kind: Kind, settings: Settings) -> None:
    """Say that two models had the same seed; a button reveals their names while hidden."""
    first, second = sorted(model.title for model in settings.models)
    with st.container(horizontal=True, vertical_alignment="center", key="make-reveal"):
        if settings.hidden:
            reveal = partial(url_state.put, revealed=settings.seed)  # until the seed changes
            button(_("Reveal the names"), "visibility", f"{kind.task}-reveal", reveal)
        names = "make.hidden" if settings.hidden else "make.revealed"
        html.quiet(remark(names, first=first, second=second))


def _cards(
    kind: Kind, settings: Settings, index: int, found: Found, scale: Scale | None, works: Works
) -> None:
    samples, seed = found.samples, settings.seed
    notes, values = findings.notes(kind, settings, index, found), samples.values
    tunes = findings.traits_of(samples)
    pieces = []
    for number, words in enumerate(samples.texts):
        copied = found.copies.copied[number] if found.copies is not None else None
        key = tunes[number].key if tunes else None
        pieces.append(
            Piece(
                str(number), f"{settings.short(index)} · {number + 1}", words, notes[number],
                values=() if values is None else values[number].tolist(),
                copied=range(copied.start, copied.start + len(copied.run)) if copied else (),
                motifs=motifs.brackets(
                    found.motifs.tunes[number], samples.sampler.words,
                    samples.tokens[number].tolist(),
                )
                if found.motifs else (),
                fifths=None if key is None else key.fifths,
                credit=_credit(settings, index, changed=samples.changed(number)),
                work=works.get((index, number), {}) if samples.sampler.lines else None,
                file=f"{kind.task}-{seed}-{settings.short(index)}-{number + 1}",
            )
        )  # fmt: skip
    cards.draw(
        samples.sampler, pieces, f"{kind.task}-samples-{len(settings.models)}-{index}",
        settings.look_of(index), scale=scale,
        action=_("Hear its nearest neighbour") if kind.music and found.copies is not None else "",
        on_choose=lambda number: nearest_tunes.choose(seed, index, number),
        on_work=partial(one_poem.act, samples, index),
        on_next=lambda _more: resample(seed),
        keep_as=_("Before: {tune}").format(tune=_credit(settings, index, changed=False)),
        beside=index == 0,
    )  # fmt: skip


def _credit(settings: Settings, index: int, *, changed: bool) -> str:
    request = settings.requests[index]
    words = _("{model}, seed {seed}, temperature {t:g}")
    if request.search and not settings.hidden:  # not every model can search
        words = _("{model}, seed {seed}, temperature {t:g}, {n} simulations per token")
    if changed:
        words = _("{model}, changed by hand")
    return words.format(model=settings.name(index), seed=request.seed, t=request.temperature,
                        n=request.search)  # fmt: skip


def _price(kind: Kind, samples: SampleSet, copies: CopyReport | None) -> None:
    """D's score and the variety of searched samples, compared with plain ones."""
    order = min(SELF_BLEU_ORDER, samples.sampler.length)
    key = ("varieties", samples.request, copies is not None)
    make = partial(writing.varieties, session.lab().models, samples, copies, order)
    both = result(key, make, _("Comparing with plain samples"))
    if both is None:
        return

    def fact(name: str, digits: int, values: list[float | None]) -> tuple[str, str, str]:
        now, before = ("–" if value is None else f"{value:.{digits}f}" for value in values)
        return name, now, _("plain samples: {value}").format(value=before)

    html.facts(
        fact(_("D's mean score"), 3, [each.d_score for each in both]),
        fact(_("self-BLEU-{n}").format(n=order), 3, [each.self_bleu for each in both]),
        fact(_("Longest copy, mean"), 1, [each.copied for each in both]),
    )
    html.quiet(remark("make.price", name=samples.sampler.title, n=len(samples.texts),
                      search=samples.request.search, many=_(kind.many)))  # fmt: skip


def _rule(settings: Settings, index: int) -> None:
    """The check of a model that was trained on the practice corpus, whose rule is known."""
    request = settings.requests[index]
    what, of = _("Checking {n} poems by the rule").format(n=CHECKED), request.temperature
    shares = of_models(what, writing.rule_shares, request.sampler, CHECKED, 1, of)
    if shares is None:
        return
    html.quiet(remark("make.rule", name=settings.name(index), n=shares.poems, t=of))
    html.facts(
        (_("Lines that parse"), f"{shares.lines_that_parse:.1%}", ""),
        (_("Whole poems that parse"), f"{shares.poems_that_parse:.1%}", ""),
        (_("Poems that rhyme"), f"{shares.poems_that_rhyme:.1%}", ""),
        (_("Poems with correct tones"), f"{shares.poems_with_tones:.1%}", ""),
    )
