/* The rules of <filter>: which policies they belong to and what they do. */
#include "parsers/sense.h"

static const char about[] = "what a person reads, and who wrote it when";
static const char routing[] = "where a packet goes that may pass, and how fast";
static const char states[] = "how long a state is kept";

const struct fw_known fw_sense_rule_keys[] = {
    {"type", NULL},
    {"interface", NULL},
    {"ipprotocol", NULL},
    {"protocol", NULL},
    {"source", NULL},
    {"destination", NULL},
    {"disabled", NULL},
    {"floating", NULL},
    {"quick", NULL},
    {"direction", NULL},
    {"log", NULL},
    {"descr", NULL},
    {"tracker", NULL},
    {"icmptype", NULL},
    {"icmp6-type", NULL},
    {"statetype", NULL},
    {"os", NULL},
    {"tagged", NULL},
    {"sched", NULL},
    {"max", NULL},
    {"max-src-nodes", NULL},
    {"max-src-conn", NULL},
    {"max-src-states", NULL},
    {"max-src-conn-rate", NULL},
    {"max-src-conn-rates", NULL},
    {"tcpflags_any", NULL},
    {"tcpflags1", NULL},
    {"tcpflags2", NULL},
    {"interfacenot", NULL},
    {"tos", NULL},
    {"dscp", NULL},
    {"vlanprio", NULL},
    {"prio", NULL},
    {"tag", "it marks what passes; rules that ask for the mark are widened"},
    {"id", about},
    {"descr", about},
    {"created", about},
    {"updated", about},
    {"separator", about},
    {"category", about},
    {"associated-rule-id", about},
    {"sequence", about},
    {"gateway", routing},
    {"defaultqueue", routing},
    {"ackqueue", routing},
    {"dnpipe", routing},
    {"pdnpipe", routing},
    {"reply-to", routing},
    {"disablereplyto", routing},
    {"vlanprioset", routing},
    {"set-prio", routing},
    {"set-prio-low", routing},
    {"shaper1", routing},
    {"shaper2", routing},
    {"statetimeout", states},
    {"adaptivestart", states},
    {"adaptiveend", states},
    {"nopfsync", states},
    {"state-policy", states},
    {"statepolicy", states},
    {"nosync", states},
    {"udp-first", states},
    {"udp-multiple", states},
    {"udp-single", states},
    {"overload", states},
    {"allowopts", "packets with IP options: what is blocked without them is blocked with them"},
    {NULL, NULL},
};

struct placed {
    bool floating, group;
    fw_sv *interfaces;
    size_t n;
};

static struct placed place_of(struct fw_sense *sense, const struct fw_xnode *node)
{
    struct placed placed = {.floating = fw_sense_set(node, "floating")};
    fw_sense_members(sense, fw_xml_text(node, "interface"), &placed.interfaces, &placed.n,
                     &placed.group);
    return placed;
}

static void add_to(struct fw_sense *sense, const struct fw_xnode *node, const struct placed *placed,
                   bool out)
{
    struct fw_doc *doc = sense->maker.doc;
    fw_sv type = fw_xml_text(node, "type");
    fw_sv tracker = fw_xml_text(node, "tracker");
    struct fw_rule rule = {
        .id = tracker.n > 0 ? tracker : fw_xml_attr(node, "uuid"),
        .comment = fw_xml_text(node, "descr"),
        .action = fw_sv_is(type, "block")    ? FW_ACTION_DENY
                  : fw_sv_is(type, "reject") ? FW_ACTION_REJECT
                  : fw_sv_is(type, "match")  ? FW_ACTION_CONTINUE
                                             : FW_ACTION_PERMIT,
        .target = type,
        .enabled = !fw_sense_set(node, "disabled"),
        .quick = placed->floating ? fw_sense_set(node, "quick")
                                  : !sense->opnsense || !fw_sv_is(fw_xml_text(node, "quick"), "0"),
        .log = fw_sense_set(node, "log"),
        .span = node->span,
    };
    struct fw_terms terms;
    fw_terms_init(&terms, &doc->scratch, FW_FAMILY_BOTH);
    if (type.n > 0 && !fw_sv_is(type, "pass") && rule.action == FW_ACTION_PERMIT) {
        fw_xml_bad(doc, fw_xml_child(node, "type"), "pass, block, reject or match");
        rule.action = FW_ACTION_UNKNOWN;
    }
    if (placed->n > 0) {
        fw_terms_names(&terms, placed->interfaces, placed->n, out,
                       fw_sense_set(node, "interfacenot"));
    }
    fw_sense_match(sense, node, &rule, &terms);
    fw_sense_rest(node, &terms);
    fw_maker_rule(&sense->maker, out ? sense->out : sense->in, &rule, &terms);
    fw_arena_reset(&doc->scratch);
}

static void read_rule(struct fw_sense *sense, const struct fw_xnode *node, int pass)
{
    struct fw_doc *doc = sense->maker.doc;
    struct placed placed = place_of(sense, node);
    int belongs = placed.floating ? 0 : placed.group ? 1 : 2;
    fw_sv direction = fw_xml_text(node, "direction");
    if (pass != belongs) {
        return;
    }
    bool out = fw_sv_is(direction, "out") || fw_sv_is(direction, "any");
    bool in = !fw_sv_is(direction, "out");
    if (placed.floating && direction.n == 0) {
        out = true; /* pfSense's own default for floating rules */
    }
    if (direction.n > 0 && !out && !fw_sv_is(direction, "in")) {
        fw_xml_bad(doc, fw_xml_child(node, "direction"), "in, out or any");
    }
    if (in) {
        add_to(sense, node, &placed, false);
    }
    if (out) {
        placed = place_of(sense, node); /* the first time used the memory up */
        add_to(sense, node, &placed, true);
    }
}

void fw_sense_filter(struct fw_sense *sense, const struct fw_xnode *list, int pass)
{
    for (const struct fw_xnode *node = fw_xml_child(list, "rule"); node; node = fw_xml_next(node)) {
        read_rule(sense, node, pass);
    }
}
