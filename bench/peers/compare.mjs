// Runs `rtcnn bench` and ONNX Runtime in turns on the same files and prints how their least times compare. Started by bench/peers.sh.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const catalogue = [
  'mobilenetv2', 'mobilenetv1', 'mobilenetv3-large', 'mobilenetv3-small', 'squeezenet1.1', 'shufflenetv2', 'googlenet',
  'resnet18', 'resnet50', 'alexnet', 'vgg16', 'lenet5',
];
const usage = 'bench/peers.sh [--rounds N] [--seconds S] [--threads 1,2] [--output FILE.md] [MODEL ...]';
const { rtcnn, peer, rounds, seconds, threads, output, models } = parse(process.argv.slice(2));
const here = path.dirname(fileURLToPath(import.meta.url));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtcnn-peers-'));
const rows = [], loads = [];
let version, failed = false;
try {
  for (const model of models) {
    try {
      rows.push(compare(model));
      loads.push(os.loadavg()[0]);
      console.error(rows.at(-1).map(cell => cell.padStart(9)).join(' '));
    } catch (problem) {
      failed = true;
      console.error(`peers: ${model}: ${problem.message}`);
    }
  }
} finally {
  fs.rmSync(folder, { recursive: true });
}
const table = markdown();
console.log(table);
if (output) fs.writeFileSync(output, `${table}\n`);
process.exit(failed ? 1 : 0);

// A row of the table: for each number of threads the least times of all rounds and their ratio, and the ratio of peak memory on the first.
function compare(model) {
  const file = model.endsWith('.onnx') ? model : path.join(folder, `${model}.onnx`);
  if (!fs.existsSync(file)) start(rtcnn, ['export', model, '--output', file]);
  const cells = [path.basename(file, '.onnx')];
  let memory;
  for (const count of threads) {
    // How many runs fill a round, measured once for both. rtcnn warms up until its runtime has compiled everything.
    const trial = ours(file, count, 10);
    const runs = Math.min(Math.max(Math.round((seconds * 1000) / trial.medianMs), 5), 5000), warmup = Math.ceil(runs / 2);
    const least = [trial.minMs, Infinity];
    for (let round = 0; round < rounds; round++) {
      const mine = ours(file, count, runs);
      const theirs = JSON.parse(start(process.execPath, [path.join(here, 'onnx-runtime.mjs'), peer, file, count, warmup, runs, JSON.stringify(trial.inputs)]));
      version = theirs.version;
      [mine, theirs].forEach((one, side) => (least[side] = Math.min(least[side], one.minMs)));
      memory ??= mine.peakBytes / theirs.peakBytes;
    }
    cells.push(digits(least[0]), digits(least[1]), (least[0] / least[1]).toFixed(2));
  }
  return [...cells, memory.toFixed(2)];
}

function ours(file, count, runs) {
  return JSON.parse(start(rtcnn, ['bench', file, '--trust', '--threads', count, '--runs', runs, '--json']));
}

function start(program, options) {
  const child = spawnSync(program, options.map(String), { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (child.error) throw child.error;
  if (child.status !== 0) throw new Error(child.stderr.trim().split('\n').find(line => /error|rtcnn:/i.test(line)) ?? `${path.basename(program)} ended with ${child.status}.`);
  return child.stdout;
}

function markdown() {
  const names = ['network', ...threads.flatMap(count => [`ms, ${count} thr.`, `peer, ${count} thr.`, `ratio, ${count} thr.`]), 'memory'];
  const processor = os.cpus()[0]?.model.trim() ?? os.arch();
  return [
    `Milliseconds of one run, the least of ${rounds} rounds in turns; ratio: RealtimeCnn ÷ ONNX Runtime ${version ?? ''}, below 1 is faster. Memory: ratio of the processes' peaks.`,
    `${processor}, ${os.cpus().length} logical processors, ${os.platform()} ${os.arch()}, load average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}; well above the number of threads, other programs were measured too.`,
    '',
    `| ${names.join(' | ')} |`,
    `|---|${'---:|'.repeat(names.length - 1)}`,
    ...rows.map(row => `| ${row.join(' | ')} |`),
  ].join('\n');
}

function digits(milliseconds) {
  return milliseconds.toFixed(milliseconds < 1 ? 3 : milliseconds < 100 ? 2 : 1);
}

function parse(words) {
  const given = { rounds: 5, seconds: 1, threads: [1, 2], models: [] };
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (!word.startsWith('--')) {
      if (word.endsWith('.onnx') && !fs.existsSync(word)) fail(`there is no file '${word}'.`);
      given.models.push(word);
      continue;
    }
    const value = words[++i];
    if (value === undefined) fail(`${word} needs a value: ${usage}`);
    if (word === '--rtcnn') given.rtcnn = value;
    else if (word === '--peer') given.peer = value;
    else if (word === '--output') given.output = value;
    else if (word === '--rounds') given.rounds = number(word, value, 1, 1000, true);
    else if (word === '--seconds') given.seconds = number(word, value, 0.01, 600, false);
    else if (word === '--threads') given.threads = value.split(',').map(part => number(word, part, 1, 1024, true));
    else fail(`'${word}' is no option: ${usage}`);
  }
  if (given.models.length === 0) given.models = catalogue;
  return given;
}

function number(option, text, least, most, whole) {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most) || (whole && !Number.isInteger(value)))
    fail(`${option} '${text}' is not possible; it is a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`);
  return value;
}

function fail(message) {
  console.error(`peers: ${message}`);
  process.exit(2);
}
