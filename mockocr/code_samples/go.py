"""A call with the Go SDK."""

from mockocr.code_samples.literals import comment
from mockocr.code_samples.literals import go as quoted
from mockocr.code_samples.sample_call import PictureFile, SampleCall

_CAN_SET = frozenset({"method", "signature", "language"})
_SDK = "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud"


def go(call: SampleCall) -> str:
    settings = dict(call.settings())
    lines = [f"// {comment(text)}" for text in call.remarks(_CAN_SET)]
    if call.is_https:
        lines.append("// On Linux: SSL_CERT_FILE=mockocr-ca.pem")
    lines += ["package main", "", "import ("]
    lines += ['\t"encoding/base64"'] if call.pictures else []
    lines += [
        '\t"fmt"',
        '\t"os"',
        "",
        f'\t"{_SDK}/common"',
        f'\t"{_SDK}/common/profile"',
        f'\t{call.service} "{_SDK}/{call.service}/{call.package}"',
        ")",
        "",
        "func main() {",
        *(f"\t{line}" for line in _body(call, settings)),
        "}",
        "",
    ]
    return "\n".join(lines)


def _body(call: SampleCall, settings: dict[str, str]) -> list[str]:
    new = "NewTokenCredential" if call.has_token else "NewCredential"
    keys = ", ".join(f'os.Getenv("{name}")' for name in call.variables)
    lines = [f"credential := common.{new}({keys})", "settings := profile.NewClientProfile()"]
    if not call.is_https:
        lines.append('settings.HttpProfile.Scheme = "HTTP"')
    lines.append(f"settings.HttpProfile.Endpoint = {quoted(call.endpoint)}")
    if "method" in settings:
        lines.append(f"settings.HttpProfile.ReqMethod = {quoted(settings['method'])}")
    if "signature" in settings:
        lines.append(f"settings.SignMethod = {quoted(settings['signature'])}")
    if "language" in settings:
        lines.append(f"settings.Language = {quoted(settings['language'])}")
    lines += [
        f"client, err := {call.service}.NewClient(credential, {quoted(call.region)}, settings)",
        *_PANIC,
        f"request := {call.service}.New{call.action}Request()",
    ]
    for name, value in call.typed():
        match value:
            case PictureFile(file):
                lines += [f"picture, err := os.ReadFile({quoted(file)})", *_PANIC]
                text = "base64.StdEncoding.EncodeToString(picture)"
                lines.append(f"request.{name} = common.StringPtr({text})")
            case bool():
                lines.append(f"request.{name} = common.BoolPtr({str(value).lower()})")
            case _:
                lines.append(f"request.{name} = common.StringPtr({quoted(value)})")
    return [
        *lines,
        f"response, err := client.{call.action}(request)",
        *_PANIC,
        "fmt.Println(response.ToJsonString())",
    ]


_PANIC = ("if err != nil {", "\tpanic(err)", "}")
