"""What Home shows of what lies outside cases: what I have asked, what waits for a coordinator."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.texts import Words
from bot.usecases.guidance.standing import Standing
from handlers.blocks.elements import button, context, header, section
from handlers.blocks.guidance import theme, where_it_stands
from handlers.blocks.modals.told import mention
from handlers.blocks.scene import Block, escape
from handlers.ids import ActionId

#: So many of each kind; a view takes 100 blocks, and cases need most of them.
MOST = 5


@dataclass(frozen=True, slots=True)
class Outside:
    """What the person has asked, and what is asked of the teams that they coordinate."""

    asked: tuple[Standing, ...] = ()
    to_answer: tuple[Standing, ...] = ()


def own_questions(words: Words, outside: Outside) -> list[Block]:
    """Guidance that the person has asked for, and where it stands."""
    if not outside.asked:
        return []
    return [
        header(words("home.guidance")),
        *(section(_asked(words, each)) for each in outside.asked[:MOST]),
        *_more(words, len(outside.asked) - MOST),
    ]


def open_questions(words: Words, outside: Outside) -> list[Block]:
    """Guidance that the coordinator has yet to answer or to close."""
    if not outside.to_answer:
        return []
    return [
        header(words("home.to-answer")),
        *(
            section(
                _to_answer(words, each),
                button(words("press.answer-guidance"), ActionId.ANSWER_GUIDANCE, each.guidance.id)
                if each.guidance.waits
                else button(words("press.close-guidance"), ActionId.CLOSE_GUIDANCE, each.guidance.id),
            )
            for each in outside.to_answer[:MOST]
        ),
        *_more(words, len(outside.to_answer) - MOST),
    ]


def _asked(words: Words, each: Standing) -> str:
    guidance = each.guidance
    return words(
        "home.guidance-item",
        theme=escape(theme(words, guidance.theme)),
        when=words.when(guidance.asked_at, ZoneInfo(each.team.zone)),
        stands=where_it_stands(words, each),
    )


def _to_answer(words: Words, each: Standing) -> str:
    guidance = each.guidance
    about = escape(theme(words, guidance.theme))
    who = mention(words, each.persons.get(guidance.asker))
    if not guidance.waits:
        return words("home.answered-item", theme=about, who=who)
    due = words.when(guidance.due_at, ZoneInfo(each.team.zone))
    return words("home.to-answer-item", theme=about, who=who, due=due)


def _more(words: Words, left: int) -> list[Block]:
    return [context(words.count("said.more", left))] if left > 0 else []
