/* What names stand for in pfSense and OPNsense: interfaces and their networks, groups, aliases. */
#include "core/limits.h"
#include "core/proto.h"
#include "parsers/sense.h"

/* --- Interfaces --- */

static void add_network(struct fw_sense *sense, struct fw_interface *interface, fw_sv address,
                        fw_sv bits, uint32_t last)
{
    fw_ip ip;
    uint32_t n;
    fw_iprange range;
    if (!fw_ip_parse(address, &ip) || !fw_sv_u32(bits, last, &n) ||
        !fw_iprange_from_prefix(ip, n, &range)) {
        return;
    }
    fw_interface_add_address(&sense->maker.doc->arena, interface, range, ip);
}

/* <ifgroups><ifgroupentry><ifname>G</ifname><members>lan opt1</members> */
static void find_groups(struct fw_sense *sense)
{
    const struct fw_xnode *groups = fw_xml_child(sense->root, "ifgroups");
    const struct fw_xnode *list = fw_xml_child(sense->root, "virtualip");
    size_t n = 0;
    for (const struct fw_xnode *entry = fw_xml_child(groups, "ifgroupentry"); entry;
         entry = fw_xml_next(entry)) {
        sense->members = fw_arena_push(&sense->maker.doc->arena, sense->members, n,
                                       sizeof(*sense->members));
        sense->members[n] = fw_xml_text(entry, "members");
        fw_index_add(&sense->groups, fw_xml_text(entry, "ifname"), n++);
    }
    for (const struct fw_xnode *vip = fw_xml_child(list, "vip"); vip; vip = fw_xml_next(vip)) {
        fw_index_add(&sense->virtuals, fw_xml_text(vip, "interface"), 0);
    }
}

void fw_sense_interfaces(struct fw_sense *sense)
{
    struct fw_doc *doc = sense->maker.doc;
    const struct fw_xnode *list = fw_xml_child(sense->root, "interfaces");
    for (const struct fw_xnode *node = list ? list->child : NULL; node; node = node->next) {
        struct fw_interface *interface = fw_maker_interface(&sense->maker, node->name, node->span);
        fw_xml_mark_whole(doc, node, FW_LINE_USED);
        interface->device = fw_xml_text(node, "if");
        interface->shutdown = !fw_xml_child(node, "enable");
        add_network(sense, interface, fw_xml_text(node, "ipaddr"), fw_xml_text(node, "subnet"), 32);
        add_network(sense, interface, fw_xml_text(node, "ipaddrv6"), fw_xml_text(node, "subnetv6"),
                    128);
    }
    if (list) {
        fw_xml_mark(doc, list, FW_LINE_USED);
    }
    find_groups(sense);
}

static fw_sv group_members(const struct fw_sense *sense, fw_sv name)
{
    size_t at = fw_index_find(&sense->groups, name);
    return at == SIZE_MAX ? (fw_sv){0} : sense->members[at];
}

void fw_sense_members(struct fw_sense *sense, fw_sv list, fw_sv **ret, size_t *ret_n,
                      bool *ret_group)
{
    struct fw_arena *scratch = &sense->maker.doc->scratch;
    fw_sv *v = NULL;
    size_t n = 0;
    fw_sv name;
    *ret_group = false;
    while (fw_sv_split(&list, ',', &name)) {
        name = fw_sv_trim(name);
        fw_sv members = group_members(sense, name);
        fw_sv member;
        bool group = members.n > 0;
        *ret_group = *ret_group || group;
        while (group && fw_sv_word(&members, &member)) {
            v = fw_arena_push(scratch, v, n, sizeof(*v));
            v[n++] = member;
        }
        if (!group && name.n > 0) {
            v = fw_arena_push(scratch, v, n, sizeof(*v));
            v[n++] = name;
        }
    }
    for (size_t i = 0; i < n; i++) { /* wherever it stands */
        if (fw_sv_is(v[i], "any")) {
            n = 0;
        }
    }
    *ret = v;
    *ret_n = n;
}

/* --- Aliases --- */

static struct fw_atom outside_atom(struct fw_arena *arena, const char *kind, fw_sv name)
{
    fw_sv words[] = {fw_sv_from(kind), name};
    struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(arena, words, 2), false);
    atom.outside = true;
    return atom;
}

/* "80", "1000:2000", "1000-2000" */
static bool read_ports(fw_sv text, struct fw_numrange *ret)
{
    return fw_port_range(text, ':', ret) || fw_port_range(text, '-', ret);
}

static struct fw_thing *expand(struct fw_sense *sense, struct fw_thing *thing, unsigned depth);

/* One entry of an alias: an address, ports, another alias, or what is kept elsewhere. */
static void add_entry(struct fw_sense *sense, struct fw_thing *thing, struct fw_choosing *choosing,
                      fw_sv text, unsigned depth)
{
    struct fw_arena *arena = &sense->maker.doc->arena;
    bool ports = thing->space == FW_SENSE_PORTS;
    fw_iprange range;
    struct fw_numrange port;
    struct fw_thing *other = fw_things_find(&sense->aliases, (fw_sv){0}, thing->space, text);
    if (other) {
        other->object->uses++;
        if (other->state == FW_THING_OPEN || depth >= FW_LIMIT_GROUP_DEPTH) {
            fw_doc_bad(sense->maker.doc, thing->object->span.line, text,
                       other->state == FW_THING_OPEN
                           ? "the alias contains itself"
                           : "aliases are nested deeper than the limit GROUP_DEPTH allows");
            fw_choosing_atom(choosing, outside_atom(arena, "alias", text));
            return;
        }
        struct fw_choice more = expand(sense, other, depth + 1)->choice;
        if (fw_choosing_full(choosing, more)) {
            fw_doc_bad(sense->maker.doc, thing->object->span.line, text,
                       "the alias holds more than the limit GROUP_MEMBERS allows");
            fw_choosing_atom(choosing, outside_atom(arena, "alias", text));
            return;
        }
        fw_choosing_add(choosing, more);
    } else if (ports && read_ports(text, &port)) {
        fw_choosing_term(choosing,
                         (struct fw_term){.dport = fw_numset_range(arena, port.lo, port.hi)});
    } else if (!ports && fw_iprange_parse_dashed(text, &range)) {
        fw_choosing_range(choosing, range);
    } else {
        fw_choosing_atom(choosing, outside_atom(arena, "host", text));
    }
}

/* Entries stand apart by blanks, line ends or commas. */
static bool next_entry(fw_sv *rest, fw_sv *ret)
{
    size_t from = 0;
    while (from < rest->n && strchr(" \t\r\n,", rest->p[from])) {
        from++;
    }
    size_t to = from;
    while (to < rest->n && !strchr(" \t\r\n,", rest->p[to])) {
        to++;
    }
    *ret = fw_sv_sub(*rest, from, to - from);
    *rest = fw_sv_sub(*rest, to, SIZE_MAX);
    return ret->n > 0;
}

static struct fw_thing *expand(struct fw_sense *sense, struct fw_thing *thing, unsigned depth)
{
    static const char *const plain[] = {"host", "network", "port", "networkgroup"};
    const struct fw_xnode *node = (const struct fw_xnode *)(const void *)thing->node;
    fw_sv type = fw_xml_text(node, "type");
    fw_sv entries = fw_xml_text(node, sense->opnsense && fw_xml_child(node, "content") ? "content"
                                                                                       : "address");
    struct fw_choosing choosing;
    fw_sv entry;
    bool here = false;
    bool excepts = false; /* "!192.0.2.1": the narrowest entry counts, and that is not modelled */
    if (thing->state == FW_THING_DONE) {
        return thing;
    }
    thing->state = FW_THING_OPEN;
    here = here || FW_SV_AMONG(type, plain);
    /* What rules with an alias that is switched off match, nobody says; and a text that ends too
     * early may end within one. */
    here = here && sense->whole &&
           !(sense->opnsense && fw_sv_is(fw_xml_text(node, "enabled"), "0"));
    fw_choosing_init(&choosing, &sense->maker.doc->arena);
    while (here && next_entry(&entries, &entry)) {
        bool except = fw_sv_starts(entry, "!");
        excepts = excepts || except;
        add_entry(sense, thing, &choosing, fw_sv_sub(entry, except, SIZE_MAX), depth);
    }
    /* Lists of the network, countries, users: their content is kept elsewhere. */
    if (!here || excepts) {
        fw_choosing_init(&choosing, &sense->maker.doc->arena);
        fw_choosing_atom(&choosing,
                         outside_atom(&sense->maker.doc->arena, "alias", thing->object->name));
    }
    thing->object->empty = here && choosing.n == 0 && choosing.nranges == 0;
    fw_thing_settle(thing, fw_choosing_done(&choosing));
    return thing;
}

static const char about[] = "what a person reads, or how often it is fetched";

static const struct fw_known alias_keys[] = {
    {"name", NULL},        {"type", NULL},      {"address", NULL},     {"content", NULL},
    {"enabled", NULL},     {"descr", about},    {"detail", about},     {"description", about},
    {"updatefreq", about}, {"url", about},      {"aliasurl", about},   {"proto", NULL},
    {"interface", NULL},   {"counters", about}, {"categories", about}, {"path_expression", about},
    {"authtype", about},   {"username", about}, {"password", about},   {"expire", about},
    {NULL, NULL},
};

static void define(struct fw_sense *sense, const struct fw_xnode *list)
{
    for (const struct fw_xnode *node = fw_xml_child(list, "alias"); node;
         node = fw_xml_next(node)) {
        fw_sv name = fw_xml_text(node, "name");
        bool ports = fw_sv_find(fw_xml_text(node, "type"), FW_SV("port")) != SIZE_MAX;
        fw_xml_keys(sense->maker.doc, node, alias_keys);
        if (name.n == 0) {
            fw_xml_bad(sense->maker.doc, node, "the name of an alias");
            continue;
        }
        struct fw_thing *thing = fw_things_add(
            &sense->aliases, (fw_sv){0}, ports ? FW_SENSE_PORTS : FW_SENSE_ADDRESSES, name,
            ports ? FW_OBJECT_SERVICE_GROUP : FW_OBJECT_ADDRESS_GROUP);
        thing->node = (struct fw_node *)(const void *)node;
        thing->object->defined = true;
        thing->object->span = node->span;
    }
    if (list) {
        fw_xml_mark(sense->maker.doc, list, FW_LINE_USED);
    }
}

void fw_sense_aliases(struct fw_sense *sense)
{
    const struct fw_xnode *plus = fw_xml_child(
        fw_xml_child(fw_xml_child(fw_xml_child(sense->root, "OPNsense"), "Firewall"), "Alias"),
        "aliases");
    define(sense, fw_xml_child(sense->root, "aliases"));
    define(sense, plus);
    for (size_t i = 0; i < sense->aliases.nbuckets; i++) {
        for (struct fw_thing *thing = sense->aliases.buckets[i]; thing; thing = thing->next) {
            expand(sense, thing, 0);
        }
    }
}

/* --- What rules name --- */

/* "lan": the networks of an interface; "lanip": its addresses; "(self)": all that are its own. */
static struct fw_choice network(struct fw_sense *sense, fw_sv name, bool destination)
{
    struct fw_arena *scratch = &sense->maker.doc->scratch;
    struct fw_choosing choosing;
    bool ip = fw_sv_ends(name, "ip");
    fw_sv base = ip ? fw_sv_sub(name, 0, name.n - 2) : name;
    const struct fw_interface *interface = fw_maker_interface_find(&sense->maker, name);
    bool own = !interface && ip && fw_maker_interface_find(&sense->maker, base);
    interface = own ? fw_maker_interface_find(&sense->maker, base) : interface;
    fw_choosing_init(&choosing, scratch);
    if (fw_sv_is(name, "(self)")) {
        struct fw_atom atom = fw_atom_make(destination ? FW_ATOM_DST_LOCAL : FW_ATOM_SRC_LOCAL,
                                           FW_SV("self"), false);
        fw_choosing_atom(&choosing, atom);
        return fw_choosing_done(&choosing);
    }
    for (size_t i = 0; interface && i < interface->naddresses; i++) {
        fw_choosing_range(&choosing, own ? (fw_iprange){interface->own[i], interface->own[i]}
                                         : interface->addresses[i]);
    }
    if (!interface || interface->naddresses < 2) { /* the other family may come by itself */
        struct fw_atom *atom = fw_new(scratch, struct fw_atom);
        *atom = outside_atom(scratch, own ? "address of" : "network of", own ? base : name);
        struct fw_term term = {.natoms = 1, .atoms = atom};
        if (interface && interface->naddresses == 1) {
            fw_iprange rest = fw_iprange_all(
                interface->addresses[0].lo.family == FW_IPV4 ? FW_IPV6 : FW_IPV4);
            term.src = fw_ipset_make(scratch, &rest, 1);
        }
        fw_choosing_term(&choosing, term);
    }
    /* Addresses that an interface has besides its own bring their networks. */
    if (interface && !own && fw_index_find(&sense->virtuals, name) != SIZE_MAX) {
        fw_choosing_atom(&choosing, outside_atom(scratch, "virtual addresses of", name));
    }
    return fw_choosing_done(&choosing);
}

struct fw_choice fw_sense_addresses(struct fw_sense *sense, fw_sv text, struct fw_rule *rule)
{
    struct fw_arena *scratch = &sense->maker.doc->scratch;
    struct fw_choosing choosing;
    fw_iprange range;
    struct fw_thing *alias = fw_things_find(&sense->aliases, (fw_sv){0}, FW_SENSE_ADDRESSES, text);
    fw_choosing_init(&choosing, scratch);
    if (alias) {
        fw_rule_refer(&sense->maker.doc->arena, rule, alias->object);
        return alias->choice;
    }
    if (fw_iprange_parse_dashed(text, &range)) {
        fw_choosing_range(&choosing, range);
    } else {
        fw_choosing_atom(&choosing, outside_atom(scratch, "host", text));
    }
    return fw_choosing_done(&choosing);
}

bool fw_sense_ports(struct fw_sense *sense, fw_sv text, uint32_t line, struct fw_rule *rule,
                    const struct fw_numset **ret)
{
    struct fw_arena *scratch = &sense->maker.doc->scratch;
    struct fw_numrange range;
    struct fw_thing *alias = fw_things_find(&sense->aliases, (fw_sv){0}, FW_SENSE_PORTS, text);
    *ret = NULL;
    if (text.n == 0 || fw_sv_is(text, "any")) {
        return true;
    }
    if (read_ports(text, &range)) {
        *ret = fw_numset_range(scratch, range.lo, range.hi);
        return true;
    }
    if (!alias) {
        fw_doc_unsupported(sense->maker.doc, line, text, "no alias of ports has this name");
        return false;
    }
    fw_rule_refer(&sense->maker.doc->arena, rule, alias->object);
    const struct fw_numset *all = fw_numset_make(scratch, NULL, 0);
    for (size_t i = 0; i < alias->choice.n; i++) {
        if (alias->choice.v[i].natoms > 0 || !alias->choice.v[i].dport) {
            return false;
        }
        all = fw_numset_union(scratch, all, alias->choice.v[i].dport);
    }
    *ret = all;
    return true;
}

void fw_sense_net(struct fw_sense *sense, fw_sv text, bool networks, struct fw_rule *rule,
                  struct fw_terms *terms, bool destination, bool negated)
{
    struct fw_choosing choosing;
    fw_sv piece;
    fw_choosing_init(&choosing, terms->scratch);
    if (text.n == 0 || fw_sv_is(text, "any")) {
        return;
    }
    while (fw_sv_split(&text, ',', &piece)) {
        fw_iprange range;
        piece = fw_sv_trim(piece);
        bool alias = fw_things_find(&sense->aliases, (fw_sv){0}, FW_SENSE_ADDRESSES, piece);
        bool plain = !networks || alias || fw_iprange_parse_dashed(piece, &range);
        fw_choosing_add(&choosing, plain ? fw_sense_addresses(sense, piece, rule)
                                         : network(sense, piece, destination));
    }
    fw_terms_addresses(terms, fw_choosing_done(&choosing), destination, negated);
}

void fw_sense_side(struct fw_sense *sense, const struct fw_xnode *side, struct fw_rule *rule,
                   struct fw_terms *terms, bool destination)
{
    static const struct fw_known keys[] = {
        {"any", NULL},  {"address", NULL}, {"network", NULL},
        {"port", NULL}, {"not", NULL},     {NULL, NULL},
    };
    const struct fw_xnode *net = fw_xml_child(side, "network");
    fw_sv address = fw_xml_text(side, "address");
    const struct fw_numset *ports;
    if (!side) {
        return;
    }
    if (fw_xml_keys(sense->maker.doc, side, keys)) {
        fw_sense_widen(terms, FW_ATOM_VARYING, "unknown", FW_SV("element"));
    }
    fw_sense_net(sense,
                 address.n > 0 ? address
                 : net         ? net->text
                               : (fw_sv){0},
                 net != NULL, rule, terms, destination, fw_sense_set(side, "not"));
    const struct fw_xnode *port = fw_xml_child(side, "port");
    if (port && !fw_sense_ports(sense, port->text, port->span.line, rule, &ports)) {
        fw_sense_widen(terms, FW_ATOM_FIXED, destination ? "port" : "source port", port->text);
    } else if (port && ports) {
        struct fw_term term = {0};
        *(destination ? &term.dport : &term.sport) = ports;
        fw_terms_and(terms, &term, 1);
    }
}
