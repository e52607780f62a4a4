/* How the words and numbers of log lines are read. */
#include "parsers/logscan.h"

#include "core/proto.h"

bool fw_scan_ip(fw_sv text, fw_ip *ret)
{
    return text.n <= 64 && fw_ip_parse(text, ret);
}

bool fw_scan_port(fw_sv text, uint64_t *ret)
{
    uint32_t value = 0;
    if (text.n == 0 || text.n > 5) {
        return false;
    }
    for (size_t i = 0; i < text.n; i++) {
        unsigned d = (unsigned)(unsigned char)text.p[i] - '0';
        if (d > 9) {
            return false;
        }
        value = value * 10 + d;
    }
    if (value > 65535) {
        return false;
    }
    *ret = value;
    return true;
}

struct transport {
    uint8_t number;
    fw_sv name;
};

#define NAME(s) \
    { \
        s, sizeof(s) - 1 \
    }
/* IANA keywords in lower case, as ECS wants them in network.transport. */
static const struct transport transports[] = {
    {FW_PROTO_TCP, NAME("tcp")},
    {FW_PROTO_UDP, NAME("udp")},
    {FW_PROTO_ICMP, NAME("icmp")},
    {FW_PROTO_ICMP6, NAME("ipv6-icmp")},
    {FW_PROTO_IGMP, NAME("igmp")},
    {FW_PROTO_GRE, NAME("gre")},
    {FW_PROTO_ESP, NAME("esp")},
    {FW_PROTO_AH, NAME("ah")},
    {FW_PROTO_SCTP, NAME("sctp")},
    {FW_PROTO_UDPLITE, NAME("udplite")},
    {FW_PROTO_DCCP, NAME("dccp")},
    {0, NAME("hopopt")},
    {4, NAME("ipv4")},
    {41, NAME("ipv6")},
    {43, NAME("ipv6-route")},
    {44, NAME("ipv6-frag")},
    {46, NAME("rsvp")},
    {59, NAME("ipv6-nonxt")},
    {60, NAME("ipv6-opts")},
    {88, NAME("eigrp")},
    {89, NAME("ospf")},
    {94, NAME("ipip")},
    {97, NAME("etherip")},
    {103, NAME("pim")},
    {108, NAME("ipcomp")},
    {112, NAME("vrrp")},
    {115, NAME("l2tp")},
};
#undef NAME

fw_sv fw_scan_transport_number(uint8_t number, bool *ret_ports)
{
    *ret_ports = fw_proto_has_ports(number);
    for (size_t i = 0; i < sizeof(transports) / sizeof(transports[0]); i++) {
        if (transports[i].number == number) {
            return transports[i].name;
        }
    }
    return (fw_sv){0};
}

fw_sv fw_scan_transport(fw_sv word, bool *ret_ports)
{
    uint8_t number;
    bool ports = false;
    fw_sv name = {0};
    if (fw_sv_is_nocase(word, "tcp")) {
        name = fw_scan_transport_number(FW_PROTO_TCP, &ports);
    } else if (fw_sv_is_nocase(word, "udp")) {
        name = fw_scan_transport_number(FW_PROTO_UDP, &ports);
    } else if (fw_proto_parse(word, &number)) {
        name = fw_scan_transport_number(number, &ports);
    }
    if (ret_ports) {
        *ret_ports = ports;
    }
    return name.n > 0 ? name : word;
}

static const char *const allow_words[] = {"acc",     "accept", "accepted", "allow",
                                          "allowed", "permit", "permitted"};
static const char *const deny_words[] = {"block", "blocked", "denied", "deny",
                                         "drop",  "dropped", "reject", "rejected"};

enum fw_scan_verdict fw_scan_label(fw_sv label)
{
    bool allowed = false;
    bool denied = false;
    for (size_t i = 0; i < label.n;) {
        size_t from = i;
        while (i < label.n && fw_is_alpha(label.p[i])) {
            i++;
        }
        fw_sv word = fw_sv_of(label.p + from, i - from);
        if (word.n >= 3 && word.n <= 9) {
            allowed = allowed || FW_SV_AMONG_NOCASE(word, allow_words);
            denied = denied || FW_SV_AMONG_NOCASE(word, deny_words);
        }
        i += i == from;
    }
    if (allowed == denied) {
        return FW_SCAN_UNKNOWN;
    }
    return allowed ? FW_SCAN_ALLOWED : FW_SCAN_DENIED;
}

/* Products' words for what they did. How an allowed session ended, or that an allowed packet was
 * noticed, is no denial. */
enum fw_scan_verdict fw_scan_action(fw_sv word)
{
    static const fw_sv allowed[] = {
        FW_SV_INIT("accept"),   FW_SV_INIT("accepted"),    FW_SV_INIT("alert"),
        FW_SV_INIT("allow"),    FW_SV_INIT("allowed"),     FW_SV_INIT("bypass"),
        FW_SV_INIT("continue"), FW_SV_INIT("detect"),      FW_SV_INIT("detected"),
        FW_SV_INIT("forward"),  FW_SV_INIT("forwarded"),   FW_SV_INIT("monitor"),
        FW_SV_INIT("override"), FW_SV_INIT("pass"),        FW_SV_INIT("passed"),
        FW_SV_INIT("permit"),   FW_SV_INIT("passthrough"), FW_SV_INIT("permitted"),
    };
    static const fw_sv denied[] = {
        FW_SV_INIT("block"),      FW_SV_INIT("blocked"),      FW_SV_INIT("denied"),
        FW_SV_INIT("deny"),       FW_SV_INIT("discard"),      FW_SV_INIT("discarded"),
        FW_SV_INIT("drop"),       FW_SV_INIT("dropped"),      FW_SV_INIT("prevent"),
        FW_SV_INIT("prevented"),  FW_SV_INIT("quarantine"),   FW_SV_INIT("refused"),
        FW_SV_INIT("reject"),     FW_SV_INIT("rejected"),     FW_SV_INIT("reset"),
        FW_SV_INIT("reset-both"), FW_SV_INIT("reset-client"), FW_SV_INIT("reset-server"),
        FW_SV_INIT("sinkhole"),
    };
    for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
        if (fw_sv_eq_nocase(word, allowed[i])) {
            return FW_SCAN_ALLOWED;
        }
    }
    for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]); i++) {
        if (fw_sv_eq_nocase(word, denied[i])) {
            return FW_SCAN_DENIED;
        }
    }
    return FW_SCAN_UNKNOWN;
}

void fw_scan_outcome(struct fw_event *event, enum fw_scan_verdict verdict)
{
    if (verdict != FW_SCAN_UNKNOWN) {
        event->outcome = verdict == FW_SCAN_ALLOWED ? FW_SV("success") : FW_SV("failure");
        fw_event_set(event, FW_EV_outcome);
    }
}

fw_sv fw_scan_level(unsigned severity)
{
    static const char *const names[] = {"emerg",   "alert",  "crit", "err",
                                        "warning", "notice", "info", "debug"};
    return fw_sv_from(names[severity & 7]);
}

static bool has_nocase(fw_sv word, const char *part)
{
    size_t n = strlen(part);
    for (size_t i = 0; i + n <= word.n; i++) {
        if (fw_sv_is_nocase(fw_sv_sub(word, i, n), part)) {
            return true;
        }
    }
    return false;
}

/* A word that a secret follows. */
static bool introduces(fw_sv word)
{
    static const char *const parts[] = {"community", "passphrase", "passw", "psk", "secret"};
    static const char *const words[] = {"aaa-server", "auth", "encpass", "idtoken",
                                        "md5",        "priv", "pwd",     "token"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (has_nocase(word, parts[i])) {
            return true;
        }
    }
    if (FW_SV_AMONG_NOCASE(word, words)) {
        return true;
    }
    return word.n >= 3 && fw_sv_is_nocase(fw_sv_sub(word, word.n - 3, 3), "key");
}

fw_sv fw_scan_public(fw_sv text)
{
    for (size_t i = 0; i < text.n;) {
        size_t from = i;
        while (i < text.n && (fw_is_word(text.p[i]))) {
            i++;
        }
        /* "ftp://user:s3cret@host" */
        bool url = i == from && fw_sv_starts(fw_sv_sub(text, i, 3), "://");
        if (url || introduces(fw_sv_sub(text, from, i - from))) {
            return fw_sv_sub(text, 0, i);
        }
        i += i == from;
    }
    return text;
}

fw_sv fw_scan_word_after(fw_sv text, const char *before)
{
    fw_sv needle = fw_sv_from(before);
    size_t at = fw_sv_find(text, needle);
    fw_sv word = {0};
    if (at != SIZE_MAX) {
        fw_sv rest = fw_sv_sub(text, at + needle.n, SIZE_MAX);
        fw_sv_word(&rest, &word);
    }
    return word;
}

void fw_scan_tag(struct fw_event *ev, fw_sv code, unsigned severity)
{
    fw_scan_text(ev, FW_EV_code, &ev->code, code);
    fw_scan_text(ev, FW_EV_level, &ev->level, fw_scan_level(severity));
    fw_scan_num(ev, FW_EV_severity, &ev->severity, severity);
}
