"""What keeps the fields of the database unreadable without its keys, and lets a case be erased everywhere."""
