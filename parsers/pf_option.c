/* What stands behind the hosts of a rule of pf.conf: conditions, and what is none. pf.conf(5),
 * "Parameters", "Options". */
#include "core/proto.h"
#include "parsers/pf_conf.h"

/* "( le1 192.0.2.1 ) , ( le2 192.0.2.2 )", one or a list: where a packet goes that may pass. */
static void skip_route(struct fw_pf *pf)
{
    int depth = 0;
    do {
        fw_sv word = fw_pf_next(pf);
        depth += fw_sv_is(word, "{") || fw_sv_is(word, "(");
        depth -= fw_sv_is(word, "}") || fw_sv_is(word, ")");
    } while (pf->at < pf->n && depth > 0);
    while (fw_pf_take(pf, "random") || fw_pf_take(pf, "round-robin") || fw_pf_take(pf, "bitmask") ||
           fw_pf_take(pf, "sticky-address") || fw_pf_take(pf, "least-states") ||
           fw_pf_take(pf, "source-hash")) {
        if (fw_sv_starts(fw_pf_peek(pf), "0x")) {
            pf->at++;
        }
    }
}

bool fw_pf_route(struct fw_pf *pf)
{
    if (fw_pf_take(pf, "route-to") || fw_pf_take(pf, "reply-to") || fw_pf_take(pf, "dup-to")) {
        skip_route(pf);
        return true;
    }
    return fw_pf_take(pf, "fastroute");
}

/* "S/SA": the flags that must be set out of those that are looked at; F S R P A U E W. */
static bool read_flags(fw_sv text, const char *letters, uint32_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *letter = strchr(letters, text.p[i]);
        if (!letter || *letter == '\0') {
            return false;
        }
        *ret |= 1u << (letter - letters);
    }
    return true;
}

bool fw_pf_flags(struct fw_pf_match *match, fw_sv text, const char *letters, int unlooked)
{
    size_t slash = fw_sv_find_char(text, '/');
    uint32_t set;
    uint32_t mask = (uint32_t)unlooked;
    if (!read_flags(fw_sv_sub(text, 0, slash), letters, &set) ||
        (slash == SIZE_MAX ? unlooked < 0
                           : !read_flags(fw_sv_sub(text, slash + 1, SIZE_MAX), letters, &mask))) {
        return false;
    }
    struct fw_term parts[2] = {{.flags = fw_numset_masked(match->terms.scratch, mask, set)}, {0}};
    /* Packets of other protocols have none, and are not asked. */
    const struct fw_numset *tcp = fw_numset_range(match->terms.scratch, FW_PROTO_TCP, FW_PROTO_TCP);
    parts[0].proto = tcp;
    parts[1].proto = fw_numset_complement(match->terms.scratch, tcp, UINT8_MAX);
    fw_terms_and(&match->terms, parts, 2);
    return true;
}

static void take_flags(struct fw_pf *pf, struct fw_pf_match *match)
{
    fw_sv text = fw_pf_next(pf);
    if (!fw_sv_is(text, "any") && !fw_pf_flags(match, text, "FSRPAUEW", -1)) {
        fw_pf_unread(pf, text, "flags as S/SA");
        fw_pf_widen(match, FW_ATOM_FIXED, "flags", text);
    }
}

struct types {
    bool six, bad;
    size_t n;
    struct fw_numrange *v;
};

static void take_type(struct fw_pf *pf, void *to)
{
    struct types *types = to;
    uint32_t type;
    uint32_t code;
    fw_sv word = fw_pf_next(pf);
    bool ok = fw_pf_icmp(word, types->six, &type);
    struct fw_numrange range = {ok ? type << 8 : 0, ok ? type << 8 | UINT8_MAX : 0};
    if (fw_pf_take(pf, "code")) {
        word = fw_pf_next(pf);
        if (ok && fw_sv_u32(word, UINT8_MAX, &code)) {
            range.lo = range.hi = type << 8 | code;
        } else {
            types->bad = true; /* the name of a code */
        }
    }
    if (!ok) {
        types->bad = true;
        return;
    }
    types->v = fw_arena_push(&pf->maker.doc->scratch, types->v, types->n, sizeof(*types->v));
    types->v[types->n++] = range;
}

void fw_pf_icmp_types(struct fw_pf *pf, struct fw_pf_match *match, bool six)
{
    struct types types = {.six = six};
    size_t from = pf->at;
    fw_pf_each(pf, &types, take_type);
    if (types.bad || types.n == 0) {
        fw_pf_widen_from(pf, match, FW_ATOM_FIXED, six ? "icmp6-type" : "icmp-type", from);
        return;
    }
    struct fw_term term = {.icmp = fw_numset_make(match->terms.scratch, types.v, types.n)};
    fw_terms_and(&match->terms, &term, 1);
}

/* "( max 10, source-track rule )": limits decide when they are reached. */
static void take_state(struct fw_pf *pf, struct fw_pf_match *match)
{
    if (!fw_pf_take(pf, "(")) {
        return;
    }
    while (pf->at < pf->n && !fw_pf_take(pf, ")")) {
        fw_sv word = fw_pf_next(pf);
        if (fw_sv_starts(word, "max")) {
            fw_pf_widen(match, FW_ATOM_VARYING, "state limit", word);
        }
    }
}

static void skip_group(struct fw_pf *pf)
{
    if (fw_sv_is(fw_pf_peek(pf), "(") || fw_sv_is(fw_pf_peek(pf), "{")) {
        skip_route(pf);
    } else {
        pf->at += pf->at < pf->n;
    }
}

/* Options that take a word and change no verdict: how fast, under which name, where to. */
static const char *const harmless[] = {
    "label", "queue", "rtable", "tag", "ridentifier", "min-ttl", "max-mss", "set-tos", "prio-set",
};

static const struct {
    const char *word;
    enum fw_atom_kind kind;
} conditions[] = {
    {"user", FW_ATOM_FIXED},           {"group", FW_ATOM_FIXED},       {"tos", FW_ATOM_FIXED},
    {"probability", FW_ATOM_VARYING},  {"received-on", FW_ATOM_FIXED}, {"prio", FW_ATOM_FIXED},
    {"max-pkt-rate", FW_ATOM_VARYING}, {"divert-to", FW_ATOM_VARYING}, {"tagged", FW_ATOM_VARYING},
    {"af-to", FW_ATOM_VARYING},
};

/* "user != root", "user { a b }", "user 1000 >< 2000"; `from`: where its words begin. */
static bool take_condition(struct fw_pf *pf, struct fw_pf_match *match, fw_sv word, size_t from)
{
    static const char *const operators[] = {"!", "=", "!=", "<", "<=", ">", ">="};
    for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
        if (fw_sv_is(word, conditions[i].word)) {
            size_t n = sizeof(operators) / sizeof(operators[0]);
            for (size_t k = 0; k < n && !fw_pf_take(pf, operators[k]); k++) {
            }
            skip_group(pf);
            if (fw_pf_take(pf, "port") || /* divert-to HOST port N */
                fw_pf_take(pf, "><") || fw_pf_take(pf, "<>")) {
                fw_pf_next(pf);
            }
            fw_pf_widen_from(pf, match, conditions[i].kind, NULL, from);
            return true;
        }
    }
    return false;
}

static bool take_harmless(struct fw_pf *pf, fw_sv word)
{
    static const char *const alone[] = {"allow-opts",  "once",        "divert-reply",   "sloppy",
                                        "scrub",       "static-port", "no-df",          "random-id",
                                        "random",      "round-robin", "sticky-address", "bitmask",
                                        "source-hash", "least-states"};
    for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
        if (fw_sv_is(word, harmless[i])) {
            skip_group(pf);
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++) {
        if (fw_sv_is(word, alone[i])) {
            if (fw_sv_is(fw_pf_peek(pf), "(")) {
                skip_route(pf);
            }
            return true;
        }
    }
    if (fw_sv_is(word, "set")) { /* "set prio 6", "set ( prio 6, tos lowdelay )" */
        bool group = fw_sv_is(fw_pf_peek(pf), "(");
        skip_group(pf);
        if (!group) {
            skip_group(pf);
        }
        return true;
    }
    return false;
}

void fw_pf_match_options(struct fw_pf *pf, struct fw_pf_match *match)
{
    while (pf->at < pf->n) {
        if (fw_sv_is(fw_pf_peek(pf), "->") || fw_sv_is(fw_pf_peek(pf), "{")) {
            return;
        }
        if (fw_pf_route(pf)) {
            continue;
        }
        size_t from = pf->at;
        bool negated = fw_pf_take(pf, "!");
        fw_sv word = fw_pf_next(pf);
        if (take_condition(pf, match, word, from)) {
            continue;
        }
        if (negated) { /* of no other option is it known what the sign would say */
            fw_pf_unread(pf, word, "received-on or tagged");
        } else if (fw_sv_is(word, "flags")) {
            take_flags(pf, match);
        } else if (fw_sv_is(word, "icmp-type") || fw_sv_is(word, "icmp6-type")) {
            fw_pf_icmp_types(pf, match, fw_sv_is(word, "icmp6-type"));
        } else if (fw_sv_is(word, "keep") || fw_sv_is(word, "modulate") ||
                   fw_sv_is(word, "synproxy") || fw_sv_is(word, "no")) {
            fw_pf_take(pf, "state");
            take_state(pf, match);
        } else if (fw_sv_is(word, "fragment")) {
            fw_terms_atom(&match->terms, fw_atom_make(FW_ATOM_FRAGMENT, FW_SV("fragment"), false));
        } else if (!fw_pf_translate(pf, match, word) && !take_harmless(pf, word)) {
            fw_doc_unsupported(pf->maker.doc, pf->line, word, "unknown option of a rule");
            fw_pf_widen(match, FW_ATOM_VARYING, "option", word);
        }
    }
}
