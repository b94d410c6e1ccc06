// Looking inside: a study of the network that runs, its graph, the maps of a chosen layer, and the wall of all of them.
import { drawGraph, shapeOf, timeOf } from './graph.js';
import { element } from './panels.js';

const $ = id => document.getElementById(id);
const followEvery = 2000;
let study = null;
let chosen = -1;
let asking = false;

export function listenForStudies() {
  $('look').addEventListener('click', ask);
  $('follow').addEventListener('change', () => { if ($('follow').checked) ask(); });
  // An address that ends so asks at once.
  if (location.hash === '#inside') ask();
  setInterval(() => { if ($('follow').checked && !document.hidden) ask(); }, followEvery);
}

async function ask() {
  if (asking) return;
  asking = true;
  $('look').disabled = true;
  try {
    const answer = await fetch('/study', { method: 'POST' });
    if (!answer.ok) $('studied').textContent = await answer.text();
    else show(await answer.json());
  } catch {
    $('studied').textContent = 'The studio does not answer.';
  } finally {
    asking = false;
    $('look').disabled = false;
  }
}

function show(found) {
  const isSame = study && study.layers.map(layer => layer.name).join() === found.layers.map(layer => layer.name).join();
  study = found;
  const count = found.layers.filter(layer => layer.maps).length;
  $('choice').textContent = found.choice;
  $('studied').textContent = `${found.layers.length} layers, ${found.parameters.toLocaleString('en')} parameters, ${found.milliseconds.toFixed(2)} ms in all: the least of five runs, each step timed by itself. Maps of ${count} layers for one picture, computed on the CPU path.`;
  $('network').hidden = false;
  const [top, left] = [$('graph').scrollTop, $('graph').scrollLeft];
  $('graph').replaceChildren(drawGraph(found.layers, choose));
  if (isSame) $('graph').scrollTo(left, top);
  showWall();
  const first = found.layers.findIndex(layer => layer.maps && layer.inputs.length);
  choose(isSame && chosen >= 0 ? chosen : Math.max(first, 0));
}

const addressOf = (i, kind) => `/study/${study.study}/${i}.${kind}`;

function showWall() {
  $('wall').replaceChildren(...study.layers.flatMap((layer, i) => {
    if (!layer.maps) return [];
    const thumb = element('button', { type: 'button', className: 'thumb' }, element('img', { src: addressOf(i, 'png'), loading: 'lazy', alt: '' }));
    thumb.dataset.layer = i;
    thumb.setAttribute('aria-label', `${layer.title}, ${shapeOf(layer)}`);
    thumb.addEventListener('click', () => {
      choose(i);
      $('network').scrollIntoView({ block: 'nearest', behavior: 'smooth' });
    });
    return [element('figure', {}, thumb, element('figcaption', {}, element('b', { textContent: layer.title, title: layer.name }), shapeOf(layer)))];
  }));
}

function choose(i) {
  chosen = i;
  for (const node of $('graph').querySelectorAll('.node')) node.setAttribute('aria-pressed', Number(node.dataset.layer) === i);
  for (const thumb of $('wall').querySelectorAll('.thumb')) thumb.classList.toggle('on', Number(thumb.dataset.layer) === i);
  showLayer(study.layers[i], i);
}

function showLayer(layer, i) {
  const facts = [['layer', layer.layer], ['shape', layer.shape.join(' × ')], ['parameters', layer.parameters.toLocaleString('en')]];
  if (layer.multiplyAccumulates) facts.push(['multiply-adds', layer.multiplyAccumulates.toLocaleString('en')]);
  if (layer.milliseconds !== null) facts.push(['time', `${timeOf(layer)} on the ${layer.where.toUpperCase()}`]);
  if (layer.kernel) facts.push(['kernel', layer.kernel]);
  facts.push(['why', layer.reason]);
  const parts = [element('h3', { textContent: `${layer.title} · ${layer.name}` }),
    element('dl', {}, ...facts.flatMap(([name, value]) => [element('dt', { textContent: name }), element('dd', { textContent: value })]))];
  if (layer.maps) parts.push(...mapsOf(layer.maps, i));
  else parts.push(element('p', { className: 'quiet', textContent: 'It has no feature maps.' }));
  $('layer').replaceChildren(...parts);
}

const number = value => value === null ? '–' : Math.abs(value) >= 1000 || (value !== 0 && Math.abs(value) < 0.01) ? value.toExponential(1) : value.toFixed(2);

function mapsOf(maps, i) {
  const left = maps.channels - maps.shown;
  const scale = element('p', { className: 'scale' }, number(maps.least), element('i', { className: maps.least < 0 ? 'both' : 'above' }), element('b', { textContent: number(maps.greatest) }),
    `${maps.channels} maps${left ? `, the first ${maps.shown}` : ''}${maps.notFinite ? `; ${maps.notFinite} values are not finite` : ''}`);
  const canvas = element('canvas', { className: 'maps' });
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `${maps.shown} feature maps`);
  drawMaps(canvas, maps, addressOf(i, 'png'));
  explainMaps(canvas, maps, fetch(addressOf(i, 'json')).then(answer => answer.ok ? answer.json() : []).catch(() => []));
  return [scale, canvas];
}

/** Tiles beside each other with a gap: as many in a row as make them largest in the room there is, but none larger than a picture of this kind is worth. */
function layout(maps) {
  const room = Math.max($('layer').clientWidth, 200);
  const gap = 3;
  let best = null;
  for (let columns = 1; columns <= maps.shown; columns++) {
    const rows = Math.ceil(maps.shown / columns);
    const zoom = Math.min((room / columns - gap) / maps.tileWidth, (420 / rows - gap) / maps.tileHeight, 150 / Math.max(maps.tileWidth, maps.tileHeight));
    if (!best || zoom > best.zoom) best = { columns, zoom };
  }
  const zoom = Math.max(best.zoom, 12 / Math.max(maps.tileWidth, maps.tileHeight));
  const width = Math.max(Math.floor(maps.tileWidth * zoom), 1);
  return { columns: Math.max(1, Math.min(best.columns, Math.floor((room + gap) / (width + gap)))), width, height: Math.max(Math.floor(maps.tileHeight * zoom), 1), gap };
}

async function drawMaps(canvas, maps, address) {
  const image = new Image();
  image.src = address;
  try { await image.decode(); } catch { return; }
  const { columns, width, height, gap } = layout(maps);
  const density = devicePixelRatio;
  const rows = Math.ceil(maps.shown / columns);
  canvas.width = Math.round((columns * (width + gap) - gap) * density);
  canvas.height = Math.round((rows * (height + gap) - gap) * density);
  canvas.style.width = `${canvas.width / density}px`;
  const context = canvas.getContext('2d');
  context.imageSmoothingEnabled = width < maps.tileWidth;
  context.scale(density, density);
  for (let map = 0; map < maps.shown; map++) {
    context.drawImage(image, map % maps.columns * (maps.tileWidth + maps.gap), Math.floor(map / maps.columns) * (maps.tileHeight + maps.gap), maps.tileWidth, maps.tileHeight,
      map % columns * (width + gap), Math.floor(map / columns) * (height + gap), width, height);
  }
  canvas.dataset.drawn = maps.shown;
}

function explainMaps(canvas, maps, ranges) {
  const tip = $('tip');
  canvas.addEventListener('pointermove', async event => {
    const { columns, width, height, gap } = layout(maps);
    const box = canvas.getBoundingClientRect();
    const zoom = (columns * (width + gap) - gap) / box.width;
    const map = Math.floor((event.clientY - box.top) * zoom / (height + gap)) * columns + Math.floor((event.clientX - box.left) * zoom / (width + gap));
    const range = (await ranges)[map];
    tip.hidden = map >= maps.shown;
    tip.textContent = range ? `map ${map}: ${number(range[0])} to ${number(range[1])}` : `map ${map}: not finite`;
    tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${Math.min(event.clientY + 16, innerHeight - tip.offsetHeight - 8)}px`;
  });
  canvas.addEventListener('pointerleave', () => { tip.hidden = true; });
}
