"""The Python client of a liveground server.

async with Client.connect(url, configure=Configure(prompts=["waves", "jumps"])) as client:
    await client.send_pose(joints, time_s)
    label = client.latest()
"""

from clients.python.client import Client, Finished
from clients.python.errors import ConnectionLost
from clients.python.inbox import Event
from stream.messages import Configure

__all__ = ["Client", "Configure", "ConnectionLost", "Event", "Finished"]
