"""The drill (kontaktprøve): who gets it and when, what is shown of it, what remains."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP

from sandbox.mail import clients
from tests.stories import story
from tests.stories.town import Town

DRILL, AGAIN = "*Dette er en prøve.* Trykk «Mottatt».", "*Dette er fortsatt bare en prøve.*"
THANKS, HELD = "*Takk, prøven nådde deg.*", "*Kontaktprøve i TOT Bergen*"
OFFICE = {"politi-exit", "politi-leder", "barnevern", "barnevern-leder", "sosialtjenesten", "helse"}
ALWAYS = {"politi-vakt", "bistandsadvokat"}
OUTSIDE = {"barnevernvakt"}
BOTH = {"koordinator": 1, "vara-koordinator": 1}
UNCONFIRMED = "*Vakttelefoner som ingen har bekreftet det siste halvåret:*"


def once(*handles: str | set[str]) -> dict[str, int]:
    each = [{handle} if isinstance(handle, str) else handle for handle in handles]
    return dict.fromkeys(sorted(set().union(*each)), 1)


async def begins(town: Town) -> str:
    """Send a drill as the coordinator; return what the form shows."""
    shown = await town.koordinator.opens("/tot prøve")
    await town.koordinator.steps()
    await town.koordinator.puts_away()
    return shown


def listed(town: Town, heading: str, by: str = "koordinator") -> str:
    """Return the part under a heading, as the coordinators read it."""
    told = town.person(by).sees(HELD)
    assert heading in told, told
    return told.partition(heading)[2].partition("\n*")[0]


async def adds_line(town: Town, number: str, by: str = "politi-leder") -> None:
    await town.person(by).does("/tot tjeneste politi", "Vakttelefonen", {"Vakttelefon": number})


@story()
async def test_each_gets_it_when_on_call_and_who_is_reached_is_shown_the_next_morning(town: Town) -> None:
    lead, leader = town.koordinator, town.politi_leder
    shown = await begins(town)
    reached, _, ring = shown.partition("*Disse får prøven på Slack (9):*")[2].partition("*Disse må du ringe")
    assert {f"@{handle} " in reached for handle in OFFICE | ALWAYS | OUTSIDE} == {True}
    assert "UDI: Saksbehandler · 55 00 00 06" in ring
    assert "botilbud" not in shown
    assert town.rings() == once(OFFICE, ALWAYS, "koordinator", "vara-koordinator")
    for handle in OFFICE | ALWAYS:
        assert "Mottatt" in town.person(handle).offers("tot-bot")
    for nobody in (town.utenforstaende, town.botilbud, town.barnevernvakt):
        assert nobody.messages == []
    assert "nådd (" not in lead.sees(HELD).casefold()
    assert "Vaktleder · 55 00 00 03" in listed(town, "*Ikke på Slack, ikke prøvd (4), ring dem:*")
    assert "Hvem prøven har nådd, står her fra i morgen." in leader.sees(DRILL)
    town.politi_exit.sees_no("som du leder", but="politi-leder: *Politiet, som du leder:*")
    town.politi_exit.sees(DRILL, "Koordinatorene og den som leder dere, ser om prøven nådde deg")

    twice = town.politi_exit.keeps("Mottatt", in_="tot-bot")
    await town.politi_exit.presses("Mottatt", in_="tot-bot")
    assert town.politi_exit.sees(THANKS) == town.politi_exit.messages[0]
    await town.politi_exit.presses_kept(twice)
    await town.until("17:01")
    assert town.rings() == once(OUTSIDE), "within the hour"
    await town.until("23:59")
    assert "nådd (" not in lead.sees(HELD).casefold()
    assert "nådd" not in leader.sees(DRILL).replace("prøven har nådd", "").replace("prøven nådde", "")
    await town.until("08:30", days=1)
    for by in ("koordinator", "vara-koordinator"):
        assert listed(town, "*Nådd (1):*", by) == "\n• Politiet: @politi-exit (Etterforsker, EXIT)"
        assert listed(town, "*Ikke nådd (8):*", by).count("•") == 8
    told = leader.sees(DRILL)
    assert "• @politi-exit (Etterforsker, EXIT): nådd\n• @politi-vakt (Vakthavende): ikke nådd" in told
    assert "@barnevern" not in told
    town.barnevern.sees_no("@politi-exit", but=DRILL)
    town.barnevern_leder.sees_no("@politi-exit", but="@barnevern (Kontaktperson): ikke nådd")


@story()
async def test_one_reminder_a_day_later_for_who_has_not_pressed_and_no_second_drill(town: Town) -> None:
    await town.vara_koordinator.types("/tot prøve")
    await begins(town)
    town.rings()
    assert "prøve" in await town.vara_koordinator.looks_over(), "begun meanwhile"
    assert town.rings() == {}
    said = await town.vara_koordinator.opens("/tot prøve")
    assert "Send prøven" not in said
    assert "15. desember" in said or "slett" in said, said
    await town.politi_vakt.is_deactivated()
    for handle in ("politi-exit", "helse"):
        await town.person(handle).presses("Mottatt", in_="tot-bot")
    town.rings()
    await town.until("17:00")
    await town.until("08:59", days=1)
    assert town.rings() == once(OUTSIDE)
    await town.until("10:01")
    assert town.rings() == once(OFFICE - {"politi-exit", "helse"}, ALWAYS - {"politi-vakt"})
    # A closed account is shown to the coordinators, and to the leader as silence.
    assert "politi-vakt" in listed(town, "stengt (1)")
    told = town.politi_leder.sees(DRILL, "@politi-vakt (Vakthavende): ikke nådd")
    assert "stengt" not in told
    town.barnevern.sees(AGAIN)
    await town.barnevern.presses("Mottatt", in_="tot-bot", near=AGAIN)
    town.barnevern.sees_no(AGAIN, but=THANKS)
    await town.until("18:00")
    assert town.rings() == once(OUTSIDE)
    await town.later("5 d")
    assert town.rings() == {}, "one each, and no more"
    assert "Barneverntjenesten: @barnevern (" in listed(town, "*Nådd (3):*")


@story()
async def test_at_weekends_it_waits_for_the_office_and_for_who_is_away(town: Town) -> None:
    day = timedelta(days=1)
    await town.politi_vakt.types("/tot tjeneste")
    await town.politi_vakt.sends({"Borte fra": town.now.date(), "Borte til": town.now.date() + 7 * day})
    await town.until("12:00", days=4)
    assert await town.rings_when(begins(town)) == {**BOTH, **once(OUTSIDE, ALWAYS - {"politi-vakt"})}
    await town.until("07:59", days=2)
    assert town.rings().keys() <= OUTSIDE | ALWAYS, "reminded alone"
    await town.until("09:01")
    assert town.rings() == once(OFFICE)
    assert "@barnevern " in listed(town, "*Ikke avklart ennå (7):*"), "on the day nobody is silent"
    town.barnevern_leder.sees(DRILL, "@barnevern (Kontaktperson): ikke avklart ennå")
    await town.until("08:30", days=1)
    assert "@barnevern " in listed(town, "*Ikke nådd (")
    town.barnevern_leder.sees(DRILL, "@barnevern (Kontaktperson): ikke nådd")
    await town.until("06:59", days=1)
    assert "politi-vakt" not in town.rings()
    await town.until("08:01", days=1)
    assert town.rings()["politi-vakt"] == 1


@story("Politiet", confirmed=("politi-exit",))
async def test_an_acute_case_goes_first_and_nothing_is_lost(town: Town) -> None:
    lead = town.koordinator
    assert "akutt" in await lead.types("/tot prøve") + lead.form
    assert not lead.person.modal or "Disse får prøven" not in lead.form
    await lead.does("/tot fase", in_=town.room)
    await begins(town)
    await lead.does("/tot fase akutt", in_=town.room)
    await town.until("20:00")
    assert "barnevernvakt" not in town.rings()
    await town.until("12:00", days=1)
    town.helse.sees(DRILL)
    town.helse.sees_no(AGAIN, but=DRILL)
    assert "barnevernvakt" not in town.rings()
    await lead.does("/tot fase", in_=town.room)
    await town.until("15:30")
    assert "helse" in town.rings()
    town.helse.sees(AGAIN)
    await town.until("16:30")
    town.barnevernvakt.sees(DRILL)


@story()
async def test_it_is_not_begun_twice_and_whose_account_is_closed_is_shown(town: Town) -> None:
    await town.vara_koordinator.types("/tot prøve")
    await begins(town)
    town.rings()
    await town.vara_koordinator.person.submits()
    await town.rest()
    assert town.rings() == {}
    assert "prøve" in town.vara_koordinator.form
    said = await town.vara_koordinator.types("/tot prøve") + town.vara_koordinator.form
    assert "Disse får prøven" not in said
    assert "15. desember" in said or "slett" in said, said
    # A closed account is shown to the coordinators at once.
    await town.politi_vakt.is_deactivated()
    await town.until("08:30", days=1)
    assert "politi-vakt" in listed(town, "stengt (1)")


@story()
async def test_the_leader_confirms_the_duty_line_until_it_is_another(town: Town) -> None:
    leader = town.politi_leder
    await begins(town)
    assert "Politiet: 55 00 00 01" in listed(town, UNCONFIRMED)
    assert "botilbud" not in listed(town, UNCONFIRMED)
    town.rings()
    twice = leader.keeps("Nummeret stemmer", in_="tot-bot")
    await leader.presses("Nummeret stemmer", in_="tot-bot")
    await leader.presses_kept(twice)
    assert town.rings() == {}
    leader.sees("nummer bekreftet i desember 2026")
    assert "Politiet" not in listed(town, UNCONFIRMED)
    assert "Barneverntjenesten: 55 00 00 02" in listed(town, UNCONFIRMED)
    await adds_line(town, "55 00 00 01")
    assert "Politiet" not in listed(town, UNCONFIRMED), "the same one is still confirmed"
    await adds_line(town, "55 00 00 99")
    assert "Politiet: 55 00 00 99" in listed(town, UNCONFIRMED)
    await leader.presses("Nummeret stemmer", in_="tot-bot")
    await town.partners_change(("55 00 00 01", "55 00 00 98"))
    assert "Politiet: 55 00 00 98" in listed(town, UNCONFIRMED)
    assert "Nummeret stemmer" in leader.offers("tot-bot")
    await adds_line(town, "")
    assert "Nummeret stemmer" not in leader.offers("tot-bot")
    leader.sees_no("55 00 00", but="*Politiet, som du leder:*")


@story()
async def test_what_is_left_is_the_month_in_which_each_was_reached(town: Town) -> None:
    people = {"Tjenester som spørres nå": ["Politiet", "Helsetjenesten", "UDI"], "Sted": "Møterom Nord"}

    async def review() -> str:
        await town.koordinator.types("/tot sak om 3 dager kl 10")
        return await town.koordinator.looks_over(people)

    assert "nådd" not in await review()
    await begins(town)
    late = town.barnevern.keeps("Mottatt", in_="tot-bot")
    await town.helse.presses("Mottatt", in_="tot-bot")
    await town.jobs_run()
    assert "nådd" not in await review(), "nobody learns how soon they pressed, nor is missed on the first day"
    await town.until("08:30", days=1)
    shown = await review()
    assert "@helse (Helsesykepleier) · sist nådd: i desember 2026" in shown.replace(", sist", " · sist")
    assert "nådd" not in shown.partition("UDI:")[2].splitlines()[0], "who is rung is in no drill"
    await town.until("22:00", days=12)
    town.helse.sees(THANKS)
    town.rings()
    await town.until("10:00", days=1)
    assert town.rings() == {}
    for handle in (*OFFICE, *ALWAYS, *OUTSIDE, "koordinator", "vara-koordinator"):
        assert town.person(handle).messages == []
    assert await town.barnevern.presses_kept(late) != ""
    shown = await review()
    assert "sist nådd: i desember 2026" in shown
    assert "aldri nådd i en prøve" in shown
    await begins(town)
    town.helse.sees(DRILL)


# --- by mail


@story(mail=True)
async def test_who_is_not_on_slack_gets_one_mail_and_whatever_they_write_back_counts(town: Town) -> None:
    mail = town.runner.mail
    assert mail is not None
    await town.until("22:30")
    await begins(town)
    assert mail.sent == []
    await town.until("07:59", days=1)
    addresses = ["vakt@advokatene.example", "vaktleder@barnevernvakt.example"]
    assert sorted(sent.recipient for sent in mail.sent) == addresses
    await town.until("09:01")
    addresses += ["post@udi.example", "vara@sosialtjenesten.example"]
    assert sorted(sent.recipient for sent in mail.sent) == sorted(addresses)
    (asked,) = (sent.raw for sent in mail.sent if sent.recipient == "post@udi.example")
    assert b"TOT" not in asked
    by_mail = "*Bare på e-post, har ikke svart (4):*"
    assert "UDI: Saksbehandler" in listed(town, by_mail)

    def writes(address: str, *, frm: str, automatic: bool = False) -> None:
        (raw,) = (sent.raw for sent in mail.sent if sent.recipient == address)
        answer = message_from_bytes(clients.written(raw, frm, "Mottatt", town.now), policy=SMTP)
        if automatic:
            answer["Auto-Submitted"] = "auto-replied"
        to = str(answer["To"])
        mail.deliver(to[to.find("<") + 1 :].rstrip(">"), answer.as_bytes())

    town.runner.writes_back("udi", "Mottatt")
    writes("vakt@advokatene.example", frm="vakt@advokatene.example", automatic=True)
    writes("vaktleder@barnevernvakt.example", frm="andre@barnevernvakt.example")
    await mail.read()
    await town.rest()
    assert "UDI: Saksbehandler" in listed(town, by_mail), "it is shown from the next day"
    await town.until("08:30", days=1)
    assert "UDI: Saksbehandler" in listed(town, "*Nådd (1):*")
    assert listed(town, "*Bare på e-post, har ikke svart (3):*").count("•") == 3
    await town.later("5 d")
    assert len(mail.sent) == 4, "it is not repeated"
