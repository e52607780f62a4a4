/*
 * Archives of rules as they are delivered: snortrules-snapshot-29200.tar.gz, emerging.rules.tar.gz.
 *
 *   rules/emerging-dns.rules
 *   rules/VERSION or version.txt: "10495"
 *
 * Which set it is, its version and the date of its newest member are read; the rules are not: a
 * sensor runs what was unpacked and changed. libarchive reads the members (unpacked by then from
 * gzip).
 */
#include <archive.h>
#include <archive_entry.h>

#include "core/limits.h"
#include "parsers/idsrules.h"
#include "parsers/idsset.h"
#include "parsers/parser.h"

enum { VERSION_BYTES = 64 };

struct walk {
    struct fw_doc *doc;
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
    }
    if (fw_sv_ends(name, ".rules")) {
        w->rules++;
        w->newest = mtime > w->newest ? mtime : w->newest;
    }
}

static void read_members(struct walk *w, struct archive *archive)
{
    struct archive_entry *entry;
    while (w->members < FW_LIMIT_FILES && archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
        take_member(w, archive, entry);
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
    struct walk w = {.doc = doc, .set = fw_idsset_archive(file_name(path))};
    struct archive *archive = archive_read_new();
    w.set.name = w.set.name.n > 0 ? w.set.name : file_name(path);
    w.set.span = fw_doc_span(doc, FW_SV(""), 1);
    if (archive) {
        archive_read_support_format_tar(archive);
        if (archive_read_open_memory(archive, doc->text.p, doc->text.n) == ARCHIVE_OK) {
            read_archive(&w, archive);
        } else {
            archive_read_free(archive);
        }
    }
    fw_doc_mark_range(doc, 1, doc->nlines, FW_LINE_IGNORED);
    if (w.rules == 0) {
        fw_doc_bad(doc, 1, (fw_sv){0}, "no file of rules is in this archive");
        return;
    }
    if (w.newest > 0 && w.newest < INT64_C(7258118400)) { /* 2200 */
        w.set.date = fw_date_from_days(w.newest / 86400);
    }
    fw_idsset_add(doc, &ret->conf, &w.set);
}

/* The magic of tar stands at 257. */
static int ids_tarball_bid(fw_sv head)
{
    bool tar = head.n > 512 && memcmp(head.p + 257, "ustar", 5) == 0;
    bool rules = tar && fw_sv_find(fw_sv_sub(head, 0, 65536), FW_SV("sid:")) != SIZE_MAX;
    return rules ? FW_BID_SURE + 8 : tar ? FW_BID_WEAK : FW_BID_NO;
}

const struct fw_parser fw_parser_ids_tarball = {
    .name = "ids-tarball",
    .title = "Archives of IDS rules (tar)",
    .kind = FW_PARSER_IDSRULES,
    .version = 1,
    .bid = ids_tarball_bid,
    .idsrules = ids_tarball,
};
