"""`python -m tests.newsroom serve`: the newsroom to look at by hand."""

import argparse
import time as real_time
from datetime import datetime, timedelta
from pathlib import Path

from tests.newsroom.load import coverage
from tests.newsroom.server import Newsroom
from tests.newsroom.slots import END, START


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.newsroom")
    serve = parser.add_subparsers(required=True).add_parser("serve", help="serve on loopback")
    serve.add_argument("--port", type=int, default=0, help="default: any that is free")
    serve.add_argument("--at", type=datetime.fromisoformat, default=START, help="simulated time")
    serve.add_argument("--speed", type=float, default=0.0, help="simulated seconds a real second")
    serve.add_argument("--feeds", type=Path, help="write a feeds.yaml that follows the newsroom")
    _serve(parser.parse_args())


def _serve(options: argparse.Namespace) -> None:
    start: datetime = options.at if options.at.tzinfo else options.at.replace(tzinfo=START.tzinfo)
    with Newsroom(start, options.port) as newsroom:
        if options.feeds:
            newsroom.write_feeds(options.feeds)
        print(f"control: {newsroom.control_url}/time, /changes")
        for house in coverage().publishers.values():
            print(f"{house.name}: http://{house.host}:{newsroom.port}/")
        _run(newsroom, start, options.speed)


def _run(newsroom: Newsroom, start: datetime, speed: float) -> None:
    """Until interrupted. At speed 0 the time stands still unless the control path moves it."""
    began = real_time.monotonic()
    try:
        while True:
            real_time.sleep(0.2)
            if speed:
                passed = timedelta(seconds=(real_time.monotonic() - began) * speed)
                newsroom.at(min(start + passed, END))
    except KeyboardInterrupt:
        print("closed")


if __name__ == "__main__":
    main()
