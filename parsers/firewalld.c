/* firewalld: its XML files (zones, services, ipsets, policies, ICMP types, helpers) and what
 * `firewall-cmd --list-all` and `--list-all-zones` print.
 *   <zone target="DROP"><interface name="eth0"/><service name="ssh"/><rule>...</rule></zone>
 *   public (active)
 *     services: dhcpv6-client ssh
 * A file is one object, named as the file is. */
#include "parsers/firewalld.h"

#include "core/proto.h"
#include "parsers/parser.h"
#include "parsers/xmldoc.h"

/* --- Elements, and why those that are ignored change no verdict --- */

static const char about[] = "what a person reads";
static const char tracking[] = "the kernel's helpers: their connections come as related";

static const struct fw_known zone_keys[] = {
    {"short", about},       {"description", about}, {"interface", NULL},
    {"source", NULL},       {"service", NULL},      {"port", NULL},
    {"protocol", NULL},     {"icmp-block", NULL},   {"icmp-block-inversion", NULL},
    {"masquerade", NULL},   {"forward-port", NULL}, {"source-port", NULL},
    {"rule", NULL},         {"forward", NULL},      {"helper", tracking},
    {"ingress-zone", NULL}, {"egress-zone", NULL},  {NULL, NULL},
};
static const struct fw_known rule_keys[] = {
    {"source", NULL},       {"destination", NULL},
    {"service", NULL},      {"port", NULL},
    {"protocol", NULL},     {"icmp-block", NULL},
    {"icmp-type", NULL},    {"masquerade", NULL},
    {"forward-port", NULL}, {"source-port", NULL},
    {"log", NULL},          {"nflog", NULL},
    {"audit", NULL},        {"accept", NULL},
    {"reject", NULL},       {"drop", NULL},
    {"mark", NULL},         {"tcp-mss-clamp", "it changes the size of segments"},
    {NULL, NULL},
};
static const struct fw_known service_keys[] = {
    {"short", about},      {"description", about}, {"port", NULL},       {"protocol", NULL},
    {"source-port", NULL}, {"module", tracking},   {"helper", tracking}, {"destination", NULL},
    {"include", NULL},     {NULL, NULL},
};
static const struct fw_known ipset_keys[] = {
    {"short", about}, {"description", about}, {"option", about}, {"entry", NULL}, {NULL, NULL},
};
static const struct fw_known other_keys[] = {
    {"short", about}, {"description", about}, {"destination", NULL}, {"port", NULL}, {NULL, NULL},
};

/* --- XML --- */

static fw_sv file_stem(const struct fw_doc *doc)
{
    fw_sv name = doc->path;
    for (size_t i = name.n; i > 0; i--) {
        if (name.p[i - 1] == '/') {
            name = fw_sv_sub(name, i, SIZE_MAX);
            break;
        }
    }
    size_t dot = fw_sv_find_char(name, '.');
    return fw_sv_sub(name, 0, dot == 0 ? SIZE_MAX : dot);
}

static struct fw_fwd_side side_of(const struct fw_xnode *node)
{
    fw_sv invert = fw_xml_attr(node, "invert");
    return (struct fw_fwd_side){
        .address = fw_xml_attr(node, "address"),
        .ipset = fw_xml_attr(node, "ipset"),
        .mac = fw_xml_attr(node, "mac"),
        .inverted = fw_sv_is_nocase(invert, "true") || fw_sv_is_nocase(invert, "yes"),
    };
}

static const struct {
    const char *name;
    enum fw_fwd_element element;
    const char *value; /* the attribute that says which */
} elements[] = {
    {"service", FW_FWD_SERVICE, "name"},
    {"port", FW_FWD_PORT, "port"},
    {"source-port", FW_FWD_SOURCE_PORT, "port"},
    {"protocol", FW_FWD_PROTOCOL, "value"},
    {"icmp-type", FW_FWD_ICMP, "name"},
    {"icmp-block", FW_FWD_ICMP_BLOCK, "name"},
    {"forward-port", FW_FWD_FORWARD_PORT, "port"},
    {"masquerade", FW_FWD_MASQUERADE, ""},
};

static bool read_element(const struct fw_xnode *node, struct fw_fwd_rule *ret)
{
    for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
        if (fw_sv_is(node->name, elements[i].name)) {
            ret->element = elements[i].element;
            ret->value = fw_xml_attr(node, elements[i].value);
            ret->protocol = fw_xml_attr(node, "protocol");
            ret->to_port = fw_xml_attr(node, "to-port");
            ret->to_addr = fw_xml_attr(node, "to-addr");
            return true;
        }
    }
    return false;
}

static bool is_action(fw_sv name)
{
    return fw_sv_is(name, "accept") || fw_sv_is(name, "reject") || fw_sv_is(name, "drop") ||
           fw_sv_is(name, "mark");
}

/* "-100"; nothing is 0. */
static bool read_priority(fw_sv text, int32_t *ret)
{
    bool minus = fw_sv_starts(text, "-");
    uint32_t number = 0;
    bool ok = text.n == 0 ||
              fw_sv_u32(fw_sv_sub(text, minus, SIZE_MAX), minus ? 32768 : 32767, &number);
    *ret = minus ? -(int32_t)number : (int32_t)number;
    return ok;
}

static void read_rich(struct fw_fwd *fwd, struct fw_fwd_zone *zone, const struct fw_xnode *node)
{
    struct fw_doc *doc = fwd->maker.doc;
    struct fw_fwd_rule rule = {.family = fw_xml_attr(node, "family"), .span = node->span};
    fw_sv priority = fw_xml_attr(node, "priority");
    if (fw_xml_keys(doc, node, rule_keys)) {
        rule.unread = FW_SV("unknown element");
    }
    if (!read_priority(priority, &rule.priority)) {
        fw_xml_bad(doc, node, "a priority from -32768 to 32767");
        rule.unread = priority;
    }
    for (const struct fw_xnode *child = node->child; child; child = child->next) {
        fw_xml_mark_whole(doc, child, FW_LINE_USED);
        if (fw_sv_is(child->name, "source")) {
            rule.source = side_of(child);
        } else if (fw_sv_is(child->name, "destination")) {
            rule.destination = side_of(child);
        } else if (fw_sv_is(child->name, "log") || fw_sv_is(child->name, "nflog")) {
            rule.log = true;
            rule.prefix = fw_xml_attr(child, "prefix");
        } else if (fw_sv_is(child->name, "audit")) {
            rule.audit = true;
        } else if (!read_element(child, &rule) && is_action(child->name)) {
            rule.action = child->name;
            rule.limit = fw_xml_attr(fw_xml_child(child, "limit"), "value");
        }
    }
    if (rule.unread.n > 0) { /* it may be what the rule does */
        rule.action = FW_SV("any");
    }
    fw_fwd_add(fwd, zone, &rule);
}

static void read_zone(struct fw_fwd *fwd, const struct fw_xnode *root)
{
    struct fw_doc *doc = fwd->maker.doc;
    struct fw_fwd_zone *zone = fw_fwd_zone(fwd, file_stem(doc), root->span);
    fw_sv target = fw_xml_attr(root, "target");
    zone->policy = fw_sv_is(root->name, "policy");
    zone->target = target.n > 0 ? target : zone->policy ? FW_SV("CONTINUE") : FW_SV("default");
    zone->block_inversion = fw_xml_child(root, "icmp-block-inversion") != NULL;
    bool unknown = fw_xml_keys(doc, root, zone_keys);
    if (!read_priority(fw_xml_attr(root, "ingress-priority"), &zone->ingress)) {
        fw_xml_bad(doc, root, "a priority from -32768 to 32767");
    }
    if (unknown || !fwd->whole) { /* it may be a rule of its own */
        struct fw_fwd_rule rule = {.unread = FW_SV("unknown element"),
                                   .priority = -32768,
                                   .action = FW_SV("any"),
                                   .span = root->span};
        fw_fwd_add(fwd, zone, &rule);
    }
    for (const struct fw_xnode *child = root->child; child; child = child->next) {
        struct fw_fwd_rule rule = {.action = FW_SV("accept"), .span = child->span};
        if (fw_sv_is(child->name, "interface")) {
            fw_fwd_interface(fwd, zone, fw_xml_attr(child, "name"));
        } else if (fw_sv_is(child->name, "source")) {
            fw_fwd_source(fwd, zone, side_of(child));
        } else if (fw_sv_is(child->name, "rule")) {
            read_rich(fwd, zone, child);
        } else if (read_element(child, &rule)) {
            rule.action = rule.element == FW_FWD_ICMP_BLOCK ? (fw_sv){0} : rule.action;
            fw_fwd_add(fwd, zone, &rule);
        }
    }
}

static struct fw_thing *own_object(struct fw_fwd *fwd, const struct fw_xnode *root,
                                   enum fw_object_kind kind)
{
    struct fw_thing *thing = fw_things_add(&fwd->services, (fw_sv){0}, kind,
                                           file_stem(fwd->maker.doc), kind);
    thing->object->defined = true;
    thing->object->vendor = true; /* a file of its own: who uses it stands elsewhere */
    thing->object->span = root->span;
    return thing;
}

static void read_service(struct fw_fwd *fwd, const struct fw_xnode *root)
{
    struct fw_doc *doc = fwd->maker.doc;
    struct fw_thing *thing = own_object(fwd, root, FW_OBJECT_SERVICE);
    struct fw_choosing choosing;
    fw_iprange to[2];
    size_t nto = 0;
    fw_xml_keys(doc, root, service_keys);
    fw_choosing_init(&choosing, &doc->arena);
    const struct fw_xnode *destination = fw_xml_child(root, "destination");
    nto += fw_iprange_parse(fw_xml_attr(destination, "ipv4"), &to[nto], NULL);
    nto += fw_iprange_parse(fw_xml_attr(destination, "ipv6"), &to[nto], NULL);
    for (const struct fw_xnode *child = root->child; child; child = child->next) {
        struct fw_term term = {0};
        uint8_t proto;
        bool source = fw_sv_is(child->name, "source-port");
        fw_sv protocol = fw_xml_attr(child, "protocol");
        if (fw_sv_is(child->name, "include")) {
            struct fw_choice choice;
            fw_sv name = fw_xml_attr(child, "service");
            if (fw_fwd_service(fwd, name, &choice)) {
                fw_choosing_add(&choosing, choice);
            } else {
                fw_choosing_atom(&choosing, fw_atom_make(FW_ATOM_FIXED, name, false));
            }
            continue;
        }
        bool port = source || fw_sv_is(child->name, "port");
        if (port && fw_xml_attr(child, "port").n > 0) {
            if (!fw_fwd_port(&doc->arena, fw_xml_attr(child, "port"), protocol, source, &term)) {
                fw_xml_bad(doc, child, "a port or a range and a protocol");
                continue;
            }
        } else if (port || fw_sv_is(child->name, "protocol")) {
            fw_sv value = port ? protocol : fw_xml_attr(child, "value");
            if (!fw_proto_parse(value, &proto)) {
                fw_xml_bad(doc, child, "a protocol");
                continue;
            }
            term = fw_term_proto(&doc->arena, proto);
        } else {
            continue;
        }
        term.dst = nto > 0 ? fw_ipset_make(&doc->arena, to, nto) : NULL;
        fw_choosing_term(&choosing, term);
    }
    fw_thing_settle(thing, fw_choosing_done(&choosing));
}

static void read_ipset(struct fw_fwd *fwd, const struct fw_xnode *root)
{
    struct fw_doc *doc = fwd->maker.doc;
    struct fw_thing *thing = own_object(fwd, root, FW_OBJECT_ADDRESS_GROUP);
    struct fw_choosing choosing;
    fw_xml_keys(doc, root, ipset_keys);
    fw_choosing_init(&choosing, &doc->arena);
    for (const struct fw_xnode *entry = fw_xml_child(root, "entry"); entry;
         entry = fw_xml_next(entry)) {
        fw_iprange range;
        if (fw_iprange_parse(entry->text, &range, NULL)) {
            fw_choosing_range(&choosing, range);
        } else { /* of two dimensions, or a MAC address */
            fw_choosing_atom(&choosing, fw_atom_make(FW_ATOM_FIXED, entry->text, false));
        }
        thing->object->empty = false;
    }
    thing->object->empty = fw_xml_child(root, "entry") == NULL;
    fw_thing_settle(thing, fw_choosing_done(&choosing));
}

static void read_other(struct fw_fwd *fwd, const struct fw_xnode *root)
{
    fw_xml_keys(fwd->maker.doc, root, other_keys);
}

/* Rules in the language of iptables, and where they go. */
static void read_direct(struct fw_fwd *fwd, const struct fw_xnode *root)
{
    struct fw_doc *doc = fwd->maker.doc;
    fw_xml_mark_whole(doc, root, FW_LINE_UNSUPPORTED);
    fw_doc_unsupported(doc, root->span.line, root->name, "direct rules are not read");
}

static const struct {
    const char *name;
    void (*read)(struct fw_fwd *fwd, const struct fw_xnode *root);
} roots[] = {
    {"zone", read_zone},     {"policy", read_zone},  {"service", read_service},
    {"ipset", read_ipset},   {"helper", read_other}, {"icmptype", read_other},
    {"direct", read_direct},
};

static void read_xml(struct fw_fwd *fwd)
{
    struct fw_doc *doc = fwd->maker.doc;
    const struct fw_xnode *root = fw_xml_parse(doc, &fwd->whole);
    size_t i = 0;
    while (root && i < sizeof(roots) / sizeof(roots[0]) && !fw_sv_is(root->name, roots[i].name)) {
        i++;
    }
    if (root && i < sizeof(roots) / sizeof(roots[0])) {
        roots[i].read(fwd, root);
    } else if (root) {
        fw_xml_mark_whole(doc, root, FW_LINE_BAD);
        fw_xml_bad(doc, root, "a zone, service, ipset, policy, helper or icmptype");
    }
    fw_xml_finish(doc);
}

/* --- What firewall-cmd prints --- */

struct listing {
    struct fw_fwd *fwd;
    struct fw_fwd_zone *zone;
    fw_sv key; /* whose values may stand on lines of their own */
};

static void add_element(struct listing *listing, enum fw_fwd_element element, fw_sv value,
                        fw_sv protocol, fw_span span)
{
    struct fw_fwd_rule rule = {
        .element = element, .value = value, .protocol = protocol, .span = span};
    rule.action = element == FW_FWD_ICMP_BLOCK ? (fw_sv){0} : FW_SV("accept");
    fw_fwd_add(listing->fwd, listing->zone, &rule);
}

/* "port=80:proto=tcp:toport=8080:toaddr=192.0.2.1" */
static void add_forward(struct listing *listing, fw_sv word, fw_span span)
{
    struct fw_fwd_rule rule = {
        .element = FW_FWD_FORWARD_PORT, .action = FW_SV("accept"), .span = span};
    while (word.n > 0) {
        size_t colon = fw_sv_find_char(word, ':');
        fw_sv piece = fw_sv_sub(word, 0, colon);
        if (fw_sv_starts(piece, "port=")) {
            rule.value = fw_sv_sub(piece, 5, SIZE_MAX);
        } else if (fw_sv_starts(piece, "proto=")) {
            rule.protocol = fw_sv_sub(piece, 6, SIZE_MAX);
        } else if (fw_sv_starts(piece, "toport=")) {
            rule.to_port = fw_sv_sub(piece, 7, SIZE_MAX);
        } else if (fw_sv_starts(piece, "toaddr=")) { /* the last: of IPv6 it holds colons */
            rule.to_addr = fw_sv_sub(word, 7, SIZE_MAX);
            break;
        } else {
            rule.unread = piece;
        }
        word = colon == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(word, colon + 1, SIZE_MAX);
    }
    fw_fwd_add(listing->fwd, listing->zone, &rule);
}

static void take_word(struct listing *listing, fw_sv word, fw_span span)
{
    fw_sv key = listing->key;
    size_t slash = fw_sv_find_char(word, '/');
    fw_sv before = fw_sv_sub(word, 0, slash);
    fw_sv after = slash == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(word, slash + 1, SIZE_MAX);
    if (fw_sv_is(key, "interfaces")) {
        fw_fwd_interface(listing->fwd, listing->zone, word);
    } else if (fw_sv_is(key, "sources")) {
        fw_fwd_source(listing->fwd, listing->zone, fw_fwd_side_of(word));
    } else if (fw_sv_is(key, "services")) {
        add_element(listing, FW_FWD_SERVICE, word, (fw_sv){0}, span);
    } else if (fw_sv_is(key, "ports")) {
        add_element(listing, FW_FWD_PORT, before, after, span);
    } else if (fw_sv_is(key, "source-ports")) {
        add_element(listing, FW_FWD_SOURCE_PORT, before, after, span);
    } else if (fw_sv_is(key, "protocols")) {
        add_element(listing, FW_FWD_PROTOCOL, word, (fw_sv){0}, span);
    } else if (fw_sv_is(key, "icmp-blocks")) {
        add_element(listing, FW_FWD_ICMP_BLOCK, word, (fw_sv){0}, span);
    } else if (fw_sv_is(key, "forward-ports")) {
        add_forward(listing, word, span);
    } else if (fw_sv_is(key, "target")) {
        listing->zone->target = word;
    } else if (fw_sv_is(key, "masquerade") && fw_sv_is(word, "yes")) {
        add_element(listing, FW_FWD_MASQUERADE, (fw_sv){0}, (fw_sv){0}, span);
    } else if (fw_sv_is(key, "ingress-priority")) {
        if (!read_priority(word, &listing->zone->ingress)) {
            fw_doc_bad(listing->fwd->maker.doc, span.line, word,
                       "expected a priority from -32768 to 32767");
        }
    } else if (fw_sv_is(key, "icmp-block-inversion")) {
        listing->zone->block_inversion = fw_sv_is(word, "yes");
    }
}

static bool known_key(fw_sv key)
{
    static const char *const keys[] = {
        "target",          "icmp-block-inversion",
        "interfaces",      "sources",
        "services",        "ports",
        "protocols",       "forward",
        "masquerade",      "forward-ports",
        "source-ports",    "icmp-blocks",
        "rich rules",      "ingress-priority",
        "egress-priority", "ingress-zones",
        "egress-zones",    "priority",
    };
    return FW_SV_AMONG(key, keys);
}

static void take_values(struct listing *listing, fw_sv text, uint32_t line)
{
    struct fw_doc *doc = listing->fwd->maker.doc;
    fw_sv word;
    fw_doc_mark(doc, line, FW_LINE_USED);
    if (fw_sv_is(listing->key, "rich rules")) {
        if (fw_sv_trim(text).n > 0) {
            struct fw_fwd_rule rule = {.span = fw_doc_span(doc, fw_sv_trim(text), line)};
            fw_fwd_rich(text, &rule);
            fw_fwd_add(listing->fwd, listing->zone, &rule);
        }
        return;
    }
    while (fw_sv_word(&text, &word)) {
        take_word(listing, word, fw_doc_span(doc, word, line));
    }
}

/* "public (default, active)" at the left edge; false: it is no name. */
static bool start_zone(struct listing *listing, fw_sv text, uint32_t line)
{
    struct fw_doc *doc = listing->fwd->maker.doc;
    fw_sv rest = text;
    fw_sv name;
    fw_sv_word(&rest, &name);
    rest = fw_sv_trim(rest);
    if (rest.n > 0 && (rest.p[0] != '(' || rest.p[rest.n - 1] != ')')) {
        return false;
    }
    listing->zone = fw_fwd_zone(listing->fwd, name, fw_doc_span(doc, text, line));
    listing->zone->is_default = fw_sv_find(rest, FW_SV("default")) != SIZE_MAX;
    listing->key = (fw_sv){0};
    fw_doc_mark(doc, line, FW_LINE_USED);
    return true;
}

static void read_line(struct listing *listing, fw_sv text, uint32_t line)
{
    struct fw_doc *doc = listing->fwd->maker.doc;
    fw_sv trimmed = fw_sv_trim(text);
    bool edge = text.n > 0 && !fw_is_blank(text.p[0]);
    size_t colon = fw_sv_find_char(trimmed, ':');
    fw_sv key = fw_sv_sub(trimmed, 0, colon);
    bool listed = listing->key.n > 0 &&
                  (fw_sv_is(listing->key, "rich rules") || fw_sv_is(listing->key, "forward-ports"));
    if (trimmed.n == 0) {
        fw_doc_mark(doc, line, FW_LINE_IGNORED);
    } else if (edge && fw_sv_find(trimmed, FW_SV("firewall-cmd ")) != SIZE_MAX) {
        fw_doc_mark(doc, line, FW_LINE_IGNORED); /* the command that was typed */
    } else if (edge) {
        if (!start_zone(listing, trimmed, line)) {
            fw_doc_bad(doc, line, trimmed, "expected the name of a zone");
        }
    } else if (listing->zone && colon != SIZE_MAX && known_key(key)) {
        listing->key = key;
        if (fw_sv_is(key, "ingress-zones") || fw_sv_is(key, "egress-zones")) {
            listing->zone->policy = true;
        }
        take_values(listing, fw_sv_sub(trimmed, colon + 1, SIZE_MAX), line);
    } else if (listing->zone && listed) {
        take_values(listing, trimmed, line);
    } else {
        fw_doc_unsupported(doc, line, trimmed, "a property that is not known");
        if (listing->zone) {
            struct fw_fwd_rule rule = {.unread = key,
                                       .priority = -32768,
                                       .action = FW_SV("any"),
                                       .span = fw_doc_span(doc, trimmed, line)};
            fw_fwd_add(listing->fwd, listing->zone, &rule);
        }
        listing->key = (fw_sv){0};
    }
}

static void read_listing(struct fw_fwd *fwd)
{
    struct listing listing = {.fwd = fwd};
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    while (fw_doc_line(fwd->maker.doc, &offset, &line, &text)) {
        read_line(&listing, text, line);
    }
}

static bool is_xml(fw_sv text)
{
    return fw_sv_starts(text, "<") || fw_sv_starts(text, "\xef\xbb\xbf<");
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct fw_fwd *fwd = fw_new(&doc->arena, struct fw_fwd);
    fw_fwd_init(fwd, doc, ret);
    if (is_xml(fw_sv_trim(doc->text))) {
        read_xml(fwd);
    } else {
        read_listing(fwd);
    }
    fw_fwd_finish(fwd);
}

/* The first element, past declarations and comments. */
static fw_sv first_element(fw_sv head)
{
    for (;;) {
        size_t at = fw_sv_find_char(head, '<');
        if (at == SIZE_MAX) {
            return (fw_sv){0};
        }
        head = fw_sv_sub(head, at + 1, SIZE_MAX);
        if (fw_sv_starts(head, "!--")) {
            size_t end = fw_sv_find(head, FW_SV("-->"));
            head = fw_sv_sub(head, end == SIZE_MAX ? head.n : end, SIZE_MAX);
        } else if (head.n > 0 && head.p[0] != '?' && head.p[0] != '!') {
            size_t n = 0;
            while (n < head.n && (fw_is_word(head.p[n]))) {
                n++;
            }
            return fw_sv_sub(head, 0, n);
        }
    }
}

static int bid_listing(fw_sv head)
{
    bool target = false;
    fw_sv text;
    while (fw_sv_split(&head, '\n', &text)) {
        if (target && fw_sv_starts(text, "  services:")) {
            return FW_BID_SURE;
        }
        target = target || fw_sv_starts(text, "  target:") ||
                 fw_sv_starts(text, "  icmp-block-inversion:");
    }
    return FW_BID_NO;
}

static int bid(fw_sv head)
{
    fw_sv text = fw_sv_trim(head);
    if (!is_xml(text)) {
        return bid_listing(head);
    }
    fw_sv name = first_element(text);
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
        if (fw_sv_is(name, roots[i].name)) {
            return FW_BID_LIKELY;
        }
    }
    return FW_BID_NO;
}

const struct fw_parser fw_parser_firewalld = {
    .name = "firewalld",
    .title = "firewalld XML files and firewall-cmd --list-all output",
    .kind = FW_PARSER_RULESET,
    .version = 4,
    .bid = bid,
    .ruleset = parse,
};
