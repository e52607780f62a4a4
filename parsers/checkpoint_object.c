/* What the objects of a Check Point management server stand for: addresses, services, groups of
 * either, and what only its name tells.
 *   {"uid": "f8dd...", "name": "web1", "type": "host", "ipv4-address": "192.0.2.10"} */
#include "core/limits.h"
#include "core/proto.h"
#include "parsers/checkpoint.h"

/* Every installation knows it by this. */
static const char any_uid[] = "97aeb369-9aea-11d5-bd16-0090272ccb30";

enum kind {
    ANY,
    HOST,
    NETWORK,
    RANGE,
    WILDCARD,
    GATEWAY,
    GROUP,
    EXCLUSION,
    PORTS,
    ICMP,
    OTHER,
    OUTSIDE /* its content is not in the answer */
};

static const struct {
    const char *type;
    enum kind kind;
    enum fw_object_kind object;
    uint8_t proto;
} types[] = {
    {"CpmiAnyObject", ANY, FW_OBJECT_OTHER, 0},
    {"host", HOST, FW_OBJECT_ADDRESS, 0},
    {"network", NETWORK, FW_OBJECT_ADDRESS, 0},
    {"address-range", RANGE, FW_OBJECT_ADDRESS, 0},
    {"multicast-address-range", RANGE, FW_OBJECT_ADDRESS, 0},
    {"wildcard", WILDCARD, FW_OBJECT_ADDRESS, 0},
    {"group", GROUP, FW_OBJECT_ADDRESS_GROUP, 0},
    {"group-with-exclusion", EXCLUSION, FW_OBJECT_ADDRESS_GROUP, 0},
    {"simple-gateway", GATEWAY, FW_OBJECT_OTHER, 0},
    {"simple-cluster", GATEWAY, FW_OBJECT_OTHER, 0},
    {"checkpoint-host", GATEWAY, FW_OBJECT_OTHER, 0},
    {"CpmiHostCkp", GATEWAY, FW_OBJECT_OTHER, 0},
    {"CpmiGatewayCkp", GATEWAY, FW_OBJECT_OTHER, 0},
    {"CpmiGatewayCluster", GATEWAY, FW_OBJECT_OTHER, 0},
    {"CpmiClusterMember", GATEWAY, FW_OBJECT_OTHER, 0},
    {"service-tcp", PORTS, FW_OBJECT_SERVICE, FW_PROTO_TCP},
    {"service-udp", PORTS, FW_OBJECT_SERVICE, FW_PROTO_UDP},
    {"service-sctp", PORTS, FW_OBJECT_SERVICE, 132},
    {"service-icmp", ICMP, FW_OBJECT_SERVICE, FW_PROTO_ICMP},
    {"service-icmp6", ICMP, FW_OBJECT_SERVICE, FW_PROTO_ICMP6},
    {"service-other", OTHER, FW_OBJECT_SERVICE, 0},
    {"service-group", GROUP, FW_OBJECT_SERVICE_GROUP, 0},
};
enum { TYPES = sizeof(types) / sizeof(types[0]) };

/* --- Keys, and why those that are ignored select no packet --- */

static const char about[] = "names, labels and what the editor shows select no packet";
static const char session[] = "how long a connection is kept, not whether it may begin";
static const char translated[] = "rules see addresses before they are translated";

static const struct fw_known keys[] = {
    {"uid", NULL},
    {"name", NULL},
    {"type", NULL},
    {"domain", about},
    {"ipv4-address", NULL},
    {"ipv6-address", NULL},
    {"subnet4", NULL},
    {"subnet6", NULL},
    {"mask-length4", NULL},
    {"mask-length6", NULL},
    {"subnet-mask", NULL},
    {"broadcast", NULL},
    {"ipv4-address-first", NULL},
    {"ipv4-address-last", NULL},
    {"ipv6-address-first", NULL},
    {"ipv6-address-last", NULL},
    {"ipv4-mask-wildcard", NULL},
    {"ipv6-mask-wildcard", NULL},
    {"members", NULL},
    {"include", NULL},
    {"except", NULL},
    {"port", NULL},
    {"source-port", NULL},
    {"icmp-type", NULL},
    {"icmp-code", NULL},
    {"ip-protocol", NULL},
    {"match", NULL},
    {"action", NULL},
    {"match-by-protocol-signature", NULL},
    {"interfaces", NULL},
    {"protocol", "which inspection the connection gets"},
    {"match-for-any", "which of two alike services the log names"},
    {"accept-replies", session},
    {"override-default-settings", session},
    {"session-timeout", session},
    {"use-default-session-timeout", session},
    {"sync-connections-on-cluster", session},
    {"use-delayed-sync", session},
    {"delayed-sync-value", session},
    {"aggressive-aging", session},
    {"keep-connections-open-after-policy-installation", session},
    {"enable-tcp-resource", "which inspection the connection gets"},
    {"nat-settings", translated},
    {"host-servers", "which inspection the connection gets"},
    {"groups", about},
    {"comments", about},
    {"color", about},
    {"icon", about},
    {"tags", about},
    {"meta-info", about},
    {"read-only", about},
    {"customFields", about},
    {"display-name", about},
    {"primaryManagement", about},
    {"available-actions", about},
    {"ranges", about},
    {NULL, NULL},
};

/* --- Names --- */

/* Rules, sections and the like have a uid and a type too, and are no objects. */
static bool is_object(fw_sv type)
{
    static const char *const others[] = {"access-rule", "access-section", "nat-rule",
                                         "nat-section", "package",        "session",
                                         "threat-rule", "place-holder"};
    if (FW_SV_AMONG(type, others)) {
        return false;
    }
    return type.n > 0;
}

static size_t type_of(fw_sv type)
{
    size_t i = 0;
    while (i < TYPES && !fw_sv_is(type, types[i].type)) {
        i++;
    }
    return i;
}

static enum kind kind_of(const struct fw_cp_object *object)
{
    size_t type = type_of(object->type);
    return type < TYPES ? types[type].kind : OUTSIDE;
}

/* Whether two answers say the same of an object, as far as both say it; lists and objects show as
 * much as the answer had to. */
static bool agree(const struct fw_cp *cp, const struct fw_jvalue *one,
                  const struct fw_jvalue *other)
{
    bool same = true;
    for (const struct fw_known *row = keys; row->key; row++) {
        const struct fw_jvalue *a = row->why ? NULL : fw_json_find(one, row->key);
        const struct fw_jvalue *b = a ? fw_json_find(other, row->key) : NULL;
        bool deep = a && (a->type == FW_JSON_OBJECT || a->type == FW_JSON_ARRAY);
        same = same && (!b || deep ||
                        fw_sv_eq(fw_jlines_raw(cp->maker.doc, a), fw_jlines_raw(cp->maker.doc, b)));
    }
    return same;
}

static void declare(struct fw_cp *cp, const struct fw_jvalue *value, fw_sv uid)
{
    const struct fw_jvalue *domain = fw_json_find(value, "domain");
    bool scoped = domain && domain->type == FW_JSON_OBJECT;
    fw_sv name = fw_jlines_text(value, "name");
    fw_sv type = fw_jlines_text(value, "type");
    size_t row = type_of(type);
    size_t at = fw_index_find(&cp->uids, uid);
    if (at != SIZE_MAX) { /* of two answers the one that says more */
        const struct fw_jvalue *other = cp->objects[at].value;
        bool same = fw_sv_eq(type, cp->objects[at].type);
        bool more = same && value->count > other->count;
        bool equal = same && agree(cp, value, other) &&
                     (value->count != other->count ||
                      fw_sv_eq(fw_jlines_raw(cp->maker.doc, value),
                               fw_jlines_raw(cp->maker.doc, other)));
        fw_jlines_mark(cp->maker.doc, more ? other : value, FW_LINE_USED);
        cp->objects[at].value = more ? value : other;
        cp->objects[at].twice = cp->objects[at].twice || !equal;
        return;
    }
    struct fw_cp_object object = {.value = value, .type = type, .name = name.n > 0 ? name : uid};
    if (row < TYPES && types[row].kind != ANY) {
        struct fw_thing *thing = fw_things_add(&cp->things, uid, 0, object.name, types[row].object);
        thing->object->defined = true;
        thing->object->vendor = scoped &&
                                fw_sv_is(fw_jlines_text(domain, "domain-type"), "data domain");
        thing->object->span = value->span;
        object.thing = thing;
    }
    cp->objects = fw_arena_push(&cp->maker.doc->arena, cp->objects, cp->n, sizeof(object));
    cp->objects[cp->n] = object;
    if (!fw_index_add(&cp->names, object.name, cp->n)) {
        cp->objects[fw_index_find(&cp->names, object.name)].shared = true;
    }
    fw_index_add(&cp->uids, uid, cp->n++);
}

void fw_cp_declare(struct fw_cp *cp, const struct fw_jvalue *value)
{
    bool inside = value->type == FW_JSON_OBJECT;
    fw_sv uid = inside ? fw_jlines_text(value, "uid") : (fw_sv){0};
    if (uid.n > 0 && is_object(fw_jlines_text(value, "type"))) {
        declare(cp, value, uid);
    }
    for (size_t i = 0; (inside || value->type == FW_JSON_ARRAY) && i < value->count; i++) {
        fw_cp_declare(cp, &value->items[i]); /* no deeper than JSON_DEPTH */
    }
}

static fw_sv text_of(const struct fw_jvalue *reference)
{
    return reference->type == FW_JSON_STRING   ? reference->text
           : reference->type == FW_JSON_OBJECT ? fw_jlines_text(reference, "uid")
                                               : (fw_sv){0};
}

struct fw_cp_object *fw_cp_find(const struct fw_cp *cp, const struct fw_jvalue *reference)
{
    fw_sv text = text_of(reference);
    size_t at = fw_index_find(&cp->uids, text);
    if (at != SIZE_MAX) {
        return &cp->objects[at];
    }
    at = fw_index_find(&cp->names, text);
    return at == SIZE_MAX || cp->objects[at].shared ? NULL : &cp->objects[at];
}

fw_sv fw_cp_name(const struct fw_cp *cp, const struct fw_jvalue *reference)
{
    const struct fw_cp_object *object = fw_cp_find(cp, reference);
    fw_sv text = text_of(reference);
    return object ? object->name : text.n > 0 ? text : FW_SV("not understood");
}

bool fw_cp_is_any(const struct fw_cp *cp, const struct fw_jvalue *reference)
{
    const struct fw_cp_object *object = fw_cp_find(cp, reference);
    fw_sv text = text_of(reference);
    return object ? kind_of(object) == ANY : fw_sv_is(text, any_uid) || fw_sv_is(text, "Any");
}

bool fw_cp_keys(struct fw_cp *cp, const struct fw_jvalue *object, const struct fw_known *known)
{
    bool unknown = fw_jlines_keys(cp->maker.doc, object, known);
    for (size_t i = 0; object->type == FW_JSON_OBJECT && i < object->count; i++) {
        const struct fw_known *row = fw_known_find(known, object->items[i].key);
        if (row && !row->why) {
            fw_jlines_mark(cp->maker.doc, &object->items[i], FW_LINE_USED);
        }
    }
    return unknown;
}

bool fw_cp_true(const struct fw_jvalue *object, const char *key)
{
    const struct fw_jvalue *value = fw_json_find(object, key);
    return value && value->type == FW_JSON_BOOL && value->boolean;
}

/* --- Addresses --- */

static void add_opaque(struct fw_cp *cp, struct fw_choosing *choosing, const char *kind, fw_sv name)
{
    fw_choosing_add(choosing, fw_choice_opaque(&cp->maker.doc->arena, kind, name, true));
}

/* What cannot be read of an object, which lines say. */
static void unread(struct fw_cp *cp, const struct fw_cp_object *object,
                   struct fw_choosing *choosing, const char *expected)
{
    fw_jlines_bad(cp->maker.doc, object->value, expected);
    add_opaque(cp, choosing, "not understood", object->name);
}

static bool pair(struct fw_cp *cp, const struct fw_cp_object *object, struct fw_choosing *choosing,
                 const char *first, const char *last)
{
    fw_sv from = fw_jlines_text(object->value, first);
    fw_sv to = fw_jlines_text(object->value, last);
    fw_iprange range;
    if (from.n == 0 && to.n == 0) {
        return false;
    }
    if (fw_iprange_between(from, to, &range)) {
        fw_choosing_range(choosing, range);
    } else {
        unread(cp, object, choosing, "two addresses, the lower first");
    }
    return true;
}

static bool subnet(struct fw_cp *cp, const struct fw_cp_object *object,
                   struct fw_choosing *choosing, const char *address, const char *length)
{
    fw_sv text = fw_jlines_text(object->value, address);
    uint32_t bits;
    fw_iprange range;
    fw_ip ip;
    if (text.n == 0) {
        return false;
    }
    if (fw_ip_parse(text, &ip) && fw_sv_u32(fw_jlines_text(object->value, length), 128, &bits) &&
        fw_iprange_from_prefix(ip, bits, &range)) {
        if (fw_sv_is(fw_jlines_text(object->value, "broadcast"), "disallow")) {
            bool inside = range.hi.lo - range.lo.lo > 2;
            add_opaque(cp, choosing, "edges of", object->name); /* they are not meant, or one is */
            range.lo.lo += inside;
            range.hi.lo -= inside;
        }
        fw_choosing_range(choosing, range);
    } else {
        unread(cp, object, choosing, "a network and the length of its mask");
    }
    return true;
}

static void addresses(struct fw_cp *cp, const struct fw_cp_object *object,
                      struct fw_choosing *choosing)
{
    struct fw_arena *arena = &cp->maker.doc->arena;
    const struct fw_jvalue *interfaces = fw_json_find(object->value, "interfaces");
    enum kind kind = kind_of(object);
    fw_sv four = fw_jlines_text(object->value, "ipv4-address");
    fw_sv mask = fw_jlines_text(object->value, "ipv4-mask-wildcard");
    const struct fw_ipset *set;
    bool some = false;
    if (kind == NETWORK) {
        some = subnet(cp, object, choosing, "subnet4", "mask-length4");
        some = subnet(cp, object, choosing, "subnet6", "mask-length6") || some;
    } else if (kind == WILDCARD) {
        fw_sv text = fw_arena_printf(arena, "%.*s/%.*s", FW_SV_ARG(four), FW_SV_ARG(mask));
        if (fw_ipset_wildcard(arena, text, true, &set)) {
            fw_choosing_term(choosing, (struct fw_term){.src = set});
            some = fw_jlines_text(object->value, "ipv6-address").n == 0;
        }
    } else {
        some = pair(cp, object, choosing, "ipv4-address", "ipv4-address");
        some = pair(cp, object, choosing, "ipv6-address", "ipv6-address") || some;
        some = pair(cp, object, choosing, "ipv4-address-first", "ipv4-address-last") || some;
        some = pair(cp, object, choosing, "ipv6-address-first", "ipv6-address-last") || some;
        /* A machine with several interfaces is meant with all of their addresses. */
        some = some && kind != GATEWAY && !(interfaces && interfaces->count > 0);
    }
    if (!some) {
        add_opaque(cp, choosing, kind == GATEWAY ? "addresses of" : "address", object->name);
    }
}

/* --- Services --- */

/* "80", "5000-5010", ">1023", "<1024", with commas between; false: none of these. */
static bool ports(struct fw_cp *cp, fw_sv text, const struct fw_numset **ret)
{
    struct fw_arena *arena = &cp->maker.doc->arena;
    const struct fw_numset *all = fw_numset_make(arena, NULL, 0);
    fw_sv piece;
    while (fw_sv_split(&text, ',', &piece)) {
        struct fw_numrange range;
        piece = fw_sv_trim(piece);
        bool above = fw_sv_starts(piece, ">");
        bool below = fw_sv_starts(piece, "<");
        if (!fw_port_range(fw_sv_trim(fw_sv_sub(piece, above || below, SIZE_MAX)), '-', &range) ||
            ((above || below) && range.lo != range.hi) || (above && range.lo == UINT16_MAX) ||
            (below && range.lo == 0)) {
            return false;
        }
        range = above   ? (struct fw_numrange){range.lo + 1, UINT16_MAX}
                : below ? (struct fw_numrange){0, range.lo - 1}
                        : range;
        all = fw_numset_union(arena, all, fw_numset_range(arena, range.lo, range.hi));
    }
    *ret = all;
    return all->n > 0;
}

static void with_atom(struct fw_cp *cp, struct fw_term *term, const char *kind, fw_sv name)
{
    struct fw_arena *arena = &cp->maker.doc->arena;
    const fw_sv words[] = {fw_sv_from(kind), name};
    struct fw_atom *atom = fw_new(arena, struct fw_atom);
    *atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(arena, words, 2), false);
    atom->outside = true;
    term->natoms = 1;
    term->atoms = atom;
}

static struct fw_term port_term(struct fw_cp *cp, const struct fw_cp_object *object, uint8_t proto)
{
    fw_sv to = fw_jlines_text(object->value, "port");
    fw_sv from = fw_jlines_text(object->value, "source-port");
    struct fw_term term = fw_term_proto(&cp->maker.doc->arena, proto);
    bool ok = (to.n == 0 || ports(cp, to, &term.dport)) &&
              (from.n == 0 || ports(cp, from, &term.sport));
    if (!ok) {
        fw_jlines_bad(cp->maker.doc, object->value, "ports as 80, 5000-5010 or >1023");
    }
    if (!ok || to.n == 0 || fw_cp_true(object->value, "match-by-protocol-signature")) {
        with_atom(cp, &term, "service", object->name);
    }
    return term;
}

static struct fw_term icmp_term(struct fw_cp *cp, const struct fw_cp_object *object, uint8_t proto)
{
    struct fw_arena *arena = &cp->maker.doc->arena;
    fw_sv type = fw_jlines_text(object->value, "icmp-type");
    fw_sv code = fw_jlines_text(object->value, "icmp-code");
    uint32_t numbers[2] = {0};
    struct fw_term term = fw_term_proto(arena, proto);
    if ((type.n > 0 && !fw_sv_u32(type, UINT8_MAX, &numbers[0])) ||
        (code.n > 0 && (type.n == 0 || !fw_sv_u32(code, UINT8_MAX, &numbers[1])))) {
        fw_jlines_bad(cp->maker.doc, object->value, "a type and a code of ICMP");
        with_atom(cp, &term, "service", object->name);
    } else if (type.n > 0) {
        term = fw_term_icmp(arena, proto, numbers[0], code.n > 0 ? (int)numbers[1] : -1);
    }
    return term;
}

/* Numbers of protocols, and what only the language of the inspection engine says. */
static struct fw_term other_term(struct fw_cp *cp, const struct fw_cp_object *object)
{
    fw_sv number = fw_jlines_text(object->value, "ip-protocol");
    uint32_t proto;
    bool known = fw_sv_u32(number, UINT8_MAX, &proto);
    struct fw_term term = known ? fw_term_proto(&cp->maker.doc->arena, (uint8_t)proto)
                                : (struct fw_term){0};
    if (!known || fw_jlines_text(object->value, "match").n > 0 ||
        fw_jlines_text(object->value, "action").n > 0) {
        with_atom(cp, &term, "service", object->name);
    }
    return term;
}

/* --- Groups --- */

static void members(struct fw_cp *cp, const struct fw_cp_object *object,
                    struct fw_choosing *choosing, unsigned depth)
{
    const struct fw_jvalue *list = fw_jlines_array(object->value, "members");
    fw_sv name = object->name;
    if (!list) { /* answers of little detail leave them out */
        add_opaque(cp, choosing, "group", name);
    }
    object->thing->object->empty = list && list->count == 0;
    for (size_t i = 0; list && i < list->count; i++) {
        struct fw_choice choice = fw_cp_choice(cp, &list->items[i], depth + 1);
        if (fw_choosing_full(choosing, choice)) {
            fw_doc_warn(cp->maker.doc, FW_DIAG_ID_LIMIT_REACHED, object->value->span.line,
                        (fw_sv){0},
                        "the group has more members than the limit GROUP_MEMBERS allows");
            add_opaque(cp, choosing, "group", name);
            return;
        }
        fw_choosing_add(choosing, choice);
    }
}

static void exclusion(struct fw_cp *cp, const struct fw_cp_object *object,
                      struct fw_choosing *choosing, unsigned depth)
{
    const struct fw_jvalue *with = fw_json_find(object->value, "include");
    const struct fw_jvalue *without = fw_json_find(object->value, "except");
    if (!with || !without) {
        add_opaque(cp, choosing, "group", object->name);
        return;
    }
    struct fw_choice included = fw_cp_choice(cp, with, depth + 1);
    struct fw_choice excepted = fw_cp_choice(cp, without, depth + 1);
    fw_choosing_add(choosing,
                    fw_choice_but(&cp->maker.doc->arena, included, excepted, FW_FAMILY_BOTH));
}

static void expand(struct fw_cp *cp, const struct fw_cp_object *object, unsigned depth)
{
    struct fw_thing *thing = object->thing;
    struct fw_choosing choosing;
    if (!thing || thing->state != FW_THING_FRESH) {
        return;
    }
    uint8_t proto = types[type_of(object->type)].proto;
    thing->state = FW_THING_OPEN;
    fw_choosing_init(&choosing, &cp->maker.doc->arena);
    bool gateway = kind_of(object) == GATEWAY; /* it has many settings besides its addresses */
    if (gateway) {
        fw_jlines_mark(cp->maker.doc, object->value, FW_LINE_USED);
    } else if (fw_cp_keys(cp, object->value, keys)) {
        add_opaque(cp, &choosing, "unknown key", object->name);
    }
    if (object->twice) {
        add_opaque(cp, &choosing, "two versions of", object->name);
    }
    switch (kind_of(object)) {
    case HOST:
    case NETWORK:
    case RANGE:
    case WILDCARD:
    case GATEWAY:
        addresses(cp, object, &choosing);
        break;
    case GROUP:
        members(cp, object, &choosing, depth);
        break;
    case EXCLUSION:
        exclusion(cp, object, &choosing, depth);
        break;
    case PORTS:
        fw_choosing_term(&choosing, port_term(cp, object, proto));
        break;
    case ICMP:
        fw_choosing_term(&choosing, icmp_term(cp, object, proto));
        break;
    case OTHER:
        fw_choosing_term(&choosing, other_term(cp, object));
        break;
    case ANY:
    case OUTSIDE:
        break;
    }
    fw_thing_settle(thing, fw_choosing_done(&choosing));
}

struct fw_choice fw_cp_choice(struct fw_cp *cp, const struct fw_jvalue *reference, unsigned depth)
{
    struct fw_doc *doc = cp->maker.doc;
    struct fw_cp_object *object = fw_cp_find(cp, reference);
    if (fw_cp_is_any(cp, reference)) {
        return (struct fw_choice){1, fw_new(&doc->arena, struct fw_term)};
    }
    if (!object) {
        return fw_choice_opaque(&doc->arena, "not in the file", fw_cp_name(cp, reference), true);
    }
    if (!object->thing) {
        const char *kind = fw_sv_is(object->type, "access-role") ? "access-role" : "object";
        return fw_choice_opaque(&doc->arena, kind, object->name, true);
    }
    bool open = object->thing->state == FW_THING_OPEN;
    if (open || depth >= FW_LIMIT_GROUP_DEPTH) {
        fw_jlines_bad(doc, object->value,
                      open ? "a group that does not contain itself"
                           : "groups no deeper than the limit GROUP_DEPTH");
        return fw_choice_opaque(&doc->arena, "group", object->name, true);
    }
    expand(cp, object, depth);
    object->thing->object->uses += depth > 0;
    return object->thing->choice;
}

/* All of them, used or not; what was not asked for has lines too. */
void fw_cp_objects(struct fw_cp *cp)
{
    for (size_t i = 0; i < cp->n; i++) {
        struct fw_cp_object *object = &cp->objects[i];
        expand(cp, object, 0);
        if (!object->thing) {
            fw_jlines_mark(cp->maker.doc, object->value, FW_LINE_USED);
        }
    }
    fw_things_finish(&cp->things);
}
