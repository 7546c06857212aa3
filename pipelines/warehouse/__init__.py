"""The working warehouse: its file, its ledger tables, and dbt run inside this process."""
