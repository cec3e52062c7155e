"""A case is opened, agencies are asked into it, and what cannot stand is said before anything is sent."""

from __future__ import annotations

import re

from tests.stories import story
from tests.stories.town import Town

NOW, LATER = "Tjenester som spørres nå", "Tjenester som ventes senere"
ASKED = "trenger Politiet i en sak i TOT Bergen"


@story()
async def test_who_is_reviewed_is_who_is_asked_and_nobody_else(town: Town) -> None:
    koordinator = town.koordinator
    await koordinator.types("/tot sak i morgen kl 10")
    await koordinator.steps(
        {NOW: ["Politiet", "UDI", "Botilbud"], LATER: ["Helsetjenesten"], "Sted": "Møterom Nord"}
    )
    for told in (
        "onsdag 2. desember kl. 10–11 (i morgen)",
        "• Politiet: @politi-exit (Etterforsker, EXIT)",
        "• UDI: Saksbehandler. Nås ikke her i Slack: du må ringe: 55 00 00 06.",
        "for få tjenester på møtet",
        "*Ventes senere, får ikke beskjed*\n• Helsetjenesten",
        "Politiet (etterforskning): lovhjemmel",
    ):
        koordinator.sees(told, in_="modal")
    assert town.rings() == {}
    assert town.rooms == []
    await koordinator.steps()
    koordinator.sees("*Sendt til én tjeneste.*", in_="modal")
    await koordinator.puts_away()
    assert town.rings() == {"koordinator": 2, "politi-exit": 1, "vara-koordinator": 1}
    assert town.inside() == {"koordinator"}
    town.politi_exit.sees(ASKED)
    town.vara_koordinator.sees_no("Politiet", but="Det er opprettet en sak")
    town.koordinator.sees("*UDI:* Saksbehandler\n*Vakttelefon:* 55 00 00 06", in_="tot-bot")
    for row in (
        "*0 kommer* · 1 har ikke svart · 2 må ringes",
        "*Politiet:* har ikke bekreftet taushetsplikten · @politi-exit",
        "*Helsetjenesten:* ventet, men ikke spurt ennå",
        "*UDI:* må ringes",
    ):
        assert row in town.card()
    for nobody in (town.utenforstaende, town.botilbud, town.helse, town.politi_vakt):
        assert nobody.messages == []


@story()
async def test_what_cannot_stand_is_said_beside_its_field_and_nothing_is_sent(town: Town) -> None:
    koordinator = town.koordinator
    await koordinator.types("/tot sak i morgen kl 10")
    assert set(await koordinator.is_refused()) == {NOW}
    police = {NOW: ["Politiet"], "Sted": "Møterom Nord"}
    for fields, where in (
        ({"Hvor mange personer": "27"}, "Hvor mange personer gjelder saken?"),
        ({"Hvor mange personer": "0"}, "Hvor mange personer gjelder saken?"),
        ({"Hvor mange personer": "1", LATER: ["Politiet"]}, f"{LATER}"),
        ({LATER: None, "Lenke": "https://elsewhere.example/1"}, "Lenke til videomøte"),
        ({"Lenke": None, "Dagsorden": "Ring 912 34 567"}, "Dagsorden eller merknad"),
        ({"Dagsorden": "Jente 15 år"}, "Dagsorden eller merknad"),
        ({"Dagsorden": None, "Sted": None}, "Sted Lenke til videomøte"),
        ({"Sted": "Møterom Nord", "Når begynner": town.now.replace(hour=8)}, "Når begynner møtet?"),
    ):
        refused = await koordinator.is_refused({**police, **fields})
        assert refused, fields
        assert all(label in where for label in refused), (fields, refused)
    assert town.rooms == []
    assert town.rings() == {}


def without_links(partners: str) -> str:
    """A team with places and no approved hosts of links."""
    return re.sub(r"^(link_hosts|video_room) .*$", "", partners, flags=re.MULTILINE)


@story(partners=without_links)
async def test_a_meeting_is_somewhere_also_where_no_link_is_approved(town: Town) -> None:
    await town.koordinator.types("/tot sak i morgen kl 10")
    assert "Sted" in await town.koordinator.is_refused({NOW: ["Politiet"]})
    await town.koordinator.sends({NOW: ["Politiet"], "Sted": "Møterom Nord"})
    assert "Møterom Nord" in town.card()
    await town.koordinator.types("/tot møte fredag kl 10", in_=town.room)
    assert "Lenke" not in town.koordinator.form
    assert "Sted" in await town.koordinator.is_refused({"Sted": None})


@story("Politiet", "UDI", when="i morgen kl 10")
async def test_a_time_that_people_may_stumble_over_is_pointed_out(town: Town) -> None:
    koordinator = town.koordinator
    for when, warning in (
        ("lørdag kl 10", "Møtet er i en helg."),
        ("24. desember kl 10", "Dette er en fridag for mange (Julaften)."),
        ("i morgen kl 10:30", "Møtet overlapper et annet møte i en sak du er med i."),
        ("i morgen kl 11", None),
        ("om 20 minutter", "under en halv time til møtet"),
        ("om 40 minutter", None),
        ("torsdag kl 06:30", None),  # whoever calls an acute case together knows that
    ):
        await koordinator.types(f"/tot møte {when}", in_=town.room)
        await koordinator.steps({"Sted": "Møterom Nord"})
        said = [line for line in koordinator.form.splitlines() if line.startswith(":warning:")]
        told = [line for line in said if "for få tjenester" not in line]
        assert len(told) == (warning is not None), (when, told)
        assert warning is None or warning in told[0]
    await koordinator.does("/tot fase", in_=town.room)
    await koordinator.types("/tot møte torsdag kl 06:30", in_=town.room)
    await koordinator.steps({"Sted": "Møterom Nord"})
    koordinator.sees("Møtet er på en tid da mange sover", in_="modal")


@story("Politiet", confirmed=("politi-exit",))
async def test_one_more_agency_is_asked_and_an_expected_one_is_asked_when_it_is_time(town: Town) -> None:
    koordinator = town.koordinator
    for expected in (["Ikke nå, bare ventet"], None):
        await koordinator.does("/tot inviter helse", {"Når får tjenesten beskjed?": expected}, in_=town.room)
        if expected:
            assert "*Helsetjenesten:* ventet, men ikke spurt ennå" in town.card()
            assert town.rings() == {}
            assert town.helse.messages == []
    assert town.rings() == {"helse": 1}, "and nobody who was asked before is told again"
    assert "*Helsetjenesten:* har ikke bekreftet taushetsplikten" in town.card()
    await town.helse.confirms()
    town.helse.sees("onsdag 2. desember" if "2. desember" in town.card() else "3. desember kl. 10–11")
    assert "helse" in town.inside()
    await koordinator.types("/tot inviter", in_=town.room)
    assert not any("Helsetjenesten" in option for option in koordinator.choices("Tjeneste"))


@story(
    "Politiet",
    "Barneverntjenesten",
    confirmed=("politi-exit", "barnevern"),
    fields={"Hvor mange personer": "2"},
)
async def test_an_agencys_part_is_changed_and_rings_nobody(town: Town) -> None:
    await town.koordinator.presses("Valg", in_=town.room)
    await town.koordinator.presses("Endre …", near="*Politiet:*")
    await town.koordinator.sends(
        {"Hvilke personer": ["B"], "Hvorfor": "Et sted å bo", "grunnlag": "Samtykke"}
    )
    assert town.rings() == {}
    row = next(line for line in town.card().splitlines() if line.startswith("*Politiet:*"))
    assert row.endswith("for B")
    await town.koordinator.presses("Valg", in_=town.room)
    town.koordinator.sees("Gjelder B · et sted å bo · samtykke", in_="modal")
    await town.koordinator.presses("Endre …", near="*Politiet:*")
    assert "Hvilke personer gjelder det?" in await town.koordinator.is_refused({"Hvilke personer": None})


def with_a_second_team(partners: str) -> str:
    """The example's second team too, which has no services yet."""
    before, _, after = partners.rpartition("# [[teams]]")
    return before + "\n".join(line.removeprefix("# ") for line in f"# [[teams]]{after}".splitlines())


@story(partners=with_a_second_team)
async def test_who_coordinates_two_teams_says_which_one_first(town: Town) -> None:
    for team, follows in (("TOT NSK", "Teamet har ingen tjenester ennå"), ("TOT Bergen", NOW)):
        await town.koordinator.types("/tot sak i morgen kl 10")
        assert town.koordinator.choices("Team") == ["TOT Bergen", "TOT NSK"]
        await town.koordinator.steps({"Team": team})
        town.koordinator.sees(follows, in_="modal")
    await town.vara_koordinator.types("/tot sak i morgen kl 10")
    town.vara_koordinator.sees_no("Team", but=NOW, in_="modal")


@story("Politiet")
async def test_whoever_is_new_since_the_review_is_pointed_out_before_anything_is_sent(town: Town) -> None:
    koordinator, rooms = town.koordinator, town.rooms
    await koordinator.types("/tot sak i morgen kl 10")
    shown = await koordinator.looks_over({NOW: ["Bistandsadvokaten"], "Sted": "Møterom Nord"})
    assert "du må ringe" not in shown
    await town.bistandsadvokat.is_deactivated()
    again = await koordinator.looks_over()
    # On top, and at the foot, where «Send» was pressed: why, and who is new.
    assert again.count("Det er ikke lenger de samme som får beskjed.") == 2
    assert "du må ringe" in again
    assert town.rooms == rooms
    await koordinator.steps()
    assert len(town.rooms) == len(rooms) + 1
    await koordinator.types("/tot inviter barneverntj", in_=town.room)
    assert "• Barneverntjenesten: @barnevern" in await koordinator.looks_over()
    await town.barnevern.is_deactivated()
    assert "Det er ikke lenger de samme" in await koordinator.looks_over()
    town.barnevern_leder.sees_no("trenger Barneverntjenesten", but="koordinator: Det er ikke lenger de samme")
    await koordinator.steps()
