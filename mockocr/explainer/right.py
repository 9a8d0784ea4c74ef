"""The right code for each step, one line in Python and one in Node."""

from collections.abc import Mapping
from typing import NamedTuple

from mockocr.explainer.mistake import Step


class Code(NamedTuple):
    python: str
    node: str


_SECRET_KEY = Code(
    'secret_key = os.environ["TENCENTCLOUD_SECRET_KEY"].strip()',
    "const secretKey = process.env.TENCENTCLOUD_SECRET_KEY.trim()",
)
_HOST = Code(
    'headers["host"] = urllib.parse.urlsplit(url).netloc',
    "headers.host = new URL(url).host",
)
_CANONICAL_REQUEST = Code(
    'canonical = "\\n".join([method, "/", query, *(f"{n}:{headers[n].lower()}" for n in names),'
    ' "", ";".join(names), payload_hash])',
    'const canonical = [method, "/", query, ...names.map(n => `${n}:${headers[n].toLowerCase()}`),'
    ' "", names.join(";"), payloadHash].join("\\n")',
)
_NAMES = Code(
    "names = sorted(name.lower() for name in headers)",
    "const names = Object.keys(headers).map(n => n.toLowerCase()).sort()",
)
_QUERY = Code(
    'query = urllib.parse.urlsplit(url).query if method == "GET" else ""',
    'const query = method === "GET" ? new URL(url).search.slice(1) : ""',
)
_STRING_TO_SIGN = Code(
    'text = f"TC3-HMAC-SHA256\\n{timestamp}\\n{scope}\\n'
    '{hashlib.sha256(canonical.encode()).hexdigest()}"',
    'const text = ["TC3-HMAC-SHA256", timestamp, scope,'
    ' crypto.createHash("sha256").update(canonical).digest("hex")].join("\\n")',
)

CODE: Mapping[str, Code] = {
    Step.SECRET_KEY: _SECRET_KEY,
    Step.SIGNING_KEY: Code(
        'key = functools.reduce(lambda k, s: hmac.digest(k, s.encode(), "sha256"),'
        ' [date, service, "tc3_request"], b"TC3" + secret_key.encode())',
        'const key = [date, service, "tc3_request"].reduce((k, s) =>'
        ' crypto.createHmac("sha256", k).update(s).digest(), "TC3" + secretKey)',
    ),
    Step.SCOPE: Code(
        'date = time.strftime("%Y-%m-%d", time.gmtime(timestamp));'
        ' scope = f"{date}/{service}/tc3_request"',
        "const date = new Date(timestamp * 1000).toISOString().slice(0, 10);"
        " const scope = `${date}/${service}/tc3_request`",
    ),
    Step.METHOD: _CANONICAL_REQUEST,
    Step.PATH: _CANONICAL_REQUEST,
    Step.QUERY: _QUERY,
    Step.CONTENT_TYPE: Code(
        'headers["content-type"] = "application/json"',
        'headers["content-type"] = "application/json"',
    ),
    Step.HOST: _HOST,
    Step.HEADERS: _NAMES,
    Step.PAYLOAD: Code(
        "payload_hash = hashlib.sha256(body).hexdigest()",
        'const payloadHash = crypto.createHash("sha256").update(body).digest("hex")',
    ),
    Step.CANONICAL_REQUEST: _CANONICAL_REQUEST,
    Step.TIMESTAMP: Code(
        'timestamp = int(time.time()); headers["x-tc-timestamp"] = str(timestamp)',
        "const timestamp = Math.floor(Date.now() / 1000);"
        ' headers["x-tc-timestamp"] = String(timestamp)',
    ),
    Step.STRING_TO_SIGN: _STRING_TO_SIGN,
    Step.SIGNATURE: Code(
        'signature = hmac.digest(key, text.encode(), "sha256").hex()',
        'const signature = crypto.createHmac("sha256", key).update(text).digest("hex")',
    ),
    "legacy": Code(
        'text = method + host + "/?" + "&".join(f"{k}={parameters[k]}"'
        " for k in sorted(parameters));"
        ' signature = base64.b64encode(hmac.digest(secret_key.encode(), text.encode(), "sha256"))',
        'const text = method + host + "/?" + Object.keys(parameters).sort()'
        '.map(k => `${k}=${parameters[k]}`).join("&"); const signature ='
        ' crypto.createHmac("sha256", secretKey).update(text).digest("base64")',
    ),
}
