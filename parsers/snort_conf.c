/*
 * snort.conf, and the files that it includes: classification.config, reference.config.
 *
 *   ipvar HOME_NET [192.0.2.0/24,10.0.0.0/8]
 *   portvar HTTP_PORTS [80,8080]
 *   var RULE_PATH /etc/snort/rules
 *   include $RULE_PATH/local.rules
 *   # include $RULE_PATH/chat.rules
 *   config classification: attempted-recon,Attempted Information Leak,2
 *   config reference: cve https://cve.mitre.org/cgi-bin/cvename.cgi?name=
 *   preprocessor sfportscan: proto { all } sense_level { low } ignore_scanners { 192.0.2.9 }
 *   output unified2: filename snort.u2, limit 128
 *   suppress gen_id 1, sig_id 1852, track by_src, ip 192.0.2.0/24
 *
 * What decides how packets are decoded and reassembled is known and not used.
 */
#include "parsers/idsrules.h"
#include "parsers/idsset.h"
#include "parsers/idstuning.h"
#include "parsers/parser.h"

struct reader {
    struct fw_doc *doc;
    struct fw_idsconf *conf;
    struct fw_idsnotes notes;
    const struct fw_idsstatement *s;
    fw_sv rest; /* behind the keyword */
};

static void mark(struct reader *r, enum fw_line_verdict verdict)
{
    fw_doc_mark_range(r->doc, r->s->first, r->s->last, verdict);
}

static void bad(struct reader *r, const char *expected)
{
    mark(r, FW_LINE_BAD);
    fw_doc_bad(r->doc, r->s->first, r->s->text, "expected %s", expected);
}

static void read_variable(struct reader *r, enum fw_ids_variable_kind kind)
{
    fw_sv name;
    fw_sv value = r->rest;
    if (!fw_sv_word(&value, &name) || fw_sv_trim(value).n == 0) {
        bad(r, "a name and a value");
        return;
    }
    value = fw_sv_trim(value);
    if (kind == FW_IDS_TEXT) {
        /* Before Snort 2.9, and without IPv6, networks were plain variables. */
        bool path = fw_sv_find_char(value, '/') != SIZE_MAX && fw_sv_ends(name, "_PATH");
        bool network = fw_sv_ends(name, "_NET") || fw_sv_ends(name, "_SERVERS") ||
                       fw_sv_is(name, "DNS_SERVERS") || fw_sv_is(name, "AIM_SERVERS");
        kind = network && !path ? FW_IDS_ADDRESSES : kind;
        if (fw_sv_is(name, "RULE_PATH")) {
            struct fw_ids_mention m = {.kind = FW_MENTION_RULE_PATH,
                                       .enabled = true,
                                       .name = name,
                                       .value = value,
                                       .span = r->s->span};
            fw_idsmention_add(r->doc, r->conf, &m);
        }
    }
    fw_idsvariable_add(r->doc, r->conf, kind, name, value, r->s->first);
    mark(r, FW_LINE_USED);
}

static void read_include(struct reader *r, fw_sv path, bool enabled)
{
    struct fw_ids_mention m = {.kind = fw_sv_ends(path, ".rules") ? FW_MENTION_RULES
                                                                  : FW_MENTION_INCLUDE,
                               .enabled = enabled,
                               .name = path,
                               .span = r->s->span};
    fw_idsmention_add(r->doc, r->conf, &m);
}

static void read_output(struct reader *r)
{
    size_t colon = fw_sv_find_char(r->rest, ':');
    struct fw_ids_mention m = {.kind = FW_MENTION_OUTPUT,
                               .enabled = true,
                               .name = fw_sv_trim(fw_sv_sub(r->rest, 0, colon)),
                               .value = colon == SIZE_MAX
                                            ? (fw_sv){0}
                                            : fw_sv_trim(fw_sv_sub(r->rest, colon + 1, SIZE_MAX)),
                               .span = r->s->span};
    if (m.name.n == 0) {
        bad(r, "the name of an output");
        return;
    }
    /* output database: alert, mysql, user=snort password=... */
    size_t password = fw_sv_find(m.value, FW_SV("password="));
    if (password != SIZE_MAX) {
        fw_sv secret;
        fw_sv rest = fw_sv_sub(m.value, password + 9, SIZE_MAX);
        if (fw_sv_word(&rest, &secret)) {
            fw_doc_secret(r->doc, r->s->first, secret);
        }
        m.value = fw_sv_trim(fw_sv_sub(m.value, 0, password));
    }
    fw_idsmention_add(r->doc, r->conf, &m);
    mark(r, FW_LINE_USED);
}

/* "classification: name,text,priority" */
static void read_class(struct reader *r, fw_sv value)
{
    struct fw_ids_class class = {.span = r->s->span};
    size_t first = fw_sv_find_char(value, ',');
    size_t last = value.n;
    while (last > 0 && value.p[last - 1] != ',') {
        last--;
    }
    if (first == SIZE_MAX || last <= first + 1 ||
        !fw_sv_u32(fw_sv_trim(fw_sv_sub(value, last, SIZE_MAX)), UINT32_MAX, &class.priority)) {
        bad(r, "name,text,priority");
        return;
    }
    class.name = fw_sv_trim(fw_sv_sub(value, 0, first));
    class.text = fw_sv_trim(fw_sv_sub(value, first + 1, last - first - 2));
    r->conf->classes = fw_arena_push(&r->doc->arena, r->conf->classes, r->conf->nclasses,
                                     sizeof(class));
    r->conf->classes[r->conf->nclasses++] = class;
    mark(r, FW_LINE_USED);
}

static void read_reference(struct reader *r, fw_sv value)
{
    struct fw_ids_reference reference = {.span = r->s->span};
    if (!fw_sv_word(&value, &reference.name)) {
        bad(r, "a name and an address");
        return;
    }
    reference.url = fw_sv_trim(value);
    r->conf->references = fw_arena_push(&r->doc->arena, r->conf->references, r->conf->nreferences,
                                        sizeof(reference));
    r->conf->references[r->conf->nreferences++] = reference;
    mark(r, FW_LINE_USED);
}

static void read_config(struct reader *r)
{
    size_t colon = fw_sv_find_char(r->rest, ':');
    fw_sv name = fw_sv_trim(fw_sv_sub(r->rest, 0, colon));
    fw_sv value = colon == SIZE_MAX ? FW_SV("")
                                    : fw_sv_trim(fw_sv_sub(r->rest, colon + 1, SIZE_MAX));
    if (fw_sv_is(name, "classification")) {
        read_class(r, value);
    } else if (fw_sv_is(name, "reference")) {
        read_reference(r, value);
    } else if (fw_sv_is(name, "interface")) {
        struct fw_ids_mention m = {
            .kind = FW_MENTION_INTERFACE, .enabled = true, .name = value, .span = r->s->span};
        fw_idsmention_add(r->doc, r->conf, &m);
        mark(r, FW_LINE_USED);
    } else if (name.n > 0) {
        mark(r, FW_LINE_IGNORED);
    } else {
        bad(r, "the name of a setting");
    }
}

/* What is in braces behind a word; {0} when there is none. */
static fw_sv braces_after(fw_sv text, const char *word)
{
    size_t at = fw_sv_find(text, fw_sv_from(word));
    fw_sv rest = fw_sv_trim(fw_sv_sub(text, at == SIZE_MAX ? text.n : at + strlen(word), SIZE_MAX));
    size_t close = fw_sv_find_char(rest, '}');
    if (rest.n == 0 || rest.p[0] != '{' || close == SIZE_MAX) {
        return (fw_sv){0};
    }
    return fw_sv_trim(fw_sv_sub(rest, 1, close - 1));
}

/* Who may scan unseen is tuning too, wherever it is written. */
static void read_preprocessor(struct reader *r)
{
    static const struct {
        const char *word;
        enum fw_tuning_track track;
    } words[] = {{"ignore_scanners", FW_TRACK_BY_SRC}, {"ignore_scanned", FW_TRACK_BY_DST}};
    mark(r, FW_LINE_IGNORED);
    if (!fw_sv_starts(r->rest, "sfportscan")) {
        return;
    }
    bool taken = false;
    struct fw_tuning_note note = {.text = {0}};
    for (size_t i = 0; i < 2; i++) {
        fw_sv list = braces_after(r->rest, words[i].word);
        if (list.n == 0) {
            continue;
        }
        note = taken ? note : fw_idsnotes_take(&r->notes, r->s->comment, r->s->first);
        taken = true;
        struct fw_tuning t = {.kind = FW_TUNING_SUPPRESS,
                              .select = FW_SELECT_GID,
                              .gid = 122,
                              .track = words[i].track,
                              .addresses = list,
                              .note = note,
                              .span = r->s->span};
        fw_idstuning_add(r->doc, r->conf, &t);
        mark(r, FW_LINE_USED);
    }
}

static bool is_ignored(fw_sv word)
{
    static const char *const words[] = {
        "attribute_table",     "dynamicdetection",   "dynamicengine", "dynamicoutput",
        "dynamicpreprocessor", "dynamicsidechannel", "file_api",      "sidechannel"};
    return FW_SV_AMONG(word, words);
}

static bool is_rule(fw_sv word)
{
    static const char *const words[] = {"alert",  "log",      "pass",    "drop",    "sdrop",
                                        "reject", "activate", "dynamic", "ruletype"};
    return FW_SV_AMONG(word, words);
}

static void read_statement(struct reader *r)
{
    fw_sv word;
    r->rest = r->s->text;
    if (fw_idstuning_read(r->doc, r->conf, &r->notes, r->s)) {
        return;
    }
    fw_sv_word(&r->rest, &word);
    r->rest = fw_sv_trim(r->rest);
    if (fw_sv_is(word, "preprocessor")) {
        read_preprocessor(r);
    } else if (fw_sv_is(word, "ipvar")) {
        read_variable(r, FW_IDS_ADDRESSES);
    } else if (fw_sv_is(word, "portvar")) {
        read_variable(r, FW_IDS_PORTS);
    } else if (fw_sv_is(word, "var")) {
        read_variable(r, FW_IDS_TEXT);
    } else if (fw_sv_is(word, "include") && r->rest.n > 0) {
        read_include(r, r->rest, true);
        mark(r, FW_LINE_USED);
    } else if (fw_sv_is(word, "output")) {
        read_output(r);
    } else if (fw_sv_is(word, "config")) {
        read_config(r);
    } else if (is_ignored(word)) {
        mark(r, FW_LINE_IGNORED);
    } else if (is_rule(word)) {
        mark(r, FW_LINE_UNSUPPORTED);
        fw_doc_unsupported(r->doc, r->s->first, word,
                           "a rule within the configuration: put it into a file of rules");
    } else {
        bad(r, "a statement of snort.conf");
    }
    fw_idsnotes_forget(&r->notes);
}

/* A file of rules that is switched off by a comment sign; the file's own remarks are others. */
static void read_comment(struct reader *r)
{
    fw_sv s = fw_sv_trim(r->s->comment);
    fw_doc_mark_range(r->doc, r->s->first, r->s->last, FW_LINE_IGNORED);
    if (fw_sv_starts(s, "include ") && fw_sv_ends(s, ".rules")) {
        fw_sv path = fw_sv_trim(fw_sv_sub(s, 8, SIZE_MAX));
        if (fw_sv_find_char(path, ' ') == SIZE_MAX) {
            fw_doc_mark_range(r->doc, r->s->first, r->s->last, FW_LINE_USED);
            read_include(r, path, false);
            return;
        }
    }
    if (s.n > 0) {
        fw_idsnotes_comment(&r->notes, s);
    } else if (r->s->comment.n == 0) {
        fw_idsnotes_forget(&r->notes);
    }
}

static void snort_conf(struct fw_doc *doc, struct fw_idsrules *ret)
{
    struct fw_idsstatement s;
    struct reader r = {.doc = doc, .conf = &ret->conf, .s = &s};
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_idsnotes_init(&r.notes, doc);
    while (fw_idsstatement_next(doc, &offset, &line, &s)) {
        if (s.text.n == 0) {
            read_comment(&r);
        } else {
            read_statement(&r);
        }
    }
}

static int snort_conf_bid(fw_sv head)
{
    static const char *const sure[] = {
        "ipvar ",        "portvar ",       "config classification:", "config reference:",
        "preprocessor ", "dynamicengine ", "var RULE_PATH",          "var HOME_NET"};
    fw_sv line;
    while (fw_sv_split(&head, '\n', &line)) {
        fw_sv s = fw_sv_trim(line);
        for (size_t i = 0; i < sizeof(sure) / sizeof(sure[0]); i++) {
            if (fw_sv_starts(s, sure[i])) {
                return FW_BID_SURE + 5; /* rules may stand in it as well */
            }
        }
    }
    return FW_BID_NO;
}

const struct fw_parser fw_parser_snort_conf = {
    .name = "snort-conf",
    .title = "Snort 2 configuration, classification.config, reference.config",
    .kind = FW_PARSER_IDSRULES,
    .version = 2,
    .bid = snort_conf_bid,
    .idsrules = snort_conf,
};
