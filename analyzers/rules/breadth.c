/* How broad rules are, in words and numbers. */
#include "analyzers/rules/breadth.h"

#include <math.h>

bool fw_breadth_every_service(const struct fw_services *services)
{
    enum { NEARLY_ALL_PORTS = 60000, NEARLY_ALL_PROTOS = 240 };
    for (size_t i = 0; i < 2; i++) { /* tcp and udp */
        bool whole = fw_numset_has(services->whole, i == 0 ? 6 : 17);
        if (!whole && fw_numset_size(services->ports[i]) < NEARLY_ALL_PORTS) {
            return false;
        }
    }
    return fw_numset_size(services->whole) >= NEARLY_ALL_PROTOS;
}

fw_sv fw_breadth_end(struct fw_results *results, const struct fw_exposure *exposure,
                     const struct fw_hit *hit, bool source)
{
    enum { SHOWN = 4 };
    uint32_t seen[64] = {0};
    size_t n = 0;
    struct fw_buf buf;
    fw_buf_init(&buf);
    uint32_t rule = hit->flow->index;
    bool known = rule < exposure->flows.nrules;
    uint32_t first = known ? exposure->first_of[rule] : 0;
    uint32_t end = known ? exposure->first_of[rule + 1] : 0;
    for (uint32_t i = first; i < end; i++) {
        const struct fw_crossing *crossing = &exposure->crossings[exposure->by_rule[i]];
        uint32_t zone = source ? crossing->from : crossing->to;
        if (zone >= exposure->nzones) {
            continue;
        }
        size_t k = 0;
        while (k < n && seen[k] != zone) {
            k++;
        }
        if (k < n || n == 64) {
            continue;
        }
        seen[n++] = zone;
        if (n <= SHOWN) {
            fw_buf_add_cstr(&buf, n > 1 ? ", " : "");
            fw_buf_add(&buf, fw_zone_name(exposure, zone));
        }
    }
    if (n > SHOWN) {
        fw_buf_printf(&buf, ", +%zu", n - SHOWN);
    }
    fw_sv names = fw_arena_copy(results->arena, fw_buf_sv(&buf));
    fw_buf_clear(&buf);
    return n > 0 ? names
                 : fw_addresses_text(results->arena, source ? hit->sources : hit->destinations);
}

fw_sv fw_breadth_text(struct fw_arena *arena, double n, unsigned family)
{
    if (n <= 0) {
        return FW_SV("0");
    }
    double share = n / fw_breadth_all(family) * 100;
    if (share >= 0.01) {
        return fw_arena_printf(arena, "2^%.1f (%.2f%%)", log2(n), share);
    }
    return fw_arena_printf(arena, "2^%.1f", log2(n));
}

fw_sv fw_breadth_bounds(struct fw_arena *arena, const struct fw_breadth breadth[2])
{
    fw_sv text = FW_SV("");
    for (size_t i = 0; i < 2; i++) {
        unsigned family = i == 0 ? FW_FAMILY_BIT4 : FW_FAMILY_BIT6;
        if (breadth[i].upper <= 0) {
            continue;
        }
        fw_sv upper = fw_breadth_text(arena, breadth[i].upper, family);
        fw_sv lower = fw_breadth_text(arena, breadth[i].lower, family);
        bool exact = breadth[i].lower == breadth[i].upper;
        text = fw_arena_printf(arena, "%.*s%s%s %.*s%s%.*s", FW_SV_ARG(text),
                               text.n > 0 ? ", " : "", i == 0 ? "IPv4" : "IPv6",
                               FW_SV_ARG(exact ? upper : lower), exact ? "" : " .. ",
                               FW_SV_ARG(exact ? FW_SV("") : upper));
    }
    return text;
}

fw_sv fw_breadth_number(struct fw_arena *arena, double n)
{
    return n < 1e15 ? fw_arena_printf(arena, "%.0f", n) : fw_arena_printf(arena, "2^%.1f", log2(n));
}

double fw_breadth_addresses(const struct fw_ipset *set, enum fw_family family)
{
    double size = 0;
    for (size_t i = 0; i < set->n; i++) {
        fw_iprange one = set->v[i];
        const struct fw_ipset alone = {1, &one};
        size += one.lo.family == family ? fw_ipset_size(&alone) : 0;
    }
    return size;
}
