// Compares exported models with ONNX Runtime: does it load what rtcnn writes, and compute the same?
//
//   npm install --ignore-scripts onnxruntime-node
//   node bench/onnx-runtime/compare.mjs "dotnet run -c Release --project src/RealtimeCnn.Cli --" lenet5 mobilenetv2 resnet18 model.onnx
//
// Each model is written by `rtcnn export`, run on seeded noise by `rtcnn infer` and by ONNX Runtime; relative L2
// must be below 1e-5, or every difference below 1e-6 (its sigmoid is that coarse near 0).
import { execSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ort from 'onnxruntime-node';

const [rtcnn, ...models] = process.argv.slice(2);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtcnn-ort-'));
let failed = 0;
for (const name of models) {
  const file = path.join(folder, 'model.onnx');
  execSync(`${rtcnn} export ${name} --output ${file}`);
  const session = await ort.InferenceSession.create(file);
  const feeds = {};
  const options = session.inputMetadata.map((input, number) => {
    const values = Float32Array.from({ length: input.shape.reduce((product, extent) => product * extent, 1) }, noise(number + 1));
    feeds[input.name] = new ort.Tensor('float32', values, input.shape);
    const array = path.join(folder, `input_${number}.npy`);
    fs.writeFileSync(array, npy(values, input.shape));
    return `--input ${array}`;
  });
  execSync(`${rtcnn} infer ${file} ${options.join(' ')} --output ${folder}`);
  const results = await session.run(feeds);
  session.outputNames.forEach((output, number) => {
    const [relative, largest] = differences(read(path.join(folder, `output_${number}.npy`)), results[output].data);
    const equal = relative < 1e-5 || largest < 1e-6;
    if (!equal) failed++;
    console.log(`${equal ? 'pass' : 'fail'} ${name} ${output}: relative L2 ${relative.toExponential(2)}, at most ${largest.toExponential(2)}`);
  });
}
fs.rmSync(folder, { recursive: true });
process.exit(failed ? 1 : 0);

// Numbers in [0, 1) that are the same on every machine (mulberry32).
function noise(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function npy(values, shape) {
  let header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.map(extent => `${extent},`).join(' ')}), }`;
  header += ' '.repeat(63 - ((10 + header.length) % 64)) + '\n';
  const start = Buffer.from([0x93, 78, 85, 77, 80, 89, 1, 0, header.length & 255, header.length >> 8]);
  return Buffer.concat([start, Buffer.from(header, 'latin1'), Buffer.from(values.buffer)]);
}

function read(file) {
  const bytes = fs.readFileSync(file);
  const data = bytes.subarray(10 + bytes.readUInt16LE(8));
  return new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length));
}

function differences(given, expected) {
  let difference = 0, power = 0, largest = 0;
  expected.forEach((value, i) => {
    difference += (given[i] - value) ** 2;
    power += value ** 2;
    largest = Math.max(largest, Math.abs(given[i] - value));
  });
  return [Math.sqrt(difference / power), largest];
}
