"""Base45 (RFC 9285): bytes in the characters that QR codes hold at 5.5 bits each."""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_DIGITS = {character: digit for digit, character in enumerate(_ALPHABET)}


def encode(content: bytes) -> str:
    """Two bytes give three characters, least significant first; a last single byte gives two."""
    text = []
    for place in range(0, len(content), 2):
        pair = content[place : place + 2]
        rest = int.from_bytes(pair)
        for _ in range(len(pair) + 1):
            rest, digit = divmod(rest, 45)
            text.append(_ALPHABET[digit])
    return "".join(text)


def decode(text: str) -> bytes | None:
    """The inverse of `encode`; None for a text that `encode` cannot give: it has another character,
    an impossible length, or a value that is too large."""
    content = bytearray()
    for place in range(0, len(text), 3):
        digits = [_DIGITS.get(character) for character in text[place : place + 3]]
        if None in digits or len(digits) == 1:
            return None
        value = sum(digit * 45**power for power, digit in enumerate(digits) if digit)
        size = len(digits) - 1
        if value >= 256**size:
            return None
        content += value.to_bytes(size)
    return bytes(content)
