"""Writes a database of countries in MaxMind's format (MaxMind DB File Format Specification 2.0): IPv4 only,
24 bits a record. Only what a reader of countries asks for is in it."""


def text(value):
    data = value.encode()
    return bytes([0x40 | len(data)]) + data


def number(kind, value):
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    if kind > 7:
        return bytes([len(data), kind - 7]) + data
    return bytes([kind << 5 | len(data)]) + data


def mapping(pairs):
    return bytes([0xE0 | len(pairs)]) + b"".join(text(key) + value for key, value in pairs)


def write(path, networks):
    """networks: (first address, bits, country), none inside another."""
    nodes = [[None, None]]
    data = b""
    places = {}
    for first, bits, country in networks:
        if country not in places:
            places[country] = len(data)
            data += mapping([("country", mapping([("iso_code", text(country))]))])
        at = 0
        for depth in range(bits):
            side = first >> (31 - depth) & 1
            if depth == bits - 1:
                nodes[at][side] = country
            else:
                if nodes[at][side] is None:
                    nodes[at][side] = len(nodes)
                    nodes.append([None, None])
                at = nodes[at][side]
    tree = b""
    for node in nodes:
        for one in node:
            value = len(nodes) if one is None else one
            if isinstance(one, str):
                value = len(nodes) + 16 + places[one]
            tree += value.to_bytes(3, "big")
    about = mapping([
        ("binary_format_major_version", number(5, 2)),
        ("binary_format_minor_version", number(5, 0)),
        ("build_epoch", number(9, 1767225600)),
        ("database_type", text("Test-Country")),
        ("description", mapping([])),
        ("ip_version", number(5, 4)),
        ("languages", bytes([0, 4])),
        ("node_count", number(6, len(nodes))),
        ("record_size", number(5, 24)),
    ])
    with open(path, "wb") as file:
        file.write(tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + about)
