"""A call with the PHP SDK."""

from mockocr.code_samples.literals import comment
from mockocr.code_samples.literals import php as quoted
from mockocr.code_samples.sample_call import PictureFile, SampleCall

_CAN_SET = frozenset({"method", "signature"})


def php(call: SampleCall) -> str:
    settings = dict(call.settings())
    version = call.package.upper()
    keys = ", ".join(f"getenv('{name}')" for name in call.variables)
    lines = ["<?php", *(f"// {comment(text)}" for text in call.remarks(_CAN_SET))]
    if call.is_https:
        lines.append(
            "// Start with: php -d openssl.cafile=mockocr-ca.pem -d curl.cainfo=mockocr-ca.pem"
        )
    lines += [
        "require 'vendor/autoload.php';",
        "",
        "use TencentCloud\\Common\\Credential;",
        "use TencentCloud\\Common\\Profile\\ClientProfile;",
        "use TencentCloud\\Common\\Profile\\HttpProfile;",
        f"use TencentCloud\\{call.product}\\{version}\\Models\\{call.action}Request;",
        f"use TencentCloud\\{call.product}\\{version}\\{call.product}Client;",
        "",
        f"$credential = new Credential({keys});",
        "$http = new HttpProfile();",
    ]
    if not call.is_https:
        lines.append("$http->setProtocol('http://');")
    lines.append(f"$http->setEndpoint({quoted(call.endpoint)});")
    if "method" in settings:
        lines.append(f"$http->setReqMethod({quoted(settings['method'])});")
    lines += ["$profile = new ClientProfile();", "$profile->setHttpProfile($http);"]
    if "signature" in settings:
        lines.append(f"$profile->setSignMethod({quoted(settings['signature'])});")
    lines += [
        f"$client = new {call.product}Client($credential, {quoted(call.region)}, $profile);",
        "",
        f"$request = new {call.action}Request();",
        *(f"$request->{name} = {_value(value)};" for name, value in call.typed()),
        f"echo $client->{call.action}($request)->toJsonString(), PHP_EOL;",
        "",
    ]
    return "\n".join(lines)


def _value(value: str | bool | PictureFile) -> str:
    match value:
        case PictureFile(name):
            return f"base64_encode(file_get_contents({quoted(name)}))"
        case bool():
            return str(value).lower()
        case _:
            return quoted(value)
