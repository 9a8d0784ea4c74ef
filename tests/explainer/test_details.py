"""The details of a mistake: the line that differs, the right code, and no secret."""

import base64
import functools
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import time
import urllib.parse
from typing import Any

import pytest

from mockocr.explainer.right import CODE
from tests.explainer.calls import cause_of, is_refused, received
from tests.explainer.mistakes.legacy import LEGACY
from tests.explainer.mistakes.mistake import SignerMistake, together
from tests.explainer.mistakes.strings_to_sign import ENCODINGS
from tests.explainer.mistakes.tables import COMMON, RARE
from tests.explainer.signing import BODY, HOST, SECRET_KEY, TIMESTAMP, LegacySigner, Signer

URL = f"http://{HOST}/"


def test_the_line_that_differs_is_shown_beside_the_right_one() -> None:
    cause = cause_of(received(Signer(signed_as={"host": "localhost"})))

    (detail,) = cause.details
    assert (detail.step, detail.line) == ("host", 5)
    assert (detail.expected, detail.found) == ("host:127.0.0.1:8018", "host:localhost")


def test_long_steps_and_those_with_a_masked_header_are_not_kept() -> None:
    wrong: Any = {"signed_as": {"host": "localhost"}}
    short = cause_of(received(Signer(**wrong)))
    headers = {"content-type": f"a/{'x' * 5000}", "host": HOST}
    long = cause_of(received(Signer(headers=headers, **wrong)))
    user = cause_of(received(Signer(**wrong, sent={"host": f"user@{HOST}"})))

    assert short.canonical_requests is not None
    assert (short.name, long.name) == ("host_differs", "host_differs")
    assert long.canonical_requests is user.canonical_requests is None


@pytest.mark.parametrize(("characters", "is_proven"), [(10, True), (70_000, False)])
def test_in_a_long_form_two_mistakes_together_are_not_tried(
    characters: int, is_proven: bool
) -> None:
    picture = {"ImageBase64": "A" * characters}
    signer = LegacySigner(parameters=picture, signed_host="localhost", secret_key=f"{SECRET_KEY}\n")

    assert cause_of(received(signer)).proven == is_proven


def test_a_line_of_the_string_to_sign_is_shown_too() -> None:
    (detail,) = cause_of(received(Signer(signed_timestamp=f"{TIMESTAMP}000"))).details

    assert (detail.line, detail.expected, detail.found) == (2, str(TIMESTAMP), f"{TIMESTAMP}000")


def test_a_line_too_many_and_an_empty_one_are_described_in_words() -> None:
    def with_line_end(signer: Any) -> str:
        lines = [
            signer.method,
            signer.path,
            signer.query,
            *signer.lines,
            "",
            signer.names,
            signer.payload,
            "",
        ]
        return "\n".join(lines)

    (detail,) = cause_of(received(Signer(arrange=with_line_end))).details

    assert (detail.line, detail.expected, detail.found) == (9, "(no line)", "(an empty line)")


def test_blanks_control_characters_and_long_lines_can_be_seen() -> None:
    blank = cause_of(received(Signer(line=lambda name, text: f"{name}:{text} "))).details[0]
    crlf = cause_of(
        received(Signer(state=lambda signer, _: _four(signer, _).replace("\n", "\r\n")))
    ).details[0]
    one_line = cause_of(
        received(Signer(arrange=lambda signer: _six(signer).replace("\n", "\\n")))
    ).details[0]

    assert blank.found == '"content-type:application/json "'
    assert crlf.found == "TC3-HMAC-SHA256\\r"
    assert len(one_line.found) < 250


def _four(signer: Signer, canonical: str) -> str:
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return f"TC3-HMAC-SHA256\n{TIMESTAMP}\n{signer.scope}\n{digest}"


def _six(signer: Any) -> str:
    return "\n".join(
        [signer.method, signer.path, signer.query, *signer.lines, "", signer.names, signer.payload]
    )


@pytest.mark.parametrize("signer", [Signer, LegacySigner])
def test_no_explanation_shows_a_secret_or_what_is_personal(signer: Any) -> None:
    planted = "planted-in-the-call"
    made = [*COMMON, *RARE, *ENCODINGS] if signer is Signer else LEGACY
    for each in made:
        request = received(_planted(signer, each, planted))
        if not is_refused(request):
            # Of this call, the mistake changes nothing.
            continue
        cause = cause_of(request)
        shown = f"{cause} {cause.hint} {[detail.to_dict() for detail in cause.details]}"
        assert SECRET_KEY not in shown
        assert "key-of-bob" not in shown
        assert planted not in shown


@pytest.mark.parametrize("signed", ["?{}", "CardSide=FRONT&{}", "{}"])
def test_the_steps_of_a_client_do_not_show_its_query(signed: str) -> None:
    image_url = "ImageUrl=https%3A%2F%2Fxx%2Fplanted-in-the-call"
    query = f"{image_url}&CardSide=FRONT"
    signed_query = signed.format(query if "?" in signed else image_url)
    get = Signer(method="GET", body=b"", query=query, signed_query=signed_query)

    cause = cause_of(received(get))

    assert "planted-in-the-call" not in f"{cause}"


def _planted(signer: Any, made: SignerMistake, planted: str) -> Any:
    how = together(made)
    if signer is LegacySigner:
        return LegacySigner(parameters={"ImageUrl": f"https://xx/{planted}", "Config": ""}, **how)
    token = {"x-tc-token": planted}
    how["sent"] = {**how.get("sent", {}), **token}
    if "signed_body" not in how and "payload_hash" not in how:
        how["body"] = json.dumps({"ImageUrl": f"https://xx/{planted}"}).encode()
    return Signer(**how)


def signature_by(code: str) -> str:
    """The signature of a call, computed by the lines of Python that are shown."""
    names: dict[str, Any] = {
        **{each.__name__: each for each in (functools, hashlib, hmac, time, urllib.parse)},
        "urllib": urllib,
        "base64": base64,
        "method": "POST",
        "url": URL,
        "service": "ocr",
        "timestamp": TIMESTAMP,
        "secret_key": SECRET_KEY,
        "body": BODY,
        "headers": {"content-type": "application/json"},
    }
    exec(code, names)  # noqa: S102 - it is what is tested
    return str(names["signature"])


IN_ORDER = (
    "content-type",
    "host",
    "signed headers",
    "query",
    "payload hash",
    "canonical request",
    "credential scope",
    "string to sign",
    "signing key",
    "signature",
)


def test_the_lines_of_python_sign_right() -> None:
    code = "\n".join(CODE[step].python for step in IN_ORDER)

    assert signature_by(code) == Signer().digest().hex()


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node")
def test_the_lines_of_node_sign_right() -> None:
    given = f"""
const crypto = require("crypto"), method = "POST", url = {json.dumps(URL)}, service = "ocr";
const timestamp = {TIMESTAMP}, secretKey = {json.dumps(SECRET_KEY)};
const body = {json.dumps(BODY.decode())}, headers = {{"content-type": "application/json"}};
"""
    code = "\n".join(CODE[step].node for step in IN_ORDER)

    done = subprocess.run(
        ["node", "-e", f"{given}{code}\nconsole.log(signature)"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    )

    assert done.stdout.strip() == Signer().digest().hex()


def test_the_line_of_python_for_the_legacy_method_signs_right() -> None:
    signer = LegacySigner()
    names = {
        **{each.__name__: each for each in (base64, hmac)},
        "method": "POST",
        "host": HOST,
        "parameters": dict(signer.pairs()),
        "secret_key": SECRET_KEY,
    }
    exec(CODE["legacy"].python, names)  # noqa: S102 - it is what is tested

    assert names["signature"] == base64.b64encode(signer.digest())
