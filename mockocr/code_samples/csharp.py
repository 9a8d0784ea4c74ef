"""A call with the .NET SDK."""

from mockocr.code_samples.literals import comment
from mockocr.code_samples.literals import csharp as quoted
from mockocr.code_samples.sample_call import PictureFile, SampleCall

_MEMBERS = ("SecretId", "SecretKey", "Token")
_CAN_SET = frozenset({"method", "signature"})


def csharp(call: SampleCall) -> str:
    settings = dict(call.settings())
    http = [] if call.is_https else ['Protocol = "http://"']
    http.append(f"Endpoint = {quoted(call.endpoint)}")
    if "method" in settings:
        http.append(f"ReqMethod = {quoted(settings['method'])}")
    profile = [f"HttpProfile = new HttpProfile {{ {', '.join(http)} }}"]
    if "signature" in settings:
        profile.append(f"SignMethod = {quoted(settings['signature'])}")
    lines = [f"// {comment(text)}" for text in call.remarks(_CAN_SET)]
    if call.is_https:
        lines.append("// On Linux: SSL_CERT_FILE=mockocr-ca.pem")
    return "\n".join(
        [
            *lines,
            "using System;",
            *(["using System.IO;"] if call.pictures else []),
            "using TencentCloud.Common;",
            "using TencentCloud.Common.Profile;",
            f"using TencentCloud.{call.product}.{call.package.upper()};",
            f"using TencentCloud.{call.product}.{call.package.upper()}.Models;",
            "",
            "var credential = new Credential {",
            *(
                f'    {member} = Environment.GetEnvironmentVariable("{name}"),'
                for member, name in zip(_MEMBERS, call.variables, strict=False)
            ),
            "};",
            f"var profile = new ClientProfile {{ {', '.join(profile)} }};",
            f"var client = new {call.product}Client(credential, {quoted(call.region)}, profile);",
            f"var request = new {call.action}Request {{",
            *(f"    {name} = {_value(value)}," for name, value in call.typed()),
            "};",
            f"Console.WriteLine(AbstractModel.ToJsonString(client.{call.action}Sync(request)));",
            "",
        ]
    )


def _value(value: str | bool | PictureFile) -> str:
    match value:
        case PictureFile(name):
            return f"Convert.ToBase64String(File.ReadAllBytes({quoted(name)}))"
        case bool():
            return str(value).lower()
        case _:
            return quoted(value)
