"""The summons, its calendar entry, and the list of what waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from bot.domain.case.duty import Arrival
from bot.domain.case.entities import Answer, Approval, DeclineReason, Phase
from bot.domain.case.file import CaseFile
from bot.domain.language import Language
from bot.domain.notification_params import Revision
from bot.domain.notifications import Kind
from bot.texts.words import words
from handlers.answers.messages import acknowledgement, summons
from handlers.blocks.context import File, Message
from handlers.calendar import invite
from handlers.overview.waiting import open_asks, summary
from tests.every import every
from tests.handlers.cases import NOW, SPAN, STARTS, WINDOW, amend, base, ctx, with_deputy
from tests.handlers.reading import body, buttons, shown, small

OSLO = ZoneInfo("Europe/Oslo")
LATER = NOW + timedelta(minutes=1)


def summon(file: CaseFile, sequence: int = 0, **more: object) -> Message | None:
    """Asked about after taushetsplikt: a message of its own."""
    asked_later = amend(file, "ask-police", asked_at=NOW)
    return summons(ctx(asked_later, Kind.SUMMONS, "ask-police", "police", params=Revision(sequence), **more))  # type: ignore[arg-type]


def answered(answer: Answer, by: str = "police") -> CaseFile:
    reason = DeclineReason.COURT if answer is Answer.DECLINED else None
    return amend(base(), "ask-police", answer=answer, answered_at=NOW, answered_by=by, reason=reason)


def test_says_what_when_where_and_the_duty() -> None:
    made = summon(base())
    assert made is not None
    assert body(made) == [
        "*Kommer du på møtet i sak k7f3?*\n"
        f"*Når:* {SPAN}\n"
        "*Hvor:* Rådhuset, rom 2\n"
        "*Saksrom:* <#C0ROOM>\n"
        "Svar så snart du kan.",
    ]
    assert small(made) == [
        "*Avklar før møtet:* hvem tar med hva, og trengs tolk?\n"
        "*Dagsorden*\n> Hvem gjør hva de neste dagene\n"
        "Politiet er bedt om å møte. Kan du ikke selv, send en vara."
    ]
    assert buttons(made) == [
        ("Jeg kommer", "confirm", "ask-police|0"),
        ("Kan ikke", "decline", "ask-police|0"),
        ("Ikke vår sak", "not_ours", "seat-police"),
    ]
    assert made.blocks[1]["elements"][0]["style"] == "primary"


def test_after_the_window_it_still_asks() -> None:
    seen = body(summon(base(), now=WINDOW))
    assert seen[-1].endswith("Svar så snart du kan.")


def test_place_and_link_and_no_markup_from_data() -> None:
    file = amend(
        base(), "meeting", place="A & B", link="https://x.example/?a=1&b=<|>", note="<!channel>\n*Hvor:* her"
    )
    made = summon(file)
    where = "*Hvor:* A &amp; B · <https://x.example/?a=1&amp;b=&lt;%7C&gt;|bli med på video>\n"
    assert where in body(made)[0]
    assert small(made)[0].startswith(
        "*Avklar før møtet:* hvem tar med hva, og trengs tolk?\n"
        "*Dagsorden*\n> &lt;!channel&gt;\n> *Hvor:* her\n"
    )


def test_confirmed() -> None:
    made = summon(answered(Answer.CONFIRMED))
    assert body(made)[0].startswith("*Du kommer på møtet i sak k7f3.*\n*Når:*")
    assert small(made)[0].endswith("\nSvaret kan endres fram til møtet begynner.")
    assert "møteplikt" not in shown(made), "said once"
    assert buttons(made) == [("Kan ikke", "decline", "ask-police|0")]


def test_an_answer_recorded_by_a_coordinator_says_so() -> None:
    assert "<@U0LEAD> registrerte svaret for deg." in shown(summon(answered(Answer.CONFIRMED, by="lead")))


def test_declined_without_a_deputy() -> None:
    made = summon(answered(Answer.DECLINED))
    assert body(made)[0].startswith(
        "*Du kommer ikke på møtet i sak k7f3.*\nIngen vara er meldt. Koordinatoren har fått beskjed.\n*Når:*"
    )
    assert "møte i retten" not in shown(made), "they know why"
    assert buttons(made) == [
        ("Jeg kan komme likevel", "confirm", "ask-police|0"),
        ("Send vara", "decline", "ask-police|0"),
    ]


@every(
    ("answer", "said"),
    [
        (None, "som ikke har svart ennå"),
        (Answer.CONFIRMED, "som kommer"),
        (Answer.DECLINED, "som ikke kan komme"),
    ],
)
def test_declined_with_a_deputy(answer: Answer | None, said: str) -> None:
    made = summon(with_deputy(base(), answer=answer))
    assert f"Vara: <@U0POLICE2>, {said}." in shown(made)
    assert [label for label, _, _ in buttons(made)] == ["Jeg kan komme likevel", "Send en annen vara"]


def test_the_deputys_own_summons_follows_taushetsplikt() -> None:
    for confirmed in (False, True):
        file = with_deputy(base(), confirmed=confirmed)
        made = acknowledgement(ctx(file, Kind.ACKNOWLEDGEMENT, "seat-deputy", "police2"))
        assert ("k7f3" in shown(made)) == confirmed
    assert body(made)[0].startswith("*Kommer du som vara på møtet i sak k7f3?*\n*Når:*")
    assert "Du kommer i stedet for en kollega i Politiet, på dette ene møtet." in shown(made)


def test_while_the_meeting_is_held_one_says_that_one_is_there() -> None:
    made = summon(answered(Answer.CONFIRMED), now=STARTS)
    assert buttons(made) == [("Jeg er til stede", "arrive", "meeting")]
    assert body(made)[0].startswith("*Du kommer på møtet i sak k7f3.*\n")
    assert "Møtet er i gang. Trykk «Jeg er til stede» når du er der." in small(made)[0]
    silent = body(summon(base(), now=STARTS))[0]
    assert silent.startswith("*Møtet i sak k7f3 har begynt*\n"), "nobody is asked any more"
    there = replace(base(), arrivals=(Arrival("here", "case", "meeting", "police", STARTS, "duty-police"),))
    said = summon(there, now=STARTS)
    assert buttons(said) == []
    assert "i gang" not in shown(said)
    assert body(said)[0].startswith("*Du er til stede på møtet i sak k7f3, fra kl. 10:00.*\n")


def test_after_the_meeting_there_are_no_buttons() -> None:
    made = summon(answered(Answer.CONFIRMED), now=STARTS + timedelta(hours=1))
    assert buttons(made) == []
    assert body(made)[0].startswith("*Møtet i sak k7f3 er over.*\n")


GONE = {
    "withdrawn": amend(base(), "ask-police", withdrawn_at=NOW),
    "asked anew": amend(base(), "ask-police", sequence=1),
    "taushetsplikt not confirmed": amend(base(), "seat-police", acknowledged_at=None),
    "seat ended": amend(base(), "seat-police", ended_at=NOW),
    "meeting called off": amend(base(), "meeting", cancelled_at=NOW),
    "meeting registered": amend(base(), "meeting", registered_at=NOW),
    "part over": amend(base(), "part-police", ended_at=NOW),
    "duty withdrawn": amend(base(), "duty-police", withdrawn_at=NOW),
    "case closed": amend(base(), "case", closed_at=NOW),
    "deactivated": amend(base(), "police", deactivated=True),
}
MOVED = amend(
    amend(base(), "ask-police", sequence=2, asked_anew=True, asked_at=NOW),
    "meeting",
    moved_from=STARTS - timedelta(days=1),
)


@every("why", GONE)
def test_summons_and_invite_go_together(why: str) -> None:
    assert summon(GONE[why]) is None
    assert invite(ctx(GONE[why], Kind.INVITE, "ask-police", "police", params=Revision(0))) is None


def entry(file: CaseFile, sequence: int = 0) -> File | None:
    return invite(ctx(file, Kind.INVITE, "ask-police", "police", params=Revision(sequence)))


OLD_ENTRY = "Tid eller sted er endret. Den gamle oppføringen kan jeg ikke ta bort: slett den for hånd."


def test_invite_is_opaque_and_neutral() -> None:
    made = entry(base())
    assert made is not None
    event = Calendar.from_ical(made.content).walk("VEVENT")[0]
    assert event["SUMMARY"] == "Møte"
    assert event["LOCATION"] == "Se Slack"
    assert event.decoded("DTSTART") == STARTS
    assert made.name == f"mote-{str(event['UID'])[:8]}.ics"
    assert "police" not in made.content.decode()


def test_invite_is_the_same_file_whenever_it_is_made() -> None:
    scenes = [
        ctx(base(), Kind.INVITE, "ask-police", "police", params=Revision(0), now=at) for at in (NOW, STARTS)
    ]
    first, later = (invite(each) for each in scenes)
    assert first == later


def test_what_must_be_answered_says_that_it_is_today_and_that_it_is_acute() -> None:
    def when(file: CaseFile, now: datetime) -> str:
        made = summon(file, now=now)
        return next(line for line in body(made)[0].split("\n") if line.startswith("*Når:*"))

    file, soon = base(), STARTS - timedelta(minutes=50)
    file = amend(file, "ask-police", window_ends_at=STARTS)
    assert when(file, soon) == "*Når:* akutt, i dag kl. 10–11"
    assert when(amend(file, "case", phase=Phase.WORKING), soon) == "*Når:* i dag kl. 10–11"
    assert when(file, STARTS - timedelta(days=2)) == f"*Når:* {SPAN}"
    answered = amend(file, "ask-police", answer=Answer.CONFIRMED, answered_at=soon, answered_by="police")
    for other, now in ((answered, soon), (file, STARTS)):
        assert when(other, now) == f"*Når:* {SPAN}"


def test_a_summons_to_a_moved_meeting_says_so_where_it_is_seen_first() -> None:
    asked = summons(ctx(MOVED, Kind.SUMMONS, "ask-police", "police", params=Revision(2)))
    assert asked is not None
    assert body(asked)[0] == (
        "*Ny tid i sak k7f3: i morgen 1. desember kl. 10* (flyttet fra mandag 30. november kl. 10). "
        "Kommer du?\n"
        "Svaret du ga før, gjelder ikke lenger.\n"
        f"*Når:* {SPAN}\n"
        "*Hvor:* Rådhuset, rom 2\n"
        "*Saksrom:* <#C0ROOM>\n"
        "Svar så snart du kan."
    )
    answered = amend(MOVED, "ask-police", answer=Answer.CONFIRMED, answered_at=NOW, answered_by="police")
    said = body(summons(ctx(answered, Kind.SUMMONS, "ask-police", "police", params=Revision(2))))[0]
    assert "*Møtet er flyttet* fra mandag 30. november kl. 10.\n" in said
    same_day = amend(MOVED, "meeting", moved_from=STARTS - timedelta(minutes=30))
    for reader, id in (("police", "ask-police"), ("police2", "ask-deputy")):
        file = amend(with_deputy(same_day, confirmed=True), "ask-police", answer=None, reason=None)
        file = amend(file, "ask-deputy", asked_anew=True, sequence=2, asked_at=NOW + timedelta(minutes=1))
        as_what = " som vara" if reader == "police2" else ""
        made = summons(
            ctx(file, Kind.SUMMONS, id, reader, params=Revision(2), now=STARTS - timedelta(hours=2))
        )
        assert body(made)[0].startswith(
            f"*Ny tid i sak k7f3: i dag kl. 10* (flyttet fra kl. 09:30). Kommer du{as_what}?\n"
        )
    other_place = amend(MOVED, "meeting", moved_from=STARTS)
    made = summons(ctx(other_place, Kind.SUMMONS, "ask-police", "police", params=Revision(2)))
    assert body(made)[0].startswith(
        "*Kommer du på møtet i sak k7f3?*\n*Møtet har fått et nytt sted.* Svaret du ga før"
    )
    first_asked_now = amend(MOVED, "ask-police", asked_anew=False)
    made = summons(ctx(first_asked_now, Kind.SUMMONS, "ask-police", "police", params=Revision(2)))
    assert "flyttet" not in shown(made)
    assert "Ny tid" not in shown(made)
    assert OLD_ENTRY not in shown(made)


def test_a_deputy_reads_that_they_come_as_one() -> None:
    comes = with_deputy(base(), confirmed=True, answer=Answer.CONFIRMED, answered_at=NOW, asked_at=LATER)
    made = summons(ctx(comes, Kind.SUMMONS, "ask-deputy", "police2", params=Revision(0), now=LATER))
    assert body(made)[0].startswith("*Du kommer som vara på møtet i sak k7f3.*\n")


def test_a_moved_meeting_keeps_its_uid_and_warns_of_the_old_entry() -> None:
    first, moved = entry(base()), entry(MOVED, sequence=2)
    assert first is not None
    assert moved is not None
    uids = [Calendar.from_ical(f.content).walk("VEVENT")[0]["UID"] for f in (first, moved)]
    assert uids[0] == uids[1]
    asked = ctx(MOVED, Kind.SUMMONS, "ask-police", "police", params=Revision(2))
    assert OLD_ENTRY in shown(summons(asked))
    later = amend(MOVED, "seat-police", acknowledged_at=NOW)
    asked = ctx(later, Kind.SUMMONS, "ask-police", "police", params=Revision(2))
    assert OLD_ENTRY not in shown(summons(asked)), "who has confirmed since then had no entry"


def test_who_sent_a_deputy_before_a_move_reads_that_they_can_come_themselves() -> None:
    sent = with_deputy(MOVED, confirmed=True, approval=Approval.APPROVED)
    anew = NOW + timedelta(minutes=5)
    for file, again in ((sent, False), (amend(sent, "ask-police", asked_at=anew), True)):
        made = summons(ctx(file, Kind.SUMMONS, "ask-police", "police", params=Revision(2), now=anew))
        said = "Varaen blir spurt om den nye tiden. Kan du selv, så trykk «Jeg kan komme likevel»."
        assert (said in shown(made)) is again
        assert buttons(made)[0][0] == "Jeg kan komme likevel"


def test_no_invite_after_a_forfall() -> None:
    assert entry(answered(Answer.DECLINED)) is None
    assert entry(answered(Answer.CONFIRMED)) is not None


def test_with_mail_only_those_without_an_address_get_a_file() -> None:
    unmailed = amend(base(), "police", work_mail=None)
    for file, by_mail, has_file in (
        (base(), False, True),
        (base(), True, False),
        (unmailed, True, True),
    ):
        asked = ctx(file, Kind.INVITE, "ask-police", "police", params=Revision(0))
        made = invite(replace(asked, by_mail=by_mail))
        assert (made is not None) is has_file


def test_open_asks_with_their_buttons() -> None:
    file = base()
    seat, ask = file.seat("seat-social"), file.ask("ask-police")
    assert seat is not None
    assert ask is not None
    made = open_asks(words(Language.NB), OSLO, NOW, [(file, seat), (file, ask)])
    assert [action for _, action, _ in buttons(made)] == [
        *("acknowledge", "send_on", "not_ours"),
        *("confirm", "decline", "not_ours"),
    ]
    begun = open_asks(words(Language.NB), OSLO, STARTS, [(file, ask)])
    assert buttons(begun) == [("Be om at TOT samles", "command_convene", "direct")]
    assert shown(begun).startswith("Ingenting venter på deg nå. `/tot hjelp` viser hva du kan gjøre.")


def test_open_asks_leaves_out_what_the_person_may_not_see() -> None:
    file = base()
    unconfirmed, shelter = file.ask("ask-social"), file.seat("seat-shelter")
    assert unconfirmed is not None
    assert shelter is not None
    made = open_asks(words(Language.NB), OSLO, NOW, [(file, unconfirmed), (file, shelter)])
    assert shown(made).startswith("Ingenting venter på deg nå.")


def test_summary_names_no_case_but_shows_what_still_waits() -> None:
    file = base()
    ask = file.ask("ask-police")
    assert ask is not None
    alone = summary(words(Language.NB), OSLO, NOW, [])
    assert body(alone) == [
        "*Jeg var nede da du skulle ha fått en påminnelse*\n"
        "Det den gjaldt, er passert. Se i fanen Home i appen om noe må gjøres."
    ]
    waiting = summary(words(Language.NB), OSLO, NOW, [(file, ask)])
    assert [action for _, action, _ in buttons(waiting)] == ["confirm", "decline", "not_ours"]
