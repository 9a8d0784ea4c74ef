"""A call with the Java SDK."""

from mockocr.code_samples.literals import comment
from mockocr.code_samples.literals import java as quoted
from mockocr.code_samples.sample_call import PictureFile, SampleCall

_LANGUAGES = {"zh-CN": "Language.ZH_CN", "en-US": "Language.EN_US"}


def java(call: SampleCall) -> str:
    settings = dict(call.settings())
    language = _LANGUAGES.get(call.language)
    can_set = frozenset({"method", "signature", *(["language"] if language else [])})
    api = f"com.tencentcloudapi.{call.service}.{call.package}"
    imports = [
        "com.tencentcloudapi.common.Credential",
        "com.tencentcloudapi.common.profile.ClientProfile",
        "com.tencentcloudapi.common.profile.HttpProfile",
        *(["com.tencentcloudapi.common.profile.Language"] if language else []),
        f"{api}.{call.product}Client",
        f"{api}.models.{call.action}Request",
        *_PICTURE_IMPORTS[: 3 * bool(call.pictures)],
    ]
    keys = ", ".join(f'System.getenv("{name}")' for name in call.variables)
    lines = [f"Credential credential = new Credential({keys});"]
    lines.append("HttpProfile http = new HttpProfile();")
    if not call.is_https:
        lines.append('http.setProtocol("http://");')
    lines.append(f"http.setEndpoint({quoted(call.endpoint)});")
    if "method" in settings:
        lines.append(f"http.setReqMethod({quoted(settings['method'])});")
    lines += ["ClientProfile profile = new ClientProfile();", "profile.setHttpProfile(http);"]
    if "signature" in settings:
        lines.append(f"profile.setSignMethod({quoted(settings['signature'])});")
    if language:
        lines.append(f"profile.setLanguage({language});")
    client = f"{call.product}Client"
    lines += [
        f"{client} client = new {client}(credential, {quoted(call.region)}, profile);",
        f"{call.action}Request request = new {call.action}Request();",
        *(f"request.set{name}({_value(value)});" for name, value in call.typed()),
        f"System.out.println({call.action}Request.toJsonString(client.{call.action}(request)));",
    ]
    return "\n".join(
        [
            *(f"// {comment(text)}" for text in call.remarks(can_set)),
            *(f"import {name};" for name in imports),
            "",
            "public class Call {",
            "    public static void main(String[] arguments) throws Exception {",
            *(f"        {line}" for line in lines),
            "    }",
            "}",
            "",
        ]
    )


_PICTURE_IMPORTS = ("java.nio.file.Files", "java.nio.file.Paths", "java.util.Base64")


def _value(value: str | bool | PictureFile) -> str:
    match value:
        case PictureFile(name):
            content = f"Files.readAllBytes(Paths.get({quoted(name)}))"
            return f"Base64.getEncoder().encodeToString({content})"
        case bool():
            return str(value).lower()
        case _:
            return quoted(value)
