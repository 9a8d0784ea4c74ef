"""The report as one HTML page: no script, nothing loaded, every text escaped."""

from collections.abc import Iterator
from html import escape

from mockocr.coverage.forms.words import (
    STATES,
    UNKNOWN_ACCOUNT,
    asked,
    groups,
    others,
    total,
    ways,
)
from mockocr.coverage.report import CoverageReport, CoverageRow, State
from mockocr.terminal import escaped

_STYLE = """
:root { color-scheme: light dark; --text: light-dark(#1c2430, #e4e8ee);
  --dim: light-dark(#566174, #9aa6b8); --page: light-dark(#f5f6f8, #12161c);
  --surface: light-dark(#fff, #1a1f27); --line: light-dark(#dde2e9, #2c3440);
  --good: light-dark(#13713c, #58cf8a); --bad: light-dark(#b3261e, #ff8f85);
  --warn: light-dark(#8a5a00, #f0b84a); }
* { box-sizing: border-box; }
body { margin: 0; padding: 28px 20px 60px; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { max-width: 1120px; margin: 0 auto; display: grid; gap: 20px; min-width: 0; }
h1 { font-size: 20px; margin: 0; }
h2 { font-size: 15px; margin: 0; display: flex; justify-content: space-between; gap: 12px; }
.top { display: flex; flex-wrap: wrap; align-items: baseline; gap: 6px 24px; }
.percent { font-size: 34px; font-weight: 600; font-variant-numeric: tabular-nums; }
.dim { color: var(--dim); }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 10px;
  min-width: 0; }
section > h2 { padding: 12px 16px; }
section > h2::first-letter { text-transform: uppercase; }
.note { font-size: 14px; }
.bar { height: 6px; border-radius: 3px; background: var(--line); overflow: hidden; }
.bar > i { display: block; height: 100%; background: var(--good); }
ul { list-style: none; margin: 0; padding: 0; }
.row { display: grid; grid-template-columns: 168px minmax(0, 5fr) 44px minmax(0, 7fr);
  gap: 4px 16px; padding: 8px 16px; border-bottom: 1px solid var(--line); }
.row:last-child { border-bottom: 0; }
.row > * { min-width: 0; overflow-wrap: anywhere; }
.state { font-weight: 600; font-size: 13.5px; }
.seen { color: var(--good); } .missed { color: var(--bad); } .asked { color: var(--warn); }
.impossible, .excluded { color: var(--dim); }
.calls { text-align: right; font-variant-numeric: tabular-nums; }
.detail { color: var(--dim); font-size: 13px; display: block; }
code { font: 13px/1.5 ui-monospace, "SF Mono", Consolas, monospace; }
.ways { display: grid; gap: 2px; }
summary { cursor: pointer; }
@media (max-width: 760px) {
  body { padding: 16px 12px 40px; }
  .row { grid-template-columns: minmax(0, 1fr) auto; padding: 10px 12px; }
  .row > .name { grid-column: 1 / -1; order: -1; } .row > .note { grid-column: 1 / -1; }
}
"""

_ICONS: dict[State, str] = {
    "seen": "✓",
    "asked": "△",
    "missed": "✗",
    "impossible": "–",
    "excluded": "–",
}
LISTED_NAMES = 3
"""More are shown when the reader opens the list."""


def html(report: CoverageReport) -> str:
    return "\n".join([*_lines(report), ""])


def _lines(report: CoverageReport) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta http-equiv="Content-Security-Policy"'
    yield " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>Outcome coverage</title><style>{_STYLE}</style></head><body><main>"
    yield f'<div class="top"><h1>Outcome coverage</h1>{_percent(report.totals.percent)}'
    what = f"{total(report)}; contract of {report.contract}; mockocr {report.mockocr}"
    yield f'<span class="dim">{_text(what)}</span></div>'
    for title, rows in groups(report.rows):
        yield from _section(title, rows)
    if without_row := others(report):
        yield f'<p class="dim">Without a row: {_text(without_row)}</p>'
    yield "</main></body></html>"


def _percent(percent: float) -> str:
    return f'<span class="percent">{percent:g} %</span>'


def _section(title: str, rows: list[CoverageRow]) -> Iterator[str]:
    counted = [row for row in rows if row.state in ("seen", "asked", "missed")]
    seen = sum(row.state == "seen" for row in counted)
    share = 100 * seen / len(counted) if counted else 100
    yield f"<section><h2>{_text(title)}"
    yield f'<span class="dim">{seen} of {len(counted)}</span></h2>'
    yield f'<div class="bar" aria-hidden="true"><i style="width:{share:.1f}%"></i></div><ul>'
    yield from map(_row, rows)
    yield "</ul></section>"


def _row(row: CoverageRow) -> str:
    detail = f'<span class="detail">{_text(row.detail.en)}</span>' if row.detail.en else ""
    return (
        f'<li class="row"><span class="state {row.state}">'
        f"{_ICONS[row.state]} {STATES[row.state]}</span>"
        f'<span class="name"><code>{_text(row.id)}</code>{detail}</span>'
        f'<span class="calls">{row.calls or ""}</span><div class="note">{_note(row)}</div></li>'
    )


def _note(row: CoverageRow) -> str:
    if row.state in ("missed", "asked"):
        notes = "".join(f"<span>{note}</span>" for note in asked(row))
        lines = "".join(f"<code>{_text(way)}</code>" for way in ways(row))
        return f'<div class="ways">{notes}{lines}</div>'
    if row.reason is not None:
        return _text(row.reason)
    names = [_text(source.name or UNKNOWN_ACCOUNT) for source in row.sources]
    if len(names) <= LISTED_NAMES:
        return "<br>".join(names)
    listed = "".join(f"<li>{name}</li>" for name in names)
    return f"<details><summary>{len(names)} tests or accounts</summary><ul>{listed}</ul></details>"


def _text(text: str) -> str:
    return escape(escaped(text))
