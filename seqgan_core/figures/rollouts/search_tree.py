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
)
from seqgan_core.messages import Message, _, remark

if TYPE_CHECKING:
    from seqgan_core.insight.rollouts.search import PrefixSearch
    from seqgan_core.insight.rollouts.truth import Truth

ROW, AROUND = 22, 70  # pixels: a node's row, and the space around all rows


def search_tree(found: PrefixSearch, simulation: int, name: Callable[[int], str]) -> Figure:
    """The tree after `simulation` (0 to S): a row a node, further right the longer its prefix.

    Every node keeps its row while the tree grows, and `name` gives a token's name.
    """
    edges = {  # child: its parent and action, in the order that the nodes were added in
        int(found.child[node, action]): (int(node), int(action))
        for node in range(len(found.child))
        for action in found.child[node].nonzero()[0]
    }
    rows: dict[int, int] = {}

    def place(node: int) -> None:
        rows[node] = len(rows)
        children = [child for child, (parent, _a) in edges.items() if parent == node]
        for child in sorted(children, key=lambda child: -found.visits[-1][edges[child]]):
            place(child)

    place(0)
    visits, totals, start = found.visits[simulation], found.totals[simulation], len(found.prefix)
    path = {int(found.child[edge]) for edge in found.path(simulation)}
    best = int(visits[0].argmax())
    if simulation == len(found.visits) - 1:
        best = found.actions[0].tolist().index(found.chosen)
    shown = [node for node in rows if node and node <= simulation]
    groups: dict[str, list[int]] = {"root": [0], "path": [], "best": [], "other": []}
    for node in shown:
        key = "path" if node in path else "best" if edges[node] == (0, best) else "other"
        groups[key].append(node)

    def depth(node: int) -> int:
        return int(found.lengths[node]) - start

    def label(node: int) -> str:
        """The token and the numbers of the edge that leads to the node."""
        if not node:
            return f"v {found.values[0]:.3f}"
        edge = edges[node]
        n, token = visits[edge], name(int(found.actions[edge]))
        words = f"{token} · N {n:.0f} · Q {totals[edge] / n:.3f} · P {percent(found.prior[edge])}"
        return f"★ {words}" if edge == (0, best) else words

    def about(node: int) -> str:
        tokens = found.tokens[node, start : int(found.lengths[node])]
        prefix = " ".join(map(name, tokens.tolist())) or _("the prefix")
        value = _("{prefix}: own value v {v:.3f}").format(prefix=prefix, v=found.values[node])
        return f"{value}, {label(node)}" if node else value

    def lines(nodes: list[int], title: str, colour: str, width: float) -> Trace:
        x: list[float | None] = []
        y: list[float | None] = []
        for node in nodes:
            parent = edges[node][0]
            x += [depth(parent), depth(parent), depth(node), None]
            y += [rows[parent], rows[node], rows[node], None]
        return {
            "type": "scatter", "mode": "lines", "x": x, "y": y, "name": title,
            "hoverinfo": "skip", "showlegend": False, "line": {"color": colour, "width": width},
        }  # fmt: skip

    looks = {
        "root": (_("root"), "square", GENERATOR), "path": (_("this simulation"), "diamond", REWARD),
        "best": (_("best so far"), "star", GENERATOR), "other": (_("node"), "circle", NEUTRAL),
    }  # fmt: skip
    data = [lines(shown, _("edges"), NEUTRAL, 1.2)]
    data.append(lines([node for node in shown if node in path], _("path"), REWARD, 3.5))
    data += [
        {
            "type": "scatter", "mode": "markers+text", "name": looks[key][0],
            "x": [depth(node) for node in nodes], "y": [rows[node] for node in nodes],
            "text": [label(node) for node in nodes], "textposition": "middle right",
            "customdata": [about(node) for node in nodes], "cliponaxis": False,
            "marker": {"symbol": looks[key][1], "size": 9, "color": looks[key][2]},
            "hovertemplate": "%{customdata}<extra></extra>",
        }
        for key, nodes in groups.items() if nodes
    ]  # fmt: skip
    deepest = max(map(depth, rows))
    result = figure(
        data, finding=_finding(found, simulation, name, best), seeing=remark("seeing.search"),
        x_title=_("tokens after the prefix"), y_title="", height=ROW * len(rows) + AROUND,
        x_range=(-0.3, deepest + 4), y_range=(len(rows) - 0.3, -0.7), hovermode="closest",
    )  # fmt: skip
    result["layout"]["yaxis"] |= {"visible": False}
    result["layout"]["xaxis"] |= {"tickvals": list(range(deepest + 1))}
    return result


def _finding(found: PrefixSearch, simulation: int, name: Callable[[int], str], best: int) -> str:
    total = len(found.visits) - 1
    if not simulation:
        return _("Before the first simulation: the root's own value is {v:.3f}").format(
            v=found.values[0]
        )
    token = name(int(found.actions[0, best]))
    if simulation == total:
        likeliest = name(int(found.actions[0, 0]))
        return _("The search chooses {token}; the token that G finds likeliest is {other}").format(
            token=token, other=likeliest
        )
    return str(
        Message(
            "Simulation {n} of {total} added a node; {token} was tried most",
            n=simulation, total=total, token=token,
        )
        if (found.child == simulation).any()
        else Message(
            "Simulation {n} of {total} ended at a known sequence; {token} was tried most",
            n=simulation, total=total, token=token,
        )
    )  # fmt: skip


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
        values = getattr(errors, what)
        x = list(range(1, len(values) + 1))
        data.append(
            line(x, values.tolist(), title, colour, marker=marker, dash=dash, hover="%{y:+.4f}")
        )
        means.append(float(values.mean()))
    fields = {"a": means[0], "b": means[1], "c": means[2], "d": means[3]}
    if what == "absolute":
        finding = _("Mean error: roll-outs {a:.3f}, v {b:.3f}, tree {c:.3f}").format(**fields)
    else:
        finding = _(
            "Bias: roll-outs {a:+.3f}, v {b:+.3f}, tree {c:+.3f}, of its choice {d:+.3f}"
        ).format(**fields)
    y_title = _("mean absolute error") if what == "absolute" else _("bias: estimate minus truth")
    return figure(
        data, finding=finding.replace("-", "−"), x_title=_("position of the token"),
        y_title=y_title, seeing=remark(f"seeing.truth-{what}", n=truth.n, all=truth.sentences),
        shapes=[level(0.0, NEUTRAL)], x_range=(0.7, len(truth.rollouts.bias) + 0.3),
    )  # fmt: skip
