"""Finding the button, option or field that a person means by its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox import render
from sandbox.elements import ELEMENTS, all_options, of_block
from sandbox.model import Json
from sandbox.seeing import CouldNot, Surface


@dataclass(frozen=True)
class Target:
    """An element that can be used, where it stands, and the overflow option if it is one."""

    surface: Surface
    block: Json
    element: Json
    words: str
    option: Json | None = None


Candidates = Callable[[Surface, render.Names], list[Target]]


def buttons(surface: Surface, names: render.Names) -> list[Target]:
    """Every button and overflow option."""
    found: list[Target] = []
    for block in surface.blocks:
        for element in of_block(block):
            if element["type"] == "button":
                words = render.text_object(element["text"], names)
                found.append(Target(surface, block, element, words))
            elif element["type"] == "overflow":
                for option in element["options"]:
                    words = render.text_object(option["text"], names)
                    found.append(Target(surface, block, element, words, option))
    return found


def fields(surface: Surface, names: render.Names) -> list[Target]:
    """Every select, picker, radio group, checkbox group and input, by its label, text or placeholder."""
    found: list[Target] = []
    for block in surface.blocks:
        for element in of_block(block):
            if not ELEMENTS[element["type"]].state:
                continue
            words = [
                render.text_object(block.get("label") or block.get("text"), names),
                render.text_object(element.get("placeholder"), names),
            ]
            found += [Target(surface, block, element, word) for word in words if word]
    return found


def find(
    words: str, candidates: Candidates, surfaces: list[Surface], names: render.Names, near: str | None = None
) -> Target:
    """The one meant by these words on the first surface that has it: so named, else containing them."""
    offered = [candidates(surface, names) for surface in surfaces if near is None or _has(surface.text, near)]
    for matches in (_equal, _has):
        for targets in offered:
            hits = [target for target in targets if matches(target.words, words)]
            if hits:
                return _the_one(words, hits, names, near)
    seen = ", ".join(dict.fromkeys(f"«{target.words}»" for targets in offered for target in targets))
    where = f" near «{near}»" if near else ""
    raise CouldNot(f"there is no «{words}»{where}; there is {seen or 'nothing of the kind'}")


def at(surface: Surface, block_id: str, action_id: str, option: str | None = None) -> Target:
    """The element that stands exactly there, and its option of this value; CouldNot if it does no more."""
    for block in surface.blocks:
        for element in of_block(block):
            if (block["block_id"], element.get("action_id")) == (block_id, action_id):
                chosen = next((o for o in all_options(element) if o["value"] == option), None)
                words = _plain(element.get("text") or block.get("label") or block.get("text"))
                if option is not None:
                    words = _plain(chosen["text"]) if chosen else ""
                return Target(surface, block, element, words, chosen)
    raise CouldNot(f"that is not in {surface.name} any more")


def _plain(text: Json | None) -> str:
    return str(text["text"]) if text else ""


def _the_one(words: str, hits: list[Target], names: render.Names, near: str | None) -> Target:
    unique = [hit for n, hit in enumerate(hits) if all(not _same(hit, other) for other in hits[:n])]
    if len(unique) == 1:
        return unique[0]
    if near is not None:
        distances = [_distance(hit, names, near) for hit in unique]
        closest = [hit for hit, d in zip(unique, distances, strict=True) if d == min(distances)]
        if len(closest) == 1:
            return closest[0]
    where = unique[0].surface.name
    raise CouldNot(f"«{words}» is ambiguous in {where}: {len(unique)} of them; say which with near=…")


def _same(one: Target, other: Target) -> bool:
    return one.element is other.element and one.option is other.option


def _distance(hit: Target, names: render.Names, near: str) -> int:
    """How far above the element the words stand; words below count only if there are none above."""
    blocks = hit.surface.blocks
    at = next(n for n, block in enumerate(blocks) if block is hit.block)
    places = [n for n, block in enumerate(blocks) if _has(render.block(block, names, {}), near)]
    above = [at - n for n in places if n <= at]
    below = [len(blocks) + n - at for n in places if n > at]
    return min(above or below or [2 * len(blocks)])


def _equal(one: str, other: str) -> bool:
    return one.casefold().strip() == other.casefold().strip()


def _has(text: str, part: str) -> bool:
    return part.casefold() in text.casefold()


def action_of(target: Target, state: Json | None = None) -> Json:
    """The entry in `actions` that using this element sends."""
    element = target.element
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": target.block["block_id"],
    }
    for key in ("text", "value", "style", "url", "placeholder", "confirm"):
        if key in element and not (key == "confirm" and element["type"] == "button"):
            action[key] = element[key]
    if target.option is not None:
        action["selected_option"] = target.option
    return action | (state or {})
