"""Runs a script of AWS CLI commands by the command line's own driver, loaded once, as
starting it costs a second each time. argv: endpoint, script, NAME=VALUE...

A line is a command of "aws ec2", or of the service that it names ("sts ..."). What it
begins with "$" is a value kept before. The indented lines under a command are about its
answer; a QUERY is JMESPath:

    NAME = QUERY          keep a value; there must be one
    QUERY is VALUE        text as it is, anything else as JSON
    until QUERY is VALUE  the same, and call again until it is so
    fails CODE            the command is refused with that error
    newer ACTION          older command lines lack this action: leave it out there

Printed are the actions that were called and not refused, and with a "-" those that this
command line lacks.
"""
import gc
import json
import os
import re
import shlex
import signal
import string
import sys
import tempfile
import time

import jmespath
from awscli.clidriver import create_clidriver
from botocore import xform_name

endpoint, script, *given = sys.argv[1:]
values = dict(pair.split("=", 1) for pair in given)
driver = create_clidriver()
operations = {s: {xform_name(o, "-"): o for o in driver.session.get_service_model(s).operation_names} for s in ("ec2", "sts")}
driver.session.create_client("ec2", endpoint_url=endpoint)  # so that forks find the models loaded
gc.freeze()
called = set()


class Wrong(Exception):
    pass


def run(service, args):
    """Calls the command line, and returns its exit status, output and errors. A fork of
    its own, as a driver keeps for the next command what it learnt of one's arguments."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        sys.stdout.flush()
        child = os.fork()
        if not child:
            status = 255
            try:
                signal.alarm(60)  # one that hangs ends
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                status = driver.main(["--endpoint-url", endpoint, "--output", "json", service, *args])
            except SystemExit as e:
                status = e.code
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return status, *(f.seek(0) or f.read().decode() for f in (out, err))


def shown(value):
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def unmet(answer, claims):
    """Returns the first claim that an answer does not meet, with what is so instead."""
    for query, want in claims:
        got = shown(jmespath.search(query, answer))
        if got != want:
            return f"{query} is {got}, want {want}"


def step(command, notes):
    fill = lambda text: string.Template(text).substitute(values)
    args = shlex.split(fill(command))
    service = args.pop(0) if args[0] in operations else "ec2"
    kept, claims, code, patient = [], [], None, False
    for note in notes:
        if m := re.fullmatch(r"newer (\S+)", note):
            if args[0] not in operations[service]:
                called.add(f"-{service}:{m[1]}")
                return
        elif m := re.fullmatch(r"fails (\S+)", note):
            code = m[1]
        elif m := re.fullmatch(r"(\w+) = (.+)", note):
            kept.append((m[1], fill(m[2])))
        elif m := re.fullmatch(r"(until )?(.+?) is (.*)", note):
            patient = patient or bool(m[1])
            claims.append((fill(m[2]), fill(m[3])))
        else:
            raise Wrong(f"do not understand {note!r}")
    deadline = time.monotonic() + 60
    while True:
        status, out, err = run(service, args)
        if code:
            if not status or f"({code})" not in err:
                raise Wrong(f"want {code}, got {status}: {out}{err}")
            return
        if status:
            raise Wrong(f"{out}{err}")
        answer = json.loads(out or "{}")
        wrong = unmet(answer, claims)
        if not wrong:
            break
        if not patient or time.monotonic() > deadline:
            raise Wrong(f"{wrong}:\n{out}")
        time.sleep(0.05)
    for name, query in kept:
        values[name] = jmespath.search(query, answer)
        if not isinstance(values[name], (str, int)):
            raise Wrong(f"{query} is {values[name]!r}:\n{out}")
    called.add(f"{service}:{operations[service][args[0]]}")


steps = []
for number, line in enumerate(open(script, encoding="utf-8"), 1):
    text = line.strip()
    if not text or text.startswith("#"):
        continue
    if line[0].isspace():
        steps[-1][2].append(text)
    else:
        steps.append((number, text, []))
for number, command, notes in steps:
    try:
        step(command, notes)
    except (Wrong, KeyError, ValueError) as e:
        sys.exit(f"{os.path.basename(script)}:{number}: {command}\n{type(e).__name__}: {e}")
print(*sorted(called))
