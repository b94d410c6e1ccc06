// The network's graph: one row for each step from the input, edges with their shapes, a bar for each layer's time.

const svg = 'http://www.w3.org/2000/svg';
const box = { width: 236, height: 46, gapX: 22, gapY: 24, margin: 14 };

function make(tag, attributes, ...children) {
  const made = document.createElementNS(svg, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Places layers: a row is the longest way from the input; within it, beside what a layer reads. */
export function place(layers) {
  const rows = [];
  const places = [];
  layers.forEach((layer, i) => {
    const row = layer.inputs.length ? Math.max(...layer.inputs.map(input => places[input].row)) + 1 : 0;
    const wanted = layer.inputs.length ? Math.min(...layer.inputs.map(input => places[input].column)) : 0;
    const taken = rows[row] ??= new Set();
    let column = wanted;
    while (taken.has(column)) column++;
    taken.add(column);
    places[i] = { row, column };
  });
  return places;
}

export const shapeOf = layer => layer.shape.slice(1).join('×') || '1';
export const timeOf = layer => layer.milliseconds === null ? '' : `${layer.milliseconds < 0.1 ? (1000 * layer.milliseconds).toFixed(0) + ' µs' : layer.milliseconds.toFixed(2) + ' ms'}`;

/** Draws it; choose(i) is called for a layer that is clicked, or entered by key. */
export function drawGraph(layers, choose) {
  const places = place(layers);
  const at = places.map(({ row, column }) => ({ x: box.margin + column * (box.width + box.gapX), y: box.margin + row * (box.height + box.gapY) }));
  const width = Math.max(...at.map(({ x }) => x)) + box.width + box.margin;
  const height = Math.max(...at.map(({ y }) => y)) + box.height + box.margin;
  const slowest = Math.max(...layers.map(layer => layer.milliseconds ?? 0)) || 1;
  const drawn = make('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'group' });

  layers.forEach((layer, i) => layer.inputs.forEach((input, n) => {
    const [from, to] = [at[input], at[i]];
    const [x1, y1, x2, y2] = [from.x + box.width / 2, from.y + box.height, to.x + box.width / 2 + (n - (layer.inputs.length - 1) / 2) * 24, to.y];
    // What jumps over rows goes round them, on the right.
    const far = places[i].row - places[input].row > 1;
    const side = Math.max(from.x, to.x) + box.width + box.gapX / 2;
    drawn.append(make('path', { class: 'edge', d: far
      ? `M${x1} ${y1} C${x1} ${y1 + 18} ${side} ${y1 + 6} ${side} ${y1 + 24} L${side} ${y2 - 24} C${side} ${y2 - 6} ${x2} ${y2 - 18} ${x2} ${y2}`
      : `M${x1} ${y1} C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}` }));
  }));

  layers.forEach((layer, i) => {
    const { x, y } = at[i];
    const share = (layer.milliseconds ?? 0) / slowest;
    const text = (content, dx, dy, name) => {
      const made = make('text', { x: dx, y: dy, class: name });
      made.textContent = content;
      return made;
    };
    const node = make('g', { class: 'node', transform: `translate(${x} ${y})`, tabindex: 0, role: 'button', 'aria-pressed': false, 'data-layer': i,
      'aria-label': `${layer.title}, ${shapeOf(layer)}${layer.milliseconds === null ? '' : `, ${timeOf(layer)}`}` },
    make('rect', { class: 'box', width: box.width, height: box.height, rx: 7 }),
    text(short(layer.title, 26), 10, 18, ''), text(timeOf(layer), box.width - 10, 18, 'small right'),
    text(short(layer.name, 24), 10, 34, 'small'), text(shapeOf(layer), box.width - 10, 34, 'small right'),
    make('rect', { class: 'time', x: 1, y: box.height - 4, width: Math.max(share * (box.width - 2), share > 0 ? 1 : 0), height: 3, rx: 1.5 }));
    node.addEventListener('click', () => choose(i));
    node.addEventListener('keydown', event => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (event.key === 'Enter' || event.key === ' ') choose(i);
      else if (step) drawn.querySelector(`[data-layer="${i + step}"]`)?.focus();
      else return;
      event.preventDefault();
    });
    drawn.append(node);
  });
  return drawn;
}

const short = (text, most) => text.length <= most ? text : `${text.slice(0, most - 1)}…`;
