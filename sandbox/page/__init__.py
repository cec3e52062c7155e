"""The workspace as a page. It needs NiceGUI (the extra `demo`) and imports nothing of the bot."""
