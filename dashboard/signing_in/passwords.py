"""What a password must be (safety.md SEC-03): long, not known to be stolen, not about us."""

import re

SHORTEST, LONGEST = 12, 128
#: Words whoever attacks this service tries first.
CONTEXT = (
    "kith",
    "careleaver",
    "leavingcare",
    "council",
    "cheshire",
    "cambridge",
    "adviser",
    "password",
    "telegram",
)
#: The commonest parts of stolen passwords. A full list of breaches cannot be asked from here: the
#: machine has no way out, so what is refused is what such lists are mostly made of.
STOLEN = (
    "123456",
    "qwerty",
    "letmein",
    "welcome",
    "iloveyou",
    "football",
    "liverpool",
    "arsenal",
    "monkey",
    "dragon",
    "sunshine",
    "princess",
    "abc123",
    "111111",
    "000000",
    "654321",
    "asdfgh",
    "zxcvbn",
    "admin",
    "login",
)


def fault(password: str, *, email: str, name: str) -> str:
    """Return the id of what is wrong with a password, or nothing."""
    if len(password) < SHORTEST:
        return "too_short"
    if len(password) > LONGEST:
        return "too_long"
    lower = password.casefold()
    plain = re.sub(r"[^a-z0-9]", "", lower) + " " + re.sub(r"[^a-z]", "", _unleet(lower))
    own = [word for word in re.split(r"[^a-z]+", f"{email} {name}".casefold()) if len(word) > 3]
    if any(word in plain for word in (*CONTEXT, *own)):
        return "about_us"
    letters = set(password)
    if any(word in plain for word in STOLEN) or len(letters) < 5:
        return "stolen"
    return ""


def _unleet(word: str) -> str:
    return word.translate(str.maketrans("01345$@", "oleassa"))
