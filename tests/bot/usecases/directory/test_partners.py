"""Partners: a file's faults are told with their place; differences are shown and applied, nobody dropped."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.demo import rehearse
from bot.domain.directory.entities import (
    Agency,
    AgencyKind,
    Contact,
    Coordinator,
    Hours,
    Person,
    TeamRules,
)
from bot.domain.language import Language
from bot.usecases.directory.partners.reader import WrongFile, read_partners
from bot.usecases.directory.partners.schema import FileTable
from bot.usecases.directory.partners.transfer import export_partners, import_partners, plan_import
from bot.usecases.profile import open_home
from sandbox.cast import CAST
from storage.database import SqlDatabase
from tests.databases import SettableClock, opened
from tests.every import every
from tests.stories.town import STARTS, Town, quick

EXAMPLE = (Path(__file__).parents[4] / "partners.example.toml").read_text("utf-8")
TODAY = date(2026, 11, 24)
TEAM = "team tot-bergen"
LEAST = """\
[[teams]]
key = "t"
name = "T"
mandate = "M"
coordinators = [{ slack_id = "U0KOORDINATOR" }]
"""


def faults_of(text: str) -> list[str]:
    """Return the lines that an operator sees."""
    with pytest.raises(WrongFile) as wrong:
        read_partners(text, today=TODAY)
    return list(wrong.value.faults)


def with_agency(lines: str) -> str:
    """Return the minimal file with one agency of these lines."""
    return f"{LEAST}[[teams.agencies]]\n{lines}\n"


def read(text: str) -> FileTable:
    return read_partners(text, today=TODAY)


def test_the_example_is_right_and_holds_the_cast_of_the_sandbox() -> None:
    file = read(EXAMPLE)
    (team,) = file.teams
    people = [*team.coordinators, *(c for agency in team.agencies for c in agency.contacts)]
    named = {person.slack_id for person in people if person.slack_id}
    not_in_it = {CAST["utenforstaende"], CAST["udi"]}
    assert named == set(CAST.values()) - not_in_it
    rules = TeamRules(places=team.places, link_hosts=team.link_hosts)
    signed = replace(rules, mail_name="Utekontakten", mail_phone="55 00 00 00")
    assert team.team_rules == replace(signed, video_room="https://meet.example.no/tot-bergen")
    assert len(team.places) == 3
    # Its numbers and addresses reach nobody.
    assert all((agency.duty_line or "").startswith("55 00 00 0") for agency in team.agencies)
    assert all(person.work_mail is None or person.work_mail.endswith(".example") for person in people)


def test_what_the_example_has_as_a_comment_is_right_too() -> None:
    """A second team, and services that a team may need."""
    before, _, after = EXAMPLE.rpartition("# [[teams]]")
    comment = "\n".join(line.removeprefix("# ") for line in f"# [[teams]]{after}".splitlines())
    assert [t.key for t in read(before + comment).teams] == ["tot-bergen", "tot-nsk"]
    before, mark, after = EXAMPLE.partition("# [[teams.agencies]]")
    commented, _, _ = after.partition("\n\n")
    lines = [line.removeprefix("# ") for line in f"{mark}{commented}".splitlines() if line != "#"]
    (team,) = read(before + "\n".join(lines)).teams
    named = {agency.name: agency for agency in team.agencies}
    assert {"NAV", "UNE", "Krisesenteret", "ROSA", "HTSO (Oslo)"} <= named.keys()
    assert named["Krisesenteret"].cover_name == "botilbud 2"
    assert not any(named[name].municipal for name in ("UNE", "ROSA", "HTSO (Oslo)"))


def test_what_is_left_out_has_the_defaults() -> None:
    """Positions too: the place in the list is the order on call."""
    people = '{ slack_id = "U0AAAAAAA", title = "x" }, { work_mail = "b@b.example", title = "y" }'
    (team,) = read(with_agency(f'key = "a"\nkind = "health"\nname = "A"\ncontacts = [{people}]')).teams
    assert (team.team_rules, team.language, team.zone) == (TeamRules(), Language.NB, "Europe/Oslo")
    (agency,) = team.agencies
    told = [(c.position, c.hours, c.leader) for c in agency.contacts]
    assert (agency.kind, told) == (AgencyKind.HEALTH, [(n, Hours.ALWAYS, False) for n in (1, 2)])


@every(
    ("agency", "fault"),
    [
        ('kind = "poilce"', "kind: Input should be 'police', "),
        ('duty_line = "123"', "duty_line: is not a Norwegian telephone number"),
        ('core = "yes"', "core: Input should be a valid boolean"),
        ('can = "Ring 917 77 777"', "can: contains what is not allowed in free text: phone"),
        ('can = "Kjenner 25057990018"', "can: contains what is not allowed in free text: birth number"),
        (
            'kind = "crisis_centre"\ncover_name = "Bergen krisesenter"',
            "agencies 1: needs a cover_name: «botilbud»",
        ),
        ('kind = "institution"', "agencies 1: needs a cover_name: «botilbud»"),
        ('contacts = [{ title = "x" }]', "contacts 1: needs a slack_id, a work_mail, or both"),
        ('contacts = [{ slack_id = "U0AAAAAAA" }]', "contacts 1 › title: Field required"),
        (
            'contacts = [{ slack_id = "@vakt", title = "x" }]',
            "contacts 1 › slack_id: is not a person's Slack",
        ),
        (
            'contacts = [{ work_mail = "a@b.example", title = "f. 12.05.2009" }]',
            "contacts 1 › title: contains what",
        ),
        (
            'contacts = [{ slack_id = "U0AAAAAAA", title = "x", position = 1 },'
            ' { slack_id = "U0BBBBBBB", title = "y", position = 1 }]',
            "contacts: 1 and 2 have the same position",
        ),
    ],
)
def test_a_wrong_agency(agency: str, fault: str) -> None:
    lines = ['key = "a"', 'kind = "health"', 'name = "A"', *agency.splitlines()]
    last = {line.partition(" =")[0]: line for line in lines}
    assert [f for f in faults_of(with_agency("\n".join(last.values()))) if fault in f]


WRONG_STEPS = ("15, 30, 60", "15, 30, 60, 90, 120", "15, 15, 60, 90", "0, 1, 2, 3", '"15", "30", "60", "90"')


@every(
    ("team", "fault"),
    [
        ("[teams.rules]\nwork_from = 16\nwork_to = 8", "rules: work_from must be before work_to"),
        (
            "[teams.rules]\nretention_days = 0",
            "rules › retention_days: Input should be greater than or equal to 1",
        ),
        ("[teams.rules]\nretention = 3", "rules › retention: Extra inputs are not permitted"),
        ('[teams.rules.quorum]\nany_of = [["x"]]', "rules › quorum › any_of 1 1: Input should be"),
        ('[teams.statement]\nnb = "x"\nde = "y"', "statement › de: Extra"),
        ('needs = ["ring 41 23 45 67"]', "needs 1: contains what is not"),
        ('mail_name = "TOT Bergen"\nmail_phone = "55000000"', "names TOT"),
        ('mail_name = "Utekontakten"', "belong together"),
        ('video_room = "https://elsewhere.example/1"', "video_room must be an https link at one of"),
        (f'mail_name = "{"x" * 76}"\nmail_phone = "55000000"', "mail_name: is longer than"),
        ('places = [" "]', "places 1: is empty"),
        ('agenda = ["own_voise"]', "agenda 1: is not one of protection, age_and_identity"),
        # An escalation has four steps, which increase.
        *((f"[teams.rules]\nacute_steps = [{steps}]", "acute_steps") for steps in WRONG_STEPS),
    ],
)
def test_wrong_rules(team: str, fault: str) -> None:
    assert [f for f in faults_of(f"{LEAST}{team}\n") if fault in f]


def test_two_teams_and_two_agencies_have_different_keys_and_names() -> None:
    agency = '[[teams.agencies]]\nkey = "a"\nkind = "health"\nname = "A"\n'
    for key, same in (('"a"', "key"), ('"b"', "name")):
        another = agency.replace('key = "a"', f"key = {key}").replace('"A"', '"a"')
        assert faults_of(LEAST + agency + another) == [f"teams 1 › agencies: 1 and 2 have the same {same}"]
        assert faults_of(LEAST + LEAST.replace('"t"', key if same == "name" else '"t"')) == [
            f"teams: 1 and 2 have the same {same}"
        ]


def test_a_team_needs_a_coordinator_who_can_type_commands() -> None:
    (fault,) = faults_of(LEAST.replace('slack_id = "U0KOORDINATOR"', 'work_mail = "k@k.example"'))
    assert fault.startswith("teams 1 › coordinators: needs at least one with a slack_id: cases are")


def test_what_was_written_is_not_repeated() -> None:
    wrong = 'key = "a"\nkind = "kanari"\nname = "A"\ncan = "kanari 25057990018"\nduty_line = "kanari"'
    assert "kanari" not in "\n".join(faults_of(with_agency(wrong)))


@given(st.text(alphabet="[]{}=\".,#'\n tk1", max_size=60))
def test_no_text_whatever_is_answered_by_anything_but_faults(text: str) -> None:
    with pytest.raises(WrongFile):
        read(text)


class Office:
    """A database, and what the operator and the coordinator do with it."""

    def __init__(self, database: SqlDatabase) -> None:
        self.database = database

    async def imports(self, text: str) -> None:
        await self.database.write(lambda uow: import_partners(uow, read_partners(text)))

    async def sees(self, text: str) -> list[str]:
        """Return the differences and what is kept, as an operator sees them."""
        return await self.database.read(lambda uow: plan_import(uow, read_partners(text)))

    async def exports(self) -> str:
        return await self.database.read(export_partners)

    async def people(self) -> dict[str, Person]:
        found = await self.database.read(lambda uow: uow.find(Person))
        return {p.slack_id or str(p.work_mail): p for p in found}

    async def contacts(self, key: str) -> list[tuple[str, int]]:
        """Return an agency's contacts, with their order on call."""
        (agency,) = await self.database.read(lambda uow: uow.find(Agency, key=key))
        contacts = await self.database.read(lambda uow: uow.contacts(agency.id))
        names = {person.id: who for who, person in (await self.people()).items()}
        return [(names[c.person_id], c.position) for c in contacts]

    async def coordinators(self) -> set[str]:
        found = await self.database.read(lambda uow: uow.find(Coordinator, until=None))
        return {who for who, p in (await self.people()).items() if p.id in {c.person_id for c in found}}


@pytest.fixture
async def office(sqlite_database_url: str, clock: SettableClock) -> AsyncIterator[Office]:
    """An office on SQLite, on a Wednesday, with the example imported."""
    clock.move_to(datetime(2026, 11, 25, 9, tzinfo=UTC))
    async with opened(sqlite_database_url, clock) as database:
        office = Office(database)
        await office.imports(EXAMPLE)
        yield office


def without_lines(text: str, pattern: str) -> str:
    """Return the text without the lines that match the pattern."""
    return "\n".join(line for line in text.splitlines() if not re.search(pattern, line))


def without_agency(text: str, key: str) -> str:
    parts = text.split("\n[[teams.agencies]]")
    return "\n[[teams.agencies]]".join(p for p in parts if f'\nkey = "{key}"' not in p)


async def test_what_is_exported_can_be_imported_and_changes_nothing(office: Office) -> None:
    """Everything that people typed is restored, and the team's own lists."""
    statement = '[teams.statement]\nnb = "Taushet «gjelder».\\nAlltid."\nen = "\\"Quoted\\""\n'
    law = '# [teams.placement_law]\n# read = 2026-11-01\n# nb = "…"\n'
    assert law in EXAMPLE
    own = EXAMPLE.replace("# themes =", "themes =").replace("guidance_days = 2 ", "guidance_days = 3 ")
    own = own.replace("# [teams.statement]\n", statement).replace(law, law.replace("# ", ""))
    own = own.replace("[teams.rules]", 'needs = ["tolk", "helse", "tolk"]\n[teams.rules]', 1)
    own = own.replace("placement_weeks = [8, 4, 2]", "placement_weeks = [2, 6]")
    own = own.replace('title = "Stedfortreder"', 'title = ""')
    await office.imports(own)
    exported = await office.exports()
    for kept in ('"Meldeplikt"', "guidance_days = 3", "read = 2026-11-01", '"tolk"'):
        assert kept in exported
    (rules,) = await office.database.read(lambda uow: [team.rules for team in uow.teams()])
    assert (rules.needs, rules.placement_weeks) == (("tolk", "helse"), (6, 2)), "each once, the latest first"
    assert await office.sees(exported) == []
    await office.imports(exported.replace("TOT Bergen", 'TOT \\"B\\" \\\\ #'))
    assert await office.sees(await office.exports()) == []


async def test_a_changed_file_shows_and_does_exactly_the_difference(office: Office) -> None:
    changed = EXAMPLE.replace("acute_window = 60 ", "acute_window = 90 ").replace(
        'name = "Helsetjenesten"', 'name = "Helse"'
    )
    changed = changed.replace("\nminimum = 3", "\nminimum = 2")
    changed = changed.replace('title = "Vakthavende", position = 2', 'title = "Vaktleder", position = 4')
    changed = without_lines(changed, "vara@sosialtjenesten")
    changed = without_agency(changed, "udi")
    changed = changed.replace('"post@udi.example"', "")
    told = await office.sees(changed)
    for line in (
        f"- {TEAM} › agencies sosialtjenesten › contacts: {{ work_mail",
        f'- {TEAM} › agencies udi › key: "udi"',
        f'- {TEAM} › agencies helse › name: "Helsetjenesten"',
        f'+ {TEAM} › agencies helse › name: "Helse"',
        f"- {TEAM} › rules › acute_window: 60",
        f"+ {TEAM} › rules › acute_window: 90",
        f"+ {TEAM} › rules › quorum › minimum: 2",
    ):
        assert any(each.startswith(line) for each in told), line
    await office.imports(changed)
    assert await office.sees(changed) == []
    assert await office.contacts("sosialtjenesten") == [("U0SOSIALTJ", 1)]

    await office.imports(EXAMPLE)
    assert await office.sees(EXAMPLE) == []
    assert await office.contacts("udi") == [("post@udi.example", 1)]
    contacts = await office.database.read(lambda uow: uow.find(Contact))
    assert len(contacts) == 14, "who comes back is the same contact as before"


async def test_a_team_that_the_file_does_not_name_stays(office: Office) -> None:
    whose = 'coordinators = [{ slack_id = "U0KOORDINATOR" }]'
    other = f'[[teams]]\nkey = "tot-nsk"\nname = "TOT NSK"\nmandate = "M"\n{whose}\n'
    assert all(line.startswith("+ team tot-nsk › ") for line in await office.sees(other))
    await office.imports(other)
    assert len(await office.database.read(lambda uow: uow.teams())) == 2
    assert (await office.people())["U0KOORDINATOR"].work_mail == "koordinator@kommune.example"


@pytest.mark.parametrize("has_looked", [False, True])
async def test_who_had_a_mail_alone_gets_a_slack_id_and_is_the_same(office: Office, has_looked: bool) -> None:
    """Also where the Slack id has already opened Home, as an unknown person, and does so again."""
    if has_looked:
        await office.database.write(lambda uow: open_home(uow, Person(uow.ids.new(), "U0UDI")))
    before = (await office.people())["post@udi.example"]
    await office.imports(EXAMPLE.replace('work_mail = "post@u', 'slack_id = "U0UDI", work_mail = "post@u'))
    after = (await office.people())["U0UDI"]
    assert (after.id, after.home) == (before.id, False)


async def test_what_an_entry_leaves_out_stays_and_who_is_named_twice_is_one(
    office: Office,
) -> None:
    mail = ', work_mail = "kontakt@helse.example"'
    assert await office.sees(EXAMPLE.replace(mail, "")) == []
    (line,) = (line for line in EXAMPLE.splitlines() if mail in line)
    named = line.replace(mail, "").replace(
        "}]", '}, { work_mail = "kontakt@helse.example", title = "Lege" }]'
    )
    await office.imports(EXAMPLE.replace(line, named))
    assert await office.contacts("helse") == [("U0HELSE", 2)]
    await office.imports(EXAMPLE.replace("kontakt@helse.example", ""))
    assert (await office.people())["U0HELSE"].work_mail is None


async def test_two_known_people_are_not_made_one(office: Office) -> None:
    text = without_lines(EXAMPLE, "vara@sosialtjenesten.example")
    text = text.replace("kontakt@sosialtjenesten", "vara@sosialtjenesten")
    with pytest.raises(WrongFile, match=r"^U0SOSIALTJ / vara@sosialtjenesten\.example: "):
        await office.imports(text)


async def test_a_mail_can_be_handed_on_and_two_with_a_slack_id_each_stay_two(office: Office) -> None:
    """Mails are unique at every step: released before reuse."""
    before = await office.people()
    text = without_lines(EXAMPLE, "vakt@politi.example").replace("exit@politi.example", "vakt@politi.example")
    await office.imports(text)
    after = await office.people()
    assert after["U0POLITIVAKT"] == replace(before["U0POLITIVAKT"], work_mail=None)
    assert after["U0POLITIEXIT"] == replace(before["U0POLITIEXIT"], work_mail="vakt@politi.example")
    assert await office.contacts("politi") == [("U0POLITIEXIT", 1), ("U0POLITILEDER", 3)]
    await office.imports(EXAMPLE)
    assert await office.people() == before


@pytest.mark.parametrize("has_looked", [False, True])
async def test_another_slack_id_with_a_known_mail_is_somebody_new(office: Office, has_looked: bool) -> None:
    """Also of somebody who is in the file without their Slack id for a while."""
    if has_looked:
        await office.database.write(lambda uow: open_home(uow, Person(uow.ids.new(), "U0ANNENHELSE")))
    before = (await office.people())["U0HELSE"]
    other = EXAMPLE.replace("U0HELSE", "U0ANNENHELSE")
    await office.imports(other)
    people = await office.people()
    assert people["U0HELSE"] == replace(before, work_mail=None)
    assert people["U0ANNENHELSE"].id != before.id
    assert await office.contacts("helse") == [("U0ANNENHELSE", 1)]

    await office.imports(other.replace('slack_id = "U0ANNENHELSE", ', ""))
    await office.imports(other.replace("U0ANNENHELSE", "U0ENTREDJE"))
    after = await office.people()
    assert after["U0ENTREDJE"].id not in {before.id, people["U0ANNENHELSE"].id}
    assert after["U0ANNENHELSE"].id == people["U0ANNENHELSE"].id
    assert await office.sees(await office.exports()) == []


async def test_whom_open_cases_need_is_not_taken_out(sqlite_database_url: str) -> None:
    """Until the case is closed; a seat does not follow the mailbox."""
    bared = EXAMPLE.replace('= "institution"', '= "other"').replace('cover_name = "botilbud 1"\n', "")
    coordinator = EXAMPLE.replace("U0VARAKOORD", "U0NYKOORD").replace("vara-koordinator@", "ny@")
    changes = {
        without_agency(EXAMPLE, "helse"): "agency tot-bergen/helse takes part in an open case",
        bared: "agency tot-bergen/botilbud takes part in an open case, so it cannot become",
        EXAMPLE.replace("U0HELSE", "U0ANNEN"): "contact tot-bergen/helse: U0HELSE holds a seat in an open",
        coordinator: "coordinator tot-bergen: U0VARAKOORD / vara-koordinator@kommune.example has a seat",
    }
    async with rehearse(sqlite_database_url, starts=STARTS, sandbox=quick()) as rehearsal:
        town, office = Town(rehearsal), Office(rehearsal.bot.database)
        await town.opens_case("Helsetjenesten", "botilbud 1")
        before = (await office.people())["U0HELSE"]
        for text, why in changes.items():
            with pytest.raises(WrongFile, match=f"^{re.escape(why)}"):
                await office.imports(text)
        assert await office.sees(await office.exports()) == []
        await office.imports(coordinator.replace("U0NYKOORD", "U0VARAKOORD"))
        await town.koordinator.does("/tot avslutt", in_=town.room)
        for text in changes:
            await office.imports(text)
        assert await office.contacts("helse") == [("U0HELSE", 1)]
        assert await office.coordinators() == {"U0KOORDINATOR", "U0NYKOORD"}
        assert (await office.people())["U0HELSE"] == before


async def test_all_coordinators_can_be_replaced(office: Office) -> None:
    text = EXAMPLE.replace("U0KOORDINATOR", "U0NYEN", 1).replace("U0VARAKOORD", "U0NYTO")
    await office.imports(text.replace("koordinator@", "nykoordinator@"))
    assert await office.coordinators() == {"U0NYEN", "U0NYTO"}
