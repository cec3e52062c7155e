"""On the card: whose each need is, and who does what. Folded: the rest is behind the buttons."""

from __future__ import annotations

from collections import Counter

from bot.domain.agreed import needs_in_order, open_actions, owner_of
from bot.domain.case_action import CaseAction, Outcome
from handlers.blocks import agreed
from handlers.blocks.elements import actions, button, context, lines, section, sections
from handlers.blocks.scene import Block, Scene
from handlers.ids import ActionId

#: The most that both take of the card's blocks.
MOST_BLOCKS = 13
#: Needs that nobody has taken, each with a button of its own; the others follow in one paragraph.
_MOST_BUTTONS = 5
#: Actions of one agency that are listed, the first due first.
_MOST_OF_AGENCY = 3
_MOST_SECTIONS = 3


def needs(scene: Scene) -> list[Block]:
    """Each need and whose it is; what nobody has taken comes first, in red, to be taken by a button."""
    words, file = scene.words, scene.file
    found = needs_in_order(file)
    if not found:
        return []
    nobodys = [n for n in found if owner_of(file, n) is None]
    take = words("press.take-need")
    buttons = [
        section(agreed.taken(words, file, n), accessory=button(take, ActionId.TAKE_NEED, n.id))
        for n in nobodys[:_MOST_BUTTONS]
    ]
    rest = [*nobodys[_MOST_BUTTONS:], *(n for n in found if n not in nobodys)]
    listed = [agreed.taken(words, file, n) for n in rest]
    title = words("card.needs")
    if not buttons:
        return [section(lines(title, *listed))]
    return [section(title), *buttons, *([section(lines(*listed))] if listed else [])]


def doing(scene: Scene) -> list[Block]:
    """The open actions by agency, how the others ended, and the buttons."""
    words, file = scene.words, scene.file
    found = open_actions(file)
    title = agreed.how_many(words, file, scene.now) or words("card.no-actions")
    groups = [_of_agency(scene, id, theirs) for id, theirs in agreed.by_owner(file, found).items()]
    text = "\n".join([words("card.actions", how_many=title), *groups])
    ended = _ended(scene)
    return [
        *sections(text)[:_MOST_SECTIONS],
        *([context(ended)] if ended else []),
        _buttons(scene, some=bool(found)),
    ]


def _of_agency(scene: Scene, involvement_id: str, theirs: list[CaseAction]) -> str:
    words, file = scene.words, scene.file
    shown = [f"• {agreed.line(words, file, a, scene.now)}" for a in theirs[:_MOST_OF_AGENCY]]
    left = len(theirs) - len(shown)
    more = words.count("said.more", left) if left else None
    return lines(agreed.owner(words, file, involvement_id), *shown, more)


def _ended(scene: Scene) -> str | None:
    """How many were done, not possible, not done: the last two are told apart."""
    counted = Counter(a.outcome for a in scene.file.actions if a.outcome is not None)
    if not counted:
        return None
    said = [scene.words(f"card.ended-{o}", n=counted[o]) for o in Outcome if counted[o]]
    return scene.words("card.ended-actions", how=" · ".join(said))


def _buttons(scene: Scene, *, some: bool) -> Block:
    words, case_id = scene.words, scene.file.case.id
    found = [button(words("press.agree-action"), ActionId.AGREE_ACTION, case_id)]
    if some:
        found.append(button(words("press.actions"), ActionId.ACTIONS, case_id))
    found.append(button(words("press.needs"), ActionId.NEEDS, case_id))
    return actions(*found)
