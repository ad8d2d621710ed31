"""Journey 10: Rasa away, slow, and back again."""

import socket
import time

from nlu import models, server
from tests.conftest import ROOT
from tests.journeys.conftest import AMARA, BEN, NLU_TOKEN, World


def test_without_rasa_danger_control_words_and_the_menu_go_on_and_it_comes_back_by_itself(
    world: World,
) -> None:
    with socket.socket() as deaf:
        # It takes connections and never says a word: the worst kind of slow.
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(64)
        port = deaf.getsockname()[1]
        world.start_bot(KITH_NLU_URL=f"http://127.0.0.1:{port}", KITH_NLU_TIMEOUT="0.8")
        world.telegram.say(AMARA, "can i stay at my foster mums after 18")
        began = time.monotonic()
        card = world.telegram.ask(BEN, "i want to kill myself tonight", seconds=5)

        assert "999" in card.text
        assert time.monotonic() - began < 2
        assert "trouble reading" in world.telegram.wait_for(AMARA)[0].text
        assert "Somewhere to live" in world.telegram.ask(AMARA, "/menu").labels
        topic = world.telegram.press(AMARA, "Somewhere to live")
        assert "Staying with my foster carer after 18" in topic.labels
        assert "I won't message you first" in world.telegram.ask(AMARA, "STOP").text
        world.telegram.ask(AMARA, "resume")
    model = models.current(ROOT / "var")
    with server.start(model, token=NLU_TOKEN, data_dir=ROOT / "var", port=port):
        deadline = time.monotonic() + 30
        while (
            "Staying Put"
            not in world.telegram.ask(AMARA, "can i stay at my foster mums after 18").text
        ):
            assert time.monotonic() < deadline
