"""Stream a recording to a server at its own speed, as a rig would, and print what the person does.

liveground serve
python examples/python_client.py ws://127.0.0.1:8765/v1/stream dance.bvh "walks" "turns" "waves"
"""

import asyncio
import sys

from clients import recording
from clients.python import Client, Configure
from stream.messages import Label


async def show(client: Client) -> None:
    told = None
    async for event in client:
        if isinstance(event, Label) and event.label != told:
            told = event.label
            print(f"{event.time_s:7.2f} s  now: {told}  (told {event.age_ms:.0f} ms later)")


async def main(url: str, path: str, *prompts: str) -> None:
    take = recording.load(path)
    async with Client.connect(url, configure=Configure(prompts=list(prompts))) as client:
        showing = asyncio.create_task(show(client))
        start_s = asyncio.get_running_loop().time() - take.time_s[0]
        for joints, time_s in zip(take.joints, take.time_s, strict=True):
            await asyncio.sleep(start_s + time_s - asyncio.get_running_loop().time())
            await client.send_pose(joints, float(time_s))
        finished = await client.finish()
        await showing
    for segment in finished.segments:
        print(f"{segment.start_s:7.2f} - {segment.end_s:.2f} s  {segment.label}")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    asyncio.run(main(*sys.argv[1:]))
