"""files.*"""

from __future__ import annotations

from sandbox import channels, scopes
from sandbox.api_errors import ApiError
from sandbox.model import File, Json
from sandbox.serializers import file_json
from sandbox.web_api.context import Args, Context, method


@method("files.getUploadURLExternal")
def get_upload_url(context: Context, args: Args) -> Json:
    scopes.need(context.ws, "files:write")
    name = args.required("filename")
    file = channels.start_upload(context.ws, name, args.number("length", 0), context.bot)
    return {"upload_url": context.url(f"/upload/v1/{file.id}"), "file_id": file.id}


@method("files.completeUploadExternal")
def complete_upload(context: Context, args: Args) -> Json:
    """Finish uploads, and share the files in the named channels, if any."""
    scopes.need(context.ws, "files:write")
    entries = args.nested("files")
    files = [_uploaded(context, str(entry.get("id"))) for entry in entries]
    targets = args.ids("channels") or args.ids("channel_id")
    rooms = [context.joined(context.channel(channel_id)) for channel_id in targets]
    for file, entry in zip(files, entries, strict=True):
        file.completed = True
        file.title = entry.get("title") or file.name
    for channel in rooms:
        for file in files:
            channels.share_file(context.ws, file, channel)
        channels.post_message(
            context.ws,
            channel,
            context.bot,
            args.text("initial_comment"),
            files=[file.id for file in files],
            by_bot=True,
        )
    return {"files": [file_json(context.ws, file) for file in files]}


@method("files.delete")
def delete(context: Context, args: Args) -> Json:
    """Delete a file of the bot's own."""
    scopes.need(context.ws, "files:write")
    file = context.ws.files.get(args.required("file"))
    if file is None:
        raise ApiError("file_not_found")
    if file.deleted:
        raise ApiError("file_deleted")
    if file.user != context.bot:
        raise ApiError("cant_delete_file")
    channels.delete_file(context.ws, file)
    return {}


def _uploaded(context: Context, file_id: str) -> File:
    file = context.ws.files.get(file_id)
    if file is None or file.user != context.bot or not file.uploaded:
        raise ApiError("file_not_found")
    return file
