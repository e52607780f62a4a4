/*
 * Snort's alert_full: an alert of several lines, a blank line behind it.
 *
 *   [**] [1:2100498:7] GPL ATTACK_RESPONSE id check returned root [**]
 *   [Classification: Potentially Bad Traffic] [Priority: 2]
 *   07/13/2016-22:42:07.573103 192.0.2.1:80 -> 192.0.2.2:49424
 *   TCP TTL:52 TOS:0x0 ID:12345 IpLen:20 DgmLen:60
 *   ***AP*** Seq: 0x1  Ack: 0x2  Win: 0x3  TcpLen: 20
 *   [Xref => http://example.org/]
 *
 * The alert is told on the line that names its protocol, else on the one behind the addresses. It
 * is put together as alert_fast writes it and read as such.
 */
#include "parsers/logscan.h"
#include "parsers/parser.h"

extern const struct fw_parser fw_parser_snort_fast;

enum { STAGE_NONE, STAGE_HEAD, STAGE_FLOW, STAGE_REST };

static bool is_head(fw_sv s)
{
    return fw_sv_starts(s, "[**] [") && s.n > 12 && fw_sv_ends(s, " [**]");
}

/* "07/13/2016-22:42:07.573103 " */
static bool is_dated(fw_sv s)
{
    size_t dash = fw_sv_find_char(fw_sv_sub(s, 0, 12), '-');
    return s.n > 14 && fw_is_digit(s.p[0]) && fw_is_digit(s.p[1]) && s.p[2] == '/' &&
           dash != SIZE_MAX && s.p[dash + 3] == ':';
}

static bool keep(struct fw_block *block, fw_sv s)
{
    if (s.n + 1 > sizeof(block->text) - block->n) {
        return false;
    }
    memcpy(block->text + block->n, s.p, s.n);
    block->n += s.n;
    block->text[block->n++] = '\n';
    return true;
}

/* "TCP TTL:52 ..." */
static fw_sv protocol_of(fw_sv s)
{
    size_t blank = fw_sv_find_char(s, ' ');
    bool ours = blank != SIZE_MAX && fw_sv_starts(fw_sv_sub(s, blank + 1, SIZE_MAX), "TTL:");
    return ours ? fw_sv_sub(s, 0, blank) : (fw_sv){0};
}

static enum fw_line_verdict tell(struct fw_block *block, fw_sv protocol, struct fw_arena *scratch,
                                 struct fw_event *ret)
{
    fw_sv text = fw_sv_of(block->text, block->n);
    fw_sv head = {0};
    fw_sv groups = {0};
    fw_sv flow = {0};
    fw_sv line;
    while (fw_sv_split(&text, '\n', &line)) {
        if (is_head(line)) {
            head = line;
        } else if (line.n > 0 && line.p[0] == '[') {
            groups = line;
        } else {
            flow = line;
        }
    }
    fw_sv time;
    fw_sv_word(&flow, &time);
    flow = fw_sv_trim(flow);
    size_t room = head.n + groups.n + flow.n + time.n + protocol.n + 16;
    char *out = fw_arena_alloc(scratch, room);
    size_t n = 0;
    const fw_sv parts[] = {time,        FW_SV(" "), head,        FW_SV(" "), groups,
                           FW_SV(" {"), protocol,   FW_SV("} "), flow};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i].n > 0) {
            memcpy(out + n, parts[i].p, parts[i].n);
            n += parts[i].n;
        }
    }
    block->stage = STAGE_REST;
    return fw_parser_snort_fast.event(NULL, fw_sv_of(out, n), scratch, ret);
}

/* What stands behind the addresses: headers, options, what an ICMP error quotes, references. */
static bool is_detail(fw_sv s)
{
    static const char *const starts[] = {
        "***", "**", "Csum", "Frag Offset", "Len:", "Seq:", "Type:", "[Xref", "(", "MPLS"};
    static const char *const holds[] = {" TTL:",       " Seq: ",     " Options (", " -> ",
                                        "Frag Size: ", "UDP header", "TCP header", "ICMP header"};
    for (size_t i = 0; i < sizeof(holds) / sizeof(holds[0]); i++) {
        if (fw_sv_find(s, fw_sv_from(holds[i])) != SIZE_MAX) {
            return true;
        }
    }
    return FW_SV_STARTS_AMONG(s, starts);
}

static enum fw_line_verdict full_part(struct fw_block *block, fw_sv line, struct fw_arena *scratch,
                                      struct fw_event *ret)
{
    /* Asked for every line of every log. */
    if (block->stage == STAGE_NONE &&
        (line.n == 0 || (line.p[0] != '[' && !fw_is_blank(line.p[0])))) {
        return FW_LINE_NONE;
    }
    fw_sv s = fw_sv_trim(line);
    if (is_head(s)) {
        block->n = 0;
        block->stage = keep(block, s) ? STAGE_HEAD : STAGE_NONE;
        return block->stage == STAGE_HEAD ? FW_LINE_IGNORED : FW_LINE_BAD;
    }
    if (block->stage == STAGE_NONE) {
        return FW_LINE_NONE;
    }
    if (block->stage == STAGE_HEAD) {
        bool dated = is_dated(s);
        if ((!dated && (s.n == 0 || s.p[0] != '[')) || !keep(block, s)) {
            block->stage = STAGE_NONE;
            return FW_LINE_BAD;
        }
        block->stage = dated ? STAGE_FLOW : STAGE_HEAD;
        return FW_LINE_IGNORED;
    }
    if (block->stage == STAGE_FLOW) {
        return tell(block, protocol_of(s), scratch, ret);
    }
    if (s.n > 0 && !is_detail(s)) { /* no part of an alert: another format may know it */
        block->stage = STAGE_NONE;
        return FW_LINE_NONE;
    }
    block->stage = s.n == 0 ? STAGE_NONE : block->stage;
    return FW_LINE_IGNORED;
}

static enum fw_line_verdict full_event(const struct fw_envelope *envelope, fw_sv message,
                                       struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)message;
    (void)scratch;
    (void)ret;
    return FW_LINE_NONE; /* no line is one alone */
}

static int full_bid(fw_sv head)
{
    fw_sv line = fw_sv_trim(fw_sv_sub(head, 0, fw_sv_find_char(head, '\n')));
    return is_head(line) ? FW_BID_SURE : FW_BID_NO;
}

const struct fw_parser fw_parser_snort_full = {
    .name = "snort-full",
    .title = "Snort alert_full",
    .kind = FW_PARSER_LOG,
    .version = 3,
    .shape = FW_SHAPE_LINE,
    .bid = full_bid,
    .part = full_part,
    .event = full_event,
};
