"""What the steps of an escalation say: on the card, to a leader, to coordinators, to who need not answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.answers import standings
from bot.domain.case.duty import EscalationStep, StepKind
from bot.domain.case.entities import Answer, SeatEnd, Via
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact
from bot.domain.notification_params import Params, Revision
from bot.domain.notifications import Kind
from handlers.blocks.context import File, Message
from handlers.escalation import name_attendee_form
from handlers.overview.agencies import in_full
from handlers.overview.card import card
from tests.every import every
from tests.handlers import cases
from tests.handlers.cases import ASKED, NB, NOW, SPAN, STARTS, WHEN, amend, base, ctx
from tests.handlers.overview.test_home import home
from tests.handlers.reading import body, buttons, shown

MINUTE = timedelta(minutes=1)
LATER = ASKED + timedelta(minutes=95)
TWO = "Purret <@U0POLICE> 09:15. Spurte neste, <@U0POLICE2>, 09:30."


def with_steps(key: str = "police", *, leader: str | None = "child", until: int = 4) -> CaseFile:
    """The chain of an agency at its beginning or end; the one of child welfare leads the police here."""
    file = base()
    (asked,) = (a for a in file.asks if a.id == f"ask-{key}")
    people = {StepKind.REMINDER: key, StepKind.NEXT_CONTACT: "police2", StepKind.LEADER: leader}
    minutes = zip(StepKind, (15, 30, 60, 90), strict=True)
    steps = tuple(
        EscalationStep(
            f"step-{kind}", "case", asked.duty_id, asked.id, 0, kind, ASKED + m * MINUTE, people.get(kind)
        )
        for kind, m in minutes
    )
    boss = Contact("contact-boss", "agency-police", "child", 3, leader=True)
    return replace(file, steps=steps[:until], contacts=(*file.contacts, boss))


def not_rung() -> CaseFile:
    """The chain of the lawyer at its end, whom nothing but a call reaches, and nobody has called."""
    file = with_steps("counsel")
    return replace(file, steps=tuple(replace(s, person_id=None) for s in file.steps))


def render(
    file: CaseFile, kind: Kind, subject: str, reader: str, params: Params | None = None
) -> Message | File | None:
    return cases.render(ctx(file, kind, subject, reader, params=params, now=LATER))


def card_of(file: CaseFile) -> str:
    return shown(card(ctx(file, Kind.ROOM, "case", now=LATER)))


def choices_of(file: CaseFile, reader: str = "lead", now: datetime = LATER) -> str:
    """Each agency's lines in «Valg»."""
    at = ctx(file, Kind.ROOM, "case", reader, now=now)
    return "\n".join(in_full(at, standing) for standing in standings(file, now))


def test_the_coordinators_see_each_step_with_its_time() -> None:
    assert f"{TWO}\n" in choices_of(with_steps(until=2))
    assert f"{TWO} Spurte lederen, <@U0CHILD>, 10:00. Du fikk beskjed 10:30." in choices_of(with_steps())
    assert "purret" not in choices_of(base()).casefold()
    for others in (card_of(with_steps()), choices_of(with_steps(), "child")):
        assert "purret" not in others.casefold()


def test_they_says_where_there_was_nobody_to_turn_to_and_what_the_leader_said() -> None:
    file = with_steps(leader=None)
    steps = tuple(replace(s, person_id=None) if s.kind is StepKind.NEXT_CONTACT else s for s in file.steps)
    assert "Ingen flere å spørre. Ingen leder å spørre." in choices_of(replace(file, steps=steps))
    answered = tuple(
        replace(s, answered_at=LATER) if s.kind is StepKind.LEADER else s for s in with_steps().steps[:3]
    )
    assert "Spurte lederen, <@U0CHILD>, 10:00. Lederen har sagt hvem som kommer." in choices_of(
        replace(with_steps(), steps=answered)
    )


def test_they_tells_the_day_of_what_was_not_today_and_forgets_what_was_before_a_move() -> None:
    file = with_steps(until=2)
    tomorrow = choices_of(file, now=NOW + timedelta(days=1))
    assert "Purret <@U0POLICE> man. 30. nov. kl. 09:15. Spurte neste, <@U0POLICE2>, 09:30.\n" in tomorrow
    moved = amend(amend(file, "meeting", sequence=1), "ask-police", sequence=1)
    assert "Purret" not in choices_of(moved)


def test_the_card_asks_for_a_call_when_the_chain_is_at_its_end() -> None:
    at_its_end = card_of(with_steps())
    assert "*Politiet:* må ringes · <@U0POLICE>" in at_its_end
    assert "2 har ikke svart · 3 må ringes" in at_its_end
    before = card_of(with_steps(until=3))
    assert "*Politiet:* har ikke svart" in before
    assert "3 har ikke svart · 2 må ringes" in before
    nobody = "Politiet: ingen svarer. Ring vakttelefonen."
    assert nobody in shown(home("lead", with_steps()))
    assert nobody not in shown(home("lead", with_steps(until=3)))


def test_a_leader_is_told_the_role_when_and_who_coordinates_and_no_code() -> None:
    made = render(with_steps(until=3), Kind.LEADER_ASKED, "step-leader", "child")
    assert body(made) == [
        "*TOT Bergen har bedt Politiet om å komme til et møte, og ingen hos dere har svart*\n"
        "<@U0LEAD> koordinerer. Si hvem av dere som kommer, så spør jeg.",
        f"*Når:* {SPAN}",
        "Den du nevner, bekrefter taushetsplikten før saken åpnes. Du får ikke selv vite hvilken sak det er, "
        "med mindre det er du som kommer. Taushetsplikten gjelder også at saken finnes.",
    ]
    assert buttons(made) == [("Si hvem som kommer", "name_attendee", "step-leader")]
    for forbidden in ("k7f3", "Barnevern", "Sosial", "Hvem gjør hva"):
        assert forbidden not in shown(made)


def test_a_leader_is_told_when_it_is_answered() -> None:
    file = with_steps(until=3)
    answered = amend(file, "ask-police", answer=Answer.CONFIRMED, answered_at=LATER)
    over = render(answered, Kind.LEADER_ASKED, "step-leader", "child")
    assert body(over) == ["Takk, nå er det svart for Politiet. Du trenger ikke gjøre noe."]
    said = replace(
        file,
        steps=tuple(replace(s, answered_at=LATER) if s.kind is StepKind.LEADER else s for s in file.steps),
    )
    thanks = render(said, Kind.LEADER_ASKED, "step-leader", "child")
    assert body(thanks) == ["Takk. Den du nevnte for Politiet, er spurt."]


@every(
    "changed",
    [
        {"id": "meeting", "sequence": 1},
        {"id": "meeting", "cancelled_at": LATER},
        {"id": "meeting", "starts_at": LATER},
        {"id": "case", "closed_at": LATER},
        {"id": "contact-boss", "leader": False},
        {"id": "child", "deactivated": True},
    ],
)
def test_a_leader_is_told_nothing_that_no_longer_holds(changed: dict[str, object]) -> None:
    facts = dict(changed)
    file = with_steps(until=3)
    name = str(facts.pop("id"))
    if name == "contact-boss":
        contacts = tuple(replace(c, **facts) if c.id == name else c for c in file.contacts)  # type: ignore[arg-type]
        file = replace(file, contacts=contacts)
    elif name == "child":
        file = replace(file, persons=file.persons | {name: replace(file.persons[name], **facts)})  # type: ignore[arg-type]
    else:
        file = amend(file, name, **facts)
    assert render(file, Kind.LEADER_ASKED, "step-leader", "child") is None


def test_nobody_else_is_told_what_the_leader_is() -> None:
    for reader in ("lead", "police", "stranger"):
        assert render(with_steps(until=3), Kind.LEADER_ASKED, "step-leader", reader) is None


def test_the_form_in_which_a_leader_says_who_comes_has_no_code() -> None:
    file = with_steps(until=3)
    step = file.steps[2]
    police = [c for c in file.contacts if c.agency_id == "agency-police"]
    view = name_attendee_form(NB, file, step, police)
    assert view["private_metadata"] == "step-leader"
    assert "k7f3" not in str(view)
    assert "Møtet er i morgen kl. 10–11" in str(view)
    options = view["blocks"][-1]["element"]["options"]
    assert [o["value"] for o in options] == [c.id for c in police]


def test_nobody_is_said_not_to_answer_who_has_not_been_asked() -> None:
    said = card_of(not_rung())
    assert "*Bistandsadvokaten:* må ringes · Vakt" in said
    assert "Bistandsadvokaten: må ringes nå." in shown(home("lead", not_rung()))
    assert "Du fikk beskjed 10:30." in choices_of(not_rung())
    for untrue in (
        "ingen svarte",
        "Spurt: Vakt",
        "*Bistandsadvokaten:* har ikke svart",
        "*Bistandsadvokaten:* spurt",
    ):
        assert untrue not in said
    rung = amend(not_rung(), "ask-counsel", told_via=Via.PHONE, told_at=ASKED)
    assert "*Bistandsadvokaten:* spurt" in choices_of(rung)
    assert "Bistandsadvokaten: ingen svarer. Ring vakttelefonen." in shown(home("lead", rung))


def test_who_was_overtaken_is_told_that_a_colleague_has_answered() -> None:
    file = amend(base(), "ask-police", withdrawn_at=LATER, overtaken_by="police2", asked_at=NOW)
    told = f"En kollega har svart for Politiet på møtet {WHEN}. Du trenger ikke svare."
    made = render(file, Kind.SUMMONS, "ask-police", "police", Revision(0))
    assert body(made) == [told]
    assert buttons(made) == []
    in_question = amend(file, "ask-police", asked_at=ASKED)
    assert body(render(in_question, Kind.ACKNOWLEDGEMENT, "seat-police", "police"))[0] == told
    assert render(in_question, Kind.SUMMONS, "ask-police", "police", Revision(0)) is None
    withdrawn = amend(base(), "ask-police", withdrawn_at=LATER, asked_at=NOW)
    assert render(withdrawn, Kind.SUMMONS, "ask-police", "police", Revision(0)) is None
    moved = amend(file, "meeting", sequence=1)
    assert render(moved, Kind.SUMMONS, "ask-police", "police", Revision(0)) is None


def test_who_had_not_confirmed_is_told_the_same_and_of_which_request_it_is() -> None:
    file = amend(base(), "seat-social", ended_at=LATER, end=SeatEnd.COLLEAGUE_ANSWERED)
    file = amend(file, "ask-social", withdrawn_at=LATER, overtaken_by="police2")
    made = render(file, Kind.ACKNOWLEDGEMENT, "seat-social", "social")
    assert body(made) == [
        "En kollega hos dere har svart TOT Bergen. Du trenger ikke gjøre noe.\n"
        f"Gjelder bare forespørselen om møtet {WHEN}."
    ]
    over = amend(file, "part-social", ended_at=STARTS)
    assert render(over, Kind.ACKNOWLEDGEMENT, "seat-social", "social") is None
    assert render(file, Kind.SUMMONS, "ask-social", "social", Revision(0)) is None
