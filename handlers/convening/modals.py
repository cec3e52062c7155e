"""Forms about convening: ask for it, decline it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.convening import NotConvened, Urgency
from bot.texts.words import Words
from bot.usecases.convening import Askable, ConveningView
from bot.usecases.validation import LONGEST_NOTE
from handlers.blocks.elements import section
from handlers.blocks.modal import CallbackId, View, choices_of, field, modal, radio, select, writing
from handlers.convening.messages import agency
from handlers.guidance.modals import team_field

ASK_TO_CONVENE = CallbackId("ask_to_convene", "team, or nothing where it is chosen in the form")
DECLINE_CONVENING = CallbackId("decline_convening", "convening")

ANOTHER = "another"


def convene_form(words: Words, askable: Sequence[Askable]) -> View:
    """For which agency, how urgent. It always says that this is no report of concern, and whom to ring."""
    teams = [each.team for each in askable]
    several = len(teams) > 1
    choices = [
        (a.id, f"{a.shown_name} · {each.team.name}" if several else a.shown_name)
        for each in askable
        for a in each.agencies
    ]
    own = [id for each in askable for id in each.own]
    likely = own[0] if len(own) == 1 else None
    return modal(
        words,
        ASK_TO_CONVENE,
        "modal.convene.title",
        [
            section(f"*{words('guidance.no-report')}*"),
            *team_field(words, teams),
            field(
                "agency",
                words("field.asking-agency"),
                select([*choices, (ANOTHER, words("convene.another-service-choice"))], likely),
            ),
            field("urgency", words("field.urgency"), radio(choices_of(words, "urgency", Urgency))),
            field(
                "note",
                words("field.convene-note"),
                writing(longest=LONGEST_NOTE, several_lines=True),
                hint=words("field.convene-note.hint"),
                optional=True,
            ),
            section(words("modal.convene.told")),
        ],
        submit="modal.send",
        metadata="" if several else teams[0].id,
    )


def decline_convening_form(words: Words, now: ConveningView) -> View:
    """Why not; the one who asked is told."""
    return modal(
        words,
        DECLINE_CONVENING,
        "modal.not-convene.title",
        [
            section(words("modal.not-convene.intro", agency=agency(words, now))),
            field(
                "reason", words("field.not-convened"), radio(choices_of(words, "not-convened", NotConvened))
            ),
        ],
        submit="modal.send",
        metadata=now.convening.id,
    )
