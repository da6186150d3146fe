"""What a sweep is told. Frozen and picklable: running things are made from it in `setup()`."""

import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from apache_beam.options.pipeline_options import PipelineOptions, _BeamArgumentParser

from connectors.feeds import FeedsConfig
from models.huggingface import Engine
from models.subject import Subject
from pipeline.dossiers import Dossier
from pipeline.resolve.recall import Policy

_YAML = (".yaml", ".yml")


class OptionsError(Exception):
    """The command line asks for something that does not exist."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the stages of one sweep need.

    `now` is the sweep's one point in time: what it sees for the first time was first seen then.
    `warm_from` says by dossier from when on developments are announced. `read_deadline` is how
    many seconds the polling of feeds may take. Without an `engine` the built-in models read.
    """

    archive_url: str
    feeds: FeedsConfig
    dossiers: tuple[Dossier, ...]
    sweep: str
    now: datetime
    warm_from: Mapping[str, datetime]
    read_deadline: float = 120.0
    policy: Policy = field(default_factory=Policy)
    engine: Engine | None = None

    @property
    def subjects(self) -> dict[str, Subject]:
        return {dossier.name: dossier.subject for dossier in self.dossiers}


def beam_options(arguments: Sequence[str]) -> PipelineOptions:
    """Beam's own options from what follows `--`.

    Beam swallows unknown options silently; here they are an error, and so are those that a sweep
    of this command would not follow, or not in one process.

    Raises:
        OptionsError: naming the options that Beam does not know or cannot read, or that cannot be
            chosen here.
    """
    parser = _BeamArgumentParser(allow_abbrev=False, add_help=False)
    for options in {str(cls): cls for cls in PipelineOptions.__subclasses__()}.values():
        options._add_argparse_args(parser)
    complaint = io.StringIO()
    try:
        with contextlib.redirect_stderr(complaint):
            known, unknown = parser.parse_known_args(list(arguments))
    except SystemExit as error:  # argparse's way of saying that a value does not fit
        raise OptionsError(f"Beam cannot read its options: {complaint.getvalue()}") from error
    if unknown:
        hint = "; a file of feeds is named with --feeds" if unknown[0].endswith(_YAML) else ""
        raise OptionsError(f"Beam has no option {' '.join(unknown)}{hint}")
    if known.runner is not None:
        raise OptionsError("--runner cannot be chosen: parley run sweeps in its own process")
    if known.streaming:
        raise OptionsError("--streaming cannot be chosen: a sweep is a batch that ends")
    if known.direct_running_mode not in (None, "in_memory"):
        raise OptionsError(
            "--direct_running_mode cannot be chosen: a sweep runs in its own process, which keeps "
            "the limits of hosts, counts what is done, and waits where the archive is away"
        )
    return PipelineOptions(list(arguments))
