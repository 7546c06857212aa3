"""Laid out: a raw sheet cut into titles, header, records and footer, its columns named as the contract names them."""
