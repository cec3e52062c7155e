"""A joint meeting at several times, as people use it: proposed, tapped, called with one tap, or withdrawn."""

from __future__ import annotations

import re

from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import canaries, kit
from tests.e2e.test_guidance import texts
from tests.e2e.test_joint import AGENDA, TOPIC, entries
from tests.handlers.mail.kit import UDI, playing, words_of
from tests.handlers.mail.test_joint import BY_MAIL

FRIDAY, MONDAY = "fredag 11. desember kl. 12–13", "mandag 14. desember kl. 10–11"
ASKED = "Hvilke tider passer for fellesmøtet i TOT Bergen?"
OPEN = "Tiden er ikke valgt ennå"
BEST = "Tidene for fellesmøtet:"


async def propose(runner: ExerciseRunner) -> str:
    """The coordinator proposes a Friday and the Monday after it; what the review shows."""
    coordinator = runner.person("koordinator")
    await coordinator.types("/tot fellesmøte")
    await coordinator.sees_modal("Fellesmøte")
    times = {"Når begynner møtet?": runner.day(10, "12:00"), "Flere tider?": runner.day(13, "10:00")}
    about = {"Emne": TOPIC, "Sted": "Det store møterommet", "Dagsorden eller merknad": AGENDA}
    await coordinator.fills({**about, **times})
    await runner.sends(coordinator)
    review = await coordinator.sees_modal("Se over og send")
    await kit.send(runner, coordinator)
    return review.text.replace("*", "")


async def taps(runner: ExerciseRunner, handle: str, label: str, near: str = "") -> None:
    await runner.person(handle).presses(label, in_="tot-bot", near=near)
    await runner.until_idle()


def shown(runner: ExerciseRunner, handle: str) -> str:
    return texts(runner, handle).replace("*", "")


def came(runner: ExerciseRunner, handle: str) -> list[str]:
    """All messages that the bot has sent to somebody, as they were when they came."""
    sent = (m for m in runner.sandbox.activity if m.kind == "message" and m.place == "tot-bot")
    return [m.text for m in sent if handle in m.seen_by]


async def test_played(play_url: str) -> None:
    async with playing(play_url) as (rehearsal, runner, mail_servers):
        review = await propose(runner)
        assert f"• {FRIDAY}" in review
        assert f"• {MONDAY}" in review
        asked, _, rest = review.partition("Disse spørres nå hvilke tider som passer:")[2].partition(
            "Disse inviteres på e-post når en tid er valgt"
        )
        assert "@helse" in asked
        assert "UDI" not in asked
        assert "UDI" in rest
        assert "botilbud 1" in rest.partition("Disse må du invitere selv")[2]
        assert not canaries.NOBODY_SEES.search(review)
        assert mail_servers.sent == []
        assert entries(runner) == {}

        await taps(runner, "helse", "Passer", FRIDAY)
        await taps(runner, "helse", "Passer", MONDAY)
        await taps(runner, "barnevern", "Passer", MONDAY)
        await taps(runner, "politi-exit", "Ingen passer")
        assert f"{FRIDAY} · passer for deg" in shown(runner, "helse")
        assert "Ingen av tidene passer for deg." in shown(runner, "politi-exit")
        overview = shown(runner, "vara-koordinator")
        assert re.search(rf"{FRIDAY}: passer for 1 av \d tjenester", overview)
        assert re.search(rf"{MONDAY}: passer for 2 av \d tjenester", overview)
        for handle in ("koordinator", "helse", "politi-exit"):
            assert "Helsesykepleier" not in shown(runner, handle), "how many, not who"
        for handle in ("helse", "politi-exit", "barnevern-leder"):
            assert "tjenester" not in shown(runner, handle).replace("passer for deg", ""), "nor how many"

        before = {m.source.ts for m in kit.direct(runner.sandbox, "helse")}
        sent = {handle: len(came(runner, handle)) for handle in ("helse", "politi-exit")}
        await taps(runner, "koordinator", "Kall inn", MONDAY)
        (invitation,) = [m for m in kit.direct(runner.sandbox, "helse") if "Fellesmøte i TOT" in m.text]
        assert invitation.source.ts in before, "what stands is edited"
        assert "Du kommer." in invitation.text
        assert MONDAY in invitation.text
        new = {handle: came(runner, handle)[sent[handle] :] for handle in sent}
        assert len(new["helse"]) == 1, "as many as if it had been called at once"
        assert ".ics" in new["helse"][0]
        assert len(new["politi-exit"]) == 2
        for handle in ("politi-exit", "sosialtjenesten"):
            assert "Kommer du? Det er ingen møteplikt." in shown(runner, handle)
            assert ASKED not in shown(runner, handle)
            assert FRIDAY not in shown(runner, handle)
        assert "Kommer (2):" in shown(runner, "koordinator")
        assert set(entries(runner).values()) == {0}
        assert sorted(words_of(mail_servers.sent)) == sorted((address, "REQUEST", 0) for address in BY_MAIL)
        mail_servers.answer(UDI, "ACCEPTED")
        await runner.until_idle()
        assert "Kommer (3):" in shown(runner, "koordinator")
        assert await rehearsal.bot.database.outbox.given_up() == {}


async def test_the_best_is_told_once_and_nobody_is_reminded(runner: ExerciseRunner) -> None:
    third, fourth = runner.day(2, "23:00"), runner.day(3, "23:00")
    await propose(runner)
    await taps(runner, "helse", "Passer", MONDAY)
    assert BEST not in shown(runner, "koordinator")
    before = len(came(runner, "barnevern"))
    await runner.until(runner.day(9, "18:00"))
    assert len(came(runner, "barnevern")) == before
    told = [
        m
        for m in runner.sandbox.activity
        if m.kind == "message" and "koordinator" in m.seen_by and BEST in m.text
    ]
    (best,) = told
    assert f"Best nå: {MONDAY}, passer for 1 av" in best.text
    assert third < best.time < fourth, "three working days"


async def test_times_that_pass_are_shown_no_more_and_the_last_ends_it(runner: ExerciseRunner) -> None:
    await propose(runner)
    await taps(runner, "helse", "Passer", MONDAY)
    await runner.until(runner.day(10, "14:00"))
    for handle in ("helse", "koordinator"):
        assert FRIDAY not in shown(runner, handle)
        assert MONDAY in shown(runner, handle)
    await runner.until(runner.day(13, "14:00"))
    for handle in ("helse", "koordinator"):
        assert "Ingen av tidene som ble foreslått for fellesmøtet, ble valgt" in shown(runner, handle)
        assert MONDAY not in shown(runner, handle)
    await runner.until(runner.day(16, "12:00"))
    assert "Hvem kom" not in texts(runner, "koordinator")
    assert "nærmer seg" not in texts(runner, "helse")


async def test_withdrawn(runner: ExerciseRunner) -> None:
    await propose(runner)
    await taps(runner, "helse", "Passer", MONDAY)
    coordinator = runner.person("koordinator")
    await coordinator.presses("Trekk tidene tilbake", in_="tot-bot")
    assert "Tidene trekkes tilbake" in (await coordinator.sees_modal("Avlys fellesmøtet")).text
    sent = len(came(runner, "helse"))
    await kit.send(runner, coordinator)
    for handle in ("helse", "barnevern", "vara-koordinator"):
        assert "Ingen av tidene som ble foreslått for fellesmøtet, ble valgt" in shown(runner, handle)
    assert len(came(runner, "helse")) == sent


async def test_where_joint_meetings_are_seen_its_time_is_not_chosen(runner: ExerciseRunner) -> None:
    for handle in ("helse", "koordinator", "utenforstaende"):
        await runner.person(handle).opens_home()
    await runner.until_idle()
    await propose(runner)
    waiting = runner.person("helse").home
    assert waiting.index("Venter på deg") < waiting.index("[ Ingen passer ]") < waiting.index("Møtene mine")
    listed = await runner.person("helse").types("/tot fellesmøte")
    assert listed is not None
    assert OPEN in listed.text
    assert "Du er spurt hvilke tider som passer" in listed.text
    assert FRIDAY not in listed.text
    await taps(runner, "helse", "Passer", FRIDAY)
    assert f"{OPEN} · {TOPIC} · du har svart på tidene" in runner.person("helse").home.replace("*", "")
    assert "Ingenting venter på deg" in runner.person("helse").home
    assert f"{FRIDAY}: passer for 1 av" in runner.person("koordinator").home
    assert "passer for 1 av" not in runner.person("helse").home
    assert TOPIC not in runner.person("utenforstaende").home
