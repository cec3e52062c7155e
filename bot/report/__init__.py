"""The duty report as people get it: lines, a spreadsheet, a picture. Nothing here knows of Slack."""
