"""The image, as people run it."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from tencentcloud.common.exception import TencentCloudSDKException

from mockocr.version import __version__
from tests.containers.conftest import IMAGE, Started, call, docker, inspected, open_up

MOST_BYTES_ADDED = 110_000_000

LOCKED_UP = ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges")

NOT_COMPILED = """
import os, sys
from mockocr.cli import serve
from mockocr.people import names
from mockocr.scenario import files
from mockocr.admin import rest
print([it for it in list(sys.modules.values())
       if getattr(it, "__cached__", None) and not os.path.exists(it.__cached__)])
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    open_up(tmp_path)
    return tmp_path


@pytest.fixture
def volume() -> Iterator[str]:
    """Request this fixture before `started`: the volume is removed after the containers that use
    it."""
    name = docker("volume", "create").strip()
    yield name
    docker("volume", "rm", name)


def run(*arguments: str) -> str:
    """Runs Python in a new container."""
    return docker("run", "--rm", "--entrypoint", "python", IMAGE, *arguments)


def test_the_image_adds_little_to_its_base() -> None:
    base = inspected(os.environ["PYTHON_IMAGE"])["Size"]

    assert inspected(IMAGE)["Size"] - base <= MOST_BYTES_ADDED


def test_the_user_of_the_image_is_a_number_and_not_root() -> None:
    user = inspected(IMAGE)["Config"]["User"]

    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)


def test_the_labels_of_the_image_describe_it() -> None:
    labels = inspected(IMAGE)["Config"]["Labels"]

    assert labels["org.opencontainers.image.title"] == "mockocr"
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"
    assert labels["org.opencontainers.image.version"] in (__version__, "unreleased")
    assert labels["org.opencontainers.image.revision"]


def test_the_sbom_of_the_image_lists_what_is_installed() -> None:
    listing = "import importlib.metadata as m; print(open('/opt/mockocr/sbom.cdx.json').read());"
    listing += "print('---', *sorted(f'{it.name}@{it.version}' for it in m.distributions()))"
    text, _, installed = run("-c", listing).partition("--- ")
    components = json.loads(text)["components"]

    listed = {f"{it['name']}@{it['version']}" for it in components}
    pairs = [it.split("@") for it in installed.split()]
    assert listed == {f"{re.sub(r'[-_.]+', '-', name).lower()}@{it}" for name, it in pairs}
    assert all(it["hashes"][0]["alg"] == "SHA-256" for it in components)


def test_mount_points_of_the_image_are_empty() -> None:
    assert inspected(IMAGE)["Config"]["Volumes"].keys() == {"/scenarios", "/pictures", "/state"}
    listing = "import pathlib; print([*map(list, map(pathlib.Path.iterdir, map(pathlib.Path, "
    listing += "('/scenarios', '/pictures', '/state'))))])"
    assert run("-c", listing).strip() == "[[], [], []]"


def test_every_imported_module_of_the_image_is_compiled() -> None:
    assert run("-c", NOT_COMPILED).strip() == "[]"


def test_the_image_runs_with_a_read_only_root_and_no_privileges(
    started: Started, tmp_path: Path
) -> None:
    container = started(*LOCKED_UP)
    ca = tmp_path / "ca.pem"
    ca.write_text(container.ca())

    over_http = call(container.endpoint)
    over_https = call(container.https_endpoint, ca=ca)

    assert over_http.Name
    assert over_http.Name == over_https.Name
    assert "Traceback" not in container.log()


@pytest.mark.parametrize(
    ("options", "stored"),
    [
        (("--user=12345",), True),
        (("--user=12345:12345",), False),
    ],
)
def test_the_image_serves_https_as_any_user(
    started: Started, tmp_path: Path, options: tuple[str, ...], stored: bool
) -> None:
    container = started(*LOCKED_UP, *options)
    ca = tmp_path / "ca.pem"
    with urlopen(f"http://{container.endpoint}/__admin/ca.pem") as answer:
        ca.write_bytes(answer.read())

    assert call(container.https_endpoint, ca=ca).Name
    assert ("the CA is stored in memory only" in container.log()) is not stored


def test_a_certificate_comes_from_variables(started: Started, folder: Path) -> None:
    folder.chmod(0o777)
    state = ("--env=MOCKOCR_STATE_DIR=/out", f"--volume={folder}:/out")
    name = started(*state).name
    docker("stop", name)
    (folder / "ca").chmod(0o755)
    # The longer certificate covers addresses too.
    own = max((each.read_text() for each in (folder / "ca").glob("server-*.pem")), key=len)

    container = started(f"--env=MOCKOCR_TLS_CERT={own}", f"--env=MOCKOCR_TLS_KEY={own}")

    assert call(container.https_endpoint, ca=folder / "ca/ca.pem").Name
    assert own.splitlines()[-2] not in container.log()


def test_a_picture_is_written_to_stdout() -> None:
    command = ["docker", "run", "--rm", IMAGE, "card", "-o", "-"]
    drawn = subprocess.run(command, capture_output=True, check=True, timeout=60)

    assert drawn.stdout.startswith(b"\x89PNG")
    assert drawn.stderr.startswith(b"-: ")


def test_sigterm_stops_the_image_with_the_exit_code_of_the_signal(started: Started) -> None:
    """It does not end by SIGKILL (137) after docker's timeout."""
    container = started()
    docker("stop", container.name)

    assert inspected(container.name)["State"]["ExitCode"] == 143


def test_files_mounted_in_scenarios_are_played(started: Started, folder: Path) -> None:
    rule = "{name: a, then: {error: FailedOperation.ImageBlur}}"
    (folder / "blurred.yaml").write_text(f"name: blurred\nrules: [{rule}]\n")
    container = started(f"--volume={folder}:/scenarios:ro")

    with pytest.raises(TencentCloudSDKException) as refused:
        call(container.endpoint)

    assert refused.value.code == "FailedOperation.ImageBlur"


def test_files_mounted_in_pictures_are_served_for_urls(started: Started, folder: Path) -> None:
    folder.chmod(0o777)
    mounted = f"--volume={folder}:/pictures"
    drawn = ("card", "--field", "Name=李明", "-o", "/pictures/li-ming.png")
    docker("run", "--rm", mounted, IMAGE, *drawn)
    container = started(mounted)

    assert call(container.endpoint, "https://cdn.example.com/li-ming.png").Name == "李明"


def test_the_next_container_uses_the_ca_of_the_volume(volume: str, started: Started) -> None:
    first = started(f"--volume={volume}:/state")
    text = first.ca()
    docker("stop", first.name)

    assert started(f"--volume={volume}:/state").ca() == text


def test_other_users_can_read_the_ca_of_a_volume_but_not_its_key(
    volume: str, started: Started
) -> None:
    text = started(f"--volume={volume}:/state").ca()
    looking = "import os; from pathlib import Path; print(Path('/state/ca/ca.pem').read_text(),"
    looking += " os.access('/state/ca/ca-key.pem', os.R_OK))"
    stranger = ("--user=1000:1000", f"--volume={volume}:/state:ro", "--entrypoint=python")

    assert docker("run", "--rm", *stranger, IMAGE, "-c", looking) == f"{text} False\n"


def test_the_health_check_uses_the_port_of_the_variables(started: Started) -> None:
    container = started("--env=MOCKOCR_PORT=80", "--env=MOCKOCR_TLS_PORT=443")

    asked = docker("exec", container.name, "mockocr", "health")
    assert asked == "http://127.0.0.1:80 is healthy\n"
