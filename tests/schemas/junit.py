"""Does every JUnit document hold to what servers read of it (the schema of Jenkins' xUnit plugin)?

    junit.py FOLDER

Looks at FOLDER/junit.*.xml: elements and attributes of the schema only, in its order, and counts that
are those of the cases. Prints the runner's lines.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as xml

COUNTS = ("tests", "failures", "errors", "skipped")
ATTRIBUTES = {
    "testsuites": {"name", "time", *COUNTS},
    "testsuite": {"name", "time", "timestamp", *COUNTS},
    "testcase": {"name", "classname", "time"},
    "properties": set(),
    "property": {"name", "value"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
}
CHILDREN = {
    "testsuites": r"(testsuite )*",
    "testsuite": r"(testcase )*",
    "testcase": r"(properties )?(skipped |failure |error )?",
    "properties": r"(property )+",
}
REQUIRED = {
    "testsuites": {"tests", "failures"},
    "testsuite": {"name", "tests"},
    "testcase": {"name", "classname"},
    "property": {"name", "value"},
    "failure": {"message"},
    "error": {"message"},
    "skipped": {"message"},
}


def problems(element):
    name = element.tag
    if name not in ATTRIBUTES:
        yield f"<{name}> is not of the schema"
        return
    for attribute in element.attrib.keys() - ATTRIBUTES[name]:
        yield f"<{name}> has no attribute {attribute}"
    for attribute in REQUIRED.get(name, set()) - element.attrib.keys():
        yield f"<{name}> lacks {attribute}"
    children = "".join(child.tag + " " for child in element)
    if not re.fullmatch(CHILDREN.get(name, ""), children):
        yield f"<{name}> holds {children}"
    if not re.fullmatch(r"|[0-9-]{10}T[0-9:]{8}", element.get("timestamp", "")):
        yield f"{element.get('timestamp')} is no date and time without a zone"
    for child in element:
        yield from problems(child)


def counted(element):
    cases = list(element.iter("testcase"))
    tags = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    counts = {key: sum(case.find(tag) is not None for case in cases) for key, tag in tags.items()}
    counts["tests"] = len(cases)
    for key in COUNTS:
        if int(element.get(key)) != counts[key]:
            yield f"{key} of {element.get('name')} is {element.get(key)}, there are {counts[key]}"


def main(folder):
    files = sorted(pathlib.Path(folder).glob("junit.*.xml"))
    bad = 0
    for file in files:
        root = xml.parse(file).getroot()
        found = list(problems(root)) + list(counted(root))
        for suite in root.iter("testsuite"):
            found += counted(suite)
        if root.tag != "testsuites" or int(root.get("tests")) == 0:
            found.append("no test at all")
        if found:
            print(f"not ok {file.name}: {found[0]}")
            bad += 1
    if not files:
        print("not ok junit: no document to check")
    elif not bad:
        print(f"ok junit: {len(files)} documents")


main(sys.argv[1])
