"""Types of command-line arguments."""

from argparse import ArgumentTypeError


def positive(text: str) -> int:
    """A whole number from 1 on, as argparse takes it."""
    if (number := int(text)) < 1:
        raise ArgumentTypeError(f"{text}: expected 1 or more")
    return number
