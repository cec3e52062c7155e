"""Forms of a poll of times for one meeting: fields, review, an agency's answer outside Slack."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile
from bot.domain.case.polls import TimePoll
from bot.domain.polls import asked_in_slack, parts, polled, times_ahead
from bot.texts.words import Words
from bot.usecases.polls import TimesReview, plan_at
from handlers.blocks import inputs, people
from handlers.blocks.context import Block
from handlers.blocks.elements import section
from handlers.blocks.modal import Blocks, field, form, line_blocks, review_form
from handlers.blocks.quorum import never_enough


def more_times(words: Words) -> list[Block]:
    """The fields for a second and a third time; the block_ids are those of `check_times`."""
    return [
        field(words, "second_time", "field.second-time", inputs.moment(), hint=True, optional=True),
        field(words, "third_time", "field.third-time", inputs.moment(), optional=True),
    ]


@review_form("times_review", submit="modal.ask")
def times_review(words: Words, metadata: str, review: TimesReview, now: datetime) -> Blocks:
    """«Se over og send»: the times, and the people who are asked which of them suit."""
    file, poll = review.file, review.poll
    zone, plans = file.team.time_zone, [plan_at(poll, at) for at in poll.starts]
    listed = [
        line
        for plan, found in zip(plans, review.warnings, strict=True)
        for line in (
            f"• {people.when_and_where(words, plan, zone, now)[0]}",
            *people.warned(words, found),
        )
    ]
    now_asked = asked_in_slack(file, poll)
    asked = sorted(people.in_agency(words, file, file.agency_of(p.id), person) for p, person in now_asked)
    seen, reached = ({part.id for part, _ in some} for some in (polled(file, poll), now_asked))
    kinds = [file.agency_of(part.id).kind for part in file.current()]
    yield from line_blocks(
        words("modal.times.times"),
        *listed,
        *people.when_and_where(words, plans[0], zone, now)[1:],
    )
    yield from line_blocks(*never_enough(words, file.team.rules.quorum, kinds))
    yield from line_blocks(words("modal.times.asked"), *(asked or [words("modal.no-one")]))
    ring = [part for part in parts(file, poll) if part.id in seen - reached]
    later = [part for part in parts(file, poll) if part.id not in seen]
    yield from _agencies(words, file, "modal.times.ring", ring)
    yield from _agencies(words, file, "modal.times.later", later)
    yield section(words("modal.times.then", due=words.within(poll.closes_at, zone)))
    yield from [section(words("modal.times.replaces"))] if file.polls else []
    yield section(words("modal.review.nothing-yet"))
    return metadata


def _agencies(words: Words, file: CaseFile, key: str, parts: Iterable[Involvement]) -> list[Block]:
    named = people.agency_names(words, file, parts)
    return line_blocks(words(key, agencies=named)) if named else []


@form("record_times", "poll", heading="press.record-times", submit="modal.save")
def record_times_form(words: Words, file: CaseFile, poll: TimePoll, now: datetime) -> Blocks:
    """Record the answer of an agency that the call would ask, and that has confirmed taushetsplikt."""
    zone = file.team.time_zone
    asked = {part.id: part for part, _ in polled(file, poll)}
    if not asked:
        yield section(words("modal.record-times.nobody"))
        return None
    agencies = people.agency_choices(file, people.by_agency(file, asked.values()))
    times = [
        (str(int(at.timestamp())), people.span(words, plan_at(poll, at), zone))
        for at in times_ahead(poll, now)
    ]
    yield section(words("modal.record-times.intro"))
    yield field(words, "agency", "field.agency", inputs.select(agencies))
    yield field(words, "suits", "field.times-suit", inputs.ticks(times), optional=True)
    return poll.id
