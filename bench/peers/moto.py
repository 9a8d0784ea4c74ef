"""moto's server: the AWS call that is most similar to IDCardOCR, with moto's own answer."""

import json
import time

from bench.calls import Call, Request
from bench.peers.peer import PYTHON_BIN, Peer


def detect_document_text(call: Call) -> Request:
    """Textract's DetectDocumentText with a picture, in a body of the same length. moto verifies
    no signature, so this one is not valid."""
    around = len(_body(""))
    today = time.strftime("%Y%m%d", time.gmtime())
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "Textract.DetectDocumentText",
        "Authorization": f"AWS4-HMAC-SHA256 Credential=AKIDMOCKOCR/{today}/us-east-1/textract/"
        f"aws4_request, SignedHeaders=content-type;host, Signature={'0' * 64}",
    }
    return Request(headers, _body("A" * ((len(call.body) - around) // 4 * 4)))


def _body(base64: str) -> bytes:
    return json.dumps({"Document": {"Bytes": base64}}).encode()


def is_text_detected(call: Call, body: bytes) -> bool:
    return "DetectDocumentTextModelVersion" in json.loads(body)


PEER = Peer(
    name="moto",
    registry="PyPI",
    package="moto",
    version="5.2.5",
    extra="[server]",
    command=(f"{PYTHON_BIN}/moto_server", "-H", "127.0.0.1", "-p", "{port}"),
    request=detect_document_text,
    is_right=is_text_detected,
    remark="Textract's DetectDocumentText with a body of the same length, and moto's own answer of"
    " 102 bytes",
)
