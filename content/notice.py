"""Which words of the notice somebody was shown, so that what they agreed to is a known text."""

import hashlib

from content.library import Library


def notice_version(library: Library) -> str:
    """Return what stands for the notice's exact words."""
    return hashlib.sha256(library.replies["welcome.notice"].encode()).hexdigest()[:16]
