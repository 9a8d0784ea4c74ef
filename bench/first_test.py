"""What the first test of a session costs, in milliseconds of CPU: of whole pytest processes, each
compared with one that does not load the plugin."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

from mockocr.testing.cards import new_card

LOADED = "the plugin is loaded, and no test uses it"
FIXTURE = "the first test with the fixture mockocr"
HTTPS = "the same, with mockocr_intercept (https)"
SCRIPTED = "the same, with a call that respond answers"
CROPS = "the same, with a picture and both crops"

_CALL = """
import hashlib, hmac, http.client, json, time

def call(ocr, parameters):
    body = json.dumps(parameters)
    now = int(time.time())
    day = time.strftime("%Y-%m-%d", time.gmtime(now))
    scope = f"{day}/ocr/tc3_request"
    lines = f"content-type:application/json\\nhost:{ocr.endpoint}\\n\\ncontent-type;host"
    canonical = f"POST\\n/\\n\\n{lines}\\n{hashlib.sha256(body.encode()).hexdigest()}"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"TC3{ocr.secret_key}".encode()
    for part in (day, "ocr", "tc3_request", f"TC3-HMAC-SHA256\\n{now}\\n{scope}\\n{digest}"):
        key = hmac.digest(key, part.encode(), "sha256")
    credential = f"Credential={ocr.secret_id}/{scope}, SignedHeaders=content-type;host"
    connection = http.client.HTTPConnection(ocr.endpoint)
    connection.request("POST", "/", body, {
        "Content-Type": "application/json", "X-TC-Action": "IDCardOCR",
        "X-TC-Version": "2018-11-19", "X-TC-Timestamp": str(now),
        "Authorization": f"TC3-HMAC-SHA256 {credential}, Signature={key.hex()}"})
    answer = json.loads(connection.getresponse().read())["Response"]
    assert "Error" not in answer, answer
"""
TESTS = {
    LOADED: "def test_it():\n    pass\n",
    FIXTURE: "def test_it(mockocr):\n    pass\n",
    HTTPS: "def test_it(mockocr_intercept):\n    pass\n",
    SCRIPTED: f"{_CALL}\ndef test_it(mockocr):\n    mockocr.respond(card={{'Name': '李明'}})\n"
    "    call(mockocr, {'ImageUrl': 'https://example.com/a.jpg'})\n",
    CROPS: f"{_CALL}\ndef test_it(mockocr):\n"
    "    flags = json.dumps({'CropIdCard': True, 'CropPortrait': True})\n"
    "    call(mockocr, {'ImageBase64': open('card').read(), 'Config': flags})\n",
}


def costs() -> Iterator[tuple[str, float]]:
    """Milliseconds of CPU by test, beyond those of a test without the plugin."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        picture = new_card("front", {}, (), 0)
        (folder / "card").write_bytes(base64.b64encode(picture))
        # Make the CA, and the bytecode of every module.
        _cpu_seconds(folder, TESTS[CROPS], with_plugin=True)
        without = _cpu_seconds(folder, TESTS[LOADED], with_plugin=False)
        for what, source in TESTS.items():
            yield what, 1000 * (_cpu_seconds(folder, source, with_plugin=True) - without)


def _cpu_seconds(folder: Path, source: str, *, with_plugin: bool) -> float:
    (folder / "test_it.py").write_text(source, encoding="utf-8")
    plugin = ["-p", "mockocr.pytest_plugin"] if with_plugin else []
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin]
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "MOCKOCR_STATE_DIR": str(folder / "state"),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
