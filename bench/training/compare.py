"""Runs our trainer and PyTorch in turns on the same networks and prints how many samples each learns from in a second. Started by bench/training.sh."""
import argparse
import os
import platform
import subprocess
import sys

NETWORKS = {"lenet5": 2.0, "conv32-conv64": 2.0, "hand-signs": 2.0, "mobilenetv2-96": 1.3}
FORMATS = ["contiguous", "channels_last"]
BATCHES = {"lenet5": 32, "conv32-conv64": 64, "hand-signs": 32, "mobilenetv2-96": 16}


class Side:
    """A process that waits between its rounds."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def round(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"training: {' '.join(self.process.args)} ended with {self.process.wait()}.")
        return [float(number) for number in answer.split()]

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def compare(name, threads, options):
    """The best rounds of each side: ours, bytes a step, PyTorch's by format."""
    ours = Side(options.benchmarks, "training", name, "--threads", str(threads), "--seconds", str(options.seconds))
    here = os.path.dirname(os.path.abspath(__file__))
    theirs = [Side(options.python, os.path.join(here, "pytorch.py"), name, str(threads), str(options.seconds), layout) for layout in FORMATS]
    best, allocated, peers = 0, 0, [0] * len(FORMATS)
    for _ in range(options.rounds):
        rate, bytes_of_step = ours.round()
        best, allocated = max(best, rate), bytes_of_step
        for i, side in enumerate(theirs):
            peers[i] = max(peers[i], side.round()[0])
    for side in [ours, *theirs]:
        side.end()
    return best, allocated, peers


def main():
    parser = argparse.ArgumentParser(prog="bench/training.sh")
    parser.add_argument("--benchmarks", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--python", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=8, help="rounds of each side; the best counts")
    parser.add_argument("--seconds", type=float, default=0.5, help="least length of a round")
    parser.add_argument("--threads", default="1,2", help="numbers of threads")
    parser.add_argument("--output", help="a Markdown file to write the table to, too")
    parser.add_argument("networks", nargs="*", default=[], help=f"of {', '.join(NETWORKS)}; all when none is given")
    options = parser.parse_args()
    counts = [int(count) for count in options.threads.split(",")]
    unknown = [name for name in options.networks if name not in NETWORKS]
    if unknown:
        parser.error(f"'{unknown[0]}' is none of {', '.join(NETWORKS)}")
    rows = []
    for name in options.networks or NETWORKS:
        cells, first = [f"{name}, batch {BATCHES[name]}"], None
        for count in counts:
            best, allocated, peers = compare(name, count, options)
            peer = max(peers)
            first = first or best
            cells += [f"{best:,.0f}", f"{peer:,.0f} ({FORMATS[peers.index(peer)]})", f"{best / peer:.2f}"]
        cells += [f"{best / first:.2f}", f"{NETWORKS[name]}", f"{allocated:.0f}"]
        rows.append(cells)
        print("  ".join(cells), file=sys.stderr)
    version = subprocess.run([options.python, "-c", "import torch; print(torch.__version__)"], capture_output=True, text=True).stdout.strip()
    head = ["network"] + [text for count in counts for text in (f"ours, {count} thr.", f"PyTorch, {count} thr.", f"ratio, {count} thr.")]
    head += [f"{counts[-1]} thr. ÷ {counts[0]}", "least ratio wanted", "bytes a step"]
    table = [
        f"Samples learned from in a second: the best of {options.rounds} rounds of {options.seconds} s, in turns; PyTorch {version} in the better of {' and '.join(FORMATS)}; ratio: ours ÷ PyTorch, above 1 is faster.",
        f"{processor()}, {os.cpu_count()} logical processors, load average {os.getloadavg()[0]:.1f}.", "",
        f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 1)}", *(f"| {' | '.join(row)} |" for row in rows),
    ]
    text = "\n".join(table)
    print(text)
    if options.output:
        with open(options.output, "w", encoding="utf-8") as file:
            file.write(f"{text}\n")


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
