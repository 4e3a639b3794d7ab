// SPDX-License-Identifier: LGPL-2.1-or-later
// The film in a <video>: a stream from the asked frame on, appended to a SourceBuffer as it is made.

const kType = 'video/mp4; codecs="avc1.42C033,mp4a.40.2"';
const kAhead = 20;    // seconds that are fetched before they are played
const kBehind = 30;   // seconds that are kept

export class Player {
  constructor(video, base) {
    this.video = video;
    this.base = base;
    this.rate = 25;
    this.from = 0;
    this.to = 0;
    this.round = 0;           // of asking: what belongs to an earlier one is dropped
    this.onWaiting = () => {};
    for (const event of ['seeking', 'waiting', 'stalled']) video.addEventListener(event, () => this.#wait());
    for (const event of ['seeked', 'playing', 'canplay']) video.addEventListener(event, () => this.onWaiting(false));
  }

  // Shows another plan, at the same time.
  show(plan) {
    const at = this.plan ? this.time : plan.from;
    this.plan = plan;
    [this.rate, this.from, this.to] = [plan.rate, plan.from, plan.to];
    this.#stop();
    return this.seek(at);
  }

  // Of the job, of the frame that is shown: where it begins.
  get frame() { return this.wanted ?? this.#frameAt(this.from + this.video.currentTime); }
  get time() { return this.frame / this.rate; }
  get playing() { return !this.video.paused; }

  #frameAt(time) {
    const frame = Math.floor(time * this.rate + 1e-3);
    const first = Math.round(this.from * this.rate);
    return Math.min(Math.max(frame, first), Math.max(first, Math.round(this.to * this.rate) - 1));
  }

  #isThere(at) {
    const { buffered } = this.video;
    for (let i = 0; i < buffered.length; ++i)
      if (buffered.start(i) <= at && at < buffered.end(i) - 0.5 / this.rate) return true;
    return false;
  }

  #wait() {
    if (!this.#isThere(this.video.currentTime)) this.onWaiting(true);
  }

  seek(time) { return this.seekFrame(this.#frameAt(time)); }

  async seekFrame(frame) {
    frame = this.#frameAt((frame + 0.5) / this.rate);
    this.wanted = frame;
    const at = (frame + 0.5) / this.rate - this.from;  // the middle: no rounding leads to another frame
    if (!this.source || !this.#isThere(at)) await this.#start(frame);
    if (this.wanted !== frame) return;
    if (this.video.readyState >= HTMLMediaElement.HAVE_METADATA) this.#put(at);
    else this.video.addEventListener('loadedmetadata', () => this.#put(at), { once: true });
  }

  #put(at) {
    this.video.currentTime = at;
    this.video.addEventListener('seeked', () => { this.wanted = undefined; }, { once: true });
  }

  #stop() {
    ++this.round;
    this.abort?.abort();
    this.source = undefined;
  }

  async #start(frame) {
    this.#stop();
    const round = this.round;
    this.abort = new AbortController();
    this.onWaiting(true);
    const source = new MediaSource();
    const wasPlaying = this.playing;
    this.video.src = URL.createObjectURL(source);
    await new Promise((done) => source.addEventListener('sourceopen', done, { once: true }));
    URL.revokeObjectURL(this.video.src);
    if (round !== this.round) return;
    this.source = source;
    source.duration = this.to - this.from;
    const buffer = source.addSourceBuffer(kType);
    buffer.timestampOffset = frame / this.rate - this.from;
    this.#feed(source, buffer, frame, round).catch((error) => {
      if (error.name !== 'AbortError' && round === this.round) this.onProblem?.(`the film stops here: ${error.message}`);
    });
    if (wasPlaying) this.video.play().catch(() => {});
  }

  async #feed(source, buffer, frame, round) {
    const answer = await fetch(`${this.base}film?frame=${frame}`, { signal: this.abort.signal });
    if (!answer.ok) throw new Error(await answer.text());
    const reader = answer.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (round !== this.round) return;
      if (done) break;
      await this.#append(buffer, value, round);
      if (round !== this.round) return;
      await this.#untilNeeded(buffer, round);
    }
    if (source.readyState === 'open') source.endOfStream();
  }

  async #append(buffer, bytes, round) {
    const gone = this.video.currentTime - kBehind;
    if (buffer.buffered.length && buffer.buffered.start(0) < gone - kBehind) {
      buffer.remove(0, gone);
      await this.#updated(buffer);
    }
    if (round !== this.round) return;
    buffer.appendBuffer(bytes);
    await this.#updated(buffer);
  }

  #updated(buffer) {
    const ended = new AbortController();
    return new Promise((done, failed) => {
      buffer.addEventListener('updateend', done, { signal: ended.signal });
      buffer.addEventListener('error', () => failed(new Error('the browser cannot play it')), { signal: ended.signal });
    }).finally(() => ended.abort());
  }

  async #untilNeeded(buffer, round) {
    const ahead = () => (buffer.buffered.length ? buffer.buffered.end(buffer.buffered.length - 1) : 0) - this.video.currentTime;
    while (round === this.round && ahead() > kAhead)
      await new Promise((done) => this.video.addEventListener('timeupdate', done, { once: true }));
  }
}
