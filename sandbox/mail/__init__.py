"""Mail servers that a real mail program can use, mailboxes, and calendars that answer."""
