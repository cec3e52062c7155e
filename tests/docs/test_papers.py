"""The papers in docs/no say what the code does: figures, words, fields, rights and scopes."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import chain
from pathlib import Path

import pytest

from bot.cli.manifest import scopes
from bot.domain.access import Action, Right
from bot.domain.language import Language
from bot.settings import Settings
from handlers.subjects import joined
from storage.documents.aggregates import KINDS
from storage.schema import metadata
from tests.docs import papers
from tests.docs.data import kept_until, standing
from tests.docs.papers_words import RIGHTS, THINGS
from tests.every import every

PAPERS = {paper.name: paper.read_text("utf-8") for paper in papers.papers()}
#: How many sheets of A4 some of them are printed on.
SHEETS = {"koordinator.md": 1, "kontaktperson.md": 1, "personvern-ansatte.md": 1, "beslutningsgrunnlag.md": 2}
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")


def test_the_access_table_stands_somewhere_and_every_scope_has_words() -> None:
    assert sum(len(papers.REGION.findall(page)) for page in PAPERS.values()) == 1
    granted = standing(PAPERS["databehandler.md"], "Hva Slack får")
    assert [re.findall("`(.+?)`", scope)[0] for scope in granted] == sorted(scopes())


def test_each_threat_is_told_and_assessed() -> None:
    """The last threat is the municipality's own."""
    page = PAPERS["ros.md"]
    told = re.findall(r"^### (\d+)\. [^\n]+\n(.*?)(?=^##)", page, re.M | re.S)[:-1]
    assessed: dict[str, set[str]] = {}
    for number, text in told:
        parts = re.findall(r"^- \*\*([^:]+):\*\*", text, re.M)
        assert parts == ["Gjør", "Kan ikke", "Hos oss"], number
        likely, grave = re.findall(r"\*\*S (\d), K (\d)\.\*\*$", text, re.M)[0]
        assessed.setdefault(str(int(likely) * int(grave)), set()).add(number)
    summary = re.findall(r"^\| (\d+) \| (.+) \| \|$", page, re.M)
    assert {figure: set(re.findall(r"\d+", numbers)) for figure, numbers in summary} == assessed


def kept() -> list[tuple[str, str]]:
    """Return each kind of documents, and each table, that a row is about, with how long the row says."""
    rows = standing(PAPERS["behandlingsprotokoll.md"], "Hva som lagres").items()
    return [(name, row[-1]) for first, row in rows for name in re.findall("<!-- (.+) -->", first)[0].split()]


def test_all_that_is_stored_is_in_one_row_and_every_right_has_words() -> None:
    stored = {*metadata.tables, *(kind.__name__ for kind in KINDS)}
    assert sorted(name for name, _ in kept()) == sorted(stored)
    assert set(RIGHTS) == set(Right)


def test_what_is_told_as_one_thing_is_of_the_same_rights() -> None:
    things = {thing: [Action(row) for row in rows.split()] for thing, rows in THINGS.items()}
    told = list(chain(*things.values()))
    assert len(set(told)) == len(told), "in two things"
    rights = {thing: {row.rights for row in rows} for thing, rows in things.items()}
    assert {thing for thing, theirs in rights.items() if len(theirs) != 1} == set()


def test_what_goes_with_a_case_is_said_to() -> None:
    until = kept_until("Tables") | kept_until("Documents")
    with_case = {name for name, ends in until.items() if not ends or ends.startswith("as the case")}
    assert with_case <= {f"`{name}`" for name, ends in kept() if "som saken" in ends}


@every("name", PAPERS)
def test_no_figure_stands_unmarked(name: str) -> None:
    """Seventy-two hours are from the regulation, not the bot."""
    prose = papers.FIGURE.sub("", papers.REGION.sub("", PAPERS[name]))
    spans = re.findall(r"\b\d+ (?:dager?|døgn|minutter|timer|virkedager|uker|måneder)\b", prose)
    assert set(spans) <= {"72 timer"}


@every("name", PAPERS)
def test_every_word_and_setting_is_there(name: str) -> None:
    page = PAPERS[name]
    known = {word for command in joined().commands for word in command.names(Language.NB)}
    assert set(re.findall(r"/tot (\w+)", page)) <= known
    settings = {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert set(re.findall(r"\bTOT_[A-Z_]+", page)) <= settings


@every("name", PAPERS)
def test_the_words_are_those_of_the_house(name: str) -> None:
    page = PAPERS[name].lower()
    assert not re.findall(r"(?<!mulig )(?<!mulige )(?<!mulig\* )\boff(?:er|ers|eret|rene)\b", page)
    assert not re.findall(r"lovpålag|\bklient", page)
    assert not re.findall(r"(?<!/tot )\betat", page.replace("tverretatlig", ""))


@every("name", PAPERS)
def test_a_paper_is_a_page_for_those_without_this_repository(name: str) -> None:
    page = papers.as_html(PAPERS[name])
    assert page.count("<table>") == len(re.findall(r"^\| ?-", PAPERS[name], re.M))
    assert "<h1>" in page
    links = set(re.findall(r'href="([^"]+)"', page))
    assert links <= {Path(paper).with_suffix(".html").name for paper in PAPERS}


@pytest.mark.skipif(
    CHROMIUM is None, reason="Debian's Chromium is not installed (apt-get install chromium-headless-shell)"
)
def test_what_is_handed_out_prints_on_its_sheets(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    for name, sheets in SHEETS.items():
        page.write_text(papers.as_html(PAPERS[name]), "utf-8")
        assert printed(page, tmp_path) == sheets, name


def printed(page: Path, folder: Path) -> int:
    """How many sheets of A4 a browser prints it on."""
    pdf = folder / "printed.pdf"
    flags = ("--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    assert CHROMIUM is not None
    subprocess.run([CHROMIUM, *flags, page.resolve().as_uri()], check=True, capture_output=True, timeout=60)
    content = pdf.read_bytes()
    assert set(re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", content)) == {(b"594", b"841")}
    return len(re.findall(rb"/Type\s*/Page\b", content))
