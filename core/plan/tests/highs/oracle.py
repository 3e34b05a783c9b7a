"""The cheapest admissible set of steps as a mixed-integer program, solved by HiGHS.

Reads one estate as JSON from standard input and writes the numbers of the chosen steps, or null where
no set is admissible. With `seconds` in it, the solver stops after so long and the answer is an object: `steps` (the best
set found, or null), `proven` (whether it is the best there is) and `bound` (no set costs less). With `whole` in it, only these steps have to come out whole. Written from docs/reference/plan.md alone; it shares nothing with the planner.
"""

import json
import os
import sys
from fractions import Fraction

import highspy


class Program:
    def __init__(self):
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("threads", 1)
        self.highs.setOptionValue("mip_rel_gap", 0.0)
        self.highs.setOptionValue("mip_abs_gap", 1e-9)
        self.count = 0

    def variable(self, cost=0.0, upper=1.0, lower=0.0, whole=False):
        self.highs.addVar(lower, upper)
        self.highs.changeColCost(self.count, float(cost))
        if whole:
            self.highs.changeColIntegrality(self.count, highspy.HighsVarType.kInteger)
        self.count += 1
        return self.count - 1

    def at_least(self, terms, least):
        sums = {}
        for variable, factor in terms:
            sums[variable] = sums.get(variable, 0.0) + factor
        self.highs.addRow(least, highspy.kHighsInf, len(sums), list(sums), list(sums.values()))


def loss(service, start, hold):
    rate, ramp = Fraction(service["rate"]), Fraction(service["ramp"])
    down = max(Fraction(0), hold - start)
    if ramp == 0:
        return rate * down
    if down <= ramp:
        return rate * down * down / (2 * ramp)
    return rate * (down - ramp / 2)


class Services:
    """When services fail, as variables that say whether something has failed by some moment."""

    def __init__(self, program, estate, chosen):
        self.program, self.hold = program, Fraction(estate["hold"])
        self.services = estate["services"]
        self.takers = {}
        for step, nodes in enumerate(estate["takes_down"]):
            for node in nodes:
                self.takers.setdefault(node, set()).add(chosen[step])
        self.moments, self.signs, self.nodes = {}, {}, {}
        for number in estate["bottom_up"]:
            self.add(number)

    def times(self, need):
        if "node" in need:
            return {Fraction(0)} if need["node"] in self.takers else set()
        if "service" in need:
            return set(self.moments[need["service"]])
        return set().union(*[self.times(child) for child in need["of"]])

    def add(self, number):
        service = self.services[number]
        cover = Fraction(service["cover"])
        starts = sorted(t + cover for t in self.times(service["needs"]) if t + cover < self.hold)
        self.moments[number] = starts
        signs = [self.failed(service["needs"], start - cover) for start in starts]
        self.signs[number] = signs
        for place, sign in enumerate(signs):
            if sign is None:
                continue
            after = starts[place + 1] if place + 1 < len(starts) else self.hold
            added = loss(service, starts[place], self.hold) - loss(service, after, self.hold)
            variable = self.program.variable(cost=added, whole=True)
            self.program.at_least([(variable, 1.0), (sign, -1.0)], 0.0)
            if service["protected"]:
                self.program.at_least([(sign, -1.0)], 0.0)

    def failed(self, need, moment):
        if "node" in need:
            node = need["node"]
            if node not in self.takers:
                return None
            if node not in self.nodes:
                variable = self.program.variable()
                for step in self.takers[node]:
                    self.program.at_least([(variable, 1.0), (step, -1.0)], 0.0)
                self.nodes[node] = variable
            return self.nodes[node]
        if "service" in need:
            passed = [s for t, s in zip(self.moments[need["service"]], self.signs[need["service"]]) if t <= moment]
            return passed[-1] if passed else None
        children = [self.failed(child, moment) for child in need["of"]]
        children = [child for child in children if child is not None]
        trips = need["trips"]
        if len(children) < trips:
            return None
        variable = self.program.variable(whole=True)
        spare = len(children) - trips + 1
        terms = [(variable, float(spare))] + [(child, -1.0) for child in children]
        self.program.at_least(terms, 1.0 - trips)
        return variable


def solve(estate):
    program = Program()
    whole = set(estate.get("whole", range(len(estate["costs"]))))
    chosen = [program.variable(cost=Fraction(c), whole=n in whole) for n, c in enumerate(estate["costs"])]
    into = [program.variable() for _ in range(estate["nodes"])]
    out = [program.variable() if steps else into[node] for node, steps in enumerate(estate["node_steps"])]
    node_steps, edge_steps = estate["node_steps"], estate["edge_steps"]

    def way(start, end, steps):
        terms = [(end, 1.0), (start, -1.0)] + [(chosen[s], 1.0) for s in set(steps)]
        program.at_least(terms, 0.0)

    for node, steps in enumerate(node_steps):
        if steps:
            way(into[node], out[node], steps)
    for (start, end), steps in zip(estate["edges"], edge_steps):
        way(out[start], into[end], steps)
    for node in estate["held"]:
        program.at_least([(into[node], 1.0)], 1.0)
    for node in estate["jewels"]:
        program.at_least([(out[node], -1.0)], 0.0)
    Services(program, estate, chosen)
    seconds = estate.get("seconds")
    if seconds is not None:
        program.highs.setOptionValue("time_limit", float(seconds))
    program.highs.run()
    proven = program.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    info = program.highs.getInfo()
    found = proven or info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = program.highs.getSolution().col_value
    steps = [step for step, variable in enumerate(chosen) if values[variable] > 0.5] if found else None
    if seconds is None:
        return steps if proven else None
    return {"steps": steps, "proven": proven, "bound": info.mip_dual_bound}


# What the solver prints about itself is no answer.
answer = os.dup(1)
os.dup2(2, 1)
with os.fdopen(answer, "w") as out:
    json.dump(solve(json.load(sys.stdin)), out)
