"""An acute case on a Friday evening, as a coordinator meets it: few taps, and a review that tells all."""

from __future__ import annotations

import re
from datetime import datetime

from sandbox.exercises.runner import ZONE, ExerciseRunner
from sandbox.people.person import Person
from tests.e2e import kit

FRIDAY = datetime(2026, 12, 4, 21, 2, tzinfo=ZONE)
ASKED = "Tjenester som spørres nå"
OTHERS = "Andre tjenester"


async def on_friday(runner: ExerciseRunner) -> Person:
    """The coordinator's Home, on Friday at 21."""
    await runner.until(FRIDAY)
    koordinator = runner.person("koordinator")
    await koordinator.opens_home()
    await runner.until_idle()
    return koordinator


async def test_from_home_to_send_nothing_is_filled_in_but_who_is_asked(runner: ExerciseRunner) -> None:
    koordinator = await on_friday(runner)
    await koordinator.presses("Akutt: kall TOT sammen", in_="home")
    form = await koordinator.sees_modal("Akutt: kall TOT sammen")
    assert form.labels() == [ASKED, OTHERS, "Når begynner møtet?"]
    on_call = form.view.blocks[1]
    shown = [option["text"]["text"] for option in on_call["element"]["options"]]
    assert shown[:2] == ["Barnevernvakten · Vakthavende", "Politiet · Vakthavende"]
    assert not any("Barneverntjenesten" in text or "Sosialtjenesten" in text for text in shown)
    assert "initial_options" not in on_call["element"]
    await koordinator.fills({ASKED: ["Barnevernvakten · Vakthavende", "Politiet · Vakthavende"]})
    await runner.sends(koordinator)
    review = await koordinator.sees_modal("Se over og send")
    assert "fredag 4. desember kl. 22–23 (i dag)" in review.text
    proposed = "*Forslag til grunnlag for å dele, og hvorfor de er med*"
    reasons = "Barnevernvakten (vern og omsorg for barn) og Politiet (etterforskning): lovhjemmel"
    assert f"{proposed}\n{reasons}" in review.text
    assert "(Vakthavende)" in review.text
    await kit.send(runner, koordinator)
    (room,) = kit.rooms(runner.sandbox)
    await kit.until(lambda: f"#{room}" in koordinator.home.partition("Møtene mine")[2].partition("Saker")[0])
    assert "https://meet.example.no/tot-bergen" in "\n".join(koordinator.reads(room))


async def test_who_sent_it_has_a_receipt_that_leads_to_the_room(runner: ExerciseRunner) -> None:
    koordinator = await on_friday(runner)
    await koordinator.types("/tot akutt")
    await koordinator.fills({ASKED: ["Barnevernvakten · Vakthavende", "Politiet · Vakthavende"]})
    await runner.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await runner.sends(koordinator)
    assert "Sendt til 2 tjenester." in (await koordinator.sees_modal("Saken er opprettet")).text
    await kit.until(lambda: koordinator.modal is not None and "Gå til saksrommet" in koordinator.modal.text)
    (room,) = kit.rooms(runner.sandbox)
    assert koordinator.modal is not None
    assert f"#{room}" in koordinator.modal.text


async def test_a_second_case_within_the_half_hour_is_doubted(runner: ExerciseRunner) -> None:
    koordinator = await on_friday(runner)
    for _ in range(2):
        await koordinator.types("/tot akutt")
        form = await koordinator.sees_modal("Akutt: kall TOT sammen")
        await koordinator.fills({ASKED: ["Politiet · Vakthavende"]})
        await runner.sends(koordinator)
        await kit.send(runner, koordinator)
    just_opened = re.search(r"Du opprettet sak \*(\w+)\*", form.text)
    assert just_opened is not None
    assert f"rom-{just_opened[1]}" in kit.rooms(runner.sandbox)
    assert "Er det den samme?" in form.text


async def test_more_keeps_what_is_ticked_and_lets_everything_be_chosen(runner: ExerciseRunner) -> None:
    koordinator = await on_friday(runner)
    await koordinator.types("/tot akutt")
    await koordinator.fills({ASKED: ["Politiet · Vakthavende"]})
    await koordinator.presses("Mer")
    more = {"Et annet tidspunkt", "Sted", "Lenke til videomøte", "Dagsorden eller merknad"}
    await kit.until(lambda: koordinator.modal is not None and more <= set(koordinator.modal.labels()))
    await koordinator.fills(
        {
            "Politiet: på hvilket grunnlag deles det?": "Samtykke",
            "Et annet tidspunkt": datetime(2026, 12, 7, 9, tzinfo=ZONE),
            "Lenke til videomøte": "meet.example.no/kveld",
            "Dagsorden eller merknad": "Hvem gjør hva i natt.",
        }
    )
    await runner.sends(koordinator)
    review = await koordinator.sees_modal("Se over og send")
    assert "mandag 7. desember kl. 9–10 (om tre dager)" in review.text
    chosen = "*Grunnlag for å dele, og hvorfor de er med*\nPolitiet (etterforskning): samtykke"
    assert chosen in review.text
    assert "Hvem gjør hva i natt." in review.text
    await kit.send(runner, koordinator)
    (room,) = kit.rooms(runner.sandbox)
    assert "https://meet.example.no/kveld" in "\n".join(koordinator.reads(room))


async def test_a_request_for_today_ticks_the_one_that_asked_and_nobody_else(runner: ExerciseRunner) -> None:
    await runner.until(FRIDAY)
    asker = runner.person("barnevern")
    await asker.types("/tot kalle")
    await asker.fills({"Hvor fort bør TOT møtes?": "I dag"})
    await kit.send(runner, asker)
    koordinator = runner.person("koordinator")
    await koordinator.presses("Ja, opprett sak", in_="tot-bot")
    form = await koordinator.sees_modal("Akutt: kall TOT sammen")
    elements = [block["element"] for block in form.view.blocks if "element" in block]
    ticked = [option for element in elements for option in element.get("initial_options", [])]
    assert [option["text"]["text"] for option in ticked] == ["Barneverntjenesten · Kontaktperson"]
    await runner.sends(koordinator)
    review = await koordinator.sees_modal("Se over og send")
    assert "Barneverntjenesten" in review.text
    assert "Politiet" not in review.text
    assert "for få tjenester" in review.text
    await kit.send(runner, koordinator)
    assert "Ja, TOT kalles sammen" in "\n".join(asker.reads("tot-bot"))


async def test_an_acute_case_never_proposes_monday_without_a_word(runner: ExerciseRunner) -> None:
    koordinator = await on_friday(runner)
    await koordinator.types("/tot sak")
    form = await koordinator.sees_modal("Opprett sak")
    assert "22:00" in form.text
    assert "om tre dager" not in form.text
    await koordinator.closes()
    await koordinator.types("/tot sak mandag kl 9")
    assert "Foreslått: mandag, om tre dager." in (await koordinator.sees_modal("Opprett sak")).text


async def test_the_next_meeting_is_where_the_last_one_was(runner: ExerciseRunner) -> None:
    koordinator = await on_friday(runner)
    await koordinator.types("/tot akutt")
    await koordinator.fills({ASKED: ["Politiet · Vakthavende"]})
    await runner.sends(koordinator)
    await kit.send(runner, koordinator)
    (room,) = kit.rooms(runner.sandbox)
    await koordinator.types("/tot møte", in_=room)
    form = await koordinator.sees_modal("Kall inn til møte")
    assert "https://meet.example.no/tot-bergen" in form.text
    assert "(•) man. 7. des. kl. 09:00, om tre dager" in form.text
    assert "( ) I morgen (lør. 5. des.) kl. 09:00" in form.text
