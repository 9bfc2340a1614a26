"""Receipt codes: how an asker without an account comes back. Does not know what a code opens.

A code is 60 bits in Crockford's Base32 with his check symbol (modulo 37), so any mistyped letter and any swapped pair is noticed.
It is computed from the form's random key, the visitor and the server's secret, and only its hash is stored: a repeated submission
finds the same code again, and the database alone never yields one (docs/decisions).
"""

import hashlib
import hmac
from itertools import count

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
PREFIX = "HD"
DIGITS = 12
BITS = 5 * DIGITS
CHECK_MODULUS = 37


def code_for(secret: str, visitor: str, key: str) -> str:
    """The code of this visitor's form, such as HD-7K4M-9Q2T-X8VF-3."""
    for turn in count():
        mac = hmac.new(secret.encode(), f"receipt\0{visitor}\0{key}\0{turn}".encode(), hashlib.sha256).digest()
        number = int.from_bytes(mac[:8], "big") >> (64 - BITS)
        # Five of the check symbols are punctuation marks; such numbers are passed over.
        if number % CHECK_MODULUS < len(ALPHABET):
            return _written(number)
    raise AssertionError("unreachable")


def read(typed: str) -> str | None:
    """The code in its one spelling, however it was typed; None when it cannot be one."""
    letters = "".join(char for char in typed.upper() if char.isalnum()).translate(READ_AS)
    if len(letters) > DIGITS + 1:  # a code typed without its prefix may itself begin with these letters
        letters = letters.removeprefix(PREFIX)
    if len(letters) != DIGITS + 1 or any(char not in ALPHABET for char in letters):
        return None
    number = _number(letters[:DIGITS])
    if number % CHECK_MODULUS != ALPHABET.index(letters[DIGITS]):
        return None
    return _written(number)


def hashed(code: str) -> str:
    """What is stored. 60 random bits need no slow hash: guessing them is hopeless, and tries are limited."""
    return hashlib.sha256(f"receipt {code}".encode()).hexdigest()


def _written(number: int) -> str:
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5))
    return "-".join((PREFIX, letters[:4], letters[4:8], letters[8:], ALPHABET[number % CHECK_MODULUS]))


def _number(letters: str) -> int:
    number = 0
    for char in letters:
        number = number << 5 | ALPHABET.index(char)
    return number
