"""Looks at the page with open eyes: each place, form and message of the exercises, and all that opens there.

`python -m tests.page.look [--all] [--pictures FOLDER] [--exercise NAME …]`. Needs Chromium.
"""
