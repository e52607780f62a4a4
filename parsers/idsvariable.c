/* Which addresses does a variable like HOME_NET stand for? */
#include "parsers/idstuning.h"

#include "core/limits.h"

struct resolver {
    struct fw_doc *doc;
    const struct fw_idsconf *conf;
    bool known;
};

static const struct fw_ipset *everything(struct fw_arena *arena)
{
    fw_iprange all[] = {fw_iprange_all(FW_IPV4), fw_iprange_all(FW_IPV6)};
    return fw_ipset_make(arena, all, 2);
}

static const struct fw_ipset *resolve(struct resolver *r, fw_sv text, unsigned depth);

struct ranges {
    size_t n;
    fw_iprange *v;
};

static void add_ranges(struct resolver *r, struct ranges *ranges, const struct fw_ipset *set)
{
    if (set->n > FW_LIMIT_GROUP_MEMBERS - ranges->n) {
        r->known = false; /* names of names of long lists */
        return;
    }
    for (size_t i = 0; i < set->n; i++) {
        ranges->v = fw_arena_push(&r->doc->arena, ranges->v, ranges->n, sizeof(fw_iprange));
        ranges->v[ranges->n++] = set->v[i];
    }
}

/* A list: what is named without '!', less what is named with it. Only negated: all but these. */
static const struct fw_ipset *resolve_list(struct resolver *r, fw_sv text, unsigned depth)
{
    struct fw_arena *arena = &r->doc->arena;
    struct ranges with = {0};
    struct ranges without = {0};
    bool positive = false;
    fw_sv item;
    while (r->known && fw_idslist_next(&text, &item)) {
        bool not = item.n > 0 && item.p[0] == '!';
        const struct fw_ipset *set = resolve(r, fw_sv_trim(fw_sv_sub(item, not, SIZE_MAX)), depth);
        add_ranges(r, not ? &without : &with, set);
        positive = positive || !not ;
    }
    const struct fw_ipset *all = positive ? fw_ipset_make(arena, with.v, with.n)
                                          : everything(arena);
    const struct fw_ipset *less = fw_ipset_make(arena, without.v, without.n);
    return fw_ipset_intersect(arena, all, fw_ipset_complement(arena, less, FW_FAMILY_BOTH));
}

/* "$HOME_NET", "${HOME_NET}", a list in brackets, "any", a network, an address. */
static const struct fw_ipset *resolve(struct resolver *r, fw_sv text, unsigned depth)
{
    struct fw_arena *arena = &r->doc->arena;
    const struct fw_ipset *none = fw_ipset_make(arena, NULL, 0);
    if (depth == FW_LIMIT_CONFIG_DEPTH || text.n == 0) {
        r->known = false;
        return none;
    }
    if (text.p[0] == '[' && text.p[text.n - 1] == ']') {
        return resolve_list(r, fw_sv_sub(text, 1, text.n - 2), depth + 1);
    }
    if (fw_sv_is_nocase(text, "any")) {
        return everything(arena);
    }
    if (text.p[0] == '$') {
        fw_sv name = fw_sv_sub(text, 1, SIZE_MAX);
        if (name.n > 2 && (name.p[0] == '{' || name.p[0] == '(')) {
            name = fw_sv_sub(name, 1, name.n - 2);
        }
        const struct fw_ids_variable *v = fw_idsconf_variable(r->conf, name);
        r->known = r->known && v && v->known;
        return v && v->set ? v->set : none;
    }
    fw_iprange range;
    if (!fw_iprange_parse(text, &range, NULL)) {
        r->known = false;
        return none;
    }
    return fw_ipset_make(arena, &range, 1);
}

void fw_idsvariable_add(struct fw_doc *doc, struct fw_idsconf *conf, enum fw_ids_variable_kind kind,
                        fw_sv name, fw_sv value, uint32_t line)
{
    struct fw_ids_variable v = {.kind = kind,
                                .name = name,
                                .value = value,
                                .span = fw_doc_span(doc, fw_doc_line_text(doc, line), line)};
    if (kind == FW_IDS_ADDRESSES) {
        struct resolver r = {doc, conf, true};
        bool not = value.n > 1 && value.p[0] == '!';
        /* Without brackets a list is one all the same: Suricata takes "10.0.0.0/8,192.0.2.0/24". */
        const struct fw_ipset *set = not || fw_sv_find_char(value, ',') != SIZE_MAX
                                         ? resolve_list(&r, value, 0)
                                         : resolve(&r, value, 0);
        v.known = r.known;
        v.set = r.known ? set : NULL;
        v.any = r.known && fw_ipset_eq(set, everything(&doc->arena));
    }
    conf->variables = fw_arena_push(&doc->arena, conf->variables, conf->nvariables, sizeof(v));
    conf->variables[conf->nvariables++] = v;
}
