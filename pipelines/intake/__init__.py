"""Intake: every export under ``raw/`` read, typed by its contract, accounted for and loaded or quarantined."""
