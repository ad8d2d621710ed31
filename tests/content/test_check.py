"""Content is checked whole before anybody reads it, and every fault is named."""

from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from content import check, language, pins
from content import library as libraries
from content.articles import Article, ContentError, read_article
from content.councils import NEEDED_TO_GO_LIVE
from content.ids import FOLDER, read_yaml
from content.library import LONGEST_REPLY, Library

TODAY = date(2026, 11, 25)
NAMES = {"Cheshire East": "cheshire_east", "Cambridgeshire": "cambridgeshire"}
WHOLE = """---
id: housing.staying_put
title: Staying put
applies: {ages: [16, 20], statuses: [eligible]}
councils: [cheshire_east]
sources:
  - {name: A law, url: "https://www.gov.uk/a", fact_on: 2026-11-22, certainty: V1}
certainty: V1
owner: leaving-care-team
reviewed_on: 2026-11-22
review_by: 2027-05-22
amounts: {grant: {value: 3000, unit: GBP a year, year: 2026/27}}
related: [housing.options_at_18]
link: https://www.gov.uk/a
---
You can stay. It is up to you both. You may get {{amount.grant}}.

## If you are 16 or 17
Talk about it early.

## In Cheshire East
Ask your adviser.

Ask them soon.

## More
You can ask
for help.

## Who can help
Ask your adviser.
"""


@pytest.fixture(scope="module")
def real() -> Library:
    """The words as they are for real, without made-up numbers."""
    return libraries.load()


@pytest.fixture
def article(tmp_path: Path) -> Article:
    """An article with nothing wrong."""
    return written(tmp_path, WHOLE)


def written(folder: Path, text: str) -> Article:
    """Write an article and read it back."""
    path = folder / "staying_put.md"
    path.write_text(text, "utf-8")
    return read_article(path, NAMES)


def faults(library: Library, article: Article) -> list[str]:
    """Return what the check says of an article."""
    return list(check.article_faults(library, article, TODAY))


def test_everything_we_say_is_as_it_should_be() -> None:
    assert check.everything(TODAY).faults == []


def test_a_whole_article_has_no_fault(real: Library, article: Article) -> None:
    assert faults(real, article) == []


def test_an_article_is_said_for_an_age_and_a_council(real: Library, article: Article) -> None:
    said = real.answer(article, age=17, council="cheshire_east")

    assert (
        said
        == "You can stay. It is up to you both. You may get £3,000 a year (2026/27).\n\nTalk about it early.\n\nAsk your adviser."
    )
    assert real.more(article, council="cheshire_east") == "Ask them soon.\n\nYou can ask for help."


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("title: Staying put\n", "", "title"),
        ("owner: leaving-care-team\n", "", "owner"),
        ("review_by: 2027-05-22\n", "", "review_by"),
        ("## More\n", "## Further\n", "Further"),
        ("## Who can help\n", "## In Cornwall\n", "Cornwall"),
        ("applies: {ages: [16, 20]", "applies: {ages: [16]", "unpack"),
        ("sources:\n", "sources: none\nnothing:\n", "staying_put.md"),
        ("---\nid:", "id:", "staying_put.md"),
        ("id: housing", "id: [housing", "staying_put.md"),
    ],
)
def test_an_article_that_cannot_be_read_is_named_with_what_is_wrong(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    with pytest.raises(ContentError, match=fault) as raised:
        written(tmp_path, WHOLE.replace(old, new))

    assert "staying_put.md" in str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("id: housing.staying_put", "id: housing.no_such", "not in taxonomy.yml"),
        ("title: Staying put", f"title: {'x' * 41}", "a button holds"),
        ("review_by: 2027-05-22", "review_by: 2026-11-22", "review dates"),
        ("reviewed_on: 2026-11-22", "reviewed_on: 2026-11-26", "review dates"),
        ("https://www.gov.uk/a\n---", "http://www.gov.uk/a\n---", "official link"),
        ('"https://www.gov.uk/a"', '"http://www.gov.uk/a"', "not https"),
        ("fact_on: 2026-11-22", "fact_on: 2027-11-22", "dated in the future"),
        ("housing.options_at_18", "housing.no_such", "related housing.no_such"),
        ("councils: [cheshire_east]", "councils: [cornwall]", "council cornwall"),
        ("You may get {{amount.grant}}.", "", "never said"),
        ("{{amount.grant}}", "{{amount.grant}} {{amount.other}}", "cannot be filled in"),
        ("{{amount.grant}}", "{{amount.grant}} {{helpline.no_such}}", "cannot be filled in"),
        (
            "You can stay.",
            "You can stay. " + "You can ask. " * 60,
            "the reply for cheshire_east has",
        ),
        ("You can stay.", "Ask the safeguarding team.", "safeguarding"),
        ("You can stay.", "You may be NEET.", "NEET"),
        ("title: Staying put", "title: Your placement", "its title says"),
        ("You can stay.", "Every care leaver can stay.", "the reply shows “care leaver”"),
        ("You can ask\nfor help.", "If you are in care, ask.", "'More' shows “in care”"),
        ("Ask your adviser.\n\nAsk", "Ask about your SGO.\n\nAsk", "the reply says “SGO”"),
        ("Ask your adviser.\n\nAsk", "Ask Siblings Forever.\n\nAsk", "only another council has"),
        ("Ask them soon.", "Ask for UC.", "'More' says “UC”"),
        (
            "help\nAsk your adviser.",
            "help\n{{call.duty}} {{call.housing}}",
            "two helpers in one line",
        ),
        ("help\nAsk your adviser.", "help\n{{call.duty}}, or a friend", "two helpers in one line"),
        (
            "You can stay.",
            "Notwithstanding statutory considerations, accommodation arrangements necessitate collaborative deliberation.",
            "needs a reader",
        ),
    ],
)
def test_a_fault_in_an_article_is_named(
    tmp_path: Path, real: Library, old: str, new: str, fault: str
) -> None:
    assert old in WHOLE

    found = faults(real, written(tmp_path, WHOLE.replace(old, new)))

    assert any(fault in one for one in found), found


def test_every_fault_of_an_article_is_named_at_once(tmp_path: Path, real: Library) -> None:
    broken = (
        WHOLE.replace("id: housing.staying_put", "id: x.y")
        .replace("title: Staying put", f"title: {'x' * 41}")
        .replace("[housing.options_at_18]", "[x.z]")
    )

    assert len(faults(real, written(tmp_path, broken))) >= 3


def test_every_sum_of_money_is_said_with_its_year(real: Library) -> None:
    for article in real.articles.values():
        for amount in article.amounts.values():
            assert f"({amount.year})" in amount.say()
            assert amount.year


def test_every_answer_fits_in_a_reply(real: Library) -> None:
    for article in real.articles.values():
        for age in (None, 16, 19, 23):
            for council in (None, *article.councils):
                assert len(real.answer(article, age=age, council=council)) <= LONGEST_REPLY, (
                    article.id
                )


def test_words_around_danger_cannot_change_unseen(real: Library) -> None:
    signed_off = set(pins.faults(real))
    name = next(iter(real.safety))
    changed = replace(
        real,
        safety={
            **real.safety,
            name: replace(real.safety[name], text=real.safety[name].text + " Really."),
        },
        replies={**real.replies, "static.help_now": "Good luck."},
    )

    found = set(pins.faults(changed)) - signed_off

    assert found == {
        f"{one}: its words are not signed off; see `kith content pin`"
        for one in (name, "static.help_now")
    }


def test_words_around_danger_cannot_vanish_unseen(real: Library) -> None:
    name = next(iter(real.safety))
    changed = replace(
        real,
        safety={key: value for key, value in real.safety.items() if key != name},
        replies={key: value for key, value in real.replies.items() if key != name},
    )

    assert f"{name}: pinned, but gone" in set(pins.faults(changed))


def replied(library: Library, name: str, text: str) -> list[str]:
    """Return what the check says of a reply when its words are these."""
    needed = {one: library.replies[one] for one in ("seen.team", "welcome.notice")}
    changed = replace(library, replies={**needed, name: text})
    return [one for one in check.reply_faults(changed) if one.startswith(f"{name}: ")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Hi. You are a care leaver.", "care leaver"),
        ("Hi. You can have more contact with your mum.", "contact with your mum"),
        ("Hi. You may get PIP.", "PIP"),
        ("About {{title}}.", "care leaver"),
        ("About {{topic}}.", "care leaver"),
        ("This is what I found. {{found}}", "care leaver"),
    ],
)
def test_a_reply_that_shows_or_says_what_it_must_not_is_a_fault(
    real: Library, text: str, fault: str
) -> None:
    assert any(fault in one for one in replied(real, "talk.greet", text))


def test_whoever_gets_a_message_shows_on_a_lock_screen_too(real: Library) -> None:
    team = replace(real, replies={**real.replies, "seen.team": "the leaving care team"})

    assert any(
        one.startswith("people.talk_to_a_person: shows “leaving care”")
        for one in check.reply_faults(team)
    )


def test_what_arrives_unasked_never_says_who_somebody_is(real: Library) -> None:
    text = "{{name}} says: {{words}} " + "Ask me anything you like, at any time. " * 5

    assert replied(real, "people.reply", text) == []
    assert any(
        "arrives unasked" in one for one in replied(real, "people.reply", text + "A care leaver.")
    )
    assert replied(real, "talk.greet", text + "A care leaver.") == []


def test_a_danger_card_shows_nothing_on_a_lock_screen(real: Library) -> None:
    name = "safety.suicide.immediate.self.any"
    text = "You are a care leaver. Call 999. {{seen}}"
    changed = replace(real, safety={**real.safety, name: replace(real.safety[name], text=text)})

    assert f"{name}: shows “care leaver” on a lock screen" in set(check.safety_faults(changed))


def test_nothing_more_shows_once_a_council_has_filled_in_its_numbers(real: Library) -> None:
    lines = {line: {"name": "Duty", "phone": "01632 960 101"} for line in real.lines}
    councils = {one.id: replace(one, lines=lines) for one in real.councils.values()}
    filled = replace(real, councils=councils)

    found = [*check.safety_faults(filled), *check.reply_faults(filled)]
    for article, council in product(filled.articles.values(), councils):
        if filled.shown_in(article, council):
            who = filled.who(article, council=council)
            found += language.faults(filled.say("answer.who", council, who=who), council)

    assert found == []


def test_a_button_never_says_a_refused_word(real: Library) -> None:
    changed = replace(real, labels={**real.labels, "menu": "My placement"})

    assert any(
        one.startswith("label menu: says “placement”") for one in check.reply_faults(changed)
    )


def test_who_can_help_has_one_helper_a_line(tmp_path: Path) -> None:
    who = "## Who can help\nYour midwife.\n- Your nurse.\n{{call.duty}}\nA friend.\n"
    read = written(tmp_path, WHOLE.replace("## Who can help\nAsk your adviser.\n", who))

    assert read.who == "Your midwife.\nYour nurse.\n{{call.duty}}\nA friend."


def test_a_word_that_no_article_explains_is_a_fault(real: Library) -> None:
    mute = replace(real.articles["rights.advocacy"], first="They help you to be heard.")
    changed = replace(real, articles={**real.articles, "rights.advocacy": mute})

    assert list(check.answered_faults(changed)) == [
        "glossary: rights.advocacy does not say what “advocate” means"
    ]


def test_a_missing_danger_reply_is_a_fault(real: Library) -> None:
    name = "safety.suicide.immediate.self.any"
    changed = replace(
        real, safety={key: value for key, value in real.safety.items() if key != name}
    )

    assert "safety: nothing to say for suicide at immediate" in set(check.safety_faults(changed))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Call 999.", "does not say who will read it"),
        ("Ring 0800 1111. {{seen}}", "a phone number is written out"),
        ("We care! {{seen}}", "an exclamation mark"),
        ("Ring {{helpline.no_such}}. {{seen}}", "cannot be filled in"),
        ("x" * 760 + " {{seen}}", "characters"),
    ],
)
def test_a_danger_reply_that_breaks_the_rules_is_a_fault(
    real: Library, text: str, fault: str
) -> None:
    name = "safety.suicide.immediate.self.any"
    changed = replace(real, safety={**real.safety, name: replace(real.safety[name], text=text)})

    assert any(one.startswith(name) and fault in one for one in check.safety_faults(changed))


def test_an_intent_without_a_reply_is_a_fault(real: Library) -> None:
    changed = replace(
        real, replies={key: value for key, value in real.replies.items() if key != "talk.greet"}
    )

    assert list(check.intent_faults(changed)) == ["intent greet: no reply talk.greet"]


def test_an_article_past_its_review_date_is_listed_for_an_editor(real: Library) -> None:
    found = check.everything(
        max(one.review_by for one in real.articles.values()).replace(year=2030)
    )

    assert len([one for one in found.overdue if one.split(" ")[0] in real.articles]) == len(
        real.articles
    )


def test_made_up_numbers_are_never_in_a_real_load(real: Library) -> None:
    demo = read_yaml(FOLDER / "councils" / "demo.yml")["lines"]
    numbers = {line["phone"] for line in demo.values()}
    known = {
        line.get("phone") for council in real.councils.values() for line in council.lines.values()
    }

    assert not numbers & known
    for council in real.councils:
        said = [
            *(real.call(line, council) for line in real.lines),
            *(real.who(one, council=council) for one in real.articles.values()),
        ]
        assert not [one for one in said if "01632" in one or "made up" in one]


def test_made_up_numbers_are_from_the_range_kept_for_drama(library: Library) -> None:
    demo = read_yaml(FOLDER / "councils" / "demo.yml")["lines"]

    assert all(line["phone"].startswith("01632 960 ") for line in demo.values())
    assert [council.missing() for council in library.councils.values()] == [(), ()]


def test_a_known_number_is_never_replaced_by_a_made_up_one(real: Library, library: Library) -> None:
    for council in real.councils.values():
        for name, line in council.lines.items():
            assert library.councils[council.id].lines[name] == line


def test_a_council_without_its_numbers_says_which_are_missing(real: Library) -> None:
    bare = replace(real.councils["cheshire_east"], lines={})

    assert bare.missing() == NEEDED_TO_GO_LIVE


def test_a_line_kept_as_a_draft_is_never_shown(real: Library) -> None:
    for council in real.councils.values():
        raw = read_yaml(FOLDER / "councils" / f"{council.id}.yml")
        drafts = {name for name, about in (raw.get("lines") or {}).items() if about.get("draft")}
        assert not drafts & set(council.lines)


def test_a_helpline_that_may_not_be_published_gives_its_website(real: Library) -> None:
    for name, line in real.helplines.items():
        expected = line["say"] if line["publish"] else line["say_website"]
        assert real.helpline(name) == expected


def test_what_cannot_be_filled_in_is_an_error_and_never_a_blank(real: Library) -> None:
    with pytest.raises(KeyError):
        real.fill("Ring {{nobody}}.")
    with pytest.raises(KeyError):
        real.say("no.such_reply")
