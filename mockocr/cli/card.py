"""`mockocr card`: draw a specimen picture that carries its own answer."""

import argparse
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockocr.settings import SettingError
from mockocr.specimens.card_data import DEFECTS
from mockocr.suggestions import unknown
from mockocr.terminal import Table, columns, print_json, print_text

if TYPE_CHECKING:
    from mockocr.actions.specimens import DrawnSpecimen, SpecimenCatalogue
    from mockocr.specimens.draw.specimen import Format

STDOUT = Path("-")
FORMATS: "Mapping[str, Format]" = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".bmp": "BMP"}
SIDES = ("front", "back", "both")
_FIELDS = ("Name", "Sex", "Nation", "Birth", "Address", "IdNum", "Authority", "ValidDate")
_STRENGTH = re.compile(r"0|1|0?\.[0-9]{1,6}|1\.0{1,6}")
_SIZE = re.compile(r"([0-9]{1,5})x([0-9]{1,5})")


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "card",
        help="draw a specimen card that carries its own answer",
        description="Draw a specimen card of an invented person. The picture carries its fields in"
        " a code that survives re-encoding, scaling and rotation: a server that reads the picture"
        " returns these fields. Exit code 0: written; 2: not written.",
        examples=(
            "mockocr card --list",
            "mockocr card --name warning-reflection -o reflection.jpg",
            "mockocr card --side back --field ValidDate=2010.07.21-长期 -o back.png",
            "mockocr card --seed 7 --defect blur:0.8 --size 1200x900 -o blurred.jpg",
        ),
    )
    parser.add_argument(
        "-o",
        "--output",
        type=_output,
        metavar="FILE",
        help=".png, .jpg or .bmp; - is stdout, in the format of the ready-made specimen, else PNG",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print its fields and their positions, or the list; -o is then optional",
    )
    ready = parser.add_argument_group("a ready-made specimen (docs/cards.md)")
    ready.add_argument(
        "--list",
        action="store_true",
        help="list the specimens with their outcomes; with --json also their purposes",
    )
    ready.add_argument("--name", metavar="NAME", help="write this one")
    _add_own(parser.add_argument_group("a specimen of your own"))
    parser.set_defaults(run=run)


def _add_own(own: Any) -> None:
    own.add_argument("--side", choices=SIDES, help="default: front; both without -o")
    own.add_argument("--temporary", action="store_true", help="the front of a temporary card")
    own.add_argument(
        "--seed", type=int, metavar="N", help="seed of the invented person (default: 0)"
    )
    own.add_argument(
        "--field",
        action="append",
        default=[],
        type=_field,
        metavar="NAME=TEXT",
        help=f"set a field; the others are generated to match; repeatable: {', '.join(_FIELDS)}",
    )
    own.add_argument(
        "--defect",
        action="append",
        default=[],
        type=_defect,
        metavar="NAME[:STRENGTH]",
        help="draw a defect and record it in the code, with a strength from 0 to 1 (default);"
        f" repeatable: {', '.join(DEFECTS)}",
    )
    own.add_argument(
        "--size",
        type=_size,
        metavar="WxH",
        help="size of the picture in pixels (default: 1200x800)",
    )


def _field(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"expected NAME=TEXT, such as Name=李明, got {text!r}")
    if name not in _FIELDS:
        raise argparse.ArgumentTypeError(unknown("field", name, _FIELDS))
    return name, value


def _defect(text: str) -> tuple[str, float]:
    name, _, strength = text.partition(":")
    if name not in DEFECTS:
        raise argparse.ArgumentTypeError(unknown("defect", name, DEFECTS))
    if text == name:
        return name, 1.0
    if not _STRENGTH.fullmatch(strength):
        raise argparse.ArgumentTypeError(
            f"expected a strength from 0 to 1, such as {name}:0.5, got {text!r}"
        )
    return name, float(strength)


def _size(text: str) -> tuple[int, int]:
    match = _SIZE.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(f"expected WxH, such as 1200x800, got {text!r}")
    return int(match[1]), int(match[2])


def _output(text: str) -> Path:
    path = Path(text).expanduser()
    if path != STDOUT and path.suffix.lower() not in FORMATS:
        raise argparse.ArgumentTypeError(f"expected a .png, .jpg or .bmp file, got {text!r}")
    return path


_OWN: Mapping[str, Any] = {
    "side": None,
    "temporary": False,
    "seed": None,
    "field": [],
    "defect": [],
    "size": None,
}
"""The flags for a new specimen, each with its default."""


def run(args: argparse.Namespace) -> int:
    own = [f"--{name}" for name, default in _OWN.items() if getattr(args, name) != default]
    try:
        if args.list:
            if own or args.name is not None or args.output is not None:
                raise SettingError("--list can be combined with --json only")
            _print_list(args.json)
            return 0
        if args.output is None and not args.json:
            raise SettingError("-o/--output is missing")
        if args.output == STDOUT and args.json:
            raise SettingError("-o - cannot be combined with --json: both write to stdout")
        if args.name is None:
            facts = _own_specimen(args)
        elif own:
            raise SettingError(f"{own[0]} cannot be combined with --name")
        else:
            facts = _ready_made(args.name, args.output)
    except (SettingError, ValueError) as error:
        print_text(f"mockocr card: {error}", sys.stderr)
        return 2
    if args.json:
        print_json(facts)
    else:
        print_text(_as_line(facts), sys.stderr if args.output == STDOUT else None)
    return 0


def _print_list(as_json: bool) -> None:
    entries = _specimens().entries()
    if as_json:
        print_json([entry.to_dict() for entry in entries])
        return
    rows = [(entry.name, entry.outcome_text(), entry.request_text()) for entry in entries]
    lines = Table("name", "outcome", "request").lines(rows)
    if max(map(len, lines)) > columns():
        # The request on a line of its own.
        titles, *cells = Table("name", "outcome").lines(
            [(name, outcome) for name, outcome, _ in rows]
        )
        lines = [titles]
        for line, (_, _, request) in zip(cells, rows, strict=True):
            lines += [line, *([f"    {request}"] if request else [])]
    print_text("\n".join(lines))


def _ready_made(name: str, output: Path | None) -> dict[str, Any]:
    """Raises SettingError for an unknown name, ValueError for a format the specimen cannot have."""
    specimens = _specimens()
    by_name = {entry.name: entry for entry in specimens.entries()}
    if name not in by_name:
        raise SettingError(f"{unknown('specimen', name, by_name)} (mockocr card --list)")
    facts = by_name[name].to_dict()
    if output is None:
        return facts
    # The one specimen without a file in fixtures/ is a large BMP.
    file = Path(facts["file"] or "too-large.bmp") if output == STDOUT else output
    _write(output, specimens.picture(name, _format(file)))
    return {**facts, "file": str(output)}


def _own_specimen(args: argparse.Namespace) -> dict[str, Any]:
    """Raises SettingError or ValueError for fields that no card can have."""
    # Imported late: drawing takes 0.1 s to import, and --help does not need it.
    from mockocr.actions.card_spec import CardSpec
    from mockocr.actions.specimens import WrongFieldsError

    if args.temporary and args.side not in (None, "front"):
        raise SettingError("--temporary cannot be combined with --side: it has a front only")
    spec = CardSpec(
        side=args.side or ("front" if args.output or args.temporary else "both"),
        temporary=args.temporary,
        seed=args.seed or 0,
        fields=dict(args.field),
        defects=dict(args.defect),
        size=args.size,
        format="PNG" if args.output in (None, STDOUT) else _format(args.output),
    )
    try:
        made = spec.draw(datetime.now(UTC))
    except WrongFieldsError as error:
        problems = (f"--field {name}: {text}" for name, text in error.problems.items())
        raise SettingError("; ".join(problems)) from None
    if args.output is not None:
        _write(args.output, made.content)
    return _facts(args.output, made)


def _specimens() -> "SpecimenCatalogue":
    # Imported late: --help does not need it.
    from mockocr.actions import catalogue

    return catalogue.specimen_catalogue()


def _format(output: Path) -> "Format":
    return FORMATS[output.suffix.lower()]


def _write(output: Path, content: bytes) -> None:
    """Raises SettingError."""
    if output == STDOUT:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise SettingError(f"cannot write {output}: {error.strerror}") from None


def _as_line(facts: Mapping[str, Any]) -> str:
    if "outcome" in facts:
        return f"{facts['file']}: {facts['outcome']}. {facts['purpose']}"
    return f"{facts['file']}: {', '.join(facts['fields'].values())}"


def _facts(output: Path | None, made: "DrawnSpecimen") -> dict[str, Any]:
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
        "defects": list(made.defects),
        "cards": cards,
    }
