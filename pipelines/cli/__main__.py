"""``python -m pipelines.cli``: the same as ``kho``."""

from pipelines.cli.main import main

main()
