"""The parts of the documents that derive from the code: `make docs` writes them, one test compares."""
