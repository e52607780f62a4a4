/* What can be reached from outside: written with tabs between the cells, as
 *
 *   device  from      hosts                    services
 *   gw1     internet  192.0.2.10 192.0.2.40    tcp/80,443
 */
#include "analyzers/rules/reachable.h"

#include "core/text.h"

static const char header[] = "device\tfrom\thosts\tservices\n";

static void put_hosts(struct fw_buf *buf, const struct fw_ipset *hosts)
{
    for (size_t i = 0; i < hosts->n; i++) {
        fw_buf_add_cstr(buf, i > 0 ? " " : "");
        fw_iprange_text(buf, hosts->v[i]);
    }
}

static bool services_eq(const struct fw_services *a, const struct fw_services *b)
{
    bool same = fw_numset_eq(a->whole, b->whole);
    for (size_t i = 0; i < FW_PORT_PROTOS; i++) {
        same = same && fw_numset_eq(a->ports[i], b->ports[i]);
    }
    return same;
}

void fw_reachables_add(struct fw_arena *arena, const struct fw_exposure *exposure,
                       struct fw_reachables *to)
{
    size_t first = to->n;
    for (size_t i = 0; i < exposure->ncrossings; i++) {
        const struct fw_crossing *crossing = &exposure->crossings[i];
        if (!fw_zone_is(exposure, crossing->from, FW_TRUST_BIT(FW_TRUST_UNTRUSTED)) ||
            !fw_zone_is(exposure, crossing->to, FW_TRUSTS_OURS)) {
            continue;
        }
        struct fw_reachable one = {exposure->device->name,
                                   fw_zone_name(exposure, crossing->from),
                                   crossing->term.dst,
                                   {0}};
        fw_services_of_term(arena, &crossing->term, &one.services);
        /* Parts of one rule lie side by side: the same hosts again, or the same services. */
        struct fw_reachable *last = to->n > first ? &to->v[to->n - 1] : NULL;
        if (last && fw_sv_eq(last->from, one.from) && services_eq(&last->services, &one.services)) {
            last->hosts = fw_ipset_contains(last->hosts, one.hosts)
                              ? last->hosts
                              : fw_ipset_union(arena, last->hosts, one.hosts);
        } else if (last && fw_sv_eq(last->from, one.from) && fw_ipset_eq(last->hosts, one.hosts)) {
            fw_services_add(arena, &last->services, &one.services);
        } else {
            to->v = fw_arena_push(arena, to->v, to->n, sizeof(*to->v));
            to->v[to->n++] = one;
        }
    }
}

void fw_reachables_text(struct fw_buf *buf, const struct fw_reachables *reachables)
{
    fw_buf_add_cstr(buf, header);
    for (size_t i = 0; i < reachables->n; i++) {
        const struct fw_reachable *one = &reachables->v[i];
        fw_text_safe(buf, one->device);
        fw_buf_add_char(buf, '\t');
        fw_text_safe(buf, one->from);
        fw_buf_add_char(buf, '\t');
        put_hosts(buf, one->hosts);
        fw_buf_add_char(buf, '\t');
        fw_services_text(buf, &one->services);
        fw_buf_add_char(buf, '\n');
    }
}

/* "192.0.2.10", "192.0.2.0/24", "192.0.2.10-192.0.2.20" */
static bool parse_range(fw_sv text, fw_iprange *ret)
{
    size_t dash = fw_sv_find_char(text, '-');
    if (dash == SIZE_MAX) {
        return fw_iprange_parse(text, ret, NULL);
    }
    return fw_ip_parse(fw_sv_sub(text, 0, dash), &ret->lo) &&
           fw_ip_parse(fw_sv_sub(text, dash + 1, text.n), &ret->hi) &&
           ret->lo.family == ret->hi.family && fw_ip_cmp(ret->lo, ret->hi) <= 0;
}

static bool parse_row(struct fw_arena *arena, fw_sv line, struct fw_reachable *ret)
{
    fw_sv cells[4];
    fw_sv bad;
    fw_sv word;
    fw_iprange *v = NULL;
    size_t n = 0;
    for (size_t i = 0; i < 4; i++) {
        if (!fw_sv_split(&line, '\t', &cells[i])) {
            return false;
        }
    }
    while (fw_sv_word(&cells[2], &word)) {
        v = fw_arena_push(arena, v, n, sizeof(*v));
        if (!parse_range(word, &v[n++])) {
            return false;
        }
    }
    ret->device = cells[0];
    ret->from = cells[1];
    ret->hosts = fw_ipset_make(arena, v, n);
    return fw_services_parse(arena, cells[3], &ret->services, &bad);
}

bool fw_reachables_parse(struct fw_arena *arena, fw_sv text, struct fw_reachables *ret)
{
    struct fw_reachables found = {0};
    fw_sv line;
    if (!fw_sv_starts(text, header)) {
        return false;
    }
    fw_sv_split(&text, '\n', &line);
    while (fw_sv_split(&text, '\n', &line)) {
        struct fw_reachable one;
        if (line.n == 0) {
            continue;
        }
        if (!parse_row(arena, line, &one)) {
            return false;
        }
        found.v = fw_arena_push(arena, found.v, found.n, sizeof(*found.v));
        found.v[found.n++] = one;
    }
    *ret = found;
    return true;
}
