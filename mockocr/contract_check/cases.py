"""Reads contract cases: those of this package, or those of a file or folder."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mockocr.actions.action import AnyAction
from mockocr.actions.catalogue import all_actions
from mockocr.contract_check.case_spec import OK, CaseFileSpec, CaseSpec
from mockocr.contract_check.evidence import evidence_rows
from mockocr.contract_check.matchers import Printed, PrintedMatcher
from mockocr.contract_check.personal import personal_data
from mockocr.documents.document import Document, DocumentError, Problem
from mockocr.documents.messages import KeyPath
from mockocr.documents.reading import read_document
from mockocr.suggestions import unknown

SHIPPED = Path(__file__).parent / "cases"


class Case(NamedTuple):
    """A valid case."""

    spec: CaseSpec
    action: AnyAction
    answer: Mapping[str, Any]
    """The matchers of the members of an answer but RequestId."""
    printed: Printed
    source: str
    """File and line."""

    @property
    def id(self) -> str:
        return self.spec.id


def read_cases(path: Path = SHIPPED) -> Sequence[Case]:
    """The cases of a file, or of all files (*.yaml) of a folder, in their order. Raises
    DocumentError with all problems of the first invalid file."""
    files = _files(path)
    documents = [read_document(file) for file in files]
    counts = Counter(case_id for document in documents for case_id in _ids(document))
    cases: list[Case] = []
    for document in documents:
        duplicates = {case_id for case_id in _ids(document) if counts[case_id] > 1}
        cases += _read(document, {case.id for case in cases}, duplicates)
    return cases


def _files(path: Path) -> Sequence[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.yaml"))
    if not files:
        problem = Problem(None, "no contract cases (*.yaml) in this folder")
        raise DocumentError(str(path), [problem])
    return files


def _data_of_cases(document: Document) -> list[Any]:
    data = document.data
    cases = data.get("cases") if isinstance(data, dict) else None
    return cases if isinstance(cases, list) else []


def _ids(document: Document) -> Iterator[str]:
    for case in _data_of_cases(document):
        match case:
            case {"id": str(case_id)}:
                yield case_id


def _read(
    document: Document, earlier: Collection[str], duplicates: Collection[str]
) -> Iterator[Case]:
    personal = [
        document.problem(path, text)
        for index, case in enumerate(_data_of_cases(document))
        for path, text in personal_data(case, ("cases", index))
    ]
    spec = document.validated(CaseFileSpec, personal)
    actions = {action.name: action for action in all_actions()}
    action = actions.get(spec.action)
    if action is None:
        text = unknown("action", spec.action, actions)
        raise DocumentError(document.source, [document.problem(("action",), text)])
    problems: list[Problem] = []
    known = set(earlier)
    for index, case in enumerate(spec.cases):
        for path, text in _problems(case, action, known, duplicates):
            problems.append(document.problem(("cases", index, *path), text))
        known.add(case.id)
    if problems:
        raise DocumentError(document.source, problems)
    for index, case in enumerate(spec.cases):
        location = document.values[("cases", index)]
        source = f"{Path(document.source).name}:{location.line if location else 1}"
        answer = {**spec.answer, **case.expect.members}
        yield Case(case, action, answer, _printed(case, action), source)


def _problems(
    case: CaseSpec, action: AnyAction, earlier: Collection[str], duplicates: Collection[str]
) -> Iterator[tuple[KeyPath, str]]:
    """What the model cannot find."""
    if case.id in duplicates:
        yield ("id",), f"several cases have the id {case.id!r}"
    if case.after is not None and case.after not in earlier:
        yield ("after",), unknown("earlier case", case.after, sorted(earlier))
    rows = evidence_rows()
    for index, row in enumerate(case.settles):
        if row not in rows:
            yield ("settles", index), unknown("row of docs/fidelity.md", row, rows)
        elif rows[row]["status"] == "ours":
            yield ("settles", index), f"{row!r} is no fact about the real service"
    picture = case.request.picture
    if picture is not None and picture.specimen is not None:
        names = [entry.name for entry in action.specimens.entries()] if action.specimens else []
        if picture.specimen not in names:
            yield ("request", "picture", "specimen"), unknown("specimen", picture.specimen, names)
            return
    printed = _printed(case, action)
    for name, matcher in case.expect.members.items():
        if isinstance(matcher, PrintedMatcher) and name not in printed:
            yield ("expect", "members", name), "the specimen has no text for this member"
    if case.expect.members and OK not in case.expect.code:
        yield ("expect", "members"), f"only an answer has members; expected the code {OK!r}"


def _printed(case: CaseSpec, action: AnyAction) -> Printed:
    picture = case.request.picture
    if picture is None or picture.specimen is None or action.specimens is None:
        return {}
    by_name = {entry.name: entry for entry in action.specimens.entries()}
    fields: Printed = by_name[picture.specimen].to_dict()["fields"]
    return fields


def chosen_cases(cases: Sequence[Case], ids: Collection[str]) -> Sequence[Case]:
    """Those with these ids and those that they come after, in their order. Raises LookupError for
    an unknown id."""
    by_id = {case.id: case for case in cases}
    chosen: set[str] = set()
    for case_id in ids:
        if case_id not in by_id:
            raise LookupError(unknown("case", case_id, by_id))
        before: str | None = case_id
        while before is not None:
            chosen.add(before)
            before = by_id[before].spec.after
    return [case for case in cases if case.id in chosen]
