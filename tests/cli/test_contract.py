import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Run


def test_changes_are_printed_line_by_line(run: "Run") -> None:
    result = run("contract", "diff", "2025-07-02", "2025-07-03")

    assert (result.code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "changed: longest Base64 of a picture: 7 × 1,048,576 → 10 × 1,048,576",
        "added: parameter CardWarnType: string",
    ]


def test_a_diff_backwards_shows_additions_as_removals(run: "Run") -> None:
    result = run("contract", "diff", "2025-07-03", "2025-07-02")

    assert result.code == 0
    assert result.stdout.splitlines() == [
        "changed: longest Base64 of a picture: 10 × 1,048,576 → 7 × 1,048,576",
        "removed: parameter CardWarnType: string",
    ]


@pytest.mark.parametrize("days", [("2024-05-01", "2024-05-01"), ("2027-01-01", "2099-12-31")])
def test_an_empty_diff_says_so(run: "Run", days: tuple[str, str]) -> None:
    result = run("contract", "diff", *days)

    assert (result.code, result.stdout) == (0, "nothing changed\n")


def test_json_has_the_same_changes(run: "Run") -> None:
    result = run("contract", "diff", "--json", "2024-12-05", "2024-12-06")

    assert result.code == 0
    assert json.loads(result.stdout) == {
        "from": "2024-12-05",
        "to": "2024-12-06",
        "changes": [{"change": "added", "what": "parameter EnableDateVerify", "how": "bool"}],
    }


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (
            ["diff", "2023-11-14", "2024-05-01"],
            "expected 2023-11-15 or later (the oldest contract), got '2023-11-14'",
        ),
        (["diff", "2024-05-01", "May"], "expected a date such as 2024-05-01, got 'May'"),
        (["diff", "2024-05-01"], "DATE is missing"),
        (["dif", "2024-05-01", "2024-05-02"], "unknown command 'dif'; did you mean 'diff'?"),
        ([], "COMMAND is missing"),
    ],
)
def test_wrong_usage_exits_with_2_and_the_reason(
    run: "Run", arguments: list[str], result: str
) -> None:
    refused = run("contract", *arguments)

    assert (refused.code, refused.stdout) == (2, "")
    assert result in refused.stderr
    assert "Traceback" not in refused.stderr
