"""Forms that decline a summons, or record an answer given by telephone."""

from __future__ import annotations

from bot.domain.case.entities import Answer, DeclineReason
from bot.usecases.answers import AnswerSummons, RecordAnswer, answer_summons, record_answer
from handlers.answers.modals import DECIDES, ONLY_TOLD
from handlers.involvement.submissions import way_outside_slack
from handlers.slack.payloads import asked, member
from handlers.slack.requests import Submitted


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


async def answer(submitted: Submitted) -> None:
    """Somebody outside Slack was told, and perhaps answered. A reason goes with declining alone."""
    fields = submitted.fields
    said = fields.needed("answer")
    declined = said == Answer.DECLINED
    ask_id, sequence = asked(submitted.metadata)
    command = RecordAnswer(
        ask_id,
        way_outside_slack(submitted),
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
