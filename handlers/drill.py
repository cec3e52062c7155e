"""The drill (kontaktprøve): the command, its form, the messages to contacts and coordinators, the buttons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.access import Action
from bot.domain.directory.entities import Agency, Contact
from bot.domain.drill import Drill, Reach, is_unconfirmed, month_of
from bot.domain.notifications import Kind
from bot.texts.words import Words
from bot.texts.words import words as to_words
from bot.usecases.drill import (
    DrillView,
    answer_drill,
    begin_drill,
    confirm_line,
    drill_mail_sent,
    drill_view,
    next_drill_mail,
    see_drill,
    standing,
)
from bot.usecases.ports import Claim
from handlers.blocks.context import Block, Message, PersonRenderContext, escape
from handlers.blocks.elements import ActionId, actions, bullets, button, context, lines, section
from handlers.blocks.modal import Blocks, View, form, line_blocks
from handlers.blocks.people import away, mention
from handlers.delivery.declarations import Declared, Job, item_messages
from handlers.delivery.mail import signed
from handlers.delivery.services import DeliveryServices
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.requests import Request
from handlers.slack.verbs import OfTeam, tap

DRILL_OF = ActionId("drill_of", "team, with a bar")
RECEIVED = ActionId("drill_received", "drill")
CONFIRM_LINE = ActionId("confirm_line", "drill, and agency")
#: The most characters of each list, so that a message holds them all.
_MOST = 2500
#: The states that are said in other words than «not reached» to an agency's leader.
_LEADER = {Reach.REACHED: "reached", Reach.LATER: "later"}
#: The states that nobody sees on the first day.
_NEXT_DAY = frozenset({Reach.REACHED, Reach.SILENT, Reach.LATER})


def asked(ctx: PersonRenderContext, now: DrillView) -> Message:
    """To a contact: a drill, and «Mottatt»; to an agency's leader also which contacts are reached."""
    words, asks = ctx.words, now.asks[ctx.person.id].reached_on is None
    led = [block for agency in now.led_by(ctx.person.id) for block in _of_leader(words, now, agency)]
    return _with_why(words, now, "drill.asked" if asks else "drill.thanks", led, asks=asks)


def reminded(ctx: PersonRenderContext, now: DrillView) -> Message:
    """To a contact who has not pressed, once. Deleted when they press."""
    return _with_why(ctx.words, now, "drill.reminded", asks=True)


def held(ctx: PersonRenderContext, now: DrillView) -> Message:
    """To a coordinator: who was reached by this morning, whom to ring, which numbers nobody has confirmed."""
    words, drill = ctx.words, now.drill
    about = {"team": escape(now.team.name), "day": words.day(now.team.day_of(drill.begun_at))}
    head = words("drill.held", who=mention(words, now.persons.get(drill.begun_by)), **about)
    state = words("drill.tomorrow" if now.first_day else "drill.as-of")
    without = (a for a in now.agencies if is_unconfirmed(a, now.today))
    unconfirmed = [f"{escape(a.shown_name)}: {escape(a.duty_line or '')}" for a in without]
    blocks = [
        section(lines(head, state, words("drill.acute") if now.acute else None)),
        *map(section, _reached(words, now)),
        *([section(lines(words("drill.lines"), bullets(unconfirmed, _MOST)))] if unconfirmed else []),
        context(words("drill.kept", day=_deleted(words, drill))),
    ]
    return Message(blocks)


def _with_why(
    words: Words, now: DrillView, said: str, blocks: Iterable[Block] = (), *, asks: bool
) -> Message:
    """Return a message to a contact: the text, «Mottatt» if it `asks`, why it came, and who sees the rest."""
    press = button(words("press.drill-received"), RECEIVED, now.drill.id, primary=True)
    why = words("drill.why", team=escape(now.team.name), day=_deleted(words, now.drill))
    return Message([section(words(said)), *([actions(press)] if asks else []), *blocks, context(why)])


def _deleted(words: Words, drill: Drill) -> str:
    return words.day(drill.delete_on) if drill.delete_on is not None else ""


def _of_leader(words: Words, now: DrillView, agency: Agency) -> list[Block]:
    """An agency for its leader: who is reached, who is not, and the duty line to confirm."""
    people = [
        words(f"drill.leader.{_LEADER.get(reach, 'not')}", who=_human(words, now, contact))
        for contact in now.of_agency(agency)
        if (reach := now.reach(contact)) is not None
    ]
    listed = words("drill.yours-tomorrow") if now.first_day else bullets(people, _MOST)
    said, press = [words("drill.yours", agency=escape(agency.shown_name)), listed], []
    if agency.duty_line is not None:
        month = agency.line_confirmed
        key = "drill.line-unconfirmed" if is_unconfirmed(agency, now.today) else "drill.line-confirmed"
        shown = words.month(month) if month is not None else ""
        said.append(words(key, line=escape(agency.duty_line), month=shown))
        if month != month_of(now.now, now.team):
            value = f"{now.drill.id}|{agency.id}"
            press = [actions(button(words("press.confirm-line"), CONFIRM_LINE, value))]
    return [section(lines(*said)), *press, context(words("drill.line-wrong"))]


def _human(words: Words, now: DrillView, contact: Contact) -> str:
    return mention(words, now.persons.get(contact.person_id), contact.title)


def _reached(words: Words, now: DrillView, shown: Iterable[Reach] = Reach) -> Iterator[str]:
    """List the contacts by reach; on the first day only those who get no message in Slack."""
    for reach in shown:
        names = _to_ring if reach in (Reach.BY_MAIL, Reach.NOT_ON_SLACK) else _named
        people = [names(words, now, c) for c in now.contacts if now.reach(c) is reach]
        if people and not (now.first_day and reach in _NEXT_DAY):
            yield lines(words(f"drill.{reach}", n=len(people)), bullets(people, _MOST))


def _named(words: Words, now: DrillView, contact: Contact) -> str:
    absence = away(words, contact, now.today)
    named = f"{escape(now.agency_of(contact).shown_name)}: {_human(words, now, contact)}"
    return f"{named}, {absence}" if absence else named


def _to_ring(words: Words, now: DrillView, contact: Contact) -> str:
    mail = now.persons[contact.person_id].work_mail if contact.person_id in now.mailable else None
    way = now.agency_of(contact).duty_line or mail
    named = _named(words, now, contact)
    return f"{named} · {escape(way)}" if way else named


async def mail_drill(services: DeliveryServices, claim: Claim) -> None:
    """Mail a contact who is not on Slack; skipped if no answer by mail would be read."""
    mails = services.mail
    if mails is None or not mails.counted:
        return
    subject = claim.notification.subject
    found = await services.database.read(lambda uow: next_drill_mail(uow, subject))
    if found is None:
        return
    team, person, ask = found
    reader, address = to_words(person.language or team.language), person.work_mail or ""
    text = signed(reader, team.rules, reader("mail.drill"))
    subject, now = reader("mail.drill-subject"), services.clock.now()
    await mails.send(mails.plain(ask.token or "", address, subject, text, now))
    await services.database.write(lambda uow: drill_mail_sent(uow, team, ask.id))


NOTIFICATIONS: tuple[Declared, ...] = (
    Job(Kind.DRILL_MAIL, mail_drill),
    *item_messages(
        drill_view,
        standing,
        {Kind.DRILL_ASKED: asked, Kind.DRILL_REMINDED: reminded, Kind.DRILL_HELD: held},
    ),
)


@form("drill", "team", heading="command.drill.choice", submit="modal.send")
def drill_form(words: Words, now: DrillView, *, by_mail: bool) -> Blocks:
    """Review whom a drill reaches, also `by_mail` if the bot mails, and send it."""
    told = [c for c in now.contacts if now.reach(c) is None]
    others = [c for c in now.contacts if now.reach(c) is Reach.NOT_ON_SLACK]
    mailed = [c for c in others if by_mail and c.person_id in now.mailable]
    ring = [c for c in others if c not in mailed]
    yield section(words("modal.drill.intro", team=escape(now.team.name)))
    for key, people, shown in (("told", told, _named), ("mailed", mailed, _named), ("ring", ring, _to_ring)):
        listed = bullets([shown(words, now, c) for c in people], _MOST)
        yield from line_blocks(words(f"modal.drill.{key}", n=len(now.on_slack)), listed) if people else []
    yield from map(section, _reached(words, now, [Reach.GONE]))
    yield section(words("modal.review.nothing-yet"))
    return now.team.id


async def _form_of(request: Request, team_id: str, _: str) -> View:
    now = await request.look(see_drill, team_id)
    return drill_form(request.words, now, by_mail=request.services.mail_is_read)


DRILLS = Subject(
    verbs=(
        Verb(
            Action.BEGIN_DRILL,
            drill_form,
            begin_drill,
            OfTeam(DRILL_OF, _form_of),
            word="drill",
            says="modal.drill.done",
        ),
        Button(RECEIVED, Action.ANSWER_DRILL, tap(answer_drill)),
        Button(CONFIRM_LINE, Action.CONFIRM_LINE, tap(confirm_line)),
    ),
    notifications=NOTIFICATIONS,
)
