/*
 * Huawei USG (VRP) logs: %%01MODULE/severity/MNEMONIC(kind): text with pairs.
 *
 *   %%01POLICY/6/POLICYDENY(l): vsys=public, protocol=6, source-ip=10.1.1.5, source-port=50002,
 *   destination-ip=192.0.2.9, destination-port=443, source-zone=trust, destination-zone=untrust,
 *   rule-name=deny-all.
 *
 *   %%01URL/4/FILTER(l): The URL filtering policy was matched. (Policy="web", SrcIp=10.1.1.5, ...)
 *
 * (each one line). A message with addresses of both ends is traffic, SHELL records administrators;
 * all others are ignored by name.
 */
#include <assert.h>

#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum own { ACTION, COMMAND, IP, OWN_COUNT };

static const struct fw_pair_row keys[] = {
    FW_PAIR("Action", OWN, ACTION),
    FW_PAIR("Application", TEXT, FW_EV_app),
    FW_PAIR("Command", OWN, COMMAND),
    FW_PAIR("DestinationIP", IP, FW_EV_dst),
    FW_PAIR("DestinationPort", PORT, FW_EV_dport),
    FW_PAIR("DstIp", IP, FW_EV_dst),
    FW_PAIR("DstPort", PORT, FW_EV_dport),
    FW_PAIR("DstZone", TEXT, FW_EV_out_zone),
    FW_PAIR("Ip", OWN, IP),
    FW_PAIR("Policy", TEXT, FW_EV_rule_name),
    FW_PAIR("PolicyName", TEXT, FW_EV_rule_name),
    FW_PAIR("Protocol", PROTO, FW_EV_transport),
    FW_PAIR("ReceiveByte", NUM, FW_EV_dst_bytes),
    FW_PAIR("SendByte", NUM, FW_EV_src_bytes),
    FW_PAIR("SourceIP", IP, FW_EV_src),
    FW_PAIR("SourceNatIP", NAT_IP, FW_EV_nat_src),
    FW_PAIR("SourceNatPort", NAT_PORT, FW_EV_nat_sport),
    FW_PAIR("SourcePort", PORT, FW_EV_sport),
    FW_PAIR("SrcIp", IP, FW_EV_src),
    FW_PAIR("SrcPort", PORT, FW_EV_sport),
    FW_PAIR("SrcZone", TEXT, FW_EV_in_zone),
    FW_PAIR("User", TEXT, FW_EV_user),
    FW_PAIR("UserName", TEXT, FW_EV_user),
    FW_PAIR("application-name", TEXT, FW_EV_app),
    FW_PAIR("destination-ip", IP, FW_EV_dst),
    FW_PAIR("destination-port", PORT, FW_EV_dport),
    FW_PAIR("destination-zone", TEXT, FW_EV_out_zone),
    FW_PAIR("protocol", PROTO, FW_EV_transport),
    FW_PAIR("rule-name", TEXT, FW_EV_rule_name),
    FW_PAIR("source-ip", IP, FW_EV_src),
    FW_PAIR("source-port", PORT, FW_EV_sport),
    FW_PAIR("source-zone", TEXT, FW_EV_in_zone),
    FW_PAIR("user-name", TEXT, FW_EV_user),
};
static const struct fw_pair_table table = FW_PAIR_TABLE(keys);

struct tag {
    fw_sv code; /* "POLICY/6/POLICYDENY" */
    fw_sv mnemonic;
    fw_sv text;
    unsigned level;
};

enum { WITHIN = 160 };

/* "%%01URL/4/FILTER(l): ", "%%01SHELL/5/CMDRECORD(s)[12]:" */
static bool find_tag(fw_sv s, struct tag *ret)
{
    size_t at = fw_sv_find(fw_sv_sub(s, 0, WITHIN), FW_SV("%%"));
    if (at == SIZE_MAX || at + 4 >= s.n || !fw_is_digit(s.p[at + 2]) || !fw_is_digit(s.p[at + 3])) {
        return false;
    }
    size_t from = at + 4;
    size_t i = from;
    while (i < s.n && fw_is_word(s.p[i])) {
        i++;
    }
    if (i == from || i + 3 >= s.n || s.p[i] != '/' || s.p[i + 1] < '0' || s.p[i + 1] > '7' ||
        s.p[i + 2] != '/') {
        return false;
    }
    unsigned level = (unsigned)(s.p[i + 1] - '0');
    size_t name = i += 3;
    while (i < s.n && fw_is_word(s.p[i])) {
        i++;
    }
    size_t colon = fw_sv_find_char(fw_sv_sub(s, i, 32), ':');
    if (i == name || colon == SIZE_MAX) {
        return false;
    }
    *ret = (struct tag){fw_sv_sub(s, from, i - from), fw_sv_sub(s, name, i - name),
                        fw_sv_trim(fw_sv_sub(s, i + colon + 1, SIZE_MAX)), level};
    return true;
}

/* The list in brackets behind a sentence, or the whole text. */
static fw_sv list_of(fw_sv text)
{
    size_t open = fw_sv_find_char(text, '(');
    size_t equals = fw_sv_find_char(text, '=');
    if (open != SIZE_MAX && open < equals) {
        text = fw_sv_sub(text, open + 1, SIZE_MAX);
        while (text.n > 0 && text.p[text.n - 1] != ')') {
            text.n--;
        }
        text.n -= text.n > 0;
    } else if (text.n > 0 && text.p[text.n - 1] == '.') {
        text.n--;
    }
    return text;
}

static bool read_pairs(fw_sv rest, fw_sv *own, struct fw_event *ret)
{
    fw_sv key;
    fw_sv value;
    while (fw_pairs_next(&rest, ',', &key, &value)) {
        const struct fw_pair_row *row = fw_pairs_find(&table, fw_sv_trim(key));
        value = fw_sv_trim(value);
        if (!row || fw_sv_is_nocase(value, "unknown")) {
            continue;
        }
        if (!fw_pairs_put(row, value, own, ret)) {
            return false;
        }
    }
    return true;
}

static bool has(fw_sv text, const char *word)
{
    return fw_sv_find(text, fw_sv_from(word)) != SIZE_MAX;
}

static void finish_traffic(const fw_sv *own, fw_sv mnemonic, struct fw_event *ret)
{
    bool ports = true;
    bool denied = has(mnemonic, "DENY");
    bool allowed = has(mnemonic, "PERMIT") || has(mnemonic, "SESSION");
    if (fw_event_has(ret, FW_EV_transport)) {
        fw_scan_transport(ret->transport, &ports);
    }
    if (!ports) {
        ret->present &= ~(UINT64_C(1) << FW_EV_sport | UINT64_C(1) << FW_EV_dport);
    }
    fw_sv action = own[ACTION].n > 0 ? own[ACTION]
                   : denied          ? FW_SV("deny")
                   : allowed         ? FW_SV("permit")
                                     : (fw_sv){0};
    fw_scan_text(ret, FW_EV_action, &ret->action, action);
    fw_scan_outcome(ret, fw_scan_action(action));
    if (fw_event_has(ret, FW_EV_user)) {
        fw_scan_text(ret, FW_EV_src_user, &ret->src_user, ret->user);
        ret->present &= ~(UINT64_C(1) << FW_EV_user);
    }
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("network"));
    ret->traffic = true;
}

/* CMDRECORD and logins. */
static bool finish_admin(const fw_sv *own, const struct tag *tag, struct fw_event *ret)
{
    bool command = has(tag->mnemonic, "CMDRECORD");
    bool login = has(tag->mnemonic, "LOGIN") || has(tag->mnemonic, "LOGOUT");
    if (!command && !login) {
        return false;
    }
    fw_scan_addr(ret, FW_EV_src, &ret->src, own[IP]);
    fw_scan_text(ret, FW_EV_command, &ret->command, fw_scan_public(own[COMMAND]));
    fw_scan_text(ret, FW_EV_action, &ret->action,
                 command                        ? FW_SV("command")
                 : has(tag->mnemonic, "LOGOUT") ? FW_SV("logout")
                                                : FW_SV("login"));
    if (login) {
        fw_scan_outcome(ret, has(tag->mnemonic, "FAIL") ? FW_SCAN_DENIED : FW_SCAN_ALLOWED);
    }
    fw_scan_text(ret, FW_EV_message, &ret->message, fw_scan_public(tag->text));
    fw_scan_text(ret, FW_EV_category, &ret->category,
                 command ? FW_SV("configuration") : FW_SV("authentication"));
    ret->admin = true;
    return true;
}

static enum fw_line_verdict usg_event(const struct fw_envelope *envelope, fw_sv message,
                                      struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)scratch;
    struct tag tag;
    fw_sv own[OWN_COUNT] = {{0}};
    if (!find_tag(message, &tag)) {
        return FW_LINE_NONE;
    }
    bool policy = fw_sv_starts(tag.code, "POLICY/") || fw_sv_starts(tag.code, "SECLOG/");
    bool ok = read_pairs(list_of(tag.text), own, ret);
    bool flow = fw_event_has(ret, FW_EV_src) && fw_event_has(ret, FW_EV_dst);
    fw_scan_tag(ret, tag.code, tag.level);
    if (policy && (!ok || !flow)) {
        return FW_LINE_BAD;
    }
    if (ok && flow) {
        finish_traffic(own, tag.mnemonic, ret);
    } else if (!fw_sv_starts(tag.code, "SHELL/") || !finish_admin(own, &tag, ret)) {
        fw_event_clear(ret);
        fw_scan_tag(ret, tag.code, tag.level);
        return FW_LINE_IGNORED;
    }
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    return FW_LINE_USED;
}

static int usg_bid(fw_sv head)
{
    struct tag tag;
    assert(fw_pairs_sorted(&table));
    return find_tag(head, &tag) ? FW_BID_SURE : FW_BID_NO;
}

const struct fw_parser fw_parser_usg_log = {
    .name = "huawei-usg-log",
    .title = "Huawei USG firewall logs (%%01POLICY/6/POLICYDENY)",
    .kind = FW_PARSER_LOG,
    .version = 2,
    .shape = FW_SHAPE_MESSAGE,
    .bid = usg_bid,
    .event = usg_event,
};
