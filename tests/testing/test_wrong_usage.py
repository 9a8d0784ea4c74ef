"""Wrong arguments: each ends in an error of ours that names the place, the value and the remedy."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import mockocr
from mockocr import Account, MockOCR, RefusedError, SettingError, UsageError


@pytest.fixture(scope="module")
def ocr(own: Account) -> Iterator[Account]:
    account = own.account()
    yield account
    account.remove()


BLUR = "FailedOperation.ImageBlur"

RESPOND: dict[str, Callable[[Any], Any]] = {
    ": expected one outcome as keywords *, got nothing": lambda ocr: ocr.respond(),
    ": expected one outcome as keywords *, got both": lambda ocr: ocr.respond({}, error=BLUR),
    ": expected each outcome as a dict, such as * got 'blur'": lambda ocr: ocr.respond("blur"),
    ": expected each outcome as a dict, * got [{*": lambda ocr: ocr.respond([{"card": "invented"}]),
    ".crd: unknown key 'crd'; did you mean 'card'?": lambda ocr: ocr.respond(crd={}),
    "[1].eror: unknown key 'eror'; did you mean 'error'?": lambda ocr: ocr.respond(
        {"card": "invented"}, {"eror": BLUR}
    ),
    ".card: expected a mapping, got nothing": lambda ocr: ocr.respond(card=None),
    ".card: unknown value 'invnted'; did you mean 'invented'?": lambda ocr: ocr.respond(
        card="invnted"
    ),
    ".card: specimen 'error-image-blur' is refused; write *": lambda ocr: ocr.respond(
        card="error-image-blur"
    ),
    ".card.Nmae: unknown key 'Nmae'; did you mean 'Name'?": lambda ocr: ocr.respond(
        card={"Nmae": "李明"}
    ),
    ".card.Name: expected text, got 3; put it in quotes": lambda ocr: ocr.respond(card={"Name": 3}),
    ".card.Name: expected text, a number, * got <object *": lambda ocr: ocr.respond(
        card={"Name": object()}
    ),
    ".card.Birth: expected a date such as 1987/1/1, got '1987年1月1日'; *": lambda ocr: ocr.respond(
        card={"Birth": "1987年1月1日"}
    ),
    ".card.Sex: unknown value 'M'; expected one of 男, 女": lambda ocr: ocr.respond(
        card={"Sex": "M"}
    ),
    ".card: expected text as key, got 3": lambda ocr: ocr.respond(card={3: "x"}),
    ".error: unknown value '*.ImageBlurr'; did you mean '*.ImageBlur'?": lambda ocr: ocr.respond(
        error=f"{BLUR}r"
    ),
    ".error: unknown value 'ImageBlur'; did you mean '*.ImageBlur'?": lambda ocr: ocr.respond(
        error="ImageBlur"
    ),
    ": expected exactly one of *, got card and error": lambda ocr: ocr.respond(
        card="invented", error=BLUR
    ),
    ": expected exactly one of *, got none of them": lambda ocr: ocr.respond(message="x"),
    ": not allowed together with error: warnings": lambda ocr: ocr.respond(
        error=BLUR, warnings=["copy"]
    ),
    ".fault: unknown value 'TIMEOT'; did you mean 'TIMEOUT'?": lambda ocr: ocr.respond(
        fault="TIMEOT"
    ),
    ".http: expected at least 400, got 200": lambda ocr: ocr.respond(http=200),
    ".http: expected a whole number, got '503'": lambda ocr: ocr.respond(http="503"),
    ".delay: expected a duration such as 250ms, *, got 'fast'": lambda ocr: ocr.respond(
        card="invented", delay="fast"
    ),
    ".delay: expected a duration such as 250ms, *, got '-1s'": lambda ocr: ocr.respond(
        card="invented", delay=-1
    ),
    ".delay: expected a finite number, got nan": lambda ocr: ocr.respond(
        card="invented", delay=float("nan")
    ),
    ".delay: expected at most 10m, got 3600s; *": lambda ocr: ocr.respond(
        card="invented", delay=timedelta(hours=1)
    ),
    ".delay: expected a delay such as 250ms, {uniform: *": lambda ocr: ocr.respond(
        card="invented", delay={"unifrm": [1, 2]}
    ),
    ".warnings: expected a list, got 'copy'": lambda ocr: ocr.respond(
        card="invented", warnings="copy"
    ),
    ".warnings[0]: unknown value 'coppy'; did you mean 'copy'?": lambda ocr: ocr.respond(
        card="invented", warnings=["coppy"]
    ),
    ".warnings[0]: unknown warning code -9999; did you mean -9109?": lambda ocr: ocr.respond(
        card="invented", warnings=[-9999]
    ),
    ".quality: expected at most 100, got 101": lambda ocr: ocr.respond(
        card="invented", quality=101
    ),
    ".times: expected at least 1, got 0": lambda ocr: ocr.respond(card="invented", times=0),
    ".one_of[0].wieght: unknown key 'wieght'; did you mean 'weight'?": lambda ocr: ocr.respond(
        one_of=[{"card": "invented", "wieght": 1}]
    ),
    ".action: unknown value 'IDCardOcr'; did you mean 'IDCardOCR'?": lambda ocr: ocr.respond(
        card="invented", action="IDCardOcr"
    ),
    ".when.CardSdie: unknown key 'CardSdie'; did you mean 'CardSide'?": lambda ocr: ocr.respond(
        card="invented", when={"CardSdie": "FRONT"}
    ),
    ".when.CardSide: unknown value 'front'; did you mean 'FRONT'?": lambda ocr: ocr.respond(
        card="invented", when={"CardSide": "front"}
    ),
    ".when: expected a mapping, got 'FRONT'": lambda ocr: ocr.respond(
        card="invented", when="FRONT"
    ),
    ".when.Config: expected a mapping, got '{*": lambda ocr: ocr.respond(
        card="invented", when={"Config": '{"TempIdWarn": true}'}
    ),
    ".when.ImageUrl.regex: invalid regular expression: *": lambda ocr: ocr.respond(
        card="invented", when={"ImageUrl": {"regex": "("}}
    ),
    ".card.Authority: the side FRONT, which the rule requires, *": lambda ocr: ocr.respond(
        card={"Authority": "赵县公安局"}, when={"CardSide": "FRONT"}
    ),
}

CALLED: dict[str, Callable[[Any], Any]] = {
    "times: expected a whole number from 0, *, got 'FRONT'": lambda ocr: ocr.assert_called("FRONT"),
    "times: expected a whole number from 0, *, got -1": lambda ocr: ocr.assert_called(-1),
    "times: expected a whole number from 0, *, got True": lambda ocr: ocr.assert_called(True),
    "CardSdie: unknown key 'CardSdie'; did you mean 'CardSide'?": lambda ocr: ocr.assert_called(
        CardSdie="FRONT"
    ),
    "CardSide: unknown value 'front'; did you mean 'FRONT'?": lambda ocr: ocr.assert_called(
        CardSide="front"
    ),
    "CardSide: expected a value, got nothing; *": lambda ocr: ocr.assert_called(CardSide=None),
    "ImageUrl: expected text, got 3; put it in quotes": lambda ocr: ocr.assert_called(ImageUrl=3),
    "ImageBase64: the journal does not store pictures; *": lambda ocr: ocr.assert_called(
        ImageBase64="x" * 200_000
    ),
    "picture: expected a mapping, got 'li-ming'": lambda ocr: ocr.assert_called(picture="li-ming"),
    "picture.width: unknown key 'width'; did you mean 'min_width'?": lambda ocr: ocr.assert_called(
        picture={"width": 3}
    ),
    "action: unknown action 'IDCardOcr'; did you mean 'IDCardOCR'?": lambda ocr: ocr.assert_called(
        action="IDCardOcr"
    ),
    "between: the journal does not store the account's clock": lambda ocr: ocr.assert_not_called(
        between=["22:00", "06:00"]
    ),
    "header.X-Tenant: the journal does not store the value *": lambda ocr: ocr.assert_not_called(
        header={"X-Tenant": "absent"}
    ),
    "header.X-Tenant: the journal does not store *": lambda ocr: ocr.assert_not_called(
        header={"X-Tenant": ["a", "b"]}
    ),
    "header.X-Tenant: the journal *": lambda ocr: ocr.assert_not_called(
        header={"X-Tenant": {"glob": "a*"}}
    ),
}

OTHERS: dict[str, Callable[[Any], Any]] = {
    "play: expected a scenario as name, path, YAML or dict, got 3": lambda ocr: ocr.play(3),
    "play.rules[0].then.card: expected text, * got <object *": lambda ocr: ocr.play(
        {"name": "x", "rules": [{"name": "r", "then": {"card": object()}}]}
    ),
    "unknown scenario 'error-image-blurr'; did you mean *": lambda ocr: ocr.play(
        "error-image-blurr"
    ),
    "nowhere.yaml: No such file or directory": lambda ocr: ocr.play("nowhere.yaml"),
    "*: Is a directory": lambda ocr: ocr.play(Path(__file__).parent),
    "3:22: unknown key 'eror'; *": lambda ocr: ocr.play(
        "name: x\nrules:\n  - {name: r, then: {eror: x}}\n"
    ),
    "rules[0].then.eror: unknown key *": lambda ocr: ocr.play(
        {"name": "x", "rules": [{"name": "r", "then": {"eror": 1}}]}
    ),
    "card: unknown side 'frnt'; did you mean 'front'?": lambda ocr: ocr.card("frnt"),
    "card: Nmae: unknown key 'Nmae'; did you mean 'Name'?": lambda ocr: ocr.card(Nmae="李明"),
    "card: Name: expected text, got 3; *": lambda ocr: ocr.card(Name=3),
    "card: a back does not show Name; choose the side front or both": lambda ocr: ocr.card(
        "back", Name="李明"
    ),
    "card: unknown specimen 'li-mign'; did you mean 'li-ming'? *": lambda ocr: ocr.card(
        specimen="li-mign"
    ),
    "card: specimen cannot be combined with a side, *": lambda ocr: ocr.card(
        "front", specimen="li-ming"
    ),
    "card: unknown defect 'blurr'; did you mean 'blur'?": lambda ocr: ocr.card(defects=["blurr"]),
    "card: defects: expected a list or a dict, got 'blur'": lambda ocr: ocr.card(defects="blur"),
    "card: defects.blur: expected a strength from 0 to 1, got 2": lambda ocr: ocr.card(
        defects={"blur": 2}
    ),
    "card: defects.blur: expected a strength from 0 to 1, got 'x'": lambda ocr: ocr.card(
        defects={"blur": "x"}
    ),
    "clock.offset: expected an offset such as +400s, * got 'soon'": lambda ocr: ocr.clock.offset(
        "soon"
    ),
    "clock.offset: expected whole seconds, got 0.5": lambda ocr: ocr.clock.offset(0.5),
    "clock.offset: expected a time, got None; *": lambda ocr: ocr.clock.offset(None),
    "clock.freeze: expected UNIX seconds or ISO 8601, * got 'now'": lambda ocr: ocr.clock.freeze(
        "now"
    ),
    "account: stat: unknown key 'stat'; did you mean 'state'?": lambda ocr: ocr.account(
        stat="arrears"
    ),
    "account: state: expected one of ok, *, got 'poor'": lambda ocr: ocr.account(state="poor"),
    "account: package: expected at least 0, got -1": lambda ocr: ocr.account(package=-1),
    "account: keys: expected a list": lambda ocr: ocr.account(keys={"AKID": "secret"}),
    "account: scenarios: expected a list, got 'documented'": lambda ocr: ocr.account(
        scenarios="documented"
    ),
    "scenarios: * got a dict; play a scenario that is a dict *": lambda ocr: MockOCR(
        scenarios=[{"name": "x"}]  # type: ignore[list-item]
    ),
    "keys: expected text, * got a tuple": lambda ocr: MockOCR(
        keys=[("AKID", "secret")]  # type: ignore[list-item]
    ),
    "intercept: expected True or False, got 'yes'": lambda ocr: MockOCR(
        intercept="yes"  # type: ignore[arg-type]
    ),
    "MockOCR(intercept=True) needs a server *": lambda ocr: MockOCR(
        intercept=True, tls_port="off"
    ).__enter__(),
}

WRONG = {
    **{f"respond{words}": use for words, use in RESPOND.items()},
    **{f"assert_called: {words}": use for words, use in CALLED.items()},
    **OTHERS,
}


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_use_is_an_error_that_says_what_to_do(ocr: Account, words: str) -> None:
    pattern = ".*".join(map(re.escape, words.split("*")))
    with pytest.raises((UsageError, RefusedError, SettingError), match=f"^{pattern}$") as raised:
        WRONG[words](ocr)

    shown = [entry.name for entry in raised.traceback.filter(raised)]
    assert shown[-1] in ("<lambda>", "test_a_wrong_use_is_an_error_that_says_what_to_do")
    assert "secret" not in str(raised.value)


def test_a_wrong_name_of_the_module_is_explained() -> None:
    with pytest.raises(AttributeError, match=r"'MockOcr'; did you mean 'MockOCR'\?$"):
        mockocr.MockOcr  # noqa: B018 - that it does not exist
    with pytest.raises(AttributeError, match=r"'respond'; an account has it: the fixture mockocr"):
        mockocr.respond  # noqa: B018 - that it does not exist
