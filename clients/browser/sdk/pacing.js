/**
 * When the next image may be sent, and how small. Pure, told the time.
 *
 * One image is on its way at a time: the next goes when the server has said what became of the last. A
 * slow network shows as bytes that wait and as a long way round beyond the server's own share.
 */

export const BEST_QUALITY = 0.85;
export const WORST_QUALITY = 0.4;
/** Way round, without the server's own time, above which images are made smaller. */
const SLOW_S = 0.15;
/** An image of which nothing is heard for so long is given up. */
const LOST_S = 2;
/** What may wait in the socket: about one image. */
const WAITING_BYTES = 32 * 1024;

export class Pacing {
  /** Of the JPEG encoder, 0..1. */
  quality = BEST_QUALITY;
  /** @type {{seq: number, atS: number} | null} */
  #onItsWay = null;

  /**
   * Whether an image may be sent now.
   * @param {number} nowS
   * @param {number} waitingBytes
   */
  free(nowS, waitingBytes) {
    if (waitingBytes > WAITING_BYTES) this.#worse();
    const waits = this.#onItsWay !== null && nowS - this.#onItsWay.atS < LOST_S;
    return !waits && waitingBytes <= WAITING_BYTES;
  }

  /**
   * @param {number} seq
   * @param {number} nowS
   */
  sent(seq, nowS) {
    this.#onItsWay = { seq, atS: nowS };
  }

  /**
   * The server has told what became of frame `seq` and of all before it.
   * @param {number} seq
   * @param {number} nowS
   * @param {number} serverS the server's own share of the time since it was sent
   */
  outcome(seq, nowS, serverS) {
    if (this.#onItsWay === null || seq < this.#onItsWay.seq) return;
    const wayS = nowS - this.#onItsWay.atS - serverS;
    this.#onItsWay = null;
    if (wayS > SLOW_S) this.#worse();
    else this.quality = Math.min(BEST_QUALITY, this.quality + 0.01);
  }

  #worse() {
    this.quality = Math.max(WORST_QUALITY, this.quality - 0.05);
  }
}
