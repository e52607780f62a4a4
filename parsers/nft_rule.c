/* How the statements of one rule of nftables become rules of the model. One rule may do several
 * things (set a mark, then accept; a verdict for each element of a map): then several rules of the
 * model share its position. */
#include "parsers/nft.h"

#include "core/proto.h"
#include "parsers/maker.h"

/* One rule on its way into its chain. */
struct adding {
    struct fw_nft_making making;
    struct fw_nft_chain *chain;
    size_t at; /* where the next rule of the model goes */
    uint32_t number;
    bool emitted;
    bool log;
    fw_sv log_tag;
    fw_sv element; /* of a verdict map: which one this rule of the model is */
    struct fw_counter hits;
};

static struct fw_rule rule_of(const struct adding *adding, enum fw_action action, fw_sv target)
{
    struct fw_nft *nft = adding->making.nft;
    const struct fw_nft_rule *written = adding->making.rule;
    return (struct fw_rule){
        .position = adding->number,
        .id = fw_pool_text(&nft->pool, written->handle),
        .name = fw_pool_text(&nft->pool, adding->element),
        .comment = fw_pool_text(&nft->pool, written->comment),
        .action = action,
        .target = fw_pool_text(&nft->pool, target),
        .enabled = true,
        .log = adding->log,
        .log_tag = fw_pool_text(&nft->pool, adding->log_tag),
        .hits = adding->hits,
        .span = written->span,
        .nobjects = adding->making.nobjects,
        .objects = adding->making.objects,
    };
}

static void emit(struct adding *adding, struct fw_rule *rule)
{
    struct fw_nft *nft = adding->making.nft;
    fw_rule_match(nft->doc, &nft->pool, &adding->making.terms, (fw_sv){0}, rule);
    fw_nft_chain_insert(nft, adding->chain, adding->at, rule);
    adding->at += adding->at != SIZE_MAX;
    adding->emitted = true;
}

static void emit_action(struct adding *adding, enum fw_action action, fw_sv target)
{
    struct fw_rule rule = rule_of(adding, action, target);
    emit(adding, &rule);
}

/* --- Verdicts --- */

static void emit_verdict(struct adding *adding, const struct fw_nft_expr *verdict)
{
    static const struct {
        const char *name;
        enum fw_action action;
    } rows[] = {{"accept", FW_ACTION_PERMIT},     {"drop", FW_ACTION_DENY},
                {"continue", FW_ACTION_CONTINUE}, {"return", FW_ACTION_RETURN},
                {"jump", FW_ACTION_JUMP},         {"goto", FW_ACTION_GOTO},
                {"queue", FW_ACTION_UNKNOWN}};
    for (size_t i = 0; verdict->kind == FW_NFT_VERDICT && i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (fw_sv_is(verdict->text, rows[i].name)) {
            emit_action(adding, rows[i].action,
                        verdict->n > 0 ? verdict->v[0]->text : verdict->text);
            return;
        }
    }
    fw_nft_unsupported(&adding->making, verdict->raw, "a verdict that is computed: it may be any");
    emit_action(adding, FW_ACTION_UNKNOWN,
                fw_nft_words(&adding->making.nft->doc->scratch, verdict));
}

/* "ct state vmap { established : accept, invalid : drop }": a rule for each element. */
static void emit_vmap(struct adding *adding, const struct fw_nft_stmt *stmt)
{
    struct fw_nft_making *making = &adding->making;
    struct fw_arena *scratch = &making->nft->doc->scratch;
    size_t n;
    const struct fw_nft_expr *const *v = fw_nft_elements(making, stmt->right, &n);
    if (!v) {
        fw_sv words[] = {fw_nft_words(scratch, stmt->left), FW_SV("vmap"),
                         fw_nft_words(scratch, stmt->right)};
        emit_action(adding, FW_ACTION_UNKNOWN, fw_words_join(scratch, words, 3));
        return;
    }
    struct fw_terms terms = making->terms;
    v = fw_nft_sorted(making, v, n);
    for (int last = 0; last < 2; last++) { /* "*" is for what no other element takes */
        for (size_t i = 0; i < n; i++) {
            if (v[i]->kind != FW_NFT_PAIR) {
                if (last == 0) {
                    fw_nft_bad(making, v[i]->raw, "KEY : VERDICT");
                }
                continue;
            }
            bool any = v[i]->v[0]->kind == FW_NFT_ANY;
            if (any != (last == 1)) {
                continue;
            }
            if (!any) {
                const struct fw_nft_expr *one[1] = {v[i]->v[0]};
                struct fw_nft_expr list = {
                    .kind = FW_NFT_SET, .raw = one[0]->raw, .n = 1, .v = one};
                fw_nft_match(making, FW_NFT_EQ, stmt->left, &list);
            }
            adding->element = fw_nft_words(scratch, v[i]->v[0]);
            emit_verdict(adding, v[i]->v[1]);
            making->terms = terms;
        }
    }
}

/* --- NAT --- */

static bool host_range(const struct fw_nft_expr *expr, fw_iprange *ret)
{
    uint32_t bits;
    fw_ip ip;
    if (expr->kind == FW_NFT_VALUE && fw_ip_parse(expr->text, &ret->lo)) {
        ret->hi = ret->lo;
        return true;
    }
    if (expr->kind == FW_NFT_PREFIX && fw_ip_parse(expr->v[0]->text, &ip) &&
        fw_sv_u32(expr->text, 128, &bits)) {
        return fw_iprange_from_prefix(ip, bits, ret);
    }
    return expr->kind == FW_NFT_RANGE && fw_ip_parse(expr->v[0]->text, &ret->lo) &&
           fw_ip_parse(expr->v[1]->text, &ret->hi) && ret->lo.family == ret->hi.family &&
           fw_ip_cmp(ret->lo, ret->hi) <= 0;
}

static bool port_range(const struct fw_nft_expr *expr, struct fw_nat *nat)
{
    uint32_t lo;
    uint32_t hi;
    bool range = expr->kind == FW_NFT_RANGE;
    const struct fw_nft_expr *first = range ? expr->v[0] : expr;
    const struct fw_nft_expr *last = range ? expr->v[1] : expr;
    if (first->kind != FW_NFT_VALUE || last->kind != FW_NFT_VALUE ||
        !fw_nft_number(FW_NFT_TYPE_PORT, first->text, &lo) ||
        !fw_nft_number(FW_NFT_TYPE_PORT, last->text, &hi) || lo > hi || lo == 0) {
        return false;
    }
    nat->port_lo = (uint16_t)lo;
    nat->port_hi = (uint16_t)hi;
    return true;
}

static void emit_nat(struct adding *adding, const struct fw_nft_stmt *stmt)
{
    bool source = fw_sv_is(stmt->text, "snat") || fw_sv_is(stmt->text, "masquerade");
    bool own = fw_sv_is(stmt->text, "masquerade") || fw_sv_is(stmt->text, "redirect");
    struct fw_rule rule = rule_of(adding, source ? FW_ACTION_SNAT : FW_ACTION_DNAT, stmt->text);
    rule.nat.own_address = own;
    if (stmt->left && own && !stmt->right) { /* redirect to 8080 */
        if (!port_range(stmt->left, &rule.nat)) {
            rule.nat.port_lo = 1;
            rule.nat.port_hi = UINT16_MAX;
        }
    } else if (stmt->left && !host_range(stmt->left, &rule.nat.to)) {
        /* From a map: any address, and a port with it. */
        bool six = adding->chain->table->family == FW_NFT_IP6;
        rule.nat.to = fw_iprange_all(six ? FW_IPV6 : FW_IPV4);
        rule.nat.port_lo = 1;
        rule.nat.port_hi = UINT16_MAX;
    }
    if (stmt->right && !port_range(stmt->right, &rule.nat)) {
        rule.nat.port_lo = 1;
        rule.nat.port_hi = UINT16_MAX;
    }
    emit(adding, &rule);
}

/* --- Marks --- */

static bool is_key(const struct fw_nft_expr *expr, const char *words)
{
    return expr->kind == FW_NFT_KEY && fw_sv_is(expr->text, words);
}

static bool is_number(const struct fw_nft_expr *expr, uint32_t *ret)
{
    return expr->kind == FW_NFT_VALUE && fw_nft_number(FW_NFT_TYPE_NUMBER, expr->text, ret);
}

/* "mark | 0x10", "mark & 0xff", "mark ^ 1" of the same mark: what stays and what flips. */
static bool mark_change(const struct fw_nft_expr *expr, const char *own, uint32_t *ret_mask,
                        uint32_t *ret_value)
{
    uint32_t number;
    if (is_number(expr, &number)) {
        *ret_mask = UINT32_MAX;
        *ret_value = number;
        return true;
    }
    if (expr->kind != FW_NFT_BINOP || !is_key(expr->v[0], own) || !is_number(expr->v[1], &number)) {
        return false;
    }
    bool and = fw_sv_is(expr->text, "&");
    bool or = fw_sv_is(expr->text, "|");
    *ret_mask = and? ~number : or ? number : 0;
    *ret_value = and? 0 : number;
    return and || or || fw_sv_is(expr->text, "^");
}

/* Fields whose change makes later rules see another packet. */
static bool is_seen_later(const struct fw_nft_expr *key)
{
    static const char *const keys[] = {"ip saddr",  "ip daddr",  "ip6 saddr", "ip6 daddr",
                                       "tcp sport", "tcp dport", "udp sport", "udp dport",
                                       "th sport",  "th dport"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (is_key(key, keys[i])) {
            return true;
        }
    }
    return false;
}

/* What follows in this rule was decided by the mark as it was before: another, that nobody knows. A
 * connection there was, if its mark was asked for. */
static void forget_mark(struct adding *adding, enum fw_atom_kind kind)
{
    struct fw_arena *scratch = &adding->making.nft->doc->scratch;
    struct fw_terms *terms = &adding->making.terms;
    const struct fw_numset *tracked = fw_numset_range(scratch, FW_STATE_NEW, FW_STATE_RELATED);
    for (size_t t = 0; t < terms->n; t++) {
        struct fw_term *term = &terms->v[t];
        struct fw_atom *atoms = fw_new_array(scratch, term->natoms + 1, struct fw_atom);
        for (size_t i = 0; i < term->natoms; i++) {
            atoms[i] = term->atoms[i];
            if (atoms[i].kind != kind) {
                continue;
            }
            atoms[i].kind = FW_ATOM_VARYING;
            atoms[i].words = fw_arena_printf(scratch, "%.*s, before", FW_SV_ARG(atoms[i].words));
            if (kind == FW_ATOM_CONNMARK) {
                term->state = term->state ? fw_numset_intersect(scratch, term->state, tracked)
                                          : tracked;
            }
        }
        term->atoms = atoms;
    }
}

/* Whether "ct mark" stands in it: what has no connection has none, and the rule ends there
 * (Linux, net/netfilter/nft_ct.c, NFT_BREAK). */
static bool reads_connmark(const struct fw_nft_expr *expr)
{
    return is_key(expr, "ct mark") || (expr->kind == FW_NFT_BINOP && is_key(expr->v[0], "ct mark"));
}

static void need_connection(struct adding *adding)
{
    struct fw_arena *scratch = &adding->making.nft->doc->scratch;
    struct fw_term tracked = {.state = fw_numset_range(scratch, FW_STATE_NEW, FW_STATE_RELATED)};
    fw_terms_and(&adding->making.terms, &tracked, 1);
}

static void emit_assign(struct adding *adding, const struct fw_nft_stmt *stmt)
{
    struct fw_nft *nft = adding->making.nft;
    struct fw_rule rule = rule_of(adding, FW_ACTION_CONTINUE, FW_SV("set"));
    uint32_t mask;
    uint32_t value;
    enum fw_atom_kind changed = FW_ATOM_COUNT;
    if (reads_connmark(stmt->right)) {
        need_connection(adding);
    }
    if (is_key(stmt->left, "meta mark")) {
        changed = FW_ATOM_MARK;
        if (mark_change(stmt->right, "meta mark", &mask, &value)) {
            rule.sets_mark = true;
            rule.mark_mask = mask;
            rule.mark_value = value;
        } else if (is_key(stmt->right, "ct mark")) {
            rule.connmark = FW_CONNMARK_RESTORE;
            rule.mark_mask = UINT32_MAX;
            rule.mark_value = UINT32_MAX;
        } else {
            nft->alters_mark = true;
            return;
        }
    } else if (is_key(stmt->left, "ct mark")) {
        changed = FW_ATOM_CONNMARK;
        rule.mark_mask = UINT32_MAX;
        rule.mark_value = UINT32_MAX;
        if (mark_change(stmt->right, "ct mark", &mask, &value)) {
            rule.connmark = FW_CONNMARK_SET;
            rule.mark_mask = mask;
            rule.mark_value = value;
        } else if (is_key(stmt->right, "meta mark")) {
            rule.connmark = FW_CONNMARK_SAVE;
        } else {
            nft->alters_connmark = true;
            return;
        }
    } else if (is_seen_later(stmt->left)) {
        fw_nft_unsupported(&adding->making, stmt->left->raw,
                           "what later rules see is rewritten here: the rule may decide anything");
        rule.action = FW_ACTION_UNKNOWN;
        rule.target = fw_pool_text(&nft->pool, fw_nft_words(&nft->doc->scratch, stmt->left));
    } else {
        return; /* priorities, classes, helpers: no rule of ours sees them */
    }
    rule.log = false;
    bool emitted = adding->emitted || rule.action == FW_ACTION_UNKNOWN;
    emit(adding, &rule);
    adding->emitted = emitted;
    forget_mark(adding, changed);
}

/* --- Parts of iptables --- */

struct xt_row {
    const char *target;
    enum fw_nft_does does;
    const char *text; /* of NAT */
};

static const struct xt_row xt_rows[] = {
    {"CLASSIFY", FW_NFT_PASS, ""},
    {"CONNMARK", FW_NFT_ASSIGN, "ct mark"},
    {"CT", FW_NFT_NOTRACK, ""},
    {"DNAT", FW_NFT_NAT, "dnat"},
    {"LOG", FW_NFT_LOG, ""},
    {"MARK", FW_NFT_ASSIGN, "meta mark"},
    {"MASQUERADE", FW_NFT_NAT, "masquerade"},
    {"NFLOG", FW_NFT_LOG, ""},
    {"NOTRACK", FW_NFT_NOTRACK, ""},
    {"REDIRECT", FW_NFT_NAT, "redirect"},
    {"REJECT", FW_NFT_REJECT, ""},
    {"SNAT", FW_NFT_NAT, "snat"},
    {"TCPMSS", FW_NFT_PASS, ""},
};

/* NETMAP maps the address that its hook may change. */
static const char *netmap_of(const struct adding *adding)
{
    enum fw_hook hook = adding->chain->policy->hook;
    return hook == FW_HOOK_POSTROUTING || hook == FW_HOOK_INPUT ? "snat" : "dnat";
}

/* "xt match hashlimit" may be true or false; of "xt target DNAT" only the name is known. */
static struct fw_nft_stmt plain_statement(const struct adding *adding, const struct fw_nft_stmt *xt,
                                          struct fw_nft_expr *to)
{
    fw_sv rest = xt->text;
    fw_sv word;
    fw_sv kind = {0};
    fw_sv name = {0};
    struct fw_nft_stmt stmt = *xt;
    (void)fw_sv_word(&rest, &word);
    (void)fw_sv_word(&rest, &kind);
    (void)fw_sv_word(&rest, &name);
    stmt.does = fw_sv_is(kind, "match") ? FW_NFT_CONDITION : FW_NFT_UNKNOWN;
    if (fw_sv_is(kind, "match") && fw_sv_is(name, "comment")) {
        stmt.does = FW_NFT_PASS;
    }
    for (size_t i = 0; fw_sv_is(kind, "target") && i < sizeof(xt_rows) / sizeof(xt_rows[0]); i++) {
        if (fw_sv_is(name, xt_rows[i].target)) {
            stmt.does = xt_rows[i].does;
            stmt.text = fw_sv_from(xt_rows[i].text);
        }
    }
    if (fw_sv_is(kind, "target") && fw_sv_is(name, "NETMAP")) {
        stmt.does = FW_NFT_NAT;
        stmt.text = fw_sv_from(netmap_of(adding));
    }
    *to = (struct fw_nft_expr){.kind = FW_NFT_KEY, .text = xt->text, .raw = xt->raw};
    stmt.left = fw_sv_ends(stmt.text, "nat") ? to : NULL; /* to what is not said: to anything */
    stmt.right = fw_sv_is(stmt.text, "redirect") ? to : NULL;
    if (stmt.does == FW_NFT_ASSIGN) {
        to[1] = (struct fw_nft_expr){.kind = FW_NFT_KEY, .text = stmt.text, .raw = xt->raw};
        stmt.left = &to[1];
        stmt.right = &to[0];
    }
    return stmt;
}

/* --- Statements --- */

static void take_plain(struct adding *adding, const struct fw_nft_stmt *stmt)
{
    struct fw_nft_making *making = &adding->making;
    switch (stmt->does) {
    case FW_NFT_MATCH:
        fw_nft_match(making, stmt->op, stmt->left, stmt->right);
        break;
    case FW_NFT_CONDITION:
        fw_nft_atom(making, FW_ATOM_VARYING, stmt->text, false);
        break;
    case FW_NFT_DECIDE:
        emit_verdict(adding, stmt->left);
        break;
    case FW_NFT_VMAP:
        emit_vmap(adding, stmt);
        break;
    case FW_NFT_LOG:
        adding->log = true;
        adding->log_tag = stmt->text;
        break;
    case FW_NFT_COUNTER:
        adding->hits = stmt->counter_name.n > 0
                           ? fw_nft_counter(making->nft, adding->chain->table, stmt->counter_name)
                                 ->counter
                           : stmt->counter;
        break;
    case FW_NFT_REJECT:
        emit_action(adding, FW_ACTION_REJECT, FW_SV("reject"));
        break;
    case FW_NFT_NAT:
        emit_nat(adding, stmt);
        break;
    case FW_NFT_ASSIGN:
        emit_assign(adding, stmt);
        break;
    case FW_NFT_NOTRACK: {
        struct fw_rule rule = rule_of(adding, FW_ACTION_CONTINUE, FW_SV("notrack"));
        rule.untracks = true;
        rule.log = false;
        bool emitted = adding->emitted;
        emit(adding, &rule);
        adding->emitted = emitted;
        break;
    }
    case FW_NFT_XT:
    case FW_NFT_PASS:
        break;
    case FW_NFT_UNKNOWN:
        emit_action(adding, FW_ACTION_UNKNOWN, stmt->text);
        fw_nft_atom(making, FW_ATOM_VARYING, stmt->text, false); /* what follows may not happen */
        break;
    }
}

static void take(struct adding *adding, const struct fw_nft_stmt *stmt)
{
    struct fw_nft_expr parts[2];
    struct fw_nft_stmt plain = stmt->does == FW_NFT_XT ? plain_statement(adding, stmt, parts)
                                                       : *stmt;
    take_plain(adding, &plain);
}

/* Rules at ingress and egress are for the devices of their chain. */
static void start_terms(struct adding *adding)
{
    struct fw_nft_making *making = &adding->making;
    const struct fw_nft_chain *chain = adding->chain;
    fw_terms_init(&making->terms, &making->nft->doc->scratch,
                  fw_nft_families(chain->table->family));
    if (!chain->devices) {
        return;
    }
    if (chain->ndevices == 0) {
        fw_nft_atom(making, FW_ATOM_FIXED, FW_SV("device of the chain"), false);
        return;
    }
    struct fw_term part = {0};
    *(chain->egress ? &part.out : &part.in) = fw_nameset_make(
        &making->nft->doc->scratch, chain->devices, chain->ndevices, false);
    fw_terms_and(&making->terms, &part, 1);
}

void fw_nft_rule_add(struct fw_nft *nft, struct fw_nft_chain *chain, const struct fw_nft_rule *rule,
                     bool first)
{
    struct adding adding = {
        .making = {.nft = nft, .chain = chain, .rule = rule},
        .chain = chain,
        .at = first ? 0 : SIZE_MAX,
        .number = ++chain->count,
    };
    start_terms(&adding);
    size_t before = chain->policy->n;
    for (size_t i = 0; i < rule->n; i++) {
        take(&adding, &rule->stmts[i]);
    }
    if (!adding.emitted && (chain->policy->n == before || adding.log)) {
        emit_action(&adding, FW_ACTION_CONTINUE, adding.log ? FW_SV("log") : (fw_sv){0});
    }
}
