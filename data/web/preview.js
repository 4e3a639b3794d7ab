// SPDX-License-Identifier: LGPL-2.1-or-later
// The page: what the keys and buttons do, and what the server tells.
import { Player } from './player.js';
import { Timeline, clock } from './timeline.js';

const base = new URL('.', location.href).href;
const $ = (id) => document.getElementById(id);
const video = $('video');
const player = new Player(video, base);
const timeline = new Timeline($('timeline'), $('rows'));
let plan;
let dragging = false;
let version = 0;  // of the job

const picture = (time, how = '') => `${base}picture?job=${version}&frame=${Math.floor(time * plan.rate + 1e-3)}${how}`;

const jumpButton = (time, text) => {
  const button = document.createElement('button');
  button.className = 'jump';
  button.textContent = clock(time);
  button.setAttribute('aria-label', `${clock(time)}: ${text}`);
  button.addEventListener('click', () => go(time));
  return button;
};

function list(id, items) {
  $(`${id}-title`).hidden = items.length === 0;
  $(id).replaceChildren(...items.map(({ at, text }) => {
    const item = document.createElement('li');
    if (at !== undefined) item.append(jumpButton(at, text), ' ');
    item.append(text);
    return item;
  }));
}

function drawSlides() {
  $('slides').replaceChildren(...plan.slides.map((slide) => {
    const button = document.createElement('button');
    const image = document.createElement('img');
    image.loading = 'lazy';
    image.alt = '';
    // A moment later, for whatever fades in.
    image.src = picture(slide.from + Math.min(1, (slide.to - slide.from) / 2), '&small=1');
    button.append(image, `${clock(slide.from)} ${slide.title}`);
    button.addEventListener('click', () => go(slide.from));
    return button;
  }));
}

async function load() {
  const answer = await fetch(`${base}data`);
  if (!answer.ok) throw new Error(await answer.text());
  plan = await answer.json();
  document.title = `${plan.title} – rostrum`;
  $('title').textContent = plan.title;
  $('facts').textContent = `${clock(plan.to - plan.from)} · ${plan.width}×${plan.height} · ${+plan.rate.toFixed(3)} frames a second · ${plan.scenes.length} scenes`;
  $('screen').style.aspectRatio = `${plan.width} / ${plan.height}`;
  showFindings();
  list('chapters', plan.chapters.map((c) => ({ at: c.at, text: c.title })));
  drawSlides();
  timeline.show(plan);
  const begin = player.plan ? NaN : parseFloat(new URLSearchParams(location.hash.slice(1)).get('t'));
  await player.show(plan);
  if (begin > plan.from) await player.seek(begin);
  explain();
}

// What the plan knows, and what was found while playing.
const found = new Map();
function showFindings() {
  list('findings', [...[...plan.substitutions, ...found.values()].map((s) => ({ at: s.from, text: s.text })),
    ...plan.warnings.map((text) => ({ text }))]);
}

let explained = 0;
async function explain() {
  const asked = ++explained;
  const answer = await fetch(`${base}explain?at=${(player.frame / plan.rate + 5e-4).toFixed(6)}`);
  const text = await answer.text();
  if (asked === explained) $('why').textContent = text;
}

let explainTimer;
function moved() {
  if (!plan) return;
  const time = player.time;
  if (!dragging) {
    $('time').textContent = clock(time, 3);
    timeline.move(time);
  }
  const current = plan.slides.findLastIndex((slide) => slide.from <= time + 1e-6);
  [...$('slides').children].forEach((button, i) => button.setAttribute('aria-current', i === current));
  clearTimeout(explainTimer);
  explainTimer = setTimeout(explain, player.wantsToPlay ? 1000 : 120);
}

function go(time) {
  player.seek(time);
  moved();
}

function step(frames) {
  player.pause();
  player.seekFrame(player.frame + frames);
  moved();
}

function scene(direction) {
  const time = player.time;
  const starts = plan.scenes.map((s) => s.at);
  const next = direction > 0 ? starts.find((at) => at > time + 1e-6) : starts.findLast((at) => at < time - 0.5);
  go(next ?? (direction > 0 ? plan.to : plan.from));
}

function toggle() {
  if (player.wantsToPlay && !video.ended) player.pause();
  else player.play();
}

function speed(direction) {
  const select = $('speed');
  select.selectedIndex = Math.min(Math.max(select.selectedIndex + direction, 0), select.options.length - 1);
  player.speed = Number(select.value);
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else $('screen').requestFullscreen().catch(() => {});
}

const keys = {
  ' ': toggle, k: toggle,
  ArrowLeft: (e) => (e.shiftKey ? step(-1) : go(player.time - 5)),
  ArrowRight: (e) => (e.shiftKey ? step(1) : go(player.time + 5)),
  ',': () => step(-1), '.': () => step(1),
  PageUp: () => scene(-1), PageDown: () => scene(1),
  Home: () => go(plan.from), End: () => go(plan.to),
  '[': () => speed(-1), ']': () => speed(1),
  f: fullScreen, e: () => $('why').focus(),
};

// Where the letters are, whatever the keyboard writes there.
const places = { KeyK: 'k', KeyF: 'f', KeyE: 'e', BracketLeft: '[', BracketRight: ']', Comma: ',', Period: '.' };

document.addEventListener('keydown', (event) => {
  if (!plan || event.metaKey || (event.ctrlKey !== event.altKey) || event.isComposing) return;  // both: AltGr
  const moves = event.key === ' ' || event.key.length > 1;
  if (moves && event.target.closest('button, select, input, #why')) return;  // it has its own use of them
  const act = keys[event.key] ?? keys[places[event.code]];
  if (!act) return;
  event.preventDefault();
  act(event);
});

for (const [id, act] of Object.entries({
  play: toggle, back: () => go(player.time - 5), on: () => go(player.time + 5), 'frame-back': () => step(-1), 'frame-on': () => step(1),
  'scene-back': () => scene(-1), 'scene-on': () => scene(1), full: fullScreen,
})) $(id).addEventListener('click', act);
$('speed').addEventListener('change', () => speed(0));
$('volume').addEventListener('input', () => { video.volume = Number($('volume').value); });

video.addEventListener('ended', () => player.pause());
for (const event of ['play', 'pause', 'ended'])
  video.addEventListener(event, () => {
    $('play').textContent = player.wantsToPlay ? '❚❚' : '▶';
    $('play').setAttribute('aria-label', player.wantsToPlay ? 'Pause' : 'Play');
  });
for (const event of ['timeupdate', 'seeked']) video.addEventListener(event, moved);
player.onWaiting = (waiting) => { $('waiting').hidden = !waiting; };
player.onProblem = (text) => problem('film', text);

const problems = { job: '', film: '' };
function problem(of, text) {
  problems[of] = text;
  const all = Object.values(problems).filter(Boolean).join('\n');
  $('problem').hidden = !all;
  $('problem').textContent = all;
}

// While the pointer is down, single frames; the film goes on where it is let go.
let still;
function scrub(event) {
  const time = timeline.timeAt(event.clientX);
  timeline.move(time);
  $('time').textContent = clock(time, 3);
  still = picture(time);
  askForStill();
}

// One at a time: what is asked for meanwhile comes next, if it is still wanted.
let asking = false;
function askForStill() {
  const image = $('still');
  if (asking || !dragging || image.src === still) return;
  asking = true;
  image.src = still;
}
for (const event of ['load', 'error'])
  $('still').addEventListener(event, () => {
    asking = false;
    $('still').hidden = !dragging || event === 'error';
    askForStill();
  });
$('timeline').addEventListener('pointerdown', (event) => {
  const box = $('timeline');
  if (!plan || event.button !== 0 || event.clientX - box.getBoundingClientRect().left >= box.clientWidth) return;  // its scroll bar
  dragging = true;
  $('timeline').setPointerCapture(event.pointerId);
  timeline.move(timeline.timeAt(event.clientX));
});
$('timeline').addEventListener('pointermove', (event) => dragging && scrub(event));
const letGo = () => {
  dragging = false;
  $('still').hidden = true;
};
$('timeline').addEventListener('pointerup', (event) => {
  if (!dragging) return;
  letGo();
  go(timeline.timeAt(event.clientX));
});
for (const event of ['pointercancel', 'lostpointercapture'])
  $('timeline').addEventListener(event, () => {
    if (dragging) letGo();
    moved();
  });

function showRender(told) {
  timeline.mark(told.states);
  const done = told.states.filter((state) => state === 'done').length;
  const rest = told.eta === null || told.eta === undefined ? '' : `, ${clock(told.eta)} left`;
  const speedText = told.speed ? `, ${told.speed.toFixed(1)} × real time` : '';
  $('render').textContent = told.states.length === 0 ? '' :
    `${told.running ? 'Rendering' : 'Rendered so far'}: ${done} of ${told.states.length} chunks${told.running ? speedText + rest : ''}`;
}

function listen() {
  const socket = new WebSocket(`${base.replace(/^http/, 'ws')}events`);
  socket.addEventListener('open', () => { $('connection').textContent = ''; });
  socket.addEventListener('message', (event) => {
    const told = JSON.parse(event.data);
    if (told.kind === 'job' && told.number !== version) {
      version = told.number;
      found.clear();
      load().catch((error) => problem('job', error.message));
    }
    if (told.kind === 'problem') problem('job', told.text);
    if (told.kind === 'substitution' && plan) {
      found.set(told.text + told.from, told);
      showFindings();
    }
    if (told.kind === 'chunks') showRender(told);
  });
  socket.addEventListener('close', () => {
    $('connection').textContent = 'rostrum is no longer there';
    setTimeout(listen, 1000);
  });
}
listen();
