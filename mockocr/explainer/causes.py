"""Causes of refused signatures, each with a hint in English and Chinese."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mockocr.explainer.mistake import Phrase
from mockocr.explainer.right import CODE
from mockocr.explainer.words import WORDS
from mockocr.protocol.reasons import PAGES, OwnLanguage

NAMES = tuple(WORDS)

NEED_NO_BODY = frozenset(
    {
        "clock_skew",
        "date_differs_from_timestamp",
        "date_not_utc",
        "malformed_authorization",
        "missing_signed_header",
        "scope_terminator",
        "token_missing_or_wrong",
        "unknown_secret_id",
        "wrong_service",
    }
)
"""Causes that can be found in a request without its body."""

_BY_A_PROXY = {
    "body_changed_after_signing",
    "body_reserialized",
    "body_encoding",
    "content_type_differs",
    "content_type_charset",
    "host_differs",
    "query_not_as_sent",
    "query_sorted",
}
"""Causes that official SDKs never have: a proxy or wrapper changes the call."""

_CREDENTIALS = {
    "SDK_PYTHON": "credential.Credential(SecretId, SecretKey)",
    "SDK_NODEJS": "credential: {secretId, secretKey}",
    "SDK_GO": "common.NewCredential(SecretId, SecretKey)",
    "SDK_JAVA": "new Credential(SecretId, SecretKey)",
    "SDK_PHP": "new Credential(SecretId, SecretKey)",
    "SDK_CPP": "Credential(SecretId, SecretKey)",
    "SDK_NET": "new Credential { SecretId, SecretKey }",
}
"""How each official SDK takes SecretId and SecretKey, by the beginning of X-TC-RequestClient."""

_OF_THE_PAIR = {
    "unknown_secret_id",
    "wrong_secret_key",
    "key_of_another_account",
    "secret_has_whitespace",
    "secret_key_missing",
    "secret_id_and_key_swapped",
}


@dataclass(frozen=True, slots=True)
class Detail:
    """A mistake as it is shown: the step, what is right, and what was used."""

    cause: str
    step: str
    phrase: Phrase
    expected: str = ""
    found: str = ""
    line: int | None = None
    """The number of the line in the canonical request or the string to sign, from 1."""
    legacy: bool = False

    def to_dict(self) -> dict[str, str | int | None]:
        code = CODE["legacy" if self.legacy else self.step]
        return {
            "cause": self.cause,
            "step": self.step,
            "line": self.line,
            "expected": self.expected,
            "found": self.found,
            "python": code.python,
            "node": code.node,
        }


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a call was refused."""

    name: str
    proven: bool
    """Whether the request shows it directly, or it reproduces the signature that was sent."""
    phrase: Phrase = ("", "")
    """The part of the hint that is about this call."""
    client: str = ""
    """X-TC-RequestClient, which names the SDK."""
    details: tuple[Detail, ...] = ()
    """The mistakes that reproduce the signature, in the order of the steps."""
    canonical_requests: tuple[str, str] | None = field(default=None, compare=False)
    """The right one, and that of the client; masked. None if they are not known."""
    strings_to_sign: tuple[str, str] | None = field(default=None, compare=False)

    @property
    def characters(self) -> int:
        """The length of all texts that are about this call."""
        texts = [*self.phrase, self.client]
        for detail in self.details:
            texts += [*detail.phrase, detail.expected, detail.found]
        for pair in (self.canonical_requests, self.strings_to_sign):
            texts += pair or ()
        return sum(map(len, texts))

    @property
    def hint(self) -> Mapping[OwnLanguage, str] | None:
        """What to change, by language. None until the cause is found."""
        if self.name not in WORDS:
            return None
        more = [
            each for each in self.details if (each.cause, each.phrase) != (self.name, self.phrase)
        ]
        parts = [(self.name, self.phrase), *((each.cause, each.phrase) for each in more)]
        en = " Also: ".join(WORDS[name][0].format(detail=phrase[0]) for name, phrase in parts)
        zh = "此外：".join(WORDS[name][1].format(detail=phrase[1]) for name, phrase in parts)
        sdk = next((name for name in _CREDENTIALS if self.client.startswith(name)), None)
        if sdk and self.name in _OF_THE_PAIR:
            en += f" This client takes the pair as {_CREDENTIALS[sdk]}."
            zh += f"该 SDK 的密钥参数：{_CREDENTIALS[sdk]}。"
        elif sdk and self.name in _BY_A_PROXY:
            en += " The official SDK does not do this itself: look for a proxy or wrapper."
            zh += "官方 SDK 自身不会这样做：请检查中间的代理或封装。"
        return {
            "en": f"{en} See {PAGES['en']}#{self.name}",
            "zh": f"{zh}参见 {PAGES['zh']}#{self.name}",
        }
