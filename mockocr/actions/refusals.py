"""Business errors: how an action declares its own, and those that every OCR action has."""

from collections.abc import Mapping

from mockocr.protocol.errors import Evidence, Refusal
from mockocr.protocol.reasons import Hint


def business_refusals(
    messages: Mapping[str, tuple[str, str]], observed: Mapping[str, str] | None = None
) -> dict[str, Refusal]:
    """Refusals by code, from the messages (Chinese, English) on an action's API page.

    `observed` has Chinese messages of real replies; they replace those of the page. Replies are
    Chinese unless the client asks for English (docs/fidelity.md#language-business).
    """
    observed = observed or {}
    return {
        code: Refusal(
            code,
            en,
            observed.get(code, zh),
            Evidence.OBSERVED if code in observed else Evidence.DOCUMENTED,
            spoken="zh-CN",
        )
        for code, (zh, en) in messages.items()
    }


UNOPENED = "FailedOperation.UnOpenError"
IN_ARREARS = "ResourceUnavailable.InArrears"
PACKAGE_RUN_OUT = "ResourceUnavailable.ResourcePackageRunOut"
CHARGE_EXCEPTION = "ResourcesSoldOut.ChargeStatusException"

ACCOUNT_REFUSALS: Mapping[str, Refusal] = business_refusals(
    {
        UNOPENED: ("服务未开通。", "The service is not activated."),
        IN_ARREARS: ("帐号已欠费。", "The account is in arrears."),
        PACKAGE_RUN_OUT: ("账号资源包耗尽。", "The account resource package is exhausted."),
        CHARGE_EXCEPTION: ("计费状态异常。", "Exceptional billing status."),
    }
)
"""The state of an account and its package. The refusals of every action include these."""

STATE = Hint(
    "The account, or a scenario (`account: {{state: ...}}`), sets this state. Change it with PATCH"
    " /__admin/accounts/NAME, or in the keys file.",
    "该状态由账号或场景（`account: {{state: ...}}`）设置。"
    "请用 PATCH /__admin/accounts/NAME 或在密钥文件中修改。",
)
PACKAGE = Hint(
    "The account, or a scenario (`account: {{package: ...}}`), sets the calls of the package. POST"
    " /__admin/reset refills it.",
    "资源包的次数由账号或场景（`account: {{package: ...}}`）设置。POST /__admin/reset 可恢复。",
)
