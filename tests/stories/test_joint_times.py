"""A joint meeting at several times: proposed, tapped, called with one tap, withdrawn, or never chosen."""

from __future__ import annotations

import re

from tests.stories import story
from tests.stories.test_joint import INVITED, NONE, PARTNERS, TOPIC, WHO_CAME, adds, entries, moves, takes_out
from tests.stories.town import Town

FRIDAY, MONDAY = "fredag 11. desember kl. 12–13", "mandag 14. desember kl. 10–11"
WHICH = "*Hvilke tider passer for fellesmøtet i TOT Bergen?*"
OPEN = "iden er ikke valgt ennå"
BEST = "*Tidene for fellesmøtet:*"
NONE_CHOSEN = "Ingen av tidene som ble foreslått for fellesmøtet, ble valgt"


async def proposes(town: Town) -> str:
    """The coordinator proposes a Friday and the Monday after it; what the review shows."""
    lead = town.koordinator
    await lead.types("/tot fellesmøte")
    review = await lead.looks_over(
        {
            "Emne": TOPIC,
            "Sted": "Det store møterommet",
            "Når begynner møtet?": town.runner.day(13, "10:00"),
            "Flere tider?": town.runner.day(10, "12:00"),
        }
    )
    await lead.steps()
    await lead.puts_away()
    return review


async def taps(town: Town, handle: str, near: str, label: str = "Passer") -> None:
    await town.person(handle).presses(label, in_="tot-bot", near=near)


def suits(town: Town, when: str, by: str = "koordinator") -> str:
    """How many agencies the coordinators see of a time."""
    told = town.person(by).sees(f"*{when}:*")
    (found,) = re.findall(rf"\*{when}:\* passer for (\d av \d) tjenester", told)
    return str(found)


@story()
async def test_times_are_proposed_and_tapped_and_one_is_called(town: Town) -> None:
    lead, asked = town.koordinator, town.helse
    for handle in ("helse", "koordinator", "utenforstaende"):
        await town.person(handle).looks_at_home()
    review = await proposes(town)
    assert f"• {FRIDAY}\n• {MONDAY}" in review, "soonest first"
    assert "Ingen kalles inn nå. Svarfristen er fredag 4. desember kl. 9." in review
    assert "inviteres nå" not in review
    assert town.rings() == {**dict.fromkeys(PARTNERS, 1), "koordinator": 1, "vara-koordinator": 1}
    assert entries(town) == {}
    told = asked.sees(WHICH)
    assert "Det er ingen møteplikt.\nSvar innen fredag 4. desember kl. 9." in told
    assert asked.offers("tot-bot") == ["Passer", "Ingen passer"]
    assert " av " not in told.replace("Ingen av", "")
    waiting = asked.home
    assert waiting.index("Venter på deg") < waiting.index("[ Ingen passer ]") < waiting.index("Møtene mine")
    for nobody in (town.utenforstaende, town.botilbud):
        assert nobody.messages == []
    listed = await asked.types("/tot fellesmøte")
    assert OPEN in listed
    assert "Du er spurt om hvilke tider som passer" in listed
    assert "desember" not in listed

    for when in (FRIDAY, MONDAY):
        await taps(town, "helse", when)
    await taps(town, "barnevern", MONDAY)
    await taps(town, "barnevern-leder", MONDAY)
    await taps(town, "politi-exit", "Ingen passer", "Ingen passer")
    assert town.rings() == {}
    assert f"*{FRIDAY}* · passer for deg" in asked.sees(WHICH)
    assert "Svar innen" not in asked.sees(WHICH)
    assert "*Ingen av tidene passer for deg.*" in town.politi_exit.sees(WHICH)
    for by in ("koordinator", "vara-koordinator"):
        assert (suits(town, FRIDAY, by), suits(town, MONDAY, by)) == ("1 av 6", "2 av 6")
    assert f"• {MONDAY}: passer for 2 av 6 tjenester" in lead.home
    assert "du har svart på tidene" in asked.home
    for person in (lead, town.politi_exit):
        person.sees_no("Helsesykepleier", but=OPEN if person is lead else WHICH)
    await taps(town, "helse", FRIDAY, "Passer ikke likevel")
    await taps(town, "barnevern-leder", MONDAY, "Passer ikke likevel")
    assert (suits(town, FRIDAY), suits(town, MONDAY)) == ("0 av 6", "2 av 6")

    late = town.politi_exit.keeps("Passer", in_="tot-bot", near=MONDAY)
    await town.vara_koordinator.presses("Kall inn", in_="tot-bot", near=MONDAY)
    assert town.rings() == {**dict.fromkeys(PARTNERS, 2), "helse": 1, "barnevern": 1}
    for person in (asked, town.barnevern):
        told = person.sees(INVITED)
        assert f"{MONDAY} · Det store møterommet\nDu kommer." in told
    for person in (town.politi_exit, town.barnevern_leder, town.sosialtjenesten):
        assert "Kommer du? Det er ingen møteplikt." in person.sees(INVITED)
        person.sees_no(WHICH, but=INVITED)
        person.sees_no(FRIDAY, but=MONDAY)
    lead.sees("*Kommer (2):*\n• Barneverntjenesten · Kontaktperson\n• Helsetjenesten · Helsesykepleier")
    assert set(entries(town).values()) == {0}
    await town.politi_exit.presses_kept(late)
    lead.sees("*Kommer (2):*")
    await asked.presses("Kommer ikke", in_="tot-bot")
    lead.sees("*Kommer ikke (1):* Helsetjenesten")
    await moves(town)
    lead.sees("*Kommer (0):* –\n*Kommer ikke (0):* –")
    assert town.rings() == dict.fromkeys(PARTNERS, 2)


@story()
async def test_the_best_is_told_once_and_nobody_is_reminded(town: Town) -> None:
    lead = town.koordinator
    await proposes(town)
    for handle, when in (("helse", MONDAY), ("barnevern", FRIDAY), ("politi-exit", FRIDAY)):
        await taps(town, handle, when)
    town.rings()
    await town.until("08:59", days=3)
    assert town.rings() == {}
    await town.until("09:01")
    assert town.rings() == {"koordinator": 1, "vara-koordinator": 1}
    assert f"Best nå: {FRIDAY}, passer for 2 av 6 tjenester.\n[ Kall inn ]" in lead.sees(BEST)
    for handle in ("helse", "bistandsadvokat"):
        await taps(town, handle, MONDAY) if handle != "helse" else None
    await taps(town, "sosialtjenesten", MONDAY)
    assert f"Best nå: {MONDAY}, passer for 3 av 6 tjenester." in lead.sees(BEST)
    await town.until("11:59", days=6)
    assert town.rings() == {}
    await lead.presses("Kall inn", in_="tot-bot", near="Best nå")
    lead.sees("*Kommer (3):*")
    lead.sees_no(BEST, but=INVITED)


@story()
async def test_it_is_told_at_once_when_all_have_answered_and_of_who_is_still_there(town: Town) -> None:
    await proposes(town)
    last = "helse"
    for handle in sorted(PARTNERS - {last}):
        await taps(town, handle, "Ingen passer", "Ingen passer")
    town.koordinator.sees_no(BEST, but=OPEN)
    town.rings()
    await taps(town, last, MONDAY)
    assert town.rings() == {"koordinator": 1, "vara-koordinator": 1}
    town.koordinator.sees(f"Best nå: {MONDAY}, passer for 1 av 6 tjenester.")
    await takes_out(town, "1. Bistandsadvokat", "bistandsadvokaten")
    assert suits(town, MONDAY) == "1 av 5", "an agency without anybody is not counted"


@story()
async def test_times_that_pass_are_shown_no_more_and_the_last_ends_it(town: Town) -> None:
    lead = town.koordinator
    await proposes(town)
    await taps(town, "helse", FRIDAY)
    late, call = (
        town.barnevern.keeps("Passer", in_="tot-bot", near=FRIDAY),
        lead.keeps("Kall inn", near=FRIDAY),
    )
    await town.until("14:00", days=10)
    town.rings()
    for person in (town.helse, lead):
        person.sees_no(FRIDAY, but=MONDAY)
    for person, button in ((town.barnevern, late), (lead, call)):
        assert await person.presses_kept(button) != ""
    assert suits(town, MONDAY) == "0 av 6"
    await town.until("14:00", days=3)
    for handle in (*PARTNERS, "koordinator"):
        town.person(handle).sees(NONE_CHOSEN)
        town.person(handle).sees_no(MONDAY, but=NONE_CHOSEN)
    await town.later("3 d")
    assert town.rings() == {}, "nobody met, so nothing is asked"
    lead.sees_no(WHO_CAME, but=NONE_CHOSEN)


@story()
async def test_withdrawn_nothing_new_is_sent_for_nobody_has_it_in_a_calendar(town: Town) -> None:
    lead = town.koordinator
    await proposes(town)
    await taps(town, "helse", MONDAY)
    late, call = (
        town.helse.keeps("Passer", in_="tot-bot"),
        town.vara_koordinator.keeps("Kall inn", near=MONDAY),
    )
    town.rings()
    await lead.presses("Trekk tidene tilbake", in_="tot-bot")
    assert "Tidene trekkes tilbake" in lead.form
    await lead.sends()
    for person in (town.helse, town.barnevern, town.vara_koordinator):
        person.sees(NONE_CHOSEN)
    for person, button in ((town.helse, late), (town.vara_koordinator, call)):
        await person.presses_kept(button)
        person.sees_no(INVITED, but=NONE_CHOSEN)
    assert town.rings() == {}
    assert NONE in await town.helse.types("/tot fellesmøte")
    await town.later("10 d")
    assert town.rings() == {}


@story()
async def test_two_times_at_least_and_each_another(town: Town) -> None:
    lead = town.koordinator
    await lead.types("/tot fellesmøte")
    first, second = town.runner.day(10, "12:00"), town.runner.day(13, "10:00")
    for more in (
        {"Flere tider?": first, "En tredje tid": None},
        {"Flere tider?": None, "En tredje tid": first},
        {"Flere tider?": second, "En tredje tid": second},
        {"Flere tider?": town.runner.day(-1), "En tredje tid": None},
    ):
        refused = await lead.is_refused({"Emne": TOPIC, "Sted": "Møterom Sør", "Når": first, **more})
        assert set(refused) <= {"Flere tider?", "En tredje tid"}
    assert town.rings() == {}
    await lead.sends({"Flere tider?": second, "En tredje tid": None})
    await lead.puts_away()
    await lead.types("/tot fellesmøte")
    await lead.steps({"Emne": "Annet", "Sted": "Møterom Sør", "Når": second})
    assert ":warning:" not in lead.form, "nothing takes up a time that may be chosen"


@story()
async def test_a_contact_who_came_later_asks_to_be_asked_and_is_bound_to_nothing(town: Town) -> None:
    lead, newcomer = town.koordinator, town.utenforstaende
    await proposes(town)
    await adds(town, "utenforstaende")
    town.rings()
    assert OPEN in await newcomer.types("/tot fellesmøte")
    await newcomer.presses("Spør meg også")
    assert town.rings() == {"utenforstaende": 1}
    newcomer.sees(WHICH)
    assert "Du er spurt om hvilke tider som passer" in await newcomer.types("/tot fellesmøte")
    assert suits(town, MONDAY) == "0 av 6"
    await taps(town, "utenforstaende", MONDAY)
    assert suits(town, MONDAY) == "1 av 6"
    await adds(town, "udi")
    await town.udi.types("/tot fellesmøte")
    late = town.udi.keeps("Spør meg også")
    await lead.presses("Kall inn", in_="tot-bot", near=MONDAY)
    newcomer.sees("Du kommer.")
    await town.udi.presses_kept(late)
    assert "Kommer du?" in town.udi.sees(INVITED)
    lead.sees("*Kommer (1):*")
