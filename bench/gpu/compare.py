"""Runs `rtcnn bench` on the GPU and on the CPU in turns and prints what a frame costs. Started by bench/gpu.sh."""
import argparse
import json
import os
import subprocess
import sys

NETWORKS = ["mobilenetv2", "mobilenetv1", "squeezenet1.1", "shufflenetv2", "resnet18", "lenet5"]

# What software OpenGL and the engine leave on the disk would spare a cold start its compilation.
COLD = {"RTCNN_CACHE": "", "MESA_SHADER_CACHE_DISABLE": "true", "MESA_GLSL_CACHE_DISABLE": "true"}


def bench(options, model, backend, *more, runs=None, environment=None):
    """What `rtcnn bench --json` says."""
    command = [options.rtcnn, "bench", model, "--trust", "--backend", backend, "--runs", str(runs or options.runs), "--json", *more]
    child = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(environment or {})})
    if child.returncode != 0:
        sys.exit(f"gpu: {' '.join(command)}: {child.stderr.strip()}")
    return json.loads(child.stdout)


def arithmetic(options):
    """GFLOP/s of multiply-adds in registers alone: by processor time divided by the number of processors."""
    child = subprocess.run([options.benchmarks, "arithmetic"], capture_output=True, text=True)
    if child.returncode != 0:
        sys.exit(f"gpu: {options.benchmarks} arithmetic: {child.stderr.strip()}")
    return float(child.stdout.split()[0])


def compare(options, model):
    """A row of the table."""
    processors = os.cpu_count()
    cold = bench(options, model, "gpu", "--layers", environment=COLD)
    steps = cold["layers"]
    rounds = [(bench(options, model, "gpu"), bench(options, model, "cpu", "--threads", str(processors), runs=10 * options.runs), arithmetic(options)) for _ in range(options.rounds)]
    gpu, cpu = (min(run[side]["minCpuMs"] for run in rounds) / processors for side in (0, 1))
    rate, most = 2e-6 * sum(step["macs"] for step in steps) / gpu, max(run[2] for run in rounds)
    clock = min(run[0]["minMs"] for run in rounds)
    warm = min(run[0]["startCpuMs"] for run in rounds)
    return [
        os.path.basename(model).removesuffix(".onnx"), digits(gpu), digits(cpu), f"{gpu / cpu:.1f}", digits(clock), f"{rate:.1f}", f"{rate / most:.2f}",
        str(sum(step["dispatches"] for step in steps)), f"{sum(step['bytes'] for step in steps) / 1e6:.1f}",
        f"{cold['startCpuMs'] / 1000:.2f}", f"{warm / 1000:.2f}",
    ]


def digits(milliseconds):
    return f"{milliseconds:.2f}" if milliseconds < 1 else f"{milliseconds:.1f}"


def main():
    parser = argparse.ArgumentParser(prog="bench/gpu.sh")
    parser.add_argument("--rtcnn", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--benchmarks", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=8, help="rounds of each side, processes of their own; the least counts")
    parser.add_argument("--runs", type=int, default=30, help="measured runs of a process")
    parser.add_argument("--output", help="a Markdown file to write the table to, too")
    parser.add_argument("models", nargs="*", default=[], help=f"{', '.join(NETWORKS)} when none is given")
    options = parser.parse_args()
    rows = []
    for model in options.models or NETWORKS:
        rows.append(compare(options, model))
        print("  ".join(rows[-1]), file=sys.stderr)
    renderer = subprocess.run([options.rtcnn, "info"], capture_output=True, text=True).stdout
    renderer = next((line.partition(": ")[2] for line in renderer.splitlines() if line.startswith("renderer")), "no OpenGL")
    head = ["network", "ms", "CPU engine", "ratio", "clock", "GFLOP/s", "of arithmetic", "dispatches", "MB", "cold start, s", "warm start, s"]
    table = [
        f"{renderer}. ms: processor time of a frame ÷ {os.cpu_count()} processors, the least of {options.rounds} rounds in turns, and the same of our CPU engine on as many threads; GFLOP/s by that time, and their part of what multiply-adds in registers alone reach in the same rounds; load average {os.getloadavg()[0]:.1f}.", "",
        f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 1)}", *(f"| {' | '.join(row)} |" for row in rows),
    ]
    text = "\n".join(table)
    print(text)
    if options.output:
        with open(options.output, "w", encoding="utf-8") as file:
            file.write(f"{text}\n")


if __name__ == "__main__":
    main()
