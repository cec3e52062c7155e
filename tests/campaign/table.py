"""The figures of a campaign."""

from __future__ import annotations

from collections.abc import Sequence

from tests.campaign.stage import Outcome

_ROWS = ("lost", "doubled", "early", "late", "waiting", "unheeded", "in vain")
#: A root fault causes many violations: the first ones are enough.
_MOST = 20


def table(outcome: Outcome) -> str:
    """Return a Markdown table, and the violations below it."""
    found = {**dict.fromkeys(_ROWS, ()), **outcome.violations}
    rows: dict[str, object] = {
        "": outcome.name,
        "---": "---",
        "reminders": outcome.reminders,
        "messages in all": outcome.messages,
        **dict(sorted(outcome.did.items())),
        **{f"**{kind}**": len(each) for kind, each in found.items()},
        **{
            f"late, {kind} (p50 / p95 / longest, s; n)": _spread(seconds)
            for kind, seconds in outcome.lateness.items()
        },
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    for kind, each in outcome.violations.items():
        lines += [f"{kind}: {words}" for words in each[:_MOST]]
        if len(each) > _MOST:
            lines.append(f"{kind}: … {len(each)} in all")
    if outcome.violations:
        lines.append(f"seed {outcome.seed}, logs in {outcome.folder}")
    return "\n".join(lines)


def _spread(values: Sequence[float]) -> str:
    ordered = sorted(values)
    half, most = (ordered[min(int(len(ordered) * part), len(ordered) - 1)] for part in (0.5, 0.95))
    return f"{half:.1f} / {most:.1f} / {ordered[-1]:.1f}; {len(ordered)}"
