"""What was written as files to keep: text and JSON; pictures are saved from their cards."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from pages.ui.common import html
from pages.ui.make.screen_kind import Kind
from pages.ui.make.text.samples import LETTERS, copy_notes, set_text
from seqgan_core.insight.writing.samples import CopyReport, SampleSet
from seqgan_core.media.verse.verse_files import Provenance, Sheet, as_json, as_text
from seqgan_core.messages import _


def buttons(
    kind: Kind, sample_sets: list[SampleSet], copy_reports: list[CopyReport | None], *, hidden: bool
) -> None:
    """Draw the buttons; while names are hidden, so they are in the files."""
    with st.container(horizontal=True, vertical_alignment="center", key="make-keep"):
        for index, (samples, copy_report) in enumerate(zip(sample_sets, copy_reports, strict=True)):
            letter = LETTERS[index] if len(sample_sets) > 1 else ""
            sheets = _sheets(kind, samples, copy_report)
            made_by = _made_by(samples, letter if hidden else "")
            stem = "-".join(filter(None, (kind.task, str(samples.request.seed), letter)))
            for name, what, content, mime, icon in (
                ("text", _("Text"), as_text(sheets, made_by), "text/plain", "description"),
                ("json", "JSON", as_json(sheets, made_by), "application/json", "data_object"),
            ):
                st.download_button(
                    f"{what} {letter}".strip(), content,
                    f"{stem}.{'txt' if name == 'text' else name}", mime,
                    icon=f":material/{icon}:", on_click="ignore",
                    key=f"make.{kind.task}.{name}.{index}",
                )  # fmt: skip
        html.quiet(_("All of these in one file. Each card also saves itself as an image."))


def _sheets(kind: Kind, samples: SampleSet, copy_report: CopyReport | None) -> list[Sheet]:
    sampler = samples.sampler
    kind = kind.of(verse=bool(sampler.lines))
    return [
        Sheet(
            set_text(text, sampler.lines, sampler.unit),
            text,
            notes=copy_notes(kind, copy_report.copied[index], sampler.unit, sampler.lines)
            if copy_report
            else (),
        )
        for index, text in enumerate(samples.texts)
    ]


def _made_by(samples: SampleSet, letter: str) -> Provenance:
    sampler, request = samples.sampler, samples.request
    today = datetime.now(UTC).date().isoformat()
    if letter:
        return Provenance(letter, today, request.seed, request.temperature)
    remark = _("A model's text ({key}), trained on {corpus}.").format(
        key=sampler.key, corpus=sampler.config.corpus
    )
    return Provenance(sampler.title, today, request.seed, request.temperature, remark)
