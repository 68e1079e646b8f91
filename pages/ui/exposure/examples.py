"""A few perturbed sequences: the replaced token marked, and what each model wrote after it."""

import math
from collections.abc import Mapping

import streamlit as st

from pages.ui.common import html
from pages.ui.common.i18n import escape
from seqgan_core.insight.exposure.perturbation import Example, Recovery
from seqgan_core.insight.exposure.summary import Model
from seqgan_core.messages import _, remark

FULL = 8.0  # nats at which a token's tint is at its strongest


def examples(results: Mapping[Model, Recovery], k: int) -> None:
    """A table for each of the first sequences; a row a model, a column a position."""
    html.quiet(remark("exposure.examples"))
    rows = {model: result.examples for model, result in results.items()}
    for index in range(min(len(examples) for examples in rows.values())):
        by_model = {model.label: examples[index] for model, examples in rows.items()}
        st.html(_table(index, by_model, k))


def _table(index: int, by_model: Mapping[str, Example], k: int) -> str:
    caption = _("Held-out sequence {n}, perturbed at position {k}").format(n=index + 1, k=k)
    first = next(iter(by_model.values()))
    places = range(1, len(first.real) + 1)
    real = "".join(
        f'<td class="{"was" if place == k else "given"}">{token}</td>'
        for place, token in zip(places, first.real, strict=True)
    )
    rows = "".join(_row(label, example, k) for label, example in by_model.items())
    top = html.columns([_("position"), *map(str, places), _("mean NLL after k")])
    was = f'<tr><th scope="row">{escape(_("real sequence"))}</th>{real}<td></td></tr>'
    return html.framed("perturbed", caption, top, was + rows)


def _row(label: str, example: Example, k: int) -> str:
    cells = []
    pairs = zip(example.perturbed, example.surprisal, strict=True)
    for place, (token, nll) in enumerate(pairs, start=1):
        if place < k:
            cells.append(f'<td class="given">{token}</td>')
            continue
        kind, mark = ("replaced", "✕ ") if place == k else ("wrote", "")
        tint = min(1.0, nll / FULL) if math.isfinite(nll) else 1.0
        cells.append(
            f'<td class="{kind}" style="--tint:{tint:.2f}">{mark}{token}'
            f"<small>{nll:.1f}</small></td>"
        )
    after = example.surprisal[k:]
    mean = f"<td><b>{sum(after) / len(after):.2f}</b></td>"
    return f'<tr><th scope="row">{escape(label)}</th>{"".join(cells)}{mean}</tr>'
