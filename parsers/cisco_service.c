/* What "tcp source eq 1 destination range 2 3" and its shorter forms match. */
#include <string.h>

#include "core/proto.h"
#include "parsers/cisco.h"

/* One port, with a report when the word is none. */
static bool take_port(struct fw_cisco *cisco, struct fw_cisco_line *line, uint16_t *ret)
{
    fw_sv word = line->text;
    if (fw_cisco_next(line, &word) && fw_cisco_port(word, ret)) {
        return true;
    }
    fw_doc_mark(cisco->doc, line->number, FW_LINE_BAD);
    fw_doc_warn(cisco->doc, FW_DIAG_ID_BAD_VALUE, line->number, word,
                "expected a port or the name of a service, not \"%.*s\"", FW_SV_ARG(word));
    return false;
}

static bool is_operator(fw_sv word)
{
    static const char *const words[] = {"eq", "neq", "gt", "lt", "range"};
    return FW_SV_AMONG(word, words);
}

bool fw_cisco_ports(struct fw_cisco *cisco, struct fw_cisco_line *line,
                    const struct fw_numset **ret)
{
    struct fw_arena *scratch = &cisco->doc->scratch;
    struct fw_numrange v[2];
    size_t n = 1;
    fw_sv word;
    uint16_t port;
    uint16_t last;
    if (!fw_cisco_peek(line, &word) || !is_operator(word)) {
        return false;
    }
    line->at++;
    *ret = NULL;
    if (!take_port(cisco, line, &port)) {
        return true;
    }
    v[0] = (struct fw_numrange){port, port};
    if (fw_sv_is(word, "range")) {
        if (!take_port(cisco, line, &last)) {
            return true;
        }
        /* The device swaps the ends when they are the wrong way round. */
        v[0] = (struct fw_numrange){port < last ? port : last, port < last ? last : port};
    } else if (fw_sv_is(word, "neq")) {
        n = 0;
        if (port > 0) {
            v[n++] = (struct fw_numrange){0, (uint32_t)port - 1};
        }
        if (port < UINT16_MAX) {
            v[n++] = (struct fw_numrange){(uint32_t)port + 1, UINT16_MAX};
        }
    } else if (fw_sv_is(word, "gt")) {
        n = port < UINT16_MAX;
        v[0] = (struct fw_numrange){(uint32_t)port + 1, UINT16_MAX};
    } else if (fw_sv_is(word, "lt")) {
        n = port > 0;
        v[0] = (struct fw_numrange){0, (uint32_t)port - 1};
    }
    *ret = fw_numset_make(scratch, v, n);
    return true;
}

bool fw_cisco_icmp(struct fw_cisco *cisco, struct fw_cisco_line *line, bool six,
                   const struct fw_numset **ret)
{
    fw_sv word;
    uint8_t type;
    uint32_t code;
    if (!fw_cisco_peek(line, &word) || !fw_cisco_icmp_type(word, six, &type)) {
        return false;
    }
    line->at++;
    uint32_t lo = (uint32_t)type << 8;
    uint32_t hi = lo | UINT8_MAX;
    if (fw_cisco_peek(line, &word) && fw_sv_u32(word, UINT8_MAX, &code)) {
        line->at++;
        lo |= code;
        hi = lo;
    }
    *ret = fw_numset_range(&cisco->doc->scratch, lo, hi);
    return true;
}

static bool is_one(const struct fw_numset *set, uint32_t value)
{
    return set && set->n == 1 && set->v[0].lo == value && set->v[0].hi == value;
}

bool fw_cisco_service(struct fw_cisco *cisco, struct fw_cisco_line *line, struct fw_term *ret)
{
    struct fw_doc *doc = cisco->doc;
    struct fw_term term = {0};
    fw_sv word = line->text;
    bool any;
    if (!fw_cisco_next(line, &word) || !fw_cisco_protocol(&doc->scratch, word, &term.proto, &any)) {
        fw_doc_bad(doc, line->number, word, "expected a protocol, not \"%.*s\"", FW_SV_ARG(word));
        return false;
    }
    bool icmp = is_one(term.proto, FW_PROTO_ICMP);
    bool icmp6 = is_one(term.proto, FW_PROTO_ICMP6);
    if (icmp || icmp6) {
        fw_cisco_icmp(cisco, line, icmp6, &term.icmp);
    } else {
        bool ok = true;
        if (fw_cisco_take(line, "source")) {
            ok = fw_cisco_ports(cisco, line, &term.sport) && term.sport;
        }
        bool said = fw_cisco_take(line, "destination");
        bool ports = ok && fw_cisco_ports(cisco, line, &term.dport);
        if (!ok || (said && !ports) || (ports && !term.dport)) {
            fw_doc_mark(doc, line->number, FW_LINE_BAD);
            if (said && !ports) {
                fw_doc_bad(doc, line->number, line->text, "expected ports after \"destination\"");
            }
            return false;
        }
    }
    *ret = term;
    return true;
}
