/* How pfSense and OPNsense translate: port forwards when a packet comes, outbound rules when it
 * goes, one-to-one both ways. The first that matches decides: pf.conf(5), "Translation". */
#include "parsers/pf.h"
#include "parsers/sense.h"

static const char about[] = "what a person reads, and who wrote it when";
static const char pool[] = "which address of several is taken";

static const struct fw_known keys[] = {
    {"interface", NULL},
    {"protocol", NULL},
    {"ipprotocol", NULL},
    {"source", NULL},
    {"destination", NULL},
    {"target", NULL},
    {"local-port", NULL},
    {"disabled", NULL},
    {"nordr", NULL},
    {"nonat", NULL},
    {"associated-rule-id", NULL},
    {"sourceport", NULL},
    {"dstport", NULL},
    {"natport", NULL},
    {"targetip", NULL},
    {"targetip_subnet", NULL},
    {"external", NULL},
    {"type", NULL},
    {"tagged", NULL},
    {"log", NULL},
    {"staticnatport", "the port stays as it is"},
    {"natreflection", "packets of the inside to the outside's address, and back"},
    {"tag", "it marks what passes; rules that ask for the mark are widened"},
    {"poolopts", pool},
    {"poolopts_sourcehashkey", pool},
    {"source_hash_key", pool},
    {"descr", about},
    {"created", about},
    {"updated", about},
    {"category", about},
    {"nobinat", NULL},
    {"nosync", about},
    {NULL, NULL},
};
static const struct fw_known nat_keys[] = {
    {"rule", NULL},
    {"outbound", NULL},
    {"onetoone", NULL},
    {"separator", about},
    {"ipsecpassthru", "a helper"},
    {"npt", NULL},
    {"natreflection", about},
    {NULL, NULL},
};
static const struct fw_known outbound_keys[] = {
    {"mode", NULL},
    {"rule", NULL},
    {NULL, NULL},
};

struct making {
    struct fw_sense *sense;
    const struct fw_xnode *node;
    struct fw_policy *policy;
    struct fw_rule rule;
    struct fw_terms terms;
};

static void begin(struct making *making, struct fw_sense *sense, struct fw_policy *policy,
                  const struct fw_xnode *node, bool out)
{
    fw_sv *names;
    size_t n;
    bool group;
    *making = (struct making){.sense = sense, .node = node, .policy = policy};
    making->rule = (struct fw_rule){
        .id = fw_xml_attr(node, "uuid"),
        .comment = fw_xml_text(node, "descr"),
        .enabled = !fw_sense_set(node, "disabled"),
        .span = node->span,
    };
    fw_terms_init(&making->terms, &sense->maker.doc->scratch, FW_FAMILY_BOTH);
    if (fw_xml_keys(sense->maker.doc, node, keys)) {
        fw_sense_widen(&making->terms, FW_ATOM_VARYING, "unknown", FW_SV("element"));
    }
    fw_sense_members(sense, fw_xml_text(node, "interface"), &names, &n, &group);
    if (n > 0) {
        fw_terms_names(&making->terms, names, n, out, false);
    }
    if (fw_xml_text(node, "tagged").n > 0) {
        fw_sense_widen(&making->terms, FW_ATOM_VARYING, "tagged", fw_xml_text(node, "tagged"));
    }
}

static void end(struct making *making)
{
    fw_maker_rule(&making->sense->maker, making->policy, &making->rule, &making->terms);
    fw_arena_reset(&making->sense->maker.doc->scratch);
}

/* The one range of an address, network or alias; false: it is not that simple. */
static bool one_range(struct fw_sense *sense, fw_sv text, struct fw_rule *rule, fw_iprange *ret)
{
    struct fw_choice choice = fw_sense_addresses(sense, text, rule);
    if (choice.n != 1 || choice.v[0].natoms > 0 || !choice.v[0].src || choice.v[0].src->n != 1) {
        return false;
    }
    *ret = choice.v[0].src->v[0];
    return true;
}

static void set_target(struct making *making, fw_sv text)
{
    if (text.n > 0 && one_range(making->sense, text, &making->rule, &making->rule.nat.to)) {
        return;
    }
    making->rule.nat.own_address = true;
    if (text.n > 0) { /* of an interface, or of several: where it goes is not known */
        fw_sense_widen(&making->terms, FW_ATOM_VARYING, "target", text);
    }
}

/* The external address stands for a network as large as the one it is translated from. */
static void set_external(struct making *making, fw_sv inner)
{
    fw_iprange from;
    struct fw_nat *nat = &making->rule.nat;
    uint32_t bits;
    size_t slash = fw_sv_find_char(inner, '/');
    set_target(making, fw_xml_text(making->node, "external"));
    if (nat->own_address || (fw_iprange_parse(inner, &from, NULL) && slash == SIZE_MAX)) {
        return;
    }
    if (!fw_iprange_parse(inner, &from, NULL) || from.lo.family != nat->to.lo.family ||
        !fw_sv_u32(fw_sv_sub(inner, slash + 1, SIZE_MAX), 128, &bits) ||
        !fw_iprange_from_prefix(nat->to.lo, bits, &nat->to)) {
        fw_sense_widen(&making->terms, FW_ATOM_VARYING, "network of", inner);
    }
}

static void set_port(struct making *making, const char *name)
{
    const struct fw_xnode *node = fw_xml_child(making->node, name);
    const struct fw_numset *set;
    if (!node || node->text.n == 0) {
        return;
    }
    if (!fw_sense_ports(making->sense, node->text, node->span.line, &making->rule, &set) || !set ||
        set->n != 1) {
        fw_sense_widen(&making->terms, FW_ATOM_VARYING, "port", node->text);
        return;
    }
    making->rule.nat.port_lo = (uint16_t)set->v[0].lo;
    making->rule.nat.port_hi = (uint16_t)set->v[0].hi;
}

void fw_sense_passed(struct fw_sense *sense)
{
    const struct fw_xnode *node = fw_xml_child(fw_xml_child(sense->root, "nat"), "rule");
    for (; node; node = fw_xml_next(node)) {
        struct fw_rule rule = {0};
        fw_iprange to;
        if (!fw_sv_is(fw_xml_text(node, "associated-rule-id"), "pass") ||
            fw_sense_set(node, "disabled") || fw_sense_set(node, "nordr")) {
            continue;
        }
        bool known = one_range(sense, fw_xml_text(node, "target"), &rule, &to);
        fw_pf_passed(&sense->maker, sense->in, known ? &to : NULL, node->span);
        fw_arena_reset(&sense->maker.doc->scratch);
    }
}

/* "80-90" to "8080": the first one is written, the others follow. */
static void follow_ports(struct making *making)
{
    const struct fw_xnode *port = fw_xml_child(fw_xml_child(making->node, "destination"), "port");
    struct fw_nat *nat = &making->rule.nat;
    const struct fw_numset *set = NULL;
    struct fw_rule rule = {0};
    if (nat->port_lo == 0 || nat->port_lo != nat->port_hi || !port || port->text.n == 0 ||
        !fw_sense_ports(making->sense, port->text, port->span.line, &rule, &set) || !set) {
        return;
    }
    uint32_t width = set->n == 1 ? set->v[0].hi - set->v[0].lo : 0;
    if (set->n == 1 && width <= UINT16_MAX - (uint32_t)nat->port_lo) {
        nat->port_hi = (uint16_t)(nat->port_lo + width);
    } else { /* several: what becomes of which is not known */
        fw_sense_widen(&making->terms, FW_ATOM_VARYING, "port", port->text);
    }
}

static void read_forward(struct fw_sense *sense, struct fw_policy *policy,
                         const struct fw_xnode *node)
{
    struct making making;
    begin(&making, sense, policy, node, false);
    fw_sense_match(sense, node, &making.rule, &making.terms);
    if (fw_sense_set(node, "nordr")) {
        making.rule.action = FW_ACTION_PERMIT; /* stays as it is, and no later one is asked */
    } else {
        making.rule.action = FW_ACTION_DNAT;
        set_target(&making, fw_xml_text(node, "target"));
        set_port(&making, "local-port");
        follow_ports(&making);
    }
    end(&making);
}

static void read_outbound(struct fw_sense *sense, struct fw_policy *policy,
                          const struct fw_xnode *node)
{
    static const char *const ports[] = {"sourceport", "dstport"};
    struct making making;
    begin(&making, sense, policy, node, true);
    fw_sense_match(sense, node, &making.rule, &making.terms);
    for (size_t i = 0; i < 2; i++) {
        const struct fw_xnode *port = fw_xml_child(node, ports[i]);
        const struct fw_numset *set = NULL;
        if (port && !fw_sense_ports(sense, port->text, port->span.line, &making.rule, &set)) {
            fw_sense_widen(&making.terms, FW_ATOM_FIXED, ports[i], port->text);
        } else if (set) {
            struct fw_term term = {0};
            *(i == 0 ? &term.sport : &term.dport) = set;
            fw_terms_and(&making.terms, &term, 1);
        }
    }
    if (fw_sense_set(node, "nonat")) {
        making.rule.action = FW_ACTION_PERMIT;
    } else {
        fw_sv target = fw_xml_text(node, "target");
        fw_sv address = fw_xml_text(node, "targetip");
        making.rule.action = FW_ACTION_SNAT;
        fw_sv bits = fw_xml_text(node, "targetip_subnet");
        if (address.n > 0 && bits.n > 0 && fw_sv_find_char(address, '/') == SIZE_MAX) {
            address = fw_arena_printf(&sense->maker.doc->arena, "%.*s/%.*s", FW_SV_ARG(address),
                                      FW_SV_ARG(bits));
        }
        set_target(&making, address.n > 0 ? address : target);
        set_port(&making, "natport");
    }
    end(&making);
}

static void read_one_to_one(struct fw_sense *sense, struct fw_policy *policy,
                            const struct fw_xnode *node)
{
    struct making making;
    begin(&making, sense, policy, node, true);
    fw_sense_side(sense, fw_xml_child(node, "source"), &making.rule, &making.terms, false);
    fw_sense_side(sense, fw_xml_child(node, "destination"), &making.rule, &making.terms, true);
    making.rule.action = fw_sense_set(node, "nobinat") ? FW_ACTION_PERMIT : FW_ACTION_SNAT;
    if (making.rule.action == FW_ACTION_SNAT) {
        making.rule.nat.paired = making.rule.nat.both_ways = true;
        set_external(&making, fw_xml_text(fw_xml_child(node, "source"), "address"));
    }
    end(&making);
}

/* What the system translates by itself is made of its interfaces and routes. */
static void add_automatic(struct fw_sense *sense, struct fw_policy *policy, enum fw_action action,
                          const char *why, fw_span span)
{
    struct fw_rule rule = {.action = action,
                           .target = fw_sv_from(why),
                           .enabled = true,
                           .span = span,
                           .nat.own_address = true};
    struct fw_terms terms;
    fw_terms_init(&terms, &sense->maker.doc->scratch, FW_FAMILY_BOTH);
    fw_terms_atom(&terms,
                  fw_atom_make(FW_ATOM_VARYING,
                               action == FW_ACTION_SNAT ? FW_SV("automatic outbound translation")
                                                        : FW_SV("automatic translation"),
                               false));
    fw_maker_rule(&sense->maker, policy, &rule, &terms);
}

/* OPNsense's newer lists of translations, which sense.c reports as unsupported. */
static void add_automation(struct fw_sense *sense, struct fw_policy *in, struct fw_policy *out)
{
    static const char *const lists[] = {"snatrules", "npt", "onetoone"};
    const struct fw_xnode *filter = fw_xml_child(
        fw_xml_child(fw_xml_child(sense->root, "OPNsense"), "Firewall"), "Filter");
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        const struct fw_xnode *list = fw_xml_child(filter, lists[i]);
        if (!list || !list->child) {
            continue;
        }
        add_automatic(sense, out, FW_ACTION_SNAT, "automation", list->span);
        if (i > 0) { /* both ways */
            add_automatic(sense, in, FW_ACTION_DNAT, "automation", list->span);
        }
    }
}

void fw_sense_nat(struct fw_sense *sense)
{
    struct fw_doc *doc = sense->maker.doc;
    const struct fw_xnode *nat = fw_xml_child(sense->root, "nat");
    const struct fw_xnode *outbound = fw_xml_child(nat, "outbound");
    const struct fw_xnode *npt = fw_xml_child(nat, "npt");
    fw_sv mode = fw_xml_text(outbound, "mode");
    struct fw_policy *in = fw_maker_nat(&sense->maker, FW_SV("nat/in"), FW_HOOK_PREROUTING);
    struct fw_policy *out = fw_maker_nat(&sense->maker, FW_SV("nat/out"), FW_HOOK_POSTROUTING);
    if (nat) {
        fw_xml_keys(doc, nat, nat_keys);
    }
    add_automation(sense, in, out);
    for (const struct fw_xnode *node = fw_xml_child(nat, "onetoone"); node;
         node = fw_xml_next(node)) {
        read_one_to_one(sense, out, node);
    }
    for (const struct fw_xnode *node = fw_xml_child(nat, "rule"); node; node = fw_xml_next(node)) {
        read_forward(sense, in, node);
    }
    if (outbound) {
        fw_xml_keys(doc, outbound, outbound_keys);
    }
    bool manual = fw_sv_is(mode, "advanced");
    bool off = fw_sv_is(mode, "disabled");
    bool asked = manual || fw_sv_is(mode, "hybrid");
    for (const struct fw_xnode *node = fw_xml_child(outbound, "rule"); node;
         node = fw_xml_next(node)) {
        size_t n = out->n;
        read_outbound(sense, out, node);
        out->rules[n].enabled = out->rules[n].enabled && asked;
    }
    if (!manual && !off) {
        add_automatic(sense, out, FW_ACTION_SNAT, "automatic",
                      outbound ? outbound->span : sense->root->span);
    }
    for (; npt; npt = fw_xml_next(npt)) { /* prefixes of IPv6, one for the other */
        fw_xml_mark_whole(doc, npt, FW_LINE_UNSUPPORTED);
        fw_doc_unsupported(doc, npt->span.line, npt->name, "prefix translation is not modelled");
        add_automatic(sense, out, FW_ACTION_SNAT, "automatic", npt->span);
    }
}
