"""The app's end of Socket Mode: connections, and what is sent over them."""
