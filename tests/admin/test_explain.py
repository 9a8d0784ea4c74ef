"""Why a call was answered as it was, over HTTP."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

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
def explained(client: httpx.Client, signed: "Signed") -> Any:
    """The explanation of one call: `explained(server, body, sent_body=...)`."""

    def call(
        server: "Running", body: bytes, sent_body: bytes | None = None, **how: Any
    ) -> dict[str, Any]:
        headers = signed(server.endpoint, body, **how)
        content = body if sent_body is None else sent_body
        result = client.post(server.url, content=content, headers=headers).json()["Response"]
        reply = client.get(f"{server.url}/__admin/requests/{result['RequestId']}/explain")
        assert reply.status_code == 200
        return dict(reply.json())

    return call


BODY = b'{"ImageUrl": "https://xx/a.jpg?sign=planted", "CardSide": "FRONT"}'


def test_an_answered_call_has_no_cause(server: "Running", explained: Any) -> None:
    result = explained(server, BODY)

    assert set(result) == {
        "RequestId",
        "outcome",
        "language",
        "message",
        "reason",
        "cause",
        "proven",
        "hint",
        "details",
        "steps",
        "not_tried",
        "notes",
        "signature",
        "decision",
        "picture",
    }
    assert (result["outcome"], result["cause"], result["proven"], result["hint"]) == (
        "ok",
        None,
        False,
        None,
    )
    assert result["decision"] == {"rule": None, "scenario": None, "near_misses": []}
    assert result["signature"]["valid"]


def test_a_refused_signature_is_explained_with_cause_hint_and_steps(
    server: "Running", explained: Any
) -> None:
    result = explained(server, BODY, secret_key="mockocr\n")

    assert (result["outcome"], result["cause"]) == (
        "AuthFailure.SignatureFailure",
        "secret_has_whitespace",
    )
    assert result["proven"]
    assert "a line end" in result["hint"]["en"]
    assert "换行符" in result["hint"]["zh"]
    assert result["signature"]["canonical_request"].startswith("POST\n/\n\n")


def test_the_body_of_the_last_call_is_recognized(server: "Running", explained: Any) -> None:
    explained(server, b'{"ImageUrl": "https://xx/first.jpg"}')
    result = explained(server, b'{"ImageUrl": "https://xx/first.jpg"}', sent_body=BODY)

    assert (result["cause"], result["proven"]) == ("body_changed_after_signing", True)
    assert "an earlier call" in result["hint"]["en"]


def test_near_misses_are_listed_with_their_differences(
    serve: "Serve", explained: Any, tmp_path: Path
) -> None:
    (tmp_path / "two.yaml").write_text(SCENARIO)
    server = serve(scenarios=(str(tmp_path / "two.yaml"),))

    result = explained(server, BODY)

    assert result["decision"]["rule"] == "any front"
    (near_misses,) = result["decision"]["near_misses"]
    assert near_misses["rule"] == "the back of a beijing card"
    differences = {
        each["name"]: (each["expected"], each["found"]) for each in near_misses["differences"]
    }
    assert differences["CardSide"] == (["BACK"], "FRONT")
    assert differences["Region"] == (["ap-beijing"], "")
    assert differences["ImageUrl"][1] == "https://xx/a.jpg?***"


def test_the_journal_names_the_cause(
    server: "Running", client: httpx.Client, explained: Any
) -> None:
    result = explained(server, BODY, secret_id="AKIDnobody")
    rows = client.get(f"{server.url}/__admin/requests").json()["requests"]

    assert (rows[0]["RequestId"], rows[0]["cause"]) == (result["RequestId"], "unknown_secret_id")


def test_lenient_explains_a_wrong_signature_that_it_accepts(serve: "Serve", explained: Any) -> None:
    result = explained(serve(auth="lenient"), BODY, secret_key="another")

    assert (result["outcome"], result["cause"], result["proven"]) == (
        "ok",
        "wrong_secret_key",
        False,
    )


def test_an_unknown_request_id_is_404(server: "Running", client: httpx.Client) -> None:
    reply = client.get(f"{server.url}/__admin/requests/no-such-call/explain")

    assert reply.status_code == 404
    assert "no call with this RequestId" in reply.json()["error"]
