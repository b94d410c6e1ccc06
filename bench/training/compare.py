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

    def begin(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def finish(self):
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"training: {' '.join(self.process.args)} ended with {self.process.wait()}.")
        return [float(number) for number in answer.split()]

    def round(self):
        self.begin()
        return self.finish()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


class Crowd:
    """Processes that know nothing of each other and run at once: what the machine gives to so many threads."""

    def __init__(self, sides):
        self.sides = sides

    def round(self):
        for side in self.sides:
            side.begin()
        return [sum(numbers) for numbers in zip(*(side.finish() for side in self.sides))]

    def end(self):
        for side in self.sides:
            side.end()


def compare(name, counts, options):
    """The best rounds, in turns: for each number of threads ours, bytes a step, PyTorch's by format, and as many processes of ours with the first number of threads as the last takes."""
    here = os.path.dirname(os.path.abspath(__file__))

    def ours(threads):
        return Side(options.benchmarks, "training", name, "--threads", str(threads), "--seconds", str(options.seconds))

    def theirs(threads, layout):
        return Side(options.python, os.path.join(here, "pytorch.py"), name, str(threads), str(options.seconds), layout)

    sides = [[ours(threads), *(theirs(threads, layout) for layout in FORMATS)] for threads in counts]
    crowd = Crowd([ours(counts[0]) for _ in range(counts[-1] // counts[0])])
    best = [[0] * len(row) for row in sides]
    allocated, apart = 0, 0
    for _ in range(options.rounds):
        for row, rates in zip(sides, best):
            rate, bytes_of_step = row[0].round()
            rates[0], allocated = max(rates[0], rate), max(allocated, bytes_of_step)
        apart = max(apart, crowd.round()[0])
        for row, rates in zip(sides, best):
            for i in range(1, len(row)):
                rates[i] = max(rates[i], row[i].round()[0])
    for side in [*sum(sides, []), crowd]:
        side.end()
    return best, allocated, apart


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
        cells = [f"{name}, batch {BATCHES[name]}"]
        best, allocated, apart = compare(name, counts, options)
        for rate, *peers in best:
            peer = max(peers)
            cells += [f"{rate:,.0f}", f"{peer:,.0f} ({FORMATS[peers.index(peer)]})", f"{rate / peer:.2f}"]
        cells += [f"{best[-1][0] / best[0][0]:.2f}", f"{apart / best[0][0]:.2f}", f"{NETWORKS[name]}", f"{allocated:.0f}"]
        rows.append(cells)
        print("  ".join(cells), file=sys.stderr)
    version = subprocess.run([options.python, "-c", "import torch; print(torch.__version__)"], capture_output=True, text=True).stdout.strip()
    head = ["network"] + [text for count in counts for text in (f"ours, {count} thr.", f"PyTorch, {count} thr.", f"ratio, {count} thr.")]
    head += [f"{counts[-1]} thr. ÷ {counts[0]}", f"{counts[-1] // counts[0]} processes ÷ one", "least ratio wanted", "bytes a step"]
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
