"""The parts of a form."""

from __future__ import annotations

from typing import Any

from bot.domain.directory.entities import Team
from bot.texts.words import Words
from handlers.blocks import elements, inputs
from handlers.blocks.context import Block
from handlers.blocks.elements import plain

View = dict[str, Any]
#: How the name of a field begins of which nothing is kept, not even when the form fails.
PASSING = "passing-"
_FRAME = 24
_LABEL = 2000
#: What the private_metadata of every review is.
REVIEWED = "draft, and a hash of the people shown"


class CallbackId(str):
    """callback_id of a modal, defined once, where it is drawn.

    `metadata` says what its private_metadata is: internal ids only, which are checked again. The others are
    keys; without `submit` it can only be closed.
    """

    metadata: str
    heading: str
    submit: str
    close: str

    def __new__(
        cls, id: str, metadata: str = "", *, heading: str = "", submit: str = "", close: str = "modal.cancel"
    ) -> CallbackId:
        self = super().__new__(cls, id)
        self.metadata, self.heading, self.submit, self.close = metadata, heading, submit, close
        return self


def review_id(id: str, *, heading: str = "modal.review.title", submit: str = "modal.send") -> CallbackId:
    """Return the id of a form that shows what was filled in before it is sent."""
    return CallbackId(id, REVIEWED, heading=heading, submit=submit, close="modal.back")


CHOOSE_TEAM = CallbackId(
    "choose_team", "what the team is for", heading="modal.choose-team.title", submit="modal.next"
)
#: Says something, and can only be closed.
NOTICE = CallbackId("notice", heading="modal.title", close="modal.close")


def modal(
    words: Words, id: CallbackId, blocks: list[Block], metadata: str = "", *, submit: str | None = ""
) -> View:
    """A modal as its id declares it; `submit` is another key for its button, None for no button at all."""
    view: View = {
        "type": "modal",
        "callback_id": str(id),
        "private_metadata": metadata,
        "title": plain(words(id.heading), _FRAME),
        "close": plain(words("modal.close" if submit is None else id.close), _FRAME),
        "blocks": blocks,
    }
    if submit is not None and (submit or id.submit):
        view["submit"] = plain(words(submit or id.submit), _FRAME)
    return view


def line_blocks(*texts: str) -> list[Block]:
    """Lines in as few paragraphs as they fit into; what people or data have written is escaped already."""
    return elements.sections("\n".join(texts))


def field(
    words: Words, name: str, key: str, element: Block, *, hint: str | bool = False, optional: bool = False
) -> Block:
    """A field: `name` is the block_id, at which errors are shown, and `key` its label's.

    `hint` is a text, or True for the one of the label.
    """
    said = words(f"{key}.hint") if hint is True else hint or ""
    return labelled(name, words(key), element, hint=said, optional=optional)


def labelled(name: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """The same with a label in words."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, _LABEL),
        "element": element | {"action_id": "value"},
        "optional": optional,
    }
    return block | {"hint": plain(hint, _LABEL)} if hint else block


def notice(words: Words, *texts: str, heading: str = "", clears: bool = False) -> View:
    """Something said; it can only be closed. With `clears`, closing it closes the forms below it too.

    `heading` is the key of what has happened, where something has.
    """
    view = modal(words, NOTICE, line_blocks(*texts))
    if heading:
        view["title"] = plain(words(heading), _FRAME)
    return view | {"clear_on_close": True} if clears else view


def done_notice(words: Words, text: str = "", *, clears: bool = False) -> View:
    """The receipt of something that is done; the text says it, or more."""
    return notice(words, text or words("modal.done"), heading="modal.done.title", clears=clears)


def team_field(words: Words, teams: list[Team]) -> list[Block]:
    """The choice of a team; no field where there is only one."""
    choices = [(t.id, t.name) for t in teams[:10]]
    of_team = field(words, "team", "field.team", inputs.radio(choices, choices[0][0]))
    return [of_team] if len(teams) > 1 else []


def choose_team(words: Words, teams: list[Team], purpose: str, mark: str = "") -> View:
    """For which team; `mark` travels with the choice."""
    choices = [(f"{t.id}|{mark}", t.name) for t in teams]
    of_team = field(words, "team", "field.team", inputs.radio(choices[:10], choices[0][0]))
    return modal(words, CHOOSE_TEAM, [of_team], purpose)
