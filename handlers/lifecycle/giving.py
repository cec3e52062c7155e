"""«Gi saken til …»: the form, and the question to the coordinator who is to take the case over."""

from __future__ import annotations

from bot.domain.case.entities import Case
from bot.domain.case.file import CaseFile
from bot.domain.coordinating import in_charge, may_be_given_to, offered_to
from bot.texts.words import Words
from handlers.blocks import formatting, inputs
from handlers.blocks.context import Message, RenderContext
from handlers.blocks.elements import ActionId, actions, button, context, lines, section
from handlers.blocks.formatting import short_message, way_to_room
from handlers.blocks.modal import Blocks, field, form, line_blocks
from handlers.blocks.people import mention
from handlers.coordinating import TAKE_CASE
from handlers.involvement.messages import coordinators_question, may_be_asked, where

GIVE = ActionId("give_case", "case")

NOBODY = "nobody"


@form("give_case", "case", heading="press.give", submit="modal.ask")
def give_form(words: Words, file: CaseFile, people: list[str], *, reader: str) -> Blocks:
    """Choose one of the other coordinators; if one has already been asked, also the choice to ask nobody.

    Options cannot hold mentions, so the people are numbered.
    """
    numbers = [f"{n}. {mention(words, file.persons[p])}" for n, p in enumerate(people, 1)]
    choices = [(p, str(n)) for n, p in enumerate(people, 1)]
    asked = offered_to(file)
    if asked is not None:
        choices.append((NOBODY, words("field.give-to.nobody")))
    likely = asked or (people[0] if len(people) == 1 else None)
    holder = words("said.you") if in_charge(file) == reader else _holder(words, file)
    yield section(words("modal.give.intro", coordinator=holder))
    yield from line_blocks(words("modal.give.people"), *numbers)
    yield field(words, "to", "field.give-to", inputs.select(choices, likely))
    return file.case.id


def _holder(words: Words, file: CaseFile) -> str:
    return formatting.mention(file, in_charge(file)) or words("said.coordinator")


def to_give(ctx: RenderContext) -> str | None:
    """Return the case's id, if somebody other than the reader may be given the case."""
    return ctx.file.case.id if {*may_be_given_to(ctx.file)} - {ctx.reader.id} else None


def offer_answered(ctx: RenderContext, _: Case) -> Message:
    """To the coordinator whose case another was asked to take over, and has taken over."""
    named = {"code": formatting.code(ctx), "coordinator": _holder(ctx.words, ctx.file)}
    return short_message(ctx.words("coordinating.offer-accepted", **named))


def case_offered(ctx: RenderContext, _: Case) -> Message | None:
    """To a coordinator: take the case over with one tap; an unconfirmed one takes it over by confirming."""
    file, reader, words = ctx.file, ctx.reader, ctx.words
    code = formatting.code(ctx)
    if offered_to(file) != reader.id:
        # Shown only if the reader took it here, not if another coordinator has it.
        if not (ctx.stands and in_charge(file) == reader.id):
            return None
        taken = lines(words("coordinating.taken", code=code), way_to_room(ctx))
        return short_message(taken, context(where(words)))
    named = {"team": formatting.team(ctx), "coordinator": _holder(words, file)}
    if formatting.for_coordinator(ctx):
        tap = button(words("press.take-over"), TAKE_CASE, file.case.id, primary=True)
        return short_message(words("coordinating.offer", code=code, **named), actions(tap))
    seat = next((s for s in file.seats_of(reader.id) if s.involvement_id is None), None)
    if seat is None or not may_be_asked(ctx, seat):
        return None
    return Message(coordinators_question(ctx, seat))
