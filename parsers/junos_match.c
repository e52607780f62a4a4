/* What a term of a firewall filter matches. Juniper, Routing Policies User Guide, "Firewall filter
 * match conditions": values of one condition are alternatives, conditions are all needed. */
#include <stdlib.h>

#include "core/proto.h"
#include "parsers/junos.h"

enum { FIN = 0x01, SYN = 0x02, RST = 0x04, PSH = 0x08, ACK = 0x10, URG = 0x20 };

struct matching {
    struct fw_jun_making *making;
    struct fw_node *from;
    unsigned families;
    bool v6;
};

static struct fw_arena *scratch_of(const struct matching *m)
{
    return &m->making->jun->doc->scratch;
}

static void bad(struct matching *m, struct fw_node *key, const char *expected)
{
    fw_node_mark(key, FW_LINE_BAD);
    fw_node_below(key, FW_LINE_BAD);
    key->said = true;
    fw_doc_warn(m->making->jun->doc, FW_DIAG_ID_BAD_VALUE, key->span.line, key->name, "expected %s",
                expected);
    fw_terms_atom(&m->making->terms, fw_atom_make(FW_ATOM_VARYING, key->name, false));
}

/* --- addresses --- */

/* A prefix and whether it is one that is left out. */
struct prefix {
    fw_iprange range;
    double size;
    bool except;
};

struct prefixes {
    size_t n;
    struct prefix *v;
    struct fw_choosing opaque; /* what cannot be told */
    bool any;                  /* some condition is written */
};

static void add_prefix(struct matching *m, struct prefixes *to, fw_iprange range, bool except)
{
    to->v = fw_arena_push(scratch_of(m), to->v, to->n, sizeof(*to->v));
    const struct fw_ipset set = {1, &range};
    to->v[to->n++] = (struct prefix){range, fw_ipset_size(&set), except};
}

/* What cannot be told may match, or (it is left out) take from what does. */
static void add_opaque(struct matching *m, struct prefixes *to, const char *kind, fw_sv name,
                       bool except)
{
    const fw_sv words[] = {fw_sv_from(kind), name};
    if (except) {
        fw_terms_atom(&m->making->terms,
                      fw_atom_make(FW_ATOM_VARYING, fw_words_join(scratch_of(m), words, 2), false));
    } else {
        fw_choosing_add(&to->opaque, fw_choice_opaque(scratch_of(m), kind, name, false));
    }
}

/* "10.0.1.0/255.0.255.0": a mask with holes. */
static bool add_masked(struct matching *m, struct prefixes *to, fw_sv text, bool except)
{
    const struct fw_ipset *set;
    if (!fw_ipset_wildcard(scratch_of(m), text, false, &set)) {
        return false;
    }
    for (size_t i = 0; i < set->n; i++) {
        add_prefix(m, to, set->v[i], except);
    }
    return true;
}

static void add_addresses(struct matching *m, struct prefixes *to, const char *name)
{
    struct fw_node *key = fw_tree_key(&m->making->jun->tree, m->from, name);
    for (struct fw_node *one = key ? key->child : NULL; one; one = one->next) {
        bool except = fw_tree_at(&m->making->jun->tree, one, "except", NULL) != NULL;
        fw_iprange range;
        to->any = true;
        if (fw_sv_is(one->name, "any")) {
            add_prefix(m, to, fw_iprange_all(m->v6 ? FW_IPV6 : FW_IPV4), except);
        } else if (fw_iprange_parse(one->name, &range, NULL)) {
            add_prefix(m, to, range, except);
        } else if (!add_masked(m, to, one->name, except)) {
            bad(m, one, "an address with its prefix");
            add_opaque(m, to, "address", one->name, except);
        }
    }
}

/* One by one as they are written: put together, their lengths would be lost. */
static void add_list(struct matching *m, struct prefixes *to, const struct fw_thing *list,
                     bool except)
{
    bool path = false; /* prefixes that stand elsewhere are gathered already */
    for (const struct fw_node *one = list->node ? list->node->child : NULL; one; one = one->next) {
        fw_iprange range;
        path = path || fw_sv_is(one->name, "apply-path");
        if (fw_iprange_parse(one->name, &range, NULL)) {
            add_prefix(m, to, range, except);
        }
    }
    for (size_t i = 0; i < list->choice.n; i++) {
        const struct fw_term *term = &list->choice.v[i];
        for (size_t k = 0; path && term->src && k < term->src->n; k++) {
            add_prefix(m, to, term->src->v[k], except);
        }
        if (term->natoms > 0) {
            add_opaque(m, to, "prefix-list", list->object->name, except);
        }
    }
}

static void add_lists(struct matching *m, struct prefixes *to, const char *name)
{
    struct fw_jun *jun = m->making->jun;
    struct fw_node *key = fw_tree_key(&jun->tree, m->from, name);
    for (struct fw_node *one = key ? key->child : NULL; one; one = one->next) {
        bool except = fw_tree_at(&jun->tree, one, "except", NULL) != NULL;
        struct fw_thing *thing = fw_things_find(&jun->things, FW_SV("global"), FW_JUN_PREFIXES,
                                                one->name);
        to->any = true;
        if (!thing) {
            thing = fw_jun_missing(jun, FW_SV("global"), FW_JUN_PREFIXES, one);
            add_opaque(m, to, "prefix-list", one->name, except);
        }
        fw_rule_refer(&jun->doc->arena, m->making->rule, thing->object);
        add_list(m, to, thing, except);
    }
}

static int by_size(const void *a, const void *b)
{
    const struct prefix *x = a;
    const struct prefix *y = b;
    return x->size != y->size ? (x->size < y->size) - (x->size > y->size)
                              : (int)x->except - (int)y->except;
}

/* The longest prefix that has the address says whether it matches: wider ones first, then what they
 * contain. Of a list of many, those of one length that do the same are taken together. */
static struct fw_choice settle(struct matching *m, struct prefixes *of)
{
    struct fw_arena *arena = scratch_of(m);
    const struct fw_ipset *set = fw_ipset_make(arena, NULL, 0);
    bool excepts = false;
    for (size_t i = 0; i < of->n; i++) {
        excepts = excepts || of->v[i].except;
    }
    if (!excepts) {
        fw_iprange *ranges = fw_new_array(arena, of->n, fw_iprange);
        for (size_t i = 0; i < of->n; i++) {
            ranges[i] = of->v[i].range;
        }
        set = fw_ipset_make(arena, ranges, of->n);
    }
    if (excepts) {
        qsort(of->v, of->n, sizeof(*of->v), by_size);
    }
    fw_iprange *alike = fw_new_array(arena, excepts ? of->n : 0, fw_iprange);
    for (size_t i = 0; excepts && i < of->n;) {
        bool except = of->v[i].except;
        size_t n = 0;
        for (; i < of->n && of->v[i].except == except; i++) {
            alike[n++] = of->v[i].range;
        }
        const struct fw_ipset *some = fw_ipset_make(arena, alike, n);
        set = except
                  ? fw_ipset_intersect(arena, set, fw_ipset_complement(arena, some, FW_FAMILY_BOTH))
                  : fw_ipset_union(arena, set, some);
    }
    struct fw_choosing all;
    fw_choosing_init(&all, arena);
    for (size_t i = 0; i < set->n; i++) {
        fw_choosing_range(&all, set->v[i]);
    }
    fw_choosing_add(&all, fw_choosing_done(&of->opaque));
    return fw_choosing_done(&all);
}

static struct prefixes gather(struct matching *m, const char *a, const char *b, const char *list)
{
    struct prefixes all = {0};
    fw_choosing_init(&all.opaque, scratch_of(m));
    add_addresses(m, &all, a);
    if (b) {
        add_addresses(m, &all, b);
    }
    add_lists(m, &all, list);
    return all;
}

static void addresses(struct matching *m)
{
    struct fw_terms *terms = &m->making->terms;
    struct prefixes src = gather(m, "source-address", "ip-source-address", "source-prefix-list");
    struct prefixes dst = gather(m, "destination-address", "ip-destination-address",
                                 "destination-prefix-list");
    struct prefixes any = gather(m, "address", "ip-address", "prefix-list");
    if (src.any) {
        fw_terms_addresses(terms, settle(m, &src), false, false);
    }
    if (dst.any) {
        fw_terms_addresses(terms, settle(m, &dst), true, false);
    }
    if (any.any) { /* on either side */
        struct fw_choice choice = settle(m, &any);
        struct fw_term *v = fw_new_array(scratch_of(m), choice.n * 2, struct fw_term);
        for (size_t i = 0; i < choice.n; i++) {
            v[i] = choice.v[i];
            v[choice.n + i] = choice.v[i];
            v[choice.n + i].dst = choice.v[i].src;
            v[choice.n + i].src = NULL;
        }
        fw_terms_and(terms, v, choice.n * 2);
    }
}

/* --- numbers --- */

typedef bool (*read_number)(struct matching *m, fw_sv text, const struct fw_numset **ret);

static bool read_port(struct matching *m, fw_sv text, const struct fw_numset **ret)
{
    return fw_jun_ports(m->making->jun, text, ret);
}

static bool read_proto(struct matching *m, fw_sv text, const struct fw_numset **ret)
{
    uint32_t lo;
    uint32_t hi;
    uint8_t proto;
    size_t dash = fw_sv_find_char(text, '-');
    if (fw_proto_parse(text, &proto)) {
        *ret = fw_numset_range(scratch_of(m), proto, proto);
        return true;
    }
    if (fw_sv_is(text, "hop-by-hop") || fw_sv_is(text, "no-next-header") ||
        fw_sv_is(text, "dstopts") || fw_sv_is(text, "fragment") || fw_sv_is(text, "routing") ||
        fw_sv_is(text, "egp")) {
        uint32_t number = fw_sv_is(text, "hop-by-hop")       ? 0
                          : fw_sv_is(text, "no-next-header") ? 59
                          : fw_sv_is(text, "dstopts")        ? 60
                          : fw_sv_is(text, "fragment")       ? 44
                          : fw_sv_is(text, "routing")        ? 43
                                                             : 8;
        *ret = fw_numset_range(scratch_of(m), number, number);
        return true;
    }
    if (dash == SIZE_MAX || !fw_sv_u32(fw_sv_sub(text, 0, dash), UINT8_MAX, &lo) ||
        !fw_sv_u32(fw_sv_sub(text, dash + 1, SIZE_MAX), UINT8_MAX, &hi) || hi < lo) {
        return false;
    }
    *ret = fw_numset_range(scratch_of(m), lo, hi);
    return true;
}

static bool read_type(struct matching *m, fw_sv text, const struct fw_numset **ret)
{
    uint32_t lo;
    uint32_t hi;
    bool ok = fw_jun_icmp_type(text, m->v6, &lo, &hi) || fw_jun_icmp_type(text, !m->v6, &lo, &hi);
    if (ok) {
        *ret = fw_numset_range(scratch_of(m), lo, hi);
    }
    return ok;
}

/* The values of one condition, or all but those of its "-except"; NULL: not written, or not read.
 */
static const struct fw_numset *numbers(struct matching *m, const char *name, uint32_t max,
                                       read_number read)
{
    struct fw_jun *jun = m->making->jun;
    const struct fw_numset *all = NULL;
    for (int except = 0; except < 2; except++) {
        fw_sv key_name = except ? fw_arena_printf(scratch_of(m), "%s-except", name)
                                : fw_sv_from(name);
        struct fw_node *key = fw_tree_find(&jun->tree, m->from, key_name);
        const struct fw_numset *set = fw_numset_make(scratch_of(m), NULL, 0);
        bool ok = key != NULL;
        for (struct fw_node *one = key ? key->child : NULL; one; one = one->next) {
            const struct fw_numset *part = NULL;
            bool read_it = read(m, one->name, &part);
            ok = ok && read_it;
            if (!read_it) {
                bad(m, one, "a number, a range or a name that is known");
            } else if (ok) {
                set = fw_numset_union(scratch_of(m), set, part);
            }
        }
        if (key) {
            fw_node_mark(key, FW_LINE_USED);
            fw_node_below(key, FW_LINE_USED);
        }
        if (ok) {
            set = except ? fw_numset_complement(scratch_of(m), set, max) : set;
            all = all ? fw_numset_intersect(scratch_of(m), all, set) : set;
        }
    }
    return all;
}

static void require(struct matching *m, struct fw_term term)
{
    fw_terms_and(&m->making->terms, &term, 1);
}

static void protocols(struct matching *m)
{
    static const char *const names[] = {"protocol", "next-header", "payload-protocol",
                                        "ip-protocol"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct fw_numset *set = numbers(m, names[i], UINT8_MAX, read_proto);
        if (set) {
            require(m, (struct fw_term){.proto = set});
        }
    }
}

static void ports(struct matching *m)
{
    const struct fw_numset *src = numbers(m, "source-port", UINT16_MAX, read_port);
    const struct fw_numset *dst = numbers(m, "destination-port", UINT16_MAX, read_port);
    const struct fw_numset *any = numbers(m, "port", UINT16_MAX, read_port);
    if (src) {
        require(m, (struct fw_term){.sport = src});
    }
    if (dst) {
        require(m, (struct fw_term){.dport = dst});
    }
    if (any) {
        /* "port-except" of a packet with one of its ports among those: not said by the book. */
        bool except = fw_tree_find(&m->making->jun->tree, m->from, FW_SV("port-except")) != NULL;
        struct fw_atom *atom = fw_new(scratch_of(m), struct fw_atom);
        *atom = fw_atom_make(FW_ATOM_VARYING, FW_SV("port-except"), false);
        const struct fw_term parts[] = {
            {.sport = any, .natoms = except, .atoms = atom},
            {.dport = any, .natoms = except, .atoms = atom},
            {.sport = any, .dport = any},
        };
        fw_terms_and(&m->making->terms, parts, except ? 3 : 2);
    }
}

static void icmp(struct matching *m)
{
    struct fw_arena *arena = scratch_of(m);
    const struct fw_numset *type = numbers(m, "icmp-type", UINT8_MAX, read_type);
    struct fw_node *code = fw_tree_key(&m->making->jun->tree, m->from, "icmp-code");
    struct fw_node *code_but = fw_tree_key(&m->making->jun->tree, m->from, "icmp-code-except");
    if (type) {
        struct fw_numrange *v = fw_new_array(arena, type->n, struct fw_numrange);
        for (size_t i = 0; i < type->n; i++) {
            v[i] = (struct fw_numrange){type->v[i].lo << 8, type->v[i].hi << 8 | UINT8_MAX};
        }
        require(m, (struct fw_term){.icmp = fw_numset_make(arena, v, type->n)});
    }
    uint32_t number;
    bool one = code && !code_but && code->n == 1 &&
               fw_sv_u32(code->child->name, UINT8_MAX, &number);
    if (one) {
        struct fw_numrange *v = fw_new_array(arena, UINT8_MAX + 1, struct fw_numrange);
        for (uint32_t i = 0; i <= UINT8_MAX; i++) {
            v[i] = (struct fw_numrange){i << 8 | number, i << 8 | number};
        }
        require(m, (struct fw_term){.icmp = fw_numset_make(arena, v, UINT8_MAX + 1)});
    } else if (code || code_but) {
        fw_jun_atom(m->making, FW_ATOM_FIXED, code ? "icmp-code" : "icmp-code-except",
                    code ? code : code_but);
    }
}

/* --- TCP flags --- */

static const struct {
    const char *name;
    uint8_t bit;
} flag_names[] = {{"ack", ACK}, {"fin", FIN}, {"push", PSH},
                  {"rst", RST}, {"syn", SYN}, {"urgent", URG}};

/* "syn & !ack", "(ack | rst)"; parentheses only around all of it. */
static bool read_flags(struct matching *m, fw_sv text, const struct fw_numset **ret)
{
    struct fw_arena *arena = scratch_of(m);
    bool either = fw_sv_find_char(text, '|') != SIZE_MAX;
    bool both = fw_sv_find_char(text, '&') != SIZE_MAX;
    const struct fw_numset *all = NULL;
    text = fw_sv_trim(text);
    if (text.n > 1 && text.p[0] == '(' && text.p[text.n - 1] == ')') {
        text = fw_sv_sub(text, 1, text.n - 2);
    }
    fw_sv word;
    while (fw_sv_split(&text, either ? '|' : '&', &word)) {
        word = fw_sv_trim(word);
        bool negated = word.n > 0 && word.p[0] == '!';
        fw_sv name = fw_sv_trim(fw_sv_sub(word, negated, word.n));
        uint8_t bit = 0;
        for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++) {
            bit = fw_sv_is(name, flag_names[i].name) ? flag_names[i].bit : bit;
        }
        if (bit == 0 || (either && both)) {
            return false;
        }
        const struct fw_numset *one = fw_numset_masked(arena, bit, negated ? 0 : bit);
        all = !all     ? one
              : either ? fw_numset_union(arena, all, one)
                       : fw_numset_intersect(arena, all, one);
    }
    *ret = all;
    return all != NULL;
}

static void require_flags(struct matching *m, const struct fw_numset *flags)
{
    require(m, (struct fw_term){.proto = fw_numset_range(scratch_of(m), FW_PROTO_TCP, FW_PROTO_TCP),
                                .flags = flags});
}

static void tcp(struct matching *m)
{
    struct fw_jun *jun = m->making->jun;
    const struct fw_numset *set;
    struct fw_node *key = fw_tree_key(&jun->tree, m->from, "tcp-flags");
    if (fw_tree_key(&jun->tree, m->from, "tcp-established") &&
        read_flags(m, FW_SV("ack|rst"), &set)) {
        require_flags(m, set);
    }
    if (fw_tree_key(&jun->tree, m->from, "tcp-initial") && read_flags(m, FW_SV("syn&!ack"), &set)) {
        require_flags(m, set);
    }
    if (key && key->n == 1 && read_flags(m, key->child->name, &set)) {
        require_flags(m, set);
    } else if (key) {
        fw_jun_atom(m->making, FW_ATOM_FIXED, "tcp-flags", key);
    }
}

/* Conditions that are no part of what is modelled, and known. */
static void others(struct matching *m)
{
    static const char *const known[] = {"ah-spi",
                                        "destination-class",
                                        "destination-mac-address",
                                        "dscp",
                                        "dscp-except",
                                        "esp-spi",
                                        "ether-type",
                                        "ether-type-except",
                                        "extension-header",
                                        "first-fragment",
                                        "flexible-match-mask",
                                        "flexible-match-range",
                                        "forwarding-class",
                                        "forwarding-class-except",
                                        "fragment-flags",
                                        "fragment-offset",
                                        "fragment-offset-except",
                                        "hop-limit",
                                        "hop-limit-except",
                                        "interface-group",
                                        "interface-group-except",
                                        "interface-set",
                                        "ip-options",
                                        "ip-options-except",
                                        "is-fragment",
                                        "learn-vlan-id",
                                        "loss-priority",
                                        "loss-priority-except",
                                        "packet-length",
                                        "packet-length-except",
                                        "precedence",
                                        "precedence-except",
                                        "rat-type",
                                        "service-filter-hit",
                                        "source-class",
                                        "source-mac-address",
                                        "traffic-class",
                                        "traffic-class-except",
                                        "traffic-type",
                                        "ttl",
                                        "ttl-except",
                                        "user-vlan-id",
                                        "vlan-ether-type"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct fw_node *key = fw_tree_key(&m->making->jun->tree, m->from, known[i]);
        if (key) {
            fw_jun_atom(m->making, FW_ATOM_FIXED, known[i], key);
        }
    }
    struct fw_node *in = fw_tree_key(&m->making->jun->tree, m->from, "interface");
    fw_sv *names = fw_new_array(scratch_of(m), in ? in->n : 0, fw_sv);
    size_t n = 0;
    for (struct fw_node *one = in ? in->child : NULL; one; one = one->next) {
        bool glob = one->name.n > 0 && one->name.p[one->name.n - 1] == '*';
        names[n++] = glob ? fw_arena_printf(&m->making->jun->doc->arena, "%.*s+",
                                            FW_SV_ARG(fw_sv_sub(one->name, 0, one->name.n - 1)))
                          : one->name;
    }
    if (n > 0) {
        fw_terms_names(&m->making->terms, names, n, false, false);
    }
}

void fw_jun_match(struct fw_jun_making *making, struct fw_node *from, unsigned families)
{
    struct matching m = {making, from, families, families == FW_FAMILY_BIT6};
    if (!from) {
        return;
    }
    addresses(&m);
    protocols(&m);
    ports(&m);
    icmp(&m);
    tcp(&m);
    others(&m);
    for (struct fw_node *key = from->child; key; key = key->next) {
        if (key->verdict == FW_LINE_NONE && !fw_sv_starts(key->name, "apply-") &&
            !fw_sv_is(key->name, FW_TREE_NOTE)) {
            fw_jun_unknown(making, key);
        }
    }
}
