"""What cannot be used, a model or what one is to learn from, whoever made it."""


class ModelError(Exception):
    """A model cannot be used; the message says which one, and why."""


class DataError(Exception):
    """Data to train or measure with cannot be used; the message says what of it, and why."""
