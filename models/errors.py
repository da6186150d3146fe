"""What every model that cannot be used has in common, whoever made it."""


class ModelError(Exception):
    """A model cannot be used; the message says which one, and why."""
