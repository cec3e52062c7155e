"""Block Kit: properties of the elements, Slack's checks, and blocks as text."""
