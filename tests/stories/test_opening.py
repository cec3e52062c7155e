"""Opening a case, also in haste; invalid input is named, an abandoned form is kept, a mistake is undone."""

from __future__ import annotations

from datetime import datetime

from sandbox.exercises.runner import ZONE
from tests.stories import story
from tests.stories.town import Town

NOW, LATER = "Tjenester som spørres nå", "Tjenester som kanskje spørres senere"
ASKED = "trenger Politiet i en sak i TOT Bergen"


@story()
async def test_who_is_reviewed_is_who_is_asked_and_nobody_else(town: Town) -> None:
    koordinator = town.koordinator
    await koordinator.types("/tot sak i morgen kl 10")
    await koordinator.steps(
        {NOW: ["Politiet", "UDI", "Botilbud"], LATER: ["Helsetjenesten", "UDI"], "Sted": "Møterom Nord"}
    )
    for told in (
        "onsdag 2. desember kl. 10–11 (i morgen)",
        "*Får beskjed når du sender*\n• Politiet: @politi-exit (Etterforsker, EXIT)",
        "*Du må ringe*\n• UDI: Saksbehandler. Nås ikke her i Slack: 55 00 00 06.",
        "• botilbud 1: 55 00 00 07.",
        "for få tjenester på møtet",
        "*Ventes senere, får ikke beskjed*\n• Helsetjenesten",
        "Politiet (etterforskning): lovhjemmel",
    ):
        koordinator.sees(told, in_="modal")
    assert town.rooms == []
    await koordinator.steps()
    assert koordinator.form.startswith("Saken er opprettet")
    koordinator.sees("*Sendt til én tjeneste.* Du må ringe", "UDI: 55 00 00 06", in_="modal")
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
    await town.koordinator.types("/tot sak i morgen kl 10")
    assert set(await town.koordinator.is_refused()) == {NOW}
    police = {NOW: ["Politiet"], "Sted": "Møterom Nord"}
    for fields, where in (
        ({"Dagsorden": None, "Sted": None}, "Sted Lenke til videomøte"),
        ({"Sted": "Møterom Nord", "Når begynner": town.now.replace(hour=8)}, "Når begynner møtet?"),
        ({"Når begynner": datetime(2027, 10, 31, 2, 30, tzinfo=ZONE)}, "Når begynner møtet?"),
    ):
        refused = await town.koordinator.is_refused({**police, **fields})
        assert refused, fields
        assert all(label in where for label in refused), (fields, refused)
    assert town.rooms == []


@story()
async def test_a_meeting_is_somewhere_by_what_the_team_has(town: Town) -> None:
    """A place is proposed without a video room; a link is required without a place, or may be forbidden."""
    koordinator, link, police = town.koordinator, "Lenke til videomøte", {NOW: ["Politiet · Vakthavende"]}
    room, places, hosts = ((f"\n{key} =", f"\n# {key} =") for key in ("video_room", "places", "link_hosts"))
    await town.until("21:00", days=3)
    for lacking, where in (((room,), ["Sted", link]), ((room, places), [link])):
        await town.partners_change(*lacking)
        await koordinator.types("/tot akutt")
        assert koordinator.person.modal is not None
        labels = koordinator.person.modal.labels()
        assert labels == [NOW, "Andre tjenester", "Når begynner møtet?", *where]
        if where == [link]:
            assert list(await koordinator.is_refused(police)) == where
            assert "bli med på video" in await koordinator.looks_over({link: "meet.example.no/kveld"})
        else:
            assert "Møterom Nord" in await koordinator.looks_over(police)
    await town.partners_change(room, hosts)
    await koordinator.types("/tot sak mandag kl 10")
    assert "Sted" in await koordinator.is_refused({NOW: ["Politiet"]})
    await koordinator.sends({NOW: ["Politiet"], "Sted": "Møterom Nord"})
    assert "Møterom Nord" in town.card()
    assert "Lenke" not in await koordinator.opens("/tot møte tirsdag kl 10", in_=town.room)
    assert "Sted" in await koordinator.is_refused({"Sted": None})


@story("Politiet", "UDI", when="i morgen kl 10")
async def test_a_time_that_people_may_stumble_over_is_pointed_out(town: Town) -> None:
    koordinator = town.koordinator
    for when, warning in (
        ("lørdag kl 10", "Mange har fri den dagen."),
        ("24. desember kl 10", "Mange har fri den dagen."),
        ("i morgen kl 10:30", "Møtet overlapper et annet møte i en sak du er med i."),
        ("i morgen kl 11", None),
        ("om 20 minutter", "under en halv time til møtet"),
        ("om 40 minutter", None),
        ("torsdag kl 06:30", None),  # a person who calls an acute case together knows that
    ):
        await koordinator.opens(f"/tot møte {when}", {"Sted": "Møterom Nord"}, in_=town.room)
        said = [line for line in koordinator.form.splitlines() if line.startswith(":warning:")]
        told = [line for line in said if "for få tjenester" not in line]
        assert len(told) == (warning is not None), (when, told)
        assert warning is None or warning in told[0]
    await koordinator.does("/tot fase", in_=town.room)
    await koordinator.opens("/tot møte torsdag kl 06:30", {"Sted": "Møterom Nord"}, in_=town.room)
    koordinator.sees("Møtet er på en tid da mange sover", in_="modal")


@story("Politiet", confirmed=("politi-exit",))
async def test_one_more_agency_is_asked_and_an_expected_one_is_asked_when_it_is_time(town: Town) -> None:
    koordinator = town.koordinator
    expected = {"Når får tjenesten beskjed?": ["Ikke spør nå, bare noter at de kan komme inn"]}
    await koordinator.does("/tot inviter helse", expected, in_=town.room)
    assert "*Helsetjenesten:* ventet, men ikke spurt ennå" in town.card()
    await koordinator.opens("/tot ut helse", {}, in_=town.room)
    koordinator.sees("*Helsetjenesten er bare ventet.* Ingen får beskjed.", in_="modal")
    assert town.rings() == {}
    assert town.helse.messages == []
    await koordinator.puts_away()
    await koordinator.picks("Spør nå …", {}, near="*Helsetjenesten:*")
    assert town.rings() == {"helse": 1}, "and nobody who was asked before is told again"
    assert "*Helsetjenesten:* har ikke bekreftet taushetsplikten" in town.card()
    await town.helse.confirms()
    town.helse.sees("onsdag 2. desember" if "2. desember" in town.card() else "3. desember kl. 10–11")
    assert "helse" in town.inside()
    await koordinator.types("/tot inviter", in_=town.room)
    assert not any("Helsetjenesten" in option for option in koordinator.choices("Tjeneste"))
    for option in koordinator.choices("Tjeneste"):
        await koordinator.does("/tot inviter", {"Tjeneste": option}, in_=town.room)
    all_in = "Alle teamets tjenester er med i saken allerede."
    assert all_in in await koordinator.types("/tot inviter", in_=town.room)


def with_a_second_team(partners: str) -> str:
    """Add the example's second team, which has no services yet."""
    before, _, after = partners.rpartition("# [[teams]]")
    return before + "\n".join(line.removeprefix("# ") for line in f"# [[teams]]{after}".splitlines())


@story(partners=with_a_second_team)
async def test_who_coordinates_two_teams_says_which_one_first(town: Town) -> None:
    for team, follows in (("TOT NSK", "Teamet har ingen tjenester ennå"), ("TOT Bergen", NOW)):
        for word in ("sak i morgen kl 10", "akutt"):
            await town.koordinator.types(f"/tot {word}")
            assert town.koordinator.offers() == ["TOT Bergen", "TOT NSK"]
            assert follows in await town.koordinator.opens(team)
    for word, bergen, nsk in (
        ("koordinator", "• @vara-koordinator", "*Koordinerer TOT NSK nå*\n• @koordinator\nUtnevn"),
        ("fellesmøte fredag kl 12", "2026-12-04 12:00", "partnerne i TOT NSK inviteres"),
        ("prøve", "Disse får prøven på Slack (9):", "Teamet har ingen tjenester ennå"),
    ):
        for team, follows in (("TOT Bergen", bergen), ("TOT NSK", nsk)):
            await town.koordinator.types(f"/tot {word}")
            assert follows in await town.koordinator.opens(team)
    await town.vara_koordinator.types("/tot sak i morgen kl 10")
    town.vara_koordinator.sees_no("Velg team", but=NOW, in_="modal")
    # Who coordinates only the other one begins with its services.
    await town.koordinator.types("/tot koordinator")
    await town.koordinator.does("TOT NSK", {"Utnevn ny koordinator": "utenforstaende"})
    for word in ("sak", "akutt"):
        assert "legger dem inn med `/tot tjeneste`" in await town.utenforstaende.types(f"/tot {word}")
    await town.utenforstaende.types("/tot tjeneste")
    assert town.utenforstaende.offers() == ["Ny tjeneste"]


@story("Politiet")
async def test_whoever_is_new_since_the_review_is_pointed_out_before_anything_is_sent(town: Town) -> None:
    koordinator, rooms = town.koordinator, town.rooms
    await koordinator.types("/tot sak i morgen kl 10")
    shown = await koordinator.looks_over({NOW: ["Bistandsadvokaten"], "Sted": "Møterom Nord"})
    assert "*Du må ringe*" not in shown
    await town.bistandsadvokat.is_deactivated()
    again = await koordinator.looks_over()
    # At the top, and at the bottom, where «Send» was pressed: why, and who is new.
    assert again.count("Noe er endret siden du så over.") == 2
    assert "*Du må ringe*" in again
    assert "*Får beskjed når du sender*" not in again, "nobody is"
    assert town.rooms == rooms
    await koordinator.steps()
    assert len(town.rooms) == len(rooms) + 1
    await koordinator.types("/tot inviter barneverntj", in_=town.room)
    assert "• Barneverntjenesten: @barnevern" in await koordinator.looks_over()
    await town.barnevern.is_deactivated()
    assert "Noe er endret siden du så over" in await koordinator.looks_over()
    town.barnevern_leder.sees_no(
        "trenger Barneverntjenesten", but="koordinator: Noe er endret siden du så over"
    )
    await koordinator.steps()


ACUTE = "Akutt: kall TOT sammen"
POLICE, WELFARE = "Politiet · Vakthavende", "Barnevernvakten · Vakthavende"


@story()
async def test_from_home_to_the_room_nothing_is_filled_in_but_who_is_asked(town: Town) -> None:
    koordinator = town.koordinator
    await town.until("21:02", days=3)
    await koordinator.looks_at_home()
    await koordinator.presses(ACUTE, in_="home")
    assert koordinator.person.modal is not None
    assert koordinator.person.modal.labels() == [NOW, "Andre tjenester", "Når begynner møtet?"]
    assert koordinator.choices(NOW)[:2] == [WELFARE, POLICE]
    assert not any("Sosialtjenesten" in option for option in koordinator.choices(NOW)), "nobody is at work"
    assert NOW in await koordinator.is_refused(), "nobody is chosen beforehand"
    shown = await koordinator.looks_over({NOW: [WELFARE, POLICE]})
    for told in (
        "fredag 4. desember kl. 22–23 (i dag)",
        "Barnevernvakten (vern og omsorg for barn) og Politiet (etterforskning): lovhjemmel",
        "@politi-vakt (Vakthavende)",
    ):
        assert told in shown, told
    assert town.rings() == {}
    await koordinator.steps()
    koordinator.sees("Sendt til 2 tjenester.", f"Gå til saksrommet: #{town.room}", in_="modal")
    assert town.rings() == {"barnevernvakt": 1, "koordinator": 1, "politi-vakt": 1, "vara-koordinator": 1}
    assert f"#{town.room}" in koordinator.home.partition("Møtene mine")[2]
    assert "https://meet.example.no/tot-bergen" in town.card()
    await koordinator.types("/tot møte", in_=town.room)
    assert "https://meet.example.no/tot-bergen" in koordinator.form, "where the last one was"
    assert "(•) man. 7. des. kl. 09:00, om tre dager" in koordinator.form
    assert "( ) I morgen (lør. 5. des.) kl. 09:00" in koordinator.form
    await koordinator.types("/tot sak")
    assert "22:00" in koordinator.form
    assert "om tre dager" not in koordinator.form, "never Monday without a word"
    assert "2026-12-07 09:00" in await koordinator.opens("/tot sak mandag kl 9")
    await town.until("23:40")
    assert "Om 30 minutter, kl. 00:10 (i natt)" in await koordinator.opens("/tot møte", in_=town.room)
    assert "2026-12-07 09:00" in await koordinator.opens("/tot fellesmøte"), "Monday"


@story()
async def test_a_meeting_after_midnight_is_tonight_and_not_tomorrow(town: Town) -> None:
    koordinator, police = town.koordinator, town.politi_vakt
    await town.until("22:00", days=3)
    await koordinator.types("/tot sak i natt kl. 00:30")
    shown = await koordinator.looks_over({NOW: ["Politiet", "Botilbud"], "Sted": "Møterom Nord"})
    assert "lørdag 5. desember kl. 00:30–01:30 (i natt)" in shown
    await koordinator.steps()
    police.sees("Akutt: møte i natt kl. 00:30", "Svar innen kl. 22:15 i dag")
    await police.confirms()
    police.sees("i natt kl. 00:30–01:30 (akutt)")
    await police.presses("Jeg kommer")
    await town.until("23:31")
    police.sees(f"*Møtet i sak {town.code} er i natt kl. 00:30*")
    await town.until("00:10", days=1)
    assert "møtet i natt kl. 00:30–01:30" in await koordinator.opens("Registrer svar", in_="tot-bot")
    await town.until("00:31")
    police.sees(f"*Møtet i sak {town.code} er i gang: det begynte i natt kl. 00:30*")


RESUMES, FAILED = "Fortsett der du slapp", "Noe gikk galt hos meg."
HOW_SOON = "Hvor fort bør TOT møtes?"


@story()
async def test_all_that_was_filled_in_before_a_form_was_left_is_offered_in_home_for_a_day(town: Town) -> None:
    koordinator, police = town.koordinator, "Politiet · Etterforsker, EXIT"
    await koordinator.types("/tot akutt")
    await koordinator.fills({NOW: [police]})
    assert f"[x] {police}" in await koordinator.opens("Mer")
    everything = {
        **{"Fase": "Arbeidsfase", LATER: ["Helsetjenesten"]},
        "Et annet tidspunkt": datetime(2026, 12, 7, 9, tzinfo=ZONE),
        "Lenke til videomøte": "meet.example.no/kveld",
        "Dagsorden eller merknad": "Hvem gjør hva i kveld.",
    }
    await koordinator.steps(everything)
    assert "Du ble ikke ferdig med «Opprett sak»" in await koordinator.looks_at_home()
    for other in (town.vara_koordinator, town.politi_exit):
        assert RESUMES not in await other.looks_at_home()
    kept = koordinator.keeps(RESUMES, in_="home")
    for other in (town.vara_koordinator, town.politi_exit, town.utenforstaende):
        assert "har du ikke tilgang til" in await other.presses_kept(kept)
    assert "Hvem gjør hva i kveld." in await koordinator.opens(RESUMES, in_="home")
    shown = await koordinator.looks_over()
    for kept_as_it_was in (
        *("Politiet", "Hvem gjør hva i kveld.", "mandag 7. desember kl. 9–10 (om seks dager)"),
        *("*Saken:* arbeidsfase", "*Ventes senere, får ikke beskjed*\n• Helsetjenesten"),
    ):
        assert kept_as_it_was in shown
    await koordinator.sends()
    assert len(town.rooms) == 1
    assert "https://meet.example.no/kveld" in town.card()
    assert RESUMES not in koordinator.home
    assert ACUTE not in await koordinator.presses_kept(kept), "it is sent, and nowhere any more"
    await koordinator.opens("/tot akutt", {NOW: [police]})
    await town.later("23 t")
    assert RESUMES in await koordinator.looks_at_home()
    await town.later("3 t")
    assert RESUMES not in await koordinator.looks_at_home()
    assert '"Draft"' in await town.keeps_of("koordinator")
    await town.jobs_run()
    assert '"Draft"' not in await town.keeps_of("koordinator")


@story()
async def test_a_form_that_failed_is_offered_there_without_what_may_not_be_written(town: Town) -> None:
    helse = town.helse
    for note, kept in (("Flere trengs.", True), ("Ring 41 23 45 67", False)):
        await helse.types("/tot kalle")
        with town.nothing_carried_out():
            await helse.steps({HOW_SOON: "I løpet av noen dager", "Merknad": note})
        assert FAILED in helse.form
        assert town.rings() == {}
        await helse.presses(RESUMES)
        assert helse.form.startswith("Be om at TOT samles")
        assert "(•) I løpet av noen dager" in helse.form
        assert (note in helse.form) is kept
        if kept:
            await helse.sends()
            town.koordinator.sees(note)
            town.rings()


UNDO = "Opprettet ved en feil: slett nå"
WITHDRAWN = (
    "*Forespørselen du fikk fra TOT Bergen tir. 1. des. kl. 09:00, er trukket tilbake, og møtet er avlyst.*"
)
GONE = "*Saken som ble opprettet i TOT Bergen tir. 1. des. kl. 09:00, var en feil, og er slettet.*"


async def undoes(town: Town) -> str:
    """Delete the case from «Valg» as the coordinator, who reads that it goes; return what the form says."""
    await town.koordinator.opens_choices(more=True)
    assert town.koordinator.keeps(UNDO).element["style"] == "danger"
    said = await town.koordinator.opens(UNDO)
    await town.koordinator.sends()
    assert "Saken slettes nå." in town.koordinator.form
    await town.koordinator.puts_away()
    await town.later("1 min")
    return said


@story("Politiet", "Barneverntjenesten", "UDI", confirmed=("politi-exit",))
async def test_everything_is_gone_within_a_minute_and_everybody_is_told(town: Town) -> None:
    said = await undoes(town)
    assert "De får ingen melding fra meg i Slack:* UDI (55 00 00 06)." in said
    assert "-post" not in said
    told = said.partition("*Får vite om det:*")[2].splitlines()[0]
    for handle in ("barnevern", "politi-exit", "vara-koordinator"):
        assert f"@{handle}" in told
    channel = town.channel(town.room)
    assert (channel.archived, town.inside()) == (True, set())
    assert not any(message.by_bot for message in channel.messages.values())
    for person in (town.politi_exit, town.barnevern):
        (told,) = person.messages
        assert told.startswith(WITHDRAWN)
        assert "Andre forespørsler du har fått, gjelder fortsatt." in told
        assert "plikt til å journalføre" in told
        assert "Journalført hos oss" not in told
    town.vara_koordinator.sees(GONE)
    assert town.koordinator.messages == []
    assert town.rings() == {"barnevern": 1, "politi-exit": 1, "vara-koordinator": 1}
    for person in (town.koordinator, town.vara_koordinator, town.politi_exit):
        person.sees_no(town.code, but=f"barnevern: {WITHDRAWN}")
    await town.koordinator.does("/tot rapport", {"Hvem er den til?": "Bare meg"})
    town.koordinator.sees("Ikke noe oppmøte er registrert i denne perioden.")


@story("Politiet", "Helsetjenesten", confirmed=("helse",), mail=True)
async def test_a_calendar_is_told_by_mail_before_the_address_goes(town: Town) -> None:
    assert len(town.runner.calendar("helse")) == 1
    assert "*E-post:* møtet blir avlyst i kalenderne som fikk det." in await undoes(town)
    subjects = [m.text.split("\n")[0] for m in town.runner.sandbox.activity.since(0) if m.kind == "mail"]
    assert subjects == ["*Møte*", "*Utgår: Møte*"]
    assert town.runner.calendar("helse") == []
    assert (await town.keeps_of("helse")).count('"table"') == 1, "where the message stands that tells of it"


@story("Politiet", when="i dag kl 12", confirmed=("politi-exit",))
async def test_it_is_not_offered_once_the_meeting_has_begun_or_an_action_is_agreed(town: Town) -> None:
    async def offered() -> bool:
        offers = await town.koordinator.opens_choices(more=True)
        assert "Avslutt saken" in offers
        await town.koordinator.puts_away()
        return UNDO in offers

    assert await offered()
    await town.koordinator.does("/tot tiltak", {"Hva": "ringe skolen"}, in_=town.room)
    assert not await offered()
    await town.opens_case("Politiet", when="i dag kl 12")
    assert await offered()
    await town.until("12:01")
    assert not await offered()
