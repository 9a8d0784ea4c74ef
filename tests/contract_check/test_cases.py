"""Case files: those of the package, wrong ones, and those with personal data."""

from pathlib import Path

import pytest

from mockocr.contract_check.cases import read_cases
from mockocr.contract_check.evidence import evidence_rows
from mockocr.documents.document import DocumentError

HEAD = "action: IDCardOCR\ncases:\n"
CASE = "  - id: one\n    about: A case.\n    expect: {code: InvalidAction}\n"


def problems(tmp_path: Path, text: str) -> list[str]:
    """The problems of a file as line:column: text."""
    file = tmp_path / "cases.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as invalid:
        read_cases(file)
    lines = str(invalid.value).splitlines()
    assert all(line.startswith(f"{file}:") for line in lines)
    return [line.removeprefix(f"{file}:") for line in lines]


def test_the_cases_settle_most_assumed_and_documented_facts_of_calls_and_replies() -> None:
    settled = {row for case in read_cases() for row in case.spec.settles}

    assert len(settled) > 80
    assert {row for row in settled if evidence_rows()[row]["status"] == "assumed"} > {
        "null-value",
        "empty-text",
        "unknown-flags",
        "token-unneeded",
    }


def test_every_case_of_the_package_has_its_own_id_and_settles_something() -> None:
    cases = read_cases()

    assert len({case.id for case in cases}) == len(cases) > 120
    assert [case.id for case in cases if not case.spec.settles] == []


def test_a_case_that_expects_an_answer_is_billed_unless_its_picture_is_blank() -> None:
    for case in read_cases():
        answers = "ok" in case.spec.expect.code
        picture = case.spec.request.picture
        assert not answers or case.spec.billed or (picture and picture.blank), case.id


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1: the document is empty"),
        ("action: IDCardOCR\ncases: []\n", "2:8: expected at least 1 entry, got 0"),
        (
            "action: IDCardOC\ncases:\n" + CASE,
            "1:9: unknown action 'IDCardOC'; did you mean 'IDCardOCR'?",
        ),
        (HEAD + CASE.replace("one", "1"), "3:9: expected text, got 1; put it in quotes"),
        (HEAD + CASE + "    setles: []\n", "6:5: unknown key 'setles'; did you mean 'settles'?"),
        (
            HEAD + CASE + "    settles: [order-metod]\n",
            "6:15: unknown row of docs/fidelity.md 'order-metod'; did you mean 'order-method'?",
        ),
        (
            HEAD + CASE + "    settles: [own-headers]\n",
            "6:15: 'own-headers' is no fact about the real service",
        ),
        (HEAD + CASE + "    after: two\n", "6:12: unknown earlier case 'two'; there are none"),
        (HEAD + CASE + CASE, "3:9: several cases have the id 'one'"),
        (HEAD + CASE + "    since: May\n", "6:12: expected a date such as 2024-05-01"),
        (
            HEAD + CASE + "    request: {picture: {specimen: li-mig}}\n",
            "6:35: unknown specimen 'li-mig'; did you mean 'li-ming'?",
        ),
        (
            HEAD + CASE + "    request: {picture: {}}\n",
            "6:24: expected either specimen or blank",
        ),
        (
            HEAD + CASE + "    request: {picture: {blank: small}}\n",
            "6:32: expected a size in pixels such as 80x50, got 'small'",
        ),
        (
            HEAD + CASE + "    request: {picture: {blank: 8x8}, padding: 1}\n",
            "6:14: picture cannot be combined with padding: both are ImageBase64",
        ),
        (
            HEAD + CASE + "    request: {body: x, padding: 1}\n",
            "6:14: body cannot be combined with parameters, picture or padding",
        ),
        (
            HEAD + CASE + "    request: {edit: {pattern: '(', by: x}}\n",
            "6:31: invalid regular expression: missing ), unterminated subpattern at position 0",
        ),
        (
            HEAD + CASE.replace("InvalidAction", "ok, members: {Name: {regx: a}}"),
            "5:40: expected a value, or exactly one of type, regex, between, picture, printed,"
            " json",
        ),
        (
            HEAD + CASE.replace("InvalidAction", "ok, members: {Name: {printed: true}}"),
            "5:40: the specimen has no text for this member",
        ),
        (
            HEAD + CASE.replace("InvalidAction", "InvalidAction, members: {Name: a}"),
            "5:44: only an answer has members; expected the code 'ok'",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_place_and_remedy(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert problem in problems(tmp_path, text)


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no contract cases"):
        read_cases(tmp_path)


def test_an_id_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(HEAD + CASE)

    with pytest.raises(DocumentError, match="several cases have the id 'one'"):
        read_cases(tmp_path)


NUMBER = "440524198701010014"


@pytest.mark.parametrize(
    ("request_text", "problem"),
    [
        (f"{{parameters: {{CardSide: '{NUMBER}'}}}}", "the number of an ID card"),
        (f"{{parameters: {{{NUMBER}: a}}}}", "the number of an ID card"),
        (f"{{parameters: {{CardSide: {NUMBER}}}}}", "the number of an ID card"),
        (f"{{parameters: {{Config: [[{NUMBER}]]}}}}", "the number of an ID card"),
        (f"{{body: 'Number {NUMBER}.'}}", "the number of an ID card"),
        ("{headers: {X-TC-TraceId: '13812345678'}}", "a phone number"),
        ("{common: {Token: li.ming@qq.com}}", "an e-mail address"),
        ("{parameters: {CardSide: 李明}}", "Chinese text may be a name or an address"),
        ("{edit: {pattern: a, by: AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE}}", "a SecretId"),
        ("{parameters: {ImageUrl: 'https://pictures.cn/li-ming.jpg'}}", "may lead to a picture"),
        ("{parameters: {ImageUrl: 'ftp://10.0.0.1/a'}}", "may lead to a picture"),
        ("{parameters: {imageurl: 'file://server/a'}}", "may lead to a picture"),
        ('{body: \'{"ImageUrl": "https://pictures.cn/a"}\'}', "may lead to a picture"),
        (
            f"{{parameters: {{ImageBase64: {'A' * 65}}}}}",
            "may be a picture of a card; use picture:",
        ),
        (f"{{parameters: {{CardSide: {'A' * 2001}}}}}", "expected at most 2000 characters"),
    ],
)
def test_a_call_with_personal_data_is_refused_and_not_quoted(
    tmp_path: Path, request_text: str, problem: str
) -> None:
    found = problems(tmp_path, f"{HEAD}{CASE}    request: {request_text}\n")

    assert [line for line in found if problem in line and line.startswith("6:")]
    assert NUMBER not in "".join(found)


def test_an_expectation_with_personal_data_is_refused(tmp_path: Path) -> None:
    text = HEAD + CASE.replace("InvalidAction", f"ok, members: {{IdNum: '{NUMBER}'}}")

    assert "the number of an ID card" in problems(tmp_path, text)[0]


def test_messages_may_be_chinese_and_urls_may_lead_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "cases.yaml"
    request = (
        "    request: {parameters: {ImageUrl: 'https://pictures.invalid/a', X: [1.5, null]}}\n"
    )
    file.write_text(HEAD + CASE.replace("InvalidAction", "A, message: 图片为空") + request)

    assert len(read_cases(file)) == 1


def test_a_url_that_cannot_be_read_leads_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(f"{HEAD}{CASE}    request: {{parameters: {{ImageUrl: 'http://['}}}}\n")

    assert len(read_cases(file)) == 1
