"""Guidance: asked of a team or of a case's coordinators, answered, discussed, closed, deleted."""

from __future__ import annotations

from tests.stories import changed, story
from tests.stories.town import Town

NO_REPORT = "Dette er ikke en bekymringsmelding."
QUESTION, ANSWER = "Hvem kan hjelpe når ingen svarer?", "Ring vakten i tjenesten."
ASKS = "ber om veiledning"
WAITS, END = "Teamet har lovet svar innen", "den tiden er ute"
BOTH = {"koordinator": 1, "vara-koordinator": 1}
ROOM = story("Politiet", "Barneverntjenesten", confirmed=("politi-exit", "barnevern"))


async def asks(town: Town, handle: str = "helse", text: str = QUESTION, **more: str) -> None:
    person = town.person(handle)
    await (person.presses("Be om veiledning", in_="home") if person.home else person.types("/tot veiledning"))
    await person.sends({"Tema": "Barn og unge under 18", "Hva vil du drøfte?": text, **more})
    await person.puts_away()


async def answers(town: Town, by: str = "koordinator", text: str = ANSWER, near: str | None = None) -> None:
    person = town.person(by)
    label = "Svar" if "Svar" in person.offers("tot-bot") else "Svar på nytt"
    await person.does(label, {"Svaret": text}, in_="tot-bot", near=near)


async def closes(town: Town, by: str = "koordinator", **fields: str) -> None:
    await town.person(by).does("Avslutt veiledningen", fields, in_="tot-bot")


@story()
async def test_a_question_goes_to_the_coordinators_and_the_answer_to_who_asked_alone(town: Town) -> None:
    lead, deputy, asker = town.koordinator, town.vara_koordinator, town.utenforstaende
    for person in (lead, asker, town.barnevern):
        await person.looks_at_home()
    await asker.types("/tot veiledning 41 23 45 67")
    asker.sees(NO_REPORT, "ring 112", "Skriv så ingen kan kjennes igjen", in_="modal")
    assert "41 23" not in asker.form, "it has not passed the guard"
    await asker.sends({"Tema": "Barn og unge under 18", "Hva vil du drøfte?": QUESTION})
    assert town.rings() == {**BOTH, "utenforstaende": 1}
    for person in (lead, deputy):
        assert QUESTION in person.sees(f"@utenforstaende {ASKS}")
        person.sees("Teamet har lovet svar innen torsdag 3. desember kl. 9.")
    asker.sees("svarer deg her innen torsdag 3. desember kl. 9.", in_="tot-bot")
    assert "*Barn og unge under 18* · @utenforstaende" in lead.home
    assert "Ingenting venter" not in lead.home
    assert "Barn og unge" not in town.barnevern.home

    await answers(town)
    assert town.rings() == {"utenforstaende": 1}
    assert ANSWER in asker.sees("*@koordinator har svart*")
    assert NO_REPORT in asker.sees("*@koordinator har svart*")
    asker.sees_no("svarer deg her innen", but=ANSWER)
    deputy.sees("@koordinator svarte tirsdag 1. desember kl. 9.")
    deputy.sees_no(ANSWER, but=QUESTION)
    await answers(town, "vara-koordinator", "Ring koordinatoren.\nSå vakten.")
    assert town.rings() == {"utenforstaende": 1}
    asker.sees_no(ANSWER, but="Ring koordinatoren.")
    asker.sees_no("@koordinator har svart", but="*@vara-koordinator har svart*")
    for nobody in (town.helse, town.barnevern, town.politi_exit):
        assert nobody.messages == []


@story()
async def test_closed_it_is_a_theme_and_in_the_end_it_is_gone(town: Town) -> None:
    await asks(town)
    await answers(town)
    late = town.vara_koordinator.keeps("Svar på nytt", in_="tot-bot")
    listed = (await town.koordinator.looks_at_home()).partition("Veiledning som ikke er avsluttet")[2]
    assert "besvart, ikke avsluttet" in listed.splitlines()[1]
    assert "har ikke fått svar" not in await town.koordinator.opens("Avslutt veiledningen", in_="tot-bot")
    await town.koordinator.sends({"Tema": "Tegn"})
    assert town.rings() == {**BOTH, "helse": 2}, "closing rings nobody"
    for person in (town.koordinator, town.vara_koordinator):
        person.sees_no(QUESTION, but="er avsluttet: besvart.")
        person.sees("slettes torsdag 31. desember", in_="tot-bot")
    assert "avsluttet" in await town.vara_koordinator.presses_kept(late)
    town.helse.sees(ANSWER, "slettes torsdag 31. desember")
    await town.until("22:00", days=29)
    town.helse.sees(ANSWER)
    place = town.koordinator.person.channel("tot-bot").id
    where = {"code": "cant_delete_message", "times": -1, "where": lambda of: of["channel"] == place}
    refused = town.meets("error", "chat.delete", **where)
    await town.until("10:00", days=1)
    assert town.helse.messages == []
    assert town.vara_koordinator.messages == [town.vara_koordinator.sees("Dette er allerede avsluttet")]
    assert set(town.rings()) == set()
    # While Slack refuses to delete some of it, it is posted to nobody again.
    await town.koordinator.does("/tot koordinator", {"Utnevn ny koordinator": "sosialtjenesten"})
    assert town.rings().keys() == {"sosialtjenesten"}
    assert town.helse.messages == []
    refused.times = 0
    await town.later("2 t")
    await town.jobs_run()
    assert town.koordinator.messages == []


@story()
async def test_a_question_that_is_closed_without_an_answer_is_not_left_in_silence(town: Town) -> None:
    await town.helse.looks_at_home()
    await asks(town)
    await town.koordinator.presses("Avslutt veiledningen", in_="tot-bot")
    assert "*@helse har ikke fått svar.* Vi har lovet svar innen torsdag 3. desember" in town.koordinator.form
    assert await town.rings_when(town.koordinator.sends()) == {"helse": 1}
    said = town.helse.sees("Koordinatorene har avsluttet spørsmålet ditt uten å svare her")
    assert "@koordinator" in said
    assert "@vara-koordinator" in said
    assert "eller spør på nytt med `/tot veiledning`." in said
    town.koordinator.sees_no("besvart", but="er avsluttet")
    await town.later("3 d")
    assert town.rings() == {}, "nothing is waited for"


@story()
async def test_the_promise_is_reminded_of_a_working_day_before_until_it_is_kept(town: Town) -> None:
    for handle in ("helse", "barnevern", "politi-exit"):
        await asks(town, handle)
    await answers(town, near="@barnevern")
    await town.koordinator.does("Inviter til samtale", in_="tot-bot", near="@politi-exit")
    town.rings()
    assert await town.rings_at("09:00", days=1) == BOTH, "of the one that waits for a word alone"
    for person in (town.koordinator, town.vara_koordinator):
        assert "@helse" in person.sees(WAITS)
    await town.until("09:01", days=1)
    assert town.rings() == {}
    town.helse.sees("Ingen har svart ennå. Kan det ikke vente, så skriv til @")
    assert town.helse.messages == [town.helse.sees("Du har bedt om veiledning")]
    await answers(town, "vara-koordinator", near="@helse")
    for person in (town.koordinator, town.vara_koordinator):
        person.sees_no(WAITS, but="@vara-koordinator svarte torsdag 3. desember")
    town.rings()
    await town.later("4 d")
    assert town.rings() == {}


@story()
async def test_what_is_answered_and_closed_by_nobody_closes_itself(town: Town) -> None:
    await asks(town)
    await asks(town, "barnevern", "Hva nå?")
    await answers(town, near="@helse")
    await town.until("22:00", days=29)
    town.koordinator.sees(QUESTION)
    await town.until("10:00", days=2)
    town.koordinator.sees_no(QUESTION, but="er avsluttet: besvart.")
    assert "Svarer ingen innen lørdag 2. januar, avsluttes" in town.koordinator.sees(WAITS)
    await town.until("10:00", days=2)
    town.koordinator.sees_no("Hva nå?", but="er avsluttet: avsluttet uten svar.")
    town.barnevern.sees("avsluttet spørsmålet ditt uten å svare her")
    await town.until("10:00", days=31)
    assert town.barnevern.messages == town.koordinator.messages == []


@story()
async def test_a_talk_goes_into_two_calendars_and_another_time_takes_its_place(town: Town) -> None:
    lead, asker = town.koordinator, town.helse
    await asks(town)
    town.rings()
    assert "Når: 2026-12-02 09:00" in await lead.opens("Inviter til samtale", in_="tot-bot")
    assert list(await lead.is_refused({"Når": town.runner.day(-1)})) == ["Når"]
    await lead.sends({"Når": town.runner.day(1, "11:00")})
    assert town.rings() == {"helse": 2, "koordinator": 1}, "a file for each, and the time"
    told = "inviterer deg til en samtale onsdag 2. desember kl. 11."
    asker.sees(told)
    for person in (lead, town.vara_koordinator):
        person.sees("@koordinator har invitert til samtale onsdag 2. desember kl. 11.")
    files = [f for f in town.runner.sandbox.workspace.files.values() if not f.deleted]
    assert [b"SUMMARY:M" in f.content and b"hjelpe" not in f.content for f in files] == [True, True]
    await town.vara_koordinator.presses("Inviter til samtale", in_="tot-bot")
    await town.vara_koordinator.sends({"Når": town.runner.day(2, "12:00")})
    asker.sees_no(told, but="@vara-koordinator inviterer deg til en samtale torsdag 3. desember kl. 12.")
    await lead.does("/tot koordinator", {"Utnevn": "barnevern", "Frita": "vara-koordinator"})
    assert QUESTION in town.barnevern.sees(ASKS)
    town.vara_koordinator.sees_no(QUESTION, but=f"koordinator: {QUESTION}")
    asker.sees("blir ikke noe av.* @vara-koordinator koordinerer ikke TOT lenger.")
    lead.sees_no("har invitert til samtale", but="Teamet har lovet svar innen torsdag 3. desember")
    await lead.does("Inviter til samtale", {"Når": town.runner.day(3, "12:00")}, in_="tot-bot")
    asker.sees_no("blir ikke noe av", but="@koordinator inviterer deg til en samtale fredag 4. desember")
    await closes(town)
    lead.sees("er avsluttet: tatt i en samtale.")


@story()
async def test_a_case_is_opened_from_it_and_nothing_goes_along(town: Town) -> None:
    lead = town.koordinator
    await asks(town)
    await lead.presses("Opprett sak", in_="tot-bot")
    assert "Hvem ba om TOT?: [ Koordinatoren selv ▾ ]" in lead.form
    lead.sees_no(QUESTION, but="Opprett sak", in_="modal")
    await lead.steps({"Tjenester som spørres nå": ["Politiet"], "Sted": "Møterom Nord"})
    lead.sees_no(QUESTION, but="Se over og send", in_="modal")
    assert "avsluttet" not in "".join(town.helse.messages), "nothing is sent before the review"
    await lead.steps()
    for person in (lead, town.vara_koordinator):
        person.sees_no(QUESTION, but="er avsluttet: ble en sak.")
    assert QUESTION not in town.card()
    town.helse.sees("avsluttet spørsmålet ditt uten å svare her")
    assert town.code not in "".join(town.helse.messages)


@story(partners=changed(("# themes =", "themes ="), ("guidance_days = 2", "guidance_days = 1")))
async def test_a_team_has_themes_and_a_promise_of_its_own(town: Town) -> None:
    asker = town.helse
    await asker.types("/tot veiledning")
    assert asker.choices("Tema") == ["Tegn", "Meldeplikt"]
    await asker.sends({"Tema": "Meldeplikt", "Hva vil du drøfte?": QUESTION})
    asker.sees("svarer deg her innen onsdag 2. desember kl. 9.", in_="tot-bot")
    await closes(town, Tema="Tegn")
    town.koordinator.sees("Veiledning om «Tegn» er avsluttet")


# --- in the room of a case


async def asks_in_room(town: Town, handle: str = "politi-exit", text: str = QUESTION) -> None:
    await town.person(handle).does("/tot veiledning", {"Hva vil du drøfte?": text}, in_=town.room)


@ROOM
async def test_asked_in_a_room_it_is_for_the_cases_coordinators_who_have_confirmed(town: Town) -> None:
    lead, asker = town.koordinator, town.politi_exit
    assert "De andre i rommet ser det ikke." in await asker.opens("/tot veiledning", in_=town.room)
    await asker.sends({"Hva vil du drøfte?": "Kanarirom: hvem varsler vi?"})
    assert town.rings() == {"koordinator": 1}
    asked = f"*@politi-exit {ASKS} i sak {town.code}*"
    lead.sees(asked)
    assert asked in await lead.looks_at_home()
    town.vara_koordinator.sees_no("Kanarirom", but="koordinator: Kanarirom")
    town.barnevern.sees_no("Kanarirom", but="koordinator: Kanarirom")
    assert "Kanarirom" not in asker.reads(town.room)
    await town.vara_koordinator.confirms()
    for text in ("Ring vakten.", "Ring koordinatoren."):
        await answers(town, text=text)
        assert town.rings() == {"politi-exit": 1}
        assert text in asker.sees(f"*@koordinator har svart deg i sak {town.code}*")
    asker.sees_no("Ring vakten.", but="Ring koordinatoren.")
    lead.sees("@koordinator har svart.")
    town.barnevern.sees_no("Ring koordinatoren.", but="politi-exit: Ring koordinatoren.")


@ROOM
async def test_a_case_reminds_once_of_who_is_still_in_it_when_the_promise_has_run_out(town: Town) -> None:
    await asks_in_room(town)
    await asks_in_room(town, "barnevern", "Kanarirom to")
    late = town.koordinator.keeps("Svar", in_="tot-bot", near="@barnevern")
    await town.koordinator.does("/tot ut barnevern", in_=town.room)
    assert "ikke" in await town.koordinator.presses_kept(late)
    town.barnevern.sees_no("Kanarirom", but="Dere er ferdige i sak")
    await town.until("09:01", days=2)
    waits = [t for t in town.koordinator.messages if END in t]
    assert len(waits) == 1
    assert "@politi-exit" in waits[0]
    assert town.vara_koordinator.messages == [town.vara_koordinator.sees("Det er opprettet en sak")]
    await answers(town, near=QUESTION)
    town.koordinator.sees_no(END, but="@koordinator har svart.")


@ROOM
async def test_only_those_in_the_room_ask_there_three_at_most_and_it_goes_with_the_case(town: Town) -> None:
    lead = town.koordinator
    for n in range(3):
        await asks_in_room(town, text=f"Kanarirom {n}")
    said = await town.politi_exit.types("/tot veiledning", in_=town.room) + town.politi_exit.form
    assert "3" in said or "tre" in said, said
    await asks_in_room(town, "barnevern", "Kanarirom fire")
    assert town.rings() == {"koordinator": 4}
    await answers(town, text="Kanarirom svar", near="fire")
    town.barnevern.sees("Kanarirom svar")
    await lead.does("/tot avslutt", in_=town.room)
    lead.sees("Saken er avsluttet, eller @politi-exit er ikke lenger med, og får ikke svar her.")
    assert not {"Svar", "Svar på nytt"} & set(lead.offers("tot-bot"))
    assert "avsluttet" in await lead.types("/tot veiledning", in_=town.room) + lead.form
    for person in (town.politi_exit, town.barnevern):
        await person.presses("Journalført hos oss")
    await town.until("03:00", days=31)
    assert town.card() == ""
    for person in (lead, town.barnevern, town.politi_exit):
        assert "anarirom" not in "".join(person.messages)
