"""The error of an export that does not hold."""


class ParityError(Exception):
    """An exported graph does not do what its torch module does."""
