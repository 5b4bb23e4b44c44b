"""FFmpeg's own WHIP muxer, out of the libraries that PyAV brings, with picture and sound, until
SIGINT: python -m tests.e2e.ffmpeg_muxer ADDRESS TOKEN CERTIFICATE KEY
"""

import signal
import sys
import time
from fractions import Fraction

import av
import numpy as np

RATE_HZ = 20
SOUND_HZ = 48_000
SAMPLES = SOUND_HZ // RATE_HZ
SIZE_PX = 320, 240


def picture(number: int) -> av.VideoFrame:
    """A bright square on grey that moves to the right."""
    width, height = SIZE_PX
    pixels = np.full((height, width, 3), 90, np.uint8)
    left = 8 * number % (width // 2)
    pixels[height // 4 : height // 2, left : left + width // 4] = 220
    frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
    frame.pts, frame.time_base = number, Fraction(1, RATE_HZ)
    return frame


def silence(number: int) -> av.AudioFrame:
    """As long as a picture."""
    samples = np.zeros((1, 2 * SAMPLES), np.int16)
    frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="stereo")
    frame.sample_rate, frame.pts = SOUND_HZ, number * SAMPLES
    frame.time_base = Fraction(1, SOUND_HZ)
    return frame


def main(address: str, token: str, certificate: str, key: str) -> None:
    stopped: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: stopped.append(number))
    options = {
        "strict": "experimental",
        "authorization": token,
        "cert_file": certificate,
        "key_file": key,
    }
    with av.open(address, "w", format="whip", options=options) as container:
        sound = container.add_stream("libopus", rate=SOUND_HZ, layout="stereo")
        encoding = {"preset": "ultrafast", "tune": "zerolatency", "bf": "0", "g": str(RATE_HZ)}
        video = container.add_stream("libx264", rate=RATE_HZ, options=encoding)
        video.width, video.height, video.pix_fmt = *SIZE_PX, "yuv420p"
        video.profile = "Main"
        start_s, number = time.monotonic(), 0
        while not stopped:
            container.mux(video.encode(picture(number)))
            container.mux(sound.encode(silence(number)))
            number += 1
            time.sleep(max(0.0, start_s + number / RATE_HZ - time.monotonic()))


if __name__ == "__main__":
    main(*sys.argv[1:])
