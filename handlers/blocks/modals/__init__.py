"""The forms, as pure functions of what was read: no Slack, no database, the same in gives the same out."""
