"""`python -m tests.newsroom demo`: the newsroom, monitored; `serve`: to look at it by hand;
`drive`: a monitor for a newsroom that another process serves."""

import argparse
import time as real_time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.follow import describe
from tests.newsroom.demo import demo
from tests.newsroom.drive import drive
from tests.newsroom.load import coverage
from tests.newsroom.server import Newsroom
from tests.newsroom.slots import END, START


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.newsroom")
    commands = parser.add_subparsers(required=True)
    _add_demo(commands)
    _add_drive(commands)
    serve = commands.add_parser("serve", help="serve on loopback")
    serve.set_defaults(command=_serve)
    serve.add_argument("--port", type=int, default=0, help="default: any that is free")
    serve.add_argument("--at", type=datetime.fromisoformat, default=START, help="simulated time")
    serve.add_argument("--speed", type=float, default=0.0, help="simulated seconds a real second")
    serve.add_argument("--feeds", type=Path, help="write a feeds.yaml that follows the newsroom")
    options = parser.parse_args()
    options.command(options)


def _add_demo(commands: Any) -> None:
    parser = commands.add_parser("demo", help="monitor ten days of coverage, then report")
    parser.add_argument("--archive", default="sqlite:///newsroom.db", help="where the result stays")
    parser.add_argument("--port", type=int, default=8920, help="the newsroom's port")
    parser.set_defaults(command=lambda options: demo(options.archive, options.port))


def _add_drive(commands: Any) -> None:
    parser = commands.add_parser("drive", help="monitor a newsroom that is served elsewhere")
    parser.add_argument("--archive", required=True)
    parser.add_argument("--feeds", type=Path, required=True)
    parser.add_argument("--control", required=True, help="the newsroom's control address")
    parser.add_argument("--until", type=datetime.fromisoformat, help="simulated time to stop at")
    parser.set_defaults(command=_drive)


def _drive(options: argparse.Namespace) -> None:
    for result in drive(options.archive, options.feeds, options.control, options.until):
        print(describe(result), flush=True)


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
