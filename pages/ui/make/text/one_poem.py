"""Work on one poem in its card: another character, lines rolled again; the address holds it all.

Every step is one of the browser's history, so its Back is the undo. In the address, `poem` is
SEED.MODEL.NUMBER, and the tokens once one was changed; `place` is the open character and `lines`
those that were rolled again, from 1; `roll` is how often, which seeds the next; `alone` says that
lines are drawn by G alone.
"""

from functools import partial
from itertools import accumulate
from typing import Any

from pages.ui.common import session, url_state
from pages.ui.common.background_job import result
from pages.ui.make.text.verse_cards import Work
from seqgan_core.figures.rollouts.findings import percent
from seqgan_core.insight.writing.one_poem import (
    DRAWN,
    Candidate,
    alternatives,
    draw_again,
    is_poem,
    with_poem,
)
from seqgan_core.insight.writing.sampler import rhyme_tokens
from seqgan_core.insight.writing.samples import SampleSet
from seqgan_core.messages import _, remark

Works = dict[tuple[int, int], Work]  # by the model's index and the poem's row; at most one


def opened(sample_sets: list[SampleSet], *, hidden: bool) -> tuple[list[SampleSet], Works]:
    """The samples with the poem of the address in its place, and what its card shows.

    Draws the progress of what is still computed. `hidden` is whether no model may be named.
    """
    numbers = url_state.numbers("poem")
    seed, index, row, *poem = numbers if len(numbers) > 2 else (-1, 0, 0)
    samples, models = sample_sets[min(index, len(sample_sets) - 1)], session.lab().models
    if seed != samples.request.seed or row >= len(samples.tokens) or not samples.sampler.lines \
            or index >= len(sample_sets):  # fmt: skip
        _put(None)
        return sample_sets, {}
    if is_poem(samples.sampler, poem):
        change = partial(with_poem, models, samples, row, tuple(poem))
        key = ("poem", samples.request, row, *poem)
        samples = result(key, change, _("Scoring the poem")) or samples
    place = url_state.number("place", 0, 0, samples.sampler.length)
    others = None
    if place:
        find = partial(alternatives, models, samples, row, place - 1)
        key = ("place", samples.request, row, place)
        others = result(key, find, _("Scoring other characters"))
    if others is not None and others[1] and hidden:
        others = others[0], _("a model whose name is hidden")
    sets = [*sample_sets[:index], samples, *sample_sets[index + 1 :]]
    return sets, {(index, row): _work(samples, row, place, others)}


def act(samples: SampleSet, index: int, event: dict[str, Any]) -> None:
    """Change the address by what was done in a card, of the model of that index.

    The event's "card" is the poem's row, its "act" is "open" (a "place" from 0), "put" (a "token"
    there), "roll" ("lines" from 1, by G "alone" or not), "close", or "reset" to what was sampled.
    Nonsense changes nothing.
    """
    sampler, request = samples.sampler, samples.request
    row = next((n for n in range(len(samples.tokens)) if str(n) == event.get("card")), None)
    if row is None:
        return
    poem = tuple(samples.tokens[row].tolist())
    now = poem if samples.changed(row) else ()
    opens: dict[str, object] = {}
    match event:
        case {"act": "open", "place": int(place)} if 0 <= place < len(poem):
            opens = {"place": place + 1}
        case {"act": "put", "place": int(place), "token": int(token)} if 0 <= place < len(poem):
            now, opens = (*poem[:place], token, *poem[place + 1 :]), {"place": place + 1}
        case {"act": "roll", "lines": [*lines], "alone": bool(alone)}:
            ends = [0, *accumulate(sampler.lines)]
            rolled = [line for line in range(1, len(ends)) if line in lines]
            places = {t for line in rolled for t in range(ends[line - 1], ends[line])}
            seed = url_state.number("roll", 0, 0, 10**6) + 1
            drawn, allowed = 1 if alone else DRAWN, rhyme_tokens(sampler, request.rhyme)
            if rolled:
                now = draw_again(sampler, poem, places, seed, request.temperature, drawn, allowed)
                opens = {"lines": ".".join(map(str, rolled)), "roll": seed,
                         "alone": "yes" if alone else None}  # fmt: skip
        case {"act": "reset"}:
            now = ()
    if not now or is_poem(sampler, now):
        named = ".".join(map(str, (request.seed, index, row, *now)))
        _put(named if opens or now else None, **opens)


def _work(
    samples: SampleSet, row: int, place: int, others: tuple[list[Candidate], str] | None
) -> Work:
    """What the card shows: the others at a place (from 1), or lines to roll again (place 0)."""
    lines = [line for line in url_state.numbers("lines") if 0 < line <= len(samples.sampler.lines)]
    work: dict[str, Any] = {"changed": samples.changed(row), "place": place - 1, "lines": lines,
                            "alone": url_state.text("alone") == "yes", "title": ""}  # fmt: skip
    if not place:
        title, about = _("Roll lines again"), remark("make.roll-again")
        return work | {"title": title, "about": about} if lines else work
    words = samples.sampler.words
    work["title"] = _("Instead of {word}").format(word=words[int(samples.tokens[row, place - 1])])
    if others is None:
        return work
    candidates, judge = others
    options = [
        {
            "token": each.token, "text": words[each.token], "share": each.probability,
            "g": percent(each.probability), "kept": f"{each.kept:.3f}" if judge else "",
            "q": f"{each.q:.3f} ± {each.std_error:.3f}" if judge else "",
        }
        for each in candidates
    ]  # fmt: skip
    scored = remark("make.others-scored", n=samples.request.rollouts, judge=judge)
    return work | {"about": scored if judge else remark("make.others"), "options": options}


def _put(poem: str | None, **values: object) -> None:
    """Write the poem and what is open into the address, all at once."""
    kept = {name: (poem and url_state.text(name)) or None for name in ("roll", "alone")}
    url_state.put(**{"poem": poem, "place": None, "lines": None} | kept | values)
