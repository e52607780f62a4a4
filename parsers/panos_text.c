/* How PAN-OS writes its configuration, and how that becomes one tree:
 *   <config version="10.1.0"><devices><entry name="localhost.localdomain"><vsys><entry
 * name="vsys1"> set vsys vsys1 rulebase security rules web from trust config { devices {
 * localhost.localdomain { vsys { vsys1 { rulebase { ... What stands around a device's configuration
 * is passed through, and what is written without a virtual system belongs to the first. */
#include "parsers/panos.h"
#include "parsers/treexml.h"

static bool is_one_of(fw_sv word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fw_sv_is(word, words[i])) {
            return true;
        }
    }
    return false;
}

#define IS_ONE_OF(word, words) is_one_of(word, words, sizeof(words) / sizeof((words)[0]))

/* The root, and "config" below a template: where the paths of a device begin. */
static bool is_level(const struct fw_node *node)
{
    if (!node->parent) {
        return true;
    }
    const struct fw_node *over = node->parent->parent;
    return fw_sv_is(node->name, "config") && over &&
           (fw_sv_is(over->name, "template") || fw_sv_is(over->name, "template-stack"));
}

/* What a virtual system has; without its name it is the first one's. */
static const char *const of_vsys[] = {"address",
                                      "address-group",
                                      "application",
                                      "application-filter",
                                      "application-group",
                                      "external-list",
                                      "log-settings",
                                      "profile-group",
                                      "profiles",
                                      "region",
                                      "rulebase",
                                      "schedule",
                                      "server-profile",
                                      "service",
                                      "service-group",
                                      "tag",
                                      "user-id-collector",
                                      "user-id-agent",
                                      "zone",
                                      "authentication-profile",
                                      "certificate",
                                      "global-protect",
                                      "import",
                                      "ssl-tls-service-profile",
                                      "threats",
                                      "certificate-profile"};

static struct fw_node *step(struct fw_pan *pan, struct fw_node *at, fw_sv word, uint32_t line,
                            bool make)
{
    return make ? fw_tree_child(&pan->tree, at, word, line) : fw_tree_find(&pan->tree, at, word);
}

static struct fw_node *enter(void *owner, struct fw_node *at, fw_sv word, uint32_t line, bool make)
{
    static const char *const around[] = {"config", "response", "result"};
    struct fw_pan *pan = owner;
    bool level = is_level(at);
    if (level && IS_ONE_OF(word, around)) {
        return at;
    }
    /* "devices localhost.localdomain": the device itself */
    if (at->parent && fw_sv_is(at->name, "devices") && is_level(at->parent)) {
        return at->parent;
    }
    if (level && IS_ONE_OF(word, of_vsys)) {
        at = step(pan, at, FW_SV("vsys"), line, make);
        at = at ? step(pan, at, FW_SV("vsys1"), line, make) : NULL;
    }
    return at ? step(pan, at, word, line, make) : NULL;
}

/* Keywords whose value is a secret. Anything encrypted by the device's master key is one too. */
static bool is_secret(const struct fw_node *leaf, fw_sv raw)
{
    static const char *const names[] = {"api-key",     "auth-key",      "authentication-key",
                                        "authpwd",     "bind-password", "credential",
                                        "key",         "passphrase",    "password",
                                        "passwd",      "phash",         "pre-shared-key",
                                        "private-key", "privpwd",       "psk",
                                        "secret",      "shared-secret", "snmp-community-string",
                                        "token",       "vm-auth-key"};
    const struct fw_node *key = leaf->parent;
    if (fw_sv_find(raw, FW_SV("-AQ==")) != SIZE_MAX ||
        fw_sv_find(raw, FW_SV("PRIVATE KEY")) != SIZE_MAX) {
        return true;
    }
    return key && (IS_ONE_OF(key->name, names) || fw_sv_ends(key->name, "-password") ||
                   fw_sv_ends(key->name, "-secret") || fw_sv_ends(key->name, "-key-value"));
}

static void on_leaf(void *owner, const struct fw_node *leaf, fw_sv raw, uint32_t line)
{
    struct fw_pan *pan = owner;
    if (is_secret(leaf, raw)) {
        fw_tree_hide(pan->doc, raw, line);
    }
}

void fw_pan_text(struct fw_pan *pan)
{
    const struct fw_treestyle style = {pan, enter, on_leaf};
    fw_sv text = pan->doc->text;
    size_t at = fw_sv_starts(text, "\xef\xbb\xbf") ? 3 : 0;
    while (at < text.n && (fw_is_blank(text.p[at]) || text.p[at] == '\n' || text.p[at] == '\r')) {
        at++;
    }
    if (at < text.n && text.p[at] == '<') {
        fw_treexml_read(&pan->tree, &style);
    } else {
        fw_treetext_read(&pan->tree, &style);
    }
}
