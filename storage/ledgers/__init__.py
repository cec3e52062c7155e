"""Ledgers: what the bot has told and has yet to tell, one for each document and one for all else."""
