/* Juniper Junos, routers and SRX: "show configuration" and "... | display set".
 *   security { policies { from-zone trust to-zone untrust { policy web { match { ...
 *   set security policies from-zone trust to-zone untrust policy web match source-address any */
#include "parsers/junos.h"

#include "parsers/parser.h"

/* "term one protocol tcp destination-port 22": terms of applications stand on one line, and what
 * follows a value goes on with the term. */
static struct fw_node *term_of(struct fw_node *at)
{
    struct fw_node *term = at->parent ? at->parent->parent : NULL;
    struct fw_node *word = term ? term->parent : NULL;
    bool inside = word && fw_sv_is(word->name, "term") && word->parent && word->parent->parent &&
                  fw_sv_is(word->parent->parent->name, "application");
    return inside ? term : NULL;
}

static struct fw_node *enter(void *owner, struct fw_node *at, fw_sv word, uint32_t line, bool make)
{
    struct fw_jun *jun = owner;
    struct fw_node *term = term_of(at);
    at = term ? term : at;
    return make ? fw_tree_child(&jun->tree, at, word, line) : fw_tree_find(&jun->tree, at, word);
}

/* Keywords whose value is a secret. Hashes that say so by themselves ("$9$...") are found anyway.
 */
static bool is_secret(const struct fw_node *leaf)
{
    static const char *const names[] = {"ascii-text",
                                        "authentication-key",
                                        "authentication-password",
                                        "community",
                                        "encrypted-password",
                                        "hexadecimal",
                                        "key",
                                        "key-string",
                                        "passphrase",
                                        "password",
                                        "plain-text-password-value",
                                        "pre-shared-key",
                                        "privacy-password",
                                        "secret",
                                        "shared-secret",
                                        "simple-password",
                                        "trap-group",
                                        "token",
                                        "authentication-data",
                                        "chap-secret",
                                        "hello-authentication-key",
                                        "default-chap-secret",
                                        "md5"};
    const struct fw_node *key = leaf->parent;
    for (size_t i = 0; key && i < sizeof(names) / sizeof(names[0]); i++) {
        bool number = fw_sv_is(leaf->parent->name, "key") && key->parent && key->parent->parent &&
                      fw_sv_is(key->parent->parent->name, "server");
        if (fw_sv_is(key->name, names[i]) && !number) {
            /* A community of the routing protocol is none. */
            bool community = fw_sv_is(key->name, "community");
            return !community || (key->parent && fw_sv_is(key->parent->name, "snmp"));
        }
    }
    /* authentication-key 7 type md5 value ... */
    const struct fw_node *above = key && fw_sv_is(key->name, "value") ? key->parent : NULL;
    while (above && !fw_sv_is(above->name, "authentication-key")) {
        above = above->parent;
    }
    return above != NULL;
}

static void on_leaf(void *owner, const struct fw_node *leaf, fw_sv raw, uint32_t line)
{
    struct fw_jun *jun = owner;
    if (is_secret(leaf)) {
        fw_tree_hide(jun->doc, raw, line);
    }
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct fw_jun *jun = fw_new(&doc->arena, struct fw_jun);
    const struct fw_treestyle style = {jun, enter, on_leaf};
    jun->doc = doc;
    jun->ruleset = ret;
    fw_pool_init(&jun->pool, &doc->arena);
    fw_tree_init(&jun->tree, doc);
    fw_things_init(&jun->things, &doc->arena, ret);
    fw_things_init(&jun->missing, &doc->arena, ret);
    jun->interfaces.arena = &doc->arena;
    fw_treetext_read(&jun->tree, &style);
    fw_jun_groups(jun);
    fw_jun_interfaces(jun);
    fw_jun_objects(jun);
    fw_jun_policies(jun);
    fw_jun_filters(jun);
    fw_jun_nat(jun);
    fw_jun_elsewhere(jun);
    fw_jun_settings(jun);
    fw_tree_finish(&jun->tree);
    ret->implicit_deny = true;
    ret->nsecrets = doc->nsecrets;
    ret->secrets = doc->secrets;
    fw_things_finish(&jun->things);
    fw_ruleset_seal(&doc->arena, ret);
}

/* What only Junos has after "set", or before a brace at the left margin. */
static int bid(fw_sv head)
{
    static const char *const sure[] = {"set security policies ",
                                       "set security zones ",
                                       "set security nat ",
                                       "set security address-b",
                                       "set policy-options ",
                                       "set routing-instances ",
                                       "set routing-options ",
                                       "set system host-name ",
                                       "set firewall family ",
                                       "set firewall filter ",
                                       "set interfaces ",
                                       "set applications application",
                                       "set protocols ",
                                       "set groups ",
                                       "set security ",
                                       "set system ",
                                       "set snmp ",
                                       "set vlans ",
                                       "set bridge-domains ",
                                       "set class-of-service ",
                                       "set switch-options ",
                                       "set chassis ",
                                       "set access ",
                                       "set forwarding-options "};
    static const char *const blocks[] = {"system {",
                                         "interfaces {",
                                         "security {",
                                         "firewall {",
                                         "policy-options {",
                                         "applications {",
                                         "routing-options {",
                                         "routing-instances {",
                                         "replace: firewall {",
                                         "replace: security {",
                                         "groups {",
                                         "protocols {",
                                         "snmp {"};
    fw_sv text;
    while (fw_sv_split(&head, '\n', &text)) {
        fw_sv line = fw_sv_trim(text);
        bool margin = text.n > 0 && !fw_is_blank(text.p[0]);
        if (fw_sv_find(line, FW_SV("RANCID-CONTENT-TYPE: juniper")) != SIZE_MAX) {
            return FW_BID_SURE;
        }
        for (size_t i = 0; i < sizeof(sure) / sizeof(sure[0]); i++) {
            if (fw_sv_starts(line, sure[i])) {
                return i < 10 || i == 11 ? FW_BID_SURE : FW_BID_LIKELY;
            }
        }
        for (size_t i = 0; margin && i < sizeof(blocks) / sizeof(blocks[0]); i++) {
            if (fw_sv_is(line, blocks[i])) {
                return FW_BID_SURE - 10;
            }
        }
    }
    return FW_BID_NO;
}

const struct fw_parser fw_parser_junos = {
    .name = "junos",
    .title = "Juniper Junos configuration (routers, SRX)",
    .kind = FW_PARSER_RULESET,
    .version = 5,
    .bid = bid,
    .ruleset = parse,
};
