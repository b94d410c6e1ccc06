// The live picture, and mouse, touch and keys on it: all of them reach the demo as a window's do.

const canvas = document.getElementById('picture');
const frame = document.getElementById('frame');
const context = canvas.getContext('2d', { alpha: false });

/** Keys by their place on a US keyboard, as .NET calls them. */
const keys = {
  Space: 'Spacebar', Enter: 'Enter', Backspace: 'Backspace', Delete: 'Delete', Period: 'OemPeriod', Comma: 'OemComma', Equal: 'OemPlus', Minus: 'OemMinus',
  NumpadAdd: 'Add', NumpadSubtract: 'Subtract', ArrowLeft: 'LeftArrow', ArrowRight: 'RightArrow', ArrowUp: 'UpArrow', ArrowDown: 'DownArrow',
  PageUp: 'PageUp', PageDown: 'PageDown', Home: 'Home', End: 'End', Escape: 'Escape', F1: 'F1', F2: 'F2',
};
const keyOf = code => keys[code] ?? (/^Key[A-Z]$/.test(code) ? code[3] : /^Digit\d$/.test(code) ? `D${code[5]}` : null);

export async function showPicture(blob) {
  const picture = await createImageBitmap(blob);
  if (canvas.width !== picture.width || canvas.height !== picture.height) {
    canvas.width = picture.width;
    canvas.height = picture.height;
  }
  context.drawImage(picture, 0, 0);
  picture.close();
  canvas.dataset.pictures = Number(canvas.dataset.pictures ?? 0) + 1;
}

export function listenToPicture(demo) {
  let move = null;
  const place = event => {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * canvas.width / box.width, y: (event.clientY - box.top) * canvas.height / box.height };
  };
  const button = event => ['left', 'middle', 'right'][event.button] ?? 'none';
  const point = (action, event, more) => demo.send({ do: 'point', action, ...place(event), ...more });

  canvas.addEventListener('pointerdown', event => {
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({ preventScroll: true });
    // A finger has not been over the picture before.
    point('moved', event);
    point('pressed', event, { button: button(event) });
    event.preventDefault();
  });
  canvas.addEventListener('pointerup', event => {
    flush();
    point('released', event, { button: button(event) });
  });
  canvas.addEventListener('pointercancel', event => point('released', event, { button: 'left' }));
  canvas.addEventListener('pointerleave', event => point('left', event));
  canvas.addEventListener('contextmenu', event => event.preventDefault());
  canvas.addEventListener('wheel', event => {
    // The page scrolls unless the picture was clicked.
    if (document.activeElement !== canvas) return;
    event.preventDefault();
    point('scrolled', event, { wheel: Math.max(-3, Math.min(3, -event.deltaY / 100)) });
  }, { passive: false });

  // Not more often than the screen shows it.
  canvas.addEventListener('pointermove', event => {
    if (!move) requestAnimationFrame(flush);
    move = event;
  });
  function flush() {
    if (move) point('moved', move);
    move = null;
  }

  const held = new Set();
  const release = key => {
    if (held.delete(key)) demo.send({ do: 'key', key, down: false });
  };
  canvas.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = keyOf(event.code);
    if (key) {
      event.preventDefault();
      held.add(key);
      demo.send({ do: 'key', key, down: true, shift: event.shiftKey });
    }
    // A name that is typed has letters, which are elsewhere on other keyboards; those of named keys ("Enter") are longer.
    if ([...event.key].length === 1) {
      event.preventDefault();
      demo.send({ do: 'type', letter: event.key });
    }
  });
  canvas.addEventListener('keyup', event => release(keyOf(event.code)));
  canvas.addEventListener('blur', () => [...held].forEach(release));

  document.getElementById('fill').addEventListener('click', async () => {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await frame.requestFullscreen();
    canvas.focus();
  });
}
