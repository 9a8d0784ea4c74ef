"""The console in Chromium."""

import gzip
import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import httpx
import pytest

from mockocr.console.files import FOLDER
from tests.console.calling import call
from tests.console.conftest import AXE, NARROW, WIDE

if TYPE_CHECKING:
    from tests.conftest import Running, Serve, Signed
    from tests.console.conftest import OpenConsole

TABS = ("calls", "signature", "try", "scenarios", "cards", "accounts", "coverage")
PARTS = {
    "calls": "a.row",
    "signature": ".signature-form",
    "try": ".try-form form",
    "scenarios": ".entry",
    "scenarios/arrears?source=ready-made": ".findings .outcome",
    "cards": ".gallery a",
    "cards/draw": ".big-card img",
    "accounts": ".entry",
    "accounts/default": ".detail-body form",
    "coverage": ".coverage a",
}
"""A part of each view that is there when its data are."""
KEY = "a-key-that-must-not-be-shown"
MAX_FIRST_VIEW_BYTES = 65 * 1024
MAX_BYTES = 200 * 1024


Scheme = Literal["light", "dark"]
RULES: dict[str, dict[Scheme, list[str] | None]] = {
    "en": {"light": None, "dark": ["color-contrast"]},
    "zh": {"light": ["cat.name-role-value", "cat.language", "cat.forms"]},
}
"""The rules of axe, or their tags, by language and colour scheme; None: all. Colours are the same
in both languages, and only colours differ between the schemes."""
SERIOUS_VIOLATIONS = """
(rules) => axe.run({ resultTypes: ["violations"], ...(rules && { runOnly: rules }) }).then(
  ({ violations }) => violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ target }) => String(target))]))
"""


def with_language(place: str, language: str) -> str:
    return f"#/{place}{'&' if '?' in place else '?'}lang={language}"


def gz_bytes(path: str) -> int:
    """The compressed size of a file of the console."""
    return len(gzip.compress((FOLDER / path).read_bytes()))


def loaded(console: object) -> set[str]:
    """The files of the console that a page has loaded."""
    names = console.page.evaluate(  # type: ignore[attr-defined]
        "performance.getEntriesByType('resource').map((entry) => entry.name)"
    )
    paths = {urlsplit(name).path.partition("/console/")[2] for name in names}
    return {"index.html"} | {path for path in paths if (FOLDER / path).is_file() and path}


def test_the_page_is_small(server: "Running", open_console: "OpenConsole") -> None:
    console = open_console(server)
    console.page.get_by_text(re.compile("^Live$")).wait_for()

    first = loaded(console)
    assert sum(map(gz_bytes, first)) <= MAX_FIRST_VIEW_BYTES
    # Without a list of all modules, the browser finds one after the other.
    modules = {name for name in first if name.endswith(".js")} - {"main.js", "words/en.js"}
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    assert modules - {"words/en_tools.js"} == set(re.findall('"modulepreload" href="(.*?)"', page))

    for tab in TABS[1:]:
        console.page.get_by_role("navigation").locator(f"a[href^='#/{tab}']").click()
        console.page.locator(f"main.view-{tab} > *").first.wait_for()
    console.page.evaluate("location.hash = '#/scenarios/new%20scenario'")
    console.page.locator(".cm-content").wait_for()

    assert sum(map(gz_bytes, loaded(console))) <= MAX_BYTES


def test_a_call_appears_and_its_cause_is_in_the_row(
    serve: "Serve", signed: "Signed", open_console: "OpenConsole"
) -> None:
    server = serve(keys=(("AKIDMOCKOCR", KEY),))
    console = open_console(server)
    console.page.get_by_text("No calls yet").wait_for()

    request_id = call(server, signed, f"{KEY}\n")

    row = console.row("secret_has_whitespace")
    row.wait_for()
    assert "AuthFailure.SignatureFailure" in row.inner_text()
    row.click()
    console.page.get_by_text("Canonical request").first.wait_for()
    assert request_id in console.page.locator(".request-id").inner_text()
    assert "Strip the key where you read it" in console.page.locator(".why").inner_text()
    assert [bool(text) for text in console.page.locator(".compared dd").all_inner_texts()] == [
        True
    ] * 2
    assert KEY not in console.page.content()


def test_the_keyboard_is_enough(
    serve: "Serve", signed: "Signed", open_console: "OpenConsole"
) -> None:
    server = serve()
    sides = ["FRONT", "BACK", "SIDE"]
    ids = {side: call(server, signed, CardSide=side) for side in sides}
    console = open_console(server)
    page = console.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    console.row("SIDE").wait_for()

    page.keyboard.press("/")
    page.keyboard.type("default")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    focused = "document.activeElement.dataset.id"
    page.wait_for_function(f"() => {focused} === '{ids['BACK']}'")
    page.keyboard.press("Enter")
    page.locator(".request-id", has_text=ids["BACK"]).wait_for()
    page.get_by_role("button", name="Copy as curl").wait_for()
    page.keyboard.press("c")
    page.get_by_text("Copied as curl").first.wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("article").wait_for(state="detached")

    assert page.evaluate(focused) == ids["BACK"]
    assert "curl -sS" in page.evaluate("navigator.clipboard.readText()")
    assert "q=default" in page.url
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    assert page.evaluate(focused) == ids["BACK"]


def test_a_link_opens_a_call_and_its_language(
    server: "Running", signed: "Signed", open_console: "OpenConsole"
) -> None:
    request_id = call(server, signed, CardSide="SIDE")

    console = open_console(server, f"#/calls/{request_id}?lang=zh")

    console.page.get_by_text("CardSide 区分大小写").first.wait_for()
    assert console.page.locator("html").get_attribute("lang") == "zh-CN"
    assert console.page.title() == "调用 · mockocr"


def test_filters_and_groups_are_in_the_address(
    serve: "Serve", signed: "Signed", open_console: "OpenConsole"
) -> None:
    server = serve()
    for side in ("SIDE", "SIDE", "FRONT"):
        call(server, signed, CardSide=side)

    console = open_console(server, "#/calls?view=groups")

    group = console.page.locator(".groups a")
    group.wait_for()
    assert re.match(r"2\s+InvalidParameterValue", group.inner_text())
    group.click()
    console.page.locator("a.row").first.wait_for()
    assert console.page.locator("a.row").count() == 2
    assert "outcome=InvalidParameterValue" in console.page.url


def test_a_text_with_a_request_id_opens_its_call(
    server: "Running", signed: "Signed", open_console: "OpenConsole"
) -> None:
    request_id = call(server, signed, CardSide="SIDE")
    console = open_console(server)
    console.page.keyboard.press("p")
    console.page.get_by_role("textbox", name="Explain pasted text").fill(
        f"[TencentCloudSDKException] code:X message:Y requestId:{request_id}"
    )
    console.page.get_by_role("button", name="Explain", exact=True).click()

    console.page.locator(".request-id", has_text=request_id).wait_for()


def test_an_exported_call_opens_in_the_page(
    server: "Running", signed: "Signed", open_console: "OpenConsole"
) -> None:
    request_id = call(server, signed, CardSide="SIDE")
    console = open_console(server, f"#/calls/{request_id}")
    with console.page.expect_download() as download:
        console.page.get_by_role("button", name="Export").click()
    file = download.value.path()

    console.open()
    console.page.get_by_role("button", name="Explain text").click()
    console.page.locator("dialog input[type=file]").set_input_files(file)

    console.page.get_by_text("This call was opened from a file.").wait_for()
    assert request_id in console.page.locator(".request-id").inner_text()


def test_the_editor_shows_and_completes_what_the_server_knows(
    serve: "Serve", signed: "Signed", open_console: "OpenConsole"
) -> None:
    server = serve()
    console = open_console(server, "#/scenarios/new%20scenario")
    page = console.page
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("name: s\nrules:\n  - then: {error: FailedOperation.ImageBlurr}")
    finding = page.locator(".findings li.error")
    finding.wait_for()
    assert re.search(r"3:19\s.*did you mean 'FailedOperation.ImageBlur'", finding.inner_text())
    page.locator(".mark-error").wait_for()

    with page.expect_event("dialog"):
        page.get_by_role("navigation").get_by_text("Calls").click()
    page.wait_for_function("() => location.hash.startsWith('#/scenarios')")

    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type("name: s  # mine\nrules:\n  - then:\n    error: FailedOperation.ImageBlu")
    page.keyboard.press("Control+Space")
    page.locator(".cm-tooltip-autocomplete li", has_text="FailedOperation.ImageBlur").click()
    page.get_by_text("Valid. Rules: 1").wait_for()
    page.get_by_role("button", name="Activate").click()
    page.locator(".entry[aria-current]", has_text="s").wait_for()

    request_id = call(server, signed)
    explained = httpx.get(f"{server.url}/__admin/requests/{request_id}", trust_env=False).json()
    assert explained["outcome"] == "FailedOperation.ImageBlur"
    console.open("#/scenarios/s")
    page.locator(".cm-line", has_text="name: s  # mine").wait_for()


def test_a_specimen_is_sent_and_its_reflections_are_drawn(
    serve: "Serve", open_console: "OpenConsole"
) -> None:
    console = open_console(serve(), "#/cards/warning-reflection")
    page = console.page
    page.get_by_role("button", name="Send in Try").click()
    page.locator(".drop img").wait_for()
    assert page.get_by_role("checkbox", name="ReflectWarn").is_checked()

    page.get_by_role("button", name="Send", exact=True).click()

    page.get_by_text("-9107").first.wait_for()
    page.locator(".result-picture .region").first.wait_for()


def test_a_new_account_shows_its_key_once(serve: "Serve", open_console: "OpenConsole") -> None:
    console = open_console(serve(), "#/accounts")
    page = console.page
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Name").fill("team·a")
    page.get_by_role("button", name="Create", exact=True).click()
    secret = page.locator("dialog .secrets code").nth(1).inner_text()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("heading", name="team·a").wait_for()

    assert secret not in page.content()


def test_coverage_follows_the_calls_and_leads_to_scenarios(
    serve: "Serve", signed: "Signed", open_console: "OpenConsole"
) -> None:
    server = serve()
    console = open_console(server, "#/coverage")
    page = console.page
    row = page.locator(".coverage tr", has_text="side:BACK")
    page.get_by_text("No calls yet").wait_for()
    row.locator(".outcome.refused").wait_for()

    call(server, signed, CardSide="BACK")

    row.locator(".outcome.ok").wait_for()
    assert row.inner_text().split() == ["seen", "side:BACK", "1", "default"]
    page.get_by_label("State").select_option("unseen")
    page.wait_for_url("**/#/coverage?show=unseen")
    assert row.count() == 0
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "error-card-side-error"
    page.keyboard.press("Enter")
    page.wait_for_url("**/#/scenarios/error-card-side-error?source=ready-made")
    console.open("#/coverage?lang=zh&account=default")
    page.get_by_text("已覆盖", exact=True).first.wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="重新统计").click()
    row.locator(".outcome.refused").wait_for()


@pytest.mark.parametrize("viewport", [WIDE, NARROW])
def test_no_tab_has_a_serious_accessibility_violation(
    server: "Running", signed: "Signed", open_console: "OpenConsole", viewport: dict[str, int]
) -> None:
    request_id = call(server, signed, CardSide="SIDE")
    # Colours that change slowly would be compared half way.
    page = open_console(server, viewport=viewport, reduced_motion="reduce").page
    # The page's policy allows no script element, so the script is run by the browser itself.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for place, part in {f"calls/{request_id}": ".why", **PARTS}.items():
        for language in RULES:
            page.evaluate("(hash) => (location.hash = hash)", with_language(place, language))
            page.locator(f"html[lang^={language}] {part}").first.wait_for()
            for scheme, rules in RULES[language].items():
                page.emulate_media(color_scheme=scheme)
                where = (place, language, scheme)
                found += [(*where, *each) for each in page.evaluate(SERIOUS_VIOLATIONS, rules)]
            width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [(place, language, "scrolls sideways", width)] if width > 0 else []

    assert found == []


def test_both_languages_have_the_same_words() -> None:
    def keys(name: str) -> list[str]:
        text = (FOLDER / "words" / name).read_text(encoding="utf-8")
        return re.findall(r"^  (\w+):", text, re.MULTILINE)

    for part in ("", "_tools"):
        assert keys(f"en{part}.js") == keys(f"zh{part}.js")
    assert len(set(keys("en.js") + keys("en_tools.js"))) > 200


def test_the_vendored_modules_are_those_of_the_list() -> None:
    from hashlib import sha256

    folder = FOLDER / "vendor"
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split() for line in lines)}

    assert listed == {
        file.name: sha256(file.read_bytes()).hexdigest()
        for file in folder.iterdir()
        if file.name != "SHA256SUMS"
    }
