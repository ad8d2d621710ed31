"""Praise is told from what is not well: in doubt it is not praise, since praise reaches whom it is about."""

import pytest

from nlu.praise import only_praises


@pytest.mark.parametrize(
    "text",
    [
        "thank you to my PA, she has been amazing",
        "I want to say thank you to my adviser",
        "my pa is the best",
        "my adviser's brilliant, she helped me get my flat",
        "big shout out to Wren, honestly a legend",
        "hes been so supportive with college",
        "my PA went above and beyond for me",
        "i really appreciate my worker",
    ],
)
def test_praise_is_praise(text: str) -> None:
    assert only_praises(text)


@pytest.mark.parametrize(
    "text",
    [
        "my pa never rings me back",
        "she is great but she is always late",
        "my old adviser was brilliant, the new one is not",
        "thanks to my PA i lost my flat",
        "thanks to her i got kicked out",
        "thank you for nothing",
        "my pa is so helpful when she bothers to turn up, i wish she did",
        "he is really kind he touches my leg",
        "can i thank my adviser?",
        "i want to tell you about my adviser",
        "thanks",
        "",
    ],
)
def test_what_is_not_only_praise_stays_where_it_was(text: str) -> None:
    assert not only_praises(text)
