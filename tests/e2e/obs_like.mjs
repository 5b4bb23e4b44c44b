// What OBS Studio's WHIP output does (plugins/obs-webrtc/whip-output.cpp of 30 to 32), done with
// OBS's own WebRTC library, libdatachannel: sections, codecs and handlers of the same kind in the
// same order, no candidates in the offer, the first key frame lost, and DELETE after the end.
//   node obs_like.mjs ADDRESS TOKEN FILE   (H.264 with access unit delimiters, 20 pictures a second)
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const RATE_HZ = 20;
const CLOCK_HZ = 90000;
const FRAGMENT_BYTES = 1200;
const SSRC = 424242;
const [address, token, file] = process.argv.slice(2);
const rtc = createRequire(`${process.env.NODE_PATH}/`)("node-datachannel");
const authorization = { Authorization: `Bearer ${token}` };

const peer = new rtc.PeerConnection("obs", { iceServers: [] });
peer.onStateChange((state) => console.log("state", state));

const sound = new rtc.Audio("0", "SendOnly");
sound.addOpusCodec(111);
sound.addSSRC(SSRC, "cname", "stream", "stream-audio");
peer.addTrack(sound);

const video = new rtc.Video("1", "SendOnly");
video.addSSRC(SSRC + 1, "cname", "stream", "stream-video");
const clock = new rtc.RtpPacketizationConfig(SSRC + 1, "cname", 96, CLOCK_HZ);
video.addH264Codec(96);
const packets = new rtc.H264RtpPacketizer("StartSequence", clock, FRAGMENT_BYTES);
packets.addToChain(new rtc.RtcpSrReporter(clock));
packets.addToChain(new rtc.RtcpNackResponder(4000));
packets.addToChain(new rtc.PacingHandler(25_000_000, 5));
const track = peer.addTrack(video);
track.setMediaHandler(packets);

await new Promise((resolve) => {
  peer.onGatheringStateChange((state) => state === "complete" && resolve());
  peer.setLocalDescription();
});
const offer = peer.localDescription().sdp.replace(/a=(candidate:.*|end-of-candidates)\r\n/g, "");
const response = await fetch(address, {
  method: "POST",
  headers: { ...authorization, "Content-Type": "application/sdp" },
  body: offer,
});
const answer = await response.text();
console.log(response.status, response.headers.get("location"));
if (response.status !== 201) throw new Error(answer);
peer.setRemoteDescription(answer.slice(answer.indexOf("v=0")), "answer");

const stream = readFileSync(file);
const DELIMITER = Buffer.from([0, 0, 0, 1, 9]);
const starts = [];
for (let at = stream.indexOf(DELIMITER); at >= 0; at = stream.indexOf(DELIMITER, at + 1)) starts.push(at);
const units = starts.map((at, place) => stream.subarray(at, starts[place + 1]));

let number = 1;
const sending = setInterval(() => {
  clock.timestamp = (clock.timestamp + CLOCK_HZ / RATE_HZ) >>> 0;
  if (track.isOpen()) track.sendMessageBinary(units[number++ % units.length]);
}, 1000 / RATE_HZ);

process.once("SIGINT", async () => {
  clearInterval(sending);
  peer.close();
  const session = new URL(response.headers.get("location"), address);
  const ended = await fetch(session, { method: "DELETE", headers: authorization });
  console.log("DELETE", ended.status);
  process.exit(0);
});
