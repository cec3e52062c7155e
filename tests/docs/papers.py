"""The generated parts of docs/no: figures, buttons, who may do what.

Three marks are generated:

    <!-- fra koden: tilganger --> … <!-- til hit -->   the access table, as a list
    <kbd data-ord="KEY">…</kbd>, <q data-ord="KEY">…</q>   a button, a text: as the bot says it in bokmål
    <data value="NAME">…</data>   a figure, or a list of words; also in docs/privacy.md and docs/data.md

Comments in «Hva som lagres» name the kinds of documents, and the tables, that a row is about.
"""

from __future__ import annotations

import re
from dataclasses import fields
from html import escape
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from markdown_it import MarkdownIt

import bot.usecases
from bot.daily_jobs import AUDIT_KEPT, BACKUPS_KEPT
from bot.domain.access import Action, Right
from bot.domain.directory.entities import TeamRules
from bot.domain.drill import LASTS_DAYS as DRILL_DAYS
from bot.domain.guard import ForbiddenKind
from bot.domain.language import Language
from bot.domain.leftovers import KEPT as LEFTOVERS_KEPT
from bot.domain.overview.reminder_plan import DELETION_DAYS
from bot.texts.words import words
from bot.usecases.overview import KEPT as PERSON_KEPT
from bot.usecases.review import DRAFTS_KEPT
from bot.usecases.validation import FreeText
from storage.ledgers.ledger import KEPT_ENDED
from storage.outbox import KEEP_RECEIPTS
from tests.docs.papers_words import RIGHTS, THINGS

FOLDER = Path(__file__).parents[2] / "docs" / "no"
NB = words(Language.NB)
REGION = re.compile(r"(<!-- fra koden: tilganger -->\n).*?(<!-- til hit -->)", re.S)
WORDS = re.compile(r'(<(kbd|q) data-ord="([^"]+)">).*?(</\2>)', re.S)
FIGURE = re.compile(r'(<data value="(\w+)">).*?(</data>)', re.S)


def papers() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))


def figures() -> dict[str, str]:
    """Return each figure by its name: the team's rules, settings, and constants in the code."""
    rules = TeamRules()
    found = {
        field.name: _figure(value)
        for field in fields(rules)
        if isinstance(value := getattr(rules, field.name), int)
        or (isinstance(value, tuple) and value and all(isinstance(v, int) for v in value))
    }
    return {
        **found,
        "quorum": str(rules.quorum.minimum),
        "audit_days": str(AUDIT_KEPT.days),
        "backups_kept": str(BACKUPS_KEPT),
        "outbox_days": str(KEPT_ENDED.days),
        "receipt_days": str(KEEP_RECEIPTS.days),
        "draft_days": str(DRAFTS_KEPT.days),
        "drill_days": str(DRILL_DAYS),
        "leftover_days": str(LEFTOVERS_KEPT.days),
        "person_days": str(PERSON_KEPT.days),
        "deletion_warning": str(DELETION_DAYS),
        "guarded": NB.several(NB(f"guard.kind.{kind}") for kind in ForbiddenKind),
        "free_texts": ", ".join(free_texts()),
    }


def free_texts() -> list[str]:
    """Return the names of all free texts declared in the use cases."""
    modules = sorted(module.name for module in walk_packages(bot.usecases.__path__, "bot.usecases."))
    found = (value for name in modules for value in vars(import_module(name)).values())
    return list(dict.fromkeys(each.named for each in found if isinstance(each, FreeText)))


def _figure(value: object) -> str:
    return NB.several(map(str, value)) if isinstance(value, tuple) else str(value)


def rights() -> str:
    """Return the access table, seen from each right. KeyError: a right, or a row, that has no words."""
    thing_of = {row: thing for thing, rows in THINGS.items() for row in rows.split()}
    done = {r: dict.fromkeys(thing_of[action] for action in Action if r in action.rights) for r in Right}
    return "".join(f"- **{RIGHTS[r]}**: {'; '.join(things) or 'ingenting'}\n" for r, things in done.items())


def _plain(said: str) -> str:
    """Return the words of a text without Slack's markup."""
    return re.sub(r"\{\w+\}", "…", re.sub(r"[*`]|:\w+: ?", "", said)).partition("\n")[0]


# --- the papers


def rewritten(page: str) -> str:
    """Return the paper with each mark up to date."""
    page = REGION.sub(lambda found: found[1] + rights() + found[2], page)
    page = WORDS.sub(lambda found: found[1] + escape(_plain(NB(found[3])), quote=False) + found[4], page)
    return with_figures(page)


def with_figures(page: str) -> str:
    return FIGURE.sub(lambda found: found[1] + figures()[found[2]] + found[3], page)


_PAGE = """\
<!doctype html>
<html lang="nb">
<meta charset="utf-8">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 12mm }}
h1 {{ font-size: 16pt; margin: 0 }} h2 {{ font-size: 12pt; margin: 3mm 0 1mm }}
p, ul, ol {{ margin: 1mm 0 }} pre {{ margin: 1mm 0; line-height: 1.15 }}
body {{ font: 9.5pt/1.28 Arial, sans-serif; max-width: 190mm; margin: 0 auto; padding: 8mm }}
table {{ border-collapse: collapse; width: 100% }} tr {{ break-inside: avoid }}
code {{ font-size: 8.5pt; overflow-wrap: anywhere }} td, th {{ hyphens: auto }}
blockquote {{ border: 2px solid; padding: 0 3mm; margin: 2mm 0 }}
code + q {{ quotes: none }}
kbd {{ font: inherit; font-weight: bold; border: 1px solid #555; border-radius: 3px; padding: 0 1mm }}
kbd {{ white-space: nowrap }}
th, td {{ border: 1px solid #777; padding: .6mm 2mm; text-align: left; vertical-align: top }}
th {{ background: #eee }} th:empty {{ padding: 0; border: 0 }}
@media print {{ body {{ padding: 0 }} a {{ color: inherit }} }}
</style>
{body}"""


def as_html(page: str) -> str:
    """Return a paper as a standalone page that links only to the other papers."""
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render(page)
    body = re.sub(r'<a href="\.\./[^"]*">(.*?)</a>', r"\1", body)
    body = re.sub(r'(<a href="[\w-]+)\.md(?=["#])', r"\1.html", body)
    return _PAGE.format(title=escape(page.partition("\n")[0].removeprefix("# ")), body=body)
