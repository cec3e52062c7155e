"""A new contact who waits for the coordinator, and what a new coordinator is told."""

from __future__ import annotations

from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.notifications import Intent, Kind
from bot.texts.words import Words
from bot.usecases.directory.agencies import APPROVED, REFUSED
from handlers.blocks.context import Message, escape
from handlers.blocks.elements import ActionId, actions, button, section
from handlers.blocks.people import mention

APPROVE_CONTACT = ActionId("approve_contact", "contact")
REFUSE_CONTACT = ActionId("refuse_contact", "contact")


def contact_message(
    words: Words, intent: Intent, agency: Agency, contact: Contact, person: Person
) -> Message | None:
    """To a coordinator: approve or refuse; afterwards, and to the leaders, what became of it."""
    covered = agency.reached_by_coordinator
    who = words("modal.contact") if covered else mention(words, person, contact.title)
    named = {"agency": escape(agency.shown_name), "who": who[:1].upper() + who[1:]}
    if intent.kind is Kind.CONTACT_DECIDED:
        outcome = intent.mark.partition(".")[0]
        if outcome not in (APPROVED, REFUSED):
            return None
    elif contact.waits and not contact.retired:
        return Message(
            words("contact.approval-short"),
            [
                section(words("contact.approval", **named)),
                actions(
                    button(words("press.approve"), APPROVE_CONTACT, contact.id, primary=True),
                    button(words("press.refuse"), REFUSE_CONTACT, contact.id),
                ),
            ],
        )
    else:
        outcome = REFUSED if contact.retired else APPROVED
    return Message(words("contact.decided-short"), [section(words(f"contact.{outcome}", **named))])


def appointed(words: Words, team: Team) -> Message:
    """To a new coordinator: what they can do now."""
    name = escape(team.name)
    text = words("appointed.text", team=name)
    return Message(words("appointed.notice", team=name), [section(text)])
