"""The parts of a form."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec

from bot.domain.directory.entities import Team
from bot.texts.words import Words
from handlers.blocks import elements, inputs
from handlers.blocks.context import Block
from handlers.blocks.elements import ActionId, plain

P = ParamSpec("P")
View = dict[str, Any]
_FRAME = 24
_LABEL = 2000
#: Describes the private_metadata of every review.
REVIEWED = "draft, and a hash of the people and warnings shown"


class CallbackId(str):
    """callback_id of a modal, defined once, where it is drawn; as `form` it decorates what draws it.

    `metadata` says what its private_metadata is: internal ids only, which are checked again. The texts of its
    title and its button are `modal.<id>.title` and `.submit`, or those that `heading` and `submit` name. With
    None for `submit` it can only be closed.
    """

    metadata: str
    heading: str
    submit: str | None
    close: str

    def __new__(
        cls,
        id: str,
        metadata: str = "",
        *,
        heading: str = "",
        submit: str | None = "",
        close: str = "modal.cancel",
    ) -> CallbackId:
        self = super().__new__(cls, id)
        key = id.replace("_", "-")
        self.metadata, self.close = metadata, "modal.close" if submit is None else close
        self.heading = heading or f"modal.{key}.title"
        self.submit = f"modal.{key}.submit" if submit == "" else submit
        return self

    def __call__(self, draw: Callable[Concatenate[Words, P], View | Blocks]) -> Drawing[P]:
        return Drawing(self, draw)


form = CallbackId


def review_form(id: str, heading: str = "modal.review.title", *, submit: str = "modal.send") -> CallbackId:
    """Declare a form that shows what was filled in before it is sent."""
    return CallbackId(id, REVIEWED, heading=heading, submit=submit, close="modal.back")


#: A modal that says something and can only be closed.
NOTICE = CallbackId("notice", heading="modal.title", submit=None)

#: The blocks of a form, followed by its private_metadata; None: it can only be closed.
Blocks = Generator[Block, None, str | None]


class Drawing(Generic[P]):
    """A form: its id, and the function that draws it from the words and what is found.

    The function yields the blocks and returns the private_metadata, or returns another form's view.
    """

    def __init__(self, id: CallbackId, draw: Callable[Concatenate[Words, P], View | Blocks]) -> None:
        self.id, self._draw = id, draw
        update_wrapper(self, draw)

    def __call__(self, words: Words, *args: P.args, **kwargs: P.kwargs) -> View:
        drawn = self._draw(words, *args, **kwargs)
        if not isinstance(drawn, Generator):
            return drawn
        blocks: list[Block] = []
        while True:
            try:
                blocks.append(next(drawn))
            except StopIteration as end:
                return modal(words, self.id, blocks, end.value)


def modal(
    words: Words, id: CallbackId, blocks: list[Block], metadata: str | None = "", *, submit: str = ""
) -> View:
    """Return a modal as its id declares it; `submit` is another key for its button.

    Without metadata (None) it can only be closed.
    """
    sends = None if metadata is None or id.submit is None else submit or id.submit
    view: View = {
        "type": "modal",
        "callback_id": str(id),
        "private_metadata": metadata or "",
        "title": plain(words(id.heading), _FRAME),
        "close": plain(words("modal.close" if sends is None else id.close), _FRAME),
        "blocks": blocks,
    }
    if sends is not None:
        view["submit"] = plain(words(sends), _FRAME)
    return view


def line_blocks(*texts: str) -> list[Block]:
    """Return lines in as few paragraphs as they fit into; text from people or data is already escaped."""
    return elements.sections("\n".join(texts))


def field(
    words: Words, name: str, key: str, element: Block, *, hint: str | bool = False, optional: bool = False
) -> Block:
    """Return a field: `name` is the block_id, at which errors are shown, and `key` is the key of its label.

    `hint` is a text, or True for the text of the key `<key>.hint`.
    """
    said = words(f"{key}.hint") if hint is True else hint or ""
    return labelled(name, words(key), element, hint=said, optional=optional)


def labelled(name: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """As `field`, with the label as a text."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, _LABEL),
        "element": element | {"action_id": "value"},
        "optional": optional,
    }
    return block | {"hint": plain(hint, _LABEL)} if hint else block


def notice(words: Words, *texts: str, heading: str = "", clears: bool = False) -> View:
    """Return a modal that can only be closed. With `clears`, closing it closes the forms below it too.

    `heading` is the key of a title that says what has happened, if something has.
    """
    view = modal(words, NOTICE, line_blocks(*texts))
    if heading:
        view["title"] = plain(words(heading), _FRAME)
    return view | {"clear_on_close": True} if clears else view


def done_notice(words: Words, text: str = "", *, clears: bool = False) -> View:
    """Return the receipt for something that is done; `text` says so, or more."""
    return notice(words, text or words("modal.done"), heading="modal.done.title", clears=clears)


def team_field(words: Words, teams: list[Team]) -> list[Block]:
    """Return the choice of a team; no field if there is only one."""
    choices = [(t.id, t.name) for t in teams]
    of_team = field(words, "team", "field.team", inputs.radio(choices, choices[0][0]))
    return [of_team] if len(teams) > 1 else []


@form("choose_team", submit=None)
def choose_team(words: Words, teams: Sequence[Team], press: ActionId, typed: str = "") -> Blocks:
    """Choose a team, one tap each. `typed` is a time in full, which the team's form then begins with."""
    for team in teams:
        yield elements.actions(elements.button(team.name, press, f"{team.id}|{typed}"))
    return None
