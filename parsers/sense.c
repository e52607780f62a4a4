/* The sections of config.xml: which are read, and why the others change no verdict. */
#include "parsers/sense.h"

static const char about[] = "how the pages look, graphs, who changed what";
static const char service[] = "a service of the device; rules that open it stand in <filter>, or "
                              "count as automatic";
static const char network[] = "links, routes and tunnels: rules name their interfaces";

static const struct fw_known sections[] = {
    {"version", NULL},
    {"system", NULL},
    {"interfaces", NULL},
    {"ifgroups", NULL},
    {"aliases", NULL},
    {"filter", NULL},
    {"nat", NULL},
    {"syslog", NULL},
    {"snmpd", NULL},
    {"OPNsense", NULL},
    {"bridges", network},
    {"gateways", network},
    {"gifs", network},
    {"gres", network},
    {"hasync", network},
    {"ipsec", network},
    {"l2tp", network},
    {"laggs", network},
    {"openvpn", network},
    {"ppps", network},
    {"pppoe", network},
    {"pppoes", network},
    {"pptpd", network},
    {"qinqs", network},
    {"staticroutes", network},
    {"virtualip", network},
    {"vlans", network},
    {"wireguard", network},
    {"wireless", network},
    {"ipfwnat", network},
    {"ca", service},
    {"cert", service},
    {"crl", service},
    {"captiveportal", service},
    {"cron", service},
    {"dhcpd", service},
    {"dhcpdv6", service},
    {"dhcrelay", service},
    {"dhcrelay6", service},
    {"dhcp6relay", service},
    {"dhcpdrelay", service},
    {"dhcpbackend", service},
    {"diag", service},
    {"dnsmasq", service},
    {"dnsupdates", service},
    {"dyndnses", service},
    {"igmpproxy", service},
    {"installedpackages", service},
    {"kea", service},
    {"load_balancer", service},
    {"monit", service},
    {"ntpd", service},
    {"notifications", service},
    {"proxyarp", service},
    {"radvd", service},
    {"rfc2136", service},
    {"squid", service},
    {"sshdata", service},
    {"ssh", service},
    {"unbound", service},
    {"upnp", service},
    {"voucher", service},
    {"wol", service},
    {"zabbix", service},
    {"acme", service},
    {"schedules", "when rules hold: they are widened by the name"},
    {"shaper", "how fast, not whether"},
    {"dnshaper", "how fast, not whether"},
    {"ezshaper", "how fast, not whether"},
    {"sysctl", "parameters of the kernel"},
    {"hostid", about},
    {"lastchange", about},
    {"lastbackup", about},
    {"revision", about},
    {"rrd", about},
    {"theme", about},
    {"trigger_initial_wizard", about},
    {"widgets", about},
    {"dashboard", about},
    {"widget", about},
    {"tests", about},
    {"wizardtemp", about},
    {"apcupsd", service},
    {NULL, NULL},
};

/* Which model of OPNsense's own tree rules depend on: Firewall is read by its parts. */
static void mark_plus(struct fw_sense *sense)
{
    static const char *const parts[] = {"Filter", "Alias", "Category", "Lvtemplate"};
    struct fw_doc *doc = sense->maker.doc;
    const struct fw_xnode *plus = fw_xml_child(sense->root, "OPNsense");
    for (const struct fw_xnode *node = plus ? plus->child : NULL; node; node = node->next) {
        if (!fw_sv_is(node->name, "Firewall")) {
            fw_xml_mark_whole(doc, node, FW_LINE_IGNORED); /* services and plugins */
            continue;
        }
        for (const struct fw_xnode *part = node->child; part; part = part->next) {
            bool known = false;
            known = known || FW_SV_AMONG(part->name, parts);
            if (!known) {
                fw_xml_mark_whole(doc, part, FW_LINE_UNSUPPORTED);
                fw_doc_unsupported(doc, part->span.line, part->name,
                                   "a part of the firewall that is not read");
            }
        }
        const struct fw_xnode *filter = fw_xml_child(node, "Filter");
        static const char *const lists[] = {"snatrules", "npt", "onetoone"};
        for (size_t i = 0; filter && i < 3; i++) {
            const struct fw_xnode *list = fw_xml_child(filter, lists[i]);
            if (list && list->child) {
                fw_xml_mark_whole(doc, list, FW_LINE_UNSUPPORTED);
                fw_doc_unsupported(doc, list->span.line, list->name,
                                   "translation of automation is not read");
            }
        }
    }
}

void fw_sense_parse(struct fw_doc *doc, struct fw_ruleset *ret, const char *root, bool opnsense)
{
    struct fw_sense *sense = fw_new(&doc->arena, struct fw_sense);
    sense->opnsense = opnsense;
    fw_maker_init(&sense->maker, doc, ret);
    fw_things_init(&sense->aliases, &doc->arena, ret);
    sense->groups.arena = sense->virtuals.arena = &doc->arena;
    sense->root = fw_xml_parse(doc, &sense->whole);
    if (sense->root && !fw_sv_is(sense->root->name, root)) {
        fw_xml_mark_whole(doc, sense->root, FW_LINE_BAD);
        fw_doc_bad(doc, sense->root->span.line, sense->root->name, "expected the element %s", root);
    } else if (sense->root) {
        fw_sense_secrets(sense);
        fw_xml_keys(doc, sense->root, sections);
        mark_plus(sense);
        fw_sense_interfaces(sense);
        fw_sense_aliases(sense);
        fw_sense_settings(sense);
        fw_sense_rules(sense);
        fw_sense_nat(sense);
    }
    fw_xml_finish(doc);
    fw_things_finish(&sense->aliases);
    fw_maker_finish(&sense->maker);
}
