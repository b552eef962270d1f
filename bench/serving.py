"""Serve any WSGI app as `flask postern serve` serves Postern: `python -m bench.serving bench.bare:app`."""

import os
import sys

from app import home
from app.cli.hearing import hear_every_signal
from app.cli.serve import load_in_worker, web_server


def main(target: str) -> None:
    """Serve until SIGTERM, with the settings of the environment."""
    settings = home.load(os.environ)
    hear_every_signal()
    web_server(settings, target).serve(target_loader=load_in_worker)


if __name__ == "__main__":
    main(sys.argv[1])
