"""When somebody is left alone, as the program joins it to what is sent to many."""

from checkins import standing
from feedback.pushing import Sparing

SPARING = Sparing(standing.why_chat_is_held, standing.allowed_at)
