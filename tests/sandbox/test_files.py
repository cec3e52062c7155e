"""Files: uploaded in three steps, shared, read, deleted."""

from __future__ import annotations

import aiohttp

from sandbox import Person, Sandbox
from tests.sandbox.slack import Api, refused, room


async def test_an_upload_in_three_steps(sandbox: Sandbox, api: Api, rom: str, udi: Person) -> None:
    uploaded = await api.files_upload_v2(
        channel=rom,
        filename="mote.ics",
        content="BEGIN:VCALENDAR",
        initial_comment="Innkalling",
        title="Møte",
    )
    file_id = uploaded["file"]["id"]
    assert udi.reads("rom-k7f3")[-1] == "Innkalling\n📎 mote.ics"
    file = sandbox.workspace.files[file_id]
    assert (file.title, file.content, file.channels) == ("Møte", b"BEGIN:VCALENDAR", [rom])
    await api.files_delete(file=file_id)
    assert udi.reads("rom-k7f3")[-1] == "Innkalling\n📎 (slettet fil)"
    theirs = await udi.uploads("notat.txt", b"hei", "rom-k7f3")
    for gone, code in (
        (file_id, "file_deleted"),
        (theirs.id, "cant_delete_file"),
        ("F0NOWHERE", "file_not_found"),
    ):
        await refused(api.files_delete(file=gone), code)


async def test_what_cannot_be_completed(sandbox: Sandbox, api: Api, rom: str) -> None:
    await refused(api.files_getUploadURLExternal(filename="a", length=0), "invalid_arguments")
    start = await api.files_getUploadURLExternal(filename="a.txt", length=3)
    entry = {"id": start["file_id"], "title": "a"}
    await refused(api.files_completeUploadExternal(files=[entry]), "file_not_found")
    await refused(api.api_call("files.completeUploadExternal"), "invalid_arguments")
    async with aiohttp.ClientSession() as http:
        await http.post(start["upload_url"], data=b"abcd")
    await refused(api.files_completeUploadExternal(files=[entry]), "file_update_failed")
    await sandbox.person("udi").removes("tot-bot", "rom-k7f3")
    closed = await room(sandbox, api, name="rom-2")
    await api.conversations_archive(channel=closed)
    for channel, code in ((rom, "channel_not_found"), ("C0NO", "channel_not_found"), (closed, "is_archived")):
        await refused(api.files_upload_v2(channel=channel, filename="a", content="b"), code)
