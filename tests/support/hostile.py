"""A library whose every name and text wants to do something where it is shown."""

from __future__ import annotations

import io
import json
import shutil
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from seqgan_core.media.visible_text import visible_text
from seqgan_core.runs.bundle import export_bundle, import_bundle
from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.tasks.corpora.upload import add_upload
from seqgan_core.tasks.music.user_tunes import UploadedFile
from seqgan_core.tasks.text.user_text import Options, UserText
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import make_config
from seqgan_core.training.setup.model_files import read_model, write_model
from tests.support.files.hand_made_scores import midi, named, note_events, tempo, xml_song, zipped
from tests.support.files.user_tunes import read_user_tunes
from tests.support.made_up.comparison import made_up_values
from tests.support.tiny.configs import SIZES
from tests.support.tiny.text_models import prose
from tests.support.tiny.trained_run import trained

CONTROLS = "\x1b[2J\x9b31m\x07\x08\x7f\x85\u202e\u2066\u200f\u2028\u200b\ufeff\U000e0041"
MARKUP = "[red]<b>*x*$y$:red[z]"
HOSTILE = f"{MARKUP}{CONTROLS}"  # the markup first: names are cut
SHOWN = visible_text(HOSTILE)


def effects(text: str) -> set[str]:
    """The characters in a text that could have an effect where it is shown.

    >>> sorted(effects("a\\tb\\n\\u202ec\\x9b"))
    ['\\x9b', '\\u202e']
    """
    hidden = {sign for sign in text if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    return hidden - set("\n\t\u200c\u200d")


@dataclass(frozen=True)
class Place:
    """A folder with a library, models that ship, comparisons, and files to read.

    Attributes:
        names: of what stands in the library: run, text run, text, tunes.
    """

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def names(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.folder / "names.json").read_text())
        return found

    def file(self, end: str) -> Path:
        """The file that ends so; its name is hostile, too."""
        return self.folder / "files" / f"{HOSTILE}.{end}"

    def copy(self, to: Path) -> Place:
        """One that a test may change."""
        shutil.copytree(self.folder, to, ignore=shutil.ignore_patterns("*-shm"))
        return Place(to)


def make(folder: Path, *shelves: Path) -> None:
    """Fill the folder of a `Place`, with models like those of these shelves."""
    place = Place(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQGAN_HOME", str(place.home))
        names = _fill(place.home)
    (folder / "names.json").write_text(json.dumps(names))
    for name in ("files", "models", "comparisons"):
        (folder / name).mkdir()
    for shelf in shelves:
        _ship(shelf, folder / "models")
    for name, text in _comparisons().items():
        (folder / "comparisons" / f"{name}.json").write_text(text)
    content = tunes() | {"txt": f"{HOSTILE}\n".encode() * 3}
    content |= {"bundle.zip": _bundle(Store(place.home), names["run"]).getvalue()}
    for end, data in content.items():
        place.file(end).write_bytes(data)


def _fill(home: Path) -> dict[str, str]:
    """Make that library; its names come from files, from a bundle and from people."""
    store, run = trained(home, HOSTILE)
    text = add_upload(UserText(_sentences(), HOSTILE, Options("words", 12, punctuation=True)), home)
    uploads = [UploadedFile(f"{HOSTILE}.{end}", data) for end, data in tunes().items()]
    tunes_read = add_upload(read_user_tunes(uploads, HOSTILE), home)
    config = make_config(**SIZES | {"task": "speech", "corpus": text.name, "sequence_length": 12})
    reader = store.create_run(resolve_config(config), name=HOSTILE)
    drive(store, reader)
    import_bundle(store, _bundle(store, run))
    return {"run": run, "text run": reader, "text": text.name, "tunes": tunes_read.name}


def _bundle(store: Store, run_id: str) -> io.BytesIO:
    """The run under another id, as somebody's program wrote it: it failed there, and says why."""
    whole, changed = io.BytesIO(), io.BytesIO()
    export_bundle(store, run_id, whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "run.json":
                about = json.loads(content) | {"id": "evil-aaaaaa", "status": "failed"}
                about |= {"name": HOSTILE, "reason": HOSTILE, "device": HOSTILE}
                about |= {"versions": {HOSTILE: HOSTILE}, "preset": HOSTILE}
                content = json.dumps(about).encode()
            target.writestr(name, content)
    return changed


def tunes() -> dict[str, bytes]:
    """A file of each kind whose parts, title and members are named so; and one that is none."""
    latin = HOSTILE.encode("latin-1", "ignore").decode("latin-1")
    low, high = [40 + n % 7 for n in range(400)], [70 + (n * n) % 9 for n in range(400)]
    tracks = (named(latin) + note_events(part) for part in (low, high))
    unseen = HOSTILE.translate(dict.fromkeys(range(32))).replace("<b>", "&lt;b>")
    score = xml_song().replace(b"<part-name>", f"<part-name>{unseen}".encode())
    return {
        "mid": midi(tempo(500_000), *tracks),
        "musicxml": score,
        "zip": zipped({f"{HOSTILE}.mid": b"no music", f"{HOSTILE}.xml": score}),
    }


def _ship(shelf: Path, folder: Path) -> None:
    """The models of a shelf, with cards and words that somebody else wrote."""
    for path in shelf.glob("*.safetensors"):
        model = read_model(path)
        card = replace(
            model.card, title=HOSTILE, licence=HOSTILE, command=HOSTILE, machine=HOSTILE,
            metrics=model.card.metrics | {HOSTILE: 0.5},
        )  # fmt: skip
        if card.unit != "notes":  # whose words say which key sounds
            words = [*card.words[:-4], *(f"{HOSTILE}{n}" for n in range(4))]
            card = replace(card, words=tuple(words))
        write_model(folder / path.name, card, model.generator, model.discriminator)


def _comparisons() -> dict[str, str]:
    """Recorded comparisons by their file's name: of a method and a preset named so; one damaged."""
    values = made_up_values(3, ("mle", "seqgan", "random"))
    values["about"] |= {"preset": HOSTILE, "changes": {"corpus": HOSTILE}}
    text = json.dumps(values).replace('"random"', json.dumps(HOSTILE))
    return dict.fromkeys(("evil", "poems", "music"), text) | {f"{MARKUP}\x1b": '{"format": "\x1b"}'}


def _sentences() -> str:
    """Sentences in which words look like markup; and one that cannot be used."""
    signs = ["<b>", "$y$", ":x:", "*x*", "[a](b)"]
    lines = (f"{signs[n % 5]} {line}" for n, line in enumerate(prose().splitlines()))
    return "\n".join([*lines, f"this {CONTROLS} is left out."])


def flat(value: object) -> Iterable[str]:
    """Every text in a value of JSON, also the names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from (name, *flat(part))
    elif isinstance(value, list):
        for part in value:
            yield from flat(part)
