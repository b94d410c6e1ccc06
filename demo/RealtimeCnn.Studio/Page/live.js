// The live connection: pictures and state come in, what the visitor does goes out. It comes back by itself when it breaks.

const retryAfter = 1500;

/** @param on picture(blob) → promise, state(object), error(text), linked(isLive, why) */
export function connect(on) {
  let socket = null;
  const demo = {
    /** Tells the demo what was done: {do: 'key' | 'point' | 'mode', …}. */
    send(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
  };

  function open() {
    socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`);
    socket.binaryType = 'blob';
    socket.onopen = () => on.linked(true);
    socket.onmessage = async ({ data }) => {
      if (typeof data !== 'string') {
        // The next picture is sent when this one was drawn: a slow browser gets fewer.
        try { await on.picture(data); } finally { demo.send({ do: 'drawn' }); }
        return;
      }
      const state = JSON.parse(data);
      if (state.error) on.error(state.error);
      else on.state(state);
    };
    socket.onclose = ({ reason }) => {
      on.linked(false, reason || 'not connected');
      setTimeout(open, retryAfter);
    };
  }

  open();
  return demo;
}
