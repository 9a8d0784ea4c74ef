import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.specimens import base45


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b"AB", "BB8"),
        (b"Hello!!", "%69 VD92EX0"),
        (b"base-45", "UJCLQE7W581"),
        (b"ietf!", "QED8WEX0"),
        (b"\xff\xff", "FGW"),
        (b"\xff", "U5"),
    ],
)
def test_the_examples_of_rfc_9285(content: bytes, text: str) -> None:
    assert base45.encode(content) == text
    assert base45.decode(text) == content


@given(st.binary())
def test_encoding_and_decoding_gives_the_same_bytes(content: bytes) -> None:
    assert base45.decode(base45.encode(content)) == content


@pytest.mark.parametrize(
    "text", ["GGW", ":::", "V5", "::", "A", "0", "AAAA", "AAA0", "aaa", "AA\n", "AA人"]
)
def test_a_text_that_encodes_no_bytes_is_not_decoded(text: str) -> None:
    assert base45.decode(text) is None


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"))
def test_every_content_has_only_one_encoding(text: str) -> None:
    content = base45.decode(text)

    assert content is None or base45.encode(content) == text
