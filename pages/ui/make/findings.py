"""Findings on samples: notes under each, and what to notice in all of them."""

from dataclasses import dataclass

from pages.ui.make.music import motifs
from pages.ui.make.screen_kind import Kind
from pages.ui.make.settings import Settings
from pages.ui.make.text import prosody
from seqgan_core.figures.make import text_notices, tune_notices
from seqgan_core.insight.writing.samples import CopyReport, RealScores, SampleSet
from seqgan_core.insight.writing.tune_motifs import Motifs
from seqgan_core.insight.writing.tunes import Traits, key_of, melody_of, per_note
from seqgan_core.insight.writing.tunes import traits as tune_traits
from seqgan_core.media.verse.layout import Verse
from seqgan_core.messages import _, remark
from seqgan_core.tasks.corpus import Sequence
from seqgan_core.tasks.music.key_finding import Key
from seqgan_core.tasks.music.tokens import key_name, quarters


@dataclass(frozen=True)
class Found:
    """A model's samples and what is known of them; None where it is not available, or not yet."""

    samples: SampleSet
    copies: CopyReport | None
    real: RealScores | None
    motifs: Motifs | None


def findings(kind: Kind, settings: Settings, found: list[Found]) -> list[str]:
    sentences = []
    for index, each in enumerate(found):
        parts = [part for part in _findings_of(kind, settings, index, each) if part]
        if parts and len(found) > 1:
            parts = [f"{settings.letter(index)}: " + " ".join(parts)]
        sentences += parts
    return sentences


def _findings_of(kind: Kind, settings: Settings, index: int, found: Found) -> list[str]:
    samples, parts = found.samples, []
    words = kind.of(verse=bool(samples.sampler.lines)).words
    if samples.values is not None:
        of = values(samples), named(samples)
        parts.append(text_notices.extreme(*of, settings.colour, words["one"]))
    elif settings.colour == "q":
        parts.append(remark("make.no-q", name=settings.name(index)))
    if found.motifs is not None:
        parts.append(motifs.strongest(found.motifs, samples.sampler.words))
    elif settings.motifs:
        parts.append(remark("make.no-motifs", name=settings.name(index)))
    keys = [each.key.name for each in traits_of(samples) if each.key is not None]
    parts.append(tune_notices.keys(keys, moved=samples.sampler.config.transpose))
    if found.copies is not None:
        parts.append(
            text_notices.copying(
                [len(copied.run) for copied in found.copies.copied], found.copies.natural,
                found.copies.n, words["many"], words["tokens"],
                line=max(samples.sampler.lines, default=0),
            )
        )  # fmt: skip
    return parts


def traits_of(samples: SampleSet) -> list[Traits]:
    """The traits of tunes; none of text."""
    if samples.sampler.unit != "notes":
        return []
    return tune_traits(samples.sampler.config.music_form, samples.tokens)


def notes(kind: Kind, settings: Settings, index: int, found: Found) -> list[list[str]]:
    """What stands under each sample."""
    samples, bpm = found.samples, settings.look_of(index).bpm
    tunes, values = traits_of(samples), samples.values
    notes: list[list[str]] = []
    for number, text in enumerate(samples.texts):
        lines = prosody.note(samples.sampler, text)
        if tunes:
            tonic = settings.look_of(index).tonic
            key = key_of(samples.sampler, samples.tokens[number].tolist(), tonic)
            lines.append(trait_words(tunes[number], key))
            if found.motifs is not None:
                lines.append(score_words(found.motifs.tunes[number].reading.score, found.real))
            elif settings.colour == "q" and values is not None:  # Q of the whole is D of it
                lines.append(score_words(float(values[number, -1]), found.real))
        if samples.changed(number):
            lines.append(_("Changed by hand after it was sampled."))
        if found.copies is not None:
            lines += copy_notes(kind, samples, found.copies, number, bpm)
        notes.append(lines)
    return notes


def trait_words(tune: Traits, key: Key | None = None) -> str:
    """The key of a whole tune, or else the one that fits best; how much of the tune is repeated."""
    if tune.key is None:
        return _("Silence: no notes.")
    if key is not None:
        return remark("finding.whole-tune", key=key.name, inside=tune.in_key, again=tune.repeated)
    return remark(
        "finding.key", key=tune.key.name, clear=tune.clear, inside=tune.in_key, again=tune.repeated
    )


def score_words(score: float, real: RealScores | None) -> str:
    """D's score of a whole tune, with that of real tunes where they are here."""
    if real is None:
        return _("P(real) {score:.3f} by the discriminator.").format(score=score)
    return remark("finding.tune-score", score=score, real=real.mean, n=real.n)


def copy_notes(
    kind: Kind, samples: SampleSet, copies: CopyReport, number: int, bpm: float | None
) -> list[str]:
    """What a sample shares with the training data."""
    sampler, copied = samples.sampler, copies.copied[number]
    lines = sampler.lines
    kind = kind.of(verse=bool(lines))
    if not copied.run:
        return [_("None of it is in the training data.")]
    nearest = copied.nearest_title or flat(copied.nearest, sampler.unit, lines)
    if copied.distance == 0:
        return [_("All of it is in the training data: “{text}”").format(text=nearest)]
    if sampler.unit == "notes":
        tokens, beat = samples.tokens[number].tolist(), 60 / melody_of(sampler, (), bpm).bpm
        start = quarters(tokens, copied.start) * beat
        end = quarters(tokens, copied.start + len(copied.run)) * beat
        return [
            remark("make.copied-steps", n=len(copied.run), all=sampler.length, start=start,
                   end=end, title=copied.holder_title),
            remark("make.nearest-tune", title=nearest, distance=copied.distance),
        ]  # fmt: skip
    run, holder = flat(copied.run, sampler.unit), flat(copied.holder, sampler.unit, lines)
    n, shared = len(copied.run), copied.shared
    return [
        remark("make.copied-tokens", n=n, tokens=kind.counted(n), run=run, holder=holder),
        remark("make.nearest-text", n=shared, tokens=kind.counted(shared), text=nearest),
    ]


def values(samples: SampleSet) -> list[list[float]]:
    """A number for every token that is shown, or for every note; none without a colour."""
    if samples.values is None:
        return [[] for _text in samples.texts]
    rows = samples.values.tolist()
    if samples.sampler.unit == "notes":
        form = samples.sampler.config.music_form
        tokens = samples.tokens.tolist()
        return [per_note(form, tune, row) for tune, row in zip(tokens, rows, strict=True)]
    return [row[: len(text)] for text, row in zip(samples.texts, rows, strict=True)]


def named(samples: SampleSet) -> list[Sequence]:
    """The tokens or notes that `_values` are of, in words."""
    if samples.sampler.unit != "notes":
        return samples.texts
    return [
        tuple(
            _("{name}, note {n}").format(name=key_name(note.pitch), n=at)
            for at, note in enumerate(melody_of(samples.sampler, row).notes, start=1)
        )
        for row in samples.tokens.tolist()
    ]


def flat(text: Sequence, unit: str, lines: tuple[int, ...] = ()) -> str:
    """A text in one line of a note; without its `lines`, a part of one."""
    if unit == "words":
        return str(Verse.of(text, unit="words", capital=False)).replace("\n", " ")
    return "".join(str(Verse.of(text, lines)).split("\n"))
