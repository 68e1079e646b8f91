"""The list of runs, and what can be done with the selected ones."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui.common import choice, html, navigation, session
from pages.ui.common.buttons import action, button
from pages.ui.common.errors import show_errors
from pages.ui.common.run.download import bundle_button, csv_button
from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.progress import duration
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _, ngettext, remark
from seqgan_core.runs.records import RESUMABLE
from seqgan_core.runs.store import RunRecord
from seqgan_core.tasks.registry import CORPUS_TASKS, TASKS


def table(records: list[RunRecord]) -> list[RunRecord]:
    """The list, of one task or of all, sortable by column; returns the selected runs.

    The metrics come right after the name: a phone shows the first columns.
    """
    task = _choose_task(records)
    records = [record for record in records if task in ("", record.config.task)]
    frame = pd.DataFrame([_row(record) for record in records])
    if all(record.config.task == "synthetic" for record in records):
        frame = frame.drop(columns=["task", "bleu"])
    elif all(record.config.task in CORPUS_TASKS for record in records):
        frame = frame.drop(columns="oracle")
    columns = st.column_config
    last = _("At the last evaluation; lower is better")
    event = st.dataframe(
        frame,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"library.{_generation()}.{task}",
        height=min(36 * (len(records) + 1) + 3, 560),
        row_height=36,
        column_config={
            "name": columns.TextColumn(_("Run"), width=150),
            "oracle": columns.NumberColumn(metric_of("nll_oracle").title, format="%.3f", help=last),
            "test": columns.NumberColumn(metric_of("nll_test").title, format="%.3f", help=last),
            "bleu": columns.TextColumn(_("BLEU / self-BLEU"), help=remark("runs.bleu")),
            "best": columns.NumberColumn(_("Lowest NLL"), format="%.3f",
                                         help=remark("runs.lowest")),
            "status": columns.TextColumn(_("Status"), width="small"),
            "epoch": columns.NumberColumn(_("Epoch"), format="%.0f"),
            "task": columns.TextColumn(_("Data")),
            "time": columns.TextColumn(_("Training time")),
            "created": columns.DatetimeColumn(_("Created"), format="D MMM, HH:mm"),
            "device": columns.TextColumn(_("Device")),
            "id": columns.TextColumn(_("ID")),
        },
    )  # fmt: skip
    return [records[index] for index in event.selection.rows if index < len(records)]


def _choose_task(records: list[RunRecord]) -> str:
    """The task whose runs are shown, kept in the address; "" for all of them."""
    counts = Counter(record.config.task for record in records)
    if len(counts) < 2:
        return ""
    words = {
        "": _("all"), "synthetic": _("oracle"), "poems": _("poems"), "speech": _("speech"),
        "music": _("music"),
    }  # fmt: skip
    options = {"": f"{words['']} · {len(records)}"} | {
        task: f"{words[task]} · {counts[task]}" for task in TASKS if task in counts
    }
    look = {"key": "library.task", "label_visibility": "collapsed"}
    return choice.one_of("task", _("Task"), options, **look)


def _row(record: RunRecord) -> dict[str, Any]:
    config, metrics, best = record.config, record.metrics, record.best
    return {
        "name": visible_text(f"★ {record.name}" if record.starred else record.name),
        "oracle": metrics.get("nll_oracle"),
        "test": metrics.get("nll_test"),
        "bleu": _bleu(metrics),
        "best": best.get("nll_oracle", best.get("nll_test")),
        "status": html.status_text(record.status),
        "epoch": record.epoch,
        "task": config.corpus if config.task in CORPUS_TASKS else _("oracle"),
        "time": duration(record.seconds),
        "created": record.created,
        "device": visible_text(record.device or ""),
        "id": record.id,
    }


def _bleu(metrics: dict[str, float]) -> str:
    """BLEU of the longest n-grams, always with self-BLEU."""
    names = [name for name in metrics if name.startswith("bleu_")]
    if not names or "self_bleu" not in metrics:
        return ""
    last = max(names, key=lambda name: int(name.removeprefix("bleu_")))
    return f"{metric_of(last).title} {metrics[last]:.3f} / {metrics['self_bleu']:.3f}"


def actions(selected: list[RunRecord]) -> None:
    """Buttons for the selected runs; those that need exactly one are disabled with more."""
    store, manager = session.lab().store, session.lab().manager
    record = selected[0] if len(selected) == 1 else None
    waits = record is not None and record.status in ("queued", "running")
    can_resume = record is not None and record.status in RESUMABLE and not waits
    starred = bool(selected) and all(each.starred for each in selected)
    with st.container(horizontal=True, key="run-actions"):
        opened = _button(_("Open"), "visibility", enabled=record, type="primary")
        resumed = _button(_("Resume"), "play_arrow", enabled=can_resume)
        look = {"icon": ":material/edit:", "disabled": not record}
        with st.popover(_("Rename"), key="runs-rename", **look):
            if record:
                _rename(record)
        star = _button(_("Unstar") if starred else _("Star"), "star", enabled=selected)
        if record:
            csv_button(record, _("CSV"))
            bundle_button(record, _("Bundle"))
        deleted = _button(_("Delete"), "delete", enabled=selected)
    if not selected:
        html.quiet(remark("runs.select"))
    if record:
        html.quiet(record.made.line())
    if opened and record:
        st.switch_page(navigation.LAB, query_params={"run": record.id})
    if resumed and record and _apply([record], manager.resume):
        st.rerun()
    if star:
        done = _apply(selected, lambda run_id: store.star(run_id, not starred))
        if len(done) == len(selected):
            st.rerun()
    if deleted:
        gone = _apply(selected, store.delete)
        st.session_state["library.deleted"] = {run.id: run.name for run in gone}
        if len(gone) == len(selected):  # else the page still says why not
            redraw()


def _button(label: str, icon: str, *, enabled: object, **look: Any) -> bool:
    return button(label, icon, f"runs-{icon}", disabled=not enabled, **look)


def _rename(record: RunRecord) -> None:
    with st.form(f"rename.{record.id}", border=False):
        name, key = visible_text(record.name), f"rename.name.{record.id}"
        name = st.text_input(_("Name"), value=name, max_chars=80, key=key)
        if st.form_submit_button(_("Rename"), key=f"rename.save.{record.id}"):
            with show_errors():
                session.lab().store.rename(record.id, name)
                st.rerun()


def _apply(records: list[RunRecord], act: Callable[[str], Any]) -> list[RunRecord]:
    """Do it to each run; returns those where it succeeded, and shows the other errors."""
    done = []
    for record in records:
        with show_errors():
            act(record.id)
            done.append(record)
    return done


def redraw() -> None:
    """Draw the list again with nothing selected."""
    st.session_state["library.generation"] = _generation() + 1
    st.rerun()


def _generation() -> int:
    return int(st.session_state.get("library.generation", 0))


# -- deleted runs --------------------------------------------------------------------------------


def undo() -> None:
    """After a deletion: what was deleted, and the button that restores it."""
    gone: dict[str, str] = st.session_state.get("library.deleted", {})
    if not gone:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="undo"):
        count = ngettext("{n} run deleted", "{n} runs deleted", len(gone))
        names = ", ".join(f"{name} ({run_id})" for run_id, name in gone.items())
        html.quiet(_("{count}: {names}.").format(count=count, names=names))
        if button(_("Undo"), "undo", "undo.button"):
            st.session_state["library.deleted"] = {}
            with show_errors():
                for run_id in gone:
                    session.lab().store.undelete(run_id)
                redraw()


def trash() -> None:
    """The deleted runs, if any."""
    store = session.lab().store
    deleted = [record for record in store.runs(include_deleted=True) if record.deleted]
    if not deleted:
        return
    title = _("Deleted runs ({n})").format(n=len(deleted))
    with st.expander(title, icon=":material/delete:"):
        for record in deleted:
            with st.container(horizontal=True, vertical_alignment="center"):
                html.quiet(f"{record.name} · {record.id}")
                action(_("Restore"), "undo", f"back.{record.id}", store.undelete, record.id)
                label, key = _("Delete permanently"), f"purge.{record.id}"
                action(label, "delete_forever", key, store.purge, record.id)
