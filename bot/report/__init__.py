"""The duty report as lines, a spreadsheet and a picture, without knowledge of Slack."""
