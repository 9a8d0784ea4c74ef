"""A call with tccli."""

from mockocr.code_samples.curl import body_file, json_body
from mockocr.code_samples.literals import comment, shell
from mockocr.code_samples.sample_call import SampleCall

_CAN_SET = frozenset({"language"})


def tccli(call: SampleCall) -> str:
    """Raises NotRepeatableError."""
    # tccli has no option for http, but accepts a whole URL.
    endpoint = call.endpoint if call.is_https else call.url
    lines = ["#!/usr/bin/env bash"]
    lines += [f"# {comment(text)}" for text in call.remarks(_CAN_SET, is_typed=False)]
    lines += ["set -euo pipefail"]
    lines += [
        f"picture=$(base64 <{picture.name} | tr -d '\\n')" for picture in call.pictures.values()
    ]
    lines += [*body_file(call, json_body(call)), f"tccli {call.service} {call.action} \\"]
    options = [f"--endpoint {shell(endpoint)}", f"--version {shell(call.version)}"]
    # tccli needs a region; the server accepts a call without one.
    options.append(f"--region {shell(call.region or 'ap-guangzhou')}")
    if call.language:
        options.append(f"--language {shell(call.language)}")
    if call.has_token:
        options.append('--token "$TENCENTCLOUD_TOKEN"')
    options.append('--cli-input-json "file://$body"')
    lines.append(" \\\n".join(f"  {option}" for option in options))
    return "\n".join([*lines, ""])
