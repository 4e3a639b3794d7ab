// SPDX-License-Identifier: LGPL-2.1-or-later
// The film in a <video>: a stream from the asked frame on, appended to a SourceBuffer as it is made.

const kType = 'video/mp4; codecs="avc1.42C033,mp4a.40.2"';
const kAhead = 20;    // seconds that are fetched before they are played
const kBehind = 30;   // seconds that are kept
const kPiece = 300;   // seconds that one worker makes: it is given only the media of them

export class Player {
  constructor(video, base) {
    this.video = video;
    this.base = base;
    this.page = Math.random().toString(36).slice(2);  // one film at a time is for this page
    [this.rate, this.from, this.to] = [25, 0, 0];
    this.round = 0;           // of asking: what belongs to an earlier one is dropped
    this.wantsToPlay = false;
    this.onWaiting = () => {};
    this.onProblem = () => {};
    for (const event of ['waiting', 'stalled']) video.addEventListener(event, () => this.#wait());
    for (const event of ['seeked', 'playing', 'canplay']) video.addEventListener(event, () => this.onWaiting(false));
    video.addEventListener('seeking', () => this.#follow());
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
  get frame() { return this.wanted ?? this.#nearest(Math.floor((this.from + this.video.currentTime) * this.rate + 1e-3)); }
  get time() { return this.frame / this.rate; }
  get first() { return Math.round(this.from * this.rate); }
  get end() { return Math.round(this.to * this.rate); }

  async play() {
    this.wantsToPlay = true;
    if (this.video.ended) await this.seekFrame(this.first);
    await this.video.play().catch(() => {});  // by a seek that came between
  }

  pause() {
    this.wantsToPlay = false;
    this.video.pause();
  }

  set speed(speed) {
    this.video.defaultPlaybackRate = this.video.playbackRate = speed;  // a new source begins with the default
  }

  #nearest(frame) { return Math.min(Math.max(frame, this.first), Math.max(this.first, this.end - 1)); }

  #isThere(at) {
    const { buffered } = this.video;
    for (let i = 0; i < buffered.length; ++i)
      if (buffered.start(i) <= at && at < buffered.end(i) - 0.5 / this.rate) return true;
    return false;
  }

  #wait() {
    if (!this.#isThere(this.video.currentTime)) this.onWaiting(true);
  }

  // Of a seek that is not ours: by the browser's own controls or media keys.
  #follow() {
    this.#wait();
    if (this.wanted === undefined && this.source && !this.#isThere(this.video.currentTime))
      this.seek(this.from + this.video.currentTime);
  }

  seek(time) { return this.seekFrame(Math.floor(time * this.rate + 1e-3)); }

  async seekFrame(frame) {
    this.wanted = this.#nearest(frame);
    const { wanted } = this;
    const at = (wanted + 0.5) / this.rate - this.from;  // the middle: no rounding leads to another frame
    if (!this.source || !this.#isThere(at)) await this.#start(wanted);
    if (this.wanted !== wanted) return;
    if (this.video.readyState >= HTMLMediaElement.HAVE_METADATA) this.#put(wanted, at);
    else this.video.addEventListener('loadedmetadata', () => this.#put(wanted, at), { once: true });
  }

  #put(frame, at) {
    if (this.wanted !== frame) return;
    this.video.currentTime = at;
    this.video.addEventListener('seeked', () => { if (this.wanted === frame) this.wanted = undefined; }, { once: true });
  }

  #stop() {
    ++this.round;
    this.abort?.abort();
    this.source = undefined;
  }

  async #start(frame) {
    this.#stop();
    const { round } = this;
    this.abort = new AbortController();
    this.onWaiting(true);
    const source = new MediaSource();
    const url = URL.createObjectURL(source);
    const opened = new Promise((done) => source.addEventListener('sourceopen', done, { once: true }));
    this.video.src = url;
    await Promise.race([opened, new Promise((done) => this.abort.signal.addEventListener('abort', done))]);
    URL.revokeObjectURL(url);
    if (round !== this.round) return;
    this.source = source;
    source.duration = this.to - this.from;
    const buffer = source.addSourceBuffer(kType);
    this.onProblem('');
    this.#feed(source, buffer, frame, round).catch((error) => {
      if (round === this.round) this.onProblem(`The film stops here: ${error.message}`);
    });
    if (this.wantsToPlay) this.video.play().catch(() => {});
  }

  // Piece after piece, to the end.
  async #feed(source, buffer, frame, round) {
    const count = Math.round(kPiece * this.rate);
    for (let first = frame; first < this.end; first += count) {
      buffer.abort();  // the next piece begins with a header of its own
      buffer.timestampOffset = first / this.rate - this.from;
      await this.#feedPiece(buffer, `frame=${first}&frames=${count}`, round);
      if (round !== this.round) return;
    }
    if (source.readyState === 'open') source.endOfStream();
  }

  async #feedPiece(buffer, frames, round) {
    const answer = await fetch(`${this.base}film?${frames}&page=${this.page}`, { signal: this.abort.signal });
    if (!answer.ok) throw new Error(await answer.text());
    const reader = answer.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || round !== this.round) return;
      await this.#append(buffer, value, round);
      await this.#untilNeeded(buffer, round);
    }
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
      await new Promise((done) => {
        for (const event of ['timeupdate', 'seeking', 'emptied']) this.video.addEventListener(event, done, { once: true });
      });
  }
}
