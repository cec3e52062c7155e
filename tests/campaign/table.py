"""The figures of a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_ROWS = ("lost", "doubled", "early", "late", "waiting", "unheeded", "in vain")
#: A root fault causes many violations: the first ones are enough.
_MOST = 20


def table(outcomes: Sequence[dict[str, Any]]) -> str:
    """Return a Markdown table with a column for each stage, and the violations below it."""
    rows = [
        ["", *(o["name"] for o in outcomes), "all"],
        ["---", *("---" for _ in outcomes), "---"],
        *(
            [name, *(str(each) for each in found), str(sum(found))]
            for name, found in _counted(outcomes).items()
        ),
        *([name, *found, ""] for name, found in _measured(outcomes).items()),
    ]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    for outcome in outcomes:
        for kind, each in outcome["violations"].items():
            lines += [f"{outcome['name']}: {kind}: {words}" for words in each[:_MOST]]
            if len(each) > _MOST:
                lines.append(f"{outcome['name']}: {kind}: … {len(each)} in all")
        if outcome["violations"]:
            lines.append(f"{outcome['name']}: seed {outcome['seed']}, logs in {outcome.get('folder')}")
    return "\n".join(lines)


def _counted(outcomes: Sequence[dict[str, Any]]) -> dict[str, list[int]]:
    names = dict.fromkeys(name for o in outcomes for name in sorted(o.get("did", {})))
    kinds = dict.fromkeys([*_ROWS, *(kind for o in outcomes for kind in o["violations"])])
    return {
        "reminders": [o.get("reminders", 0) for o in outcomes],
        "messages in all": [o.get("messages", 0) for o in outcomes],
        **{name: [o.get("did", {}).get(name, 0) for o in outcomes] for name in names},
        **{f"**{kind}**": [len(o["violations"].get(kind, [])) for o in outcomes] for kind in kinds},
    }


def _measured(outcomes: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    kinds = dict.fromkeys(kind for o in outcomes for kind in sorted(o.get("lateness", {})))
    return {
        f"late, {kind} (p50 / p95 / longest, s; n)": [
            _spread(o.get("lateness", {}).get(kind, [])) for o in outcomes
        ]
        for kind in kinds
    }


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "–"
    ordered = sorted(values)
    half, most = (ordered[min(int(len(ordered) * part), len(ordered) - 1)] for part in (0.5, 0.95))
    return f"{half:.1f} / {most:.1f} / {ordered[-1]:.1f}; {len(ordered)}"
