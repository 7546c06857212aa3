"""The number of a person who is to be removed: an identity number of 12 digits, the old 9, or a passport."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.intake.values.identity import keyed_hash, read_identity, read_passport
from pipelines.upkeep.person_files import in_groups


class NumberError(Exception):
    """The number is none of a person; Vietnamese sentence that does not repeat it."""


@dataclass(frozen=True)
class Person:
    """The number (a passport with capitals), its keyed hash, and the number as others may have written it."""

    number: str
    key: str

    @property
    def eaten(self) -> tuple[str, ...]:
        """What a spreadsheet that took the digits for a quantity makes of them; nothing where it may be another's."""
        bare = self.number.lstrip("0")
        if read_identity(bare)[0] != self.number:
            return ()
        fraction, exponent = bare[1:].rstrip("0") or "0", len(bare) - 1
        long = [f"{bare[0]}{mark}{fraction}{sign}{exponent}" for mark in ".," for sign in ("E", "E+", "e", "e+")]
        return (bare, f"{bare}.0", f"{bare},0", *long)

    @property
    def written(self) -> tuple[str, ...]:
        """The number with capitals, and with small letters where it has any."""
        return tuple(dict.fromkeys((self.number, self.number.lower())))

    @property
    def cells(self) -> tuple[str, ...]:
        """Whole cells that are this person's."""
        return (self.key, *self.written, *self.eaten)

    @property
    def digits(self) -> str:
        """The digits of the number that a text cannot lack, whatever stands between them."""
        return re.sub(r"[^0-9]", "", self.number).lstrip("0")

    @property
    def alone(self) -> str:
        """A pattern, for every engine, of the number as a number of its own within a text."""
        edge = "[^0-9]" if self.number.isdigit() else "[^0-9A-Za-z]"
        return f"(^|{edge}){in_groups(self.number)}({edge}|$)"


def read_number(text: str, secret: bytes) -> Person:
    """A number as printed; raises ``NumberError``."""
    number, fault = read_identity(text.strip())
    if number is None or fault is not None:
        number = read_passport(text.strip())
    if number is None:
        raise NumberError(
            "Số định danh phải có 12 chữ số (hoặc 9 chữ số của CMND cũ); số hộ chiếu phải là một hoặc hai chữ cái rồi "
            "7 hoặc 8 chữ số."
        )
    return Person(number, keyed_hash(secret, number))
