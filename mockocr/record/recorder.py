"""Makes rules of the calls that the upstream has answered, and writes them."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from threading import Lock
from traceback import format_tb
from typing import Any

from mockocr.actions.action import AnyAction
from mockocr.actions.recording import Placeholders, RecordedAnswer, Recording
from mockocr.images.image import ImageAtUrl
from mockocr.pipeline.forward import ForwardedCall
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.record.recording_file import RecordedRule, RecordingFile, RecordingFileError
from mockocr.record.upstream import UpstreamRefusal
from mockocr.record.urls import url_condition

logger = logging.getLogger("mockocr.record")


class CannotRecordError(Exception):
    """A call that cannot be a rule; the message says why."""


@dataclass(slots=True)
class _NewRule:
    """A rule of this run, with the outcomes of its calls."""

    name: str
    action: str
    when: Mapping[str, Any]
    begun: str
    outcomes: list[tuple[str, int]] = field(default_factory=list)
    """Each as JSON, with the number of calls in a row."""
    left_out: dict[str, None] = field(default_factory=dict)

    def rule(self) -> dict[str, Any]:
        steps = [
            {**json.loads(outcome), **({"times": times} if times > 1 else {})}
            for outcome, times in self.outcomes
        ]
        # The last outcome is repeated anyway.
        steps[-1].pop("times", None)
        then = steps if len(steps) > 1 else steps[0]
        return {"name": self.name, "action": self.action, "when": self.when, "then": then}

    def comments(self) -> list[str]:
        return [self.begun, *(f"left out: {name}" for name in self.left_out)]


class Recorder:
    """Safe for concurrent threads. Keeps the rules of this run."""

    def __init__(self, file: RecordingFile, host: str, placeholders: Placeholders) -> None:
        self._file = file
        self._host = host
        self._lock = Lock()
        self._placeholders = placeholders
        self._rules: dict[str, _NewRule] = {}
        """By action and conditions, as JSON."""
        taken = {rule.name for rule in file.scenario.rules} if file.scenario else set()
        self._names = (name for number in count(1) if (name := f"call-{number}") not in taken)
        self.calls = 0
        """The calls that were recorded."""
        self.not_recorded = 0
        """The calls that were forwarded, but not recorded."""

    @property
    def rules(self) -> int:
        return len(self._rules)

    def record(
        self, call: ForwardedCall, answer: Mapping[str, Any] | UpstreamRefusal, message: str
    ) -> None:
        """Writes the call and its answer. `message`: of a refusal, without personal data. Never
        raises: a recording does not change what the client gets."""
        try:
            recording = _recording(call.action)
            if isinstance(answer, UpstreamRefusal):
                recorded = _refused(answer, message, call.action)
            else:
                recorded = recording.answer(
                    call.query, answer, self._placeholders, call.settings, call.call_image
                )
            self._add(call, recording, recorded)
        except (CannotRecordError, RecordingFileError) as error:
            self.not_recorded += 1
            logger.error("a call is not recorded: %s", error)
        except Exception as bug:
            self.not_recorded += 1
            # Not its message, which may quote a text of the reply.
            where = "".join(format_tb(bug.__traceback__))
            logger.error(
                "bug in mockocr: a call is not recorded: %s\n%s", type(bug).__name__, where
            )

    def _add(
        self, call: ForwardedCall, recording: Recording[Any], recorded: RecordedAnswer
    ) -> None:
        when = {
            **_picture_condition(call),
            **recording.conditions(call.query, call.settings.contract),
        }
        key = json.dumps([call.action.name, when])
        outcome = json.dumps(recorded.outcome, ensure_ascii=False)
        with self._lock:
            rule = self._rules.get(key)
            if rule is None:
                begun = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC, from {self._host}"
                rule = _NewRule(next(self._names), call.action.name, when, begun)
                self._rules[key] = rule
            before = list(rule.outcomes)
            last, times = before[-1] if before else ("", 0)
            if last == outcome:
                rule.outcomes[-1] = (outcome, times + 1)
            else:
                rule.outcomes.append((outcome, 1))
            rule.left_out |= dict.fromkeys(recorded.left_out)
            try:
                self._file.write(
                    [
                        RecordedRule(each.name, each.comments(), each.rule())
                        for each in self._rules.values()
                    ]
                )
            except RecordingFileError:
                rule.outcomes = before
                if not before:
                    del self._rules[key]
                raise
            self.calls += 1
        left_out = "".join(f"; left out: {name}" for name in recorded.left_out)
        logger.info("recorded as %s in %s%s", rule.name, self._file.path, left_out)


def _recording(action: AnyAction) -> Recording[Any]:
    if action.recording is None:
        raise CannotRecordError(f"calls of {action.name} cannot be recorded yet")
    return action.recording()


def _picture_condition(call: ForwardedCall) -> dict[str, Any]:
    """Raises CannotRecordError."""
    image = call.query.image
    if not isinstance(image, ImageAtUrl):
        # Examined as a rule with this condition examines it.
        return {"picture": {"sha256": call.call_image.fact("sha256")}}
    condition = url_condition(image.url)
    if condition is None:
        raise CannotRecordError("its ImageUrl is not a URL of http or https, or is too long")
    return {"ImageUrl": condition}


def _refused(answer: UpstreamRefusal, message: str, action: AnyAction) -> RecordedAnswer:
    """Raises CannotRecordError."""
    documented = action.refusals.get(answer.code) or COMMON_ERRORS.get(answer.code)
    if documented is None:
        raise CannotRecordError(
            f"the upstream refused it with {answer.code}, which is not a documented code"
        )
    outcome = {"error": answer.code}
    if not message or answer.message in (documented.en, documented.zh):
        return RecordedAnswer(outcome)
    left_out = ("words of the message",) if message != answer.message else ()
    return RecordedAnswer({**outcome, "message": message}, left_out)
