"""The command `parley`. One file for each group of commands."""

from pipeline.cli.app import main

__all__ = ["main"]
