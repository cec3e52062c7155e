"""Ledgers of what the bot has told and has yet to tell: one for each document, one for everything else."""
