"""Probable duplicates of the civil registers (rule R10): Fellegi–Sunter by Splink, kinds told apart by facts.

Nothing here merges or deletes a record: the outcome is a ledger table of pairs with a probability.
"""
