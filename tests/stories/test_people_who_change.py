"""People who change: accounts that close, become guests, move away, or change owner; and who is forgotten."""

from __future__ import annotations

from tests.stories import story
from tests.stories.test_answering import says_not_ours
from tests.stories.test_ringing import COMES, CONFIRMS, rang
from tests.stories.town import CONFIRM, Town

BOTH = ("Politiet", "Barneverntjenesten")
IN = ("politi-exit", "barnevern")
GONE = "har ikke lenger konto i Slack"


@story(
    *(*BOTH, "Sosialtjenesten"),
    confirmed=(*IN, "sosialtjenesten", "vara-koordinator"),
    answered=("politi-exit",),
)
async def test_the_agency_is_asked_anew_until_its_leader_is_asked_or_is_to_be_rung(town: Town) -> None:
    await town.politi_exit.is_deactivated()
    for who in (town.koordinator, town.vara_koordinator):
        assert "@politi-vakt er spurt i stedet" in who.sees(f"*@politi-exit (Politiet) {GONE}")
    assert town.rings() == {"koordinator": 1, "politi-vakt": 1, "vara-koordinator": 1}
    assert town.inside() == {"koordinator", "vara-koordinator", "barnevern", "sosialtjenesten"}
    assert "*Politiet:* har ikke bekreftet taushetsplikten · @politi-vakt" in town.card()
    town.politi_vakt.sees_no(town.code, but="trenger Politiet i en sak i TOT Bergen")
    await town.until("11:00", days=1)
    assert town.rings()["politi-leder"] == 1
    await town.politi_vakt.comes()
    assert "*Politiet:* kommer · @politi-vakt" in town.card()
    # Nobody else of social services is on Slack.
    town.rings()
    await town.sosialtjenesten.is_deactivated()
    assert "Ring vakttelefonen og hør hvem som kommer" in town.koordinator.sees(GONE)
    ring = {"koordinator": 2, "vara-koordinator": 1}
    assert town.rings() == ring, "and the list of whom to ring, in which it is recorded"
    assert "*Sosialtjenesten:* må ringes" in town.card()
    assert "sosialtjenesten" not in town.inside()
    # A contact without a name is told of by the agency alone.
    await town.koordinator.does("/tot inviter botilbud", in_=town.room)
    await rang(town, "botilbud 1", COMES)
    await town.botilbud.is_deactivated()
    town.koordinator.sees(f"*Kontaktpersonen hos botilbud 1 {GONE}")


@story(*BOTH, confirmed=("politi-exit",))
async def test_a_deputy_of_who_is_gone_has_the_seat_and_need_not_confirm_again(town: Town) -> None:
    await town.police_send_a_deputy()
    await town.politi_exit.is_deactivated()
    assert town.inside() == {"koordinator", "politi-vakt"}
    assert CONFIRM not in town.politi_vakt.offers("tot-bot")
    await town.koordinator.does("/tot møte i overmorgen kl 14", {"Sted": "Møterom Nord"}, in_=town.room)
    assert "kl. 14–15" in town.politi_vakt.sees("Kommer du på møtet i sak")


@story(*BOTH, confirmed=("politi-exit",))
async def test_who_has_the_seat_of_who_is_gone_is_asked_although_a_deputy_was_named(town: Town) -> None:
    await town.politi_exit.does("Kan ikke", {"i stedet": "Leder"}, in_="tot-bot")
    await town.politi_exit.is_deactivated()
    town.politi_vakt.sees("*Møte torsdag 3. desember kl. 10, fysisk*", "trenger Politiet")
    await town.koordinator.presses("Avslå", in_="tot-bot")
    town.koordinator.sees_no("ingen å spørre", but="*Politiet:* har ikke bekreftet")


@story(*BOTH, confirmed=("barnevern", "vara-koordinator"))
async def test_whoever_is_back_confirms_anew_and_home_is_as_things_are_now(town: Town) -> None:
    police, vara, child, room = town.politi_exit, town.vara_koordinator, town.barnevern, town.room
    await child.looks_at_home()
    for gone in (police, vara, child, town.politi_vakt):
        await gone.is_deactivated()
    assert "*Politiet:* må ringes · @politi-exit" in town.card()
    await town.koordinator.does("/tot ut barneverntjenesten", in_=room)
    rung = await town.opens_case("Politiet")
    await rang(town, "Politiet", CONFIRMS)
    for back in (police, vara, child):
        await back.is_reactivated()
    assert room[4:] not in child.home, "though they have not opened it"
    assert town.inside(rung) == {"koordinator", "politi-exit"}, "they have confirmed on the telephone"
    assert town.inside(room) == {"koordinator"}
    for back in (police, vara, vara):
        await back.confirms()
    assert town.inside(room) == town.inside(rung) == {"koordinator", "politi-exit", "vara-koordinator"}


@story(*BOTH, confirmed=(*IN, "vara-koordinator"))
async def test_a_coordinator_made_a_guest_coordinates_no_more_and_a_contact_stays(town: Town) -> None:
    await town.vara_koordinator.is_made_guest()
    assert "vara-koordinator" not in town.inside()
    told = town.koordinator.sees("@vara-koordinator koordinerer ikke lenger TOT Bergen")
    assert "kontoen er gjort om til gjest" in told
    assert "Nå er du den eneste koordinatoren" in told
    town.vara_koordinator.sees("Du koordinerer ikke lenger TOT Bergen")
    assert town.rings() == {"koordinator": 1, "vara-koordinator": 1}
    assert "koordinator" in await town.vara_koordinator.types("/tot sak")
    assert not town.vara_koordinator.form
    # Somebody who has moved to another workspace is unknown.
    await town.politi_exit.is_made_guest()
    await town.barnevern.moves_to("T0ANNENBY")
    assert town.inside() == {"koordinator", "politi-exit"}
    await town.politi_exit.presses("Jeg kommer")
    assert "*Politiet:* kommer" in town.card()


@story(*BOTH, confirmed=(*IN, "vara-koordinator"))
async def test_what_became_of_accounts_while_nobody_listened_is_seen_within_the_hour(town: Town) -> None:
    """Also where Slack does not report one of them."""
    workspace, other = town.runner.sandbox.workspace, town.koordinator.person.id
    workspace.user("vara-koordinator").is_restricted = True
    for handle in IN:
        workspace.user(handle).deleted = True
    fault = town.meets("error", "users.info", times=-1, where=lambda asked: asked.get("user") == other)
    busy = town.barnevern.person.id
    town.meets("ratelimited", "users.info", where=lambda asked: asked.get("user") == busy, retry_after=0)
    await town.jobs_run()
    assert town.inside() == {"koordinator"}
    for handle in IN:
        town.koordinator.sees(f"@{handle} (")
    assert "@politi-vakt er spurt i stedet" in "".join(town.koordinator.messages)
    town.koordinator.sees("koordinerer ikke lenger TOT Bergen")
    assert fault.hits
    assert await town.rings_when(town.jobs_run()) == {}, "told once"


@story(*BOTH, confirmed=("politi-exit",))
async def test_a_new_account_in_a_dead_conversation_is_written_to_in_a_new_one(town: Town) -> None:
    """Slack no longer knows the channel, or has archived it."""
    workspace, police = town.runner.sandbox.workspace, town.politi_exit
    for how, when in (("gone", "i morgen kl 14"), ("archived", "i morgen kl 15")):
        dead = workspace.direct(workspace.bot.id, police.person.id)
        if how == "gone":
            del workspace.channels[dead.id]
        else:
            dead.archived = True
        await town.koordinator.does(f"/tot flytt {when}", {"Sted": "Møterom Sør"}, in_=town.room)
        assert workspace.direct(workspace.bot.id, police.person.id).id != dead.id
        police.sees("kl. 14–15" if how == "gone" else "kl. 15–16", in_="tot-bot")
        if how == "gone":
            town.koordinator.sees_no("kom ikke fram", but="Sak")
        await police.presses("Jeg kommer", in_="tot-bot")
        assert "*Politiet:* kommer" in town.card()


@story()
async def test_who_only_looked_in_is_forgotten_within_the_hour_and_who_asked_in_a_month(town: Town) -> None:
    await town.utenforstaende.looks_at_home()
    await town.jobs_run()
    assert await town.keeps_of("utenforstaende") == ""
    await town.utenforstaende.writes("hei")
    await town.jobs_run()
    assert await town.keeps_of("utenforstaende")
    await town.utenforstaende.types("/tot språk english")
    await town.later("29 d")
    await town.jobs_run()
    assert '"en"' in await town.keeps_of("utenforstaende")
    await town.later("2 d")
    await town.jobs_run()
    assert await town.keeps_of("utenforstaende") == ""
    assert "Hvem kan hva" in await town.utenforstaende.types("/tot hvem")
    assert await town.keeps_of("politi-exit"), "who is a contact is kept"


@story(*BOTH, confirmed=IN)
async def test_a_new_coordinator_confirms_first_and_the_last_one_stays(town: Town) -> None:
    await town.koordinator.types("/tot koordinator")
    assert "Velg hvem som skal utnevnes eller fritas." in (await town.koordinator.is_refused()).values()
    await town.koordinator.does("/tot koordinator", {"Utnevn ny koordinator": "helse"})
    assert town.rings() == {"helse": 2}, "that they are one, and the open case"
    town.helse.sees_no("Politiet", but=CONFIRM)
    assert "helse" not in town.inside()
    await town.helse.confirms()
    assert "helse" in town.inside()
    await town.helse.does("/tot koordinator", {"Frita koordinator": "koordinator"})
    assert "koordinator" not in town.inside()
    assert town.rings() == {}, "another has the case"
    assert town.koordinator.messages == []
    assert "*Koordinerer:* @helse" in town.card()
    assert "koordinator" in await town.koordinator.types("/tot sak")
    await town.helse.does("/tot koordinator", {"Frita koordinator": "vara-koordinator"})
    await town.helse.types("/tot koordinator")
    await town.helse.sends({"Frita koordinator": "helse"})
    assert "Et team må ha minst én koordinator" in town.helse.form + "".join(town.helse.whispers), (
        town.helse.form
    )
    assert "helse" in town.inside(), "somebody has to have the cases"


@story(*BOTH, confirmed=("politi-exit",))
async def test_a_case_whose_only_coordinator_is_gone_is_offered_and_its_news_wait(town: Town) -> None:
    vara = town.vara_koordinator
    await town.later("1 min")
    await town.koordinator.is_deactivated()
    assert town.rings() == {"vara-koordinator": 2}, "that the account is closed, and the case"
    nobody = "*Ingen koordinator har saken nå.* Den er din når du har bekreftet."
    assert town.code not in vara.sees(nobody)
    assert vara.offers("tot-bot").count(CONFIRM) == 1, "the first question is gone"
    await says_not_ours(town.barnevern)
    await town.politi_exit.invites("utenforstaende", town.room)
    assert "Noen uten tilgang kom inn i saksrommet" in town.politi_exit.reads(town.room)
    assert "vara-koordinator" not in town.rings()
    await town.until("12:00", days=1)
    assert town.rings()["vara-koordinator"] == 2, "reminded half-way and at the end"
    await town.until("18:00")
    assert "vara-koordinator" not in town.rings()
    await vara.presses(CONFIRM, in_="tot-bot", near=nobody)
    vara.sees("*Barneverntjenesten: ikke vår sak*")
    vara.sees_no(nobody, but=f"Du bekreftet taushetsplikten for sak {town.code}")
    vara.sees("Noen uten tilgang kom inn i saksrommet", in_=town.room)
    # Another who confirms later changes nothing for them.
    await vara.does("/tot koordinator", {"Frita koordinator": "koordinator", "Utnevn": "helse"})
    town.helse.sees_no("Ingen koordinator har saken", but="Det er opprettet en sak i TOT Bergen")


@story(*BOTH, confirmed=("politi-exit",))
async def test_who_becomes_a_coordinator_after_the_only_one_is_gone_is_reminded_too(town: Town) -> None:
    await town.koordinator.is_deactivated()
    await town.until("12:00", days=1)
    await town.vara_koordinator.does("/tot koordinator", {"Utnevn ny koordinator": "helse"})
    town.rings()
    await town.until("12:00", days=1)
    assert town.rings()["helse"] == 2, "half-way and at the end"


@story("Politiet")
async def test_a_closed_case_whose_coordinator_is_gone_is_offered_to_the_others(town: Town) -> None:
    koordinator, vara = town.koordinator, town.vara_koordinator
    await koordinator.does("/tot avslutt", in_=town.room)
    town.rings()
    await koordinator.is_deactivated()
    assert town.rings() == {"vara-koordinator": 2}, "that the account is closed, and the case"
    assert town.inside() == set()
    asked = vara.sees("Saken er avsluttet og venter på å bli slettet.", in_="tot-bot")
    assert "*Ingen koordinator har saken nå.*" in asked
    assert town.code not in asked
    # Who is back has it as before.
    await koordinator.is_reactivated()
    assert town.inside() == {"koordinator"}
    assert f"Sak *{town.code}* · avsluttet" in await koordinator.looks_at_home()
    vara.sees_no("venter på å bli slettet", but=f"koordinator: Sak *{town.code}* · avsluttet", in_="tot-bot")
    await vara.does("/tot koordinator", {"Frita koordinator": "koordinator"})
    assert town.rings() == {"vara-koordinator": 1}, "asked again, since now nobody has it"
    assert town.inside() == set()
    await vara.presses(CONFIRM, in_="home" if vara.home else "tot-bot")
    assert town.inside() == {"vara-koordinator"}
    vara.sees(f"Du bekreftet taushetsplikten for sak {town.code}")
    town.rings()
    await vara.does("/tot koordinator", {"Utnevn ny koordinator": "helse"})
    assert town.rings() == {"helse": 1}, "that they are one: the closed case has its coordinator"
    await town.until("08:01", days=27)
    vara.sees("slettes torsdag 31. desember")
    await vara.looks_at_home()
    await vara.does("Åpne saken igjen", {"Sted": "Møterom Nord"}, in_="home")
    assert "*Koordinerer:* @vara-koordinator" in town.card()


NEW = "U0NYPERSON"


@story("Politiet", confirmed=("politi-exit", "vara-koordinator"))
async def test_who_comes_after_a_coordinator_is_asked_in_open_cases_and_in_no_closed_one(town: Town) -> None:
    new, closed = town.newcomer("ny", id=NEW), town.room
    await town.koordinator.does("/tot avslutt", in_=closed)
    inside = town.inside()
    await town.opens_case("Helsetjenesten")
    await town.vara_koordinator.is_deactivated()
    await town.partners_change(("U0VARAKOORD", NEW))
    await town.jobs_run()
    assert closed.removeprefix("rom-") not in await new.looks_at_home()
    assert "taushetsplikt bekreftet" not in await new.types("/tot innsyn")
    town.coordinators.add("ny")
    assert town.inside() == {"koordinator"}
    await new.confirms()
    assert town.inside() == {"koordinator", "ny"}
    assert town.inside(closed) <= inside


@story()
async def test_where_many_cases_change_what_people_do_goes_first(town: Town) -> None:
    rooms = [await town.opens_case("Politiet") for _ in range(6)]
    await town.partners_change(('name = "Politiet"', 'name = "Politivakten"'))
    waiting = [room for room in rooms if "Politivakten" not in town.card(room)]
    assert 0 < len(waiting) < len(rooms), "Slack takes some time for each"
    await town.koordinator.does("/tot person", {"Hvor mange": "1"}, in_=waiting[-1])
    assert "Politivakten" in town.card(waiting[-1])
    await town.later("10 s")
    assert all("Politivakten" in town.card(room) for room in rooms)
