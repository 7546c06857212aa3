"""What a person sees and types: messages, tables, bars, options in Vietnamese, the session of ``kho sql``."""
