"""`mockocr schema`: the JSON Schema of scenarios, for editors."""

import argparse
from typing import Any

from mockocr.terminal import print_json


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "schema",
        help="print the JSON Schema of scenarios",
        description="Print the JSON Schema of scenarios, for completion and checks in editors.",
        examples=("mockocr schema > scenario.schema.json",),
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    # Imported late: --help does not need it.
    from mockocr.scenario.schema import scenario_schema

    print_json(scenario_schema())
    return 0
