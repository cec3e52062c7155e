"""The keys that seal the database's content, and that are destroyed to erase a case everywhere."""
