"""The words of the registered actions as types. Apart from `catalogue.py`, because only type
checkers need them."""

from mockocr.actions.idcard.keywords import Answer as Answer
from mockocr.actions.idcard.keywords import CardFields as CardFields
from mockocr.actions.idcard.keywords import Conditions as Conditions
from mockocr.actions.idcard.keywords import TextMatch as TextMatch
