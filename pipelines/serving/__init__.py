"""Serving copy of what is published in PostgreSQL, for BI tools; optional, off by default."""
