"""The civil registers: ``ho_tich/*``."""
