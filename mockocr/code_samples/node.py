"""A call with the Node SDK."""

import json
from typing import Any

from mockocr.code_samples.literals import comment
from mockocr.code_samples.literals import js as quoted
from mockocr.code_samples.sample_call import PictureFile, SampleCall

_MEMBERS = ("secretId", "secretKey", "token")
_CAN_SET = frozenset({"method", "signature", "language"})


def node(call: SampleCall) -> str:
    settings = dict(call.settings())
    http = {"endpoint": quoted(call.endpoint)}
    if not call.is_https:
        http = {"protocol": quoted("http://"), **http}
    if "method" in settings:
        http["reqMethod"] = quoted(settings["method"])
    profile = {"httpProfile": _object(http)}
    if "signature" in settings:
        profile["signMethod"] = quoted(settings["signature"])
    if "language" in settings:
        profile["language"] = quoted(settings["language"])
    keys = {
        member: f"process.env.{name}"
        for member, name in zip(_MEMBERS, call.variables, strict=False)
    }
    parameters = [
        f"  {quoted(name)}: {_value(value)}," for name, value in (call.parameters or {}).items()
    ]
    lines = [f"// {comment(text)}" for text in call.remarks(_CAN_SET, is_typed=False)]
    if call.is_https:
        lines.append("// Node reads the CA when it starts: NODE_EXTRA_CA_CERTS=mockocr-ca.pem")
    lines += ['const fs = require("fs");'] if call.pictures else []
    lines += [
        f'const {{ {call.service} }} = require("tencentcloud-sdk-nodejs-{call.service}");',
        "",
        f"const client = new {call.service}.{call.package}.Client({{",
        f"  credential: {_object(keys)},",
        f"  region: {quoted(call.region)},",
        f"  profile: {_object(profile)},",
        "});",
        "const parameters = {",
        *parameters,
        "};",
        f"client.{call.action}(parameters).then(",
        "  (response) => console.log(JSON.stringify(response, null, 2)),",
        "  (error) => {",
        "    console.error(error);",
        "    process.exitCode = 1;",
        "  },",
        ");",
        "",
    ]
    return "\n".join(lines)


def _object(members: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{name}: {value}" for name, value in members.items()) + " }"


def _value(value: Any) -> str:
    match value:
        case PictureFile(name):
            return f'fs.readFileSync({quoted(name)}).toString("base64")'
        case str():
            return quoted(value)
        case _:
            return json.dumps(value)
