"""The scenarios that can be played by name, and the errors of invalid ones."""

from collections.abc import Iterable

from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.masked_scenario import WrittenScenario, WrittenText, written
from mockocr.admin.replies import InvalidScenarioError, Problem, Reply
from mockocr.documents import document
from mockocr.documents.messages import KeyPath, spelled
from mockocr.scenario.account_scenarios import problems_of
from mockocr.scenario.library import Library
from mockocr.settings import Settings
from mockocr.suggestions import unknown


class LibraryEntry(Reply):
    """A scenario that can be played by name."""

    name: str
    """The name of its file, without the suffix."""
    scenario: str
    """The name in the file, which is usually the same."""
    description: str
    file: str


class LibraryEntries(Reply):
    scenarios: list[LibraryEntry]


def library_endpoints(settings: Settings) -> list[Endpoint]:
    def list_library(request: Request) -> LibraryEntries:
        words = request.query_params.get("search", "").split()
        try:
            found = list(library_of(settings).entries(words))
        except document.DocumentError as error:
            raise invalid_scenarios(problems_of(error)) from None
        return LibraryEntries(
            scenarios=[
                LibraryEntry(
                    name=it.name,
                    scenario=it.scenario,
                    description=it.description,
                    file=str(it.file),
                )
                for it in found
            ]
        )

    def show_library_scenario(request: Request) -> WrittenScenario | WrittenText:
        name = request.path_params["name"]
        try:
            library = library_of(settings)
            if library.find(name) is None:
                raise HTTPException(404, unknown("scenario", name, library.names()))
            return written(library.named(name), request)
        except document.DocumentError as error:
            raise invalid_scenarios(problems_of(error)) from None

    return [
        Endpoint(
            "GET",
            "/library",
            "List the scenarios that can be played by name: those of --library, and the shipped"
            " ones",
            list_library,
            (Parameter("search", "Only scenarios with all these words in their name or text."),),
            {200: "The scenarios.", 422: "The folder of --library cannot be read."},
        ),
        Endpoint(
            "GET",
            "/library/{name:path}",
            "Show a scenario that can be played by name, as it was written",
            show_library_scenario,
            statuses={
                200: "The scenario, in the form that the header Accept names.",
                404: "No scenario has this name.",
                422: "Its file is invalid; the reply lists every error.",
            },
        ),
    ]


def library_of(settings: Settings) -> Library:
    """Raises DocumentError if the folder of --library can no longer be read."""
    return Library(settings.library, settings.contract)


def invalid_scenarios(
    problems: Iterable[document.Problem], begin: str = ""
) -> InvalidScenarioError:
    """`begin`: the start of every path, such as `scenarios`."""
    problems = list(problems)
    lines = [_line(problem, begin) for problem in problems]
    return InvalidScenarioError("\n".join(lines), [problem_view(each, begin) for each in problems])


def problem_view(problem: document.Problem, begin: str = "") -> Problem:
    place = problem.location
    return Problem(
        path=spelled(_path(begin, problem.path)) or None,
        line=place.line if place else None,
        column=place.column if place else None,
        text=problem.text,
    )


def _line(problem: document.Problem, begin: str) -> str:
    """`scenarios[0]: 2:11: ...`, or without lines `scenarios[0].rules[0].then: ...`."""
    if problem.location is None:
        parts = [spelled(_path(begin, problem.path)), problem.text]
    else:
        place = f"{problem.location.line}:{problem.location.column}"
        parts = [spelled(_path(begin, problem.path[:1] if begin else ())), place, problem.text]
    return ": ".join(part for part in parts if part)


def _path(begin: str, path: KeyPath) -> KeyPath:
    return (begin, *path) if begin else path
