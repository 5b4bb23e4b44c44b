"""Publishers that this project did not write: how each is started, and why one cannot run here."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from aiortc.rtcdtlstransport import generate_certificate
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.e2e import ffmpeg_muxer

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NODE = ROOT / ".venv/publishers/node_modules"
"""Where `.ci/publishers` puts packages of npm."""
BALL = (
    "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=20/1 "
    "! videoconvert ! queue !"
)
SOUND = (
    "audiotestsrc is-live=true wave=red-noise ! audioconvert ! audioresample ! queue ! opusenc "
    "! rtpopuspay pt=100 ssrc=1 ! queue "
    "! application/x-rtp,media=audio,encoding-name=OPUS,payload=100"
)
CODECS = {
    "VP8": "vp8enc deadline=1 ! rtpvp8pay",
    "H264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=30 "
    "! video/x-h264,profile=constrained-baseline ! rtph264pay config-interval=-1",
}
WEBRTC = "webrtcbin", "nicesrc", "opusenc"
NO_STUN = "stun-server=stun://127.0.0.1:9"
"""GStreamer's own is on the internet; without a name server it is waited for."""
NO_UPNP = """
unsigned long gupnp_simple_igd_get_type(void) { return 0; }
void *gupnp_simple_igd_thread_new(void) { return 0; }
void gupnp_simple_igd_add_port(void) {}
void gupnp_simple_igd_remove_port_local(void) {}
"""
Command = Callable[[str, str, Path], list[str]]
"""Of an address, a token and a folder for files: the program and its arguments."""


@dataclass(frozen=True)
class Publisher:
    """`needs`: GStreamer's elements; `missing`: why else it cannot run, or nothing."""

    name: str
    command: Command
    needs: Sequence[str] = ()
    missing: Callable[[], str] = str
    code: int = 0
    """With which it ends after SIGINT."""

    def reason(self) -> str:
        """Why it cannot run here; empty if it can."""
        for element in self.needs:
            if shutil.which("gst-inspect-1.0") is None or not _runs("gst-inspect-1.0", element):
                return f"GStreamer has no {element} here"
        return self.missing()


def _runs(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


# ---------------------------------------------------------------------- simple-whip-client


def _whip_client(codec: str, *options: str) -> Command:
    video = (
        f"{BALL} {CODECS[codec]} pt=96 ssrc=2 ! queue "
        f"! application/x-rtp,media=video,encoding-name={codec},payload=96"
    )

    def command(address: str, token: str, _: Path) -> list[str]:
        return ["whip-client", "-u", address, "-t", token, "-V", video, "-A", SOUND, "-o", *options]

    return command


def _no_whip_client() -> str:
    found = shutil.which("whip-client")
    return "" if found else "not installed: apt-get install simple-whip-client"


def without_upnp(folder: Path) -> dict[str, str]:
    """Environment in which Debian 12's whip-client runs, which aborts by itself: it is linked to
    libsoup 2, and libnice to libsoup 3, for UPnP. An empty UPnP library keeps the second one out.
    """
    compiler = shutil.which("cc")
    if compiler is None:
        return {}
    (folder / "upnp.c").write_text(NO_UPNP)
    library = folder / "libgupnp-igd-1.0.so.4"
    names = ["-Wl,-soname," + library.name, "-o", library, folder / "upnp.c"]
    subprocess.run([compiler, "-shared", "-fPIC", *names], check=True)
    return {"LD_LIBRARY_PATH": str(folder)}


# ---------------------------------------------------------------------- GStreamer


def _whipsink(address: str, token: str, _: Path) -> list[str]:
    sink = ["whipsink", f"whip-endpoint={address}", f"auth-token={token}", NO_STUN]
    return ["gst-launch-1.0", *f"{BALL} {CODECS['VP8']} !".split(), *sink]


def _whipclientsink(address: str, token: str, _: Path) -> list[str]:
    signaller = [f"signaller::whip-endpoint={address}", f"signaller::auth-token={token}"]
    return ["gst-launch-1.0", *BALL.split(), "whipclientsink", *signaller, NO_STUN]


# ---------------------------------------------------------------------- FFmpeg


def _muxer(address: str, token: str, folder: Path) -> list[str]:
    """Its GnuTLS makes a certificate on P-224, which OpenSSL 4 refuses: it is given another one."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(generate_certificate(key).public_bytes(pem))
    files[1].write_bytes(key.private_bytes(pem, *plain))
    return [sys.executable, "-m", ffmpeg_muxer.__name__, address, token, *map(str, files)]


def _no_muxer() -> str:
    return "" if "whip" in av.formats_available else "PyAV's FFmpeg has no whip muxer"


def _ffmpeg(address: str, token: str, _: Path) -> list[str]:
    source = ["-re", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=20"]
    encoder = "-pix_fmt yuv420p -c:v libx264 -preset veryfast -tune zerolatency -bf 0 -g 20"
    target = ["-strict", "experimental", "-f", "whip", "-authorization", token, address]
    return ["ffmpeg", "-nostdin", *source, *encoder.split(), *target]


def _no_ffmpeg() -> str:
    if shutil.which("ffmpeg") is None:
        return "no program ffmpeg here"
    muxers = subprocess.run(["ffmpeg", "-muxers"], capture_output=True, check=True, text=True)
    return "" if " whip " in muxers.stdout else "this ffmpeg has no whip muxer: older than 8"


# ---------------------------------------------------------------------- OBS's library


def _obs_like(address: str, token: str, folder: Path) -> list[str]:
    file = folder / "camera.h264"
    with av.open(str(file), "w", format="h264") as container:
        encoding = {"g": "40", "bf": "0", "x264-params": "aud=1:repeat-headers=1:scenecut=0"}
        video = container.add_stream("libx264", rate=ffmpeg_muxer.RATE_HZ, options=encoding)
        video.width, video.height, video.pix_fmt = *ffmpeg_muxer.SIZE_PX, "yuv420p"
        video.time_base = Fraction(1, ffmpeg_muxer.RATE_HZ)
        for number in range(80):
            container.mux(video.encode(ffmpeg_muxer.picture(number)))
        container.mux(video.encode(None))
    return ["node", str(HERE / "obs_like.mjs"), address, token, str(file)]


def _no_obs_like() -> str:
    if shutil.which("node") is None:
        return "no Node.js here"
    found = (NODE / "node-datachannel").is_dir()
    return "" if found else "npm's node-datachannel is not installed: .ci/publishers"


PUBLISHERS = (
    Publisher("simple-whip-client, VP8", _whip_client("VP8"), (*WEBRTC, "vp8enc"), _no_whip_client),
    Publisher(
        "simple-whip-client, H.264",
        _whip_client("H264", "-n"),
        (*WEBRTC, "x264enc"),
        _no_whip_client,
    ),
    Publisher("FFmpeg's muxer in PyAV, H.264 Main and Opus", _muxer, (), _no_muxer),
    Publisher("ffmpeg, H.264 High", _ffmpeg, (), _no_ffmpeg, code=255),
    Publisher("libdatachannel as OBS uses it, H.264 High and Opus", _obs_like, (), _no_obs_like),
    Publisher("GStreamer's whipsink, VP8", _whipsink, (*WEBRTC, "whipsink", "vp8enc")),
    Publisher("GStreamer's whipclientsink", _whipclientsink, (*WEBRTC, "whipclientsink")),
)
