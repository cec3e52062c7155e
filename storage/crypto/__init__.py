"""The keys that keep fields of the database unreadable without them, and let a case be erased everywhere."""
