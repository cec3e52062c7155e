"""The reminders."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.case.entities import Answer, DeclineReason, Phase
from bot.domain.case.file import CaseFile
from bot.domain.notification_params import Revision
from bot.domain.notifications import Kind
from handlers.blocks.context import File, Message
from tests.every import every
from tests.handlers import cases
from tests.handlers.cases import (
    ASKED,
    NOW,
    SPAN,
    STARTS,
    WHEN,
    WINDOW,
    amend,
    base,
    ctx,
    reminded,
    with_deputy,
)
from tests.handlers.reading import body, buttons, shown
from tests.handlers.some_params import some_params

REMINDED = ASKED + timedelta(minutes=15)
MORNING_AFTER = STARTS + timedelta(hours=22)


def render(
    file: CaseFile, kind: Kind, subject: str, reader: str, now: datetime = NOW
) -> Message | File | None:
    return cases.render(ctx(file, kind, subject, reader, params=some_params(kind), now=now))


def test_unanswered_after_taushetsplikt() -> None:
    file = reminded(base(), "ask-police")
    made = render(file, Kind.UNANSWERED, "ask-police", "police", now=REMINDED)
    assert body(made) == [
        f"*Vi venter på svar fra deg: kommer du {WHEN}?*\n"
        f"*Når:* {SPAN}\n*Hvor:* Rådhuset, rom 2\n"
        "*Saksrom:* <#C0ROOM>\n"
        "Svar så snart du kan.",
    ]
    assert [label for label, _, _ in buttons(made)] == ["Jeg kommer", "Kan ikke", "Ikke vår sak"]
    over = render(file, Kind.UNANSWERED, "ask-police", "police", now=WINDOW)
    assert body(over)[0].endswith("Svar så snart du kan.")


def test_unanswered_before_taushetsplikt_tells_no_more_than_the_question() -> None:
    made = render(reminded(base(), "ask-social"), Kind.UNANSWERED, "ask-social", "social", now=REMINDED)
    assert body(made)[0] == (
        f"*Vi venter på svar fra deg: kommer du {WHEN}?*\n"
        "<@U0LEAD> trenger Sosialtjenesten i en sak i TOT Bergen.\n"
        "Svar så snart du kan.\n"
        "Alt er taushetsbelagt, også at saken finnes."
    )
    assert buttons(made) == [
        ("Jeg bekrefter taushetsplikten", "acknowledge", "seat-social"),
        ("Kan ikke", "send_on", "seat-social"),
        ("Ikke vår sak", "not_ours", "seat-social"),
    ]
    assert "k7f3" not in shown(made)


@every("key", ["police", "social"])
@every("answer", [None, Answer.CONFIRMED, Answer.DECLINED])
def test_there_is_one_place_to_answer(key: str, answer: Answer | None) -> None:
    """The reminder takes the buttons over, and has the receipt; what stood before it has none."""
    if answer is Answer.CONFIRMED and key == "social":
        return
    before = amend(base(), f"ask-{key}", answer=answer, answered_at=NOW if answer else None)
    for file in (before, reminded(before, f"ask-{key}")):
        question = render_question(file, key)
        reminder = render(file, Kind.UNANSWERED, f"ask-{key}", key)
        assert bool(buttons(question)) != bool(reminder and buttons(reminder))
        assert question is not None, "what has been said does not vanish"


def render_question(file: CaseFile, key: str) -> Message | File | None:
    return cases.render(ctx(file, Kind.ACKNOWLEDGEMENT, f"seat-{key}", key))


@every(("answer", "said"), [(Answer.CONFIRMED, "at du kommer"), (Answer.DECLINED, "at du ikke kommer")])
def test_a_summons_of_what_a_coordinator_recorded_asks_for_no_answer(answer: Answer, said: str) -> None:
    """Confirmed and answered by telephone after the reminder, the summons is the newest message."""
    given = {"answer": answer, "answered_at": NOW, "answered_by": "lead", "asked_at": NOW}
    file = reminded(amend(base(), "ask-police", **given), "ask-police")
    made = cases.render(ctx(file, Kind.SUMMONS, "ask-police", "police", params=Revision(0)))
    assert body(made)[0].split("\n")[1:] == [f"<@U0LEAD> har registrert {said}. Du trenger ikke svare."]
    own = amend(file, "ask-police", answered_by="police")
    made = cases.render(ctx(own, Kind.SUMMONS, "ask-police", "police", params=Revision(0)))
    assert "Svar i meldingen" not in shown(made)
    assert "registrert" not in shown(made)


def test_unanswered_is_of_the_meeting_as_it_stands() -> None:
    again = amend(reminded(base(), "ask-police"), "ask-police", sequence=1)
    assert render(again, Kind.UNANSWERED, "ask-police", "police") is None


def test_unanswered_is_not_said_after_the_start_or_of_a_closed_case() -> None:
    file = reminded(base(), "ask-police")
    for changed, now in ((file, STARTS), (amend(file, "case", closed_at=NOW), NOW)):
        assert render(changed, Kind.UNANSWERED, "ask-police", "police", now=now) is None


def test_meeting_soon_to_a_contact() -> None:
    confirmed = amend(base(), "ask-police", answer=Answer.CONFIRMED)
    made = render(confirmed, Kind.MEETING_SOON, "meeting", "police")
    assert body(made)[0] == "*Møtet i sak k7f3 er i morgen kl. 10*"
    assert body(made)[-1] == "Du har svart at du kommer."
    assert buttons(made) == [("Kan ikke", "decline", "ask-police|0")]
    unanswered = render(base(), Kind.MEETING_SOON, "meeting", "police")
    assert body(unanswered)[-1].startswith("Vi venter på svar fra deg. Svar i meldingen")
    assert buttons(unanswered) == [], "the summons has the buttons"
    declined = amend(base(), "ask-police", answer=Answer.DECLINED, reason=DeclineReason.AWAY)
    assert render(declined, Kind.MEETING_SOON, "meeting", "police") is None
    assert render(base(), Kind.MEETING_SOON, "meeting", "social") is None


def test_who_has_said_that_a_deputy_comes_is_asked_who() -> None:
    file = amend(base(), "ask-police", with_deputy=True)
    made = render(file, Kind.MEETING_SOON, "meeting", "police")
    assert body(made)[-1].startswith("Du svarte at dere kommer med vara. Velg hvem i meldingen")
    made = render(reminded(file, "ask-police"), Kind.UNANSWERED, "ask-police", "police")
    assert body(made)[0].startswith(f"*Vi venter på svar fra deg: hvem kommer som vara {WHEN}?*")


def test_the_reminder_of_a_meeting_that_has_begun_asks_nothing() -> None:
    confirmed = amend(base(), "ask-police", answer=Answer.CONFIRMED)
    soon = ctx(confirmed, Kind.MEETING_SOON, "meeting", "police", now=STARTS)
    assert cases.render(soon) is None, "one that has not been sent comes no more"
    stands = cases.render(replace(soon, stands=True))
    assert body(stands)[0] == "*Møtet i sak k7f3 begynte i dag kl. 10*"
    assert "Rådhuset, rom 2" in shown(stands)
    assert buttons(stands) == []


def test_meeting_soon_to_a_coordinator_says_who_comes() -> None:
    file = amend(with_deputy(base(), answer=Answer.CONFIRMED), "ask-child", answer=Answer.CONFIRMED)
    assert body(render(file, Kind.MEETING_SOON, "meeting", "lead"))[-1] == (
        "*Slik ligger det an*\n"
        "• Bistandsadvokaten: må ringes\n"
        "• botilbud 1: må ringes\n"
        "• Sosialtjenesten: har ikke bekreftet taushetsplikten\n"
        "• Barneverntjenesten: kommer\n"
        "• Politiet: vara kommer"
    )


def test_register_once_it_is_over() -> None:
    made = render(base(), Kind.REGISTER, "meeting", "lead", now=MORNING_AFTER)
    assert buttons(made) == [
        ("Registrer hvem som kom", "attendance", "meeting"),
        ("Sett neste møte", "next_meeting", "case"),
    ]
    registered = amend(base(), "meeting", registered_at=NOW)
    assert render(registered, Kind.REGISTER, "meeting", "lead", now=MORNING_AFTER) is None
    assert render(base(), Kind.REGISTER, "meeting", "lead") is None
    assert render(base(), Kind.REGISTER, "meeting", "police", now=MORNING_AFTER) is None


def test_no_meeting_ahead_in_an_acute_case() -> None:
    made = render(base(), Kind.NO_MEETING_AHEAD, "case", "lead")
    assert body(made) == [
        "Sak *k7f3* er i akuttfasen uten møte de neste 3 virkedagene. "
        "Sett ett, eller skift fase med `/tot fase`."
    ]
    assert buttons(made) == [("Sett neste møte", "next_meeting", "case")]
    working = amend(base(), "case", phase=Phase.WORKING)
    assert render(working, Kind.NO_MEETING_AHEAD, "case", "lead") is None
