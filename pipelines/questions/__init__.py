"""Questions officials ask, one SQL statement each on what is published (``docs/cau_hoi``), and their pages."""
