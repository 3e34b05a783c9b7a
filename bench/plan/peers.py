"""HiGHS, and a plain minimum cut, on an estate that `cordon bench plan --write` made.

    python3 bench/plan/peers.py ESTATE.jsonl [--staff N | --outside] [--hold HOURS] [--seconds N]

Prints one line of JSON: the price of the best plan that HiGHS finds within so many seconds of the clock, its bound and whether it is
proven, what a minimum cut in which
every way pays for a step of its own believes to cost, and what the steps that it takes cost by docs/reference/plan.md.
Written from that page alone; it shares nothing with the planner. Seconds are of the solver only.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from fractions import Fraction

ORACLE = os.path.join(os.path.dirname(__file__), "../../core/plan/tests/highs/oracle.py")


def hours(text):
    number, unit = Fraction(text[:-1]), text[-1]
    return number / 60 if unit == "m" else number * 24 if unit == "d" else number


class Estate:
    def __init__(self, path):
        self.ids, self.jewels, self.services, self.steps = {}, [], [], []
        edges, services = [], []
        for line in open(path, encoding="utf-8"):
            thing = json.loads(line)
            if "node" in thing:
                node = thing["node"]
                self.ids[node["id"]] = len(self.ids)
                if "jewel" in node:
                    self.jewels.append(self.ids[node["id"]])
            elif "edge" in thing:
                edge = thing["edge"]
                edges.append((edge["from"], edge["to"], edge["kind"]))
            elif "service" in thing:
                services.append(thing["service"])
            elif "step" in thing:
                self.steps.append(thing["step"])
        named = sorted({(self.ids[a], self.ids[b], kind) for a, b, kind in edges})
        self.edges = [(a, b) for a, b, _ in named]
        self.edge_of = {edge: number for number, edge in enumerate(named)}
        self.between = {}
        for number, edge in enumerate(self.edges):
            self.between.setdefault(edge, []).append(number)
        self.service_ids = {service["id"]: n for n, service in enumerate(services)}
        self.services = [self.service(s) for s in services]

    def service(self, s):
        return {
            "needs": self.need(s["needs"]),
            "rate": str(Fraction(str(s.get("loss_per_hour", 0)))),
            "cover": str(hours(s.get("cover", "0h"))),
            "ramp": str(hours(s.get("ramp", "0h"))),
            "protected": s.get("protected", False),
        }

    def need(self, need):
        if isinstance(need, str):
            if need in self.service_ids:
                return {"service": self.service_ids[need]}
            return {"node": self.ids[need]}
        of = need.get("all") or need.get("any") or need["of"]
        children = [self.need(child) for child in of]
        trips = 1 if "all" in need else len(of) if "any" in need else len(of) + 1 - need["at_least"]
        return {"trips": trips, "of": children}

    def bottom_up(self):
        order, seen = [], set()

        def visit(number):
            if number in seen:
                return
            seen.add(number)
            for needed in services_of(self.services[number]["needs"]):
                visit(needed)
            order.append(number)

        for number in range(len(self.services)):
            visit(number)
        return order


def nodes_of(need):
    if "node" in need:
        yield need["node"]
    for child in need.get("of", []):
        yield from nodes_of(child)


def services_of(need):
    if "service" in need:
        yield need["service"]
    for child in need.get("of", []):
        yield from services_of(child)


NEVER = Fraction(10**9)


class Prices:
    """What sets of steps cost, straight from the contract."""

    def __init__(self, estate, hold):
        self.estate, self.hold, self.order = estate, hold, estate.bottom_up()
        needed = set().union(*[nodes_of(service["needs"]) for service in estate.services])
        down = [{estate.ids[n] for n in step.get("takes_down", [])} for step in estate.steps]
        # What nobody needs may stop, and most steps stop what few others do: losses are told once for each set.
        self.down = [frozenset(nodes & needed) for nodes in down]
        self.cost = [Fraction(str(step["cost"])) for step in estate.steps]
        self.known = {frozenset(): (Fraction(0), True)}

    def starts(self, down):
        starts = {}

        def fails(need):
            if "node" in need:
                return Fraction(0) if need["node"] in down else NEVER
            if "service" in need:
                return starts[need["service"]]
            return sorted(fails(child) for child in need["of"])[need["trips"] - 1]

        for number in self.order:
            service = self.estate.services[number]
            starts[number] = fails(service["needs"]) + Fraction(service["cover"])
        return starts

    def of(self, steps):
        """The price, and whether nothing protected stops."""
        down = frozenset().union(*[self.down[step] for step in steps])
        if down not in self.known:
            self.known[down] = self.lost(down)
        lost, spares = self.known[down]
        return sum((self.cost[step] for step in steps), lost), spares

    def lost(self, down):
        total, spares = Fraction(0), True
        for number, start in self.starts(down).items():
            service = self.estate.services[number]
            span = max(Fraction(0), self.hold - start)
            spares &= not (service["protected"] and span > 0)
            rate, ramp = Fraction(service["rate"]), Fraction(service["ramp"])
            if ramp == 0:
                total += rate * span
            elif span <= ramp:
                total += rate * span * span / (2 * ramp)
            else:
                total += rate * (span - ramp / 2)
        return total, spares


class Ways:
    """The estate as ways that steps close, without what cannot matter and with what nothing parts as one."""

    def __init__(self, estate, prices, held):
        nodes = len(estate.ids)
        at_node, at_edge = {}, {}
        for number, step in enumerate(estate.steps):
            if not prices.of([number])[1]:
                continue
            removes = step.get("removes", {})
            for node in removes.get("nodes", []):
                at_node.setdefault(estate.ids[node], set()).add(number)
            for edge in removes.get("edges", []):
                ends = (estate.ids[edge["from"]], estate.ids[edge["to"]])
                if "kind" in edge:
                    known = estate.edge_of.get((*ends, edge["kind"]))
                    found = [] if known is None else [known]
                else:
                    found = estate.between.get(ends, [])
                for way in found:
                    at_edge.setdefault(way, set()).add(number)
        ways = [(2 * n, 2 * n + 1, steps) for n, steps in at_node.items()]
        out = lambda node: 2 * node + (node in at_node)
        none = frozenset()
        for number, (a, b) in enumerate(estate.edges):
            ways.append((out(a), 2 * b, at_edge.get(number, none)))
        lost = [out(node) for node in estate.jewels if node not in held]
        source = spread(2 * nodes, [2 * n for n in held], [(a, b) for a, b, s in ways if not s])
        sink = spread(2 * nodes, lost, [(b, a) for a, b, s in ways if not s])
        if any(a and b for a, b in zip(source, sink)):
            sys.exit("no admissible plan exists")
        ways = [way for way in ways if not source[way[1]] and not sink[way[0]]]
        starts = [v for v in range(2 * nodes) if source[v]]
        ends = [v for v in range(2 * nodes) if sink[v]]
        after = spread(2 * nodes, starts, [(a, b) for a, b, _ in ways])
        before = spread(2 * nodes, ends, [(b, a) for a, b, _ in ways])
        kept = [
            (0 if source[a] else 1 if sink[a] else a + 2, 0 if source[b] else 1 if sink[b] else b + 2, frozenset(steps))
            for a, b, steps in ways if after[a] and before[b]
        ]
        kept = together(2 * nodes + 2, kept)
        names = {0: 0, 1: 1}
        self.ways = {}
        for a, b, steps in kept:
            key = (names.setdefault(a, len(names)), names.setdefault(b, len(names)), steps)
            self.ways[key] = self.ways.get(key, 0) + 1
        self.vertices = len(names)


def together(vertices, ways):
    """The ways with vertices made one that every cheapest cut leaves on one side: those that lead to each other by ways
    that nothing closes, and one with the only vertex that leads to it, or that it leads to, if nothing closes that."""
    while True:
        stands = rings(vertices, [(a, b) for a, b, steps in ways if not steps])
        merged = moved(ways, stands)
        for end in (0, 1):
            near, many = {}, set()
            for way in merged:
                at, other = (way[1], way[0]) if end == 0 else (way[0], way[1])
                if at in near and near[at] != (other, way[2]):
                    many.add(at)
                near.setdefault(at, (other, way[2]))
            stands = list(range(vertices))
            for at, (other, steps) in near.items():
                if at > 1 and at not in many and not steps:
                    stands[at] = other
            for vertex in range(vertices):
                # Ways that nothing closes form no ring any more, so that this ends.
                while stands[stands[vertex]] != stands[vertex]:
                    stands[vertex] = stands[stands[vertex]]
            merged = moved(merged, stands)
        if len(merged) == len(ways):
            return merged
        ways = merged


def moved(ways, stands):
    found = ((stands[a], stands[b], steps) for a, b, steps in ways)
    return [(a, b, steps) for a, b, steps in found if a != b and b != 0 and a != 1]


def rings(vertices, pairs):
    """For each vertex one of those that it leads to and that lead to it (Tarjan 1972)."""
    out = [[] for _ in range(vertices)]
    for a, b in pairs:
        out[a].append(b)
    order, low, stands = [0] * vertices, [0] * vertices, list(range(vertices))
    stack, on_stack, clock = [], [False] * vertices, 0
    for root in range(vertices):
        if order[root] or not out[root]:
            continue
        path = [(root, iter(out[root]))]
        clock += 1
        order[root] = low[root] = clock
        stack.append(root)
        on_stack[root] = True
        while path:
            at, onward = path[-1]
            to = next(onward, None)
            if to is None:
                path.pop()
                if low[at] == order[at]:
                    members = []
                    while True:
                        member = stack.pop()
                        on_stack[member] = False
                        members.append(member)
                        if member == at:
                            break
                    for member in members:
                        stands[member] = min(members)
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[at])
            elif not order[to]:
                clock += 1
                order[to] = low[to] = clock
                stack.append(to)
                on_stack[to] = True
                path.append((to, iter(out[to])))
            elif on_stack[to]:
                low[at] = min(low[at], order[to])
    return stands


def spread(vertices, starts, pairs):
    first, following = [-1] * vertices, []
    heads = []
    for a, b in pairs:
        following.append(first[a])
        first[a] = len(heads)
        heads.append(b)
    found, open_ = [False] * vertices, []
    for start in starts:
        if not found[start]:
            found[start] = True
            open_.append(start)
    while open_:
        way = first[open_.pop()]
        while way >= 0:
            if not found[heads[way]]:
                found[heads[way]] = True
                open_.append(heads[way])
            way = following[way]
    return found


def solved(program):
    """The steps that HiGHS chooses, and the seconds that took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, ORACLE], input=json.dumps(program), capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout), seconds


def program(ways, costs, services, bottom_up, takes_down, hold):
    return {
        "nodes": ways.vertices, "held": [0], "jewels": [1], "node_steps": [[]] * ways.vertices,
        "edges": [(a, b) for a, b, _ in ways.ways], "edge_steps": [list(s) for _, _, s in ways.ways],
        "costs": costs, "takes_down": takes_down, "services": services, "bottom_up": bottom_up, "hold": hold,
    }


def shared(program):
    """Steps that close several ways or stop what services need. The others come out whole by themselves: where the shared
    ones are decided, what is left is a minimum cut."""
    closes = [0] * len(program["costs"])
    for steps in program["edge_steps"]:
        for step in steps:
            closes[step] += 1
    down = program["takes_down"]
    return [step for step, count in enumerate(closes) if count > 1 or down[step]]


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("estate")
    asked.add_argument("--staff", type=int, default=200)
    asked.add_argument("--outside", action="store_true")
    asked.add_argument("--hold", type=int, default=24)
    asked.add_argument("--seconds", type=int, default=600)
    asked.add_argument("--count", action="store_true", help="only say how much is left to be solved")
    asked = asked.parse_args()
    estate = Estate(asked.estate)
    prices = Prices(estate, Fraction(asked.hold))
    every = sum(1 for i in estate.ids if i.startswith("user:staff-")) // asked.staff
    held = ["external:internet"] if asked.outside else [f"user:staff-{n * every}" for n in range(asked.staff)]
    ways = Ways(estate, prices, {estate.ids[h] for h in held})
    used = sorted(set().union(*[steps for _, _, steps in ways.ways]))
    number = {step: n for n, step in enumerate(used)}
    ways.ways = {(a, b, frozenset(number[s] for s in steps)): n for (a, b, steps), n in ways.ways.items()}
    mixed = program(
        ways, [str(prices.cost[s]) for s in used], estate.services, estate.bottom_up(),
        [sorted(prices.down[s]) for s in used], str(asked.hold))
    mixed["seconds"] = asked.seconds
    mixed["whole"] = shared(mixed)
    if asked.count:
        print(json.dumps({"vertices": ways.vertices, "ways": len(ways.ways), "steps": len(used), "shared": len(mixed["whole"])}))
        return
    answer, seconds = solved(mixed)
    price = None
    if answer["steps"] is not None:
        price, spares = prices.of([used[s] for s in answer["steps"]])
        assert spares, "what HiGHS chooses stops something protected"

    # A minimum cut that knows of no sharing: each way pays the cheapest of its steps with all that it stops.
    alone = [prices.of([s])[0] for s in used]
    cheapest = [min(steps, key=lambda s: alone[s]) if steps else None for _, _, steps in ways.ways]
    private, costs = [], []
    for step, times in zip(cheapest, ways.ways.values()):
        private.append([] if step is None else [len(costs)])
        if step is not None:
            costs.append(str(alone[step] * times))
    plain = program(ways, costs, [], [], [[] for _ in costs], str(asked.hold))
    plain["edge_steps"] = private
    cut, plain_seconds = solved(plain)
    owners = [step for step in cheapest if step is not None]
    believed = sum(Fraction(costs[way]) for way in cut)
    taken = sorted({used[owners[way]] for way in cut})
    paid, plain_spares = prices.of(taken)
    print(json.dumps({
        "held": len(held), "vertices": ways.vertices, "ways": len(ways.ways), "steps": len(used),
        "highs_price": price and str(price), "highs_bound": answer["bound"], "highs_proven": answer["proven"],
        "highs_cpu_seconds": round(seconds, 1),
        "plain_cut_believes": str(believed), "plain_cut_pays": str(paid), "plain_cut_stops_protected": not plain_spares,
        "plain_cpu_seconds": round(plain_seconds, 1),
    }))


main()
