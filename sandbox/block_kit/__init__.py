"""Block Kit: what is known of each element, Slack's checks, and blocks as people read them."""
