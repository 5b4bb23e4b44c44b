"""Offers in the form of publishers, written down by us from what these programs sent or say in
their source: not what an offer must be, but what the server has to be able to answer.
"""

FINGERPRINT = ":".join(["AB"] * 32)


def _offer(lines: str) -> str:
    return lines.strip().replace("FINGERPRINT", FINGERPRINT).replace("\n", "\r\n") + "\r\n"


OBS = _offer("""
v=0
o=rtc 3197733791 0 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=group:LS 0 1
a=msid-semantic:WMS *
a=ice-options:ice2,trickle
a=fingerprint:sha-256 FINGERPRINT
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=mid:0
a=sendonly
a=ssrc:424242 cname:abcdefghijklmnop
a=ssrc:424242 msid:ABCDEFGHIJKLMNOP ABCDEFGHIJKLMNOP-audio
a=msid:ABCDEFGHIJKLMNOP ABCDEFGHIJKLMNOP-audio
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;maxaveragebitrate=96000;stereo=1;sprop-stereo=1;useinbandfec=1
a=setup:actpass
a=ice-ufrag:eDdq
a=ice-pwd:HJp+49T2heKyWjcocNVoX/
m=video 9 UDP/TLS/RTP/SAVPF 96
c=IN IP4 0.0.0.0
a=mid:1
a=sendonly
a=ssrc:424243 cname:abcdefghijklmnop
a=ssrc:424243 msid:ABCDEFGHIJKLMNOP ABCDEFGHIJKLMNOP-video
a=msid:ABCDEFGHIJKLMNOP ABCDEFGHIJKLMNOP-video
a=rtcp-mux
a=rtpmap:96 H264/90000
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtcp-fb:96 goog-remb
a=fmtp:96 profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1
a=setup:actpass
a=ice-ufrag:eDdq
a=ice-pwd:HJp+49T2heKyWjcocNVoX/
""")
"""OBS 30 to 32, by libdatachannel 0.24: it looks for its own addresses after the answer."""

FFMPEG = _offer("""
v=0
o=FFmpeg 4489045141692799359 2 IN IP4 127.0.0.1
s=FFmpegPublishSession
t=0 0
a=group:BUNDLE 1
a=extmap-allow-mixed
a=msid-semantic: WMS
m=video 9 UDP/TLS/RTP/SAVPF 106 105
c=IN IP4 0.0.0.0
a=ice-ufrag:76465bd3
a=ice-pwd:8a481a496f4565aec857af484bf99414
a=fingerprint:sha-256 FINGERPRINT
a=setup:passive
a=mid:1
a=sendonly
a=msid:FFmpeg video
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:106 H264/90000
a=fmtp:106 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42000c
a=rtcp-fb:106 nack
a=rtpmap:105 rtx/90000
a=fmtp:105 apt=106
a=ssrc-group:FID 3236604532 3236604533
a=ssrc:3236604532 cname:FFmpeg
a=ssrc:3236604532 msid:FFmpeg video
""")
"""FFmpeg 8.1 and 9.0, without sound."""
