"""`mockocr record`: a server that forwards calls to the real service, or to another server, and
records the answers as a scenario."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockocr.cli.serve import add_stop_flag, serve
from mockocr.client.client import NoServerError, add_ca_flag, add_real_flag, checked_url
from mockocr.server.app import App, create_app
from mockocr.settings import SettingError, add_flags, read_settings
from mockocr.terminal import print_text

if TYPE_CHECKING:
    from mockocr.record.recording import Mode, RecordingServer
    from mockocr.record.upstream import UpstreamServer

DEFAULT_FILE = "recording.yaml"


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "record",
        help="record the answers of the real service, without personal data",
        description="Start a server as `mockocr serve` does. It verifies each call with its own key"
        " pairs, and answers it by a rule. A call that no rule matches is signed anew, sent to the"
        " upstream, and answered with the reply, which is also written to a file: a scenario in"
        " which all personal data is replaced by invented data of the same shape. Pictures leave"
        " this machine, but are never written. Ctrl-C stops it.",
        epilog="The key pair of the upstream is that of MOCKOCR_UPSTREAM_SECRET_ID and"
        " MOCKOCR_UPSTREAM_SECRET_KEY (and MOCKOCR_UPSTREAM_TOKEN), else that of"
        " TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY (and TENCENTCLOUD_TOKEN). An upstream"
        " on the internet is reached through the proxy that HTTPS_PROXY names. The other options"
        " are those of `mockocr serve`.",
        examples=(
            "mockocr record --upstream https://ocr.tencentcloudapi.com --real -o kyc.yaml",
            "mockocr record --upstream https://ocr.tencentcloudapi.com --real --mode all",
            "mockocr record -o kyc.yaml --mode none",
            "mockocr record --upstream http://localhost:9018 --spy --scenarios slow",
        ),
    )
    parser.add_argument(
        "--upstream", metavar="URL", help="the server that answers; not needed for --mode none"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help=f"the recording, a scenario (default: {DEFAULT_FILE})",
    )
    parser.add_argument(
        "--mode",
        choices=("once", "all", "none"),
        help="once: record what no rule answers, and replay the rest; all: record every call, and"
        " replace the file; none: replay only, and refuse calls that are not recorded (default:"
        " once)",
    )
    parser.add_argument(
        "--spy",
        action="store_true",
        help="forward what no rule of the active scenarios answers, and write no file",
    )
    add_real_flag(parser)
    add_ca_flag(parser)
    add_flags(parser)
    add_stop_flag(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    # Late: pydantic and the models of scenarios take 60 ms, and `mockocr --help` needs neither.
    from mockocr.record.recording import RecordingError, start_recording

    try:
        settings, notes = read_settings(vars(args), os.environ)
        mode, path = _what_to_write(args)
        app = create_app(settings)
        upstream = None if mode == "none" else _upstream(args, app)
        recording = start_recording(app.state, upstream, path, mode)
    except (SettingError, NoServerError, RecordingError) as error:
        print_text(f"mockocr record: {error}", sys.stderr)
        return 2
    plan = _plan(mode, upstream, path, recording)
    return serve(
        "record", app, notes, args.stop_with_stdin, plan, lambda: _print_summary(recording, path)
    )


def _what_to_write(args: argparse.Namespace) -> "tuple[Mode, Path | None]":
    """Raises SettingError."""
    if args.spy:
        if args.output or args.mode:
            raise SettingError("--spy writes no file; leave out -o and --mode, or --spy")
        return "spy", None
    return args.mode or "once", Path(args.output or DEFAULT_FILE).expanduser()


def _upstream(args: argparse.Namespace, app: App) -> "UpstreamServer":
    """Raises SettingError and NoServerError."""
    from mockocr.record.keys import read_upstream_keys
    from mockocr.record.upstream import UpstreamServer

    if not args.upstream:
        raise SettingError(
            "--upstream is missing: name the server that answers, such as"
            " https://ocr.tencentcloudapi.com"
        )
    url = checked_url(args.upstream, "--upstream").rstrip("/")
    own = {secret_id for account in app.state.accounts.all() for secret_id in account.keys}
    return UpstreamServer.at(url, read_upstream_keys(os.environ, own), args.ca, args.real)


def _plan(
    mode: "Mode",
    upstream: "UpstreamServer | None",
    path: Path | None,
    recording: "RecordingServer",
) -> str:
    if upstream is None:
        return f"replaying {recording.replayed} rules of {path}; other calls are refused"
    match mode:
        case "spy":
            return f"calls that no rule matches go to {upstream.host}; nothing is written"
        case "all":
            return f"all calls go to {upstream.host} and are recorded in {path}"
        case _:
            return (
                f"calls that no rule matches go to {upstream.host} and are recorded in {path};"
                f" {recording.replayed} of its rules are replayed"
            )


def _print_summary(recording: "RecordingServer", path: Path | None) -> None:
    recorder = recording.recorder
    if recorder is None:
        return
    text = f"{path}: recorded {recorder.calls} calls as {recorder.rules} rules"
    if recorder.not_recorded:
        text += f"; {recorder.not_recorded} calls are not recorded, for the reasons above"
    print_text(text, sys.stderr)
