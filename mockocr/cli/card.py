"""`mockocr card`: a specimen picture that carries its own answer."""

import argparse
import json
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockocr.documents.document import did_you_mean
from mockocr.settings import SettingError
from mockocr.specimens.card_data import PLANTED
from mockocr.terminal import Table

if TYPE_CHECKING:
    from mockocr.actions.idcard.making import Made
    from mockocr.specimens.draw.specimen import Format

FORMATS: "Mapping[str, Format]" = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".bmp": "BMP"}
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
    parser.add_argument("-o", "--output", type=_output, metavar="FILE", help=".png, .jpg or .bmp")
    parser.add_argument(
        "--json",
        action="store_true",
        help="print what stands on it and where, or the list; without -o no file is written",
    )
    ready = parser.add_argument_group("a ready-made specimen (docs/cards.md)")
    ready.add_argument(
        "--list",
        action="store_true",
        help="what there is, and the outcome of each; with --json, what it is for",
    )
    ready.add_argument("--name", metavar="NAME", help="this one, just as it is in the list")
    own = parser.add_argument_group("a specimen of your own")
    own.add_argument("--side", choices=SIDES, help="default: front; without -o both")
    own.add_argument(
        "--temporary", action="store_true", help="a temporary card: its face with the portrait"
    )
    own.add_argument("--seed", type=int, metavar="N", help="who it is (default: 0)")
    own.add_argument(
        "--field",
        action="append",
        default=[],
        type=_field,
        metavar="NAME=TEXT",
        help=f"what stands on it, the rest is invented to fit: {', '.join(_FIELDS)}; repeatable",
    )
    own.add_argument(
        "--defect",
        action="append",
        default=[],
        type=_defect,
        metavar="NAME[:STRENGTH]",
        help="what is wrong with it, drawn and in what it carries, from 0 (nothing) to 1 (default):"
        f" {', '.join(PLANTED)}; repeatable",
    )
    own.add_argument(
        "--size", type=_size, metavar="WxH", help="of the picture, in pixels (default: 1200x800)"
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


_OWN: Mapping[str, Any] = {
    "side": None,
    "temporary": False,
    "seed": None,
    "field": [],
    "defect": [],
    "size": None,
}
"""What is said of a specimen of one's own, and the value of each where nothing is said."""


def run(given: argparse.Namespace) -> int:
    own = [f"--{name}" for name, unsaid in _OWN.items() if getattr(given, name) != unsaid]
    try:
        if given.list:
            if own or given.name is not None or given.output is not None:
                raise SettingError("--list goes with nothing but --json")
            _print_list(given.json)
            return 0
        if given.output is None and not given.json:
            raise SettingError("-o/--output is missing")
        if given.name is None:
            told = _of_ones_own(given)
        elif own:
            raise SettingError(f"{own[0]} does not go with --name: that specimen is as it is")
        else:
            told = _ready_made(given.name, given.output)
    except (SettingError, ValueError) as error:
        print(f"mockocr card: {error}", file=sys.stderr)
        return 2
    print(json.dumps(told, ensure_ascii=False, indent=1) if given.json else _in_a_line(told))
    return 0


def _print_list(as_json: bool) -> None:
    from mockocr.actions.idcard.catalogue import CATALOGUE

    if as_json:
        print(json.dumps([entry.told() for entry in CATALOGUE], ensure_ascii=False, indent=1))
        return
    rows = [(entry.name, entry.brings(), entry.needs()) for entry in CATALOGUE]
    for line in Table("name", "outcome", "asked with").lines(rows):
        print(line)


def _ready_made(name: str, output: Path | None) -> dict[str, Any]:
    """Raises ValueError for a name or a format that there is not."""
    from mockocr.actions.idcard.catalogue_pictures import picture_of
    from mockocr.actions.idcard.named import BY_NAME

    if name not in BY_NAME:
        near = did_you_mean(name, list(BY_NAME))
        hint = f"did you mean {near!r}?" if near else "`mockocr card --list` tells what there is"
        raise SettingError(f"there is no specimen {name!r}; {hint}")
    entry = BY_NAME[name]
    if output is None:
        return entry.told()
    _write(output, picture_of(entry, _format(output)))
    return {**entry.told(), "file": str(output)}


def _of_ones_own(given: argparse.Namespace) -> dict[str, Any]:
    """Raises ValueError for what no card can have."""
    # Late: what draws takes a tenth of a second to import, and a command's help needs none of it.
    from pydantic import ValidationError

    from mockocr.actions.idcard.answer_spec import CardFields
    from mockocr.actions.idcard.making import make
    from mockocr.specimens.card_data import Kind

    if given.temporary and given.side not in (None, "front"):
        raise SettingError("--temporary is of the front: everything stands on that face")
    side = given.side or ("front" if given.output else "both")
    kind = Kind.TEMPORARY if given.temporary else Kind(side)
    try:
        fields = CardFields.model_validate(dict(given.field))
    except ValidationError as invalid:
        problems = (f"--field {it['loc'][0]}: {it['msg']}" for it in invalid.errors())
        raise SettingError("; ".join(problems)) from None
    made = make(
        kind,
        fields,
        given.seed or 0,
        datetime.now(UTC),
        given.size,
        _format(given.output) if given.output else "PNG",
        defects=dict(given.defect),
    )
    if given.output is not None:
        _write(given.output, made.content)
    return _told(given.output, made)


def _format(output: Path) -> "Format":
    return FORMATS[output.suffix.lower()]


def _write(output: Path, content: bytes) -> None:
    """Raises SettingError."""
    try:
        output.write_bytes(content)
    except OSError as error:
        raise SettingError(f"{output} cannot be written: {error.strerror}") from None


def _in_a_line(told: Mapping[str, Any]) -> str:
    if "outcome" in told:
        return f"{told['file']}: {told['outcome']}. {told['purpose']}"
    return f"{told['file']}: {', '.join(told['fields'].values())}"


def _told(output: Path | None, made: "Made") -> dict[str, Any]:
    from mockocr.specimens.layout import CARD, FACES

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
        "file": output and str(output),
        "size": list(made.size),
        "fields": dict(made.fields),
        "planted": list(made.planted),
        "cards": cards,
    }
