"""D on one sequence: its score, the phrases behind it, and the calculation of one of them."""

import streamlit as st

from pages.ui.common import choice, html, url_state
from pages.ui.common.background_job import of_models
from pages.ui.common.component import component
from pages.ui.common.i18n import escape
from pages.ui.common.run.model_picker import PickedModel
from pages.ui.common.run.token_reader import reader
from pages.ui.discriminator.sequence_choice import EditedSequence, choose
from pages.ui.discriminator.token_edit import edit, what_changed
from pages.ui.discriminator.worked_example import table, worked
from seqgan_core.figures.discriminator import findings
from seqgan_core.figures.discriminator.filters import lanes
from seqgan_core.insight.discriminator import attribution as insight
from seqgan_core.insight.discriminator.attribution import Attribution, Bracket
from seqgan_core.insight.token_reader import Reader
from seqgan_core.messages import _, ngettext, remark

_mount = component(
    "ngram_brackets",
    html='<div class="brackets"><div class="wide"><div class="arcs" role="toolbar"></div>'
    '<div class="toks" role="toolbar"></div></div></div>',
)
COUNTS = ("10", "5", "20", "all")


def attribution(picked: PickedModel) -> None:
    """Draw the section."""
    run_id, step = picked.record.id, picked.step
    what = _("Opening the model and its data")
    options = of_models(what, insight.sequence_options, run_id, step)
    if options is None:
        return
    read = reader(picked.record.config)
    left, right = st.columns([2.4, 1], vertical_alignment="bottom")
    with left:
        shown = choose(options, run_id, read)
    labels = {n: _("the {n} strongest").format(n=n) for n in COUNTS} | {"all": _("all")}
    count = choice.one_of(
        "show", _("Phrases shown"), labels, key="discriminator-show", widget="select", place=right
    )
    current = _reading(picked, shown.tokens)
    original = current if not shown.changed else _reading(picked, shown.start)
    if current is None or original is None:
        return
    if not options.d_updates:
        st.info(remark("discriminator.untrained-filters"), icon=":material/info:")
    with st.container(key="discriminator-verdict"):
        _verdict(current, original)
    at = url_state.number("at", 0, 0, len(shown.tokens))
    chosen = _chosen(current)
    _draw(current, shown, read, chosen, at - 1, 10**6 if count == "all" else int(count))
    edit(picked, shown, read, at - 1 if at else None)
    html.notices(findings.sequence(current, original, read))
    with st.container():
        if shown.changed:
            what_changed(original, current, read)
    if chosen is not None:
        worked(current, chosen, read)
    table(current, read)


def _reading(picked: PickedModel, tokens: tuple[int, ...]) -> Attribution | None:
    what = _("Switching filters off one at a time")
    return of_models(what, insight.attribution_at, picked.record.id, picked.step, tokens)


def _chosen(current: Attribution) -> Bracket | None:
    """The bracket of the address, else the strongest."""
    named = {f"{bracket.start + 1}.{bracket.width}": bracket for bracket in current.brackets}
    return named.get(url_state.text("bracket"), next(iter(current.brackets), None))


def _verdict(current: Attribution, original: Attribution) -> None:
    """D's score as a number, a word and a place between fake and real."""
    words = (_("clearly fake"), _("more likely fake"), _("more likely real"), _("clearly real"))
    word = words[(current.score > 0.1) + (current.score > 0.5) + (current.score > 0.9)]
    before = was = ""
    if current.tokens != original.tokens:
        before, about = f"{original.score:.4f} → ", escape(_("before"))
        was = f'<i class="was" style="left:{100 * original.score:.2f}%" title="{about}"></i>'
    st.html(
        f'<div class="verdict"><p class="big" role="status">'
        f"<small>D(Y) = {before}</small>{current.score:.4f} <small>{escape(word)}</small></p>"
        f'<div class="track" aria-hidden="true"><div class="rail">{was}'
        f'<i style="left:{100 * current.score:.2f}%"></i></div><div class="ends">'
        f'<span class="f">▼ {escape(_("fake"))} 0</span>'
        f'<span class="r">1 {escape(_("real"))} ▲</span></div></div></div>'
    )


def _draw(
    current: Attribution, shown: EditedSequence, read: Reader, chosen: Bracket | None, at: int,
    count: int,
) -> None:  # fmt: skip
    """The tokens with brackets over the n-grams; the strongest stand nearest to the tokens."""
    effects = {bracket: findings.shown_effect(current, bracket) for bracket in current.brackets}
    drawn = [each for each, effect in effects.items() if findings.side(effect) != "none"][:count]
    if chosen is not None and chosen not in drawn:
        drawn.append(chosen)
    most = max((abs(effects[bracket]) for bracket in drawn), default=0.0) or 1.0
    lane_of = lanes([(bracket.start, bracket.width) for bracket in drawn])
    arcs = [
        {
            "start": bracket.start, "width": bracket.width, "lane": lane,
            "text": findings.points(effects[bracket]),
            "label": " · ".join([  # it begins with what stands on the bracket
                findings.effect_words(effects[bracket]), read.phrase(bracket.tokens),
                findings.places(bracket.start, bracket.width),
                findings.filter_count(len(bracket.filters)),
            ]),
            "side": findings.side(effects[bracket]), "chosen": bracket == chosen,
            "strength": abs(effects[bracket]) / most,  # 0 to 1: how thick it is
        }
        for bracket, lane in zip(drawn, lane_of, strict=True)
    ]  # fmt: skip
    arcs.sort(key=lambda arc: (arc["start"], arc["lane"]))  # the order that arrow keys follow
    data = {
        "tokens": _tokens(shown, read, at),
        "brackets": arcs,
        "lanes": max(lane_of, default=-1) + 1,
    }
    html.quiet(remark("discriminator.brackets"))
    on = {
        "bracket": lambda span: url_state.put(bracket=f"{int(span[0]) + 1}.{int(span[1])}"),
        "token": lambda index: _choose_token(int(index)),
    }
    _mount("discriminator-brackets", data, on)
    left_out = len(current.brackets) - len(drawn)
    with st.container():  # also when it is empty: what stands below keeps its place and its focus
        if left_out:
            html.quiet(ngettext(
                "{n} weaker phrase is not drawn; the table below lists all of them.",
                "{n} weaker phrases are not drawn; the table below lists all of them.", left_out,
            ))  # fmt: skip


def _tokens(shown: EditedSequence, read: Reader, at: int) -> list[dict[str, object]]:
    """The tokens as buttons; `at` is the chosen one's index."""
    names, before = read.names(shown.tokens), read.names(shown.start)
    tokens: list[dict[str, object]] = []
    for place, (name, padding) in enumerate(zip(names, read.padding(shown.tokens), strict=True)):
        changed = place in shown.changed
        note = _("was {token}").format(token=before[place]) if changed else str(place + 1)
        label = _("{token} {note} · position {n}").format(token=name, note=note, n=place + 1)
        tokens.append({"text": name, "label": label, "note": note, "changed": changed,
                       "chosen": place == at, "padding": padding})  # fmt: skip
    return tokens


def _choose_token(index: int) -> None:
    url_state.put(at=index + 1)
    st.session_state["discriminator-clicks"] = st.session_state.get("discriminator-clicks", 0) + 1
