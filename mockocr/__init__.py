"""mockocr: a local test double of Tencent Cloud's IDCardOCR.

Names are imported when they are first used: `import mockocr` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockocr.actions.keywords import CardFields
    from mockocr.client.client import NoServerError
    from mockocr.people.provider import IdCardProvider
    from mockocr.server.app import create_app
    from mockocr.server.port_file import PortFileError
    from mockocr.server.ports import ListenError
    from mockocr.settings import SettingError, Settings
    from mockocr.testing.account import Account, RunningServer
    from mockocr.testing.bugs import BugError
    from mockocr.testing.calls import Call
    from mockocr.testing.errors import RealHostError, RefusedError, UsageError
    from mockocr.testing.keywords import Outcome, When
    from mockocr.testing.rules import Rule
    from mockocr.testing.starting import MockOCR
    from mockocr.tls.errors import CertificateError
    from mockocr.version import __version__

__all__ = [
    "Account",
    "BugError",
    "Call",
    "CardFields",
    "CertificateError",
    "IdCardProvider",
    "ListenError",
    "MockOCR",
    "NoServerError",
    "Outcome",
    "PortFileError",
    "RealHostError",
    "RefusedError",
    "Rule",
    "RunningServer",
    "SettingError",
    "Settings",
    "UsageError",
    "When",
    "__version__",
    "create_app",
]

_HOMES = {
    "Account": "testing.account",
    "BugError": "testing.bugs",
    "Call": "testing.calls",
    "CardFields": "actions.keywords",
    "CertificateError": "tls.errors",
    "IdCardProvider": "people.provider",
    "ListenError": "server.ports",
    "MockOCR": "testing.starting",
    "NoServerError": "client.client",
    "Outcome": "testing.keywords",
    "PortFileError": "server.port_file",
    "RealHostError": "testing.errors",
    "RefusedError": "testing.errors",
    "Rule": "testing.rules",
    "RunningServer": "testing.account",
    "SettingError": "settings",
    "Settings": "settings",
    "UsageError": "testing.errors",
    "When": "testing.keywords",
    "__version__": "version",
    "create_app": "server.app",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{_instead(name)}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def _instead(name: str) -> str:
    if name.startswith("_"):
        return ""
    if name in dir(__getattr__("Account")):
        return "; an account has it: the fixture mockocr, or `with mockocr.MockOCR() as ocr`"
    from mockocr.suggestions import closest

    similar = closest(name, __all__)
    return f"; did you mean {similar!r}?" if similar else ""


def __dir__() -> list[str]:
    return __all__
