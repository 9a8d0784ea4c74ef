"""Business errors: how an action declares its own, and those that every OCR action has."""

from collections.abc import Mapping

from mockocr.protocol.errors import Evidence, Refusal


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
