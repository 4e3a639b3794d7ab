// SPDX-License-Identifier: LGPL-2.1-or-later
// The plan as rows over time.

const kNames = Math.min(130, window.innerWidth / 4);  // pixels
const kRow = 20;
const kSvg = 'http://www.w3.org/2000/svg';

const make = (name, attributes, parent) => {
  const element = document.createElementNS(kSvg, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
};

export function clock(seconds, digits = 0) {
  const scale = 10 ** digits;
  const all = Math.floor(seconds * scale + 1e-6);
  const whole = Math.floor(all / scale);
  const two = (n) => String(n).padStart(2, '0');
  const rest = digits ? `.${String(all % scale).padStart(digits, '0')}` : '';
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}${rest}`;
}

export class Timeline {
  constructor(box, svg) {
    this.box = box;
    this.svg = svg;
    this.states = [];
    new ResizeObserver(() => this.plan && this.draw()).observe(box);
  }

  show(plan) {
    this.plan = plan;
    this.box.setAttribute('aria-valuemin', plan.from);
    this.box.setAttribute('aria-valuemax', plan.to);
    this.draw();
  }

  // Of the chunks: "waiting", "working" or "done".
  mark(states) {
    this.states = states;
    if (this.plan) this.draw();
  }

  x(time) {
    const { from, to } = this.plan;
    return kNames + ((time - from) / Math.max(to - from, 1e-3)) * (this.width - kNames - 4);
  }

  timeAt(clientX) {
    const { from, to } = this.plan;
    const left = this.svg.getBoundingClientRect().left;
    const share = (clientX - left - kNames) / (this.width - kNames - 4);
    return from + Math.min(Math.max(share, 0), 1) * (to - from);
  }

  draw() {
    this.width = Math.max(this.box.clientWidth, kNames + 50);
    this.svg.style.width = `${this.width}px`;
    this.svg.replaceChildren();
    let y = 2;
    for (const row of this.plan.rows) y = this.#row(row, y);
    y = this.#scenes(y);
    if (this.plan.substitutions.length) {
      this.#name('substituted', y);
      this.#bars(this.plan.substitutions.map((s) => [s.from, s.to]), y + 3, kRow - 8, 'bad');
      y = this.#edge(y);
    }
    y = this.#chunks(y);
    y = this.#axis(y);
    this.svg.setAttribute('height', y);
    this.svg.setAttribute('viewBox', `0 0 ${this.width} ${y}`);
    this.head = make('line', { class: 'head', y1: 0, y2: y }, this.svg);
    this.move(this.time ?? this.plan.from);
  }

  #name(text, y) {
    const name = make('text', { x: 4, y: y + 13 }, this.svg);
    name.textContent = text.length > 20 ? `${text.slice(0, 19)}…` : text;
    make('title', {}, name).textContent = text;
  }

  // One path for all: thousands of them stay cheap.
  #bars(stretches, y, height, kind) {
    if (!stretches.length) return;
    const d = stretches.map(([from, to]) => {
      const width = Math.max(this.x(to) - this.x(from), 0.7);
      return `M${this.x(from).toFixed(2)} ${y}h${width.toFixed(2)}v${height}h${(-width).toFixed(2)}z`;
    });
    make('path', { class: kind, d: d.join('') }, this.svg);
  }

  #edge(y) {
    make('line', { class: 'edge', x1: 0, x2: this.width, y1: y + kRow - 1, y2: y + kRow - 1 }, this.svg);
    return y + kRow;
  }

  #row(row, y) {
    this.#name(row.kind === 'person' || row.kind === 'slides' || row.name === row.kind ? row.name : `${row.name}, ${row.kind}`, y);
    if (row.kind === 'slides') {
      for (const slide of this.plan.slides) this.#titled(slide.from, slide.to, y + 3, 'slide', slide.title);
      return this.#edge(y);
    }
    this.#bars(row.there, y + 2, 4, 'there');
    this.#bars(row.seen, y + 2, 4, 'seen');
    this.#bars(row.heard, y + 8, 7, 'heard');
    this.#bars(row.speaking, y + 8, 7, 'speaking');
    return this.#edge(y);
  }

  // With a gap, so that two that follow each other are two.
  #titled(from, to, y, kind, title, height = kRow - 8) {
    const left = this.x(from);
    const bar = make('rect', { class: kind, x: left.toFixed(2), y, height, width: Math.max(this.x(to) - left - 1, 0.7).toFixed(2) }, this.svg);
    make('title', {}, bar).textContent = title;
  }

  #scenes(y) {
    this.#name('scenes', y);
    const { scenes, to } = this.plan;
    scenes.forEach((scene, i) => {
      const end = scenes[i + 1]?.at ?? to;
      this.#titled(scene.at, end, y + 3, i % 2 ? 'scene odd' : 'scene', `${clock(scene.at)}–${clock(end)}: ${scene.seen}`);
    });
    return this.#edge(y);
  }

  // Above how far each is, below how it is made.
  #chunks(y) {
    this.#name('chunks', y);
    this.plan.chunks.forEach((chunk, i) => {
      const state = this.states[i] ?? 'waiting';
      const title = `${clock(chunk.from)}–${clock(chunk.to)}: ${chunk.how}, ${chunk.why}; ${state}`;
      this.#titled(chunk.from, chunk.to, y + 2, `chunk ${state}`, title, 9);
      this.#titled(chunk.from, chunk.to, y + 12, chunk.how, title, 4);
    });
    return this.#edge(y);
  }

  #axis(y) {
    const { from, to } = this.plan;
    const steps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000];
    const most = Math.max(2, (this.width - kNames) / 80);
    const step = steps.find((s) => (to - from) / s <= most) ?? 86400;
    for (let t = Math.ceil(from / step) * step; t <= to; t += step)
      make('text', { x: this.x(t), y: y + 12, 'text-anchor': this.x(t) > this.width - 50 ? 'end' : 'start' }, this.svg).textContent = clock(t);
    return y + 18;
  }

  move(time) {
    this.time = time;
    if (!this.plan) return;
    for (const end of ['x1', 'x2']) this.head.setAttribute(end, this.x(time));
    this.box.setAttribute('aria-valuenow', time.toFixed(3));
    this.box.setAttribute('aria-valuetext', clock(time, 3));
  }
}
