"""Simplifies ABC before it is parsed.

music21 reads a plain ABC tune correctly, but loses a dotted rhythm whose two notes are not adjacent
("c>vd"), counts grace notes as members of a triplet, and forgets the accidental of a note with an
ornament ("T^c"). So fingerings, bowings, ornaments, slurs, grace notes and words are removed, none
of which this program plays; of a chord the highest note is kept.
"""

import quopri
import re
from collections.abc import Iterator

from seqgan_core.tasks.music.tune import TuneError

FIELDS = "XTMLKQ"  # of the header, and of the lines between
SIGNS = re.compile(
    r"""
    \(\d(?::\d?)*                                # a triplet and its like
    | [\^_=]{0,2}[A-Ga-gz][,']*\d*/*\d*          # a note or a rest
    | [<>]+ | :?\|?\[[12] | [|:]+[12]? | \|\] | \[\| | \] | [\s-]
    """,
    re.VERBOSE,
)
_FIELD = re.compile(r"([A-Za-z]):(.*)")
_MAILED = re.compile(r"(?m)=3D|=(?:20)?\s*$")
_KEY = re.compile(r"\s*[A-G][#b]?\s*(?:m|min\w*|maj\w*|mix\w*|dor\w*|phr\w*|lyd\w*)?\s*$", re.I)
# What stands in brackets has none itself: a million that open would be tried to the end, each.
_INLINE = re.compile(r"\[([A-Za-z]):([^\[\]]*)\]")
_WORDS = re.compile(r'"[^"]*"|![^!|\s]{1,20}!|\{[^{}]*\}-?')
# Possessive: digits without a slash could be cut anywhere, in exponentially many ways.
_CHORD = re.compile(r"\[((?:[\^_=]{0,2}[A-Ga-g][,']*+\d*+/*+\d*+-?)+)\](\d*/?\d*)")
_MEMBER = re.compile(r"([\^_=]{0,2})([A-Ga-g])([,']*)(\d*+/*+\d*+)(-?)")
_INVISIBLE = re.compile(r"H[xy]\d*|y\d*")  # a fermata over nothing; space between notes
_SLURRED = re.compile(r"-?\s*([<>]+)\s*-?")  # a hyphen between different notes is a slur
_FIELD_LIKE = re.compile(r"([A-Za-z]):")  # "G::" is a note and two bars, not a field
_STROKES = re.compile(r"(?<!/)/{1,9}(?![/\d])")  # "B3//" is three quarters of the unit
_ESCAPED = re.compile(r"\\([%&\\])")  # in a title, where they would have a meaning
_VOICE = re.compile(r"\[V:([^\[\]]*)\]")
_VOICE_NAME = re.compile(r'\b(?:name|nm)="([^"]*)"')
_CLEF = re.compile(
    r"\s+(?:(?:clef|middle|staff\w+|style)=\S+|(?:treble|alto|tenor|bass)[-+8]*)(?!\S)", re.I
)
_KEYS = {"": "C", "NONE": "C", "HP": "D"}  # of bagpipes
_MARKS = re.compile(r"\+[a-z]+\+|\$")  # ornaments of old ABC, ends of printed lines
_ORNAMENTS = re.compile(r"[).~`!uvwkTHJKLMNOPQRSUVIhilmnoqrst]|\((?!\d)")


def tunes_in(text: str) -> Iterator[str]:
    """The tunes of a file, each from its X: field."""
    if _MAILED.search(text):  # some were sent by electronic mail, with quotation marks
        text = quopri.decodestring(text.encode("utf-8")).decode("utf-8", errors="replace")
    for part in re.split(r"(?m)^(?=X:)", text):
        if part.startswith("X:"):
            yield part


def title_of(text: str) -> str:
    """The first title of a tune."""
    match = re.search(r"(?m)^T:(.*)$", text)
    return " ".join(_ESCAPED.sub(r"\1", match[1]).split()) if match else ""


def voices_in(text: str) -> list[tuple[str, str]]:
    """The voices of a tune, each with its name, perhaps "", and as a tune of one voice.

    Clefs, which a book has no need of, are removed.
    """
    header: list[str] = []
    names: dict[str, str] = {}
    bodies: dict[str, list[str]] = {}
    voice, begun = "", False
    for source in text.splitlines():
        if bodies and not source.strip():
            break  # a blank line ends a tune; text may follow
        for line in _VOICE.sub(r"\nV:\1\n", source).split("\n"):
            if line.startswith("V:"):
                voice, _, about = line[2:].strip().partition(" ")
                name = _VOICE_NAME.search(about)
                names[voice] = names.get(voice) or (name[1] if name else "")
            elif begun:
                bodies.setdefault(voice, []).append(_MARKS.sub("", line))
            elif line.startswith("K:"):
                key = _CLEF.sub("", " " + line[2:].partition("%")[0]).strip()
                header.append(f"K:{_KEYS.get(key.upper(), key)}")
                voice, begun = next(iter(names), ""), True
            else:
                header.append(line)
    return [
        (names.get(voice) or voice, "\n".join([*header, *body]))
        for voice, body in bodies.items()
        if any(map(str.strip, body))
    ]


def simplified(text: str) -> str:
    """One tune, simplified.

    Raises:
        TuneError: it has several voices, or signs that ABC does not have.
    """
    lines: list[str] = []
    for line in _joined(text.splitlines()):
        header = _FIELD.match(line)
        if header:
            _add_field(header, lines)
            continue
        line = _INLINE.sub(lambda field: f"\n{field[1]}:{field[2]}\n", _WORDS.sub("", line))
        if not any(taken.startswith("K:") for taken in lines):
            continue  # the tune begins after its key
        for part in line.split("\n"):
            inline = _FIELD.match(part)
            if inline:
                _add_field(inline, lines)
            elif part.strip():
                lines.append(_body(part))
    return "\n".join(lines) + "\n"


def _joined(lines: list[str]) -> Iterator[str]:
    """Lines without comments; one that ends with a backslash is joined to the next of notes."""
    before = ""
    for source in lines:
        line = before + source.partition("%")[0].rstrip()
        if _FIELD.match(source) and before:
            yield before
            line = source.partition("%")[0].rstrip()
        before = ""
        if line.endswith("\\") and not _FIELD.match(line):
            before = line[:-1]
        else:
            yield line.replace("\\", "")
    if before:
        yield before


def _add_field(field: re.Match[str], lines: list[str]) -> None:
    if field[1] == "V":
        raise TuneError("abc.voices", "more than one voice")
    if field[1] == "K" and not _KEY.match(field[2]):
        raise TuneError("abc.key", "{key!r} is not a key", key=field[2].strip()[:10])
    if field[1] in FIELDS:
        lines.append(f"{field[1]}:{field[2].strip()}")


def _body(line: str) -> str:
    line = _ORNAMENTS.sub("", _INVISIBLE.sub("", line)).replace("x", "z")
    line = _CHORD.sub(_highest, line)
    line = _STROKES.sub(lambda strokes: f"/{2 ** len(strokes[0])}", line)
    line = _SLURRED.sub(r"\1", line)
    line = _FIELD_LIKE.sub(r"\1 :", line.replace("||1", "|1").replace("||2", "|2"))
    strange = SIGNS.sub("", line)
    if strange:
        raise TuneError("abc.signs", "signs that are not notes: {signs}", signs=strange[:10])
    return line


def _highest(chord: re.Match[str]) -> str:
    """The highest note of a chord, with the length of the first note or of the chord."""
    members = _MEMBER.findall(chord[1])
    accidental, letter, octave, _, tie = max(members, key=_height)
    inner, outer = members[0][3], chord[2]  # the first note has the length of the chord
    if inner and outer:
        raise TuneError("abc.chord", "a chord with two lengths")
    return f"{accidental}{letter}{octave}{inner or outer}{tie}"


def _height(member: tuple[str, str, str, str, str]) -> int:
    _, letter, octave, _, _ = member
    step = "CDEFGABcdefgab".index(letter)
    return step + 7 * (octave.count("'") - octave.count(","))
