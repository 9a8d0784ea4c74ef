"""Groups codes into cards, and computes the place of each card in the picture."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import dist
from typing import TypeAlias

from mockocr.images.geometry import (
    Homography,
    Point,
    homography,
    is_convex,
    middle,
    moved,
    moved_quad,
    quad_of,
)
from mockocr.specimens import card_code
from mockocr.specimens.card_data import CardData
from mockocr.specimens.finding import NO_SPECIMENS, NamedSpecimens, Side
from mockocr.specimens.layout import CARD, FACES
from mockocr.specimens.qr_codes import SeenCode, main_code, small_code

_CARD = quad_of(0, 0, *CARD)


@dataclass(frozen=True, slots=True)
class Card:
    card_data: CardData
    main: SeenCode | None
    small: SeenCode | None
    place: Homography
    """The homography from units of the card to pixels of the picture."""

    def main_size(self) -> float:
        """The approximate size of the main code, in pixels."""
        box = FACES[self.card_data.kind].main
        one, _, three, _ = moved_quad(self.place, quad_of(*box))
        return dist(one, three) / 2

    def side(self, specimens: NamedSpecimens = NO_SPECIMENS) -> Side:
        named = specimens.get(card_code.key(self.card_data))
        return Side(
            self.card_data,
            moved_quad(self.place, _CARD),
            exact=self.main is not None and self.small is not None,
            main_read=self.main is not None,
            name=None if named is None else named.name,
        )


@dataclass(frozen=True, slots=True)
class GroupedCodes:
    seen: tuple[SeenCode, ...] = ()
    """All codes, each of them once."""
    cards: tuple[Card, ...] = ()
    unknown: tuple[SeenCode, ...] = ()
    """Small codes that belong to none of the cards."""

    def complete(self, cards: int) -> bool:
        """Whether all codes are used, and there are at least `cards` cards, and at least one."""
        return bool(self.cards) and not self.unknown and len(self.cards) >= cards


Top: TypeAlias = tuple[Point, Point]
"""The top left and top right corner of a card, computed from its bar."""
_WEIGHT_OF_TOP = 0.01
"""The weight of these corners against those of a code: their error is ten pixels instead of one
(measured)."""


def group_codes(
    seen: Iterable[SeenCode], specimens: NamedSpecimens, tops: Sequence[Top] = ()
) -> GroupedCodes:
    """The cards that these codes belong to. A small code without main code counts if it is the key
    of one of the specimens."""
    once = _each_once(seen)
    small_codes = [one for one in once if card_code.is_key(one.text)]
    cards = []
    for main in once:
        card_data = card_code.read(main.text)
        found = None if card_data is None else _with_main(card_data, main, small_codes, tops)
        if found is not None:
            card, small = found
            cards.append(card)
            if small is not None:
                small_codes.remove(small)
    lacking = {card.card_data for card in cards if card.small is None}
    for alone in tuple(small_codes):
        named = specimens.get(alone.text)
        # A card without small code is not a second card: this is its small code, misplaced.
        if named is None or named.card_data in lacking:
            continue
        of_small = _placed(named.card_data, None, alone)
        if of_small is not None:
            small_codes.remove(alone)
            cards.append(of_small)
    return GroupedCodes(once, tuple(cards), tuple(small_codes))


def _each_once(seen: Iterable[SeenCode]) -> tuple[SeenCode, ...]:
    """The codes without repetitions: a code with the same text at about the same place."""
    once: list[SeenCode] = []
    for one in seen:
        if not any(one.text == other.text and _overlap(one, other) for other in once):
            once.append(one)
    return tuple(once)


def _overlap(one: SeenCode, other: SeenCode) -> bool:
    size = dist(one.corners[0], one.corners[2])
    return dist(middle(one.corners), middle(other.corners)) < size / 2


def _with_main(
    card_data: CardData, main: SeenCode, small: Sequence[SeenCode], tops: Sequence[Top]
) -> tuple[Card, SeenCode | None] | None:
    """The card of a main code, and its small code if that is among `small`. None if no card can lie
    like this."""
    for view in (_as_seen, _mirrored):
        card = _placed(card_data, view(main), None)
        nearest = None if card is None else _nearest(card, small)
        if nearest is not None and (both := _placed(card_data, view(main), view(nearest))):
            return both, nearest
    card = _placed(card_data, main, None)
    if card is None:
        return None
    return _with_top(card, tops), None


def _as_seen(seen: SeenCode) -> SeenCode:
    return seen


def _mirrored(seen: SeenCode) -> SeenCode:
    """The code with the corners of its mirror image: zxing-cpp also reads mirrored codes, but gives
    their corners as if they were not mirrored."""
    one, two, three, four = seen.corners
    return SeenCode(seen.text, (one, four, three, two))


def _nearest(card: Card, small: Iterable[SeenCode]) -> SeenCode | None:
    """The small code of the card. Its place, computed from the main code alone, may be wrong by the
    size of the main code."""
    expected = moved(card.place, small_code(card.card_data.kind, "").place.middle)
    key, reach = card_code.key(card.card_data), card.main_size()
    near = [(dist(middle(seen.corners), expected), seen) for seen in small if seen.text == key]
    distance, nearest = min(near, default=(reach, None))
    return nearest if distance < reach else None


def _with_top(card: Card, tops: Sequence[Top]) -> Card:
    """The card with a more exact place, if there is a bar near its top."""
    left, right, *_ = moved_quad(card.place, _CARD)
    for top in tops:
        if max(dist(top[0], left), dist(top[1], right)) < 1.5 * card.main_size():
            return _placed(card.card_data, card.main, card.small, top) or card
    return card


def _placed(
    card_data: CardData, main: SeenCode | None, small: SeenCode | None, top: Top | None = None
) -> Card | None:
    """The card, located by its codes and its bar; None if they do not fit a flat card."""
    sources: list[Point] = []
    targets: list[Point] = []
    if main is not None:
        sources += quad_of(*main_code(card_data.kind, main.text).place)
        targets += main.corners
    if small is not None:
        corners = zip(quad_of(*small_code(card_data.kind, "").place), small.corners, strict=True)
        for number, (source, target) in enumerate(corners):
            # A code of version 1 has no pattern in the bottom right: the error of this corner is
            # 1.2 pixels, of the others 0.4 (measured).
            if number != 2 or main is None:
                sources.append(source)
                targets.append(target)
    if top is not None:
        sources += _CARD[:2]
        targets += top
    weights = [1.0] * (len(sources) - 2) + [_WEIGHT_OF_TOP] * 2 if top else None
    place = homography(sources, targets, weights)
    if place is None or not is_convex(moved_quad(place, _CARD)):
        return None
    return Card(card_data, main, small, place)
