"""What a header is: the readers tell a character set by it, the layout finds its table by it."""
