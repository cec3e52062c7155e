"""«Ring disse» and `/tot ring`: whom to ring, the number, what was said, and who answered the phone."""

from __future__ import annotations

from typing import Any

from tests.stories import story
from tests.stories.town import CONFIRM, Town

ASKED = ("Politiet", "Barneverntjenesten")
TOMORROW = "i morgen kl 08:30"
LIST = "*Ring disse: sak"
DONE = "*Ingen igjen å ringe: sak"
WHO = "Hvem snakket du med?"
ON_DUTY = "En annen på vakt: vakthavende"
CONFIRMS = {"Taushetsplikten": "Har fått dette forklart"}
COMES = {**CONFIRMS, "Hva svarte de?": "Kommer"}
NOT_YET = {"Taushetsplikten": "Ikke bekreftet"}
NOT_SAID = "Velg et svar, eller at taushetsplikten er bekreftet."


async def rings(town: Town, agency: str, **fields: Any) -> None:
    """Open the form of a call with an agency as the coordinator, and fill it in."""
    await town.koordinator.types("/tot ring", in_=town.room)
    await town.koordinator.presses("Registrer svar", near=agency)
    await town.koordinator.fills({label.replace("_", " "): value for label, value in fields.items()})


async def rang(town: Town, agency: str, fields: dict[str, Any]) -> None:
    await rings(town, agency, **fields)
    await town.koordinator.sends()
    await town.koordinator.puts_away()


@story("Politiet", "UDI", "Bistandsadvokaten", "botilbud 1")
async def test_whom_nothing_else_reaches_is_rung_from_the_first_minute(town: Town) -> None:
    listed = town.koordinator.sees(LIST, in_="tot-bot")
    assert "*UDI:* Saksbehandler\n*Vakttelefon:* 55 00 00 06\nFå taushetsplikten bekreftet først." in listed
    assert "*botilbud 1:* kontaktpersonen hos botilbud 1\n*Vakttelefon:* 55 00 00 07" in listed
    for not_yet in ("Politiet", "Bistandsadvokaten"):
        assert not_yet not in listed
    assert town.koordinator.messages.count(listed) == 1
    town.koordinator.sees_no("55 00 00 0", in_=town.room, but="*UDI:* må ringes · Saksbehandler")
    assert town.vara_koordinator.offers("tot-bot") == [CONFIRM]
    await town.koordinator.opens_choices()
    assert "*UDI:* må ringes · Saksbehandler\n" in town.koordinator.form
    await town.koordinator.presses("Registrer svar", in_="tot-bot", near="UDI")
    line = town.koordinator.form.split("*Les høyt:* ")[1].split("\n")[0]
    assert len(line.split()) <= 30
    assert {"Avvergeplikten", "meldeplikten"} <= set(line.split())
    (why,) = (await town.koordinator.is_refused({**NOT_YET, "Hva svarte de?": "Kommer"})).values()
    assert why.startswith("Velg at taushetsplikten er bekreftet")
    await town.koordinator.sends({**CONFIRMS, "Hva svarte de?": None})
    assert "*UDI:* Saksbehandler\n*Vakttelefon:* 55 00 00 06\nMå ringes.\n" in town.koordinator.sees(
        LIST, in_="tot-bot"
    )
    assert town.koordinator.form == "", "the message shows it by itself"
    await town.later("1 min")
    await town.koordinator.presses("Registrer svar", in_="tot-bot", near="UDI")
    await town.koordinator.sends({"Hva svarte de?": "Fikk beskjed"})
    await town.koordinator.opens_choices()
    assert "*UDI:* må ringes · Saksbehandler · spurt 09:01" in town.koordinator.form
    state = "*Politiet:* har ikke bekreftet taushetsplikten · @politi-exit · spurt 09:00\n"
    assert state in town.koordinator.form
    listed = town.koordinator.sees(LIST, in_="tot-bot")
    assert "Fikk beskjed på telefon (tirsdag 1. desember kl. 09:01), har ikke svart." in listed
    for agency, said in (("UDI", "Kommer"), ("botilbud 1", "Melder forfall")):
        await town.koordinator.presses("Registrer svar", in_="tot-bot", near=agency)
        await town.koordinator.sends(
            {**CONFIRMS, "Hva svarte de?": said} if agency != "UDI" else {"Hva svarte": said}
        )
    town.koordinator.sees(LIST, "Forfall uten vara. Grunn: ikke oppgitt.", in_="tot-bot")
    await town.koordinator.does(
        "Endre svaret", {"Hva svarte de?": "Kommer"}, in_="tot-bot", near="botilbud 1"
    )
    assert town.koordinator.sees(DONE).count("Kommer.") == 2
    town.koordinator.sees("*botilbud 1:* kommer", in_=town.room)
    assert town.botilbud.messages == []
    assert town.inside() == {"koordinator"}
    town.koordinator.sees_no(LIST, but=DONE)
    assert town.rings() == {}, "it follows the answers"


@story(*ASKED)
async def test_what_is_recorded_for_somebody_on_slack_lets_them_in_and_says_by_whom(town: Town) -> None:
    await rings(town, "Politiet")
    assert list(await town.koordinator.is_refused()) == ["Taushetsplikten"]
    assert "Taushetsplikten: ( ) Har fått dette forklart" in town.koordinator.form
    assert "Innkallingen til Politiet, @politi-exit, møtet" in town.koordinator.form
    assert NOT_SAID in (await town.koordinator.is_refused(NOT_YET)).values()
    await town.koordinator.sends(CONFIRMS)
    assert town.rings() == {"politi-exit": 2}, "the summons, and the calendar's file"
    told = town.politi_exit.sees("@koordinator har registrert at du bekreftet taushetsplikten")
    assert "Stemmer det ikke, si fra til @koordinator med en gang." in told
    assert "Kommer du på møtet i sak" not in told
    assert town.politi_exit.offers("tot-bot") == ["Jeg kommer", "Kan ikke", "Ikke vår sak"]
    assert town.inside() == {"koordinator", "politi-exit"}
    await rings(town, "Politiet")
    assert "*Andre i tjenesten*\n1. @politi-vakt" in town.koordinator.form
    for told in ("Snakket du med en annen, så velg hvem ovenfor.", "Les høyt", "Har fått dette forklart"):
        assert told in town.koordinator.form, "another of them may answer the phone"
    await town.koordinator.sends({"Hva svarte de?": "Melder forfall"})
    town.politi_exit.sees("*Du kommer ikke på møtet i sak", "@koordinator registrerte svaret for deg.")
    town.koordinator.sees("*Politiet:* forfall uten vara", in_=town.room)
    await town.politi_exit.presses("Jeg kan komme likevel")
    town.koordinator.sees("*Politiet:* kommer", in_=town.room)
    # Another of the list has answered as themselves.
    await rang(town, "Barneverntjenesten", {WHO: "1. Leder", **COMES})
    town.koordinator.sees("*Barneverntjenesten:* kommer · @barnevern-leder", in_=town.room)
    assert town.inside() == {"koordinator", "politi-exit", "barnevern-leder"}
    town.barnevern.sees("En kollega hos dere har svart TOT Bergen.")
    town.barnevern_leder.sees("har registrert at du bekreftet taushetsplikten")


@story(*ASKED, when=TOMORROW, confirmed=("barnevern",), at="09:16")
async def test_a_call_after_the_reminder_leaves_nothing_to_answer(town: Town) -> None:
    await rang(town, "Barneverntjenesten", {"Hva svarte de?": "Kommer"})
    town.barnevern.sees_no("Vi venter på svar fra deg", but="@koordinator registrerte svaret for deg.")
    assert town.barnevern.offers("tot-bot") == ["Kan ikke"]
    await rang(town, "Politiet", COMES)
    town.politi_exit.sees_no("Vi venter på svar fra deg", but="@koordinator registrerte svaret for deg.")
    town.koordinator.sees("*Politiet:* kommer", in_=town.room)
    town.koordinator.sees_no("*Politiet:* @politi-exit\n*Vakttelefon:* 55 00 00 01\nTaushets", but="Kommer.")
    town.rings()
    await town.until("11:00")
    assert not {"politi-exit", "politi-vakt", "politi-leder"} & town.rings().keys()


@story("Politiet", "UDI")
async def test_the_next_call_is_one_tap_away(town: Town) -> None:
    assert town.code not in await town.koordinator.types("/tot ring", in_="tot-bot")
    await town.koordinator.types("/tot ring", in_=town.room)
    for agency, so_far in (("UDI", 1), ("Politiet", 2)):
        await town.koordinator.presses("Registrer svar", near=agency)
        await town.koordinator.sends(COMES)
        assert town.koordinator.form.count("Kommer.") == so_far, "the list is back, as it is by now"
    await town.koordinator.presses("Valg", in_=town.room)
    assert "UDI" not in await town.koordinator.opens("Registrer svar", near="Politiet")
    await town.koordinator.presses("Endre svaret", near="Politiet")
    await town.koordinator.sends({"Hva svarte de?": "Melder forfall"})
    assert "Forfall uten vara" in town.koordinator.form
    assert "UDI" not in town.koordinator.form


@story(*ASKED, "UDI", when=TOMORROW, at="09:16")
async def test_who_is_on_duty_answers_or_declines_for_the_agency_and_gets_no_seat(town: Town) -> None:
    await rings(town, "Politiet", **{WHO: ON_DUTY, "Hva svarte de?": "Kommer"})
    for so_far in ({}, NOT_YET):
        assert list(await town.koordinator.is_refused(so_far)) == ["Taushetsplikten"]
    face_to_face = {**CONFIRMS, "Hvordan fikk de beskjed?": "Ansikt til ansikt"}
    assert list(await town.koordinator.is_refused(face_to_face)) == ["Hvordan fikk de beskjed?"]
    await town.koordinator.sends({"Hvordan fikk de beskjed?": "På telefon"})
    assert (
        "*Politiet:* En annen på vakt (vakthavende) svarte på vakttelefonen tirsdag 1. desember kl. 09:16 og "
        "bekreftet taushetsplikten. @koordinator ringte.\nTjenesten kommer."
    ) in town.koordinator.form
    spared = (
        "*Politiet:* @politi-exit\n*Vakttelefon:* 55 00 00 01\nTrenger ikke å ringes. Tjenesten har svart."
    )
    assert spared in town.koordinator.form
    await town.koordinator.puts_away()
    # Who declines for an agency sends no deputy: nobody would ask them.
    declines = {WHO: ON_DUTY, **CONFIRMS, "Hva svarte de?": "Melder forfall"}
    await rings(town, "Barneverntjenesten", **declines, Vara="1. Leder")
    assert list(await town.koordinator.is_refused({})) == ["Vara"]
    await town.koordinator.sends({"Vara": None})
    await town.koordinator.puts_away()
    listed = town.koordinator.sees(LIST, in_="tot-bot")
    assert listed.count("taushetsplikten. @koordinator ringte.\nTjenesten kommer ikke. Avtal med") == 1
    town.koordinator.sees("*Barneverntjenesten:* forfall uten vara", "*Politiet:* kommer\n", in_=town.room)
    town.koordinator.sees_no("*Politiet:* @", but="*Politiet:* kommer")
    town.rings()
    await town.until("10:00")
    assert not {"politi-exit", "politi-vakt", "politi-leder"} & town.rings().keys()
    assert town.inside() == {"koordinator"}
    await town.politi_exit.presses(CONFIRM, in_="tot-bot")
    assert "politi-exit" in town.inside(), "whoever was asked can still confirm"
    await town.koordinator.types("/tot flytt i morgen kl 08:15", in_=town.room)
    asked, by_you = (await town.koordinator.looks_over()).split("Må få vite det av deg")
    assert "• Politiet: @politi-exit" in asked
    assert "• UDI" not in asked, "nothing of the bot's reaches them"
    assert "• UDI: Saksbehandler. Nås ikke her i Slack: 55 00 00 06." in by_you
    assert "• Politiet: vakthavende, som fikk vite den forrige tiden utenom Slack: 55 00 00 01." in by_you
    await town.koordinator.sends()
    town.koordinator.sees_no("*Politiet:* kommer", but=LIST)
    assert "Politiet" in town.koordinator.sees(LIST, in_="tot-bot"), "who was spoken to knows the old time"


VIDEO = {"Lenke til videomøte": "https://meet.example.no/tot-bergen"}


@story("Barneverntjenesten", "UDI", when="i dag kl 12", fields=VIDEO, at="12:05")
async def test_who_is_registered_while_it_is_held_reads_where_and_after_it_nobody_is_rung(town: Town) -> None:
    await rang(town, "Barneverntjenesten", COMES)
    town.barnevern.sees("Du kommer på møtet", "tirsdag 1. desember kl. 12–13", "bli med på video")
    assert "Jeg er til stede" in town.barnevern.offers("tot-bot")
    await town.until("12:59")
    assert "*UDI:*" in town.koordinator.sees("Ring disse", in_="tot-bot")
    await town.until("13:01")
    town.koordinator.sees_no(
        "Ring disse", but="Har du snakket med noen av dem, så registrer det her", in_="tot-bot"
    )
    assert "Registrer svar" in town.koordinator.offers("tot-bot")
    assert "Jeg ringer" not in town.koordinator.offers("tot-bot")


@story(*ASKED)
async def test_whoever_answered_the_duty_phone_the_agency_came_and_nobody_else_is_named(town: Town) -> None:
    for agency, said in zip(ASKED, ("Kommer", "Fikk beskjed"), strict=True):
        await rang(town, agency, {WHO: ON_DUTY, **CONFIRMS, "Hva svarte de?": said})
    await town.until("10:05", days=2)
    await town.koordinator.does("/tot oppmøte", dict.fromkeys(ASKED, "Møtte"), in_=town.room)
    for agency in ASKED:
        assert f"• {agency}\n" in town.koordinator.reads(town.room)
    await town.until("11:01")
    town.koordinator.sees("• Barneverntjenesten: møtte\n• Politiet: møtte", in_=town.room)
