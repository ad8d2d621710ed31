"""How old a reader has to be, measured; what to leave out before measuring."""

import re

import textstat

#: Flesch-Kincaid gives a US school grade; a child is about five years older than their grade.
YEARS_BEFORE_SCHOOL = 5
#: Names and numbers are read as a whole, not sounded out.
NOT_WORDS = re.compile(r"https?://\S+|[\w.]+@[\w.]+|£?\d[\d,. ]*|\{\{[^}]*\}\}")


def reading_age(text: str) -> float:
    """Return the age in years at which most people read this text with ease."""
    words = NOT_WORDS.sub(" ", text)
    words = re.sub(r"(?m)^- (.+?)[.]?$", r"\1.", words)
    words = re.sub(r"\n+", " ", words).strip()
    return textstat.flesch_kincaid_grade(words) + YEARS_BEFORE_SCHOOL if words else 0.0
