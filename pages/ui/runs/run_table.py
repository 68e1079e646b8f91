"""The list of runs, and what can be done with those that are ticked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui.common import html, navigation, session, url_state
from pages.ui.common.errors import show_errors
from pages.ui.common.run.download import bundle_button, csv_button
from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.progress import duration
from seqgan_core.messages import _
from seqgan_core.runs.records import RESUMABLE
from seqgan_core.runs.store import RunRecord
from seqgan_core.tasks.registry import CORPUS_TASKS, TASKS


def table(records: list[RunRecord]) -> list[RunRecord]:
    """The list, of one task or of all, sortable by its heads; returns the ticked runs."""
    task = _choose_task(records)
    records = [record for record in records if task in ("", record.config.task)]
    frame = pd.DataFrame([_row(record) for record in records])
    if all(record.config.task == "synthetic" for record in records):
        frame = frame.drop(columns=["task", "bleu"])
    elif all(record.config.task in CORPUS_TASKS for record in records):
        frame = frame.drop(columns="oracle")
    event = st.dataframe(
        frame,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"library.{_generation()}.{task}",
        height=min(36 * (len(records) + 1) + 3, 560),
        row_height=36,
        column_config={
            "star": st.column_config.TextColumn(_("★"), width=40),
            "name": st.column_config.TextColumn(_("Run"), width="medium"),
            "task": st.column_config.TextColumn(_("Task")),
            "status": st.column_config.TextColumn(_("Status"), width="small"),
            "oracle": st.column_config.NumberColumn(
                _("NLL_oracle"), format="%.3f", help=_("At the last evaluation; lower is better")
            ),
            "best": st.column_config.NumberColumn(
                _("best"), format="%.3f",
                help=_("Lowest NLL_oracle of the run; lowest NLL_test where no oracle judges"),
            ),
            "test": st.column_config.NumberColumn(
                _("NLL_test"), format="%.3f", help=_("At the last evaluation; lower is better")
            ),
            "bleu": st.column_config.TextColumn(
                _("BLEU / self"),
                help=_("Against the held-out text, and of the samples against each other; it "
                       "means something only beside its ceiling"),
            ),
            "epoch": st.column_config.NumberColumn(_("Epoch"), format="%.0f"),
            "time": st.column_config.TextColumn(_("Training time")),
            "created": st.column_config.DatetimeColumn(_("Created"), format="D MMM, HH:mm"),
            "device": st.column_config.TextColumn(_("Device")),
            "id": st.column_config.TextColumn(_("Id")),
        },
    )  # fmt: skip
    return [records[index] for index in event.selection.rows if index < len(records)]


def _choose_task(records: list[RunRecord]) -> str:
    """The task whose runs are shown, in the address; "" for all of them."""
    counts = Counter(record.config.task for record in records)
    if len(counts) < 2:
        return ""
    words = {
        "": _("all"), "synthetic": _("oracle"), "poems": _("poems"), "speech": _("speech"),
        "music": _("music"),
    }  # fmt: skip
    chosen = st.segmented_control(
        _("Task"),
        ["", *(task for task in TASKS if task in counts)],
        default=url_state.one_of("task", list(counts), ""),
        required=True,
        format_func=lambda task: f"{words[task]} · {counts[task] if task else len(records)}",
        key="library.task",
        label_visibility="collapsed",
    )
    url_state.put(task=chosen or None)
    return str(chosen)


def _row(record: RunRecord) -> dict[str, Any]:
    config, metrics, best = record.config, record.metrics, record.best
    return {
        "star": "★" if record.starred else "",
        "name": record.name,
        "task": config.corpus if config.task in CORPUS_TASKS else _("oracle"),
        "status": html.status_text(record.status),
        "oracle": metrics.get("nll_oracle"),
        "test": metrics.get("nll_test"),
        "best": best.get("nll_oracle", best.get("nll_test")),
        "bleu": _bleu(metrics),
        "epoch": record.epoch,
        "time": duration(record.seconds),
        "created": record.created,
        "device": record.device,
        "id": record.id,
    }


def _bleu(metrics: dict[str, float]) -> str:
    """BLEU of the longest n-grams, never without self-BLEU."""
    names = [name for name in metrics if name.startswith("bleu_")]
    if not names or "self_bleu" not in metrics:
        return ""
    last = max(names, key=lambda name: int(name.removeprefix("bleu_")))
    return f"{metric_of(last).title} {metrics[last]:.3f} / {metrics['self_bleu']:.3f}"


def actions(ticked: list[RunRecord]) -> None:
    """Buttons for the ticked runs; those that need exactly one are greyed with more."""
    store, manager = session.lab().store, session.lab().manager
    record = ticked[0] if len(ticked) == 1 else None
    with st.container(horizontal=True, key="run-actions"):
        if (
            st.button(_("Open"), type="primary", icon=":material/visibility:", disabled=not record)
            and record
        ):
            st.switch_page(navigation.LAB, query_params={"run": record.id})
        can_resume = (
            record is not None
            and record.status in RESUMABLE
            and record.status not in ("queued", "running")
        )
        if st.button(_("Resume"), icon=":material/play_arrow:", disabled=not can_resume) and record:
            with show_errors():
                manager.resume(record.id)
                st.rerun()
        with st.popover(_("Rename"), icon=":material/edit:", disabled=not record):
            if record:
                _rename(record)
        starred = bool(ticked) and all(each.starred for each in ticked)
        label = _("Unstar") if starred else _("Star")
        if st.button(label, icon=":material/star:", disabled=not ticked) and len(
            _apply(ticked, lambda run_id: store.star(run_id, not starred))
        ) == len(ticked):
            st.rerun()
        if record:
            csv_button(record, _("CSV"))
            bundle_button(record, _("Bundle"))
        if st.button(_("Delete"), icon=":material/delete:", disabled=not ticked):
            gone = _apply(ticked, store.delete)
            st.session_state["library.deleted"] = gone
            if len(gone) == len(ticked):  # else the page still says why not
                redraw()
    if not ticked:
        html.quiet(
            _(
                "Tick one run to open, resume, rename or export it; tick two or more to compare "
                "them."
            )
        )


def _rename(record: RunRecord) -> None:
    with st.form(f"rename.{record.id}", border=False):
        name = st.text_input(_("Name"), value=record.name, max_chars=80)
        if st.form_submit_button(_("Save the name")):
            with show_errors():
                session.lab().store.rename(record.id, name)
                st.rerun()


def _apply(records: list[RunRecord], act: Callable[[str], Any]) -> list[str]:
    """Do it to each; returns the ids with which it went well, the others are explained."""
    done = []
    for record in records:
        with show_errors():
            act(record.id)
            done.append(record.id)
    return done


def redraw() -> None:
    """Draw the list anew with nothing ticked."""
    st.session_state["library.generation"] = _generation() + 1
    st.rerun()


def _generation() -> int:
    return int(st.session_state.get("library.generation", 0))


# -- deleted runs --------------------------------------------------------------------------------


def undo() -> None:
    """After a deletion: what went, and the button that brings it back."""
    gone: list[str] = st.session_state.get("library.deleted", [])
    if not gone:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="undo"):
        html.quiet(_("{n} deleted: {names}.").format(n=len(gone), names=", ".join(gone)))
        if st.button(_("Undo"), icon=":material/undo:", key="undo.button"):
            st.session_state["library.deleted"] = []
            with show_errors():
                for run_id in gone:
                    session.lab().store.undelete(run_id)
                redraw()


def trash() -> None:
    """The deleted runs, if there are any."""
    store = session.lab().store
    deleted = [record for record in store.runs(include_deleted=True) if record.deleted]
    if not deleted:
        return
    title = _("Deleted runs ({n})").format(n=len(deleted))
    with st.expander(title, icon=":material/delete:"):
        for record in deleted:
            with st.container(horizontal=True, vertical_alignment="center"):
                html.quiet(f"{record.name} · {record.id}")
                back, purge = f"back.{record.id}", f"purge.{record.id}"
                if st.button(_("Bring back"), key=back, icon=":material/undo:"):
                    with show_errors():
                        store.undelete(record.id)
                        st.rerun()
                if st.button(_("Remove for good"), key=purge, icon=":material/delete_forever:"):
                    with show_errors():
                        store.purge(record.id)
                        st.rerun()
