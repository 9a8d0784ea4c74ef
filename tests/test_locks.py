"""requirements/: the locks are installed without resolving, so each must be complete for every
Python and system.

Requirements are read from the metadata of the packages in this environment. They are the same
everywhere; only their markers are evaluated for each Python and system. Nothing is resolved here.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from itertools import product
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ROOT / "requirements"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

PYTHONS = [
    each.rpartition(" ")[2]
    for each in PROJECT["project"]["classifiers"]
    if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", each)
]
SYSTEMS = {
    "linux": ("posix", "Linux", "x86_64"),
    "darwin": ("posix", "Darwin", "arm64"),
    "win32": ("nt", "Windows", "AMD64"),
}
LEAVES = {"colorama", "pywin32", "tzdata"}
"""Packages for Windows only, whose metadata is not here. They require nothing."""

PIN = re.compile(r"^([a-z0-9-]+)==([^\s;]+)(?: ; (.+?))? \\$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Pin:
    version: str
    marker: Marker | None

    def applies(self, environment: Mapping[str, str]) -> bool:
        return self.marker is None or self.marker.evaluate(dict(environment))


Lock = Mapping[str, Pin]


def locked(name: str) -> Lock:
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    return {
        package: Pin(version, Marker(marker) if marker else None)
        for package, version, marker in PIN.findall(text)
    }


def environment(python: str, system: str) -> dict[str, str]:
    os_name, platform_system, machine = SYSTEMS[system]
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "os_name": os_name,
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": platform_system,
        "platform_version": "",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": system,
    }


ENVIRONMENTS = [environment(python, system) for python, system in product(PYTHONS, SYSTEMS)]


@cache
def required_by(name: str) -> Sequence[Requirement]:
    if name in LEAVES:
        return ()
    return [Requirement(line) for line in metadata.requires(name) or ()]


def asked_for(
    requirements: Sequence[str], lock: Lock, where: Mapping[str, str]
) -> Iterator[Requirement]:
    """The requirements that apply there, and their own requirements, as far as they are in the
    lock."""
    waiting = [("", Requirement(line)) for line in requirements]
    seen = set()
    while waiting:
        extra, requirement = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({**where, "extra": extra}):
            continue
        yield requirement
        name = canonicalize_name(requirement.name)
        for more in ("", *requirement.extras):
            if (name, more) not in seen and name in lock:
                seen.add((name, more))
                waiting += [(more, each) for each in required_by(name)]


def missing(requirements: Sequence[str], lock: Lock) -> set[str]:
    """The missing requirements of a lock, in words."""
    return {
        f"{requirement} on Python {where['python_version']}, {where['sys_platform']}"
        for where in ENVIRONMENTS
        for requirement in asked_for(requirements, lock, where)
        if not (pin := lock.get(canonicalize_name(requirement.name)))
        or not pin.applies(where)
        or not requirement.specifier.contains(pin.version, prereleases=True)
    }


RUN = PROJECT["project"]["dependencies"]
BUILD = [
    *PROJECT["build-system"]["requires"],
    *(REQUIREMENTS / "build.in").read_text(encoding="utf-8").splitlines(),
]
REQUIRED = {
    "run": RUN,
    "build": BUILD,
    "dev": [*RUN, *BUILD, *PROJECT["project"]["optional-dependencies"]["dev"]],
}


def test_the_locks_are_for_each_python_that_is_supported() -> None:
    assert PYTHONS == ["3.11", "3.12", "3.13"]


@pytest.mark.parametrize("name", REQUIRED)
def test_a_lock_has_all_that_is_required_on_each_python_and_system(name: str) -> None:
    assert missing(REQUIRED[name], locked(name)) == set()


@pytest.mark.parametrize("name", REQUIRED)
def test_a_lock_has_nothing_else_so_an_entry_less_is_refused(name: str) -> None:
    lock = locked(name)

    assert lock.keys() == {
        canonicalize_name(requirement.name)
        for where in ENVIRONMENTS
        for requirement in asked_for(REQUIRED[name], lock, where)
    }


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("click", "click>=7.0"), ("tzdata", 'tzdata; platform_system == "Windows"')],
)
def test_a_lock_without_an_entry_is_refused_where_that_is_required(name: str, wanted: str) -> None:
    lock = {package: pin for package, pin in locked("run").items() if package != name}
    systems = ["win32"] if name == "tzdata" else list(SYSTEMS)

    assert missing(RUN, lock) == {
        f"{wanted} on Python {python}, {system}" for python, system in product(PYTHONS, systems)
    }


@pytest.mark.parametrize(
    "pin",
    [
        pytest.param(Pin("6.9", None), id="too-old"),
        pytest.param(Pin("8.5.1", Marker("python_version < '3.13'")), id="not-for-this-python"),
    ],
)
def test_an_entry_that_does_not_serve_is_refused(pin: Pin) -> None:
    assert "click>=7.0 on Python 3.13, linux" in missing(RUN, {**locked("run"), "click": pin})


def test_the_metadata_here_is_that_of_the_locked_versions() -> None:
    """If this fails, run scripts/install."""
    lock = {package: pin for package, pin in locked("dev").items() if package not in LEAVES}

    assert {package: metadata.version(package) for package in lock} == {
        package: pin.version for package, pin in lock.items()
    }


def test_what_serving_and_building_need_is_locked_alike_for_developing() -> None:
    dev = locked("dev")

    for name in ("run", "build"):
        assert {package: dev[package].version for package in locked(name)} == {
            package: pin.version for package, pin in locked(name).items()
        }


@pytest.mark.parametrize("file", sorted(REQUIREMENTS.glob("*.txt")), ids=lambda each: each.stem)
def test_a_lock_is_pins_with_hashes_and_names_no_registry(file: Path) -> None:
    text = re.sub(r"^ *#.*\n", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)

    pinned = re.sub(PIN, "PIN", text)
    assert re.fullmatch(
        r"(PIN\n(    --hash=sha256:[0-9a-f]{64} \\\n)*    --hash=\S{71}\n)+", pinned
    )
