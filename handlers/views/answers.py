"""The forms of those who are asked, and of the coordinator who answers for somebody outside Slack."""

from __future__ import annotations

from bot.domain.case import Answer, DeclineReason, Via
from bot.usecases.acknowledge import RecordAcknowledgement, record_acknowledgement
from bot.usecases.answer_summons import AnswerSummons, RecordAnswer, answer_summons, record_answer
from bot.usecases.pass_on import PassOn, pass_on
from handlers.blocks.modals.answers import ONLY_TOLD
from handlers.blocks.modals.deputies import DECIDES
from handlers.encounters import Submitted
from handlers.payloads import Unreadable, asked, member


async def decline(submitted: Submitted) -> None:
    """Melde forfall."""
    fields = submitted.fields
    ask_id, sequence = asked(submitted.metadata)
    command = AnswerSummons(
        ask_id,
        Answer.DECLINED,
        fields.choice("reason", DeclineReason),
        fields.option("deputy"),
        _decides(submitted),
        sequence,
    )
    await submitted.act(answer_summons, command)
    await submitted.done()


async def passed_on(submitted: Submitted) -> None:
    """The question goes to a colleague."""
    command = PassOn(submitted.metadata, submitted.fields.needed("colleague"))
    await submitted.act(pass_on, command)
    await submitted.done()


async def acknowledgement(submitted: Submitted) -> None:
    """Taushetsplikt was confirmed outside Slack."""
    command = RecordAcknowledgement(submitted.metadata, _outside_slack(submitted))
    await submitted.act(record_acknowledgement, command)
    await submitted.done()


async def answer(submitted: Submitted) -> None:
    """Somebody outside Slack was told, and perhaps answered. A reason goes with declining alone."""
    fields = submitted.fields
    said = fields.needed("answer")
    declined = said == Answer.DECLINED
    ask_id, sequence = asked(submitted.metadata)
    command = RecordAnswer(
        ask_id,
        _outside_slack(submitted),
        None if said == ONLY_TOLD else member(Answer, said),
        fields.choice("reason", DeclineReason) if declined else None,
        fields.option("deputy") if declined else None,
        _decides(submitted),
        sequence,
    )
    await submitted.act(record_answer, command)
    await submitted.done()


def _decides(submitted: Submitted) -> bool:
    return DECIDES in submitted.fields.options(DECIDES)


def _outside_slack(submitted: Submitted) -> Via:
    via = member(Via, submitted.fields.needed("via"))
    if via is Via.SLACK:
        raise Unreadable
    return via
