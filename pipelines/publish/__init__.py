"""Publication: ``kho.duckdb`` and Parquet from what passed the gate, swapped in whole; and questions to it."""
