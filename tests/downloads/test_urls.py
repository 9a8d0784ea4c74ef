from contextlib import suppress
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.downloads.urls import MAX_CHARACTERS, Url, read_url, redirected
from mockocr.images.image import is_http

BASE = read_url("https://cards.test:8443/a/b.jpg?token=1")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://xx/a.jpg", Url("http", "xx", 80, "/a.jpg", "a.jpg")),
        ("https://xx/a.jpg", Url("https", "xx", 443, "/a.jpg", "a.jpg")),
        ("HTTPS://XX.Test./A.JPG", Url("https", "xx.test", 443, "/A.JPG", "A.JPG")),
        ("http://xx", Url("http", "xx", 80, "/", "")),
        ("http://xx?a=b/c.jpg", Url("http", "xx", 80, "/?a=b/c.jpg", "")),
        ("http://xx/a/?b#c/d.jpg", Url("http", "xx", 80, "/a/?b", "")),
        ("http://xx#@yy/a.jpg", Url("http", "xx", 80, "/", "")),
        ("http://xx?@yy/a.jpg", Url("http", "xx", 80, "/?@yy/a.jpg", "")),
        ("http://xx:/a", Url("http", "xx", 80, "/a", "a")),
        ("http://xx:00081/a", Url("http", "xx", 81, "/a", "a")),
        ("http://xx/a%2Fb%252E.jpg", Url("http", "xx", 80, "/a%2Fb%252E.jpg", "a/b%2E.jpg")),
        ("http://xx/%ff.jpg", Url("http", "xx", 80, "/%ff.jpg", None)),
        ("http://xx/李 明.jpg", Url("http", "xx", 80, "/%E6%9D%8E%20%E6%98%8E.jpg", "李 明.jpg")),
        ("http://xx/..", Url("http", "xx", 80, "/..", "..")),
        ("http://my_host-1.svc/a", Url("http", "my_host-1.svc", 80, "/a", "a")),
        ("http://例子.测试/a", Url("http", "xn--fsqu00a.xn--0zwm56d", 80, "/a", "a")),
        ("http://EXａMPLE。com/a", Url("http", "example.com", 80, "/a", "a")),
        ("http://127.0.0.1/a", Url("http", ip_address("127.0.0.1"), 80, "/a", "a")),
        ("http://127.0.0.1./a", Url("http", ip_address("127.0.0.1"), 80, "/a", "a")),
        ("http://１２７。0。0。1/a", Url("http", ip_address("127.0.0.1"), 80, "/a", "a")),
        ("http://[::1]:81/a", Url("http", ip_address("::1"), 81, "/a", "a")),
        ("http://[0:0::0:1]/a", Url("http", ip_address("::1"), 80, "/a", "a")),
        ("http://[::ffff:127.0.0.1]/a", Url("http", ip_address("127.0.0.1"), 80, "/a", "a")),
        ("http://[::ffff:7f00:1]/a", Url("http", ip_address("127.0.0.1"), 80, "/a", "a")),
    ],
)
def test_a_plain_url_is_read(text: str, url: Url) -> None:
    assert read_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "a.jpg", "/a.jpg", "//xx/a.jpg", "http", "http:", "http:/xx/a", "http:xx"),
        *("ftp://xx/a", "file:///etc/passwd", "gopher://xx/", "data:image/png;base64,QUJD"),
        *("http+unix://xx/a", "ws://xx/a", "javascript:1", "httpx://xx/", "ｈttp://xx/a"),
        *(" http://xx/a", "\thttp://xx/a", "ht\ntp://xx/a", "http:\\\\xx\\a", "http:/\\xx/a"),
        *("http://xx\\@yy/a", "http://xx/a\\b", "http://xx/a\nb", "http://xx/a\r\nHost: b"),
        *("http://xx/\x00", "http://xx/\x7f", "http://x\tx/", "http://xx/\ud800", "http://x x/"),
        *("http://", "http:///xx/a", "http:////xx", "http://?a", "http://#a", "http://:80/"),
        *("http://a@xx/", "http://a:b@xx/", "http://@xx/", "http://xx@127.0.0.1/", "http://:@xx/"),
        *("http://xx:0/", "http://xx:65536/", "http://xx:999999/", "http://xx:-1/", "http://xx:a/"),
        *("http://xx:٨٠/", "http://xx:80:80/", "http://xx: 80/", "http://xx:+80/"),
        *("http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f.1/"),
        *("http://0x7f000001/", "http://0177.0.0.1/", "http://0x7f.0x0.0x0.0x1/", "http://0/"),
        *("http://127.0.0.01/", "http://017700000001/", "http://127.0.0.1.1/", "http://256.0.0.1/"),
        *("http://127.0.0.1../", "http://1/", "http://xx.1/", "http://xx.0x1/", "http://xx.0x/"),
        *("http://%31%32%37.0.0.1/", "http://%6cocalhost/", "http://xx%00/", "http://xx%2f/"),
        *("http://①②⑦.1/", "http://a/b\u2028\x1f", "http://a＠b/", "http://℀.com/"),
        *("http://[::1/", "http://::1/", "http://[::1]x/", "http://x[::1]/", "http://[]/"),
        *("http://[127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/"),
        *("http://[v1.a]/", "http://[::1]@xx/", "http://[xx]/", "http://[::ffff:127.1]/"),
        *("http://.xx/", "http://xx../", "http://x..x/", "http://-x/", "http://x-/", "http://x*/"),
        *("http://x,y/", "http://x;y/", 'http://x"/', "http://<x>/", "http://{x}/", "http://x!/"),
        *("http://\u3000/", "http://a\u3000b/", "http://\u00a0xx/", "http://xx\u202e/"),
        f"http://{'x' * 64}/",
        f"http://{'x.' * 127}x/",
        f"http://{'例.' * 100}x/",
        f"http://xx/{'a' * MAX_CHARACTERS}",
    ],
)
def test_an_ambiguous_url_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\bURLs?\b"):
        read_url(text)


@given(st.text() | st.from_regex(r"(?i)https?://\S{0,40}"))
def test_any_text_is_a_url_or_refused(text: str) -> None:
    with suppress(ValueError):
        url = read_url(text)

        asked = f"{url.authority}{url.target}"
        assert is_http(text)
        assert asked.isascii()
        assert not any(character.isspace() for character in asked)
        assert url.target.startswith("/")
        assert read_url(str(url)) == url


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("http://xx/", "xx"),
        ("http://xx:80/", "xx"),
        ("https://xx:80/", "xx:80"),
        ("https://xx:443/", "xx"),
        ("http://[::1]/", "[::1]"),
        ("http://[::1]:81/", "[::1]:81"),
        ("http://[::ffff:10.0.0.1]:81/", "10.0.0.1:81"),
    ],
)
def test_the_authority_is_the_value_of_the_host_header(text: str, authority: str) -> None:
    assert read_url(text).authority == authority


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("c.jpg", "https://cards.test:8443/a/c.jpg"),
        ("../c.jpg", "https://cards.test:8443/c.jpg"),
        ("/c.jpg", "https://cards.test:8443/c.jpg"),
        ("?c", "https://cards.test:8443/a/b.jpg?c"),
        ("", "https://cards.test:8443/a/b.jpg?token=1"),
        ("//xx/c.jpg", "https://xx/c.jpg"),
        ("//", "https://cards.test:8443/a/b.jpg?token=1"),
        ("https:///c.jpg", "https://cards.test:8443/c.jpg"),
        ("http://xx/c.jpg#d", "http://xx/c.jpg"),
        ("/李.jpg", "https://cards.test:8443/%E6%9D%8E.jpg"),
    ],
)
def test_a_redirect_is_resolved_against_its_location(location: str, target: str) -> None:
    assert str(redirected(BASE, location.encode())) == target


@pytest.mark.parametrize(
    "location",
    [
        *(b"file:///etc/passwd", b"ftp://xx/", b"gopher://xx/", b"data:,x", b"javascript:1"),
        *(b"http://a:b@xx/", b"//a@xx/", b"http://127.1/", b"//0x7f.1/", b"//[::1", b"\xff"),
        *(b"\\\\xx\\a", b"/\\xx", b"ht\ttp://xx/", b"//xx\n/", "//a＠b/".encode()),
    ],
)
def test_a_redirect_to_no_plain_url_is_refused(location: bytes) -> None:
    with pytest.raises(ValueError, match="URL"):
        redirected(BASE, location)


@given(st.binary())
def test_any_location_leads_to_a_url_or_nowhere(location: bytes) -> None:
    with suppress(ValueError):
        target = redirected(BASE, location)

        assert read_url(str(target)) == target
