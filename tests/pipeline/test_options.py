"""Beam's options: known ones are taken, everything else is an error."""

import pytest

from pipeline.options import OptionsError, beam_options


def test_known_options_are_taken() -> None:
    assert beam_options(["--profile_location", "x"]).get_all_options()["profile_location"] == "x"


@pytest.mark.parametrize("arguments", [["--dosier=typo"], ["stray"], ["--once"]])
def test_unknown_options_are_an_error_that_names_them(arguments: list[str]) -> None:
    with pytest.raises(OptionsError, match=arguments[0]):
        beam_options(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--runner=FlinkRunner"],
        ["--streaming"],
        ["--direct_running_mode=multi_processing"],
        ["--direct_running_mode=multi_threading"],
        ["--direct_num_workers", "2"],  # without effect
        ["--direct_runner_bundle_repeat=2"],  # everything would be counted thrice
        ["--environment_type=DOCKER"],
        ["--job_endpoint=localhost:8099"],
    ],
)
def test_what_makes_a_sweep_no_batch_of_this_process_is_an_error(arguments: list[str]) -> None:
    with pytest.raises(OptionsError, match=f"{arguments[0].partition('=')[0]} cannot be chosen"):
        beam_options(arguments)


def test_a_file_of_feeds_without_its_option_gets_a_hint() -> None:
    with pytest.raises(OptionsError, match="named with --feeds"):
        beam_options(["deploy/feeds.yaml"])


def test_a_value_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(OptionsError, match="profile_sample_rate"):
        beam_options(["--profile_sample_rate", "many"])


def test_options_are_not_abbreviated() -> None:
    with pytest.raises(OptionsError, match="no option --profile_loc"):
        beam_options(["--profile_loc", "x"])
