"""People, who see and do what people in Slack can see and do."""
