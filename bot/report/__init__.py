"""The reports as lines and as spreadsheets, without knowledge of Slack."""
