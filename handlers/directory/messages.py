"""Messages about contacts who wait for approval, coordinators who come or go, and the page to print."""

from __future__ import annotations

from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from bot.domain.notifications import ContactDecision, Day, Kind, Notification
from bot.texts.words import Words
from bot.usecases.authorization import teams_of
from bot.usecases.directory.agencies import page_day, rosters
from handlers.blocks.context import File, Message, PersonRenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, lines, section
from handlers.blocks.people import mention
from handlers.delivery.declarations import PersonMessage
from handlers.directory.roster_page import roster_page

APPROVE_CONTACT = ActionId("approve_contact", "contact")
REFUSE_CONTACT = ActionId("refuse_contact", "contact")


def contact_message(
    words: Words, notification: Notification, agency: Agency, contact: Contact, person: Person
) -> Message | None:
    """To a coordinator: approve or refuse a contact; afterwards, and to the leaders, the decision."""
    covered = agency.reached_by_coordinator
    who = words("modal.contact") if covered else mention(words, person, contact.title)
    named = {"agency": escape(agency.shown_name), "who": who[:1].upper() + who[1:]}
    if notification.kind is Kind.CONTACT_DECIDED:
        approved = notification.params_as(ContactDecision).approved
    elif contact.waits and not contact.retired:
        answers = actions(
            button(words("press.approve"), APPROVE_CONTACT, contact.id, primary=True),
            button(words("press.refuse"), REFUSE_CONTACT, contact.id),
        )
        return Message([section(words("contact.approval", **named)), answers])
    else:
        approved = not contact.retired
    return Message([section(words("contact.approved" if approved else "contact.refused", **named))])


def appointed(words: Words, team: Team) -> Message:
    """To a new coordinator: what they can do now."""
    return Message([section(words("appointed.text", team=escape(team.name)))])


def _appointed(ctx: PersonRenderContext) -> Message | None:
    team = ctx.uow.get(Team, ctx.notification.subject)
    return appointed(ctx.words, team) if team is not None and team in teams_of(ctx.uow, ctx.person) else None


def _coordinator_gone(ctx: PersonRenderContext) -> Message | None:
    uow, words = ctx.uow, ctx.words
    post = uow.get(Coordinator, ctx.notification.subject)
    team = uow.get(Team, post.team_id) if post is not None else None
    gone = uow.get(Person, post.person_id) if post is not None else None
    if post is None or team is None or gone is None:
        return None
    of_another = "gone" if gone.deactivated else "guest"
    how = "self" if ctx.person.id == gone.id else of_another
    others = [c for c in uow.coordinators(team.id) if c.person_id not in (gone.id, ctx.person.id)]
    alone = how != "self" and not others
    return coordinator_gone(words, team, gone, how, alone=alone)


def coordinator_gone(words: Words, team: Team, gone: Person, how: str, *, alone: bool) -> Message:
    """To another coordinator or the former one: who no longer coordinates (`gone`, `guest` or `self`)."""
    text = words(f"coordinator-gone.{how}", team=escape(team.name), person=mention(words, gone))
    return Message([section(lines(text, words("coordinator-gone.alone") if alone else None))])


def _of_contact(ctx: PersonRenderContext) -> Message | None:
    uow = ctx.uow
    contact = uow.get(Contact, ctx.notification.subject)
    agency = uow.get(Agency, contact.agency_id) if contact is not None else None
    person = uow.get(Person, contact.person_id) if contact is not None else None
    if contact is None or agency is None or person is None:
        return None
    asked = ctx.notification.kind is Kind.CONTACT_APPROVAL
    if asked and all(team.id != agency.team_id for team in teams_of(uow, ctx.person)):
        return None
    return contact_message(ctx.words, ctx.notification, agency, contact, person)


def _roster_page(ctx: PersonRenderContext) -> File | None:
    """The page, if it is of today; an older one is out of date, and is deleted."""
    day = page_day(ctx.uow)
    return roster_page(ctx.words, rosters(ctx.uow), day) if ctx.notification.params == Day(day) else None


NOTIFICATIONS = (
    PersonMessage(Kind.APPOINTED, _appointed),
    PersonMessage(Kind.COORDINATOR_GONE, _coordinator_gone),
    PersonMessage(Kind.CONTACT_APPROVAL, _of_contact),
    PersonMessage(Kind.CONTACT_DECIDED, _of_contact),
    PersonMessage(Kind.ROSTER_PAGE, _roster_page),
)
