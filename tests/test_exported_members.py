"""The names that `import mockocr` gives, and its cost."""

import subprocess
import sys

import pytest

import mockocr


def test_the_public_names() -> None:
    assert mockocr.__all__ == [
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
    assert dir(mockocr) == mockocr.__all__
    assert all(getattr(mockocr, name) for name in mockocr.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'mockocr' has no attribute 'MockOcr'"):
        mockocr.MockOcr  # noqa: B018 - that it cannot be had


def imported_by(statement: str, after: str = "") -> set[str]:
    """The modules that a new interpreter imports for a statement, without the standard library."""
    code = (
        f"import sys\n{after}\nbefore = set(sys.modules)\n{statement}\n"
        "print(*(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = done.stdout.split()
    return {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}


def test_importing_mockocr_imports_nothing_else() -> None:
    assert imported_by("import mockocr") == {"mockocr"}


def test_loading_the_plugin_imports_nothing_but_the_version() -> None:
    loaded = imported_by("import mockocr.pytest_plugin", after="import pytest")

    assert loaded == {"mockocr", "mockocr.pytest_plugin", "mockocr.version"}
