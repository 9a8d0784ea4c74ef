"""mockocr: a local test double of Tencent Cloud's IDCardOCR.

Names are imported when they are first used: `import mockocr` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockocr.people.provider import IdCardProvider
    from mockocr.server.app import create_app
    from mockocr.settings import Settings
    from mockocr.testing.account import Account, RunningServer
    from mockocr.testing.calls import Call
    from mockocr.testing.starting import MockOCR
    from mockocr.version import __version__

__all__ = [
    "Account",
    "Call",
    "IdCardProvider",
    "MockOCR",
    "RunningServer",
    "Settings",
    "__version__",
    "create_app",
]

_HOMES = {
    "Account": "testing.account",
    "Call": "testing.calls",
    "IdCardProvider": "people.provider",
    "MockOCR": "testing.starting",
    "RunningServer": "testing.account",
    "Settings": "settings",
    "__version__": "version",
    "create_app": "server.app",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
