"""The generated parts of the documents: `make docs` writes them, a test compares."""
