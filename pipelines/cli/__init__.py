"""The command line ``kho``: an edge over the same steps as the Dagster job. Exit codes: 0 done; 1 done, but a
gate holds something back or a refused file is unresolved; 2 wrong usage or configuration; 3 failed."""
