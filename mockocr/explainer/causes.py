"""The causes by name, with what they say in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from mockocr.explainer.mistake import Said
from mockocr.explainer.right import CODE
from mockocr.explainer.words import WORDS

NAMES = tuple(WORDS)

PAGES = {"en": "docs/troubleshooting.md", "zh": "docs/troubleshooting.zh-CN.md"}

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
"""What the official SDKs do not get wrong themselves."""

_CREDENTIALS = {
    "SDK_PYTHON": "credential.Credential(SecretId, SecretKey)",
    "SDK_NODEJS": "credential: {secretId, secretKey}",
    "SDK_GO": "common.NewCredential(SecretId, SecretKey)",
    "SDK_JAVA": "new Credential(SecretId, SecretKey)",
    "SDK_PHP": "new Credential(SecretId, SecretKey)",
    "SDK_CPP": "Credential(SecretId, SecretKey)",
    "SDK_NET": "new Credential { SecretId, SecretKey }",
}
"""Where each official SDK takes the pair, by the first words of X-TC-RequestClient."""

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
    """One mistake as it is shown: in which step, what is right, and what was used."""

    cause: str
    step: str
    said: Said
    expected: str = ""
    found: str = ""
    line: int | None = None
    """Of the canonical request or the string to sign, from 1."""
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
    """Whether it is read off the request, or reproduces the signature that was sent."""
    said: Said = ("", "")
    """What the hint says of this call."""
    client: str = ""
    """X-TC-RequestClient: which SDK made the call."""
    details: tuple[Detail, ...] = ()
    """Of a signature that was reproduced: each mistake, in the order of the steps."""

    @property
    def hint(self) -> Mapping[str, str] | None:
        """What to change, by language; None while the cause is searched."""
        if self.name not in WORDS:
            return None
        more = [it for it in self.details if (it.cause, it.said) != (self.name, self.said)]
        parts = [(self.name, self.said), *((it.cause, it.said) for it in more)]
        en = " Besides: ".join(WORDS[name][0].format(detail=said[0]) for name, said in parts)
        zh = "此外：".join(WORDS[name][1].format(detail=said[1]) for name, said in parts)
        sdk = next((name for name in _CREDENTIALS if self.client.startswith(name)), None)
        if sdk and self.name in _OF_THE_PAIR:
            en += f" This client takes the pair as {_CREDENTIALS[sdk]}."
            zh += f"该 SDK 的密钥参数：{_CREDENTIALS[sdk]}。"
        elif sdk and self.name in _BY_A_PROXY:
            en += " The official SDK does not do this itself: look for a proxy or wrapper between."
            zh += "官方 SDK 自身不会这样做：请检查中间的代理或封装。"
        return {
            "en": f"{en} See {PAGES['en']}#{self.name}",
            "zh": f"{zh}参见 {PAGES['zh']}#{self.name}",
        }
