"""The drill (kontaktprøve): begun by a coordinator, answered by contacts, confirmed by leaders.

Nobody is told anything at night, outside their on-call hours, or while an acute case of the team is open; an
hourly job sends what had to wait. It also updates what coordinators and leaders see, but only once the day
has changed, so that nobody can tell how fast somebody has pressed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.access import Action, allows, rights_outside
from bot.domain.calendar.entry import may_be_mailed
from bot.domain.calendar.reply import Doubt, HeldReply, IncomingMail, Trust
from bot.domain.case.entities import Case, Phase
from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.drill import (
    LASTS_DAYS,
    REMINDED_AFTER,
    Drill,
    DrillAsk,
    Reach,
    may_be_told,
    month_of,
)
from bot.domain.errors import Refusal, Refused
from bot.domain.notifications import Kind, Notification
from bot.domain.outside import to_each
from bot.domain.worktime import is_night
from bot.usecases.authorization import enter_agency, enter_team, may_by_calendar, not_found
from bot.usecases.calendar import TOKEN_LENGTH
from bot.usecases.notifications import refresh
from bot.usecases.outside import keep_reached, with_team
from bot.usecases.ports import Posted, UnitOfWork


@dataclass(frozen=True, slots=True)
class DrillView:
    """A drill (with no id before it is begun), the agencies that it is about, their contacts, and the humans.

    Sheltering agencies are left out. `posted` is when a message was posted, by kind and person; `mailable`
    are the people who have only a work mail, to which the bot may write.
    """

    drill: Drill
    team: Team
    now: datetime
    coordinators: tuple[str, ...]
    agencies: tuple[Agency, ...]
    contacts: tuple[Contact, ...]
    persons: dict[str, Person]
    asks: dict[str, DrillAsk]
    posted: dict[tuple[Kind, str], datetime]
    mailable: frozenset[str]
    acute: bool

    @property
    def today(self) -> date:
        return self.team.day_of(self.now)

    @property
    def first_day(self) -> bool:
        """Return whether it is the first day, on which it is not shown yet who was reached."""
        return self.team.day_of(self.drill.begun_at) == self.today

    def of_agency(self, agency: Agency) -> list[Contact]:
        return [c for c in self.contacts if c.agency_id == agency.id]

    def agency_of(self, contact: Contact) -> Agency:
        return next(a for a in self.agencies if a.id == contact.agency_id)

    def of_person(self, person_id: str) -> list[Contact]:
        return [c for c in self.contacts if c.person_id == person_id]

    def led_by(self, person_id: str) -> list[Agency]:
        led = {c.agency_id for c in self.of_person(person_id) if c.leader}
        return [a for a in self.agencies if a.id in led]

    def reach(self, contact: Contact) -> Reach | None:
        """A contact's state by this morning; None if they were no contact when the drill began."""
        id = contact.person_id
        person, ask, posted = self.persons.get(id), self.asks.get(id), self.posted.get((Kind.DRILL_ASKED, id))
        if ask is not None and ask.reached_on is not None and ask.reached_on < self.today:
            return Reach.REACHED
        if person is None or person.deactivated:
            return Reach.GONE
        if person.slack_id is None:
            return Reach.BY_MAIL if ask is not None and ask.mailed_on else Reach.NOT_ON_SLACK
        if posted is not None and self.team.day_of(posted) < self.today:
            return Reach.SILENT
        return Reach.LATER if ask is not None else None

    @property
    def goes_on(self) -> bool:
        """Return whether anybody is told anything: not during an acute case, nor on the last day."""
        return not self.acute and self.today < (self.drill.delete_on or date.max)

    @property
    def on_slack(self) -> list[str]:
        """Ids of the people who get the drill in Slack, each once."""
        ids = dict.fromkeys(c.person_id for c in self.contacts)
        return [id for id in ids if id in self.persons and self.persons[id].on_slack]


def drill_view(uow: UnitOfWork, drill_id: str) -> DrillView | None:
    """The drill as this transaction sees it; None as in `with_team`."""
    found = with_team(uow, Drill, drill_id)
    return _view(uow, found[1], found[0]) if found is not None else None


def _view(uow: UnitOfWork, team: Team, drill: Drill) -> DrillView:
    everywhere = {a.id: a for a in uow.find(Agency, team_id=team.id)}
    everybody = uow.find(Contact, agency_id=sorted(everywhere))
    drilled = (a for a in everywhere.values() if not (a.retired or a.reached_by_coordinator))
    agencies = sorted(drilled, key=lambda a: not a.core)
    order = {a.id: at for at, a in enumerate(agencies)}
    standing = (c for c in everybody if c.agency_id in order and not (c.retired or c.waits))
    contacts = sorted(standing, key=lambda c: (order[c.agency_id], c.position))
    people = uow.find(Person, id=sorted({drill.begun_by, *(c.person_id for c in contacts)}))
    asks = uow.find(DrillAsk, drill_id=drill.id) if drill.id else []
    posted = uow.find(Posted, item=drill.item) if drill.id else []
    acute = uow.find(Case, team_id=team.id, phase=Phase.ACUTE, closed_at=None, purged_at=None)
    return DrillView(
        drill,
        team,
        uow.now,
        tuple(c.person_id for c in uow.coordinators(team.id)),
        tuple(agencies),
        tuple(contacts),
        {p.id: p for p in people},
        {a.person_id: a for a in asks},
        {(p.kind, p.person_id): p.posted_at for p in posted if p.person_id is not None},
        frozenset(p.id for p in people if not p.on_slack and may_be_mailed(p, everybody, everywhere)),
        bool(acute),
    )


def see_drill(uow: UnitOfWork, actor: Person, team_id: str) -> DrillView:
    team = enter_team(uow, actor, Action.BEGIN_DRILL, team_id)
    until = team.day_of(uow.now) + timedelta(days=LASTS_DAYS)
    found = _view(uow, team, Drill("", team.id, uow.now, actor.id, delete_on=until))
    if found.acute:
        raise Refused(Refusal.ACUTE_CASE_OPEN)
    if uow.find(Drill, team_id=team_id, purged_at=None):
        raise Refused(Refusal.DRILL_STANDS)
    if not found.on_slack:
        raise Refused(Refusal.NOTHING_HERE, "directory")
    return found


def begin_drill(uow: UnitOfWork, actor: Person, team_id: str) -> Drill:
    """Begin a drill: each contact gets it in their on-call hours."""
    found = see_drill(uow, actor, team_id)
    drill = replace(found.drill, id=uow.ids.new())
    asks = [DrillAsk(uow.ids.new(), drill.id, person_id) for person_id in found.on_slack]
    asks += [
        DrillAsk(uow.ids.new(), drill.id, person_id, token=uow.ids.uid()[:TOKEN_LENGTH])
        for person_id in found.mailable
    ]
    # Sorted by random id, so that the order of the rows does not reveal names.
    uow.add(drill, *sorted(asks, key=lambda ask: ask.id))
    enqueue_drill_effects(uow, drill.id)
    return drill


def answer_drill(uow: UnitOfWork, actor: Person, drill_id: str) -> None:
    """Note that a person was reached, and on which day."""
    found = drill_view(uow, drill_id)
    ask = found.asks.get(actor.id) if found is not None else None
    rights = rights_outside(own=ask is not None)
    # An allowed answer is not logged: when somebody has pressed is nobody's business.
    if not allows(Action.ANSWER_DRILL, rights) or found is None or ask is None:
        raise not_found(uow, actor)
    if ask.reached_on is None:
        uow.change(ask, reached_on=found.today)
    _refresh(uow, found.drill, actor.id)


def confirm_line(uow: UnitOfWork, actor: Person, drill_id: str, agency_id: str) -> None:
    """Confirm the duty line of the agency one leads, as shown in a drill; the month is kept."""
    agency, _ = enter_agency(uow, actor, Action.CONFIRM_LINE, agency_id)
    if agency.reached_by_coordinator:
        raise not_found(uow, actor)
    found = drill_view(uow, drill_id)
    if found is None or found.team.id != agency.team_id or agency.duty_line is None:
        raise Refused(Refusal.ALREADY_CLOSED)
    uow.change(agency, line_confirmed=month_of(uow.now, found.team))
    leaders = (id for id in found.persons if agency in found.led_by(id))
    _refresh(uow, found.drill, *leaders, *found.coordinators)


def _refresh(uow: UnitOfWork, drill: Drill, *people: str) -> None:
    posted = uow.find(Posted, item=drill.item)
    uow.enqueue(*(refresh(each) for each in posted if each.person_id in people))


def enqueue_drill_effects(uow: UnitOfWork, drill_id: str) -> None:
    """Tell people who may be told now and have not been; update what coordinators and leaders see."""
    found = drill_view(uow, drill_id)
    if found is not None:
        uow.enqueue(*(each for each in standing(found) if (each.kind, each.recipient) not in found.posted))
        see_more = [person_id for kind, person_id in found.posted if kind is Kind.DRILL_HELD]
        _refresh(uow, found.drill, *see_more, *(id for id in found.persons if found.led_by(id)))


def standing(now: DrillView) -> Iterator[Notification]:
    """Yield the messages that are posted, or may be sent now: in a person's on-call hours, and not at night.

    The one mail is not repeated: nobody can take it back.
    """
    drill, night = now.drill, is_night(now.now, now.team.time_zone)
    for person_id in now.coordinators:
        stands = (Kind.DRILL_HELD, person_id) in now.posted
        if stands or not night or person_id == drill.begun_by:
            yield from to_each([person_id], Kind.DRILL_HELD, drill)
    for person_id, ask in now.asks.items():
        kinds, told_at = [Kind.DRILL_ASKED], now.posted.get((Kind.DRILL_ASKED, person_id))
        if told_at is not None and ask.reached_on is None and told_at + REMINDED_AFTER <= now.now:
            kinds.append(Kind.DRILL_REMINDED)
        may_be_sent = now.goes_on and may_be_told(now.of_person(person_id), now.team, now.now)
        asks = may_be_sent and ask.token is None and ask.reached_on is None
        for kind in kinds:
            if asks or (kind, person_id) in now.posted:
                yield from to_each([person_id], kind, drill)
        if may_be_sent and ask.token is not None and ask.mailed_on is None:
            yield Notification(Kind.DRILL_MAIL, ask.id, item=drill.item)


def next_drill_mail(uow: UnitOfWork, ask_id: str) -> tuple[Team, Person, DrillAsk] | None:
    """The recipient of a mail that has not been sent, if they may be told now."""
    ask = uow.get(DrillAsk, ask_id)
    found = drill_view(uow, ask.drill_id) if ask is not None else None
    if ask is None or found is None or all(each.subject != ask.id for each in standing(found)):
        return None
    person = found.persons.get(ask.person_id)
    return (found.team, person, ask) if person is not None and person.id in found.mailable else None


def drill_mail_sent(uow: UnitOfWork, team: Team, ask_id: str) -> None:
    ask = uow.get(DrillAsk, ask_id)
    if ask is not None:
        uow.change(ask, mailed_on=team.day_of(uow.now))
        enqueue_drill_effects(uow, ask.drill_id)


def answer_drill_by_mail(uow: UnitOfWork, arrival: IncomingMail) -> bool:
    """Count an answer to a drill's mail. Return False if the mail is not about a drill.

    Only the recipient of the mail knows the address for answers. So any text that a person sends there from
    the address that was mailed counts, unless our own mail server disowns the sender. Mail from a machine
    does not count.
    """
    found = uow.find(DrillAsk, token=arrival.token) if arrival.token is not None else []
    if not found:
        return False
    ask, now = uow.get(DrillAsk, found[0].id), drill_view(uow, found[0].drill_id)
    written = isinstance(arrival.content, HeldReply) and arrival.content.doubt is Doubt.TEXT
    if ask is None or now is None or not written:
        return True
    person = now.persons.get(ask.person_id)
    theirs = person is not None and arrival.sender == (person.work_mail or "").lower()
    rights = rights_outside(invited=theirs and arrival.trust is not Trust.DISOWNED)
    counts = may_by_calendar(uow, Action.ANSWER_DRILL, rights, ask.person_id, None, acts=False)
    if counts and ask.reached_on is None:
        uow.change(ask, reached_on=now.today)
    return True


def refresh_drills(uow: UnitOfWork, team_id: str) -> None:
    """Update the drill of a team after a change of its coordinators, agencies or people."""
    for drill in uow.find(Drill, team_id=team_id, purged_at=None):
        enqueue_drill_effects(uow, drill.id)


def plan_drills(uow: UnitOfWork, team: Team) -> None:
    """Continue each drill. Call it every hour."""
    for drill in uow.find(Drill, team_id=team.id, purged_at=None):
        keep_reached(uow, drill, team)
    refresh_drills(uow, team.id)
