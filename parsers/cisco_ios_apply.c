/* Where a router's access lists are applied, who else names them, and which are left in the end.
 *   ip access-group OUTSIDE in      match ip address 101 102      snmp-server community X RO 10 */
#include "parsers/cisco_ios.h"

#include <string.h>

void fw_ios_list_bind(struct fw_ios *ios, const struct fw_cisco_line *line, fw_sv list,
                      fw_sv interface, bool six, bool in)
{
    struct fw_ios_binding binding = {.list = list,
                                     .interface = interface,
                                     .six = six,
                                     .in = in,
                                     .line = line->number,
                                     .span = fw_doc_span(ios->cisco.doc, line->text, line->number)};
    for (size_t i = 0; i < ios->nbindings; i++) { /* the last one written for a place counts */
        struct fw_ios_binding *old = &ios->bindings[i];
        if (old->six == six && old->in == in && fw_sv_eq(old->interface, interface)) {
            *old = binding;
            return;
        }
    }
    ios->bindings = fw_arena_push(&ios->cisco.doc->arena, ios->bindings, ios->nbindings,
                                  sizeof(*ios->bindings));
    ios->bindings[ios->nbindings++] = binding;
}

bool fw_ios_list_unbind(struct fw_ios *ios, fw_sv list, fw_sv interface, bool six, bool in)
{
    for (size_t i = 0; i < ios->nbindings; i++) {
        const struct fw_ios_binding *old = &ios->bindings[i];
        if (old->six == six && old->in == in && fw_sv_eq(old->interface, interface) &&
            (list.n == 0 || fw_sv_eq(old->list, list))) {
            ios->nbindings--;
            memmove(ios->bindings + i, ios->bindings + i + 1,
                    (ios->nbindings - i) * sizeof(*ios->bindings));
            return true;
        }
    }
    return false;
}

/* Lines that name a list, and the word before the name. */
static const struct {
    const char *starts, *before;
} references[] = {
    {"access-class", "access-class"},
    {"access-group", "access-group"},
    {"distribute-list", "distribute-list"},
    {"ip", "list"},
    {"ip", "access-class"},
    {"match", "access-group"},
    {"match", "name"},
    {"match", "address"},
    {"neighbor", "distribute-list"},
    {"ntp", "peer"},
    {"ntp", "serve"},
    {"ntp", "serve-only"},
    {"ntp", "query-only"},
    {"snmp-server", "RO"},
    {"snmp-server", "RW"},
    {"snmp-server", "access"},
    {"ip", "rp-address"},
    {"ip", "group-list"},
    {"ip", "accept-rp"},
    {"ip", "multicast-boundary"},
};

void fw_ios_list_references(struct fw_ios *ios, const struct fw_cisco_line *line)
{
    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
        if (!fw_cisco_is(line, 0, references[i].starts)) {
            continue;
        }
        for (size_t w = 0; w + 1 < line->n; w++) {
            if (fw_cisco_is(line, w, references[i].before)) {
                for (size_t k = w + 1; k < line->n; k++) { /* "match ip address 101 102" */
                    struct fw_ios_list *list = fw_ios_list_find(ios, line->words[k], false);
                    list = list ? list : fw_ios_list_find(ios, line->words[k], true);
                    if (list) {
                        list->uses++;
                    }
                }
                return;
            }
        }
    }
}

static void finish_binding(struct fw_ios *ios, const struct fw_ios_binding *b)
{
    struct fw_doc *doc = ios->cisco.doc;
    struct fw_ios_list *list = fw_ios_list_find(ios, b->list, b->six);
    if (!list || !list->defined) {
        fw_cisco_object_lack(&ios->cisco, b->list, FW_OBJECT_POLICY, b->line);
    }
    if (!list || !list->defined || list->policy->n == 0) {
        /* Cisco IOS: a list that is not there, or empty, lets everything through. */
        fw_doc_warn(doc, FW_DIAG_ID_UNDEFINED_NAME, b->line, b->list,
                    "no access list with entries has the name \"%.*s\"", FW_SV_ARG(b->list));
        return;
    }
    struct fw_policy *policy = list->policy;
    struct fw_binding *v = fw_arena_push(&doc->arena, (void *)policy->bindings, policy->nbindings,
                                         sizeof(*v));
    v[policy->nbindings++] = (struct fw_binding){.in = b->in ? b->interface : (fw_sv){0},
                                                 .out = b->in ? (fw_sv){0} : b->interface,
                                                 .span = b->span};
    policy->bindings = v;
    list->uses++;
}

void fw_ios_list_finish(struct fw_ios *ios)
{
    struct fw_ruleset *set = ios->cisco.ruleset;
    size_t n = 0;
    for (size_t i = 0; i < ios->nbindings; i++) {
        finish_binding(ios, &ios->bindings[i]);
    }
    for (size_t i = 0; i < FW_CISCO_BUCKETS; i++) {
        for (struct fw_ios_list *list = ios->lists[i]; list; list = list->next) {
            struct fw_cisco_object *object = fw_cisco_object_find(&ios->cisco, list->name,
                                                                  1u << FW_OBJECT_POLICY);
            if (object && list->defined) {
                object->object->uses += list->uses;
            }
        }
    }
    for (size_t i = 0; i < set->npolicies; i++) { /* lists that were taken away, or never filled */
        if (set->policies[i]->n > 0) {
            set->policies[n++] = set->policies[i];
        }
    }
    set->npolicies = n;
}
