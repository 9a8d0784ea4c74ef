"""Which symbols belong to which card, and where the card then lies."""

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
from mockocr.specimens.finding import NONE_KNOWN, Known, Side
from mockocr.specimens.layout import CARD, FACES
from mockocr.specimens.qr_codes import Seen, main_symbol, small_symbol

_CARD = quad_of(0, 0, *CARD)


@dataclass(frozen=True, slots=True)
class Card:
    card_data: CardData
    main: Seen | None
    small: Seen | None
    place: Homography
    """From units of the card to pixels."""

    def main_size(self) -> float:
        """About how large the main symbol is, in pixels."""
        box = FACES[self.card_data.kind].main
        one, _, three, _ = moved_quad(self.place, quad_of(*box))
        return dist(one, three) / 2

    def side(self, known: Known = NONE_KNOWN) -> Side:
        named = known.get(card_code.key(self.card_data))
        return Side(
            self.card_data,
            moved_quad(self.place, _CARD),
            exact=self.main is not None and self.small is not None,
            main_read=self.main is not None,
            name=None if named is None else named.name,
        )


@dataclass(frozen=True, slots=True)
class Grouped:
    seen: tuple[Seen, ...] = ()
    """Each symbol once."""
    cards: tuple[Card, ...] = ()
    unknown: tuple[Seen, ...] = ()
    """Small symbols that are of no card."""

    def complete(self, cards: int) -> bool:
        """Whether nothing is left to be read, where at least so many cards are expected."""
        return bool(self.cards) and not self.unknown and len(self.cards) >= cards


Top: TypeAlias = tuple[Point, Point]
"""Top left and top right of some card in the picture, as its bar tells them."""
_WEIGHT_OF_TOP = 0.01
"""A corner of a symbol is right within a pixel, one by the bar within ten (measured)."""


def grouped(seen: Iterable[Seen], known: Known, tops: Sequence[Top] = ()) -> Grouped:
    once = _each_once(seen)
    left = [one for one in once if card_code.is_key(one.text)]
    cards = []
    for main in once:
        card_data = card_code.read(main.text)
        found = None if card_data is None else _with_main(card_data, main, left, tops)
        if found is not None:
            card, small = found
            cards.append(card)
            if small is not None:
                left.remove(small)
    lacking = {card.card_data for card in cards if card.small is None}
    for alone in tuple(left):
        named = known.get(alone.text)
        # A card that lacks its small symbol is not there twice: this is its own, seen elsewhere.
        if named is None or named.card_data in lacking:
            continue
        of_small = _placed(named.card_data, None, alone)
        if of_small is not None:
            left.remove(alone)
            cards.append(of_small)
    return Grouped(once, tuple(cards), tuple(left))


def _each_once(seen: Iterable[Seen]) -> tuple[Seen, ...]:
    """Without what was seen before at about the same place."""
    once: list[Seen] = []
    for one in seen:
        if not any(one.text == other.text and _overlap(one, other) for other in once):
            once.append(one)
    return tuple(once)


def _overlap(one: Seen, other: Seen) -> bool:
    size = dist(one.corners[0], one.corners[2])
    return dist(middle(one.corners), middle(other.corners)) < size / 2


def _with_main(
    card_data: CardData, main: Seen, small: Sequence[Seen], tops: Sequence[Top]
) -> tuple[Card, Seen | None] | None:
    """The card with its small symbol, where it is among these, and that as it was seen."""
    for call_number in (_as_seen, _mirrored):
        card = _placed(card_data, call_number(main), None)
        nearest = None if card is None else _nearest(card, small)
        if nearest is not None and (
            both := _placed(card_data, call_number(main), call_number(nearest))
        ):
            return both, nearest
    card = _placed(card_data, main, None)
    if card is None:
        return None
    return _with_top(card, tops), None


def _as_seen(seen: Seen) -> Seen:
    return seen


def _mirrored(seen: Seen) -> Seen:
    """A mirrored symbol is read as well, and its corners are told as if it were not."""
    one, two, three, four = seen.corners
    return Seen(seen.text, (one, four, three, two))


def _nearest(card: Card, small: Iterable[Seen]) -> Seen | None:
    """The card's small symbol. One symbol alone tells its place wrong by less than the main symbol
    is large."""
    expected = moved(card.place, small_symbol(card.card_data.kind, "").place.middle)
    key, reach = card_code.key(card.card_data), card.main_size()
    near = [(dist(middle(seen.corners), expected), seen) for seen in small if seen.text == key]
    distance, nearest = min(near, default=(reach, None))
    return nearest if distance < reach else None


def _with_top(card: Card, tops: Sequence[Top]) -> Card:
    """The card placed better by its bar, where one is seen about there."""
    left, right, *_ = moved_quad(card.place, _CARD)
    for top in tops:
        if max(dist(top[0], left), dist(top[1], right)) < 1.5 * card.main_size():
            return _placed(card.card_data, card.main, card.small, top) or card
    return card


def _placed(
    card_data: CardData, main: Seen | None, small: Seen | None, top: Top | None = None
) -> Card | None:
    """None where no plane card can lie so."""
    sources: list[Point] = []
    targets: list[Point] = []
    if main is not None:
        sources += quad_of(*main_symbol(card_data.kind, main.text).place)
        targets += main.corners
    if small is not None:
        corners = zip(quad_of(*small_symbol(card_data.kind, "").place), small.corners, strict=True)
        for number, (source, target) in enumerate(corners):
            # Version 1 has no pattern in the bottom right: what is read there is a guess, wrong by
            # 1.2 pixels where the others are by 0.4 (measured).
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
