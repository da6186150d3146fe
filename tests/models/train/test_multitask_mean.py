"""The mean of nets, from tensors that the test makes up."""

import pytest

pytest.importorskip("torch", reason="no torch here: nothing can be trained")

import torch

from models.train.multitask_mean import mean


def test_each_net_has_its_share_and_counts_stay_whole():
    one = {"weight": torch.tensor([1.0, 3.0]), "steps": torch.tensor(7)}
    other = {"weight": torch.tensor([2.0, 1.0]), "steps": torch.tensor(9)}
    found = mean([one, other], [3, 1])
    assert found["weight"].tolist() == [1.25, 2.5]
    assert found["steps"].item() == 7


@pytest.mark.parametrize("other", [{}, {"weight": [1.0]}, {"bias": [1.0, 2.0]}])
def test_nets_of_another_shape_have_no_mean(other: dict[str, list[float]]):
    with pytest.raises(ValueError, match="one shape"):
        mean(
            [{"weight": torch.ones(2)}, {name: torch.tensor(row) for name, row in other.items()}],
            [1, 1],
        )
