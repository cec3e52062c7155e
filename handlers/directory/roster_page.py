"""The page to print for the day Slack is down: a self-contained HTML file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from bot.domain.directory.entities import Contact
from bot.texts.words import Words
from bot.usecases.directory.agencies import Listed, Roster
from handlers.blocks.context import File

_STYLE = """\
@page { size: A4; margin: 14mm }
body { font: 11pt/1.35 "Helvetica Neue", Arial, sans-serif; margin: 0 auto }
body { color: #000; max-width: 190mm; padding: 8mm }
h1 { font-size: 17pt; margin: 0 } h2 { font-size: 14pt; margin: 8mm 0 2mm }
p { margin: 1mm 0 } .alarm { border: 2px solid #000; padding: 2mm 3mm; margin: 4mm 0; font-weight: bold }
table { border-collapse: collapse; width: 100% }
tr { break-inside: avoid } thead { display: table-header-group }
th, td { border: 1px solid #777; padding: 1.5mm 2mm; text-align: left; vertical-align: top }
th { background: #eee } .line { font-weight: bold; white-space: nowrap } ol { margin: 0; padding-left: 5mm }
@media print { body { padding: 0 } }
"""


def roster_page(words: Words, rosters: Sequence[Roster], day: date) -> File:
    """Agencies, what they can, duty lines, and whom to ask in which order, by title. No case and no name."""
    title = escape(words("command.roster.choice"))
    body = "\n".join(_team(words, roster) for roster in rosters)
    page = f"""<!DOCTYPE html>
<html lang="{words.language}">
<head><meta charset="utf-8"><title>{title}</title>
<style>
{_STYLE}</style></head>
<body>
<h1>{title}</h1>
<p>{escape(words("roster-page.day", day=words.full_date(day)))}</p>
<p class="alarm">{escape(words("said.emergency").strip("*"))}</p>
<p>{escape(words("roster-page.down"))}</p>
{body}
<p>{escape(words("roster-page.never"))}</p>
</body>
</html>
"""
    return File("hvem.html", page.encode())


def _team(words: Words, roster: Roster) -> str:
    named = ("roster-page.agency", "field.duty-line", "roster-page.ask")
    heads = "".join(f"<th>{escape(words(name))}</th>" for name in named)
    rows = "\n".join(_row(words, each) for each in roster.listed)
    return f"""<h2>{escape(roster.team.name)}</h2>
<table>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>"""


def _row(words: Words, listed: Listed) -> str:
    agency = listed.agency
    name = f"<strong>{escape(agency.shown_name)}</strong>"
    can = f"{name}<br>{escape(agency.can)}" if agency.can else name
    if agency.reached_by_coordinator:
        cover = escape(words("roster.by-coordinator"))
        return f"<tr><td>{can}</td><td></td><td>{cover}</td></tr>"
    line = escape(agency.duty_line or words("said.no-line"))
    people = "".join(f"<li>{_contact(words, each)}</li>" for each in listed.contacts)
    return f'<tr><td>{can}</td><td class="line">{line}</td><td><ol>{people}</ol></td></tr>'


def _contact(words: Words, contact: Contact) -> str:
    hours = words(f"hours.{contact.hours}")
    title = escape(contact.title or words("modal.contact.title"))
    leader = f" ({escape(words('on-duty.leader'))})" if contact.leader else ""
    return f"{title}{leader}, {escape(hours)}"
