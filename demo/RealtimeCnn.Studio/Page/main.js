// The page: what comes over the socket goes to the parts that show it.
import { connect } from './live.js';
import { showPicture, listenToPicture } from './picture.js';
import { showState } from './panels.js';
import { listenForModels } from './model.js';
import { listenForStudies } from './network.js';

// The browser keeps the token as a cookie; the address need not show it.
if (location.search) history.replaceState(null, '', location.pathname + location.hash);

const link = document.getElementById('link');
const message = document.getElementById('message');
let wrongUntil = 0;

const demo = connect({
  picture: showPicture,
  state(state) {
    showState(state, demo);
    if (performance.now() > wrongUntil) say(state.message ?? '');
  },
  error: wrong,
  linked(isLive, why) {
    link.textContent = isLive ? 'live' : why;
    link.classList.toggle('live', isLive);
  },
});

function say(text, isWrong = false) {
  if (message.textContent !== text) message.textContent = text;
  message.classList.toggle('wrong', isWrong);
}

function wrong(text) {
  wrongUntil = performance.now() + 6000;
  say(text, true);
}

listenToPicture(demo);
listenForModels();
listenForStudies();
