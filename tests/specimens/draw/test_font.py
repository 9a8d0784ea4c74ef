from pathlib import Path

import pytest
from faker.providers.person.zh_CN import Provider
from hypothesis import given, settings
from hypothesis import strategies as st

from mockocr.people import divisions, tables
from mockocr.specimens.draw.font import LINE, fitted, font, length
from mockocr.specimens.draw.glyphs import BEYOND_GB2312, STAND_IN, covered, drawable
from mockocr.specimens.layout import FACES

ALL = [chr(code) for code in range(0x10000) if covered(chr(code))]
ONE_OF_EACH = st.text(st.sampled_from("永国·…一WiX0 —"), max_size=60)


def drawn(character: str) -> bytes:
    """The pixels of a text."""
    mask = font(20).getmask(character)
    return bytes(mask) + repr(mask.size).encode()


def test_the_font_has_a_glyph_for_every_covered_character() -> None:
    missing = drawn("\U0010fffd")

    assert len(ALL) == 8736
    assert [one for one in ALL if drawn(one) == missing and one not in "\u3000 "] == []


def test_the_font_covers_every_generated_field() -> None:
    words = Path(divisions.__file__).with_name("divisions.txt").read_text(encoding="utf-8")
    words += "".join([*tables.NATIONS, *tables.STREETS, *tables.TOWNS, *tables.VILLAGES])
    words += "".join(name for own in tables.OWN_NAMES.values() for group in own for name in group)
    words += "".join([*Provider.last_names, *Provider.first_names_male])
    words += "".join([*Provider.first_names_female, "号楼室组长期公安局分局·"])
    words += "".join(label.text for face in FACES.values() for label in face.labels)

    assert {one for one in words if not covered(one) and one != "\n"} == set()
    assert set(ALL) >= BEYOND_GB2312


def test_characters_of_common_names_are_drawn() -> None:
    names = "喆堃玥珺翀镕璟晞鋆赟彧旻玙玚珩昇淏琤"

    assert drawable(names) == names


@pytest.mark.parametrize("character", ["𠮷", "䶮", "ñ", "\u200b", "\n", "\ud800", "😀"])
def test_any_other_character_is_drawn_as_a_placeholder(character: str) -> None:
    assert drawable(f"王{character}1") == f"王{STAND_IN}1"


def test_a_text_that_fits_is_set_in_one_line_and_not_shrunk() -> None:
    setting = fitted("李明", width=380, height=57, size=38)

    assert (setting.size, setting.lines) == (38, ("李明",))


def test_a_long_name_shrinks_before_it_wraps() -> None:
    setting = fitted("阿不都热合曼·阿不都热依木", width=380, height=57, size=38)

    assert setting.size < 38
    assert setting.lines == ("阿不都热合曼·阿不都热依木",)


def test_an_address_has_eleven_characters_a_line_and_four_lines() -> None:
    box = FACES[next(iter(FACES))].texts["address"]
    address = "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县孙扎齐牛录镇东方红街一百二十三号"

    setting = fitted(address, box.width, box.height, 34)

    assert setting.size == 34
    assert [len(line) for line in setting.lines] == [11, 11, 11, 8]


def test_words_are_broken_at_spaces() -> None:
    setting = fitted("Maximilian Alexander von Hohenzollern", width=330, height=57, size=38)

    assert setting.lines == ("Maximilian Alexander von", "Hohenzollern")


def test_a_text_that_never_fits_is_truncated_with_an_ellipsis() -> None:
    setting = fitted("永" * 500, width=300, height=50, size=30)

    assert setting.lines[-1].endswith("…")


@given(ONE_OF_EACH, st.integers(60, 600), st.integers(20, 200), st.sampled_from([20, 34]))
@settings(deadline=None)
def test_lines_stay_in_their_box(text: str, width: int, height: int, size: int) -> None:
    setting = fitted(text, width, height, size)

    assert setting.size <= size
    assert len(setting.lines) == 1 or len(setting.lines) * setting.size * LINE <= height
    for line in setting.lines:
        assert length(line, setting.size) <= width
        assert font(setting.size).getlength(line) == length(line, setting.size)
    if not setting.lines[-1].endswith("…"):
        assert "".join(setting.lines).replace(" ", "") == text.replace(" ", "")
