"""Mail in the sandbox: servers that a real mail program can use, mailboxes, and calendars that answer."""

from sandbox.post.office import PostOffice

__all__ = ["PostOffice"]
