"""Scores, boards and printed reports: ``bo_chi_so_766/*`` and ``bao_cao/*``."""
