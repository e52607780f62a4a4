/* The lines of a router's or switch's configuration: which block each stands in, and which file
 * knows its kind. And how sure one can be that a text is one. */
#include "parsers/cisco_ios.h"

enum { IGNORED = FW_LINE_IGNORED, UNSUPPORTED = FW_LINE_UNSUPPORTED };

#define FW_IOS(block, words, verdict, why) {block, words, (enum fw_line_verdict)(verdict), why},
static const struct fw_cisco_keyword rows[] = {
#include "parsers/cisco_ios_keywords.def"
};
#undef FW_IOS

static bool keyword(struct fw_ios *ios, const struct fw_cisco_line *line, fw_sv block)
{
    return fw_cisco_keyword(ios->cisco.doc, line, block, rows, sizeof(rows) / sizeof(rows[0]));
}

static bool is_comment(fw_sv text)
{
    return text.n == 0 || text.p[0] == '!' || fw_sv_starts(text, "Building configuration") ||
           fw_sv_starts(text, "Current configuration") || fw_sv_starts(text, "Using ") ||
           fw_sv_starts(text, "NVRAM config last") ||
           fw_sv_starts(text, "Last configuration change") || fw_sv_starts(text, "end!");
}

/* "router1#show running-config": a captured session. */
static bool is_prompt(const struct fw_cisco_line *line)
{
    size_t at = fw_sv_find_char(line->words[0], '#');
    fw_sv after = at == SIZE_MAX || at == 0 ? FW_SV("x")
                                            : fw_sv_sub(line->words[0], at + 1, SIZE_MAX);
    return after.n == 0 || fw_sv_starts(after, "sh") || fw_sv_starts(after, "ter") ||
           fw_sv_starts(after, "exit");
}

/* "banner motd ^C": up to the next one. */
static void start_banner(struct fw_ios *ios, const struct fw_cisco_line *line)
{
    size_t at = fw_cisco_is(line, 0, "banner") ? 2 : line->n;
    fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_IGNORED);
    ios->block = FW_IOS_NO_BLOCK;
    if (at >= line->n) {
        return;
    }
    fw_sv word = line->words[at];
    size_t size = fw_sv_starts(word, "^C") ? 2 : 1; /* how the device prints control-C */
    fw_sv delimiter = fw_sv_sub(word, 0, size);
    fw_sv rest = fw_sv_sub(line->text, (size_t)(word.p - line->text.p) + size, SIZE_MAX);
    if (fw_sv_find(rest, delimiter) == SIZE_MAX) {
        ios->delimiter = delimiter;
        ios->banner = line->number;
    }
}

/* Lines of a list even where a copy has lost the blanks in front. */
static bool is_entry(const struct fw_ios *ios, const struct fw_cisco_line *line)
{
    uint32_t number;
    size_t at = fw_sv_u32(line->words[0], UINT32_MAX, &number) ? 1 : 0;
    return ios->block == FW_IOS_LIST &&
           (fw_cisco_is(line, at, "permit") || fw_cisco_is(line, at, "deny") ||
            fw_cisco_is(line, at, "remark") || fw_cisco_is(line, at, "evaluate"));
}

static void read_member(struct fw_ios *ios, struct fw_cisco_line *line)
{
    struct fw_doc *doc = ios->cisco.doc;
    bool known = false;
    fw_ios_list_references(ios, line);
    switch (ios->block) {
    case FW_IOS_LIST:
        known = fw_ios_list_member(ios, line);
        break;
    case FW_IOS_GROUP:
        known = fw_ios_object_member(ios, line);
        break;
    case FW_IOS_INTERFACE:
        if (ios->member_line > 0 && line->indent > ios->member) {
            fw_doc_mark(doc, line->number,
                        (enum fw_line_verdict)doc->verdicts[ios->member_line - 1]);
            return;
        }
        ios->member = line->indent;
        ios->member_line = line->number;
        known = fw_ios_interface_member(ios, line);
        break;
    case FW_IOS_CLASS_MAP:
    case FW_IOS_POLICY_MAP:
    case FW_IOS_ZONE_PAIR:
        known = fw_ios_zone_member(ios, line);
        break;
    case FW_IOS_VTY:
    case FW_IOS_SERVER:
        known = fw_ios_setting_member(ios, line);
        break;
    case FW_IOS_NO_BLOCK:
    case FW_IOS_OTHER:
        if (fw_cisco_is(line, 0, "ntp") || fw_cisco_is(line, 0, "ip")) { /* NX-OS: in a VRF */
            known = fw_sv_is(ios->head, "vrf") && fw_ios_setting_line(ios, line);
            line->at = 0;
        }
        break;
    }
    if (known || keyword(ios, line, ios->head)) {
        return;
    }
    if (ios->block == FW_IOS_OTHER) {
        fw_doc_mark(doc, line->number,
                    ios->verdict == FW_LINE_BAD ? FW_LINE_UNSUPPORTED : ios->verdict);
    } else if (ios->block == FW_IOS_LIST) {
        fw_doc_bad(doc, line->number, line->words[0], "expected permit, deny or remark");
    } else {
        fw_doc_unsupported(doc, line->number, line->words[0], "unknown word \"%.*s\" in this block",
                           FW_SV_ARG(line->words[0]));
    }
}

static void read_top(struct fw_ios *ios, struct fw_cisco_line *line)
{
    struct fw_doc *doc = ios->cisco.doc;
    ios->block = FW_IOS_NO_BLOCK;
    ios->head = line->words[0];
    ios->indent = line->indent;
    ios->member_line = 0;
    if (fw_cisco_is(line, 0, "banner")) {
        start_banner(ios, line);
        return;
    }
    fw_ios_list_references(ios, line);
    if (fw_ios_nat_keep(ios, line) || fw_ios_list_line(ios, line) ||
        fw_ios_object_line(ios, line) || fw_ios_interface_line(ios, line) ||
        fw_ios_zone_line(ios, line)) {
        return;
    }
    line->at = 0;
    bool known = fw_ios_setting_line(ios, line);
    if (!known && !keyword(ios, line, FW_SV(""))) {
        fw_doc_unsupported(doc, line->number, ios->head, "unknown command \"%.*s\"",
                           FW_SV_ARG(ios->head));
    }
    if (ios->block == FW_IOS_NO_BLOCK) {
        ios->block = FW_IOS_OTHER;
        ios->verdict = known ? FW_LINE_IGNORED
                             : (enum fw_line_verdict)doc->verdicts[line->number - 1];
    }
}

static void read_line(struct fw_ios *ios, fw_sv text, uint32_t number)
{
    struct fw_doc *doc = ios->cisco.doc;
    struct fw_cisco_line line;
    if (ios->delimiter.n > 0) {
        if (fw_sv_find(text, ios->delimiter) != SIZE_MAX) {
            ios->delimiter.n = 0;
        }
        fw_doc_mark(doc, number, FW_LINE_IGNORED);
        return;
    }
    fw_cisco_line_read(&doc->scratch, text, number, &line);
    if (line.n == 0 || is_comment(line.text) || is_prompt(&line)) {
        fw_doc_mark(doc, number, FW_LINE_IGNORED);
        return;
    }
    fw_cisco_secrets(doc, &line);
    bool inside = ios->block != FW_IOS_NO_BLOCK && line.indent > ios->indent;
    if (inside || is_entry(ios, &line)) {
        read_member(ios, &line);
    } else {
        read_top(ios, &line);
    }
}

void fw_ios_parse(struct fw_doc *doc, struct fw_ruleset *ret, bool nx)
{
    struct fw_ios *ios = fw_new(&doc->arena, struct fw_ios);
    uint64_t offset = 0;
    uint32_t number = 0;
    fw_sv text;
    ios->nx = nx;
    fw_cisco_init(&ios->cisco, doc, ret);
    while (fw_doc_line(doc, &offset, &number, &text)) {
        read_line(ios, text, number);
        fw_arena_reset(&doc->scratch);
    }
    if (ios->delimiter.n > 0) { /* what is left of the file may have been its text, or not */
        fw_doc_mark_range(doc, ios->banner, number, FW_LINE_BAD);
        fw_doc_warn(doc, FW_DIAG_ID_UNTERMINATED, ios->banner, fw_doc_line_text(doc, ios->banner),
                    "a banner without its end");
    }
    fw_ios_list_read(ios);
    fw_ios_nat_finish(ios);
    fw_ios_zone_finish(ios);
    fw_ios_setting_finish(ios);
    fw_ios_list_finish(ios);
    fw_cisco_objects_finish(&ios->cisco);
    ret->has_settings = !ios->listing || ios->nsettings > 0 || ios->cisco.ninterfaces > 0;
    fw_cisco_finish(&ios->cisco, ios->settings, ios->nsettings);
}

/* How much a line speaks for a router, or for NX-OS. */
static const struct {
    const char *starts;
    int ios, nx;
} words[] = {
    {"!Command: show running-config", 0, 60},
    {"!RANCID-CONTENT-TYPE: cisco-nx", -90, 90},
    {"!RANCID-CONTENT-TYPE: cisco", 40, 0},
    {"ASA Version", -400, -400},
    {"Building configuration", 20, 20},
    {"Current configuration", 50, 0},
    {"Extended IP access list ", 60, 0},
    {"FWSM Version", -400, -400},
    {"IP Access List ", 0, 60},
    {"IP access list ", 0, 60},
    {"IP access list extended ", -100, -100}, /* OneOS: entries of another form */
    {"IP access list standard ", -100, -100},
    {"IPv6 Access List ", 0, 60},
    {"IPv6 access list ", 30, 30},
    {"PIX Version", -400, -400},
    {"Standard IP Access List ", 0, 60},
    {"Standard IP access list ", 60, 0},
    {"aaa new-model", 40, -40},
    {"access-group ", -40, -40},
    {"boot nxos", 0, 90},
    {"boot-start-marker", 60, 0},
    {"class-map type inspect", 60, 0},
    {"feature ", -60, 60},
    {"hostname ", 5, 5},
    {"interface ", 5, 5},
    {"ip access-group ", 30, 20},
    {"ip access-list extended ", 80, -40},
    {"ip access-list standard ", 80, -40},
    {"ip cef", 30, 0},
    {"ip domain", 10, 5},
    {"ip extcommunity-list ", 20, 20},
    {"ip http ", 20, 0},
    {"ip nat inside", 50, 0},
    {"ip prefix-list ", 10, 10},
    {"ip route ", 10, 10},
    {"ipv6 access-list ", 40, 20},
    {"line con 0", 60, 0},
    {"line console", 0, 30},
    {"line vty", 40, 20},
    {"nameif ", -100, -100},
    {"no aaa new-model", 40, 0},
    {"no service ", 20, 0},
    {"nxapi ", 0, 60},
    {"object network ", -60, -60},
    {"object-group ip address", 20, 30},
    {"object-group network ", 10, 0},
    {"object-group service ", 10, 0},
    {"policy-map type inspect", 40, 0},
    {"route-map ", 8, 8},
    {"router ", 10, 10},
    {"security-level ", -100, -100},
    {"service timestamps ", 60, -20},
    {"set ", -20, -20},
    {"statistics per-entry", -20, 50},
    {"switchname ", 0, 60},
    {"switchport", 10, 10},
    {"vdc ", -60, 60},
    {"vrf definition ", 60, -20},
    {"version 1", 60, 20},
    {"version 6.", -20, 50},
    {"version 7.", -20, 60},
    {"version 8.", -20, 60},
    {"version 9.", 0, 60},
    {"vrf context ", -60, 60},
    {"zone security ", 60, 0},
    {"zone-pair security ", 60, 0},
};

static int weigh(fw_sv text, bool nx)
{
    int weight = 0;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (fw_sv_starts(text, words[i].starts)) {
            weight = nx ? words[i].nx : words[i].ios;
        }
    }
    if (fw_sv_starts(text, "access-list ") && text.n > 12) {
        bool extended = fw_sv_find(text, FW_SV(" extended ")) != SIZE_MAX;
        weight = nx || extended ? -20 : fw_is_digit(text.p[12]) ? 50 : 0;
    } else if (fw_sv_starts(text, "ip access-list ") && weight == 0) {
        weight = nx ? 50 : 20; /* a name at once */
    }
    return weight;
}

int fw_ios_bid(fw_sv head, bool nx)
{
    int sum = 0;
    fw_sv text;
    while (fw_sv_split(&head, '\n', &text)) {
        sum += weigh(fw_sv_trim(text), nx);
        if (sum >= 800 || sum <= -800) {
            break;
        }
    }
    return sum >= FW_BID_SURE ? FW_BID_SURE : sum > 0 ? sum : FW_BID_NO;
}
