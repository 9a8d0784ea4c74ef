"""`mockocr card`: a specimen picture that carries its own answer."""

import argparse
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockocr.documents import did_you_mean
from mockocr.pictures.truth import PLANTED

if TYPE_CHECKING:
    from mockocr.actions.idcard.making import Made

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".bmp": "BMP"}
SIDES = ("front", "back", "both")
_FIELDS = ("Name", "Sex", "Nation", "Birth", "Address", "IdNum", "Authority", "ValidDate")
_STRENGTH = re.compile(r"0|1|0?\.[0-9]{1,6}|1\.0{1,6}")
_SIZE = re.compile(r"([0-9]{1,5})x([0-9]{1,5})")


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "card",
        help="draw a specimen card that carries its own answer",
        description="Draw a specimen card of an invented person. The picture carries what stands on"
        " it, through re-encoding, scaling and rotating: a server that reads it answers just that."
        " Exit code 0: it is written; 2: it cannot be.",
    )
    parser.add_argument("--side", choices=SIDES, default="front", help="default: front")
    parser.add_argument(
        "--temporary", action="store_true", help="a temporary card: its face with the portrait"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="who it is (default: 0)")
    parser.add_argument(
        "--field",
        action="append",
        default=[],
        type=_field,
        metavar="NAME=TEXT",
        help=f"what stands on it, the rest is invented to fit: {', '.join(_FIELDS)}; repeatable",
    )
    parser.add_argument(
        "--defect",
        action="append",
        default=[],
        type=_defect,
        metavar="NAME[:STRENGTH]",
        help="what is wrong with it, drawn and in what it carries, from 0 (nothing) to 1 (default):"
        f" {', '.join(PLANTED)}; repeatable",
    )
    parser.add_argument(
        "--size", type=_size, metavar="WxH", help="of the picture, in pixels (default: 1200x800)"
    )
    parser.add_argument(
        "-o", "--output", required=True, type=_output, metavar="FILE", help=".png, .jpg or .bmp"
    )
    parser.add_argument(
        "--json", action="store_true", help="print what stands on it, and where the card lies"
    )
    parser.set_defaults(run=run)


def _field(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"NAME=TEXT is wanted, such as Name=李明, found {text!r}")
    if name not in _FIELDS:
        near = did_you_mean(name, _FIELDS)
        hint = f"did you mean {near!r}?" if near else f"known: {', '.join(_FIELDS)}"
        raise argparse.ArgumentTypeError(f"{name!r} does not stand on a card; {hint}")
    return name, value


def _defect(text: str) -> tuple[str, float]:
    name, _, strength = text.partition(":")
    if name not in PLANTED:
        near = did_you_mean(name, PLANTED)
        hint = f"did you mean {near!r}?" if near else f"known: {', '.join(PLANTED)}"
        raise argparse.ArgumentTypeError(f"{name!r} is no defect; {hint}")
    if text == name:
        return name, 1.0
    if not _STRENGTH.fullmatch(strength):
        raise argparse.ArgumentTypeError(
            f"a strength from 0 to 1 is wanted, such as {name}:0.5, found {text!r}"
        )
    return name, float(strength)


def _size(text: str) -> tuple[int, int]:
    match = _SIZE.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(f"WxH is wanted, such as 1200x800, found {text!r}")
    return int(match[1]), int(match[2])


def _output(text: str) -> Path:
    path = Path(text).expanduser()
    if path.suffix.lower() not in FORMATS:
        raise argparse.ArgumentTypeError(f"a file .png, .jpg or .bmp is wanted, found {text!r}")
    return path


def run(given: argparse.Namespace) -> int:
    # Late: what draws takes a tenth of a second to import, and a command's help needs none of it.
    from pydantic import ValidationError

    from mockocr.actions.idcard.answer import CardFields
    from mockocr.actions.idcard.making import make
    from mockocr.pictures.truth import Kind

    kind = Kind.TEMPORARY if given.temporary else Kind(given.side)
    if given.temporary and given.side != "front":
        return _refuse("--temporary is of the front: everything stands on that face")
    try:
        fields = CardFields.model_validate(dict(given.field))
        format = FORMATS[given.output.suffix.lower()]
        day = datetime.now(UTC)
        defects = dict(given.defect)
        made = make(kind, fields, given.seed, day, given.size, format, defects=defects)  # type: ignore[arg-type]
        given.output.write_bytes(made.content)
    except ValidationError as invalid:
        problems = (f"--field {it['loc'][0]}: {it['msg']}" for it in invalid.errors())
        return _refuse("; ".join(problems))
    except ValueError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{given.output} cannot be written: {error.strerror}")
    if given.json:
        print(json.dumps(_told(given.output, made), ensure_ascii=False, indent=1))
    else:
        print(f"{given.output}: {', '.join(made.fields.values())}")
    return 0


def _told(output: Path, made: "Made") -> dict[str, Any]:
    from mockocr.pictures.layout import CARD, FACES

    cards = []
    for kind, place in made.cards:
        scale = place.width / CARD[0]
        boxes = {
            name: [
                round(place.left + box.left * scale),
                round(place.top + box.top * scale),
                round(place.left + box.right * scale),
                round(place.top + box.bottom * scale),
            ]
            for name, box in FACES[kind].texts.items()
        }
        cards.append({"kind": kind, "box": list(place), "texts": boxes})
    return {
        "file": str(output),
        "size": list(made.size),
        "fields": dict(made.fields),
        "planted": list(made.planted),
        "cards": cards,
    }


def _refuse(words: str) -> int:
    print(f"mockocr card: {words}", file=sys.stderr)
    return 2
