"""Nobody answers: who is asked next, when, what a leader is told, and what ends it."""

from __future__ import annotations

from datetime import date

import pytest

from sandbox.people.visibility import CouldNot
from tests.stories import story
from tests.stories.test_ringing import COMES, NOT_YET, rang
from tests.stories.town import CONFIRM, Town

ASKED = ("Politiet", "Barneverntjenesten")
TOMORROW = "i morgen kl 08:30"
LIST = "*Ring disse: sak"
NEEDED = "trenger Politiet i en sak i TOT Bergen"
WAITED_FOR = "Vi venter på svar fra deg"
WITHDRAWN = "*Forespørselen fra TOT Bergen er trukket tilbake.* Du trenger ikke å svare."
COLLEAGUE = "En kollega hos dere har svart TOT Bergen. Du trenger ikke å gjøre noe."
LEADER_ASKED = "*TOT Bergen har bedt Politiet om å komme til et møte, og ingen hos dere har svart*"
WHO_COMES = "Si hvem som kommer"


def looked_at(town: Town) -> list[str]:
    """Return the people about whom Slack was asked whether they are muted."""
    workspace = town.runner.sandbox.workspace
    asked = [call.arguments["user"] for call in workspace.calls if call.method == "dnd.info"]
    return [workspace.handle(user) for user in asked]


@story("Politiet", when=TOMORROW)
async def test_each_step_turns_to_whom_it_should_at_its_time_and_once(town: Town) -> None:
    reviewed = len(looked_at(town))
    town.politi_exit.sees("Svar innen kl. 09:15 i dag.")
    number_too = {"koordinator": 1, "politi-exit": 1}
    assert await town.rings_at("09:15") == number_too, "the number is at hand from now on"
    town.politi_exit.sees("Svar innen kl. 09:30 i dag.")
    assert await town.rings_at("09:30") == {"politi-vakt": 1}
    assert looked_at(town)[reviewed:] == ["politi-vakt"], "only who is about to be told"
    assert town.code not in town.politi_vakt.sees(NEEDED)
    assert town.inside() == {"koordinator"}
    await town.until("10:01")
    assert town.rings()["politi-leder"] == 1
    asked = town.politi_leder.sees(LEADER_ASKED)
    for hidden in (town.code, "politi-exit", "politi-vakt"):
        assert hidden not in asked
    await town.until("10:31")
    listed = town.koordinator.sees(LIST, in_="tot-bot")
    assert "*Politiet:* @politi-vakt\n*Vakttelefon:* 55 00 00 01\n" in listed
    assert listed.count("Purret @politi-exit 09:15. Spurte neste, @politi-vakt, 09:30.") == 1
    assert "Spurte lederen, @politi-leder, 10:00." in listed
    town.koordinator.sees("*Politiet:* må ringes · @politi-exit og @politi-vakt", in_=town.room)
    town.koordinator.sees_no("Purret", in_=town.room, but="Purret")
    assert "• *Politiet:* må ringes" in await town.koordinator.looks_at_home()
    await town.until("18:00")
    assert "koordinator" not in town.rings(), "nobody new has to be rung"
    await town.until("07:00", days=1)
    assert town.rings().get("politi-vakt", 0) <= 1
    await town.politi_exit.comes()
    town.koordinator.sees_no(LIST, but="*Politiet:* kommer")
    town.koordinator.sees_no("må ringes", in_=town.room, but="*Politiet:* kommer")
    town.politi_vakt.sees(COLLEAGUE)
    town.politi_leder.sees("Takk, nå er det svart for Politiet. Du trenger ikke å gjøre noe.")
    assert town.politi_leder.offers("tot-bot") == []


@story(*ASKED, when=TOMORROW, confirmed=("politi-exit", "barnevern"), answered=("barnevern",), at="09:31")
async def test_the_next_contact_answers_and_the_first_need_not(town: Town) -> None:
    await town.politi_vakt.comes()
    told = town.politi_exit.sees("En kollega har svart for Politiet på møtet onsdag 2. desember kl. 08:30.")
    assert "Du trenger ikke å svare." in told
    assert town.politi_exit.offers("tot-bot") == []
    assert town.inside() == {"koordinator", "barnevern", "politi-exit", "politi-vakt"}
    town.rings()
    await town.until("15:00")
    assert town.rings() == {}
    town.koordinator.sees_no(LIST, but="*Politiet:* kommer · @politi-vakt")
    await town.koordinator.does("/tot flytt i morgen kl 08:15", in_=town.room)
    assert town.rings() == {"barnevern": 2, "politi-vakt": 2}, "who answered for it is asked again"


@story("Politiet", when=TOMORROW, at="09:31")
async def test_whoever_is_overtaken_is_told_who_was_first_and_may_be_their_deputy(town: Town) -> None:
    await town.politi_vakt.confirms()
    place = town.politi_exit.person.channel("tot-bot").id
    async with town.held("*", times=-1, where=lambda of: of.get("channel") == place and "ts" in of):
        await town.politi_vakt.person.presses("Kan ikke", in_="tot-bot")
        await town.politi_vakt.person.submits()
        for label in (CONFIRM, "Ikke vår sak"):
            await town.politi_exit.person.presses(label, in_="tot-bot")
            await town.politi_exit.person.sees("@politi-vakt var først")
    await town.later("1 min")
    town.koordinator.sees("*Politiet:* forfall uten vara · @politi-vakt", in_=town.room)
    town.koordinator.sees("Forfall uten vara.", in_="tot-bot")
    assert town.inside() == {"koordinator", "politi-vakt"}
    town.rings()
    await town.until("11:00")
    assert town.rings() == {}, "a no ends the chain too"
    # The silent one may be the deputy.
    await town.politi_vakt.does("Send vara", {"Vara": "Etterforsker"}, in_="tot-bot")
    town.koordinator.sees("@politi-vakt foreslår @politi-exit")
    await town.koordinator.presses("Godkjenn", in_="tot-bot")
    town.politi_exit.sees("spør om du kan være vara for Politiet")
    town.rings()
    await town.later("16 min")
    assert town.rings() == {"koordinator": 1, "politi-exit": 1}
    town.koordinator.sees(LIST, "*Politiet:* @politi-exit · vara", in_="tot-bot")
    await town.later("15 min")
    assert "Purret @politi-exit 11:15." in town.koordinator.sees(LIST, in_="tot-bot")
    await town.later("2 t")
    assert town.rings() == {}, "who stands in is followed by no leader"


@story()
async def test_a_step_that_finds_nobody_says_whether_somebody_can_be_rung(town: Town) -> None:
    """The leader was asked as nobody else was there; a deputy without Slack can only be rung."""
    day = {"Borte fra": date(2026, 12, 1), "Borte til og med": date(2026, 12, 4)}
    await town.barnevern.does("/tot tjeneste", day)
    await town.opens_case("Barneverntjenesten", "Sosialtjenesten", when=TOMORROW)
    await town.until("10:31")
    listed = town.koordinator.sees(LIST, in_="tot-bot")
    assert "Ingen flere å spørre. Ingen leder å spørre." in listed
    assert "Ingen flere kunne nås på Slack. Du kan ringe Stedfortreder. Ingen leder å spørre." in listed


@story("Barneverntjenesten", "Helsetjenesten", "Bistandsadvokaten", "UDI", "botilbud 1", when=TOMORROW)
async def test_where_there_is_nobody_the_next_step_is_taken_at_once(town: Town) -> None:
    town.koordinator.sees("*UDI:* må ringes", in_=town.room)
    await town.until("09:31")
    listed = town.koordinator.sees(LIST, in_="tot-bot")
    assert "Ingen flere å spørre. Spurte lederen, @barnevern-leder, 09:30." in listed
    assert "Purret @helse 09:15. Ingen flere å spørre. Ingen leder å spørre." in listed
    assert "*UDI:* Saksbehandler" in listed
    assert "\nIngen flere å spørre. Ingen leder å spørre." in listed, "who is rung is not reminded"
    assert "purring" not in listed
    assert "*botilbud 1:* kontaktpersonen hos botilbud 1" in listed
    assert town.botilbud.messages == []
    await town.later("1 s")
    home = await town.koordinator.looks_at_home()
    (lack,) = [line for line in home.splitlines() if line.endswith(":* må ringes")]
    assert {"UDI", "Helsetjenesten"} <= set(lack.replace("*", " ").replace(",", " ").split())
    await rang(town, "UDI", {**NOT_YET, "Hva svarte de?": "Fikk beskjed"})
    assert ":* må ringes" in await town.koordinator.looks_at_home()
    await rang(town, "UDI", COMES)
    town.koordinator.sees("*UDI:* kommer", in_=town.room)


@story(*ASKED, when=TOMORROW, at="10:01")
async def test_a_leader_says_who_comes_and_the_one_named_is_asked_like_anybody(town: Town) -> None:
    await town.politi_leder.presses(WHO_COMES)
    assert town.code not in town.politi_leder.form
    assert "Møtet er i morgen kl. 08:30" in town.politi_leder.form
    with pytest.raises(CouldNot, match="Leder, EXIT"):
        await town.politi_leder.fills({"Hvem kommer?": "Kontaktperson"})
    await town.politi_leder.sends({"Hvem kommer?": "Vakthavende"})
    (told,) = town.politi_leder.messages
    assert told.startswith("Takk. Nå går spørsmålet til den du valgte for Politiet.")
    assert town.politi_leder.offers("tot-bot") == []
    town.politi_exit.sees(COLLEAGUE)
    assert "politi-exit" not in town.rings()
    assert CONFIRM in town.politi_vakt.offers("tot-bot")
    town.koordinator.sees("*Politiet:* har ikke bekreftet taushetsplikten · @politi-vakt", in_=town.room)
    town.koordinator.sees_no("Lederen har sagt", in_=town.room, but="*Politiet:* har ikke")
    await town.later("16 min")
    town.politi_vakt.sees(WAITED_FOR)
    await town.later("46 min")
    assert WHO_COMES in town.politi_leder.offers("tot-bot"), "the one named has a chain of their own"
    await town.politi_leder.does(WHO_COMES, {"Hvem kommer?": "Leder"})
    assert CONFIRM in town.politi_leder.offers("tot-bot"), "taushetsplikt first, who comes themself too"
    assert "politi-leder" not in town.inside()
    await town.politi_leder.comes()
    assert town.inside() == {"koordinator", "politi-leder"}
    town.koordinator.sees("*Politiet:* kommer · @politi-leder", in_=town.room)
    # A leader of an agency that has left the case is no longer asked.
    asked = LEADER_ASKED.replace("Politiet", "Barneverntjenesten")
    town.barnevern_leder.sees(asked)
    await town.koordinator.does("/tot ut barnevern", in_=town.room)
    town.barnevern_leder.sees_no(asked, but="koordinator: *Ikke lenger med:* Barneverntjenesten")


@story(*ASKED, when="i dag kl 12", at="10:31")
async def test_a_leader_comes_too_late_and_nobody_answers_once_the_meeting_has_begun(town: Town) -> None:
    for person, who in ((town.politi_leder, "Vakthavende"), (town.barnevern_leder, "Kontaktperson")):
        await person.presses(WHO_COMES)
        await person.fills({"Hvem kommer?": who})
    await town.politi_exit.comes()
    await town.politi_leder.sends()
    town.politi_leder.sees("@politi-exit var først")
    town.koordinator.sees("*Politiet:* kommer · @politi-exit", in_=town.room)
    for person in (town.politi_exit, town.barnevern):
        await person.presses("Kan ikke", in_="tot-bot")
    await town.until("12:01")
    town.barnevern.sees("Møtet begynte i dag kl. 12")
    await town.barnevern_leder.sends()
    town.barnevern_leder.sees("Møtet har begynt")
    assert town.barnevern_leder.messages == []
    # Nor by a form that was opened before.
    for person, fields in (town.politi_exit, {"Hvorfor": "på reise"}), (town.barnevern, {}):
        await person.sends(fields)
        person.sees("Møtet har begynt eller er over, så svaret kan ikke endres her.")
    town.koordinator.sees_no("forfall", but="*Politiet:* kommer", in_=town.room)


@story(*ASKED, when=TOMORROW, at="10:01")
async def test_a_move_begins_a_chain_of_its_own_and_lets_go_of_who_came_of_silence(town: Town) -> None:
    await town.koordinator.does("/tot flytt i morgen kl 08:15", in_=town.room)
    assert town.politi_leder.messages == []
    town.politi_vakt.sees(WITHDRAWN)
    town.koordinator.sees("*Politiet:* har ikke bekreftet taushetsplikten · @politi-exit", in_=town.room)
    town.koordinator.sees_no("Purret", in_="tot-bot", but="*Politiet:* har ikke")
    town.rings()
    await town.later("16 min")
    town.politi_exit.sees(WAITED_FOR)
    await town.later("15 min")
    assert CONFIRM in town.politi_vakt.offers("tot-bot")
    await town.koordinator.does("/tot avlys", in_=town.room)
    town.politi_vakt.sees(WITHDRAWN)
    town.politi_exit.sees("Det er ikke satt noe møte nå.")
    town.rings()
    await town.until("18:00")
    assert town.rings() == {}


@story("Politiet", "Barneverntjenesten")
async def test_more_than_a_day_away_no_clock_time_is_named_and_the_working_day_waited_for(town: Town) -> None:
    await town.until("12:31")
    town.politi_exit.sees(WAITED_FOR)
    town.politi_exit.sees_no("Svar innen", but="Svar i løpet av arbeidsdagen i dag.")
    assert "koordinator" not in town.rings()
    await town.until("16:01")
    assert "Svar før lunsj onsdag 2. desember." in town.politi_vakt.sees(NEEDED)
    assert town.politi_leder.messages == [], "nor is a leader asked before the morning"
    await town.until("10:01", days=1)
    town.politi_leder.sees(LEADER_ASKED)
    assert WHO_COMES in town.barnevern_leder.offers("tot-bot")
    town.koordinator.sees_no(LIST, but="*Politiet:* har ikke")
    await town.until("12:01")
    town.koordinator.sees(LIST, in_="tot-bot")
    assert town.rings()["koordinator"] == 1
    await town.vara_koordinator.confirms()
    await town.later("2 t")
    town.vara_koordinator.sees(LIST, in_="tot-bot")
    assert not [c for c in town.runner.sandbox.workspace.calls if "innen kl." in str(c.arguments.get("text"))]
    await town.until("11:01", days=1)
    town.politi_exit.sees_no("Akutt", but="Det er ikke satt noe møte nå.")


@story("Politiet", when=TOMORROW, at="09:16")
async def test_a_change_of_phase_changes_no_pace_and_a_late_step_is_made_up_for(town: Town) -> None:
    await town.koordinator.does("/tot fase", {"Fase": "Arbeidsfase"}, in_=town.room)
    await town.bot_is_away("49 min")
    listed = town.koordinator.sees(LIST, in_="tot-bot")
    assert "Spurte neste, @politi-vakt, 10:05. Spurte lederen, @politi-leder, 10:05." in listed
    town.politi_vakt.sees(NEEDED)


@story()
async def test_who_is_muted_is_named_in_the_review_and_asked_if_one_sends_it_so(town: Town) -> None:
    await town.politi_exit.mutes(10)
    await town.koordinator.types(f"/tot sak {TOMORROW}")
    await town.koordinator.fills({"Tjenester som spørres nå": list(ASKED), "Sted": "Møterom Nord"})
    for fault, how in ((None, {}), ("slow", {"seconds": 3.0}), ("error", {})):
        if fault is not None:
            town.meets(fault, "dnd.info", times=-1, **how)
        await town.koordinator.steps()
        unknown = (
            "Slack sier ikke hvem som er dempet akkurat nå. Haster det, så ring." in town.koordinator.form
        )
        known = "før 19:00. Ring, eller spør en annen." in town.koordinator.form
        assert (known, unknown) == (fault is None, fault is not None)
        await town.koordinator.person.closes() if fault != "error" else None
        town.runner.sandbox.faults.clear()
    await town.koordinator.sends()
    town.politi_exit.sees(NEEDED)
    town.koordinator.sees_no("dempet", in_=town.room, but="*Politiet:* har ikke")


@story(*ASKED, when=TOMORROW)
async def test_a_muted_contact_is_passed_over_and_if_all_are_it_is_for_the_coordinator(town: Town) -> None:
    reviewed = len(looked_at(town))
    for person in (town.politi_vakt, town.barnevern_leder):
        await person.person.mutes(10)
    await town.until("09:31")
    assert town.politi_vakt.messages == town.barnevern_leder.messages == []
    town.politi_leder.sees(LEADER_ASKED)
    listed = town.koordinator.sees(LIST, in_="tot-bot")
    muted = "Ingen flere kunne nås på Slack. Du kan ringe @politi-vakt."
    assert f"{muted} Spurte lederen, @politi-leder, 09:30." in listed
    assert "Ingen flere å spørre. Ingen leder å spørre." in listed
    await town.until("10:31")
    assert town.politi_vakt.messages == town.barnevern_leder.messages == []
    assert sorted(looked_at(town)[reviewed:]) == ["barnevern-leder", "politi-leder", "politi-vakt"]
    assert town.rings() == dict.fromkeys(("barnevern", "koordinator", "politi-exit", "politi-leder"), 1)
