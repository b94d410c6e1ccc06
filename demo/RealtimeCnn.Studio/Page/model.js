// A model is dropped on the page, or chosen: it goes to the demo as a file dropped on its window does.

const said = document.getElementById('dropped');
const file = document.getElementById('file');

async function bring(model) {
  said.textContent = `${model.name} is on its way …`;
  try {
    const answer = await fetch(`/model?name=${encodeURIComponent(model.name)}`, { method: 'POST', body: model });
    said.textContent = await answer.text();
  } catch {
    said.textContent = `${model.name} did not arrive: the studio closed the connection, perhaps because the file is too large.`;
  }
}

export function listenForModels() {
  let depth = 0;
  const hover = step => event => {
    event.preventDefault();
    depth = Math.max(0, depth + step);
    document.body.classList.toggle('dropping', depth > 0);
  };
  addEventListener('dragenter', hover(1));
  addEventListener('dragleave', hover(-1));
  addEventListener('dragover', event => event.preventDefault());
  addEventListener('drop', event => {
    depth = 1;
    hover(-1)(event);
    const [model] = event.dataTransfer.files;
    if (model) bring(model);
  });
  file.addEventListener('change', () => {
    if (file.files[0]) bring(file.files[0]);
    file.value = '';
  });
}
