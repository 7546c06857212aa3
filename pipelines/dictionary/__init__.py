"""The dictionary of what is published: pages and a workbook, made from the manifest, contracts, rule book and data."""
