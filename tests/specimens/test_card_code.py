import zlib
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.specimens import base45, card_code
from mockocr.specimens.card_data import DEFECTS, TEXTS, CardData, Kind
from tests.memory import traced_memory
from tests.specimens.people import (
    HAN,
    LI_MING,
    LINES,
    SIDES,
    any_card_data,
    some_card_data,
    the_longest,
)

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
WORDS = Path(card_code.__file__).with_name("code-words-1.txt").read_bytes()

BACK_OF_ZHAO = CardData(Kind.BACK, authority="赵县公安局", valid_date="2010.07.21-2020.07.21")


def written(plain: bytes, more: bytes = b"") -> str:
    """A main code with any plain text, not written by `write`."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, WORDS)
    return checked(deflate.compress(plain) + deflate.flush() + more)


def checked(deflated: bytes) -> str:
    crc = 0xFFFF
    for byte in deflated:  # CRC-16/CCITT-FALSE, bit by bit
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x1021 if crc & 0x8000 else 0)) & 0xFFFF
    return "MO1:" + base45.encode(deflated + crc.to_bytes(2))


@given(any_card_data(LINES) | any_card_data(HAN))
def test_any_card_data_that_fits_is_read_back(card_data: CardData) -> None:
    try:
        text = card_code.write(card_data)
    except card_code.TooLongError:
        return

    assert card_code.read(text) == card_data
    assert len(text) <= card_code.LONGEST
    assert set(text) <= set(ALPHABET)


@pytest.mark.parametrize("kind", SIDES)
def test_people_take_a_small_code(kind: Kind) -> None:
    lengths = [len(card_code.write(some_card_data(kind, seed))) for seed in range(200)]

    assert sum(lengths) / len(lengths) < {"front": 105, "back": 55, "temporary": 140}[kind]


@pytest.mark.parametrize("kind", SIDES)
def test_the_longest_real_texts_fit_with_every_recorded_defect(kind: Kind) -> None:
    card_data = replace(the_longest(kind), defects=DEFECTS)

    assert card_code.read(card_code.write(card_data)) == card_data


def test_a_text_too_long_for_a_symbol_is_refused() -> None:
    card_data = replace(LI_MING, address="".join(map(chr, range(0x5000, 0x5000 + 120))))

    with pytest.raises(
        card_code.TooLongError, match=r"need a code of [0-9]+ characters, expected at most 311"
    ):
        card_code.write(card_data)


def test_a_long_text_that_deflates_well_fits() -> None:
    card_data = CardData.of(Kind.TEMPORARY, dict.fromkeys(TEXTS, "𠮷" * 120))

    assert card_code.read(card_code.write(card_data)) == card_data


@pytest.mark.parametrize(
    ("text", "card_data"),
    [
        (
            "MO1:CTEBKFI6NBFTB%5J666FID.B+IG 40DNC70L*AKQEO%00"
            "7VKR:G:SE+18U0OY$8I1OT T6J0DZ0L IH*O:GO6HP/HQOSOSCO 01:O1P3063",
            LI_MING,
        ),
        ("MO1:BTE:MFP E.49JR9B7JKHGHHG:HG32KZJKYHI0A2961/0T", BACK_OF_ZHAO),
    ],
)
def test_a_code_of_version_1_stays_readable(text: str, card_data: CardData) -> None:
    assert card_code.read(text) == card_data


@pytest.mark.parametrize(
    ("card_data", "key"), [(LI_MING, "K0BCD0BBC9B26"), (BACK_OF_ZHAO, "K02AFAFE3CF5D")]
)
def test_the_key_of_card_data_never_changes(card_data: CardData, key: str) -> None:
    assert card_code.key(card_data) == key


def test_the_dictionary_of_version_1_never_changes() -> None:
    assert (
        sha256(WORDS).hexdigest()
        == "d4cacaf942c5a26841b028e9353560abef55db81d2dd95cc20360b6c843236d3"
    )


def test_a_code_is_made_as_described() -> None:
    plain = "B\n赵县公安局\n2010.07.21-2020.07.21".encode()

    assert card_code.read(written(plain)) == BACK_OF_ZHAO


def test_sex_and_birth_are_not_encoded_if_the_number_contains_them() -> None:
    odd = replace(LI_MING, sex="女", birth="1987/1/2")

    assert len(card_code.write(LI_MING)) + 6 < len(card_code.write(odd))
    assert card_code.read(card_code.write(odd)) == odd


@given(st.data())
def test_a_code_with_a_changed_character_is_refused(data: st.DataObject) -> None:
    text = card_code.write(LI_MING)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(sorted(set(ALPHABET) - {text[place]})))

    assert card_code.read(text[:place] + other + text[place + 1 :]) is None


def test_a_truncated_or_extended_code_is_refused() -> None:
    text = card_code.write(LI_MING)

    damaged = [text[:length] for length in range(len(text))]
    damaged += [text + more for more in ("0", "00", "000", "ABC", " ")]

    assert [card_code.read(one) for one in damaged] == [None] * len(damaged)


@given(st.text() | st.text(ALPHABET).map("MO1:".__add__))
def test_a_stray_code_is_refused(text: str) -> None:
    assert card_code.read(text) is None


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"\n",
        b"B",
        b"B\na",
        b"B\na\nb\nc",
        b"b\na\nb",
        b"F\na\nb",
        b"Z\na\nb",
        b"Bz\na\nb",
        b"Bba\na\nb",
        b"Baa\na\nb",
        b"B\n\x01\nb",
        b"B\na\rb\nc",
        b"B\n\xff\nb",
        b"F\nn\n\x01\nn\n\x01\na\n1",
        "F\n李明\n男\n汉\n\x01\n北京\n440524198701010014".encode(),
    ],
)
def test_a_code_of_another_shape_with_a_right_checksum_is_refused(plain: bytes) -> None:
    assert card_code.read(written(plain)) is None


def test_a_code_that_inflates_endlessly_is_refused_and_takes_no_memory() -> None:
    bomb = written(b"B\n" + b"a" * 150_000 + b"\nb")

    with traced_memory() as memory:
        found = card_code.read(bomb)

    assert len(bomb) <= card_code.LONGEST
    assert found is None
    assert memory.peak_bytes < 50_000


@pytest.mark.parametrize("deflated", [b"", b"\x07", b"\xff" * 9, b"\x03", b"\x00\x01\x00"])
def test_a_code_without_deflated_data_is_refused(deflated: bytes) -> None:
    assert card_code.read(checked(deflated)) is None


def test_a_code_with_data_after_the_deflated_text_is_refused() -> None:
    assert card_code.read(written(b"B\na\nb", more=b"x")) is None


@given(any_card_data(LINES), any_card_data(LINES))
def test_different_card_data_have_different_keys(one: CardData, other: CardData) -> None:
    assert card_code.is_key(card_code.key(one))
    assert (card_code.key(one) == card_code.key(other)) == (one == other)


@pytest.mark.parametrize(
    "text",
    ["", "K", "K0123456789A", "K0123456789ABC", "K0123456789ab", "X0123456789AB", "MO1:0000000000"],
)
def test_other_texts_are_not_keys(text: str) -> None:
    assert not card_code.is_key(text)
