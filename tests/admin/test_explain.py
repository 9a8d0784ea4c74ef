"""Why a call was answered as it was, over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.documented import as_documented

if TYPE_CHECKING:
    from tests.conftest import Running, Serve, Signed

SCENARIO = """
name: two rules
rules:
  - name: the back of a beijing card
    when: {CardSide: BACK, Region: ap-beijing, ImageUrl: "https://xx/b.jpg?sign=planted"}
    then: {card: invented}
  - name: any front
    when: {CardSide: [FRONT]}
    then: {error: FailedOperation.ImageBlur}
"""


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, event_hooks={"response": [as_documented]}) as client:
        yield client


@pytest.fixture
def explained(client: httpx.Client, signed: "Signed") -> Any:
    """The explanation of one call: `explained(server, body, sent_body=...)`."""

    def call(
        server: "Running", body: bytes, sent_body: bytes | None = None, **how: Any
    ) -> dict[str, Any]:
        headers = signed(server.endpoint, body, **how)
        content = body if sent_body is None else sent_body
        told = client.post(server.url, content=content, headers=headers).json()["Response"]
        reply = client.get(f"{server.url}/__admin/requests/{told['RequestId']}/explain")
        assert reply.status_code == 200
        return dict(reply.json())

    return call


BODY = b'{"ImageUrl": "https://xx/a.jpg?sign=planted", "CardSide": "FRONT"}'


def test_an_answered_call_has_no_cause(server: "Running", explained: Any) -> None:
    told = explained(server, BODY)

    assert set(told) == {
        "RequestId",
        "outcome",
        "cause",
        "proven",
        "hint",
        "details",
        "note",
        "signature",
        "decision",
        "picture",
    }
    assert (told["outcome"], told["cause"], told["proven"], told["hint"]) == (
        "ok",
        None,
        False,
        None,
    )
    assert told["decision"] == {"rule": None, "scenario": None, "near_misses": []}
    assert told["signature"]["valid"]


def test_a_refused_signature_is_explained_with_cause_hint_and_steps(
    server: "Running", explained: Any
) -> None:
    told = explained(server, BODY, secret_key="mockocr\n")

    assert (told["outcome"], told["cause"]) == (
        "AuthFailure.SignatureFailure",
        "secret_has_whitespace",
    )
    assert told["proven"]
    assert "a line end" in told["hint"]["en"]
    assert "换行符" in told["hint"]["zh"]
    assert told["signature"]["canonical_request"].startswith("POST\n/\n\n")


def test_the_body_of_the_last_call_is_recognized(server: "Running", explained: Any) -> None:
    explained(server, b'{"ImageUrl": "https://xx/first.jpg"}')
    told = explained(server, b'{"ImageUrl": "https://xx/first.jpg"}', sent_body=BODY)

    assert (told["cause"], told["proven"]) == ("body_changed_after_signing", True)
    assert "an earlier call" in told["hint"]["en"]


def test_near_misses_are_listed_with_their_differences(
    serve: "Serve", explained: Any, tmp_path: Path
) -> None:
    (tmp_path / "two.yaml").write_text(SCENARIO)
    server = serve(scenarios=(str(tmp_path / "two.yaml"),))

    told = explained(server, BODY)

    assert told["decision"]["rule"] == "any front"
    (near_misses,) = told["decision"]["near_misses"]
    assert near_misses["rule"] == "the back of a beijing card"
    differences = {it["name"]: (it["wanted"], it["found"]) for it in near_misses["differences"]}
    assert differences["CardSide"] == (["BACK"], "FRONT")
    assert differences["Region"] == (["ap-beijing"], "")
    assert differences["ImageUrl"][1] == "https://xx/a.jpg?***"


def test_the_journal_names_the_cause(
    server: "Running", client: httpx.Client, explained: Any
) -> None:
    told = explained(server, BODY, secret_id="AKIDnobody")
    rows = client.get(f"{server.url}/__admin/requests").json()["requests"]

    assert (rows[0]["RequestId"], rows[0]["cause"]) == (told["RequestId"], "unknown_secret_id")


def test_lenient_explains_a_wrong_signature_that_it_accepts(serve: "Serve", explained: Any) -> None:
    told = explained(serve(auth="lenient"), BODY, secret_key="another")

    assert (told["outcome"], told["cause"], told["proven"]) == ("ok", "wrong_secret_key", False)


def test_an_unknown_request_id_is_404(server: "Running", client: httpx.Client) -> None:
    reply = client.get(f"{server.url}/__admin/requests/no-such-call/explain")

    assert reply.status_code == 404
    assert "no call of this RequestId" in reply.json()["error"]
