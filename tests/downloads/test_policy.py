from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.downloads.addresses import Kind
from mockocr.downloads.policy import NONE, NOWHERE, Reach, read_policy
from mockocr.downloads.urls import read_url

LOOPBACK = frozenset({Kind.LOOPBACK})
PUBLIC = frozenset({Kind.PUBLIC})
ANYWHERE = LOOPBACK | PUBLIC | {Kind.PRIVATE}


@pytest.mark.parametrize(
    ("words", "url", "reach"),
    [
        ("none", "http://127.0.0.1/", NOWHERE),
        ("none", "http://example.com/", NOWHERE),
        ("loopback", "http://127.0.0.1/", LOOPBACK),
        ("loopback", "http://127.9.9.9:8080/", LOOPBACK),
        ("loopback", "https://[::1]:1/", LOOPBACK),
        ("loopback", "http://[::ffff:127.0.0.1]/", LOOPBACK),
        ("loopback", "http://LocalHost.:81/", LOOPBACK),
        ("loopback", "http://cards.localhost/", LOOPBACK),
        ("loopback", "http://localhost.example.com/", NOWHERE),
        ("loopback", "http://notlocalhost/", NOWHERE),
        ("loopback", "http://10.0.0.1/", NOWHERE),
        ("loopback", "http://0.0.0.0/", NOWHERE),
        ("loopback", "http://[::ffff:10.0.0.1]/", NOWHERE),
        ("cards.test", "http://cards.test/", ANYWHERE),
        ("cards.test", "https://CARDS.test./", ANYWHERE),
        ("cards.test", "http://a.cards.test/", NOWHERE),
        ("cards.test", "http://cards.test:8080/", NOWHERE),
        ("cards.test", "http://cards.test:443/", ANYWHERE),
        ("Cards.Test.", "http://cards.test/", ANYWHERE),
        ("cards.test:8080", "http://cards.test:8080/", ANYWHERE),
        ("cards.test:8080", "http://cards.test/", NOWHERE),
        ("cards.test:*", "http://cards.test:1/", ANYWHERE),
        ("localhost", "http://localhost/", ANYWHERE),
        ("10.0.0.7", "http://10.0.0.7/", ANYWHERE),
        ("10.0.0.7", "http://10.0.0.8/", NOWHERE),
        ("10.0.0.7", "http://[::ffff:10.0.0.7]/", ANYWHERE),
        ("[fd00::7]:81", "http://[fd00:0::7]:81/", ANYWHERE),
        ("例子.cn", "http://xn--fsqu00a.cn/", ANYWHERE),
        ("*.example.com", "https://a.example.com/", PUBLIC),
        ("*.example.com", "https://a.b.EXAMPLE.com./", PUBLIC),
        ("*.example.com", "https://example.com/", NOWHERE),
        ("*.example.com", "https://a.example.com.evil/", NOWHERE),
        ("*.example.com", "https://evilexample.com/", NOWHERE),
        ("*.example.com", "https://a.example.com:8443/", NOWHERE),
        ("*.example.com:8443", "https://a.example.com:8443/", PUBLIC),
        ("*.EXAMPLE.com.", "https://a.example.com/", PUBLIC),
        ("cards-*.example.com", "https://cards-1.example.com/", PUBLIC),
        ("cards*.example.com", "https://cards.example.com/", NOWHERE),
        ("a*ab.test", "https://ab.test/", NOWHERE),
        ("1*.example.com", "http://1.2.3.4/", NOWHERE),
        ("*.例子.cn", "http://a.例子.cn/", PUBLIC),
        ("*.internal", "http://cards.internal/", PUBLIC),
        ("*", "http://cards.internal/", PUBLIC),
        ("*", "http://127.0.0.1/", PUBLIC),
        ("*", "http://1.1.1.1/", PUBLIC),
        ("*", "http://1.1.1.1:81/", NOWHERE),
        ("*:*", "http://1.1.1.1:81/", PUBLIC),
        ("loopback;*", "http://localhost/", LOOPBACK | PUBLIC),
        ("loopback;*", "http://localhost:81/", LOOPBACK),
        ("a.test;b.test", "http://b.test/", ANYWHERE),
    ],
)
def test_a_url_is_covered_by_host_and_port(words: str, url: str, reach: Reach) -> None:
    assert read_policy(words.split(";")).reach(read_url(url)) == reach


@pytest.mark.parametrize("texts", [[], ["none"]])
def test_an_empty_policy_covers_nothing(texts: list[str]) -> None:
    assert read_policy(texts) == NONE


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "a b", "http://example.com", "example.com/", "a@b", "cards.test:", ":80"),
        *("cards.test:0", "cards.test:65536", "cards.test:x", "*:0", "fd00::7", "[fd00::7", "::1"),
        *("*.*", "**", "*.*.example.com", "10.*", "127.0.0.*", "10.*.0.1", "*.1", "[fd00::*]"),
        *("127.1", "0x7f.1", "2130706433", "127.0.0.01", "-a", "a..b", "*..a", "a_*-", "*卡.cn"),
        *("卡*.cn", "\ud800", "a\n", "%6c", "10.0.0.0/8", "!a", "?.example.com", "[a-z].test"),
        *("cards.*", "cards*", "1*", "a.b*", "*."),
    ],
)
def test_an_invalid_pattern_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"none, loopback, or host patterns such as \*\.example"):
        read_policy([text])


def test_the_word_none_must_be_alone() -> None:
    with pytest.raises(ValueError, match="use none alone"):
        read_policy(["loopback", "none"])


@given(st.lists(st.text(alphabet="*.:-a0[] 例/") | st.sampled_from(["none", "loopback"])))
def test_any_words_are_a_policy_or_refused(texts: list[str]) -> None:
    with suppress(ValueError):
        assert read_policy(texts).reach(read_url("http://169.254.169.254/")) <= ANYWHERE
