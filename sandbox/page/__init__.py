"""The workspace as a web page. It needs NiceGUI (the extra `demo`) and imports nothing of the bot."""
