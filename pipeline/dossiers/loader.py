"""Finding dossiers: the ones that ship, by name, and people's own, by path."""

from collections.abc import Sequence
from pathlib import Path

from connectors.config import ConfigError, load_yaml, problem
from pipeline.dossiers.dossier import Dossier

_SHIPPED = Path(__file__).parent


def built_in() -> tuple[str, ...]:
    """The names of the dossiers that ship with the distribution, sorted."""
    return tuple(sorted(file.stem for file in _SHIPPED.glob("*.yaml")))


def load_dossiers(names_or_paths: Sequence[str] | None = None) -> tuple[Dossier, ...]:
    """The dossiers asked for, in that order; all that ship where nothing is asked for.

    What ends in `.yaml` or `.yml` or has a slash is a path, anything else a name.

    Raises:
        ConfigError: an unknown name, the same dossier twice, or a file with errors; all the
            problems of all files, each naming file, key, line and reason.
    """
    wanted = built_in() if names_or_paths is None else tuple(names_or_paths)
    dossiers, problems = [], list[str]()
    for name in wanted:
        try:
            dossiers.append(load_yaml(_file(name), Dossier))
        except ConfigError as error:
            problems += error.problems
    problems += _twice(dossiers)
    if problems:
        raise ConfigError(problems)
    return tuple(dossiers)


def _file(name: str) -> Path:
    if "/" in name or name.endswith((".yaml", ".yml")):
        return Path(name)
    if name in built_in():
        return _SHIPPED / f"{name}.yaml"
    known = ", ".join(built_in())
    reason = f"no dossier has this name; there are {known}; one's own is given as a .yaml file"
    raise ConfigError([problem(f"dossier {name!r}", 0, "", reason)])


def _twice(dossiers: Sequence[Dossier]) -> list[str]:
    names = [dossier.name for dossier in dossiers]
    repeated = sorted({name for name in names if names.count(name) > 1})
    return [problem(f"dossier {name!r}", 0, "", "is asked for twice") for name in repeated]
