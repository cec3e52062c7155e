"""Everything that waits for one person, with its buttons."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.notifications import Waited
from bot.texts.words import Words
from handlers.blocks.context import Message
from handlers.blocks.elements import actions, divider, lines, section
from handlers.blocks.formatting import Part, fit
from handlers.overview.home import waits
from handlers.overview.home_model import HomeModel
from handlers.slack.error_replies import worded
from handlers.slack.vocabulary import choose

#: Replaces the channel of a command, since a direct message is no channel to act in.
DIRECT = "direct"


def open_asks(model: HomeModel) -> Message:
    """To somebody who writes to the bot: everything that waits for them, with its buttons.

    If nothing waits, a button that asks TOT to convene, except for coordinators, who convene it themselves:
    the message is not read, and may be «kalle».
    """
    words, waiting = model.words, list_of_asks(model)
    if not waiting:
        asks = [] if model.coordinated else [actions(choose(words, "convene", DIRECT))]
        return Message([section(lines(words("home.nothing-waiting"), words("help.more"))), *asks])
    return Message(fit(words, [[[section(words("open-asks.title"))], *waiting]]))


def summary(model: HomeModel) -> Message:
    """After an outage: something was not sent in time, and what waits for the person now."""
    title = section(model.words("summary.title"))
    return Message(fit(model.words, [[[title], *list_of_asks(model)]]))


def wait_over(words: Words, zone: ZoneInfo, waited: Waited) -> Message:
    """To somebody whose request got no reply: whether it is done or nothing is saved, and why.

    If they waited for the acute form, or to ask TOT to convene, they can open that form here.
    """
    ended = words(f"wait-over.{'done' if waited.stored else 'nothing'}", when=words.short(waited.since, zone))
    said = section(lines(ended, *(worded(words, name) for name in waited.why)))
    again = waited.acute and not waited.stored
    return Message([said, *([actions(choose(words, "gather", DIRECT))] if again else [])])


def list_of_asks(model: HomeModel) -> Part:
    """Return what waits for the person, with dividers between."""
    return [[divider(), *blocks] for blocks in waits(model)]
