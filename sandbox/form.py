"""The modal that a person has before them."""

from __future__ import annotations

from sandbox import render
from sandbox.model import Json, View
from sandbox.moments import names, render_view
from sandbox.workspace import Workspace


class Modal:
    """A modal as its person reads it; it stays a view of the live one."""

    def __init__(self, ws: Workspace, view: View) -> None:
        self._ws = ws
        self._names = names(ws)
        self.view = view

    def __repr__(self) -> str:
        return f"<Modal {self.text!r}>"

    @property
    def title(self) -> str:
        """The title."""
        return render.text_object(self.view.payload["title"], self._names)

    @property
    def text(self) -> str:
        """Everything in it, with what is filled in and what is wrong."""
        return render_view(self._ws, self.view)

    @property
    def callback_id(self) -> str:
        """The callback_id."""
        return str(self.view.payload["callback_id"])

    def labels(self) -> list[str]:
        """The labels of its fields, in order."""
        return [self._label(block) for block in self._inputs()]

    @property
    def errors(self) -> dict[str, str]:
        """Label → what is wrong with that field."""
        return {
            self._label(block): self.view.errors[block["block_id"]]
            for block in self._inputs()
            if block["block_id"] in self.view.errors
        }

    @property
    def values(self) -> dict[str, str]:
        """Label → what is filled in, as read; empty if nothing is."""
        return {self._label(block): self._value(block) for block in self._inputs()}

    def _inputs(self) -> list[Json]:
        return [block for block in self.view.blocks if block["type"] == "input"]

    def _label(self, block: Json) -> str:
        return render.text_object(block["label"], self._names)

    def _value(self, block: Json) -> str:
        state = self.view.values[block["block_id"]][block["element"]["action_id"]]
        return render.value_text(state, self._names)
