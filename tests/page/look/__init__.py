"""Check the page as drawn: each place, form and message of the exercises, and everything that opens there.

`python -m tests.page.look [--all] [--pictures FOLDER] [--exercise NAME …]`. Needs Chromium.
"""
