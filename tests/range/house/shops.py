"""The payment switch, and tills that post a payment every 200 ms and write down how each went."""

import http.client
import json
import socketserver
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .machine import until
from .network import addresses

PAY = 8080
ADMIN = 9000
EVERY = 0.2
# A customer would not wait longer.
PATIENCE = 2.0


class Switch(BaseHTTPRequestHandler):
    """Takes payments, and says that it is well."""

    def do_GET(self):
        """`/health`."""
        self.answer()

    def do_POST(self):
        """`/pay`."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer()

    def answer(self):
        """All is well."""
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format, *arguments):
        """Nobody reads it."""


class Echo(socketserver.StreamRequestHandler):
    """The switch's way in for administrators: says again what was said."""

    def handle(self):
        """Until the other side goes."""
        for line in self.rfile:
            self.wfile.write(line)


class Echoes(socketserver.ThreadingTCPServer):
    """Several at once."""

    allow_reuse_address = True
    daemon_threads = True


def switch():
    """Runs until it is ended."""
    echoes = Echoes(("", ADMIN), Echo)
    threading.Thread(target=echoes.serve_forever, daemon=True).start()
    ThreadingHTTPServer.request_queue_size = 64
    ThreadingHTTPServer(("", PAY), Switch).serve_forever()


def till():
    """Posts payments until it is ended: a line of JSON for each, on standard output."""
    due = time.time()
    while True:
        began = time.time()
        why = None
        try:
            way = http.client.HTTPConnection(addresses()["switch"], PAY, timeout=PATIENCE)
            way.request("POST", "/pay", body='{"pence": 420}')
            answer = way.getresponse()
            answer.read()
            if answer.status != 200:
                why = str(answer.status)
            way.close()
        except OSError as error:
            why = str(error)
        print(json.dumps({"at": began, "took": time.time() - began, "why": why}), flush=True)
        due = max(due + EVERY, time.time())
        time.sleep(max(0, due - time.time()))


class Shops:
    """The switch and the tills, running."""

    def __init__(self, machines):
        words = (sys.executable, "-B", "-m", "house.shops")
        machines["switch"].start(*words, "switch", log="switch.log")
        until("the switch listens", lambda: f":{PAY} " in machines["switch"].run("ss", "-Htln").stdout)
        self.tills = [machines[f"till{n}"] for n in (1, 2, 3)]
        for machine in self.tills:
            machine.start(*words, "till", log="payments.jsonl")
        until("every till has sold something", lambda: all(self.payments(0).values()))

    def payments(self, since):
        """What each till did since a time."""
        found = {}
        for machine in self.tills:
            with open(machine.path("payments.jsonl"), encoding="utf-8") as file:
                lines = [json.loads(line) for line in file if line.endswith("}\n")]
            found[machine.name] = [line for line in lines if line["at"] >= since]
        return found

    def failed(self, since):
        """Payments that failed since a time."""
        return [line for lines in self.payments(since).values() for line in lines if line["why"]]


if __name__ == "__main__":
    {"switch": switch, "till": till}[sys.argv[1]]()
