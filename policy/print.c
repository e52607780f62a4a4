/* How a rule is written as JSON: sets as short texts, terms folded where they say the same. */
#include "policy/print.h"

#include <inttypes.h>

#include "core/proto.h"

void fw_numset_text(struct fw_buf *buf, const struct fw_numset *set)
{
    if (!set) {
        fw_buf_add(buf, FW_SV("any"));
        return;
    }
    for (size_t i = 0; i < set->n; i++) {
        fw_buf_printf(buf, "%s%" PRIu32, i > 0 ? "," : "", set->v[i].lo);
        if (set->v[i].hi > set->v[i].lo) {
            fw_buf_printf(buf, "-%" PRIu32, set->v[i].hi);
        }
    }
}

void fw_protoset_text(struct fw_buf *buf, const struct fw_numset *set)
{
    if (!set) {
        fw_buf_add(buf, FW_SV("any"));
        return;
    }
    for (size_t i = 0; i < set->n; i++) {
        struct fw_numrange range = set->v[i];
        fw_buf_add_cstr(buf, i > 0 ? "," : "");
        if (range.lo == range.hi) {
            fw_proto_text(buf, (uint8_t)range.lo);
        } else {
            fw_buf_printf(buf, "%" PRIu32 "-%" PRIu32, range.lo, range.hi);
        }
    }
}

/* "any", "eth0", "eth0,eth1", "!eth+" */
static void nameset_text(struct fw_buf *buf, const struct fw_nameset *set)
{
    if (!set) {
        fw_buf_add(buf, FW_SV("any"));
        return;
    }
    fw_buf_add_cstr(buf, set->negated ? "!" : "");
    for (size_t i = 0; i < set->n; i++) {
        fw_buf_add_cstr(buf, i > 0 ? "," : "");
        fw_buf_add(buf, set->v[i]);
    }
}

void fw_stateset_text(struct fw_buf *buf, const struct fw_numset *set)
{
    if (!set) {
        fw_buf_add(buf, FW_SV("any"));
        return;
    }
    const char *before = "";
    for (uint32_t state = 0; state < FW_STATE_COUNT; state++) {
        if (fw_numset_has(set, state)) {
            fw_buf_add_cstr(buf, before);
            fw_buf_add_cstr(buf, fw_state_name((enum fw_state)state));
            before = ",";
        }
    }
}

void fw_icmpset_text(struct fw_buf *buf, const struct fw_numset *set)
{
    if (!set) {
        fw_buf_add(buf, FW_SV("any"));
        return;
    }
    for (size_t i = 0; i < set->n; i++) {
        uint32_t lo = set->v[i].lo;
        uint32_t hi = set->v[i].hi;
        fw_buf_add_cstr(buf, i > 0 ? "," : "");
        if ((lo & UINT8_MAX) == 0 && hi == (lo | UINT8_MAX)) { /* all codes of one type */
            fw_buf_printf(buf, "%" PRIu32, lo >> 8);
            continue;
        }
        fw_buf_printf(buf, "%" PRIu32 "/%" PRIu32, lo >> 8, lo & UINT8_MAX);
        if (hi > lo) {
            fw_buf_printf(buf, "-%" PRIu32 "/%" PRIu32, hi >> 8, hi & UINT8_MAX);
        }
    }
}

static void text_value(struct fw_json *json, const char *key, struct fw_buf *buf)
{
    fw_json_kv(json, key, fw_buf_sv(buf));
    fw_buf_reset(buf);
}

static const struct fw_ipset *addresses(const struct fw_term *term, bool source)
{
    return source ? term->src : term->dst;
}

/* "any" when one term takes any address; otherwise the ranges of all terms, each set once. */
static void address_list(struct fw_json *json, struct fw_buf *buf, const char *key,
                         const struct fw_match *match, bool source)
{
    bool any = false;
    for (size_t i = 0; i < match->n; i++) {
        any = any || !addresses(&match->terms[i], source);
    }
    if (any) {
        fw_json_kv_cstr(json, key, "any");
        return;
    }
    fw_json_key(json, key);
    fw_json_array(json);
    for (size_t i = 0; i < match->n; i++) {
        const struct fw_ipset *set = addresses(&match->terms[i], source);
        bool seen = false;
        for (size_t j = i > 64 ? i - 64 : 0; j < i && !seen; j++) {
            seen = fw_ipset_eq(addresses(&match->terms[j], source), set);
        }
        for (size_t k = 0; k < set->n && !seen; k++) {
            fw_iprange_text(buf, set->v[k]);
            fw_json_string(json, fw_buf_sv(buf));
            fw_buf_reset(buf);
        }
    }
    fw_json_end(json);
}

static bool same_nums(const struct fw_numset *a, const struct fw_numset *b)
{
    return a == b || (a && b && fw_numset_eq(a, b));
}

static bool same_service(const struct fw_term *a, const struct fw_term *b)
{
    return same_nums(a->proto, b->proto) && same_nums(a->sport, b->sport) &&
           same_nums(a->dport, b->dport) && same_nums(a->icmp, b->icmp) &&
           same_nums(a->flags, b->flags) && same_nums(a->state, b->state);
}

static void service_json(struct fw_json *json, struct fw_buf *buf, const struct fw_term *term)
{
    fw_json_object(json);
    fw_protoset_text(buf, term->proto);
    text_value(json, "protocol", buf);
    fw_numset_text(buf, term->sport);
    text_value(json, "source_port", buf);
    fw_numset_text(buf, term->dport);
    text_value(json, "destination_port", buf);
    if (term->icmp) {
        fw_icmpset_text(buf, term->icmp);
        text_value(json, "icmp", buf);
    }
    if (term->flags) {
        fw_numset_text(buf, term->flags);
        text_value(json, "tcp_flags", buf);
    }
    if (term->state) {
        fw_stateset_text(buf, term->state);
        text_value(json, "state", buf);
    }
    fw_json_end(json);
}

static void services_json(struct fw_json *json, struct fw_buf *buf, const struct fw_match *match)
{
    fw_json_key(json, "service");
    fw_json_array(json);
    for (size_t i = 0; i < match->n; i++) {
        bool seen = false;
        for (size_t j = i > 64 ? i - 64 : 0; j < i && !seen; j++) {
            seen = same_service(&match->terms[j], &match->terms[i]);
        }
        if (!seen) {
            service_json(json, buf, &match->terms[i]);
        }
    }
    fw_json_end(json);
}

/* Interfaces: a text for the one set, or a list when terms differ. */
static void names_json(struct fw_json *json, struct fw_buf *buf, const char *key,
                       const struct fw_match *match, bool in)
{
    const struct fw_nameset *first = NULL;
    bool differ = false;
    for (size_t i = 0; i < match->n; i++) {
        const struct fw_nameset *set = in ? match->terms[i].in : match->terms[i].out;
        differ = differ || (i > 0 && set != first);
        first = i == 0 ? set : first;
    }
    if (!differ) {
        nameset_text(buf, first);
        text_value(json, key, buf);
        return;
    }
    fw_json_key(json, key);
    fw_json_array(json);
    for (size_t i = 0; i < match->n; i++) {
        nameset_text(buf, in ? match->terms[i].in : match->terms[i].out);
        fw_json_string(json, fw_buf_sv(buf));
        fw_buf_reset(buf);
    }
    fw_json_end(json);
}

static void nat_json(struct fw_json *json, struct fw_buf *buf, const struct fw_nat *nat,
                     const char *key)
{
    fw_json_key(json, key);
    fw_json_object(json);
    if (nat->own_address && nat->to.lo.family == 0) {
        fw_json_kv_cstr(json, "to", "own address");
    } else if (nat->set) {
        for (size_t i = 0; i < nat->set->n; i++) {
            fw_buf_add_cstr(buf, i > 0 ? "," : "");
            fw_iprange_text(buf, nat->set->v[i]);
        }
        text_value(json, "to", buf);
    } else if (nat->to.lo.family != 0) {
        fw_iprange_text(buf, nat->to);
        text_value(json, "to", buf);
    }
    if (nat->port_lo != 0 || nat->port_hi != 0) {
        fw_buf_printf(buf, nat->port_hi > nat->port_lo ? "%u-%u" : "%u", nat->port_lo,
                      nat->port_hi);
        text_value(json, "port", buf);
    }
    if (nat->both_ways) {
        fw_json_kv_bool(json, "both_ways", true);
    }
    if (nat->other) {
        nat_json(json, buf, nat->other, "destination");
    }
    fw_json_end(json);
}

void fw_rule_json(struct fw_json *json, const struct fw_policy *policy, const struct fw_rule *rule)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_json_object(json);
    fw_json_kv(json, "policy", policy->name);
    fw_json_kv_u64(json, "position", rule->position);
    fw_json_kv(json, "id", rule->id);
    fw_json_kv(json, "name", rule->name);
    fw_json_kv_cstr(json, "action", fw_action_name(rule->action));
    if (rule->action == FW_ACTION_JUMP || rule->action == FW_ACTION_GOTO) {
        fw_json_kv(json, "target", rule->target);
    }
    fw_json_kv_bool(json, "enabled", rule->enabled);
    fw_json_kv_bool(json, "log", rule->log);
    if (rule->log_tag.n > 0) {
        fw_json_kv(json, "log_tag", rule->log_tag);
    }
    fw_json_kv_u64(json, "line", rule->span.line);
    names_json(json, &buf, "in", &rule->match, true);
    names_json(json, &buf, "out", &rule->match, false);
    address_list(json, &buf, "source", &rule->match, true);
    address_list(json, &buf, "destination", &rule->match, false);
    services_json(json, &buf, &rule->match);
    if (rule->action == FW_ACTION_DNAT || rule->action == FW_ACTION_SNAT) {
        nat_json(json, &buf, &rule->nat, "nat");
    }
    fw_json_kv(json, "comment", rule->comment);
    fw_json_kv_u64_if(json, "hits", rule->hits.present, rule->hits.packets);
    fw_json_kv_bool(json, "exact", fw_rule_exact(rule));
    fw_json_kv_texts(json, "unmodelled", rule->unmodelled, rule->nwords);
    fw_json_end(json);
    fw_buf_clear(&buf);
}
