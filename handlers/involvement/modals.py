"""Forms about an agency's part in a case, and for people who are asked and have not confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.actions import open_actions
from bot.domain.case.entities import Ask, Involvement, Seat, SeatRole, Via
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Contact, Ground, Reason
from bot.texts.words import Words
from bot.usecases.involvement.agencies import InviteAgency, InviteReview
from handlers.blocks import inputs
from handlers.blocks.choosing import colleague_blocks, told_blocks
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import ActionId, context, section, sections
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import Blocks, View, field, form, line_blocks, modal, review_form
from handlers.blocks.people import agency_choices, by_agency, human, mention, span
from handlers.involvement.messages import to_read_aloud
from handlers.slack.vocabulary import named as named_by

INVITE_OTHER = ActionId("invite_other", "draft and agency")

EXPECTED = "expected"


def _persons(words: Words, file: CaseFile, initial: str) -> Block:
    letters = inputs.ticks([(p, p) for p in file.open_letters], initial)
    return field(words, "persons", "field.for-persons", letters)


@form("invite", "case", heading="command.invite.choice", submit="modal.look-over")
def invite_form(
    words: Words, file: CaseFile, agencies: list[Agency], persons: str = "", *, typed: str = ""
) -> Blocks:
    """Ask one more agency, or one that was expected; text after the word names it.

    `persons` are the letters to begin with; empty for all persons of the case.
    """
    choices = [(a.id, a.shown_name) for a in agencies]
    likely = named_by(typed, dict(choices))
    expected = inputs.ticks([(EXPECTED, words("field.only-expected"))])
    yield section(words("modal.invite.intro"))
    yield field(words, "agency", "field.agency", inputs.select(choices, likely))
    yield _persons(words, file, persons or file.open_letters)
    yield field(words, "expected", "field.when-told", expected, optional=True)
    yield context(words("modal.invite.usual"))
    return file.case.id


@review_form("invite_review")
def invite_review(
    words: Words, metadata: str, command: InviteAgency, review: InviteReview, now: datetime
) -> View:
    """«Se over og send» for one agency: which human will be told now."""
    file, agency, zone = review.file, review.agency, review.team.time_zone
    name = escape(agency.shown_name)
    ahead = sorted((m for m in file.meetings if m.live and m.starts_at > now), key=lambda m: m.starts_at)
    facts = words(
        "modal.review.part",
        agency=name,
        persons=words.several(command.persons),
        reason=words(f"reason.{agency.usual_reason}"),
        ground=words(f"ground.{agency.proposed_ground}"),
    )
    if not review.told:
        people = line_blocks(words("modal.review.only-expected", agency=name))
    else:
        summoned = [words("modal.review.summoned", when=span(words, m, zone)) for m in ahead]
        people = [
            *told_blocks(words, review.told, INVITE_OTHER, metadata),
            *(line_blocks(*summoned) if summoned else []),
        ]
    blocks = [section(facts), *people, section(words("modal.review.nothing-yet"))]
    return modal(words, invite_review.id, blocks, metadata, submit="" if review.told else "modal.save")


@form("release", heading="command.release.choice", submit="modal.look-over")
def choose_part(words: Words, found: Sequence[tuple[CaseFile, Involvement]], *, typed: str) -> Blocks:
    """Choose the agency whose part ends; text after the word names it."""
    file = found[0][0]
    names = agency_choices(file, by_agency(file, [part for _, part in found]))
    yield field(words, "involvement", "field.agency", inputs.select(names, named_by(typed, dict(names))))
    return ""


@form(
    "release_review",
    "involvement",
    heading="command.release.choice",
    submit="command.release.choice",
)
def release_review(words: Words, file: CaseFile, part: Involvement) -> Blocks:
    """End an agency's part: who loses access, and who is told by whom."""
    agency = file.agencies[part.agency_id]
    people = dict.fromkeys(
        human(words, file, s.person_id, agency)
        for s in file.seats
        if s.live and s.involvement_id == part.id and file.reaches(s)
    )
    seated = any(s.live and s.confirmed and s.involvement_id == part.id for s in file.seats)
    if part.asked_at is None:
        key = "expected"
    elif not people:
        key = "by-you"
    else:
        key = "loses" if seated else "withdrawn"
    named = {"agency": escape(agency.shown_name), "who": words.several(people)}
    yield section(words(f"modal.release.{key}", **named))
    if any(action.involvement_id == part.id for action in open_actions(file)):
        yield section(words("modal.release.actions"))
    if file.pause is not None and file.pause.involvement_id == part.id:
        yield section(words("modal.release.contact", day=words.day(file.pause.contact_on)))
    if key != "expected":
        yield section(words("modal.release.others"))
    return part.id


@form("involvement", "involvement", submit="modal.save")
def involvement_form(words: Words, file: CaseFile, part: Involvement) -> Blocks:
    agency = file.agencies[part.agency_id]
    reasons, grounds = choices_of(words, "reason", Reason), choices_of(words, "ground", Ground)
    yield section(words("modal.involvement.intro", agency=escape(agency.shown_name)))
    yield _persons(words, file, part.persons)
    yield field(words, "reason", "field.reason", inputs.select(reasons, part.reason))
    yield field(words, "ground", "field.ground", inputs.select(grounds, part.ground))
    return part.id


@form("send_on", "seat", heading="press.decline", submit="modal.send")
def pass_on_form(words: Words, file: CaseFile, seat: Seat, contacts: list[Contact]) -> Blocks:
    """«Kan ikke» before confirming: a colleague instead, or nobody. The form tells nothing of the case.

    Without a meeting there is nothing to decline, so a colleague has to be chosen.
    """
    may_decline = bool(file.asks_of_seat(seat))
    key = "field.deputy.hint" if seat.role is SeatRole.DEPUTY else "field.colleague.hint"
    hint = words(key) if may_decline else ""
    yield section(words("modal.pass-on.intro"))
    if contacts:
        yield from colleague_blocks(
            words, file, contacts, "colleague", "field.colleague", hint=hint, optional=may_decline
        )
    else:
        yield section(words("modal.pass-on.nobody"))
    return seat.id


@form("record_acknowledgement", "seat", heading="field.acknowledged", submit="modal.save")
def record_acknowledgement_form(words: Words, file: CaseFile, seat: Seat) -> Blocks:
    ways = choices_of(words, "via", (Via.PHONE, Via.IN_PERSON))
    who = whom(words, file, seat)
    yield section(words("modal.record-ack.intro", who=who))
    yield from sections(to_read_aloud(words, file.team))
    yield field(words, "via", "field.told-via", inputs.radio(ways, Via.PHONE))
    yield spoken_at(words)
    yield context(words("modal.record-answer.own"))
    return seat.id


def spoken_at(words: Words) -> Block:
    """The field for the time of the conversation, if it is entered afterwards."""
    return field(words, "at", "field.spoken-at", inputs.moment(), hint=True, optional=True)


def whom(words: Words, file: CaseFile, of: Ask | Seat) -> str:
    """Return the agency, and the human unless the agency has a cover name: by account, or by title."""
    agency, person_id = file.agency_of(file.part_of(of)), of.person_id
    name = escape(agency.shown_name)
    if agency.reached_by_coordinator:
        return name
    on_slack = file.on_slack(person_id)
    who = mention(words, file.persons[person_id]) if on_slack else human(words, file, person_id, agency)
    return f"{name}, {who}"
