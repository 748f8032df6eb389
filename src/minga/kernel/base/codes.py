"""Codes that survive being read aloud: their letters, their check digit. Pure Python."""

import secrets

ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"  # 31, a prime: no 0 O, I L, U
DASHES = "-.\u2013\u2014"  # what people and telephones put between the groups
SPOKEN = (
    "Ana Burro Casa Dedo Elena Fuego Gato Hoja José Kilo Mano Nube Perro Queso Rosa Sol Tierra"
    " Vaca Wilson Xavier Yuca Zapato"
)


def drawn(length: int) -> str:
    """Letters that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def check_digit(body: str) -> str:
    """Any one wrong character, and any two neighbours swapped, give another digit."""
    total = sum(
        ALPHABET.index(letter) * weight
        for weight, letter in zip(range(len(body) + 1, 1, -1), body, strict=True)
    )
    return ALPHABET[-total % len(ALPHABET)]


def typed(text: str) -> str:
    """What somebody typed, as a code is written: capitals, without spaces and dashes."""
    letters = "".join(c for c in text.upper() if not c.isspace() and c not in DASHES)
    return letters.replace("I", "1").replace("L", "1")


def fits(letters: str) -> bool:
    """Whether the last of these letters is the check digit of the others."""
    return check_digit(letters[:-1]) == letters[-1]


def spoken(code: str) -> list[str]:
    """Each character of a code as it is said on the telephone."""
    words = {word[0]: word for word in SPOKEN.split()}
    return [f"{c} de {words[c]}" if c in words else c for c in code.replace("-", "")]
