import json
import tracemalloc
import weakref
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.journal import Exchange, Journal, Wanted, exchange_of, shown
from mockocr.pictures.picture import Picture, Trouble
from mockocr.protocol.errors import ApiError
from mockocr.protocol.refusals import INTERNAL_ERROR, UNKNOWN_PARAMETER
from mockocr.protocol.signature import Signature
from mockocr.scenario.book import Book
from tests.builders import a_picture, an_answer, answered, base64, config
from tests.records import REQUEST, an_exchange
from tests.scenario.scripts import a_scenario

MANY = 10**9


def ids(journal: Journal) -> list[str]:
    return [exchange.request_id for exchange in journal.newest_first()]


def headers_of(headers: Mapping[str, str]) -> Mapping[str, str]:
    return exchange_of(replace(REQUEST, headers=headers)).headers


def said_of(exchange: Exchange) -> str:
    return json.dumps([exchange.summary(), exchange.details()], ensure_ascii=False)


def test_calls_are_told_newest_first() -> None:
    journal = Journal(MANY, MANY)

    for name in "abc":
        journal.write(an_exchange(name))

    assert ids(journal) == ["c", "b", "a"]


def test_a_call_is_found_by_its_request_id() -> None:
    journal = Journal(MANY, MANY)
    for name in "abc":
        journal.write(an_exchange(name))

    found = journal.find("b")

    assert found is not None
    assert found.request_id == "b"
    assert journal.find("d") is None


def test_a_call_written_twice_is_kept_once_and_counted_once() -> None:
    journal = Journal(MANY, 10_000)

    for _ in range(100):
        journal.write(an_exchange("a"))

    assert ids(journal) == ["a"]


NOON = REQUEST.received_at
OK = an_exchange("ok", account="a", rule="r")
REFUSED = an_exchange("refused", account="b", error=INTERNAL_ERROR.error())
LATER = an_exchange("later", received_at=NOON + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ["later", "refused", "ok"]),
        (Wanted(account="a"), ["ok"]),
        (Wanted(account="c"), []),
        (Wanted(outcome="ok"), ["later", "ok"]),
        (Wanted(outcome="error"), ["refused"]),
        (Wanted(outcome="InternalError"), ["refused"]),
        (Wanted(outcome="InvalidAction"), []),
        (Wanted(rule="r"), ["ok"]),
        (Wanted(unmatched=False), ["ok"]),
        (Wanted(since=NOON), ["later", "refused", "ok"]),
        (Wanted(since=NOON + timedelta(milliseconds=1)), ["later"]),
        (Wanted(since="ok"), ["later", "refused"]),
        (Wanted(since="later"), []),
        (Wanted(since="forgotten"), ["later", "refused", "ok"]),
        (Wanted(since="ok", outcome="ok"), ["later"]),
    ],
)
def test_calls_are_found_by_what_is_asked_about_them(wanted: Wanted, found: list[str]) -> None:
    journal = Journal(MANY, MANY)
    for exchange in (OK, REFUSED, LATER):
        journal.write(exchange)

    assert [exchange.request_id for exchange in journal.newest_first(wanted)] == found


RULES = Book([a_scenario("name: n\nrules: [{name: r, then: {card: invented}}]")])
CHAOS = Book([a_scenario("name: n\nchaos: [{probability: 0.5, http: 502}]")])


def test_a_call_is_unmatched_where_rules_were_asked_and_none_took_it() -> None:
    journal = Journal(MANY, MANY)
    for exchange in (
        an_exchange("refused before, or nothing played"),
        an_exchange("no rules to ask", book=CHAOS),
        an_exchange("struck", book=CHAOS, rule="chaos[0]"),
        an_exchange("passed over", book=RULES),
        an_exchange("taken", book=RULES, rule="r"),
    ):
        journal.write(exchange)

    unmatched, matched = (
        [it.request_id for it in journal.newest_first(Wanted(unmatched=wanted))]
        for wanted in (True, False)
    )

    assert unmatched == ["passed over"]
    assert matched == ["taken", "struck"]


@pytest.mark.parametrize(("account", "left"), [(None, []), ("a", ["later", "refused"])])
def test_a_reset_forgets_the_calls_of_an_account_or_all(
    account: str | None, left: list[str]
) -> None:
    journal = Journal(MANY, MANY)
    for exchange in (OK, REFUSED, LATER):
        journal.write(exchange)

    journal.reset(account)

    assert ids(journal) == left
    assert journal.find("ok") is None


def test_what_was_reset_takes_no_bytes_of_the_bound() -> None:
    journal = Journal(MANY, 10_000)
    for _ in range(10):
        journal.write(an_exchange("a", parameters={"Config": "x" * 6000}))
        journal.reset()

    journal.write(an_exchange("b", parameters={"Config": "x" * 6000}))

    assert ids(journal) == ["b"]


@pytest.mark.parametrize(("bound", "kept"), [(2, ["c", "b"]), (1, ["c"]), (0, [])])
def test_the_oldest_calls_beyond_the_bound_are_forgotten(bound: int, kept: list[str]) -> None:
    journal = Journal(bound, MANY)

    for name in "abc":
        journal.write(an_exchange(name))

    assert ids(journal) == kept


def test_the_oldest_calls_beyond_the_bytes_are_forgotten() -> None:
    journal = Journal(MANY, 50_000)

    for name in "abc":
        journal.write(an_exchange(name, parameters={"Config": "x" * 20_000}))

    assert ids(journal) == ["c", "b"]


def test_a_call_larger_than_the_journal_is_not_kept_and_the_next_one_is() -> None:
    journal = Journal(MANY, 10_000)

    journal.write(an_exchange("large", response={"AdvancedInfo": "x" * 20_000}))
    journal.write(an_exchange("small"))

    assert ids(journal) == ["small"]


LONG = "x" * 10_000
LARGE = {
    "header": an_exchange(headers={"a": LONG}),
    "path": an_exchange(path=LONG),
    "action": an_exchange(action=LONG),
    "parameter": an_exchange(parameters={"Config": LONG}),
    "name of a parameter": an_exchange(parameters={LONG: "***"}),
    "many parameters": an_exchange(parameters={str(n): "***" for n in range(200)}),
    "member": an_exchange(response={"Name": LONG}),
    "error": an_exchange(error=UNKNOWN_PARAMETER.error(name=LONG)),
    "canonical request": an_exchange(signature=Signature("", True, LONG)),
    "string to sign": an_exchange(signature=Signature(LONG, True)),
}


@pytest.mark.parametrize("exchange", LARGE.values(), ids=LARGE)
def test_whatever_is_long_in_a_call_counts(exchange: Exchange) -> None:
    journal = Journal(MANY, 10_000)

    journal.write(exchange)

    assert ids(journal) == []


def test_the_journal_takes_about_the_bytes_that_it_may() -> None:
    bound = 2_000_000
    journal = Journal(MANY, bound)
    tracemalloc.start()

    for n in range(3000):
        headers = {"host": f"localhost:{n}", "authorization": "TC3-" + "x" * 200 + str(n)}
        parameters = {f"Config{n}": "***", "CardSide": f"FRONT {n}"}
        exchange = exchange_of(replace(REQUEST, request_id=f"id-{n}", headers=headers))
        exchange.parameters, exchange.action = parameters, "IDCardOCR"
        journal.write(exchange)

    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert taken < 1.2 * bound


def test_threads_write_within_the_bounds() -> None:
    journal = Journal(100, MANY)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: journal.write(an_exchange(str(n))), range(1000)))

    assert len(journal.newest_first()) == 100


class Body:
    """Stands for the megabytes of a call that was refused."""


def refuse() -> tuple[ApiError, "weakref.ref[Body]"]:
    body = Body()
    try:
        raise UNKNOWN_PARAMETER.error(name="x")
    except ApiError as error:
        return error, weakref.ref(body)


def test_a_refused_call_does_not_keep_its_body() -> None:
    journal = Journal(MANY, MANY)
    error, body = refuse()
    assert body() is not None

    journal.write(an_exchange(error=error))
    del error

    assert body() is None
    (exchange,) = journal.newest_first()
    assert exchange.details()["error"] == {
        "Code": "UnknownParameter",
        "Message": "The parameter `x` is not recognized.",
    }


def test_a_summary_tells_who_what_and_how_it_ended() -> None:
    exchange = an_exchange(account="default", action="IDCardOCR", rule="r", milliseconds=1.5)

    summary = exchange.summary()

    assert summary == {
        "RequestId": "id-1",
        "time": "2026-11-22T12:00:00.000+00:00",
        "account": "default",
        "action": "IDCardOCR",
        "outcome": "ok",
        "cause": None,
        "rule": "r",
        "scenario": None,
        "milliseconds": 1.5,
    }


def test_the_outcome_of_a_refused_call_is_its_code() -> None:
    assert an_exchange(error=INTERNAL_ERROR.error()).outcome == "InternalError"


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (None, None),
        (Trouble.TOO_SMALL, "too small"),
        (
            Picture("PNG", 80, 50, 9, "d"),
            {
                "format": "PNG",
                "width": 80,
                "height": 50,
                "size_bytes": 9,
                "sha256": "d",
                "reading": None,
            },
        ),
    ],
)
def test_details_tell_what_was_found_in_the_picture(
    found: Picture | Trouble | None, told: object
) -> None:
    details = json.loads(json.dumps(an_exchange(picture=found).details()))

    assert details["picture"] == told


def test_what_is_not_known_yet_is_null() -> None:
    details = an_exchange().details()

    unknown = {name for name, value in details.items() if value is None}
    assert {"account", "action", "rule", "signature", "parameters", "error", "response"} <= unknown
    assert details["bodyBytes"] == 2


SIGNATURE = "0123456789abcdef" * 4
TOKEN = "token-correct-horse"
PICTURE = base64(a_picture())
QUERY = "sign=battery-staple"
PERSON = {
    "Name": "秘密先生",
    "Birth": "1987/1/1",
    "IdNum": "440524198701010014",
    "Address": "北京市秘密路1号",
}
SECRETS = [SIGNATURE, TOKEN, PICTURE, QUERY, *PERSON.values()]


def an_exchange_full_of_secrets() -> Exchange:
    authorization = (
        "TC3-HMAC-SHA256 Credential=AKID/2026-11-22/ocr/tc3_request,"
        f" SignedHeaders=content-type;host;x-tc-token, Signature={SIGNATURE}"
    )
    headers = {"authorization": authorization, "x-tc-token": TOKEN, "host": "localhost"}
    canonical = (
        f"POST\n/\n\ncontent-type:application/json\nhost:localhost\nx-tc-token:{TOKEN}\n"
        "\ncontent-type;host;x-tc-token\nhash"
    )
    parameters = {
        "ImageUrl": f"https://xx/a.jpg?{QUERY}",
        "ImageBase64": PICTURE,
        "imagebase64": PICTURE,
        "Image": {"nested": [PICTURE]},
        "CardSide": "FRONT",
    }
    asked = {"Config": config("CropIdCard", "CropPortrait")}
    exchange = exchange_of(replace(REQUEST, headers=headers))
    exchange.signature = shown(Signature("TC3-HMAC-SHA256\n1\nscope\nhash", True, canonical, "h"))
    exchange.parameters = ID_CARD_OCR.mask(parameters)
    exchange.response = ID_CARD_OCR.mask(answered(asked, an_answer(card=PERSON)))
    return exchange


def test_nothing_personal_and_no_secret_is_in_what_the_journal_tells() -> None:
    text = said_of(an_exchange_full_of_secrets())

    assert not [secret for secret in SECRETS if secret in text]
    assert "Credential=AKID/2026-11-22/ocr/tc3_request" in text
    assert "https://xx/a.jpg?***" in text
    assert '"CardSide": "FRONT"' in text
    assert "/9j/" not in text


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (f"TC3-X Credential=x, Signature={SIGNATURE}", "TC3-X Credential=x, Signature=***"),
        (f"TC3-X Credential=x,Signature={SIGNATURE}", "TC3-X Credential=x,Signature=***"),
        (f"TC3-X signature = {SIGNATURE}", "TC3-X signature = ***"),
        (f"Bearer {TOKEN}", "***"),
        (TOKEN, "***"),
        ("SKIP", "SKIP"),
        ("", ""),
    ],
)
def test_no_signature_is_in_the_authorization_that_is_told(sent: str, told: str) -> None:
    assert headers_of({"authorization": sent}) == {"authorization": told}


@pytest.mark.parametrize("name", ["x-tc-token", "cookie", "proxy-authorization"])
def test_headers_that_are_secrets_are_masked(name: str) -> None:
    assert headers_of({name: TOKEN, "host": "h"}) == {name: "***", "host": "h"}


def test_a_signature_without_secrets_is_told_as_it_is() -> None:
    signature = Signature("text", False, "POST\n/\n\nhost:h\n\nhost\nhash", "hash", True)

    assert shown(signature) == signature


def test_of_a_signed_query_the_names_are_told() -> None:
    query = f"CardSide=FRONT&ImageUrl=https%3A%2F%2Fxx%3F{QUERY}&{TOKEN}&"

    told = shown(Signature("text", True, f"GET\n/\n{query}\nhost:h\n\nhost\nhash"))

    canonical = "GET\n/\nCardSide=***&ImageUrl=***&***&\nhost:h\n\nhost\nhash"
    assert told.canonical_request == canonical


def test_of_a_legacy_signature_only_what_is_about_nobody_is_told() -> None:
    pairs = f"Action=IDCardOCR&ImageBase64={PICTURE}&ImageUrl=https://xx/a.jpg?a=b&{QUERY}&Nonce=1"

    told = shown(Signature(f"POSTlocalhost/?{pairs}&SecretId=AKID&Token={TOKEN}", True))

    assert told.string_to_sign == (
        "POSTlocalhost/?Action=IDCardOCR&ImageBase64=***&ImageUrl=***&sign=***&Nonce=1"
        "&SecretId=AKID&Token=***"
    )
