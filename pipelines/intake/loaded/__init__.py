"""Loaded: rows, quarantine, findings and ledger of a file, in one transaction."""
