/*
 * Rule files of Snort 2 and 3 and of Suricata:
 *
 *   # Emerging Threats
 *   # Generated 2017-03-10 00:30:01 EDT
 *   alert tcp $EXTERNAL_NET any -> $HOME_NET 445 (msg:"DEMO SMB probe"; flags:S; sid:2900002;
 * rev:2; metadata:created_at 2023_07_01, updated_at 2025_01_15;) #alert icmp any any -> $HOME_NET
 * any (msg:"DEMO ping"; itype:8; sid:2900003; rev:1;)
 *
 * (a rule is one line, or several when a backslash or an open parenthesis continues it). A rule in
 * a comment is a disabled signature: that is how they are tuned. Comments before the first rule may
 * name the set, its version and its date.
 */
#include "core/limits.h"
#include "core/time.h"
#include "parsers/idsnote.h"
#include "parsers/idsrules.h"
#include "parsers/idsset.h"
#include "parsers/idstuning.h"
#include "parsers/parser.h"

enum { RULE_LINES_MAX = 256 }; /* of one rule whose parenthesis is not closed */

/* Suricata's firewall rules say with the action what it holds for: "accept:hook", "drop:flow". */
static bool is_action(fw_sv word)
{
    static const char *const words[] = {
        "accept",     "activate",  "alert",     "block",   "config", "drop",
        "dynamic",    "file_id",   "log",       "pass",    "react",  "reject",
        "rejectboth", "rejectdst", "rejectsrc", "rewrite", "sdrop"};
    fw_sv name = fw_sv_sub(word, 0, fw_sv_find_char(word, ':'));
    return FW_SV_AMONG(name, words);
}

/* A comment's text, or the line itself. */
static fw_sv strip_comment(fw_sv line, bool *ret_comment)
{
    fw_sv s = fw_sv_trim(line);
    *ret_comment = s.n > 0 && s.p[0] == '#';
    while (s.n > 0 && s.p[0] == '#') {
        s = fw_sv_trim(fw_sv_sub(s, 1, SIZE_MAX));
    }
    return s;
}

static bool starts_rule(fw_sv s)
{
    fw_sv word;
    fw_sv rest = s;
    return fw_sv_word(&rest, &word) && is_action(word) && rest.n > 0;
}

/* Where the options begin and end. They end with ";)", then at most a comment; a parenthesis
 * elsewhere belongs to a value. SIZE_MAX when one of the two is not there. */
static size_t find_options(fw_sv s, size_t *ret_open)
{
    *ret_open = fw_sv_find_char(s, '(');
    for (size_t i = s.n; *ret_open != SIZE_MAX && i > *ret_open + 1; i--) {
        if (s.p[i - 1] == ')') {
            fw_sv before = fw_sv_trim(fw_sv_sub(s, *ret_open + 1, i - *ret_open - 2));
            fw_sv after = fw_sv_trim(fw_sv_sub(s, i, SIZE_MAX));
            if ((after.n == 0 || after.p[0] == '#') &&
                (before.n == 0 || before.p[before.n - 1] == ';')) {
                return i - 1;
            }
        }
    }
    return SIZE_MAX;
}

/* Cuts one "key:value" or "key" up to a semicolon. Quotes do not protect a semicolon, only a
 * backslash does: rules with a stray quote in a pattern are read as the engines read them. */
static bool cut_option(fw_sv *rest, fw_sv *ret_key, fw_sv *ret_value)
{
    size_t i = 0;
    size_t colon = SIZE_MAX;
    fw_sv s = fw_sv_trim(*rest);
    if (s.n == 0) {
        return false;
    }
    for (; i < s.n && s.p[i] != ';'; i++) {
        if (s.p[i] == '\\') {
            i++;
        } else if (s.p[i] == ':' && colon == SIZE_MAX) {
            colon = i;
        }
    }
    size_t end = i < s.n ? i : s.n;
    *ret_key = fw_sv_trim(fw_sv_sub(s, 0, colon < end ? colon : end));
    *ret_value = colon < end ? fw_sv_trim(fw_sv_sub(s, colon + 1, end - colon - 1)) : FW_SV("");
    *rest = fw_sv_sub(s, end + 1, SIZE_MAX);
    return true;
}

/* Without quotes and without the backslashes before what has a meaning in a rule. */
static fw_sv unquote(fw_sv text, struct fw_arena *arena)
{
    if (text.n >= 2 && text.p[0] == '"' && text.p[text.n - 1] == '"') {
        text = fw_sv_sub(text, 1, text.n - 2);
    }
    if (fw_sv_find_char(text, '\\') == SIZE_MAX) {
        return text;
    }
    char *out = fw_arena_alloc(arena, text.n);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        bool escape = text.p[i] == '\\' && i + 1 < text.n &&
                      memchr("\";:\\", text.p[i + 1], 4) != NULL;
        i += escape;
        out[n++] = text.p[i];
    }
    return fw_sv_of(out, n);
}

/* "2022-04-18", "2022_04_18", "2022/04/18" or "20220418" at the front. */
static bool read_date(fw_sv s, struct fw_date *ret)
{
    uint32_t part[3];
    static const size_t lengths[] = {4, 2, 2};
    size_t at = 0;
    char separator = s.n > 4 ? s.p[4] : '\0';
    bool apart = separator == '-' || separator == '_' || separator == '/';
    for (size_t i = 0; i < 3; i++) {
        if (i > 0 && apart && (at >= s.n || s.p[at++] != separator)) {
            return false;
        }
        if (!fw_sv_u32(fw_sv_sub(s, at, lengths[i]), 9999, &part[i]) || at + lengths[i] > s.n) {
            return false;
        }
        at += lengths[i];
    }
    if ((at < s.n && fw_is_digit(s.p[at])) || part[0] < 1990 || part[0] > 2199 ||
        !fw_date_valid((int32_t)part[0], part[1], part[2])) {
        return false;
    }
    *ret = (struct fw_date){(int32_t)part[0], (uint8_t)part[1], (uint8_t)part[2]};
    return true;
}

static void take_date(struct fw_idsrules *rules, struct fw_date date, fw_span span)
{
    if (rules->set_date.year == 0 || fw_date_days(date) > fw_date_days(rules->set_date)) {
        rules->set_date = date;
        rules->set_span = span;
    }
}

/* "created_at 2023_07_01, updated_at 2025_01_15" */
static void take_metadata(struct fw_signature *sig, fw_sv value, struct fw_idsrules *rules)
{
    fw_sv item;
    while (fw_sv_split(&value, ',', &item)) {
        fw_sv key;
        fw_sv rest = item;
        if (!fw_sv_word(&rest, &key)) {
            continue;
        }
        fw_sv text = fw_sv_trim(rest);
        struct fw_date date;
        if (fw_sv_is(key, "created_at")) {
            sig->created = text;
        } else if (fw_sv_is(key, "updated_at")) {
            sig->updated = text;
        } else {
            continue;
        }
        if (read_date(text, &date)) {
            take_date(rules, date, sig->span);
        }
    }
}

/* A word of the header; a list in brackets is one, blanks and all. */
static bool cut_word(fw_sv *rest, fw_sv *ret)
{
    fw_sv s = fw_sv_trim(*rest);
    size_t depth = 0;
    size_t i = 0;
    while (i < s.n && (depth > 0 || !fw_is_blank(s.p[i]))) {
        depth += s.p[i] == '[';
        depth -= s.p[i] == ']' && depth > 0;
        i++;
    }
    *ret = fw_sv_sub(s, 0, i);
    *rest = fw_sv_sub(s, i, SIZE_MAX);
    return i > 0;
}

/* "tcp $EXTERNAL_NET any -> $HOME_NET 445"; Snort 3 lets all but the protocol be left out. */
static void read_head(fw_sv head, struct fw_signature *sig)
{
    fw_sv *const words[] = {&sig->action,          &sig->protocol,  &sig->source,
                            &sig->source_port,     &sig->direction, &sig->destination,
                            &sig->destination_port};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!cut_word(&head, words[i])) {
            return;
        }
    }
}

/* References are few; a list of them is made anew when one more comes. */
static void take_reference(struct fw_arena *arena, struct fw_signature *sig, fw_sv value)
{
    if (sig->nreferences == FW_LIMIT_IDS_REFERENCES) {
        return;
    }
    fw_sv *v = fw_arena_push(arena, (void *)(uintptr_t)sig->references, sig->nreferences,
                             sizeof(fw_sv));
    v[sig->nreferences++] = value;
    sig->references = v;
}

static void join_metadata(struct fw_arena *arena, struct fw_signature *sig, fw_sv value)
{
    if (sig->metadata.n == 0) {
        sig->metadata = value;
    } else {
        sig->metadata = fw_arena_printf(arena, "%.*s, %.*s", FW_SV_ARG(sig->metadata),
                                        FW_SV_ARG(value));
    }
}

/* Options that thin out what a rule alerts about: of one rule at most so many are read. */
enum { FILTERS = 4 };

struct filters {
    size_t n;
    struct fw_tuning v[FILTERS];
    fw_sv wrong; /* an option of this name that cannot be read */
};

static void take_filter(struct filters *filters, enum fw_tuning_kind kind, fw_sv value)
{
    bool room = filters->n < FILTERS;
    if (room && fw_idstuning_option(kind, value, &filters->v[filters->n])) {
        filters->n++;
    } else {
        filters->wrong = value.n > 0 ? value : FW_SV(";");
    }
}

/* One rule without its comment sign; false when it is none. */
static bool read_rule(struct fw_arena *arena, fw_sv s, struct fw_idsrules *rules,
                      struct fw_signature *sig, struct filters *filters)
{
    size_t open;
    size_t close = find_options(s, &open);
    if (open == SIZE_MAX || close == SIZE_MAX) {
        return false;
    }
    fw_sv head = fw_sv_sub(s, 0, open);
    fw_sv options = fw_sv_sub(s, open + 1, close - open - 1);
    fw_sv key;
    fw_sv value;
    read_head(head, sig);
    sig->gid = 1;
    bool has_sid = false;
    while (cut_option(&options, &key, &value)) {
        if (fw_sv_is(key, "sid")) {
            has_sid = fw_sv_u32(value, UINT32_MAX, &sig->sid);
        } else if (fw_sv_is(key, "gid")) {
            fw_sv_u32(value, UINT32_MAX, &sig->gid);
        } else if (fw_sv_is(key, "rev")) {
            fw_sv_u32(value, UINT32_MAX, &sig->rev);
        } else if (fw_sv_is(key, "msg")) {
            sig->msg = unquote(value, arena);
        } else if (fw_sv_is(key, "classtype")) {
            sig->classtype = value;
        } else if (fw_sv_is(key, "metadata")) {
            take_metadata(sig, value, rules);
            join_metadata(arena, sig, value);
        } else if (fw_sv_is(key, "reference")) {
            take_reference(arena, sig, value);
        } else if (fw_sv_is(key, "priority")) {
            fw_sv_u32(value, UINT32_MAX, &sig->priority);
        } else if (fw_sv_is(key, "noalert")) {
            sig->noalert = true;
        } else if (fw_sv_is(key, "flowbits") || fw_sv_is(key, "xbits")) {
            sig->noalert = sig->noalert || fw_sv_is(value, "noalert");
        } else if (fw_sv_is(key, "threshold")) {
            take_filter(filters, FW_TUNING_THRESHOLD, value);
        } else if (fw_sv_is(key, "detection_filter")) {
            take_filter(filters, FW_TUNING_DETECTION_FILTER, value);
        }
    }
    return has_sid;
}

struct reader {
    struct fw_doc *doc;
    struct fw_idsrules *rules;
    uint64_t offset;
    uint32_t line;  /* that was read last */
    bool in_header; /* no rule was read yet */
    struct fw_idsnotes notes;
    enum fw_publisher publisher;                    /* that the header names */
    uint64_t community, local, suricata, open, pro; /* rules that say so themselves */
};

/* A rule and the lines that continue it, without the line ends; *ret_last is its last line. */
static fw_sv join(struct reader *r, fw_sv first, bool comment, uint32_t *ret_last)
{
    struct fw_arena *arena = &r->doc->arena;
    fw_sv text = first;
    size_t open;
    uint32_t line = r->line;
    *ret_last = line;
    for (int n = 0; n < RULE_LINES_MAX; n++) {
        bool backslash = text.n > 0 && text.p[text.n - 1] == '\\';
        bool closed = find_options(text, &open) != SIZE_MAX;
        if (!backslash && (closed || comment)) {
            return text;
        }
        uint64_t offset = r->offset;
        fw_sv more;
        bool also_comment;
        if (!fw_doc_line(r->doc, &offset, &line, &more)) {
            return text;
        }
        fw_sv next = strip_comment(more, &also_comment);
        /* A new rule, or a comment inside a rule that is none, ends what was not closed. Snort 3
         * lets the options begin on a line of their own. */
        bool header = open == SIZE_MAX && !backslash && (next.n == 0 || next.p[0] != '(');
        if (also_comment != comment || starts_rule(next) || header) {
            line--;
            return text;
        }
        fw_sv head = backslash ? fw_sv_sub(text, 0, text.n - 1) : text;
        char *joined = fw_arena_alloc(arena, head.n + next.n + 1);
        memcpy(joined, head.p, head.n);
        joined[head.n] = ' ';
        if (next.n > 0) {
            memcpy(joined + head.n + 1, next.p, next.n);
        }
        text = fw_sv_of(joined, head.n + next.n + 1);
        r->offset = offset;
        *ret_last = line;
    }
    return text;
}

/* Numbers are given out by publisher; community rules say so in their metadata. */
static void count_publisher(struct reader *r, const struct fw_signature *sig)
{
    r->community += fw_sv_find(sig->metadata, FW_SV("ruleset community")) != SIZE_MAX;
    r->local += sig->sid >= 1000000 && sig->sid < 2000000;
    r->suricata += sig->sid >= 2200000 && sig->sid < 2300000;
    r->open += sig->sid >= 2000000 && sig->sid < 2800000;
    r->pro += sig->sid >= 2800000 && sig->sid < 2900000;
}

/* The set: what the header says, else what more than half of the rules say. */
static void add_set(struct reader *r)
{
    struct fw_idsrules *rules = r->rules;
    uint64_t half = rules->n / 2;
    struct fw_ids_ruleset set = {.publisher = r->publisher != FW_PUBLISHER_UNKNOWN ? r->publisher
                                              : r->pro > 0 && r->pro + r->open > half
                                                  ? FW_PUBLISHER_ET_PRO
                                              : r->suricata > half  ? FW_PUBLISHER_SURICATA
                                              : r->open > half      ? FW_PUBLISHER_ET_OPEN
                                              : r->local > half     ? FW_PUBLISHER_LOCAL
                                              : r->community > half ? FW_PUBLISHER_SNORT3_COMMUNITY
                                                                    : FW_PUBLISHER_UNKNOWN,
                                 .name = rules->set_name,
                                 .version = rules->set_version,
                                 .date = rules->set_date,
                                 .span = rules->set_span};
    bool known = set.publisher != FW_PUBLISHER_UNKNOWN || set.name.n > 0 || set.version.n > 0;
    if (rules->n > 0 && known) {
        if (set.name.n == 0) {
            set.name = fw_sv_from(fw_publisher_title(set.publisher));
        }
        fw_idsset_add(r->doc, &rules->conf, &set);
    }
}

/* Of a rule that runs. What cannot be read makes the rule's lines unsupported, not the rule. */
static void add_filters(struct reader *r, const struct fw_signature *sig, struct filters *filters)
{
    for (size_t i = 0; sig->enabled && i < filters->n; i++) {
        struct fw_tuning *t = &filters->v[i];
        t->select = FW_SELECT_SID;
        t->gid = sig->gid;
        t->sid = sig->sid;
        t->sid_last = sig->sid;
        t->note = sig->note;
        t->span = sig->span;
        fw_idstuning_add(r->doc, &r->rules->conf, t);
    }
    if (sig->enabled && filters->wrong.n > 0) {
        fw_doc_unsupported(r->doc, sig->span.line, (fw_sv){0},
                           "cannot read how this rule thins out its alerts: \"%.*s\"",
                           FW_SV_ARG(fw_sv_sub(filters->wrong, 0, 80)));
    }
}

static void add_rule(struct reader *r, const struct fw_signature *sig)
{
    struct fw_idsrules *rules = r->rules;
    count_publisher(r, sig);
    rules->v = fw_arena_push(&r->doc->arena, rules->v, rules->n, sizeof(rules->v[0]));
    rules->v[rules->n++] = *sig;
    r->in_header = false;
}

/* Legal text and identifiers of version control name no rule set. */
static bool is_boilerplate(fw_sv s)
{
    return fw_sv_starts_nocase(s, "(c)") || fw_sv_starts_nocase(s, "copyright") ||
           fw_sv_starts(s, "$Id") || fw_sv_find_nocase(s, "rights reserved") != SIZE_MAX;
}

/* The words before ", version 20260530" or the end, without a frame of dashes or number signs. */
static fw_sv name_in(fw_sv s)
{
    size_t version = fw_sv_find_nocase(s, "version");
    s = fw_sv_sub(s, 0, version);
    while (s.n > 0 && memchr(" \t#*-=,.:;", s.p[s.n - 1], 10)) {
        s.n--;
    }
    while (s.n > 0 && memchr(" \t#*-=", s.p[0], 6)) {
        s = fw_sv_sub(s, 1, SIZE_MAX);
    }
    return s;
}

static void read_header(struct reader *r, fw_sv comment, fw_sv line)
{
    struct fw_idsrules *rules = r->rules;
    if (r->publisher == FW_PUBLISHER_UNKNOWN) {
        r->publisher = fw_publisher_of(comment); /* legal text names the publisher, too */
    }
    if (is_boilerplate(comment)) {
        return;
    }
    fw_span span = fw_doc_span(r->doc, line, r->line);
    for (size_t i = 0; i < comment.n; i++) {
        struct fw_date date;
        bool starts = fw_is_digit(comment.p[i]) && (i == 0 || !fw_is_digit(comment.p[i - 1]));
        if (starts && read_date(fw_sv_sub(comment, i, SIZE_MAX), &date)) {
            take_date(rules, date, span);
        }
    }
    size_t version = fw_sv_find_nocase(comment, "version");
    if (version != SIZE_MAX && rules->set_version.n == 0) {
        fw_sv rest = fw_sv_sub(comment, version + 7, SIZE_MAX);
        while (rest.n > 0 && (rest.p[0] == ':' || rest.p[0] == '=')) {
            rest = fw_sv_sub(rest, 1, SIZE_MAX);
        }
        fw_sv word;
        if (fw_sv_word(&rest, &word) && fw_is_digit(word.p[word.p[0] == 'v' && word.n > 1])) {
            rules->set_version = word;
        }
    }
    fw_sv name = name_in(comment);
    if (rules->set_name.n == 0 && name.n >= 4 && fw_is_alpha(name.p[0])) {
        rules->set_name = name;
    }
}

/* What follows the options behind a '#'. */
static fw_sv comment_behind(fw_sv text)
{
    size_t open;
    size_t close = find_options(text, &open);
    fw_sv rest = fw_sv_trim(fw_sv_sub(text, close == SIZE_MAX ? text.n : close + 1, SIZE_MAX));
    return rest.n > 0 ? fw_sv_sub(rest, 1, SIZE_MAX) : (fw_sv){0};
}

static void read_line(struct reader *r, fw_sv line)
{
    bool comment;
    fw_sv s = strip_comment(line, &comment);
    uint32_t first = r->line;
    struct fw_signature sig = {.enabled = !comment, .span = fw_doc_span(r->doc, line, first)};
    if (s.n == 0) {
        fw_doc_mark(r->doc, first, FW_LINE_IGNORED);
        if (!comment) {
            fw_idsnotes_forget(&r->notes);
        }
        return;
    }
    uint32_t last = first;
    uint64_t before = r->offset;
    if (starts_rule(s)) {
        fw_sv text = join(r, s, comment, &last);
        struct filters filters = {0};
        if (read_rule(&r->doc->arena, text, r->rules, &sig, &filters)) {
            fw_doc_mark_range(r->doc, first, last, FW_LINE_USED);
            r->line = last;
            sig.note = fw_idsnotes_take(&r->notes, comment_behind(text), first);
            add_rule(r, &sig);
            add_filters(r, &sig, &filters);
            return;
        }
    }
    if (comment) {
        r->offset = before; /* prose that began like a rule */
        fw_doc_mark(r->doc, first, FW_LINE_IGNORED);
        fw_idsnotes_comment(&r->notes, s);
        if (r->in_header) {
            read_header(r, s, line);
        }
        return;
    }
    fw_idsnotes_forget(&r->notes);
    if (fw_sv_starts(s, "include ")) {
        struct fw_ids_mention m = {.kind = FW_MENTION_RULES,
                                   .enabled = true,
                                   .name = fw_sv_trim(fw_sv_sub(s, 8, SIZE_MAX)),
                                   .span = fw_doc_span(r->doc, line, first)};
        fw_idsmention_add(r->doc, &r->rules->conf, &m);
        fw_doc_mark(r->doc, first, FW_LINE_USED);
        return;
    }
    fw_doc_mark_range(r->doc, first, last, FW_LINE_BAD);
    fw_doc_bad(r->doc, first, s,
               starts_rule(s) ? "rule without closed options or a sid"
                              : "expected a rule: an action, a header and options in parentheses");
    r->line = last;
}

static void snort_rules(struct fw_doc *doc, struct fw_idsrules *ret)
{
    struct reader r = {.doc = doc, .rules = ret, .in_header = true};
    fw_sv line;
    fw_idsnotes_init(&r.notes, doc);
    while (fw_doc_line(doc, &r.offset, &r.line, &line)) {
        read_line(&r, line);
    }
    add_set(&r);
}

static int snort_rules_bid(fw_sv head)
{
    fw_sv line;
    while (fw_sv_split(&head, '\n', &line)) {
        bool comment;
        fw_sv s = strip_comment(line, &comment);
        if (starts_rule(s) && fw_sv_find_char(s, '(') != SIZE_MAX &&
            (fw_sv_find(s, FW_SV("sid:")) != SIZE_MAX ||
             fw_sv_find(s, FW_SV("msg:")) != SIZE_MAX)) {
            return FW_BID_SURE;
        }
    }
    return FW_BID_NO;
}

const struct fw_parser fw_parser_snort_rules = {
    .name = "snort-rules",
    .title = "Snort and Suricata rule files",
    .kind = FW_PARSER_IDSRULES,
    .version = 3,
    .bid = snort_rules_bid,
    .idsrules = snort_rules,
};
