"""What the founding report's preset holds beside dossiers: printed figures, and made-up rows that count up to them."""
