/* Which words of a Cisco line are passwords, keys or communities.
 *   username admin password $sha512$5000$... pbkdf2 privilege 15
 *   snmp-server host inside 192.0.2.5 community s3cret version 2c */
#include "parsers/cisco.h"

struct row {
    const char *word;   /* the secret follows it */
    const char *starts; /* only in lines that start so; NULL: in all */
    bool typed;         /* a digit that says how it is encrypted may stand between */
};

static const struct row rows[] = {
    {"activation-key", NULL, false},
    {"area-password", NULL, true},
    {"authentication", "glbp", true},
    {"authentication", "ip nhrp", true},
    {"authentication", "standby", true},
    {"authentication", "vrrp", true},
    {"domain-password", NULL, true},
    {"wpa-psk", NULL, true},
    {"aes", "snmp-server user", false},
    {"auth", "snmp-server user", false},
    {"authentication-key", NULL, true},
    {"community", "snmp-server", true},
    {"config-key", "key", true},
    {"des", "snmp-server user", false},
    {"3des", "snmp-server user", false},
    {"hmac-sha-1", NULL, true},
    {"hmac-sha-256", NULL, true},
    {"hmac-sha-384", NULL, true},
    {"hmac-sha-512", NULL, true},
    {"host-key", NULL, true},
    {"idtoken", "license", false},
    {"key", NULL, true},
    {"key-string", NULL, true},
    {"ldap-login-password", NULL, true},
    {"md5", "ntp authentication-key", true},
    {"md5", NULL, true},
    {"passphrase", NULL, true},
    {"passwd", NULL, true},
    {"password", NULL, true},
    {"password-encryption", "key config-key", true},
    {"pre-shared-key", NULL, true},
    {"priv", "snmp-server user", false},
    {"radius-common-pw", NULL, true},
    {"secret", NULL, true},
    {"sha", NULL, true},
    {"sha1", NULL, true},
    {"sha256", NULL, true},
    {"sha384", NULL, true},
    {"sha512", NULL, true},
    {"shared-secret", NULL, true},
    {"token", NULL, true},
};

/* Lines in which "key", "md5" and the like name something that is no secret. */
static const char *const innocent[] = {
    "crypto dynamic-map",
    "crypto ipsec",
    "crypto key",
    "crypto map",
    "encryption",
    "esp-",
    "hash",
    "integrity",
    "key chain",
    "no password-policy",
    "ntp server",
    "object",
    "object-group",
    "password-policy",
    "protocol esp",
    "prf",
    "remark",
    "ssl",
    "description",
    "ssh key-exchange",
    "ssh cipher",
    "quit",
    "verify",
    "banner",
    "trustpoint",
    "ntp trusted-key",
    "access-list",
    "name ",
    "hostname",
    "match",
};

static bool is_innocent(fw_sv text)
{
    return FW_SV_STARTS_AMONG(text, innocent);
}

/* "0", "7", "hex": how the next word is written. */
static bool is_type(fw_sv word)
{
    return (word.n == 1 && fw_is_digit(word.p[0])) || fw_sv_is(word, "encrypted") ||
           fw_sv_is(word, "hex") || fw_sv_is(word, "ascii-text") || fw_sv_is(word, "clear-text");
}

/* Words that stand where a secret might, and say something else. */
static bool is_keyword(fw_sv word)
{
    static const char *const words[] = {"encryption", "encrypted",
                                        "management", "auth",
                                        "priv",       "v3",
                                        "md5",        "sha",
                                        "aes",        "des",
                                        "3des",       "128",
                                        "192",        "256",
                                        "aes-128",    "aes-192",
                                        "aes-256",    "text",
                                        "key-string", "local",
                                        "remote",     "ascii",
                                        "key-chain",  "password-encrypt",
                                        "config-key", "password-encryption"};
    return FW_SV_AMONG(word, words);
}

/* "*****": the device has left it out. */
static bool is_masked(fw_sv word)
{
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] != '*') {
            return false;
        }
    }
    return true;
}

static void mark_after(struct fw_doc *doc, const struct fw_cisco_line *line, size_t at, bool typed)
{
    for (; at + 1 < line->n; at++) { /* "auth sha SECRET", "aes 128 SECRET", "local 6 SECRET" */
        if (fw_cisco_is(line, at, "level") && at + 2 < line->n) {
            at++; /* "enable secret level 7 SECRET" */
        } else if (!is_keyword(line->words[at]) && !(typed && is_type(line->words[at]))) {
            break;
        }
    }
    if (at < line->n && !is_keyword(line->words[at]) && !is_masked(line->words[at])) {
        fw_doc_secret(doc, line->number, line->words[at]);
    }
    /* "activation-key 0x1 0x2 0x3 ..." goes on */
    while (++at < line->n && fw_sv_starts(line->words[at], "0x")) {
        fw_doc_secret(doc, line->number, line->words[at]);
    }
}

/* "aaa-server TAC (inside) host 192.0.2.9 SECRET timeout 5": the secret has no word before it. */
static void mark_server(struct fw_doc *doc, const struct fw_cisco_line *line)
{
    for (size_t i = 1; fw_sv_starts(line->text, "aaa-server") && i + 2 < line->n; i++) {
        if (fw_sv_is(line->words[i], "host") && !fw_sv_is(line->words[i + 2], "timeout")) {
            fw_doc_secret(doc, line->number, line->words[i + 2]);
        }
    }
}

/* Routers: "snmp-server host 192.0.2.5 traps version 2c SECRET": no word before it either. */
static void mark_snmp_host(struct fw_doc *doc, const struct fw_cisco_line *line)
{
    static const char *const words[] = {"traps", "trap", "informs", "inform", "version", "1", "2c"};
    fw_ip ip;
    bool ours = fw_cisco_is(line, 0, "snmp-server") && fw_cisco_is(line, 1, "host") && line->n > 3;
    if (!ours || (!fw_ip_parse(line->words[2], &ip) && fw_ip_parse(line->words[3], &ip))) {
        return; /* ASA: an interface, then the host */
    }
    for (size_t i = 2; i < line->n; i++) { /* marked by that word; NX-OS: from where */
        if (fw_cisco_is(line, i, "community") || fw_cisco_is(line, i, "use-vrf") ||
            fw_cisco_is(line, i, "filter-vrf") || fw_cisco_is(line, i, "source-interface")) {
            return;
        }
    }
    for (size_t i = 3; i < line->n; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
            known = known || fw_cisco_is(line, i, words[k]);
        }
        if (fw_cisco_is(line, i, "vrf")) {
            i++;
        } else if (fw_cisco_is(line, i, "3")) {
            return; /* a user's name */
        } else if (!known) {
            if (!is_masked(line->words[i])) {
                fw_doc_secret(doc, line->number, line->words[i]);
            }
            return;
        }
    }
}

/* "encryption mode wep mandatory key 1 size 128bit 7 SECRET transmit-key" */
static void mark_wep(struct fw_doc *doc, const struct fw_cisco_line *line)
{
    for (size_t i = 1; fw_cisco_is(line, 0, "encryption") && i + 2 < line->n; i++) {
        if (fw_cisco_is(line, i, "size")) {
            size_t at = i + 2;
            at += at + 1 < line->n && is_type(line->words[at]);
            fw_doc_secret(doc, line->number, line->words[at]);
            return;
        }
    }
}

void fw_cisco_secrets(struct fw_doc *doc, const struct fw_cisco_line *line)
{
    mark_snmp_host(doc, line);
    mark_wep(doc, line);
    if (is_innocent(line->text)) {
        return;
    }
    mark_server(doc, line);
    for (size_t i = 0; i < line->n; i++) {
        for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
            if (fw_sv_is(line->words[i], rows[k].word) &&
                (!rows[k].starts || fw_sv_starts(line->text, rows[k].starts))) {
                mark_after(doc, line, i + 1, rows[k].typed);
                break;
            }
        }
    }
}
