"""What a recording server does with a call that no rule matches: asks the upstream, records its
answer, and answers the client with it."""

import logging
from collections.abc import Mapping
from typing import Any

from mockocr.actions.recording import Placeholders
from mockocr.pipeline.forward import ForwardedCall
from mockocr.protocol.errors import ApiError, Evidence, ForwardedError, Refusal
from mockocr.record.messages import recordable_message
from mockocr.record.recorder import Recorder
from mockocr.record.upstream import UpstreamError, UpstreamRefusal, UpstreamServer

logger = logging.getLogger("mockocr.record")

NO_ANSWER = Refusal(
    "ServiceUnavailable",
    "mockocr record: no answer from {host}: {why}. The call is not recorded.",
    "mockocr record：{host} 没有返回结果：{why}。该调用未录制。",
    Evidence.ASSUMED,
)
KEYS_REFUSED = Refusal(
    "ServiceUnavailable",
    "mockocr record: {host} refused the key pair of the recording server, with {code}. Your own key"
    " pair is right. The call is not recorded.",
    "mockocr record：{host} 拒绝了录制服务所用的密钥，错误码为 {code}。你自己的密钥没有问题。"
    "该调用未录制。",
    Evidence.ASSUMED,
)
NOT_RECORDED = Refusal(
    "ResourceNotFound",
    "mockocr record: this call is not in the recording. Record it with --mode once.",
    "mockocr record：录制文件中没有该调用。请用 --mode once 录制。",
    Evidence.ASSUMED,
)


class Forwarding:
    """Answers calls with the answers of the upstream. Safe for concurrent threads."""

    def __init__(
        self, upstream: UpstreamServer, placeholders: Placeholders, recorder: Recorder | None
    ) -> None:
        """`recorder` is None if nothing is written."""
        self._upstream = upstream
        self._placeholders = placeholders
        self._recorder = recorder

    def answer(self, call: ForwardedCall) -> Mapping[str, Any]:
        """Raises ApiError."""
        host = self._upstream.host
        try:
            answer = self._upstream.ask(call)
        except UpstreamError as error:
            self._count_failure()
            logger.error("no answer from %s: %s", host, error)
            raise NO_ANSWER.error(host=host, why=str(error)) from None
        if isinstance(answer, UpstreamRefusal) and _is_about_keys(answer.code):
            raise self._keys_refused(answer.code)
        message = ""
        if isinstance(answer, UpstreamRefusal):
            message = recordable_message(answer.message, call, self._placeholders)
        if self._recorder is not None:
            self._recorder.record(call, answer, message)
        if isinstance(answer, UpstreamRefusal):
            refusal = Refusal(answer.code, message, message, Evidence.OBSERVED)
            raise ForwardedError(refusal, answer.message)
        return answer

    def _count_failure(self) -> None:
        if self._recorder is not None:
            self._recorder.not_recorded += 1

    def _keys_refused(self, code: str) -> ApiError:
        self._count_failure()
        host, prefix = self._upstream.host, self._upstream.keys.prefix
        logger.error(
            "%s refused the key pair of %sSECRET_ID and %sSECRET_KEY, with %s: nothing is recorded",
            host,
            prefix,
            prefix,
            code,
        )
        return KEYS_REFUSED.error(host=host, code=code)


def _is_about_keys(code: str) -> bool:
    """Whether a refusal is about the key pair that the call was signed with: ours."""
    return code.partition(".")[0] in ("AuthFailure", "UnauthorizedOperation")
