/* What config.xml says of time, logging, administration and names, and where its secrets are. */
#include "parsers/sense.h"

static void each_word(struct fw_sense *sense, enum fw_setting_kind kind,
                      const struct fw_xnode *node)
{
    fw_sv rest = node ? node->text : (fw_sv){0};
    fw_sv word;
    while (fw_sv_word(&rest, &word)) {
        fw_maker_setting(&sense->maker, kind, word, (fw_sv){0}, node->span);
    }
}

static void each_child(struct fw_sense *sense, enum fw_setting_kind kind,
                       const struct fw_xnode *parent, const char *name)
{
    for (const struct fw_xnode *node = fw_xml_child(parent, name); node; node = fw_xml_next(node)) {
        fw_xml_mark_whole(sense->maker.doc, node, FW_LINE_USED);
        each_word(sense, kind, node);
    }
}

static void one(struct fw_sense *sense, enum fw_setting_kind kind, const struct fw_xnode *parent,
                const char *name, const char *extra)
{
    const struct fw_xnode *node = fw_xml_child(parent, name);
    if (node && node->text.n > 0) {
        fw_xml_mark_whole(sense->maker.doc, node, FW_LINE_USED);
        fw_maker_setting(&sense->maker, kind, node->text, fw_sv_from(extra), node->span);
    }
}

static void read_users(struct fw_sense *sense, const struct fw_xnode *system)
{
    for (const struct fw_xnode *user = fw_xml_child(system, "user"); user;
         user = fw_xml_next(user)) {
        fw_sv name = fw_xml_text(user, "name");
        fw_sv group = fw_xml_text(user, "groupname");
        fw_xml_mark_whole(sense->maker.doc, user, FW_LINE_USED);
        if (name.n > 0 && !fw_sense_set(user, "disabled")) {
            fw_maker_setting(&sense->maker, FW_SETTING_USER, name, group, user->span);
        }
    }
    for (const struct fw_xnode *server = fw_xml_child(system, "authserver"); server;
         server = fw_xml_next(server)) {
        fw_maker_setting(&sense->maker, FW_SETTING_AAA, fw_xml_text(server, "type"), (fw_sv){0},
                         server->span);
    }
}

static void read_access(struct fw_sense *sense, const struct fw_xnode *system)
{
    const struct fw_xnode *gui = fw_xml_child(system, "webgui");
    const struct fw_xnode *ssh = fw_xml_child(system, "ssh");
    const struct fw_xnode *enabled = fw_xml_child(ssh, "enabled");
    fw_sv protocol = fw_xml_text(gui, "protocol");
    if (gui) {
        fw_xml_mark_whole(sense->maker.doc, gui, FW_LINE_USED);
        fw_maker_setting(&sense->maker, FW_SETTING_ADMIN_ACCESS,
                         protocol.n > 0 ? protocol : FW_SV("https"), (fw_sv){0}, gui->span);
    }
    if (fw_sense_set(ssh, "enable") || enabled || fw_sense_set(system, "enablesshd")) {
        const struct fw_xnode *where = ssh ? ssh : fw_xml_child(system, "enablesshd");
        fw_xml_mark_whole(sense->maker.doc, where, FW_LINE_USED);
        fw_maker_setting(&sense->maker, FW_SETTING_ADMIN_ACCESS, FW_SV("ssh"), (fw_sv){0},
                         where->span);
    }
}

static void read_syslog(struct fw_sense *sense)
{
    static const char *const names[] = {"remoteserver", "remoteserver2", "remoteserver3"};
    const struct fw_xnode *syslog = fw_xml_child(sense->root, "syslog");
    const struct fw_xnode *plus = fw_xml_child(
        fw_xml_child(fw_xml_child(fw_xml_child(sense->root, "OPNsense"), "Syslog"), "destinations"),
        "destination");
    for (size_t i = 0; fw_sense_set(syslog, "enable") && i < 3; i++) {
        one(sense, FW_SETTING_LOG_HOST, syslog, names[i], "udp");
    }
    for (; plus; plus = fw_xml_next(plus)) {
        fw_sv host = fw_xml_text(plus, "hostname");
        fw_xml_mark_whole(sense->maker.doc, plus, FW_LINE_USED);
        if (host.n > 0 && !fw_sv_is(fw_xml_text(plus, "enabled"), "0")) {
            fw_maker_setting(&sense->maker, FW_SETTING_LOG_HOST, host,
                             fw_xml_text(plus, "transport"), plus->span);
        }
    }
}

void fw_sense_settings(struct fw_sense *sense)
{
    const struct fw_xnode *system = fw_xml_child(sense->root, "system");
    const struct fw_xnode *snmp = fw_xml_child(sense->root, "snmpd");
    sense->maker.ruleset->has_settings = system != NULL;
    sense->maker.ruleset->hostname = fw_xml_text(system, "hostname");
    one(sense, FW_SETTING_HOSTNAME, system, "hostname", "");
    one(sense, FW_SETTING_VERSION, sense->root, "version", "");
    each_word(sense, FW_SETTING_NTP_SERVER, fw_xml_child(system, "timeservers"));
    one(sense, FW_SETTING_TIME_ZONE, system, "timezone", "");
    each_child(sense, FW_SETTING_DNS_SERVER, system, "dnsserver");
    read_access(sense, system);
    read_users(sense, system);
    read_syslog(sense);
    if (fw_sense_set(snmp, "enable")) {
        fw_maker_setting(&sense->maker, FW_SETTING_SNMP, FW_SV("2c"), (fw_sv){0}, snmp->span);
    }
}

/* --- Secrets --- */

static bool has(fw_sv name, const char *part)
{
    for (size_t i = 0; i < name.n; i++) {
        if (fw_sv_starts_nocase(fw_sv_sub(name, i, SIZE_MAX), part)) {
            return true;
        }
    }
    return false;
}

/* Element names that hold one, here and in packages: better one too many than one too few. */
static bool is_secret(fw_sv name)
{
    static const char *const parts[] = {
        "passw",      "passphrase", "secret",     "hash",      "psk",      "pre-shared",
        "community",  "privat",     "privkey",    "apikey",    "bindpw",   "otp_seed",
        "shared_key", "sharedkey",  "authkey",    "auth_key",  "cryptkey", "tls_key",
        "tlskey",     "token",      "credential", "radiuskey", "pincode",
    };
    static const char *const whole[] = {"prv", "tls", "key", "pass", "rocommunity", "pin", "pw"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (has(name, parts[i])) {
            return true;
        }
    }
    return FW_SV_AMONG(name, whole);
}

static void hide(struct fw_doc *doc, fw_sv raw)
{
    fw_sv piece;
    fw_sv rest = raw;
    while (fw_sv_split(&rest, '\n', &piece)) { /* quotes are of single lines */
        fw_sv part = fw_sv_trim(piece);
        if (part.n > 0 && part.p >= doc->text.p && part.p < doc->text.p + doc->text.n) {
            fw_doc_secret(doc, fw_doc_line_of(doc, (uint64_t)(part.p - doc->text.p)), part);
        }
    }
}

void fw_sense_secrets(struct fw_sense *sense)
{
    const struct fw_xnode *node = sense->root;
    while (node) {
        if (node->raw.n > 0 && is_secret(node->name)) {
            hide(sense->maker.doc, node->raw);
        }
        if (node->child) {
            node = node->child;
            continue;
        }
        while (node && node != sense->root && !node->next) {
            node = node->parent;
        }
        node = node == sense->root ? NULL : node ? node->next : NULL;
    }
}
