"""Files: uploaded in three steps, shared, read, deleted."""

from __future__ import annotations

from sandbox import Person, Sandbox
from tests.sandbox.slack import Api, refused


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
