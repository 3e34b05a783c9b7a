"""What the range shows, each trial from a house in its usual state back to it."""

import json
import os
import threading
import time

from .directory import CORDON, GROUP, PEOPLE, entries, person
from .machine import until
from .network import BASE, DOMAIN
from .shops import PATIENCE
from .visitor import KINDS
from .vpn import listens

FOOTHOLDS = ["host:pc", "host:home", "user:agent7", "user:desk2", "user:svc-backup"]
NEW = ["kinit", *KINDS]
# Within so many seconds of approval everything is cut, and of harm everything taken back.
CUT_WITHIN = 10
BACK_WITHIN = 5


def tell(text):
    """A line for people."""
    print(text, flush=True)


def must(is_so, what):
    """Ends the trial if something is not so."""
    if not is_so:
        raise AssertionError(what)


def snapshot(house):
    """Everything that a step of the plan sets, as the servers have it."""
    router, hypervisor = house.machines["router"], house.machines["hv"]
    folder = "/etc/ssh/sshd_config.d"
    return {
        "directory": entries(house.machines["dc1"], person("agent7"), person("desk2"), GROUP),
        "rules": router.run("nft", "-s", "list", "ruleset").stdout,
        "entry": listens(house.machines["vpn"]),
        "logins": hypervisor.run("sh", "-c", f"cd {folder}; for f in *; do echo $f; cat $f 2>&1; done; true").stdout,
    }


def differences(before, after):
    """What differs, in words."""
    found = [name for name in ("rules", "entry", "logins") if before[name] != after[name]]
    for dn, entry in before["directory"].items():
        for name in sorted({*entry, *after["directory"][dn]}):
            if entry.get(name) != after["directory"][dn].get(name):
                found.append(f"{dn} {name}")
    return found


def is_cut(house):
    """What is not as the plan wants it, of rules and attributes; each thing once."""
    now = snapshot(house)
    agent, group = now["directory"][person("agent7")], now["directory"][GROUP]
    flags = int(bytes.fromhex(agent["userAccountControl"][0]))
    members = [bytes.fromhex(member).decode() for member in group["member"]]
    wrong = []
    if not flags & 2:
        wrong.append("agent7 is enabled")
    if person("desk2") in members or person("anna") not in members:
        wrong.append(f"the group has {members}")
    if now["rules"].count("table inet cordon_") != 1 or now["rules"].count("10.77.1.50 counter") != 2:
        wrong.append(f"the router has {now['rules']}")
    if now["logins"].count("DenyUsers svc-backup") != 1 or now["logins"].count("cordon") != 1:
        wrong.append(f"the hypervisor has {now['logins']}")
    if now["entry"]:
        wrong.append("the way in from home is open")
    return wrong


def come(house):
    """The visitor has every session, and could have more."""
    for visitor in (house.visitor, house.at_home):
        visitor.come()
    must(house.visitor.can(*NEW) == set(NEW), "the visitor cannot open new sessions")


def last_answers(house):
    """When each session was last answered."""
    return {kind: visitor.last(kind) for visitor in (house.visitor, house.at_home) for kind in visitor.kinds}


def sessions(house):
    """Every session ends, none begins, no payment fails, and everything comes back."""
    cordon, visitor, shops = house.cordon, house.visitor, house.shops
    began = time.time()
    come(house)
    before = snapshot(house)
    plan = json.loads(cordon.plan("estate.yaml", *FOOTHOLDS))
    tell(f"plan: {', '.join(step['id'] for step in plan['steps'])}; {plan['price']['total']}, proven: {plan['proof']['proven']}")
    dry = cordon.say("apply", *cordon.order)
    must(snapshot(house) == before, "a dry run changed something")
    tell(f"dry run: {sum(line.lstrip().startswith(('do:', 'undo:')) for line in dry.stdout.splitlines())} calls told, nothing changed")
    approved = cordon.approve()
    ran = cordon.apply()
    applied = time.time()
    last = last_answers(house)
    time.sleep(2)
    for kind, answered in last_answers(house).items():
        must(answered == last[kind], f"the session by {kind} lives on")
    tell(f"apply: {applied - approved:.1f} s after the second approval; {ran.stdout.strip().splitlines()[0]}")
    tell("last answers: " + ", ".join(f"{kind} {answered - approved:+.1f} s" for kind, answered in last.items()))
    must(max(last.values()) - approved < CUT_WITHIN, "sessions ended too late")
    must(is_cut(house) == [], f"not cut: {is_cut(house)}")
    new = visitor.can(*NEW)
    must(new == set(), f"new sessions can be had: {new}")
    must(house.at_home.can("vpn") == set(), "a new tunnel can be had")
    elsewhere = house.elsewhere.can("kinit", "ldap", "ssh", "smb")
    must(elsewhere == set(), f"from another zone new sessions can be had: {elsewhere}")
    tell("new sessions: none from the office by kinit, bind, SMB, SSH, TCP; none from home by VPN; none from the desk by kinit, bind, SMB, SSH")
    recalled = time.time()
    back = cordon.recall(cordon.run_folder())
    tell(f"recall: {time.time() - recalled:.1f} s; {back.stdout.strip().splitlines()[0]}")
    found = differences(before, snapshot(house))
    must(found == [], f"not as before: {found}")
    come(house)
    tell("as before: every attribute but those the server keeps, every rule, every file; sessions can be made again")
    time.sleep(0.5)
    count = sum(len(lines) for lines in shops.payments(began).values())
    must(shops.failed(began) == [], f"payments failed: {shops.failed(began)[:3]}")
    slowest = max(line["took"] for lines in shops.payments(began).values() for line in lines)
    tell(f"payments: {count} in {time.time() - began:.0f} s, none failed, the slowest took {slowest * 1000:.0f} ms")


class Watch(threading.Thread):
    """Looks at the router many times a second, and says for how long a cut stood."""

    def __init__(self, router):
        super().__init__(daemon=True)
        self.router, self.first, self.last, self.over = router, None, None, False
        self.start()

    def run(self):
        """Until it is told that it is over."""
        while not self.over:
            began = time.time()
            if "cordon_" in self.router.run("nft", "list", "tables").stdout:
                self.first = self.first or began
                self.last = time.time()
            time.sleep(0.02)

    def stood(self):
        """Seconds from when it was first seen to when it was last seen."""
        self.over = True
        self.join()
        return self.last - self.first


def hurt(house):
    """A step that hurts the payment switch is taken back by itself."""
    cordon, shops = house.cordon, house.shops
    before = snapshot(house)
    cordon.plan("hurt.yaml", "host:pc")
    cordon.approve()
    began, watch = time.time(), Watch(house.machines["router"])
    ran = cordon.apply(wanted=(3,))
    stood = watch.stood()
    until("the tills sell again", lambda: all(lines and not lines[-1]["why"] for lines in shops.payments(began).values()))
    bad = shops.failed(began)
    must(bad, "the step hurt nothing")
    told = [line.strip() for line in ran.stderr.splitlines() if "payments" in line]
    tell(f"hurt: the cut stood for {stood:.1f} s; {len(bad)} payments failed, from {PATIENCE:.0f} s of waiting each")
    for line in told:
        tell(f"told: {line}")
    must(stood < BACK_WITHIN, "taken back too late")
    must(any("HELD" in line for line in told), "nobody was told")
    must(differences(before, snapshot(house)) == [], "not as before")
    cordon.recall(cordon.run_folder())
    must(differences(before, snapshot(house)) == [], "not as before, after the recall")


def killed(house):
    """The executor is killed at every write while it carries out, and started again."""
    at_every_write(house, "apply", killed_apply)


def killed_recall(house):
    """The executor is killed at every write while it takes back, and started again."""
    at_every_write(house, "recall", killed_taking_back)


def at_every_write(house, what, trial):
    """A trial for the first write, the second, and so on until there are no more."""
    house.cordon.plan("estate.yaml", *FOOTHOLDS)
    before, writes, began = snapshot(house), 0, time.time()
    while trial(house, writes + 1, before):
        writes += 1
        print(".", end="", flush=True)
    must(writes > 0, f"{what} was never killed")
    took = time.time() - began
    tell(f"\n{what}: killed at each of {writes} writes, in {took:.0f} s; each time it ended as planned and then as before")


def killing(nth):
    """Ends a program when it is about to make its n-th write last."""
    inject = f"inject=fdatasync:signal=KILL:when={nth}"
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", inject]


def killed_apply(house, nth, before):
    """Killed while carrying out: goes on to the plan, and back. False if it was done before."""
    cordon = house.cordon
    cordon.forget()
    cordon.approve()
    ran = cordon.apply(wanted=(0, 137, -9), before=killing(nth))
    run = cordon.run_folder()
    if run is None:
        must(differences(before, snapshot(house)) == [], f"killed at {nth}: no journal, and not as before")
        return True
    if ran.returncode != 0:
        cordon.resume(run)
    must(is_cut(house) == [], f"killed at {nth}: {is_cut(house)}")
    cordon.recall(run)
    found = differences(before, snapshot(house))
    must(found == [], f"killed at {nth}, recalled: {found}")
    return ran.returncode != 0


def killed_taking_back(house, nth, before):
    """Killed while taking back: taken back again. False if it was done before."""
    cordon = house.cordon
    cordon.forget()
    cordon.approve()
    cordon.apply()
    run = cordon.run_folder()
    ran = cordon.recall(run, wanted=(0, 137, -9), before=killing(nth))
    if ran.returncode != 0:
        cordon.recall(run)
    found = differences(before, snapshot(house))
    must(found == [], f"recall killed at {nth}: {found}")
    return ran.returncode != 0


def contract(house):
    """Every action of the connector for directories holds to the contract, against this domain controller."""
    tests = os.environ.get("PRODUCTS")
    if not tests:
        tell("SKIPPED: name the test binary `products` of `edge/effect` in PRODUCTS")
        return
    machine = house.cordon.machine
    given = {"HOST": f"dc1.{DOMAIN}", "PASSWORD": CORDON, "CA": house.authority, "BASE": BASE}
    words = [f"CORDON_RANGE_{name}={value}" for name, value in given.items()]
    ran = machine.run("env", *words, os.path.abspath(tests), "real_directory", "--nocapture", check=False)
    tell(ran.stdout.strip().splitlines()[-1] if ran.stdout else ran.stderr)
    must(ran.returncode == 0, ran.stdout + ran.stderr)


def tickets(house):
    """The domain's key is rotated with a wait between, and a ticket from before is refused."""
    cordon, desk = house.cordon, house.machines["desk"]
    key = f"CN=krbtgt,CN=Users,{BASE}"

    def version():
        values = entries(house.machines["dc1"], key)[key]["msDS-KeyVersionNumber"]
        return int(bytes.fromhex(values[0]))

    def is_good():
        """Whether the old ticket is given another for it."""
        words = "cp /tmp/old /tmp/copy && kvno -q -c FILE:/tmp/copy cifs/file." + DOMAIN
        return desk.run("sh", "-c", words, check=False).returncode == 0

    desk.run("kinit", "-c", "FILE:/tmp/old", "anna", text=PEOPLE["anna"] + "\n")
    must(is_good(), "the ticket is not good before")
    before = version()
    cordon.plan("tickets.yaml", "host:pc")
    cordon.approve()
    began = time.time()
    ran = cordon.apply()
    took = time.time() - began
    times = sum("doing: rotate-krbtgt" in line for line in ran.stderr.splitlines())
    must(times == 3 and took > 2 * 6, f"it was reset {times} times in {took:.1f} s")
    must(version() == before + 3, f"the key's version was {before} and is {version()}")
    must(not is_good(), "the ticket from before is still good")
    desk.run("kinit", "-c", "FILE:/tmp/new", "anna", text=PEOPLE["anna"] + "\n")
    back = cordon.recall(cordon.run_folder())
    must("only forward" in back.stdout, back.stdout)
    tell(f"tickets: version {before} to {version()} in {took:.1f} s, 6 s apart; a ticket from before is refused, a new one can be had")
    tell(f"recall: {back.stdout.strip().splitlines()[0]}")


TRIALS = {
    "sessions": sessions, "directory": contract, "hurt": hurt, "killed": killed, "killed-recall": killed_recall,
    "tickets": tickets,
}  # fmt: skip
