"""Read: bytes to raw sheets of text, by the reader of the format and in the right character set."""
