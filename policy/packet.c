/* One packet in words: read from a command line or a CSV cell, written for people and JSON. */
#include "policy/packet.h"

#include "core/proto.h"

static bool fail(struct fw_buf *error, const char *what, fw_sv value)
{
    fw_buf_printf(error, "%s: \"", what);
    fw_buf_add(error, value);
    fw_buf_add_char(error, '"');
    return false;
}

static const struct {
    const char *name;
    uint8_t bit;
} flag_names[] = {
    {"fin", 0x01}, {"syn", 0x02}, {"rst", 0x04}, {"psh", 0x08},
    {"ack", 0x10}, {"urg", 0x20}, {"ece", 0x40}, {"cwr", 0x80},
};

enum { NFLAGS = sizeof(flag_names) / sizeof(flag_names[0]) };

/* "syn", "syn,ack", "syn+ack", "none", or a number. */
static bool flags_parse(fw_sv text, uint8_t *ret)
{
    uint64_t number;
    if (fw_sv_u64_any(text, &number)) {
        *ret = (uint8_t)number;
        return number <= UINT8_MAX;
    }
    uint8_t flags = 0;
    size_t from = 0;
    for (size_t i = 0; i <= text.n; i++) {
        if (i < text.n && text.p[i] != ',' && text.p[i] != '+' && text.p[i] != '|') {
            continue;
        }
        fw_sv word = fw_sv_trim(fw_sv_sub(text, from, i - from));
        size_t k = 0;
        while (k < NFLAGS && !fw_sv_is_nocase(word, flag_names[k].name)) {
            k++;
        }
        if (k < NFLAGS) {
            flags |= flag_names[k].bit;
        } else if (!fw_sv_is_nocase(word, "none")) {
            return false;
        }
        from = i + 1;
    }
    *ret = flags;
    return text.n > 0;
}

static bool state_parse(fw_sv text, enum fw_state *ret)
{
    for (int i = 0; i < FW_STATE_COUNT; i++) {
        if (fw_sv_is_nocase(text, fw_state_name((enum fw_state)i))) {
            *ret = (enum fw_state)i;
            return true;
        }
    }
    return false;
}

static bool set_hook(struct fw_packet *packet, fw_sv value)
{
    static const enum fw_hook hooks[] = {FW_HOOK_INPUT, FW_HOOK_FORWARD, FW_HOOK_OUTPUT};
    for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
        if (fw_sv_is_nocase(value, fw_hook_name(hooks[i]))) {
            packet->hook = hooks[i];
            return true;
        }
    }
    return false;
}

static bool set_in(struct fw_packet *packet, fw_sv value)
{
    packet->in = value;
    packet->has_in = true;
    return true;
}

static bool set_out(struct fw_packet *packet, fw_sv value)
{
    packet->out = value;
    packet->has_out = true;
    return true;
}

static bool set_src(struct fw_packet *packet, fw_sv value)
{
    return fw_ip_parse(value, &packet->src);
}

static bool set_dst(struct fw_packet *packet, fw_sv value)
{
    return fw_ip_parse(value, &packet->dst);
}

static bool set_proto(struct fw_packet *packet, fw_sv value)
{
    packet->has_proto = fw_proto_parse(value, &packet->proto);
    return packet->has_proto;
}

static bool set_sport(struct fw_packet *packet, fw_sv value)
{
    packet->has_sport = fw_port_parse(value, &packet->sport);
    return packet->has_sport;
}

static bool set_dport(struct fw_packet *packet, fw_sv value)
{
    packet->has_dport = fw_port_parse(value, &packet->dport);
    return packet->has_dport;
}

static bool set_byte(fw_sv value, bool *ret_has, uint8_t *ret)
{
    uint32_t number;
    *ret_has = fw_sv_u32(value, UINT8_MAX, &number);
    *ret = *ret_has ? (uint8_t)number : 0;
    return *ret_has;
}

static bool set_icmp_type(struct fw_packet *packet, fw_sv value)
{
    return set_byte(value, &packet->has_icmp_type, &packet->icmp_type);
}

static bool set_icmp_code(struct fw_packet *packet, fw_sv value)
{
    return set_byte(value, &packet->has_icmp_code, &packet->icmp_code);
}

static bool set_flags(struct fw_packet *packet, fw_sv value)
{
    packet->has_flags = flags_parse(value, &packet->flags);
    return packet->has_flags;
}

static bool set_mark(struct fw_packet *packet, fw_sv value)
{
    uint64_t number;
    packet->has_mark = fw_sv_u64_any(value, &number) && number <= UINT32_MAX;
    packet->mark = packet->has_mark ? (uint32_t)number : 0;
    return packet->has_mark;
}

static bool set_state(struct fw_packet *packet, fw_sv value)
{
    packet->has_state = state_parse(value, &packet->state);
    return packet->has_state;
}

/* The columns of a packet CSV and the words of a flow on the command line. */
static const struct {
    const char *name, *alias;
    bool (*set)(struct fw_packet *packet, fw_sv value);
    const char *expected;
} fields[] = {
    {"hook", "hook", set_hook, "hook is input, forward or output, not"},
    {"in", "in", set_in, "in is an interface or zone, not"},
    {"out", "out", set_out, "out is an interface or zone, not"},
    {"source", "src", set_src, "source is an address, not"},
    {"destination", "dst", set_dst, "destination is an address, not"},
    {"protocol", "proto", set_proto, "protocol is a name or 0-255, not"},
    {"source_port", "sport", set_sport, "source_port is a name or 0-65535, not"},
    {"destination_port", "dport", set_dport, "destination_port is a name or 0-65535, not"},
    {"icmp_type", "type", set_icmp_type, "icmp_type is 0-255, not"},
    {"icmp_code", "code", set_icmp_code, "icmp_code is 0-255, not"},
    {"tcp_flags", "flags", set_flags, "tcp_flags is like syn or syn,ack, not"},
    {"mark", "mark", set_mark, "mark is a number, not"},
    {"state", "state", set_state, "state is new, established, related, invalid or untracked, not"},
};

enum { NFIELDS = sizeof(fields) / sizeof(fields[0]) };

bool fw_packet_set(struct fw_packet *packet, fw_sv column, fw_sv value, struct fw_buf *ret_error)
{
    for (size_t i = 0; i < NFIELDS; i++) {
        if (fw_sv_is_nocase(column, fields[i].name) || fw_sv_is_nocase(column, fields[i].alias)) {
            value = fw_sv_trim(value);
            if (value.n == 0) {
                return true; /* blank is unknown */
            }
            return fields[i].set(packet, value) || fail(ret_error, fields[i].expected, value);
        }
    }
    return fail(ret_error,
                "a packet has hook, in, out, source, destination, protocol, source_port, "
                "destination_port, icmp_type, icmp_code, tcp_flags, mark and state, not",
                column);
}

/* "10.0.0.1:1024", "10.0.0.1", "[2001:db8::1]:53", "2001:db8::1" */
static bool endpoint_parse(fw_sv text, fw_ip *ret, bool *ret_has_port, uint16_t *ret_port)
{
    fw_sv port = {0};
    fw_sv address = text;
    size_t close = fw_sv_find_char(text, ']');
    size_t colon = fw_sv_find_char(text, ':');
    if (text.n > 0 && text.p[0] == '[' && close != SIZE_MAX) {
        address = fw_sv_sub(text, 1, close - 1);
        if (close + 1 < text.n) {
            if (text.p[close + 1] != ':') {
                return false;
            }
            port = fw_sv_sub(text, close + 2, text.n);
        }
    } else if (colon != SIZE_MAX &&
               fw_sv_find_char(fw_sv_sub(text, colon + 1, text.n), ':') == SIZE_MAX) {
        address = fw_sv_sub(text, 0, colon);
        port = fw_sv_sub(text, colon + 1, text.n);
    }
    *ret_has_port = port.p != NULL;
    return fw_ip_parse(address, ret) && (!*ret_has_port || fw_port_parse(port, ret_port));
}

static bool is_arrow(fw_sv word)
{
    return fw_sv_is(word, "->") || fw_sv_is(word, "to") || fw_sv_is(word, ">");
}

bool fw_packet_parse(fw_sv text, struct fw_packet *ret, struct fw_buf *ret_error)
{
    struct fw_packet packet = {0};
    fw_sv rest = text;
    fw_sv word;
    bool after_arrow = false;
    while (fw_sv_word(&rest, &word)) {
        size_t equals = fw_sv_find_char(word, '=');
        bool has_port;
        uint16_t port = 0;
        fw_ip ip;
        if (is_arrow(word)) {
            after_arrow = true;
        } else if (equals != SIZE_MAX) {
            if (!fw_packet_set(&packet, fw_sv_sub(word, 0, equals),
                               fw_sv_sub(word, equals + 1, word.n), ret_error)) {
                return false;
            }
        } else if (endpoint_parse(word, &ip, &has_port, &port)) {
            if (after_arrow) {
                packet.dst = ip;
                packet.has_dport = has_port;
                packet.dport = port;
            } else {
                packet.src = ip;
                packet.has_sport = has_port;
                packet.sport = port;
            }
        } else if (fw_sv_is(word, "any") || fw_sv_is(word, "ip")) {
            continue; /* as fw_packet_text writes what is not known */
        } else if (!fw_proto_parse(word, &packet.proto)) {
            return fail(ret_error,
                        "a flow reads like \"tcp 10.0.0.1:1024 -> 192.0.2.9:443 in=eth0\"; "
                        "this word is no protocol, address or name=value",
                        word);
        } else {
            packet.has_proto = true;
        }
    }
    if (packet.src.family != 0 && packet.dst.family != 0 &&
        packet.src.family != packet.dst.family) {
        fw_buf_add_cstr(ret_error, "source and destination are of different families");
        return false;
    }
    *ret = packet;
    return true;
}

void fw_packet_complete(struct fw_packet *packet)
{
    if (!packet->has_proto) {
        return;
    }
    bool icmp = packet->proto == FW_PROTO_ICMP || packet->proto == FW_PROTO_ICMP6;
    if (icmp && packet->has_icmp_type && !packet->has_icmp_code) {
        packet->has_icmp_code = true;
        packet->icmp_code = 0;
    }
    if (packet->proto == FW_PROTO_TCP && packet->has_state && packet->state == FW_STATE_NEW &&
        !packet->has_flags) {
        packet->has_flags = true;
        packet->flags = 0x02;
    }
}

static void endpoint_text(struct fw_buf *buf, fw_ip ip, bool has_port, uint16_t port)
{
    bool bracket = has_port && ip.family == FW_IPV6;
    if (ip.family == 0) {
        fw_buf_add_cstr(buf, "any");
    } else {
        fw_buf_add_cstr(buf, bracket ? "[" : "");
        fw_ip_text(buf, ip);
        fw_buf_add_cstr(buf, bracket ? "]" : "");
    }
    if (has_port) {
        fw_buf_printf(buf, ":%u", port);
    }
}

static void flags_text(struct fw_buf *buf, uint8_t flags)
{
    const char *separator = "";
    for (size_t i = 0; i < NFLAGS; i++) {
        if ((flags & flag_names[i].bit) != 0) {
            fw_buf_printf(buf, "%s%s", separator, flag_names[i].name);
            separator = ",";
        }
    }
    if (flags == 0) {
        fw_buf_add_cstr(buf, "none");
    }
}

void fw_packet_text(struct fw_buf *buf, const struct fw_packet *packet)
{
    if (packet->has_proto) {
        fw_proto_text(buf, packet->proto);
    } else {
        fw_buf_add_cstr(buf, "ip");
    }
    fw_buf_add_char(buf, ' ');
    endpoint_text(buf, packet->src, packet->has_sport, packet->sport);
    fw_buf_add_cstr(buf, " -> ");
    endpoint_text(buf, packet->dst, packet->has_dport, packet->dport);
    if (packet->has_icmp_type) {
        fw_buf_printf(buf, " type=%u", packet->icmp_type);
    }
    if (packet->has_icmp_code) {
        fw_buf_printf(buf, " code=%u", packet->icmp_code);
    }
    if (packet->has_in && packet->in.n > 0) {
        fw_buf_add_cstr(buf, " in=");
        fw_buf_add(buf, packet->in);
    }
    if (packet->has_out && packet->out.n > 0) {
        fw_buf_add_cstr(buf, " out=");
        fw_buf_add(buf, packet->out);
    }
    if (packet->has_flags) {
        fw_buf_add_cstr(buf, " flags=");
        flags_text(buf, packet->flags);
    }
    if (packet->has_state) {
        fw_buf_printf(buf, " state=%s", fw_state_name(packet->state));
    }
    if (packet->has_mark) {
        fw_buf_printf(buf, " mark=0x%x", packet->mark);
    }
    if (packet->hook != FW_HOOK_NONE) {
        fw_buf_printf(buf, " hook=%s", fw_hook_name(packet->hook));
    }
}

void fw_packet_json(struct fw_json *json, const struct fw_packet *packet)
{
    struct fw_buf text;
    fw_buf_init(&text);
    fw_json_object(json);
    fw_json_kv_ip(json, "source", packet->src);
    fw_json_kv_ip(json, "destination", packet->dst);
    if (packet->has_proto) {
        fw_proto_text(&text, packet->proto);
        fw_json_kv(json, "protocol", fw_buf_sv(&text));
    } else {
        fw_json_kv_null(json, "protocol");
    }
    fw_json_kv_u64_if(json, "source_port", packet->has_sport, packet->sport);
    fw_json_kv_u64_if(json, "destination_port", packet->has_dport, packet->dport);
    if (packet->has_icmp_type) {
        fw_json_kv_u64(json, "icmp_type", packet->icmp_type);
    }
    if (packet->has_icmp_code) {
        fw_json_kv_u64(json, "icmp_code", packet->icmp_code);
    }
    if (packet->has_flags) {
        fw_buf_reset(&text);
        flags_text(&text, packet->flags);
        fw_json_kv(json, "tcp_flags", fw_buf_sv(&text));
    }
    if (packet->has_in) {
        fw_json_kv(json, "in", packet->in);
    }
    if (packet->has_out) {
        fw_json_kv(json, "out", packet->out);
    }
    if (packet->has_state) {
        fw_json_kv_cstr(json, "state", fw_state_name(packet->state));
    }
    if (packet->has_mark) {
        fw_json_kv_u64(json, "mark", packet->mark);
    }
    if (packet->hook != FW_HOOK_NONE) {
        fw_json_kv_cstr(json, "hook", fw_hook_name(packet->hook));
    }
    fw_json_end(json);
    fw_buf_clear(&text);
}
