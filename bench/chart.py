"""The chart of a run: horizontal bars, as self-contained SVG that adapts to dark mode."""

from collections.abc import Mapping, Sequence
from html import escape
from statistics import median
from typing import NamedTuple

from bench.figure import Figure, Results, ratios
from bench.goals import OURS
from bench.measures.memory import AFTER
from bench.measures.speed import rate_of
from bench.measures.starts import START
from bench.report import number
from bench.servers import BASELINE

STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #57606a }
    .title { font-weight: 600; font-size: 14px; fill: #1f2328 }
    .ours { font-weight: 600; fill: #1f2328 }
    .bar { fill: #afb8c1 }
    .bar.ours { fill: #1f6feb }
    .base { stroke: #57606a; stroke-dasharray: 2 4; opacity: .6 }
    @media (prefers-color-scheme: dark) {
      text { fill: #9198a1 }
      .title, .ours { fill: #f0f6fc }
      .bar { fill: #484f58 }
      .bar.ours { fill: #4493f8 }
      .base { stroke: #9198a1 }
    }
"""


class Panel(NamedTuple):
    title: str
    figure: str
    more_is_better: bool


PANELS: Sequence[Panel] = (
    Panel("Requests/s: 240 B, 32 connections", rate_of(("240 B", 32)), True),
    Panel("Requests/s: 1 MB picture, 1 connection", rate_of(("1 MB", 1)), True),
    Panel("Start to the first answer", START, False),
    Panel("Memory after calls with 200 KB", AFTER, False),
)

WIDTH, PANEL_WIDTH = 860, 420
NAMES, BARS, LINE, BAR = 130, 220, 22, 14
"""In pixels: the width of names and of the longest bar, the height of a line and of its bar."""
HEAD = 54


def chart(results: Results) -> str:
    panels = [
        (panel, _multiples(results.figures[panel.figure], panel.more_is_better)) for panel in PANELS
    ]
    panel_height = HEAD + LINE * max(len(bars) for _, bars in panels) + 12
    parts = []
    for at, (panel, bars) in enumerate(panels):
        x, y = at % 2 * (WIDTH - PANEL_WIDTH), at // 2 * panel_height
        parts.append(f'  <g transform="translate({x} {y})">\n{_panel(panel, bars)}\n  </g>')
    height = panel_height * ((len(panels) + 1) // 2)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
            f' width="{WIDTH}" height="{height}" role="img">',
            f"  <title>mockocr beside other servers, {escape(results.conditions['date'])}</title>",
            f"  <style>{STYLE}  </style>",
            *parts,
            "</svg>",
            "",
        ]
    )


def _multiples(figure: Figure, more_is_better: bool) -> Mapping[str, float]:
    """Multiples of the baseline, the best first, without servers that have no value."""
    base = figure.found[BASELINE.name]
    medians = {server: median(ratios(values, base)) for server, values in figure.found.items()}
    ordered = sorted(medians, key=lambda server: medians[server], reverse=more_is_better)
    return {server: medians[server] for server in ordered}


def _panel(panel: Panel, bars: Mapping[str, float]) -> str:
    better = "more is better" if panel.more_is_better else "less is better"
    scale = BARS / max(bars.values())
    base = NAMES + scale
    bottom = HEAD + LINE * (len(bars) - 1) + BAR
    lines = [
        # First, so that it lies behind bars and numbers.
        f'<line class="base" x1="{base:.1f}" x2="{base:.1f}" y1="{HEAD - 5}" y2="{bottom + 5}"/>',
        f'<text class="title" x="0" y="18">{escape(panel.title)}</text>',
        f'<text x="0" y="37">times the baseline; {better}</text>',
    ]
    for at, (server, multiple) in enumerate(bars.items()):
        ours = " ours" if server.startswith(OURS) else ""
        y = HEAD + LINE * at
        end = NAMES + multiple * scale
        lines += [
            f'<text class="{ours.strip() or "name"}" x="{NAMES - 8}" y="{y + 12}"'
            f' text-anchor="end">{escape(server)}</text>',
            f'<rect class="bar{ours}" x="{NAMES}" y="{y}" width="{multiple * scale:.1f}"'
            f' height="{BAR}" rx="2"/>',
            f'<text class="{ours.strip() or "value"}" x="{end + 6:.1f}" y="{y + 12}">'
            f"{number(multiple)}</text>",
        ]
    return "\n".join(f"    {line}" for line in lines)
