"""Figures of a tree search: the tree after a simulation, and its errors against the truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from seqgan_core.figures.rollouts.findings import percent
from seqgan_core.figures.style import (
    DISCRIMINATOR,
    GENERATOR,
    NEUTRAL,
    REWARD,
    Figure,
    Trace,
    figure,
    level,
    line,
    marks,
)
from seqgan_core.messages import _, remark

if TYPE_CHECKING:
    from seqgan_core.insight.rollouts.search import PrefixSearch
    from seqgan_core.insight.rollouts.truth import Truth

ROW, DENSE, AROUND = 22, 15, 70  # pixels: a row of few nodes, of many, and what is around them


def search_tree(found: PrefixSearch, simulation: int, name: Callable[[int], str]) -> Figure:
    """The tree after `simulation` (0 to S): a row a node, further right the longer its prefix.

    Every node keeps its row while the tree grows, and `name` gives a token's name.
    """
    tree, visits, totals = found.found.tree, found.visits[simulation], found.totals[simulation]
    tokens, values = tree.tokens[0].tolist(), tree.values[0].tolist()
    start, child, actions = len(found.prefix), tree.child[0].tolist(), tree.actions[0].tolist()
    depths = [length - start for length in tree.lengths[0].tolist()]
    rows: dict[int, int] = {}
    edges: dict[int, tuple[int, int]] = {}  # of a node: its parent and the action there

    def place(node: int) -> None:
        rows[node] = len(rows)
        for action in (-found.visits[-1, node]).argsort(kind="stable").tolist():
            if child[node][action]:
                edges[child[node][action]] = (node, action)
                place(child[node][action])

    place(0)
    path = {child[node][action] for node, action in found.path(simulation)}
    best = int(visits[0].argmax())
    if simulation == len(found.visits) - 1:
        best = actions[0].index(int(found.found.chosen))
    shown = [node for node in rows if 0 < node <= simulation]

    def label(node: int) -> str:
        """The token and the numbers of the edge that leads to the node."""
        if not node:
            return _("the prefix · v {v:.3f}").format(v=values[0])
        (parent, action), n = edges[node], visits[edges[node]]
        q, p = totals[edges[node]] / n, percent(float(tree.prior[0, parent, action]))
        words = f"{name(actions[parent][action])} · N {n:.0f} · Q {q:.3f} · P {p}"
        return f"★ {words}" if edges[node] == (0, best) else words

    def about(node: int) -> str:
        if not node:
            return label(0)
        prefix = " ".join(map(name, tokens[node][start : start + depths[node]]))
        own = _("{prefix}: own value v {v:.3f}").format(prefix=prefix, v=values[node])
        return f"{own}, {label(node)}"

    def nodes(
        title: str, members: list[int], symbol: str, colour: str, width: float
    ) -> list[Trace]:
        x: list[float | None] = []
        y: list[float | None] = []
        for node in filter(None, members):
            parent = edges[node][0]
            x += [depths[parent], depths[parent], depths[node], None]
            y += [rows[parent], rows[node], rows[node], None]
        lines = line(x, y, title, colour, width=width, hoverinfo="skip", showlegend=False)
        points = marks(
            [depths[node] for node in members], [rows[node] for node in members], title, colour,
            symbol, size=9 if few else 7, mode="markers+text", cliponaxis=False,
            text=list(map(label, members)), customdata=list(map(about, members)),
            textposition="middle right", textfont={"size": 12 if few else 10.5},
            hover="%{customdata}",
        )  # fmt: skip
        return [lines, points] if members else []

    few, deepest = len(rows) <= 24, max(depths)
    other = [node for node in shown if node not in path]
    on_path = [node for node in shown if node in path]
    return figure(
        nodes(_("root"), [0], "square", GENERATOR, 1)
        + nodes(_("other node"), other, "circle", NEUTRAL, 1.2)
        + nodes(_("this simulation"), on_path, "diamond", REWARD, 3.5),
        finding=_finding(found, simulation, name(actions[0][best]), name(actions[0][0])),
        seeing=remark("seeing.search"), x_title=_("tokens after the prefix"), y_title="",
        height=(ROW if few else DENSE) * len(rows) + AROUND, hovermode="closest",
        x_range=(-0.3, 2 * deepest + 2), y_range=(len(rows) - 0.3, -0.7),
        x_axis={"tickvals": list(range(deepest + 1))}, y_axis={"visible": False},
        margin={"l": 14, "r": 14, "t": 34, "b": 44},
    )  # fmt: skip


def _finding(found: PrefixSearch, simulation: int, token: str, likeliest: str) -> str:
    tree, total = found.found.tree, len(found.visits) - 1
    if not simulation:
        return _("Before the first simulation: the prefix's own value is {v:.3f}").format(
            v=float(tree.values[0, 0])
        )
    if simulation == total:
        return _("The search chooses {token}; the token that G finds likeliest is {other}").format(
            token=token, other=likeliest
        )
    added = (tree.child == simulation).any()
    text = (
        _("Simulation {n} of {total} added a node; {token} was tried most")
        if added
        else _("Simulation {n} of {total} ended at a known sequence; {token} was tried most")
    )
    return text.format(n=simulation, total=total, token=token)


def against_truth(truth: Truth, what: Literal["absolute", "bias"]) -> Figure:
    """The errors of four estimates of Q by position: the mean size, or the mean with its sign."""
    estimates = (
        (_("16 roll-outs"), truth.rollouts, REWARD, "circle", "solid"),
        (_("value network"), truth.value, DISCRIMINATOR, "square", "dash"),
        (_("tree"), truth.tree, GENERATOR, "diamond", "dot"),
        (_("tree, of its choice"), truth.chosen, NEUTRAL, "star", "dashdot"),
    )
    data, means = [], []
    for title, errors, colour, marker, dash in estimates:
        y = (abs(errors) if what == "absolute" else errors).mean(0).tolist()
        x = range(1, len(y) + 1)
        data.append(line(x, y, title, colour, marker=marker, dash=dash, hover="%{y:+.4f}"))
        means.append(sum(y) / len(y))
    fields = dict(zip("abcd", means, strict=True))
    if what == "absolute":
        y_title = _("mean absolute error")
        finding = _("Mean error: roll-outs {a:.3f}, v {b:.3f}, tree {c:.3f}")
    else:
        y_title = _("bias: estimate minus truth")
        finding = _("Bias: roll-outs {a:+.3f}, v {b:+.3f}, tree {c:+.3f}, of its choice {d:+.3f}")
    n, length = truth.rollouts.shape
    return figure(
        data, finding=finding.format(**fields).replace("-", "−"), y_title=y_title,
        x_title=_("position of the token"), shapes=[level(0.0, NEUTRAL)],
        seeing=remark(f"seeing.truth-{what}", n=n, all=truth.sentences),
        x_range=(0.7, length + 0.3),
    )  # fmt: skip
