"""Which rule, chaos entry or picture decides the outcome of a call."""

from mockocr.accounts.call_settings import CallSettings
from mockocr.journal.exchange import Exchange
from mockocr.pipeline.authorize import Charge
from mockocr.pipeline.body_cache import ParsedBody
from mockocr.pipeline.forward import Fallback
from mockocr.protocol.call import Call
from mockocr.protocol.wire import WireRequest
from mockocr.recognition.call_image import CallImage
from mockocr.scenario.outcomes import ResolvedOutcome
from mockocr.scenario.rulebook import Caller, Decision, Rulebook, undecided


def decide(
    request: WireRequest,
    call: Call,
    settings: CallSettings,
    charge: Charge,
    rulebook: Rulebook,
    parsed_body: ParsedBody,
    call_image: CallImage,
    exchange: Exchange,
    fallback: Fallback | None,
) -> Decision:
    """What the rulebook decides, else the fallback, else the picture. The call takes its call
    numbers from the charge."""
    action = parsed_body.action
    if not rulebook.decides or (fallback and fallback.ignores_rules):
        decision = _with_fallback(undecided(action), fallback)
        exchange.resolved = decision.resolved
        return decision
    shortlist = parsed_body.shortlist(rulebook)
    if shortlist and not shortlist.needs_more:
        facts = shortlist.facts
    else:
        facts = action.facts(parsed_body.query())
        facts["Region"] = call.region
        facts.add_source("header", request.headers.get)
        facts.add_source("picture", call_image.fact)
        if rulebook.tests_clock:
            facts.add_source("clock", settings.clock_fact)
    caller = Caller(charge.account, settings.seed, settings.now, call_image.digest)
    decision = rulebook.decide(action, facts, caller, charge.call_counters, shortlist)
    decision = _with_fallback(decision, fallback)
    is_short = shortlist is not None and facts is shortlist.facts
    exchange.facts = facts if is_short else facts.snapshot(rulebook.tested_facts(action))
    exchange.rulebook = rulebook
    exchange.rule, exchange.scenario = decision.rule, decision.scenario
    exchange.resolved, exchange.delayed_by = decision.resolved, decision.delayed_by
    return decision


def _with_fallback(decision: Decision, fallback: Fallback | None) -> Decision:
    """With the outcome of the fallback if no rule matched. A delay stays."""
    if fallback is None or decision.rule is not None:
        return decision
    _, *timing = decision.resolved
    return decision._replace(resolved=ResolvedOutcome(fallback.outcome, *timing))
