"""Warehouses that earlier releases wrote, kept as SQL: this release's night is run on each."""
