"""Feed contracts as data: what a feed's files hold, under which headers, how sensitive, keyed by what."""
