"""A call with the Ruby SDK."""

from mockocr.code_samples.literals import comment
from mockocr.code_samples.literals import ruby as quoted
from mockocr.code_samples.sample_call import PictureFile, SampleCall

_CAN_SET = frozenset({"method", "signature", "language"})


def ruby(call: SampleCall) -> str:
    settings = dict(call.settings())
    keys = ", ".join(f"ENV.fetch('{name}')" for name in call.variables)
    lines = [f"# {comment(text)}" for text in call.remarks(_CAN_SET)]
    if call.is_https:
        lines.append("# Set SSL_CERT_FILE=mockocr-ca.pem")
    if ":" in call.endpoint:
        lines.append("# The SDK takes no endpoint with a port: serve with --port 80 --tls-port 443")
    lines += ["require 'base64'"] if call.pictures else []
    lines += [
        "require 'tencentcloud-sdk-common'",
        f"require 'tencentcloud-sdk-{call.service}'",
        "",
        "include TencentCloud::Common",
        f"include TencentCloud::{call.product}::{call.package.upper()}",
        "",
        f"credential = Credential.new({keys})",
        "http = HttpProfile.new",
        *([] if call.is_https else ["http.scheme = 'http'"]),
        f"http.endpoint = {quoted(call.endpoint)}",
    ]
    if "method" in settings:
        lines.append(f"http.req_method = {quoted(settings['method'])}")
    lines += ["profile = ClientProfile.new", "profile.http_profile = http"]
    if "signature" in settings:
        lines.append(f"profile.sign_method = {quoted(settings['signature'])}")
    if "language" in settings:
        lines.append(f"profile.language = {quoted(settings['language'])}")
    lines += [
        f"client = Client.new(credential, {quoted(call.region)}, profile)",
        "",
        f"request = {call.action}Request.new",
        *(f"request.{name} = {_value(value)}" for name, value in call.typed()),
        f"puts client.{call.action}(request).serialize",
        "",
    ]
    return "\n".join(lines)


def _value(value: str | bool | PictureFile) -> str:
    match value:
        case PictureFile(name):
            return f"Base64.strict_encode64(File.binread({quoted(name)}))"
        case bool():
            return str(value).lower()
        case _:
            return quoted(value)
