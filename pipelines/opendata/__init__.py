"""Open data: aggregates of published marts with small cells hidden so that nobody can reckon them back."""
