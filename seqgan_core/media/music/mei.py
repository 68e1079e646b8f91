"""A notation as MEI, the format that the engraver supports best."""

from itertools import groupby

from seqgan_core.media.music.notation import Notation, Sign

_ACCIDENTALS = {-2: "ff", -1: "f", 0: "n", 1: "s", 2: "x"}
_HEAD = (
    "<meiHead><fileDesc><titleStmt><title/></titleStmt><pubStmt/></fileDesc></meiHead>"
)  # fmt: skip


def to_mei(written: Notation, name: str) -> str:
    """One staff.

    Args:
        written: the notation.
        name: note number 3's symbols have the ids NAME-n3, NAME-n3-1 and so on; a letter, then
            letters, digits, - and _.
    """
    if not name.replace("-", "").replace("_", "").isalnum() or not name[:1].isalpha():
        raise ValueError(f"name is {name!r}; it must be a letter and then letters, digits, - or _")
    seen: dict[int, int] = {}
    clef = ("F", 4) if written.low else ("G", 2)
    bars = "".join(
        _bar(bar, number, name, seen, last=number == len(written.bars))
        for number, bar in enumerate(written.bars, 1)
    )
    return (
        '<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="5.0">'
        f"{_HEAD}<music><body><mdiv><score>"
        f'<scoreDef keysig="{_signature(written.fifths)}" meter.count="4" '
        'meter.unit="4"><staffGrp><staffDef n="1" lines="5" '
        f'clef.shape="{clef[0]}" clef.line="{clef[1]}"/></staffGrp></scoreDef>'
        f"<section>{bars}</section></score></mdiv></body></music></mei>"
    )


def _signature(fifths: int) -> str:
    return f"{abs(fifths)}{'s' if fifths > 0 else 'f'}" if fifths else "0"


def _bar(
    signs: tuple[Sign, ...], number: int, name: str, seen: dict[int, int], *, last: bool
) -> str:
    if len(signs) == 1 and signs[0].pitch is None:
        inside = "<mRest/>"
    else:
        parts = []
        for beam, group in groupby(signs, key=lambda sign: sign.beam):
            notes = "".join(_sign(sign, name, seen) for sign in group)
            parts.append(notes if beam is None else f"<beam>{notes}</beam>")
        inside = "".join(parts)
    right = ' right="end"' if last else ""
    return (
        f'<measure n="{number}"{right}><staff n="1"><layer n="1">{inside}</layer></staff></measure>'
    )


def _sign(sign: Sign, name: str, seen: dict[int, int]) -> str:
    value = f'dur="{sign.value}"' + (f' dots="{sign.dots}"' if sign.dots else "")
    if sign.pitch is None or sign.index is None:
        return f"<rest {value}/>"
    nth = seen.get(sign.index, 0)
    seen[sign.index] = nth + 1
    tie = {(False, True): "i", (True, True): "m", (True, False): "t"}.get(
        (sign.tied_from, sign.tied_to)
    )
    accidental = _ACCIDENTALS[sign.pitch.alter]
    heard = f' accid.ges="{accidental}"' if sign.pitch.alter else ""
    more = f' accid="{accidental}"' if sign.accidental else heard
    more += f' tie="{tie}"' if tie else ""
    part = f"-{nth}" if nth else ""
    return (
        f'<note xml:id="{name}-n{sign.index}{part}" {value} pname="{sign.pitch.step.lower()}" '
        f'oct="{sign.pitch.octave}"{more}/>'
    )
