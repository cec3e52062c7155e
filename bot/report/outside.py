"""What lies outside cases, as texts: who asked that TOT convenes and what came of it, and guidance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.domain.guidance import Theme
from bot.domain.report.figures import Report
from bot.report.figures import name_of
from bot.texts.words import Words


def outside(words: Words, report: Report) -> Iterator[tuple[str, list[str]]]:
    """A heading and its lines; nothing where nobody has asked."""
    if report.convened:
        yield words("report.convened"), list(_convened(words, report))
    if report.guidance:
        yield words("report.guidance"), list(_guidance(words, report))


def _convened(words: Words, report: Report) -> Iterator[str]:
    agencies = {a.id: a for a in report.askers}
    asked: dict[str | None, Counter[str]] = {}
    for count in report.convened:
        decided = {None: "waits", True: "yes", False: "no"}[count.convened]
        asked.setdefault(count.agency_id, Counter())[decided] += count.number
    for agency_id, numbers in sorted(asked.items(), key=lambda item: str(item[0])):
        agency = agencies.get(agency_id) if agency_id is not None else None
        who = name_of(words, agency) if agency is not None else words("report.no-agency")
        yield words(
            "report.convened-line",
            who=who,
            asked=numbers.total(),
            yes=numbers["yes"],
            no=numbers["no"],
            waits=numbers["waits"],
        )
    refused = Counter({c.reason: 0 for c in report.convened if c.reason is not None})
    for count in report.convened:
        if count.reason is not None:
            refused[count.reason] += count.number
    for reason, number in sorted(refused.items()):
        yield words("report.convened-no", reason=words(f"not-convened.{reason}"), n=number)


def _guidance(words: Words, report: Report) -> Iterator[str]:
    themes: Counter[str] = Counter()
    in_time: Counter[str] = Counter()
    for count in report.guidance:
        themes[count.theme] += count.number
        in_time[count.theme] += count.number if count.in_time else 0
    known = frozenset(theme.value for theme in Theme)
    for theme, number in sorted(themes.items()):
        name = words(f"theme.{theme}") if theme in known else theme
        yield words("report.guidance-line", theme=name, n=number, in_time=in_time[theme])
