"""Small pieces of HTML; all text is escaped."""

import json
import re
from collections.abc import Iterable, Sequence
from itertools import starmap
from typing import Any

import streamlit as st

from pages.ui.common.i18n import ASSETS, escape
from seqgan_core.figures.progress import Progress, time_left
from seqgan_core.figures.run.followed import changed
from seqgan_core.insight.token_reader import Reader
from seqgan_core.messages import N_, _

_STATUS = {
    "queued": ("◔", "wait", N_("queued")),
    "running": ("●", "live", N_("training")),
    "paused": ("‖", "wait", N_("paused")),
    "stopped": ("■", "rest", N_("stopped")),
    "interrupted": ("⚡", "wait", N_("interrupted")),
    "finished": ("✓", "good", N_("finished")),
    "diverged": ("▲", "bad", N_("diverged")),
    "failed": ("✕", "bad", N_("failed")),
    "recorded": ("◆", "rest", N_("recorded")),
}

_MAX_TOKENS_IN_COLUMNS = 12  # longer rows need the full width


def style(name: str = "app") -> None:
    """Load a style sheet of `assets/styles`; by default the one that every page uses."""
    st.html(ASSETS / "styles" / f"{name}.css")
    if name == "app":  # on a phone Streamlit's button for the menu is a bare "»"
        st.html(f"<style>:root {{ --menu: {json.dumps(_('Menu'))} }}</style>")


def lede(text: str) -> None:
    """The sentence under a title."""
    st.html(f'<p class="lede">{escape(text)}</p>')


def quiet(text: str, *, inline: bool = False) -> None:
    """A remark in small type; inline it is no wider than its text, beside buttons in a row."""
    st.html(f'<p class="quiet">{escape(text)}</p>', width="content" if inline else "stretch")


def status_html(status: str) -> str:
    """A status as a mark, a colour and a word."""
    mark, kind, word = _STATUS.get(status, ("?", "rest", status))
    sign = f'<span class="mark" aria-hidden="true">{mark}</span>'
    return f'<span class="status {kind}">{sign}{escape(_(word))}</span>'


def training_line(status: str, name: str, at: Progress, more: str = "") -> None:
    """A run in training in a line: its status, name and progress, and the time left."""
    parts = [
        status_html(status),
        f"<strong>{escape(name)}</strong>",
        f'<span class="bar"><i style="width:{at.fraction:.1%}"></i></span>',
        *(f"<span>{escape(t)}</span>" for t in (at.label, time_left(at.seconds_left), more) if t),
    ]
    st.html(f'<div class="now">{"".join(parts)}</div>')


def status_text(status: str) -> str:
    """A status as a mark and a word."""
    mark, _kind, word = _STATUS.get(status, ("?", "rest", status))
    return f"{mark} {_(word)}"


def finding(text: str) -> None:
    """What to notice now: the finding in a figure's title."""
    st.html(f'<p class="finding">{escape(text)}</p>')


def notices(sentences: Sequence[str], rule: str = "") -> None:
    """What to notice now, under figures: one sentence as a paragraph, more of them as a list.

        html.notices(notices.grid(drawn), rule=rule())

    Args:
        sentences: computed from the figures above; empty ones are left out.
        rule: how they were judged, in small type.
    """
    items = [escape(typeset(sentence)) for sentence in sentences if sentence]
    if not items:
        return
    lead = f"<b>{escape(_('What to notice now.'))}</b>"
    rows = "".join(f"<li>{item}</li>" for item in items)
    body = f"<p>{lead} {items[0]}</p>" if len(items) == 1 else f"{lead}<ul>{rows}</ul>"
    small = f'<p class="quiet">{escape(typeset(rule))}</p>' if rule else ""
    st.html(f'<div class="notice-now">{body}{small}</div>')


def typeset(text: str) -> str:
    """The text as figures print it: true minus signs, and "n = 5" on one line."""
    minus = re.sub(r"(?<!\w)-(?=\d)", "−", text)
    return minus.replace(" = ", "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")


def command(line: str) -> None:
    """A command line to copy: a click selects all of it.

    `st.code` would bring its colouring along, which costs a browser half a second to a second
    before anything on the page can be heard or read.
    """
    about = escape(_("command line"))
    st.html(f'<pre class="command" tabindex="0" role="group" aria-label="{about}">'
            f"<code>{escape(line)}</code></pre>")  # fmt: skip


def columns_for(length: int) -> Sequence[Any]:
    """Two columns if rows of `length` tokens leave room for them, otherwise two containers."""
    if length <= _MAX_TOKENS_IN_COLUMNS:
        return st.columns([1, 1], gap="large")
    return [st.container(), st.container()]


def facts(*rows: tuple[str, str, str]) -> None:
    """Numbers in a row: name, value and a remark."""
    st.html('<div class="facts">' + "".join(starmap(_fact, rows)) + "</div>")


def empty(title: str, text: str) -> None:
    """An empty section: what would be here, and how to get it."""
    st.html(f'<div class="empty"><h3>{escape(title)}</h3><p>{escape(text)}</p></div>')


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], caption: str, *, stacked: bool = False
) -> None:
    """Numbers as a table that a screen reader can walk through; first column names the row.

    If `stacked`, each row is a list of its numbers on a phone, each with its head.
    """
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(
            f'<td data-head="{"" if cell == "–" else escape(name)}">{escape(cell)}</td>'
            for name, cell in zip(head[1:], rest, strict=True)
        )
        + "</tr>"
        for first, *rest in rows
    )
    st.html(framed("numbers stacked" if stacked else "numbers", caption, columns(head), body))


def columns(head: Iterable[str]) -> str:
    """The head of a table's columns."""
    return "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)


def framed(kind: str, caption: str, top: str, body: str) -> str:
    """A table of finished HTML in a box that scrolls sideways, also by keyboard.

    Args:
        kind: the table's class.
        caption: what it shows, as text.
        top: cells of the head, escaped.
        body: rows, escaped.
    """
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="{kind}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def followed(
    now: Sequence[Sequence[int]], before: Sequence[Sequence[int]] | None, reader: Reader
) -> None:
    """The followed sequences, one box a token; changed ones carry a dot."""
    rows = []
    for index, (row, moved) in enumerate(zip(now, changed(before, now), strict=True)):
        cells = zip(reader.names(row), moved, reader.padding(row), strict=True)
        boxes = _set([_token(*cell) for cell in cells], reader)
        rows.append(f'<div class="row"><span class="nth">{index + 1}</span>{boxes}</div>')
    about = f'tabindex="0" role="group" aria-label="{escape(_("tracked sequences"))}"'
    kind = f"followed {reader.unit}" if reader.unit else "followed"
    st.html(f'<div class="{kind}" {about}>{"".join(rows)}</div>')


def _set(boxes: Sequence[str], reader: Reader) -> str:
    """The boxes of a sequence; those of text wrap, verse between its lines first."""
    if reader.unit is None:
        return "".join(boxes)
    starts = [sum(reader.lines[:index]) for index in range(len(reader.lines))]
    framed = [
        "".join(boxes[start : start + length])
        for start, length in zip(starts, reader.lines, strict=True)
    ]
    lines = "".join(f'<span class="line">{line}</span>' for line in framed) or "".join(boxes)
    return f'<span class="text">{lines}</span>'


def _fact(what: str, number: str, remark: str) -> str:
    small = f" <small>{escape(remark)}</small>" if remark else ""
    return f'<p><span class="what">{escape(what)}</span>{escape(number)}{small}</p>'


def _token(name: str, moved: bool, padding: bool) -> str:
    if padding:  # changes after the end mean nothing
        return f'<span class="tok pad" title="{_("after the end")}">{escape(name)}</span>'
    if not moved:
        return f'<span class="tok">{escape(name)}</span>'
    return f'<span class="tok moved" title="{_("changed")}">{escape(name)}</span>'
