/*
 * ArcSight Common Event Format, of any product:
 *
 *   CEF:0|Ubiquiti|UniFi Network|9.4.19|201|Threat Detected and Blocked|9|proto=TCP
 *   src=192.168.100.252 spt=65020 dst=192.168.1.100 dpt=80 msg=A network intrusion attempt
 *
 * (one line). Values hold blanks; a new key begins at the last word before an unescaped '='. Names
 * of keys are those of "Micro Focus Security ArcSight Common Event Format", version 26; a custom
 * field says in its label what it is. Products put words where the standard wants addresses: such a
 * value counts as absent.
 */
#include <assert.h>

#include "parsers/envelope.h"
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum own { DIRECTION, OUTCOME };
enum { CUSTOMS = 12, WITHIN = 256 };

static const struct fw_pair_row keys[] = {
    FW_PAIR("FTNTFGTduration", SECONDS, FW_EV_duration),
    FW_PAIR("FTNTFGTpolicyid", TEXT, FW_EV_rule_id),
    FW_PAIR("FTNTFGTpolicyname", TEXT, FW_EV_rule_name),
    FW_PAIR("UNIFIadmin", TEXT, FW_EV_user),
    FW_PAIR("UNIFIhost", TEXT, FW_EV_observer),
    FW_PAIR("UNIFIutcTime", STAMP, FW_EV_time),
    FW_PAIR("act", TEXT, FW_EV_action),
    FW_PAIR("app", TEXT, FW_EV_app),
    FW_PAIR("destinationTranslatedAddress", NAT_IP, FW_EV_nat_dst),
    FW_PAIR("destinationTranslatedPort", NAT_PORT, FW_EV_nat_dport),
    FW_PAIR("deviceDirection", OWN, DIRECTION),
    FW_PAIR("deviceInboundInterface", TEXT, FW_EV_in),
    FW_PAIR("deviceOutboundInterface", TEXT, FW_EV_out),
    FW_PAIR("dmac", TEXT, FW_EV_dst_mac),
    FW_PAIR("dpt", PORT, FW_EV_dport),
    FW_PAIR("dst", IP, FW_EV_dst),
    FW_PAIR("duser", TEXT, FW_EV_dst_user),
    FW_PAIR("dvchost", TEXT, FW_EV_observer),
    FW_PAIR("end", STAMP, FW_EV_end),
    FW_PAIR("in", NUM, FW_EV_src_bytes),
    FW_PAIR("msg", TEXT, FW_EV_message),
    FW_PAIR("out", NUM, FW_EV_dst_bytes),
    FW_PAIR("outcome", OWN, OUTCOME),
    FW_PAIR("proto", PROTO, FW_EV_transport),
    FW_PAIR("rt", STAMP, FW_EV_time),
    FW_PAIR("smac", TEXT, FW_EV_src_mac),
    FW_PAIR("sourceTranslatedAddress", NAT_IP, FW_EV_nat_src),
    FW_PAIR("sourceTranslatedPort", NAT_PORT, FW_EV_nat_sport),
    FW_PAIR("spt", PORT, FW_EV_sport),
    FW_PAIR("src", IP, FW_EV_src),
    FW_PAIR("start", STAMP, FW_EV_start),
    FW_PAIR("suser", TEXT, FW_EV_src_user),
    FW_PAIR("usrName", TEXT, FW_EV_user),
};
static const struct fw_pair_table table = FW_PAIR_TABLE(keys);

/* What custom fields are labelled by firewalls. */
static const struct fw_pair_row labels[] = {
    FW_PAIR("Destination Zone", TEXT, FW_EV_out_zone),
    FW_PAIR("Elapsed time in seconds", SECONDS, FW_EV_duration),
    FW_PAIR("Rule", TEXT, FW_EV_rule_name),
    FW_PAIR("Rule Name", TEXT, FW_EV_rule_name),
    FW_PAIR("Rule UID", TEXT, FW_EV_rule_id),
    FW_PAIR("Rule name", TEXT, FW_EV_rule_name),
    FW_PAIR("Session ID", TEXT, FW_EV_session),
    FW_PAIR("SessionID", TEXT, FW_EV_session),
    FW_PAIR("Source Zone", TEXT, FW_EV_in_zone),
    FW_PAIR("connectionId", TEXT, FW_EV_session),
    FW_PAIR("fwRule", TEXT, FW_EV_rule_name),
};
static const struct fw_pair_table label_table = FW_PAIR_TABLE(labels);

/* Custom fields wait until both value and label were seen. */
struct custom {
    fw_sv key, value, label;
};

struct customs {
    struct custom v[CUSTOMS];
    size_t n;
};

/* The seven fields of the header; the extension is what follows. */
struct head {
    fw_sv version, vendor, product, release, id, name, severity;
};

static bool cut_field(fw_sv *rest, fw_sv *ret)
{
    for (size_t i = 0; i < rest->n; i++) {
        if (rest->p[i] == '\\') {
            i++;
        } else if (rest->p[i] == '|') {
            *ret = fw_sv_sub(*rest, 0, i);
            *rest = fw_sv_sub(*rest, i + 1, SIZE_MAX);
            return true;
        }
    }
    return false;
}

/* "0|Vendor|...": the version is 0 or 1. */
static bool read_head(fw_sv *rest, struct head *ret)
{
    while (rest->n > 0 && rest->p[0] == ' ') {
        *rest = fw_sv_sub(*rest, 1, SIZE_MAX);
    }
    if (rest->n < 2 || (rest->p[0] != '0' && rest->p[0] != '1') || rest->p[1] != '|') {
        return false;
    }
    return cut_field(rest, &ret->version) && cut_field(rest, &ret->vendor) &&
           cut_field(rest, &ret->product) && cut_field(rest, &ret->release) &&
           cut_field(rest, &ret->id) && cut_field(rest, &ret->name) &&
           cut_field(rest, &ret->severity);
}

/* Behind "CEF:", wherever a relay put it; the mark is missing when a syslog daemon took it for the
 * name of the program. */
static fw_sv find_body(fw_sv message)
{
    fw_sv front = fw_sv_sub(message, 0, WITHIN);
    size_t at = fw_sv_find(front, FW_SV("CEF:"));
    if (at == SIZE_MAX) {
        return message;
    }
    char before = at > 0 ? message.p[at - 1] : ' ';
    return before == ' ' || before == ':' || before == '\t' || before == '"'
               ? fw_sv_sub(message, at + 4, SIZE_MAX)
               : message;
}

static bool is_custom(fw_sv key, fw_sv *ret_base, bool *ret_label)
{
    *ret_label = key.n == 8 && fw_sv_ends(key, "Label");
    *ret_base = *ret_label ? fw_sv_sub(key, 0, key.n - 5) : key;
    return ret_base->n == 3 && ret_base->p[0] == 'c' &&
           (ret_base->p[1] == 's' || ret_base->p[1] == 'n') && fw_is_digit(ret_base->p[2]);
}

static void keep_custom(struct customs *customs, fw_sv base, bool label, fw_sv value)
{
    size_t i = 0;
    while (i < customs->n && !fw_sv_eq(customs->v[i].key, base)) {
        i++;
    }
    if (i == CUSTOMS) {
        return;
    }
    if (i == customs->n) {
        customs->v[customs->n++] = (struct custom){.key = base};
    }
    *(label ? &customs->v[i].label : &customs->v[i].value) = value;
}

static void put_pair(fw_sv key, fw_sv value, struct customs *customs, fw_sv *outcome,
                     struct fw_arena *scratch, struct fw_event *ret)
{
    const struct fw_pair_row *row = fw_pairs_find(&table, key);
    fw_sv base;
    bool label;
    if (!row) {
        if (is_custom(key, &base, &label)) {
            keep_custom(customs, base, label, value);
        }
    } else if (row->kind != FW_PAIR_OWN) {
        fw_pairs_set(row, row->kind == FW_PAIR_TEXT ? fw_pairs_plain(value, scratch) : value, ret);
    } else if (row->what == OUTCOME) {
        *outcome = value;
    } else if (row->what == DIRECTION && value.n == 1) {
        fw_scan_text(ret, FW_EV_direction, &ret->direction,
                     value.p[0] == '0' ? FW_SV("inbound") : FW_SV("outbound"));
    }
}

/* "key=value with blanks key=value". */
static void read_extension(fw_sv s, struct customs *customs, fw_sv *outcome,
                           struct fw_arena *scratch, struct fw_event *ret)
{
    fw_sv key = {0};
    size_t value = 0;
    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && s.p[i] == '\\') {
            i++;
            continue;
        }
        if (i < s.n && s.p[i] != '=') {
            continue;
        }
        /* The word before this '=' is the next key; at the end there is none. */
        size_t next = i;
        if (i < s.n) {
            while (next > value && s.p[next - 1] != ' ' && s.p[next - 1] != '\t') {
                next--;
            }
            if (key.p && next == value) {
                continue; /* "a=b=c": no blank since the last '=' */
            }
        }
        if (key.p) {
            put_pair(key, fw_sv_trim(fw_sv_sub(s, value, next - value)), customs, outcome, scratch,
                     ret);
        }
        key = fw_sv_of(s.p + next, i < s.n ? i - next : 0);
        value = i + 1;
    }
}

static bool has_nocase(fw_sv text, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= text.n; i++) {
        if (fw_sv_is_nocase(fw_sv_sub(text, i, n), word)) {
            return true;
        }
    }
    return false;
}

static void put_head(const struct head *head, struct fw_arena *scratch, struct fw_event *ret)
{
    uint64_t severity;
    fw_scan_text(ret, FW_EV_code, &ret->code, fw_pairs_plain(head->id, scratch));
    if (fw_sv_u64(head->severity, &severity)) {
        fw_scan_num(ret, FW_EV_severity, &ret->severity, severity);
    } else {
        fw_scan_text(ret, FW_EV_level, &ret->level, head->severity);
    }
    if (!fw_event_has(ret, FW_EV_message)) {
        fw_scan_text(ret, FW_EV_message, &ret->message, fw_pairs_plain(head->name, scratch));
    }
}

static void finish(const struct head *head, fw_sv outcome, struct fw_event *ret)
{
    if (!fw_event_has(ret, FW_EV_time)) {
        bool ended = fw_event_has(ret, FW_EV_end);
        if (ended || fw_event_has(ret, FW_EV_start)) {
            ret->time = ended ? ret->end : ret->start;
            fw_event_set(ret, FW_EV_time);
        }
    }
    ret->traffic = fw_event_has(ret, FW_EV_src) && fw_event_has(ret, FW_EV_dst) &&
                   (fw_event_has(ret, FW_EV_transport) || fw_event_has(ret, FW_EV_dport));
    enum fw_scan_verdict verdict = fw_scan_action(ret->action);
    if (verdict == FW_SCAN_UNKNOWN) {
        verdict = fw_sv_is_nocase(outcome, "success")   ? FW_SCAN_ALLOWED
                  : fw_sv_is_nocase(outcome, "failure") ? FW_SCAN_DENIED
                  : ret->traffic                        ? fw_scan_label(head->name)
                                                        : FW_SCAN_UNKNOWN;
    }
    fw_scan_outcome(ret, verdict);
    ret->admin = !ret->traffic &&
                 (has_nocase(head->name, "admin") || has_nocase(head->name, "config"));
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category,
                 ret->admin     ? FW_SV("configuration")
                 : ret->traffic ? FW_SV("network")
                                : FW_SV("host"));
}

static enum fw_line_verdict cef_event(const struct fw_envelope *envelope, fw_sv message,
                                      struct fw_arena *scratch, struct fw_event *ret)
{
    struct head head;
    struct customs customs = {.n = 0};
    fw_sv outcome = {0};
    fw_sv rest = find_body(message);
    bool marked = rest.p != message.p || fw_sv_is(envelope->app, "CEF");
    if (!read_head(&rest, &head)) {
        return marked ? FW_LINE_BAD : FW_LINE_NONE;
    }
    read_extension(rest, &customs, &outcome, scratch, ret);
    for (size_t i = 0; i < customs.n; i++) {
        const struct fw_pair_row *row = fw_pairs_find(&label_table, customs.v[i].label);
        if (row && customs.v[i].value.n > 0) {
            fw_pairs_set(row, fw_pairs_plain(customs.v[i].value, scratch), ret);
        }
    }
    put_head(&head, scratch, ret);
    finish(&head, outcome, ret);
    return FW_LINE_USED;
}

static int cef_bid(fw_sv head)
{
    struct head fields;
    fw_sv rest = find_body(head);
    bool marked = rest.p != head.p;
    assert(fw_pairs_sorted(&table) && fw_pairs_sorted(&label_table));
    if (read_head(&rest, &fields)) {
        return marked ? FW_BID_SURE : FW_BID_LIKELY;
    }
    return marked ? FW_BID_WEAK : FW_BID_NO;
}

const struct fw_parser fw_parser_cef_log = {
    .name = "cef",
    .title = "Common Event Format (CEF) of any product",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_MESSAGE,
    .bid = cef_bid,
    .event = cef_event,
};
