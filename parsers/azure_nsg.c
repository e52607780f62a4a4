/* Azure network security groups: what `az network nsg show` and `list` print, resources and
 * templates of the resource manager.
 *   {"type": "Microsoft.Network/networkSecurityGroups", "name": "web", "properties": {
 *    "securityRules": [{"name": "ssh", "properties": {"access": "Allow", "direction": "Inbound",
 *     "priority": 300, "protocol": "Tcp", "destinationPortRange": "22", ...}}]}}
 * Both directions of a group are a policy, asked in the order of priority; the six default rules
 * come last, also where the file leaves them out. (Azure documentation, "How network security
 * groups filter network traffic", "Security rules".) */
#include <stdlib.h>

#include "core/proto.h"
#include "parsers/choice.h"
#include "parsers/jsonlines.h"
#include "parsers/maker.h"
#include "parsers/parser.h"

static const char names[] = "names, places and states of deployment select no packet";

#define COMMON \
    {"apiVersion", names}, {"dependsOn", names}, {"etag", names}, {"id", names}, {"kind", names}, \
        {"location", names}, {"metadata", names}, {"provisioningState", names}, \
        {"resourceGroup", names}, {"resourceGuid", names}, {"scale", names}, {"sku", names}, \
        {"subscriptionId", names}, {"systemData", names}, {"tags", names}, {"type", names}, \
    { \
        "zones", names \
    }

#define GROUP \
    {"defaultSecurityRules", NULL}, {"flowLogs", names}, {"flushConnection", names}, \
        {"networkInterfaces", NULL}, {"securityRules", NULL}, \
    { \
        "subnets", NULL \
    }

#define RULE \
    {"access", NULL}, {"description", NULL}, {"destinationAddressPrefix", NULL}, \
        {"destinationAddressPrefixes", NULL}, {"destinationApplicationSecurityGroups", NULL}, \
        {"destinationPortRange", NULL}, {"destinationPortRanges", NULL}, {"direction", NULL}, \
        {"priority", NULL}, {"protocol", NULL}, {"sourceAddressPrefix", NULL}, \
        {"sourceAddressPrefixes", NULL}, {"sourceApplicationSecurityGroups", NULL}, \
        {"sourcePortRange", NULL}, \
    { \
        "sourcePortRanges", NULL \
    }

/* The command line prints the properties beside the names, templates one level below. */
static const struct fw_known group_keys[] = {
    COMMON, GROUP, {"name", NULL}, {"properties", NULL}, {"resources", NULL}, {NULL, NULL}};
static const struct fw_known rule_keys[] = {
    COMMON, RULE, {"name", NULL}, {"properties", NULL}, {NULL, NULL}};
static const struct fw_known place_keys[] = {
    COMMON, {"name", NULL}, {"properties", names}, {NULL, NULL}};
static const struct fw_known template_keys[] = {
    {"$schema", names}, {"contentVersion", names}, {"nextLink", names},
    {"outputs", names}, {"parameters", names},     {"resources", NULL},
    {"value", NULL},    {"variables", names},      {NULL, NULL},
};

/* --- Values of a rule --- */

struct making {
    struct fw_maker *maker;
    const struct fw_jvalue *value;
    struct fw_rule rule;
    struct fw_terms terms;
};

static void unread(struct making *making, const struct fw_jvalue *value, const char *expected)
{
    fw_jlines_bad(making->maker->doc, value, expected);
    fw_terms_atom(&making->terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("not understood"), false));
}

/* Calls `take` for the one value of a key and every value of the list with the key's plural, also
 * for what stands there and is of another kind. */
static void each(struct making *making, const struct fw_jvalue *object, const char *key,
                 const char *plural, void *to,
                 void (*take)(struct making *making, const struct fw_jvalue *value, void *to))
{
    const struct fw_jvalue *one = fw_json_find(object, key);
    const struct fw_jvalue *list = fw_json_find(object, plural);
    bool empty = !one || one->type == FW_JSON_NULL ||
                 (one->type == FW_JSON_STRING && one->text.n == 0);
    if (!empty) {
        take(making, one, to);
    }
    if (list && list->type != FW_JSON_ARRAY && list->type != FW_JSON_NULL) {
        take(making, list, to);
    }
    for (size_t i = 0; list && list->type == FW_JSON_ARRAY && i < list->count; i++) {
        take(making, &list->items[i], to);
    }
}

/* "*", "192.0.2.0/24", or a service tag: addresses that the vendor keeps. */
static void take_address(struct making *making, const struct fw_jvalue *value, void *to)
{
    struct fw_choosing *choosing = to;
    fw_iprange range;
    if (value->type != FW_JSON_STRING) {
        unread(making, value, "an address");
        fw_choosing_term(choosing, (struct fw_term){0}); /* which one, nobody knows */
    } else if (fw_sv_is(value->text, "*")) {
        fw_choosing_term(choosing, (struct fw_term){0});
    } else if (fw_iprange_parse(value->text, &range, NULL)) {
        fw_choosing_range(choosing, range);
    } else {
        const fw_sv words[] = {FW_SV("service-tag"), value->text};
        struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(choosing->arena, words, 2),
                                           false);
        atom.outside = true;
        fw_choosing_atom(choosing, atom);
    }
}

static fw_sv last_part(fw_sv path)
{
    for (size_t i = path.n; i > 0; i--) {
        if (path.p[i - 1] == '/') {
            return fw_sv_sub(path, i, SIZE_MAX);
        }
    }
    return path;
}

static void take_group(struct making *making, const struct fw_jvalue *value, void *to)
{
    struct fw_choosing *choosing = to;
    const fw_sv words[] = {FW_SV("application-security-group"),
                           last_part(fw_jlines_text(value, "id"))};
    struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(choosing->arena, words, 2),
                                       false);
    (void)making;
    atom.outside = true;
    fw_choosing_atom(choosing, atom);
}

static void add_addresses(struct making *making, const struct fw_jvalue *rule, bool destination)
{
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &making->maker->doc->scratch);
    each(making, rule, destination ? "destinationAddressPrefix" : "sourceAddressPrefix",
         destination ? "destinationAddressPrefixes" : "sourceAddressPrefixes", &choosing,
         take_address);
    each(making, rule, "",
         destination ? "destinationApplicationSecurityGroups" : "sourceApplicationSecurityGroups",
         &choosing, take_group);
    struct fw_choice choice = fw_choosing_done(&choosing);
    if (choice.n == 0) {
        unread(making, rule, "addresses of both sides");
        return;
    }
    fw_terms_addresses(&making->terms, choice, destination, false);
}

struct ports {
    size_t n;
    struct fw_numrange *v;
    bool any;
};

static void take_ports(struct making *making, const struct fw_jvalue *value, void *to)
{
    struct ports *ports = to;
    struct fw_numrange range;
    if (value->type == FW_JSON_STRING && fw_sv_is(value->text, "*")) {
        ports->any = true;
    } else if (fw_port_range(fw_jlines_value(value), '-', &range)) {
        ports->v = fw_arena_push(&making->maker->doc->scratch, ports->v, ports->n,
                                 sizeof(*ports->v));
        ports->v[ports->n++] = range;
    } else {
        unread(making, value, "a port, a range a-b or *");
        ports->any = true;
    }
}

static const struct fw_numset *port_set(struct making *making, const struct fw_jvalue *rule,
                                        const char *key, const char *plural)
{
    struct ports ports = {0};
    each(making, rule, key, plural, &ports, take_ports);
    return ports.any || ports.n == 0
               ? NULL
               : fw_numset_make(&making->maker->doc->scratch, ports.v, ports.n);
}

static void add_service(struct making *making, const struct fw_jvalue *rule)
{
    struct fw_arena *scratch = &making->maker->doc->scratch;
    const struct fw_numset *sport = port_set(making, rule, "sourcePortRange", "sourcePortRanges");
    const struct fw_numset *dport = port_set(making, rule, "destinationPortRange",
                                             "destinationPortRanges");
    fw_sv text = fw_jlines_text(rule, "protocol");
    uint8_t proto;
    if (fw_sv_is(text, "*") && (sport || dport)) {
        /* Whether ports keep out protocols that have none is not written anywhere. */
        struct fw_numrange with[] = {{FW_PROTO_TCP, FW_PROTO_TCP}, {FW_PROTO_UDP, FW_PROTO_UDP}};
        const struct fw_numset *set = fw_numset_make(scratch, with, 2);
        struct fw_atom *atom = fw_new(scratch, struct fw_atom);
        *atom = fw_atom_make(FW_ATOM_FIXED, FW_SV("ports of any protocol"), false);
        struct fw_term parts[] = {
            {.proto = set, .sport = sport, .dport = dport},
            {.proto = fw_numset_complement(scratch, set, UINT8_MAX), .natoms = 1, .atoms = atom},
        };
        fw_terms_and(&making->terms, parts, 2);
    } else if (!fw_sv_is(text, "*") && !fw_proto_parse(text, &proto)) {
        unread(making, fw_json_find(rule, "protocol") ? fw_json_find(rule, "protocol") : rule,
               "a protocol or *");
    } else if (!fw_sv_is(text, "*")) {
        bool with = fw_proto_has_ports(proto);
        struct fw_term term = fw_term_ports(scratch, proto, with ? sport : NULL,
                                            with ? dport : NULL);
        if (proto == FW_PROTO_ICMP) { /* of both families */
            struct fw_numrange both[] = {{FW_PROTO_ICMP, FW_PROTO_ICMP},
                                         {FW_PROTO_ICMP6, FW_PROTO_ICMP6}};
            term.proto = fw_numset_make(scratch, both, 2);
        }
        fw_terms_and(&making->terms, &term, 1);
    }
}

/* --- A group --- */

struct entry {
    uint32_t priority;
    size_t place;
    const struct fw_jvalue *value; /* the rule's properties */
    fw_sv name;
    bool unknown; /* it has a key that nobody knows, or its place is not known */
};

struct group {
    struct fw_maker *maker;
    fw_sv name;
    size_t n[2]; /* inbound, outbound */
    struct entry *v[2];
    bool more; /* rules that are not read */
    struct fw_policy *policies[2];
};

static int by_priority(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    return x->priority != y->priority ? (x->priority > y->priority) - (x->priority < y->priority)
                                      : (x->place > y->place) - (x->place < y->place);
}

static void note_rule(struct group *group, const struct fw_jvalue *rule)
{
    struct fw_doc *doc = group->maker->doc;
    const struct fw_jvalue *inside = fw_json_find(rule, "properties");
    bool unknown = fw_jlines_keys(doc, rule, rule_keys);
    if (rule->type != FW_JSON_OBJECT) {
        group->more = true;
        return;
    }
    unknown = (inside && fw_jlines_keys(doc, inside, rule_keys)) || unknown;
    inside = inside && inside->type == FW_JSON_OBJECT ? inside : rule;
    fw_sv direction = fw_jlines_text(inside, "direction");
    bool out = fw_sv_is_nocase(direction, "Outbound");
    struct entry entry = {
        .value = inside, .name = fw_jlines_text(rule, "name"), .unknown = unknown};
    bool placed = out || fw_sv_is_nocase(direction, "Inbound");
    if (!placed || !fw_sv_u32(fw_jlines_text(inside, "priority"), UINT16_MAX, &entry.priority)) {
        fw_jlines_bad(doc, inside, "a direction and a priority");
        entry.priority = 0; /* it may come before all others */
        entry.unknown = true;
    }
    for (int way = 0; way < 2; way++) {
        if (!placed || way == out) {
            entry.place = group->n[way];
            group->v[way] = fw_arena_push(&doc->arena, group->v[way], group->n[way], sizeof(entry));
            group->v[way][group->n[way]++] = entry;
        }
    }
}

/* What is not read of a group may decide anything, before all else. */
static void add_unread(struct group *group, fw_span span)
{
    for (int out = 0; out < 2; out++) {
        struct fw_rule rule = {.action = FW_ACTION_UNKNOWN,
                               .target = FW_SV("not read"),
                               .enabled = true,
                               .span = span};
        struct fw_terms terms;
        fw_terms_init(&terms, &group->maker->doc->scratch, FW_FAMILY_BOTH);
        fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("rules not read"), false));
        fw_maker_rule(group->maker, group->policies[out], &rule, &terms);
    }
}

static void add_rule(struct group *group, bool out, const struct entry *entry)
{
    struct fw_maker *maker = group->maker;
    struct making making = {.maker = maker, .value = entry->value};
    fw_sv access = fw_jlines_text(entry->value, "access");
    bool allow = fw_sv_is_nocase(access, "Allow");
    making.rule = (struct fw_rule){
        .id = fw_jlines_text(entry->value, "priority"),
        .name = entry->name,
        .comment = fw_jlines_text(entry->value, "description"),
        .action = allow ? FW_ACTION_PERMIT : FW_ACTION_DENY,
        .enabled = true,
        .span = entry->value->span,
    };
    fw_terms_init(&making.terms, &maker->doc->scratch, FW_FAMILY_BOTH);
    if (!allow && !fw_sv_is_nocase(access, "Deny")) {
        unread(&making, entry->value, "the access Allow or Deny");
        making.rule.action = FW_ACTION_UNKNOWN;
    }
    if (entry->unknown) {
        fw_terms_atom(&making.terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("unknown key"), false));
    }
    add_addresses(&making, entry->value, false);
    add_addresses(&making, entry->value, true);
    add_service(&making, entry->value);
    fw_maker_rule(maker, group->policies[out], &making.rule, &making.terms);
    fw_arena_reset(&maker->doc->scratch);
}

/* What every group ends with. */
static const struct {
    bool out, permit;
    fw_sv name, priority, from, to; /* service tags; {0}: any */
} defaults[] = {
    {false, true, FW_SV_INIT("AllowVnetInBound"), FW_SV_INIT("65000"), FW_SV_INIT("VirtualNetwork"),
     FW_SV_INIT("VirtualNetwork")},
    {false,
     true,
     FW_SV_INIT("AllowAzureLoadBalancerInBound"),
     FW_SV_INIT("65001"),
     FW_SV_INIT("AzureLoadBalancer"),
     {0}},
    {false, false, FW_SV_INIT("DenyAllInBound"), FW_SV_INIT("65500"), {0}, {0}},
    {true, true, FW_SV_INIT("AllowVnetOutBound"), FW_SV_INIT("65000"), FW_SV_INIT("VirtualNetwork"),
     FW_SV_INIT("VirtualNetwork")},
    {true,
     true,
     FW_SV_INIT("AllowInternetOutBound"),
     FW_SV_INIT("65001"),
     {0},
     FW_SV_INIT("Internet")},
    {true, false, FW_SV_INIT("DenyAllOutBound"), FW_SV_INIT("65500"), {0}, {0}},
};

static void add_tag(struct fw_terms *terms, fw_sv tag, bool destination)
{
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, terms->scratch);
    const fw_sv words[] = {FW_SV("service-tag"), tag};
    struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(terms->scratch, words, 2),
                                       false);
    atom.outside = true;
    fw_choosing_atom(&choosing, atom);
    fw_terms_addresses(terms, fw_choosing_done(&choosing), destination, false);
}

static void add_defaults(struct group *group, fw_span span)
{
    struct fw_maker *maker = group->maker;
    for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
        struct fw_rule rule = {
            .id = defaults[i].priority,
            .name = defaults[i].name,
            .action = defaults[i].permit ? FW_ACTION_PERMIT : FW_ACTION_DENY,
            .enabled = true,
            .span = span,
        };
        struct fw_terms terms;
        fw_terms_init(&terms, &maker->doc->scratch, FW_FAMILY_BOTH);
        if (defaults[i].from.n > 0) {
            add_tag(&terms, defaults[i].from, false);
        }
        if (defaults[i].to.n > 0) {
            add_tag(&terms, defaults[i].to, true);
        }
        fw_maker_rule(maker, group->policies[defaults[i].out], &rule, &terms);
    }
}

/* Subnets and interfaces that the group is applied to, by the last part of their path. */
static void bind(struct group *group, const struct fw_jvalue *list)
{
    for (size_t i = 0; list && i < list->count; i++) {
        const struct fw_jvalue *place = &list->items[i];
        fw_jlines_keys(group->maker->doc, place, place_keys);
        fw_sv name = last_part(fw_jlines_text(place, "id"));
        if (name.n > 0) {
            fw_maker_bind(group->maker, group->policies[0], name, (fw_sv){0}, place->span);
            fw_maker_bind(group->maker, group->policies[1], (fw_sv){0}, name, place->span);
        }
    }
}

/* Rules of a group as resources of their own, in its own list or beside it in a template. */
static bool is_loose(const struct fw_jvalue *resource)
{
    fw_sv type = fw_jlines_text(resource, "type");
    return resource->type == FW_JSON_OBJECT && type.n > 0 &&
           fw_sv_is_nocase(last_part(type), "securityRules");
}

static void read_group(struct fw_maker *maker, const struct fw_jvalue *object, bool loose)
{
    static const char *const lists[] = {"securityRules", "defaultSecurityRules"};
    struct fw_doc *doc = maker->doc;
    const struct fw_jvalue *inside = fw_json_find(object, "properties");
    struct group group = {.maker = maker, .name = fw_jlines_text(object, "name"), .more = loose};
    size_t builtin = 0;
    group.more = fw_jlines_keys(doc, object, group_keys) || group.more;
    if (inside) {
        group.more = fw_jlines_keys(doc, inside, group_keys) || group.more;
    }
    const struct fw_jvalue *resources = fw_json_find(object, "resources");
    if (resources && resources->count > 0) {
        group.more = true;
        fw_jlines_mark(doc, resources, FW_LINE_UNSUPPORTED);
        fw_doc_unsupported(doc, resources->span.line, resources->key,
                           "rules as resources of their own are not read");
    }
    inside = inside && inside->type == FW_JSON_OBJECT ? inside : object;
    for (int out = 0; out < 2; out++) {
        fw_sv name = fw_arena_printf(&doc->arena, "%.*s/%s", FW_SV_ARG(group.name),
                                     out ? "outbound" : "inbound");
        group.policies[out] = fw_maker_policy(maker, name, FW_FAMILY_BOTH);
        group.policies[out]->span = object->span;
    }
    for (size_t k = 0; k < 2; k++) {
        const struct fw_jvalue *written = fw_json_find(inside, lists[k]);
        const struct fw_jvalue *list = fw_jlines_array(inside, lists[k]);
        if (written && !list && written->type != FW_JSON_NULL) {
            fw_jlines_bad(doc, written, "a list of rules");
            group.more = true;
        }
        builtin = list ? list->count : 0;
        for (size_t i = 0; list && i < list->count; i++) {
            note_rule(&group, &list->items[i]);
        }
    }
    bind(&group, fw_jlines_array(inside, "subnets"));
    bind(&group, fw_jlines_array(inside, "networkInterfaces"));
    if (group.more) {
        add_unread(&group, object->span);
    }
    for (int out = 0; out < 2; out++) {
        if (group.n[out] > 0) {
            qsort(group.v[out], group.n[out], sizeof(*group.v[out]), by_priority);
        }
        for (size_t i = 0; i < group.n[out]; i++) {
            add_rule(&group, out, &group.v[out][i]);
        }
    }
    if (builtin == 0) {
        add_defaults(&group, object->span);
    }
}

/* --- The document --- */

static bool is_group(const struct fw_jvalue *object)
{
    fw_sv type = fw_jlines_text(object, "type");
    const struct fw_jvalue *inside = fw_json_find(object, "properties");
    return fw_sv_is_nocase(type, "Microsoft.Network/networkSecurityGroups") ||
           (type.n == 0 && (fw_json_find(object, "securityRules") ||
                            (inside && fw_json_find(inside, "securityRules"))));
}

/* Resources whose rules would count, and are not read. Others hold none: machines, interfaces,
 * addresses, and gateways that translate what the groups have let out. */
static bool may_filter(fw_sv type)
{
    static const char *const kinds[] = {"firewall", "securityrules", "routetables", "loadbalancer",
                                        "securityadmin"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        for (size_t at = 0; at < type.n; at++) {
            if (fw_sv_starts_nocase(fw_sv_sub(type, at, SIZE_MAX), kinds[i])) {
                return true;
            }
        }
    }
    return false;
}

static void read_resource(struct fw_maker *maker, const struct fw_jvalue *object, bool loose)
{
    if (object->type != FW_JSON_OBJECT) {
        fw_jlines_bad(maker->doc, object, "a resource");
    } else if (is_group(object)) {
        read_group(maker, object, loose);
    } else if (may_filter(fw_jlines_text(object, "type"))) {
        fw_jlines_mark(maker->doc, object, FW_LINE_UNSUPPORTED);
        fw_doc_unsupported(maker->doc, object->span.line, fw_jlines_text(object, "type"),
                           "a resource that filters or translates and is not read");
    } else {
        fw_jlines_mark(maker->doc, object, FW_LINE_IGNORED);
    }
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct fw_maker maker;
    fw_maker_init(&maker, doc, ret);
    ret->implicit_deny = true;
    const struct fw_jvalue *root = fw_jlines_parse(doc);
    const struct fw_jvalue *list = root;
    if (root && root->type == FW_JSON_OBJECT) {
        list = fw_jlines_array(root, "value");
        list = list ? list : fw_jlines_array(root, "resources");
        list = is_group(root) ? NULL : list;
        if (list) {
            fw_jlines_keys(doc, root, template_keys);
        } else {
            read_resource(&maker, root, false);
        }
    }
    if (list && list->type == FW_JSON_ARRAY) {
        bool loose = false;
        for (size_t i = 0; i < list->count; i++) {
            loose = loose || is_loose(&list->items[i]);
        }
        for (size_t i = 0; i < list->count; i++) {
            read_resource(&maker, &list->items[i], loose);
        }
    } else if (list) {
        fw_jlines_bad(doc, list, "a resource or a list of them");
    }
    fw_jlines_finish(doc);
    fw_maker_finish(&maker);
}

/* Rules of a group, by keys that nobody else has. */
static int bid(fw_sv head)
{
    fw_sv text = fw_sv_trim(head);
    if (!fw_sv_starts(text, "{") && !fw_sv_starts(text, "[")) {
        return FW_BID_NO;
    }
    bool rules = fw_sv_find(head, FW_SV("\"securityRules\"")) != SIZE_MAX;
    bool type = fw_sv_find(head, FW_SV("Microsoft.Network/networkSecurityGroups\"")) != SIZE_MAX;
    return rules && (type || fw_sv_find(head, FW_SV("\"priority\"")) != SIZE_MAX) ? FW_BID_SURE
           : type                                                                 ? FW_BID_LIKELY
                                                                                  : FW_BID_NO;
}

const struct fw_parser fw_parser_azure_nsg = {
    .name = "azure-nsg",
    .title = "Azure network security groups (JSON)",
    .kind = FW_PARSER_RULESET,
    .version = 3,
    .bid = bid,
    .ruleset = parse,
};
