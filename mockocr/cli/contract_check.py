"""`mockocr contract check`: do the replies of a server agree with what is known of the API?"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mockocr.cli.remote import exit_code
from mockocr.cli.signing import TOKEN_VARIABLE, add_key_flags, read_keys, read_token
from mockocr.client.client import (
    Reply,
    add_ca_flag,
    add_real_flag,
    ask,
    check_reach,
    checked_url,
    trust,
)
from mockocr.protocol.wire import vendor_product
from mockocr.settings import API_PAGE, SettingError
from mockocr.terminal import columns, print_text

if TYPE_CHECKING:
    from mockocr.contract_check.call import Credentials, HttpCall, Moment
    from mockocr.contract_check.cases import Case
    from mockocr.contract_check.reports import Report
    from mockocr.contract_check.run import Server

# Late imports: the models of cases take tens of milliseconds, and `contract diff` needs none.

CALLS_PER_SECOND = 5
"""To a public host."""
TIMEOUT_SECONDS = 30
MAX_REPLY_BYTES = 16 * 1024 * 1024
REPORTS = ("markdown", "json", "junit")


def add_to(commands: Any, contract_day: Callable[[str], date]) -> None:
    parser = commands.add_parser(
        "check",
        help="compare the replies of a server with what is known of the API",
        description="Send contract cases to a server and compare its replies with what is known of"
        " the API: order of checks, codes, messages, members, headers. The server is the real"
        " service, another mockocr or another mock. Pictures are specimens or blank. Calls that"
        " the vendor may bill are only sent if --spend allows them. A public server gets at most"
        f" {CALLS_PER_SECOND} calls a second. Exit code 0: every reply is the expected one; 1: a"
        " reply differs, a case could not run, or no server answers; 2: wrong usage.",
        examples=(
            "mockocr contract check --against http://127.0.0.1:8018",
            "mockocr contract check --against http://127.0.0.1:8018 --spend 100",
            "mockocr contract check --against http://127.0.0.1:8018 --case trace-id",
            "mockocr contract check --against https://ocr.tencentcloudapi.com --real",
        ),
    )
    parser.add_argument("--against", metavar="URL", required=True, help="URL of the server")
    parser.add_argument(
        "--spend",
        type=_count,
        metavar="N",
        default=0,
        help="send up to N calls that the vendor may bill (default: %(default)s)",
    )
    parser.add_argument(
        "--contract",
        type=contract_day,
        metavar="DATE",
        help="expect the API of this day, YYYY-MM-DD (default: today for a public server, otherwise"
        f" {API_PAGE}, as in `mockocr serve`)",
    )
    parser.add_argument(
        "--case",
        action="append",
        metavar="ID",
        help="send only this case, after those that it needs; repeatable",
    )
    parser.add_argument(
        "--cases",
        type=Path,
        metavar="PATH",
        help="a file, or a folder of *.yaml, with other cases than those of mockocr",
    )
    parser.add_argument(
        "--report", choices=REPORTS, help="write a report; to stdout if there is no -o"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="the file of the report")
    parser.add_argument(
        "--write-evidence",
        type=Path,
        metavar="FILE",
        help="write what the real service confirmed, as rows for mockocr/evidence.yaml",
    )
    add_real_flag(parser)
    add_key_flags(parser)
    parser.add_argument(
        "--token",
        metavar="TOKEN",
        help=f"the token of a temporary key pair (default: {TOKEN_VARIABLE}, if the key pair is"
        " from variables)",
    )
    add_ca_flag(parser)
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise argparse.ArgumentTypeError(f"expected a number of calls, got {text!r}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    return exit_code("contract check", partial(_check, args))


def _check(args: argparse.Namespace) -> int:
    """Raises SettingError or NoServerError."""
    from mockocr.contract_check.call import Credentials
    from mockocr.contract_check.reports import Report
    from mockocr.contract_check.run import Check

    url = checked_url(args.against, "--against").rstrip("/")
    if args.output is not None and args.report is None:
        raise SettingError("-o/--output needs --report")
    cases = _cases(args.cases, args.case)
    keys, token = read_keys(args, url), read_token(args)
    near = check_reach(url, args.real, "the calls")
    if args.write_evidence is not None:
        _check_evidence(args.write_evidence, url, near)
    today = datetime.now(UTC).date()
    contract = args.contract or (API_PAGE if near else today)
    credentials = Credentials(keys.secret_id, keys.secret_key, token)
    server = _server(url, credentials, args.ca, near)
    check = Check(server, contract, args.spend)
    report = Report(url, today, contract, list(check.results(cases)))
    if check.obstacle is not None:
        print_text(f"mockocr contract check: {check.obstacle}", sys.stderr)
    _print(report, args.report, args.output, with_table=check.obstacle is None)
    if args.write_evidence is not None and check.obstacle is None:
        _write_evidence(args.write_evidence, report, check.is_mockocr)
    return int(not report.is_good)


def _cases(path: Path | None, ids: Sequence[str] | None) -> "Sequence[Case]":
    """Raises SettingError."""
    from mockocr.contract_check.cases import SHIPPED, chosen_cases, read_cases
    from mockocr.documents.document import DocumentError

    try:
        cases = read_cases(path or SHIPPED)
    except DocumentError as error:
        raise SettingError(f"--cases: invalid, nothing was sent:\n{error}") from None
    if ids is None:
        return cases
    try:
        return chosen_cases(cases, ids)
    except LookupError as error:
        raise SettingError(f"--case: {error}") from None


def _server(url: str, keys: "Credentials", ca: str | None, near: bool) -> "Server":
    """Raises SettingError."""
    from mockocr.contract_check.call import Moment
    from mockocr.contract_check.pace import Pace
    from mockocr.contract_check.run import Server

    context = trust(url, ca, near)

    def send(call: "HttpCall") -> Reply:
        return ask(
            f"{url}/?{call.query}" if call.query else f"{url}/",
            context,
            method=call.method,
            headers=call.headers,
            body=call.body,
            near=near,
            timeout_seconds=TIMEOUT_SECONDS,
            max_bytes=MAX_REPLY_BYTES,
        )

    def moment() -> "Moment":
        return Moment(int(time.time()), time.time_ns() % 10**9)

    return Server(url, keys, send, moment, Pace(None if near else CALLS_PER_SECOND))


def _print(report: "Report", form: str | None, output: Path | None, *, with_table: bool) -> None:
    """The table to stdout, unless a report goes there. Raises SettingError."""
    from mockocr.contract_check.reports import FORMATS, table

    if with_table and (form is None or output is not None):
        print_text(table(report, columns()))
    if form is not None and output is not None:
        _write(output, FORMATS[form](report), "-o/--output")
    elif form is not None:
        print_text(FORMATS[form](report).removesuffix("\n"))


def _check_evidence(path: Path, url: str, near: bool) -> None:
    """Raises SettingError."""
    from mockocr.contract_check.evidence import EVIDENCE

    if near or vendor_product(urlsplit(url).netloc) is None:
        raise SettingError(
            "--write-evidence: expected --against https://ocr.tencentcloudapi.com, got"
            f" {url}: only replies of the real service are evidence"
        )
    if path.resolve() == EVIDENCE:
        raise SettingError(
            f"--write-evidence: {path} is the evidence itself; write to another file, and review it"
        )


def _write_evidence(path: Path, report: "Report", is_mockocr: bool) -> None:
    """Raises SettingError."""
    from mockocr.contract_check.proposals import proposals

    host = urlsplit(report.url).netloc
    if is_mockocr:
        raise SettingError(
            f"--write-evidence: not written: at {host}, mockocr answers, not the real service"
        )
    _write(path, proposals(report.results, host, report.day), "--write-evidence")


def _write(path: Path, text: str, flag: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingError(f"{flag}: {path}: {error.strerror}") from None
