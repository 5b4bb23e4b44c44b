"""The Python client of a liveground server; `examples/python_client.py` shows its use."""

from clients.python.client import Client, Finished
from clients.python.errors import ConnectionLost
from clients.python.inbox import Event
from stream.messages import Configure, Enrolled

__all__ = ["Client", "Configure", "ConnectionLost", "Enrolled", "Event", "Finished"]
