"""In which order examples are read."""

from models.train.order import by_length, shuffled


def test_batches_hold_every_example_once_and_change_with_the_seed():
    lengths = [n % 17 + 3 for n in range(100)]
    one, again, other = (shuffled(lengths, 8, seed, 40) for seed in (1, 1, 2))
    assert one == again != other
    assert sorted(index for chosen in one for index in chosen) == list(range(100))
    assert all(max(lengths[i] for i in c) - min(lengths[i] for i in c) <= 3 for c in one)


def test_measuring_takes_the_shortest_first():
    assert by_length([5, 3, 4, 1], 3) == [[3, 1, 2], [0]]
