/*
 * What a sensor printed about itself: `snort -V`, `suricata -V`, `suricata --build-info`, and lists
 * of rule archives (`ls -l --time-style=long-iso`, `sha256sum`).
 *
 *    ,,_     -*> Snort! <*-
 *   o"  )~   Version 2.9.20 GRE (Build 82)
 *   This is Suricata version 7.0.5 RELEASE
 *   [711 - Suricata-Main] 2026-06-01 03:00:01 Notice: suricata: This is Suricata version 7.0.5
 * RELEASE -rw-r--r-- 1 root root 1288490 2026-06-01 03:00 snortrules-snapshot-29200.tar.gz
 */
#include "parsers/idsrules.h"
#include "parsers/idsset.h"
#include "parsers/parser.h"

/* The first date like 2026-06-01 in a line. */
static struct fw_date date_in(fw_sv line)
{
    fw_sv word;
    while (fw_sv_word(&line, &word)) {
        int64_t ns;
        fw_sv day = fw_sv_sub(word, 0, 10);
        if (day.n == 10 && fw_is_digit(day.p[0]) && fw_time_parse(day, 0, false, &ns)) {
            return fw_date_of(ns, 0);
        }
    }
    return (struct fw_date){0};
}

static bool take_version(struct fw_doc *doc, struct fw_idsconf *conf, fw_sv text, uint32_t line,
                         bool *banner)
{
    bool snort = fw_sv_find(text, FW_SV("o\"  )~")) != SIZE_MAX ||
                 (*banner && fw_sv_starts(fw_sv_trim(text), "Version "));
    bool suricata = fw_sv_find(text, FW_SV("Suricata version ")) != SIZE_MAX;
    struct fw_ids_engine engine = {.product = suricata ? FW_SV("suricata") : FW_SV("snort"),
                                   .span = fw_doc_span(doc, text, line)};
    if (fw_sv_find(text, FW_SV("-*> Snort")) != SIZE_MAX) {
        *banner = true;
        fw_doc_mark(doc, line, FW_LINE_USED);
        return true;
    }
    if ((!snort && !suricata) || !fw_idsengine_version(text, &engine)) {
        return false;
    }
    *banner = false;
    engine.date = date_in(text);
    engine.dated = engine.date.year != 0;
    fw_idsengine_add(doc, conf, &engine);
    fw_doc_mark(doc, line, FW_LINE_USED);
    return true;
}

static void ids_capture(struct fw_doc *doc, struct fw_idsrules *ret)
{
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    bool banner = false;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        struct fw_ids_ruleset set = fw_idsset_archive(text);
        if (set.publisher != FW_PUBLISHER_UNKNOWN) {
            set.date = date_in(text);
            set.span = fw_doc_span(doc, text, line);
            fw_idsset_add(doc, &ret->conf, &set);
            fw_doc_mark(doc, line, FW_LINE_USED);
        } else if (!take_version(doc, &ret->conf, text, line, &banner)) {
            /* Pictures, libraries, features: nothing that is asked for. */
            fw_doc_mark(doc, line, FW_LINE_IGNORED);
        }
    }
}

static int ids_capture_bid(fw_sv head)
{
    fw_sv line;
    int bid = FW_BID_NO;
    for (int i = 0; i < 64 && fw_sv_split(&head, '\n', &line); i++) {
        fw_sv s = fw_sv_trim(line);
        if (fw_sv_find(line, FW_SV("-*> Snort")) != SIZE_MAX ||
            fw_sv_starts(s, "This is Suricata version ") || fw_sv_starts(s, "Suricata version ")) {
            return FW_BID_SURE;
        }
        if (fw_idsset_archive(line).publisher != FW_PUBLISHER_UNKNOWN && bid == FW_BID_NO) {
            bid = FW_BID_LIKELY;
        }
    }
    return bid;
}

const struct fw_parser fw_parser_ids_capture = {
    .name = "ids-capture",
    .title = "snort -V, suricata --build-info, lists of rule archives",
    .kind = FW_PARSER_IDSRULES,
    .version = 1,
    .bid = ids_capture_bid,
    .idsrules = ids_capture,
};
