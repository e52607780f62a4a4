/* OPNsense's list of automation rules, where newer versions keep all of theirs: flat, in the order
 * of their sequence.
 *   <rule uuid="..."><enabled>1</enabled><action>pass</action><interface>lan</interface>
 *   <source_net>lan</source_net><destination_port>443</destination_port>...</rule> */
#include <stdlib.h>

#include "parsers/sense.h"

static const char about[] = "what a person reads, and who wrote it when";
static const char routing[] = "where a packet goes that may pass, and how fast";
static const char states[] = "how long a state is kept";

const struct fw_known fw_sense_automation_keys[] = {
    {"enabled", NULL},
    {"sequence", NULL},
    {"action", NULL},
    {"quick", NULL},
    {"interface", NULL},
    {"interfacenot", NULL},
    {"direction", NULL},
    {"ipprotocol", NULL},
    {"protocol", NULL},
    {"icmptype", NULL},
    {"icmp6type", NULL},
    {"source_net", NULL},
    {"source_not", NULL},
    {"source_port", NULL},
    {"destination_net", NULL},
    {"destination_not", NULL},
    {"destination_port", NULL},
    {"log", NULL},
    {"description", NULL},
    {"statetype", NULL},
    {"tcpflags1", NULL},
    {"tcpflags2", NULL},
    {"tcpflags_any", NULL},
    {"tagged", NULL},
    {"sched", NULL},
    {"tos", NULL},
    {"prio", NULL},
    {"max", NULL},
    {"max-src-nodes", NULL},
    {"max-src-states", NULL},
    {"max-src-conn", NULL},
    {"max-src-conn-rate", NULL},
    {"max-src-conn-rates", NULL},
    {"os", NULL},
    {"tag", "it marks what passes; rules that ask for the mark are widened"},
    {"categories", about},
    {"nosync", about},
    {"prio_group", about},
    {"sort_order", about},
    {"gateway", routing},
    {"replyto", routing},
    {"disablereplyto", routing},
    {"set-prio", routing},
    {"set-prio-low", routing},
    {"shaper1", routing},
    {"shaper2", routing},
    {"divert-to", NULL},
    {"state-policy", states},
    {"statetimeout", states},
    {"adaptivestart", states},
    {"adaptiveend", states},
    {"udp-first", states},
    {"udp-multiple", states},
    {"udp-single", states},
    {"nopfsync", states},
    {"overload", states},
    {"allowopts", "packets with IP options: what is blocked without them is blocked with them"},
    {NULL, NULL},
};

struct entry {
    uint32_t sequence;
    size_t place;
    const struct fw_xnode *node;
};

static int by_sequence(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    return x->sequence != y->sequence ? (x->sequence > y->sequence) - (x->sequence < y->sequence)
                                      : (x->place > y->place) - (x->place < y->place);
}

static void and_ports(struct fw_sense *sense, const struct fw_xnode *node, const char *name,
                      struct fw_rule *rule, struct fw_terms *terms, bool destination)
{
    const struct fw_xnode *port = fw_xml_child(node, name);
    const struct fw_numset *set;
    if (!port) {
        return;
    }
    if (!fw_sense_ports(sense, port->text, port->span.line, rule, &set)) {
        fw_sense_widen(terms, FW_ATOM_FIXED, name, port->text);
    } else if (set) {
        struct fw_term term = {0};
        *(destination ? &term.dport : &term.sport) = set;
        fw_terms_and(terms, &term, 1);
    }
}

static void add_to(struct fw_sense *sense, const struct fw_xnode *node, bool out)
{
    struct fw_doc *doc = sense->maker.doc;
    fw_sv action = fw_xml_text(node, "action");
    fw_sv icmp = fw_xml_text(node, "icmptype");
    fw_sv protocol = fw_xml_text(node, "protocol");
    fw_sv *names;
    size_t n;
    bool group;
    struct fw_rule rule = {
        .id = fw_xml_attr(node, "uuid"),
        .comment = fw_xml_text(node, "description"),
        .action = fw_sv_is(action, "pass")     ? FW_ACTION_PERMIT
                  : fw_sv_is(action, "block")  ? FW_ACTION_DENY
                  : fw_sv_is(action, "reject") ? FW_ACTION_REJECT
                                               : FW_ACTION_UNKNOWN,
        .target = action,
        .enabled = !fw_sv_is(fw_xml_text(node, "enabled"), "0"),
        .quick = !fw_sv_is(fw_xml_text(node, "quick"), "0"),
        .log = fw_sense_set(node, "log"),
        .span = node->span,
    };
    struct fw_terms terms;
    fw_terms_init(&terms, &doc->scratch, FW_FAMILY_BOTH);
    fw_sense_members(sense, fw_xml_text(node, "interface"), &names, &n, &group);
    if (n > 0) {
        fw_terms_names(&terms, names, n, out, fw_sense_set(node, "interfacenot"));
    }
    icmp = icmp.n > 0 ? icmp : fw_xml_text(node, "icmp6type");
    if (!fw_sense_protocol(&terms, protocol, fw_xml_text(node, "ipprotocol"), icmp)) {
        fw_xml_bad(doc, node, "a protocol, and inet, inet6 or inet46");
        fw_sense_widen(&terms, FW_ATOM_FIXED, "protocol", protocol);
    }
    fw_sense_net(sense, fw_xml_text(node, "source_net"), true, &rule, &terms, false,
                 fw_sense_set(node, "source_not"));
    fw_sense_net(sense, fw_xml_text(node, "destination_net"), true, &rule, &terms, true,
                 fw_sense_set(node, "destination_not"));
    and_ports(sense, node, "source_port", &rule, &terms, false);
    and_ports(sense, node, "destination_port", &rule, &terms, true);
    fw_sense_rest(node, &terms);
    if (rule.action == FW_ACTION_UNKNOWN) {
        fw_xml_bad(doc, node, "the action pass, block or reject");
    }
    fw_maker_rule(&sense->maker, out ? sense->out : sense->in, &rule, &terms);
}

/* No interface, several, or all but some make a floating rule. */
static int pass_of(struct fw_sense *sense, const struct fw_xnode *node)
{
    fw_sv *names;
    size_t n;
    bool group;
    fw_sense_members(sense, fw_xml_text(node, "interface"), &names, &n, &group);
    return group ? 1 : n != 1 || fw_sense_set(node, "interfacenot") ? 0 : 2;
}

void fw_sense_automation(struct fw_sense *sense, const struct fw_xnode *list, int pass)
{
    struct fw_doc *doc = sense->maker.doc;
    struct entry *v = NULL;
    size_t n = 0;
    for (const struct fw_xnode *node = fw_xml_child(list, "rule"); node; node = fw_xml_next(node)) {
        struct entry entry = {.place = n, .node = node};
        if (pass_of(sense, node) != pass) {
            continue;
        }
        fw_sv_u32(fw_xml_text(node, "sequence"), UINT32_MAX, &entry.sequence);
        v = fw_arena_push(&doc->arena, v, n, sizeof(*v));
        v[n++] = entry;
    }
    if (n > 0) {
        qsort(v, n, sizeof(*v), by_sequence);
    }
    for (size_t i = 0; i < n; i++) {
        fw_sv direction = fw_xml_text(v[i].node, "direction");
        bool any = fw_sv_is(direction, "any") || fw_sv_is(direction, "both");
        if (any || !fw_sv_is(direction, "out")) {
            add_to(sense, v[i].node, false);
        }
        if (any || fw_sv_is(direction, "out")) {
            add_to(sense, v[i].node, true);
        }
        fw_arena_reset(&doc->scratch);
    }
}
