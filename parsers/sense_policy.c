/* The rules that the system adds around those of people, and the order of all of them.
 * pfSense documentation, "Firewall Rule Processing Order"; OPNsense documentation, "Rules". */
#include "core/proto.h"
#include "parsers/pf.h"
#include "parsers/sense.h"

static const char about[] = "what a person reads";

/* <blockpriv/> and <blockbogons/> of an interface come before the rules of people. */
static void add_blocks(struct fw_sense *sense)
{
    static const char *const networks[] = {"10.0.0.0/8",     "127.0.0.0/8", "172.16.0.0/12",
                                           "192.168.0.0/16", "fc00::/7",    "100.64.0.0/10"};
    size_t count = sense->opnsense ? 6 : 5; /* pfSense leaves those of carriers to the bogons */
    struct fw_arena *scratch = &sense->maker.doc->scratch;
    const struct fw_xnode *list = fw_xml_child(sense->root, "interfaces");
    for (const struct fw_xnode *node = list ? list->child : NULL; node; node = node->next) {
        struct fw_terms terms;
        if (fw_sense_set(node, "blockpriv")) {
            fw_iprange v[6];
            size_t n = 0;
            for (size_t i = 0; i < count; i++) {
                n += fw_iprange_parse(fw_sv_from(networks[i]), &v[n], NULL);
            }
            struct fw_term term = {.src = fw_ipset_make(scratch, v, n)};
            fw_terms_init(&terms, scratch, FW_FAMILY_BOTH);
            fw_terms_names(&terms, &node->name, 1, false, false);
            fw_terms_and(&terms, &term, 1);
            fw_pf_own(&sense->maker, sense->in, FW_ACTION_DENY, "blockpriv", &terms,
                      fw_xml_child(node, "blockpriv")->span);
        }
        if (fw_sense_set(node, "blockbogons")) {
            struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, FW_SV("source bogons"), false);
            atom.outside = true;
            fw_terms_init(&terms, scratch, FW_FAMILY_BOTH);
            fw_terms_names(&terms, &node->name, 1, false, false);
            fw_terms_atom(&terms, atom);
            fw_pf_own(&sense->maker, sense->in, FW_ACTION_DENY, "blockbogons", &terms,
                      fw_xml_child(node, "blockbogons")->span);
        }
    }
}

/* Rules that settings elsewhere bring: DHCP, tunnels, CARP, neighbours, and (unless switched off)
 * the way back in for whoever locked himself out. */
static void add_automatic(struct fw_sense *sense, fw_span span)
{
    struct fw_arena *scratch = &sense->maker.doc->scratch;
    struct fw_numrange ports[] = {{67, 68}, {500, 500}, {546, 547}, {4500, 4500}};
    struct fw_numrange protocols[] = {
        {FW_PROTO_ESP, FW_PROTO_AH}, {FW_PROTO_ICMP6, FW_PROTO_ICMP6}, {112, 112}, {240, 240}};
    struct fw_atom *atom = fw_new(scratch, struct fw_atom);
    *atom = fw_atom_make(FW_ATOM_VARYING, FW_SV("automatic rules"), false);
    struct fw_term parts[] = {
        {.proto = fw_numset_range(scratch, FW_PROTO_UDP, FW_PROTO_UDP),
         .dport = fw_numset_make(scratch, ports, 4),
         .natoms = 1,
         .atoms = atom},
        {.proto = fw_numset_make(scratch, protocols, 4), .natoms = 1, .atoms = atom},
    };
    struct fw_terms terms;
    fw_terms_init(&terms, scratch, FW_FAMILY_BOTH);
    fw_terms_and(&terms, parts, 2);
    fw_pf_own(&sense->maker, sense->in, FW_ACTION_PERMIT, "automatic", &terms, span);
    const struct fw_xnode *gui = fw_xml_child(fw_xml_child(sense->root, "system"), "webgui");
    if (!fw_sense_set(gui, "noantilockout")) {
        struct fw_term tcp = fw_term_proto(scratch, FW_PROTO_TCP);
        fw_terms_init(&terms, scratch, FW_FAMILY_BOTH);
        fw_terms_and(&terms, &tcp, 1);
        fw_terms_atom(&terms, fw_atom_make(FW_ATOM_DST_LOCAL, FW_SV("self"), false));
        fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("anti-lockout"), false));
        fw_pf_own(&sense->maker, sense->in, FW_ACTION_PERMIT, "anti-lockout", &terms, span);
    }
}

static void add_all(struct fw_sense *sense, enum fw_action action, const char *why, bool six,
                    fw_span span)
{
    for (int out = 0; out < 2; out++) {
        struct fw_terms terms;
        fw_terms_init(&terms, &sense->maker.doc->scratch, FW_FAMILY_BOTH);
        if (six) {
            fw_sense_protocol(&terms, (fw_sv){0}, FW_SV("inet6"), (fw_sv){0});
        }
        if (action == FW_ACTION_UNKNOWN) {
            fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, fw_sv_from(why), false));
        }
        fw_pf_own(&sense->maker, out ? sense->out : sense->in, action, why, &terms, span);
    }
}

static bool any_odd(const struct fw_xnode *list)
{
    bool odd = false;
    for (const struct fw_xnode *node = fw_xml_child(list, "rule"); node; node = fw_xml_next(node)) {
        odd = odd || fw_sense_odd(node);
    }
    return odd;
}

/* Marks what is known of every rule; one with an element nobody knows may do anything. */
static void check_rules(struct fw_sense *sense, const struct fw_xnode *list,
                        const struct fw_known *keys)
{
    for (const struct fw_xnode *node = fw_xml_child(list, "rule"); node; node = fw_xml_next(node)) {
        if (fw_xml_keys(sense->maker.doc, node, keys)) {
            add_all(sense, FW_ACTION_UNKNOWN, "unknown element", false, node->span);
        }
    }
}

void fw_sense_rules(struct fw_sense *sense)
{
    struct fw_doc *doc = sense->maker.doc;
    const struct fw_xnode *list = fw_xml_child(sense->root, "filter");
    const struct fw_xnode *system = fw_xml_child(sense->root, "system");
    fw_span span = list ? list->span : sense->root->span;
    static const struct fw_known keys[] = {
        {"rule", NULL},
        {"separator", about},
        {"bypassstaticroutes", about},
        {NULL, NULL},
    };
    /* Rules may also stand where nobody could read on. */
    bool unknown = (list && fw_xml_keys(doc, list, keys)) || !sense->whole;
    const struct fw_xnode *mvc = fw_xml_child(
        fw_xml_child(fw_xml_child(fw_xml_child(sense->root, "OPNsense"), "Firewall"), "Filter"),
        "rules");
    bool odd = any_odd(list) || any_odd(mvc);
    sense->in = fw_pf_policy(&sense->maker, FW_SV("in"), false, FW_ACTION_DENY, sense->root->span);
    sense->out = fw_pf_policy(&sense->maker, FW_SV("out"), true, FW_ACTION_PERMIT,
                              sense->root->span);
    if (fw_sense_set(system, "disablefilter")) {
        add_all(sense, FW_ACTION_PERMIT, "disablefilter", false, span);
    }
    fw_pf_states(&sense->maker, sense->in, odd, span);
    fw_pf_states(&sense->maker, sense->out, odd, span);
    fw_sense_passed(sense);
    if (system && !fw_sense_set(system, "ipv6allow")) {
        add_all(sense, FW_ACTION_DENY, "ipv6allow", true, span);
    }
    if (unknown) {
        add_all(sense, FW_ACTION_UNKNOWN, "unknown element", false, span);
    }
    if (mvc) {
        fw_xml_mark(doc, mvc->parent, FW_LINE_USED);
        fw_xml_mark(doc, mvc, FW_LINE_USED);
    }
    if (mvc && mvc->child && fw_xml_child(list, "rule")) {
        fw_doc_unsupported(doc, mvc->span.line, mvc->name,
                           "which of two lists of rules comes first is not known");
        add_all(sense, FW_ACTION_UNKNOWN, "two lists", false, mvc->span);
    }
    add_blocks(sense);
    add_automatic(sense, span);
    check_rules(sense, list, fw_sense_rule_keys);
    check_rules(sense, mvc, fw_sense_automation_keys);
    for (int pass = 0; pass < 3; pass++) { /* floating, groups, interfaces */
        fw_sense_automation(sense, mvc, pass);
        fw_sense_filter(sense, list, pass);
    }
}
