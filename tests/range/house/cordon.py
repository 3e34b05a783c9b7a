"""Cordon at its own machine: keys, policy, connectors, and the commands as a person types them."""

import base64
import glob
import os
import shutil
import subprocess
import time

from .directory import CORDON
from .network import DOMAIN, addresses
from .servers import key, public
from .vpn import MANAGEMENT, PASSWORD

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

POLICY = """\
cordon: policy/v1
name: Range
people:
  - {{ id: anna, key: '{anna}', roles: [lead] }}
  - {{ id: ben, key: '{ben}', roles: [responder] }}
rules:
  - {{ kinds: [disable-account, remove-from-group], targets_max: 3, people: 1 }}
  - {{ kinds: [block-address, close-vpn], targets_max: 3, people: 2 }}
  - {{ kinds: [rotate-krbtgt], people: 2 }}
"""

CONNECTORS = """\
cordon: connectors/v1
connectors:
  ad:
    active-directory: {{ host: dc1.{domain}, user: cordon@{domain} }}
    secrets: {{ password: {{ file: {folder}/ad }} }}
    ca: {ca}
  router:
    nftables: {{ ssh: {{ host: 10.77.8.1, user: root, identity: {folder}/router, known_hosts: {folder}/hosts }} }}
  vpn:
    openvpn: {{ host: {vpn}, port: {management} }}
    secrets: {{ password: {{ file: {folder}/vpn }} }}
  hypervisor:
    openssh: {{ ssh: {{ host: hv.{domain}, user: root, identity: {folder}/hypervisor, known_hosts: {folder}/hosts }} }}
"""


class Cordon:
    """Cordon with everything that it needs."""

    def __init__(self, machine, authority):
        self.machine = machine
        self.binary = os.path.abspath(os.environ["CORDON"])
        for name in ("router", "hypervisor"):
            key(machine.folder, name)
        for name in ("anna", "ben", "executor", "anchor"):
            self._sh(f"openssl genpkey -algorithm ed25519 -out {name}.pem && openssl pkey -in {name}.pem -pubout -out {name}.pub")
        keys = {name: self._raw(name) for name in ("anna", "ben")}
        machine.write("policy.yml", POLICY.format(**keys))
        self._sh("openssl pkeyutl -sign -rawin -inkey anchor.pem -in policy.yml | base64 -w0 > policy.yml.sig")
        machine.write("ad", CORDON + "\n")
        machine.write("vpn", PASSWORD + "\n")
        where = {"domain": DOMAIN, "vpn": addresses()["vpn"], "management": MANAGEMENT}
        machine.write("site.yml", CONNECTORS.format(**where, folder=machine.folder, ca=authority))
        for name in ("estate.yaml", "hurt.yaml", "tickets.yaml"):
            shutil.copy(os.path.join(HERE, name), machine.folder)

    def know(self, **machines):
        """Believes the host keys of these machines."""
        lines = [f"{name} {public(machine.path('host'))}" for name, machine in machines.items()]
        self.machine.write("hosts", "".join(lines))

    def _sh(self, line):
        subprocess.run(["sh", "-c", line], cwd=self.machine.folder, check=True, capture_output=True)

    def _raw(self, name):
        der = subprocess.run(
            ["openssl", "pkey", "-in", f"{name}.pem", "-pubout", "-outform", "DER"],
            cwd=self.machine.folder, check=True, capture_output=True,
        ).stdout  # fmt: skip
        return base64.b64encode(der[-32:]).decode()

    def say(self, *words, wanted=(0,), before=()):
        """Runs the binary where its files are."""
        line = ["sh", "-c", 'cd "$0" && exec "$@"', self.machine.folder, *before, self.binary, *words]
        ran = self.machine.run(*line, check=False, timeout=120)
        if ran.returncode not in wanted:
            raise RuntimeError(f"cordon {' '.join(words)}: {ran.returncode}\n{ran.stdout}{ran.stderr}")
        return ran

    def plan(self, estate, *footholds):
        """Plans, and keeps the plan."""
        words = [word for foothold in footholds for word in ("--foothold", foothold)]
        ran = self.say("plan", "--estate", estate, *words, "--format", "json")
        self.machine.write("plan.json", ran.stdout)
        self.order = ["plan.json", "--estate", estate, "--policy", "policy.yml", "--connectors", "site.yml"]
        return ran.stdout

    def approve(self):
        """Both people approve; gives the time at which the second did."""
        for name in ("anna", "ben"):
            ran = self.say("approve", *self.order, "--by", name, "--key", f"{name}.pem")
            self.machine.write(f"{name}.json", ran.stdout)
        return time.time()

    def apply(self, wanted=(0,), before=(), watch=0):
        """Carries the plan out, and watches for so many seconds."""
        approvals = ["--approval", "anna.json", "--approval", "ben.json"]
        words = ["--execute", "--watch", str(watch), *approvals, "--anchor", "anchor.pub", "--key", "executor.pem"]
        return self.say("apply", *self.order, *words, wanted=wanted, before=before)

    def run_folder(self):
        """The newest run's folder, if there is one with a journal."""
        runs = glob.glob(self.machine.path("cordon-runs/*/journal"))
        return os.path.dirname(max(runs, key=os.path.getmtime)) if runs else None

    def resume(self, run):
        """Goes on with a run."""
        return self.say("run", "resume", run, "--key", "executor.pem", "--connectors", "site.yml")

    def recall(self, run, wanted=(0,), before=()):
        """Takes a run back."""
        words = ["--key", "executor.pem", "--connectors", "site.yml", "--why", "the range"]
        return self.say("recall", run, *words, wanted=wanted, before=before)

    def forget(self):
        """Puts all runs aside, so that each approval counts again."""
        shutil.rmtree(self.machine.path("cordon-runs"), ignore_errors=True)
