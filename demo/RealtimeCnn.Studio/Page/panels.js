// What stands around the picture: modes, controls, where the time goes, the answer. Only what has changed is written anew.

const $ = id => document.getElementById(id);
const shown = {};

/** Whether a value is another than when it was asked for last under this name. */
function isNew(name, value) {
  const text = JSON.stringify(value);
  if (shown[name] === text) return false;
  shown[name] = text;
  return true;
}

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function showState(state, demo) {
  showModes(state, demo);
  const mode = state.modes.find(mode => mode.name === state.mode);
  setText('mode-title', capital(state.mode));
  setText('purpose', mode?.purpose ?? '');
  if (isNew('controls', state.controls)) $('controls').replaceChildren(...state.controls.map(control => controlOf(control, demo)));
  if (isNew('common', state.common)) $('common').replaceChildren(...state.common.map(control => controlOf(control, demo)));
  setText('where', `${state.source} on ${state.renderer}${state.paused ? ' · paused' : ''}`);
  showTimes(state);
  showAnswers(state);
}

function showModes(state, demo) {
  if (isNew('modes', state.modes)) {
    $('modes').replaceChildren(...state.modes.map(mode => {
      const tab = element('button', { type: 'button', textContent: mode.name, title: mode.purpose, role: 'tab' });
      tab.addEventListener('click', () => demo.send({ do: 'mode', name: mode.name }));
      return tab;
    }));
    $('modes').addEventListener('keydown', moveAmongTabs);
  }
  if (!isNew('mode', state.mode)) return;
  for (const tab of $('modes').children) {
    const isChosen = tab.textContent === state.mode;
    tab.setAttribute('aria-selected', isChosen);
    tab.tabIndex = isChosen ? 0 : -1;
    if (isChosen) tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

function moveAmongTabs(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...$('modes').children];
  tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length].focus();
  event.preventDefault();
}

const labels = {
  Spacebar: 'Space', OemPeriod: '.', OemPlus: '+', OemMinus: '−', Add: null, Subtract: null, LeftArrow: '←', RightArrow: '→', UpArrow: '↑', DownArrow: '↓',
  PageUp: 'PgUp', PageDown: 'PgDn', Delete: 'Del', Backspace: '⌫', NumPad0: null, F1: null, F11: null,
};

/** A control of the demo as buttons, one for each key; held as long as they are. */
function controlOf(control, demo) {
  const buttons = control.keys.map(key => {
    const label = key in labels ? labels[key] : key.replace(/^D(?=\d)/, '');
    if (label === null) return '';
    const press = down => () => {
      if (button.classList.contains('down') === down) return;
      button.classList.toggle('down', down);
      demo.send({ do: 'key', key, down });
    };
    const button = element('button', { type: 'button', textContent: label });
    button.dataset.key = key;
    button.setAttribute('aria-label', `${label}: ${control.meaning}`);
    button.addEventListener('pointerdown', press(true));
    for (const end of ['pointerup', 'pointerleave', 'pointercancel', 'blur']) button.addEventListener(end, press(false));
    button.addEventListener('keydown', event => { if (event.key === ' ' || event.key === 'Enter') { event.preventDefault(); press(true)(); } });
    button.addEventListener('keyup', press(false));
    return button;
  });
  const mouse = control.name.match(/wheel|drag|click/g);
  return element('li', {}, element('div', { className: 'keys' }, ...buttons),
    element('span', { textContent: control.meaning }, ...(mouse ? [element('small', { textContent: `on the picture: ${mouse.join(', ')}` })] : [])));
}

function showTimes(state) {
  const parts = state.stages.filter(stage => stage.kind === 'part');
  const sum = parts.reduce((total, stage) => total + stage.p50, 0) || 1;
  const bar = $('bar');
  if (isNew('parts', parts.map(stage => stage.name))) {
    bar.replaceChildren(...parts.map(stage => element('i', { className: `s-${stage.name}` })));
  }
  parts.forEach((stage, i) => {
    bar.children[i].style.flexGrow = stage.p50;
    bar.children[i].title = `${stage.name} ${stage.p50.toFixed(1)} ms`;
  });
  bar.ariaLabel = parts.map(stage => `${stage.name} ${Math.round(100 * stage.p50 / sum)} %`).join(', ');
  if (isNew('stages', state.stages)) {
    $('stages').tBodies[0].replaceChildren(...state.stages.map(stage => element('tr', { className: stage.kind },
      element('th', { scope: 'row' }, ...(stage.kind === 'part' ? [element('i', { className: `s-${stage.name}` })] : []), names[stage.name] ?? stage.name),
      element('td', { textContent: stage.p50.toFixed(1) }), element('td', { textContent: stage.p99.toFixed(1) }))));
  }
  const counts = [['dropped', state.framesDropped], ['repeated', state.framesRepeated], ['damaged', state.framesDamaged]].filter(([name, count]) => count || name === 'dropped');
  $('rate').replaceChildren(element('b', { textContent: state.framesPerSecond.toFixed(1) }), ` fps · ${counts.map(([name, count]) => `${count} ${name}`).join(' · ')} · median and 99th percentile, ms`);
}

const names = { age: 'age when shown', frame: 'frame' };

function showAnswers(state) {
  if (!isNew('answers', [state.model, state.answers])) return;
  setText('answers-title', state.model ? `Answer of ${state.model}` : 'Answer');
  const none = state.model ? 'Nothing found yet.' : 'This mode asks no classifier or detector.';
  $('answers').replaceChildren(...(state.answers.length === 0 ? [element('li', { className: 'none', textContent: none })] : state.answers.map(answer =>
    element('li', {}, element('b', { textContent: answer.name, title: answer.name }), element('meter', { value: answer.sure, max: 1 }),
      element('i', { textContent: `${Math.round(100 * answer.sure)} %` })))));
}

function setText(id, text) {
  if ($(id).textContent !== text) $(id).textContent = text;
}

const capital = text => text.charAt(0).toUpperCase() + text.slice(1);
