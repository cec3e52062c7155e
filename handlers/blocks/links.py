"""What a case is linked to, for a coordinator of both: codes, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.link import Linked, Relation
from bot.texts import Words
from handlers.blocks.scene import escape


def links_of(words: Words, linked: Sequence[Linked]) -> list[str]:
    """One line for each way in which the case belongs together with others."""
    by_relation = {
        relation: [f"*{escape(each.other.case.code)}*" for each in linked if each.relation is relation]
        for relation in Relation
    }
    return [
        words.count(f"link.{relation}", len(codes), cases=words.several(codes))
        for relation, codes in by_relation.items()
        if codes
    ]
