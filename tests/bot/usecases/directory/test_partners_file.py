"""Reading a partners file: the example is right, and everything wrong is told with its place."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.directory.entities import AgencyKind, Hours, TeamRules
from bot.domain.language import Language
from bot.usecases.directory.partners.lines import Lines, Place
from bot.usecases.directory.partners.reader import PartnersFile, WrongFile, read_partners
from sandbox.cast import CAST
from tests.every import every

EXAMPLE = (Path(__file__).parents[4] / "partners.example.toml").read_text("utf-8")
TODAY = date(2026, 11, 24)
LEAST = """\
[[teams]]
key = "t"
name = "T"
mandate = "M"
coordinators = [{ slack_id = "U0KOORDINATOR" }]
"""


def faults_of(text: str) -> list[str]:
    """The lines that an operator would see."""
    with pytest.raises(WrongFile) as wrong:
        read_partners(text, today=TODAY)
    return [str(fault) for fault in wrong.value.faults]


def with_agency(lines: str) -> str:
    """The least file with one agency of these lines, which begin on line 7."""
    return f"{LEAST}[[teams.agencies]]\n{lines}\n"


def read(text: str) -> PartnersFile:
    return read_partners(text, today=TODAY)


def test_the_example_is_right_and_holds_the_cast_of_the_sandbox() -> None:
    file = read(EXAMPLE)
    assert file.warnings == ()
    (team,) = file.teams
    named = {human.slack_id for human in file.humans if human.slack_id}
    not_in_it = {CAST["utenforstaende"], CAST["udi"]}
    assert named == set(CAST.values()) - not_in_it
    rules = TeamRules(places=team.rules.places, link_hosts=team.rules.link_hosts)
    signed = replace(rules, mail_name="Utekontakten", mail_phone="55 00 00 00")
    assert team.rules == replace(signed, video_room="https://meet.example.no/tot-bergen")
    assert len(team.rules.places) == 3
    # Nobody is rung or written to by it.
    assert all((agency.duty_line or "").startswith("55 00 00 0") for agency in team.agencies)
    assert all(human.work_mail is None or human.work_mail.endswith(".example") for human in file.humans)


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
    (team,) = read(LEAST).teams
    told = (team.rules, team.language, team.zone, team.agencies)
    assert told == (TeamRules(), Language.NB, "Europe/Oslo", ())


def test_without_a_position_the_place_in_the_list_is_the_order_on_call() -> None:
    text = with_agency(
        'key = "a"\nkind = "health"\nname = "A"\n'
        'contacts = [{ slack_id = "U0AAAAAAA", title = "x" }, { work_mail = "b@b.example", title = "y" }]'
    )
    (agency,) = read(text).teams[0].agencies
    assert agency.kind is AgencyKind.HEALTH
    told = [(c.position, c.hours, c.leader) for c in agency.contacts]
    assert told == [(1, Hours.ALWAYS, False), (2, Hours.ALWAYS, False)]


def test_one_human_is_the_same_wherever_named() -> None:
    text = with_agency(
        'key = "a"\nkind = "health"\nname = "A"\ncontacts = [{ work_mail = "k@K.example", title = "x" }]'
    ).replace('"U0KOORDINATOR"', '"U0KOORDINATOR", work_mail = "K@k.example"')
    file = read(text)
    assert len(file.humans) == 1
    assert file.teams[0].agencies[0].contacts[0].human == file.teams[0].coordinators[0]


def test_everything_wrong_is_told_at_once_with_line_and_place() -> None:
    text = LEAST.replace('name = "T"', 'nmae = "T"') + (
        '[[teams.agencies]]\nkey = "a"\nkind = "institution"\nname = "A"\ncontacts = [\n'
        '  { slack_id = "U0AAAAAAA", title = "x", position = 2 },\n'
        '  { work_mail = "a@b.example, c@d.example", title = "y" },\n]\n'
    )
    assert faults_of(text) == [
        "line 1: teams[0].name: is missing",
        "line 3: teams[0].nmae: is not known here; did you mean name?",
        "line 6: teams[0].agencies[0].cover_name: is missing:"
        " such a service is shown as «botilbud 1» and nothing else",
        "line 12: teams[0].agencies[0].contacts[1].work_mail: is not one plain e-mail address",
        "line 12: teams[0].agencies[0].contacts[1]: is the same as teams[0].agencies[0].contacts[0].position",
    ]


@every(
    ("agency", "fault"),
    [
        ('kind = "poilce"', "kind: must be 'police', "),
        ('duty_line = "123"', "duty_line: is not a Norwegian telephone number"),
        ('core = "yes"', "core: must be true or false"),
        ('can = "Ring 917 77 777"', "can: holds a telephone number"),
        ('can = "Kjenner 25057990018"', "can: holds a national identity number"),
        ('kind = "crisis_centre"\ncover_name = "Bergen krisesenter"', "cover_name: must be «botilbud»"),
        ('contacts = [{ title = "x" }]', "contacts[0]: needs a slack_id, a work_mail, or both"),
        ('contacts = [{ slack_id = "U0AAAAAAA" }]', "contacts[0].title: is missing"),
        ('contacts = [{ slack_id = "@vakt", title = "x" }]', "contacts[0].slack_id: is not a person's Slack"),
        ('contacts = [{ work_mail = "a@b.example", title = "f. 12.05.2009" }]', "contacts[0].title: holds a"),
        (
            'contacts = [{ work_mail = "a@b.example", title = "x" },'
            ' { work_mail = "A@b.example", title = "y" }]',
            "contacts[1]: is the same as teams[0].agencies[0].contacts[0]",
        ),
        (
            'contacts = [{ slack_id = "U0AAAAAAA", title = "x", position = 1 },'
            ' { slack_id = "U0BBBBBBB", title = "y", position = 1 }]',
            "contacts[1].position: is the same as teams[0].agencies[0].contacts[0].position",
        ),
        (
            'contacts = [{ slack_id = "U0KOORDINATOR", work_mail = "a@b.example", title = "x" },'
            ' { slack_id = "U0BBBBBBB", work_mail = "a@b.example", title = "y" }]',
            "contacts[1].slack_id: the same work mail has another one at teams[0].agencies[0].contacts[0]",
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
        ("[teams.rules]\nretention_days = 0", "rules.retention_days: must be greater than or equal to 1"),
        ("[teams.rules]\nretention = 3", "rules.retention: is not known here; did you mean retention_days?"),
        ('[teams.rules.quorum]\nany_of = [["x"]]', "rules.quorum.any_of[0][0]: must be"),
        ('[teams.statement]\nnb = "x"\nde = "y"', "statement.de: is not known here"),
        ('needs = ["ring 41 23 45 67"]', "needs[0]: holds a telephone number"),
        ('mail_name = "TOT Bergen"\nmail_phone = "55000000"', "names TOT"),
        ('mail_name = "Utekontakten"', "belong together"),
        ('agenda = ["own_voise"]', "agenda[0]: is none of protection, age_and_identity"),
        # The steps of an escalation are four, and rise.
        *((f"[teams.rules]\nacute_steps = [{steps}]", "acute_steps") for steps in WRONG_STEPS),
    ],
)
def test_wrong_rules(team: str, fault: str) -> None:
    assert [f for f in faults_of(f"{LEAST}{team}\n") if fault in f]


def test_two_teams_and_two_agencies_have_different_keys_and_names() -> None:
    agency = '[[teams.agencies]]\nkey = "a"\nkind = "health"\nname = "A"\n'
    faults = faults_of(LEAST + agency + agency.replace("A", "a") + LEAST)
    assert [f.partition(": ")[2] for f in faults] == [
        "teams[0].agencies[1].key: is the same as teams[0].agencies[0].key",
        "teams[0].agencies[1].name: is the same as teams[0].agencies[0].name",
        "teams[1].key: is the same as teams[0].key",
        "teams[1].name: is the same as teams[0].name",
    ]


def test_a_team_needs_a_coordinator_who_can_type_commands() -> None:
    (fault,) = faults_of(LEAST.replace('slack_id = "U0KOORDINATOR"', 'work_mail = "k@k.example"'))
    assert fault.startswith("line 5: teams[0].coordinators: needs at least one who has a slack_id: cases are")


@every("text", ["", "teams = 3", "teams = [[1]]", "x", "\0", "[[teams]]\n[[teams]]", "a.b=1"])
def test_what_is_no_partners_file_at_all_is_refused(text: str) -> None:
    assert faults_of(text)


def test_what_was_written_is_not_repeated() -> None:
    wrong = 'key = "a"\nkind = "kanari"\nname = "A"\ncan = "kanari 25057990018"\nduty_line = "kanari"'
    assert "kanari" not in "\n".join(faults_of(with_agency(wrong)))


def test_a_private_mail_and_an_agency_without_contacts_are_pointed_out() -> None:
    text = with_agency('key = "a"\nkind = "health"\nname = "A"').replace(
        'slack_id = "U0KOORDINATOR"', 'slack_id = "U0KOORDINATOR", work_mail = "k@gmail.com"'
    )
    assert [str(w) for w in read(text).warnings] == [
        "line 5: teams[0].coordinators[0].work_mail: is at a private mail provider, not a work mail",
        "line 6: teams[0].agencies[0]: has no contacts: there will be nobody to ask",
    ]


@given(st.text(alphabet="[]{}=\".,#'\n tk1", max_size=60))
def test_no_text_whatever_is_answered_by_anything_but_faults(text: str) -> None:
    with pytest.raises(WrongFile):
        read(text)


def test_lines_of_every_form_that_toml_has() -> None:
    text = (
        '# a comment with [brackets]\na.b = "x # y"\n"quoted key" = \'lit\'\n'
        'long = """\none "" two\n"""""\n'
        "[t.u]\nv = [ # here\n  [1, 2],\n  { k = 1, 'l' = [3] },\n]\n"
        "[[list]]\nwhen = 2026-11-24T10:00:00Z\n[[list.inner]]\nx = 1\n"
        "[[list]]\n[[list.inner]]\nx = '''\nit's'''\ny = 2"
    )
    tomllib.loads(text)
    lines = Lines(text)
    expected: dict[Place, int] = {
        **{("a", "b"): 2, ("quoted key",): 3, ("long",): 4},
        **{("t", "u", "v", 0, 1): 9, ("t", "u", "v", 1, "l", 0): 10},
        **{("list", 0, "when"): 13, ("list", 0, "inner", 0, "x"): 15, ("list", 1): 16},
        **{("list", 1, "inner", 0, "y"): 20, ("list", 1, "inner", 0, "missing"): 17},
    }
    assert {place: lines.of(place) for place in expected} == expected
