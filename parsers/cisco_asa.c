/* Cisco ASA configurations, and those of PIX and FWSM before it: walks the lines, knows which block
 * each stands in, and hands it to the file that knows its kind. */
#include "parsers/cisco_asa.h"

#include "parsers/parser.h"

static bool is_comment(fw_sv text)
{
    return text.n == 0 || text.p[0] == '!' || text.p[0] == ':' || fw_sv_starts(text, "<---") ||
           fw_sv_starts(text, "Cryptochecksum:");
}

/* "ciscoasa# show running-config": a captured session. */
static bool is_prompt(const struct fw_cisco_line *line)
{
    fw_sv word = line->words[0];
    bool prompt = fw_sv_ends(word, "#") || (fw_sv_ends(word, ">") && word.n > 1);
    return prompt && (line->n == 1 || fw_sv_starts(line->words[1], "sh") ||
                      fw_sv_starts(line->words[1], "ter") || fw_sv_starts(line->words[1], "en") ||
                      fw_sv_starts(line->words[1], "exit"));
}

/* A comment after the words: "port-object eq 80   ! web". Free text keeps its exclamation marks. */
static void cut_comment(struct fw_cisco_line *line)
{
    if (fw_cisco_is(line, 0, "banner") || fw_cisco_is(line, 0, "description") ||
        fw_cisco_is(line, 2, "remark") || fw_cisco_is(line, 4, "remark")) {
        return;
    }
    for (size_t i = 1; i < line->n; i++) {
        if (fw_sv_is(line->words[i], "!")) {
            line->n = i;
            fw_sv last = line->words[i - 1];
            line->text.n = (size_t)(last.p + last.n - line->text.p);
        }
    }
}

/* Lines that belong to the block even where a copy has lost the blanks in front. */
static bool is_member_word(const struct fw_asa *asa, const struct fw_cisco_line *line)
{
    static const char *const members[] = {"group-object", "icmp-object",     "network-object",
                                          "port-object",  "protocol-object", "service-object"};
    if (asa->block == FW_ASA_INTERFACE) {
        return (fw_cisco_is(line, 0, "nameif") && line->n == 2) ||
               fw_cisco_is(line, 0, "security-level");
    }
    for (size_t i = 0; asa->block == FW_ASA_OBJECT && i < sizeof(members) / sizeof(members[0]);
         i++) {
        if (fw_cisco_is(line, 0, members[i])) {
            return true;
        }
    }
    return false;
}

static void read_member(struct fw_asa *asa, struct fw_cisco_line *line)
{
    struct fw_doc *doc = asa->cisco.doc;
    bool known = false;
    fw_asa_acl_keep(asa, line); /* a map's "match address", a policy's "vpn-filter" */
    if (asa->block == FW_ASA_OBJECT) {
        known = (asa->object && fw_asa_nat_keep(asa, line)) || fw_asa_object_member(asa, line);
    } else if (asa->block == FW_ASA_INTERFACE) {
        known = fw_asa_interface_member(asa, line);
    } else if (asa->block == FW_ASA_DNS_GROUP) {
        known = fw_asa_setting_line(asa, line);
    }
    if (known || fw_asa_keyword(doc, line, asa->head)) {
        return;
    }
    if (asa->block == FW_ASA_OTHER && asa->verdict != FW_LINE_BAD) {
        bool certificate = fw_sv_is(asa->head, "crypto") && fw_cisco_is(line, 0, "certificate");
        asa->certificate = certificate ? line->number : 0;
        fw_doc_mark(doc, line->number, asa->verdict);
        return;
    }
    if (fw_cisco_is(line, 0, "exit")) {
        fw_doc_mark(doc, line->number, FW_LINE_IGNORED);
        return;
    }
    fw_doc_bad(doc, line->number, line->words[0], "unknown word \"%.*s\" in this block",
               FW_SV_ARG(line->words[0]));
}

static void note_age(struct fw_asa *asa, const struct fw_cisco_line *line)
{
    static const char *const words[] = {"conduit", "fixup", "outbound"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        asa->old = asa->old || fw_cisco_is(line, 0, words[i]);
    }
    bool translation = fw_cisco_is(line, 0, "static") || fw_cisco_is(line, 0, "global");
    asa->old = asa->old || (translation && line->n > 1 && line->words[1].p[0] == '(');
}

static void read_top(struct fw_asa *asa, struct fw_cisco_line *line)
{
    struct fw_doc *doc = asa->cisco.doc;
    asa->block = FW_ASA_NO_BLOCK;
    asa->head = line->words[0];
    asa->indent = line->indent;
    note_age(asa, line);
    if (fw_asa_acl_keep(asa, line) || fw_asa_nat_keep(asa, line) || fw_asa_object_line(asa, line) ||
        fw_asa_interface_line(asa, line) || fw_asa_object_clear(asa, line)) {
        return;
    }
    line->at = 0;
    if (fw_asa_setting_line(asa, line)) {
        asa->verdict = FW_LINE_IGNORED;
        asa->block = asa->block == FW_ASA_NO_BLOCK ? FW_ASA_OTHER : asa->block;
        return;
    }
    asa->block = FW_ASA_OTHER;
    if (!fw_asa_keyword(doc, line, FW_SV(""))) {
        fw_doc_bad(doc, line->number, asa->head, "unknown command \"%.*s\"", FW_SV_ARG(asa->head));
    }
    asa->verdict = (enum fw_line_verdict)doc->verdicts[line->number - 1];
}

static bool is_hexadecimal(fw_sv text)
{
    static const char digits[] = "0123456789abcdefABCDEF \t\r";
    for (size_t i = 0; i < text.n; i++) {
        if (fw_sv_find_char(fw_sv_from(digits), text.p[i]) == SIZE_MAX) {
            return false;
        }
    }
    return true;
}

/* A certificate without "quit" ends before `next`, the first line that is no part of one. */
static void end_certificate(struct fw_asa *asa, uint32_t next)
{
    struct fw_doc *doc = asa->cisco.doc;
    if (asa->certificate > 0) {
        fw_doc_mark_range(doc, asa->certificate, next - 1, FW_LINE_BAD);
        fw_doc_warn(doc, FW_DIAG_ID_UNTERMINATED, asa->certificate,
                    fw_doc_line_text(doc, asa->certificate), "a certificate without \"quit\"");
    }
    asa->certificate = 0;
}

static void read_line(struct fw_asa *asa, fw_sv text, uint32_t number)
{
    struct fw_doc *doc = asa->cisco.doc;
    struct fw_cisco_line line;
    fw_cisco_line_read(&doc->scratch, text, number, &line);
    if (asa->certificate > 0) {
        bool quit = fw_sv_is(line.text, "quit");
        if (quit || is_hexadecimal(line.text)) {
            asa->certificate = quit ? 0 : asa->certificate;
            fw_doc_mark(doc, number, FW_LINE_IGNORED);
            return;
        }
        end_certificate(asa, number);
    }
    if (is_comment(line.text) || is_prompt(&line)) {
        fw_doc_mark(doc, number, FW_LINE_IGNORED);
        return;
    }
    fw_cisco_secrets(doc, &line);
    cut_comment(&line);
    bool inside = asa->block != FW_ASA_NO_BLOCK && line.indent > asa->indent;
    if (inside || is_member_word(asa, &line)) {
        read_member(asa, &line);
    } else {
        read_top(asa, &line);
    }
}

static void read_later(struct fw_asa *asa)
{
    struct fw_doc *doc = asa->cisco.doc;
    for (size_t i = 0; i < asa->nlater; i++) {
        struct fw_cisco_line line;
        fw_cisco_line_read(&doc->scratch, fw_doc_line_text(doc, asa->later[i]), asa->later[i],
                           &line);
        cut_comment(&line);
        fw_asa_acl_read(asa, &line);
        fw_arena_reset(&doc->scratch);
    }
}

/* What is neither defined any more nor referred to is no object. */
static void drop_forgotten(struct fw_ruleset *ruleset)
{
    size_t n = 0;
    for (size_t i = 0; i < ruleset->nobjects; i++) {
        struct fw_object *object = ruleset->objects[i];
        if (object->defined || object->uses > 0) {
            ruleset->objects[n++] = object;
        }
    }
    ruleset->nobjects = n;
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct fw_asa *asa = fw_new(&doc->arena, struct fw_asa);
    uint64_t offset = 0;
    uint32_t number = 0;
    fw_sv text;
    fw_cisco_init(&asa->cisco, doc, ret);
    while (fw_doc_line(doc, &offset, &number, &text)) {
        read_line(asa, text, number);
        fw_arena_reset(&doc->scratch);
    }
    end_certificate(asa, number + 1);
    /* Before 9.0 an access list was about IPv4 only. */
    asa->cisco.families = asa->old && asa->major < 9 ? FW_FAMILY_BIT4 : FW_FAMILY_BOTH;
    read_later(asa);
    fw_asa_shown_read(asa);
    fw_asa_nat_finish(asa);
    fw_cisco_objects_finish(&asa->cisco);
    fw_asa_acl_finish(asa);
    ret->level_default = true;
    ret->has_settings = asa->nlisted == 0 || asa->nsettings > 0 || asa->cisco.ninterfaces > 0;
    fw_cisco_finish(&asa->cisco, asa->settings, asa->nsettings);
    drop_forgotten(ret);
}

/* How much a line speaks for an ASA, and not for a router. */
static int weigh(fw_sv text)
{
    static const struct {
        const char *starts;
        int weight;
    } rows[] = {
        {": Saved", 50},
        {": Serial Number:", 50},
        {"! This is an ASA", 50},
        {"ASA Version ", 90},
        {"FWSM Version ", 90},
        {"NGFW Version ", 90},
        {"PIX Version ", 90},
        {"access-group ", 30},
        {"fixup protocol ", 50},
        {"nameif ", 50},
        {"object network ", 40},
        {"object service ", 40},
        {"object-group network ", 20},
        {"object-group service ", 20},
        {"security-level ", 50},
        {"same-security-traffic ", 50},
        {"names", 10},
        {"sysopt ", 50},
        {"policy-map global_policy", 50},
        {"clear configure access-list ", 50},
    };
    int weight = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (fw_sv_starts(text, rows[i].starts)) {
            weight = rows[i].weight;
        }
    }
    if (fw_sv_starts(text, "access-list ") && (fw_sv_find(text, FW_SV(" extended ")) != SIZE_MAX ||
                                               fw_sv_find(text, FW_SV(" advanced ")) != SIZE_MAX)) {
        weight = 50;
    } else if (fw_sv_starts(text, "access-list ") && !fw_is_digit(text.p[12])) {
        weight = 20; /* routers have numbers here */
    } else if (fw_sv_starts(text, "ip access-list") || fw_sv_starts(text, "ip access-group") ||
               fw_sv_starts(text, "version 1") || fw_sv_starts(text, "version 9")) {
        weight = -100;
    }
    return weight;
}

static int bid(fw_sv head)
{
    int sum = 0;
    fw_sv text;
    while (fw_sv_split(&head, '\n', &text)) {
        sum += weigh(fw_sv_trim(text));
        if (sum >= 400 || sum <= -400) {
            break;
        }
    }
    return sum >= FW_BID_SURE ? FW_BID_SURE : sum > 0 ? sum : FW_BID_NO;
}

const struct fw_parser fw_parser_cisco_asa = {
    .name = "cisco-asa",
    .title = "Cisco ASA, PIX and FWSM configuration",
    .kind = FW_PARSER_RULESET,
    .version = 8,
    .bid = bid,
    .ruleset = parse,
};
