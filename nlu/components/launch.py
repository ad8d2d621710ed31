"""Starts Rasa's server with its token taken from the environment.

On the command line the token could be read by anybody who may list processes.
"""

import os
import sys

from rasa.__main__ import main

if __name__ == "__main__":
    sys.argv = [
        "rasa",
        *sys.argv[1:],
        "--auth-token",
        os.environ.pop("KITH_RASA_TOKEN"),
    ]
    main()
