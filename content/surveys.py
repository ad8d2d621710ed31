"""Which scenarios may be sent to a group, and how long nobody is asked the same again."""

from datetime import timedelta

from content.articles import ContentError
from content.ids import FOLDER, read_yaml
from content.scenarios import Scenario

SURVEYS = FOLDER / "surveys.yml"


def load_surveys(scenarios: dict[str, Scenario]) -> dict[str, timedelta]:
    """Return the interval of each scenario that may be sent. Raises ContentError listing every fault."""
    raw = read_yaml(SURVEYS)["surveys"]
    faults = [f"surveys.yml: there is no scenario {one}" for one in raw if one not in scenarios]
    faults += [
        f"surveys.yml: {one}: ask_again_after_days must be a number of days above 0"
        for one, about in raw.items()
        if not isinstance(about.get("ask_again_after_days"), int)
        or about["ask_again_after_days"] < 1
    ]
    if faults:
        raise ContentError("\n".join(faults))
    return {one: timedelta(days=about["ask_again_after_days"]) for one, about in raw.items()}
