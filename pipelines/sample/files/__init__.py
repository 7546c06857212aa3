"""How files are written: formats, character sets, spellings, and ways to spoil a row."""
