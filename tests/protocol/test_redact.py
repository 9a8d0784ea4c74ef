"""What of a call is stored and shown is on a list. Of anything else, name and length remain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.protocol.redact import (
    SHOWN_HEADERS,
    redacted_condition,
    redacted_fact,
    redacted_headers,
    redacted_pairs,
    redacted_signature,
    redacted_url,
)
from mockocr.protocol.signature import Signature
from tests.records import PICTURE, QUERY, SIGNATURE, TOKEN

SECRET = "PLANTEDsecret0123456789"


# Headers


@pytest.mark.parametrize(
    "name",
    [
        *("x-api-key", "x-auth-token", "set-cookie", "cookie", "referer", "proxy-authorization"),
        *("x-tc-token", "x-amz-security-token", "origin", "from"),
    ],
)
def test_a_header_that_is_not_on_the_list_is_shown_by_its_length(name: str) -> None:
    assert redacted_headers({name: SECRET, "host": "h"}) == {name: "<23 characters>", "host": "h"}
    assert redacted_headers({name: ""}) == {name: ""}


@pytest.mark.parametrize("name", sorted(SHOWN_HEADERS))
def test_a_header_on_the_list_is_shown(name: str) -> None:
    assert redacted_headers({name: "value"}) == {name: "value"}


@given(st.dictionaries(st.text(min_size=1), st.just(SECRET)))
def test_no_other_header_is_shown_with_its_value(sent: dict[str, str]) -> None:
    shown = {name for name, value in redacted_headers(sent).items() if SECRET in value}

    assert shown <= SHOWN_HEADERS


@pytest.mark.parametrize("host", [f"u:{SECRET}@h", f"https://{SECRET}@h", f"u:{SECRET}/@@h"])
def test_a_host_is_shown_without_a_password(host: str) -> None:
    canonical = f"POST\n/\n\nhost:{host}\n\nhost\nhash"
    scope = f"2026-11-22/u:{SECRET}@127/tc3_request"
    signature = Signature(f"TC3-HMAC-SHA256\n1\n{scope}\nhash", False, canonical)

    assert redacted_headers({"host": host}) == {"host": "***@h"}
    redacted = redacted_signature(signature)
    assert redacted.canonical_request == "POST\n/\n\nhost:***@h\n\nhost\nhash"
    service = f"<{len(f'u:{SECRET}@127')} characters>"
    shown = f"TC3-HMAC-SHA256\n1\n2026-11-22/{service}/tc3_request\nhash"
    assert redacted.string_to_sign == shown
    legacy = redacted_signature(Signature(f"POST{host}/?Nonce=1", False))
    assert legacy.string_to_sign == "***@h/?Nonce=1"


CREDENTIAL = "Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3/2026-11-22/ocr/tc3_request"
SHOWN = "Credential=AKIDz8***x3/2026-11-22/ocr/tc3_request"
NAMES = "SignedHeaders=content-type;host"
ALGORITHM = "TC3-HMAC-SHA256"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (
            f"{ALGORITHM} {CREDENTIAL}, {NAMES}, Signature={SIGNATURE}",
            f"{ALGORITHM} {SHOWN}, {NAMES}, Signature=***",
        ),
        (
            f"{ALGORITHM} {CREDENTIAL},{NAMES},Signature={SIGNATURE}",
            f"{ALGORITHM} {SHOWN},{NAMES},Signature=***",
        ),
        (f"{ALGORITHM} signature = {SIGNATURE}", f"{ALGORITHM} signature = ***"),
        (
            f"{ALGORITHM} Credential={SECRET}/2026-11-22/ocr/tc3_request, Signature={SIGNATURE}",
            f"{ALGORITHM} Credential=<23 characters>/2026-11-22/ocr/tc3_request, Signature=***",
        ),
        (
            f"{ALGORITHM} Credential=undefined/2026-11-22/ocr/tc3_request, Signature={SIGNATURE}",
            f"{ALGORITHM} Credential=<9 characters>/2026-11-22/ocr/tc3_request, Signature=***",
        ),
        (
            f"{ALGORITHM} Credential=AKID/{SECRET}/localhost:8018/x",
            f"{ALGORITHM} Credential=<4 characters>/<23 characters>/localhost:8018/x",
        ),
        (
            f"{ALGORITHM} {CREDENTIAL}/{SECRET}, Signature={SIGNATURE}",
            f"{ALGORITHM} {SHOWN}/<23 characters>, Signature=***",
        ),
        (f"{ALGORITHM} Signature={SIGNATURE}, {NAMES}", f"{ALGORITHM} Signature=***, {NAMES}"),
        (f"{ALGORITHM} SecretKey={SECRET}", f"{ALGORITHM} ***=***"),
        (f"{ALGORITHM} {'N' * 21}={SECRET}", f"{ALGORITHM} ***=***"),
        (f"{ALGORITHM} {SECRET}={SIGNATURE}", f"{ALGORITHM}<89 characters>"),
        (f"{ALGORITHM} {SECRET}", f"{ALGORITHM}<24 characters>"),
        (f"{ALGORITHM} SignedHeaders=host:{SECRET}", f"{ALGORITHM} SignedHeaders=***"),
        (f"{ALGORITHM} {NAMES}, x, {SECRET}", f"{ALGORITHM} {NAMES}<28 characters>"),
        (f"TC3-{SECRET} Signature={SIGNATURE}", "***"),
        (f"{SECRET}={SIGNATURE}", "***"),
        (f"Bearer {SECRET}", "***"),
        (f"Basic {SECRET}", "***"),
        (SECRET, "***"),
        ("SKIP", "SKIP"),
        (f"SKIP {SECRET}", "SKIP<24 characters>"),
        ("", ""),
    ],
)
def test_of_an_authorization_only_parts_without_secrets_are_shown(sent: str, shown: str) -> None:
    assert redacted_headers({"authorization": sent}) == {"authorization": shown}


def test_a_long_authorization_is_masked_like_a_short_one() -> None:
    names = f"SignedHeaders={';'.join(['host'] * 200)}"

    redacted = redacted_headers({"authorization": f"{ALGORITHM} {names}, Signature={SECRET}"})

    assert redacted == {"authorization": f"{ALGORITHM} {names}, Signature=***"}


# URLs, queries and forms


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("https://xx/a.jpg", "https://xx/a.jpg"),
        ("http://xx:8080/a/b.jpg", "http://xx:8080/a/b.jpg"),
        ("https://[::1]:80/a", "https://[::1]:80/a"),
        ("HTTPS://XX", "HTTPS://XX"),
        (f"https://xx/a.jpg?sign={SECRET}", "https://xx/a.jpg?***"),
        (f"https://xx/a.jpg#{SECRET}", "https://xx/a.jpg?***"),
        (f"https://xx?{SECRET}", "https://xx?***"),
        (f"https://user:{SECRET}@xx/a.jpg", "https://xx/a.jpg?***"),
        (f"https://{SECRET}@xx:80/a.jpg?b#c", "https://xx:80/a.jpg?***"),
        (f"https://user:pa/{SECRET}@xx/a", "<44 characters>"),
        (f"https://user/{SECRET}@xx/a", "<41 characters>"),
        (f"https://user:{SECRET}/a", "<38 characters>"),
        (f"https://xx\\{SECRET}@yy/a", "<39 characters>"),
        (f"https:///{SECRET}", "<32 characters>"),
        (f"ftp://{SECRET}@xx/a", "<34 characters, not http or https>"),
        (SECRET, "<23 characters, not http or https>"),
    ],
)
def test_of_a_url_scheme_host_and_path_are_shown(sent: str, shown: str) -> None:
    assert redacted_url(sent) == shown


def test_of_a_query_or_form_the_parameters_on_the_list_are_shown() -> None:
    sent = f"Action=IDCardOCR&ImageUrl=x&Token={SECRET}&{SECRET}&{SECRET}!=1&{'n' * 41}=1&&Flag"

    shown = redacted_pairs(sent)

    assert shown == "Action=IDCardOCR&ImageUrl=***&Token=***&***&***&***&&***"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("AKIDMOCKOCR", "AKIDMO***CR"),
        ("AKIDabcdef", "<10 characters>"),
        (SECRET, "<23 characters>"),
        ("undefined", "<9 characters>"),
        ("", "<0 characters>"),
    ],
)
def test_of_a_secret_id_no_more_is_shown_than_tells_it_from_another(sent: str, shown: str) -> None:
    assert redacted_pairs(f"SecretId={sent}") == f"SecretId={shown}"


# Signatures


def test_a_signature_without_secrets_is_unchanged() -> None:
    text = f"POST\n/\n\ncontent-type:x\nhost:h\n\ncontent-type;host\n{SIGNATURE}"
    for canonical in (text, text.replace("POST", "GET")):
        signature = Signature("text", False, canonical, SIGNATURE, True)

        assert redacted_signature(signature) == signature


def test_a_service_that_is_too_long_for_one_is_shown_by_its_length() -> None:
    canonical = f"POST\n/\n\ncontent-type:x\nhost:h\n\ncontent-type;host\n{SIGNATURE}"
    text = f"TC3-HMAC-SHA256\n17953488001\n2026-11-22/{'s' * 20}/tc3_request\n{SIGNATURE}"
    signature = Signature(text, False, canonical)

    assert redacted_signature(signature) is signature
    signature.string_to_sign = text.replace("s" * 20, "s" * 21)
    redacted = redacted_signature(signature)
    assert redacted.string_to_sign == text.replace("s" * 20, "<21 characters>")


def test_a_signed_query_has_only_names() -> None:
    query = f"CardSide=FRONT&ImageUrl=https%3A%2F%2Fxx%3F{QUERY}&{TOKEN}&"

    redacted = redacted_signature(Signature("text", True, f"GET\n/\n{query}\nhost:h\n\nhost\nhash"))

    canonical = "GET\n/\nCardSide=***&ImageUrl=***&***&\nhost:h\n\nhost\nhash"
    assert redacted.canonical_request == canonical


def test_a_legacy_signature_has_no_personal_data() -> None:
    pairs = f"Action=IDCardOCR&ImageBase64={PICTURE}&ImageUrl=https://xx/a.jpg?a=b&{QUERY}&Nonce=1"

    redacted = redacted_signature(
        Signature(f"POSTlocalhost/?{pairs}&SecretId={SECRET}&Token={TOKEN}", True)
    )

    assert redacted.string_to_sign == (
        "POSTlocalhost/?Action=IDCardOCR&ImageBase64=***&ImageUrl=***&sign=***&Nonce=1"
        "&SecretId=<23 characters>&Token=***"
    )


def test_signed_headers_that_are_not_on_the_list_are_shown_by_their_length() -> None:
    text = f"POST\n/\n\ncontent-type:x\nhost:h\nx-api-key:{SECRET}\nX-TC-Token:{SECRET}\n"
    text += "\ncontent-type;host;x-api-key;x-tc-token\nhash"

    redacted = redacted_signature(Signature("text", True, text))

    assert redacted.canonical_request == text.replace(SECRET, "<23 characters>")


# Conditions


@pytest.mark.parametrize(
    ("expected", "shown"),
    [
        ("FRONT", "FRONT"),
        (500, 500),
        ({"absent": True}, {"absent": True}),
        ("*/li-ming*.jpg", "*/li-ming*.jpg"),
        ({"regex": "^https://[^/]+/a"}, {"regex": "^https://[^/]+/a"}),
        ({"glob": f"https://u:pa/{SECRET}@xx/*"}, {"glob": "***@xx/*"}),
        ([f"https://xx/a?{SECRET}", "https://xx/b?"], ["https://xx/a?***", "https://xx/b?"]),
        (f"https://xx/a#{SECRET}", "https://xx/a#***"),
        ({"contains": f"sign={SECRET}"}, {"contains": "sign=***"}),
        ("p" * 201, "<201 characters>"),
    ],
)
def test_a_condition_is_shown_without_secrets(expected: object, shown: object) -> None:
    assert redacted_condition("ImageUrl", expected) == shown


def test_a_condition_on_a_header_is_masked_like_the_header() -> None:
    for mask in (redacted_condition, redacted_fact):
        assert mask("header.X-Api-Key", SECRET) == "<23 characters>"
        assert mask("header.Authorization", f"Bearer {SECRET}") == "***"
        assert mask("header.X-TC-Language", "zh-CN") == "zh-CN"
        assert mask("header.X-Api-Key", None) is None
    assert redacted_condition("header.X-Api-Key", {"glob": SECRET}) == {"glob": "<23 characters>"}
    assert redacted_condition("header.X-TC-Region", "r" * 201) == "<201 characters>"
    assert redacted_fact("Region", "ap-beijing") == "ap-beijing"
