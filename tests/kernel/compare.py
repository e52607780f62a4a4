"""Random rulesets in the kernel: does it do with each packet what `fwproof trace` says?

    compare.py FWPROOF FOLDER KIND COUNT [FIRST]

KIND is iptables-nft, iptables-legacy, ip6tables-nft, ip6tables-legacy, nftables, or fixed for those of
fixed.py. Ruleset number N is the same on every machine and draws its own packets. Runs in a network
namespace of its own (`unshare -n`) and prints the runner's lines; each packet on which the two disagree
is printed, and its ruleset stays in FOLDER.
"""

import json
import pathlib
import random
import subprocess
import sys

import fixed
import iptables
import network
import nftables
import packets

PACKETS = 24  # of a ruleset
LEAST_RULES_RIGHT = 0.98
MOST_MAY = 0.06  # limits, TTLs, whose address it is: what neither the rules nor the packet's row say


class Totals:
    def __init__(self):
        self.packets = self.wrong = self.may = self.unlike = 0
        self.rules = self.rules_right = self.refused = self.rulesets = 0


def observe(net, ruleset, drawn):
    """[(packet, hook, out, passed, hits)] of the packets that were seen on their way."""
    net.watch()
    hits = {}
    before = ruleset.counters()
    for packet in drawn:
        net.inject(packet)
        after = ruleset.counters()
        hits[packet.key] = [(place, text) for place, (count, text) in after.items()
                            if count != before[place][0]]
        before = after
    seen = net.seen({packet.key for packet in drawn})
    result = []
    for packet in drawn:
        if packet.key in seen:
            hook, out, passed = seen[packet.key]
            if hook is None:  # refused before anybody asked where it goes
                own = packet.destination in packet.family.own
                hook = "input" if own else "forward"
                out = packet.family.out(packet.destination)
            result.append((packet, hook, "" if hook == "input" else out, passed, hits[packet.key]))
    return result


def trace(program, path, rows):
    done = subprocess.run([program, "trace", "--quiet", "--json", path, "--packets", rows],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise network.Failed(f"trace {path}: {done.stderr.strip()}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def gist(answer):
    """What two spellings of one ruleset have in common: no lines, no ids."""
    path = [(step["policy"], step["position"], step["action"]) for step in answer["path"]]
    rule = answer["rule"] and (answer["rule"]["policy"], answer["rule"]["position"])
    return answer["verdict"], rule, answer["default"], path


def compare(program, folder, ruleset, observed, totals, name):
    rows = folder / "packets.csv"
    lines = [packet.row(hook, out) for packet, hook, out, _, _ in observed]
    rows.write_text("\n".join([packets.COLUMNS, *lines]) + "\n")
    answers = None
    keep = False
    for spelling, text in ruleset.spellings().items():
        path = folder / spelling
        path.write_text(text)
        others = trace(program, path, rows)
        answers = answers or others
        for line, first, other in zip(lines, answers, others):
            if gist(first) != gist(other):
                totals.unlike += 1
                keep = True
                print(f"UNLIKE {name} {spelling}: {line}: {gist(first)}, {gist(other)}")
    for line, answer, (_, _, _, passed, hits) in zip(lines, answers, observed, strict=True):
        totals.packets += 1
        if answer["verdict"] == "may":
            totals.may += 1
        elif (answer["verdict"] == "permit") != passed:
            totals.wrong += 1
            keep = True
            print(f"WRONG {name}: {line}: kernel {'permit' if passed else 'refused'}, "
                  f"trace {answer['verdict']} by {answer['rule']}; counted {hits}")
        elif not ruleset.unseen:
            right = ruleset.right_rule(hits, answer, passed)
            totals.rules += right is not None
            totals.rules_right += right is True
            if right is False:
                keep = True
                print(f"RULE {name}: {line}: {answer['verdict']} by {answer['rule']}; counted {hits}")
    if keep:
        kept = folder / name
        kept.mkdir(exist_ok=True)
        for path in [rows, *(folder / spelling for spelling in ruleset.spellings())]:
            (kept / path.name).write_text(path.read_text())


def report(kind, totals):
    """The runner's lines."""
    counts = f"{kind}: {totals.packets} packets of {totals.rulesets} rulesets"
    may = totals.may / max(1, totals.packets)
    right = totals.rules_right / max(1, totals.rules)
    cases = (
        (totals.packets > 0 and totals.wrong == 0, f"{counts}: the kernel's verdicts",
         f"{totals.wrong} wrong"),
        (totals.unlike == 0, f"{kind}: other spellings of the same rules fare alike",
         f"{totals.unlike} unlike"),
        (totals.rules > 0 and right >= LEAST_RULES_RIGHT,
         f"{kind}: the deciding rule is right for {right:.1%} of {totals.rules}",
         f"at least {LEAST_RULES_RIGHT:.0%}"),
        (may <= MOST_MAY, f"{kind}: {may:.1%} may", f"at most {MOST_MAY:.0%}"),
    )
    for good, case, why in cases:
        print(f"ok {case}" if good else f"not ok {case}: {why}")


def rulesets(kind, first, count):
    """(name, ruleset, random) one after the other: each is loaded when it is asked for."""
    for number in range(first, first + count):
        draw = random.Random(f"{kind} {number}")
        if kind == "nftables":
            yield f"{kind}-{number}", nftables.Ruleset.drawn(draw), draw
        elif kind == "fixed":
            yield from fixed.rulesets(draw)
        else:
            yield f"{kind}-{number}", iptables.Ruleset.drawn(kind, draw), draw


def lacking(kind):
    """What the machine has not; None: nothing."""
    try:
        net = network.Network()
        nftables.Ruleset.empty()
        for command in fixed.COMMANDS if kind == "fixed" else (kind,):
            if command != "nftables":
                iptables.Ruleset.empty(command)
        net.watch()
        net.remember(packets.Packet(1, packets.V4, 0, "10.0.0.2", "10.0.0.3", packets.UDP, 1, 1))
        net.forget()
    except (network.Failed, OSError) as error:
        return None, str(error).splitlines()[0]
    return net, None


def main():
    program, folder, kind, count, *first = sys.argv[1:]
    net, why = lacking(kind)
    if why:
        print(f"skip {kind}: {why}")
        return
    totals = Totals()
    folder = pathlib.Path(folder)
    for name, ruleset, draw in rulesets(kind, int(first[0]) if first else 1, int(count)):
        drawn = [packets.draw(draw, key, draw.choice(ruleset.families), draw.random() < 0.25)
                 for key in range(1, PACKETS + 1)]
        compare(program, folder, ruleset, observe(net, ruleset, drawn), totals, name)
        totals.rulesets += 1
    report(kind, totals)


main()
