"""Fixtures of the export's tests."""

import pytest


@pytest.fixture(autouse=True)
def shared_exports(exports: None) -> None:
    """Most of these tests are about what becomes of a graph, not about its making."""
