"""What a sweep is told. Frozen and picklable: running things are made from it in `setup()`."""

import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from apache_beam.options.pipeline_options import (
    DebugOptions,
    PipelineOptions,
    ProfilingOptions,
    TypeOptions,
    _BeamArgumentParser,
)

from connectors.feeds import FeedsConfig
from models.huggingface import Engine
from models.subject import Subject
from pipeline.dossiers import Dossier
from pipeline.resolve.recall import Policy

_YAML = (".yaml", ".yml")
_FOLLOWED = (DebugOptions, ProfilingOptions, TypeOptions)


class OptionsError(Exception):
    """The command line asks for something that does not exist."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the stages of one sweep need.

    `now` is the sweep's one point in time: what it sees for the first time was first seen then.
    `warm_from` says by dossier from when on developments are announced. `read_deadline` is how
    many seconds the polling of feeds may take, `page_deadline` how many the fetching of pages.
    Without an `engine` the built-in models read.
    """

    archive_url: str
    feeds: FeedsConfig
    dossiers: tuple[Dossier, ...]
    sweep: str
    now: datetime
    warm_from: Mapping[str, datetime]
    read_deadline: float = 120.0
    page_deadline: float = 300.0
    policy: Policy = field(default_factory=Policy)
    engine: Engine | None = None

    @property
    def subjects(self) -> dict[str, Subject]:
        return {dossier.name: dossier.subject for dossier in self.dossiers}


def beam_options(arguments: Sequence[str]) -> PipelineOptions:
    """Beam's own options from what follows `--`: those on profiles, types and experiments.

    Beam swallows unknown options silently; here they are an error, and so are those that a sweep
    would not follow, or that would make it another thing than a batch of this process, which keeps
    the limits of hosts, counts what is done once, and waits where the archive is away.

    Raises:
        OptionsError: naming the options that Beam does not know or cannot read, or that cannot be
            chosen here.
    """
    unknown = _not_of(_FOLLOWED, arguments)
    if unknown:
        every = {str(cls): cls for cls in PipelineOptions.__subclasses__()}.values()
        name = unknown[0].partition("=")[0]
        if name.startswith("-") and _not_of(tuple(every), unknown) != unknown:
            raise OptionsError(f"{name} cannot be chosen: a sweep is a batch in its own process")
        hint = "; a file of feeds is named with --feeds" if unknown[0].endswith(_YAML) else ""
        raise OptionsError(f"Beam has no option {' '.join(unknown)}{hint}")
    return PipelineOptions(list(arguments))


def _not_of(classes: Sequence[type[PipelineOptions]], arguments: Sequence[str]) -> list[str]:
    """Those arguments that belong to none of these options."""
    parser = _BeamArgumentParser(allow_abbrev=False, add_help=False)
    for options in classes:
        options._add_argparse_args(parser)
    complaint = io.StringIO()
    try:
        with contextlib.redirect_stderr(complaint):
            found: list[str] = parser.parse_known_args(list(arguments))[1]
            return found
    except SystemExit as error:  # argparse's way of saying that a value does not fit
        raise OptionsError(f"Beam cannot read its options: {complaint.getvalue()}") from error
