"""Made-up personal data of every kind, never twice the same, in words as people give it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from stdnum import luhn
from stdnum.gb import nhs, upn

_GIVEN = ("Jasper", "Kamila", "Ayesha", "Tobiasz", "Bryony", "Ifeoma", "Callum", "Niamh", "Yusuf", "Harriet")
_SURNAMES = ("Whitlockson", "Brannagale", "Okwuosah", "Zielinskow", "Tredwellyn", "Quarmbyson", "Adeyinkola")
_STREETS = ("Larkspurr", "Quillfeather", "Thistlewick", "Marrowbone", "Cinderford", "Hobnail")
_LEAST_BARE = 8  # letters and figures; shorter ones turn up in keys by chance
_YEARS = (2007, 2009, 2011, 2013, 2017, 2019)  # no year of an Act: answers name dates
_MONTHS = ("January", "March", "June", "September", "November")


@dataclass(frozen=True)
class Secret:
    """One piece of personal data.

    Attributes:
        kind: As the assistant calls it.
        value: The part that must be found nowhere.
        words: How it is said, with the value in it.
    """

    kind: str
    value: str
    words: str

    def traces(self) -> tuple[str, ...]:
        """Return the value as it might be kept: as typed, and bare of spaces and marks; in lower case."""
        bare = re.sub(r"[^a-z0-9]", "", self.value.lower())
        return (self.value.lower(), bare) if len(bare) >= _LEAST_BARE else (self.value.lower(),)

    def is_in(self, text: str) -> bool:
        """Tell whether a text, in lower case, holds the value."""
        return any(trace in text for trace in self.traces())


def secrets(seed: int) -> list[Secret]:
    """Return one secret of each kind; another seed gives other ones."""
    dice = random.Random(seed)
    makers = (_email, _phone, _address, _postcode, _birth, _nhs, _insurance, _pupil, _card, _name)
    return [make(dice) for make in makers]


def _digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choice("0123456789") for _ in range(count))


def _email(dice: random.Random) -> Secret:
    value = f"{dice.choice(_GIVEN)}.{_digits(dice, 6)}@posteo-{_digits(dice, 4)}.example.org".lower()
    return Secret("email", value, f"write to {value}")


def _phone(dice: random.Random) -> Secret:
    value = f"07{_digits(dice, 3)} {_digits(dice, 6)}"
    return Secret("phone", value, f"my number is {value}")


def _address(dice: random.Random) -> Secret:
    value = f"{dice.randint(11, 399)} {dice.choice(_STREETS)}{dice.choice('abdegk')} Road"
    return Secret("address", value, f"we live at {value}")


def _postcode(dice: random.Random) -> Secret:
    value = f"ME{dice.randint(1, 9)} {dice.randint(1, 9)}{dice.choice('ABDE')}{dice.choice('FGHJ')}"
    return Secret("postcode", value, f"our postcode is {value}")


def _birth(dice: random.Random) -> Secret:
    value = f"{dice.randint(10, 28)} {dice.choice(_MONTHS)} {dice.choice(_YEARS)}"
    return Secret("date of birth", value, f"he was born on {value}")


def _nhs(dice: random.Random) -> Secret:
    while True:
        first = "4" + _digits(dice, 8)
        value = next((first + check for check in "0123456789" if nhs.is_valid(first + check)), None)
        if value:
            return Secret("NHS number", value, f"his NHS number is {value}")


def _insurance(dice: random.Random) -> Secret:
    value = f"{dice.choice('ABCE')}{dice.choice('HJKL')}{_digits(dice, 6)}{dice.choice('ABCD')}"
    return Secret("National Insurance number", value, f"my national insurance number is {value}")


def _pupil(dice: random.Random) -> Secret:
    body = f"886{_digits(dice, 9)}"
    value = upn.calc_check_digit("A" + body) + body
    return Secret("UPN", value, f"her UPN is {value}")


def _card(dice: random.Random) -> Secret:
    body = f"4{_digits(dice, 14)}"
    value = body + luhn.calc_check_digit(body)
    return Secret("card number", value, f"my card is {value}")


def _name(dice: random.Random) -> Secret:
    surname = dice.choice(_SURNAMES)
    return Secret("name", surname, f"my son's name is {dice.choice(_GIVEN)} {surname}")
