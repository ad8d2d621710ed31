"""Writes a message the way the training data writes: text-speak spelt out, slips repaired.

Pure and import-light: words in, words out. Only the encoder and the classifier read the
result. Screening has its own normaliser, which must not lose what this one may.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_LONGEST = 4096
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[£$%?]|[^\W\d_]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_PAIRS = {"\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'"}

#: Text-speak, the words young people use, and our own short names, spelt out.
SPELT_OUT: Mapping[str, str] = dict(
    line.split("=", 1)
    for line in """
u=you;ur=your;urs=yours;r=are;n=and;k=ok;2=to;4=for;b4=before;m8=mate
im=i'm;ive=i've;dont=don't;doesnt=doesn't;didnt=didn't;cant=can't;wont=won't
isnt=isn't;wasnt=wasn't;havent=haven't;hasnt=hasn't;couldnt=couldn't;wouldnt=wouldn't
shouldnt=shouldn't;arent=aren't;youre=you're;theyre=they're;hes=he's;shes=she's;whats=what's
wats=what's;wots=what's;thats=that's;theres=there's;wheres=where's;hows=how's;whos=who's
whens=when's;lets=let's;aint=isn't;wat=what;wot=what;wut=what;wen=when;wher=where;hw=how
wanna=want to;gonna=going to;gona=going to;gotta=have to;gota=have to;gimme=give me
lemme=let me;dunno=don't know;dno=don't know;idk=i don't know;idek=i don't know;tryna=trying to
innit=isn't it;shud=should;shld=should;cud=could;cld=could;wud=would;wld=would;hav=have;av=have
giv=give;pls=please;plz=please;plez=please;thx=thanks;ty=thanks;tnx=thanks;ta=thanks;cheers=thanks
cus=because;cuz=because;cos=because;coz=because;bc=because;bcoz=because;becos=because;tho=though
abt=about;bout=about;wiv=with;wid=with;wth=with;frm=from;sum1=someone;some1=someone
no1=no one;any1=anyone;every1=everyone;evry1=everyone;sumone=someone;sumthing=something;smth=something
sumfin=something;summat=something;nuffin=nothing;nothin=nothing;nowt=nothing;owt=anything;somat=something
ppl=people;ppls=people;msg=message;msgs=messages;txt=text;tel=tell;wk=week;wks=weeks;mth=month
mths=months;yr=year;yrs=years;hr=hour;hrs=hours;mins=minutes;tmrw=tomorrow;tmoz=tomorrow
tomoz=tomorrow;2moro=tomorrow;2morrow=tomorrow;tmw=tomorrow;2day=today;2nite=tonight;tonite=tonight
2night=tonight;rn=right now;atm=at the moment;asap=as soon as possible;nxt=next;lst=last;gd=good
gr8=great;l8=late;l8r=later;l8rs=later;soz=sorry;sry=sorry;srs=serious;srsly=seriously;rlly=really;rly=really
realy=really;prob=probably;probs=probably;obvs=obviously;defo=definitely
bruv=mate;bro=mate;bruh=mate;cba=can't be bothered;tbh=to be honest;ngl=honestly;imo=i think
hmu=message me;wbu=what about you;hbu=what about you;ofc=of course;nvm=never mind;omg=oh my god;smh=annoyed
af=very;ikr=i know;yh=yes;yeh=yes;yeah=yes;yea=yes;ye=yes;yep=yes;yup=yes;nah=no;nope=no;naw=no;aye=yes
gaff=flat;crib=flat;digs=flat;yard=home;gf=girlfriend;bf=boyfriend;mum's=mum's;mums=mum's;dads=dad's
skint=have no money;dosh=money;wonga=money;p's=money;quid=pounds;squid=pounds;dole=benefits
feds=police;boydem=police;popo=police;screws=prison officers
sw=social worker;yp=young person;pa=personal adviser;pas=personal advisers;advisor=adviser;advisors=advisers
uc=universal credit;univercal=universal;hb=housing benefit;dv=domestic abuse;esa=employment support allowance
ni=national insurance;nino=national insurance number;lha=local housing allowance;dwp=benefits office
uni=university;uniy=university;govt=government;gov=government;accom=accommodation;acom=accommodation
appt=appointment;appts=appointments;app't=appointment;info=information
bday=birthday;xmas=christmas;fone=phone;fon=phone;nums=numbers;addy=address
bros=brother's;sis=sister;lil=little;bby=baby;babys=baby;preg=pregnant;preggo=pregnant;preggers=pregnant
""".replace("\n", ";").split(";")
    if line
)


@dataclass(frozen=True)
class Vocabulary:
    """The words we know, and how often each is used. Built once, then only read."""

    counts: Mapping[str, int]
    known: frozenset[str] = frozenset()
    _short: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, counts: Mapping[str, int], known: Iterable[str] = ()) -> "Vocabulary":
        """Return a vocabulary: words worth mending towards, and words to leave alone."""
        short: dict[str, list[str]] = {}
        for word in sorted(counts):
            if len(word) >= _SHORTEST_MENDED:
                for form in _one_letter_less(word):
                    short.setdefault(form, []).append(word)
        return cls(counts, frozenset(known), {form: tuple(to) for form, to in short.items()})

    def mend(self, word: str) -> str:
        """Return the known word that this is one slip away from, or the word itself.

        A slip is a letter too many, too few, wrong, or two swapped. The first letter must
        match, because a wrong one is rare and would turn one real word into another.
        """
        if len(word) < _SHORTEST_MENDED or word in self.counts or word in self.known:
            return word
        near = {to for form in _one_letter_less(word) for to in self._short.get(form, ())}
        near = {to for to in near if to[0] == word[0] and one_slip_apart(word, to)}
        return min(near, key=lambda to: (-self.counts[to], to), default=word)


_SHORTEST_MENDED = 5


def _one_letter_less(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def one_slip_apart(one: str, other: str) -> bool:
    """Say whether one letter added, lost or changed, or two swapped, makes them the same."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, rest_other = one[start:], other[start:]
    swapped = rest[1::-1] + rest[2:] if len(rest) > 1 else rest
    return (
        rest[1:] == rest_other[1:]
        or rest == rest_other[1:]
        or rest[1:] == rest_other
        or swapped == rest_other
    )


def words(text: str) -> list[str]:
    """Return the message's words, plain and lower case, text-speak spelt out."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).lower()
    plain = "".join(_PAIRS.get(letter, letter) for letter in plain)
    spelt: list[str] = []
    for found in _WORD.findall(plain):
        word = _STRETCHED.sub(_squeeze, found)
        spelt += _spell_out(word, spelt).split()
    return spelt


def _squeeze(match: re.Match[str]) -> str:
    # "sooo" is so and "pleeease" please, but "helllp" must not become "hellp".
    return match[1] * 2 if match[1] in "eo" and match.end() < len(match.string) else match[1]


def _spell_out(word: str, before: list[str]) -> str:
    # A lone 2 or 4 is a word only after another word: "want 2 move", not "2 weeks" or "at 4".
    if word in ("2", "4") and (not before or before[-1] in _BEFORE_NUMBERS):
        return word
    return SPELT_OUT.get(word) or SPELT_OUT.get(word.replace("'", ""), word)


_BEFORE_NUMBERS = frozenset(
    [
        "in",
        "for",
        "at",
        "about",
        "got",
        "have",
        "only",
        "just",
        "the",
        "last",
        "next",
        "past",
        "every",
        "of",
        "by",
        "after",
        "before",
        "under",
        "over",
        "is",
        "are",
        "was",
        "and",
        "or",
        "like",
        "than",
        "£",
        "within",
        "year",
        "age",
        "aged",
        "i'm",
        "am",
    ]
)


def normalise(text: str, vocabulary: Vocabulary) -> str:
    """Return the message in plain words, with slips of the finger mended."""
    return " ".join(vocabulary.mend(word) for word in words(text))


def count(texts: Iterable[str], *, least: int = 2) -> dict[str, int]:
    """Return the words used at least so often. A word used once may itself be a slip."""
    used = Counter(word for text in texts for word in words(text))
    return {word: times for word, times in used.items() if times >= least and word.isalpha()}
