"""From a row of a published mart to what made it: records, files, sheets, rows."""
