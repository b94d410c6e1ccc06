// One process of ONNX Runtime: loads a model, runs it on zeros, and prints what it measured as JSON, as `rtcnn bench --json` does.
//
//   node onnx-runtime.mjs FOLDER MODEL THREADS WARMUP RUNS SHAPES
//
// FOLDER is where onnxruntime-node is installed; SHAPES are those of the inputs, as JSON.
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, model, threads, warmup, runs, shapes] = process.argv.slice(2);
const ort = createRequire(path.join(path.resolve(folder), 'package.json'))('onnxruntime-node');
const session = await ort.InferenceSession.create(model, {
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  intraOpNumThreads: Number(threads),
  interOpNumThreads: 1,
});
const feeds = {};
JSON.parse(shapes).forEach((shape, number) => {
  const { name, type } = session.inputMetadata[number];
  if (type !== 'float32') throw new Error(`input '${name}' is of ${type}; only float32 is compared.`);
  feeds[name] = new ort.Tensor('float32', new Float32Array(shape.reduce((product, extent) => product * extent, 1)), shape);
});

const times = [];
for (let run = 0; run < Number(warmup) + Number(runs); run++) {
  const before = process.hrtime.bigint();
  await session.run(feeds);
  if (run >= Number(warmup)) times.push(Number(process.hrtime.bigint() - before) / 1e6);
}

times.sort((a, b) => a - b);
const middle = (times.length - 1) / 2;
console.log(JSON.stringify({
  version: ort.env.versions.node,
  minMs: times[0],
  medianMs: (times[Math.floor(middle)] + times[Math.ceil(middle)]) / 2,
  peakBytes: process.resourceUsage().maxRSS * 1024,
}));
