"""One case made by hand, and scenes of it: what the tests of the blocks look at.

`base` has a meeting tomorrow and six agencies: the police and child welfare on Slack with a confirmed
seat, the social services asked and not confirmed, a counsel by mail alone, a shelter under a cover name,
and health, which is only expected. `amend` changes one thing in it, found by its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NoReturn

from bot.domain.case.duty import EscalationStep, StepKind
from bot.domain.case.entities import (
    Answer,
    Ask,
    Case,
    DeclineReason,
    Duty,
    Involvement,
    Meeting,
    Phase,
    Room,
    Seat,
    SeatRole,
    Via,
)
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import (
    Agency,
    AgencyKind,
    Contact,
    Coordinator,
    Ground,
    Person,
    Reason,
    Team,
    TeamRules,
)
from bot.domain.language import Language
from bot.domain.notification_params import Params
from bot.domain.notifications import Kind, Notification
from bot.texts.words import Words, words
from handlers.blocks.context import File, Message, RenderContext
from handlers.delivery.declarations import CaseMessage
from handlers.subjects import joined

ASKED = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # 09:00 in Oslo
ORGANIZER = "noreply@calendar.invalid"
REGISTRY = joined().notifications
NOW = ASKED + timedelta(minutes=30)
STARTS = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)  # 10:00 in Oslo
WINDOW = ASKED + timedelta(hours=1)
TEAM = Team(
    id="team",
    key="tot",
    name="TOT Bergen",
    mandate="Mandat",
    language=Language.NB,
    zone="Europe/Oslo",
    rules=TeamRules(places=("Rådhuset, rom 2",)),
)
KINDS = {
    "police": (AgencyKind.POLICE, "Politiet", Reason.INVESTIGATION, Ground.LEGAL),
    "child": (AgencyKind.CHILD_WELFARE, "Barneverntjenesten", Reason.CHILD_PROTECTION, Ground.LEGAL),
    "social": (AgencyKind.SOCIAL_SERVICES, "Sosialtjenesten", Reason.INCOME, Ground.CONSENT),
    "counsel": (AgencyKind.VICTIMS_COUNSEL, "Bistandsadvokaten", Reason.LEGAL_AID, Ground.CONSENT),
    "shelter": (AgencyKind.CRISIS_CENTRE, "Krisesenteret i Vika", Reason.HOUSING, Ground.CONSENT),
    "health": (AgencyKind.HEALTH, "Helsetjenesten", Reason.HEALTH, Ground.CONSENT),
}
CONFIRMED = ("police", "child")
ASKED_AGENCIES = ("police", "child", "social", "counsel", "shelter")


def _agencies() -> dict[str, Agency]:
    return {
        f"agency-{key}": Agency(
            id=f"agency-{key}",
            team_id="team",
            key=key,
            kind=kind,
            name=name,
            cover_name="botilbud 1" if key == "shelter" else None,
            duty_line={"police": "55 00 00 63", "shelter": "55 00 00 01"}.get(key),
        )
        for key, (kind, name, _, _) in KINDS.items()
    }


def _persons() -> dict[str, Person]:
    on_slack = (
        "lead",
        "second",
        "police",
        "police2",
        "child",
        "social",
        "shelter",
        "health",
        "guest",
        "stranger",
    )
    persons = {p: Person(id=p, slack_id=f"U0{p.upper()}", work_mail=f"{p}@mail.example") for p in on_slack}
    persons["counsel"] = Person(id="counsel", work_mail="counsel@mail.example")
    return persons


def base() -> CaseFile:
    """The case, with nothing answered yet."""
    contacts = [
        Contact(id=f"contact-{key}", agency_id=f"agency-{key}", person_id=key, position=1, title="Vakt")
        for key in KINDS
    ]
    contacts.append(Contact(id="contact-police2", agency_id="agency-police", person_id="police2", position=2))
    return CaseFile(
        team=TEAM,
        case=Case(
            id="case",
            team_id="team",
            code="k7f3",
            phase=Phase.ACUTE,
            persons=3,
            opened_by="lead",
            opened_at=ASKED,
            asked_by="agency-police",
        ),
        room=Room(id="room", case_id="case", channel_id="C0ROOM", name="rom-k7f3", members=("lead",)),
        involvements=tuple(_part(key) for key in KINDS),
        seats=(
            _coordinator("lead", confirmed=True),
            _coordinator("second", confirmed=False),
            *(_seat(key, confirmed=key in CONFIRMED) for key in ASKED_AGENCIES),
        ),
        meetings=(
            Meeting(
                id="meeting",
                case_id="case",
                starts_at=STARTS,
                ends_at=STARTS + timedelta(hours=1),
                called_by="lead",
                called_at=ASKED,
                place="Rådhuset, rom 2",
                note="Hvem gjør hva de neste dagene",
            ),
        ),
        duties=tuple(
            Duty(f"duty-{key}", "case", "meeting", f"part-{key}", created_at=ASKED) for key in ASKED_AGENCIES
        ),
        asks=tuple(_ask(key) for key in ASKED_AGENCIES),
        agencies=_agencies(),
        contacts=tuple(contacts),
        coordinators=(
            Coordinator("c1", "team", "lead", since=ASKED),
            Coordinator("c2", "team", "second", since=ASKED),
        ),
        persons=_persons(),
    )


def _part(key: str) -> Involvement:
    _, _, reason, ground = KINDS[key]
    return Involvement(
        id=f"part-{key}",
        case_id="case",
        agency_id=f"agency-{key}",
        persons="AB" if key == "police" else "ABC",
        reason=reason,
        ground=ground,
        asked_at=None if key == "health" else ASKED,
    )


def _seat(key: str, *, confirmed: bool) -> Seat:
    return Seat(
        id=f"seat-{key}",
        case_id="case",
        person_id=key,
        role=SeatRole.AGENCY,
        asked_at=ASKED,
        involvement_id=f"part-{key}",
        acknowledged_at=ASKED + timedelta(minutes=5) if confirmed else None,
        acknowledged_via=Via.SLACK if confirmed else None,
        acknowledged_by=key if confirmed else None,
    )


def _coordinator(person_id: str, *, confirmed: bool) -> Seat:
    return Seat(
        id=f"seat-{person_id}",
        case_id="case",
        person_id=person_id,
        role=SeatRole.COORDINATOR,
        asked_at=ASKED,
        acknowledged_at=ASKED if confirmed else None,
    )


def _ask(key: str) -> Ask:
    return Ask(
        id=f"ask-{key}",
        case_id="case",
        duty_id=f"duty-{key}",
        meeting_id="meeting",
        person_id=key,
        uid=f"{key.encode().hex():0<32}",
        asked_at=ASKED,
        window_ends_at=WINDOW,
        sequence=0,
    )


def amend(file: CaseFile, id: str, /, **changes: Any) -> CaseFile:
    """The file with some fields of the thing with this id changed."""
    for name in ("case", "room", "team"):
        if id == name:
            return _with(file, name, replace(getattr(file, name), **changes))
    for name in ("involvements", "seats", "meetings", "duties", "asks", "contacts", "coordinators"):
        things = getattr(file, name)
        if any(thing.id == id for thing in things):
            return _with(file, name, tuple(replace(t, **changes) if t.id == id else t for t in things))
    for name in ("agencies", "persons"):
        things = getattr(file, name)
        if id in things:
            return _with(file, name, {**things, id: replace(things[id], **changes)})
    raise KeyError(id)


def _with(file: CaseFile, name: str, value: Any) -> CaseFile:
    return replace(file, **{name: value})


def with_deputy(file: CaseFile, *, confirmed: bool = False, **ask: Any) -> CaseFile:
    """The police have declined, and named their second contact as deputy."""
    file = amend(
        file,
        "ask-police",
        answer=Answer.DECLINED,
        reason=DeclineReason.COURT,
        answered_at=NOW,
        answered_by="police",
    )
    seat = Seat(
        id="seat-deputy",
        case_id="case",
        person_id="police2",
        role=SeatRole.DEPUTY,
        asked_at=NOW,
        involvement_id="part-police",
        meeting_id="meeting",
        acknowledged_at=NOW if confirmed else None,
        acknowledged_via=Via.SLACK if confirmed else None,
    )
    principal = file.ask("ask-police")
    assert principal is not None
    deputy = replace(
        principal,
        id="ask-deputy",
        person_id="police2",
        uid=f"{'dd' * 16}",
        deputy_for="ask-police",
        answer=None,
        reason=None,
        answered_at=None,
        answered_by=None,
    )
    return replace(file, seats=(*file.seats, seat), asks=(*file.asks, replace(deputy, **ask)))


def reminded(file: CaseFile, ask_id: str) -> CaseFile:
    """The person of an ask has been reminded of it, as it stands."""
    ask = file.ask(ask_id)
    assert ask is not None
    step = EscalationStep(
        id=f"step-{ask_id}",
        case_id="case",
        duty_id=ask.duty_id,
        ask_id=ask.id,
        sequence=ask.sequence,
        kind=StepKind.REMINDER,
        taken_at=NOW,
        person_id=ask.person_id,
    )
    return replace(file, steps=(*file.steps, step))


def ctx(
    file: CaseFile,
    kind: Kind,
    subject: str,
    reader: str | None = None,
    *,
    params: Params | None = None,
    language: Language = Language.NB,
    now: datetime = NOW,
) -> RenderContext:
    """One delivery of the case to a reader, None for the room."""
    notification = Notification(kind, subject, case_id=file.case.id, recipient=reader, params=params)
    person = file.persons[reader] if reader else None
    return RenderContext(file, notification, person, _read_at(language, now), now, ORGANIZER)


@cache
def _read_at(language: Language, now: datetime) -> Words:
    """Made once: hundreds of thousands of scenes are read at a few moments."""
    return words(language).read_at(now)


def render(ctx: RenderContext) -> Message | File | None:
    """The message or file as it should stand, of a case that is not purged; None for what is no message."""
    declared = REGISTRY[ctx.notification.kind]
    if not isinstance(declared, CaseMessage) or ctx.file.case.purged_at is not None:
        return None
    return declared.show(ctx)


def messages(
    file: CaseFile,
    kind: Kind,
    reader: str | None,
    moments: Iterable[datetime],
    about: Iterable[tuple[str, Params | None]],
) -> Iterator[tuple[RenderContext, Message | File]]:
    """Each delivery about one of these, subjects with params, at each moment at which there is a message.

    Nearly always there is none, and no time was looked at to tell: then there is none at any moment.
    """
    person = file.persons[reader] if reader else None
    without_time = _without_time(file, person)
    for subject, params in about:
        notification = Notification(kind, subject, case_id=file.case.id, recipient=reader, params=params)
        object.__setattr__(without_time, "notification", notification)
        try:
            if render(without_time) is None:
                continue
        except _TimeLookedAt:
            pass
        for now in moments:
            delivery = RenderContext(file, notification, person, _read_at(Language.NB, now), now, ORGANIZER)
            made = render(delivery)
            if made is not None:
                yield delivery, made


class _TimeLookedAt(Exception):
    """The result depends on the time, or has words that are read at it."""


class _WithoutTime(RenderContext):
    """A delivery of which nothing is known that depends on the time."""

    __slots__ = ()

    def __getattr__(self, name: str) -> NoReturn:
        raise _TimeLookedAt(name)


def _without_time(file: CaseFile, person: Person | None) -> RenderContext:
    delivery = object.__new__(_WithoutTime)
    for name, value in {"file": file, "recipient": person, "organizer": ORGANIZER}.items():
        object.__setattr__(delivery, name, value)
    return delivery


#: All kinds that are shown as a message of one case.
CASE_MESSAGES = [kind for kind, declared in REGISTRY.items() if isinstance(declared, CaseMessage)]
