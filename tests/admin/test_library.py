"""The scenarios that can be played by name, and the index of the admin API."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from mockocr.scenario.library import SHIPPED

if TYPE_CHECKING:
    from tests.admin.conftest import AdminOf
    from tests.conftest import Running, Serve


def test_the_library_lists_and_shows_files_without_secrets(
    serve: "Serve", admin_of: "AdminOf", tmp_path: Path
) -> None:
    (tmp_path / "token.yaml").write_text(
        "name: by token\nrules: [{when: {header: {X-TC-Token: planted}}, then: {http: 502}}]\n"
    )
    (tmp_path / "broken.yaml").write_text("name: broken\nrules: [{eror: 1}]\n")
    admin = admin_of(serve(library=tmp_path))

    every = admin.get("/library").json()["scenarios"]
    assert {each["name"] for each in every} == {
        "token",
        *(path.stem for path in SHIPPED.glob("*.yaml")),
    }
    (found,) = admin.get("/library", params={"search": "X-TC-TOKEN 502"}).json()["scenarios"]
    file = str(tmp_path / "token.yaml")
    assert found == {"name": "token", "scenario": "by token", "description": "", "file": file}

    shown = admin.get("/library/by token")
    assert shown.json()["name"] == "by token"
    assert "planted" not in shown.text
    broken = admin.get("/library/broken")
    assert broken.status_code == 422
    assert f"{tmp_path / 'broken.yaml'}:2:10: unknown key 'eror'" in broken.json()["error"]
    absent = admin.get("/library/tokn")
    assert (absent.status_code, absent.json()["error"]) == (
        404,
        "unknown scenario 'tokn'; did you mean 'token'?",
    )
    shutil.rmtree(tmp_path)
    assert [admin.get(path).status_code for path in ("/library", "/library/token")] == [422, 422]


def test_the_root_lists_every_route(server: "Running", admin_of: "AdminOf") -> None:
    admin = admin_of(server)
    routes = admin.get("/").json()["routes"]
    paths = admin.get("/openapi.json").json()["paths"]

    documented = {
        (method.upper(), f"/__admin{path}", operation["summary"])
        for path, operations in paths.items()
        for method, operation in operations.items()
    }
    listed = {(each["method"], each["path"], each["summary"]) for each in routes}
    assert listed == documented
    assert ("GET", "/__admin/", "List the routes of the admin API") in listed
