/* Lists of FortiOS policies: one per virtual domain, read from the top, whatever interfaces the
 * rules name. Fortinet, FortiOS Administration Guide, "Firewall policy": the first that matches
 * interfaces, addresses, service and schedule decides; what none matches is denied. */
#include "parsers/fortios.h"
#include "parsers/maker.h"

static const struct fw_fos_list lists[] = {
    {"policy", 0, false},
    {"policy6", FW_FAMILY_BIT6, false},
    {"local-in-policy", FW_FAMILY_BIT4, true},
    {"local-in-policy6", FW_FAMILY_BIT6, true},
};

/* Without a rule that names IPv6 addresses, IPv6 does not get through: the list is about IPv4. */
static unsigned families_of(const struct fw_fos *fos, const struct fw_node *section)
{
    for (const struct fw_node *entry = section->child; entry; entry = entry->next) {
        if (fw_tree_find(&fos->tree, entry, FW_SV("srcaddr6")) ||
            fw_tree_find(&fos->tree, entry, FW_SV("dstaddr6")) ||
            fw_tree_find(&fos->tree, entry, FW_SV("internet-service6"))) {
            return FW_FAMILY_BOTH;
        }
    }
    return FW_FAMILY_BIT4;
}

/* Applied to the whole device, or to the interfaces and zones of its virtual domain. */
static void bind(struct fw_fos *fos, struct fw_policy *policy, const struct fw_node *section)
{
    struct fw_arena *arena = &fos->doc->arena;
    struct fw_binding *bindings = NULL;
    size_t n = 0;
    if (fos->vdom.n == 0) {
        bindings = fw_new(arena, struct fw_binding);
        bindings->span = section->span;
        n = 1;
    }
    for (size_t i = 0; fos->vdom.n > 0 && i < fos->ruleset->ninterfaces; i++) {
        const struct fw_interface *interface = &fos->ruleset->interfaces[i];
        struct fw_node *entry = fw_tree_at(&fos->tree, fos->global, "system", "interface", NULL);
        entry = fw_tree_find(&fos->tree, entry, interface->name);
        if (!fw_sv_eq(fw_fos_value(fos, entry, "vdom"), fos->vdom)) {
            continue;
        }
        bindings = fw_arena_push(arena, bindings, n, sizeof(*bindings));
        bindings[n++] = (struct fw_binding){
            .in = interface->zone.n > 0 ? interface->zone : interface->name,
            .span = interface->span,
        };
    }
    policy->bindings = bindings;
    policy->nbindings = n;
    policy->bound = true;
}

static fw_sv name_of(struct fw_fos *fos, const char *section)
{
    if (fos->vdom.n == 0) {
        return fw_sv_from(section);
    }
    return fw_arena_printf(&fos->doc->arena, "%.*s/%s", FW_SV_ARG(fos->vdom), section);
}

static void read_list(struct fw_fos *fos, const struct fw_fos_list *list, struct fw_node *section)
{
    struct fw_arena *arena = &fos->doc->arena;
    struct fw_ruleset *set = fos->ruleset;
    struct fw_policy *policy = fw_new(arena, struct fw_policy);
    fw_node_mark(section, FW_LINE_USED);
    policy->name = name_of(fos, list->section);
    policy->decides = true;
    policy->hook = list->local ? FW_HOOK_INPUT : FW_HOOK_NONE;
    policy->families = list->families ? list->families : families_of(fos, section);
    /* After local-in policies the device's own services decide, which are settings of their own. */
    policy->fallback = list->local ? FW_ACTION_UNKNOWN : FW_ACTION_DENY;
    policy->span = section->span;
    bind(fos, policy, section);
    for (struct fw_node *entry = section->child; entry; entry = entry->next) {
        policy->rules = fw_arena_push(arena, policy->rules, policy->n, sizeof(*policy->rules));
        struct fw_rule *rule = &policy->rules[policy->n++];
        fw_fos_rule(fos, list, policy, entry, rule);
        rule->position = (uint32_t)policy->n;
        fw_arena_reset(&fos->doc->scratch);
    }
    if (section->cut) { /* rules may follow, and move before these */
        fw_policy_cut(fos->doc, &fos->pool, policy);
    }
    fw_ruleset_add(arena, set, policy);
}

/* Every section below "firewall" that nobody reads: ignored for a reason, or unsupported. */
static void other_sections(struct fw_fos *fos, struct fw_node *firewall)
{
    for (struct fw_node *section = firewall->child; section; section = section->next) {
        fw_sv words[] = {FW_SV("firewall"), section->name, (fw_sv){0}};
        if (section->verdict != FW_LINE_NONE) {
            continue;
        }
        bool ignored = fw_fos_section_ignored(fw_words_join(&fos->doc->scratch, words, 2));
        fw_node_below(section, ignored ? FW_LINE_IGNORED : FW_LINE_UNSUPPORTED);
        fw_node_mark(section, ignored ? FW_LINE_IGNORED : FW_LINE_NONE);
        bool shared = fw_sv_is(section->name, "service") || fw_sv_is(section->name, "schedule");
        for (struct fw_node *part = section->child; part && !ignored; part = part->next) {
            words[2] = part->name;
            bool known = part->verdict != FW_LINE_NONE;
            if (!known && fw_fos_section_ignored(fw_words_join(&fos->doc->scratch, words, 3))) {
                fw_node_below(part, FW_LINE_IGNORED);
                fw_node_mark(part, FW_LINE_IGNORED);
            } else if (!known && !shared) {
                fw_node_mark(section, FW_LINE_UNSUPPORTED);
            }
        }
        fw_arena_reset(&fos->doc->scratch);
    }
}

void fw_fos_policies(struct fw_fos *fos)
{
    struct fw_node *firewall = fw_tree_at(&fos->tree, fos->base, "firewall", NULL);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct fw_node *section = fw_tree_at(&fos->tree, firewall, lists[i].section, NULL);
        if (section && (section->n > 0 || section->cut)) {
            read_list(fos, &lists[i], section);
        } else {
            fw_node_mark(section, FW_LINE_USED);
        }
    }
    if (firewall) {
        other_sections(fos, firewall);
    }
}
