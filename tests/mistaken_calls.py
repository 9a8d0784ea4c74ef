"""Calls that are refused, or that have parameters without effect: one for each reason.

docs/troubleshooting.md shows the reason and the hint of each (`tests/test_reasons.py`).
"""

# ruff: noqa: E501 - a case is one line

import json
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from mockocr.accounts.account import Account, Accounts
from mockocr.actions.idcard import hints as idcard
from mockocr.actions.idcard.specimens.catalogue import BY_NAME
from mockocr.actions.idcard.specimens.pictures import picture_of
from mockocr.actions.refusals import PACKAGE, STATE
from mockocr.downloads import hints as download
from mockocr.downloads.downloads import Downloads, Limits
from mockocr.downloads.policy import read_policy
from mockocr.journal.exchange import Exchange
from mockocr.journal.journal import Journal
from mockocr.pipeline.pipeline import Pipeline
from mockocr.pipeline.state import Defaults, State
from mockocr.protocol import hints as gateway
from mockocr.protocol import tc3
from mockocr.protocol.authorization import ALGORITHM, TERMINATOR, utc_date
from mockocr.protocol.reasons import Hint
from mockocr.protocol.wire import WireRequest
from mockocr.recognition import hints as picture
from mockocr.recognition.picture_cache import PictureCache
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.registry import ScenarioRegistry
from tests.builders import a_picture, base64
from tests.requests import (
    FRONT,
    NOW,
    SECRET_ID,
    SECRET_KEY,
    TIMESTAMP,
    a_call,
    a_get,
    a_request,
    a_v1_call,
    common_headers,
    signed,
)
from tests.scenario.scripts import a_scenario

ALICE = Account("alice", {SECRET_ID: SECRET_KEY}, rate=0)
PATIENCE = Limits(seconds=0.2)

Make = Callable[[str], WireRequest]
"""Makes the call. The argument is the URL of a web server on this machine (`web_server`)."""


@dataclass(frozen=True)
class Case:
    entry: str
    """The error code, or the name of the note: an entry of the page."""
    en: str
    zh: str
    """What is sent, for the page."""
    make: Make
    hint: Hint
    parameter: str
    value: str | None = None
    account: Account = ALICE
    settings: Mapping[str, Any] = field(default_factory=dict)
    scenario: str | None = None
    fetch: tuple[str, ...] = ()
    times: int = 1
    is_note: bool = False

    def __str__(self) -> str:
        return f"{self.entry}: {self.en}"

    def exchange(self, url: str) -> Exchange:
        """The record of the last call."""
        pictures = PictureCache(read_policy(self.fetch) if self.fetch else None)
        if self.fetch:
            pictures.downloads = Downloads(read_policy(self.fetch), limits=PATIENCE)
        registry = ScenarioRegistry(CallCounters())
        if self.scenario is not None:
            registry.play(a_scenario(self.scenario), self.account.name)
        journal = Journal(max_calls=100, max_bytes=2**20)
        defaults = Defaults(**self.settings)
        state = State(Accounts([self.account]), registry, journal, defaults, pictures)
        pipeline = Pipeline(state)
        for _ in range(self.times):
            pipeline.answer(self.make(url))
        exchange = state.journal.newest_first()[0]
        if exchange.search is not None:
            state.searches.ask(exchange.request_id, exchange.search).result()
        return exchange


class _Site(BaseHTTPRequestHandler):
    over = Event()

    def do_GET(self) -> None:
        match self.path:
            case "/hangs.jpg":
                self.over.wait()
            case "/moved.jpg":
                self.send_response(302)
                self.send_header("Location", "http://10.0.0.1/a.jpg")
                self.end_headers()
            case "/large.jpg":
                self.send_response(200)
                self.send_header("Content-Length", str(2**24))
                self.end_headers()
            case "/empty.jpg":
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
            case _:
                self.send_error(404)

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


@contextmanager
def web_server() -> Iterator[str]:
    _Site.over = Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        _Site.over.set()
        server.shutdown()
        thread.join()


def call(parameters: Any = FRONT, **headers: Any) -> Make:
    return lambda _: a_call(parameters, **headers)


def sent(**parameters: Any) -> Make:
    """With a picture, and these parameters."""
    return call({**FRONT, **parameters})


def image(text: str) -> Make:
    return call({"ImageBase64": text})


def file(content: bytes) -> Make:
    return image(base64(content))


def specimen(name: str, **parameters: str) -> Make:
    return lambda _: a_call({"ImageBase64": base64(picture_of(BY_NAME[name])), **parameters})


def at(path: str, host: str | None = None) -> Make:
    def make(url: str) -> WireRequest:
        base = url if host is None else url.replace("127.0.0.1", host)
        return a_call({"ImageUrl": f"{base}{path}"})

    return make


def body(content: bytes) -> Make:
    return lambda _: a_call(content)


def raw(method: str = "POST", query: str = "", content: bytes = b"", **headers: str) -> Make:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: a_request(method, query, names, content)


def legacy(**changes: Any) -> Make:
    return lambda _: a_v1_call(**changes)


def config(text: str, **more: Any) -> Make:
    return sent(Config=text, **more)


def with_authorization(old: str, new: str) -> Make:
    def make(_: str) -> WireRequest:
        request = a_call()
        authorization = request.headers["authorization"].replace(old, new)
        return replace(request, headers={**request.headers, "authorization": authorization})

    return make


def late(_: str) -> WireRequest:
    return replace(a_call(), received_at=NOW + timedelta(seconds=400))


def oversized(_: str) -> WireRequest:
    return replace(a_call(b""), oversized=True)


def long_query(_: str) -> WireRequest:
    return a_get({"ImageBase64": "A" * 33_000})


def png(width: int, height: int) -> bytes:
    """The header of a PNG, with no pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk


def raw_case(_: str) -> WireRequest:
    """Signs X-TC-Action as it is sent."""
    request = a_request(headers=common_headers(), body=json.dumps(FRONT).encode())
    names = "content-type;host;x-tc-action"
    scope = f"{utc_date(TIMESTAMP)}/ocr/{TERMINATOR}"
    headers = {name: request.headers[name] for name in names.split(";")}
    canonical = tc3.canonical_request(request, headers, tc3.payload_hash(request))
    key = tc3.signing_key(SECRET_KEY, *scope.split("/")[:2])
    signature = tc3.sign(key, tc3.string_to_sign(TIMESTAMP, scope, canonical))
    authorization = (
        f"{ALGORITHM} Credential={SECRET_ID}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return replace(request, headers={**request.headers, "authorization": authorization})


JPEG = a_picture("JPEG", 300, 200)
NEW = {"contract": date(2026, 9, 17)}
REFUSE = {"unknown_pictures": "refuse"}
HERE = ("loopback",)


def an_account(**words: Any) -> Account:
    return replace(ALICE, **words)


def then(text: str) -> str:
    return f"name: n\nrules: [{{name: a, then: {text}}}]"


_LIMIT = "InvalidParameterValue.InvalidParameterValueLimit"
_FORMAT = "InvalidParameter.ConfigFormatError"
_DECODE = "FailedOperation.ImageDecodeFailed"
_DOWNLOAD = "FailedOperation.DownLoadError"
_AUTHORIZATION = "AuthFailure.InvalidAuthorization"

# fmt: off
CASES = [
    Case("UnsupportedProtocol", "a PUT", "PUT 请求", raw("PUT"), gateway.METHOD, "method", "PUT"),
    Case("RequestSizeLimitExceeded", "a body of more than 10 MB", "请求体超过 10 MB", oversized, gateway.SIZE, "body", "> 10485760 bytes"),
    Case("RequestSizeLimitExceeded", "a GET of more than 32 KB", "GET 请求超过 32 KB", long_query, gateway.SIZE, "query", "33012 bytes"),
    Case("RequestSizeLimitExceeded", "a query of more than 1,000 parameters", "查询字符串超过 1000 个参数", raw("GET", "&".join(["a=1"] * 1001)), gateway.SIZE, "query", "1001 parameters"),
    Case("AuthFailure.SignatureFailure", "a legacy call of more than 1 MB", "旧版签名的请求超过 1 MB", lambda _: replace(a_v1_call(), content=b"a=" + b"A" * 2**20), gateway.LEGACY_SIZE, "body", "1048578 bytes"),
    Case("AuthFailure.SignatureFailure", "a wrong signature", "签名错误", lambda _: signed(a_call(), secret_key="another"), gateway.SEE_CAUSE, "Signature"),
    Case("MissingParameter", "no X-TC-Timestamp", "缺少 X-TC-Timestamp", lambda _: a_request(headers={"X-TC-Action": "IDCardOCR"}), gateway.MISSING, "X-TC-Timestamp"),
    Case("MissingParameter", "a legacy call without Nonce", "旧版签名的请求缺少 Nonce", legacy(Nonce=None), gateway.MISSING, "Nonce"),
    Case("MissingParameter", "a GET by a browser", "浏览器发起的 GET", raw("GET"), gateway.READ_AS_LEGACY, "Timestamp"),
    Case("InvalidParameter", "JSON without the headers of TC3", "发送 JSON 但没有 TC3 请求头", raw("POST", "", b'{"ImageUrl": "https://xx/a.jpg"}'), gateway.READ_AS_LEGACY, "query or form"),
    Case("InvalidParameter", "a GET whose query has a part without `=`", "GET 查询字符串中有不含 `=` 的部分", lambda _: signed(a_request("GET", "ImageUrl", common_headers())), gateway.NAME_WITHOUT_VALUE, "query or form"),
    Case("InvalidParameter", "X-TC-Timestamp in milliseconds", "X-TC-Timestamp 为毫秒", lambda _: replace(a_call(), headers={**a_call().headers, "x-tc-timestamp": f"{TIMESTAMP}000"}), gateway.MILLISECONDS, "X-TC-Timestamp", f"{TIMESTAMP}000"),
    Case("InvalidParameter", "X-TC-Timestamp as a date", "X-TC-Timestamp 为日期", lambda _: replace(a_call(), headers={**a_call().headers, "x-tc-timestamp": "2026-11-22T12:00:00Z"}), gateway.SECONDS, "X-TC-Timestamp", "2026-11-22T12:00:00Z"),
    Case("InvalidParameter", "a Nonce that is not a whole number", "Nonce 不是整数", legacy(Nonce="-7"), gateway.NONCE, "Nonce", "-7"),
    Case("InvalidParameter", "Content-Type of a form", "表单的 Content-Type", call(Content_Type="application/x-www-form-urlencoded"), gateway.CONTENT_TYPE, "Content-Type", '"application/x-www-form-urlencoded"'),
    Case("InvalidParameter", "an empty body", "空请求体", body(b""), gateway.EMPTY_BODY, "body", '""'),
    Case("InvalidParameter", "a form with Content-Type application/json", "Content-Type 为 application/json 的表单", body(b"ImageUrl=https%3A%2F%2Fxx%2Fa.jpg"), gateway.FORM_BODY, "body", "name=value"),
    Case("InvalidParameter", "names in single quotes", "名称用单引号", body(b"{'CardSide': 'FRONT'}"), gateway.NOT_JSON, "body", "line 1, column 2: Expecting property name enclosed in double quotes"),
    Case("InvalidParameter", "GBK", "GBK 编码", body('{"CardSide": "正"}'.encode("gbk")), gateway.NOT_UTF8, "body", "0xD5, byte 15"),
    Case("InvalidParameter", "a JSON array", "JSON 数组", body(b"[]"), gateway.NOT_AN_OBJECT, "body", "array"),
    Case("InvalidParameter", "a body that is serialized twice", "序列化两次的请求体", body(b'"{}"'), gateway.BODY_TWICE, "body", "string"),
    Case("InvalidParameter", "an object that is not serialized", "未序列化的对象", body(b"[object Object]"), gateway.OBJECT_BODY, "body", "[object ...]"),
    Case("InvalidParameter", "a number of 5,000 digits", "5000 位的数字", body(b'{"a": ' + b"1" * 5_000 + b"}"), gateway.NOT_JSON, "body", "a number of too many digits"),
    Case("InvalidParameter", "thousands of levels of arrays", "数千层嵌套数组", body(b"[" * 5_000), gateway.TOO_DEEP, "body", "> 32 levels"),
    Case("InvalidParameter", "33 levels of arrays", "33 层嵌套数组", body(b'{"a": ' + b"[" * 32 + b"]" * 32 + b"}"), gateway.TOO_DEEP, "body", "> 32 levels"),
    Case("InvalidParameter", "an array of ten thousand values", "一万个值的数组", body(b'{"a": [' + b"1," * 10_000 + b"1]}"), gateway.TOO_COMPLEX, "body"),
    Case("InvalidParameter", "a lone surrogate", "半个代理对", body(b'{"CardSide": "\\ud83d"}'), gateway.HALF_CHARACTER, "body"),
    Case("InvalidParameter", "a GET that is not UTF-8", "非 UTF-8 的 GET", lambda _: signed(a_request("GET", "ImageUrl=%FF", common_headers())), gateway.NOT_UTF8, "query or form"),
    Case("InvalidParameter", "Config as an object", "Config 为对象", sent(Config={"CopyWarn": True}), gateway.OBJECT_AS_TEXT, "Config", "object"),
    Case("InvalidParameter", "a Boolean in quotes", "布尔值加了引号", sent(EnableReflectDetail="true"), gateway.BOOL_AS_TEXT, "EnableReflectDetail", "string"),
    Case("InvalidParameter", "a number as ImageUrl", "ImageUrl 为数字", call({"ImageUrl": 1}), gateway.TYPE, "ImageUrl", "number"),
    Case(_AUTHORIZATION, "another scheme", "其他认证方式", lambda _: replace(a_call(), headers={**a_call().headers, "authorization": "Bearer x"}), gateway.SEE_CAUSE, "Authorization"),
    Case(_AUTHORIZATION, "content-type is not signed", "没有对 content-type 签名", lambda _: signed(a_call(), signed_headers="host"), gateway.SEE_CAUSE, "Authorization SignedHeaders", "host"),
    Case(_AUTHORIZATION, "the date of a different day", "日期不是当天", lambda _: signed(a_call(), scope="2026-11-23/ocr/tc3_request"), gateway.SEE_CAUSE, "Authorization Credential Date", "2026-11-23"),
    Case(_AUTHORIZATION, "another service for the real host name", "真实域名使用了其他 service", lambda _: signed(a_call(Host="ocr.tencentcloudapi.com"), scope="2026-11-22/cvm/tc3_request"), gateway.SEE_CAUSE, "Authorization Credential Service", "cvm"),
    Case(_AUTHORIZATION, "another terminator in the scope", "scope 结尾不对", lambda _: signed(a_call(), scope="2026-11-22/ocr/aws4_request"), gateway.SEE_CAUSE, "Authorization Credential Terminator", "aws4_request"),
    Case("AuthFailure.SignatureExpire", "a call signed 400 seconds ago", "400 秒前签名的请求", late, gateway.SEE_CAUSE, "X-TC-Timestamp", str(TIMESTAMP)),
    Case("AuthFailure.SecretIdNotFound", "a SecretId that no account has", "没有账号使用的 SecretId", lambda _: signed(a_call(), secret_id="AKIDnobody0123"), gateway.SEE_CAUSE, "SecretId", "AKIDno***23"),
    Case("AuthFailure.SecretIdNotFound", "a space after the SecretId", "SecretId 后有空格", with_authorization("AKIDtest/", "AKIDtest /"), gateway.SEE_CAUSE, "SecretId", "<9 characters>"),
    Case("AuthFailure.TokenFailure", "no token, although the account has some", "账号有 token 但请求没有", call(), gateway.SEE_CAUSE, "X-TC-Token", account=an_account(tokens=frozenset({"t"}))),
    Case("NoSuchProduct", "the host name of another product", "其他产品的域名", lambda _: signed(a_call(Host="cvm.tencentcloudapi.com"), scope="2026-11-22/cvm/tc3_request"), gateway.PRODUCT, "Host", "cvm"),
    Case("NoSuchVersion", "another version", "其他版本", call(X_TC_Version="2019-07-22"), gateway.VERSION, "X-TC-Version", "2019-07-22"),
    Case("InvalidAction", "the action in lower case", "小写的接口名", call(X_TC_Action="idcardocr"), gateway.ACTION, "X-TC-Action", "idcardocr"),
    Case("InvalidParameterValue", "the region `hk`", "地域 `hk`", call(X_TC_Region="hk"), gateway.NO_SUCH_REGION, "X-TC-Region", "hk"),
    Case("InvalidParameterValue", "a misspelt region", "地域拼写错误", call(X_TC_Region="ap-guanzhou"), gateway.NO_SUCH_REGION, "X-TC-Region", "ap-guanzhou"),
    Case("UnsupportedRegion", "a region that this API does not support", "该接口不支持的地域", call(X_TC_Region="ap-tokyo"), gateway.UNSUPPORTED_REGION, "X-TC-Region", "ap-tokyo"),
    Case("RequestLimitExceeded", "the second call in a second, with `rate: 1`", "`rate: 1` 时一秒内的第二次调用", call(), gateway.RATE, "rate", "2/s", account=an_account(rate=1), times=2),
    Case("AuthFailure.UnauthorizedOperation", "an account with `allow: []`", "账号设置了 `allow: []`", call(), gateway.CAM, "allow", "IDCardOCR", account=an_account(allow=frozenset())),
    Case("UnknownParameter", "a misspelt parameter", "参数名拼写错误", sent(Cardside="FRONT"), gateway.UNKNOWN_PARAMETER, "Cardside"),
    Case("UnknownParameter", "a common parameter in the body", "请求体中有公共参数", sent(Region="ap-guangzhou"), gateway.COMMON_PARAMETER, "Region"),
    Case("UnknownParameter", "a parameter of a later contract", "更晚的接口版本才有的参数", sent(CardWarnType="Basic"), gateway.NEWER_PARAMETER, "CardWarnType"),
    Case("FailedOperation.UnOpenError", "an account with `state: unopened`", "账号 `state: unopened`", call(), STATE, "state", "unopened", account=an_account(state="unopened")),
    Case("ResourceUnavailable.InArrears", "an account with `state: arrears`", "账号 `state: arrears`", call(), STATE, "state", "arrears", account=an_account(state="arrears")),
    Case("ResourcesSoldOut.ChargeStatusException", "an account with `state: charge_exception`", "账号 `state: charge_exception`", call(), STATE, "state", "charge_exception", account=an_account(state="charge_exception")),
    Case("ResourceUnavailable.ResourcePackageRunOut", "the second call with `package: 1`", "`package: 1` 时的第二次调用", call(), PACKAGE, "package", "> 1", account=an_account(package=1), times=2),
    Case(_LIMIT, "CardSide in lower case", "小写的 CardSide", sent(CardSide="front"), idcard.ONE_OF, "CardSide", '"front"'),
    Case(_LIMIT, "CardSide in full-width letters", "全角字母的 CardSide", sent(CardSide="ＦＲＯＮＴ"), idcard.ONE_OF, "CardSide", '"ＦＲＯＮＴ"'),
    Case(_LIMIT, "CardSide in Chinese", "中文的 CardSide", sent(CardSide="人像面"), idcard.ONE_OF, "CardSide", '"人像面"'),
    Case(_LIMIT, "CardWarnType in lower case", "小写的 CardWarnType", sent(CardWarnType="advanced"), idcard.ONE_OF, "CardWarnType", '"advanced"', settings=NEW),
    Case(_FORMAT, "flags in single quotes", "开关用单引号", config("{'Quality': true}"), idcard.CONFIG_NOT_JSON, "Config", "line 1, column 2: Expecting property name enclosed in double quotes"),
    Case(_FORMAT, "a list of flags", "开关列表", config('["Quality"]'), idcard.CONFIG_NOT_AN_OBJECT, "Config", "array"),
    Case(_FORMAT, "Config serialized twice", "Config 序列化两次", config('"{}"'), idcard.CONFIG_NOT_AN_OBJECT, "Config", "string"),
    Case(_FORMAT, "Config nested thousands of levels deep", "Config 嵌套数千层", config("[" * 5_000), idcard.CONFIG_NOT_AN_OBJECT, "Config", "> 1000 levels"),
    Case(_FORMAT, "a flag that is a string", "开关的值为字符串", config('{"Quality": "yes"}'), idcard.FLAG_NOT_A_BOOL, "Config.Quality", '"yes"'),
    Case(_FORMAT, "a flag that is a number", "开关的值为数字", config('{"Quality": 1}'), idcard.FLAG_NOT_A_BOOL, "Config.Quality", "number"),
    Case("FailedOperation.EmptyImageError", "neither ImageBase64 nor ImageUrl", "没有 ImageBase64 和 ImageUrl", call({"CardSide": "FRONT"}), idcard.NO_PICTURE, "ImageBase64, ImageUrl"),
    Case("FailedOperation.EmptyImageError", "a URL that returns an empty body", "URL 返回空内容", at("/empty.jpg"), picture.EMPTY_DOWNLOAD, "ImageUrl", "0 bytes", fetch=HERE),
    Case("LimitExceeded.TooLargeFileError", "more than 7M of Base64", "Base64 超过 7M", lambda _: a_call({"ImageBase64": "A" * (7 * 2**20 + 4)}), idcard.TOO_LARGE, "ImageBase64", "7340036 characters"),
    Case("LimitExceeded.TooLargeFileError", "a URL of a picture that is too large", "URL 的图片过大", at("/large.jpg"), download.TOO_LARGE, "ImageUrl", "expected a picture of at most 5505024 bytes, got more", fetch=HERE),
    Case(_DECODE, "a `data:` prefix", "带有 `data:` 前缀", image("data:image/png;base64," + base64(JPEG)), picture.DATA_URL, "ImageBase64", "data:"),
    Case(_DECODE, "a URL as ImageBase64", "ImageBase64 为 URL", image("https://xx/a.jpg?sign=1"), picture.URL_AS_BASE64, "ImageBase64", "https://"),
    Case(_DECODE, "the repr of Python bytes", "Python bytes 的文本", image(f"b'{base64(JPEG)}'"), picture.PYTHON_BYTES, "ImageBase64", "b'..."),
    Case(_DECODE, "Base64 in quotes", "带引号的 Base64", image(f'"{base64(JPEG)}"'), picture.IN_QUOTES, "ImageBase64", '"..."'),
    Case(_DECODE, "a file name", "文件名", image("C:\\cards\\card front.jpg"), picture.FILE_NAME, "ImageBase64", "*.jpg"),
    Case(_DECODE, "`+` turned into a space", "`+` 变成空格", image("QU JD QQ"), picture.BLANK_FOR_PLUS, "ImageBase64", "8 characters"),
    Case(_DECODE, "`+` turned into a space, four times", "四个 `+` 变成空格", image(base64(JPEG[:30]).replace("A", " ", 4)), picture.BLANK_FOR_PLUS, "ImageBase64", '" "'),
    Case(_DECODE, "percent-encoded Base64", "百分号编码的 Base64", image("QUJD%2BUQ="), picture.PERCENT_ENCODED, "ImageBase64", "0x25, character 5"),
    Case(_DECODE, "URL-safe Base64", "URL 安全的 Base64", image("QUJD-_-_"), picture.URL_SAFE, "ImageBase64", "0x2d, character 5"),
    Case(_DECODE, "line ends that are escaped twice", "换行符转义两次", image("QUJD\\nQUJD"), picture.ESCAPED, "ImageBase64", "0x5c, character 5"),
    Case(_DECODE, "the text of an undefined variable", "未定义变量的文本", image("undefined"), picture.NO_VALUE, "ImageBase64", "9 characters"),
    Case(_DECODE, "the text `null`, which is Base64", "文本 `null`（恰好是合法的 Base64）", image("null"), picture.NO_VALUE, "ImageBase64", "4 characters"),
    Case(_DECODE, "hexadecimal digits", "十六进制文本", image(JPEG[:17].hex()), picture.HEXADECIMAL, "ImageBase64", "34 digits"),
    Case(_DECODE, "Base64 that is cut off", "被截断的 Base64", image(base64(JPEG)[:101]), picture.CUT_BASE64, "ImageBase64", "101 characters"),
    Case(_DECODE, "a file that was read as text", "把文件当文本读取", image("\ufffd\ufffdJFIF"), picture.NOT_BASE64, "ImageBase64", "0xef, character 1"),
    Case(_DECODE, "Base64 of Base64", "两次 Base64 编码", file(base64(JPEG).encode()), picture.BASE64_TWICE, "ImageBase64", "Base64(Base64)"),
    Case(_DECODE, "WebP", "WebP", file(b"RIFF\x24\0\0\0WEBPVP8 "), picture.OTHER_FORMAT, "ImageBase64", "WebP"),
    Case(_DECODE, "HEIC", "HEIC", file(b"\0\0\0\x18ftypheic\0\0\0\0"), picture.OTHER_FORMAT, "ImageBase64", "HEIC"),
    Case(_DECODE, "AVIF", "AVIF", file(b"\0\0\0\x18ftypavif\0\0\0\0"), picture.OTHER_FORMAT, "ImageBase64", "AVIF"),
    Case(_DECODE, "GIF", "GIF", lambda _: a_call({"ImageBase64": base64(a_picture("GIF"))}), picture.OTHER_FORMAT, "ImageBase64", "GIF"),
    Case(_DECODE, "TIFF", "TIFF", lambda _: a_call({"ImageBase64": base64(a_picture("TIFF"))}), picture.OTHER_FORMAT, "ImageBase64", "TIFF"),
    Case(_DECODE, "SVG", "SVG", file(b'<svg xmlns="http://www.w3.org/2000/svg"/>'), picture.OTHER_FORMAT, "ImageBase64", "SVG"),
    Case(_DECODE, "PDF", "PDF", file(b"%PDF-1.7\n"), picture.NO_PICTURE, "ImageBase64", "PDF"),
    Case(_DECODE, "a ZIP archive", "ZIP 压缩包", file(b"PK\3\4\x14\0"), picture.NO_PICTURE, "ImageBase64", "ZIP"),
    Case(_DECODE, "an error page", "错误页面", file(b"<html><body>403</body></html>"), picture.NO_PICTURE, "ImageBase64", "HTML, XML"),
    Case(_DECODE, "a JSON document", "JSON 文档", file(b'{"error": "expired"}'), picture.NO_PICTURE, "ImageBase64", "JSON"),
    Case(_DECODE, "other bytes", "其他字节", file(b"fake picture"), picture.UNKNOWN_FORMAT, "ImageBase64", "12 bytes"),
    Case(_DECODE, "a JPEG that is cut off", "不完整的 JPEG", file(JPEG[: len(JPEG) * 3 // 4]), picture.CUT_PICTURE, "ImageBase64", f"JPEG, {len(JPEG) * 3 // 4} bytes"),
    Case(_DECODE, "a PNG with a damaged header", "文件头损坏的 PNG", file(b"\x89PNG\r\n\x1a\n" + b"\0" * 30), picture.DAMAGED, "ImageBase64", "38 bytes"),
    Case(_DECODE, "a PNG with damaged pixels", "像素损坏的 PNG", lambda _: a_call({"ImageBase64": base64(damaged())}), picture.DAMAGED, "ImageBase64"),
    Case("FailedOperation.IdCardTooSmall", "10 pixels high", "高 10 像素", lambda _: a_call({"ImageBase64": base64(a_picture(height=10))}), picture.TOO_SMALL, "ImageBase64", "80 x 10"),
    Case("FailedOperation.IdCardTooSmall", "a specimen 150 pixels wide", "宽 150 像素的样本", specimen("error-id-card-too-small"), idcard.CARD_TOO_SMALL, "ImageBase64"),
    Case("FailedOperation.ImageSizeTooLarge", "10,001 pixels wide", "宽 10001 像素", file(png(10_001, 100)), picture.TOO_LARGE, "ImageBase64", "10001 x 100"),
    Case("FailedOperation.ImageSizeTooLarge", "a PNG of 81 million pixels", "8100 万像素的 PNG", file(png(9_000, 9_000)), picture.TOO_COSTLY, "ImageBase64"),
    Case("FailedOperation.ImageNoIdCard", "no specimen, with `--unknown-pictures refuse`", "不是样本，且 `--unknown-pictures refuse`", lambda _: a_call({"ImageBase64": base64(a_picture())}), idcard.NO_CARD, "ImageBase64", "80 x 50", settings=REFUSE),
    Case("FailedOperation.ImageBlur", "a blurred specimen", "模糊的样本", specimen("error-image-blur"), idcard.BLURRED, "ImageBase64"),
    Case("FailedOperation.OcrFailed", "a specimen whose code is covered", "编码被遮挡的样本", specimen("error-ocr-failed"), idcard.COVERED, "ImageBase64"),
    Case("FailedOperation.MultiCardError", "two fronts in one picture", "一张图片中有两张人像面", specimen("error-multi-card-error"), idcard.SEVERAL, "ImageBase64", "2 cards"),
    Case("FailedOperation.CardSideError", "a back with CardSide FRONT", "国徽面但 CardSide 为 FRONT", specimen("error-card-side-error", CardSide="FRONT"), idcard.OTHER_SIDE, "CardSide", '"FRONT"'),
    Case("FailedOperation.IdCardInfoIllegal", "a specimen with a wrong check digit", "校验码错误的样本", specimen("error-id-card-info-illegal"), idcard.ILLEGAL, "IdNum", "18 characters"),
    Case(_DOWNLOAD, "a text that is not a URL", "不是 URL", call({"ImageUrl": "xx/a.jpg"}), download.NOT_A_URL, "ImageUrl", "expected a URL that begins with http:// or https://"),
    Case(_DOWNLOAD, "a space before the URL", "URL 前有空格", call({"ImageUrl": " https://xx/a.jpg"}), download.NOT_A_URL, "ImageUrl", "the URL has a space before it"),
    Case(_DOWNLOAD, "a URL that returns 404", "URL 返回 404", at("/none.jpg"), download.STATUS, "ImageUrl", fetch=HERE),
    Case(_DOWNLOAD, "a redirect to a host that `--fetch` does not cover", "重定向到 `--fetch` 不允许的主机", at("/moved.jpg"), download.NOT_ALLOWED, "ImageUrl", fetch=HERE),
    Case(_DOWNLOAD, "a server that does not answer in time", "服务器未及时响应", at("/hangs.jpg"), download.TIME_OUT, "ImageUrl", "the picture was not complete after 0.2 seconds", fetch=HERE),
    Case(_DOWNLOAD, "a port where nothing listens", "端口无服务监听", call({"ImageUrl": "http://127.0.0.1:1/a.jpg"}), download.FAILED, "ImageUrl", fetch=HERE),
    Case("unknown_flag", "a misspelt flag", "开关拼写错误", config('{"CopyWarning": true}'), idcard.UNKNOWN_FLAG, "Config.CopyWarning", is_note=True),
    Case("unknown_flag", "a flag of a later contract", "更晚的接口版本才有的开关", config('{"KeyCheck": true}'), idcard.NEWER_FLAG, "Config.KeyCheck", is_note=True),
    Case("image_ignored", "both ImageBase64 and ImageUrl", "同时提供两张图片", sent(ImageBase64="QUJD"), idcard.BASE64_IGNORED, "ImageBase64", is_note=True),
    Case("without_effect", "EnableReflectDetail without ReflectWarn", "有 EnableReflectDetail 但没有 ReflectWarn", sent(EnableReflectDetail=True), idcard.WITHOUT_EFFECT, "EnableReflectDetail", is_note=True),
    Case("without_effect", "CardWarnType without DetectPsWarn", "有 CardWarnType 但没有 DetectPsWarn", sent(CardWarnType="Advanced"), idcard.WITHOUT_EFFECT, "CardWarnType", settings=NEW, is_note=True),
    Case("without_effect", "EnableDateVerify", "EnableDateVerify", sent(EnableDateVerify=True), idcard.NEVER_AN_EFFECT, "EnableDateVerify", settings=NEW, is_note=True),
    Case("withheld", "a copy without CopyWarn", "复印件，但没有 CopyWarn", call(), idcard.WITHHELD, "Config.CopyWarn", "-9102 (copy)", scenario=then("{card: invented, warnings: [copy]}"), is_note=True),
    Case("withheld", "an electronic card without CardWarnType", "电子身份证，但没有 CardWarnType", config('{"DetectPsWarn": true}'), idcard.WITHHELD, "CardWarnType", "-9110 (electronic_id)", settings=NEW, scenario=then("{card: invented, warnings: [electronic_id]}") + "\ncontract: 2026-09-17", is_note=True),
    Case("withheld", "a scripted quality without Quality", "指定了图片质量，但没有 Quality", call(), idcard.WITHHELD, "Config.Quality", "quality", scenario=then("{card: invented, quality: 7}"), is_note=True),
    Case("withheld", "a scripted border without BorderCheckWarn", "指定了边框分数，但没有 BorderCheckWarn", call(), idcard.WITHHELD, "Config.BorderCheckWarn", "border", scenario=then("{card: invented, border: 7}"), is_note=True),
    Case("withheld", "a reflection without EnableReflectDetail", "反光，但没有 EnableReflectDetail", config('{"ReflectWarn": true}'), idcard.WITHHELD, "EnableReflectDetail", "reflections", scenario=then("{card: invented, reflections: [Portrait]}"), is_note=True),
    Case("rectified", "a birth that differs from the number", "出生日期与身份证号不一致", call(), idcard.RECTIFIED, "Birth", scenario=then('{card: {IdNum: "440524198701010014", Birth: 1990/1/1}}'), is_note=True),
    Case("signed_as_sent", "X-TC-Action signed in upper and lower case", "X-TC-Action 按原始大小写签名", raw_case, gateway.SIGNED_AS_SENT, "x-tc-action", is_note=True),
]
# fmt: on


def damaged() -> bytes:
    """A whole PNG, with zeros in the middle of its pixels."""
    content = a_picture("PNG", 300, 200)
    middle = content.index(b"IDAT") + 8
    return content[:middle] + b"\0" * 20 + content[middle + 20 :]
