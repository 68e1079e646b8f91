"""A melody engraved: an SVG that a page may embed, in which every note can be found and coloured.

The engraver reads only our own MusicXML: malformed music would crash the whole process.
"""

import re
import threading
import zlib
from dataclasses import dataclass
from importlib.resources import files
from xml.etree import ElementTree

import verovio

from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.musicxml import score
from seqgan_core.media.music.notation import notation

_SVG = "{http://www.w3.org/2000/svg}"
_ID = re.compile(r"-n(\d+)(?:-\d+)?$")
_CHORD_SIGNS = str.maketrans("\uea64\uea66", "♭♯")  # of the engraver's font, which no page has
_SCALE = 40  # percent; a staff is 0.72 pixels high for each
_ENGRAVING = threading.Lock()  # the engraver's log and random ids are shared by all threads
ElementTree.register_namespace("", _SVG.strip("{}"))


@dataclass(frozen=True)
class Score:
    """An engraved score."""

    # the picture, in the colour of the text around it; note number 3 is the groups with
    # data-note="3", the first of them with the id NAME-n3
    svg: str
    # width, height: in pixels
    width: int
    height: int


def engrave(
    melody: Melody, *, width: int = 1000, name: str = "score", fifths: int | None = None
) -> Score:
    """Engraves the melody.

    Args:
        melody: what is written.
        width: of the page, in pixels; lines are broken to fit.
        name: prefix of every note's id; scores on one page need different ones. A letter, then
            letters, digits, - and _.
        fifths: sharps of the key signature; found if None.
    """
    if not 200 <= width <= 4000:
        raise ValueError(f"width is {width}; it must be from 200 to 4000 pixels")
    if not name.replace("-", "").replace("_", "").isalnum() or not name[:1].isalpha():
        raise ValueError(f"name is {name!r}; it must be a letter and then letters, digits, - or _")
    written = score(notation(melody, fifths), name=name)
    root = ElementTree.fromstring(_engraved(written, width))
    _mark_notes(root)
    height = round(float(root.attrib["height"].removesuffix("px")))
    return Score(ElementTree.tostring(root, encoding="unicode"), width, height)


def _engraved(written: str, width: int) -> str:
    """The engraver's SVG of our own MusicXML."""
    with _ENGRAVING:
        # The path of the fonts is stored by thread.
        verovio.setDefaultResourcePath(str(files("verovio") / "data"))
        verovio.enableLog(verovio.LOG_OFF)
        engraver = verovio.toolkit()
        engraver.setOptions(
            {
                "adjustPageHeight": True,
                "breaks": "auto",
                "footer": "none",
                "header": "none",
                "minLastJustification": 0.6,
                "pageHeight": 60_000,
                "pageMarginBottom": 10,
                "pageMarginLeft": 10,
                "pageMarginRight": 10,
                "pageMarginTop": 10,
                "pageWidth": round(width * 100 / _SCALE),
                "scale": _SCALE,
                "smuflTextFont": "none",
                "spacingSystem": 5,
                "staffLineWidth": 0.22,
                "svgFormatRaw": True,
                "svgRemoveXlink": True,
                # Ids that differ between the scores of a page, but not between two runs.
                "xmlIdSeed": zlib.crc32(f"{width} {_SCALE} {written}".encode()) % 2**31,
            }
        )
        if not engraver.loadData(written):
            raise RuntimeError("the score could not be engraved")
        return engraver.renderToSVG(1)


def _mark_notes(root: ElementTree.Element) -> None:
    """Marks the notes with their numbers; the page colours them, and has only fonts for text."""
    root.set("fill", "currentColor")
    root.set("aria-hidden", "true")  # the page describes the notes in words
    for inner in root.iter(f"{_SVG}svg"):
        inner.attrib.pop("color", None)
    for parent in list(root.iter(f"{_SVG}g")):
        for hidden in [
            child for child in parent if "placeholder" in child.get("class", "").split()
        ]:
            parent.remove(hidden)  # by a style sheet, which a page may not have
    for group in root.iter(f"{_SVG}g"):
        match = _ID.search(group.get("id", "")) if group.get("class") == "note" else None
        if match is not None:
            group.set("data-note", match[1])
        names = [name for name in group.iter(f"{_SVG}tspan") if name.text]
        for name in names if group.get("class") == "harm" else []:
            name.text = (name.text or "").translate(_CHORD_SIGNS)
            name.attrib.pop("font-family", None)
            name.set("font-size", names[0].attrib["font-size"])
