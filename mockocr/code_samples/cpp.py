"""A call with the C++ SDK, which makes POSTs with TC3 only."""

from mockocr.code_samples.literals import comment
from mockocr.code_samples.literals import cpp as quoted
from mockocr.code_samples.sample_call import PictureFile, SampleCall


def cpp(call: SampleCall) -> str:
    product, version = call.product, call.package.upper()
    api = f"tencentcloud/{call.service}/{call.package}"
    keys = ", ".join(f'getenv("{name}")' for name in call.variables)
    http = [] if call.is_https else ["http.SetProtocol(HttpProfile::Scheme::HTTP);"]
    http.append(f"http.SetEndpoint({quoted(call.endpoint)});")
    if call.is_https:
        http.append('http.SetCaInfo("mockocr-ca.pem");')
    region = quoted(call.region)
    lines = [
        "InitAPI();",
        "HttpProfile http;",
        *http,
        f"{product}Client client(Credential({keys}), {region}, ClientProfile(http));",
        f"Model::{call.action}Request request;",
        *(f"request.Set{name}({_value(value)});" for name, value in call.typed()),
        f"auto outcome = client.{call.action}(request);",
        "if (outcome.IsSuccess()) std::cout << outcome.GetResult().ToJsonString() << std::endl;",
        "else std::cerr << outcome.GetError().PrintAll() << std::endl;",
        "ShutdownAPI();",
        "return outcome.IsSuccess() ? 0 : 1;",
    ]
    return "\n".join(
        [
            *(f"// {comment(text)}" for text in call.remarks(frozenset())),
            "#include <cstdlib>",
            *_PICTURE_INCLUDES[: 2 * bool(call.pictures)],
            "#include <iostream>",
            "#include <string>",
            "#include <tencentcloud/core/Credential.h>",
            "#include <tencentcloud/core/TencentCloud.h>",
            f"#include <{api}/{product}Client.h>",
            f"#include <{api}/model/{call.action}Request.h>",
            f"#include <{api}/model/{call.action}Response.h>",
            "",
            "using namespace TencentCloud;",
            f"using namespace TencentCloud::{product}::{version};",
            "",
            *(_BASE64 if call.pictures else ()),
            "int main() {",
            *(f"    {line}" for line in lines),
            "}",
            "",
        ]
    )


_PICTURE_INCLUDES = ("#include <fstream>", "#include <iterator>")
_BASE64 = (
    "static std::string base64_of(const char *file) {",
    "    static const std::string digits =",
    '        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";',
    "    std::ifstream stream(file, std::ios::binary);",
    "    std::string bytes((std::istreambuf_iterator<char>(stream)),",
    "                      std::istreambuf_iterator<char>());",
    "    std::string text;",
    "    for (size_t at = 0; at < bytes.size(); at += 3) {",
    "        unsigned group = 0;",
    "        for (size_t i = at; i < at + 3; ++i)",
    "            group = group << 8 | (i < bytes.size() ? (unsigned char)bytes[i] : 0);",
    "        for (size_t i = 0; i < 4; ++i)",
    "            text += at + i > bytes.size() ? '=' : digits[group >> (18 - 6 * i) & 63];",
    "    }",
    "    return text;",
    "}",
    "",
)


def _value(value: str | bool | PictureFile) -> str:
    match value:
        case PictureFile(name):
            return f"base64_of({quoted(name)})"
        case bool():
            return str(value).lower()
        case _:
            return quoted(value)
