/* What a comparison of nftables means for the packets of our model: a product in its dimensions
 * where it is one, and an atom with the comparison's words where it is not. */
#include "parsers/nft_match.h"

#include <stdlib.h>

#include "core/limits.h"
#include "core/proto.h"

static const struct fw_nft_key key_rows[] = {
#define FW_NFT_KEY(words, type, meaning, family, proto) \
    {words, FW_NFT_TYPE_##type, meaning, family, proto},
#include "parsers/nft_keys.def"
#undef FW_NFT_KEY
};

static const struct fw_nft_key *find_key(const struct fw_nft_expr *key)
{
    for (size_t i = 0; i < sizeof(key_rows) / sizeof(key_rows[0]); i++) {
        if (key->kind == FW_NFT_KEY && fw_sv_is(key->text, key_rows[i].words)) {
            return &key_rows[i];
        }
    }
    return NULL;
}

static struct fw_arena *scratch_of(const struct fw_nft_making *making)
{
    return &making->nft->doc->scratch;
}

unsigned fw_nft_families(enum fw_nft_family family)
{
    return family == FW_NFT_IP    ? FW_FAMILY_BIT4
           : family == FW_NFT_IP6 ? FW_FAMILY_BIT6
                                  : FW_FAMILY_BOTH;
}

void fw_nft_atom(struct fw_nft_making *making, enum fw_atom_kind kind, fw_sv words, bool negated)
{
    fw_terms_atom(&making->terms, fw_atom_make(kind, words, negated));
}

void fw_nft_unsupported(const struct fw_nft_making *making, fw_sv part, const char *what)
{
    fw_doc_unsupported(making->nft->doc, making->rule->span.line, part, "%s", what);
}

void fw_nft_bad(const struct fw_nft_making *making, fw_sv part, const char *expected)
{
    struct fw_doc *doc = making->nft->doc;
    fw_doc_mark(doc, making->rule->span.line, FW_LINE_BAD);
    fw_doc_warn(doc, FW_DIAG_ID_BAD_VALUE, making->rule->span.line, part,
                "expected %s, not \"%.*s\"", expected, FW_SV_ARG(part));
}

/* --- Opaque comparisons --- */

static bool starts_with(fw_sv words, const char *const *list)
{
    for (; *list; list++) {
        if (fw_sv_starts(words, *list)) {
            return true;
        }
    }
    return false;
}

static enum fw_atom_kind kind_of(fw_sv words)
{
    static const char *const varying[] = {"numgen ",   "meta random",       "ct packets",
                                          "ct bytes",  "ct avgpkt",         "ct original packets",
                                          "ct reply ", "ct original bytes", "ct expiration",
                                          NULL};
    static const char *const times[] = {"meta time", "meta day", "meta hour", NULL};
    return starts_with(words, varying) ? FW_ATOM_VARYING
           : starts_with(words, times) ? FW_ATOM_TIME
                                       : FW_ATOM_FIXED;
}

/* "ct status dnat", and negated for "ct status != dnat": the same words either way. */
static fw_sv words_of(const struct fw_nft_comparison *c)
{
    struct fw_arena *arena = scratch_of(c->making);
    const struct fw_nft *nft = c->making->nft;
    fw_sv words[5];
    size_t n = 0;
    bool plain = c->op == FW_NFT_IN || c->op == FW_NFT_EQ || c->op == FW_NFT_NE;
    words[n++] = fw_nft_words(arena, c->key);
    if (!plain) {
        words[n++] = fw_sv_from(fw_nft_op_text(c->op));
    }
    words[n++] = fw_nft_words(arena, c->right);
    if (c->right->kind == FW_NFT_REF && nft->ntables > 1) { /* each has sets of its own */
        words[n++] = FW_SV("of");
        words[n++] = c->making->chain->table->name;
    }
    return fw_words_join(arena, words, n);
}

static bool is_dynamic(const struct fw_nft_comparison *c)
{
    const struct fw_nft_set *set = NULL;
    if (c->right->kind == FW_NFT_REF) {
        set = fw_nft_set_find(c->making->nft, c->making->chain->table, c->right->text);
    }
    return set && set->dynamic;
}

static struct fw_atom opaque_atom(const struct fw_nft_comparison *c)
{
    fw_sv words = words_of(c);
    enum fw_atom_kind kind = is_dynamic(c) ? FW_ATOM_VARYING : kind_of(words);
    struct fw_atom atom = fw_atom_make(kind, words, c->op == FW_NFT_NE);
    atom.outside = c->right->kind == FW_NFT_REF;
    return atom;
}

static void add_opaque(const struct fw_nft_comparison *c)
{
    fw_terms_atom(c->terms, opaque_atom(c));
}

/* --- Conditions, by what they look at --- */

static struct fw_term base_term(const struct fw_nft_comparison *c)
{
    struct fw_arena *arena = scratch_of(c->making);
    struct fw_term term = {0};
    if (c->row->proto >= 0) {
        term.proto = fw_numset_range(arena, (uint32_t)c->row->proto, (uint32_t)c->row->proto);
    }
    if (c->row->family != 0 &&
        (fw_nft_families(c->making->chain->table->family) & ~c->row->family) != 0) {
        fw_iprange all = fw_iprange_all(c->row->family == FW_FAMILY_BIT4 ? FW_IPV4 : FW_IPV6);
        term.src = fw_ipset_make(arena, &all, 1);
    }
    return term;
}

/* "ip saddr & 255.255.0.0 == 10.1.0.0" */
static const struct fw_ipset *masked_addresses(const struct fw_nft_comparison *c)
{
    fw_ip ip;
    fw_ip mask;
    const struct fw_ipset *set;
    bool ok = c->n == 1 && c->values[0]->kind == FW_NFT_VALUE &&
              c->key->v[1]->kind == FW_NFT_VALUE && fw_ip_parse(c->values[0]->text, &ip) &&
              fw_ip_parse(c->key->v[1]->text, &mask) &&
              fw_ipset_masked(scratch_of(c->making), ip, mask, &set);
    return ok ? set : NULL;
}

static bool add_addresses(const struct fw_nft_comparison *c)
{
    struct fw_arena *arena = scratch_of(c->making);
    uint8_t family = c->row->family == FW_FAMILY_BIT4 ? FW_IPV4 : FW_IPV6;
    bool masked = c->key->kind == FW_NFT_BINOP;
    const struct fw_ipset *set;
    if (c->op != FW_NFT_EQ && c->op != FW_NFT_IN && c->op != FW_NFT_NE) {
        return false;
    }
    if (masked) {
        set = masked_addresses(c);
        if (!set) {
            return false;
        }
    } else {
        fw_iprange *v = fw_new_array(arena, c->n + 1, fw_iprange);
        for (size_t i = 0; i < c->n; i++) {
            if (!fw_nft_addresses(c->values[i], family, &v[i])) {
                fw_nft_say_bad(c, c->values[i]);
                return false;
            }
        }
        set = fw_ipset_make(arena, v, c->n);
    }
    if (c->op == FW_NFT_NE) {
        set = fw_ipset_complement(arena, set, c->row->family);
    }
    struct fw_term term = {0};
    *(c->row->meaning == SRC ? &term.src : &term.dst) = set;
    fw_terms_and(c->terms, &term, 1);
    return true;
}

/* "eth*" is our "eth+". */
static bool add_names(const struct fw_nft_comparison *c)
{
    struct fw_arena *arena = scratch_of(c->making);
    fw_sv *names = fw_new_array(arena, c->n + 1, fw_sv);
    if (c->op != FW_NFT_EQ && c->op != FW_NFT_IN && c->op != FW_NFT_NE) {
        return false;
    }
    for (size_t i = 0; i < c->n; i++) {
        if (c->values[i]->kind != FW_NFT_VALUE) {
            fw_nft_say_bad(c, c->values[i]);
            return false;
        }
        fw_sv text = c->values[i]->text;
        if (fw_sv_ends(text, "*") && !fw_sv_ends(text, "\\*")) {
            text = fw_arena_printf(arena, "%.*s+", FW_SV_ARG(fw_sv_sub(text, 0, text.n - 1)));
        }
        names[i] = text;
    }
    struct fw_term term = {0};
    *(c->row->meaning == IN ? &term.in : &term.out) = fw_nameset_make(arena, names, c->n,
                                                                      c->op == FW_NFT_NE);
    fw_terms_and(c->terms, &term, 1);
    return true;
}

static bool add_numbers(const struct fw_nft_comparison *c)
{
    const struct fw_numset *set = fw_nft_numbers(c, fw_nft_last(c->row->type));
    if (!set) {
        return false;
    }
    struct fw_term term = {0};
    *(c->row->meaning == SPORT   ? &term.sport
      : c->row->meaning == DPORT ? &term.dport
                                 : &term.proto) = set;
    fw_terms_and(c->terms, &term, 1);
    if (c->row->meaning == NEXTHDR) { /* there may be extension headers between */
        fw_terms_atom(c->terms,
                      fw_atom_make(FW_ATOM_FIXED, FW_SV("ip6 nexthdr is the last header"), false));
    }
    return true;
}

/* "th dport 53": the port of those protocols that have one; of others, whatever is there. */
static bool add_transport(const struct fw_nft_comparison *c)
{
    static const uint8_t with_ports[] = {FW_PROTO_TCP, FW_PROTO_UDP, FW_PROTO_DCCP, FW_PROTO_SCTP,
                                         FW_PROTO_UDPLITE};
    struct fw_arena *arena = scratch_of(c->making);
    struct fw_numrange v[sizeof(with_ports)];
    const struct fw_numset *set = fw_nft_numbers(c, UINT16_MAX);
    if (!set) {
        return false;
    }
    for (size_t i = 0; i < sizeof(with_ports); i++) {
        v[i] = (struct fw_numrange){with_ports[i], with_ports[i]};
    }
    struct fw_atom *atom = fw_new(arena, struct fw_atom);
    *atom = fw_atom_make(FW_ATOM_FIXED, words_of(c), c->op == FW_NFT_NE);
    struct fw_term parts[2] = {{.proto = fw_numset_make(arena, v, sizeof(with_ports))},
                               {.natoms = 1, .atoms = atom}};
    parts[1].proto = fw_numset_complement(arena, parts[0].proto, UINT8_MAX);
    *(c->row->meaning == TH_SPORT ? &parts[0].sport : &parts[0].dport) = set;
    fw_terms_and(c->terms, parts, 2);
    return true;
}

/* Types are the high byte of the dimension, codes the low one. */
static bool add_icmp(const struct fw_nft_comparison *c)
{
    enum { BYTES = 256 };
    struct fw_arena *arena = scratch_of(c->making);
    const struct fw_numset *set = fw_nft_numbers(c, UINT8_MAX);
    if (!set) {
        return false;
    }
    bool type = c->row->meaning == ICMP_TYPE;
    struct fw_numrange *v = fw_new_array(arena, set->n * (type ? 1 : BYTES), struct fw_numrange);
    size_t n = 0;
    for (size_t i = 0; i < set->n; i++) {
        for (uint32_t high = 0; high < (type ? 1u : BYTES); high++) {
            v[n++] = type
                         ? (struct fw_numrange){set->v[i].lo << 8, set->v[i].hi << 8 | UINT8_MAX}
                         : (struct fw_numrange){high << 8 | set->v[i].lo, high << 8 | set->v[i].hi};
        }
    }
    struct fw_term term = {.icmp = fw_numset_make(arena, v, n)};
    fw_terms_and(c->terms, &term, 1);
    return true;
}

static bool add_masks(const struct fw_nft_comparison *c)
{
    const struct fw_numset *set = fw_nft_masks(c);
    if (!set) {
        return false;
    }
    struct fw_term term = {0};
    *(c->row->meaning == STATE ? &term.state : &term.flags) = set;
    fw_terms_and(c->terms, &term, 1);
    return true;
}

/* "meta nfproto ipv4", "meta protocol { ip, ip6 }", "ether type arp". */
static bool add_families(const struct fw_nft_comparison *c)
{
    struct fw_arena *arena = scratch_of(c->making);
    unsigned families = 0;
    if (c->op != FW_NFT_EQ && c->op != FW_NFT_IN && c->op != FW_NFT_NE) {
        return false;
    }
    for (size_t i = 0; i < c->n; i++) {
        uint32_t one = 0; /* another protocol: no packet of ours */
        if (c->values[i]->kind != FW_NFT_VALUE) {
            return false;
        }
        (void)fw_nft_number(FW_NFT_TYPE_FAMILY, c->values[i]->text, &one);
        families |= one;
    }
    if (c->op == FW_NFT_NE) {
        families = FW_FAMILY_BOTH & ~families;
    }
    if ((fw_nft_families(c->making->chain->table->family) & ~families) == 0) {
        return true;
    }
    struct fw_term term = {.src = fw_ipset_all(arena, families)};
    fw_terms_and(c->terms, &term, 1);
    return true;
}

static bool add_marks(const struct fw_nft_comparison *c)
{
    struct fw_arena *arena = scratch_of(c->making);
    if (c->op != FW_NFT_EQ && c->op != FW_NFT_IN && c->op != FW_NFT_NE) {
        return false;
    }
    struct fw_term *parts = fw_new_array(arena, c->n + 1, struct fw_term);
    for (size_t i = 0; i < c->n; i++) {
        uint32_t value;
        if (c->values[i]->kind != FW_NFT_VALUE ||
            !fw_nft_value(FW_NFT_TYPE_NUMBER, c->values[i], &value)) {
            return false; /* ranges of marks */
        }
        struct fw_atom *atom = fw_new(arena, struct fw_atom);
        fw_sv words = fw_arena_printf(arena, "%s 0x%x/0x%x", c->row->words, value, c->mask);
        bool packet = c->row->meaning == MARK;
        *atom = fw_atom_make(packet ? FW_ATOM_MARK : FW_ATOM_CONNMARK, words, c->op == FW_NFT_NE);
        atom->value = value;
        atom->mask = c->mask;
        parts[i] = (struct fw_term){.natoms = 1, .atoms = atom};
        if (c->op == FW_NFT_NE) {
            fw_terms_and(c->terms, &parts[i], 1);
        }
    }
    if (c->op != FW_NFT_NE) {
        fw_terms_and(c->terms, parts, c->n);
    }
    return true;
}

static bool add_by_meaning(const struct fw_nft_comparison *c)
{
    switch (c->row->meaning) {
    case SRC:
    case DST:
        return add_addresses(c);
    case IN:
    case OUT:
        return add_names(c);
    case PROTO:
    case NEXTHDR:
    case SPORT:
    case DPORT:
        return add_numbers(c);
    case TH_SPORT:
    case TH_DPORT:
        return add_transport(c);
    case ICMP_TYPE:
    case ICMP_CODE:
        return add_icmp(c);
    case FLAGS:
    case STATE:
        return add_masks(c);
    case FAMILY:
        return add_families(c);
    case MARK:
    case CONNMARK:
        return add_marks(c);
    case OPAQUE:
        break;
    }
    return false;
}

/* What depends on the header being there holds whatever is compared. */
static void add_known(const struct fw_nft_comparison *c)
{
    struct fw_term base = base_term(c);
    fw_terms_and(c->terms, &base, 1);
    if (!c->values || !add_by_meaning(c)) {
        add_opaque(c);
    }
}

/* One key against values; concatenations come here part by part. */
static void add_one(struct fw_nft_making *making, struct fw_terms *terms, enum fw_nft_op op,
                    const struct fw_nft_expr *key, const struct fw_nft_expr *right, bool list,
                    const struct fw_nft_expr *const *values, size_t n)
{
    struct fw_nft_comparison c = {.making = making,
                                  .terms = terms,
                                  .op = op,
                                  .key = key,
                                  .right = right,
                                  .list = list,
                                  .n = n,
                                  .values = values,
                                  .mask = UINT32_MAX};
    c.row = find_key(key);
    if (key->kind == FW_NFT_BINOP && fw_sv_is(key->text, "&")) {
        const struct fw_nft_key *row = find_key(key->v[0]);
        bool number = row && (row->meaning == MARK || row->meaning == CONNMARK ||
                              row->meaning == FLAGS || row->meaning == STATE);
        bool address = row && (row->meaning == SRC || row->meaning == DST);
        if (address || (number && fw_nft_value(row->type, key->v[1], &c.mask))) {
            c.row = row;
            c.has_mask = true;
        }
    }
    if (c.row) {
        add_known(&c);
    } else if (!values || !fw_nft_special(&c)) {
        add_opaque(&c);
    }
}

/* The values of a right side: those of a set, or the one there is. */
static const struct fw_nft_expr *const *values_of(struct fw_nft_making *making,
                                                  const struct fw_nft_expr *right, size_t *ret_n,
                                                  bool *ret_list)
{
    *ret_list = right->kind == FW_NFT_SET || right->kind == FW_NFT_REF;
    if (*ret_list) {
        return fw_nft_elements(making, right, ret_n);
    }
    const struct fw_nft_expr **one = fw_new_array(scratch_of(making), 1,
                                                  const struct fw_nft_expr *);
    one[0] = right;
    *ret_n = 1;
    return one;
}

struct sortable {
    fw_sv words;
    const struct fw_nft_expr *expr;
};

static int by_words(const void *a, const void *b)
{
    return fw_sv_cmp(((const struct sortable *)a)->words, ((const struct sortable *)b)->words);
}

const struct fw_nft_expr *const *fw_nft_sorted(struct fw_nft_making *making,
                                               const struct fw_nft_expr *const *v, size_t n)
{
    struct fw_arena *arena = scratch_of(making);
    struct sortable *sortable = fw_new_array(arena, n + 1, struct sortable);
    const struct fw_nft_expr **sorted = fw_new_array(arena, n + 1, const struct fw_nft_expr *);
    for (size_t i = 0; i < n; i++) {
        sortable[i] = (struct sortable){fw_nft_words(arena, v[i]), v[i]};
    }
    if (n > 1) {
        qsort(sortable, n, sizeof(*sortable), by_words);
    }
    for (size_t i = 0; i < n; i++) {
        sorted[i] = sortable[i].expr;
    }
    return sorted;
}

static void match_concat(struct fw_nft_making *making, enum fw_nft_op op,
                         const struct fw_nft_expr *left, const struct fw_nft_expr *right)
{
    struct fw_nft_comparison whole = {
        .making = making, .terms = &making->terms, .op = op, .key = left, .right = right};
    size_t n;
    bool list;
    const struct fw_nft_expr *const *values = values_of(making, right, &n, &list);
    if (!values || (op != FW_NFT_IN && op != FW_NFT_EQ)) {
        add_opaque(&whole);
        return;
    }
    struct fw_term *parts = NULL;
    size_t nparts = 0;
    values = fw_nft_sorted(making, values, n);
    for (size_t i = 0; i < n && nparts <= FW_LIMIT_RULE_TERMS; i++) {
        struct fw_terms terms;
        if (values[i]->kind != FW_NFT_CONCAT || values[i]->n != left->n) {
            fw_nft_bad(making, values[i]->raw, "as many values as there are keys");
            add_opaque(&whole);
            return;
        }
        fw_terms_init(&terms, scratch_of(making), making->terms.families);
        for (size_t k = 0; k < left->n; k++) {
            add_one(making, &terms, FW_NFT_EQ, left->v[k], values[i]->v[k], true, &values[i]->v[k],
                    1);
        }
        for (size_t t = 0; t < terms.n; t++) {
            parts = fw_arena_push(scratch_of(making), parts, nparts, sizeof(*parts));
            parts[nparts++] = terms.v[t];
        }
    }
    fw_terms_and(&making->terms, parts, nparts);
}

void fw_nft_match(struct fw_nft_making *making, enum fw_nft_op op, const struct fw_nft_expr *left,
                  const struct fw_nft_expr *right)
{
    if (left->kind == FW_NFT_CONCAT) {
        match_concat(making, op, left, right);
        return;
    }
    size_t n;
    bool list;
    const struct fw_nft_expr *const *values = values_of(making, right, &n, &list);
    add_one(making, &making->terms, op, left, right, list, values, n);
}

static void refer(struct fw_nft_making *making, struct fw_object *object)
{
    for (size_t i = 0; i < making->nobjects; i++) {
        if (making->objects[i] == object) {
            return;
        }
    }
    making->objects = fw_arena_push(&making->nft->doc->arena, making->objects, making->nobjects,
                                    sizeof(struct fw_object *));
    making->objects[making->nobjects++] = object;
}

const struct fw_nft_expr *const *fw_nft_elements(struct fw_nft_making *making,
                                                 const struct fw_nft_expr *set, size_t *ret_n)
{
    static const struct fw_nft_expr *const nothing[1] = {NULL};
    *ret_n = set->n;
    if (set->kind != FW_NFT_REF) {
        return set->n > 0 ? set->v : nothing;
    }
    struct fw_nft_set *named = fw_nft_set_find(making->nft, making->chain->table, set->text);
    if (!named) {
        fw_doc_mark(making->nft->doc, making->rule->span.line, FW_LINE_UNSUPPORTED);
        fw_doc_warn(making->nft->doc, FW_DIAG_ID_UNDEFINED_NAME, making->rule->span.line, set->raw,
                    "no set of this name in table %.*s: it may hold anything",
                    FW_SV_ARG(making->chain->table->name));
        named = fw_nft_set(making->nft, making->chain->table, set->text);
        named->dynamic = true;
    }
    refer(making, named->object);
    *ret_n = named->n;
    return named->dynamic ? NULL : named->n > 0 ? named->v : nothing;
}
