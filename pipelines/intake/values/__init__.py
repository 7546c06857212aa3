"""Cell text to typed values, column by column, by the kind that the contract gives each field."""
