"""Files: a place to upload to, the bytes, then shared in channels."""

from __future__ import annotations

from sandbox.model import Change, Channel, File
from sandbox.workspace import Workspace


def start(ws: Workspace, name: str, length: int, user: str) -> File:
    """A file that waits for its bytes."""
    file = File(ws.new_id("F"), name, name, user, ws.seconds(), length)
    ws.files[file.id] = file
    return file


def receive(file: File, content: bytes) -> None:
    """The bytes arrive."""
    file.content = content
    file.uploaded = True


def share(ws: Workspace, file: File, channel: Channel) -> None:
    """Notes that the channel's members can see the file; the message that shows it is posted apart."""
    if channel.id not in file.channels:
        file.channels.append(channel.id)
    ws.announce(Change("file_shared", channel=channel.id, user=file.user, detail=file.id))


def unshare(ws: Workspace, file_id: str, channel: Channel) -> None:
    """The channel's members no longer see the file."""
    file = ws.files.get(file_id)
    if file is not None and channel.id in file.channels:
        file.channels.remove(channel.id)


def delete(ws: Workspace, file: File) -> None:
    """Removes the file and its bytes for good; the messages that showed it say that it was deleted."""
    file.deleted = True
    file.content = b""
    ws.announce(Change("file_deleted", user=file.user, detail=file.id))


class Shared:
    """Keeps every file as it was when it was shared, by name, also after it is deleted."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self.files: dict[str, bytes] = {}
        ws.on_change(self._changed)

    def _changed(self, change: Change) -> None:
        if change.kind == "file_shared":
            file = self._ws.files[change.detail]
            self.files[file.name] = file.content
