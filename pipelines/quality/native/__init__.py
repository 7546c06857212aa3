"""The rule book as native Great Expectations suites, one a table, beside the one-pass measure of the night."""
