"""Mail in the sandbox: servers that a real mail program can use, mailboxes, and calendars that answer."""

from sandbox.mail.servers import MailServers

__all__ = ["MailServers"]
