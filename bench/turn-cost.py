#!/usr/bin/env python3
"""What a turn costs late in a long conversation: CPU of the program between one request and the next, by its own process clock.

  bench/turn-cost.py [PROGRAM] [TURNS]     default: artifacts/bridle/Bridle.Cli, 330 turns

A mock model on loopback asks for one file read a turn. Prints the median CPU of the sixty turns around 50 and around 300 and their ratio: wide windows,
because the runtime compiles hot code anew in bursts that last some twenty turns. Linux only.
"""
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
program = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(root, "artifacts/bridle/Bridle.Cli")
turns = int(sys.argv[2]) if len(sys.argv) > 2 else 330


def chunk(delta, finish=None):
    return "data: " + json.dumps({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "mock",
                                  "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}) + "\n\n"


def reply(turn):
    if turn >= turns:
        return chunk({"content": "Done."}) + chunk({}, "stop") + "data: [DONE]\n\n"
    call = {"index": 0, "id": f"call_{turn}", "type": "function",
            "function": {"name": "Read", "arguments": json.dumps({"file_path": "a.txt", "offset": turn + 1, "limit": 40})}}
    return chunk({"tool_calls": [call]}) + chunk({}, "tool_calls") + "data: [DONE]\n\n"


with tempfile.TemporaryDirectory() as place, socket.create_server(("127.0.0.1", 0)) as server:
    os.mkdir(os.path.join(place, "files"))
    with open(os.path.join(place, "files", "a.txt"), "w") as f:
        f.writelines(f"line {n}: some words that make it as long as code is\n" for n in range(turns + 50))
    env = {"PATH": os.environ["PATH"], "HOME": os.path.join(place, "home"), "OPENAI_API_KEY": "x",
           "OPENAI_BASE_URL": f"http://127.0.0.1:{server.getsockname()[1]}/v1"}
    process = subprocess.Popen([program, "run", "--model", "openai/mock", "--max-steps", str(turns + 5), "Read it all."], cwd=os.path.join(place, "files"),
                               env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    clock = (~process.pid << 3) | 2          # the CPU clock of that process, all its threads
    server.settimeout(60)
    connection, _ = server.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream = connection.makefile("rb")
    cpu, sizes = [], []
    for turn in range(turns + 1):
        length = 0
        while (line := stream.readline().strip()):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        stream.read(length)
        cpu.append(time.clock_gettime(clock))
        sizes.append(length)
        body = reply(turn).encode()
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
    error = process.stderr.read().decode()
    if process.wait() != 0:
        sys.exit(f"the program failed:\n{error[-2000:]}")


def around(turn):
    costs = [after - before for before, after in zip(cpu, cpu[1:])]
    return statistics.median(costs[turn - 30:turn + 30]) * 1000


last = min(300, turns - 30)
early, late = around(50), around(last)
print(f"request at turn 50: {sizes[50]} bytes, CPU {early:.2f} ms")
print(f"request at turn {last}: {sizes[last]} bytes, CPU {late:.2f} ms")
print(f"ratio {late / early:.2f}")
