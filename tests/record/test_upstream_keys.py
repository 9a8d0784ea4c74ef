"""The keys of an upstream, and which addresses may be an upstream."""

from collections.abc import Mapping

import pytest

from mockocr.client.client import NoServerError
from mockocr.record.keys import UpstreamKeys, read_upstream_keys
from mockocr.record.upstream import UpstreamError, UpstreamServer
from mockocr.settings import SettingError
from tests.record.recording_servers import a_forwarded_call


def test_the_variables_of_the_upstream_are_preferred_to_those_of_sdks() -> None:
    sdk = {"TENCENTCLOUD_SECRET_ID": "AKIDA", "TENCENTCLOUD_SECRET_KEY": "a"}
    own = {"MOCKOCR_UPSTREAM_SECRET_ID": "AKIDB", "MOCKOCR_UPSTREAM_SECRET_KEY": "b"}

    assert read_upstream_keys(sdk, ())[:3] == ("AKIDA", "a", None)
    assert read_upstream_keys({**sdk, "TENCENTCLOUD_TOKEN": "t"}, ())[2] == "t"
    assert read_upstream_keys({**sdk, **own, "TENCENTCLOUD_TOKEN": "t"}, ()) == (
        "AKIDB",
        "b",
        None,
        "MOCKOCR_UPSTREAM_",
    )
    assert "geheim" not in repr(UpstreamKeys("AKID", "geheim", "geheim", ""))


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, "the key pair of the upstream is missing: set MOCKOCR_UPSTREAM_SECRET_ID"),
        ({"TENCENTCLOUD_SECRET_ID": "AKIDX"}, "TENCENTCLOUD_SECRET_KEY is not set"),
        ({"MOCKOCR_UPSTREAM_SECRET_KEY": "geheim"}, "MOCKOCR_UPSTREAM_SECRET_ID is not set"),
        (
            {"TENCENTCLOUD_SECRET_ID": "AKIDMOCKOCR", "TENCENTCLOUD_SECRET_KEY": "geheim"},
            "is a SecretId of this server, which the upstream does not know",
        ),
        (
            {"TENCENTCLOUD_SECRET_ID": "AKID\n", "TENCENTCLOUD_SECRET_KEY": "geheim"},
            "cannot contain control characters",
        ),
    ],
)
def test_missing_or_wrong_keys_are_refused_without_quoting_them(
    variables: Mapping[str, str], words: str
) -> None:
    with pytest.raises(SettingError, match=words) as refused:
        read_upstream_keys(variables, {"AKIDMOCKOCR"})

    assert "geheim" not in str(refused.value)


def test_the_address_of_an_upstream_is_checked_for_each_call() -> None:
    """The name of an upstream may have got an address on the internet."""
    keys = UpstreamKeys("AKID", "key", None, "TEST_")
    server = UpstreamServer("https://1.1.1.1", keys, None, real=False)
    with pytest.raises(UpstreamError, match="use --real"):
        server.ask(a_forwarded_call())


def test_an_upstream_on_the_internet_needs_real() -> None:
    keys = UpstreamKeys("AKID", "key", None, "TEST_")
    with pytest.raises(SettingError, match="pictures of all calls; use --real"):
        UpstreamServer.at("https://1.1.1.1", keys, None, real=False)

    assert UpstreamServer.at("https://1.1.1.1", keys, None, real=True).host == "1.1.1.1"
    with pytest.raises(NoServerError):
        UpstreamServer.at("http://nowhere.invalid", keys, None, real=True)
