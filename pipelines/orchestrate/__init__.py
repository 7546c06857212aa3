"""Dagster at the edge: assets, checks and the nightly schedule over the steps of ``pipelines.nightly``.

Nothing else in the project imports Dagster, and nothing but the command line imports this package.
"""
