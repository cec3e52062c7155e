"""Messages about contacts who wait for approval, coordinators who come or go, and the page to print."""

from __future__ import annotations

from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from bot.domain.notifications import ContactDecision, Day, Kind
from bot.usecases.authorization import teams_of
from bot.usecases.directory.agencies import page_day, rosters
from handlers.blocks.context import File, Message, PersonRenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, lines, section
from handlers.blocks.people import mention
from handlers.delivery.declarations import PersonMessage
from handlers.directory.roster_page import roster_page

APPROVE_CONTACT = ActionId("approve_contact", "contact")
REFUSE_CONTACT = ActionId("refuse_contact", "contact")


def appointed(ctx: PersonRenderContext) -> Message | None:
    """To a new coordinator: what they can do now."""
    team = ctx.uow.get(Team, ctx.notification.subject)
    if team is None or team not in teams_of(ctx.uow, ctx.person):
        return None
    return Message([section(ctx.words("appointed.text", team=escape(team.name)))])


def coordinator_gone(ctx: PersonRenderContext) -> Message | None:
    """To another coordinator or the former one: who no longer coordinates, and why."""
    uow, words = ctx.uow, ctx.words
    post = uow.get(Coordinator, ctx.notification.subject)
    team = uow.get(Team, post.team_id) if post is not None else None
    gone = uow.get(Person, post.person_id) if post is not None else None
    if post is None or team is None or gone is None:
        return None
    how = "self" if ctx.person.id == gone.id else "gone" if gone.deactivated else "guest"
    others = [c for c in uow.coordinators(team.id) if c.person_id not in (gone.id, ctx.person.id)]
    alone = None if how == "self" or others else words("coordinator-gone.alone")
    text = words(f"coordinator-gone.{how}", team=escape(team.name), person=mention(words, gone))
    return Message([section(lines(text, alone))])


def of_contact(ctx: PersonRenderContext) -> Message | None:
    """To a coordinator: approve or refuse a contact; afterwards, and to the leaders, the decision."""
    uow, words = ctx.uow, ctx.words
    contact = uow.get(Contact, ctx.notification.subject)
    agency = uow.get(Agency, contact.agency_id) if contact is not None else None
    person = uow.get(Person, contact.person_id) if contact is not None else None
    if contact is None or agency is None or person is None:
        return None
    asked = ctx.notification.kind is Kind.CONTACT_APPROVAL
    if asked and all(team.id != agency.team_id for team in teams_of(uow, ctx.person)):
        return None
    who = words("modal.contact") if agency.reached_by_coordinator else mention(words, person, contact.title)
    named = {"agency": escape(agency.shown_name), "who": who[:1].upper() + who[1:]}
    if asked and contact.waits and not contact.retired:
        answers = actions(
            button(words("press.approve"), APPROVE_CONTACT, contact.id, primary=True),
            button(words("press.refuse"), REFUSE_CONTACT, contact.id),
        )
        return Message([section(words("contact.approval", **named)), answers])
    approved = not contact.retired if asked else ctx.notification.params_as(ContactDecision).approved
    return Message([section(words("contact.approved" if approved else "contact.refused", **named))])


def _roster_page(ctx: PersonRenderContext) -> File | None:
    """The page, if it is of today; an older one is out of date, and is deleted."""
    day = page_day(ctx.uow)
    return roster_page(ctx.words, rosters(ctx.uow), day) if ctx.notification.params == Day(day) else None


NOTIFICATIONS = (
    PersonMessage(Kind.APPOINTED, appointed),
    PersonMessage(Kind.COORDINATOR_GONE, coordinator_gone),
    PersonMessage(Kind.CONTACT_APPROVAL, of_contact),
    PersonMessage(Kind.CONTACT_DECIDED, of_contact),
    PersonMessage(Kind.ROSTER_PAGE, _roster_page),
)
