"""Socket Mode: connections, and what is sent to the app over them."""
