"""The state of a server: everything that can change between two calls, and nothing else."""

import logging
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.call_settings import CallSettings, Overrides, UnknownPictures, first_set
from mockocr.accounts.clock import REAL_TIME, Clock, MovedClocks
from mockocr.accounts.quotas import Packages, RateWindow
from mockocr.explainer.searches import Searches
from mockocr.journal.events import Events
from mockocr.journal.journal import Journal
from mockocr.journal.metrics import Metrics
from mockocr.people.number import Numbers
from mockocr.pipeline.body_cache import BodyCache
from mockocr.pipeline.forward import Fallback, Upstream
from mockocr.pipeline.pools import Pools
from mockocr.recognition.picture_cache import PictureCache
from mockocr.scenario.registry import ScenarioRegistry
from mockocr.scenario.rulebook import Rulebook
from mockocr.settings import API_PAGE

if TYPE_CHECKING:
    from mockocr.explainer.causes import Cause

logger = logging.getLogger("mockocr.calls")

Auth = Literal["strict", "lenient", "off"]
"""strict: a call that fails authentication is refused; lenient: it is only reported in the journal;
off: calls are not authenticated."""


class Defaults(NamedTuple):
    """The settings of a call that neither its account nor a scenario overrides."""

    seed: int = 0
    numbers: Numbers = "valid"
    rate: int = 20
    """Calls per second and action: 默认接口请求频率限制:20次/秒 (API page §1); 0 = unlimited."""
    auth: Auth = "strict"
    contract: date = API_PAGE
    """The API answers as it did on this day."""
    unknown_pictures: UnknownPictures = "invent"


class State:
    """Each member is safe for concurrent threads. `pictures` and `body_cache` only save time: an
    answer never depends on what they contain."""

    def __init__(
        self,
        accounts: Accounts,
        registry: ScenarioRegistry,
        journal: Journal,
        defaults: Defaults,
        pictures: PictureCache | None = None,
    ) -> None:
        self.accounts = accounts
        self.registry = registry
        self.journal = journal
        self.defaults = defaults
        self.pictures = pictures or PictureCache()
        self.clocks = MovedClocks()
        self.rates = RateWindow()
        self.packages = Packages()
        self.metrics = Metrics()
        self.events = Events()
        self.body_cache = BodyCache()
        self.quick_bodies: set[str] = set()
        """The hashes of short bodies that name nothing slow. Used by the event loop only."""
        self.pools = Pools()
        self.fallback: Fallback | None = None
        """Set by `mockocr record`, before the first call."""
        self.upstream: Upstream | None = None
        """Set if calls may be forwarded to it."""
        self.searches = Searches(partial(settle, journal))
        self._settings: dict[str, tuple[Account, Rulebook, tuple[Any, ...]]] = {}
        """By account name: the settings of its last call without the time, and the account and the
        rulebook that they were computed from."""

    def close(self) -> None:
        """Ends the threads and processes that work for calls, without waiting for their work."""
        self.pools.close()
        self.pictures.close()
        self.searches.close()

    def reset(self, account: str) -> None:
        """Forgets all calls of an account, its clock and its counters."""
        self.registry.call_counters.reset(account)
        self.rates.reset(account)
        self.packages.reset(account)
        self.clocks.reset(account)
        self.journal.reset(account)

    def forget(self, account: str) -> None:
        """Called when an account is removed. Forgets all but its calls in the journal."""
        self.journal.forget(account)
        self.registry.set_for_account(account, ())
        self.registry.call_counters.reset(account)
        self.rates.reset(account)
        self.packages.reset(account)
        self.clocks.reset(account)
        self.metrics.forget(account)
        self._settings.pop(account, None)

    def clock_of(self, account: Account) -> Clock:
        """The clock that was moved while the server runs; else that of the account; else that of a
        scenario; else real time."""
        clock = self.clocks.of(account.name) or account.clock
        return clock or self.registry.rulebook(account.name).overrides.clock or REAL_TIME

    def settings_of(self, account: Account, rulebook: Rulebook, now: datetime) -> CallSettings:
        """The settings of a call at `now`, by the clock of the account."""
        cached = self._settings.get(account.name)
        # Accounts and rulebooks are immutable: a change replaces them.
        if cached is None or cached[0] is not account or cached[1] is not rulebook:
            cached = account, rulebook, self._timeless_settings(account, rulebook.overrides)
            self._settings[account.name] = cached
        return CallSettings(now, *cached[2])

    def _timeless_settings(self, account: Account, scenario: Overrides) -> tuple[Any, ...]:
        """All arguments of CallSettings but the first."""
        defaults = self.defaults
        sources = (
            account,
            scenario,
            Overrides(seed=defaults.seed, contract=defaults.contract, rate=defaults.rate),
        )
        return (
            first_set("seed", sources),
            defaults.numbers,
            first_set("contract", sources),
            first_set("state", sources) or "ok",
            first_set("package", sources),
            first_set("rate", sources),
            defaults.unknown_pictures,
        )


# Not a method of State: the thread of the searches would keep the state of a server that ended.
def settle(journal: Journal, request_id: str, cause: "Cause") -> None:
    """Stores and logs a cause that was found after its call was answered."""
    if journal.settle(request_id, cause):
        certain = "" if cause.proven else "?"
        facts = {"RequestId": request_id, "cause": cause.name, "proven": cause.proven}
        extra = {"facts": facts, "hint": cause.hint}
        logger.info("%s cause=%s%s", request_id, cause.name, certain, extra=extra)
