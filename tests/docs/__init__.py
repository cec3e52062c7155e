"""What of the documents derives from the code: `make docs` writes it, and one test compares."""
