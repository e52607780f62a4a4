/*
 * The lists of PulledPork (disablesid.conf, enablesid.conf, dropsid.conf, modifysid.conf) and of
 * suricata-update (disable.conf, enable.conf, drop.conf, modify.conf):
 *
 *   1:1034,1:9837,1:3000-1:3010   # reason: not in use here; by: Chen; date: 2026-01-31
 *   2019401
 *   pcre:fwsam
 *   re:heartbleed
 *   group:emerging-icmp.rules
 *   metadata: deployment perimeter
 *   VRT-web-iis
 *   MS09-008
 *   cve:2009-0233
 *   1:2100498 "\$EXTERNAL_NET" "any"
 *   modifysid 2010000 "^alert" | "drop"
 *
 * A list does not say whether it disables or enables: its name does, or its first comments.
 */
#include "parsers/idsrules.h"
#include "parsers/idstuning.h"
#include "parsers/parser.h"

static const struct {
    const char *word;
    enum fw_tuning_kind kind;
} kinds[] = {{"disable", FW_TUNING_DISABLE},
             {"enable", FW_TUNING_ENABLE},
             {"drop", FW_TUNING_DROP},
             {"reject", FW_TUNING_REJECT},
             {"modify", FW_TUNING_MODIFY}};

/* By the first of the words that the text has; "disable" has "enable" in it. */
static bool kind_in(fw_sv text, const char *ending, enum fw_tuning_kind *ret)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        char word[32];
        size_t n = strlen(kinds[i].word);
        memcpy(word, kinds[i].word, n);
        memcpy(word + n, ending, strlen(ending) + 1);
        if (fw_sv_find_nocase(text, word) != SIZE_MAX) {
            *ret = kinds[i].kind;
            return true;
        }
    }
    return false;
}

struct reader {
    struct fw_doc *doc;
    struct fw_idsconf *conf;
    struct fw_idsnotes notes;
    bool known; /* what the list does */
    enum fw_tuning_kind kind;
};

/* "disablesid.conf" in a path, or in the comments that such files are delivered with. */
static void take_kind(struct reader *r)
{
    fw_sv path = r->doc->path;
    fw_sv head = fw_sv_sub(r->doc->text, 0, 4096);
    fw_sv line;
    for (size_t i = path.n; i > 0; i--) {
        if (path.p[i - 1] == '/') {
            path = fw_sv_sub(path, i, SIZE_MAX);
            break;
        }
    }
    r->known = kind_in(path, "", &r->kind);
    while (!r->known && fw_sv_split(&head, '\n', &line)) {
        line = fw_sv_trim(line);
        if (line.n > 0 && line.p[0] != '#') {
            return;
        }
        r->known = kind_in(line, "sid", &r->kind) || kind_in(line, ".conf", &r->kind);
    }
}

/* "MS09-008", "cve:2009-0233", "CVE-2009-0233", "bugtraq,1234" */
static bool is_reference(fw_sv s)
{
    static const char *const systems[] = {"bugtraq", "cve",   "nessus", "arachnids",
                                          "mcafee",  "osvdb", "url"};
    for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
        size_t n = strlen(systems[i]);
        if (fw_sv_starts_nocase(s, systems[i]) && s.n > n + 1 && memchr(":,-", s.p[n], 3)) {
            return true;
        }
    }
    return s.n >= 6 && fw_sv_starts_nocase(s, "MS") && fw_is_digit(s.p[2]) && fw_is_digit(s.p[3]) &&
           s.p[4] == '-';
}

/* "VRT-web-iis", "emerging-icmp.rules", "*deleted*" */
static bool is_category(fw_sv s)
{
    bool letter = false;
    for (size_t i = 0; i < s.n; i++) {
        letter = letter || fw_is_alpha(s.p[i]);
        if (!fw_is_word(s.p[i]) && !memchr(".*/", s.p[i], 3)) {
            return false;
        }
    }
    return letter || fw_sv_is(s, "*");
}

static bool take_prefixed(fw_sv s, struct fw_tuning *t)
{
    static const struct {
        const char *prefix;
        enum fw_tuning_select select;
    } prefixes[] = {{"pcre:", FW_SELECT_PATTERN},     {"re:", FW_SELECT_PATTERN},
                    {"group:", FW_SELECT_GROUP},      {"filename:", FW_SELECT_GROUP},
                    {"category:", FW_SELECT_GROUP},   {"classtype:", FW_SELECT_METADATA},
                    {"metadata:", FW_SELECT_METADATA}};
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (fw_sv_starts(s, prefixes[i].prefix)) {
            t->select = prefixes[i].select;
            t->words = fw_sv_trim(fw_sv_sub(s, strlen(prefixes[i].prefix), SIZE_MAX));
            if (fw_sv_is(fw_sv_sub(s, 0, 10), "classtype:")) {
                t->words = s;
            }
            return t->words.n > 0;
        }
    }
    return false;
}

/* One part of a list; false: it is nothing that such lists have. */
static bool take_part(fw_sv s, struct fw_tuning *t)
{
    if (fw_idstuning_sids(s, t) || take_prefixed(s, t)) {
        return true;
    }
    if (fw_sv_is(s, "*")) {
        t->select = FW_SELECT_ALL;
        return true;
    }
    t->words = s;
    t->select = is_reference(s) ? FW_SELECT_NAMED : FW_SELECT_GROUP;
    return is_reference(s) || is_category(s);
}

/* The rest of a line of modify lists: two texts in quotes, a bar between them if anything. */
static bool cut_texts(fw_sv *line, fw_sv *ret_from, fw_sv *ret_to)
{
    fw_sv s = fw_sv_trim(*line);
    size_t quotes[4];
    size_t n = 0;
    for (size_t i = s.n; i > 0 && n < 4; i--) {
        if (s.p[i - 1] == '"' && (i < 2 || s.p[i - 2] != '\\')) {
            quotes[n++] = i - 1;
        }
    }
    if (n < 4 || quotes[0] != s.n - 1) {
        return false;
    }
    fw_sv between = fw_sv_trim(fw_sv_sub(s, quotes[2] + 1, quotes[1] - quotes[2] - 1));
    *ret_from = fw_sv_sub(s, quotes[3] + 1, quotes[2] - quotes[3] - 1);
    *ret_to = fw_sv_sub(s, quotes[1] + 1, quotes[0] - quotes[1] - 1);
    *line = fw_sv_trim(fw_sv_sub(s, 0, quotes[3]));
    return between.n == 0 || fw_sv_is(between, "|");
}

static bool holds_whole_line(fw_sv s)
{
    return fw_sv_starts(s, "pcre:") || fw_sv_starts(s, "re:") || fw_sv_starts(s, "metadata:") ||
           fw_sv_starts(s, "classtype:");
}

static bool strip_verb(fw_sv *s)
{
    static const char *const verbs[] = {"modifysid ", "metadata-add "};
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (fw_sv_starts(*s, verbs[i])) {
            *s = fw_sv_trim(fw_sv_sub(*s, strlen(verbs[i]), SIZE_MAX));
            return true;
        }
    }
    return false;
}

/* Where the comment of a line begins: '#' behind a blank. In a pattern it may stand for itself. */
static size_t comment_at(fw_sv s)
{
    bool quoted = false;
    for (size_t i = 0; i < s.n; i++) {
        quoted = s.p[i] == '"' && (i == 0 || s.p[i - 1] != '\\') ? !quoted : quoted;
        if (!quoted && s.p[i] == '#' && (i == 0 || fw_is_blank(s.p[i - 1]))) {
            return i;
        }
    }
    return s.n;
}

static void read_line(struct reader *r, fw_sv text, fw_sv comment, uint32_t line)
{
    struct fw_tuning base = {.kind = r->kind, .span = fw_doc_span(r->doc, text, line)};
    fw_sv rest = text;
    strip_verb(&rest);
    bool modify = cut_texts(&rest, &base.from, &base.to);
    if (modify) {
        base.kind = FW_TUNING_MODIFY;
    } else if (!r->known || r->kind == FW_TUNING_MODIFY) {
        fw_idsnotes_forget(&r->notes);
        if (r->known) {
            fw_doc_bad(r->doc, line, text, "expected what to replace and by what, in quotes");
        } else {
            fw_doc_unsupported(
                r->doc, line, text,
                "nothing says whether this list disables or enables: its name should "
                "be disablesid.conf, enable.conf, drop.conf or the like");
        }
        return;
    }
    base.note = fw_idsnotes_take(&r->notes, comment, line);
    if (rest.n == 0) {
        fw_doc_bad(r->doc, line, text, "expected which rules to change before the texts");
        return;
    }
    bool whole = holds_whole_line(rest);
    fw_sv part = rest;
    while (whole || fw_sv_split(&rest, ',', &part)) {
        struct fw_tuning t = base;
        part = fw_sv_trim(part);
        if (take_part(part, &t)) {
            fw_doc_mark(r->doc, line, FW_LINE_USED);
            fw_idstuning_add(r->doc, r->conf, &t);
        } else {
            fw_doc_bad(r->doc, line, part,
                       "expected gid:sid, a range, pcre:, re:, group: or a name");
        }
        if (whole) {
            return;
        }
    }
}

static void ids_lists(struct fw_doc *doc, struct fw_idsrules *ret)
{
    struct reader r = {.doc = doc, .conf = &ret->conf};
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    fw_idsnotes_init(&r.notes, doc);
    take_kind(&r);
    while (fw_doc_line(doc, &offset, &line, &text)) {
        size_t at = comment_at(text);
        fw_sv s = fw_sv_trim(fw_sv_sub(text, 0, at));
        fw_sv comment = fw_sv_sub(text, at + 1, SIZE_MAX);
        if (s.n > 0) {
            read_line(&r, s, comment, line);
            continue;
        }
        fw_doc_mark(doc, line, FW_LINE_IGNORED);
        if (at < text.n) {
            fw_idsnotes_comment(&r.notes, comment);
        } else {
            fw_idsnotes_forget(&r.notes);
        }
    }
}

/* "disablesid.conf", "disable.conf" and their like. */
static bool is_list_name(fw_sv name)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t n = strlen(kinds[i].word);
        fw_sv ending = fw_sv_sub(name, n, SIZE_MAX);
        if (fw_sv_starts_nocase(name, kinds[i].word) &&
            (fw_sv_is_nocase(ending, ".conf") || fw_sv_is_nocase(ending, "sid.conf"))) {
            return true;
        }
    }
    return false;
}

/* One number, or one word, is a whole list when the file is called so and nothing else stands in
 * it. */
static int ids_lists_bid_named(fw_sv name, fw_sv head)
{
    fw_sv line;
    bool any = false;
    struct fw_tuning t = {.gid = 0};
    if (!is_list_name(name)) {
        return FW_BID_NO;
    }
    while (fw_sv_split(&head, '\n', &line)) {
        fw_sv s = fw_sv_trim(fw_sv_sub(line, 0, comment_at(line)));
        fw_sv part;
        while (s.n > 0 && fw_sv_split(&s, ',', &part)) {
            if (!take_part(fw_sv_trim(part), &t)) {
                return FW_BID_NO;
            }
            any = true;
        }
    }
    return any ? FW_BID_LIKELY : FW_BID_NO;
}

/* What Snort counted is columns of numbers, too: "1781402405,0.100,12.345". */
static bool is_sample(fw_sv line)
{
    fw_sv cell;
    fw_sv share;
    return fw_sv_split(&line, ',', &cell) && cell.n == 10 && fw_sv_split(&line, ',', &share) &&
           fw_sv_find_char(share, '.') != SIZE_MAX;
}

/* Nearly every line has to be one of such a list; at least one has to be more than a bare word. */
static int ids_lists_bid(fw_sv head)
{
    if (fw_sv_starts(head, "#time,") || fw_sv_starts(head, "#timestamp,")) {
        return FW_BID_NO;
    }
    fw_sv line;
    bool named = false;
    unsigned plain = 0;
    unsigned sure = 0;
    unsigned strange = 0;
    while (fw_sv_split(&head, '\n', &line)) {
        fw_sv s = fw_sv_trim(fw_sv_sub(line, 0, comment_at(line)));
        enum fw_tuning_kind kind;
        if (s.n == 0) {
            named = named || kind_in(line, "sid", &kind) || kind_in(line, ".conf", &kind);
            continue;
        }
        fw_sv from;
        fw_sv to;
        struct fw_tuning t = {.gid = 0};
        fw_sv rest = s;
        bool verb = strip_verb(&rest);
        bool modify = cut_texts(&rest, &from, &to);
        fw_sv part = fw_sv_sub(rest, 0,
                               holds_whole_line(rest) ? SIZE_MAX : fw_sv_find_char(rest, ','));
        if (is_sample(s) || !take_part(fw_sv_trim(part), &t)) {
            strange += head.n > 0; /* the last line may be cut */
            continue;
        }
        bool sid = t.select == FW_SELECT_SID &&
                   (fw_sv_find_char(part, ':') != SIZE_MAX || t.sid > 999);
        sure += (verb && modify) || (modify && sid) || t.select == FW_SELECT_PATTERN ||
                (sid && fw_sv_find_char(part, ':') != SIZE_MAX) || fw_sv_starts(part, "group:") ||
                t.select == FW_SELECT_NAMED;
        plain += sid || modify;
    }
    if (strange * 8 > sure + plain) {
        return FW_BID_NO;
    }
    return sure > 0 && named ? FW_BID_SURE
           : sure > 0        ? FW_BID_LIKELY + 20
           : named           ? FW_BID_LIKELY + 10
           : plain > 0       ? FW_BID_LIKELY
                             : FW_BID_NO;
}

const struct fw_parser fw_parser_ids_lists = {
    .name = "ids-lists",
    .title = "Lists of PulledPork and suricata-update (disablesid.conf, enable.conf ...)",
    .kind = FW_PARSER_IDSRULES,
    .version = 1,
    .bid = ids_lists_bid,
    .bid_named = ids_lists_bid_named,
    .idsrules = ids_lists,
};
