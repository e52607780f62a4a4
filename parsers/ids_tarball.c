/*
 * Archives of rules as they are delivered: snortrules-snapshot-29200.tar.gz, emerging.rules.tar.gz.
 *
 *   rules/emerging-dns.rules
 *   rules/VERSION or version.txt: "10495"
 *   etc/sid-msg.map, etc/classification.config
 *
 * Which set it is, its version and the date of its newest member are read, its rules, and what they
 * refer to. Its configurations are not: they are the publisher's examples, no sensor's. libarchive
 * finds the members (unpacked by then from gzip); lines are those of the unpacked archive, so that
 * `zcat FILE | sed -n 12p` shows one.
 */
#include <archive.h>
#include <archive_entry.h>

#include "core/limits.h"
#include "parsers/idsrules.h"
#include "parsers/idsset.h"
#include "parsers/idstuning.h"
#include "parsers/parser.h"

extern const struct fw_parser fw_parser_ids_maps, fw_parser_snort_conf, fw_parser_snort_rules;

enum { VERSION_BYTES = 64 };

struct walk {
    struct fw_doc *doc;
    struct fw_idsrules *all;
    struct fw_ids_ruleset set;
    int64_t newest; /* seconds; 0: none */
    uint64_t members, rules;
};

static fw_sv file_name(fw_sv path)
{
    for (size_t i = path.n; i > 0; i--) {
        if (path.p[i - 1] == '/') {
            return fw_sv_sub(path, i, SIZE_MAX);
        }
    }
    return path;
}

/* "10495\n" */
static void read_version(struct walk *w, struct archive *archive)
{
    char buf[VERSION_BYTES];
    la_ssize_t n = archive_read_data(archive, buf, sizeof(buf));
    fw_sv rest = fw_sv_of(buf, n > 0 ? (size_t)n : 0);
    fw_sv word;
    if (fw_sv_word(&rest, &word) && fw_is_digit(word.p[0])) {
        fw_sv line = fw_sv_sub(word, 0, fw_sv_find_char(word, '\n'));
        w->set.version = fw_arena_copy(&w->doc->arena, fw_sv_trim(line));
    }
}

/* Behind those that are there. */
static void *join(struct fw_arena *arena, void *have, size_t *n, const void *more, size_t nmore,
                  size_t size)
{
    char *v = have;
    for (size_t i = 0; i < nmore; i++) {
        v = fw_arena_push(arena, v, *n, size);
        memcpy(v + *n * size, (const char *)more + i * size, size);
        (*n)++;
    }
    return v;
}

static void take_all(struct walk *w, const struct fw_idsrules *one)
{
    struct fw_arena *arena = &w->doc->arena;
    struct fw_idsrules *all = w->all;
    struct fw_idsconf *conf = &all->conf;
    all->v = join(arena, all->v, &all->n, one->v, one->n, sizeof(*one->v));
    conf->classes = join(arena, conf->classes, &conf->nclasses, one->conf.classes,
                         one->conf.nclasses, sizeof(*one->conf.classes));
    conf->references = join(arena, conf->references, &conf->nreferences, one->conf.references,
                            one->conf.nreferences, sizeof(*one->conf.references));
    conf->messages = join(arena, conf->messages, &conf->nmessages, one->conf.messages,
                          one->conf.nmessages, sizeof(*one->conf.messages));
    for (size_t i = 0; i < one->conf.ntunings; i++) {
        if (one->conf.tunings[i].in_rule) {
            fw_idstuning_add(w->doc, conf, &one->conf.tunings[i]);
        }
    }
    for (size_t i = 0; i < one->conf.nrulesets; i++) {
        if (w->set.publisher == FW_PUBLISHER_UNKNOWN) {
            w->set.publisher = one->conf.rulesets[i].publisher;
        }
        w->set.version = w->set.version.n > 0 ? w->set.version : one->conf.rulesets[i].version;
    }
    if (one->set_date.year != 0 && all->set_date.year == 0) {
        all->set_date = one->set_date;
        all->set_span = one->set_span;
    }
}

/* The bytes of a member where they lie in the archive; {0}: they do not lie there in one piece. */
static fw_sv member_text(const struct walk *w, struct archive *archive)
{
    fw_sv all = w->doc->text;
    fw_sv text = {0};
    const void *p;
    size_t n;
    la_int64_t offset;
    while (archive_read_data_block(archive, &p, &n, &offset) == ARCHIVE_OK) {
        const char *at = p;
        bool inside = at >= all.p && n <= all.n && at <= all.p + (all.n - n);
        if (!inside || offset < 0 || (uint64_t)offset != text.n ||
            (text.n > 0 && at != text.p + text.n)) {
            return (fw_sv){0};
        }
        text = text.n > 0 ? fw_sv_of(text.p, text.n + n) : fw_sv_of(at, n);
    }
    return text;
}

static const struct fw_parser *member_parser(fw_sv name)
{
    static const struct {
        const char *name;
        const struct fw_parser *parser;
    } maps[] = {{"classification.config", &fw_parser_snort_conf},
                {"reference.config", &fw_parser_snort_conf},
                {"sid-msg.map", &fw_parser_ids_maps},
                {"gen-msg.map", &fw_parser_ids_maps}};
    for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
        if (fw_sv_is_nocase(name, maps[i].name)) {
            return maps[i].parser;
        }
    }
    return fw_sv_ends(name, ".rules") ? &fw_parser_snort_rules : NULL;
}

static void read_rules(struct walk *w, struct archive *archive, fw_sv name)
{
    struct fw_doc *doc = w->doc;
    const struct fw_parser *parser = member_parser(name);
    struct fw_idsrules one = {0};
    if (!parser) {
        return;
    }
    fw_sv text = member_text(w, archive);
    if (text.n == 0) {
        return; /* empty, or cut off: then the archive's end says so */
    }
    doc->part_begin = (uint64_t)(text.p - doc->text.p);
    doc->part_end = doc->part_begin + text.n;
    parser->idsrules(doc, &one);
    doc->part_begin = 0;
    doc->part_end = 0;
    take_all(w, &one);
}

static void take_member(struct walk *w, struct archive *archive, struct archive_entry *entry)
{
    const char *path = archive_entry_pathname(entry);
    fw_sv name = file_name(fw_sv_from(path ? path : ""));
    int64_t mtime = archive_entry_mtime(entry);
    w->members++;
    if (w->set.publisher == FW_PUBLISHER_UNKNOWN) {
        w->set.publisher = fw_sv_starts(name, "emerging-") ? FW_PUBLISHER_ET_OPEN
                           : fw_sv_starts(name, "etpro-")  ? FW_PUBLISHER_ET_PRO
                           : fw_sv_is(name, "snort3-community.rules")
                               ? FW_PUBLISHER_SNORT3_COMMUNITY
                           : fw_sv_is(name, "community.rules") ? FW_PUBLISHER_SNORT2_COMMUNITY
                                                               : FW_PUBLISHER_UNKNOWN;
    }
    if (fw_sv_is_nocase(name, "version") || fw_sv_is_nocase(name, "version.txt")) {
        read_version(w, archive);
        return;
    }
    if (fw_sv_ends(name, ".rules")) {
        w->rules++;
        w->newest = mtime > w->newest ? mtime : w->newest;
    }
    read_rules(w, archive, name);
}

static void read_members(struct walk *w, struct archive *archive)
{
    struct archive_entry *entry;
    int state;
    while ((state = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
        if (w->members == FW_LIMIT_ARCHIVE_MEMBERS) {
            fw_doc_warn(w->doc, FW_DIAG_ID_LIMIT_REACHED, 1, (fw_sv){0},
                        "more files than the limit ARCHIVE_MEMBERS allows: the rest is not read");
            return;
        }
        take_member(w, archive, entry);
    }
    if (state != ARCHIVE_EOF) {
        fw_doc_bad(w->doc, w->doc->nlines, (fw_sv){0},
                   "the archive ends in the middle or is damaged: the rest is not read");
    }
}

/* libarchive owns memory: a jump out of the arena passes by here. */
static void read_archive(struct walk *w, struct archive *archive)
{
    struct fw_guard *outer = w->doc->arena.guard;
    struct fw_guard guard;
    w->doc->arena.guard = &guard;
    if (setjmp(guard.jump) != 0) {
        w->doc->arena.guard = outer;
        archive_read_free(archive);
        longjmp(outer->jump, 1);
    }
    read_members(w, archive);
    w->doc->arena.guard = outer;
    archive_read_free(archive);
}

static void ids_tarball(struct fw_doc *doc, struct fw_idsrules *ret)
{
    fw_sv path = doc->path;
    struct walk w = {.doc = doc, .all = ret, .set = fw_idsset_archive(file_name(path))};
    struct archive *archive = archive_read_new();
    w.set.name = w.set.name.n > 0 ? w.set.name : file_name(path);
    w.set.span = fw_doc_span(doc, FW_SV(""), 1);
    ret->delivered = true;
    fw_doc_mark_range(doc, 1, doc->nlines, FW_LINE_IGNORED); /* headers, and what is not read */
    if (archive) {
        archive_read_support_format_tar(archive);
        if (archive_read_open_memory(archive, doc->text.p, doc->text.n) == ARCHIVE_OK) {
            read_archive(&w, archive);
        } else {
            archive_read_free(archive);
        }
    }
    if (w.rules == 0) {
        fw_doc_bad(doc, 1, (fw_sv){0}, "no file of rules is in this archive");
        return;
    }
    if (w.newest > 0 && w.newest < INT64_C(7258118400)) { /* 2200 */
        w.set.date = fw_date_from_days(w.newest / 86400);
    }
    ret->set_name = w.set.name;
    ret->set_version = w.set.version;
    fw_idsset_add(doc, &ret->conf, &w.set);
}

/* The magic of tar stands at 257. */
static bool is_tar(fw_sv head)
{
    return head.n > 512 && memcmp(head.p + 257, "ustar", 5) == 0;
}

static int ids_tarball_bid(fw_sv head)
{
    bool rules = is_tar(head) && fw_sv_find(fw_sv_sub(head, 0, 65536), FW_SV("sid:")) != SIZE_MAX;
    return rules ? FW_BID_SURE + 8 : is_tar(head) ? FW_BID_WEAK : FW_BID_NO;
}

/* Large archives begin with what is no rule: then their name has to say what they are. */
static int ids_tarball_bid_named(fw_sv name, fw_sv head)
{
    bool known = fw_idsset_archive(name).publisher != FW_PUBLISHER_UNKNOWN;
    return is_tar(head) && known ? FW_BID_SURE : FW_BID_NO;
}

const struct fw_parser fw_parser_ids_tarball = {
    .name = "ids-tarball",
    .title = "Archives of IDS rules (tar)",
    .kind = FW_PARSER_IDSRULES,
    .version = 2,
    .bid = ids_tarball_bid,
    .bid_named = ids_tarball_bid_named,
    .idsrules = ids_tarball,
};
