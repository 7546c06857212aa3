from datetime import date

AS_OF = date(2024, 6, 30)
PRESET = "bac-giang-2024-h1"


def write_preset(context, tell): ...
