"""Beam's options: known ones are taken, everything else is an error."""

import pytest

from pipeline.options import OptionsError, beam_options


def test_known_options_are_taken() -> None:
    assert beam_options(["--direct_num_workers", "2"]).get_all_options()["direct_num_workers"] == 2


@pytest.mark.parametrize("arguments", [["--dosier=typo"], ["stray"], ["--once"]])
def test_unknown_options_are_an_error_that_names_them(arguments: list[str]) -> None:
    with pytest.raises(OptionsError, match=arguments[0]):
        beam_options(arguments)


def test_the_mode_that_a_sweep_has_anyway_is_taken() -> None:
    beam_options(["--direct_running_mode=in_memory"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--runner=FlinkRunner"],
        ["--streaming"],
        ["--direct_running_mode=multi_processing"],
        ["--direct_running_mode=multi_threading"],
    ],
)
def test_what_makes_a_sweep_no_batch_of_this_process_is_an_error(arguments: list[str]) -> None:
    with pytest.raises(OptionsError, match=f"{arguments[0].partition('=')[0]} cannot be chosen"):
        beam_options(arguments)


def test_a_file_of_feeds_without_its_option_gets_a_hint() -> None:
    with pytest.raises(OptionsError, match="named with --feeds"):
        beam_options(["deploy/feeds.yaml"])


def test_a_value_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(OptionsError, match="direct_num_workers"):
        beam_options(["--direct_num_workers", "many"])


def test_options_are_not_abbreviated() -> None:
    with pytest.raises(OptionsError, match="direct_num_work"):
        beam_options(["--direct_num_work", "2"])
