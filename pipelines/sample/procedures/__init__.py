"""Dossiers and all that is exported around them: ``dvc/*`` and ``dvcqg/*``."""
